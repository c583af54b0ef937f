"""Every property holds on every shipped and drawn case, and each is shown able to fail by a fault put into the process."""

from dataclasses import replace

import pytest
from builders import make_case
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
from shipped import CONSTRUCTED, PUBLISHED, ROOT, graph_of
from strategies import cases, extreme_cases, measured_cases, sparse_cases

import pathways as pw
from pathways.conformance import proof
from pathways.conformance.acts import Act, acts_of
from pathways.conformance.limits import Limits
from pathways.conformance.proof import prove, structure
from pathways.conformance.properties import PROPERTIES, STRUCTURAL
from pathways.conformance.property import Breach, View
from pathways.conformance.timing import cycles_given, cycles_given_after
from pathways.facts import disease, figures
from pathways.facts.fitness import function_for
from pathways.facts.liver_function import bears_drugs
from pathways.facts.patient_assessment import TODAY, PatientAssessment
from pathways.facts.tables import person_and_disease
from pathways.graph import compiled, explore
from pathways.knowledge.protocols import load_protocol
from pathways.liver.volumes import Volumes
from pathways.process import liveness
from pathways.process.declaration import PROCESS
from pathways.process.model import BY_SITUATION, Effect
from rule_answers import with_setting

DEFAULT = load_protocol()
IDS = [*(one.id for one in PROPERTIES), *STRUCTURAL]
RIGHT = [{"segments": [5, 6, 7, 8], "count": 4, "size_mm": 50, "depth": "deep"}]
EASY = [{"segments": [6], "size_mm": 50, "depth": "superficial", "count": 1}]
SMALL_REMNANT = {"measured_remnants": [{"removes": [5, 6, 7, 8], "fraction": 0.22}]}
LARGE_REMNANT = {"measured_remnants": [{"removes": [5, 6, 7, 8], "fraction": 0.45}]}
CONVERSION = [
    {"segments": [5, 8], "size_mm": 60, "contacts": ["right_hepatic_vein", "middle_hepatic_vein", "left_hepatic_vein"]}
]


def broken(graph):
    return {one.id for one in prove(graph) if one.counter_example}


# --- they hold ------------------------------------------------------------------------------------------------------


def test_the_properties_are_those_of_the_design():
    assert set(IDS) == {
        "prompt_surgery", "remnant_before_resection", "remnant_remeasured", "imaging_fresh", "complete_clearance",
        "no_bar_ignored", "washout_respected", "chemotherapy_bounded", "restaged_in_time", "tumour_side_embolised",
        "staged_in_order", "interstage_fit", "urgent_primary_first", "simultaneous_only_when_safe",
        "characterised_before_resection", "benign_not_treated", "wishes_respected", "volume_conserved", "time_advances",
        "always_ends", "ends_stay_ended", "every_step_cited",
        # Intervals between treatments, beyond those of the design.
        "radiotherapy_interval", "targeted_long_enough", "observed_before_transplantation", "pregnancy_weeks_kept",
        "thrombosed_branch_left", "no_heat_at_joined_duct", "primary_looked_for", "grade_respected",
        # Orders that a protocol may ask for.
        "systemic_before_surgery", "remnant_cleared_first",
    }  # fmt: skip


EVERY = [(path, "default") for path in (*PUBLISHED, *CONSTRUCTED)]
EVERY += [(path, protocol) for protocol in ("mdacc", "european") for path in PUBLISHED[::3]]


@pytest.mark.parametrize(("path", "protocol"), EVERY, ids=lambda one: getattr(one, "stem", one))
def test_every_property_holds_on_every_shipped_case(path, protocol):
    graph = graph_of(path, protocol)
    assert not broken(graph)
    assert not [one.fault for one in structure(graph) if one.fault]


@pytest.mark.parametrize("path", [*PUBLISHED[::5], *CONSTRUCTED], ids=lambda path: path.stem)
def test_every_property_holds_beyond_clearance_too(path):
    assert not broken(pw.explore(pw.load_case(path), DEFAULT, follow_up=True))


@given(
    st.one_of(cases(), extreme_cases(), sparse_cases()),
    st.sampled_from(["default", "mdacc", "european"]),
    st.booleans(),
)
@settings(max_examples=150, deadline=None, derandomize=True)
def test_every_property_holds_on_drawn_cases(case, protocol, follow_up):
    graph = pw.explore(case, load_protocol(protocol), follow_up=follow_up)
    assert not broken(graph), [(one.id, one.counter_example) for one in prove(graph) if one.counter_example]
    assert not [one.fault for one in structure(graph) if one.fault]


@given(measured_cases(), st.sampled_from(["default", "mdacc", "european"]))
@settings(max_examples=60, deadline=None, derandomize=True)
def test_every_property_holds_where_the_function_of_the_liver_was_measured(case, protocol):
    graph = pw.explore(case, load_protocol(protocol))
    assert not broken(graph), [(one.id, one.counter_example) for one in prove(graph) if one.counter_example]


@given(measured_cases())
@settings(max_examples=400, deadline=None, derandomize=True)
def test_the_bars_of_a_failing_liver_computed_apart_are_those_of_the_rules(case):
    assessed = PatientAssessment(case, DEFAULT)
    for extent in ("ablation", "minor", "major"):
        refused = function_for(assessed, extent).verdict == "refused"
        assert Limits(assessed).failing_liver(extent) == refused, extent
    assert Limits(assessed).bears_no_drugs() == (bears_drugs(assessed).verdict == "refused")


class Treated(RuleBasedStateMachine):
    """One patient of a drawn case, any enabled step after another; every property watches."""

    @initialize(case=cases())
    def refer(self, case):
        self.graph = pw.explore(case, DEFAULT)
        self.acts = acts_of(self.graph)
        self.patient = pw.patient(case, DEFAULT)
        self.view = View(case, DEFAULT)
        self.memories = {one.id: one.start(self.view) for one in PROPERTIES}

    @rule(data=st.data())
    def step(self, data):
        if self.patient.ended:
            assert not self.patient.options()
            return
        leaving = self.graph.edges[self.graph.index[self.patient.state]]
        edge = data.draw(st.sampled_from(leaving))
        fire = self.patient.decide if edge.declared.kind == "decision" else self.patient.outcome
        fire(edge.declared.name)
        assert self.patient.state == self.graph.states[edge.target]
        act = self.acts[edge.source][leaving.index(edge)]
        for one in PROPERTIES:
            mode, clock = self.memories[one.id]
            if one.clock:
                clock = None if clock is None else clock + act.days
            answer = one.judge(mode, clock, act, self.view)
            assert not isinstance(answer, Breach), (one.id, answer)
            self.memories[one.id] = one.after(mode, clock, act, self.view) if one.after else (mode, clock)


TestTreated = Treated.TestCase
TestTreated.settings = settings(
    max_examples=25, stateful_step_count=30, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)


# --- they can fail ----------------------------------------------------------------------------------------------------


def forget():
    """What is worked out once of the process is worked out again."""
    for one in (liveness.live_facts, compiled._declared, compiled._leaving, compiled.resets, compiled._laid_out):
        one.cache_clear()


@pytest.fixture
def seeded(monkeypatch):
    """Explores a case under a process with faults: a change for each named trigger."""

    def seed(case, *, follow_up=False, protocol=DEFAULT, **faults):
        triggers = tuple(faults[one.name](one) if one.name in faults else one for one in PROCESS.triggers)
        faulty = replace(PROCESS, triggers=triggers)
        for module in (compiled, liveness, proof):
            monkeypatch.setattr(module, "PROCESS", faulty)
        monkeypatch.setattr(explore, "TRIGGERS", triggers)
        forget()
        return pw.explore(case, protocol, follow_up=follow_up)

    yield seed
    monkeypatch.undo()
    forget()


def without(*facts):
    """The trigger without its guards on `facts` (their beginnings)."""
    return lambda one: replace(one, guards=tuple(guard for guard in one.guards if not guard.fact.startswith(facts)))


def test_prompt_surgery_fails_where_a_conversion_goes_on_after_it_has_worked(seeded):
    assert "prompt_surgery" in broken(
        seeded(
            make_case(lesions=CONVERSION, liver=LARGE_REMNANT),
            continue_conversion_chemotherapy=without("situation", "extent", "convertible"),
        )
    )


def test_remnant_before_resection_fails_where_nobody_looks_at_the_remnant(seeded):
    case = make_case(lesions=RIGHT, liver=SMALL_REMNANT)
    assert "remnant_before_resection" in broken(seeded(case, resect_liver_major=without("remnant_")))


def test_remnant_remeasured_fails_where_growth_is_taken_for_granted(seeded):
    grown = lambda one: replace(one, to="resectable", effects=(Effect("stimulus", "pve"), Effect("growth", "adequate")))  # noqa: E731
    assert "remnant_remeasured" in broken(
        seeded(make_case(lesions=RIGHT, liver=SMALL_REMNANT), embolise_portal_vein=grown)
    )


def test_imaging_fresh_fails_where_the_meeting_has_no_pictures(seeded):
    assert "imaging_fresh" in broken(seeded(make_case(lesions=EASY), discuss=lambda one: replace(one, images=False)))


def test_imaging_fresh_fails_where_a_stage_follows_on_old_pictures(seeded):
    case = make_case(lesions=RIGHT, liver=SMALL_REMNANT, primary={"status": "in_situ", "r0_resectable": True})
    blind = lambda one: replace(one, images=False)  # noqa: E731
    assert "imaging_fresh" in broken(seeded(case, recovers=blind, recovers_slowly=blind))


def test_complete_clearance_fails_where_a_watched_site_is_forgotten(seeded):
    case = make_case(lesions=[*EASY, {"segments": [2], "nature": "vanished", "size_mm": 10}])
    forgotten = lambda one: replace(one, effects=(Effect("sites", "none"),))  # noqa: E731
    assert "complete_clearance" in broken(seeded(case, watch_vanished_sites=forgotten))


def test_no_bar_ignored_fails_where_nobody_asks_for_fitness(seeded):
    case = make_case(lesions=EASY, patient={"fit_for": "none"})
    assert "no_bar_ignored" in broken(seeded(case, resect_liver_minor=without("fit_")))


def test_no_bar_ignored_fails_where_progression_is_operated_on(seeded):
    assert "no_bar_ignored" in broken(seeded(make_case(lesions=EASY), resect_liver_minor=without("control")))


@pytest.mark.parametrize("step", ["resect_primary", "start_perioperative_chemotherapy", "resect_liver_minor"])
def test_no_bar_ignored_fails_where_a_jaundiced_patient_is_treated_undrained(seeded, step):
    case = make_case(
        lesions=EASY, liver={"biliary_obstruction": "present"}, primary={"status": "in_situ", "r0_resectable": True}
    )
    assert "no_bar_ignored" in broken(seeded(case, **{step: without("bile_drained")}))


def test_no_bar_ignored_fails_where_nobody_looks_at_the_bilirubin_before_drugs(seeded):
    case = make_case(lesions=EASY, liver={"bilirubin_umol_per_l": 150})
    assert "no_bar_ignored" in broken(
        seeded(case, start_perioperative_chemotherapy=without("liver_function_systemic", "situation"))
    )


def test_washout_respected_fails_where_nobody_waits(seeded):
    case = make_case(lesions=CONVERSION, liver=LARGE_REMNANT, primary={"ras": "mutated"})
    assert "washout_respected" in broken(seeded(case, washed_out=lambda one: replace(one, days=None)))


def test_chemotherapy_bounded_fails_without_its_limit(seeded):
    history = [
        {
            "week": -40,
            "until_week": -10,
            "event": "chemotherapy",
            "regimen": "folfox",
            "cycles": 12,
            "response": "stable",
        }
    ]
    case = make_case(lesions=EASY, history=history)
    assert "chemotherapy_bounded" in broken(seeded(case, start_perioperative_chemotherapy=without("first_half_left")))


def test_chemotherapy_bounded_counts_each_line_by_itself_where_the_protocol_does():
    def counted(all_lines, *acts):
        view = View(make_case(), with_setting(DEFAULT, "cycles_of_earlier_lines_count", all_lines))
        mode = (0, 0)
        for act in acts:
            mode, _ = cycles_given_after(mode, 0, act, view)
        return cycles_given(mode, 0, OPERATION, view)

    twelve = replace(CHEMOTHERAPY, cycles=12)
    progression = Act("restaging", frozenset({"restaging"}), decision=False, days=14, progressed=True)
    infusion = replace(CHEMOTHERAPY, families=("arterial_infusion",))
    assert counted(False, twelve, CHEMOTHERAPY) is not None
    assert counted(False, twelve, progression, CHEMOTHERAPY) is None
    assert counted(True, twelve, progression, CHEMOTHERAPY) is not None
    assert counted(False, twelve, infusion) is None
    assert counted(True, twelve, infusion) is not None
    assert counted(False, progression, twelve, CHEMOTHERAPY) is not None


def test_restaged_in_time_fails_where_a_block_follows_a_block(seeded):
    unseen = lambda one: replace(one, events=(), images=False)  # noqa: E731
    case = make_case(lesions=CONVERSION, liver=LARGE_REMNANT)
    assert "restaged_in_time" in broken(seeded(case, restaging_stable=unseen))


def test_radiotherapy_interval_fails_where_a_rectum_goes_with_the_wound_of_the_beam(seeded):
    rectum = {"status": "in_situ", "site": "rectum", "presentation": "synchronous", "needs_radiotherapy": True}
    assert "radiotherapy_interval" in broken(
        seeded(make_case(primary=rectum), wait_after_radiotherapy=lambda one: replace(one, days=None))
    )


def test_pregnancy_weeks_kept_fails_where_nobody_asks_for_the_week(seeded):
    case = make_case(lesions=EASY, patient={"sex": "female", "age_years": 36, "pregnant_weeks": 26})
    assert "pregnancy_weeks_kept" in broken(seeded(case, resect_liver_minor=without("pregnancy_operation")))


def test_thrombosed_branch_left_fails_where_nobody_looks_into_the_branch(seeded):
    case = make_case(lesions=[{**RIGHT[0], "thrombus": ["right_portal_pedicle"]}, *RIGHT[1:]], liver=SMALL_REMNANT)
    assert "thrombosed_branch_left" not in broken(pw.explore(case, DEFAULT))
    unseen = without("reach_pve", "growth_called_for")
    assert "thrombosed_branch_left" in broken(seeded(case, embolise_portal_vein=unseen))


def test_no_heat_at_joined_duct_fails_where_nobody_asks_for_the_duct(seeded):
    case = make_case(
        lesions=[{**EASY[0], "size_mm": 20}], liver={"bilioenteric_anastomosis": True}, patient={"fit_for": "minor"}
    )
    assert "no_heat_at_joined_duct" in broken(seeded(case, completion_ablation=without("ablation_safe")))


def test_primary_looked_for_fails_where_the_meeting_goes_on_without_it(seeded):
    case = make_case(lesions=EASY, primary={"tumour": "unknown", "site": None, "status": "none"})
    assert "primary_looked_for" in broken(seeded(case, discuss=without("primary_known")))


def test_grade_respected_fails_where_nobody_asks_for_the_grade(seeded):
    case = make_case(
        lesions=EASY, primary={"tumour": "neuroendocrine", "site": "ileum", "status": "resected", "grade": 3}
    )
    assert "grade_respected" in broken(seeded(case, resect_liver_minor=without("primary_rules")))


def test_systemic_before_surgery_fails_where_nobody_asks_for_the_score(seeded):
    case = make_case(lesions=[{**EASY[0], "count": 2}], primary={"node_positive": True, "presentation": "synchronous"})
    protocol = with_setting(DEFAULT, "systemic_first_from_points", 3)
    assert "systemic_before_surgery" not in broken(pw.explore(case, protocol))
    found = seeded(case, protocol=protocol, resect_liver_minor=without("systemic_before"))
    assert "systemic_before_surgery" in broken(found)


def test_remnant_cleared_first_fails_where_the_side_that_stays_is_forgotten(seeded):
    stays = {"segments": [2], "size_mm": 12, "count": 1, "depth": "superficial"}
    case = make_case(lesions=[{**RIGHT[0], "count": 1}, stays], liver=SMALL_REMNANT)
    protocol = with_setting(DEFAULT, "remnant_cleared_before_stimulus", True)
    assert "remnant_cleared_first" not in broken(pw.explore(case, protocol))
    found = seeded(case, protocol=protocol, embolise_portal_vein=without("cleared_before_stimulus"))
    assert "remnant_cleared_first" in broken(found)


def test_targeted_long_enough_fails_where_nobody_asks_how_long(seeded):
    case = make_case(primary={"tumour": "gist", "site": None, "status": "resected"})
    assert "targeted_long_enough" in broken(seeded(case, ablate_liver=without("targeted_before")))


def test_observed_before_transplantation_fails_where_nobody_observes(seeded):
    case = pw.load_case(ROOT / "tests" / "tried" / "guidelines" / "12e-tx-primary-in-situ.yaml")
    assert "observed_before_transplantation" in broken(
        seeded(case, list_for_transplantation=without("transplant_observed"))
    )


def test_tumour_side_embolised_fails_where_growth_is_planned_for_another_operation(seeded):
    """The fault that the proof found in the process itself, put back."""
    case = pw.load_case(next(path for path in CONSTRUCTED if path.stem == "neuroendocrine-debulking"))
    assert "tumour_side_embolised" in broken(seeded(case, embolise_portal_vein=without("growth_called_for")))


def test_staged_in_order_fails_where_stage_two_comes_first(seeded):
    phases = ("resectable", "remnant_insufficient", "unresectable")

    def first(one):
        return replace(without("stage", "growth", "condition", "side_cleared")(one), phases=(*one.phases, *phases))

    assert "staged_in_order" in broken(seeded(make_case(lesions=RIGHT, liver=SMALL_REMNANT), second_stage=first))


def test_interstage_fit_fails_where_nobody_waits_for_the_patient(seeded):
    assert "interstage_fit" in broken(
        seeded(make_case(lesions=RIGHT, liver=SMALL_REMNANT), alpps_stage_2=without("condition"))
    )


def test_urgent_primary_first_fails_where_the_obstruction_is_overlooked(seeded):
    case = make_case(lesions=EASY, primary={"status": "in_situ", "urgent": "obstruction", "r0_resectable": True})
    assert "urgent_primary_first" in broken(
        seeded(case, discuss=without("primary"), resect_liver_minor=without("primary"))
    )


def test_simultaneous_only_when_safe_fails_where_the_rectum_goes_with_half_the_liver(seeded):
    case = make_case(
        lesions=RIGHT, liver=LARGE_REMNANT, primary={"status": "in_situ", "site": "rectum", "r0_resectable": True}
    )
    assert "simultaneous_only_when_safe" in broken(seeded(case, resect_liver_major_and_primary=without("simultaneous")))


def test_characterised_before_resection_fails_where_a_shadow_is_operated_on(seeded):
    case = make_case(lesions=[{**EASY[0], "nature": "suspected"}])
    assert "characterised_before_resection" in broken(seeded(case, discuss=without("nature")))


def test_benign_not_treated_fails_where_a_benign_lesion_goes_on(seeded):
    case = make_case(lesions=[{**EASY[0], "nature": "suspected"}])
    onward = lambda one: replace(one, to=BY_SITUATION, effects=(Effect("nature", "confirmed"),))  # noqa: E731
    assert "benign_not_treated" in broken(seeded(case, lesion_benign=onward))


def test_wishes_respected_fails_where_nobody_asks_the_patient(monkeypatch):
    unasked = disease.patient_accepts
    monkeypatch.setitem(
        person_and_disease.FIXED,
        "accepts_alpps",
        lambda assessed: replace(unasked(assessed, "alpps"), verdict="allowed"),
    )
    assert "wishes_respected" in broken(
        pw.explore(make_case(lesions=RIGHT, liver=SMALL_REMNANT, patient={"declines": ["alpps"]}), DEFAULT)
    )


def test_volume_conserved_fails_where_liver_comes_from_nowhere(monkeypatch):
    honest = Volumes.remnant

    def generous(self, kept, lost_fraction=0.0):
        found = honest(self, kept, lost_fraction)
        return replace(found, value=found.value * 1.2)

    monkeypatch.setattr(Volumes, "remnant", generous)
    assert "volume_conserved" in broken(pw.explore(make_case(lesions=RIGHT, liver=LARGE_REMNANT), DEFAULT))


def test_time_advances_fails_where_a_step_takes_less_than_nothing(monkeypatch):
    monkeypatch.setitem(figures.DAYS, "meeting_days", lambda _: -3.0)
    assert "time_advances" in broken(pw.explore(make_case(lesions=EASY), DEFAULT))


def test_always_ends_fails_where_nobody_can_stop(seeded):
    case = make_case(lesions=CONVERSION, patient={"fit_for": "none"})
    gone = lambda one: replace(one, phases=())  # noqa: E731
    graph = seeded(case, palliate=gone, start_conversion_chemotherapy=gone, irradiate_lesions=gone)
    example = next(one.counter_example for one in prove(graph) if one.id == "always_ends")
    assert (example.words, example.rule) == ("no end can be reached from here", "always_ends")
    assert any(one.id == "no_dead_ends" and one.fault for one in structure(graph))


def test_ends_stay_ended_fails_where_an_end_leads_on(seeded):
    case = make_case(lesions=[{**EASY[0], "nature": "suspected"}])
    leads_on = lambda one: replace(one, phases=(*one.phases, "benign"))  # noqa: E731
    for follow_up in (False, True):
        graph = seeded(case, palliate=leads_on, follow_up=follow_up)
        example = next(one.counter_example for one in prove(graph) if one.id == "ends_stay_ended")
        assert (example.words, example.rule) == ("an end has a way out", "ends_stay_ended")
        names = [name for name, _ in example.steps]
        assert names[0] == "discuss_uncertain_lesion"
        assert names[-1] in ("lesion_benign", "benign_at_pathology")
        assert len(names) == 3


def test_every_step_cited_fails_where_a_source_is_missing(seeded):
    assert "every_step_cited" in broken(
        seeded(make_case(lesions=EASY), resect_liver_minor=lambda one: replace(one, sources=()))
    )


def test_every_property_has_a_fault_that_breaks_it():
    """A reminder for whoever adds a property: a test above must carry its name."""
    here = {name for name in globals() if name.startswith("test_") and "_fails_" in name}
    assert all(any(name.startswith(f"test_{one}_fails_") for name in here) for one in IDS)


# --- what a property says ---------------------------------------------------------------------------------------------

OPERATION = Act("resect", frozenset({"hepatectomy"}), decision=True, days=14)
CHEMOTHERAPY = Act("treat", frozenset({"systemic"}), decision=True, days=60, given=60, cycles=4)
BOTH = Act("both", frozenset({"hepatectomy", "primary_resection"}), decision=True, days=14, major=True)
LAST = Act("last", frozenset({"last_stage"}), decision=True, days=4, major=True)
HERE = {"status": "in_situ", "site": "rectum", "urgent": "bleeding"}
SUSPECTED = [{"segments": [6], "nature": "suspected"}]
SAYS = [
    ("prompt_surgery", {}, ("due", "folfox"), 7, CHEMOTHERAPY, "prompt_surgery",
     "4 cycles after a restaging had found the disease resectable", 4, "cycles"),
    ("prompt_surgery", {}, ("due", "folfox"), 60, OPERATION, "prompt_surgery",
     "60 days from the restaging to the operation, at most 56", 4, "days"),
    ("prompt_surgery", {}, ("due", "folfox"), None, OPERATION, "prompt_surgery",
     "the day of the restaging or of the operation is not told", None, None),
    ("remnant_before_resection", {}, (None, 0, 0.0), 0, replace(OPERATION, untold=frozenset({"removes"})), "remnant_volume",
     "which segments were removed is not told", None, None),
    ("remnant_remeasured", {}, True, 0, LAST, "remnant_volume",
     "a major resection without volumetry since the stimulus or stage one", None, None),
    ("remnant_remeasured", {}, True, 0, replace(LAST, days=None), "remnant_volume",
     "a record without days does not tell whether there was volumetry", None, None),
    ("imaging_fresh", {}, "never", 14, OPERATION, "imaging_fresh", "no imaging of the liver before its treatment", None, None),
    ("imaging_fresh", {}, "seen", 50, LAST, "imaging_fresh", "imaging 50 days old, at most 42", 8, "days"),
    ("imaging_fresh", {}, "seen", None, LAST, "imaging_fresh",
     "the day of the imaging or of the treatment is not told", None, None),
    ("washout_respected", {}, "folfox", 20, OPERATION, "washout_complete", "20 days since the last dose, at least 28", 8, "days"),
    ("washout_respected", {}, "folfox", None, OPERATION, "washout_complete", "the day of the last dose is not known", None, None),
    ("washout_respected", {}, "mystery", 20, OPERATION, "washout_complete", "the washout of mystery is not known", None, None),
    ("washout_respected", {}, None, 20, OPERATION, "washout_complete",
     "the washout of a regimen that is not told is not known", None, None),
    ("chemotherapy_bounded", {}, (8, 6), 0, OPERATION, "chemotherapy_remaining", "14 cycles before a resection, at most 12", 2, "cycles"),
    ("chemotherapy_bounded", {}, (13, 1), 0, OPERATION, "chemotherapy_remaining", "14 cycles before a resection, at most 12", 1, "cycles"),
    ("restaged_in_time", {}, 0, 0, CHEMOTHERAPY, "restaging", "60 days of treatment without restaging, at most 56", 4, "days"),
    ("restaged_in_time", {}, 0, 0, replace(CHEMOTHERAPY, given=None), "restaging", "the days of the treatment are not told", None, None),
    ("no_bar_ignored", {"patient": {"fit_for": "none"}}, (False, False, False), 0, OPERATION, "fit_for_operation",
     "not fit for a treatment of this extent (minor)", None, None),
    ("no_bar_ignored", {"patient": {"fit_for": "minor"}}, (False, False, False), 0, replace(OPERATION, major=True), "fit_for_operation",
     "not fit for a treatment of this extent (major)", None, None),
    ("no_bar_ignored", {}, (True, False, False), 0, OPERATION, "disease_controlled",
     "the disease has progressed and is not controlled again", None, None),
    ("no_bar_ignored", {"extrahepatic": [{"site": "bone"}]}, (False, False, False), 0, OPERATION, "extrahepatic_resectable",
     "disease outside the liver that is not operated on", None, None),
    ("no_bar_ignored", {"liver": {"insufficiency": ["ascites"]}}, (False, False, False), 0, OPERATION, "liver_sufficient",
     "signs of a failing liver", None, None),
    ("no_bar_ignored", {"liver": {"inr": 1.6}}, (False, False, False), 0, OPERATION, "liver_sufficient",
     "signs of a failing liver", None, None),
    ("no_bar_ignored", {"liver": {"child_pugh": "C"}}, (False, False, False), 0, OPERATION, "liver_sufficient",
     "signs of a failing liver", None, None),
    ("no_bar_ignored", {"liver": {"child_pugh": "B"}}, (False, False, False), 0, replace(OPERATION, major=True), "liver_sufficient",
     "signs of a failing liver", None, None),
    ("no_bar_ignored", {"liver": {"bilirubin_umol_per_l": 52}}, (False, False, False), 0, OPERATION, "liver_sufficient",
     "signs of a failing liver", None, None),
    ("no_bar_ignored", {"liver": {"bilirubin_umol_per_l": 35}}, (False, False, False), 0, replace(OPERATION, major=True), "liver_sufficient",
     "signs of a failing liver", None, None),
    ("no_bar_ignored", {"liver": {"albumin_g_per_l": 24}}, (False, False, False), 0, OPERATION, "liver_sufficient",
     "signs of a failing liver", None, None),
    ("no_bar_ignored", {"liver": {"background": "cirrhosis", "platelets_e9_per_l": 99}}, (False, False, False), 0, replace(OPERATION, major=True), "liver_sufficient",
     "signs of a failing liver", None, None),
    ("no_bar_ignored", {"liver": {"icg_r15_percent": 21}}, (False, False, False), 0, replace(OPERATION, major=True), "liver_sufficient",
     "signs of a failing liver", None, None),
    ("no_bar_ignored", {"liver": {"bilirubin_umol_per_l": 52, "albumin_g_per_l": 27, "inr": 1.4}}, (False, False, False), 0, replace(OPERATION, major=True), "liver_sufficient",
     "signs of a failing liver", None, None),
    ("no_bar_ignored", {"liver": {"biliary_obstruction": "present"}}, (False, False, False), 0, OPERATION, "biliary_drained",
     "bile ducts are obstructed and not drained", None, None),
    ("no_bar_ignored", {"liver": {"biliary_obstruction": "present"}}, (False, False, False), 0, CHEMOTHERAPY, "biliary_drained",
     "bile ducts are obstructed and not drained", None, None),
    ("no_bar_ignored", {"liver": {"bilirubin_umol_per_l": 52}}, (False, False, False), 0, CHEMOTHERAPY, "liver_sufficient",
     "the liver does not bear systemic treatment", None, None),
    ("no_bar_ignored", {"liver": {"child_pugh": "C"}}, (False, False, False), 0, CHEMOTHERAPY, "liver_sufficient",
     "the liver does not bear systemic treatment", None, None),
    ("tumour_side_embolised", {}, 0, 0, Act("e", frozenset({"embolisation"}), True, 42, occludes=0b11110000, removes=0b01110000),
     "tumour_side", "a branch of segments that are to stay is closed", None, None),
    ("tumour_side_embolised", {}, 0b11111000, 0, replace(LAST, removes=0b11110000), "tumour_side",
     "segments whose branch was closed are left", None, None),
    ("staged_in_order", {}, False, 0, LAST, "staged_in_order", "stage two without a stage one", None, None),
    ("interstage_fit", {}, True, 0, LAST, "interstage_fit", "stage two during liver failure or sepsis", None, None),
    ("urgent_primary_first", {"primary": HERE}, True, 0, OPERATION, "primary_not_urgent",
     "bleeding of the primary is not dealt with yet", None, None),
    ("simultaneous_only_when_safe", {"primary": HERE}, None, 0, BOTH, "simultaneous_safe",
     "a major hepatectomy together with the rectum", None, None),
    ("simultaneous_only_when_safe", {"primary": {**HERE, "site": None}}, None, 0, BOTH, "simultaneous_safe",
     "the site of the primary is not told", None, None),
    ("characterised_before_resection", {"lesions": SUSPECTED}, True, 0, OPERATION, "lesions_characterised",
     "a lesion that is only suspected is treated without being characterised", None, None),
    ("benign_not_treated", {}, (True, frozenset()), 0, OPERATION, "lesions_characterised",
     "the lesion was found benign: no oncological treatment follows", None, None),
    ("benign_not_treated", {}, (True, frozenset({"extrahepatic"})), 0, OPERATION, "lesions_characterised",
     "the lesion was found benign: no oncological treatment follows", None, None),
    ("benign_not_treated", {}, (True, frozenset()), 0, CHEMOTHERAPY, "lesions_characterised",
     "the lesion was found benign: no oncological treatment follows", None, None),
    ("wishes_respected", {"patient": {"declines": ["alpps"]}}, None, 0, replace(OPERATION, families=("alpps", "one_stage")),
     "patient_accepts", "the patient declines alpps", None, None),
    ("time_advances", {}, None, 0, replace(OPERATION, days=-2), "time_advances", "-2 days", None, None),
    ("every_step_cited", {}, None, 0, OPERATION, "every_step_cited", "resect cites no source", None, None),
]  # fmt: skip


@pytest.mark.parametrize(("name", "changes", "mode", "clock", "act", "rule", "words", "excess", "unit"), SAYS)
def test_a_property_says_what_is_wrong_by_how_much_and_by_which_rule(
    name, changes, mode, clock, act, rule, words, excess, unit
):
    one = next(one for one in PROPERTIES if one.id == name)
    answer = one.judge(mode, clock, act, View(make_case(**changes), DEFAULT))
    assert (answer.words, answer.rule) == (words, rule)
    assert (getattr(answer, "excess", None), getattr(answer, "unit", None)) == (excess, unit)


@pytest.mark.parametrize(("name", "changes", "mode", "clock", "act", "rule", "words", "excess", "unit"), SAYS)
def test_what_is_found_and_not_decided_breaks_nothing(name, changes, mode, clock, act, rule, words, excess, unit):
    """An outcome of nature is nobody's deviation; time and wishes bind every step."""
    one = next(one for one in PROPERTIES if one.id == name)
    answer = one.judge(mode, clock, replace(act, decision=False), View(make_case(**changes), DEFAULT))
    if name not in ("time_advances", "wishes_respected") and "removes" not in act.untold:
        assert answer is None


# --- counter-examples and structure -------------------------------------------------------------------------------------


def test_a_counter_example_is_a_shortest_route_with_days(seeded):
    graph = seeded(make_case(lesions=RIGHT, liver=SMALL_REMNANT), resect_liver_major=without("remnant_"))
    example = next(one.counter_example for one in prove(graph) if one.id == "remnant_before_resection")
    assert [name for name, _ in example.steps] == ["discuss", "resect_liver_major"]
    assert [day for _, day in example.steps] == [14, 28]
    assert example.excess == pytest.approx(DEFAULT.number("remnant_limit_normal") - 0.22)
    assert example.unit == "fraction"


def test_overlapping_outcomes_are_found(seeded):
    """Two hoped-for outcomes in one set."""
    graph = seeded(make_case(lesions=EASY), recovers_slowly=lambda one: replace(one, hoped_for=True))
    assert any(one.id == "outcomes_apart" and one.fault for one in structure(graph))


def test_days_are_judged_on_the_longest_way():
    """Of two ways into one state the later one counts."""
    late = next(one for one in PROPERTIES if one.id == "prompt_surgery")
    view = View(make_case(lesions=EASY), DEFAULT)
    operation = Act("resect", frozenset({"hepatectomy"}), decision=True, days=14)
    assert late.judge(("due", "folfox"), 56, operation, view) is None
    assert isinstance(late.judge(("due", "folfox"), 57, operation, view), Breach)


@pytest.mark.parametrize(("days", "wrong"), [(27, True), (28, False)])
def test_washout_is_four_weeks_on_both_sides_of_the_limit(days, wrong):
    washout = next(one for one in PROPERTIES if one.id == "washout_respected")
    act = Act("resect", frozenset({"hepatectomy"}), decision=True, days=14)
    assert isinstance(washout.judge("folfox", days, act, View(make_case(), DEFAULT)), Breach) == wrong


@pytest.mark.parametrize(("days", "wrong"), [(41, True), (42, False)])
def test_washout_of_bevacizumab_is_six_weeks_on_both_sides_of_the_limit(days, wrong):
    washout = next(one for one in PROPERTIES if one.id == "washout_respected")
    act = Act("resect", frozenset({"hepatectomy"}), decision=True, days=14)
    assert isinstance(washout.judge("folfox_bevacizumab", days, act, View(make_case(), DEFAULT)), Breach) == wrong


@pytest.mark.parametrize(("days", "answered"), [(41, "unknown"), (42, "nothing")])
def test_a_drug_whose_interval_nobody_knows_is_in_doubt_until_the_longest_has_passed(days, answered):
    washout = next(one for one in PROPERTIES if one.id == "washout_respected")
    found = washout.judge("mystery", days, OPERATION, View(make_case(), DEFAULT))
    assert ("nothing" if found is None else type(found).__name__.lower()) == answered


@pytest.mark.parametrize("kind", ["ablation", "embolisation"])
def test_washout_does_not_bind_ablation_or_embolisation(kind):
    washout = next(one for one in PROPERTIES if one.id == "washout_respected")
    act = Act("x", frozenset({kind}), decision=True, days=1)
    assert washout.judge("folfox", 1, act, View(make_case(), DEFAULT)) is None


@pytest.mark.parametrize(("regimen", "most"), [("folfox", 56), ("folfox_bevacizumab", 70), ("mystery", 70)])
def test_prompt_surgery_waits_for_the_washout_of_the_drug_and_no_longer(regimen, most):
    """The washout of the drug (of one not known the longest of the protocol), and four weeks for scheduling."""
    late = next(one for one in PROPERTIES if one.id == "prompt_surgery")
    view = View(make_case(), DEFAULT)
    assert late.judge(("due", regimen), most, OPERATION, view) is None
    assert late.judge(("due", regimen), most + 1, OPERATION, view).excess == 1.0


@pytest.mark.parametrize(("more_cycles", "expected"), [(1, "enough"), (2, "short")])
def test_weeks_of_the_history_and_of_the_plan_count_together(more_cycles, expected):
    """Ten weeks before, two a cycle: above twelve the limit is 40 %."""
    history = [{"event": "chemotherapy", "regimen": "folfox", "week": -30, "until_week": -20, "cycles": 2}]
    liver = {"measured_remnants": [{"removes": [5, 6, 7, 8], "fraction": 0.35}]}
    view = View(make_case(lesions=RIGHT, liver=liver, history=history), DEFAULT)
    one = next(one for one in view.assessed.resections(TODAY) if one.removes == 0b11110000)
    assert view.limits.remnant(one, more_cycles) == expected
