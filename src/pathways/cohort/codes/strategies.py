"""Strategies: which open step a team takes. An order of preference for each phase, from data; families may be put first."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import get_args

from pathways.documents.problems import PathwaysError, nearest
from pathways.knowledge.protocols import knowledge
from pathways.planning.evaluate import OBJECTIVES
from pathways.process.declaration import PROCESS
from pathways.process.guards import holds
from pathways.process.model import Guard, Trigger
from pathways.process.selection import steps
from pathways.quick_dataclass import dataclass
from pathways.words import Family

GUIDELINE = "guideline"
FAMILIES: tuple[str, ...] = get_args(Family)
DECIDED_IN = tuple(
    phase for phase in PROCESS.phases if phase in PROCESS.decision_phases or phase == PROCESS.end_of_episode
)
CASE_FACTS = tuple(fact.name for fact in PROCESS.case_facts)
TRIGGERS = {trigger.name: trigger for trigger in PROCESS.triggers}


@dataclass(frozen=True, slots=True)
class Preference:
    """A step and, where it is preferred for a family, the guards that make it belong to that family."""

    trigger: Trigger
    when: tuple[Guard, ...] = ()


@dataclass(frozen=True)
class Strategy:
    """For each phase, steps in order of preference; the first open one is taken."""

    name: str
    orders: dict[str, tuple[Preference, ...]]

    @property
    def treats_recurrences(self) -> bool:
        """Whether anything else than giving up comes first for a recurrence."""
        return not self.orders["recurred"][0].trigger.gives_up


def names() -> tuple[str, ...]:
    """What `--strategy` accepts."""
    return (*knowledge().strategies, *FAMILIES, *OBJECTIVES)


def is_objective(name: str) -> bool:
    """Whether a strategy is the best policy by an objective, found for each patient, and no order of preference."""
    return name in OBJECTIVES


@lru_cache(maxsize=64)
def strategy(name: str) -> Strategy:
    """The strategy `name`: one of the data, or a family put first. Raises PathwaysError with the nearest name."""
    shipped = knowledge().strategies
    if name in shipped:
        return Strategy(name, _orders(name))
    if name in FAMILIES:
        orders = {phase: _family_first(order, name) for phase, order in _orders(GUIDELINE).items()}
        return Strategy(name, orders)
    accepted = ", ".join(names())
    raise PathwaysError(f'strategy "{name}": accepted: {accepted}{nearest(name, names())}')


def _orders(name: str) -> dict[str, tuple[Preference, ...]]:
    entry = knowledge().strategies[name]
    found = _orders(entry["based_on"]) if "based_on" in entry else {}
    needed = {
        step: facts for selector, facts in entry.get("needs", {}).items() for step in _named(name, [selector], facts)
    }
    for order in entry["orders"]:
        listed = _named(name, order["steps"])
        for phase in order["phases"]:
            found[phase] = tuple(
                # What has to hold beside the step's own rules, so that it leads somewhere.
                Preference(TRIGGERS[step], tuple(holds(fact, "order") for fact in needed.get(step, ())))
                for step in listed
                if phase in TRIGGERS[step].phases and TRIGGERS[step].kind == "decision"
            )
    for phase in DECIDED_IN:
        there = {one.trigger.name for one in found.get(phase, ())}
        offered = (one for one in PROCESS.triggers if phase in one.phases and one.kind == "decision")
        found[phase] = (*found.get(phase, ()), *(Preference(one) for one in offered if one.name not in there))
    return found


def _named(name: str, selectors: Iterable[str], facts: Iterable[str] = ()) -> tuple[str, ...]:
    """The steps that a strategy names. Raises PathwaysError that says in which strategy a word is unknown."""
    for fact in facts:
        if fact not in CASE_FACTS:
            raise PathwaysError(f'strategy {name}: unknown fact "{fact}"{nearest(fact, CASE_FACTS)}')
    try:
        return steps(selectors)
    except PathwaysError as problem:
        raise PathwaysError(f"strategy {name}: {problem}") from problem


def _family_first(order: tuple[Preference, ...], family: str) -> tuple[Preference, ...]:
    first = [
        Preference(one.trigger, (*tag.when, *one.when))
        for one in order
        for tag in one.trigger.tags
        if tag.family == family
    ]
    return (*first, *order)
