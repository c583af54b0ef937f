"""The case as the text of a file, and what a page changes in it: one key at a time, everything else stays as it was written.

A key that stands under another name, in another unit or is implied by a word is first written in the words of the format, with the
mapping around it: `size_cm: 3.5` changed to 40 mm is not 40 cm.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from pathways.case import contradictions
from pathways.case.models import Case
from pathways.documents.problems import DocumentError, Problem
from pathways.documents.reader import Document, Path, leads_on, read_text, value_at
from pathways.documents.writing import mapping
from pathways.quick_dataclass import dataclass
from pathways.ward.understanding import Reading, read_as

NAME = "case"
# What an alias names stands in two places at once: such a file is written out before it is changed.
ANCHORED = re.compile(r"(?:^|[\s\[{,:-])[&*][^\s&*]")
BLANK = """\
schema: 1
id: my-patient
primary: {tumour: unknown}
lesions:
  - {segments: [whole_liver]}
"""
GONE = object()


@dataclass(frozen=True, slots=True)
class Read:
    """A text as it was read: the document in the keys of the format as far as it is one, the case where it is one, else what is wrong."""

    text: str
    understood: Document | None
    case: Case | None
    problems: tuple[Problem, ...]

    def at(self, path: Path) -> Any:
        """What stands at a path in the words of the format; None for nothing."""
        here: Any = None if self.understood is None else self.understood.value
        for part in path:
            if not leads_on(here, part):
                return None
            here = here[part]
        return here


@lru_cache(maxsize=64)
def read(text: str) -> Read:
    """`text` as a case. What is wrong with it is told, never raised."""
    try:
        document = read_text(text, NAME)
    except DocumentError as error:
        return Read(text, None, None, error.problems)
    try:
        case, understood, notes = read_as(document, Case)
    except DocumentError as error:
        return Read(text, Reading(document).document(Case), None, error.problems)
    found = [understood.problem(path, message) for path, message in contradictions.of_case(case)]
    if found:
        return Read(text, understood, None, tuple(sorted(found, key=lambda one: (one.line, one.column))))
    return Read(text, understood, case.with_notes(notes), ())


def changed(text: str, changes: Sequence[tuple[Path, Any]]) -> str:
    """`text` with a value put at each path; `GONE` takes the key away. Entries of a list that are emptied go."""
    before = read(text)
    if before.understood is None or not isinstance(before.understood.value, dict) or not changes:
        return text
    root = _loaded(text)
    if ANCHORED.search(text):
        root = _loaded("\n".join(mapping(before.understood.value)) + "\n")
    else:
        for path, _ in changes:
            _in_our_words(root, before.understood, path)
    for path, value in changes:
        if value is GONE:
            _take(root, path)
        else:
            _put(root, path, _plain(value))
    _tidy(root)
    return _dumped(root)


def _yaml() -> Any:
    from ruamel.yaml import YAML

    yaml = YAML(typ="rt", pure=True)
    yaml.width = 4096
    yaml.preserve_quotes = True
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml


def _loaded(text: str) -> Any:
    return _yaml().load(text)


def _dumped(root: Any) -> str:
    stream = io.StringIO()
    _yaml().dump(root, stream)
    return stream.getvalue()


def _in_our_words(root: Any, understood: Document, path: Path) -> None:
    """Where a part of `path` stands in the file otherwise than under its own name, the mapping around it is written anew."""
    for length in range(1, len(path) + 1):
        part = path[:length]
        if understood.origin(part) == part:
            continue
        around = part[:-1]
        if isinstance(part[-1], int):
            around = around[:-1]
        if not isinstance(value_at(understood.value, around), dict):
            return
        here = root
        for one in around:
            here = here[one]
        anew = _anew(understood, around)
        for key in list(here):
            del here[key]
        for key, value in anew.items():
            here[key] = _plain(value)
        return


def _anew(understood: Document, path: Path) -> Any:
    """What stands at a path in the words of the format, with the keys of the file that mean none of ours."""
    value = value_at(understood.value, path)
    if isinstance(value, (list, tuple)):
        return [_anew(understood, (*path, place)) for place in range(len(value))]
    if not isinstance(value, dict):
        return value
    made = {key: _anew(understood, (*path, key)) for key in value}
    source = understood.origin(path)
    written = value_at(understood.written, source)
    if isinstance(written, dict):
        made |= {key: one for key, one in written.items() if key not in made and not _means(understood, source, key)}
    return made


def _means(understood: Document, around: Path, key: str) -> bool:
    """Whether a key of the file has been understood as another one."""
    return any(origin[: len(around) + 1] == (*around, key) for origin in understood.origins.values())


def _put(here: Any, path: Path, value: Any) -> None:
    for at, part in enumerate(path[:-1]):
        listed = isinstance(path[at + 1], int)
        if isinstance(part, int):
            while len(here) <= part:
                here.append(_entry())
        elif here.get(part) is None or isinstance(here.get(part), str):
            here[part] = [] if listed else _entry()
        here = here[part]
    last = path[-1]
    if isinstance(last, int):
        while len(here) <= last:
            here.append(_entry())
    here[last] = value


def _entry() -> Any:
    from ruamel.yaml.comments import CommentedMap

    made = CommentedMap()
    made.fa.set_flow_style()
    return made


def _plain(value: Any) -> Any:
    """A value as the file holds it: short lists and mappings on one line."""
    from ruamel.yaml.comments import CommentedMap, CommentedSeq

    if isinstance(value, dict):
        made = CommentedMap({key: _plain(one) for key, one in value.items()})
        if not any(
            isinstance(one, (dict, list, tuple)) and one and isinstance(next(iter(one)), dict) for one in value.values()
        ):
            made.fa.set_flow_style()
        return made
    if isinstance(value, (list, tuple)):
        listed = CommentedSeq(_plain(one) for one in value)
        if not any(isinstance(one, dict) for one in value):
            listed.fa.set_flow_style()
        return listed
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _take(here: Any, path: Path) -> None:
    for part in path[:-1]:
        if isinstance(part, int):
            if not isinstance(here, list) or part >= len(here):
                return
        elif not isinstance(here, dict) or part not in here:
            return
        here = here[part]
    last = path[-1]
    if isinstance(last, int):
        if isinstance(here, list) and last < len(here):
            # Emptied, and gone when all is changed: the numbers of the others stay till then.
            here[last] = _entry()
    elif isinstance(here, dict) and last in here:
        del here[last]


def _tidy(root: Any) -> None:
    """Empty entries of lists go, and mappings that hold nothing; a case has at least one lesion, somewhere."""
    for key in ("lesions", "extrahepatic", "history"):
        if isinstance(root.get(key), list):
            _without_empty(root, key)
    liver = root.get("liver")
    if isinstance(liver, dict) and isinstance(liver.get("measured_remnants"), list):
        _without_empty(liver, "measured_remnants")
    for key in ("patient", "liver"):
        if isinstance(root.get(key), dict) and not root[key]:
            del root[key]
    if not root.get("lesions"):
        root["lesions"] = [_plain({"segments": ["whole_liver"]})]


def _without_empty(around: Any, key: str) -> None:
    listed = around[key]
    before = len(listed)
    for place in range(before - 1, -1, -1):
        if isinstance(listed[place], dict) and not listed[place]:
            del listed[place]
    if before and not listed:
        del around[key]
