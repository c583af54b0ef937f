"""Facts of the person and of the disease as a whole: fitness, function, primary, wishes, policies, systemic treatment."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import get_args

from pathways.facts import (
    cleared,
    considerations,
    disease,
    fitness,
    halves,
    liver_function,
    pregnancy,
    primaries,
    systemic_before_surgery,
    transplantation,
)
from pathways.facts.blocks import AFTER, BEFORE, HALVES
from pathways.facts.patient_assessment import PatientAssessment
from pathways.facts.tables.vocabulary import Answers, Facts, judged, plain
from pathways.facts.verdict import Finding, Verdict, refused
from pathways.messages.catalogue import say
from pathways.process.blocks import MOST_BLOCKS, number_of_blocks
from pathways.process.phases import LIVER_SPARED
from pathways.words import Family

Rule = Callable[[PatientAssessment], Verdict]
# For every policy fact: the setting, and the choice looked for in it where it is a list.
POLICY_OF = {
    "two_stage": ("two_stage_accepted", ""),
    "alpps": ("alpps_accepted", ""),
    "lvd": ("lvd_accepted", ""),
    "bridging": ("bridging_accepted", ""),
    "watch_sites": ("vanished_policies", "watch"),
    "diagnostic_major": ("diagnostic_major_accepted", ""),
}
POLICIES: dict[str, Rule] = {
    "adjuvant_useful": partial(disease.policy, key="adjuvant_accepted", offer="adjuvant"),
    **{
        f"policy_{name}": partial(disease.policy, key=key, offer=name, choice=choice)
        for name, (key, choice) in POLICY_OF.items()
    },
    "policy_watch_sites": disease.watching,
}
WISHES: dict[str, Rule] = {
    f"accepts_{family}": partial(disease.patient_accepts, family=family) for family in get_args(Family)
}
# Rules about the case as it is.
FIXED: dict[str, Rule] = {
    "fit_major": partial(fitness.fit_for, wanted="major"),
    "fit_minor": partial(fitness.fit_for, wanted="minor"),
    "fit_emergency": fitness.fit_for_emergency,
    "fit_ablation": partial(fitness.fit_for, wanted="ablation"),
    "fit_alpps": fitness.fit_for_alpps,
    "liver_function_major": partial(fitness.function_for, wanted="major"),
    "liver_function_minor": partial(fitness.function_for, wanted="minor"),
    "liver_function_ablation": partial(fitness.function_for, wanted="ablation"),
    "liver_function_systemic": liver_function.bears_drugs,
    "ablation_safe": considerations.ablation_safe,
    "extrahepatic_operable": disease.extrahepatic_resectable,
    "simultaneous_minor": partial(disease.simultaneous_safe, extent="minor"),
    "simultaneous_major": partial(disease.simultaneous_safe, extent="major"),
    "transplantable": transplantation.transplantable,
    "perioperative_offered": systemic_before_surgery.offered,
    "primary_rules": primaries.primary_rules,
    "debulking_allowed": primaries.debulking_allowed,
    **POLICIES,
    **WISHES,
}


def answers(facts: Facts) -> Answers:
    """What is fixed for a case, and what the line of treatment, drainage and radiotherapy of a plan change in it."""
    assessed = facts.assessed
    return {
        **{name: judged(facts, partial(rule, assessed)) for name, rule in FIXED.items()},
        "fit_next_stage": judged(facts, partial(fitness.fit_for_next_stage, assessed)),
        "liver_function_next_stage": judged(facts, partial(fitness.function_for_next_stage, assessed)),
        "bile_drained": judged(facts, partial(fitness.biliary_drained, assessed)),
        **{
            f"diagnosis_by_{one}_resection": judged(facts, partial(disease.diagnosis_by_resection, assessed, one))
            for one in ("minor", "major")
        },
        "pregnancy_operation": judged(facts, partial(pregnancy.operation, assessed)),
        "pregnancy_systemic": judged(facts, partial(pregnancy.systemic, assessed)),
        "pregnancy_half": judged(facts, partial(pregnancy.systemic, assessed, course=BEFORE)),
        "pregnancy_radiation": judged(facts, partial(pregnancy.radiation, assessed)),
        "chemotherapy_left": judged(facts, partial(_chemotherapy_left, assessed)),
        "new_line_left": judged(facts, partial(_new_line_left, assessed)),
        "lines_left": judged(facts, partial(disease.lines_remaining, assessed)),
        "primary_operable": judged(facts, partial(disease.primary_resectable, assessed)),
        "first_half_left": judged(facts, partial(_first_half_left, assessed)),
        "second_half": partial(plain, _second_half(assessed)),
        "first_half_given": partial(plain, halves.first_half_given(assessed)),
        "elsewhere_found_out": judged(facts, partial(disease.elsewhere_found_out, assessed)),
        "targeted_before": judged(facts, partial(primaries.systemic_first, assessed)),
        "systemic_before": judged(facts, partial(systemic_before_surgery.given_first, assessed)),
        "extrahepatic_in_one_session": partial(_in_one_session, assessed, "extrahepatic_in_one_session_sites"),
        "extrahepatic_with_major": partial(_in_one_session, assessed, "extrahepatic_with_major_sites"),
        "transplant_tested": judged(facts, partial(transplantation.tested, assessed)),
        "transplant_observed": judged(facts, partial(transplantation.observed, assessed)),
        "prior_hepatectomy": partial(plain, assessed.past.hepatectomy),
        "treated_by_target": partial(plain, assessed.systemic == "targeted"),
        "primary_known": partial(_primary_known, assessed),
        "followed_up": partial(plain, facts.follow_up),
        "diversion_enough": partial(_diversion_enough, assessed),
        "rays_in_turn": judged(facts, partial(disease.rays_in_turn, assessed)),
        "radiotherapy_due": partial(plain, disease.radiotherapy_due(assessed)),
        "lasting_control": partial(plain, primaries.lasting_control(assessed)),
        "wishes_no_way_out": partial(plain, _no_way_out(assessed)),
        "primary_prepared": partial(_primary_prepared, assessed),
    }


def _second_half(assessed: PatientAssessment) -> bool:
    """Whether a half after the operation is planned; where the operation lies behind, whether it is still due."""
    planned = not assessed.targeted and assessed.protocol.whole(HALVES[AFTER]) > 0
    return planned and (not cleared.before_today(assessed) or halves.second_half_left(assessed))


def _diversion_enough(assessed: PatientAssessment) -> Finding:
    against = primaries.not_diverted(assessed)
    return plain(True) if against is None else Finding("no", (against,))


def _in_one_session(assessed: PatientAssessment, sites: str) -> Finding:
    """Whether the protocol takes liver and disease elsewhere in one session at all, and disease of the sites that are here."""
    key = "extrahepatic_in_one_session"
    verdicts = (disease.policy(assessed, key=key, offer=key), disease.sites_in_one_session(assessed, sites))
    return Finding("yes" if all(one.verdict == "allowed" for one in verdicts) else "no", verdicts)


def _primary_known(assessed: PatientAssessment) -> Finding:
    sought = primaries.primary_sought(assessed)
    return plain(True) if sought is None else Finding("no", (sought,))


def _no_way_out(assessed: PatientAssessment) -> bool:
    return bool({"palliative", "diagnostic_clarification"} & set(assessed.case.patient.declines))


def _primary_prepared(assessed: PatientAssessment, primary: str, stage: str) -> Finding:
    """Irradiated and rested; or irradiated, with an operation on the liver in the interval."""
    if not disease.radiotherapy_due(assessed):
        return Finding("yes", ())
    return plain(primary == "rested" or (primary == "irradiated" and stage not in ("none", LIVER_SPARED)))


def _chemotherapy_left(assessed: PatientAssessment, blocks: int, course: str = "") -> Verdict:
    return _all_counted(blocks) or disease.chemotherapy_remaining(assessed, blocks, course)


def _first_half_left(assessed: PatientAssessment, blocks: int) -> Verdict:
    within = _chemotherapy_left(assessed, blocks, BEFORE)
    if within.verdict != "refused" and halves.before_an_operation(assessed):
        cycles = assessed.past.cycles_counted
        words = (
            say("chemotherapy_remaining.half_given", cycles=cycles)
            if halves.first_half_given(assessed)
            else say("chemotherapy_remaining.more_than_half_given", cycles=cycles)
        )
        return refused("chemotherapy_remaining", words, closes="not_needed")
    return within


def _new_line_left(assessed: PatientAssessment, blocks: int) -> Verdict:
    return _all_counted(blocks) or disease.new_line_remaining(assessed, blocks)


def _all_counted(blocks: int) -> Verdict | None:
    given = number_of_blocks(blocks)
    if given < MOST_BLOCKS:
        return None
    return refused("chemotherapy_remaining", say("chemotherapy_remaining.most_counted", blocks=given))
