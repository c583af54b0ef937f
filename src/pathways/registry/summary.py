"""What a registry says as a whole: how many families are open, what closes them, what is not known, and where files cannot be used."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from pathways.planning.plan import ALL_FAMILIES

MOST_SHOWN = 12
Line = dict[str, Any]


class Summary:
    """Counts over lines, taken as they come."""

    def __init__(self) -> None:
        self.patients = 0
        self.problems = 0
        self.curative = 0
        self.resectability: Counter[str] = Counter()
        self.statuses: dict[str, Counter[str]] = {family: Counter() for family in ALL_FAMILIES}
        self.rules: Counter[str] = Counter()
        self.unknown: Counter[str] = Counter()
        self.differences: Counter[tuple[str, str, str, str]] = Counter()
        self.settings: Counter[tuple[str, str]] = Counter()

    def take(self, line: Line) -> None:
        """Counts one patient."""
        self.patients += 1
        if "problem" in line:
            self.problems += 1
        elif "differences" in line:
            for one in line["differences"]:
                self.differences[one["protocol"], one["family"], one["before"], one["after"]] += 1
                self.settings.update((one["protocol"], because["setting"]) for because in one["because"])
        else:
            self._plan(line)

    def _plan(self, line: Line) -> None:
        self.curative += line["curative"]
        self.resectability[line["resectability"]] += 1
        self.unknown.update(line["unknown"])
        for status in ("open", "contingent"):
            for family in line[status]:
                self.statuses[family][status] += 1
        for family, closed in line["closed"].items():
            self.statuses[family]["closed" if closed["kind"] == "barred" else "not asked"] += 1
            if closed["kind"] == "barred":
                self.rules.update(closed["rules"])

    def as_json(self) -> dict[str, Any]:
        """The summary for programs."""
        head: dict[str, Any] = {"patients": self.patients, "problems": self.problems}
        if self.differences or self.settings:
            return {
                **head,
                "differences": [
                    {"protocol": protocol, "family": family, "before": before, "after": after, "patients": number}
                    for (protocol, family, before, after), number in _most(self.differences)
                ],
                "settings": [
                    {"protocol": protocol, "setting": setting, "families": number}
                    for (protocol, setting), number in _most(self.settings)
                ],
            }
        return {
            **head,
            "curative": self.curative,
            "resectability": dict(_most(self.resectability)),
            "families": {family: dict(counts) for family, counts in self.statuses.items() if counts},
            "closed_by": dict(_most(self.rules)),
            "unknown": dict(_most(self.unknown)),
        }

    def lines(self) -> Iterator[str]:
        """The summary for a person."""
        of = f"{self.patients} patients" + (f", {self.problems} files cannot be used" if self.problems else "")
        if self.differences or self.settings:
            yield of
            for (protocol, family, before, after), number in _most(self.differences):
                yield f"  {number:>5}  {family} {before} -> {after} under {protocol}"
            if self.settings:
                yield "by the settings (families that turn round):"
                yield from (
                    f"  {number:>5}  {setting} of {protocol}"
                    for (protocol, setting), number in _most(self.settings)[:MOST_SHOWN]
                )
            return
        yield f"{of}; {self.curative} with a pathway that clears all sites"
        if not self.resectability:
            return
        yield "today: " + ", ".join(f"{name.replace('_', ' ')} {number}" for name, number in _most(self.resectability))
        yield f"{'family':<28}{'open':>6}{'later':>7}{'closed':>8}"
        for family, counts in self.statuses.items():
            if counts["open"] or counts["contingent"] or counts["closed"]:
                yield f"{family:<28}{counts['open']:>6}{counts['contingent']:>7}{counts['closed']:>8}"
        yield from _listed("closed by", self.rules)
        yield from _listed("not known", self.unknown)


def _most(counts: Counter[Any]) -> list[tuple[Any, int]]:
    """The most frequent first, and by name where they are as many."""
    return sorted(counts.items(), key=lambda one: (-one[1], one[0]))


def _listed(title: str, counts: Counter[str]) -> Iterator[str]:
    found = _most(counts)
    if found:
        more = f", and {len(found) - MOST_SHOWN} more" if len(found) > MOST_SHOWN else ""
        yield f"{title}: " + ", ".join(f"{name} {number}" for name, number in found[:MOST_SHOWN]) + more


def row_of(line: Line) -> dict[str, Any]:
    """A line as a row for a table: lists as text, the numbers of the first pathway in columns of their own."""
    first = line.get("first") or {}
    differences = line.get("differences", ())
    return {
        "case": line["case"],
        "file": line["file"],
        "protocol": line.get("protocol"),
        "resectability": line.get("resectability"),
        "liver_state": line.get("liver_state"),
        "curative": line.get("curative"),
        "chances": line.get("chances"),
        "pathways": line.get("pathways"),
        "open": _joined(line.get("open")),
        "contingent": _joined(line.get("contingent")),
        "closed": _joined(name for name, one in line.get("closed", {}).items() if one["kind"] == "barred"),
        **{f"p1_{key}": first.get(key) for key in FIRST},
        "unknown": _joined(line.get("unknown")),
        "differences": "; ".join(
            f"{one['family']} {one['before']} {one['after']} {one['protocol']}" for one in differences
        ),
        "problem": line.get("problem"),
    }


FIRST = (
    "title", "families", "as_planned", "cleared", "cleared_low", "cleared_high", "mortality", "mortality_low", "mortality_high", "survival_5y",
    "days_to_clearance", "operations", "chemotherapy_cycles", "smallest_remnant_fraction",
)  # fmt: skip


def _joined(words: Iterable[str] | None) -> str:
    return " ".join(words or ())
