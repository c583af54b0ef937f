"""The same case under several protocols: what opens and closes, which setting does it, and at which threshold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

from pathways.case.models import Case
from pathways.documents.problems import PathwaysError, nearest
from pathways.facts.derive import CaseFacts
from pathways.facts.patient_assessment import TODAY, PatientAssessment
from pathways.facts.remnant import BindingLimit, binding_limit
from pathways.graph.explore import Graph, explore_facts
from pathways.knowledge.model import Protocol
from pathways.planning.assess import assess_facts
from pathways.planning.chances import Chances, chances_of, shown
from pathways.planning.contingencies import reached_after
from pathways.planning.evaluate import Evaluation, evaluate
from pathways.planning.explain import open_families
from pathways.planning.pathway_groups import hoped_for
from pathways.planning.plan import ALL_FAMILIES
from pathways.quick_dataclass import dataclass
from pathways.version import __version__

# A threshold is looked for to this share of the distance between the two protocols.
FINEST = 64
MOST_SWEPT = 200
STATUSES = ("closed", "contingent", "open")


@dataclass(frozen=True, slots=True)
class Left:
    """What the resection that loses least liver leaves, and the limit that binds; nothing of it where nothing clears the liver."""

    remnant: float | None
    limit: BindingLimit | None

    @classmethod
    def of(cls, assessed: PatientAssessment) -> Left:
        """Of a case as it is today."""
        first = next(iter(assessed.resections(TODAY)), None)
        return cls(None, None) if first is None else cls(first.remnant.value, binding_limit(assessed, first, 0))

    def as_json(self) -> dict[str, Any]:
        """Remnant and limit as the JSON of the command line shows them."""
        limit = self.limit
        return {
            "remnant_fraction": None if self.remnant is None else round(self.remnant, 4),
            "limit_fraction": None if limit is None else round(limit.share, 4),
            "limit_ml": None if limit is None or not limit.ml_known else round(limit.ml),
            "limit_rule": None if limit is None else limit.rule,
        }


@dataclass(frozen=True)
class Judged:
    """A case under one protocol."""

    case: Case
    protocol: Protocol

    @cached_property
    def graph(self) -> Graph:
        """Everything reachable under the protocol."""
        return explore_facts(CaseFacts(self.case, self.protocol))

    @cached_property
    def evaluation(self) -> Evaluation:
        """The graph evaluated."""
        return evaluate(self.graph)

    @cached_property
    def statuses(self) -> Mapping[str, str]:
        """`open`, `contingent` or `closed` for every family."""
        opened, after = open_families(hoped_for(self.graph)), reached_after(self.evaluation)
        return {
            family: "open" if family in opened else "contingent" if family in after else "closed"
            for family in ALL_FAMILIES
        }

    def with_setting(self, key: str, value: Any) -> Judged:
        """The same with one setting replaced; kept, for the same threshold is asked about for many families."""
        found = self._varied.get((key, value))
        if found is None:
            setting = replace(self.protocol.settings[key], value=value)
            protocol = replace(self.protocol, settings={**self.protocol.settings, key: setting})
            found = self._varied[key, value] = Judged(self.case, protocol)
        return found

    @cached_property
    def _varied(self) -> dict[tuple[str, Any], Judged]:
        return {}

    @cached_property
    def left(self) -> Left:
        """The remnant against its limit."""
        return Left.of(self.graph.facts.assessed)

    @property
    def best(self) -> float:
        """The best chance of resection."""
        return float(self.evaluation.worth().resected)

    @property
    def best_shown(self) -> float | None:
        """The same, where it is a figure of this primary."""
        return shown(chances_of(self.case), self.best)

    def as_json(self) -> dict[str, Any]:
        """One protocol in the JSON of the command line."""
        listed = {
            status: [one for one in ALL_FAMILIES if self.statuses[one] == status] for status in reversed(STATUSES)
        }
        return {
            "protocol": self.protocol.id,
            "resectability": assess_facts(self.graph.facts).resectability,
            "best_probability_resected": round(self.best, 4),
            **self.left.as_json(),
            **listed,
        }


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting that alone turns a family round. `turns_at`: the value nearest to the first protocol's that does it."""

    key: str
    first: Any
    other: Any
    unit: str
    turns_at: float | None
    sources: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """The setting as the JSON of the command line shows it."""
        return {
            "setting": self.key, "first": _plain(self.first), "other": _plain(self.other), "unit": self.unit,
            "turns_at": self.turns_at, "sources": list(self.sources),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Difference:
    """A family that two protocols judge differently, and the settings behind it; none: only several together do it."""

    family: str
    protocol: str
    before: str
    after: str
    because: tuple[Setting, ...]

    def as_json(self) -> dict[str, Any]:
        """The difference as the JSON of the command line shows it."""
        return {
            "family": self.family, "protocol": self.protocol, "before": self.before, "after": self.after,
            "because": [one.as_json() for one in self.because],
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Swept:
    """One value of a sweep: the best chance of resection, the families that are open, and the limit that then binds."""

    value: float
    best: float
    open: tuple[str, ...]
    left: Left
    chances: Chances = "own"

    @property
    def best_shown(self) -> float | None:
        """The best chance of resection, where that is a figure of this primary."""
        return shown(self.chances, self.best)

    def as_json(self) -> dict[str, Any]:
        """The value as the JSON of the command line shows it."""
        return {
            "value": round(self.value, 6),
            "best_probability_resected": round(self.best, 4),
            "open": list(self.open),
            **self.left.as_json(),
        }


@dataclass(frozen=True)
class Comparison:
    """A case under several protocols; differences are told against the first."""

    case: Case
    judged: tuple[Judged, ...]
    differences: tuple[Difference, ...]

    def as_json(self) -> dict[str, Any]:
        """The one document of `compare --json`."""
        return {
            "case": self.case.id,
            "version": __version__,
            "chances": chances_of(self.case),
            "protocols": [one.as_json() for one in self.judged],
            "differences": [one.as_json() for one in self.differences],
            **self.case.understood_json(),
        }


def compare(case: Case, protocols: Sequence[Protocol]) -> Comparison:
    """`case` under each of `protocols`, and what sets the others apart from the first."""
    judged = tuple(Judged(case, protocol) for protocol in protocols)
    found = []
    for other in judged[1:]:
        found += _differences(judged[0], other)
    return Comparison(case, judged, tuple(found))


def _differences(first: Judged, other: Judged) -> list[Difference]:
    turned = [family for family in ALL_FAMILIES if first.statuses[family] != other.statuses[family]]
    if not turned:
        return []
    keys = [key for key, one in first.protocol.settings.items() if other.protocol.settings[key].value != one.value]
    alone = {key: first.with_setting(key, other.protocol.settings[key].value) for key in keys}
    return [
        Difference(
            family, other.protocol.id, first.statuses[family], other.statuses[family],
            tuple(
                _setting(first, other, key, family)
                for key, one in alone.items()
                if one.statuses[family] != first.statuses[family]
            ),
        )
        for family in turned
    ]  # fmt: skip


def _setting(first: Judged, other: Judged, key: str, family: str) -> Setting:
    one, two = first.protocol.settings[key], other.protocol.settings[key]
    return Setting(key, one.value, two.value, one.unit, _turning_point(first, key, two.value, family), two.sources)


def _turning_point(first: Judged, key: str, value: Any, family: str) -> float | None:
    """The value between the two at which `family` turns round, by halving; None where the setting is no number."""
    start = first.protocol.settings[key].value
    if isinstance(start, bool) or not isinstance(start, int | float) or not isinstance(value, int | float):
        return None
    near, far = float(start), float(value)
    whole = isinstance(start, int) and isinstance(value, int)
    finest = 1.0 if whole else abs(far - near) / FINEST
    while abs(far - near) > finest:
        middle = (near + far) / 2
        if whole:
            middle = float(round(middle))
            if middle in (near, far):
                break
        turned = first.with_setting(key, int(middle) if whole else middle)
        if turned.statuses[family] != first.statuses[family]:
            far = middle
        else:
            near = middle
    return round(far, 4)


def sweep(case: Case, protocol: Protocol, key: str, values: Sequence[float]) -> tuple[Swept, ...]:
    """The case under `protocol` with the setting `key` at each of `values`."""
    setting = protocol.settings.get(key)
    numbers = [
        name
        for name, one in protocol.settings.items()
        if isinstance(one.value, int | float) and not isinstance(one.value, bool)
    ]
    if setting is None or key not in numbers:
        raise PathwaysError(f'--sweep: got "{key}"; accepted: a setting that is a number{nearest(key, numbers)}')
    if len(values) > MOST_SWEPT:
        raise PathwaysError(f"--sweep: got {len(values)} values; accepted: at most {MOST_SWEPT}")
    whole = isinstance(setting.value, int)
    found = []
    for value in values:
        judged = Judged(case, protocol).with_setting(key, int(value) if whole else value)
        opened = tuple(family for family in ALL_FAMILIES if judged.statuses[family] == "open")
        found.append(Swept(value, judged.best, opened, judged.left, chances_of(case)))
    return tuple(found)


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
