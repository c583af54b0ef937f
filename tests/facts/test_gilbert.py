"""Gilbert syndrome: a bilirubin that says nothing of the liver, and what is asked where nobody told why a value is high."""

import pytest
from builders import assessed, make_case

from pathways.facts.bad_ends import not_of_the_liver
from pathways.facts.liver_function import EXTENTS, bears_drugs, child_pugh, liver_sufficient
from pathways.facts.scores import albi
from pathways.knowledge.protocols import load_protocol
from pathways.planning.plan import plan

TOLD = {"gilbert": True, "insufficiency": [], "albumin_g_per_l": 42, "inr": 1.0}


def verdicts(**liver):
    one = assessed(liver={**TOLD, **liver})
    return [*(liver_sufficient(one, extent).verdict for extent in EXTENTS), bears_drugs(one).verdict]


@pytest.mark.parametrize(
    ("bilirubin", "gilbert", "opens"), [(51.1, True, True), (68, True, True), (68.1, True, False), (51.1, False, False)]
)
def test_gilbert_syndrome_explains_a_bilirubin_up_to_its_limit(bilirubin, gilbert, opens):
    found = verdicts(bilirubin_umol_per_l=bilirubin, gilbert=gilbert)
    assert found == ["allowed" if opens else "refused"] * 4


def test_gilbert_syndrome_explains_the_sign_of_jaundice_and_no_other():
    assert verdicts(insufficiency=["jaundice"]) == ["allowed"] * 4
    assert verdicts(insufficiency=["jaundice", "ascites"])[:3] == ["refused"] * 3


def test_gilbert_syndrome_needs_no_bilirubin():
    assert "bilirubin" not in liver_sufficient(assessed(liver={**TOLD, "bilirubin_umol_per_l": None}), "major").reason
    assert (
        "bilirubin"
        in liver_sufficient(assessed(liver={**TOLD, "gilbert": None, "bilirubin_umol_per_l": None}), "major").reason
    )


def test_scores_leave_the_bilirubin_of_gilbert_syndrome_out():
    values = {**TOLD, "bilirubin_umol_per_l": 60}
    assert child_pugh(assessed(liver=values)).computed is None
    assert child_pugh(assessed(liver={**values, "gilbert": False})).computed == "B"
    assert albi(make_case(liver=values)) is None
    assert albi(make_case(liver={**values, "gilbert": False})) is not None


def test_drained_ducts_and_gilbert_syndrome_bar_nothing_but_obstructed_ducts_are_drained_first():
    assert not assessed(liver={**TOLD, "bilirubin_umol_per_l": 60}).jaundiced
    assert (
        assessed(liver={**TOLD, "bilirubin_umol_per_l": 60, "biliary_obstruction": "present"}).biliary_obstruction
        == "present"
    )


def test_irinotecan_is_spoken_of_in_gilbert_syndrome_alone():
    assert "irinotecan" in bears_drugs(assessed(liver=TOLD)).reason
    assert "irinotecan" not in bears_drugs(assessed(liver={**TOLD, "gilbert": None})).reason


@pytest.mark.parametrize(
    ("liver", "patient", "asked"),
    [
        ({"inr": 1.5}, {}, []),
        ({"inr": 1.6}, {}, ["patient.anticoagulated"]),
        ({"inr": 1.6}, {"anticoagulated": False}, []),
        ({"bilirubin_umol_per_l": 34}, {}, []),
        ({"bilirubin_umol_per_l": 34.1}, {}, ["liver.biliary_obstruction", "liver.gilbert"]),
        ({"bilirubin_umol_per_l": 34.1, "biliary_obstruction": "none"}, {}, ["liver.gilbert"]),
        ({"bilirubin_umol_per_l": 34.1, "biliary_obstruction": "present"}, {}, []),
        ({"bilirubin_umol_per_l": 34.1, "gilbert": False}, {}, ["liver.biliary_obstruction"]),
        ({"bilirubin_umol_per_l": 68.1}, {}, ["liver.biliary_obstruction"]),
        ({"bilirubin_umol_per_l": 34.1, "background": "cirrhosis"}, {}, ["liver.biliary_obstruction"]),
        ({"bilirubin_umol_per_l": 34.1, "insufficiency": ["ascites"]}, {}, ["liver.biliary_obstruction"]),
    ],
)  # fmt: skip
def test_what_may_explain_a_value_is_asked_for_where_it_may(liver, patient, asked):
    one = assessed(liver={"insufficiency": [], "biliary_obstruction": None, **liver}, patient=patient)
    assert [missing.item for missing in not_of_the_liver(one)] == asked


def test_a_plan_that_a_value_closes_says_what_would_open_it():
    values = {
        "insufficiency": [],
        "albumin_g_per_l": 43,
        "inr": 2.4,
        "bilirubin_umol_per_l": 12,
        "biliary_obstruction": "none",
    }
    found = plan(make_case(liver=values), load_protocol("default"))
    [item] = [one for one in found.find_out_next if one.item == "patient.anticoagulated"]
    assert item.taken == "badly"
    assert (round(item.chance_now, 2), item.chance_otherwise > 0.9) == (0, True)
