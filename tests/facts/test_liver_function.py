"""Liver function by numbers: both sides of every limit, the value missing, what distorts it, and that sicker is not safer."""

import pytest
from builders import assessed, facts, make_case
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from strategies import measured_cases

from pathways.documents.problems import PathwaysError
from pathways.facts import fitness
from pathways.facts.derive import CaseFacts
from pathways.facts.liver_function import broadest, child_pugh, liver_sufficient, remarks
from pathways.facts.patient_assessment import PatientAssessment
from pathways.knowledge.protocols import load_protocol
from pathways.planning.graded_changes import graded_changes

DEFAULT = load_protocol("default")
KINDS = ("major", "minor", "ablation")
LAW = settings(max_examples=300, deadline=None, derandomize=True)


def answers(patient=None, **liver):
    """Of a major and a minor resection and of ablation, in one letter each."""
    one = assessed(liver=liver, patient=patient or {})
    return " ".join(liver_sufficient(one, kind).verdict for kind in KINDS)


OPEN, SHUT, DOUBT = "allowed allowed allowed", "refused refused refused", "unknown unknown unknown"
NO_MAJOR = "refused allowed allowed"
CIRRHOSIS = {"background": "cirrhosis", "icg_r15_percent": 10}


@pytest.mark.parametrize(
    ("liver", "expected"),
    [
        ({"bilirubin_umol_per_l": 34}, OPEN),
        ({"bilirubin_umol_per_l": 34.1}, NO_MAJOR),
        ({"bilirubin_umol_per_l": 51}, NO_MAJOR),
        ({"bilirubin_umol_per_l": 51.1}, SHUT),
        # What is not told is not fine; albumin bars no ablation, and is not asked for there.
        ({"bilirubin_umol_per_l": None}, DOUBT),
        ({"inr": None}, DOUBT),
        ({"albumin_g_per_l": None}, "unknown unknown allowed"),
        ({"bilirubin_umol_per_l": 51.1, "biliary_obstruction": "none"}, SHUT),
        ({"bilirubin_umol_per_l": 600, "biliary_obstruction": "present"}, OPEN),
        ({"bilirubin_umol_per_l": 40, "biliary_obstruction": "drained"}, "unknown allowed allowed"),
        ({"bilirubin_umol_per_l": 600, "biliary_obstruction": "drained"}, DOUBT),
        # Below 28 it makes Child-Pugh B, whatever the rest is.
        ({"albumin_g_per_l": 25}, NO_MAJOR),
        ({"albumin_g_per_l": 28}, OPEN),
        ({"albumin_g_per_l": 24.9}, "refused refused allowed"),
        ({"inr": 1.5}, OPEN),
        ({"inr": 1.6}, SHUT),
        ({"platelets_e9_per_l": 50}, OPEN),
        ({"platelets_e9_per_l": 49}, DOUBT),
        ({"platelets_e9_per_l": 100, **CIRRHOSIS}, OPEN),
        ({"platelets_e9_per_l": 99, **CIRRHOSIS}, NO_MAJOR),
        ({"platelets_e9_per_l": 49, **CIRRHOSIS}, "refused unknown unknown"),
        ({"platelets_e9_per_l": None, **CIRRHOSIS}, OPEN),
        # Retention is an open question before a major resection of a cirrhotic liver only.
        ({**CIRRHOSIS, "icg_r15_percent": None}, "unknown allowed allowed"),
        ({"platelets_e9_per_l": 99, "background": None}, "unknown allowed allowed"),
        ({"platelets_e9_per_l": 99, "background": "fibrosis"}, OPEN),
        ({"platelets_e9_per_l": 99, "insufficiency": None}, DOUBT),
        ({"child_pugh": "A"}, OPEN),
        ({"child_pugh": "B"}, NO_MAJOR),
        ({"child_pugh": "C"}, SHUT),
    ],
)
def test_each_value_bars_what_it_may_and_nothing_more(liver, expected):
    assert answers(**liver) == expected


def test_the_inr_of_an_anticoagulant_says_nothing_of_the_liver():
    taking = {"anticoagulated": True}
    assert answers(taking, inr=1.5) == OPEN
    assert answers(taking, inr=3.0) == DOUBT
    verdict = liver_sufficient(assessed(liver={"inr": 3.0}, patient=taking), "minor")
    assert (verdict.value, verdict.limit) == (3.0, 1.5)
    assert "liver.inr" in verdict.reason
    assert verdict.assumed == "INR without the anticoagulant within the limit"
    assert answers({"anticoagulated": False}, inr=3.0) == SHUT
    assert facts(strict=True, patient=taking, liver={"inr": 3.0}).cell("liver_function_minor", ()).value == "unknown"


def test_an_anticoagulant_hides_no_other_sign():
    assert answers({"anticoagulated": True}, inr=3.0, insufficiency=["ascites"]) == SHUT
    assert answers({"anticoagulated": True}, inr=3.0, bilirubin_umol_per_l=100) == SHUT


def test_all_that_is_not_known_is_named_together():
    one = assessed(
        liver={"insufficiency": None, "platelets_e9_per_l": 40, "inr": 2.0}, patient={"anticoagulated": True}
    )
    verdict = liver_sufficient(one, "ablation")
    assert [item in verdict.reason for item in ("liver.insufficiency", "liver.inr", "liver.platelets_e9_per_l")] == [
        True
    ] * 3


# --- Child-Pugh -----------------------------------------------------------------------------------------------------------

FIVE = {"bilirubin_umol_per_l": 20, "albumin_g_per_l": 40, "inr": 1.0, "insufficiency": []}


@pytest.mark.parametrize(
    ("changes", "patient", "grade"),
    [
        ({}, {}, "A"),
        ({"bilirubin_umol_per_l": 34}, {}, "A"),
        ({"bilirubin_umol_per_l": 33.9, "albumin_g_per_l": 27.9}, {}, "B"),
        ({"bilirubin_umol_per_l": 33.9, "albumin_g_per_l": 28}, {}, "A"),
        ({"bilirubin_umol_per_l": 34, "albumin_g_per_l": 35}, {}, "B"),
        ({"bilirubin_umol_per_l": 34, "albumin_g_per_l": 35.1}, {}, "A"),
        ({"bilirubin_umol_per_l": 51.1}, {}, "B"),
        ({"inr": 1.7}, {}, "A"),
        ({"inr": 2.3}, {}, "A"),
        ({"inr": 2.4}, {}, "B"),
        ({"insufficiency": ["ascites", "encephalopathy"]}, {}, "B"),
        ({"bilirubin_umol_per_l": 52, "albumin_g_per_l": 27, "inr": 1.7}, {}, "C"),
        ({"bilirubin_umol_per_l": 52, "albumin_g_per_l": 27, "inr": 1.69}, {}, "B"),
        ({"bilirubin_umol_per_l": None}, {}, None),
        ({"albumin_g_per_l": None}, {}, None),
        ({"inr": None}, {}, None),
        ({"insufficiency": None}, {}, None),
        ({"inr": 2.4}, {"anticoagulated": True}, None),
        ({"biliary_obstruction": "drained"}, {}, None),
        ({"biliary_obstruction": "present"}, {}, None),
        ({"biliary_obstruction": "none"}, {}, "A"),
    ],
)
def test_the_class_is_computed_where_its_five_items_are_told_and_nothing_distorts_them(changes, patient, grade):
    assert child_pugh(assessed(liver={**FIVE, **changes}, patient=patient)).computed == grade


B_BY_ITEMS = {**FIVE, "bilirubin_umol_per_l": 34, "albumin_g_per_l": 33}
C_BY_ITEMS = {**FIVE, "bilirubin_umol_per_l": 50, "albumin_g_per_l": 27, "insufficiency": ["ascites", "encephalopathy"]}


WHY = "since the case does not tell which of them is out of date"


def differing(found):
    return [words for words in found if "given as" in words]


def test_of_a_class_given_and_one_computed_the_worse_counts_and_it_is_said():
    one = assessed(liver={**B_BY_ITEMS, "child_pugh": "A"})
    verdict = liver_sufficient(one, "major")
    assert (verdict.verdict, verdict.value, verdict.limit) == ("refused", "B", "A")
    assert verdict.reason == "Child-Pugh B (from its five items, given as A): no major resection"
    assert differing(remarks(one)) == ["Child-Pugh given as A, from its five items B: the worse counts, " + WHY]
    assert answers(**B_BY_ITEMS, child_pugh="C") == SHUT
    worse = broadest(assessed(liver={**FIVE, "child_pugh": "C"})).reason
    assert worse == "Child-Pugh C (as given; its five items make A): neither resection nor ablation"
    assert (
        broadest(assessed(liver={"child_pugh": "C", "inr": None})).reason
        == "Child-Pugh C: neither resection nor ablation"
    )
    alone = liver_sufficient(assessed(liver=B_BY_ITEMS), "major").reason
    assert alone == "Child-Pugh B (from its five items): no major resection"


def test_a_class_better_by_two_than_its_items_is_a_finding_and_no_error():
    one = assessed(liver={**C_BY_ITEMS, "child_pugh": "A"})
    assert child_pugh(one)[:2] == ("A", "C")
    assert differing(remarks(one)) == ["Child-Pugh given as A, from its five items C: the worse counts, " + WHY]


def test_classes_that_agree_are_not_remarked():
    assert remarks(assessed(liver={**FIVE, "child_pugh": "A"})) == ()


NOTHING = {"bilirubin_umol_per_l": None, "inr": None}

# --- what is known of the five items, where one is missing ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("liver", "least", "missing"),
    [
        ({**NOTHING, "albumin_g_per_l": 27.9}, "B", ("liver.bilirubin_umol_per_l", "liver.inr")),
        ({**NOTHING, "albumin_g_per_l": 28}, None, ("liver.bilirubin_umol_per_l", "liver.inr")),
        ({**FIVE, "albumin_g_per_l": 27, "inr": None}, "B", ("liver.inr",)),
        ({**FIVE, "albumin_g_per_l": 27, "biliary_obstruction": "present"}, "B", ("liver.bilirubin_umol_per_l",)),
        ({**C_BY_ITEMS, "inr": None}, "C", ("liver.inr",)),
        (FIVE, None, ()),
    ],
)
def test_with_items_missing_the_class_is_at_least_what_the_known_ones_make(liver, least, missing):
    found = child_pugh(assessed(liver=liver))
    assert (found.least, found.missing) == (least, missing)


def test_in_cirrhosis_the_least_class_bars_and_elsewhere_it_is_an_assumption_that_names_what_is_missing():
    low = {**FIVE, "albumin_g_per_l": 27, "inr": None}
    barred = liver_sufficient(assessed(liver={**low, "background": "cirrhosis"}), "major")
    assert (barred.verdict, barred.value) == ("refused", "B")
    assert "at least by what is known of its five items" in barred.reason
    open_ = liver_sufficient(assessed(liver=low), "major")
    assert (open_.verdict, open_.assumed) == ("unknown", "INR within its limit; Child-Pugh A")
    assert "not known or distorted (liver.inr)" in open_.reason
    assert answers(**{**low, "inr": 1.0}) == NO_MAJOR


def test_a_class_given_better_than_the_known_items_allow_is_remarked():
    one = assessed(liver={**FIVE, "albumin_g_per_l": 27, "inr": None, "child_pugh": "A"})
    assert any(words.startswith("Child-Pugh given as A, at least B") for words in remarks(one))


# --- what is said and bars nothing ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("liver", "word"),
    [
        ({"albumin_g_per_l": 34.9}, "albumin"),
        ({"platelets_e9_per_l": 120}, "platelets"),
        ({"child_pugh": "B", "inr": None}, "Child-Pugh B"),
        ({"bilirubin_umol_per_l": 35, "biliary_obstruction": "present"}, "bilirubin"),
    ],
)
def test_what_weighs_without_barring_is_remarked(liver, word):
    found = remarks(assessed(liver=liver))
    assert len(found) == 1
    assert word in found[0]


def test_values_on_the_other_side_are_not_remarked():
    fine = {
        "albumin_g_per_l": 35,
        "platelets_e9_per_l": 121,
        "bilirubin_umol_per_l": 34,
        "biliary_obstruction": "present",
    }
    assert remarks(assessed(liver=fine)) == ()
    assert liver_sufficient(assessed(liver=fine), "major").reason == "no sign of liver insufficiency"


# --- bile -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("bilirubin", "expected"), [(34, "allowed"), (34.1, "unknown"), (None, "allowed")])
def test_bilirubin_without_a_word_on_the_ducts_leaves_obstruction_unknown(bilirubin, expected):
    assert fitness.biliary_drained(assessed(liver={"bilirubin_umol_per_l": bilirubin})).verdict == expected


def test_what_drainage_opens_is_not_barred_by_the_bilirubin_of_obstructed_ducts():
    obstructed = facts(liver={"biliary_obstruction": "present", "bilirubin_umol_per_l": 600})
    assert obstructed.cell("liver_function_major", ()).value == "yes"
    assert [obstructed.cell("bile_drained", (bile,)).value for bile in ("obstructed", "free")] == ["no", "yes"]


# --- the law: sicker is not safer ---------------------------------------------------------------------------------------------

RANK = {"no": 0, "unknown": 1, "assumed": 2, "yes": 3}
HIGHER = ("bilirubin_umol_per_l", "inr", "icg_r15_percent")
LOWER = ("albumin_g_per_l", "platelets_e9_per_l")


@st.composite
def pairs(draw):
    """A drawn case, and the same patient with one value of the liver worse."""
    case = draw(measured_cases())
    keys = (*HIGHER, *LOWER, "child_pugh", "insufficiency", "background")
    told = [key for key in keys if getattr(case.liver, key) is not None]
    assume(told)
    key = draw(st.sampled_from(told))
    value = getattr(case.liver, key)
    if key == "child_pugh":
        worse = draw(st.sampled_from(["A", "B", "C"]))
        assume(worse > value)
    elif key == "insufficiency":
        worse = (*value, draw(st.sampled_from(["ascites", "encephalopathy", "portal_hypertension"])))
    elif key == "background":
        worse = "cirrhosis"
    else:
        by = draw(st.sampled_from([0.05, 0.3, 1.0, 3.0]))
        worse = value * (1 + by) if key in HIGHER else value / (1 + by)
    return case, case.model_copy(update={"liver": case.liver.model_copy(update={key: worse})})


def test_a_worse_value_opens_nothing_that_was_refused():
    """As a case is planned, and under --strict: every pair both ways."""
    compared = {False: 0, True: 0}

    @given(pairs())
    @LAW
    def law(pair):
        for strict in compared:
            judged(pair, strict)

    def judged(pair, strict):
        healthy, sick = (CaseFacts(case, DEFAULT, strict=strict) for case in pair)
        cells = [(f"liver_function_{kind}", ()) for kind in KINDS] + [
            ("bile_drained", (one,)) for one in ("obstructed", "free")
        ]
        for name, key in cells:
            before, after = (one.cell(name, key).value for one in (healthy, sick))
            compared[strict] += before != after
            assert RANK[after] <= RANK[before], (name, before, after)

    law()
    assert min(compared.values()) > 50


@given(measured_cases())
@LAW
def test_what_a_minor_resection_is_refused_for_bars_a_major_one_too(case):
    found = CaseFacts(case, DEFAULT)
    ranks = [RANK[found.cell(f"liver_function_{kind}", ()).value] for kind in KINDS]
    assert ranks == sorted(ranks)


def test_a_case_file_without_the_new_key_is_as_before():
    assert make_case().patient.anticoagulated is None


# --- what opens it again ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("liver", "words"),
    [
        ({"inr": 2.0}, "an anticoagulant explains the INR"),
        ({"bilirubin_umol_per_l": 90}, "bilirubin 34 umol/l"),
        ({"albumin_g_per_l": 20}, "albumin 35 g/l"),
        ({"platelets_e9_per_l": 60, **CIRRHOSIS}, "platelets 120 x 10^9/l"),
    ],
)
def test_a_value_that_bars_is_named_among_what_would_open(liver, words):
    one = assessed(liver=liver)
    steps = [
        step for ladder in graded_changes(one) for step in ladder.steps if step is not None and step.words == words
    ]
    assert len(steps) == 1
    assert liver_sufficient(one, "major").verdict == "refused"
    opened = liver_sufficient(PatientAssessment(steps[0].case, DEFAULT), "major").verdict
    assert opened == ("unknown" if "inr" in liver else "allowed")


def test_a_centre_may_bar_ablation_from_class_b(tmp_path):
    file = tmp_path / "centre.yaml"
    entry = "{value: A, why: ours, sources: [pathways_team], confidence: expert_opinion}"
    file.write_text(
        f"schema: 1\nid: centre\ntitle: a centre\nbased_on: default\nreplaces:\n  child_pugh_ablation: {entry}\n",
        encoding="utf-8",
    )
    one = PatientAssessment(make_case(liver={"child_pugh": "B"}), load_protocol(file))
    assert liver_sufficient(one, "ablation").verdict == "refused"
    file.write_text(file.read_text(encoding="utf-8").replace("value: A", "value: D"), encoding="utf-8")
    with pytest.raises(PathwaysError, match="accepted: A, B, C"):
        load_protocol(file)
