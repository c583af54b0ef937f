"""What is known of nodules that are only suspected: how suspicious they are, how often such turn out benign, and the next test."""

from __future__ import annotations

from pathways.case.models import Lesion
from pathways.facts.cited import CitedFigures
from pathways.facts.patient_assessment import PatientAssessment
from pathways.facts.verdict import Missing
from pathways.knowledge.arithmetic import Number
from pathways.messages.catalogue import called, say
from pathways.process.facts import State
from pathways.ward.regimens import holds

LEVELS = ("low", "moderate", "high")
# The figure of each level: nodules alone, and beside metastases that are proven.
ALONE = {one: f"suspicion_{one}_benign" for one in LEVELS}
BESIDE = {one: f"suspicion_{one}_benign_beside" for one in LEVELS}
NEGATIVE_BIOPSY = "negative_biopsy_wrong"
# Of a nodule of high suspicion whose biopsy found no tumour.
AFTER_NEGATIVE_BIOPSY = "benign_after_negative_biopsy"


def suspected(assessed: PatientAssessment) -> tuple[tuple[Lesion, str], ...]:
    """The nodules that are only suspected, with their labels."""
    return tuple((one, label) for one, label in assessed.entries if one.known_as == "suspected")


def suspicion(assessed: PatientAssessment, lesion: Lesion) -> str | None:
    """How suspicious a nodule is: as told; else by the imaging that shows it; None where neither is told."""
    if lesion.suspicion is not None or lesion.seen_on is None:
        return lesion.suspicion
    protocol = assessed.protocol
    if "pet" in lesion.seen_on:
        return protocol.word("suspicion_on_pet")
    small = lesion.size_mm is not None and lesion.size_mm < protocol.number("small_nodule_mm")
    return protocol.word(
        "suspicion_small_without_mri" if small and "mri" not in lesion.seen_on else "suspicion_on_other_imaging"
    )


def doubted(assessed: PatientAssessment) -> str:
    """The nodules that imaging and a biopsy tell differently of, as a list."""
    return ", ".join(label for one, label in suspected(assessed) if one.negative_biopsy_doubted)


def _undoubted(assessed: PatientAssessment) -> tuple[tuple[Lesion, str], ...]:
    return tuple((one, label) for one, label in suspected(assessed) if not one.negative_biopsy_doubted)


def level_of(assessed: PatientAssessment) -> str | None:
    """Of several nodules the most suspicious that no biopsy speaks against; None where nothing is told of any."""
    levels = [level for one, _ in _undoubted(assessed) if (level := suspicion(assessed, one)) is not None]
    return max(levels, key=LEVELS.index, default=None)


def figure_of(assessed: PatientAssessment) -> str:
    """The figure of the chance that the nodules are benign: where nothing is told of them, that of lesions resected as metastases."""
    if not _undoubted(assessed) and suspected(assessed):
        return AFTER_NEGATIVE_BIOPSY
    level = level_of(assessed)
    if level is None:
        return "benign_chance"
    return (ALONE if len(suspected(assessed)) == len(assessed.entries) else BESIDE)[level]


def benign_chance(figures: CitedFigures, _: State) -> Number:
    """The chance that what is only suspected is benign."""
    return figures.figure(figure_of(figures.assessed))


def biopsied_in_vain(assessed: PatientAssessment) -> bool:
    """Whether a biopsy has left every nodule uncertain."""
    return all(one.biopsy == "inconclusive" for one, _ in suspected(assessed))


def oxaliplatin_given(assessed: PatientAssessment) -> bool:
    """Whether the history tells of a regimen with oxaliplatin."""
    return any(holds(event.regimen or "", "oxaliplatin") for event in assessed.case.history)


def remarks(assessed: PatientAssessment) -> list[str]:
    """What the plan says of the nodules, where more of them is told than that they are suspected."""
    against = doubted(assessed)
    if level_of(assessed) is None and not against:
        return []
    said = [
        say("lesions_characterised.level", lesion=label, level=called("suspicion", level))
        for one, label in suspected(assessed)
        if (level := suspicion(assessed, one)) is not None
    ]
    figure = assessed.parameters[figure_of(assessed)]
    sure = called("confidence", figure.confidence)
    if against:
        wrong = assessed.parameters[NEGATIVE_BIOPSY].number
        said.append(say("lesions_characterised.against_imaging", lesions=against, wrong=wrong))
    said.append(say("lesions_characterised.chance", chance=figure.number, confidence=sure))
    return [*said, say("lesions_characterised.regenerative")] if oxaliplatin_given(assessed) else said


def benign_remarks(assessed: PatientAssessment) -> list[str]:
    """What is known to be benign, and how sure a biopsy is."""
    biopsied = [label for one, label in assessed.benign if one.biopsy == "benign"]
    known = [label for one, label in assessed.benign if one.biopsy != "benign"]
    said = [say("lesions_characterised.benign_known", lesions=", ".join(known))] if known else []
    if biopsied:
        wrong = assessed.parameters[NEGATIVE_BIOPSY].number
        said.append(say("lesions_characterised.benign_biopsy", lesions=", ".join(biopsied), wrong=wrong))
    return said


def beside_benign(assessed: PatientAssessment) -> str | None:
    """The lesions that are known to be benign, as a value of the finding."""
    return ", ".join(label for _, label in assessed.benign) or None


def to_look_for_again(assessed: PatientAssessment) -> Missing | None:
    """Lesions that have vanished, of which nobody tells whether an imaging still shows them: the next test is an MRI."""
    gone = [label for one, label in assessed.entries if one.known_as == "vanished" and one.seen_on is None]
    if not gone:
        return None
    figures = assessed.parameters
    words = say(
        "vanished.next_mri", lesions=", ".join(gone), ct=figures["residual_at_vanished_site_ct"].number,
        mri=figures["regrowth_at_watched_site_mri"].number,
    )  # fmt: skip
    return Missing("lesions.seen_on", words, say("taken_as.not_seen_by_mri"))


def to_find_out(assessed: PatientAssessment) -> Missing | None:
    """The nature of the nodules as what to find out, under the key of the next test."""
    nodules = suspected(assessed)
    if not nodules:
        return None
    lesions = ", ".join(label for _, label in nodules)
    if not all("mri" in (one.seen_on or ()) for one, _ in nodules):
        return Missing("lesions.seen_on", say("nodule.next_mri", lesions=lesions), say("taken_as.uncertain"))
    if doubted(assessed):
        return Missing("lesions.biopsy", say("nodule.biopsy_again", lesions=lesions), say("taken_as.uncertain"))
    if any(one.biopsy is None for one, _ in nodules):
        return Missing("lesions.biopsy", say("nodule.next_biopsy", lesions=lesions), say("taken_as.uncertain"))
    return Missing("lesions.nature", say("nodule.next_watch", lesions=lesions), say("taken_as.uncertain"))
