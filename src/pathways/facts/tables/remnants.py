"""Facts of what stays: whether the remnant of a resection is enough, whether it can grow, whether measuring it would help."""

from __future__ import annotations

from functools import partial

from pathways.facts import geometry, remnant
from pathways.facts.patient_assessment import LesionScenario
from pathways.facts.tables.clearing import resection_of
from pathways.facts.tables.vocabulary import SCENARIO, Answers, Facts, judged, scenario_in
from pathways.facts.verdict import Finding, Verdict, refused
from pathways.liver.resection import CLEARANCES, Resection
from pathways.messages.catalogue import say
from pathways.process.facts import STIMULI
from pathways.process.model import Value

GIVEN = ("yes", "assumed")
# How a growth stimulus has ended that was not enough.
FELL_SHORT = ("weak", "exhausted")
# What a remnant in doubt is by what volumetry has found.
MEASURED = {"enough": "enough", "short": "short", "was_short": "short"}
# Shares of the liver that differ by less are one.
ALIKE = 1e-9


def answers(facts: Facts) -> Answers:
    """What stays, and what it can become."""
    return {
        **{f"reach_{one}": judged(facts, partial(_reach, facts, one)) for one in STIMULI},
        **{f"remnant_{one}": partial(remnant_of, facts, one) for one in (*CLEARANCES, "target", "debulking")},
        "volumetry_useful": partial(_volumetry_useful, facts),
        "growth_called_for": partial(_growth_called_for, facts),
    }


def remnant_of(facts: Facts, name: str, *key: Value) -> Finding:
    """Whether the remnant of a class is enough, as far as it is known in the plan."""
    assessed = facts.assessed
    scenario, (blocks, volume, growth) = scenario_in(key), key[SCENARIO:]
    found = resection_of(assessed, name, scenario)
    if found is None:
        return Finding("short", ())
    status = remnant.remnant_status(assessed, found, int(blocks))
    verdicts = partial(remnant.remnant_verdicts, assessed, found, int(blocks))
    target = assessed.target(scenario)
    if growth == "adequate" and found == target:
        return Finding("enough", verdicts)
    # What has not grown enough for the target does not for what takes its segments too: the estimate is answered.
    if (
        growth in FELL_SHORT
        and target is not None
        and target.removes & ~found.removes == 0
        and status.startswith("likely")
    ):
        return Finding("short", verdicts)
    if status.startswith("likely") and volume != "unmeasured":
        # What volumetry has found too small stays so, unless a response leaves more of it.
        responded = volume == "was_short" and scenario.extent == "responded"
        # Measured enough is the remnant that was in doubt first: it frees none that leaves less, and by the estimate too little.
        less = volume == "enough" and status == "likely_short" and _leaves_less(facts, found, scenario, int(blocks))
        status = "likely_short" if responded else "short" if less else MEASURED[str(volume)]
    return Finding(status, verdicts)


def _leaves_less(facts: Facts, one: Resection, scenario: LesionScenario, blocks: int) -> bool:
    """Whether a resection leaves less than the one whose remnant volumetry has measured."""
    measured = remnant.first_in_doubt(facts.assessed, scenario, blocks)
    return measured is not None and one.remnant.value < measured.remnant.value - ALIKE


def _reach(facts: Facts, stimulus: str, *key: Value) -> Verdict:
    scenario = scenario_in(key)
    target = facts.assessed.target(scenario)
    if target is None:
        return geometry.target_exists(facts.assessed, scenario)
    return remnant.growth_verdict(facts.assessed, target, stimulus, int(key[SCENARIO]), scenario)


def _volumetry_useful(facts: Facts, *key: Value) -> Finding:
    debulks = facts.cell("debulking_allowed", ()).value == "yes"
    for one in (*CLEARANCES, *(("debulking",) if debulks else ())):
        finding = facts.cell(f"remnant_{one}", key)
        if finding.value.startswith("likely"):
            return Finding("yes", finding.why)
    return Finding("no", (refused("remnant_volume", say("volumetry.changes_nothing")),))


def _growth_called_for(facts: Facts, *key: Value) -> Finding:
    """No class of resection leaves enough, surely or by the estimate."""
    for one in CLEARANCES:
        if facts.cell(f"clear_{one}", key[:SCENARIO]).value in GIVEN:
            finding = facts.cell(f"remnant_{one}", key)
            if finding.value in ("enough", "likely_enough"):
                found = resection_of(facts.assessed, one, scenario_in(key))
                name = found.name if found else one
                return Finding("no", (refused("remnant_growth", say("growth.not_called_for", resection=name)),))
    return Finding("yes", ())
