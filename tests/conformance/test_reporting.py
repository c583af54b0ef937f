"""What proofs and audits hand on: keys, words, sources, and the parts of a record that are easily taken for a treatment."""

from dataclasses import replace

import pytest
from builders import make_case

import pathways as pw
from pathways.case.course import Course
from pathways.conformance.acts import Act
from pathways.conformance.audit import audit
from pathways.conformance.proof import CounterExample, Proved, prove, structure
from pathways.conformance.properties import PROPERTIES
from pathways.conformance.property import Breach, View
from pathways.facts.regimen import regimen
from pathways.facts.scores import scores
from pathways.knowledge.protocols import knowledge, load_protocol

DEFAULT = load_protocol()
GRAPH = pw.explore(make_case(), DEFAULT)


def test_a_proof_has_the_keys_of_the_contract():
    for one in prove(GRAPH):
        assert one.as_json() == {"id": one.id, "proved": True, "counter_example": None}


def test_a_counter_example_has_words_rule_excess_and_dated_steps():
    example = CounterExample("too late", "prompt_surgery", 3.0, "days", (("discuss", 14), ("resect_liver_minor", 90)))
    assert Proved("x", "y", example).as_json() == {
        "id": "x",
        "proved": False,
        "counter_example": {
            "words": "too late", "rule": "prompt_surgery", "excess": 3.0, "unit": "days",
            "steps": [{"trigger": "discuss", "day": 14}, {"trigger": "resect_liver_minor", "day": 90}],
        },
    }  # fmt: skip


def test_structure_says_what_it_has_looked_at():
    assert [one.as_json() for one in structure(GRAPH)] == [
        {"id": name, "holds": True, "fault": None}
        for name in ("states_reachable", "no_dead_ends", "outcomes_apart", "chances_add_up")
    ]
    assert [one.sentence for one in structure(GRAPH)] == [
        "Every state is reached from the start.",
        "Only ends have no way out.",
        "A state offers decisions or outcomes, each once, with one outcome hoped for.",
        "The chances of every outcome set add to one.",
    ]


def test_every_property_cites_sources_that_exist():
    known = knowledge().sources
    assert all(source in known for one in PROPERTIES for source in one.sources)


@pytest.mark.parametrize("line", ["perioperative", "first", "second"])
@pytest.mark.parametrize("ras", ["wild_type", "mutated", None])
@pytest.mark.parametrize("site", ["sigmoid", "ascending_colon", None])
@pytest.mark.parametrize("before", ["folfox", "folfiri", "folfoxiri_bevacizumab", None])
def test_every_regimen_cites_sources_that_exist_and_says_why(line, ras, site, before):
    history = [{"event": "chemotherapy", "regimen": before}] if before else []
    case = make_case(primary={"ras": ras, "site": site}, history=history)
    chosen = regimen(View(case, DEFAULT).assessed, line)
    assert chosen.sources
    assert all(source in knowledge().sources for source in chosen.sources)
    assert chosen.why
    assert chosen.words


def test_every_score_cites_sources_that_exist():
    found = scores(make_case())
    assert found
    assert all(source in knowledge().sources for one in found for source in one.sources)


@pytest.mark.parametrize(("end", "left", "wrong"), [
    ("resected", {"A"}, True), ("resected", set(), False), ("resected", {"watched site"}, True),
    ("no_visible_disease", {"watched site"}, False), ("no_visible_disease", {"A"}, True), ("palliation", {"A"}, False),
    (None, {"A"}, False),
])  # fmt: skip
def test_an_end_is_reached_only_with_everything_cleared(end, left, wrong):
    one = next(one for one in PROPERTIES if one.id == "complete_clearance")
    act = Act("recovers", frozenset(), decision=False, days=42, end=end)
    answer = one.judge(frozenset(left), 0, act, View(make_case(), DEFAULT))
    assert isinstance(answer, Breach) == wrong
    if wrong:
        assert (answer.words, answer.rule) == (f"not cleared: {', '.join(sorted(left))}", "complete_clearance")


def test_what_is_cleared_on_the_way_is_not_left():
    one = next(one for one in PROPERTIES if one.id == "complete_clearance")
    view = View(make_case(), DEFAULT)
    act = Act("resect", frozenset({"hepatectomy"}), decision=True, days=14, treated=frozenset({"A"}))
    assert one.after(frozenset({"A", "primary"}), 0, act, view) == (frozenset({"primary"}), 0)
    assert one.after(frozenset(), 0, replace(act, found_more=True), view)[0] == {"found at operation"}
    assert one.after(frozenset(), 0, replace(act, recurs=True), view)[0] == {"recurrence"}


@pytest.mark.parametrize("event", ["restaging", "volumetry", "complication", "discharge", "death"])
def test_what_is_found_in_a_record_is_no_deviation(event):
    """After a benign finding every treatment deviates; looking, waiting and dying do not."""
    events = [
        {"day": 0, "event": "restaging", "modality": "mri", "finding": "benign"},
        {"day": 9, "event": event},
        {"day": 20, "event": "chemotherapy", "until_day": 30, "regimen": "folfox", "cycles": 1},
    ]
    case = make_case(lesions=[{"segments": [6], "nature": "suspected"}])
    found = audit(Course.model_validate({"schema": 1, "case": case, "events": events}), DEFAULT)
    assert {(row.event, row.property) for row in found.deviations} == {("chemotherapy", "benign_not_treated")}
