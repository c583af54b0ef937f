"""What the authors of a published case really did must lie on a route, and its families on a pathway or contingency."""

import pytest
from builders import make_case
from shipped import COURSES, PUBLISHED, ROOT, course_at, course_of, followed_up_at, graph_of, named

from pathways.case.course import Course
from pathways.documents.reader import read_file
from pathways.graph.explore import explore
from pathways.knowledge.protocols import load_protocol
from pathways.validation.replay import replay, sessions

# Families read from the reports by hand (not from the program); a miss has its reason.
DONE = dict(read_file(ROOT / "scenarios" / "done.yaml").value)
MISSES = {name: entry["miss"] for name, entry in DONE.items() if "miss" in entry}


def test_the_table_names_every_shipped_case():
    assert set(DONE) == {path.stem for path in PUBLISHED} == {path.stem for path in COURSES}


@pytest.mark.parametrize("name", sorted(DONE))
def test_what_was_done_replays_as_a_route_or_is_listed_as_a_miss(name):
    found = replay(followed_up_at(course_at(name)).graph, course_of(name))
    assert found.complete == (name not in MISSES), found.stuck_at


@pytest.mark.parametrize("name", sorted(set(DONE) - set(MISSES)))
def test_families_of_what_was_done_lie_on_a_pathway_or_a_contingency(name):
    made = followed_up_at(course_at(name))
    assert set(DONE[name]["families"]) <= {*made.open, *(one.family for one in made.contingent)}


def test_nine_in_ten_published_cases_replay():
    reports = {name.removesuffix("-recurrence") for name in DONE}
    missed = {name.removesuffix("-recurrence") for name in MISSES}
    assert len(reports) == 52
    assert len(missed) <= len(reports) / 10


def test_an_operation_and_the_ablation_of_what_it_found_may_share_a_session():
    found = replay(explore(course_of("abl-01").case, load_protocol()), course_of("abl-01"))
    names = [edge.declared.name for edge in found.route]
    assert names.index("more_found_at_operation") < names.index("completion_ablation")


def test_sessions_join_what_was_done_together_and_drop_what_is_no_treatment():
    assert sessions(course_of("tsh-01")) == (("primary_resection",), ("chemotherapy",), ("first_stage",), ("stage_2",))
    assert sessions(course_of("sim-02")) == (("hepatectomy", "primary_resection"),)


def test_a_treatment_that_no_route_has_stops_the_replay():
    graph = graph_of(named("meta-02"))
    found = replay(graph, course_of("tsh-01"))
    assert not found.complete
    assert found.stuck_at == ("primary_resection",)


def test_the_replayed_route_is_a_walk_of_the_graph():
    found = replay(graph_of(named("tsh-03")), course_of("tsh-03"))
    assert found.route[0].source == 0
    assert all(one.target == other.source for one, other in zip(found.route, found.route[1:]))
    assert "second_stage" in [edge.declared.name for edge in found.route]


def recorded(*events):
    return Course.model_validate({"schema": 1, "case": make_case(), "events": events})


CHEMOTHERAPY, STAGE = {"event": "chemotherapy"}, {"event": "first_stage", "partial": [3]}
OPERATION = {"event": "hepatectomy", "partial": [6]}


@pytest.mark.parametrize(("events", "expected"), [
    # One day or one session is one; without either each stands alone, and another session of that day is another.
    ([{"day": 3, **OPERATION}, {"day": 3, "event": "ablation"}], (("ablation", "hepatectomy"),)),
    ([{"day": 3, **OPERATION}, {"day": 4, "event": "ablation"}], (("hepatectomy",), ("ablation",))),
    ([OPERATION, {"event": "ablation"}], (("hepatectomy",), ("ablation",))),
    ([{"session": 1, **OPERATION}, {"session": 1, "event": "ablation"}], (("ablation", "hepatectomy"),)),
    ([{"session": 3, **OPERATION}, {"day": 3, "event": "ablation"}], (("hepatectomy",), ("ablation",))),
    # What goes with a first stage is part of it; beside a hepatectomy an ablation is its own.
    ([{"day": 3, **STAGE}, {"day": 3, "event": "portal_vein_ligation", "segments": ["right"]}, {"day": 3, "event": "ablation"}], (("first_stage",),)),
    ([{"day": 3, "event": "portal_vein_ligation", "segments": ["right"]}], (("portal_vein_ligation",),)),
    # Chemotherapy in parts is one course; two operations are two.
    ([CHEMOTHERAPY, CHEMOTHERAPY, OPERATION, OPERATION], (("chemotherapy",), ("hepatectomy",), ("hepatectomy",))),
    # After the last operation it is adjuvant; alone it is the treatment.
    ([OPERATION, CHEMOTHERAPY, {"event": "restaging"}], (("hepatectomy",),)),
    ([{"event": "volumetry", "removes": [6], "fraction": 0.8}, CHEMOTHERAPY], (("chemotherapy",),)),
])  # fmt: skip
def test_what_is_one_session_and_what_is_several(events, expected):
    assert sessions(recorded(*events)) == expected


def test_a_protective_stoma_may_be_extra_and_a_second_hepatectomy_may_not():
    graph = explore(make_case(), load_protocol())
    assert replay(graph, recorded({"event": "diversion"}, OPERATION)).complete
    assert replay(graph, recorded({"event": "stent"}, CHEMOTHERAPY, OPERATION)).complete
    twice = replay(graph, recorded(OPERATION, OPERATION))
    assert (twice.matched, twice.stuck_at) == (1, ("hepatectomy",))
