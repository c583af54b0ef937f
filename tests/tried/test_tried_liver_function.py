"""Cases that were tried and what a right answer holds: liver function by numbers."""

from pathlib import Path

import pathways as pw
from pathways.facts.derive import CaseFacts
from pathways.process.acts import ON_THE_LIVER, STIMULI

HERE = Path(__file__).parent
DEFAULT = pw.load_protocol("default")
KINDS = ("major", "minor", "ablation")


def functions(case):
    facts = CaseFacts(case, DEFAULT)
    return tuple(facts.cell(f"liver_function_{kind}", ()).value for kind in KINDS)


def tried(name, **changes):
    case = pw.load_case(next(HERE.glob(f"*/{name}.yaml")))
    liver = case.liver.model_copy(update=changes)
    return case.model_copy(update={"liver": liver})


def operations(case):
    """What is done to the liver on the pathways of the plan, by title."""
    made = pw.plan(case, DEFAULT, top=0)
    return {
        step.title
        for one in made.pathways
        for step in one.steps
        if step.kind == "decision" and step.acts & (ON_THE_LIVER | STIMULI)
    }


def finding(case):
    return next(one for one in pw.assess(case, DEFAULT).findings if one.rule == "liver_sufficient")


def test_38a_a_normal_count_of_platelets_warns_of_nothing_and_a_low_one_does():
    # Bilirubin, albumin and INR are not told there, and that is said; of platelets there is nothing to say.
    assert "platelets" not in finding(tried("38a-platelets-250")).reason
    assert not any(
        "platelets" in words for one in pw.plan(tried("38a-platelets-250"), DEFAULT).pathways for words in one.warnings
    )
    low = tried("38a-platelets-250", platelets_e9_per_l=40)
    assert finding(low).verdict == "unknown"
    assert any("platelets 40" in words for one in pw.plan(low, DEFAULT).pathways for words in one.warnings)


def test_38c_bilirubin_far_above_the_limit_or_albumin_far_below_it_leaves_no_resection():
    for case in (
        tried("38c-bilirubin-120"),
        tried("38c-bilirubin-120", bilirubin_umol_per_l=600),
        tried("38c-bilirubin-120", albumin_g_per_l=20),
        tried("38c-bilirubin-120", bilirubin_umol_per_l=10, albumin_g_per_l=20),
    ):
        assert operations(case) == set()
        assert pw.assess(case, DEFAULT).barred_by[0].rule == "liver_sufficient"
    assert operations(tried("38c-bilirubin-120", bilirubin_umol_per_l=10))


def test_50_few_platelets_with_portal_hypertension_bar_a_major_resection():
    assert functions(tried("50-plt40-portal-hyp"))[0] == "no"
    assert functions(tried("50-plt40-portal-hyp", insufficiency=())) == ("no", "assumed", "assumed")


def test_a11_child_pugh_b_bars_a_major_resection_and_warns_of_a_minor_one():
    case = tried("a11")
    assert functions(case) == ("no", "assumed", "assumed")
    warned = [one for one in pw.plan(case, DEFAULT).pathways if any("Child-Pugh B" in words for words in one.warnings)]
    assert warned
    assert functions(tried("a11", child_pugh="C")) == ("no", "no", "no")
    assert operations(tried("a11", child_pugh="C")) == set()


def test_a13b_bilirubin_without_signs_told_is_not_no_sign_of_insufficiency():
    case = tried("a13b")
    assert functions(case) == ("no", "no", "no")
    assert "biliary obstruction, which could be drained, not reported" in finding(case).reason
    assert functions(tried("a13b", bilirubin_umol_per_l=20)) == ("assumed", "assumed", "assumed")


def test_a26_poor_clearance_bars_a_major_resection():
    assert functions(tried("a26")) == ("no", "assumed", "assumed")
    assert operations(tried("a26")) == set()
