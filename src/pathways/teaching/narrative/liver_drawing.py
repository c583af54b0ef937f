"""The liver of a moment as a picture shows it: what the map of the same moment says in lines, and no more.

How deep a lesion lies is told by no map, so the picture does not tell it either.
"""

from __future__ import annotations

from dataclasses import replace

from pathways.drawing.liver import LiverState, named, state_of
from pathways.facts.patient_assessment import LesionScenario, PatientAssessment
from pathways.liver.anatomy import segments_of
from pathways.process.facts import State
from pathways.process.phases import LIVER_DONE


def liver_drawing(assessed: PatientAssessment, state: State, removed: int = 0, closed: int = 0) -> LiverState:
    """The liver there; `removed` and `closed` are segments taken out and embolised on the way (bit masks)."""
    scenario = LesionScenario(state.extent, state.sites, state.nature)
    gone = removed | assessed.past.gone
    shown = (
        []
        if state.stage in LIVER_DONE
        else [name for lesion, name in assessed.labelled if scenario.counts(lesion) or lesion.known_as == "vanished"]
    )
    proven = state.nature == "confirmed"
    drawn = state_of(assessed)
    lesions = tuple(
        replace(one, deep=False, nature="confirmed" if proven and one.nature == "suspected" else one.nature)
        for one in drawn.lesions
        if one.label in shown
    )
    shut = (closed | assessed.past.closed_inflow) & ~gone
    assert set(segments_of(shut)).isdisjoint(segments_of(gone))
    return replace(drawn, lesions=lesions, gone=named(gone), closed=named(shut))
