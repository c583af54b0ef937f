"""Files to cases and courses. Raises DocumentError with file, line and column; never a traceback, never a guess."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path as FilePath

from pathways.case import contradictions
from pathways.case.course import Course
from pathways.case.models import Case
from pathways.documents.problems import DocumentError, Problem
from pathways.documents.reader import Document, read_file, read_text
from pathways.documents.validate import to_model


def load_case(path: str | FilePath) -> Case:
    """The case in the YAML file at `path`."""
    return case_from(read_file(path))


def parse_case(text: str, name: str = "<text>") -> Case:
    """The case written in `text`; `name` stands in complaints where a file name would."""
    return case_from(read_text(text, name))


def load_course(path: str | FilePath) -> Course:
    """The course in the YAML file at `path`; a case named in it is looked for beside the course and loaded."""
    document = read_file(path)
    course = course_from(document)
    if isinstance(course.case, Case):
        return course
    beside = FilePath(path).parent / course.case
    if not beside.is_file():
        message = f'got "{course.case}"; accepted: a case, or the name of a case file relative to the course'
        raise DocumentError([document.problem(("case",), message)])
    return course.model_copy(update={"case": load_case(beside)})


def case_from(document: Document) -> Case:
    """The case in an already read document."""
    case = to_model(document, Case)
    _raise(document.problem(path, message) for path, message in contradictions.of_case(case))
    return case


def course_from(document: Document) -> Course:
    """The course in an already read document; a named case is left as its name."""
    course = to_model(document, Course)
    found = list(contradictions.of_course(course))
    if isinstance(course.case, Case):
        found += [(("case", *path), message) for path, message in contradictions.of_case(course.case)]
    _raise(document.problem(path, message) for path, message in found)
    return course


def _raise(problems: Iterable[Problem]) -> None:
    found = sorted(problems, key=lambda one: (one.line, one.column))
    if found:
        raise DocumentError(found)
