"""What an author writes is held against the case, the step and the calendar; a review is of the content it was given for."""

import re
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import get_args

import pytest
from builders import make_case
from shipped import ROOT
from typer.testing import CliRunner

from pathways.case.loading import load_case
from pathways.cli.main import app
from pathways.documents.problems import DocumentError
from pathways.teaching.authoring import generate
from pathways.teaching.authoring.from_case import NoLesson, drafts_of
from pathways.teaching.authoring.loading import load_scenario, parse_scenario
from pathways.teaching.authoring.wording_checks import disagreements
from pathways.teaching.narrative.referral import family_words
from pathways.teaching.scenarios.model import Option
from pathways.teaching.scenarios.signature import lapsed, mark_of
from pathways.teaching.scenarios.text import scenario_text
from pathways.words import Family

FILE = ROOT / "scenarios" / "teaching" / "parenchyma_sparing-11-1.yaml"
TEXT = FILE.read_text(encoding="utf-8")
SCENARIO = load_scenario(FILE)
OTHER_SEX = "man" if SCENARIO.case.patient.sex == "female" else "woman"


@pytest.mark.parametrize(
    ("story", "told"),
    [
        (f"A {OTHER_SEX} is referred.", "patient; the case says"),
        ("A patient of 99 is referred.", "tells of somebody of 99 years"),
        ("The primary lies in the caecum.", "tells of caecum"),
        ("FOLFIRI has been given.", "tells of folfiri"),
        ("There are 77 lesions.", "tells the number 77"),
    ],
)
def test_a_story_of_another_patient_is_refused(story, told):
    if told == "tells of caecum" and SCENARIO.case.primary.site == "caecum":
        story, told = "The primary lies in the rectum.", "tells of rectum"
    found = [words for _, words in disagreements(SCENARIO.model_copy(update={"story": (story,)}))]
    assert any(told in one for one in found), found


def test_the_story_that_is_drafted_agrees_with_its_case():
    assert list(disagreements(SCENARIO)) == []


@pytest.mark.parametrize(("told", "known"), [("0.235", True), ("23.5", True), ("23.7", False), ("24", False)])
def test_a_fraction_of_the_case_may_be_told_in_percent_and_is_not_rounded(told, known):
    scenario = load_scenario(ROOT / "scenarios" / "teaching" / "alpps_or_two_stage-11-13.yaml")
    assert [one.fraction for one in scenario.case.liver.measured_remnants] == [0.235]
    story = (f"Volumetry found {told} of the liver.",)
    assert (list(disagreements(scenario.model_copy(update={"story": story}))) == []) is known


@pytest.mark.parametrize(
    ("trigger", "text", "refused"),
    [
        ("resect_liver_minor", "Embolise the right portal vein", True),
        ("resect_liver_minor", "Do not resect the liver", True),
        ("resect_liver_minor", "Resect both lesions and keep the rest", False),
        ("palliate", "No operation, but chemotherapy as long as it helps", False),
        ("deprive_liver_veins", "Resect the right liver today", True),
    ],
)
def test_an_answer_that_speaks_of_another_act_than_its_step_is_refused(trigger, text, refused):
    first = SCENARIO.decisions[0]
    changed = first.model_copy(update={"options": (Option(trigger=trigger, text=text), *first.options[:1])})
    found = list(disagreements(SCENARIO.model_copy(update={"decisions": (changed,)})))
    assert bool(found) is refused


def test_a_day_to_come_and_a_day_that_is_none_are_refused():
    for day in ("2199-01-01", "2026-13-40", (datetime.now(UTC).date() + timedelta(days=2)).isoformat()):
        found = list(disagreements(SCENARIO.model_copy(update={"reviewed_on": day})))
        assert found, day


def test_a_signature_lapses_when_the_content_changes_and_not_when_it_is_given(tmp_path):
    file = tmp_path / FILE.name
    words = ["--by", "A. Surgeon", "--role", "surgeon", "--scope", "keys", "--on", "2026-11-21"]
    done = CliRunner().invoke(app, ["teach", "sign", str(FILE), *words, "-o", str(file)])
    assert done.exit_code == 0, done.output
    signed = load_scenario(file)
    assert not lapsed(signed)
    assert mark_of(signed) == mark_of(SCENARIO)
    assert CliRunner().invoke(app, ["validate", str(file)]).exit_code == 0
    changed = file.read_text(encoding="utf-8").replace("decisions_at_most:", "# a remark\ndecisions_at_most:")
    file.write_text(changed, encoding="utf-8")
    assert not lapsed(load_scenario(file))
    file.write_text(re.sub(r"(?m)^title: .*$", 'title: "Somebody else"', changed), encoding="utf-8")
    assert lapsed(load_scenario(file))
    answer = CliRunner().invoke(app, ["validate", str(file)])
    assert answer.exit_code != 0
    assert "the content has changed since A. Surgeon reviewed it" in answer.output


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("variations:\n  - fact: ", "variations:\n  - fact: ''\n    unknown: ", "unknown"),
        ("change: {", "change: {lesions.9.size_mm: 3, ", "leads to no key of the case"),
    ],
)
def test_a_variation_that_makes_no_case_is_refused_with_its_place(old, new, told):
    assert old in TEXT
    with pytest.raises(DocumentError, match=told):
        parse_scenario(TEXT.replace(old, new, 1), "mine.yaml")


def test_a_case_of_ones_own_becomes_a_lesson_that_is_valid():
    case = load_case(ROOT / "scenarios" / "published" / "alp-03.yaml")
    found = drafts_of(case, only="grow_small_remnant")
    text = scenario_text(found.best)
    assert scenario_text(parse_scenario(text)) == text
    assert found.best.case == case


@pytest.mark.slow
@pytest.mark.parametrize("path", sorted((ROOT / "scenarios" / "published").glob("*.yaml")), ids=lambda path: path.stem)
def test_every_published_case_gives_a_lesson_or_says_why_not(path):
    case = load_case(path)
    try:
        found = drafts_of(case)
    except NoLesson as why:
        assert str(why).startswith(f"{case.id}: ")
        assert "accepted: " in str(why)
        return
    assert len({one.objective for one in found.drafts}) == len(found.drafts)
    for one in found.drafts:
        assert one.case == case
        text = scenario_text(one)
        assert scenario_text(parse_scenario(text)) == text


def test_a_case_that_holds_no_decision_is_told_why():
    case = load_case(ROOT / "scenarios" / "published" / "alp-03.yaml")
    with pytest.raises(NoLesson, match=r"alp-03: .*accepted"):
        drafts_of(case, only="gist_targeted_first")


def test_where_no_objective_has_a_goal_that_can_be_reached_that_is_said_and_no_other_case_is_asked_for():
    with pytest.raises(NoLesson, match="no objective has a goal that can be reached"):
        drafts_of(make_case(patient={"fit_for": "none"}), only="grow_small_remnant")


@pytest.mark.parametrize("budgets", [generate.BUDGETS, generate.BUDGETS_WITH_VARIATIONS])
def test_what_is_asked_after_a_poor_choice_is_left_out_before_another_number_of_decisions_is_tried(budgets):
    assert [after for one, after in pairwise(budgets) if one[1]] == [(most, 0) for most, poor in budgets if poor]
    assert len(set(budgets)) == len(budgets)


def test_a_case_and_no_objective_are_asked_for():
    answer = CliRunner().invoke(app, ["teach", "new", "-o", "nowhere"])
    assert answer.exit_code != 0
    assert "--case FILE" in str(answer.exception)


def test_what_a_patient_declines_is_told_by_no_short_name_of_the_program():
    told = {word for family in get_args(Family) for word in family_words(family).split()}
    assert told & {"alpps", "pve", "lvd"} == set()
    assert "ALPPS" in told
