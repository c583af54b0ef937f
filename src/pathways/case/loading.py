"""Files to cases and courses. Raises DocumentError with file, line and column; never a traceback, never a guess."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any

from pathways.case import contradictions
from pathways.case.models import Case
from pathways.documents.files import bytes_of
from pathways.documents.problems import DocumentError, PathwaysError, Problem, shown
from pathways.documents.reader import SIZE_LIMIT, Document, is_file, read_file, read_text
from pathways.documents.values import document_of
from pathways.ward.understanding import read_as

if TYPE_CHECKING:
    from pathways.case.course import Course

# One of them stands in every case, and in the ward's words beside it.
CASE_KEYS = frozenset({"schema", "primary", "lesions", "patient", "liver"})
CASE_LINE = re.compile(rb"""^[{\s]*["']?(?:schema|primary|lesions|patient|liver)["']?\s*:""", re.MULTILINE)


def load_case(path: str | FilePath | Mapping[str, Any]) -> Case:
    """The case in the YAML or JSON file at `path`, or in a mapping of keys, as from a row of a table (NaN is missing)."""
    if isinstance(path, Mapping):
        return case_from(document_of(path))
    return case_from(read_file(_named(path)))


def parse_case(text: str, name: str = "<text>") -> Case:
    """The case written in `text`; `name` stands in complaints where a file name would."""
    return case_from(read_text(text, name))


def load_course(path: str | FilePath, *, cases: FilePath | None = None) -> Course:
    """The course in the YAML file at `path`; a case named in it is looked for beside the course, or in `cases`, and loaded."""
    document = read_file(_named(path))
    course = course_from(document)
    if isinstance(course.case, Case):
        return course
    accepted = "a case, or the name of a case file relative to the course"
    case = case_beside(FilePath(path), course.case, document, accepted, cases)
    return course.model_copy(update={"case": case})


def case_beside(record: FilePath, name: str, document: Document, accepted: str, cases: FilePath | None = None) -> Case:
    """The case that the record in the file `record` names: in its folder or one beside that, or in `cases` and below.

    A record may come from anywhere: it opens no other file, and of a file that is no case nothing is said but that.
    """
    folder = cases or record.absolute().parent
    within = folder if cases else folder.parent
    beside = folder / name
    if "\\" in name and not is_file(beside):
        # Written where folders are parted otherwise.
        beside = folder / name.replace("\\", "/")
    if not name or not is_file(beside):
        raise DocumentError([document.problem(("case",), f"got {shown(name)}; accepted: {accepted}")])
    try:
        inside = beside.resolve().is_relative_to(within.resolve())
    except (OSError, ValueError, RuntimeError):
        inside = False
    if not inside:
        message = f"got {shown(name)}, which does not stand beside it; accepted: {accepted}, or --cases with the folder of the cases"
        raise DocumentError([document.problem(("case",), message)])
    try:
        read = read_file(beside)
        is_case = isinstance(read.value, dict) and not CASE_KEYS.isdisjoint(read.value)
    except DocumentError:
        if _looks_like_a_case(beside):
            raise
        is_case = False
    if not is_case:
        message = f"got {shown(name)}, which is no case file; accepted: {accepted}"
        raise DocumentError([document.problem(("case",), message)])
    return case_from(read)


def _looks_like_a_case(file: FilePath) -> bool:
    """Whether a file that cannot be read as a document begins the lines of one."""
    try:
        return bool(CASE_LINE.search(bytes_of(file, SIZE_LIMIT)))
    except OSError:
        return False


def _named(path: object) -> str | FilePath:
    """`path`, if it can name a file. Raises PathwaysError."""
    if isinstance(path, (str, FilePath)):
        return path
    if isinstance(path, os.PathLike) and isinstance(os.fspath(path), str):
        return str(os.fspath(path))
    raise PathwaysError(f"got {shown(path)} for a file; accepted: the name of a file, as text or path")


def case_from(document: Document) -> Case:
    """The case in an already read document."""
    case, document, notes = read_as(document, Case)
    _raise(document.problem(path, message) for path, message in contradictions.of_case(case))
    return case.with_notes(notes)


def course_from(document: Document) -> Course:
    """The course in an already read document; a named case is left as its name."""
    from pathways.case.course import Course

    course, document, notes = read_as(document, Course)
    found = list(contradictions.of_course(course))
    if isinstance(course.case, Case):
        found += [(("case", *path), message) for path, message in contradictions.of_case(course.case)]
    _raise(document.problem(path, message) for path, message in found)
    return course.with_notes(notes)


def _raise(problems: Iterable[Problem]) -> None:
    found = sorted(problems, key=lambda one: (one.line, one.column))
    if found:
        raise DocumentError(found)
