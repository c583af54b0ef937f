"""Prognostic scores: shown with points, missing inputs and source, and read by no rule unless a protocol asks for it.

What counts stands in the knowledge; here inputs are taken from the case. All discriminate weakly: information for the
meeting, not a gate. A centre may let one decide what comes first (`systemic_first_from_points`); no protocol that ships does.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from pathways.case.models import Case
from pathways.facts.prognostic_inputs import Range, inputs_of
from pathways.knowledge.protocols import knowledge
from pathways.messages.catalogue import called, say
from pathways.process.rules import RULES
from pathways.quick_dataclass import dataclass

OBSTRUCTED = ("present", "drained")


@dataclass(frozen=True, slots=True)
class Score:
    """Points known so far, the most they can become when `missing` inputs are known, and the group if it is settled."""

    name: str
    points: float
    at_most: float | None
    group: str | None
    counted: tuple[str, ...]
    missing: tuple[str, ...]
    sources: tuple[str, ...]
    note: str

    def as_json(self) -> dict[str, Any]:
        """The score as the JSON of the command line shows it."""
        return {
            "name": self.name,
            "points": round(self.points, 2),
            "at_most": None if self.at_most is None else round(self.at_most, 2),
            "group": self.group,
            "counted": list(self.counted),
            "missing": list(self.missing),
            "sources": list(self.sources),
            "note": self.note,
        }


def scores(case: Case) -> tuple[Score, ...]:
    """Every score that fits the tumour of `case`."""
    inputs = inputs_of(case)
    found = []
    for entry in knowledge().scores.values():
        if not entry["tumours"] or case.primary.tumour in entry["tumours"]:
            make = _by_points if entry.get("items") else _by_value
            found.append(make(entry, inputs))
    grade = albi(case)
    return (*found, grade) if grade else tuple(found)


def albi(case: Case) -> Score | None:
    """The ALBI score and its grade; none where bilirubin or albumin is not known, or obstructed ducts or Gilbert syndrome make the bilirubin."""
    bilirubin, albumin = case.liver.bilirubin_umol_per_l, case.liver.albumin_g_per_l
    if not bilirubin or albumin is None or case.liver.gilbert or _of_ducts(case):
        return None
    weights, grades = (knowledge().parameters[f"albi_{name}"] for name in ("weights", "grades"))
    of_bilirubin, of_albumin = weights.value
    points = of_bilirubin * math.log10(bilirubin) + of_albumin * albumin
    return Score(
        name=say("score.albi"),
        points=points,
        at_most=points,
        group=say("score.grade", grade=1 + sum(points > most for most in grades.value)),
        counted=(),
        missing=(),
        sources=tuple(dict.fromkeys((*weights.sources, *grades.sources, *RULES["laboratory_risk"].parts["ALBI"]))),
        note=say("score.albi_note", confidence=called("confidence", grades.confidence)),
    )


def _by_points(entry: Mapping[str, Any], inputs: Mapping[str, Range]) -> Score:
    answers = [(item, _counts(item, inputs[item["input"]])) for item in entry["items"]]
    points = sum(item["points"] for item, answer in answers if answer)
    at_most = points + sum(item["points"] for item, answer in answers if answer is None)
    settled = [name for name, (low, high) in entry["groups"].items() if low <= points and at_most <= high]
    return Score(
        name=entry["title"],
        points=points,
        at_most=at_most,
        group=settled[0] if settled else None,
        counted=tuple(item["words"] for item, answer in answers if answer),
        missing=tuple(item["words"] for item, answer in answers if answer is None),
        sources=tuple(entry["sources"]),
        note=_note(entry),
    )


def points_of(name: str, case: Case) -> tuple[int, dict[str, int]]:
    """The points that a case surely has, and by input those that it may have beside them."""
    inputs = inputs_of(case)
    answers = [(item, _counts(item, inputs[item["input"]])) for item in knowledge().scores[name]["items"]]
    sure = sum(item["points"] for item, answer in answers if answer)
    return sure, {item["input"]: item["points"] for item, answer in answers if answer is None}


def most_points(name: str) -> int:
    """The points that a score can come to."""
    return sum(item["points"] for item in knowledge().scores[name]["items"])


def _counts(item: Mapping[str, Any], found: Range) -> bool | None:
    """Whether an item counts, or None where its input may lie on either side."""
    low, high = found
    if item.get("equals") is not None:
        return None if low != high else low == float(item["equals"])
    if item.get("above") is not None:
        sure, never = low > item["above"], high <= item["above"]
    elif item.get("at_least") is not None:
        sure, never = low >= item["at_least"], high < item["at_least"]
    else:
        sure, never = high < item["below"], low >= item["below"]
    return True if sure else False if never else None


def _by_value(entry: Mapping[str, Any], inputs: Mapping[str, Range]) -> Score:
    """A score that is a number, in zones."""
    low, high = inputs[entry["value"]]
    zones = [sum(limit <= end for limit in entry["zones"]) + 1 for end in (low, high)]
    missing = tuple(
        words
        for words, name in ((say("score.sizes"), "largest_mm"), (say("score.number"), "number"))
        if inputs[name][0] != inputs[name][1]
    )
    return Score(
        name=entry["title"],
        points=low,
        at_most=None if math.isinf(high) else high,
        group=say("score.zone", zone=zones[0]) if zones[0] == zones[1] else None,
        counted=(),
        missing=missing,
        sources=tuple(entry["sources"]),
        note=_note(entry),
    )


def _note(entry: Mapping[str, Any]) -> str:
    words = [] if entry["confidence"] == "confirmed" else [entry["confidence"]]
    return "; ".join([*words, *([entry["note"]] if entry.get("note") else [])])


def _of_ducts(case: Case) -> bool:
    """Whether a high bilirubin may come of a duct: obstructed or drained, or dilated or invaded by a lesion."""
    told = case.liver.biliary_obstruction
    at_a_lesion = any(one.bile_duct in ("dilated", "invaded") for one in case.lesions)
    return told in OBSTRUCTED or (told is None and at_a_lesion)
