"""The tables of the ward, ready to be looked up in. Decides when two spellings are one word; the words themselves are data.

A word is compared without capitals, spaces, hyphens and American spelling. A look-up is exact: nothing is guessed here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, get_args

from pathways import words
from pathways.documents.compiled import Compiled
from pathways.quick_dataclass import dataclass

HERE = Path(__file__).parent
FILES = ("words", "ambiguous", "implied", "keys", "units", "regimens")
# Vocabularies of `words.py` whose table has another name: the events of a history and of a course are one list.
SHARED = {"HistoryEventName": "Event", "CourseOnlyEventName": "Event"}
APART = re.compile(r"[\s_\-\u2010-\u2015/.()']+")
SPELLINGS = (("isation", "ization"), ("ised", "ized"), ("tumour", "tumor"), ("haem", "hem"))


def normal(text: str) -> str:
    """`text` as it is compared: `In-situ ` and `in_situ`, `embolization` and `embolisation` are one."""
    found = APART.sub("_", text.strip().casefold()).strip("_")
    for british, american in SPELLINGS:
        if american in found:
            found = found.replace(american, british)
    return found


@dataclass(frozen=True, slots=True)
class Meant:
    """What a word says: the word of the vocabulary, and what it says beside it.

    `beside`: further keys; `closer`: values of them that say the same more closely; `site_in`: where the primary may lie.
    """

    word: str
    beside: tuple[tuple[str, Any], ...] = ()
    closer: tuple[Any, ...] = ()
    site_in: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """Everything that is written on a ward for words, keys, units and drugs. `answers`: what is said of words that mean no single thing."""

    words: Mapping[str, Mapping[str, Meant]]
    answers: Mapping[str, Mapping[str, str]]
    places: Mapping[str, tuple[int, ...]]
    names: Mapping[str, Mapping[str, tuple[str, ...]]]
    bare: frozenset[str]
    flags: Mapping[str, Mapping[str, tuple[str, str]]]
    unread: Mapping[str, frozenset[str]]
    key_answers: Mapping[str, Mapping[str, str]]
    lists: Mapping[str, frozenset[str]]
    units: Mapping[str, Mapping[str, float]]
    roman: Mapping[str, tuple[str, ...]]
    drugs: Mapping[str, tuple[str, str]]
    joined_by: frozenset[str]
    holds: Mapping[str, frozenset[str]]


def _raw() -> dict[str, Any]:
    from pathways.documents.reader import read_file

    return {name: read_file(HERE / "data" / f"{name}.yaml").value for name in FILES}


COMPILED = Compiled(HERE / "compiled.json", HERE / "data", (HERE / "table.py",), _raw)


@lru_cache(maxsize=1)
def raw_tables() -> dict[str, Any]:
    """The tables as they are written; loaded once."""
    return COMPILED.load()


@lru_cache(maxsize=1)
def table() -> Table:
    """The tables, ready to be looked up in."""
    raw = raw_tables()
    keys, units = raw["keys"], dict(raw["units"])
    roman = units.pop("roman")
    return Table(
        words={name: dict(_meanings(name, raw)) for name in vocabularies()},
        answers={name: _normal_keys(entries) for name, entries in raw["ambiguous"]["words"].items()},
        places={normal(name): tuple(segments) for name, segments in raw["implied"]["places"].items()},
        names={model: {key: tuple(names) for key, names in entries.items()} for model, entries in keys["names"].items()},
        bare=frozenset(map(normal, keys["bare"])),
        flags={
            model: {normal(flag): next(iter(meant.items())) for flag, meant in flags.items()}
            for model, flags in keys["flags"].items()
        },
        unread={model: frozenset(map(normal, listed)) for model, listed in keys["unread"].items()},
        key_answers={model: _normal_keys(entries) for model, entries in raw["ambiguous"]["keys"].items()},
        lists={name: frozenset(map(normal, keys[name])) | {"?", "-"} & set(keys[name]) for name in ("not_known", "nothing", "yes", "no")},
        units={of: {re.sub(r"\s+", "", unit).casefold(): float(factor) for unit, factor in known.items()} for of, known in units.items()},
        roman={key: tuple(numerals) for key, numerals in roman.items()},
        drugs=dict(_drugs(raw["regimens"])),
        joined_by=frozenset(raw["regimens"]["joined_by"]),
        holds={drug: frozenset(schemes) for drug, schemes in raw["regimens"]["holds"].items()},
    )  # fmt: skip


def _normal_keys(entries: Mapping[str, str]) -> dict[str, str]:
    return {normal(key): text for key, text in entries.items()}


@lru_cache(maxsize=1)
def vocabularies() -> dict[str, tuple[str, ...]]:
    """Every closed vocabulary of text by its name."""
    found = {name: get_args(one) for name, one in vars(words).items() if name[:1].isupper()}
    return {
        name: members for name, members in found.items() if members and all(isinstance(one, str) for one in members)
    }


@lru_cache(maxsize=256)
def vocabulary_of(members: tuple[str, ...]) -> str:
    """The name of the vocabulary with these words; "" where there is none."""
    return next((name for name, ours in vocabularies().items() if ours == members), "")


def _meanings(name: str, raw: Mapping[str, Any]) -> Iterator[tuple[str, Meant]]:
    """The words of one vocabulary, and all that is written for them."""
    shared = SHARED.get(name, name)
    for word in vocabularies()[name]:
        yield normal(word), Meant(word)
        for written in raw["words"].get(shared, {}).get(word, ()):
            yield normal(written), Meant(word)
    for written, entry in raw["implied"].get(shared, {}).items():
        if entry["is"] in vocabularies()[name]:
            yield normal(written), _implied(entry)


def _implied(entry: Mapping[str, Any]) -> Meant:
    beside = tuple((key, _plain(value)) for key, value in entry.items() if key not in ("is", "or", "site_in"))
    return Meant(
        entry["is"], beside, tuple(_plain(one) for one in entry.get("or", ())), tuple(entry.get("site_in", ()))
    )


def _plain(value: Any) -> Any:
    return tuple(value) if isinstance(value, (list, tuple)) else value


def _drugs(raw: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str, str]]]:
    """Everything written for a drug or a combination: its name, and its kind."""
    for kind, drugs in raw.items():
        if kind in ("joined_by", "holds"):
            continue
        for drug, others in drugs.items():
            for written in (drug, *others):
                yield normal(written), (drug, kind)
