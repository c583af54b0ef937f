"""What a lesion grows into, tumour in a branch, a bile duct at a lesion, and a bile duct joined to the bowel."""

import pytest
from builders import assessed, facts, make_case
from shipped import ROOT, plan_at

import pathways as pw
from pathways.conformance.proof import prove
from pathways.facts.derive import CaseFacts
from pathways.facts.fitness import biliary_drained
from pathways.facts.patient_assessment import AFTER_RESPONSE, TODAY
from pathways.facts.remnant import growth_verdict
from pathways.liver.anatomy import LEFT_LATERAL, RIGHT, mask_of
from pathways.planning.assess import assess
from rule_answers import with_setting

DEFAULT = pw.load_protocol("default")
CASES = ROOT / "scenarios" / "constructed"
ANTERIOR = mask_of([5, 8])
PLACED = {"id": "A", "segments": [8], "size_mm": 25, "count": 1, "depth": "superficial"}


def lesion(**changes):
    return [{**PLACED, "contacts": [], **changes}]


def cores(lesions, scenario=TODAY, **changes):
    return {one.removes for one in assessed(lesions=lesions, **changes).resections(scenario)}


def plan_of(lesions):
    return assessed(lesions=lesions).lesions[0]


@pytest.mark.parametrize("key", ["contacts", "invades", "thrombus"])
def test_a_pedicle_that_is_touched_grown_into_or_full_of_tumour_goes(key):
    assert cores(lesion()) == {0}
    assert all(not ANTERIOR & ~core for core in cores(lesion(**{key: ["right_anterior_pedicle"]})))


def test_a_thrombus_in_the_vena_cava_is_grown_into_it_and_as_dangerous():
    def first(**changes):
        made = pw.plan(make_case(lesions=lesion(segments=[7, 8], depth="deep", **changes)))
        return made.pathways[0]

    touched, invaded, full = (first(**{key: ["vena_cava"]}) for key in ("contacts", "invades", "thrombus"))
    assert full.prospect.mortality.value == invaded.prospect.mortality.value > touched.prospect.mortality.value
    assert plan_of(lesion(thrombus=["vena_cava"])).cava == "invaded"


def test_a_response_frees_of_a_vessel_that_is_touched_and_of_none_that_is_grown_into():
    assert 0 in cores(lesion(contacts=["right_anterior_pedicle"]), AFTER_RESPONSE)
    for key in ("invades", "thrombus"):
        held = cores(lesion(contacts=["right_anterior_pedicle"], **{key: ["right_anterior_pedicle"]}), AFTER_RESPONSE)
        assert held
        assert all(not ANTERIOR & ~core for core in held)


def test_growth_into_a_hepatic_vein_takes_the_vein_after_a_response_too_and_contact_does_not():
    veins = ["right_hepatic_vein"]
    touched, into = (assessed(lesions=lesion(**one)) for one in ({"contacts": veins}, {"invades": veins}))
    assert [one.lesions_in(AFTER_RESPONSE)[0].veins for one in (touched, into)] == [(), tuple(veins)]


@pytest.mark.parametrize(
    "told", [{"invades": ["right_hepatic_vein"]}, {"thrombus": ["right_hepatic_vein"]}, {"bile_duct": "invaded"}]
)
def test_what_grows_into_something_is_not_ablated_unless_the_protocol_says_so(told):
    assert plan_of(lesion(contacts=["right_hepatic_vein"])).ablation.possible == "allowed"
    assert plan_of(lesion(**told)).ablation.possible == "refused"


@pytest.mark.parametrize(
    ("segments", "goes"), [([3], LEFT_LATERAL), ([4], mask_of([4])), ([6], mask_of([6, 7])), ([1], mask_of([1]))]
)
def test_a_duct_that_is_invaded_takes_the_section_that_drains_by_it(segments, goes):
    found = cores(lesion(segments=segments, bile_duct="invaded"))
    assert found
    assert all(not goes & ~core for core in found)
    assert cores(lesion(segments=segments, bile_duct="dilated")) == {0}


def test_the_duct_of_a_pedicle_that_is_touched_is_never_freed():
    held = lesion(contacts=["right_portal_pedicle"], bile_duct="invaded")
    assert all(not RIGHT & ~core for core in cores(held, AFTER_RESPONSE))
    assert 0 in cores(lesion(contacts=["right_portal_pedicle"]), AFTER_RESPONSE)


@pytest.mark.parametrize("stimulus", ["pve", "lvd", "split"])
def test_a_branch_with_tumour_in_it_gets_no_growth_stimulus(stimulus):
    small = {"liver": {"measured_remnants": [{"removes": [5, 6, 7, 8], "fraction": 0.24}]}}
    whole = [{"segments": [5, 6, 7, 8], "size_mm": 60, "count": 4, "contacts": [], "depth": "deep"}]
    free = assessed(lesions=whole, **small)
    shut = assessed(lesions=[{**whole[0], "thrombus": ["right_anterior_pedicle"]}], **small)
    elsewhere = assessed(lesions=[{**whole[0], "thrombus": ["right_hepatic_vein"]}], **small)
    answers = [
        growth_verdict(one, target, stimulus, 0).verdict
        for one in (free, shut, elsewhere)
        if (target := one.target(TODAY))
    ]
    assert answers == ["allowed", "refused", "allowed"]


def test_a_duct_dilated_at_a_lesion_is_asked_about_and_drained_where_there_is_jaundice():
    def spoken(duct, **liver):
        return biliary_drained(assessed(lesions=lesion(bile_duct=duct), liver=liver))

    assert spoken("none").verdict == "allowed"
    asked = spoken("dilated")
    assert (asked.verdict, "liver.biliary_obstruction" in asked.reason) == ("unknown", True)
    assert spoken("dilated", bilirubin_umol_per_l=90).verdict == "refused"
    assert spoken("dilated", bilirubin_umol_per_l=90, biliary_obstruction="drained").verdict == "allowed"
    assert spoken("dilated", biliary_obstruction="none").verdict == "allowed"


def test_a_bile_duct_joined_to_the_bowel_bars_ablation_also_of_what_is_found_later_and_no_resection():
    for joined, told in ((True, "no"), (False, "yes"), (None, "yes")):
        here = facts(lesions=lesion(), liver={} if joined is None else {"bilioenteric_anastomosis": joined})
        assert here.cell("ablation_safe", ()).value == told
        assert here.cell("clear_ablation", TODAY).value == told
        assert here.cell("clear_minor", TODAY).value == "yes"


@pytest.mark.parametrize(("tumour", "status", "told"), [("periampullary", "in_situ", "no"), ("periampullary", "resected", "yes"), ("pancreas", "in_situ", "yes")])  # fmt: skip
def test_a_duct_that_the_removal_of_the_primary_will_join_bars_ablation_also_of_what_is_found_later(
    tumour, status, told
):
    """What is left after the resection was to be ablated beside an anastomosis that the plan itself had made."""
    primary = {"tumour": tumour, "site": None, "status": status}
    here = facts(lesions=lesion(), primary=primary)
    assert here.cell("ablation_safe", ()).value == told
    assert here.cell("clear_ablation", TODAY).value == told
    accepted = with_setting(DEFAULT, "ablation_after_bilioenteric_anastomosis", True)
    case = make_case(lesions=lesion(), primary=primary)
    assert CaseFacts(case, accepted).cell("ablation_safe", ()).value == "yes"


@pytest.mark.parametrize(
    ("name", "first", "never"),
    [
        ("tumour-thrombus", "right anterior sectionectomy", "ablation"),
        ("invaded-bile-duct", "biliary drainage → left lateral sectionectomy", "ablation"),
        ("bilioenteric-anastomosis", "limited resection of A", "ablation"),
    ],
)
def test_the_shipped_cases_open_what_takes_the_territory_and_close_what_leaves_it(name, first, never):
    plan = plan_at(CASES / f"{name}.yaml")
    assert plan.pathways[0].title == first
    assert never not in plan.open


@pytest.mark.parametrize("name", ["tumour-thrombus", "invaded-bile-duct", "bilioenteric-anastomosis"])
def test_every_property_holds_on_them(name):
    graph = pw.explore(pw.load_case(CASES / f"{name}.yaml"), DEFAULT)
    assert not [one.id for one in prove(graph) if one.counter_example]


def test_an_assessment_names_what_is_grown_into():
    def rules(**told):
        return {one.rule for one in assess(make_case(lesions=lesion(**told)), DEFAULT).findings}

    assert "vessel_invasion" not in rules()
    for told in ({"invades": ["vena_cava"]}, {"thrombus": ["hilum"]}, {"bile_duct": "invaded"}):
        assert "vessel_invasion" in rules(**told)
