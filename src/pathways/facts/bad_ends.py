"""What a case does not tell and no rule can ask for, because the plan starts from it: taken as good, and said; read at its bad end where asked.

Each item is a key of the case, what is not reported, what it is taken as, and the case in which it is at its bad end. `--strict` plans
the case with all of them there. Which end is the bad one is a simplification: the one that closes most or lowers the chance most.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Literal

from pathways.case.models import Case, HistoryEvent
from pathways.facts.history import Given, Past, tells_of_the_liver
from pathways.facts.patient_assessment import PatientAssessment, drugs
from pathways.facts.systemic_before_surgery import given_first
from pathways.facts.verdict import Missing
from pathways.messages.catalogue import called, say
from pathways.quick_dataclass import dataclass

NATURE, RESPONSE, BACKGROUND, STATUS = "lesions.nature", "history.response", "liver.background", "primary.status"
WISHES, SUSPECTED_ELSEWHERE, PREGNANT = "patient.declines", "extrahepatic.nature", "patient.pregnant_weeks"
PLACE, ANASTOMOSIS = "lesions.segments", "liver.bilioenteric_anastomosis"
COURSE_END = "history.until_week"
CEA_PEAK = "primary.cea_peak_ng_per_ml"
ANTICOAGULANT, BILE, GILBERT = "patient.anticoagulated", "liver.biliary_obstruction", "liver.gilbert"
# What a rule would ask for where it is asked at all: assumed by the verdict of that rule.
ASKED_BY_A_RULE = frozenset({STATUS})


@dataclass(frozen=True, slots=True)
class Untold:
    """An item that a case may leave out, the case with it at its bad end (the same case where it is told), and what is said of it."""

    at_bad_end: Callable[[Case, Past], Case]
    said: Callable[[], tuple[str, str]] | None = None
    # Where it is asked for at all.
    matters: Callable[[PatientAssessment], bool] = lambda _: True


def _suspected(case: Case, _: Past) -> Case:
    """Lesions of which nothing is said are only suspected."""
    if all(lesion.nature_told for lesion in case.lesions):
        return case
    lesions = [
        lesion if lesion.nature_told else lesion.model_copy(update={"nature": "suspected"}) for lesion in case.lesions
    ]
    return case.model_copy(update={"lesions": tuple(lesions)})


def _progressed(case: Case, past: Past) -> Case:
    """The last course of chemotherapy, if it counts still and nothing later tells, ended with progression."""
    place = _unanswered(case, past)
    if place is None:
        return case
    events = list(case.history)
    events[place] = events[place].model_copy(update={"response": "progression"})
    return case.model_copy(update={"history": tuple(events)})


def _unanswered(case: Case, past: Past) -> int | None:
    """The place of the last course of chemotherapy, where it counts still and its response is not told, nor anything later."""
    if not past.towards_limit:
        return None
    place = max(index for index, event in enumerate(case.history) if event.event == "chemotherapy")
    later: tuple[HistoryEvent, ...] = case.history[place:]
    return None if any(tells_of_the_liver(event) for event in later) else place


def _cirrhotic(case: Case, _: Past) -> Case:
    """The background liver is the worst."""
    return case if case.liver.background is not None else _with(case, "liver", background="cirrhosis")


def _joined_to_the_bowel(case: Case, _: Past) -> Case:
    """A bile duct is joined to the bowel."""
    if case.liver.bilioenteric_anastomosis is not None:
        return case
    return _with(case, "liver", bilioenteric_anastomosis=True)


def _may_be_ablated(assessed: PatientAssessment) -> bool:
    return any(one.ablation.possible == "allowed" for one in assessed.lesions)


def _in_place_or_not(case: Case, _: Past) -> Case:
    """The primary is where it is not taken to be."""
    if case.primary_told:
        return case
    return _with(case, "primary", status="resected" if case.primary_in_place else "in_situ")


def _confirmed_elsewhere(case: Case, _: Past) -> Case:
    """What is only suspected outside the liver is disease."""
    return elsewhere_as(case, "confirmed")


def elsewhere_as(case: Case, nature: Literal["confirmed", "benign"]) -> Case:
    """The case with what is only suspected outside the liver found out; the same case where nothing is."""
    if not any(one.nature == "suspected" for one in case.extrahepatic or ()):
        return case
    sites = tuple(
        one.model_copy(update={"nature": nature}) if one.nature == "suspected" else one
        for one in case.extrahepatic or ()
    )
    return case.model_copy(update={"extrahepatic": sites})


def ended_long_ago(assessed: PatientAssessment) -> Case:
    """The case with courses that count because their end is not told ended before those that the protocol counts.

    Not those behind an event of the weeks that it looks back on: the history stands in order.
    """
    weeks = -int(assessed.protocol.number("past_course_weeks")) - 1
    events = list(assessed.case.history)
    for one in assessed.past.of_unknown_end:
        if all(event.week is None or event.week <= weeks for event in events[: one.event]):
            events[one.event] = events[one.event].model_copy(update={"until_week": weeks})
    return assessed.case.model_copy(update={"history": tuple(events)})


def _before_they_were_found(assessed: PatientAssessment) -> tuple[Given, ...]:
    """Courses that by their dates were given before the metastases were found, where systemic treatment of these would have to come first."""
    before = tuple(one for one in assessed.past.given if one.before and not one.past)
    asked = given_first(assessed, "none", "none", "none").verdict != "allowed"
    return before if asked and not assessed.past.of_the_metastases else ()


def _given_against_them(assessed: PatientAssessment) -> Case:
    """The case with the last of those courses given against the metastases, and answered."""
    events = list(assessed.case.history)
    for one in _before_they_were_found(assessed)[-1:]:
        events[one.event] = events[one.event].model_copy(update={"response": "stable"})
    return assessed.case.model_copy(update={"history": tuple(events)})


# What is taken badly where it is not told: the case with it the better way.
BETTER: dict[str, Callable[[PatientAssessment], Case]] = {
    SUSPECTED_ELSEWHERE: lambda assessed: elsewhere_as(assessed.case, "benign"),
    COURSE_END: ended_long_ago,
    RESPONSE: _given_against_them,
    ANTICOAGULANT: lambda assessed: _with(assessed.case, "patient", anticoagulated=True),
    BILE: lambda assessed: _with(assessed.case, "liver", biliary_obstruction="present"),
    GILBERT: lambda assessed: _with(assessed.case, "liver", gilbert=True),
    CEA_PEAK: lambda assessed: _with(
        assessed.case, "primary",
        cea_peak_ng_per_ml=2 * (assessed.case.primary.cea_ng_per_ml or 0) / (1 - assessed.protocol.number("transplant_cea_fall")),
    ),
}  # fmt: skip


def not_of_the_liver(assessed: PatientAssessment) -> Iterator[Missing]:
    """What may explain a value that bars treatment and is not told: the value is taken as that of a failing liver."""
    liver, inr = assessed.case.liver, assessed.case.liver.inr
    if assessed.case.patient.anticoagulated is None and inr is not None and inr > assessed.protocol.number("inr_max"):
        words = say("not_reported.anticoagulant", inr=inr, item=ANTICOAGULANT)
        yield Missing(ANTICOAGULANT, words, say("taken_as.of_the_liver"), "badly")
    if not assessed.jaundiced or assessed.biliary_obstruction in ("present", "drained"):
        return
    if liver.biliary_obstruction is None:
        yield Missing(BILE, say("not_reported.cause_of_jaundice", item=BILE), say("taken_as.of_the_liver"), "badly")
    signs = [sign for sign in liver.insufficiency or () if sign != "jaundice"]
    least = liver.bilirubin_umol_per_l or 0
    unlikely = signs or liver.background == "cirrhosis" or least > assessed.protocol.number("gilbert_bilirubin_max")
    if liver.gilbert is None and not unlikely:
        yield Missing(GILBERT, say("not_reported.gilbert", item=GILBERT), say("taken_as.of_the_liver"), "badly")


def _of_the_history(assessed: PatientAssessment) -> Iterator[Missing]:
    """When a course of rays or drugs ended, and what one was given against."""
    if assessed.case.primary_in_place and any(
        event.event == "radiotherapy" and event.week is None and event.until_week is None
        for event in assessed.case.history
    ):
        item = "history.until_week"
        yield Missing(item, say("not_reported.end_of_radiotherapy", item=item), say("taken_as.rested"))
    if closes_by_unknown_end(assessed):
        courses = ", ".join(dict.fromkeys(drugs(one.regimen) for one in assessed.past.of_unknown_end))
        words = say("not_reported.end_of_course", regimen=courses, item=COURSE_END)
        yield Missing(COURSE_END, words, say("taken_as.not_long_ago"), "badly")
    if before := _before_they_were_found(assessed):
        courses = ", ".join(dict.fromkeys(drugs(one.regimen) for one in before))
        words = say("not_reported.response_before", regimen=courses, item=RESPONSE)
        yield Missing(RESPONSE, words, say("taken_as.adjuvant"), "badly")


def cea_may_have_fallen(assessed: PatientAssessment) -> Iterator[Missing]:
    """The highest CEA, where it decides on transplantation and is not told."""
    primary, protocol = assessed.case.primary, assessed.protocol
    high = primary.cea_ng_per_ml is not None and primary.cea_ng_per_ml >= protocol.number("transplant_cea_max")
    if high and primary.cea_peak_ng_per_ml is None and protocol.yes("transplant_accepted"):
        words = say("not_reported.cea_peak", fall=protocol.number("transplant_cea_fall"), item=CEA_PEAK)
        yield Missing(CEA_PEAK, words, say("taken_as.cea_not_fallen"), "badly")


def closes_by_unknown_end(assessed: PatientAssessment) -> bool:
    """Whether one more block is above the hard limit, and would not be if courses whose end is not told had ended long ago."""
    limit = assessed.protocol.whole("hard_cycles")
    then = PatientAssessment(ended_long_ago(assessed), assessed.protocol)
    return assessed.cycles_after(1) > limit >= then.cycles_after(1)


def _with(case: Case, part: str, **update: Any) -> Case:
    return case.model_copy(update={part: getattr(case, part).model_copy(update=update)})


UNTOLD: dict[str, Untold] = {
    NATURE: Untold(_suspected, lambda: (say("not_reported.nature", item=NATURE), say("taken_as.metastases"))),
    RESPONSE: Untold(
        _progressed, lambda: (say("not_reported.response", item=RESPONSE), say("taken_as.no_progression"))
    ),
    BACKGROUND: Untold(_cirrhotic),
    ANASTOMOSIS: Untold(
        _joined_to_the_bowel,
        lambda: (say("not_reported.anastomosis", item=ANASTOMOSIS), say("taken_as.no_anastomosis")),
        _may_be_ablated,
    ),
    STATUS: Untold(_in_place_or_not),
    # Asked for by its rule where it is taken as benign, and below where it is taken as disease.
    SUSPECTED_ELSEWHERE: Untold(_confirmed_elsewhere),
}


def with_the_worst(case: Case, past: Past) -> Case:
    """The case with every item at its bad end; what a rule asks for is left to that rule, which closes what hangs on it."""
    for item, one in UNTOLD.items():
        if item not in ASKED_BY_A_RULE:
            case = one.at_bad_end(case, past)
    return case


def taken_as_given(assessed: PatientAssessment) -> Iterator[Missing]:
    """What the plan starts from though the case does not tell it, but for the state of the liver, which is said by itself."""
    for item, one in UNTOLD.items():
        if one.said and one.matters(assessed) and one.at_bad_end(assessed.case, assessed.past) is not assessed.case:
            yield Missing(item, *one.said())
    yield from _of_the_history(assessed)
    yield from not_of_the_liver(assessed)
    yield from cea_may_have_fallen(assessed)
    large = [one for one in assessed.elsewhere or () if one.nature == "suspected"]
    if large:
        names = ", ".join(dict.fromkeys(called("site", one.site) for one in large))
        words = say("extrahepatic_resectable.suspected", sites=names)
        yield Missing(SUSPECTED_ELSEWHERE, words, say("taken_as.disease_elsewhere"), "badly")
    patient = assessed.case.patient
    most = assessed.protocol.number("pregnancy_asked_to_age")
    if (
        patient.sex == "female"
        and patient.pregnant_weeks is None
        and patient.age_years is not None
        and patient.age_years <= most
    ):
        yield Missing(PREGNANT, say("not_reported.pregnancy", item=PREGNANT), say("taken_as.not_pregnant"))
    nowhere = [label for one, label in assessed.entries if "unknown" in one.segments]
    if nowhere:
        lesions = ", ".join(nowhere)
        yield Missing(
            PLACE, say("not_reported.place", lesions=lesions, item=PLACE), say("taken_as.anywhere", lesions=lesions)
        )
    untold = [one for one in assessed.case.extrahepatic or () if "nature" not in one.model_fields_set]
    if untold:
        names = ", ".join(dict.fromkeys(called("site", one.site) for one in untold))
        words = say("not_reported.nature_elsewhere", sites=names, item=SUSPECTED_ELSEWHERE)
        yield Missing(SUSPECTED_ELSEWHERE, words, say("taken_as.disease_elsewhere"))
    # Wishes have no bad end: nobody plans as if everything were declined.
    if "declines" not in assessed.case.patient.model_fields_set:
        yield Missing(WISHES, say("not_reported.wishes", item=WISHES), say("taken_as.no_wish"))
