"""Disease that could be operated on at once: whether systemic treatment is offered around the operation, and for whom it comes first."""

from __future__ import annotations

from typing import Any

from pathways.facts.patient_assessment import PatientAssessment
from pathways.facts.prognostic_inputs import inputs_of
from pathways.facts.scores import most_points, points_of
from pathways.facts.verdict import Missing, Verdict, allowed, refused, without
from pathways.knowledge.model import Protocol
from pathways.messages.catalogue import called, joined, say

RULE, SCORE = "systemic_before_surgery", "fong"
POINTS, NUMBER = "systemic_first_from_points", "systemic_first_from_lesions"
SYNCHRONOUS, PRESENTATION = "systemic_first_synchronous", "primary.presentation"
# More lesions than a case can tell of: what asks nobody.
MORE_THAN_ANYBODY_HAS = 10_000
# The key of the case behind each input of the score.
KEYS = {
    "node_positive": "primary.node_positive", "interval_months": "primary.interval_months", "number": "lesions.count",
    "largest_mm": "lesions.size_mm", "cea": "primary.cea_ng_per_ml",
}  # fmt: skip


def asks_nobody() -> int:
    """The points that nobody has."""
    return most_points(SCORE) + 1


def reads_the_score(protocol: Protocol) -> bool:
    """Whether the protocol lets the score decide anything."""
    return protocol.whole(POINTS) < asks_nobody()


def offered(assessed: PatientAssessment) -> Verdict:
    """Whether chemotherapy is offered around an operation that could be done at once; other drugs have rules of their own."""
    key, protocol = "perioperative_accepted", assessed.protocol
    sources = protocol.sources(key)
    if assessed.systemic != "cytotoxic" or assessed.case.primary.tumour in protocol.words("control_first_primaries"):
        return allowed(RULE, say("systemic_before_surgery.other_drugs"), sources=sources)
    if protocol.yes(key):
        return allowed(RULE, say("systemic_before_surgery.offered", protocol=protocol.id), sources=sources)
    return refused(RULE, say("systemic_before_surgery.not_offered", protocol=protocol.id), sources=sources)


def given_first(assessed: PatientAssessment, line: str, stimulus: str, stage: str) -> Verdict:
    """Whether systemic treatment has come before the liver is touched, where the number of lesions or the points of the score ask for it."""
    protocol = assessed.protocol
    tumour = assessed.case.primary.tumour
    if tumour != "colorectal" and tumour not in protocol.words("selected_primaries"):
        return allowed(RULE, say("systemic_before_surgery.other_tumour"), sources=protocol.sources(NUMBER))
    if line != "none" or stimulus != "none" or stage != "none" or _in_the_history(assessed):
        return allowed(RULE, say("systemic_before_surgery.given"), sources=protocol.sources(NUMBER))
    # The score is one of bowel metastases.
    by_points = _by_points(assessed) if tumour == "colorectal" else None
    found = [one for one in (_by_presentation(assessed), _by_number(assessed), by_points) if one is not None]
    if not found:
        words = say("systemic_before_surgery.asks_nobody", protocol=protocol.id)
        return allowed(RULE, words, sources=protocol.sources(POINTS))
    return next((one for answer in ("refused", "unknown") for one in found if one.verdict == answer), found[-1])


def _by_presentation(assessed: PatientAssessment) -> Verdict | None:
    """By metastases that were found with a primary whose systemic disease has to be seen under control first; None for any other."""
    protocol, primary = assessed.protocol, assessed.case.primary
    if primary.tumour not in protocol.words(SYNCHRONOUS) or primary.presentation == "metachronous":
        return None
    sources, tumour = protocol.sources(SYNCHRONOUS), called("tumour", primary.tumour)
    if primary.presentation == "synchronous" or PRESENTATION in assessed.at_worst:
        words = say("systemic_before_surgery.synchronous", tumour=tumour, protocol=protocol.id)
        return refused(RULE, words, value=primary.presentation, sources=sources)
    words = say("systemic_before_surgery.presentation_not_told", tumour=tumour, item=PRESENTATION)
    return without(RULE, [Missing(PRESENTATION, words, say("taken_as.metachronous"))], sources=sources)


def _by_number(assessed: PatientAssessment) -> Verdict | None:
    """By the number of lesions; None where nobody is asked, or no such treatment is offered around an operation."""
    protocol = assessed.protocol
    sources, limit = protocol.sources(NUMBER), protocol.whole(NUMBER)
    low, high = inputs_of(assessed.case)["number"]
    if high < limit or offered(assessed).verdict == "refused":
        return None
    details: dict[str, Any] = {"value": float(low), "limit": float(limit), "unit": "lesions", "sources": sources}
    if low >= limit or KEYS["number"] in assessed.at_worst:
        words = say("systemic_before_surgery.many", number=int(low), limit=limit, protocol=protocol.id)
        return refused(RULE, words, **details)
    words = say("systemic_before_surgery.number_not_told", limit=limit, item=KEYS["number"])
    return without(RULE, [Missing(KEYS["number"], words, say("taken_as.fewer_lesions", limit=limit))], **details)


def _by_points(assessed: PatientAssessment) -> Verdict | None:
    """By the points of the clinical risk score; None where they ask nobody."""
    protocol = assessed.protocol
    sources, limit = protocol.sources(POINTS), protocol.whole(POINTS)
    if not reads_the_score(protocol):
        return None
    points, untold = points_of(SCORE, assessed.case)
    # What is read at its bad end counts.
    points += sum(more for one, more in untold.items() if KEYS[one] in assessed.at_worst)
    untold = {one: more for one, more in untold.items() if KEYS[one] not in assessed.at_worst}
    most = points + sum(untold.values())
    details: dict[str, Any] = {"value": float(points), "limit": float(limit), "unit": "points", "sources": sources}
    if points >= limit:
        words = say("systemic_before_surgery.high", points=points, limit=limit, protocol=protocol.id)
        return refused(RULE, words, **details)
    low = say("systemic_before_surgery.low", points=points, limit=limit)
    if most < limit:
        return allowed(RULE, low, **details)
    what = joined([called("score_input", one) for one in untold])
    words = say("systemic_before_surgery.not_told", points=points, most=most, limit=limit, what=what)
    items = ", ".join(KEYS[one] for one in untold)
    return without(RULE, [Missing(items, words, say("taken_as.low_risk", limit=limit))], **details)


def _in_the_history(assessed: PatientAssessment) -> bool:
    """Whether systemic treatment of the metastases lies in the past: not chemotherapy that had ended before they were found.

    What has vanished did so under it.
    """
    past = assessed.past
    if any(one.known_as == "vanished" for one, _ in assessed.entries):
        return True
    return past.systemic_before and (bool(past.of_the_metastases) or not past.given)
