"""What the authors of a published case really did must lie on a route, and its families on a pathway or contingency."""

import pytest
from shipped import COURSES, PUBLISHED, course_of, graph_of, named

from pathways.conformance.replay import replay, sessions
from pathways.knowledge.protocols import load_protocol
from pathways.planning.plan import plan

# Families of what was done, read from the reports by hand (not from the program).
DONE = {
    "abl-02": {"one_stage"},
    "alp-01": {"alpps"},
    "alp-03": {"alpps", "liver_first"},
    "alp-04": {"alpps"},
    "alp-05": {"alpps"},
    "alp-06": {"alpps"},
    "ben-02": {"diagnostic_clarification"},
    "ben-03": {"diagnostic_clarification", "surveillance"},
    "ben-04": {"diagnostic_clarification"},
    "ben-06": {"diagnostic_clarification"},
    "br-01": {"upfront_surgery", "one_stage"},
    "br-02": {"upfront_surgery", "one_stage"},
    "conv-01": {"conversion_chemotherapy"},
    "conv-02": {"one_stage"},
    "dlm-01": {"primary_first", "perioperative_chemotherapy", "one_stage"},
    "dlm-01-recurrence": set(),
    "gist-01": {"targeted_therapy", "one_stage"},
    "gist-02": {"targeted_therapy"},
    "lf-02": {"liver_first", "one_stage", "metastasectomy"},
    "lvd-01": {"pve", "lvd", "one_stage"},
    "meta-02": {"upfront_surgery", "one_stage"},
    "meta-03": {"one_stage"},
    "meta-04": {"upfront_surgery", "one_stage"},
    "pve-01": {"pve", "one_stage"},
    "rep-01": {"repeat_hepatectomy", "one_stage"},
    "rep-02": {"simultaneous", "one_stage"},
    "rep-02-recurrence": {"repeat_hepatectomy", "one_stage"},
    "rep-03": {"repeat_hepatectomy", "one_stage"},
    "res-01": {"pve", "rescue_alpps"},
    "res-02": {"alpps"},
    "sim-02": {"simultaneous", "one_stage"},
    "sim-04": {"simultaneous", "one_stage"},
    "sim-05": {"simultaneous", "one_stage"},
    "stg-01": {"primary_first", "one_stage"},
    "stg-01-recurrence": {"repeat_hepatectomy", "one_stage"},
    "stg-02-recurrence": set(),
    "tsh-01": {"two_stage", "primary_first"},
    "tsh-03": {"two_stage"},
    "tsh-04": {"two_stage"},
    "um-01": {"upfront_surgery", "one_stage"},
}
# What does not replay, and why.
MISSES = {
    "res-01": "the report tells neither places nor sizes of the lesions, so there is no remnant to grow",
    "sim-05": "liver and primary in one emergency operation: the protocol treats the emergency on its own",
    "tsh-04": "multiple bilobar lesions of unknown size in every segment: not assumed clearable before a response",
}


def test_the_table_names_every_shipped_case():
    assert set(DONE) == {path.stem for path in PUBLISHED} == {path.stem for path in COURSES}


@pytest.mark.parametrize("name", sorted(DONE))
def test_what_was_done_replays_as_a_route_or_is_listed_as_a_miss(name):
    found = replay(graph_of(named(name)), course_of(name))
    assert found.complete == (name not in MISSES), found.stuck_at


@pytest.mark.parametrize("name", sorted(set(DONE) - set(MISSES)))
def test_families_of_what_was_done_lie_on_a_pathway_or_a_contingency(name):
    made = plan(course_of(name).case, load_protocol())
    assert DONE[name] <= {*made.open, *(one.family for one in made.contingent)}


def test_nine_in_ten_published_cases_replay():
    assert len(MISSES) <= len(DONE) / 10


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
