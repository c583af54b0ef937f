"""What changed between two case files, or two saved plans, and what it turned round.

Of two cases every key that is told otherwise; of two plans every figure and setting. A family that opens or closes is traced to the
changed keys that do so alone, each tried by itself on the old case.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from pathways.case.loading import load_case
from pathways.case.models import Case
from pathways.documents.problems import PathwaysError
from pathways.facts.derive import CaseFacts
from pathways.knowledge.model import Protocol
from pathways.planning.openness import families_open
from pathways.planning.plan import ALL_FAMILIES, Plan, plan
from pathways.quick_dataclass import dataclass

# More changed keys than this are not tried one by one.
MOST_TRIED = 16
Path = tuple[str | int, ...]
# Keys that name a case and decide nothing.
NAMES = ("id", "title", "source", "schema")


@dataclass(frozen=True, slots=True)
class Changed:
    """A key told otherwise, or told in one alone (None in the other)."""

    key: str
    old: Any
    new: Any

    def as_json(self) -> dict[str, Any]:
        """The change as the JSON of the command line shows it."""
        return {"key": self.key, "old": self.old, "new": self.new}


@dataclass(frozen=True, slots=True)
class Turned:
    """A family that stands otherwise. `by`: keys that turn it alone; none where only several together do, or where that was not tried."""

    family: str
    old: str
    new: str
    by: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The family as the JSON of the command line shows it."""
        return {"family": self.family, "old": self.old, "new": self.new}


@dataclass(frozen=True, slots=True)
class Moved:
    """A number that the plan tells of a pathway, before and after."""

    title: str
    what: str
    old: float
    new: float

    def as_json(self) -> dict[str, Any]:
        """The number as the JSON of the command line shows it."""
        return {"pathway": self.title, "what": self.what, "old": self.old, "new": self.new}


@dataclass(frozen=True, slots=True)
class Driven:
    """A factor that moves life otherwise: the driver of the first pathway of each plan that has figures, None where it is in one alone."""

    factor: str
    old: Mapping[str, Any] | None
    new: Mapping[str, Any] | None

    def as_json(self) -> dict[str, Any]:
        """The factor as the JSON of the command line shows it."""
        return {"factor": self.factor, "old": self.old, "new": self.new}


@dataclass(frozen=True, slots=True)
class Difference:
    """What is otherwise between two plans. `figures` and `settings` are empty between two cases: they are judged by the same."""

    old: dict[str, Any]
    new: dict[str, Any]
    changed: tuple[Changed, ...]
    families: tuple[Turned, ...]
    first: tuple[str | None, str | None]
    moved: tuple[Moved, ...]
    driven: tuple[Driven, ...] = ()
    figures: tuple[Changed, ...] = ()
    settings: tuple[Changed, ...] = ()

    @property
    def anything(self) -> bool:
        """Whether anything is otherwise."""
        return bool(
            self.changed
            or self.families
            or self.figures
            or self.settings
            or self.moved
            or self.driven
            or self.first[0] != self.first[1]
        )

    def as_json(self) -> dict[str, Any]:
        """The one document of `diff --json`."""
        return {
            "old": self.old,
            "new": self.new,
            "changed": [one.as_json() for one in self.changed],
            "families": [one.as_json() for one in self.families],
            "first": {"old": self.first[0], "new": self.first[1]},
            "because": [{"family": one.family, "keys": list(one.by)} for one in self.families if one.by],
            "numbers": [one.as_json() for one in self.moved],
            "drivers": [one.as_json() for one in self.driven],
            "figures": [one.as_json() for one in self.figures],
            "settings": [one.as_json() for one in self.settings],
        }


def diff_cases(old: Case, new: Case, protocol: Protocol) -> Difference:
    """What is told otherwise in `new`, and what that turned round under `protocol`."""
    before, after = plan(old, protocol), plan(new, protocol)
    told_before, told_after = _told(old), _told(new)
    changes = tuple(_changes(told_before, told_after))
    first, second = _document(before), _document(after)
    turned = _turned(first, second)
    traced = _traced(told_before, [path for path, _ in changes if path[0] not in NAMES], told_after, protocol)
    return Difference(
        old=_head(first), new=_head(second), changed=tuple(changed for _, changed in changes),
        families=tuple(
            Turned(one.family, one.old, one.new, traced.get(one.family, ())) if _opens(one) else one for one in turned
        ),
        first=(_first(first), _first(second)), moved=_moved(first, second), driven=_driven(first, second),
    )  # fmt: skip


def diff_plans(old: Mapping[str, Any], new: Mapping[str, Any]) -> Difference:
    """What is otherwise between two documents of `plan --json`: product, protocol, figures, and what they turned round."""
    heads = tuple(
        _flat(key, old.get(key), new.get(key))
        for key in ("case", "version", "protocol", "resectability", "liver_state")
    )
    changed = [one for several in heads for one in several]
    marks = [(one.get("figures") or {}).get("hash") for one in (old, new)]
    if marks[0] != marks[1]:
        changed.append(Changed("figures.hash", *marks))
    return Difference(
        old=_head(old), new=_head(new), changed=tuple(changed), families=_turned(old, new), first=(_first(old), _first(new)),
        moved=_moved(old, new), driven=_driven(old, new),
        figures=_otherwise(old, new, "values"), settings=_otherwise(old, new, "settings"),
    )  # fmt: skip


def _flat(key: str, old: Any, new: Any) -> list[Changed]:
    return [Changed(key, old, new)] if old != new else []


def _otherwise(old: Mapping[str, Any], new: Mapping[str, Any], part: str) -> tuple[Changed, ...]:
    """Figures or settings of two plans that are otherwise; none where one of the plans carries none."""
    before, after = _known(old, part), _known(new, part)
    return tuple(changed for _, changed in _changes(before, after)) if before and after else ()


def _known(document: Mapping[str, Any], part: str) -> dict[str, Any]:
    found = (document.get("figures") or {}).get(part)
    return dict(found) if isinstance(found, Mapping) else {}


def _document(made: Plan) -> dict[str, Any]:
    """The part of the JSON of a plan that is compared; what opens and what is missing is not asked for."""
    assessment = made.assessment
    return {
        "case": assessment.case.id, "protocol": assessment.protocol.id, "resectability": assessment.resectability,
        "liver_state": assessment.liver_state, "chances": made.chances, "pathways": [one.as_json() for one in made.pathways],
        "contingent": [{"family": one.family} for one in made.contingent],
        "closed": [{"family": one.family, "kind": one.kind} for one in made.closed],
        "open": list(made.open),
    }  # fmt: skip


def _head(document: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: document.get(key)
        for key in ("case", "protocol", "version", "resectability", "liver_state")
        if key in document
    }


def _told(case: Case) -> dict[str, Any]:
    return case.model_dump(mode="json", by_alias=True, exclude_unset=True)


def _changes(old: Any, new: Any, path: Path = ()) -> Iterator[tuple[Path, Changed]]:
    """Every leaf that is otherwise; lists of another length are one change."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in dict.fromkeys((*old, *new)):
            yield from _changes(old.get(key), new.get(key), (*path, key))
    elif (
        isinstance(old, list)
        and isinstance(new, list)
        and len(old) == len(new)
        and any(isinstance(one, dict) for one in old)
    ):
        for place, (one, other) in enumerate(zip(old, new, strict=True)):
            yield from _changes(one, other, (*path, place))
    elif old != new:
        yield path, Changed(spelled(path), old, new)


def spelled(path: Path) -> str:
    """A path as people write it: `lesions[0].size_mm`."""
    words = ""
    for part in path:
        words += f"[{part}]" if isinstance(part, int) else f".{part}" if words else str(part)
    return words


def _traced(
    old: dict[str, Any], paths: Sequence[Path], new: dict[str, Any], protocol: Protocol
) -> dict[str, tuple[str, ...]]:
    """For every family the changed keys that open or close it alone, each tried on the old case."""
    found: dict[str, list[str]] = {}
    if not 1 <= len(paths) <= MOST_TRIED:
        return {}

    def opened(told: dict[str, Any]) -> frozenset[str]:
        return families_open(CaseFacts(load_case(told), protocol))

    before = opened(old)
    for path in paths:
        try:
            after = opened(_with(old, path, new))
        except PathwaysError:
            continue  # The one change without the others makes no case.
        for family in before ^ after:
            found.setdefault(family, []).append(spelled(path))
    return {family: tuple(keys) for family, keys in found.items()}


def _with(told: dict[str, Any], path: Path, other: dict[str, Any]) -> dict[str, Any]:
    """`told` with what stands at one path of `other`."""
    changed: Any = copy.deepcopy(told)
    here: Any = changed
    there: Any = other
    for part in path[:-1]:
        if isinstance(here, dict) and part not in here:
            here[part] = {}
        here, there = here[part], there.get(part, {}) if isinstance(there, dict) else there[part]
    last = path[-1]
    if isinstance(there, dict) and last not in there:
        here.pop(last, None)
    else:
        here[last] = copy.deepcopy(there[last])
    return dict(changed)


def _standing(document: Mapping[str, Any]) -> dict[str, str]:
    """How every family stands: open, contingent, or why it is closed."""
    opened = set(document.get("open") or [family for one in document["pathways"] for family in one["families"]])
    after = {one["family"] for one in document["contingent"]}
    closed = {one["family"]: one.get("kind", "closed") for one in document["closed"]}
    return {
        family: "open" if family in opened else "contingent" if family in after else closed.get(family, "closed")
        for family in dict.fromkeys((*ALL_FAMILIES, *closed, *after, *sorted(opened)))
    }


def _turned(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[Turned, ...]:
    before, after = _standing(old), _standing(new)
    return tuple(
        Turned(family, before.get(family, "closed"), after.get(family, "closed"))
        for family in dict.fromkeys((*before, *after))
        if before.get(family, "closed") != after.get(family, "closed")
    )


def _opens(one: Turned) -> bool:
    return "open" in (one.old, one.new)


def _first(document: Mapping[str, Any]) -> str | None:
    pathways = document["pathways"]
    return pathways[0]["title"] if pathways else None


NUMBERS: dict[str, Callable[[Any], Any]] = {
    "probability_cleared": lambda one: one.get("probability_cleared"),
    "mortality_90d": lambda one: one.get("mortality_90d"),
    "survival_5y": lambda one: one.get("survival_5y"),
}
# Chances closer than they are printed are no change.
READ_ALIKE = {"probability_cleared": 0.01, "mortality_90d": 0.001, "survival_5y": 0.01}


def _moved(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[Moved, ...]:
    """Numbers of pathways that both plans hold (by title), where they read otherwise; chances that are borrowed are no numbers of them."""
    before = {one["title"]: one for one in old["pathways"]}
    borrowed = "borrowed" in (old.get("chances"), new.get("chances"))
    told = {what: read for what, read in NUMBERS.items() if not (borrowed and what == "probability_cleared")}
    found = []
    for one in new["pathways"]:
        known = before.get(one["title"])
        if known is None:
            continue
        for what, read in told.items():
            a, b = (value.get("value") if isinstance(value, Mapping) else None for value in (read(known), read(one)))
            if a is not None and b is not None and abs(a - b) >= READ_ALIKE[what] / 2:
                found.append(Moved(one["title"], what, a, b))
    return tuple(found)


def _driven(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[Driven, ...]:
    """Factors that move life otherwise; nothing where one of the plans was saved before drivers told an interval's kind, or has no figure."""
    before, after = _drivers(old), _drivers(new)
    if not before or not after:
        return ()
    return tuple(
        Driven(factor, before.get(factor), after.get(factor))
        for factor in dict.fromkeys((*before, *after))
        if before.get(factor) != after.get(factor)
    )


def _drivers(document: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    found: list[Any] = next(
        (one["drivers"] for one in document["pathways"] if isinstance(one.get("drivers"), list) and one["drivers"]), []
    )
    return {str(one.get("factor")): one for one in found if isinstance(one, Mapping) and "interval_of" in one}
