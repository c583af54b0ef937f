"""A walk of the graph as a pathway a person reads: dated steps with notes and sources, counts, assumptions, warnings."""

from __future__ import annotations

import math
from dataclasses import field, replace
from typing import Any

from pathways.documents.display import Shown
from pathways.facts.figures import sources_of
from pathways.facts.step_names import title_for
from pathways.facts.verdict import Missing
from pathways.graph.explore import Edge, Graph
from pathways.graph.routes import Route
from pathways.messages.catalogue import say
from pathways.planning.annotations import (
    against_depth,
    apart_from_the_liver,
    before_the_liver,
    note_of,
    remnant_fraction,
    resection_of,
    title_of,
    warnings_of,
)
from pathways.planning.assumptions import assumed_along, in_lines
from pathways.planning.chances import Chances, shown
from pathways.planning.outlook import Outlook
from pathways.planning.risks import StepRisk, StepRisks
from pathways.planning.uncertainty import Estimated
from pathways.process.acts import is_block, kinds_of
from pathways.process.declaration import PROCESS
from pathways.process.phases import END_OF_EPISODE
from pathways.quick_dataclass import dataclass


@dataclass(frozen=True, slots=True)
class PathwayStep:
    """One step: `day` is the planned day on which it is complete, counted from today; `since` the day before it began."""

    trigger: str
    kind: str
    title: str
    before: str
    after: str
    since: int
    day: int
    note: str
    sources: tuple[str, ...]
    operation: bool
    acts: frozenset[str]
    risk: StepRisk | None = None

    def as_json(self) -> dict[str, Any]:
        """The step as the JSON of the command line shows it."""
        return {
            "trigger": self.trigger,
            "kind": self.kind,
            "from": self.before,
            "to": self.after,
            "day": self.day,
            "note": self.note,
            "sources": list(self.sources),
            "risk": self.risk.as_json() if self.risk else None,
        }


@dataclass(frozen=True, slots=True)
class Prospect:
    """What a pathway promises: that all goes as planned, and what follows with the best continuation where it does not.

    `cleared`: any curative end; `resected`: the end of that name. Pathways are compared by these three, and the JSON holds them; whose they
    are says `chances`, and a person is shown `planned_shown` and `cleared_shown`: None where they are borrowed. `mortality` is that of the treatment until clearance.
    It is None for operations on a primary outside the bowel; `outlook` where an end that can be reached has no figure;
    `days` where the liver is never cleared. `deaths` is what pathways are compared by, and is not printed: the same with the primary
    counted as one of the bowel, so that what the liver costs is not forgotten where the sum has no figure.
    """

    as_planned: Estimated
    resected: Estimated
    cleared: Estimated
    mortality: Estimated | None
    days: Estimated | None
    outlook: Outlook | None = field(compare=False)
    deaths: Estimated
    chances: Chances

    @property
    def planned_shown(self) -> Estimated | None:
        """How often all goes as planned, where that is a figure of this primary."""
        return shown(self.chances, self.as_planned)

    @property
    def cleared_shown(self) -> Estimated | None:
        """How often the liver is cleared, where that is a figure of this primary."""
        return shown(self.chances, self.cleared)

    @property
    def survival(self) -> Estimated | None:
        """The share alive at five years."""
        return self.outlook.five_years if self.outlook else None

    def as_json(self) -> dict[str, Any]:
        """The keys of a pathway that hold numbers with their intervals."""
        return {
            "probability_as_planned": self.as_planned.as_json(),
            "probability_resected": self.resected.as_json(),
            "probability_cleared": self.cleared.as_json(),
            "mortality_90d": self.mortality.as_json() if self.mortality else None,
            "days_to_clearance": self.days.as_json() if self.days else None,
            **outlook_json(self.outlook),
        }


def outlook_json(found: Outlook | None) -> dict[str, Any]:
    """How long one lives, as the JSON of the command line shows it; null where there is no figure."""
    if found is None:
        return {
            "survival_5y": None,
            "survival": None,
            "recurrence_free_3y": None,
            "life_months_10y": None,
            "drivers": [],
        }
    years = [{"year": year, **one.as_json()} for year, one in enumerate(found.survival, start=1)]
    return {
        "survival_5y": found.five_years.as_json(),
        "survival": years,
        "recurrence_free_3y": found.free.as_json() if found.free else None,
        "life_months_10y": found.months.as_json(),
        "drivers": [one.as_json() for one in found.drivers],
    }


NOT_EVALUATED: dict[str, Any] = {
    **dict.fromkeys(
        ("probability_as_planned", "probability_resected", "probability_cleared", "mortality_90d", "days_to_clearance")
    ),
    **outlook_json(None),
}


@dataclass(frozen=True, slots=True, repr=False)
class Pathway(Shown):
    """What a team can intend, with what it costs as planned."""

    id: str
    title: str
    families: tuple[str, ...]
    steps: tuple[PathwayStep, ...]
    end: str
    days: int
    operations: int
    chemotherapy_cycles: int
    smallest_remnant_fraction: float | None
    least_liver_left: float
    assumed: tuple[Missing, ...]
    warnings: tuple[str, ...]
    walk: Route
    # Lesions that are cut though deep or ablated though superficial, where either could be done.
    against_depth: int = 0
    # What the protocol removes with the liver is removed in a session of its own.
    apart: bool = False
    # What the protocol removes last is removed before the liver or the primary.
    early: bool = False
    contingencies: tuple[Contingency, ...] = ()
    pareto: bool = False
    # Open, but another pathway is at least as good in chance, risk and time and better in one.
    worse_than: str | None = None
    prospect: Prospect | None = None
    # Death by its deadliest step, given that it is done, where the protocol warns of so much.
    deadly: Estimated | None = None
    # How often its first stage is done and the last one never: the patient goes on to systemic treatment or care.
    half_way: Estimated | None = None
    # How much likelier to clear the liver it has to be, for such a step, to stand before a pathway that it is tied with.
    outweighed: float = 0.0
    # So many more deaths than by the other are too many for a lesion to be cut, or ablated, because it lies where that is done.
    depth_outweighed: float = 1.0

    def __repr__(self) -> str:
        return f"Pathway({self.id}: {self.title})"

    def to_row(self) -> dict[str, Any]:
        """The pathway in a row: chances with their intervals, None where there is no figure."""
        told: dict[str, Any] = {"id": self.id, "title": self.title, "families": ", ".join(self.families)}
        found = self.prospect
        figures: dict[str, Estimated | None] = dict.fromkeys(
            ("as_planned", "cleared", "mortality", "survival_5y", "days_to_clearance")
        )
        if found is not None:
            figures.update(
                as_planned=found.planned_shown, cleared=found.cleared_shown, mortality=found.mortality, survival_5y=found.survival,
                days_to_clearance=found.days,
            )  # fmt: skip
        for name, one in figures.items():
            told[name] = None if one is None else float(one.value)
            told[f"{name}_low"] = None if one is None else float(one.low)
            told[f"{name}_high"] = None if one is None else float(one.high)
        return {
            **told, "days": self.days, "operations": self.operations, "chemotherapy_cycles": self.chemotherapy_cycles,
            "smallest_remnant_fraction": self.smallest_remnant_fraction, "pareto": self.pareto, "worse_than": self.worse_than,
        }  # fmt: skip

    def to_rows(self) -> list[dict[str, Any]]:
        """A row a step, for a table."""
        return [
            {
                "day": step.day, "since": step.since, "trigger": step.trigger, "kind": step.kind, "title": step.title, "note": step.note,
                "deaths": float(step.risk.death.value) if step.risk else None,
            }
            for step in self.steps
        ]  # fmt: skip

    @property
    def assumptions(self) -> tuple[str, ...]:
        """What it takes as given, in words: a line for each subject."""
        return in_lines(self.assumed)

    @property
    def half_way_shown(self) -> Estimated | None:
        """How often its last stage is never reached, where that is a figure of this primary."""
        return shown(self.prospect.chances, self.half_way) if self.prospect else self.half_way

    @property
    def curative(self) -> bool:
        """Whether the pathway ends with all sites cleared."""
        return self.end in PROCESS.curative_ends

    @property
    def watched(self) -> bool:
        """Whether it ends with sites that are watched, not cleared."""
        return self.end == "no_visible_disease"

    def as_json(self) -> dict[str, Any]:
        """The pathway as the JSON of the command line shows it."""
        return {
            "id": self.id,
            "title": self.title,
            "families": list(self.families),
            "steps": [step.as_json() for step in self.steps],
            **(self.prospect.as_json() if self.prospect else NOT_EVALUATED),
            "operations": self.operations,
            "chemotherapy_cycles": self.chemotherapy_cycles,
            "smallest_remnant_fraction": _rounded(self.smallest_remnant_fraction),
            "pareto": self.pareto,
            "worse_than": self.worse_than,
            "assumptions": list(self.assumptions),
            "warnings": list(self.warnings),
            "half_way": self.half_way.as_json() if self.half_way else None,
            "contingencies": [one.as_json() for one in self.contingencies],
        }


@dataclass(frozen=True, slots=True)
class Contingency:
    """What to do when an outcome on the way is not the hoped-for one: the first decision, and where it can still lead."""

    at: str
    outcome: str
    then: str
    best_end: str

    def as_json(self) -> dict[str, Any]:
        """The contingency as the JSON of the command line shows it."""
        return {"at": self.at, "outcome": self.outcome, "then": self.then, "best_end": self.best_end}


def pathway(graph: Graph, walk: Route, identity: str = "") -> Pathway:
    """`walk` as a pathway."""
    assessed = graph.facts.assessed
    families = sorted({family for edge in walk for family in graph.families(edge)})
    steps, day, before, cleared_on = [], 0.0, 0.0, math.inf
    for edge in walk:
        day += graph.days(edge)
        if graph.states[edge.source].phase == END_OF_EPISODE:
            cleared_on = min(cleared_on, before)
        before = day
        steps.append(_step(graph, edge, round(day - graph.days(edge)), round(day)))
    cleared = [one for edge in walk if (one := resection_of(graph, edge)) is not None]
    cycles = sum(assessed.cycles_of_course(edge.declared.course) for edge in walk if is_block(edge.declared))
    end = graph.states[walk[-1].target].phase
    fractions = [remnant_fraction(graph, edge, one) for edge in walk if (one := resection_of(graph, edge)) is not None]
    return Pathway(
        id=identity,
        title=title_of(graph, walk),
        families=tuple(families),
        steps=tuple(steps),
        end=end,
        days=round(min(day, cleared_on)),
        operations=sum(edge.declared.operation for edge in walk),
        chemotherapy_cycles=cycles,
        smallest_remnant_fraction=min(fractions, default=None),
        least_liver_left=min((one.remnant.value for one in cleared), default=1.0),
        assumed=assumed_along(graph, walk),
        warnings=warnings_of(graph, walk, cleared),
        walk=walk,
        against_depth=sum(len(against_depth(assessed, one)) for one in cleared),
        apart=apart_from_the_liver(assessed, walk),
        early=before_the_liver(assessed, walk),
    )


def _step(graph: Graph, edge: Edge, since: int, day: int) -> PathwayStep:
    trigger, before, after = edge.declared, graph.states[edge.source], graph.states[edge.target]
    note = note_of(graph, edge)
    sources = sources_of(trigger, graph.facts.assessed)
    return PathwayStep(
        trigger.name,
        trigger.kind,
        title_for(trigger, graph.facts.assessed),
        before.phase,
        after.phase,
        since,
        day,
        note,
        sources,
        trigger.operation,
        kinds_of(trigger),
    )


def with_risks(one: Pathway, graph: Graph, risks: StepRisks) -> Pathway:
    """The pathway with the risk of each step, and a warning first where one is as great as the protocol warns of."""
    walked = zip(one.steps, one.walk, strict=True)
    steps = [replace(step, risk=risks.of(edge.declared, graph.states[edge.target])) for step, edge in walked]
    risky = [step for step in steps if step.risk]
    worst = max(risky, key=lambda step: float(step.risk.death.value) if step.risk else 0.0, default=None)
    if worst is None or worst.risk is None:
        return replace(one, steps=tuple(steps))
    death = worst.risk.death
    if float(death.value) < graph.facts.assessed.protocol.number("operation_death_warned"):
        return replace(one, steps=tuple(steps))
    words = say(
        "warning.deadly", value=float(death.value), low=float(death.low), high=float(death.high), step=worst.title
    )
    return replace(one, steps=tuple(steps), deadly=death, warnings=(words, *one.warnings))


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
