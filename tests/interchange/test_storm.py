"""An independent oracle: Storm builds the states from the exported guarded commands and solves them itself."""

import pytest
import stormpy
from shipped import CONSTRUCTED, PUBLISHED, graph_of, named

from parts import in_part
from pathways.interchange.prism import prism
from pathways.planning.evaluate import evaluate
from pathways.process.declaration import PROCESS

CLOSE = 1e-9


def solved(text, folder, *questions):
    """Storm's number of states, and its answers."""
    file = folder / "model.prism"
    file.write_text(text, encoding="utf-8")
    program = stormpy.parse_prism_program(str(file))
    properties = stormpy.parse_properties("; ".join(questions), program)
    # Without the properties: else nothing is built behind the end that is asked for, where the second half of a perioperative course stands.
    model = stormpy.build_model(program)
    start = next(iter(model.initial_states))
    return model.nr_states, [stormpy.model_checking(model, one).get_value(start) for one in properties]


def reached(graph, policy=None):
    """States that are reached by a walk of our own, or under a policy; an outcome of no chance leads nowhere."""
    chances = evaluate(graph).evaluator.chances
    seen, waiting = {0}, [0]
    while waiting:
        node = waiting.pop()
        leaving = graph.edges[node]
        if leaving and leaving[0].declared.kind == "decision":
            leaving = leaving if policy is None else (leaving[policy[node]],)
        else:
            leaving = [edge for edge, chance in zip(leaving, chances(node), strict=True) if chance]
        for edge in leaving:
            if edge.target not in seen:
                seen.add(edge.target)
                waiting.append(edge.target)
    return seen


@pytest.mark.parametrize("path", in_part([*PUBLISHED, *CONSTRUCTED], 2), ids=lambda path: path.stem)
def test_storm_finds_the_same_states_and_the_same_best_chance(path, tmp_path):
    graph = graph_of(path)
    states, (best,) = solved(prism(graph), tmp_path, 'Pmax=? [F "resected"]')
    assert states == len(reached(graph))
    assert best == pytest.approx(evaluate(graph).worth().resected, abs=CLOSE)


# Every second in the ordinary suite; all of them with -m slow.
CHAINS = [
    pytest.param(path, id=path.stem, marks=[pytest.mark.slow] if number % 2 else [])
    for number, path in enumerate((*PUBLISHED, *CONSTRUCTED))
]


@pytest.mark.parametrize("path", CHAINS)
def test_storm_finds_the_same_chances_and_days_for_the_best_policy(path, tmp_path):
    graph = graph_of(path)
    evaluation = evaluate(graph)
    questions = ('P=? [F "resected"]', 'P=? [F "dead"]', 'R{"days"}=? [F ("ended" | "resected")]')
    states, answers = solved(prism(graph, evaluation.policy()), tmp_path, *questions)
    worth = evaluation.worth()
    assert states == len(reached(graph, evaluation.policy()))
    assert answers == pytest.approx([worth.resected, worth.dead, worth.days], abs=CLOSE)


@pytest.mark.parametrize("objective", ["survival", "time", "safety"])
def test_the_policy_of_every_objective_is_the_chain_that_storm_solves(objective, tmp_path):
    graph = graph_of(named("alp-01"))
    evaluation = evaluate(graph)
    text = prism(graph, evaluation.policy(objective))
    _, answers = solved(text, tmp_path, 'P=? [F "dead"]', 'R{"days"}=? [F ("ended" | "resected")]')
    worth = evaluation.worth(objective)
    assert answers == pytest.approx([worth.dead, worth.days], abs=CLOSE)


def test_the_oracle_would_notice_a_missing_decision(tmp_path):
    """Without the commands that resect the liver, Storm's best chance is lower than ours: agreement is no accident."""
    graph = graph_of(named("stg-01"))
    lacking = "\n".join(line for line in prism(graph).splitlines() if not line.startswith("  [resect_liver"))
    states, (best,) = solved(lacking, tmp_path, 'Pmax=? [F "resected"]')
    assert best < evaluate(graph).worth().resected - CLOSE
    assert states < len(graph.states)


def test_a_model_has_one_command_a_decision_and_none_a_state():
    graph = graph_of(named("alp-03"))
    lines = prism(graph).splitlines()
    commands = [line for line in lines if " -> " in line]
    decisions = [line.split("]")[0].strip(" [") for line in commands if line.split("]")[0].strip(" [")]
    names = [name for name in decisions if name in {one.name for one in PROCESS.triggers}]
    assert len(names) == len(set(names))
    assert len(commands) < len(graph.states) / 10


def test_the_same_case_gives_the_same_text():
    graph = graph_of(named("alp-01"))
    assert prism(graph) == prism(graph)
