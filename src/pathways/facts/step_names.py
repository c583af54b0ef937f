"""What a step is called for this patient: drugs that are no chemotherapy are not called so."""

from __future__ import annotations

from pathways.facts.patient_assessment import PatientAssessment
from pathways.facts.regimen import regimen
from pathways.process.model import Trigger


def title_for(trigger: Trigger, assessed: PatientAssessment) -> str:
    """The title of a step."""
    words = trigger.title_by.get(kind_of_drug(assessed), "")
    return _named(words, assessed) if words else trigger.title


def short_for(trigger: Trigger, assessed: PatientAssessment) -> str:
    """What a step is called in the line of a pathway."""
    words = trigger.short_by.get(kind_of_drug(assessed), "")
    if words:
        return _named(words, assessed)
    urgent = assessed.case.primary.urgent or ""
    return trigger.short_in.get(urgent, trigger.short) or title_for(trigger, assessed)


def kind_of_drug(assessed: PatientAssessment) -> str:
    """What systemic treatment is: chemotherapy, a targeted drug, immunotherapy, or whatever the primary calls for."""
    if assessed.systemic != "cytotoxic":
        return assessed.systemic
    return "chemotherapy" if assessed.case.primary.tumour == "colorectal" else "systemic"


def _named(words: str, assessed: PatientAssessment) -> str:
    return words.replace("{drug}", regimen(assessed, "first").words)
