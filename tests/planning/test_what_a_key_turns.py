"""What a key of the file turns: named where it is left out, and no better for being left out. Found by the laws over the cases tried."""

import pytest
from builders import assessed, facts, make_case
from shipped import ROOT

import pathways as pw
from pathways.case.loading import load_case
from pathways.facts import transplantation
from pathways.facts.bad_ends import BETTER, RESPONSE
from pathways.facts.patient_assessment import TODAY
from pathways.facts.remnant import growth_verdict, total_asked
from pathways.planning.assumptions import assumed_from_the_start

# --- a remnant that has not grown enough ---------------------------------------------------------------------------------------

EMBOLISED = {
    "lesions": [
        {"id": "A", "segments": ["right_liver"], "size_mm": 70, "count": 2, "depth": "deep", "contacts": []},
        {"id": "B", "segments": [2], "size_mm": 15, "count": 1, "depth": "superficial", "contacts": []},
    ],
    "history": [{"week": -5, "event": "portal_vein_embolisation", "segments": ["right"]}],
}


@pytest.mark.parametrize(
    ("growth", "status", "called_for"),
    [("pending", "likely_enough", "no"), ("adequate", "enough", "no"), ("weak", "short", "yes"), ("exhausted", "short", "yes")],
)  # fmt: skip
def test_volumetry_after_a_stimulus_answers_what_the_estimate_left_open(growth, status, called_for):
    """By the estimate the left liver is 34 %: where it has not grown enough, the next stimulus is no longer "not needed"."""
    known = facts(**EMBOLISED)
    key = (*TODAY, 0, "unmeasured", growth)
    assert known.cell("remnant_target", key).value == status
    assert known.cell("growth_called_for", key).value == called_for
    # The same side removed with the lesion ablated leaves the same liver.
    assert known.cell("remnant_major_with_ablation", key).value == ("short" if status == "short" else "likely_enough")


def test_veins_are_closed_after_an_embolisation_that_fell_short_whatever_was_estimated():
    graph = pw.explore(make_case(**EMBOLISED))
    after = [
        edge.declared.name
        for node, edges in enumerate(graph.edges)
        if graph.states[node].growth == "weak"
        for edge in edges
    ]
    assert {"deprive_liver_veins", "wait_longer"} <= set(after)


@pytest.mark.parametrize(("measured", "verdict"), [(-3, "allowed"), (0, "refused")])
def test_a_second_stimulus_adds_to_what_the_first_has_brought_by_then(measured, verdict):
    """Embolised a week ago, 20 % before it: from there 50 % were asked of a second stimulus that brings 24 % at most, and not from what has grown since."""
    lesion = {"id": "A", "segments": [4, 5, 8], "size_mm": 80, "count": 1, "depth": "deep", "contacts": ["right_portal_pedicle", "middle_hepatic_vein"]}  # fmt: skip
    remnant_told = [{"removes": [4, 5, 6, 7, 8], "fraction": 0.20, "week": measured}]
    known = assessed(
        lesions=[lesion], liver={"measured_remnants": remnant_told},
        history=[{"week": -1, "event": "portal_vein_embolisation", "segments": ["right", 4]}],
    )  # fmt: skip
    assert growth_verdict(known, known.target(TODAY), "lvd", 0).verdict == verdict


# --- the total ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("count", "named"), [(10, True), (6, False), (1, False)])
def test_the_total_is_asked_for_where_what_is_taken_locally_would_be_much_of_a_smaller_liver(count, named):
    """Ten of 30 mm take 39 % of 1670 ml, and of 1080 ml, the least that the formula leaves likely, 60 %: as much as a major resection."""
    lesion = {"id": "A", "segments": [5, 6, 7, 8], "size_mm": 30, "count": count, "contacts": [], "depth": "deep"}
    one = assessed(
        patient={"height_cm": 175, "weight_kg": 78},
        lesions=[lesion],
        liver={"total_ml": None, "measured_remnants": None},
    )
    asked = [missing.item for missing in total_asked(one)]
    assert asked == ["liver.total_ml"] * named


# --- mismatch repair ------------------------------------------------------------------------------------------------------------------


def infused(**primary):
    """The shipped case of arterial infusion, with the primary told otherwise."""
    case = load_case(ROOT / "scenarios" / "constructed" / "arterial-infusion.yaml")
    return case.model_copy(update={"primary": case.primary.model_copy(update=primary)})


@pytest.mark.parametrize(
    ("repair", "strict", "opened"), [("proficient", True, True), (None, False, True), (None, True, False), ("deficient", False, False)]
)  # fmt: skip
def test_infusion_stands_on_a_mismatch_repair_that_is_told_or_assumed(repair, strict, opened):
    plan = pw.plan(infused(mismatch_repair=repair), strict=strict)
    through = [one for one in plan.pathways if "arterial_infusion" in one.families]
    assert bool(through) is opened
    if opened:
        said = " ".join(through[0].assumptions)
        assert ("primary.mismatch_repair" in said) == ("mismatch repair proficient" in said) == (repair is None)


def test_everything_that_infusion_stands_on_is_named_and_not_the_first_alone():
    case = infused(mismatch_repair=None)
    case = case.model_copy(
        update={"extrahepatic": None, "history": (case.history[1].model_copy(update={"cycles": None, "week": None}),)}
    )
    through = next(one for one in pw.plan(case).pathways if "arterial_infusion" in one.families)
    said = " ".join(through.assumptions)
    assert all(key in said for key in ("primary.mismatch_repair", "history.cycles", "extrahepatic"))


# --- drugs that the patient declines --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("declines", "converts"), [([], True), (["conversion_chemotherapy"], False)])
def test_who_declines_conversion_is_given_none_after_a_second_line_either(declines, converts):
    """After progression the second line is for control; to go on with it in order to operate is conversion, and called so."""
    case = infused()
    patient = case.patient.model_copy(update={"declines": tuple(declines)})
    history = (*case.history[:1], case.history[1].model_copy(update={"response": "progression"}))
    plan = pw.plan(case.model_copy(update={"patient": patient, "history": history}))
    assert any(one.curative for one in plan.pathways) is converts
    assert any("conversion_chemotherapy" in one.families for one in plan.pathways) is converts


# --- adjuvant, or given against the metastases -----------------------------------------------------------------------------------------


def after_a_course(count, **told):
    """So many metastases, found a year after the primary, and a course that ended before they were found."""
    history = [
        {"event": "primary_resection", "week": -60},
        {"event": "chemotherapy", "regimen": "folfox", "cycles": 4, "week": -22, "until_week": -14, **told},
    ]
    lesion = {
        "id": "A",
        "segments": [5, 6, 7, 8],
        "size_mm": 12,
        "count": count,
        "contacts": [],
        "depth": "superficial",
    }
    primary = {"presentation": "metachronous", "interval_months": 12}
    return assessed(primary=primary, lesions=[lesion], history=history)


@pytest.mark.parametrize(
    ("count", "told", "named"),
    [(10, {}, True), (9, {}, False), (10, {"response": "stable"}, False), (10, {"until_week": -5}, False)],
)
def test_a_course_that_is_taken_as_adjuvant_is_said_to_be_where_drugs_would_have_to_come_first(count, told, named):
    """Ten lesions are asked for systemic treatment first: a response makes the course one of the metastases, as a later end does."""
    found = [one for one in assumed_from_the_start(after_a_course(count, **told)) if one.item == RESPONSE]
    badly = [one for one in found if one.taken == "badly"]
    assert bool(badly) is named
    if named:
        assert badly[0].assumed == "adjuvant: no treatment of the metastases"
        better = BETTER[RESPONSE](after_a_course(count))
        assert [event.response for event in better.history] == [None, "stable"]


# --- lines before the last ---------------------------------------------------------------------------------------------------------------


def after_two_courses(first):
    """Resectable metastases that have progressed under the second of two courses; what came of the first is `first`."""
    history = [
        {"event": "chemotherapy", "regimen": "folfox", "cycles": 6, "week": -60, "until_week": -48, **({"response": first} if first else {})},
        {"event": "chemotherapy", "regimen": "folfiri", "cycles": 6, "week": -20, "until_week": -8, "response": "progression"},
    ]  # fmt: skip
    primary = {
        "tumour": "colorectal",
        "site": "sigmoid",
        "status": "resected",
        "presentation": "synchronous",
        "mismatch_repair": "proficient",
    }
    return make_case(primary=primary, history=history)


@pytest.mark.parametrize(
    ("first", "strict", "opened", "asked"),
    [("stable", True, True, False), (None, False, True, True), (None, True, False, False), ("progression", False, False, False)],
)  # fmt: skip
def test_what_came_of_a_line_before_the_last_is_asked_for_where_another_would_be_one_too_many(
    first, strict, opened, asked
):
    plan = pw.plan(after_two_courses(first), strict=strict)
    assert any(one.curative for one in plan.pathways) is opened
    found = [one for one in plan.find_out_next if one.item == RESPONSE]
    assert [one.assumed for one in found] == ["no line that failed"] * asked
    assert all("one_stage" in one.closes and one.chance_otherwise == 0 for one in found)


def test_one_course_alone_is_asked_for_as_the_last_and_not_as_one_before_it():
    case = after_two_courses("stable")
    case = case.model_copy(update={"history": (case.history[0].model_copy(update={"response": None}),)})
    assert "no line that failed" not in {one.assumed for one in pw.plan(case).find_out_next}


# --- what a patient is held fit for ---------------------------------------------------------------------------------------------------


def test_what_opens_a_minor_resection_is_to_be_fit_for_one_and_no_more():
    opens = pw.plan(make_case(patient={"fit_for": "none"})).opens_if
    assert opens["upfront_surgery"][0] == "held fit for minor treatment of the liver"
    assert opens["ablation"][0] == "held fit for ablation treatment of the liver"


# --- weeks that count before a new liver --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("responses", "words"),
    [
        (("stable", "stable"), "24 weeks of chemotherapy, 13 needed"),
        (("progression", "stable"), "12 weeks of chemotherapy since what ended in progression, 13 needed"),
        (("stable", "progression"), "0 weeks of chemotherapy since what ended in progression, 13 needed"),
    ],
)
def test_weeks_that_ended_in_progression_are_said_not_to_count_before_a_new_liver(responses, words):
    history = [
        {"event": "chemotherapy", "regimen": one, "cycles": 6, "week": week, "until_week": week + 12, "response": response}
        for one, week, response in zip(("folfox", "folfiri"), (-30, -16), responses, strict=True)
    ]  # fmt: skip
    assert transplantation.tested(assessed(history=history), 0, "none").reason == words


# --- values of the blood -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("told", "opening"),
    [
        ({"inr": 1.6}, "INR 1.5"),
        ({"albumin_g_per_l": 24}, "albumin 25 g/l"),
        ({"bilirubin_umol_per_l": 60, "biliary_obstruction": "none"}, "bilirubin 51 umol/l"),
        ({"platelets_e9_per_l": 90, "background": "cirrhosis"}, "platelets 100 x 10^9/l"),
    ],
)
def test_a_value_beyond_its_limit_opens_at_the_limit_and_not_at_the_usual_value(told, opening):
    """INR 1.0 was said to open what 1.5 opens, and albumin 35 what 25 opens: nobody waits for that before a resection."""
    whole = {"id": "A", "segments": ["right_liver"], "size_mm": 70, "count": 3, "depth": "deep", "contacts": []}
    cirrhosis = "background" in told
    case = make_case(liver=told, **({"lesions": [whole]} if cirrhosis else {}))
    plan = pw.plan(case)
    blood = opening.split()[0]
    found = {answer for one in plan.closed for answer in plan.opens_if[one.family] if answer.startswith(f"{blood} ")}
    assert opening in found
    assert not {"INR 1.0", "albumin 35 g/l", "bilirubin 34 umol/l", "platelets 120 x 10^9/l"} & found
