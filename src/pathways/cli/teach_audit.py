"""`pathways teach audit`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pathways.cli.output import print_json, progress, show
from pathways.documents.problems import PathwaysError

if TYPE_CHECKING:
    from pathways.teaching.lessons.model import Lesson

Places = Annotated[
    list[Path],
    typer.Argument(metavar="FILE|DIR|COURSE...", help="Scenarios, folders of them, or a course: YAML with scenarios: [FILE, ...]."),
]  # fmt: skip


def audit(
    places: Places, as_json: Annotated[bool, typer.Option("--json", help="One JSON document, nothing else.")] = False
) -> None:
    """What a set of lessons gives away to somebody who never reads the case. Status 1: beyond a limit."""
    from pathways.teaching.auditing.audit import audited

    files = [file for place in places for file in _files(place)]
    if not files:
        raise PathwaysError(f"{places[0]}: holds no teaching scenario; accepted: scenarios (YAML)")
    found = audited([(file.stem, _lesson(file)) for file in progress(files, "scenarios")])
    document = found.as_json()
    if as_json:
        print_json(document)
    else:
        show("\n".join(_lines(document)) + "\n")
    if document["beyond_limits"]:
        raise typer.Exit(1)


def _files(place: Path) -> Iterator[Path]:
    """The scenarios of a place, in the order of their names or of the course."""
    if place.is_dir():
        yield from sorted(one for one in place.glob("*.y*ml") if one.is_file())
        return
    from pathways.documents.reader import read_file

    value = read_file(place).value
    if not (isinstance(value, dict) and set(value) <= {"schema", "title", "scenarios"} and "scenarios" in value):
        yield place
        return
    listed = value["scenarios"]
    if not (isinstance(listed, (list, tuple)) and all(isinstance(one, str) for one in listed)):
        raise PathwaysError(f"{place}: scenarios: accepted: a list of files, beside this one")
    yield from (place.parent / one for one in listed)


def _lesson(file: Path) -> Lesson:
    from pathways.teaching.authoring.generate import lesson_without_intervals
    from pathways.teaching.authoring.loading import load_scenario

    return lesson_without_intervals(load_scenario(file))


def _lines(found: dict[str, Any]) -> Iterator[str]:
    from pathways.messages.catalogue import say

    sibling = found["guessable_sibling"]
    yield say("audit.summary", scenarios=found["scenarios"], questions=found["questions"], distinct=found["distinct"])
    yield say(
        "audit.guessing", headings=found["guessable_headings"], chance=found["chance"],
        sibling=say("audit.no_sibling") if sibling is None else f"{sibling:.0%}",
    )  # fmt: skip
    yield say(
        "audit.cues", longest=found["longest_key"], detailed=found["detail_cue"]["with_detail"],
        plain=found["detail_cue"]["without"], position=found["position_cue"],
    )  # fmt: skip
    yield say(
        "audit.decisions", median=found["decisions_median"], scenarios=found["scenarios"], first=found["first_steps"],
        many=sum(number >= 4 for number in found["decisions"].values()),  # noqa: PLR2004 - as the sentence says
    )  # fmt: skip
    yield say("audit.reading", words=found["words_to_read_median"])
    yield say("audit.feedback", share=found["cause_in_feedback"], answers=found["answers"])
    for words in found["beyond_limits"]:
        yield say("audit.beyond", words=words)
    if not found["beyond_limits"]:
        yield say("audit.nothing_beyond")
