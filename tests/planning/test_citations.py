"""The figures that a number is made of are those that were read when it was made."""

from collections.abc import Mapping

import pytest
from shipped import named, plan_at

from pathways.facts.figures import Figures
from pathways.planning.citations import Citations
from pathways.planning.evaluate import Evaluator


class Without(Mapping):
    """Replaces the figures of some names by others."""

    def __init__(self, names, parameters):
        self.names, self.parameters = set(names), parameters

    def get(self, name, default=None):
        return self.parameters[name].number * 0.5 if name in self.names else default

    def __getitem__(self, name):
        raise KeyError(name)

    def __iter__(self):
        return iter(())

    def __len__(self):
        return 0


@pytest.mark.parametrize("case", ["alp-01", "rep-01", "sim-02"])
def test_what_is_not_cited_moves_no_chance_and_no_day_of_the_pathway(case):
    plan = plan_at(named(case))
    graph, citations = plan.graph, Citations(plan.graph)
    one = plan.pathways[0]
    cited = citations.of(one)
    parameters = graph.facts.assessed.parameters
    read = {each.id for number in ("cleared", "weeks") for each in cited[number]}
    others = {
        name for name, each in parameters.items() if name not in read and isinstance(each.value, float) and each.value
    }
    assert others

    def made(figures):
        evaluator = Evaluator(graph, figures)
        nodes = [edge.source for edge in one.walk if edge.declared.kind == "outcome"]
        chances = [[float(each) for each in evaluator.chances(node)] for node in nodes]
        return chances, [float(figures.days(edge.declared, graph.states[edge.source])) for edge in one.walk]

    own = made(Figures(graph.facts.assessed))
    assert made(Figures(graph.facts.assessed, Without(others, parameters))) == own
    assert made(Figures(graph.facts.assessed, Without(read, parameters))) != own


def test_every_number_of_a_bowel_case_is_cited_and_life_of_another_tumour_is_not():
    plan = plan_at(named("alp-01"))
    assert all(Citations(plan.graph).of(plan.pathways[0]).values())
    other = plan_at(named("net-01-recurrence"))
    assert Citations(other.graph).of(other.pathways[0])["life"] == ()


def test_the_limit_that_binds_is_cited_as_the_setting_it_is():
    plan = plan_at(named("alp-01"))
    left = Citations(plan.graph).of(plan.pathways[0])["left"]
    assert "remnant_limit_normal" in [getattr(one, "key", "") for one in left]
