"""Plan and simulation say the same: patients like one case reproduce the curve of its plan within the error of their number."""

import numpy as np
import pytest
from shipped import named

import pathways as pw
from pathways.case.models import Case
from pathways.cohort.runs.outcomes import CAUSES
from pathways.cohort.runs.results import simulate
from pathways.planning.evaluate import evaluate
from pathways.planning.outlook import Outlook
from pathways.prognosis.patient import Prognosis

PATIENTS = 12_000
# Beside the error of the number: a plan takes the mean day of clearance for the day of everybody, and deaths of repeat operations stand in life
# after a recurrence there, while a cohort adds the patient's own; the older the patient the more.
APART = 0.012


OLD_AND_ELSEWHERE = {
    "patient": {"age_years": 85, "sex": "male", "ecog": 1},
    "extrahepatic": [{"site": "peritoneum", "resectable": False}],
}


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("alp-04", {}), ("sim-02", {}), ("conv-01", {}), ("lt-04", {}), ("sim-02", {"primary": {"mismatch_repair": "deficient"}}),
        ("sim-02", OLD_AND_ELSEWHERE),
    ],
)  # fmt: skip
def test_patients_like_a_case_reproduce_the_curve_of_its_plan(name, changes):
    told = pw.load_case(named(name)).model_dump(by_alias=True, exclude_unset=True, mode="json")
    for key, value in changes.items():
        told[key] = value if isinstance(value, list) else {**told.get(key, {}), **value}
    case = Case.model_validate(told)
    graph = pw.plan(case).graph
    worth = evaluate(graph).worth()
    outlook = Outlook(Prognosis(graph.facts.assessed, {}), worth, worth, "none")
    curve = simulate(case, patients=PATIENTS, seed=3).survival
    for year, planned in enumerate(outlook.survival, start=1):
        if year < 10:
            found = float(curve.value[round(365.25 * year)])
            error = 3 * np.sqrt(planned.value * (1 - planned.value) / PATIENTS)
            assert found == pytest.approx(planned.value, abs=error + APART), f"year {year}"


def test_survival_at_five_years_is_one_number():
    for one in pw.plan(pw.load_case(named("sim-02"))).as_json()["pathways"]:
        years = {row["year"]: row for row in one["survival"]}
        assert list(years) == list(range(1, 11))
        assert {key: years[5][key] for key in ("value", "low", "high")} == one["survival_5y"]
        values = [row["value"] for row in one["survival"]]
        assert values == sorted(values, reverse=True)


def test_other_primaries_have_no_figure():
    made = pw.plan(pw.load_case(named("net-01"))).as_json()
    assert made["life_hangs_on"] == []
    for one in made["pathways"]:
        assert one["survival"] is None
        assert one["life_months_10y"] is None
        assert one["drivers"] == []


def test_nobody_leaves_the_count_because_of_how_they_are():
    """Everybody is followed for ten years from the meeting: nobody is last seen alive before, whatever became of them."""
    counts = simulate(patients=3000, seed=2).outcome_counts
    assert counts.left_on[:-1].sum() == 0
    assert counts.died_of.sum() == counts.died_on.sum()
    assert counts.spent.sum() == int((counts.died_on + counts.left_on) @ np.arange(len(counts.died_on)))


def test_a_simulation_tells_groups_concordance_numbers_at_risk_and_causes():
    told = simulate(patients=20_000, seed=2).as_json()
    assert 0.55 <= told["c_index"]["fong"] <= 0.61
    assert 0.57 <= told["c_index"]["game"] <= 0.63
    medians = [one["median_survival_days"] for one in told["risk_groups"] if one["score"] == "game"]
    assert medians == sorted(medians, reverse=True)
    assert [one["patients"] for one in told["at_risk"]] == sorted(
        (one["patients"] for one in told["at_risk"]), reverse=True
    )
    dead = sum(rows[10]["value"] for rows in told["cumulative_incidence"].values())
    assert dead == pytest.approx(1 - told["survival"][10]["value"], abs=0.001)
    assert set(told["time_in_phase"]) == {"until_clearance", "free_of_recurrence", "after_recurrence", "never_cleared"}


def test_who_is_never_cleared_dies_of_other_causes_too():
    told = pw.load_case(named("sim-02")).model_dump(by_alias=True, exclude_unset=True, mode="json")
    for key, value in OLD_AND_ELSEWHERE.items():
        told[key] = value if isinstance(value, list) else {**told.get(key, {}), **value}
    counts = simulate(Case.model_validate(told), patients=3000, seed=3).outcome_counts
    assert counts.cleared == 0
    assert counts.died_of[CAUSES.index("other")].sum() > 100
