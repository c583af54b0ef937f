"""What was written on a ward, understood as the keys and words of a model: the one place between a document and its validation.

Every key and value that is not one of ours is looked up, and replaced where it means one thing; that is noted, so that it can be said
back. What means two things, or none, stays as it is, for the validation to complain of at its place. Two words that contradict
each other are refused here, with both places.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any, TypeVar

from pydantic import BaseModel

from pathways.documents.problems import DocumentError
from pathways.documents.reader import Document, Path
from pathways.documents.validate import to_model
from pathways.quick_dataclass import dataclass
from pathways.ward import values
from pathways.ward.kinds import Key, Kind, keys_of, lineage
from pathways.ward.notebook import Implied, Note, Notebook, Part, said
from pathways.ward.regimens import drugs_in
from pathways.ward.several_keys import NAMES, several_keys
from pathways.ward.table import Meant, normal, table

Model = TypeVar("Model", bound=BaseModel)
MOST_LISTED = 100


def read_as(document: Document, model: type[Model]) -> tuple[Model, Document, tuple[Note, ...]]:
    """`document` as a `model`, the document as it was understood, and what was. Raises DocumentError with every problem."""
    reading = Reading(document)
    understood = reading.document(model)
    try:
        made = to_model(understood, model)
    except DocumentError as error:
        reading.problems += error.problems
    if reading.problems:
        raise DocumentError(sorted(reading.problems, key=lambda one: (one.line, one.column)))
    return made, understood, tuple(dict.fromkeys(reading.notes))


def in_words(notes: tuple[Note, ...]) -> str:
    """The notes in one line: the same word said of many places once."""
    seen: dict[tuple[str, str, str], Note] = {}
    for one in notes:
        seen.setdefault((one.key.rpartition(".")[2].partition("[")[0], one.written, one.read), one)
    return "; ".join(map(str, seen.values()))


@dataclass(frozen=True, slots=True)
class Named:
    """The key that another name of it means: with the factor of its unit, or with the word it stands for where it is a flag."""

    key: Key
    factor: float | None = None
    word: str | None = None


class Reading(Notebook):
    """One document while it is understood."""

    def document(self, model: type[BaseModel]) -> Document:
        """The document as it was understood."""
        value = self.source.value
        if isinstance(value, dict):
            value = self.mapping(model, value, (), ())
        return replace(self.source, value=value, written=self.source.value, origins=self.origins, answers=self.answers)

    def mapping(self, model: type[BaseModel], value: Mapping[str, Any], old: Path, new: Path) -> dict[str, Any]:
        """A mapping with the keys and values of `model`."""
        part = Part(self, model, old, new)
        for key, written in value.items():
            named = named_key(model, key, written)
            if named is None:
                part.unknown[key] = written
            else:
                self.entry(part, key, written, named)
        several_keys(part)
        part.settle()
        for key, written in part.unknown.items():
            if any(normal(key) in table().unread.get(name, ()) for name in lineage(model)):
                self.note((*old, key), written, "read by no rule")
                continue
            part.result.setdefault(key, written)
            answers = (table().key_answers.get(name, {}).get(normal(key)) for name in lineage(model))
            self.answers.update({(*new, key): one for one in answers if one})
        return part.result

    def entry(self, part: Part, key: str, written: Any, named: Named) -> None:
        """One key and its value, by whatever name."""
        name, source = named.key.name, (*part.old, key)
        if values.not_known(written) and _may_be_left_out(named.key, written):
            self.note(source, written, "not told")
            return
        before = len(part.implied)
        if named.word is not None:
            read: Any = named.word
        elif named.factor is not None and (bare := values.bare_number(written)) is not None:
            read = values.scaled(bare, named.factor)
        else:
            read = self.value(named.key.kind, written, source, (*part.new, name), name, part)
        if not part.put(name, read, source):
            return
        further = ", ".join(f"{one.name} {said(one.value)}" for one in part.implied[before:])
        told = said(read) + (f", {further}" if further else "")
        inner = isinstance(written, (dict, tuple))
        if name != key:
            self.note(source, written, name if inner else f"{name} {told}")
        elif not inner and not _holds_parts(read) and (told != said(written) or further):
            self.note(source, written, told)

    def value(self, kind: Kind, written: Any, old: Path, new: Path, name: str, part: Part | None = None) -> Any:
        """A value of a kind; as it was written where it is not understood."""
        if kind.what == "model" and kind.model is not None:
            return self.model(kind.model, written, old, new)
        if kind.what == "list" and kind.item is not None:
            return self.listed(kind, written, old, new, name)
        if kind.what == "mapping":
            return self.volumes(written, old, new)
        if kind.what == "word":
            return self.word(kind, written, old, new, part)
        found = READERS[kind.what](written, kind, name) if kind.what in READERS else None
        if found is None and kind.what == "place":
            self.answered(new, values.answer(kind.vocabulary or "Region", written))
        if found is None and kind.what == "number":
            self.answered(new, values.two_numbers(written))
        return written if found is None else found

    def word(self, kind: Kind, written: Any, old: Path, new: Path, part: Part | None) -> Any:
        """A word of a vocabulary, and what it says beside that."""
        found = values.meant(kind.vocabulary, written)
        if found is None:
            self.answered(new, values.answer(kind.vocabulary, written))
            return written
        if part is not None:
            part.implied += [Implied(key, value, found.closer, old) for key, value in found.beside]
        if found.site_in:
            self.sites.append((new, old, found.site_in))
        return found.word

    def model(self, model: type[BaseModel], written: Any, old: Path, new: Path) -> Any:
        """A mapping; where a word stands in its place, the mapping with that word under its one required key."""
        if isinstance(written, dict):
            return self.mapping(model, written, old, new)
        name, found = _by_a_word(model, written)
        if found is None:
            return written
        self.origins[*new, name] = old
        self.note(old, written, f"{name} {found.word}")
        return {name: found.word, **dict(found.beside)}

    def listed(self, kind: Kind, written: Any, old: Path, new: Path, name: str) -> Any:
        """A list; a single value in its place is a list of one, a text that names several is a list of these."""
        item = kind.item
        assert item is not None
        if kind.empty and values.nothing(written):
            return ()
        if isinstance(written, tuple):
            return self.items(item, written, old, new, name)
        several = self.several(item, written)
        if several is None:
            self.answered(
                new, values.answer(item.vocabulary or "Region", written) if item.what in ("word", "place") else ""
            )
            return written
        self.origins.update({(*new, place): old for place in range(len(several))})
        if item.what == "model":
            return tuple(
                self.model(item.model, one, old, (*new, place)) for place, one in enumerate(several) if item.model
            )
        return several

    def several(self, item: Kind, written: Any) -> tuple[Any, ...] | None:
        """What stands in the place of a list, as one; None where it is no list in other words."""
        if item.what == "place":
            if isinstance(written, int) and not isinstance(written, bool):
                return (written,)
            return values.places(written, item.vocabulary)
        if item.what == "model":
            return (written,) if isinstance(written, dict) or _by_a_word(item.model, written)[1] else None
        if item.what == "word" and isinstance(written, str) and len(written) <= values.LONGEST:
            parts = (written,) if values.meant(item.vocabulary, written) else values.SEPARATORS.split(written.strip())
            found = [values.meant(item.vocabulary, one) for one in parts]
            return tuple(one.word for one in found if one) if all(found) else None
        return None

    def items(self, item: Kind, written: tuple[Any, ...], old: Path, new: Path, name: str) -> tuple[Any, ...]:
        """The entries of a list; one that names several segments is several."""
        found: list[Any] = []
        for index, one in enumerate(written[:MOST_LISTED]):
            source, target = (*old, index), (*new, len(found))
            several = values.places(one, item.vocabulary) if item.what == "place" else None
            if several is None:
                several = (self.value(item, one, source, target, name),)
            if not isinstance(one, (dict, tuple)) and several != (one,):
                if said(several) != said(one) and not _holds_parts(several):
                    self.note(
                        source,
                        one,
                        said(several)
                        + (
                            ", its half is not kept" if values.is_half(one) and item.vocabulary != values.HALVED else ""
                        ),
                    )
                # Both halves of IV are one segment.
                several = tuple(place for place in several if place not in found)
            if len(found) != index or len(several) != 1:
                self.origins.update({(*new, len(found) + place): source for place in range(len(several))})
            found += several
        return (*found, *written[MOST_LISTED:])

    def volumes(self, written: Any, old: Path, new: Path) -> Any:
        """Volumes of segments by their numbers; the halves of IV are added."""
        if not isinstance(written, dict):
            return written
        found: dict[str, Any] = {}
        halves: dict[str, str] = {}
        for key, ml in written.items():
            number = values.places(key, "")
            name = str(number[0]) if number and len(number) == 1 else key
            volume = values.number(ml, Kind("number", units=("ml",)))
            volume = ml if volume is None else volume
            half = normal(key)[-1:] if name == "4" and normal(key)[-1:] in ("a", "b") else ""
            if name in found and not (half and halves.get(name, "") not in ("", half)):
                self.contradicts((*old, key), self.origins.get((*new, name), (*old, name)))
                continue
            if name in found and isinstance(volume, (int, float)) and isinstance(found[name], (int, float)):
                volume = found[name] + volume
            found[name], halves[name] = volume, half
            if name != key or volume != ml:
                self.origins[*new, name] = (*old, key)
                self.note((*old, key), ml, f'segment "{name}", {volume} ml')
        return found


def _holds_parts(read: Any) -> bool:
    """Whether what was read has notes of its own: mappings, and lists of them."""
    return isinstance(read, dict) or (isinstance(read, tuple) and any(isinstance(one, dict) for one in read))


def _may_be_left_out(key: Key, written: Any) -> bool:
    """Whether leaving a key out says the same as that nothing is known: not where "unknown" is a word of it, nor in free text."""
    kind = key.kind.item if key.kind.what == "list" and key.kind.item else key.kind
    word = values.meant(kind.vocabulary, written) is not None or bool(values.answer(kind.vocabulary, written))
    return not key.required and not word and (kind.what != "text" or key.name in ("site", "regimen"))


def _by_a_word(model: type[BaseModel] | None, written: Any) -> tuple[str, Meant | None]:
    """What a word in the place of a mapping means, under the one required key of it."""
    required = [one for one in keys_of(model).values() if one.required] if model else []
    if len(required) != 1 or required[0].kind.what != "word":
        return "", None
    return required[0].name, values.meant(required[0].kind.vocabulary, written)


def _text(written: Any, _: Kind, name: str) -> Any:
    regimen = drugs_in(written) if name == "regimen" and isinstance(written, str) else None
    return regimen.name if regimen else None


def _number(written: Any, kind: Kind, name: str) -> Any:
    if name in table().roman:
        return values.grade(written, name)
    return values.number(written, kind)


def _place(written: Any, kind: Kind, _: str) -> Any:
    found = values.places(written, kind.vocabulary)
    return found[0] if found and len(found) == 1 else None


READERS: dict[str, Callable[[Any, Kind, str], Any]] = {
    "text": _text,
    "number": _number,
    "place": _place,
    "yes_no": lambda written, _, __: values.yes_no(written),
}


def named_key(model: type[BaseModel], key: str, written: Any) -> Named | None:
    """The key of `model` that `key` is another name of; None where it is none."""
    keys = keys_of(model)
    if key in keys:
        return Named(keys[key])
    word = normal(key)
    for name, bare in _names(model).get(word, ()):
        if bare or values.with_unit(written, keys[name].kind) is not None:
            return Named(keys[name])
    flag = next((found for name in lineage(model) if (found := table().flags.get(name, {}).get(word))), None)
    if flag and (written is True or values.yes_no(written)):
        return Named(keys[flag[0]], word=flag[1])
    return next(_with_unit(model, word), None)


def tells_of(model: type[BaseModel], name: str) -> int:
    """How surely a name that stands alone (a column of a table) tells of `model`: 3 its key, 2 another name of one, 1 it is answered, 0 not."""
    word = normal(name)
    if name in keys_of(model):
        return 3
    if word in _names(model) or named_key(model, name, "") is not None:
        return 2
    if any(word in table().flags.get(of, {}) or word in NAMES.get(of, ()) for of in lineage(model)):
        return 2
    answered = (word in table().unread.get(of, ()) or word in table().key_answers.get(of, {}) for of in lineage(model))
    return int(any(answered))


def all_names(model: type[BaseModel]) -> tuple[str, ...]:
    """Every name under which a key of `model` is understood, as it is compared."""
    return tuple(_names(model))


def _with_unit(model: type[BaseModel], word: str) -> Iterator[Named]:
    """Another name of a key that ends with another unit: `size_cm`."""
    for base, several in _names(model).items():
        if word.startswith(f"{base}_"):
            for name, _ in several:
                key = keys_of(model)[name]
                factor = values.factor_of_suffix(word[len(base) + 1 :], key.kind.units)
                if factor is not None:
                    yield Named(key, factor=factor)


@lru_cache(maxsize=64)
def _names(model: type[BaseModel]) -> dict[str, tuple[tuple[str, bool], ...]]:
    """Every other name of the keys of a model: the key it means, and whether it may stand without a unit."""
    found: dict[str, list[tuple[str, bool]]] = {}
    for name, key in keys_of(model).items():
        found.setdefault(normal(name), []).append((name, True))
        for unit in key.kind.units:
            if name.endswith(f"_{unit}"):
                found.setdefault(normal(name.removesuffix(f"_{unit}")), []).append((name, False))
        listed = (one for of in lineage(model) for one in table().names.get(of, {}).get(name, ()))
        for word in map(normal, listed):
            found.setdefault(word, []).append((name, not key.kind.units or word in table().bare))
    return {word: tuple(sorted(dict.fromkeys(several), key=lambda one: not one[1])) for word, several in found.items()}
