from dataclasses import replace

import pytest

from pathways.process import phases
from pathways.process.acts import ON_THE_LIVER, STIMULI
from pathways.process.checks import faults, targets
from pathways.process.declaration import PROCESS
from pathways.process.facts import LIVE_FACTS, NEUTRAL, State
from pathways.process.liveness import live_facts, reads
from pathways.process.model import BY_SITUATION, Chance, Guard


def with_changed(name, **changes):
    triggers = tuple(replace(one, **changes) if one.name == name else one for one in PROCESS.triggers)
    return faults(replace(PROCESS, triggers=triggers), phases.INVARIANTS)


def test_the_declared_process_has_no_fault():
    assert faults(PROCESS, phases.INVARIANTS) == []


@pytest.mark.parametrize(
    ("name", "changes", "words"),
    [
        ("recovers", {"hoped_for": False}, "0 times a hoped-for outcome"),
        ("dies_after_operation", {"hoped_for": True}, "2 times a hoped-for outcome"),
        ("recovers", {"chance": Chance("slow_recovery_chance")}, "0 times a outcome that takes the remainder"),
        ("dies_after_operation", {"chance": None}, "2 times a outcome that takes the remainder"),
        ("recovers", {"guards": (Guard("stage", frozenset({"none"}), "x"),)}, "has a guard"),
        ("discuss", {"sources": ()}, "cites no source"),
        ("discuss", {"phases": ("recovering",)}, "which is no decision phase"),
        ("discuss", {"to": "nowhere"}, "which is no phase"),
        ("discuss", {"guards": (Guard("mood", frozenset({"good"}), "x"),)}, "which is no fact"),
        ("discuss", {"guards": (Guard("nature", frozenset({"odd"}), "x"),)}, "asks nature for"),
        ("washed_out", {"to": "restaging"}, "without raising anything"),
        ("continue_conversion_chemotherapy", {"effects": ()}, "does not change it"),
        ("continue_conversion_chemotherapy", {"raises": "growth"}, "stands before growth in the rank"),
        ("first_stage", {"guards": ()}, "takes stage from first to first, which is no rise"),
        ("first_stage", {"guards": ()}, "takes stage from further to first, which is no rise"),
        ("embolise_portal_vein", {"effects": PROCESS.triggers[0].effects}, "does not change it"),
    ],
)
def test_a_seeded_fault_in_the_declaration_is_found(name, changes, words):
    assert any(words in fault for fault in with_changed(name, **changes))


@pytest.mark.parametrize(
    ("name", "fact"),
    [
        ("ablate_liver", "stage"), ("watch_vanished_sites", "sites"), ("resect_primary", "primary"), ("divert_or_stent", "primary"),
        ("irradiate_primary", "primary"), ("wait_after_radiotherapy", "primary"), ("resect_extrahepatic", "extrahepatic"),
        ("drain_bile_ducts", "bile"), ("start_second_line", "line"), ("bridge_with_chemotherapy", "blocks"),
        ("list_for_transplantation", "listed"), ("observe_before_listing", "listed"), ("repeat_hepatectomy", "relapse"),
    ],
)  # fmt: skip
def test_a_step_that_changes_the_patient_without_saying_by_which_act_is_a_fault(name, fact):
    assert any(
        one.startswith(f"{name} changes {fact}, but none of its acts is")
        for one in with_changed(name, acts=("meeting",))
    )


@pytest.mark.parametrize(
    ("name", "changes", "words"),
    [
        ("resect_primary", {"treats": ()}, "the act primary_resection and treating the primary go together"),
        ("resect_liver_minor", {"treats": ("primary",)}, "the act primary_resection and treating the primary go together"),
        ("resect_extrahepatic", {"treats": ()}, "the act metastasectomy and treating the extrahepatic go together"),
        ("resect_liver_minor", {"treats": ("extrahepatic",)}, "the act metastasectomy and treating the extrahepatic go together"),
        ("start_second_line", {"course": None}, "systemic treatment and its course go together"),
        ("embolise_portal_vein", {"acts": ("meeting",)}, "gives a growth stimulus, but names no act that is one"),
        ("resect_primary", {"acts": ("meeting",)}, "counts as an operation, but none of its acts is one"),
        ("recovers", {"acts": ("meeting",)}, "outcome recovers names acts, which only the team does"),
    ],
)  # fmt: skip
def test_a_step_whose_acts_say_another_thing_than_the_rest_of_it_is_a_fault(name, changes, words):
    assert any(name in fault and words in fault for fault in with_changed(name, **changes))


def test_only_what_is_decided_and_not_yet_done_takes_no_days():
    at_once = {
        "care", "control", "follow_up", "imaging", "meeting", "surveillance", "transplantation", "washout",
    }  # fmt: skip
    decisions = [one for one in PROCESS.triggers if one.kind == "decision" and not one.days]
    assert [one.name for one in decisions if not at_once.issuperset(one.acts)] == []


def test_whatever_comes_of_a_step_takes_time_where_anything_does_unless_the_patient_dies_or_it_is_known_at_once():
    at_once = {"liver_fails", "ablation_holds"}
    for phase in PROCESS.outcome_phases:
        outcomes = [one for one in PROCESS.triggers if phase in one.phases and one.to != "dead"]
        timeless = {one.name for one in outcomes if not one.days}
        assert timeless <= at_once or len(timeless) == len(outcomes), phase


def test_whatever_treats_a_liver_that_has_not_been_cleared_asks_whether_a_targeted_drug_has_come_first():
    on_it, later = ON_THE_LIVER | STIMULI | {"stereotactic"}, {"recurrence", "found at operation"}
    treating = [one for one in PROCESS.triggers if one.kind == "decision" and on_it & set(one.acts)]
    first = [one for one in treating if not later & set(one.treats)]
    assert [one.name for one in first if "targeted_before" not in {guard.fact for guard in one.guards}] == []
    assert len(first) > 20


@pytest.mark.parametrize("family", ["pve", "lvd", "two_stage", "alpps"])
def test_a_way_to_make_the_liver_grow_that_a_protocol_bars_is_barred_in_every_step_that_takes_it(family):
    ways = [one for one in PROCESS.triggers if STIMULI & set(one.acts) and family in {tag.family for tag in one.tags}]
    switches = {guard for one in ways for guard in one.guards if guard.fact.startswith("policy_")}
    assert {guard.fact for guard in switches} == ({f"policy_{family}"} if family != "pve" else set())
    assert [one.name for one in ways if not switches <= set(one.guards)] == []


@pytest.mark.parametrize(
    ("fact", "value", "finds"),
    [
        ("volume", "enough", "enough"), ("volume", "short", "short"), ("growth", "adequate", "enough"), ("growth", "weak", "short"),
        ("growth", "exhausted", "short"),
    ],
)  # fmt: skip
def test_an_outcome_of_volumetry_names_what_it_finds(fact, value, finds):
    # Where the disease has progressed meanwhile, that is what is found.
    found = [
        one
        for one in PROCESS.triggers
        if one.kind == "outcome" and all(effect.fact != "control" for effect in one.effects)
        if any(effect.fact == fact and value in (effect.value, *effect.mapping.values()) for effect in one.effects)
    ]
    assert found
    assert [one.name for one in found if finds not in one.finds] == []


def test_two_triggers_of_one_name_are_a_fault():
    doubled = replace(PROCESS, triggers=(*PROCESS.triggers, PROCESS.triggers[0]))
    assert "two triggers are called discuss" in faults(doubled, phases.INVARIANTS)


def test_every_rank_fact_is_a_live_fact_or_the_phase():
    assert set(PROCESS.rank) - {"phase"} <= {fact.name for fact in LIVE_FACTS}


def test_the_state_has_exactly_the_live_facts():
    assert State._fields == ("phase", *(fact.name for fact in LIVE_FACTS))
    assert set(NEUTRAL) == {fact.name for fact in LIVE_FACTS}


def test_ends_read_nothing():
    assert all(
        not live
        for (phase, _), live in live_facts().items()
        if phase in PROCESS.ends and phase != PROCESS.end_of_episode
    )


def test_liveness_covers_what_every_trigger_reads_in_its_phase():
    for trigger in PROCESS.triggers:
        for phase in trigger.phases:
            for (known, stage), live in live_facts().items():
                possible = all(stage in guard.values for guard in trigger.guards if guard.fact == "stage")
                if known == phase and possible:
                    assert reads(trigger, stage) <= live


def test_a_fact_is_live_where_a_step_asks_it_where_it_decides_where_the_step_leads_or_where_it_is_live_there():
    live = live_facts()
    for (phase, stage), found in live.items():
        asked = set()
        for trigger in (one for one in PROCESS.triggers if phase in one.phases):
            if not all(stage in guard.values for guard in trigger.guards if guard.fact == "stage"):
                continue
            sets = {effect.fact: effect.value for effect in trigger.effects if effect.value is not None}
            after = str(sets.get("stage", stage))
            later = set().union(*(live[place, after] for place in targets(trigger, after)))
            if trigger.to == BY_SITUATION:
                later |= {"stage", *phases.SITUATION_KEYS[after]}
            asked |= reads(trigger, stage) | (later - sets.keys())
        assert found == asked, (phase, stage)


def test_every_chance_and_duration_names_a_figure_that_exists():
    from pathways.facts.figures import COMPUTED_FROM, DAYS
    from pathways.knowledge.protocols import knowledge

    known = {*knowledge().parameters, *DAYS, *COMPUTED_FROM}
    assert {figure for figures in COMPUTED_FROM.values() for figure in figures} <= set(knowledge().parameters)
    for trigger in PROCESS.triggers:
        assert set(trigger.days.parameters if trigger.days else ()) <= known
        assert set(trigger.chance.parameters() if trigger.chance else ()) <= known


def test_chances_of_an_outcome_set_leave_something_for_the_remainder():
    from pathways.knowledge.protocols import knowledge

    parameters = knowledge().parameters
    for phase in PROCESS.outcome_phases:
        members = [one for one in PROCESS.triggers if phase in one.phases and one.chance and not one.chance.of_rest]
        counts = [guard.values for one in members for guard in one.guards if guard.fact == "recurrence"] or [{"none"}]
        for value in set().union(*counts):
            together = [
                one
                for one in members
                if all(value in guard.values for guard in one.guards if guard.fact == "recurrence")
            ]
            worst = sum(
                max((parameters[n].number for n in one.chance.parameters() if n in parameters), default=0)
                for one in together
            )
            assert worst <= 1


def test_every_fact_of_a_case_is_asked_by_some_step_and_every_wish_by_the_family_it_is_about():
    asked = {guard.fact for one in PROCESS.triggers for guard in one.guards}
    asked |= {guard.fact for one in PROCESS.triggers for tag in one.tags for guard in tag.when}
    asked |= {f"accepts_{tag.family}" for one in PROCESS.triggers for tag in one.tags}
    assert {one.name for one in PROCESS.case_facts} - asked == set()


def test_what_takes_the_days_to_a_meeting_is_one():
    waiting = [
        one for one in PROCESS.triggers if one.days and {"meeting_days", "days_to_meeting"} & {*one.days.parameters}
    ]
    assert len(waiting) > 4
    assert [one.name for one in waiting if "meeting" not in one.acts] == []


def test_a_chance_of_growth_hangs_on_what_volumetry_has_found_before_whatever_makes_the_liver_grow():
    of_growth = [one for one in PROCESS.triggers if one.chance and "stimulus" in one.chance.reads]
    assert len(of_growth) > 1
    assert [one.name for one in of_growth if not {"volume", "blocks"} <= set(one.chance.reads)] == []


def test_every_source_that_the_process_cites_exists():
    from pathways.knowledge.protocols import knowledge

    cited = {source for trigger in PROCESS.triggers for source in trigger.sources}
    cited |= {source for trigger in PROCESS.triggers for guard in trigger.guards for source in guard.sources}
    assert cited <= set(knowledge().sources)
