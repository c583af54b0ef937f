"""Ratios against a fair baseline in one run; best of several rounds on both sides, taken in turn.

What is not measured: absolute times (machines differ), and cases larger than the shipped ones.
"""

import gc
import os
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from statistics import median

import networkx as nx
import pytest
from shipped import CONSTRUCTED, PUBLISHED, ROOT, graph_of

import pathways as pw
from benchmarks.frozen import check, frozen
from pathways.case.loading import load_case
from pathways.facts.derive import CaseFacts
from pathways.facts.guarding import families, holds
from pathways.facts.stepping import step
from pathways.graph.compiled import CompiledCase
from pathways.graph.explore import explore_facts
from pathways.graph.routes import count_routes, routes
from pathways.knowledge.protocols import load_protocol
from pathways.process.declaration import PROCESS

pytestmark = pytest.mark.benchmark
COMPILED = Path(tempfile.gettempdir()) / "pathways-benchmark-compiled"
DEPENDENCIES = "import transitions, networkx, pydantic, numpy, ruamel.yaml, typer, rich"


def seconds(work, *arguments):
    gc.collect()
    began = time.perf_counter()
    work(*arguments)
    return time.perf_counter() - began


def best_in_turn(one, other, rounds=5):
    """The least time of each side, the sides taken in turn so that a slow moment hits both."""
    times = [(seconds(one), seconds(other)) for _ in range(rounds)]
    return min(first for first, _ in times), min(second for _, second in times)


def median_path():
    by_size = sorted(PUBLISHED, key=lambda path: (len(graph_of(path).states), path.name))
    return by_size[len(by_size) // 2]


def path_with_routes(least, most):
    fitting = [path for path in PUBLISHED if least <= count_routes(graph_of(path)) <= most]
    return max(fitting, key=lambda path: count_routes(graph_of(path)))


def largest_path():
    return max(PUBLISHED, key=lambda path: len(graph_of(path).states))


def process(*words):
    # As installed: both sides find their modules compiled, ours in a folder beside the sources.
    compiled = {**os.environ, "PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(COMPILED)}
    subprocess.run([sys.executable, *words], capture_output=True, check=False, cwd=ROOT, env=compiled)


def report(request, words, ratio):
    """Prints a ratio, and holds it to what was frozen of it."""
    with request.config.pluginmanager.getplugin("capturemanager").global_and_fixture_disabled():
        print(f"\n    {words}: {ratio:.2f}")
    if words in frozen():
        check(words, ratio)


def test_a_whole_plan_costs_less_than_twice_the_bare_import_of_the_dependencies(request):
    ours, bare = best_in_turn(
        lambda: process("-m", "pathways", "plan", str(median_path())), lambda: process("-c", DEPENDENCIES)
    )
    report(request, "plan, whole process / import of the dependencies", ours / bare)
    assert ours < 2 * bare


def test_a_whole_plan_costs_at_most_twice_the_import_of_the_planner(request):
    ours, bare = best_in_turn(
        lambda: process("-m", "pathways", "plan", str(median_path())),
        lambda: process("-c", "import pathways; pathways.plan"),
        rounds=9,
    )
    report(request, "plan, whole process / import of the planner", ours / bare)
    assert ours <= 2 * bare


def test_exploring_is_ten_times_quicker_than_driving_transitions(request):
    path = largest_path()
    facts = CaseFacts(load_case(path), load_protocol())
    explore_facts(facts)  # fills the case tables for both sides
    declared, lent = TransitionsDriver(facts), TransitionsDriver(facts, compiled=CompiledCase(facts))
    ours, theirs = best_in_turn(lambda: explore_facts(facts), declared.explore, rounds=3)
    assert len(declared.seen) == len(graph_of(path).states)
    report(request, "transitions / explore", theirs / ours)
    _, with_our_guards = best_in_turn(lambda: None, lent.explore, rounds=3)
    report(
        request, "transitions with our compiled guards and effects / explore (not asked for)", with_our_guards / ours
    )
    assert theirs > 10 * ours


class TransitionsDriver:
    """The same graph found by firing a `transitions` machine whose conditions read the declaration, without verdicts.

    With `compiled` the machine borrows our compiled guards and effects, and only the firing itself is theirs.
    """

    def __init__(self, facts, compiled=None):
        from transitions import Machine

        self.facts, self.compiled = facts, compiled
        self.machine = Machine(model=None, states=list(PROCESS.phases), initial=PROCESS.start, auto_transitions=False,
                               send_event=True, model_attribute="phase")  # fmt: skip
        by_name = {one.trigger.name: one for one in compiled.triggers} if compiled else {}
        self.leaving = {}
        for trigger in PROCESS.triggers:
            if compiled and trigger.name not in by_name:
                continue
            one = by_name.get(trigger.name)
            self.machine.add_transition(
                trigger.name, list(trigger.phases), "=", conditions=self.condition(trigger, one)
            )
            for phase in trigger.phases:
                self.leaving.setdefault(phase, []).append((trigger, one))

    def condition(self, trigger, one):
        if one is not None:
            return lambda event: self.compiled.allows(one, event.model.state)
        facts = self.facts
        return lambda event: (
            all(holds(guard, event.model.state, facts) for guard in trigger.guards)
            and all(facts.cell(f"accepts_{family}", ()).value == "yes"
                    for family in families(trigger, event.model.state, facts))
        )  # fmt: skip

    def explore(self):
        class Model:
            pass

        model = Model()
        start = self.facts.start()
        self.seen = {start}
        waiting = [start]
        while waiting:
            state = waiting.pop()
            for trigger, one in self.leaving.get(state.phase, ()):
                model.state, model.phase = state, state.phase
                if self.machine.events[trigger.name].trigger(model):
                    after = self.compiled.after(one, state) if one else step(trigger, state, self.facts)
                    if after not in self.seen:
                        self.seen.add(after)
                        waiting.append(after)


def numbered(graph):
    """The graph with one last node behind all ends, and a node in the middle of every parallel edge."""
    drawn = nx.DiGraph()
    sink = "end"
    for node, leaving in enumerate(graph.edges):
        if not leaving:
            drawn.add_edge(node, sink)
        for edge in leaving:
            if drawn.has_edge(edge.source, edge.target):
                middle = (edge.trigger, edge.source, edge.target)
                drawn.add_edge(edge.source, middle)
                drawn.add_edge(middle, edge.target)
            else:
                drawn.add_edge(edge.source, edge.target)
    return drawn, sink


def exhausted(iterator):
    return sum(1 for _ in iterator)


def test_routes_are_walked_forty_times_quicker_than_by_networkx(request):
    graph = graph_of(path_with_routes(20_000, 120_000))
    multi = nx.MultiDiGraph()
    for leaving in graph.edges:
        for edge in leaving:
            multi.add_edge(edge.source, edge.target, key=edge.trigger)
    ends = [node for node in multi if not multi.out_degree(node)]
    number = count_routes(graph)
    assert exhausted(nx.all_simple_edge_paths(multi, 0, ends)) == number
    ours, theirs = best_in_turn(
        lambda: exhausted(routes(graph)), lambda: exhausted(nx.all_simple_edge_paths(multi, 0, ends)), rounds=3
    )
    report(request, "networkx / routes", theirs / ours)
    assert theirs > 40 * ours


def test_routes_are_walked_four_times_quicker_than_by_rustworkx(request):
    import rustworkx as rx

    graph = graph_of(path_with_routes(20_000, 200_000))
    drawn, sink = numbered(graph)
    fast = rx.PyDiGraph()
    index = {node: fast.add_node(node) for node in drawn}
    fast.add_edges_from_no_data([(index[a], index[b]) for a, b in drawn.edges])
    number = count_routes(graph)
    assert len(rx.all_simple_paths(fast, index[0], index[sink])) == number
    ours, theirs = best_in_turn(
        lambda: exhausted(routes(graph)), lambda: rx.all_simple_paths(fast, index[0], index[sink]), rounds=3
    )
    report(request, "rustworkx / routes", theirs / ours)
    assert theirs > 4 * ours


def test_counting_costs_less_than_half_of_exploring(request):
    path = largest_path()
    facts = CaseFacts(load_case(path), load_protocol())
    graph = explore_facts(facts)
    counting, exploring = best_in_turn(lambda: count_routes(graph), lambda: explore_facts(facts))
    report(request, "count / explore", counting / exploring)
    assert counting < exploring / 2


# --- numbers on every plan ------------------------------------------------------------------------------------------


def test_the_point_estimate_is_solved_within_five_times_the_solve_of_storm(request, tmp_path):
    """The same question on both sides, models built beforehand: the best chance of resection over all policies."""
    stormpy = pytest.importorskip("stormpy")
    from pathways.interchange.prism import prism
    from pathways.planning.evaluate import evaluate

    graph = graph_of(median_path())
    file = tmp_path / "model.prism"
    file.write_text(prism(graph), encoding="utf-8")
    program = stormpy.parse_prism_program(str(file))
    (question,) = stormpy.parse_properties('Pmax=? [F "resected"]', program)
    model = stormpy.build_model(program, [question])
    evaluator = evaluate(graph).evaluator
    evaluator.most_resected()
    ours, theirs = best_in_turn(evaluator.most_resected, lambda: stormpy.model_checking(model, question), rounds=50)
    whole = min(seconds(lambda: evaluate(graph).worth()) for _ in range(20))
    report(request, "best chance of resection / Storm's solve", ours / theirs)
    report(request, "every number of the best policy, nothing built beforehand / Storm's solve of one", whole / theirs)
    assert ours / theirs <= 5


def test_a_thousand_draws_cost_at_most_sixty_plain_passes_and_a_third_of_a_second(request):
    from pathways.planning.evaluate import evaluate
    from pathways.planning.uncertainty import DRAWS, Uncertainty

    graph = graph_of(median_path())
    evaluation = evaluate(graph)
    evaluation.policy()
    plain, drawn = best_in_turn(lambda: evaluate(graph).worth(), lambda: Uncertainty(evaluation).start())
    report(request, f"{DRAWS} draws / plain passes", drawn / plain)
    assert drawn / plain <= 60
    assert drawn < 0.3


def test_trying_every_single_change_in_one_union_beats_trying_them_one_by_one(request):
    from pathways.planning.explain import Explainer
    from pathways.planning.graded_changes import graded_changes
    from pathways.planning.plan import ALL_FAMILIES

    graph = graph_of(median_path())

    def together():
        made = Explainer(graph)
        for family in ALL_FAMILIES:
            if made.status(family) == "closed":
                made.openings(family, combined=False)

    def one_by_one():
        for graded_change in graded_changes(graph.facts.assessed):
            for change in graded_change.steps:
                explore_facts(CaseFacts(change.case, change.protocol))

    ours, theirs = best_in_turn(together, one_by_one, rounds=2)
    report(request, "every change, one by one / in one union", theirs / ours)
    assert theirs / ours > 3


def shipped_ratios(ours, base):
    """The ratio of two pieces of work for every shipped case, best of three rounds, and the longest time of ours."""
    ratios, longest = [], 0.0
    for path in [*PUBLISHED, *CONSTRUCTED]:
        case, protocol = load_case(path), load_protocol()
        one, other = best_in_turn(partial(ours, case, protocol), partial(base, case, protocol), rounds=3)
        ratios.append(one / other)
        longest = max(longest, one)
    return ratios, longest


def test_a_plan_costs_at_most_six_explorations(request):
    ratios, _ = shipped_ratios(pw.plan, pw.explore)
    report(request, "plan / explore, median of the shipped cases", median(ratios))
    assert median(ratios) <= 6


def test_what_opens_closed_pathways_costs_at_most_three_plans_and_a_second(request):
    ratios, longest = shipped_ratios(lambda *given: pw.plan(*given).opens_if, pw.plan)
    # Our side plans too.
    report(request, "opens_if / plan, median of the shipped cases", median(ratios) - 1)
    report(request, "the longest plan with opens_if, seconds", longest)
    assert median(ratios) - 1 <= 3
    assert longest <= 1.5


@pytest.mark.parametrize("name", ["alp-01", "dlm-01", "meta-03", "lf-02", "multi-stage"])
def test_an_explanation_with_pairs_of_changes_takes_at_most_two_seconds(request, name):
    from pathways.planning.explain import explain
    from pathways.planning.plan import ALL_FAMILIES

    path = next(one for one in [*PUBLISHED, *CONSTRUCTED] if one.stem == name)
    graph = graph_of(path)
    longest = max(seconds(lambda family=family: explain(graph, family)) for family in ALL_FAMILIES)
    report(request, f"the longest explanation of {name}, seconds", longest)
    assert longest <= 2


def test_a_plan_as_json_costs_at_most_two_and_a_half_imports_of_the_planner(request):
    ours, bare = best_in_turn(
        lambda: process("-m", "pathways", "plan", str(median_path()), "--json"),
        lambda: process("-c", "import pathways; pathways.plan"),
        rounds=9,
    )
    report(request, "plan --json, whole process / import of the planner", ours / bare)
    assert ours <= 2.5 * bare


# --- properties -------------------------------------------------------------------------------------------------------


def test_all_properties_are_proved_in_less_time_than_exploring_and_evaluating(request):
    from pathways.conformance.proof import prove
    from pathways.planning.evaluate import evaluate

    case, protocol = load_case(median_path()), load_protocol("default")
    graph = graph_of(median_path())

    def planning_numbers():
        evaluate(explore_facts(CaseFacts(case, protocol))).worth()

    ours, theirs = best_in_turn(lambda: prove(graph), planning_numbers, rounds=20)
    report(request, "all properties / explore and evaluate", ours / theirs)
    assert ours < theirs


def test_an_audit_reads_twenty_thousand_events_a_second(request):
    from pathways.case.course import Course
    from pathways.conformance.audit import audit

    case = load_case(median_path())
    block = [
        {"event": "chemotherapy", "regimen": "folfox", "cycles": 4},
        {"event": "restaging", "response": "stable", "finding": "unresectable"},
        {"event": "volumetry", "removes": [5, 6, 7, 8], "fraction": 0.4},
        {"event": "complication", "kind": "sepsis"},
        {"event": "discharge"},
    ]
    events = [{**event, "day": 8 * index} for index, event in enumerate(block * 1000)]
    course = Course.model_validate({"schema": 1, "case": case, "events": events})
    protocol = load_protocol("default")
    took = min(seconds(lambda: audit(course, protocol)) for _ in range(3))
    report(request, "events audited a second", len(events) / took)
    assert len(events) / took >= 20_000
