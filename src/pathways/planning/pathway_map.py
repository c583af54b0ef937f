"""The map of pathways: all of them in one graph of decision points, with what they share, where they part, and what cannot be undone.

Counts are exact and cover every pathway of the case, shown in the plan or not. The chances are those of the plan: lowest and highest of the
pathways meant. What a step puts out of reach is read off the graph, not declared.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING, Any

from pathways.graph.explore import Edge, Graph
from pathways.graph.folding import Folded, Way, folded, graphml_of
from pathways.messages.catalogue import called, say
from pathways.planning.annotate import Pathway
from pathways.planning.annotations import resection_of, word_of
from pathways.planning.map_answers import NO_QUESTION, QUESTIONS, Answers, Option, Range
from pathways.planning.pathway_groups import HopedFor, hoped_for
from pathways.planning.plan import Plan
from pathways.process.acts import IRRADIATING, ON_THE_LIVER, STIMULI
from pathways.process.declaration import PROCESS
from pathways.process.model import Trigger
from pathways.quick_dataclass import dataclass
from pathways.version import __version__

if TYPE_CHECKING:
    from pathways.graph.folding import Drawn

# What cannot be undone, beside operations: something has been taken out, destroyed or closed.
IRREVERSIBLE = ON_THE_LIVER | STIMULI | IRRADIATING | {"transplantation"}


@dataclass(frozen=True, slots=True)
class Common:
    """A step that every pathway (or every one that clears the liver) takes; `at`: whether at the same point of all of them."""

    step: str
    title: str
    of: str
    at: str

    def as_json(self) -> dict[str, Any]:
        """The step as the JSON of the command line shows it."""
        return {"step": self.step, "title": self.title, "of": self.of, "at": self.at}


@dataclass(frozen=True)
class PathwayMap:
    """The map of one plan."""

    plan: Plan
    hoped: HopedFor
    folded: Folded

    @property
    def graph(self) -> Graph:
        """The graph that is folded."""
        return self.plan.graph

    def step_words(self, way: Way) -> tuple[str, ...]:
        """The decisions on a way, in words."""
        return tuple(word_of(self.graph, edge) for edge in way.edges)

    def families(self, way: Way) -> tuple[str, ...]:
        """Families that the steps of a way carry."""
        return tuple(sorted({family for edge in way.edges for family in self.graph.families(edge)}))

    def kind(self, point: int) -> str:
        """What a point is: the start, where pathways part, where they only meet, or an end."""
        ways = self.folded.ways[point]
        return "end" if not ways else "parting" if len(ways) > 1 else "start" if not point else "meeting"

    def phase(self, point: int) -> str:
        """The phase of the states of a point; several may be one point, and the first stands for them."""
        return self.graph.states[self.folded.states[point][0]].phase

    def curative(self, point: int) -> bool:
        """Whether a point is an end at which all sites are cleared."""
        return self.kind(point) == "end" and self.phase(point) in PROCESS.curative_ends

    @cached_property
    def carried(self) -> dict[tuple[int, int], tuple[str, ...]]:
        """The pathways of the plan that take a way: by point, and place of the way among those that leave it."""
        found: dict[tuple[int, int], list[str]] = {}
        for one in self.plan.pathways:
            for step in self.along(one):
                found.setdefault(step, []).append(one.id)
        return {step: tuple(ids) for step, ids in found.items()}

    def along(self, pathway: Pathway) -> tuple[tuple[int, int], ...]:
        """The ways that a pathway takes."""
        decisions = [edge.declared.name for edge in pathway.walk if edge.declared.kind == "decision"]
        point, place, taken = 0, 0, []
        while place < len(decisions):
            names = [[edge.declared.name for edge in way.edges] for way in self.folded.ways[point]]
            at = next((at for at, way in enumerate(names) if way == decisions[place : place + len(way)]), None)
            if at is None:
                break
            taken.append((point, at))
            place += len(names[at])
            point = self.folded.ways[point][at].target
        return tuple(taken)

    def cleared(self, ids: Iterable[str]) -> Range | None:
        """The lowest and the highest chance that the liver is cleared, of these pathways of the plan."""
        chances = [
            one.prospect.cleared.value
            for one in self.plan.pathways
            if one.id in set(ids) and one.prospect and one.curative
        ]
        return (min(chances), max(chances)) if chances else None

    @cached_property
    def curative_pathways(self) -> int:
        """How many pathways end with all sites cleared."""
        return sum(self.folded.through[end] for end in self.folded.ends() if self.curative(end))

    @cached_property
    def common(self) -> tuple[Common, ...]:
        """What every pathway shares, then what every one shares that clears the liver."""
        ends = self.folded.ends()
        curative = [end for end in ends if self.curative(end)]
        found: dict[str, Common] = {}
        for of, wanted in (("all", ends), ("cleared", curative)):
            if wanted:
                for way in self.folded.on_all(wanted):
                    for edge in way.edges:
                        found.setdefault(
                            edge.declared.name, Common(edge.declared.name, word_of(self.graph, edge), of, "one_point")
                        )
                for name, title in self._somewhere(curative_only=of == "cleared").items():
                    if title not in {one.title for one in found.values()} and not (
                        name == "primary" and _takes_primary(found)
                    ):
                        found.setdefault(name, Common(name, title, of, "somewhere"))
        return tuple(found.values())

    @cached_property
    def _order(self) -> tuple[int, ...]:
        """Nodes on some pathway, ends first."""
        reached = {0}
        for node in reversed(self.graph.order):
            if node in reached:
                reached.update(edge.target for edge in self.hoped.edges[node])
        return tuple(node for node in self.graph.order if node in reached)

    def _somewhere(self, *, curative_only: bool) -> dict[str, str]:
        """Steps (by name, or an operation by what it is) that lie on every pathway, wherever in its order."""
        shared: dict[int, dict[str, str] | None] = {}
        for node in self._order:
            out = self.hoped.edges[node]
            if not out:
                ends_well = self.graph.states[node].phase in PROCESS.curative_ends
                shared[node] = {} if ends_well or not curative_only else None
                continue
            several = [{**self._shareable(edge), **after} for edge in out if (after := shared[edge.target]) is not None]
            shared[node] = _in_all(several)
        return shared[0] or {}

    def _shareable(self, edge: Edge) -> dict[str, str]:
        trigger = edge.declared
        found = self._named.get((edge.trigger, self._class_of(edge)))
        if found is None:
            found = {}
            if trigger.kind == "decision":
                found[trigger.name] = word_of(self.graph, edge)
            elif "enough" in trigger.finds:
                found["remnant_enough"] = say("map.remnant_enough")
            if "primary" in trigger.treats:
                found["primary"] = say("map.primary")
            resection = resection_of(self.graph, edge)
            if resection is not None:
                found[f"operation {resection.name}"] = resection.name
            self._named[edge.trigger, self._class_of(edge)] = found
        return found

    @cached_property
    def _named(self) -> dict[tuple[int, str], dict[str, str]]:
        return {}

    def _class_of(self, edge: Edge) -> str:
        resection = resection_of(self.graph, edge)
        return resection.name if resection is not None else ""

    @cached_property
    def questions(self) -> dict[str, tuple[Option, ...]]:
        """The questions that pathways answer differently, with the pathways of each answer."""
        return self.answers.questions()

    @cached_property
    def answers(self) -> Answers:
        """All pathways by what they answer."""
        return Answers(self.plan.evaluation, self.hoped, self._order)

    @cached_property
    def _ahead(self) -> dict[int, frozenset[str]]:
        """By node: families on some pathway from there on."""
        found: dict[int, frozenset[str]] = {}
        for node in self._order:
            found[node] = frozenset().union(
                *(found[edge.target].union(self.graph.families(edge)) for edge in self.hoped.edges[node])
            )
        return found

    def out_of_reach(self, point: int, way: Way) -> list[str]:
        """Families that the point still leads to and that no pathway carries once the way has been taken."""
        before = frozenset().union(*(self._ahead[node] for node in self.folded.states[point]))
        after = frozenset().union(*(self._ahead[node] for node in self.folded.states[way.target]))
        return sorted(before - after - set(self.families(way)))

    @cached_property
    def no_return(self) -> tuple[dict[str, Any], ...]:
        """Ways with a step that cannot be undone: the step, and what it puts out of reach."""
        return tuple(
            {
                "from": point,
                "to": way.target,
                "step": edge.declared.name,
                "title": word_of(self.graph, edge),
                "closes": (closed := self.out_of_reach(point, way)),
                "beside": _beside_its_question(closed, self.families(way)),
            }
            for point, leaving in enumerate(self.folded.ways)
            for way in leaving
            if (edge := next((one for one in way.edges if irreversible(one.declared)), None)) is not None
        )

    @cached_property
    def partings(self) -> tuple[dict[str, Any], ...]:
        """Points at which pathways part, with what can be chosen there."""
        return tuple(
            {
                "node": point,
                "phase": self.phase(point),
                "pathways": self.folded.through[point],
                "options": [self._option(point, place, way) for place, way in enumerate(self.folded.ways[point])],
            }
            for point in self.folded.partings()
        )

    def _option(self, point: int, place: int, way: Way) -> dict[str, Any]:
        ids = self.carried.get((point, place), ())
        span = self.cleared(ids)
        return {
            "step": way.edges[0].declared.name,
            "title": self.step_words(way)[0],
            "to": way.target,
            "pathways": way.through,
            "shown": list(ids),
            "cleared": None if span is None else [round(one, 4) for one in span],
        }

    def to_networkx(self) -> Drawn:
        """The map as a networkx graph with plain attributes, so that every writer of networkx takes it."""
        drawn = self.folded.to_networkx(self._node, self._edge)
        drawn.graph.update(
            case=self.plan.assessment.case.id,
            protocol=self.plan.assessment.protocol.id,
            pathways=self.folded.through[0],
        )
        return drawn

    def _node(self, point: int) -> dict[str, Any]:
        return {
            "kind": self.kind(point),
            "phase": self.phase(point),
            "title": self.point_words(point),
            "pathways": self.folded.through[point],
            "meets": self.folded.arriving[point] > 1,
        }

    def point_words(self, point: int) -> str:
        """A point in words: how it ends, or where the patient stands."""
        phase = self.phase(point)
        return called("end", phase) if self.kind(point) == "end" else phase.replace("_", " ")

    def _edge(self, way: Way) -> dict[str, Any]:
        return {
            "steps": " ".join(edge.declared.name for edge in way.edges),
            "title": " → ".join(self.step_words(way)),
            "families": " ".join(self.families(way)),
            "pathways": way.through,
            "no_return": any(irreversible(edge.declared) for edge in way.edges),
        }

    def as_json(self) -> dict[str, Any]:
        """The one document of `map --json`."""
        drawn = self.to_networkx()
        return {
            "case": self.plan.assessment.case.id,
            "protocol": self.plan.assessment.protocol.id,
            "version": __version__,
            "chances": self.plan.chances,
            "pathways": self.folded.through[0],
            "cleared": self.curative_pathways,
            "nodes": [{"id": point, **told} for point, told in drawn.nodes(data=True)],
            "edges": [
                {
                    "from": source,
                    "to": target,
                    **told,
                    "steps": told["steps"].split(),
                    "families": told["families"].split(),
                }
                for source, target, told in drawn.edges(data=True)
            ],
            "common": [one.as_json() for one in self.common],
            "partings": list(self.partings),
            "no_return": list(self.no_return),
            "questions": [
                {
                    "question": question,
                    "answers": [
                        {
                            "families": list(one.families),
                            "pathways": one.pathways,
                            "cleared": [round(end, 4) for end in one.cleared],
                        }
                        for one in answers
                    ],
                }
                for question, answers in self.questions.items()
            ],
        }

    def graphml(self) -> str:
        """The map as GraphML."""
        return graphml_of(self.to_networkx())


def _beside_its_question(closed: Iterable[str], carried: Iterable[str]) -> list[str]:
    """What is out of reach beside the other answers to the questions that a step answers, and beside giving up."""
    answered = {one for families in QUESTIONS.values() if not set(families).isdisjoint(carried) for one in families}
    return [one for one in closed if one not in answered and one not in NO_QUESTION and one != "palliative"]


def irreversible(trigger: Trigger) -> bool:
    """Whether a decision cannot be taken back once it has been carried out."""
    return trigger.operation or not IRREVERSIBLE.isdisjoint(trigger.acts)


def _takes_primary(steps: Iterable[str]) -> bool:
    return any(one.name in steps and "primary" in one.treats for one in PROCESS.triggers)


def _in_all(several: list[dict[str, str]]) -> dict[str, str] | None:
    if not several:
        return None
    first, *others = several
    return {name: title for name, title in first.items() if all(name in other for other in others)}


def map_of(plan: Plan) -> PathwayMap:
    """The map of `plan`, with everything that is told of it."""
    graph = plan.graph
    hoped = hoped_for(graph)

    def named(edge: Edge) -> tuple[int, str]:
        resection = resection_of(graph, edge)
        return edge.trigger, resection.name if resection is not None else ""

    return PathwayMap(plan, hoped, folded(graph, hoped.edges, named))


def pathway_map(plan: Plan) -> Drawn:
    """All pathways of `plan` in one directed networkx graph of decision points, with plain attributes."""
    return map_of(plan).to_networkx()
