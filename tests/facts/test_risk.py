"""The model of death and liver failure: its figures, how its parts join, and its laws on drawn, shipped and tried cases."""

from collections import Counter
from itertools import pairwise, product

import numpy as np
import pytest
from builders import assessed, make_case
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from shipped import CONSTRUCTED, PUBLISHED, ROOT
from strategies import cases

import pathways as pw
from cohort.columns import drawn
from pathways.documents.problems import DocumentError, PathwaysError
from pathways.facts.derive import CaseFacts
from pathways.facts.figures import Figures
from pathways.facts.patient_assessment import TODAY, PatientAssessment
from pathways.facts.risk.case import person_of
from pathways.facts.risk.drivers import drivers, untold
from pathways.facts.risk.model import LEVELS, NOWHERE_NEAR, Anatomy, RiskModel
from pathways.facts.risk.person import Person
from pathways.knowledge.protocols import knowledge, load_protocol
from pathways.liver.anatomy import resections_by_mask
from pathways.liver.one_by_one import by_place
from pathways.liver.remnant_left import remaining
from pathways.planning.plan import plan
from pathways.planning.risks import StepRisks
from pathways.planning.uncertainty import Draws
from pathways.process.declaration import PROCESS
from pathways.process.operations import OPERATIONS

PARAMETERS = knowledge().parameters
DEFAULT = load_protocol()
HEMI, EXTENDED = Anatomy(False, 0.0), Anatomy(True, 0.0)
AT_THE_LIMIT = 0.5


def figure(name):
    return PARAMETERS[name].number


def person(age=65, asa=2, platelets=220.0, inr=1.0, background="normal", child_b=False, rectum=False):
    return Person(
        age_years=age, asa=asa, inr=inr, ggt=30.0, platelets=platelets, creatinine=80.0,
        steatohepatitis=background == "steatohepatitis", sinusoidal_injury=background == "sinusoidal_injury",
        cirrhosis=background == "cirrhosis" or child_b, child_b=child_b, rectum=rectum,
    )  # fmt: skip


def risk(operation, anatomy=NOWHERE_NEAR, level="national", who=None, figures=figure, **changed):
    return RiskModel(who or person(**changed), figures, level).of(OPERATIONS[operation], anatomy)


def percent(*arguments, **changed):
    return 100 * risk(*arguments, **changed).death


# --- figures ---------------------------------------------------------------------------------------------------------------

BY_AGE = [
    # operation, anatomy, ASA, deaths in per cent at 50, 65 and 80 years
    ("minor", NOWHERE_NEAR, 2, (0.28, 0.55, 1.1)),
    ("major", HEMI, 2, (0.8, 1.5, 3.0)),
    ("major", EXTENDED, 2, (1.3, 2.5, 4.8)),
    ("minor", NOWHERE_NEAR, 3, (0.6, 1.2, 2.3)),
    ("major", HEMI, 3, (1.7, 3.2, 6.1)),
    ("major", EXTENDED, 3, (2.7, 5.2, 9.7)),
]


@pytest.mark.parametrize(("operation", "anatomy", "asa", "expected"), BY_AGE)
def test_deaths_by_age_asa_and_extent_are_those_of_the_frozen_model(operation, anatomy, asa, expected):
    found = [percent(operation, anatomy, age=age, asa=asa) for age in (50, 65, 80)]
    assert found == pytest.approx(expected, abs=0.07)


def test_few_platelets_and_cirrhosis_are_those_of_the_frozen_model():
    found = [
        percent(one, where, platelets=90.0) for one, where in (("minor", HEMI), ("major", HEMI), ("major", EXTENDED))
    ]
    assert found == pytest.approx((1.8, 4.9, 7.8), abs=0.07)
    class_a = [percent(one, background="cirrhosis") for one in ("minor", "major")]
    class_b = [percent(one, background="cirrhosis", child_b=True) for one in ("minor", "major")]
    assert class_a == pytest.approx((2.5, 6.0), abs=0.05)
    assert class_b[0] >= 3.3
    assert class_b[1] >= 10.3
    # Of cirrhosis and few platelets the larger counts, not both; and no cirrhosis is safer than steatohepatitis.
    other = percent("major", background="steatohepatitis", platelets=90.0)
    assert percent("major", background="cirrhosis", platelets=90.0) == max(class_a[1], other)


def test_liver_failure_by_extent_and_remnant_is_that_of_the_frozen_model():
    found = [risk("minor").failure, *(risk("major", Anatomy(False, short)).failure for short in (0, AT_THE_LIMIT, 1))]
    assert found == pytest.approx((0.024, 0.093, 0.17, 0.30), abs=0.005)


@pytest.mark.parametrize("level", LEVELS)
def test_of_whom_nothing_is_told_the_average_of_a_series_is_told(level):
    means = {"national": (1.3, 3.5, 5.5), "experienced_centre": (1.0, 2.5, 4.0)}[level]
    healthy = [
        percent(one, where, level, NOBODY_NORMAL)
        for one, where in (("minor", HEMI), ("major", HEMI), ("major", EXTENDED))
    ]
    assert healthy == pytest.approx(means, rel=0.06)
    assert percent("ablation", HEMI, level, NOBODY_NORMAL) == pytest.approx(0.2)
    assert percent("primary", HEMI, level, NOBODY_NORMAL) == pytest.approx(1.8)


NOBODY_NORMAL = Person(None, None, None, None, None, None, False, False, cirrhosis=False, child_b=False, rectum=False)


@pytest.mark.parametrize(("operation", "most"), [("minor", 0.10), ("major", 0.20), ("second_stage", 0.30)])
def test_the_old_and_sick_do_not_explode(operation, most):
    """85 years, ASA 3, steatohepatitis, a remnant at its limit; 46 % before."""
    who = person(85, 3, background="steatohepatitis")
    extended = operation == "second_stage"
    assert risk(operation, Anatomy(extended, AT_THE_LIMIT), who=who).death < most


def test_there_is_no_floor_of_liver_failure():
    """At 45 years a hemihepatectomy with enough liver is safer than the deaths of average liver failure alone."""
    young = risk("major", age=45)
    assert young.death < 0.01
    assert young.failure * young.death_of_failure < young.death


@pytest.mark.parametrize("operation", OPERATIONS)
def test_the_parts_are_the_whole(operation):
    """Death at operation, and by liver failure where that is an outcome of its own, are the deaths that are told: nothing twice."""
    done = OPERATIONS[operation]
    for age, asa, background, short in product(
        (30, 65, 95), (1, 3, 5), ("normal", "steatohepatitis", "cirrhosis"), (0.0, 0.5, 1.0)
    ):
        found = risk(operation, Anatomy(False, short), who=person(age, asa, background=background))
        by_failure = found.failure * found.death_of_failure if done.may_fail else 0.0
        assert found.at_operation(done) + by_failure == pytest.approx(found.death)
        assert 0 <= found.at_operation(done) <= found.death < 1
        assert 0 <= found.death_of_failure <= 1


def test_an_old_sick_patient_is_not_saved_by_a_lung_metastasis():
    sick = person(80, 3, background="steatohepatitis")
    liver, lung = risk("minor", who=sick).death, risk("extrahepatic", who=sick).death
    assert risk("minor_with_extrahepatic", who=sick).death == pytest.approx(1 - (1 - liver) * (1 - lung))


def test_an_anticoagulant_says_nothing_of_the_liver():
    told, without = (
        person_of(assessed(patient={"anticoagulated": one}, liver={"inr": 2.0})).inr for one in (True, False)
    )
    assert told is None
    assert without == 2.0


# --- laws ------------------------------------------------------------------------------------------------------------------

ACTS = [one for one in PROCESS.triggers if one.kind == "decision" and one.to == "recovering"]
BACKGROUNDS = ("normal", "steatohepatitis", "cirrhosis")
SICKER = [
    *((("patient", "asa"), one) for one in pairwise((None, 2, 3, 4, 5)) if one[0]),
    *((("liver", "background"), one) for one in pairwise(BACKGROUNDS)),
    *((("liver", "background"), ("normal", one)) for one in ("sinusoidal_injury", "fibrosis", "steatosis")),
    (("liver", "platelets_e9_per_l"), (200.0, 110.0)),
    (("liver", "inr"), (1.0, 1.4)),
    (("liver", "child_pugh"), ("A", "B")),
]


def operation_of(act):
    return next(str(effect.value) for effect in act.effects if effect.fact == "operation")


def anatomies(case, enough):
    """By act: the resection, and what it means for the risk."""
    facts, found = CaseFacts(case, DEFAULT), {}
    risks, state = Figures(facts.assessed).risks, facts.start()
    for act in ACTS:
        one = facts.resection(act.clearance, state) if act.clearance else None
        if one is not None or not act.clearance:
            known = None if one is None else (one.removes, one.kept, one.limited, one.ablated)
            clearance = OPERATIONS[operation_of(act)].clearance
            found[act.name] = known, operation_of(act), risks.anatomy(clearance, state, enough=enough)
    return found


def deaths(case, found):
    """By act: what it removes and keeps, and death by it given that it is done."""
    model = Figures(PatientAssessment(case, DEFAULT)).risks.model
    return {
        name: (known, model.of(OPERATIONS[operation], where).death) for name, (known, operation, where) in found.items()
    }


def changed(case, part, key, value):
    of_part = getattr(case, part).model_copy(update={key: value})
    return case.model_copy(update={part: of_part})


def older(case):
    age = case.patient.age_years or 60
    for one, other in pairwise((age, age + 1, age + 12)):
        yield changed(case, "patient", "age_years", one), changed(case, "patient", "age_years", other)


def sicker(case):
    for (part, key), (before, after) in SICKER:
        yield changed(case, part, key, before), changed(case, part, key, after)


@st.composite
def one_and_more(draw):
    """Two ways to operate on one patient, whatever of the tumour they leave: the second takes all segments of the first."""
    case = draw(cases())
    seen = PatientAssessment(case, DEFAULT)
    problem = seen.problem(TODAY)
    cores = [core for core in (0, *resections_by_mask()) if not core & ~problem.present and problem.present & ~core]
    first = draw(st.sampled_from(cores))
    second = draw(st.sampled_from([core for core in cores if not first & ~core]))
    cut = draw(st.lists(st.sampled_from(problem.lesions), unique=True)) if problem.lesions else []
    more = [one for one in problem.lesions if one in cut or draw(st.booleans())]
    ways = [
        remaining(
            problem, core, [], [piece for one in limited for piece in by_place(one, core, problem.present & ~core)]
        )
        for core, limited in ((first, cut), (second, more))
    ]
    return seen, *ways


def test_to_take_more_of_the_liver_is_never_less_risky():
    compared = Counter()

    @given(one_and_more())
    @settings(max_examples=400, deadline=None, derandomize=True)
    def law(drawn_ways):
        seen, less, more = drawn_ways
        assume(less is not None and more is not None and (less.removes or less.limited))
        # A segment that goes whole may cost less than the rim of what would be cut out of it.
        assume(more.taken >= less.taken - 1e-9 and not less.lost & ~more.lost and not more.kept & ~less.kept)
        risks = Figures(seen).risks
        for enough in (True, False):
            found = [
                risks.model.of(OPERATIONS["major" if one.major else "minor"], risks.anatomy_of(one, 0, enough=enough))
                for one in (less, more)
            ]
            assert found[0].death <= found[1].death + 1e-12
            assert found[0].failure <= found[1].failure + 1e-12
        compared[less.clearance, more.clearance, less.by_share or more.by_share] += less.taken < more.taken

    law()
    assert compared["minor", "major", False] >= 20
    assert sum(number for (_, _, by_share), number in compared.items() if by_share) >= 5


@pytest.mark.parametrize(("size_mm", "deaths"), [(36, 0.55), (37, 1.5)])
def test_eight_limited_resections_cost_what_a_hemihepatectomy_costs_once_they_take_as_much(size_mm, deaths):
    lesions = [
        {"segments": [one], "size_mm": size_mm, "count": 1, "depth": "superficial", "contacts": []}
        for one in range(1, 9)
    ]
    told = {
        "background": "normal",
        "platelets_e9_per_l": 220,
        "inr": 1.0,
        "ggt_u_per_l": 30,
        "creatinine_umol_per_l": 80,
    }
    seen = assessed(
        lesions=lesions, patient={"age_years": 65, "asa": 2, "sex": "male"}, liver=told, primary={"site": "sigmoid"}
    )
    (one,) = (one for one in seen.resections(TODAY) if one.limited and not one.grown_only)
    risks = Figures(seen).risks
    found = risks.model.of(OPERATIONS[one.clearance], risks.anatomy_of(one, 0, enough=True))
    assert 100 * found.death == pytest.approx(deaths, abs=0.07)


def held(law, cases):
    """Compares every act of both neighbours on the same anatomy; how often, and how often there was nothing to compare."""
    counts = Counter()
    for case, enough in product(cases, (True, False)):
        by_background = {}
        for pair in law(case):
            for one in pair:
                if one.liver.background not in by_background:
                    by_background[one.liver.background] = anatomies(one, enough)
            before, after = (deaths(one, by_background[one.liver.background]) for one in pair)
            alike = [name for name, (known, _) in before.items() if name in after and after[name][0] == known]
            counts["compared" if alike else "empty"] += 1
            for name in alike:
                counts["acts"] += 1
                assert after[name][1] >= before[name][1] - 1e-12, (case.id, name, before[name][1], after[name][1])
    return counts


def tried():
    for path in sorted((ROOT / "tests" / "tried").rglob("*.yaml")):
        try:
            yield pw.load_case(path)
        except DocumentError:
            continue


def some(number, shipped=1):
    """Drawn cases, and every so many of the shipped and tried ones."""
    return [
        *drawn(number).cases(),
        *[pw.load_case(path) for path in (*PUBLISHED, *CONSTRUCTED)][::shipped],
        *[*tried()][::shipped],
    ]


@pytest.mark.parametrize("law", [older, sicker])
def test_older_and_sicker_are_not_safer(law):
    counts = held(law, some(6, shipped=14))
    assert counts["compared"] > counts["empty"]
    assert counts["acts"] > 200


@pytest.mark.slow
@pytest.mark.parametrize("law", [older, sicker])
def test_older_and_sicker_are_not_safer_in_thousands(law):
    counts = held(law, some(1900))
    assert counts["compared"] > counts["empty"]
    assert counts["acts"] > 100_000


PARTS = {
    "bowel": "primary", "elsewhere": "extrahepatic",
}  # fmt: skip


def test_the_whole_is_not_safer_than_its_parts():
    """Operations in one session, on the same patient, against each alone; and lesions ablated beside a resection."""
    compared = 0
    for case in some(6, shipped=9):
        facts = CaseFacts(case, DEFAULT)
        risks, state = Figures(facts.assessed).risks, facts.start()
        alone = {name: risks.of_operation(name, state, enough=True).death for name in OPERATIONS}
        for name, done in OPERATIONS.items():
            parts = [part for beside, part in PARTS.items() if getattr(done, beside) and done.liver != "none"]
            liver = name.removesuffix("_with_primary").removesuffix("_with_extrahepatic")
            parts += [liver] if liver != name else []
            parts += ["ablation"] if "with_ablation" in name else []
            for part in parts:
                compared += 1
                assert alone[name] >= alone[part] - 1e-12, (case.id, name, part)
    assert compared > 500


def test_the_laws_hold_in_every_draw_and_so_at_both_ends_of_intervals():
    draws = Draws(PARAMETERS, 60, 7)

    def spread(name):
        found = draws[name]
        return PARAMETERS[name].number if found is None else found

    ages = (40, 50, 64, 65, 80, 99)
    for operation, anatomy in product(OPERATIONS, (HEMI, Anatomy(True, 0.5), Anatomy(False, 1.0))):
        by_age = [risk(operation, anatomy, who=person(age), figures=spread).death for age in ages]
        by_asa = [risk(operation, anatomy, who=person(asa=one), figures=spread).death for one in range(1, 6)]
        by_liver = [
            risk(operation, anatomy, who=person(background=one), figures=spread).death
            for one in ("normal", "steatohepatitis")
        ]
        for column in (by_age, by_asa, by_liver):
            assert all(np.all(other >= one - 1e-12) for one, other in pairwise(column)), operation


# --- what is told ----------------------------------------------------------------------------------------------------------


def test_risk_of_an_act_is_told_with_its_interval_and_what_drives_it():
    old = pw.risk_of(
        "resect_liver_minor", make_case(patient={"age_years": 80, "asa": 3}, lesions=[{"segments": [6], "size_mm": 30}])
    )
    assert set(old) == {"value", "low", "high", "drivers"}
    assert old["low"] < old["value"] < old["high"]
    assert {"age", "asa"} <= {one["factor"] for one in old["drivers"] if one["told"]}
    assert {"ggt", "creatinine"} <= {one["factor"] for one in old["drivers"] if not one["told"]}


@pytest.mark.parametrize(
    ("act", "words"),
    [
        ("resect_liver_mjor", "did you mean"),
        ("palliate", "no step"),
        ("resect_liver_major_with_ablation", "no such resection"),
    ],
)
def test_risk_of_what_is_not_done_is_refused(act, words):
    with pytest.raises(PathwaysError, match=words):
        pw.risk_of(act, make_case(lesions=[{"segments": [6], "size_mm": 30, "depth": "superficial"}]), DEFAULT)


def test_of_a_primary_outside_the_bowel_no_risk_is_told():
    case = make_case(primary={"tumour": "pancreas", "status": "in_situ"})
    with pytest.raises(PathwaysError, match="of the bowel"):
        pw.risk_of("resect_primary", case)


def test_every_operation_of_a_plan_has_its_risk_and_nothing_else_has():
    found = plan(pw.load_case(PUBLISHED[0]), DEFAULT)
    for step in (step for one in found.pathways for step in one.steps):
        risky = step.kind == "decision" and ({"hepatectomy", "ablation", "primary_resection", "embolisation", "split", "first_stage",
                                              "last_stage", "further_stage", "metastasectomy"} & step.acts)  # fmt: skip
        assert (step.risk is not None) == bool(risky), step.trigger
        assert (step.as_json()["risk"] is None) == (step.risk is None)


def test_a_step_dies_as_the_outcomes_of_the_process_do():
    """What is told of a step is what the graph makes of it: death at operation, and by liver failure after it."""
    found = plan(pw.load_case(PUBLISHED[0]), DEFAULT)
    graph, evaluator, compared = found.graph, found.evaluation.evaluator, 0
    risks = StepRisks(evaluator.figures, evaluator.figures)
    for leaving in graph.edges:
        for edge in leaving:
            node, state = edge.target, graph.states[edge.target]
            if edge.declared.kind == "decision" and state.phase == "recovering":
                died = outcome_chances(graph, evaluator, node)
                total = died.get("dies_after_operation", 0.0)
                for after in graph.edges[node]:
                    if after.declared.name == "liver_fails":
                        killed = outcome_chances(graph, evaluator, after.target)["liver_failure_kills"]
                        total += died["liver_fails"] * killed
                assert risks.of(edge.declared, state).death.value == pytest.approx(total)
                compared += 1
    assert compared > 10


def outcome_chances(graph, evaluator, node):
    names = [edge.declared.name for edge in graph.edges[node]]
    return dict(zip(names, map(float, evaluator.chances(node)), strict=True))


def test_what_is_not_told_is_said_as_an_assumption():
    case = make_case(patient={"age_years": None}, lesions=[{"segments": [6], "size_mm": 30, "depth": "superficial"}])
    walk = next(one for one in plan(case, DEFAULT).pathways if one.operations)
    assert any("patient.age_years" in words and "average" in words for words in walk.assumptions)
    risks = Figures(assessed(patient={"age_years": None})).risks
    assert "patient.age_years" in untold(risks, "minor")


def test_beyond_the_data_no_figure_is_told():
    risks = Figures(
        assessed(patient={"age_years": 85, "asa": 4}, liver={"background": "cirrhosis", "child_pugh": "B"})
    ).risks
    death = risks.model.of(OPERATIONS["major"]).death
    assert death > 0.33
    assert drivers(risks, "major", NOWHERE_NEAR, death)[0].factor == "outside"


# --- the vena cava -------------------------------------------------------------------------------------------------------


def test_a_resection_with_the_wall_of_the_vena_cava_is_major_at_least_and_costs_more():
    minor, major = (risk(extent, Anatomy(False, 0.0, cava=True)).death for extent in ("minor", "major"))
    assert minor == pytest.approx(major, rel=0.1)
    odds = [one / (1 - one) for one in (risk("major", HEMI).death, major)]
    assert odds[0] < odds[1] < 2.3 * odds[0]
    assert risk("minor").death < risk("major", HEMI).death < major < risk("major", Anatomy(True, 0.0, cava=True)).death


@pytest.mark.parametrize(
    ("told", "resected"), [({"invades": ["vena_cava"]}, True), ({"contacts": ["vena_cava"]}, False)]
)
def test_only_a_tumour_that_has_grown_into_the_vena_cava_takes_its_wall(told, resected):
    lesion = {
        "id": "A",
        "segments": [7],
        "size_mm": 50,
        "count": 1,
        "depth": "deep",
        "contacts": ["right_hepatic_vein"],
        **told,
    }
    found = plan(make_case(lesions=[lesion]))
    first = next(one for one in found.pathways if "one_stage" in one.families)
    named = [driver.factor for step in first.steps if step.risk for driver in step.risk.drivers]
    assert ("vena_cava" in named) is resected
    assert [("resected" in words and "times those" in words) for words in first.warnings if "vena cava" in words] == [
        resected
    ]


# --- the bile duct -------------------------------------------------------------------------------------------------------


def test_a_resection_with_the_bile_duct_is_major_at_least_and_costs_more():
    minor, major = (risk(extent, Anatomy(False, 0.0, duct=True)).death for extent in ("minor", "major"))
    assert minor == pytest.approx(major, rel=0.1)
    odds = [one / (1 - one) for one in (risk("major", HEMI).death, major)]
    assert odds[0] < odds[1] < 1.77 * odds[0] + 1e-9


@pytest.mark.parametrize(
    ("told", "resected"),
    [
        ({"contacts": ["hilum", "left_portal_pedicle"], "bile_duct": "invaded"}, True),
        ({"contacts": ["left_portal_pedicle"], "bile_duct": "invaded"}, False),
        ({"contacts": ["hilum", "left_portal_pedicle"], "bile_duct": "none"}, False),
    ],
)
def test_only_a_tumour_that_has_grown_into_the_duct_at_the_hilum_takes_it(told, resected):
    lesion = {"id": "A", "segments": [4], "size_mm": 45, "count": 1, "depth": "deep", **told}
    found = plan(make_case(lesions=[lesion], liver={"biliary_obstruction": "drained"}))
    first = next(one for one in found.pathways if "one_stage" in one.families)
    named = [driver.factor for step in first.steps if step.risk for driver in step.risk.drivers]
    assert ("bile_duct" in named) is resected
    assert any("joined to the bowel" in words for words in first.warnings) is resected
