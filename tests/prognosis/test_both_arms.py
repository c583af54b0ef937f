"""Life with and without clearance is told by the same factors: what shortens one does not lengthen the other, and what moves one alone is listed."""

import numpy as np
import pytest
from shipped import ROOT, named

import pathways as pw
from pathways.case.models import Case
from pathways.facts.derive import CaseFacts
from pathways.knowledge.protocols import load_protocol
from pathways.prognosis.background import other_deaths
from pathways.prognosis.factors import factors
from pathways.prognosis.patient import Prognosis
from pathways.prognosis.uncleared import hazards_by_ecog
from rule_answers import with_setting

DEFAULT = load_protocol("default")
CASES = ("alp-03", "conv-01", "lt-04", "sim-02", "deficient-mismatch-repair")
# Factors that move life on one side of a clearance alone, each with why.
ONE_ARM = {"margin": "only an operation has one, and today it is never known"}
# What kinds of patients that are put together move a curve by.
TOGETHER = 0.002
# With deficient mismatch repair, under immunotherapy: they still move recurrence.
SILENT = {"BRAF", "side of the primary"}


def file_of(name):
    return ROOT / "scenarios" / "constructed" / f"{name}.yaml" if name.startswith("deficient") else named(name)


def prognosis(name, protocol=DEFAULT, **changes):
    told = pw.load_case(file_of(name)).model_dump(by_alias=True, exclude_unset=True, mode="json")
    for section, keys in changes.items():
        told[section] = keys if isinstance(keys, list) else {**told.get(section, {}), **keys}
    return Prognosis(CaseFacts(Case.model_validate(told), protocol).assessed, {})


def at(one, factor, told):
    """The same patient with one input told so."""
    other = Prognosis(one.assessed, {})
    other.__dict__["told"] = {**one.told, factor.input: told}
    return other


def arms(one):
    return one.cleared().alive, one.uncleared(one.figure).alive


def moves(curve, average):
    """-1 where life is shorter in some year, 1 where it is longer, 0 where it is the same."""
    apart = curve - average
    assert apart.min() > -TOGETHER or apart.max() < TOGETHER, "a curve lies on one side of the average"
    return 0 if np.abs(apart).max() < TOGETHER else int(np.sign(apart.sum()))


def level_inputs(factor):
    for place, level in enumerate(factor.levels):
        yield (
            level,
            float(level.above if place else factor.levels[1].above - 1) + (0 if level.at_least else 1e-6 * (place > 0)),
        )


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("factor", factors(), ids=lambda one: one.name)
def test_what_shortens_one_arm_does_not_lengthen_the_other_and_what_moves_one_alone_is_listed(name, factor):
    one = prognosis(name)
    silent = factor.words in SILENT and one.told["repair_deficient"][0] == 1
    usual = arms(at(one, factor, (-np.inf, np.inf)))
    seen = [
        tuple(moves(curve, average) for curve, average in zip(arms(at(one, factor, (told, told))), usual, strict=True))
        for _, told in level_inputs(factor)
    ]
    assert all(cleared * uncleared >= 0 for cleared, uncleared in seen), seen
    on_both = any(cleared for cleared, _ in seen) and any(uncleared for _, uncleared in seen)
    assert on_both or factor.words in ONE_ARM or silent, seen


@pytest.mark.parametrize(
    ("worse", "better"),
    [
        ({"patient": {"age_years": 85}}, {"patient": {"age_years": 50}}),
        ({"patient": {"ecog": 2}}, {"patient": {"ecog": 0}}),
        ({"patient": {"age_years": 75, "sex": "male"}}, {"patient": {"age_years": 75, "sex": "female"}}),
        (
            {"history": [{"event": "chemotherapy", "week": -20, "regimen": "folfox", "response": "progression"}]},
            {"history": [{"event": "chemotherapy", "week": -20, "regimen": "folfox", "response": "stable"}]},
        ),
    ],
    ids=["age", "ecog", "sex", "a line that failed"],
)  # fmt: skip
def test_who_is_worse_off_lives_shorter_on_both_arms(worse, better):
    for ill, well in zip(arms(prognosis("sim-02", **worse)), arms(prognosis("sim-02", **better)), strict=True):
        assert (ill[1:] < well[1:]).all()


@pytest.mark.parametrize(("ecog", "months"), [(0, 27.6), (1, 20.0), (2, 10.8), (3, 6.8)])
def test_life_without_clearance_has_the_published_median_at_the_age_of_the_drawn_patients(ecog, months):
    one = prognosis("sim-02")
    years, shape = months / 12, one.figure("prognosis_without_clearance_shape")
    others = other_deaths(None, None, one.assessed.parameters).alive(years)
    hazard = hazards_by_ecog(one.figure, one.assessed.parameters)[ecog]
    assert np.exp(-hazard * years**shape) * others == pytest.approx(0.5)


def test_an_average_patient_of_the_resected_has_lighter_disease_than_those_whom_medians_without_clearance_are_of():
    nothing = prognosis("sim-02")
    nothing.__dict__["told"] = dict.fromkeys(nothing.told, (-np.inf, np.inf)) | {"failed_lines": (0.0, 0.0)}
    assert 0.75 < nothing.uncleared_ratio(nothing.figure) < 1


def test_the_plan_says_which_factors_are_on_one_arm_where_nothing_is_carried_over():
    alone = with_setting(DEFAULT, "life_carried_over", value=False)
    told = {one.factor: one.arm for one in prognosis("deficient-mismatch-repair", alone).one_armed}
    assert told["CEA"] == "cleared"
    assert told["mismatch repair"] == told["ECOG"] == "uncleared"
    carried = {one.factor for one in prognosis("deficient-mismatch-repair").one_armed}
    assert carried == SILENT
    assert not prognosis("sim-02").one_armed


def test_a_plan_with_a_new_liver_says_that_no_factor_moves_it():
    made = pw.plan(pw.load_case(named("lt-04"))).as_json()
    assert {"factor": "", "arm": "kept_liver"} in made["life_one_arm"]
    assert pw.plan(pw.load_case(named("sim-02"))).as_json()["life_one_arm"] == []


def test_deficient_mismatch_repair_lengthens_life_after_a_recurrence_as_without_clearance_only_where_that_is_carried_over():
    for protocol, longer in ((DEFAULT, True), (with_setting(DEFAULT, "life_carried_over", value=False), False)):
        deficient, proficient = (
            prognosis("sim-02", protocol, primary={"mismatch_repair": one}).cleared() for one in ("deficient", "proficient")
        )  # fmt: skip
        assert bool(deficient.alive[5] > proficient.alive[5] + 0.05) is longer
        assert deficient.free[5] == pytest.approx(proficient.free[5])


def test_life_without_clearance_is_no_longer_than_the_longest_published_median():
    best = {
        "patient": {"ecog": 0, "age_years": 50}, "lesions": [{"id": "A", "segments": [6], "count": 1, "size_mm": 12}], "extrahepatic": [],
        "primary": {"tumour": "colorectal", "site": "sigmoid", "status": "resected", "presentation": "metachronous", "interval_months": 40,
                    "node_positive": False, "ras": "wild_type", "braf": "wild_type", "cea_ng_per_ml": 2, "mismatch_repair": "proficient"},
    }  # fmt: skip
    for repair, months in (("proficient", 40.7), ("deficient", 77.5)):
        one = prognosis("sim-02", **{**best, "primary": {**best["primary"], "mismatch_repair": repair}})
        years, shape = months / 12, one.figure("prognosis_without_clearance_shape")
        others = other_deaths(None, None, one.assessed.parameters).alive(years)
        assert one.longest_uncleared is not None
        for _, hazard in one.uncleared_hazards(one.figure):
            assert np.exp(-hazard * years**shape) * others == pytest.approx(0.5)
    fit, less_fit = (prognosis("sim-02", **{**best, "patient": {"ecog": ecog}}) for ecog in (0, 1))
    assert less_fit.uncleared(less_fit.figure).alive[5] < fit.uncleared(fit.figure).alive[5]
    assert prognosis("sim-02").longest_uncleared is None
