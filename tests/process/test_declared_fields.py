"""Whatever a step declares of itself is read by somebody: taken away, what that consumer says is another thing."""

from dataclasses import fields, replace
from functools import lru_cache

import pytest
from builders import make_case
from shipped import CONSTRUCTED, ROOT, named

import pathways as pw
from pathways.conformance.acts import act_of
from pathways.facts.step_names import title_for
from pathways.graph import explore
from pathways.planning.annotations import note_of, title_of, warnings_of
from pathways.planning.pathway_groups import labels_of
from pathways.process.acts import TOLD_BY_OUTCOMES, kinds_of
from pathways.process.declaration import PROCESS
from pathways.process.model import Trigger
from pathways.process.selection import _test
from pathways.teaching.unrolling.answers import Offer
from pathways.teaching.unrolling.refusals import answerable, considered
from pathways.teaching.unrolling.wording import option_text, title_in
from pathways.validation.replay import _answers

PLACES = {trigger.name: place for place, trigger in enumerate(PROCESS.triggers)}
DEEP = {"id": "B", "size_mm": 28, "count": 1, "depth": "deep"}
WITH_ABLATION = (
    [{"id": "A", "segments": [6], "size_mm": 45, "count": 1, "depth": "superficial"}, {**DEEP, "segments": [8]}],
    [
        {
            "id": "A",
            "segments": [5, 6, 7],
            "size_mm": 70,
            "count": 1,
            "contacts": ["right_posterior_pedicle", "right_anterior_pedicle"],
        },
        {**DEEP, "segments": [2, 3]},
    ],
)
LARGE = {"measured_remnants": [{"removes": [5, 6, 7, 8], "fraction": 0.45}]}
EMERGENCIES = ("obstruction", "bleeding", "perforation")


@lru_cache(maxsize=1)
def graphs():
    protocol = pw.load_protocol("default")
    # First: of each step only a few edges are looked at, and its drugs have to be other than chemotherapy in some.
    cases = [make_case(primary={"mismatch_repair": "deficient"})]
    cases += [pw.load_case(path) for path in (*CONSTRUCTED, named("net-01"), named("ben-05"), named("exv-01"))]
    cases += [make_case(primary={"status": "in_situ", "urgent": one}) for one in EMERGENCIES]
    cases += [make_case(primary={"status": "in_situ"}, lesions=one, liver=LARGE) for one in WITH_ABLATION]
    nodes = [{"site": "portal_nodes", "resectable": True}]
    cases.append(
        make_case(extrahepatic=nodes, lesions=[{"segments": [5, 6, 7, 8], "size_mm": 60, "count": 3}], liver=LARGE)
    )
    cases.append(make_case(patient={"declines": ["palliative"]}))
    too_large_for_heat = [{"id": "A", "segments": [6], "size_mm": 50, "count": 1}]
    cases.append(make_case(patient={"fit_for": "ablation"}, lesions=too_large_for_heat))
    uncertain = [{"id": "A", "segments": [6], "size_mm": 20, "count": 1, "nature": "suspected"}]
    cases.append(
        make_case(lesions=uncertain, liver={"biliary_obstruction": "present"}, patient={"declines": ["surveillance"]})
    )
    # Of the class of what is made to grow another resection leaves more: what has grown is done all the same.
    cases.append(
        make_case(
            primary={"status": "in_situ"},
            patient={"height_cm": 152, "weight_kg": None},
            liver={"background": "steatohepatitis", "measured_remnants": []},
            lesions=[
                {"id": "A", "segments": [3], "count": 4, "size_mm": 64, "contacts": ["right_anterior_pedicle"]},
                {"id": "B", "segments": [1], "count": 3, "size_mm": 54, "contacts": []},
                {"id": "C", "segments": [7], "count": 2, "size_mm": 42, "contacts": ["middle_hepatic_vein"]},
            ],
        )
    )
    # Made to grow before today, and not measured since.
    at_the_right_pedicle = [
        {"id": "A", "segments": [5, 8], "size_mm": 60, "count": 1, "contacts": ["right_portal_pedicle"]}
    ]
    for event in ("portal_vein_embolisation", "alpps_stage_1"):
        grown = [{"event": event, "week": -3, "segments": [5, 6, 7, 8]}]
        cases.append(make_case(lesions=at_the_right_pedicle, liver={"measured_remnants": []}, history=grown))
    cases.append(make_case(primary={"tumour": "unknown", "site": None}, lesions=uncertain))
    cases.append(make_case(patient={"sex": "female", "pregnant_weeks": 20}))
    cases.append(pw.load_case(ROOT / "tests" / "tried" / "guidelines" / "12e-tx-primary-in-situ.yaml"))
    cases.append(make_case(primary={"status": "in_situ", "site": "rectum", "needs_radiotherapy": True}))
    return [pw.explore(case, protocol, follow_up=True) for case in cases]


@lru_cache(maxsize=1)
def edges():
    """A few edges of every step, from graphs that differ."""
    found = {}
    for graph in graphs():
        for leaving in graph.edges:
            for edge in leaving:
                mine = found.setdefault(edge.declared.name, [])
                if len(mine) < 12 and sum(one[0] is graph for one in mine) < 2:
                    mine.append((graph, edge))
    return found


def of_edges(say):
    """What a consumer says of some edges of a step, which asks the declaration for it."""

    def said(trigger, patched):
        patched(trigger)
        return [say(graph, edge) for graph, edge in edges().get(trigger.name, ())]

    return said


def distracts(trigger, _):
    return [
        trigger.distractor.never or (answerable(trigger, state), considered(trigger, state, graph.facts))
        for graph in graphs()
        for state in graph.states[:40]
    ]


def asked(trigger, _):
    return [
        (title_in(trigger, graph.facts.assessed), option_text(graph, Offer(trigger, None), graph.states[0]))
        for graph in graphs()
    ]


CONSUMERS = {
    "acts": of_edges(lambda graph, edge: act_of(graph, edge).kinds),
    "elective": of_edges(lambda graph, edge: act_of(graph, edge).elective),
    "treats": of_edges(lambda graph, edge: act_of(graph, edge).treated),
    "finds": of_edges(act_of),
    "course": lambda trigger, _: [_test(f"course:{one.course}")(trigger) for one in PROCESS.triggers if one.course],
    "events": lambda trigger, _: (
        [_answers(trigger, tuple(one.events)) for one in PROCESS.triggers] if trigger.kind == "decision" else kinds_of(trigger)
    ),
    "short": of_edges(lambda graph, edge: title_of(graph, (edge,))),
    "short_by": of_edges(lambda graph, edge: title_of(graph, (edge,))),
    "title_by": of_edges(lambda graph, edge: title_for(edge.declared, graph.facts.assessed)),
    "annotation": of_edges(note_of),
    "warning": of_edges(lambda graph, edge: warnings_of(graph, (edge,), [])),
    "asked": asked,
    "asked_in": asked,
    "sets_apart": of_edges(labels_of),
    "distractor": distracts,
}  # fmt: skip
DECLARED = {
    one.name: one.default if one.default_factory.__class__.__name__ == "_MISSING_TYPE" else one.default_factory()
    for one in fields(Trigger)
}
# What a record may call an outcome, where no property asks for it: an operation that was only an exploration.
ONLY_TOLD = {(name, "events") for name in ("operation_abandoned", "extrahepatic_abandoned", "abandoned_for_diagnosis")}


@pytest.mark.parametrize("field", CONSUMERS)
def test_what_a_step_declares_is_read_by_somebody(field, monkeypatch):
    def patched(trigger):
        changed = list(PROCESS.triggers)
        changed[PLACES[trigger.name]] = trigger
        monkeypatch.setattr(explore, "TRIGGERS", tuple(changed))

    declaring = [one for one in PROCESS.triggers if getattr(one, field) != DECLARED[field]]
    assert declaring
    unread = []
    for trigger in declaring:
        consumer = CONSUMERS[field]
        if consumer(trigger, patched) == consumer(replace(trigger, **{field: DECLARED[field]}), patched):
            unread.append(trigger.name)
    silent = {name for name, what in ONLY_TOLD if what == field}
    assert set(unread) == silent


def test_every_step_is_taken_in_some_graph_of_these_tests():
    assert not set(PLACES) - set(edges())


def test_every_word_of_an_outcome_that_is_an_act_is_one_of_its_acts():
    for trigger in PROCESS.triggers:
        if trigger.kind == "outcome":
            assert bool(kinds_of(trigger) - {"imaging"}) == bool(TOLD_BY_OUTCOMES - {"restaging"} & set(trigger.events))
