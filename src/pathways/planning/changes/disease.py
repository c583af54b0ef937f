"""Disease outside the liver, the primary and the history otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pathways.case.models import Case, ExtrahepaticDisease, HistoryEvent
from pathways.facts.bad_ends import COURSE_END, closes_by_unknown_end, ended_long_ago
from pathways.facts.history import cycle_weeks_of
from pathways.facts.patient_assessment import PatientAssessment
from pathways.messages.catalogue import called, say
from pathways.planning.changes.model import (
    A_FINDING,
    A_MISSING_FINDING,
    GEOMETRY,
    PER_CYCLE,
    REMNANT,
    Change,
    GradedChange,
    Kind,
    changed,
    cost_of,
    found,
    graded,
    numbers,
    one_key,
)

# Systemic treatment that was not given: four cycles, ended six weeks ago.
BEGAN_WEEK, ENDED_WEEK = -14, -6
PRIMARY = (
    "ablation_safe",
    "primary_operable",
    "simultaneous",
    "radiotherapy_due",
    "primary_prepared",
    "diversion_enough",
    "start",
)
# More treatment is no way to a smaller reserve: what it does to the remnant closes pathways, and opens none.
TREATED = (
    "chemotherapy_left",
    "new_line_left",
    "lines_left",
    "first_half_left",
    "second_half",
    "first_half_given",
    "transplant",
    "targeted_before",
    "systemic_before",
    "start",
)
COURSE = (*TREATED, *REMNANT)
# After a progression a line of its own is counted.
LINES_LEFT = (
    "chemotherapy_left",
    "first_half_left",
    "first_half_given",
    "new_line_left",
    "lines_left",
    "infusion_possible",
)
# From the least disease to the most.
RESPONSES = ("complete", "partial", "stable", "progression")


def elsewhere(assessed: PatientAssessment) -> Iterator[GradedChange]:
    """Disease outside the liver: none, or one that can be removed; new disease as a finding only."""
    touches = (
        "extrahepatic_operable",
        "extrahepatic_in_one_session",
        "extrahepatic_with_major",
        "elsewhere_found_out",
        "transplantable",
        "start",
    )
    sites = assessed.case.extrahepatic

    def make(words: str, value: tuple[ExtrahepaticDisease, ...], cost: float, kind: Kind) -> Change | None:
        before = None if sites is None else [one.site for one in sites]
        case = assessed.case.model_copy(update={"extrahepatic": value})
        return changed(assessed, "extrahepatic", words, before, [one.site for one in value], case, cost=cost, kind=kind)

    if sites is None:
        yield graded(touches, [make(say("extrahepatic_resectable.none"), (), A_MISSING_FINDING, "measurement")])
    for index, site in enumerate(sites or ()):
        if site.nature == "benign":
            continue
        name = called("site", site.site)
        rest = tuple(other for place, other in enumerate(sites or ()) if place != index)
        words = say("change.no_disease_in", site=name)
        yield graded(touches, [make(words, rest, 2 * A_FINDING, "treatment")])
        if site.nature == "suspected":
            benign = (*rest, site.model_copy(update={"nature": "benign"}))
            yield graded(
                touches, [make(say("change.benign_elsewhere", site=name), benign, A_MISSING_FINDING, "measurement")]
            )
        if site.resectable is not True:
            removable = (*rest, site.model_copy(update={"resectable": True}))
            words, kind = say("change.disease_removable", site=name), found(site.resectable)
            yield graded(touches, [make(words, removable, cost_of(site.resectable), kind)])
    if not sites:
        lung = ExtrahepaticDisease(site="lung", count=1, resectable=True)
        yield graded(touches, [make(say("change.lung"), (lung,), 2 * A_FINDING, "finding")])


def primary(assessed: PatientAssessment) -> Iterator[GradedChange]:
    """The primary: its margin, its emergency, removed or not, its mutations and its marker."""
    now = assessed.case.primary
    unknown_braf = found(now.braf, worse=now.braf is not None)
    changes: tuple[tuple[str, Any, str, Kind], ...] = (
        ("r0_resectable", True, say("primary_resectable.clear_margin"), found(now.r0_resectable)),
        ("r0_resectable", False, say("primary_resectable.no_clear_margin"), "finding"),
        ("urgent", "none", say("primary_not_urgent.no_emergency"), found(now.urgent)),
        ("status", "in_situ", say("change.primary_in_place"), "finding"),
        ("status", "resected", say("change.primary_resected"), "treatment"),
        ("needs_radiotherapy", False, say("change.no_radiotherapy"), "choice"),
        # What a tumour is made of can be found out, and not changed.
        ("braf", "wild_type", say("change.braf_wild_type"), unknown_braf),
        ("braf", "v600e", say("change.braf_mutated"), "finding"),
    )
    for name, value, words, kind in changes:
        yield from one_key(assessed, "primary", name, value, words, (*PRIMARY, "transplantable"), kind=kind)
    if now.tumour == "colorectal":
        for site in ("sigmoid", "rectum"):
            words = say("change.primary_site", bowel=called("bowel", site))
            kind = found(now.site, worse=now.site is not None)
            yield from one_key(assessed, "primary", "site", site, words, PRIMARY, kind=kind)
    if now.cea_ng_per_ml is None or now.cea_ng_per_ml > 1:
        values = [round((now.cea_ng_per_ml or 160.0) * share, 1) for share in (0.8, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1, 0.05)]
        yield from numbers(assessed, "primary", "cea_ng_per_ml", values, lambda value: say("change.cea", cea=value),
                           ("transplantable",), unit="ng/ml", per_step=A_MISSING_FINDING)  # fmt: skip


def history(assessed: PatientAssessment) -> Iterator[GradedChange]:
    """Systemic treatment that has been given, its response and its cycles; fewer cycles as a finding only."""
    case = assessed.case
    courses = [index for index, event in enumerate(case.history) if event.event == "chemotherapy"]
    if not courses:
        given = HistoryEvent(week=BEGAN_WEEK, until_week=ENDED_WEEK, event="chemotherapy", cycles=4, response="stable")
        later = [event for event in case.history if event.week is None or event.week <= BEGAN_WEEK]
        rest = [event for event in case.history if event not in later]
        change = changed(assessed, "history", say("change.systemic_given"), None, "chemotherapy",
                         case.model_copy(update={"history": (*later, given, *rest)}), cost=2 * A_FINDING,
                         kind="treatment")  # fmt: skip
        yield graded(COURSE, [change], opens=TREATED)
        return
    if closes_by_unknown_end(assessed):
        limit = assessed.protocol.number("past_course_weeks")
        change = changed(assessed, COURSE_END, say("change.ended_long_ago", limit=limit), None, -int(limit) - 1,
                         ended_long_ago(assessed), cost=A_MISSING_FINDING, kind="measurement")  # fmt: skip
        yield graded(COURSE, [change])
    last = courses[-1]
    event = case.history[last]
    for response in ("partial", "stable", "progression"):
        if event.response != response:
            words = say("change.response", response=called("response", response))
            # Planning goes on as with control where no response is told.
            worse = RESPONSES.index(response) > RESPONSES.index(event.response or "stable")
            yield graded((*GEOMETRY, *LINES_LEFT, "second_half"), [
                changed(assessed, f"history[{last}].response", words, event.response, response,
                        _with_event(case, last, response=response), cost=cost_of(event.response),
                        kind=found(event.response, worse=worse))
            ])  # fmt: skip
    if event.cycles is not None:
        fewer, more = range(event.cycles - 1, 0, -1), range(event.cycles + 1, event.cycles + 13)
        yield graded(COURSE, (_cycles(assessed, last, event, number, "finding") for number in fewer))
        yield graded(COURSE, (_cycles(assessed, last, event, number, "treatment") for number in more), opens=TREATED)


def _cycles(assessed: PatientAssessment, index: int, event: HistoryEvent, number: int, kind: Kind) -> Change | None:
    """The last chemotherapy with another number of cycles, and so much shorter or longer."""
    assert event.cycles is not None
    update: dict[str, Any] = {"cycles": number}
    if event.week is not None and event.until_week is not None:
        shift = round((event.cycles - number) * cycle_weeks_of(event.regimen, assessed.protocol))
        update["week"] = min(event.until_week, event.week + shift)
    words = say("change.cycles", number=number, now=event.cycles)
    return changed(assessed, f"history[{index}].cycles", words, event.cycles, number, _with_event(assessed.case, index, **update),
                   cost=abs(event.cycles - number) * PER_CYCLE, unit="cycles", kind=kind)  # fmt: skip


def _with_event(case: Case, index: int, **update: Any) -> Case:
    events = list(case.history)
    events[index] = events[index].model_copy(update=update)
    return case.model_copy(update={"history": tuple(events)})
