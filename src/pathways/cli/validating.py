"""Which kind of file a document is, what is wrong with it, and the schema of each kind."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pathways.documents.problems import DocumentError, PathwaysError

if TYPE_CHECKING:
    from pathways.teaching.scenarios.model import Scenario
    from pathways.ward.notebook import Told


def problems_of(file: Path) -> tuple[str, list[str]]:
    """The kind of document in `file` and the lines of what is wrong with it (none: it is valid)."""
    kind, problems, _ = checked(file)
    return kind, problems


def checked(file: Path) -> tuple[str, list[str], str]:
    """The kind of document in `file`, the lines of what is wrong with it (none: it is valid), and how its words were read."""
    kind = "case"
    told: Told | None = None
    try:
        from pathways.documents.reader import read_file

        document = read_file(file)
        keys = set(document.value) if isinstance(document.value, dict) else set()
        if "events" in keys:
            kind = "course"
            from pathways.case.loading import load_course

            told = load_course(file)
        elif keys & {"objective", "decisions"}:
            kind = "scenario"
            from pathways.teaching.authoring.loading import scenario_from

            scenario = scenario_from(document)
            told = scenario
            if (outlived := _outlived(scenario)) is not None:
                return kind, [str(document.problem(("reviewed_by",), outlived))], ""
        elif keys & {"replaces", "based_on"}:
            kind = "protocol"
            from pathways.knowledge.protocols import load_protocol

            load_protocol(file)
        elif keys & {"only", "draw"} and not keys & {"primary", "lesions"}:
            kind = "cohort"
            from pathways.cohort.patients.definition import cohort_from

            told = cohort_from(document)
        else:
            from pathways.case.loading import case_from

            told = case_from(document)
    except DocumentError as error:
        return kind, error.lines(), ""
    except PathwaysError as error:
        return kind, [str(error)], ""
    return kind, [], _understood(told)


def _outlived(scenario: Scenario) -> str | None:
    """That a review was of another text; None where it was not."""
    from pathways.messages.catalogue import say
    from pathways.teaching.scenarios.signature import lapsed

    if not lapsed(scenario):
        return None
    return say("review.outlived", by=scenario.reviewed_by, on=scenario.reviewed_on)


def _understood(told: Told | None) -> str:
    from pathways.ward.understanding import in_words

    return in_words(told.understood) if told is not None else ""


def schema_of(what: str) -> str:
    """The text of the JSON Schema of `case`, `course`, `protocol`, `scenario` or `cohort`."""
    from pathways.case.schema import schema_text

    if what == "case":
        from pathways.case.models import Case

        return schema_text(Case, what)
    if what == "course":
        from pathways.case.course import Course

        return schema_text(Course, what)
    if what == "scenario":
        from pathways.teaching.scenarios.model import Scenario

        return schema_text(Scenario, what)
    if what == "cohort":
        from pathways.cohort.patients.definition import Cohort

        return schema_text(Cohort, what)
    from pathways.knowledge.schema import Overlay

    return schema_text(Overlay, what)
