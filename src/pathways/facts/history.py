"""What the history and the liver entries add up to: segments gone, branches closed, chemotherapy given.

Decides how events are counted; judges nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile
from typing import Literal

from pathways.case.contradictions import removed_segments
from pathways.case.models import Case, HistoryEvent, Lesion, segment_numbers
from pathways.case.volumetry import HEPATECTOMIES, OCCLUDING
from pathways.knowledge.model import Protocol
from pathways.liver.anatomy import LEFT, RIGHT, mask_of
from pathways.quick_dataclass import dataclass
from pathways.ward.regimens import drugs_in, is_cytotoxic
from pathways.words import LIVER_CLEARING

WEEKS_A_MONTH = 52 / 12
# A first stage may close nothing; these close the branches of one side.
CLOSING_A_SIDE = frozenset({*OCCLUDING} - {"first_stage"})
# What comes back where it was given is no progression of the disease: it is treated again, or otherwise.
ANSWERED_WHERE_GIVEN = frozenset({"radiotherapy", *LIVER_CLEARING})


@dataclass(frozen=True, slots=True)
class Given:
    """One cytotoxic course of the history: how much of it was given, as far as that is told.

    `reckoned`: which of the two stands on the protocol's cycle, because that of the drugs is not known; `past`: it ended
    longer ago than the protocol looks back, None where it may have; `before`: it had ended when the metastases were found;
    `event`: its place in the history.
    """

    event: int
    regimen: str | None
    cycles: int | None
    weeks: float | None
    reckoned: Literal["", "cycles", "weeks"]
    past: bool | None
    ended_week: int | None
    before: bool = False


@dataclass(frozen=True, slots=True)
class Past:
    """Counts since birth and since the last hepatectomy. Weeks are relative to today.

    `towards_limit`: courses whose cycles count before the next hepatectomy; `failed`: those up to one that ended in progression, where
    each line counts its own; `exposing`: those that the liver is judged by;
    `outranked`: those that a background stated as normal outranks; `over`: those since the last hepatectomy that are past,
    `earlier`: that had ended before the metastases were found, where those do not count;
    `of_the_metastases`: those that had not ended before the metastases were found, or may not have.
    """

    gone: int
    closed_inflow: int
    # Of it what is taken as closed, because an event does not tell what it closed.
    side_taken: int
    hepatectomy: bool
    last_hepatectomy_week: int | None
    last_stimulus_week: int | None
    given: tuple[Given, ...]
    towards_limit: tuple[Given, ...]
    failed: tuple[Given, ...]
    over: tuple[Given, ...]
    earlier: tuple[Given, ...]
    exposing: tuple[Given, ...]
    outranked: tuple[Given, ...]
    of_the_metastases: tuple[Given, ...]
    systemic_before: bool
    last_dose_week: int | None
    last_regimen: str | None
    last_response: str | None
    # Weeks of drugs that are no chemotherapy, such as imatinib; None where the dates of a course are not told.
    other_weeks: float | None

    @property
    def cycles_counted(self) -> int:
        """Cycles that count towards the most before a hepatectomy."""
        return _cycles_of(self.towards_limit)

    @property
    def cycles_since_hepatectomy(self) -> int:
        """Those, and the cycles of the lines that failed before."""
        return self.cycles_counted + _cycles_of(self.failed)

    @property
    def cycles_unknown(self) -> bool:
        """Whether the cycles of a course that counts are not told."""
        return any(one.cycles is None for one in self.towards_limit)

    @property
    def cycles_since_hepatectomy_unknown(self) -> bool:
        """Whether those of a course that counts, or of a line that failed, are not told."""
        return self.cycles_unknown or any(one.cycles is None for one in self.failed)

    @property
    def of_unknown_end(self) -> tuple[Given, ...]:
        """Courses that count towards that limit because it is not known when they ended."""
        return tuple(one for one in self.towards_limit if one.past is None and one.cycles)

    @property
    def exposure_cycles(self) -> int:
        """Cycles that the liver is judged by."""
        return _cycles_of(self.exposing)

    @property
    def exposure_weeks(self) -> float:
        """Weeks of chemotherapy that the liver is judged by."""
        return _weeks_of(self.exposing)

    @property
    def exposure_unknown(self) -> bool:
        """Whether the weeks of a course that the liver is judged by are not told."""
        return any(one.weeks is None for one in self.exposing)

    @property
    def chemotherapy_before(self) -> bool:
        """Whether any was given."""
        return bool(self.given)


def tells_of_the_liver(event: HistoryEvent) -> bool:
    """Whether an event tells how the disease of the liver has answered to drugs: rays to the primary are answered by that, rays to a metastasis by this alone."""
    return event.response is not None and event.event not in ANSWERED_WHERE_GIVEN


def past_of(case: Case, protocol: Protocol) -> Past:
    """The case's past, counted."""
    gone = mask_of(removed_segments(case))
    operation = _last(case.history, HEPATECTOMIES)
    stimulus = _last([event for event in case.history if event.week is not None], OCCLUDING)
    course = _last(case.history, ("chemotherapy",))
    answered = [event.response for event in case.history if tells_of_the_liver(event)]
    found, every = _found_in(case), protocol.yes("adjuvant_cycles_count")
    given = _given(case.history, protocol, found)
    begins = _place_after(case.history, operation)
    since = tuple(one for one in given if one.event >= begins)
    counted = tuple(one for one in since if not one.past and (every or not one.before))
    line = 0 if protocol.yes("cycles_of_earlier_lines_count") else line_begins(case.history)
    outranks = protocol.yes("exposure_fades") and case.liver.background == "normal"
    return Past(
        gone=gone,
        closed_inflow=_closed(case) & ~gone,
        side_taken=side_taken(case) & ~gone,
        hepatectomy=operation is not None or bool(gone),
        last_hepatectomy_week=operation.week if operation else None,
        last_stimulus_week=stimulus.week if stimulus else None,
        given=given,
        towards_limit=tuple(one for one in counted if one.event >= line),
        failed=tuple(one for one in counted if one.event < line),
        over=tuple(one for one in since if one.past),
        earlier=tuple(one for one in since if not one.past and one.before and not every),
        exposing=tuple(one for one in given if not (outranks and one.past)),
        outranked=tuple(one for one in given if outranks and one.past),
        of_the_metastases=tuple(one for one in given if not one.before),
        systemic_before=course is not None,
        last_dose_week=course.until_week if course else None,
        last_regimen=course.regimen if course else None,
        last_response=answered[-1] if answered else None,
        other_weeks=_other_weeks(case.history),
    )


def lines_failed(events: Sequence[HistoryEvent], courses: Sequence[Given]) -> int:
    """How many lines of the `courses` ended in progression: a progression with a course since the one before it."""
    found, since = 0, 0
    for place, event in enumerate(events):
        if tells_of_the_liver(event) and event.response == "progression":
            found += any(since <= one.event <= place for one in courses)
            since = place + 1
    return found


def all_answered(events: Sequence[HistoryEvent], courses: Sequence[Given]) -> tuple[HistoryEvent, ...]:
    """The events, with progression at each of the `courses` after which nothing tells what came of it before the next chemotherapy."""
    found = list(events)
    for one in courses:
        after = takewhile(lambda event: event.event != "chemotherapy", events[one.event + 1 :])
        if not any(tells_of_the_liver(event) for event in (events[one.event], *after)):
            found[one.event] = events[one.event].model_copy(update={"response": "progression"})
    return tuple(found)


def line_begins(events: Sequence[HistoryEvent]) -> int:
    """The place behind the last progression: what is given from there on is a line of its own; 0 where there was none."""
    told = [
        place for place, event in enumerate(events) if tells_of_the_liver(event) and event.response == "progression"
    ]
    return told[-1] + 1 if told else 0


def _found_in(case: Case) -> float | None:
    """The week in which metachronous metastases were found; None where nobody tells."""
    months, primary = case.primary.interval_months, _last(case.history, ("primary_resection",))
    if case.primary.presentation != "metachronous" or months is None or primary is None or primary.week is None:
        return None
    return primary.week + months * WEEKS_A_MONTH


def known_cycle_weeks(regimen: str | None, protocol: Protocol) -> float | None:
    """The length of one cycle of `regimen`; None where the protocol does not know these drugs."""
    for length in ("short", "long"):
        if regimen is not None and regimen.startswith(protocol.words(f"{length}_cycle_regimens")):
            return protocol.number(f"{length}_cycle_weeks")
    return None


def cycle_weeks_of(regimen: str | None, protocol: Protocol) -> float:
    """The length of one cycle of `regimen` as it is reckoned: where it is not known, as of the protocol's own cycle."""
    known = known_cycle_weeks(regimen, protocol)
    return protocol.number("cycle_weeks") if known is None else known


def _given(events: Sequence[HistoryEvent], protocol: Protocol, found: float | None) -> tuple[Given, ...]:
    """The cytotoxic courses among some events."""
    return tuple(_course(place, event, protocol, found) for place, event in enumerate(events) if _cytotoxic(event))


def _course(place: int, event: HistoryEvent, protocol: Protocol, found: float | None) -> Given:
    length = cycle_weeks_of(event.regimen, protocol)
    known = known_cycle_weeks(event.regimen, protocol) is not None
    cycles, weeks = _cycles(event, length), _weeks(event, length)
    return Given(
        event=place,
        regimen=event.regimen,
        cycles=cycles,
        weeks=weeks,
        reckoned="" if known else _reckoned(event),
        past=_past(event, protocol.number("past_course_weeks")),
        ended_week=event.until_week,
        before=_ended_before(event, found),
    )


def _ended_before(event: HistoryEvent, found: float | None) -> bool:
    """Whether a course had ended in the week in which the metastases were found; one whose response is told was given against them."""
    return found is not None and event.response is None and event.until_week is not None and event.until_week <= found


def _reckoned(event: HistoryEvent) -> Literal["", "cycles", "weeks"]:
    """Which of cycles and weeks is told by the other alone."""
    if event.cycles is not None:
        return "weeks" if _told_weeks(event) is None else ""
    return "" if _told_weeks(event) is None else "cycles"


def _past(event: HistoryEvent, weeks: float) -> bool | None:
    """Whether a course ended more than so many weeks ago; one that began since then has not."""
    if event.until_week is not None:
        return -event.until_week > weeks
    return False if event.week is not None and -event.week <= weeks else None


def _other_weeks(events: Sequence[HistoryEvent]) -> float | None:
    courses = [_told_weeks(event) for event in events if event.event == "chemotherapy" and not _cytotoxic(event)]
    return None if None in courses else sum(one for one in courses if one is not None)


def _cycles_of(courses: Sequence[Given]) -> int:
    return sum(one.cycles or 0 for one in courses)


def _weeks_of(courses: Sequence[Given]) -> float:
    return sum(one.weeks or 0 for one in courses)


def _last(events: Sequence[HistoryEvent], names: tuple[str, ...]) -> HistoryEvent | None:
    return next((event for event in reversed(events) if event.event in names), None)


def _place_after(events: Sequence[HistoryEvent], one: HistoryEvent | None) -> int:
    """The place behind the last event that is `one`; the first where there is none."""
    return next((place + 1 for place in range(len(events) - 1, -1, -1) if events[place] is one), 0)


def immunotherapies(case: Case) -> tuple[HistoryEvent, ...]:
    """The courses of the history that hold a checkpoint inhibitor."""
    courses = (event for event in case.history if event.event == "chemotherapy")
    return tuple(one for one in courses if (drugs := drugs_in(one.regimen or "")) and "immunotherapy" in drugs.kinds)


def immunotherapy_failed(case: Case) -> bool:
    """Whether the disease progressed under a checkpoint inhibitor, by the first answer told at it or after it and before other drugs."""
    given = immunotherapies(case)
    for place, event in enumerate(case.history):
        if event in given:
            after = takewhile(lambda one: one.event != "chemotherapy", case.history[place + 1 :])
            told = [one.response for one in (event, *after) if tells_of_the_liver(one)]
            if told and told[0] == "progression":
                return True
    return False


def _cytotoxic(event: HistoryEvent) -> bool:
    return event.event == "chemotherapy" and is_cytotoxic(event.regimen or "")


def _told_weeks(event: HistoryEvent) -> int | None:
    return None if event.week is None or event.until_week is None else event.until_week - event.week


def _cycles(event: HistoryEvent, cycle_weeks: float) -> int | None:
    if event.cycles is not None:
        return event.cycles
    weeks = _told_weeks(event)
    return None if weeks is None else round(weeks / cycle_weeks)


def _weeks(event: HistoryEvent, cycle_weeks: float) -> float | None:
    weeks = _told_weeks(event)
    if weeks is not None:
        return weeks
    return event.cycles * cycle_weeks if event.cycles is not None else None


def _closed(case: Case) -> int:
    places = list(case.liver.embolised)
    for event in case.history:
        if event.event in OCCLUDING:
            places += event.segments
    return mask_of(segment_numbers(places)) | side_taken(case)


def side_taken(case: Case) -> int:
    """The side whose branches an event closed that does not say which: what volumetry takes out, else the side with more lesions; else none."""
    if case.liver.embolised or not any(one.event in CLOSING_A_SIDE and not one.segments for one in case.history):
        return 0
    taken = {side for one in case.liver.measured_remnants for side in (RIGHT, LEFT) if not side & ~mask_of(one.removes)}
    if len(taken) != 1:
        borne = {
            side: sum(_borne(one, side) for one in case.lesions if one.known_as != "benign") for side in (RIGHT, LEFT)
        }
        taken = {side for side, number in borne.items() if number > borne[RIGHT ^ LEFT ^ side]}
    return taken.pop() if len(taken) == 1 else 0


def _borne(lesion: Lesion, side: int) -> float:
    """How many of the lesions of an entry lie on a side, spread evenly over its segments."""
    mask = mask_of(lesion.segment_numbers)
    return (lesion.count or 1) * (mask & side).bit_count() / mask.bit_count() if mask else 0.0
