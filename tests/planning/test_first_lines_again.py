"""What stands first, and why what is closed is closed: patients in whom a board found it wrong."""

import pytest
from builders import make_case
from shipped import ROOT

import pathways as pw
import rule_answers
from pathways.facts.prognostic_inputs import NOTHING_KNOWN, inputs_of
from pathways.knowledge.protocols import load_protocol

KNOWN = {
    "patient": {"age_years": 58, "sex": "male", "height_cm": 175, "weight_kg": 78, "ecog": 0, "asa": 2, "fit_for": "major"},
    "liver": {
        "background": "normal", "insufficiency": [], "biliary_obstruction": "none", "bilioenteric_anastomosis": False, "bilirubin_umol_per_l": 10,
        "inr": 1.0, "albumin_g_per_l": 40, "platelets_e9_per_l": 230,
    },
    "extrahepatic": [],
}  # fmt: skip
RIGHT = {"segments": [5, 6, 7, 8], "size_mm": 60, "count": 5, "contacts": ["right_hepatic_vein", "right_portal_pedicle"], "depth": "deep"}  # fmt: skip


def planned(**told):
    known = {
        key: {**value, **told.pop(key, {})} if isinstance(value, dict) else told.pop(key, value)
        for key, value in KNOWN.items()
    }
    return pw.plan(make_case(**known, **told))


def test_a_road_that_never_arrives_stands_behind_care_and_is_the_best_of_nothing():
    """Split two weeks ago, from 18 to 24 %, and 40 % are needed: nobody comes to the last stage by the figures."""
    lesions = [
        {
            **RIGHT,
            "segments": [4, 5, 6, 7, 8],
            "count": 8,
            "contacts": ["middle_hepatic_vein", "right_hepatic_vein", "right_portal_pedicle"],
        }
    ]
    measured = [
        {"removes": [4, 5, 6, 7, 8], "fraction": 0.18, "week": -4},
        {"removes": [4, 5, 6, 7, 8], "fraction": 0.24, "week": 0},
    ]
    history = [
        {"event": "primary_resection", "week": -40},
        {
            "event": "chemotherapy",
            "regimen": "folfox_panitumumab",
            "cycles": 6,
            "week": -20,
            "until_week": -7,
            "response": "partial",
        },
        {"event": "alpps_stage_1", "partial": [2], "segments": ["right"], "week": -2},
    ]
    plan = planned(lesions=lesions, liver={"measured_remnants": measured}, history=history)
    first, *others = plan.pathways
    assert not first.curative
    assert {one.curative for one in others} == {True}
    assert all(one.prospect.cleared.value < 0.005 and not one.pareto for one in others)


def test_once_the_remnant_has_been_made_to_grow_the_liver_is_next():
    """As likely to go as planned, the bowel is resected before the embolisation or after the liver, and not between the two."""
    primary = {
        "site": "rectum",
        "status": "in_situ",
        "r0_resectable": True,
        "urgent": "none",
        "needs_radiotherapy": True,
        "presentation": "synchronous",
    }
    liver = {"measured_remnants": [{"removes": [5, 6, 7, 8], "fraction": 0.26, "week": -1}]}
    titles = [one.title for one in planned(lesions=[RIGHT], liver=liver, primary=primary).pathways]
    assert titles[0] == "radiotherapy of the rectum → primary → liver venous deprivation → right hepatectomy"


def test_what_has_only_to_be_found_out_is_no_reason_beside_what_refuses():
    """Progression bars the operation; that a remnant of 55 % is an estimate does not."""
    lesions = [
        {"segments": [5, 6, 7, 8], "count": 4, "size_mm": 50, "contacts": []},
        {"segments": [3], "count": 2, "size_mm": 20, "contacts": []},
    ]
    failed = {"event": "chemotherapy", "cycles": 6, "response": "progression"}
    history = [
        {**failed, "regimen": "folfox_cetuximab", "week": -40, "until_week": -28},
        {**failed, "regimen": "folfiri_bevacizumab", "week": -24, "until_week": -8},
    ]
    closed = {one.family: one for one in planned(lesions=lesions, history=history).closed}
    assert {one.rule for one in closed["one_stage"].verdicts} == {"disease_controlled"}


def test_a_pump_is_open_beside_making_the_remnant_grow():
    """Whoever has too little liver left may answer to drugs into the artery as well as to systemic ones."""
    case = pw.load_case(ROOT / "scenarios" / "constructed" / "damaged-liver.yaml")
    names = [one.families for one in pw.plan(case).pathways]
    place = next(place for place, one in enumerate(names) if "arterial_infusion" in one)
    assert any({"pve", "lvd"} & set(one) for one in names[:place])


@pytest.mark.parametrize(
    ("site", "together"), [("portal_nodes", True), ("adrenal", True), ("ovary", True), ("peritoneum", False)]
)
def test_what_lies_in_the_same_belly_is_removed_with_the_liver_and_not_before_it(site, together):
    """Where chance and deaths read alike; of other sites the order is left to chance, risk and time."""
    primary = {"site": "sigmoid", "status": "resected", "presentation": "metachronous", "interval_months": 18}
    found = [{"site": site, "count": 1, "resectable": True, "nature": "confirmed", "size_mm": 15}]
    lesion = {"id": "A", "segments": [6], "size_mm": 30, "count": 1, "contacts": [], "depth": "superficial"}
    first, second = planned(lesions=[lesion], primary=primary, extrahepatic=found).pathways[:2]
    assert {one.operations for one in (first, second)} == {1, 2}
    assert (first.operations == 1) is together
    assert [one.apart for one in (first, second)] == [False, together]


@pytest.mark.parametrize(("site", "together"), [("portal_nodes", True), ("lung", False), ("adrenal", False)])
def test_nodes_of_the_pedicle_go_in_the_session_of_a_major_resection_too(site, together):
    """Two laparotomies, the nodes first and the right liver eight weeks later, were the only way."""
    found = [{"site": site, "count": 1, "resectable": True, "nature": "confirmed", "size_mm": 15}]
    primary = {"site": "sigmoid", "status": "resected", "presentation": "metachronous", "interval_months": 18}
    plan = planned(lesions=[RIGHT], primary=primary, extrahepatic=found)
    assert (plan.pathways[0].title == "right hepatectomy, with the extrahepatic disease") is together
    assert any("with the extrahepatic disease" in one.title for one in plan.pathways) is together


@pytest.mark.parametrize(
    ("count", "fraction", "said"),
    [
        # Five of 45 mm are 47 % of the liver in pieces; the right side whole leaves 36 %, and 30 % are enough of a normal liver.
        (5, 0.36, True), (5, 0.30, True), (5, 0.29, False),
        # Four are 37 %: no major resection by volume.
        (4, 0.36, False),
    ],
)  # fmt: skip
def test_what_is_major_piece_by_piece_is_said_beside_the_side_that_could_go_whole(count, fraction, said):
    lesion = {"segments": [5, 6, 7, 8], "size_mm": 45, "count": count, "contacts": [], "depth": "superficial"}
    liver = {"total_ml": 1500, "measured_remnants": [{"removes": [5, 6, 7, 8], "fraction": fraction}]}
    plan = planned(lesions=[lesion], liver=liver)
    words = f"right hepatectomy, which clears the liver in one piece and leaves {fraction:.0%}, enough today"
    assert any(one.startswith(words) for one in plan.assessment.not_modelled) is said
    warned = [one for one in plan.pathways[0].warnings if "piece by piece" in one]
    assert bool(warned) is said
    if said:
        assert "right hepatectomy clears it in one piece" in warned[0]


def test_a_side_that_does_not_go_whole_without_cutting_on_the_other_is_not_offered_in_one_piece():
    lesions = [
        {"segments": [5, 6, 7, 8], "size_mm": 45, "count": 5, "contacts": [], "depth": "superficial"},
        {"segments": [2], "size_mm": 15, "count": 1, "contacts": [], "depth": "superficial"},
    ]
    liver = {"total_ml": 1500, "measured_remnants": [{"removes": [5, 6, 7, 8], "fraction": 0.4}]}
    assert not any("in one piece" in one for one in planned(lesions=lesions, liver=liver).assessment.not_modelled)


ONE = {"segments": [6], "size_mm": 25, "count": 1, "contacts": [], "depth": "superficial"}


@pytest.mark.parametrize(
    ("age", "asa", "first"), [(58, 2, "limited resection of lesion 1"), (91, 3, "ablation of lesion 1")]
)
def test_cut_because_it_is_superficial_until_the_deaths_outweigh_it(age, asa, first):
    """At 91 and ASA 3 four die of a limited resection for one of an ablation, which clears the liver as often."""
    plan = planned(lesions=[ONE], patient={"age_years": age, "asa": asa, "ecog": 1 if age > 80 else 0})
    assert plan.pathways[0].title == first
    cut, burnt = (
        next(one for one in plan.pathways if one.title == f"{how} of lesion 1")
        for how in ("limited resection", "ablation")
    )
    assert (cut.prospect.deaths.value - burnt.prospect.deaths.value >= 0.02) is (age > 80)


@pytest.mark.parametrize(
    ("outweighed", "first"), [(0.02, "ablation of lesion 1"), (0.05, "limited resection of lesion 1")]
)
def test_how_many_deaths_outweigh_the_depth_is_a_setting(outweighed, first):
    known = {key: {**value} if isinstance(value, dict) else value for key, value in KNOWN.items()}
    known["patient"] |= {"age_years": 91, "asa": 3, "ecog": 1}
    protocol = rule_answers.with_setting(load_protocol(), "depth_outweighed_by_deaths", outweighed)
    assert pw.plan(make_case(**known, lesions=[ONE]), protocol).pathways[0].title == first


def test_what_comes_back_where_it_was_irradiated_is_no_progression_of_the_disease():
    """One metastasis of 25 mm that has failed locally is cut out or ablated: no second line of drugs, where there was no first."""
    history = [
        {"event": "primary_resection", "week": -60},
        {"event": "stereotactic_radiotherapy", "week": -30, "segments": [6], "response": "progression"},
    ]
    plan = planned(lesions=[ONE], history=history)
    same = planned(lesions=[ONE], history=[history[0], {**history[1], "response": "stable"}])
    assert "upfront_surgery" in plan.pathways[0].families
    assert [one.title for one in plan.pathways] == [one.title for one in same.pathways]
    assert [one.prospect.outlook.by_five_years.value for one in plan.pathways] == [
        one.prospect.outlook.by_five_years.value for one in same.pathways
    ]


@pytest.mark.parametrize(
    ("regimen", "response", "drugs"),
    [("pembrolizumab", "progression", "FOLFOX"), ("folfox", "progression", "ipilimumab"), ("pembrolizumab", "stable", "ipilimumab")],
)  # fmt: skip
def test_a_checkpoint_inhibitor_that_failed_is_not_given_again(regimen, response, drugs):
    """Deficient repair, and the drug that it asks for has failed: chemotherapy is next, and what deficient repair is worth then is not known."""
    told = {
        "week": -30,
        "until_week": -10,
        "event": "chemotherapy",
        "regimen": regimen,
        "cycles": 6,
        "response": response,
    }
    primary = {
        "tumour": "colorectal",
        "site": "sigmoid",
        "status": "resected",
        "presentation": "synchronous",
        "mismatch_repair": "deficient",
        "ras": "wild_type",
    }
    case = make_case(**KNOWN, lesions=[{**RIGHT, "count": 2}], primary=primary, history=[told])
    plan = pw.plan(case)
    words = " ".join(step.note for one in plan.pathways for step in one.steps if "systemic" in step.acts)
    assert drugs in words
    assert ("ipilimumab" in words) is (drugs == "ipilimumab")
    failed = (regimen, response) == ("pembrolizumab", "progression")
    assert inputs_of(case)["repair_deficient"] == (NOTHING_KNOWN if failed else (1.0, 1.0))


def test_no_figure_of_life_stands_beside_a_bile_duct_that_is_left_blocked():
    lesion = {
        "segments": [4, 5, 8],
        "size_mm": 50,
        "count": 1,
        "contacts": ["hilum", "right_portal_pedicle"],
        "depth": "deep",
        "bile_duct": "invaded",
    }
    blocked = {"insufficiency": ["jaundice"], "biliary_obstruction": "present", "bilirubin_umol_per_l": 210}
    plan = planned(lesions=[lesion], liver=blocked)
    care = next(one for one in plan.pathways if not one.curative)
    assert care.prospect.outlook is None
    drained = next(one for one in plan.pathways if one.curative)
    assert "drainage" in {act for step in drained.steps for act in step.acts}
    assert drained.prospect.outlook is not None


@pytest.mark.parametrize(("site", "last"), [("lung", True), ("adrenal", False)])
def test_the_lung_is_operated_on_when_liver_and_bowel_are_clear(site, last):
    """The same two sessions in either order read alike: what the lung is operated on for may not come about before."""
    primary = {
        "tumour": "colorectal", "site": "rectum", "status": "in_situ", "presentation": "synchronous", "r0_resectable": True, "urgent": "none",
        "needs_radiotherapy": False, "mismatch_repair": "proficient",
    }  # fmt: skip
    elsewhere = [{"site": site, "count": 2, "resectable": True, "nature": "confirmed", "size_mm": 12}]
    plan = planned(lesions=[ONE], primary=primary, extrahepatic=elsewhere)
    apart = [one for one in plan.pathways if any(step.acts == {"metastasectomy"} for step in one.steps)]
    assert apart[0].early is False
    if last:
        assert not plan.pathways[0].early
        order = [step.trigger for step in apart[0].steps if step.kind == "decision"]
        assert order[-1] == "resect_extrahepatic"


def test_an_exploration_and_a_complication_of_the_history_are_said_not_to_be_counted():
    plan = planned(lesions=[ONE], history=[{"event": "exploration", "week": -4}, {"event": "complication", "week": -3}])
    said = " ".join(plan.assessment.not_modelled)
    assert "exploration" in said
    assert "complication" in said
    assert not any("history" in one for one in planned(lesions=[ONE]).assessment.not_modelled)


def test_a_lesion_that_nobody_has_placed_is_not_called_spread():
    plan = pw.plan(make_case(lesions=[{"segments": ["unknown"], "count": None, "size_mm": None}]))
    words = " ".join(one.reason for one in plan.assessment.findings)
    assert "where lesion 1 lies is not told" in words
    assert "spread over" not in words


@pytest.mark.parametrize(("asa", "opens"), [(5, "ASA 3"), (4, "ASA 3")])
def test_of_two_grades_that_open_a_pathway_the_nearer_is_said(asa, opens):
    case = make_case(patient={"fit_for": None, "ecog": 0, "asa": asa})
    found = pw.plan(case).opens_if["upfront_surgery"]
    assert [one for one in found if one.startswith("ASA")] == [opens]


@pytest.mark.parametrize(("removable", "diverted"), [(True, False), (None, False), (False, True)])
def test_what_obstructs_and_cannot_be_removed_is_bypassed(removable, diverted):
    """With a diversion closed, an emergency resection of what cannot be removed was the only way, and the liver followed."""
    primary = {
        "tumour": "neuroendocrine",
        "site": None,
        "status": "in_situ",
        "r0_resectable": removable,
        "urgent": "obstruction",
        "grade": 1,
    }
    plan = planned(lesions=[ONE], primary=primary)
    assert ("divert_or_stent" in {step.trigger for one in plan.pathways for step in one.steps}) is diverted


@pytest.mark.parametrize(
    ("tumour", "site", "urgent", "diverted"),
    [
        ("neuroendocrine", None, "obstruction", False),
        ("neuroendocrine", "small_bowel", "obstruction", False),
        ("neuroendocrine", "rectum", "obstruction", True),
        ("neuroendocrine", None, "bleeding", True),
        ("gist", None, "obstruction", False),
        ("colorectal", "sigmoid", "obstruction", True),
        ("colorectal", "sigmoid", "perforation", False),
    ],
)
def test_what_obstructs_the_small_bowel_is_resected_and_not_stented(tumour, site, urgent, diverted):
    """A stent into the ileum stood first, with the primary left in place for a conversion of the liver."""
    primary = {
        "tumour": tumour, "site": site, "status": "in_situ", "presentation": "synchronous", "r0_resectable": True, "urgent": urgent, "grade": 1,
    }  # fmt: skip
    if tumour != "neuroendocrine":
        del primary["grade"]
    plan = planned(lesions=[ONE], primary=primary)
    triggers = {step.trigger for one in plan.pathways for step in one.steps}
    assert "resect_primary_urgently" in triggers
    assert ("divert_or_stent" in triggers) is diverted
