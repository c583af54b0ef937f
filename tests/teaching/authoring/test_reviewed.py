"""What a surgeon's review found in lessons, as sentences that hold for every one that ships and for one generated an objective."""

import re
from functools import cache

import pytest
from generated import scenario_for
from shipped import ROOT

from pathways.process.growth import WHERE_CALLED_FOR
from pathways.process.phases import START
from pathways.teaching.authoring.generate import generated
from pathways.teaching.authoring.loading import load_scenario
from pathways.teaching.curriculum.objectives import objective_of, syllabus
from pathways.teaching.curriculum.schema import OBJECTIVES
from pathways.teaching.unrolling.answers import contradicts, decisions_at
from pathways.teaching.unrolling.refusals import TRIGGERS, considered, taken_as_given
from pathways.teaching.unrolling.unroll import lesson_of, unrolled
from pathways.teaching.unrolling.walk import Taken, Traveller

STARTER = sorted((ROOT / "scenarios" / "teaching").glob("*.yaml"))
# One of each objective in the ordinary suite, as it ships or as it is generated.
EVERY = [
    *(path.stem for path in STARTER if path.stem.endswith("-11-1")),
    *(f"generated {name}" for name in OBJECTIVES[::4]),
]


@cache
def scenario_of(name):
    if name.startswith("generated "):
        return scenario_for(name.removeprefix("generated "))
    return load_scenario(ROOT / "scenarios" / "teaching" / f"{name}.yaml")


@cache
def lesson(name):
    """The lesson; when an answer would be right is told in general (`test_otherwise.py` has that of this patient)."""
    return lesson_of(scenario_of(name), explains=False)


@cache
def asked_in(name):
    """The unrolled scenario and every question that some way through it comes to."""
    one, found = unrolled(scenario_of(name)), []
    waiting = [one.onward(Traveller())]
    while waiting:
        way, asked = waiting.pop()
        if asked is not None:
            found.append(asked)
            waiting += [one.onward(one.taking(way, Taken(asked, each))) for each in asked.offers if each.open]
    return one, found


@pytest.mark.parametrize("name", EVERY)
def test_no_open_answer_named_good_is_poor_and_the_best_one_is_named_good(name):
    one, asked = asked_in(name)
    about = [each for each in asked if decisions_at(one.grades, each.node, one.objective)]
    assert about
    for each in about:
        assert not contradicts(one.grades, each.node, one.objective)
        open_, decisions = one.grades.options(each.node), decisions_at(one.grades, each.node, one.objective)
        if any(option.name in decision.good_steps for option in open_ for decision in decisions):
            best = next(option.name for option in open_ if option.grade == "best")
            agreeing = [decision for decision in decisions if best in decision.good_steps]
            assert any(
                all(option.grade != "poor" for option in open_ if option.name in decision.good_steps)
                for decision in agreeing
            )


@pytest.mark.parametrize("name", EVERY)
def test_days_alone_make_no_answer_poor_unless_the_lesson_is_about_delay(name):
    one, asked = asked_in(name)
    scoring = syllabus().scoring
    for each in asked:
        options = one.grades.options(each.node)
        highest = max(one.grades._merit(option.worth) for option in options)
        for option in options:
            near = highest - one.grades._merit(option.worth) <= scoring.tolerance_chance
            if option.grade == "poor" and near and not one.objective.delay_decides:
                assert any(option.worth.dead - other.worth.dead > scoring.tolerance_risk for other in options)


def test_delay_decides_only_where_the_lesson_is_about_it():
    found = {name for name in OBJECTIVES if objective_of(name).delay_decides}
    assert found == {"operate_promptly", "stop_chemotherapy_in_time", "washout_before_surgery"}


KEYS = re.compile(r" ?\([a-z_]+\.[a-z_0-9.]+(?:, (?:[a-z_]+\.)?[a-z_0-9]+)*\)")


@pytest.mark.parametrize("name", EVERY)
def test_an_open_answer_tells_what_it_takes_as_given(name):
    one, asked = asked_in(name)
    said = {line for passage in lesson(name).passages for choice in passage.choices for line in choice.feedback}
    for each in asked:
        for offer in each.offers:
            if offer.open:
                for verdict in taken_as_given(offer.trigger, one.graph.states[each.node], one.graph.facts):
                    # What is not reported is told without the keys of the file.
                    reason = KEYS.sub("", verdict.reason)
                    assert f"Not known, and taken as given: {reason} ({verdict.assumed})." in said


@pytest.mark.parametrize("name", EVERY)
def test_disease_outside_the_liver_and_the_criteria_of_transplantation_are_told(name):
    scenario = scenario_of(name)
    assert scenario.case.extrahepatic is not None
    if scenario.objective == "transplant_candidate":
        assert scenario.case.primary.braf == "wild_type"


@pytest.mark.parametrize("name", EVERY)
def test_no_answer_is_a_filler_that_no_team_would_consider(name):
    one, asked = asked_in(name)
    tumour = one.scenario.case.primary.tumour
    for each in asked:
        state = one.graph.states[each.node]
        for offer in each.offers:
            if offer.open:
                continue
            assert considered(TRIGGERS[offer.name], state, one.graph.facts) or one.scenario.variations
            assert offer.name != "debulk_liver" or tumour == "neuroendocrine"
            assert offer.name != "keep_controlling" or tumour in ("neuroendocrine", "gist")
            if offer.trigger.distractor == WHERE_CALLED_FOR and not one.scenario.variations:
                assert one.graph.facts.finding("growth_called_for", state).value != "no"


@pytest.mark.parametrize("name", EVERY)
def test_a_refusal_gives_no_cost_that_meets_its_limit_and_one_figure_for_the_washout(name):
    for passage in lesson(name).passages:
        for choice in passage.choices:
            for line in choice.costs:
                if line.startswith("remnant ") and choice.grade == "refused" and "%, limit " in line:
                    value, limit = (float(part.rstrip("%")) for part in line.partition(": ")[2].split(", limit "))
                    assert value <= limit
            if choice.grade == "refused" and "weeks since the last dose" in choice.feedback[1]:
                assert choice.text.startswith("Within days")


@pytest.mark.parametrize("name", EVERY)
def test_no_identifier_of_a_family_reaches_a_learner(name):
    words = " ".join(
        line for passage in lesson(name).passages for choice in passage.choices for line in choice.feedback
    )
    for raw in ("perioperative_chemotherapy", "declines simultaneous", "declines lvd", "declines pve", "rescue_alpps"):
        assert raw not in words


@pytest.mark.parametrize("seed", [7, 11, 12])
def test_what_the_patient_declines_is_what_would_have_been_advised(seed):
    one = unrolled(generated("patient_declines", seed))
    free = one.setting.undeclined.grades
    found = []
    for node, state in enumerate(one.graph.states):
        if decisions_at(one.grades, node, one.objective) and (there := free.graph.index.get(state)) is not None:
            found.append(free.advised(there).name not in {option.name for option in one.grades.options(node)})
    assert any(found)


def test_in_gist_the_drug_is_named_and_no_second_name_of_it_is_a_distractor():
    for name in (*(one for one in EVERY if one.startswith("gist_targeted_first")), "generated gist_targeted_first"):
        for passage in lesson(name).decisions:
            words = [choice.text for choice in passage.choices]
            assert not any("chemotherapy" in text for text in words)
            assert len(set(words)) == len(words)


@pytest.mark.parametrize("name", EVERY)
def test_cycles_of_two_weeks_take_two_weeks_each(name):
    for event in scenario_of(name).case.history:
        if event.event == "chemotherapy" and event.until_week is not None:
            assert event.until_week - event.week == 2 * event.cycles


@pytest.mark.slow
def test_lessons_of_one_seed_do_not_share_their_luck():
    seeds = [load_scenario(path).seed for path in STARTER]
    assert len(set(seeds)) == len(seeds)


def test_disease_elsewhere_is_that_of_daily_practice():
    for name in ("extrahepatic_a_bar", "extrahepatic_not_a_bar"):
        sites = {
            site["site"] for each in objective_of(name).space["variants"] for site in each["extrahepatic"]
        }  # the space is plain data
        assert not sites & {"adrenal", "brain"}


def test_an_emergency_is_answered_by_what_fits_it():
    answers = set()
    for seed in range(3, 12):
        made = generated("primary_first", seed)
        kind = made.case.primary.urgent
        for passage in lesson_of(made, explains=False).decisions:
            answers |= {
                (kind, choice.text)
                for choice in passage.choices
                if passage.day == 0 and passage.title == "The referral" and "primary stays" in choice.text
            }
    assert answers
    assert all(("Haemostasis" in text) == (kind == "bleeding") for kind, text in answers)
    assert all(("Stent" in text) == (kind == "obstruction") for kind, text in answers)


def test_a_stimulus_of_the_history_is_in_the_figures_already():
    name = next(one for one in EVERY if one.startswith("failed_growth_rescue"))
    first = next(passage for passage in lesson(name).decisions if passage.day > 0)
    assert not any("before it" in value for _, value in first.findings)


def test_the_map_tells_which_vessels_came_free_in_a_response():
    name = next(one for one in EVERY if one.startswith("operate_promptly"))
    maps = [line for passage in lesson(name).passages for line in passage.liver_map]
    assert any("after the response" in line and "free since the response of the" in line for line in maps)
    assert not any("after the response" in line and "touching the" in line for line in maps)


def test_who_is_fit_only_for_ablation_is_not_told_to_operate():
    for name in (one for one in EVERY if "ablate_what_cannot_be_cut" in one):
        one, asked = asked_in(name)
        for each in asked:
            state = one.graph.states[each.node]
            if state.phase != START and one.graph.facts.finding("fit_minor", state).value == "no":
                words = " ".join(
                    str(choice.feedback) for passage in lesson(name).decisions for choice in passage.choices
                )
                assert "operate, or give" not in words
                assert "fit only for ablation" in words or "fit for ablation" not in words
