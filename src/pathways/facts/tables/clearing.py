"""Facts of the liver's geometry: which resections clear it, in how many sessions, by the lesions that count."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from pathways.facts import geometry
from pathways.facts.patient_assessment import LesionScenario, PatientAssessment
from pathways.facts.tables.vocabulary import Answers, Facts, judged, plain, scenario_in
from pathways.facts.verdict import Finding, Verdict
from pathways.liver.resection import CLEARANCES, Clearance, Resection
from pathways.messages.catalogue import called, say
from pathways.process.liver_operations import BORNE_BY
from pathways.process.model import Value

Seen = Callable[[PatientAssessment, LesionScenario], Verdict]
RULES: dict[str, Seen] = {
    "target": geometry.target_exists,
    "two_sided": geometry.two_sided,
    "target_in_one": geometry.target_in_one,
    "debulkable": geometry.debulkable,
    **{f"clear_{one}": partial(geometry.clearable, clearance=one) for one in CLEARANCES},
}
_CLEARANCE: dict[str, Clearance] = {one: one for one in CLEARANCES}


def answers(facts: Facts) -> Answers:
    """What clears the liver."""
    assessed = facts.assessed
    return {
        **{name: judged(facts, partial(_in_scenario, assessed, rule)) for name, rule in RULES.items()},
        "target_apart": partial(_target_apart, assessed),
        "convertible": judged(facts, partial(_convertible, facts)),
        "side_cleared": partial(_side_cleared, assessed),
        "cleared_before_stimulus": judged(facts, partial(_cleared_before, assessed)),
        "clearing_stages": partial(_clearing_stages, assessed),
        "only_vanished": partial(_only_vanished, assessed),
    }


def resection_of(assessed: PatientAssessment, name: str, scenario: LesionScenario) -> Resection | None:
    """The resection that a class (or `target`, `debulking`) stands for."""
    if name == "target":
        return assessed.target(scenario)
    if name == "debulking":
        found = assessed.debulking(scenario)
        return None if found is None else found.resection
    return geometry.best(assessed, scenario, _CLEARANCE[name])


def _target_apart(assessed: PatientAssessment, *key: Value) -> Finding:
    """Whether what a remnant is made to grow for, in one session, is not the resection that its class stands for."""
    scenario = scenario_in(key)
    target = assessed.target(scenario)
    if target is None or assessed.clearing_sessions(scenario) != 1:
        return plain(False)
    return plain(resection_of(assessed, target.clearance, scenario) != target)


def _in_scenario(assessed: PatientAssessment, rule: Seen, *key: Value) -> Verdict:
    return rule(assessed, scenario_in(key))


def _convertible(facts: Facts, *key: Value) -> Verdict:
    """A response is worth nothing that opens only an operation which person or liver does not bear."""
    assessed, scenario = facts.assessed, scenario_in(key)
    refusals = {one: against for one in CLEARANCES if (against := not_borne(facts, one)) is not None}
    if refusals and scenario.extent != "responded":
        then = assessed.resections(scenario._replace(extent="responded"))
        if then and all(one.clearance in refusals for one in then):
            return refusals[then[0].clearance]
    return geometry.convertible(assessed, scenario, frozenset(refusals))


def not_borne(facts: Facts, clearance: str) -> Verdict | None:
    """What bars a class of operation to this person and this liver. What is not known bars nothing here: the operation itself asks for it."""
    for name in BORNE_BY[clearance]:
        finding = facts.cell(name, ())
        if finding.value == "no":
            (bar,) = finding.verdicts
            words = say("clears.not_borne", treatment=called("clearance", clearance), why=bar.reason)
            return replace(bar, rule=geometry.RULE, reason=words)
    return None


def _cleared_before(assessed: PatientAssessment, stage: str, *key: Value) -> Verdict:
    return geometry.cleared_before_stimulus(assessed, stage, scenario_in(key))


def _in_one(assessed: PatientAssessment, scenario: tuple[Value, ...]) -> bool:
    return assessed.clearing_sessions(scenario_in(scenario)) == 1


def _side_cleared(assessed: PatientAssessment, stage: str, *scenario: Value) -> Finding:
    return plain(stage == "further" or _in_one(assessed, scenario))


def _clearing_stages(assessed: PatientAssessment, *scenario: Value) -> Finding:
    return Finding("one" if _in_one(assessed, scenario) else "two", ())


def _only_vanished(assessed: PatientAssessment, nature: str) -> Finding:
    left = [one for one, _ in assessed.entries if one.known_as != "vanished"]
    gone = nature == "proven"
    vanished = len(left) < len(assessed.entries)
    return plain(vanished and not [one for one in left if not (gone and one.known_as == "suspected")])
