import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shipped import PUBLISHED, graph_of, named
from strategies import cases

import pathways as pw
from pathways.facts.derive import CaseFacts
from pathways.graph.explore import explore_facts
from pathways.knowledge.protocols import load_protocol
from pathways.machine.patient import Patient, Refused, shared_machine

DEFAULT = load_protocol()


@given(cases(), st.data())
@settings(max_examples=60, deadline=None, derandomize=True)
def test_machine_and_graph_agree_at_every_step_of_a_drawn_walk(case, data):
    facts = CaseFacts(case, DEFAULT)
    graph, patient = explore_facts(facts), Patient(facts)
    while not patient.ended:
        leaving = graph.edges[graph.index[patient.state]]
        by_name = {edge.declared.name: graph.states[edge.target] for edge in leaving}
        options = patient.options()
        assert [option.trigger for option in options if option.open] == list(by_name)
        for option in options:
            if not option.open:
                fire = patient.decide if option.kind == "decision" else patient.outcome
                with pytest.raises(Refused):
                    fire(option.trigger)
        chosen = data.draw(st.sampled_from([option for option in options if option.open]))
        reached = (patient.decide if chosen.kind == "decision" else patient.outcome)(chosen.trigger)
        assert reached == by_name[chosen.trigger]


@pytest.mark.parametrize("path", PUBLISHED, ids=lambda path: path.stem)
def test_machine_and_graph_offer_the_same_steps_in_every_state(path):
    from pathways.facts.stepping import step
    from pathways.machine.patient import TRIGGERS

    graph = graph_of(path)
    patient = Patient(graph.facts)
    for node in range(0, len(graph.states), 3):
        state = graph.states[node]
        patient.state, patient.phase = state, state.phase
        ours = [(one.trigger, step(TRIGGERS[one.trigger], state, graph.facts)) for one in patient.options() if one.open]
        assert ours == [(edge.declared.name, graph.states[edge.target]) for edge in graph.edges[node]]


def test_a_refusal_keeps_its_reasons_and_leaves_the_patient_where_it_was():
    patient = pw.patient(pw.load_case(named("alp-01")), DEFAULT)
    patient.decide("discuss")
    before = patient.state
    with pytest.raises(Refused) as refusal:
        patient.decide("resect_liver_major")
    assert [verdict.rule for verdict in refusal.value.verdicts] == ["remnant_volume"]
    limit = DEFAULT.number("remnant_limit_normal")
    assert f"the limit for a normal liver is {limit:.0%}" in str(refusal.value)
    assert patient.state == before
    assert len(patient.steps) == 1


def test_a_wrong_name_is_answered_with_the_nearest_right_one():
    patient = pw.patient(pw.load_case(named("alp-01")), DEFAULT)
    with pytest.raises(pw.PathwaysError, match='did you mean "discuss"'):
        patient.decide("discus")


def test_an_outcome_cannot_be_decided():
    patient = pw.patient(pw.load_case(named("meta-02")), DEFAULT)
    patient.decide("discuss")
    patient.decide("resect_liver_minor")
    with pytest.raises(pw.PathwaysError, match="decision"):
        patient.decide("recovers")
    assert patient.outcome("recovers").phase == "resected"
    assert patient.ended
    assert patient.options() == ()


def test_patients_share_one_machine_and_are_never_registered_with_it():
    case = pw.load_case(named("meta-02"))
    for _ in range(3):
        pw.patient(case, DEFAULT).decide("discuss")
    assert shared_machine() is shared_machine()
    assert shared_machine().models == []


def test_steps_are_recorded():
    patient = pw.patient(pw.load_case(named("meta-02")), DEFAULT)
    patient.decide("discuss")
    assert [(step.trigger, step.after.phase) for step in patient.steps] == [("discuss", "resectable")]
