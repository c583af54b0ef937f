"""What an examiner's verdicts on eight scenarios asked for, held of every lesson that ships for these objectives.

The page `docs/background/lessons-judged.md` has the verdicts, each with its answer.
"""

import re
from functools import cache

import pytest
from shipped import ROOT

from pathways.teaching.auditing.audit import audited
from pathways.teaching.auditing.causes import says_why
from pathways.teaching.auditing.items import items_of
from pathways.teaching.authoring.loading import load_scenario
from pathways.teaching.unrolling.answers import hits
from pathways.teaching.unrolling.debrief import way_of_best_answers
from pathways.teaching.unrolling.refusals import TRIGGERS
from pathways.teaching.unrolling.unroll import lesson_of, unrolled

STARTER = sorted((ROOT / "scenarios" / "teaching").glob("*.yaml"))


def of(*objectives):
    return [path.stem for path in STARTER if path.stem.rpartition("-11-")[0] in objectives]


@cache
def scenario(name):
    return load_scenario(ROOT / "scenarios" / "teaching" / f"{name}.yaml")


@cache
def lesson(name):
    return lesson_of(scenario(name), explains=False)


def best_answers(name):
    """Every question with its right answer, and the words read since the start on the way of the best answers."""
    here, told = lesson(name).passages[0], []
    while True:
        told += here.text
        if not here.choices:
            return
        onward = [one for one in here.choices if one.to != here.id]
        best = max(onward, key=lambda one: (one.score, one.grade == "best"))
        if here.role == "decision":
            yield here, best, " ".join(told)
        here = lesson(name).passage(best.to)


@pytest.mark.parametrize("name", [path.stem for path in STARTER])
def test_nothing_is_told_twice_under_one_fact_otherwise(name):
    several = {"Volumetry", "Liver operated on", "Chemotherapy so far"}
    for passage in lesson(name).passages:
        told = [label for label, _ in passage.findings if label not in several]
        assert len(told) == len(set(told)), passage.title


@pytest.mark.parametrize("name", of("primary_first"))
def test_an_emergency_of_the_bowel_has_a_blood_count(name):
    first = next(passage for passage in lesson(name).passages if passage.findings)
    assert dict(first.findings)["Haemoglobin"] == f"{scenario(name).case.patient.haemoglobin_g_per_l:g} g/l"


@pytest.mark.parametrize("name", of("uncertain_nodule"))
def test_of_an_uncertain_nodule_no_twin_is_right_and_the_first_question_is_what_it_is(name):
    assert audited([(name, lesson(name))]).twins == ()
    _, first, _ = next(best_answers(name))
    assert first.text.startswith("Characterise the suspected lesion")


@pytest.mark.parametrize("name", of("liver_first"))
def test_the_rectum_is_removed_when_its_interval_has_passed_and_no_aim_stands_above_a_question(name):
    assert not lesson(name).aims_first
    told = [words for *_, words in best_answers(name)][-1]
    irradiated = re.search(r"Day (\d+) to (\d+): (?:Short|Long)-course radiotherapy", told)
    assert irradiated, told
    days = int(irradiated[2]) - int(irradiated[1])
    least = unrolled(scenario(name)).protocol.number("radiotherapy_wait_weeks") * 7
    # Five days of radiotherapy, and the interval after it.
    assert days >= least + 5
    removed = re.search(
        r"Day (\d+)[^.]*: Resection of the primary",
        " ".join(words for one in lesson(name).passages for words in one.text),
    )
    assert removed is None or int(removed[1]) >= int(irradiated[2])


@pytest.mark.parametrize("name", of("simultaneous_or_not"))
def test_what_two_operations_cost_in_lives_is_counted_once(name):
    """A second session is poor by time and chance, and by no more deaths than one operation more brings."""
    one = unrolled(scenario(name))
    node = way_of_best_answers(one).taken[0].asked.node
    dead = {each.name: each.worth.dead for each in one.grades.options(node)}
    together = min(risk for step, risk in dead.items() if "and_primary" in step)
    apart = min(risk for step, risk in dead.items() if "and_primary" not in step and TRIGGERS[step].operation)
    assert apart < 2 * together + 0.02


@pytest.mark.parametrize("name", of("damaged_liver_needs_more", "stop_chemotherapy_in_time"))
def test_a_damaged_liver_is_not_split_and_what_has_grown_is_told_as_a_volume(name):
    background = scenario(name).case.liver.background
    for here, best, _ in best_answers(name):
        if background in ("fibrosis", "cirrhosis") and "otherwise" not in here.title:
            assert "ALPPS" not in best.text
    grown = [words for one in lesson(name).passages for words in one.text if "Volumetry:" in words]
    assert all(re.search(r"Volumetry: \d+% of the liver would stay", words) for words in grown)


@pytest.mark.parametrize("name", [path.stem for path in STARTER])
def test_what_stays_after_growth_is_one_figure(name):
    """The volume that the meeting is told, the limit it is held to and the costs of the answer do not disagree."""
    for here in lesson(name).decisions:
        found = [re.search(r"(\d+)% would stay, as measured after the growth", value) for _, value in here.findings]
        for measured in (one for one in found if one):
            for choice in here.choices:
                left = [re.match(r"remnant (\d+)%, limit", cost) for cost in choice.costs]
                here_told = re.search(r"volumetry after the growth leaves (\d+)%", " ".join(choice.feedback))
                if here_told and any(left):
                    assert {int(one[1]) for one in left if one} == {int(here_told[1])} == {int(measured[1])}, (
                        choice.text
                    )


@pytest.mark.parametrize("name", of("primary_first"))
def test_an_emergency_is_dealt_with_by_what_fits_it_and_what_follows_is_the_elective_operation(name):
    asked = [(here, best) for here, best, _ in best_answers(name)]
    urgent = scenario(name).case.primary.urgent
    assert ("Emergency resection" in asked[0][1].text) == (urgent == "perforation")
    assert all(says_why(one) for item in items_of(lesson(name), name) for one in item.answers)


@pytest.mark.parametrize("name", of("margin_and_vessel"))
def test_a_lesson_on_a_vessel_asks_its_own_decision(name):
    one = unrolled(scenario(name))
    taken = way_of_best_answers(one).taken
    assert any(hits(one.grades, each.asked.node, one.objective, each.asked.offers) for each in taken)
    assert any(lesion.contacts for lesion in scenario(name).case.lesions)


@pytest.mark.parametrize("name", of("parenchyma_sparing"))
def test_a_lesson_on_sparing_liver_asks_more_than_one_thing_and_says_why(name):
    assert len(list(best_answers(name))) >= 3
    told = " ".join(words for here, best, _ in best_answers(name) for words in best.feedback)
    assert "what is kept is needed when the disease comes back" in told


@pytest.mark.parametrize("name", of("progression_on_chemotherapy"))
def test_of_progression_the_reason_is_given_and_the_risk_of_death_is_one_figure(name):
    for item in items_of(lesson(name), name):
        assert all(says_why(one) for one in item.answers)
    for choice in (one for here in lesson(name).decisions for one in here.choices):
        told = re.findall(r"([\d.]+)%(?: \([^)]*\))? die of treatment", " ".join(choice.feedback))
        assert len(set(told)) <= 1, choice.text
