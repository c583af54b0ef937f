"""What the automaton remembers changes no route: cold or warm, whoever asked before."""

import dataclasses

import numpy as np
import pytest

from cohort.columns import SEED, drawn, routes
from pathways.cohort.codes.strategies import strategy
from pathways.cohort.engine.automaton import MadeFor, Memory, automaton
from pathways.cohort.engine.coded import Coded
from pathways.cohort.engine.drawn import walk
from pathways.cohort.rules.facts import CohortFacts
from pathways.documents.problems import PathwaysError
from pathways.knowledge.protocols import load_protocol

DEFAULT, GUIDELINE = load_protocol("default"), strategy("guideline")


def coded(first, number=400, figures=None):
    return Coded(CohortFacts(drawn(number, first), DEFAULT, figures=figures))


def walked(patients):
    return routes(walk(patients, GUIDELINE, SEED, steps=True))


def test_roads_are_the_same_on_a_new_automaton_and_on_one_that_others_have_walked():
    automaton.cache_clear()
    new = walked(coded(0))
    automaton.cache_clear()
    walked(coded(40_000))
    walked(coded(90_000))
    assert walked(coded(0)) == new


def made_for(facts, name="guideline"):
    return automaton(MadeFor.of(strategy(name), facts))


def test_one_automaton_serves_all_chunks_and_another_figure_strategy_or_protocol_has_its_own():
    one, other = coded(0, 10).facts, coded(500, 10).facts
    known = made_for(one)
    assert made_for(other) is known
    assert made_for(one, "alpps") is not known
    assert made_for(coded(0, 10, figures={"risk_major_national": 0.0}).facts) is not known
    assert made_for(CohortFacts(drawn(10), load_protocol("mdacc"))) is not known


def test_an_edge_is_made_once_and_leads_where_the_step_leads():
    one = coded(0, 200)
    walk(one, GUIDELINE, SEED)
    known = made_for(one.facts)
    before = known.edges.number
    walk(one, GUIDELINE, SEED)
    assert known.edges.number == before > 50


def test_patients_alike_in_all_that_is_asked_share_their_codes():
    one = coded(0, 3000)
    words, place = one.local
    assert (words[place] == one.tables.local).all()
    assert len(words) < 3000
    first, combination = one.fixed
    for fact in one.facts.fixed.values():
        assert (fact[first][combination] == fact).all()


def test_a_protocol_that_would_debulk_metastases_of_the_bowel_is_refused():
    settings = dict(DEFAULT.settings)
    settings["debulking_tumours"] = dataclasses.replace(settings["debulking_tumours"], value=["colorectal"])
    with pytest.raises(PathwaysError, match="debulking_tumours names colorectal"):
        CohortFacts(drawn(5), dataclasses.replace(DEFAULT, settings=settings))


def test_a_figure_that_is_replaced_is_in_the_days_of_the_steps():
    met = [route[0] for route in walked(coded(0, 50, figures={"days_to_meeting": 77.0})).values()]
    assert {day for step, day, _ in met if step == "discuss"} == {77}


@pytest.mark.parametrize("unknown", [0.0, 7.0, np.nan])
def test_a_memory_that_has_grown_finds_what_it_knew_and_knows_nothing_else(unknown):
    memory = Memory(np.float64, unknown)
    rows, columns = (one - 1 for one in memory.values.shape)
    memory.values[rows, columns] = 2
    memory.reach(rows + 2, columns + 2)
    assert memory.values.shape > (rows + 1, columns + 1)
    assert memory.flat[memory.key(np.array([rows]), np.array([columns]))] == [2]
    memory.values[rows, columns] = unknown
    assert np.array_equal(memory.values, np.full(memory.values.shape, unknown), equal_nan=True)
