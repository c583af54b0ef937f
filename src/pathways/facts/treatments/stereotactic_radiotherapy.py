"""Whether lesions can be irradiated: policy, number, size, and how much of the liver lies far enough from all of them."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from pathways.facts.patient_assessment import PatientAssessment
from pathways.facts.tables.vocabulary import Answers, Facts, judged
from pathways.facts.verdict import Missing, Verdict, allowed, refused, without
from pathways.knowledge.arithmetic import Number
from pathways.knowledge.formulas import sphere_ml
from pathways.knowledge.model import Protocol
from pathways.messages.catalogue import say
from pathways.process.rules import RULES

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

RULE = "stereotactic_radiotherapy"
PERFORMANCE, ECOG = "stereotactic_performance", "ecog_max_minor"
POLICY, MOST, LARGEST, RIM, SPARED = (
    f"stereotactic_{one}" for one in ("accepted", "lesions_max", "mm_max", "rim_mm", "spared_ml_min")
)


def answers(facts: Facts) -> Answers:
    """The facts that the treatment brings."""
    return {
        "irradiable": judged(facts, partial(irradiable, facts.assessed)),
        "bears_irradiation": judged(facts, partial(bears_irradiation, facts.assessed)),
    }


def bears_irradiation(assessed: PatientAssessment) -> Verdict:
    """Performance within the limit of local treatment: whoever is bedridden is not irradiated instead of being operated on."""
    ecog, limit = assessed.case.patient.ecog, assessed.protocol.whole(ECOG)
    sources = assessed.protocol.sources(ECOG)
    if ecog is None:
        told = say("stereotactic_performance.not_reported", item="patient.ecog")
        missing = Missing("patient.ecog", told, say("taken_as.ecog", limit=limit))
        return without(PERFORMANCE, (missing,), sources=sources)
    words = say(
        "stereotactic_performance.within" if ecog <= limit else "stereotactic_performance.above", ecog=ecog, limit=limit
    )
    judge = allowed if ecog <= limit else refused
    return judge(PERFORMANCE, words, value=float(ecog), limit=float(limit), unit="ECOG", sources=sources)


def not_spared_ml(size_mm: Number, protocol: Protocol) -> Number:
    """Liver around one lesion that gets a dose: the sphere with the rim of the protocol, less the lesion."""
    return sphere_ml(size_mm, protocol.number(RIM)) - sphere_ml(size_mm, 0.0)


def irradiable(assessed: PatientAssessment) -> Verdict:
    """The first that refuses; else what is not told, or that all of it is met."""
    refusal = next(_refusals(assessed), None)
    if refusal is not None:
        return refusal
    spared, protocol = _spared(assessed), assessed.protocol
    details = {"value": round(spared), "limit": protocol.number(SPARED), "unit": "ml"}
    missing = tuple(_not_told(assessed))
    if missing:
        return without(RULE, missing, sources=RULES[RULE].sources)
    words = say("stereotactic_radiotherapy.met", spared=spared, rim=protocol.number(RIM))
    return allowed(RULE, words, **details, sources=RULES[RULE].sources)


def _lesions(assessed: PatientAssessment) -> Iterator[tuple[str, int, float]]:
    """What has to be irradiated: label, number and size of every entry, 0 where it is not told; what has vanished is not."""
    for lesion, label in assessed.entries:
        if lesion.known_as != "vanished":
            yield label, lesion.count or 1, lesion.size_mm or 0.0


def _spared(assessed: PatientAssessment) -> float:
    """Liver further from every lesion than the rim; lesions count as apart from each other."""
    taken = math.fsum(
        float(not_spared_ml(size, assessed.protocol)) * number for _, number, size in _lesions(assessed) if size
    )
    return max(0.0, assessed.total.value - taken)


def _refusals(assessed: PatientAssessment) -> Iterator[Verdict]:
    protocol, lesions = assessed.protocol, list(_lesions(assessed))
    if not protocol.yes(POLICY):
        words = say("stereotactic_radiotherapy.not_offered", protocol=protocol.id)
        yield refused(RULE, words, sources=protocol.sources(POLICY))
    number, most = sum(one for _, one, _ in lesions), protocol.whole(MOST)
    if number > most:
        words = say("stereotactic_radiotherapy.too_many", number=number, limit=most)
        yield refused(
            RULE, words, value=float(number), limit=float(most), unit="lesions", sources=protocol.sources(MOST)
        )
    limit = protocol.number(LARGEST)
    for label, _, size in lesions:
        if size > limit:
            words = say("stereotactic_radiotherapy.too_large", lesion=label, size=size, limit=limit)
            yield refused(RULE, words, value=size, limit=limit, unit="mm", sources=protocol.sources(LARGEST))
    spared, least = _spared(assessed), protocol.number(SPARED)
    if spared < least:
        words = say("stereotactic_radiotherapy.too_little_spared", spared=spared, rim=protocol.number(RIM), limit=least)
        yield refused(RULE, words, value=round(spared), limit=least, unit="ml", sources=protocol.sources(SPARED, RIM))


def _not_told(assessed: PatientAssessment) -> Iterator[Missing]:
    """Sizes and numbers that are not told, taken as small enough and as one."""
    entries = [(lesion, label) for lesion, label in assessed.entries if lesion.known_as != "vanished"]
    sizes = [label for lesion, label in entries if lesion.size_mm is None]
    if sizes:
        words = say("stereotactic_radiotherapy.size_not_reported", lesions=", ".join(sizes), item="lesions.size_mm")
        limit = assessed.protocol.number(LARGEST)
        yield Missing("lesions.size_mm", words, say("taken_as.small_enough_to_irradiate", limit=limit))
    numbers = [label for lesion, label in entries if lesion.count is None]
    if numbers:
        words = say("stereotactic_radiotherapy.number_not_reported", lesions=", ".join(numbers), item="lesions.count")
        yield Missing("lesions.count", words, say("taken_as.a_single_lesion"))


def irradiable_columns(
    counts: npt.NDArray[Any], sizes_mm: npt.NDArray[Any], total_ml: Number, protocol: Protocol
) -> npt.NDArray[np.bool_]:
    """The same for many patients of whom everything is told: lesions by segment in columns, and the volume of the liver."""
    import numpy as np

    sizes = np.where(counts > 0, sizes_mm, 0.0)
    spared = np.maximum(0.0, total_ml - (not_spared_ml(sizes, protocol) * counts).sum(axis=1))
    found = (counts.sum(axis=1, dtype=np.int64) <= protocol.whole(MOST)) & (
        sizes.max(axis=1) <= protocol.number(LARGEST)
    )
    answers: npt.NDArray[np.bool_] = found & (spared >= protocol.number(SPARED)) & protocol.yes(POLICY)
    return answers


BY_COLUMNS = {"irradiable": irradiable_columns}
