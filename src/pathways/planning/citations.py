"""The figures and settings that each number of a pathway is made of: what is asked for is written down while the number is made again.

The chance that the liver is cleared stands on every outcome of the pathway, deaths on those outcomes one may die of, the weeks on the days
of its steps. What is done if a step goes otherwise stands on figures of the same kind, which are told with the pathway that has those steps.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from pathways.facts.figures import Figures
from pathways.facts.remnant import binding_limit, body_weight_limit, volume_limit
from pathways.graph.explore import Edge, Graph
from pathways.knowledge.arithmetic import Number
from pathways.knowledge.model import Parameter, Setting
from pathways.planning.annotate import Pathway
from pathways.planning.annotations import resection_of
from pathways.prognosis.patient import Prognosis, model_of, with_course
from pathways.quick_dataclass import dataclass

Cited = Parameter | Setting
NUMBERS = ("cleared", "deaths", "weeks", "life", "left")


class _Asked(Mapping[str, Number]):
    """Replaces no figure, and keeps the names of those that are asked for."""

    def __init__(self) -> None:
        self.names: dict[str, None] = {}

    def get(self, name: str, default: Any = None) -> Any:
        """Nothing: the figure itself is read."""
        self.names.setdefault(name)
        return default

    def __getitem__(self, name: str) -> Number:
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


@dataclass(frozen=True)
class Citations:
    """What the numbers of the pathways of one graph are made of."""

    graph: Graph

    def of(self, one: Pathway) -> dict[str, tuple[Cited, ...]]:
        """By number of the page, each figure and setting behind it once."""
        found: dict[str, dict[str, None]] = {name: {} for name in NUMBERS}
        for edge in one.walk:
            found["weeks"].update(self._days(edge))
            if edge.declared.kind == "outcome":
                every, deadly = self._chances(edge.source)
                found["cleared"].update(every)
                found["deaths"].update(deadly)
        parameters = self.graph.facts.assessed.parameters
        told: dict[str, tuple[Cited, ...]] = {
            name: tuple(parameters[each] for each in names if each in parameters) for name, names in found.items()
        }
        told["life"] = tuple(parameters[name] for name in self._life(one))
        told["left"] = tuple(self._left(one))
        return told

    def _chances(self, node: int) -> tuple[dict[str, None], dict[str, None]]:
        """The figures behind the outcomes that leave a node, and those of them behind dying there."""
        leaving, state = self.graph.edges[node], self.graph.states[node]
        key = (tuple(edge.trigger for edge in leaving), state)
        if key not in self._known:
            every, deadly = _Asked(), _Asked()
            assessed = self.graph.facts.assessed
            Figures(assessed, every).outcome_chances([edge.declared for edge in leaving], state)
            dying = [edge.declared for edge in leaving if self.graph.states[edge.target].phase == "dead"]
            for trigger in dying:
                if trigger.chance is not None:
                    Figures(assessed, deadly).chance(trigger, state)
            # What takes the rest of the others stands on all of them.
            rest = any(trigger.chance is None for trigger in dying)
            self._known[key] = (every.names, every.names if rest else deadly.names)
        return self._known[key]

    @cached_property
    def _known(self) -> dict[tuple[object, ...], tuple[dict[str, None], dict[str, None]]]:
        return {}

    def _days(self, edge: Edge) -> dict[str, None]:
        asked = _Asked()
        figures = Figures(self.graph.facts.assessed, asked)
        figures.days_by_figure(edge.declared, self.graph.states[edge.source])
        return asked.names

    def _life(self, one: Pathway) -> dict[str, None]:
        """The figures of how long one lives: after clearance, and without it."""
        outlook = one.prospect.outlook if one.prospect else None
        if outlook is None or not outlook.prognosis.known:
            return {}
        key = (outlook.course, outlook.worth.transplanted > 0, outlook.worth.cleared > 0)
        if key not in self._lives:
            asked = _Asked()
            own = Prognosis(self.graph.facts.assessed, asked)
            if outlook.worth.cleared > 0:
                with_course(own.profile(own.draws), outlook.course, own.draws)
                model_of(own.draws)
            if outlook.worth.transplanted > 0:
                own.transplanted(own.draws)
            own.uncleared(own.draws)
            self._lives[key] = asked.names
        return self._lives[key]

    @cached_property
    def _lives(self) -> dict[tuple[object, ...], dict[str, None]]:
        return {}

    def _left(self, one: Pathway) -> Iterator[Cited]:
        """The limits that bind the resections of a pathway, and where their remnants come from."""
        assessed = self.graph.facts.assessed
        found: dict[str, Cited] = {}
        for edge in one.walk:
            resection = resection_of(self.graph, edge)
            if resection is None or not (resection.removes or resection.limited):
                continue
            blocks = self.graph.states[edge.source].blocks
            binds = binding_limit(assessed, resection, blocks)
            key = (body_weight_limit if binds.by_weight else volume_limit)(assessed, blocks).key
            found[key] = assessed.protocol.settings[key]
            name = "segment_fractions" if resection.remnant.estimated else "volumetry_relative_error"
            found[name] = assessed.parameters[name]
        yield from found.values()
