"""What a case or course says that cannot all be true. Each check yields (path, message); none judges treatment."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, get_args

from pathways import words
from pathways.case import grading, volumetry
from pathways.case.models import Case, HistoryEvent, Lesion, segment_numbers
from pathways.documents.problems import same_word
from pathways.documents.reader import Path

if TYPE_CHECKING:
    from pathways.case.course import Course, CourseEvent

Finding = tuple[Path, str]
ALL_SEGMENTS = frozenset(range(1, 9))
# What a biopsy found and the nature it cannot have.
OPPOSED = (("benign", "confirmed"), ("malignant", "benign"))
REMOVING = ("hepatectomy", "first_stage", "alpps_stage_1", "stage_2")


def of_case(case: Case) -> Iterator[Finding]:
    """Everything in `case` that contradicts itself."""
    for check in CASE_CHECKS:
        yield from check(case)


def of_course(course: Course) -> Iterator[Finding]:
    """Everything in `course` that contradicts itself."""
    latest: tuple[int, int] | None = None
    for index, event in enumerate(course.events):
        path: Path = ("events", index)
        yield from _keys_without_meaning(path, event)
        if event.day is None:
            continue
        if event.until_day is not None and event.until_day < event.day:
            yield (*path, "until_day"), f"got {event.until_day}; accepted: day {event.day} or later, the event's start"
        if latest and event.day < latest[0]:
            message = f"got {event.day}; accepted: {latest[0]} or more, events stand in order (events[{latest[1]}])"
            yield (*path, "day"), message
        latest = (event.day, index)


def removed_segments(case: Case) -> dict[int, Path]:
    """Segments that are gone, each with the place in the case that says so."""
    gone: dict[int, Path] = {}
    for position, segment in enumerate(case.liver.removed_segments):
        gone[segment] = ("liver", "removed_segments", position)
    for index, event in enumerate(case.history):
        if event.event == "transplantation":
            gone.clear()
        if event.event in REMOVING:
            for position, segment in enumerate(event.removes):
                gone.setdefault(segment, ("history", index, "removes", position))
    return gone


def _lesions(case: Case) -> Iterator[Finding]:
    gone = removed_segments(case)
    ids: dict[str, int] = {}
    for index, lesion in enumerate(case.lesions):
        for position, place in enumerate(lesion.segments):
            path: Path = ("lesions", index, "segments", position)
            if isinstance(place, int) and place in gone:
                yield (
                    path,
                    f"got {place}; accepted: a segment that is still there, {_present(gone)} ({place} was removed)",
                )
            elif isinstance(place, str) and set(words.REGION_SEGMENTS[place]) <= set(gone):
                yield path, f'got "{place}"; accepted: a place that is still there; all of it was removed'
        if lesion.id is not None:
            if lesion.id in ids:
                yield (
                    ("lesions", index, "id"),
                    f'got "{lesion.id}"; accepted: a name of its own (lesions[{ids[lesion.id]}] has it)',
                )
            ids.setdefault(lesion.id, index)
        if "unknown" in lesion.segments and len(lesion.segments) > 1:
            yield ("lesions", index, "segments"), 'got "unknown" beside other places; accepted: one or the other'
        yield from _nature(lesion, index)
    if set(gone) >= ALL_SEGMENTS:
        # The place that took the last one: a list of the liver, or an operation of the history.
        last = list(gone.values())[-1]
        yield last[:-1], "all eight segments are gone; accepted: at least one segment that is left"


def _none_left(case: Case) -> Iterator[Finding]:
    """A liver without a lesion is one that has been cleared, and the plan is of what lies elsewhere: nobody guesses what that is."""
    if case.lesions:
        return
    missing = [
        said
        for said, told in (
            (f"an event of the history that cleared the liver ({', '.join(words.LIVER_CLEARING)})", _was_cleared(case)),
            ("extrahepatic, [] for none", case.extrahepatic is not None),
            ("primary.status", case.primary_told),
        )
        if not told
    ]
    if missing:
        message = f"got a list of 0; accepted: at least 1 entry, or [] together with {', '.join(missing)}"
        yield ("lesions",), message


def _was_cleared(case: Case) -> bool:
    return any(event.event in words.LIVER_CLEARING for event in case.history)


def _nature(lesion: Lesion, index: int) -> Iterator[Finding]:
    """What it is held to be, against what a biopsy found and what imaging shows: a site that is still to be seen has not vanished."""
    if (lesion.biopsy, lesion.nature) in OPPOSED and "nature" in lesion.model_fields_set:
        message = f'got "{lesion.biopsy}" but lesions[{index}].nature "{lesion.nature}"; accepted: one of them'
        yield ("lesions", index, "biopsy"), message
    if lesion.nature == "vanished" and lesion.seen_on:
        message = f'got {", ".join(lesion.seen_on)}; accepted: [] where nature is "vanished", or nature "confirmed" of what is still to be seen'
        yield ("lesions", index, "seen_on"), message


def _present(gone: dict[int, Path]) -> str:
    return " ".join(str(segment) for segment in sorted(ALL_SEGMENTS - set(gone)))


def _volumes(case: Case) -> Iterator[Finding]:
    yield from volumetry.contradictions(case, frozenset(removed_segments(case)))


def _remnants(case: Case) -> Iterator[Finding]:
    gone = set(removed_segments(case))
    remnants = case.liver.measured_remnants
    for index, remnant in enumerate(remnants):
        path: Path = ("liver", "measured_remnants", index)
        removes = set(remnant.removes)
        if remnant.fraction is None and remnant.ml is None:
            yield path, "has neither fraction nor ml; accepted: one of them or both"
        if removes | gone >= ALL_SEGMENTS:
            yield (*path, "removes"), "takes out every segment; accepted: segments that leave a remnant"
        if removes and removes <= gone:
            yield (*path, "removes"), "names only segments already removed; accepted: segments still there"
        if len(removes) < len(remnant.removes):
            yield (*path, "removes"), "names a segment twice; accepted: each segment once"


def _history(case: Case) -> Iterator[Finding]:
    latest: tuple[int, int] | None = None
    gone: dict[int, int] = {}
    for index, event in enumerate(case.history):
        path: Path = ("history", index)
        yield from _keys_without_meaning(path, event)
        if event.event == "transplantation":
            gone.clear()
        for position, segment in enumerate(event.removes if event.event in REMOVING else ()):
            if segment in gone:
                message = f"got {segment}; accepted: a segment still there (history[{gone[segment]}] removed it)"
                yield (*path, "removes", position), message
            gone.setdefault(segment, index)
        if event.week is None:
            continue
        if event.until_week is not None and event.until_week < event.week:
            yield (*path, "until_week"), f"got {event.until_week}; accepted: {event.week} or later, the event's start"
        if latest and event.week < latest[0]:
            yield (
                (*path, "week"),
                f"got {event.week}; accepted: {latest[0]} or later, oldest first (history[{latest[1]}])",
            )
        latest = (event.week, index)


def _keys_without_meaning(path: Path, event: HistoryEvent | CourseEvent) -> Iterator[Finding]:
    for key in sorted(event.model_fields_set & set(words.EVENTS_OF_KEY)):
        if getattr(event, key) not in (None, ()) and event.event not in words.EVENTS_OF_KEY[key]:
            yield (
                (*path, key),
                f'means nothing with event "{event.event}"; accepted with {", ".join(words.EVENTS_OF_KEY[key])}',
            )


def _primary(case: Case) -> Iterator[Finding]:
    primary = case.primary
    site = primary.site
    sites = get_args(words.ColorectalSite)
    if primary.tumour == "colorectal" and site is not None and site not in sites:
        yield ("primary", "site"), f'got "{site}"; accepted: {", ".join(sites)}{same_word(site, sites)}'
    if primary.status in ("resected", "none", "controlled") and primary.urgent not in (None, "none"):
        yield ("primary", "urgent"), f'got "{primary.urgent}" but status "{primary.status}"; accepted: none'
    if primary.status == "controlled":
        yield from _controlled(case)
    if primary.needs_radiotherapy and primary.tumour == "colorectal" and site not in (None, "rectum", "rectosigmoid"):
        yield ("primary", "needs_radiotherapy"), f'got true with site "{site}"; accepted: true only for the rectum'
    if (
        primary.cea_ng_per_ml is not None
        and primary.cea_peak_ng_per_ml is not None
        and primary.cea_peak_ng_per_ml < primary.cea_ng_per_ml
    ):
        message = f"got {primary.cea_peak_ng_per_ml:g}; accepted: at least today's value, {primary.cea_ng_per_ml:g}"
        yield ("primary", "cea_peak_ng_per_ml"), message
    resected = [index for index, event in enumerate(case.history) if event.event == "primary_resection"]
    if primary.status == "in_situ" and resected:
        yield (
            ("history", resected[-1], "event"),
            'got "primary_resection" but primary.status "in_situ"; accepted: one of them',
        )


def _controlled(case: Case) -> Iterator[Finding]:
    """A primary that is gone without an operation has none ahead, and had none."""
    primary = case.primary
    if primary.needs_radiotherapy:
        yield ("primary", "needs_radiotherapy"), 'got true but status "controlled"; accepted: false, or status in_situ'
    if primary.r0_resectable is False:
        yield (
            ("primary", "r0_resectable"),
            'got false but status "controlled"; accepted: status in_situ where it is to be removed',
        )
    for index, event in enumerate(case.history):
        if event.event == "primary_resection":
            message = 'got "primary_resection" but primary.status "controlled"; accepted: one of them (resected where it was removed)'
            yield ("history", index, "event"), message
            return


def _grade(case: Case) -> Iterator[Finding]:
    """Grade and Ki-67: of a neuroendocrine tumour alone, and of one and the same."""
    primary = case.primary
    for key in ("grade", "ki67_percent"):
        value = getattr(primary, key)
        if value is not None and primary.tumour != grading.GRADED:
            message = f'got {value:g} with tumour "{primary.tumour}"; accepted: of a neuroendocrine tumour only, no rule reads it of another'
            yield ("primary", key), message
            return
    if primary.grade is None or primary.ki67_percent is None or grading.agree(primary.grade, primary.ki67_percent):
        return
    makes = grading.by_ki67(primary.ki67_percent)
    accepted = " or ".join(str(one) for one in grading.GRADES if grading.agree(one, primary.ki67_percent))
    message = f"got {primary.grade} but primary.ki67_percent {primary.ki67_percent:g}, which makes grade {makes}; accepted: {accepted}, or another Ki-67"
    yield ("primary", "grade"), message


def _pregnancy(case: Case) -> Iterator[Finding]:
    if case.patient.pregnant_weeks is not None and case.patient.sex == "male":
        yield (
            ("patient", "pregnant_weeks"),
            f'got {case.patient.pregnant_weeks} but patient.sex "male"; accepted: one of them',
        )


def _embolised(case: Case) -> Iterator[Finding]:
    if segment_numbers(case.liver.embolised) and set(segment_numbers(case.liver.embolised)) >= ALL_SEGMENTS - {1}:
        yield ("liver", "embolised"), "got the whole portal system; accepted: branches that leave one side with inflow"


CASE_CHECKS: tuple[Callable[[Case], Iterator[Finding]], ...] = (
    _none_left,
    _lesions,
    _volumes,
    _remnants,
    _history,
    _primary,
    _grade,
    _pregnancy,
    _embolised,
)
