"""What every number of the table stands on: its figures and settings, numbered once, each with interval, people and sources."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, lru_cache

from pathways.knowledge.model import Parameter, Protocol
from pathways.knowledge.protocols import knowledge
from pathways.messages.catalogue import called, say
from pathways.page.shared import Told
from pathways.planning.annotate import Pathway
from pathways.planning.citations import Citations, Cited
from pathways.planning.plan import Plan

SDS = 1.96


def cited_of(plan: Plan, pathways: Iterable[Pathway]) -> Told:
    """The figures behind the numbers of some pathways, and of each number the places of its figures in that list."""
    citations, protocol = Citations(plan.graph), plan.assessment.protocol
    places: dict[str, int] = {}
    figures: list[Cited] = []
    rows: list[Told] = []
    for one in pathways:
        numbers = []
        for number, several in citations.of(one).items():
            # Of a chance that is not shown nothing is cited.
            if number == "cleared" and plan.best_shown is None:
                continue
            for each in several:
                if _name(each) not in places:
                    figures.append(each)
                    places[_name(each)] = len(figures)
            if several:
                numbers.append(
                    {"words": called("number", number), "places": runs(places[_name(each)] for each in several)}
                )
        rows.append({"id": one.id, "title": one.title, "numbers": numbers})
    return {"rows": rows, "figures": [_words(each, protocol) for each in figures]}


def runs(places: Iterable[int]) -> str:
    """Places in order, neighbours drawn together: `1-4, 9`."""
    found: list[list[int]] = []
    for one in sorted(places):
        if found and one == found[-1][-1] + 1:
            found[-1].append(one)
        else:
            found.append([one])
    return ", ".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else str(run[0]) for run in found)


def _name(one: Cited) -> str:
    return one.id if isinstance(one, Parameter) else one.key


def _words(one: Cited, protocol: Protocol) -> str:
    if isinstance(one, Parameter):
        return _of_figure(one.id)
    sources = " | ".join(source_words(each, protocol) for each in one.sources)
    value = f"{one.value} {one.unit}".strip()
    return say("cited.setting", key=one.key, value=value, sure=_sure(one.confidence), why=one.why, sources=sources)


@cache
def _of_figure(name: str) -> str:
    one = knowledge().parameters[name]
    sources = " | ".join(source_words(each, None) for each in one.sources)
    return say(
        "cited.figure", what=one.description, value=_value(one), population=one.population, sure=_sure(one.confidence), sources=sources
    )  # fmt: skip


def _sure(confidence: str) -> str:
    return called("confidence", confidence).replace("_", " ")


def _value(one: Parameter) -> str:
    """A figure with its interval, and what kind of interval that is."""
    if isinstance(one.value, bool) or not isinstance(one.value, (int, float)):
        return say("cited.several")
    number = _amount(one.number, one.unit)
    spread = one.distribution
    if spread.get("kind") == "range":
        low, high = (_amount(spread[end], one.unit) for end in ("low", "high"))
        return say("cited.between", value=number, low=low, high=high, of=called("spread", one.interval_of))
    if spread.get("kind") == "beta":
        return say("cited.counted", value=number, events=f"{spread['events']:g}", n=f"{spread['n']:g}")
    if spread.get("kind") == "normal" and one.sd:
        half = SDS * one.sd / (one.n or 1) ** 0.5
        low, high = (_amount(one.number + way * half, one.unit) for way in (-1, 1))
        return say("cited.between", value=number, low=low, high=high, of=called("spread", one.interval_of))
    return say("cited.no_spread", value=number)


def _amount(value: float, unit: str) -> str:
    return f"{value:.3g}" if unit in ("ratio", "") else f"{value:.1%}" if unit == "fraction" else f"{value:.3g} {unit}"


def source_words(name: str, protocol: Protocol | None) -> str:
    """A source as a reader looks it up: who, what, where, when, how many, how sure."""
    found = knowledge().sources.get(name) or (protocol.references.get(name) if protocol else None)
    if not found:
        return name
    place = " ".join(str(found[key]) for key in ("journal", "year") if found.get(key) not in (None, "-"))
    parts = [str(found[key]) for key in ("authors", "title") if found.get(key)] + ([place] if place else [])
    number = _most_people().get(name, 0)
    if number:
        parts.append(say("bench.n", number=number))
    if found.get("doi"):
        parts.append(f"doi:{found['doi']}")
    if found.get("bibliography_uncertain"):
        parts.append(say("bench.uncertain_source"))
    return ". ".join(one.rstrip(".") for one in parts)


@lru_cache(maxsize=1)
def _most_people() -> dict[str, int]:
    """Of every source the largest number of people that a figure of it stands on."""
    found: dict[str, int] = {}
    for one in knowledge().parameters.values():
        for name in one.sources:
            found[name] = max(found.get(name, 0), one.n or 0)
    return found
