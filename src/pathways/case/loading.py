"""Files to cases and courses. Raises DocumentError with file, line and column; never a traceback, never a guess."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path as FilePath
from typing import Any

from pathways.case import contradictions
from pathways.case.course import Course
from pathways.case.models import Case
from pathways.documents.problems import DocumentError, PathwaysError, Problem, shown
from pathways.documents.reader import Document, is_file, read_file, read_text
from pathways.documents.values import document_of
from pathways.ward.understanding import read_as


def load_case(path: str | FilePath | Mapping[str, Any]) -> Case:
    """The case in the YAML or JSON file at `path`, or in a mapping of keys, as from a row of a table (NaN is missing)."""
    if isinstance(path, Mapping):
        return case_from(document_of(path))
    return case_from(read_file(_named(path)))


def parse_case(text: str, name: str = "<text>") -> Case:
    """The case written in `text`; `name` stands in complaints where a file name would."""
    return case_from(read_text(text, name))


def load_course(path: str | FilePath) -> Course:
    """The course in the YAML file at `path`; a case named in it is looked for beside the course and loaded."""
    document = read_file(_named(path))
    course = course_from(document)
    if isinstance(course.case, Case):
        return course
    beside = FilePath(path).parent / course.case
    if not is_file(beside):
        message = f"got {shown(course.case)}; accepted: a case, or the name of a case file relative to the course"
        raise DocumentError([document.problem(("case",), message)])
    return course.model_copy(update={"case": load_case(beside)})


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
