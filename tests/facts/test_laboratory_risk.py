"""GGT and creatinine as findings, ALBI as a score: both sides of every limit, the value missing, what distorts it."""

import math

import pytest
from builders import assessed, make_case

import pathways as pw
from pathways.documents.problems import PathwaysError
from pathways.facts.considerations import anaemia, laboratory_risk
from pathways.facts.scores import albi, scores
from pathways.knowledge.protocols import load_protocol

DEFAULT = load_protocol("default")
LESION = [{"id": "A", "segments": [6], "size_mm": 35, "count": 1, "depth": "superficial"}]


def found(**liver):
    return [(one.verdict, one.value, one.limit, one.unit) for one in laboratory_risk(assessed(liver=liver))]


@pytest.mark.parametrize(
    ("liver", "expected"),
    [
        ({}, []),
        ({"ggt_u_per_l": 59.9}, []),
        ({"ggt_u_per_l": 60}, [("allowed", 60.0, 60.0, "U/l")]),
        ({"creatinine_umol_per_l": 176.9}, []),
        ({"creatinine_umol_per_l": 177}, [("allowed", 177.0, 177.0, "umol/l")]),
        (
            {"ggt_u_per_l": 61, "creatinine_umol_per_l": 200},
            [("allowed", 61.0, 60.0, "U/l"), ("allowed", 200.0, 177.0, "umol/l")],
        ),
    ],
)
def test_ggt_and_creatinine_are_findings_from_their_limits_on_and_bar_nothing(liver, expected):
    assert found(**liver) == expected


@pytest.mark.parametrize(
    ("patient", "limit"),
    [
        ({}, None),
        ({"sex": "male", "haemoglobin_g_per_l": 130}, None),
        ({"sex": "male", "haemoglobin_g_per_l": 129.9}, 130),
        ({"sex": "female", "haemoglobin_g_per_l": 120}, None),
        ({"sex": "female", "haemoglobin_g_per_l": 119.9}, 120),
        # Of nobody knows whom: below the lower limit it is anaemia in any case.
        ({"sex": None, "haemoglobin_g_per_l": 120}, None),
        ({"sex": None, "haemoglobin_g_per_l": 119.9}, 120),
    ],
)
def test_anaemia_is_a_finding_below_the_limit_of_the_sex_and_bars_nothing(patient, limit):
    found = anaemia(assessed(patient=patient))
    assert (found and (found.verdict, found.limit)) == (limit and ("allowed", limit))


@pytest.mark.parametrize(("haemoglobin", "considered"), [(70, False), (69.9, True)])
def test_below_seventy_a_transfusion_is_considered_before_any_operation(haemoglobin, considered):
    told = {"primary": {"status": "in_situ"}, "lesions": [{**LESION[0], "count": 12}]}
    case = make_case(patient={"haemoglobin_g_per_l": haemoglobin}, **told)
    words = "below 70 g/l a transfusion is considered"
    assert (words in anaemia(assessed(patient={"haemoglobin_g_per_l": haemoglobin})).reason) is considered
    plan = pw.plan(case, top=0)
    operated = [one for one in plan.pathways if one.operations]
    on_the_liver = [one for one in operated if "one_stage" in one.families]
    assert on_the_liver
    assert all(any(words in each for each in one.warnings) is considered for one in operated)
    assert all(any("haemoglobin" in each for each in one.warnings) for one in on_the_liver)
    assert plan.curative == pw.plan(make_case(**told), top=0).curative


@pytest.mark.parametrize(("haemoglobin", "considered"), [(70, False), (69.9, True)])
def test_where_only_the_bowel_is_operated_on_nothing_is_said_of_liver_resections(haemoglobin, considered):
    bowel = {"status": "in_situ", "site": "sigmoid"}
    before = [{"week": -9, "event": "hepatectomy", "removes": [6], "margin": "r0"}]
    case = make_case(
        patient={"haemoglobin_g_per_l": haemoglobin}, primary=bowel, lesions=[], extrahepatic=[], history=before
    )
    operated = [one for one in pw.plan(case, top=0).pathways if one.operations]
    alone = [f"haemoglobin {haemoglobin:g} g/l, below 70: a transfusion is considered before the operation"]
    told = [[each for each in one.warnings if "haemoglobin" in each] for one in operated]
    assert told
    assert all(one == (alone if considered else []) for one in told)


def test_what_is_found_tells_the_odds_and_that_it_is_no_bar():
    (one,) = laboratory_risk(assessed(liver={"ggt_u_per_l": 80}))
    assert one.reason.startswith("GGT 80 U/l, at least 60: no bar in itself")
    assert f"{assessed().parameters['mortality_odds_ggt'].number:g} times" in one.reason
    assert one.sources == ("mortality_odds_2018",)


def test_a_pathway_with_a_liver_operation_is_warned_of_them_and_one_without_is_not():
    plan = pw.plan(make_case(lesions=LESION, liver={"creatinine_umol_per_l": 190}), DEFAULT, top=0)
    for one in plan.pathways:
        warned = any(words.startswith("creatinine 190") for words in one.warnings)
        assert warned == one.curative, one.title


@pytest.mark.parametrize(
    ("key", "bad", "good"),
    [
        ("ggt_u_per_l", (0, 10001, -4), (1, 10000)),
        ("creatinine_umol_per_l", (9, 3001, 0.8), (10, 3000)),
    ],
)
def test_a_value_out_of_range_is_refused_and_the_ends_of_the_range_are_read(key, bad, good):
    for value in bad:
        with pytest.raises(PathwaysError, match=key):
            pw.parse_case(
                f"schema: 1\nid: x\nprimary: {{tumour: colorectal}}\nliver: {{{key}: {value}}}\nlesions: [{{segments: [6]}}]\n"
            )
    for value in good:
        assert getattr(make_case(liver={key: value}).liver, key) == value


# --- ALBI -------------------------------------------------------------------------------------------------------------------


def graded(**liver):
    one = albi(make_case(liver=liver))
    return None if one is None else one.group


def test_albi_is_what_its_formula_says():
    one = albi(make_case(liver={"bilirubin_umol_per_l": 10, "albumin_g_per_l": 40}))
    assert one.points == pytest.approx(0.66 - 0.085 * 40)
    assert (one.name, one.group) == ("ALBI", "grade 2" if one.points > -2.6 else "grade 1")


@pytest.mark.parametrize(("end", "below", "above"), [(-2.60, "grade 1", "grade 2"), (-1.39, "grade 2", "grade 3")])
def test_albi_grades_change_at_their_ends(end, below, above):
    albumin = (0.66 - end) / 0.085
    assert graded(bilirubin_umol_per_l=10, albumin_g_per_l=math.nextafter(albumin, 70) + 1e-9) == below
    assert graded(bilirubin_umol_per_l=10, albumin_g_per_l=albumin - 0.01) == above


@pytest.mark.parametrize(
    "liver",
    [
        {"bilirubin_umol_per_l": 10, "albumin_g_per_l": None},
        {"bilirubin_umol_per_l": None, "albumin_g_per_l": 40},
        {"bilirubin_umol_per_l": 0, "albumin_g_per_l": 40},
        {"bilirubin_umol_per_l": 200, "albumin_g_per_l": 40, "biliary_obstruction": "present"},
        {"bilirubin_umol_per_l": 200, "albumin_g_per_l": 40, "biliary_obstruction": "drained"},
    ],
)
def test_albi_is_not_told_where_a_value_is_missing_or_obstructed_ducts_make_it(liver):
    assert graded(**liver) is None
    assert "ALBI" not in [one.name for one in scores(make_case(liver=liver))]


def test_albi_says_how_sure_its_cut_offs_are_and_that_it_is_no_bar():
    case = make_case(lesions=LESION, liver={"bilirubin_umol_per_l": 20, "albumin_g_per_l": 20})
    (one,) = (one for one in scores(case) if one.name == "ALBI")
    assert one.group == "grade 3"
    assert "unconfirmed" in one.note
    assert "not a bar" in one.note
    assert "albi_2015" in one.sources
