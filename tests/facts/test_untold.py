"""What a case does not tell is unknown: named where it would turn the answer, silent where it would not, at its bad end under strict."""

import pytest
from builders import facts, make_case
from shipped import CONSTRUCTED

import pathways as pw
from pathways.facts.patient_assessment import TODAY
from pathways.knowledge.protocols import load_protocol
from pathways.planning.missing import what_next
from pathways.planning.plan import plan

DEFAULT = load_protocol()
LIMIT, DEEP_LIMIT = (DEFAULT.number(f"limited_resection_max_mm{end}") for end in ("", "_deep"))
SMALL = {"id": "A", "segments": [6], "size_mm": 20, "count": 1}


def lesion(**changes):
    return {"lesions": [{**SMALL, **changes}]}


def missing(clearance="minor", *, strict=False, **changes):
    """The items on which clearing the liver in this way stands."""
    found = facts(strict=strict, **changes).cell(f"clear_{clearance}", tuple(TODAY))
    return {one.item for verdict in found.verdicts for one in verdict.missing}


def named(made):
    return {text for one in made.pathways if one.curative for text in one.assumptions}


# --- lesions --------------------------------------------------------------------------------------------------------


def test_nothing_is_assumed_of_a_lesion_that_is_told_whole():
    assert missing(**lesion()) == set()


@pytest.mark.parametrize("key", ["contacts", "count"])
def test_what_is_not_told_of_a_lesion_resected_locally_is_named(key):
    assert missing(**lesion(**{key: None})) == {f"lesions.{key}"}


def test_depth_is_named_only_between_the_two_limits_that_it_decides_between():
    assert missing(**lesion(size_mm=DEEP_LIMIT, depth=None)) == set()
    assert missing(**lesion(size_mm=DEEP_LIMIT + 1, depth=None)) == {"lesions.depth"}
    assert missing("minor", **lesion(size_mm=LIMIT + 1, depth=None)) == set()


def test_contacts_that_would_go_with_the_specimen_are_not_asked_for():
    """Every vessel within reach of VI lies on the side that a right hepatectomy takes; of VIII the middle vein stays."""
    big = {"segments": [5, 6, 7, 8], "size_mm": 120}
    assert missing("major", **lesion(**big, contacts=["right_portal_pedicle"])) == set()
    deep = {"segments": [6, 7], "size_mm": 45, "depth": "deep", "contacts": ["right_portal_pedicle"]}
    assert missing("major", **lesion(**deep)) == set()
    # The lesion in VII goes with the specimen; nothing it could touch there is left behind.
    beside = [{**SMALL, **deep}, {"id": "B", "segments": [7], "size_mm": 15, "count": 1, "contacts": None}]
    assert missing("major", lesions=beside) == set()


def test_the_number_of_lesions_that_are_removed_with_their_segments_is_not_asked_for():
    told = {"segments": [6], "size_mm": LIMIT + 1}
    assert missing(**lesion(**told)) == set()
    assert missing(**lesion(**told, count=None)) == set()


@pytest.mark.parametrize(
    ("key", "bad"),
    [("depth", "deep"), ("contacts", ["right_hepatic_vein", "right_portal_pedicle", "right_posterior_pedicle"])],
)
def test_strict_reads_what_is_not_told_of_a_lesion_at_its_bad_end(key, bad):
    untold, told = (
        [one.name for one in facts(strict=strict, **lesion(size_mm=DEEP_LIMIT + 5, **{key: value})).assessed.resections(TODAY)]
        for strict, value in ((True, None), (False, bad))
    )  # fmt: skip
    assert untold == told


@pytest.mark.parametrize("key", ["count", "size_mm"])
def test_strict_treats_no_lesion_locally_whose_number_or_size_is_not_told(key):
    found = facts(strict=True, **lesion(**{key: None})).assessed.resections(TODAY)
    assert found
    assert not any(one.limited or one.ablated for one in found)


def test_a_lesion_of_unknown_size_is_said_to_be_taken_as_large_where_the_anatomical_way_misses_the_limit():
    held = {"id": "A", "segments": [7, 8], "size_mm": 90, "count": 1, "contacts": ["right_portal_pedicle"]}
    volumes = [{"removes": [5, 6, 7, 8], "fraction": 0.36}, {"removes": [4, 5, 6, 7, 8], "fraction": 0.22}]

    def said(size, measured):
        beside = {"id": "B", "segments": [4], "size_mm": size, "count": 1}
        target = facts(lesions=[held, beside], liver={"measured_remnants": measured}).cell("target", tuple(TODAY))
        return [one for verdict in target.verdicts for one in verdict.missing if one.taken == "badly"]

    assert said(LIMIT + 1, volumes) == []
    assert said(None, [{**volumes[1], "fraction": 0.34}]) == []
    found = said(None, volumes)
    assert [one.item for one in found] == ["lesions.size_mm"]
    assert "right hepatectomy + limited resection of B would leave 36%" in found[0].assumed


# --- the primary ----------------------------------------------------------------------------------------------------

UNTOLD_PRIMARY = {"tumour": "colorectal", "site": "sigmoid", "status": None}


@pytest.mark.parametrize(
    ("primary", "history", "in_place", "said"),
    [
        ({"status": "resected"}, [], False, False),
        ({"status": "in_situ"}, [], True, False),
        ({**UNTOLD_PRIMARY, "presentation": "synchronous"}, [], True, True),
        ({**UNTOLD_PRIMARY, "presentation": "metachronous"}, [], False, True),
        (UNTOLD_PRIMARY, [], False, True),
        ({**UNTOLD_PRIMARY, "urgent": "bleeding"}, [], True, False),
        ({**UNTOLD_PRIMARY, "presentation": "synchronous"}, [{"week": -30, "event": "primary_resection"}], False, False),
    ],
)  # fmt: skip
def test_whether_the_primary_is_in_place_is_told_or_assumed_by_name(primary, history, in_place, said):
    case = make_case(primary=primary, history=history)
    assert case.primary_in_place is in_place
    found = facts(primary=primary, history=history).cell("primary_operable", ())
    assert (
        "primary.status"
        in {key for verdict in found.verdicts for one in verdict.missing for key in one.item.split(", ")}
    ) is said


def test_strict_clears_nothing_beside_a_primary_of_which_nothing_is_told():
    assert plan(make_case(primary=UNTOLD_PRIMARY), DEFAULT).curative
    assert not plan(make_case(primary=UNTOLD_PRIMARY), DEFAULT, strict=True).curative


def test_what_hangs_on_the_primary_is_what_a_primary_in_place_costs():
    case = make_case(primary=UNTOLD_PRIMARY)
    item = next(one for one in plan(case, DEFAULT).find_out_next if one.item == "primary.status, primary.presentation")
    there = make_case(primary={**UNTOLD_PRIMARY, "status": "in_situ"})
    assert item.chance_otherwise == pytest.approx(plan(there, DEFAULT).best.value)
    assert item.chance_otherwise < item.chance_now


# --- what the plan starts from --------------------------------------------------------------------------------------


def test_lesions_of_untold_nature_are_taken_as_metastases_and_said():
    told, untold = lesion(nature="confirmed"), lesion()
    assert not any("lesions.nature" in text for text in named(plan(make_case(**told), DEFAULT)))
    assert any("lesions.nature" in text for text in named(plan(make_case(**untold), DEFAULT)))
    assert pw.assess(make_case(**untold), DEFAULT, strict=True).resectability == "indeterminate"
    assert pw.assess(make_case(**told), DEFAULT, strict=True).resectability == "resectable"


CHEMOTHERAPY = {"event": "chemotherapy", "regimen": "folfox", "cycles": 4, "week": -12, "until_week": -4}


@pytest.mark.parametrize(
    ("events", "said"),
    [
        ([{**CHEMOTHERAPY, "response": "stable"}], False),
        ([CHEMOTHERAPY], True),
        ([CHEMOTHERAPY, {"event": "restaging", "week": -3, "response": "partial"}], False),
        ([{**CHEMOTHERAPY, "week": -212, "until_week": -204}], False),
    ],
)
def test_a_response_that_is_not_told_is_taken_as_no_progression_and_said(events, said):
    made = plan(make_case(history=events), DEFAULT)
    assert any("history.response" in text for text in named(made)) is said


def test_strict_takes_a_response_that_is_not_told_as_progression():
    assert facts(history=[CHEMOTHERAPY]).start().control != "progressed"
    assert facts(strict=True, history=[CHEMOTHERAPY]).start().control == "progressed"


@pytest.mark.parametrize(
    ("patient", "item"),
    [
        ({"ecog": 0, "asa": 2}, None),
        ({"ecog": 0}, "patient.asa"),
        ({"asa": 2}, "patient.ecog"),
        ({}, "patient.fit_for, patient.ecog, patient.asa"),
        ({"fit_for": "major"}, None),
    ],
)
def test_one_score_of_two_is_half_of_fitness(patient, item):
    changes = {"patient": {"fit_for": None, **patient}}
    found = facts(**changes).cell("fit_minor", ())
    assert found.value == ("yes" if item is None else "assumed")
    assert item is None or f"({item})" in found.verdicts[0].reason
    assert facts(strict=True, **changes).cell("fit_minor", ()).value == ("yes" if item is None else "unknown")


# --- fully told cases -----------------------------------------------------------------------------------------------

FULLY_TOLD = [path for path in CONSTRUCTED if path.stem.startswith("fully-told")]


@pytest.mark.parametrize("path", FULLY_TOLD, ids=lambda path: path.stem)
def test_a_case_that_tells_everything_plans_the_same_under_strict_and_assumes_nothing(path):
    case = pw.load_case(path)
    made = plan(case, DEFAULT)
    assert made.as_json() == plan(case, DEFAULT, strict=True).as_json()
    assert named(made) == set()
    assert what_next(made.evaluation) == ()


def test_three_cases_tell_everything():
    assert len(FULLY_TOLD) == 3
