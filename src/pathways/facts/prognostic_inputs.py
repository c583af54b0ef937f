"""What prognostic scores and the model of survival count by, taken from the case as far as it is told."""

from __future__ import annotations

import math

from pathways.case.models import Case, Lesion
from pathways.facts.history import immunotherapy_failed, tells_of_the_liver
from pathways.facts.regimen import LEFT_BOWEL, RIGHT_COLON
from pathways.words import LIVER_CLEARING

# What an input may be: its least and its most; the same where it is known, without end where nothing is.
Range = tuple[float, float]
NOTHING_KNOWN: Range = (-math.inf, math.inf)
# Sites elsewhere by how hard they are, as far as series tell them apart; every other site stands between.
SITE_RANKS = {"lung": 1.0, "portal_nodes": 3.0, "paraaortic_nodes": 3.0, "peritoneum": 4.0}
OTHER_SITE = 2.0


def inputs_of(case: Case) -> dict[str, Range]:
    """What scores and prognosis count by, as far as the case tells it. RAS and BRAF mutations exclude each other.

    They count what there was before the liver was cleared: where that lies behind, CEA is the highest value, and the number and size of
    the lesions are not told.
    """
    primary = case.primary
    ras = primary.ras or ("wild_type" if primary.braf == "v600e" else None)
    braf = primary.braf or ("wild_type" if primary.ras == "mutated" else None)
    largest, number = _largest(case), _number(case)
    interval = (0.0, 0.0) if primary.presentation == "synchronous" else _known(primary.interval_months)
    return {
        "age": _known(case.patient.age_years),
        "node_positive": _known(primary.node_positive),
        "interval_months": interval,
        "number": number,
        "largest_mm": largest,
        "cea": _known(primary.cea_ng_per_ml if case.lesions else primary.cea_peak_ng_per_ml),
        "ras_mutated": _known(None if ras is None else ras == "mutated"),
        "burden": (math.hypot(largest[0] / 10, number[0]), math.hypot(largest[1] / 10, number[1])),
        "extrahepatic": _known(_elsewhere(case)),
        "elsewhere": _hardest(case),
        "repair_deficient": _repair_deficient(case),
        "failed_lines": _known(sum(one.response == "progression" and tells_of_the_liver(one) for one in case.history)),
        "bowel": _known(primary.tumour == "colorectal"),
        "serosa": NOTHING_KNOWN,
        "braf_mutated": _known(None if braf is None else braf == "v600e"),
        "right_sided": _known(_right_sided(primary.site)),
        "margin": _known(None if case.lesions else _margin_positive(case)),
    }


def _margin_positive(case: Case) -> bool | None:
    """Whether tumour reached the margin of the operation that cleared the liver before today."""
    told = next((one.margin for one in reversed(case.history) if one.event in LIVER_CLEARING), None)
    return None if told is None else told != "r0"


def _repair_deficient(case: Case) -> Range:
    """Deficient repair lengthens life by what checkpoint inhibitors do: where they have failed, nobody knows what it is worth."""
    repair = case.primary.mismatch_repair
    return _known(None if repair is None or immunotherapy_failed(case) else repair == "deficient")


def _right_sided(site: str | None) -> bool | None:
    return site in RIGHT_COLON if site in (*RIGHT_COLON, *LEFT_BOWEL) else None


def in_brain_or_bone(case: Case) -> bool:
    """Whether metastases lie where no figure of life is of: series of the liver leave such patients out, and the average would promise too much."""
    return any(one.site in ("brain", "bone") and one.nature == "confirmed" for one in case.extrahepatic or ())


def _elsewhere(case: Case) -> bool | None:
    """Whether there is disease elsewhere; not known where it is only suspected."""
    natures = {one.nature for one in case.extrahepatic or ()}
    if case.extrahepatic is None or ("suspected" in natures and "confirmed" not in natures):
        return None
    return "confirmed" in natures


def _hardest(case: Case) -> Range:
    """The rank of the hardest site elsewhere, 0 without any; a site that is only suspected may be none."""
    ranks = {
        nature: max(
            (SITE_RANKS.get(one.site, OTHER_SITE) for one in case.extrahepatic or () if one.nature == nature),
            default=0.0,
        )
        for nature in ("confirmed", "suspected")
    }
    if case.extrahepatic is None:
        return 0.0, math.inf
    return ranks["confirmed"], max(ranks.values())


def _known(value: float | bool | None) -> Range:
    return NOTHING_KNOWN if value is None else (float(value), float(value))


def _counted(case: Case) -> tuple[Lesion, ...]:
    """Lesions that are metastases, or may be: what is benign says nothing of the disease."""
    return tuple(lesion for lesion in case.lesions if lesion.known_as != "benign")


def _number(case: Case) -> Range:
    """An entry of unknown number is at least one lesion; of a liver that has been cleared it is not told how many there were."""
    if not case.lesions:
        return 1.0, math.inf
    lesions = _counted(case)
    least = float(sum(lesion.count or 1 for lesion in lesions))
    return least, math.inf if any(lesion.count is None for lesion in lesions) else least


def _largest(case: Case) -> Range:
    if not case.lesions:
        return 0.0, math.inf
    lesions = _counted(case)
    least = max((lesion.size_mm for lesion in lesions if lesion.size_mm is not None), default=0.0)
    return least, math.inf if any(lesion.size_mm is None for lesion in lesions) else least
