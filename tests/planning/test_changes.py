"""What may open a pathway is measured, treated or chosen: no offered change makes the disease or the patient worse."""

import pytest
from builders import make_case
from shipped import CONSTRUCTED, PUBLISHED, named

from pathways.case.loading import load_case
from pathways.facts.derive import CaseFacts
from pathways.facts.patient_assessment import PatientAssessment
from pathways.knowledge.protocols import load_protocol
from pathways.liver.anatomy import mask_of
from pathways.planning.changes.model import Made
from pathways.planning.graded_changes import graded_changes
from pathways.planning.openness import families_open

DEFAULT = load_protocol()
BEST_FIRST = {
    "fit_for": ("major", "minor", "ablation", "none"),
    "depth": ("superficial", "deep"),
    "nature": ("vanished", "suspected", "confirmed"),
    "biliary_obstruction": ("none", "drained", "present"),
    "child_pugh": ("A", "B", "C"),
    "response": ("complete", "partial", "stable", "progression"),
}
LESS_IS_BETTER = {
    "size_mm", "count", "ecog", "asa", "bilirubin_umol_per_l", "inr", "icg_r15_percent", "cea_ng_per_ml",
}  # fmt: skip
MORE_IS_BETTER = {"albumin_g_per_l", "platelets_e9_per_l"}
# What nobody can change once it is known.
AS_IT_IS = {"age_years", "braf", "site"}
# What is planned with where nothing is told.
ASSUMED = {
    "fit_for": "major",
    "ecog": 0,
    "asa": 1,
    "biliary_obstruction": "none",
    "response": "stable",
    "depth": "superficial",
}
A_WORSE_ONE = {
    "r0_resectable": False, "status": "in_situ", "urgent": "obstruction", "resectable": False,
}  # fmt: skip


def worse(name, before, after):
    """Whether `after` is worse than `before` for a key of a case, or one that nobody can bring about."""
    if before == after:
        return False
    before = ASSUMED.get(name) if before is None else before
    if before is None or before == after:
        return False
    if name in BEST_FIRST:
        order = BEST_FIRST[name]
        return order.index(after) > order.index(before) if {before, after} <= set(order) else after not in order
    if name in LESS_IS_BETTER:
        return after > before
    if name in MORE_IS_BETTER:
        return after < before
    return name in AS_IT_IS or (name in A_WORSE_ONE and after == A_WORSE_ONE[name])


def worsenings(before, after):
    """Every key of a model of the case file, and of the models in it, that is worse in `after`."""
    for name in type(before).model_fields:
        if name in ("lesions", "extrahepatic", "history", "measured_remnants"):
            continue
        old, new = getattr(before, name), getattr(after, name)
        if hasattr(type(old), "model_fields"):
            yield from worsenings(old, new)
            continue
        more = isinstance(old, tuple) and name in ("contacts", "insufficiency") and not set(new) <= set(old)
        if more or worse(name, old, new):
            yield name


def all_worsenings(assessed, after):
    case = assessed.case
    yield from worsenings(case, after)
    pairs = zip(case.lesions, after.lesions) if len(case.lesions) == len(after.lesions) else ()
    for old, new in (*pairs, *zip(case.history, after.history)):
        if old.__class__ is new.__class__ and getattr(old, "event", "") == getattr(new, "event", ""):
            yield from worsenings(old, new)
    if len(after.lesions) > len(case.lesions) or not {one.site for one in after.extrahepatic or ()} <= {
        one.site for one in case.extrahepatic or ()
    }:
        yield "more disease"
    for one in set(after.liver.measured_remnants) - set(case.liver.measured_remnants):
        kept = assessed.present & ~mask_of(one.removes)
        if one.fraction < assessed.volumes.remnant(kept).low - 1e-9:
            yield "a smaller remnant"
    cycles = [sum(one.cycles or 0 for one in of.history if one.event == "chemotherapy") for of in (case, after)]
    if cycles[1] < cycles[0]:
        yield "treatment that was given is taken back"


SICK = make_case(
    patient={"age_years": 60, "fit_for": "minor", "ecog": 1, "asa": 3},
    liver={"background": "steatosis", "biliary_obstruction": "drained", "bilirubin_umol_per_l": 60, "albumin_g_per_l": 25,
           "icg_r15_percent": 20, "inr": 1.7, "child_pugh": "B"},
    primary={"status": "in_situ", "r0_resectable": True, "braf": "wild_type", "cea_ng_per_ml": 30},
    lesions=[{"segments": [6], "size_mm": 30, "count": 2, "depth": "superficial", "contacts": ["right_hepatic_vein"]},
             {"segments": [3], "nature": "suspected", "size_mm": 10}, {"segments": [2], "nature": "vanished", "size_mm": 10}],
    history=[{"week": -20, "until_week": -8, "event": "chemotherapy", "regimen": "folfox", "cycles": 6, "response": "stable"}],
)  # fmt: skip


def test_no_change_that_may_open_a_pathway_makes_anything_worse():
    checked = 0
    for case in (SICK, *(load_case(path) for path in [*PUBLISHED, *CONSTRUCTED])):
        assessed = PatientAssessment(case, DEFAULT)
        for graded_change in graded_changes(assessed):
            if graded_change.option:
                for step in graded_change.steps:
                    checked += 1
                    assert not list(all_worsenings(assessed, step.case)), (case.id, step.words)
    assert checked > 2000


def test_a_ladder_moves_one_key_and_is_of_one_kind():
    """What is asked of its last step is asked of all of them."""
    ladders = 0
    for case in (SICK, *(load_case(path) for path in [*PUBLISHED, *CONSTRUCTED][::3])):
        for one in graded_changes(PatientAssessment(case, DEFAULT)):
            ladders += 1
            assert {(step.key, step.kind) for step in one.steps} == {(one.key, one.steps[-1].kind)}
            assert [step.cost for step in one.steps] == sorted(step.cost for step in one.steps)
    assert ladders > 1000


@pytest.mark.parametrize("name", ["multi-stage", "alp-01"])
def test_the_ladders_of_one_key_are_those_among_all_that_move_it(name):
    path = next(one for one in [*PUBLISHED, *CONSTRUCTED] if one.stem == name)
    assessed = PatientAssessment(load_case(path), DEFAULT)
    every = list(graded_changes(assessed))
    keys = {one.key for one in every}
    assert {"liver.measured_remnants", "lesions[0].size_mm", "patient.ecog"} <= keys
    for key in keys:
        ours, theirs = list(graded_changes(assessed, key)), [one for one in every if one.key == key]
        assert [[(step.words, step.cost, step.case) for step in one.steps] for one in ours] == [
            [(step.words, step.cost, step.case) for step in one.steps] for one in theirs
        ]
    assert not list(graded_changes(assessed, "lesions[7].size_mm"))


def test_steps_are_made_when_they_are_looked_at_and_the_last_without_the_others():
    made = []

    def maker(number):
        def make():
            made.append(number)
            return None if number in (0, 2, 4) else number

        return make

    steps = Made([maker(number) for number in range(5)])
    assert steps
    assert steps[-1] == 3
    assert made == [4, 3]
    assert steps[0] == 1
    assert made == [4, 3, 0, 1]
    assert list(steps) == [1, 3] == list(steps[:9])
    assert len(steps) == 2
    assert set(made) == {0, 1, 2, 3, 4}
    none = Made([maker(number) for number in (0, 2)])
    assert not none
    assert len(none) == 0
    for place in (0, -1):
        with pytest.raises(IndexError):
            none[place]
    assert not Made([])


def test_what_makes_a_patient_worse_is_told_as_a_finding():
    """The law above has something to hold: every kind of worsening is a ladder of this patient, and none an option."""
    found = {
        name
        for graded_change in graded_changes(PatientAssessment(SICK, DEFAULT))
        for step in graded_change.steps
        for name in all_worsenings(PatientAssessment(SICK, DEFAULT), step.case)
        if not graded_change.option
    }
    assert found >= {"size_mm", "depth", "nature", "fit_for", "ecog", "asa", "more disease", "r0_resectable", "age_years",
                     "a smaller remnant", "treatment that was given is taken back", "biliary_obstruction"}  # fmt: skip


@pytest.mark.parametrize("name", ["abl-01", "lf-02", "rep-02-recurrence"])
def test_a_change_moves_no_fact_but_those_it_names(name):
    """What is not named is taken over from the case as it is when a change is tried."""
    facts = CaseFacts(load_case(named(name)), DEFAULT)
    for graded_change in graded_changes(facts.assessed):
        step = graded_change.steps[-1]
        after = CaseFacts(step.case, step.protocol)
        families_open(after)
        assert "start" in graded_change.touches or after.start() == facts.start(), step.words
        for fact, cells in after._cells.items():
            if not fact.startswith(graded_change.touches):
                for key, found in cells.items():
                    assert facts.cell(fact, key).value == found.value, (step.words, fact)


@pytest.mark.parametrize(
    ("now", "smaller", "larger"), [(23.0, (20.0, 15.0), (25.0, 30.0)), (25.0, (20.0, 15.0), (30.0, 35.0))]
)
def test_other_sizes_are_tried_at_every_full_five_millimetres_on_both_sides(now, smaller, larger):
    case = make_case(lesions=[{"id": "A", "segments": [6], "size_mm": now, "count": 1}])
    ladders = [
        tuple(step.case.lesions[0].size_mm for step in one.steps)
        for one in graded_changes(PatientAssessment(case, DEFAULT))
        if one.steps and one.steps[0].case and one.steps[0].key == "lesions[0].size_mm"
    ]
    assert [one[:2] for one in ladders] == [smaller, larger]


def test_other_volumetry_is_tried_point_by_point_up_to_less_than_twenty_five_away():
    case = make_case(
        lesions=[{"id": "A", "segments": [5, 6, 7, 8], "size_mm": 60, "count": 4}],
        liver={"measured_remnants": [{"removes": [5, 6, 7, 8], "fraction": 0.34}]},
    )
    points = {
        round(100 * (step.after - step.before))
        for one in graded_changes(PatientAssessment(case, DEFAULT))
        for step in one.steps
        if step.key == "liver.measured_remnants"
    }
    assert points == {*range(-24, 0), *range(1, 25)}


@pytest.mark.parametrize(("regimen", "weeks"), [("folfox", "short_cycle_weeks"), ("capox", "long_cycle_weeks")])
def test_a_course_of_more_or_fewer_cycles_began_so_many_cycles_earlier_or_later(regimen, weeks):
    given = {"week": -30, "until_week": -8, "event": "chemotherapy", "regimen": regimen, "cycles": 6}
    began = {
        (step.before, step.after): (step.case.history[0].week, step.case.history[0].until_week)
        for one in graded_changes(PatientAssessment(make_case(history=[given]), DEFAULT))
        for step in one.steps
        if step.key == "history[0].cycles"
    }
    assert began[6, 8] == (-30 - 2 * DEFAULT.number(weeks), -8)
    assert began[6, 4] == (-30 + 2 * DEFAULT.number(weeks), -8)
