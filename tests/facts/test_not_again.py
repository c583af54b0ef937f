"""A drug after which the disease came back soon is not given again at once."""

from dataclasses import replace

import pytest
from builders import make_case

from pathways.facts.patient_assessment import PatientAssessment
from pathways.facts.regimen import regimen
from pathways.knowledge.protocols import load_protocol

DEFAULT = load_protocol()
MUTATED = {"site": "sigmoid", "ras": "mutated", "braf": "wild_type"}


def seen(ended, *, drugs="folfox", found_after=8, triplet=False, **told):
    """Metastases found eight months after the primary was resected, after an adjuvant course that ended `ended` weeks ago."""
    begun = ended + 24
    primary = {**MUTATED, "presentation": "metachronous", "interval_months": found_after}
    history = [
        {"event": "primary_resection", "week": -begun - 6},
        {"event": "chemotherapy", "regimen": drugs, "cycles": 12, "week": -begun, "until_week": -ended, **told},
    ]
    protocol = DEFAULT
    if triplet:
        backbone = replace(DEFAULT.settings["conversion_backbone"], value="triplet")
        protocol = replace(DEFAULT, settings={**DEFAULT.settings, "conversion_backbone": backbone})
    return PatientAssessment(make_case(primary=primary, history=history), protocol)


@pytest.mark.parametrize(("ended", "backbone"), [(10, "folfiri"), (52, "folfiri"), (53, "folfox"), (120, "folfox")])
def test_irinotecan_is_named_within_a_year_of_adjuvant_oxaliplatin(ended, backbone):
    one = seen(ended)
    assert regimen(one, "first").name == f"{backbone}_bevacizumab"
    assert regimen(one, "perioperative").name == backbone
    said = f"adjuvant oxaliplatin ended {ended} weeks ago" in regimen(one, "first").why
    assert said == ("nccn_2018" in regimen(one, "first").sources) == (backbone == "folfiri")


@pytest.mark.parametrize("drugs", ["capox", "xelox", "folfoxiri"])
def test_it_is_the_drug_that_counts_and_not_the_name_of_the_regimen(drugs):
    assert regimen(seen(20, drugs=drugs), "first").name == "folfiri_bevacizumab"


def test_adjuvant_treatment_without_oxaliplatin_leaves_it_to_be_given():
    assert regimen(seen(20, drugs="capecitabine"), "first").name == "folfox_bevacizumab"


def test_what_was_given_against_the_metastases_and_answered_is_gone_on_with():
    assert regimen(seen(4, response="partial"), "first").name == "folfox_bevacizumab"


def test_three_drugs_hold_oxaliplatin_too():
    assert regimen(seen(20, triplet=True), "first").name == "folfiri_bevacizumab"
    assert regimen(seen(60, triplet=True), "first").name == "folfoxiri_bevacizumab"
    assert "triplet" not in regimen(seen(20), "first").why


def test_the_second_line_goes_by_the_first_and_not_by_the_adjuvant_treatment():
    assert regimen(seen(20), "second").name == "folfox_bevacizumab"
    assert regimen(seen(60), "second").name == "folfiri_bevacizumab"
