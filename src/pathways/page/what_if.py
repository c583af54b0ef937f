"""What if: numbers of the case on sliders with the points at which a pathway turns, two variants side by side, the protocols side by side."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from pathways.case.models import Case
from pathways.documents.reader import Path
from pathways.drawing.svg import Drawn, element, label, picture
from pathways.facts.derive import CaseFacts
from pathways.knowledge.model import Protocol
from pathways.messages.catalogue import say
from pathways.messages.naming import family_words
from pathways.page import lesions
from pathways.page.fields import key_at, number_shown, path_of, typed
from pathways.page.pathways import full_label
from pathways.page.plans import planned
from pathways.page.shared import Told, standing_words, turning, wrong
from pathways.page.sitting import Sitting, standings
from pathways.page.text import changed, read
from pathways.planning.compare import compare
from pathways.planning.diff import spelled
from pathways.planning.openness import families_open
from pathways.quick_dataclass import dataclass
from pathways.report import page
from pathways.report.view import PlanView

# A slider has so many places; between two at which something turns, the point is looked for to this share of a place.
PLACES = 24
HALVINGS = 5
SLIDERS = 8
WIDTH = 620.0


@dataclass(frozen=True, slots=True)
class Range:
    """From where to where a number is moved, and how finely: of a slider, no judgement of what is possible."""

    low: float
    high: float
    step: float
    unit: str


# By key: ranges of the slider alone; a number outside widens it.
RANGES = {
    "fraction": Range(10, 60, 1, "%"), "size_mm": Range(2, 120, 1, "mm"), "count": Range(1, 20, 1, ""), "weight_kg": Range(40, 130, 1, "kg"),
    "height_cm": Range(145, 200, 1, "cm"), "age_years": Range(18, 95, 1, ""), "total_ml": Range(700, 3000, 10, "ml"), "ml": Range(100, 1500, 5, "ml"),
    "bilirubin_umol_per_l": Range(3, 100, 1, "µmol/l"), "inr": Range(0.8, 3, 0.1, ""), "albumin_g_per_l": Range(20, 50, 1, "g/l"),
    "platelets_e9_per_l": Range(20, 400, 10, "10⁹/l"), "icg_r15_percent": Range(0, 50, 1, "%"), "ecog": Range(0, 4, 1, ""), "asa": Range(1, 5, 1, ""),
    "cea_ng_per_ml": Range(1, 400, 1, "ng/ml"), "interval_months": Range(0, 60, 1, ""),
}  # fmt: skip
KEYS: tuple[Path, ...] = (
    ("liver", "total_ml"), ("patient", "weight_kg"), ("liver", "bilirubin_umol_per_l"), ("liver", "inr"), ("liver", "albumin_g_per_l"),
    ("patient", "ecog"), ("patient", "asa"), ("patient", "age_years"),
)  # fmt: skip


def what_if_screen(sitting: Sitting) -> Told:
    """Sliders, variants, protocols."""
    plan = sitting.plan
    what, _, rest = sitting.sent.get("do", "").partition(":")
    if what == "keep":
        sitting.variant, sitting.variant_protocol = sitting.text, sitting.protocol
    if plan is None:
        return {"wrong": wrong(sitting), "found": None}
    asked = path_of(rest) if what == "flips" else None
    sliders = [_slider(sitting, path) for path in _paths(sitting)]
    if asked is not None and _range_of(asked) is not None:
        for one in sliders:
            if one["path"] == asked:
                one["flips"] = _flips(sitting, asked, one)
    judged = compare(plan.assessment.case, [*sitting.opened.protocols.values()]) if what == "protocols" else None
    return {
        "wrong": [], "found": True, "turning": turning(sitting), "sliders": sliders,
        "variants": _variants(sitting), "compared": page.comparison(judged) if judged else None,
    }  # fmt: skip


def _paths(sitting: Sitting) -> list[Path]:
    """Numbers that are told, and those that the plan takes as given: volumetry first, then lesions, then the patient."""
    fields = sitting.fields
    found: list[Path] = [
        ("liver", "measured_remnants", at, "fraction") for at in range(fields.number(("liver", "measured_remnants")))
    ]
    for at, one in enumerate(lesions.entries(sitting.read)):
        found += [("lesions", at, key) for key in ("size_mm", "count") if key == "size_mm" or key in one]
    told = [path for path in KEYS if sitting.read.at(path) is not None]
    return [*found[: SLIDERS - 2], *told, *(path for path in KEYS if path not in told)][:SLIDERS]


def _range_of(path: Path) -> Range | None:
    key = key_at(path)
    return RANGES.get(str(path[-1])) if key is not None and key.kind.what == "number" else None


def _slider(sitting: Sitting, path: Path) -> Told:
    field = sitting.fields.field(path)
    within = RANGES[str(path[-1])]
    value = number_shown(path, sitting.read.at(path))
    low, high = (min(within.low, value), max(within.high, value)) if value is not None else (within.low, within.high)
    return {
        "path": path, "name": field.name, "slide": f"s:{field.name.removeprefix('f:')}", "identity": field.identity.replace("f-", "s-", 1),
        "label": full_label(sitting, field), "value": value, "low": low, "high": high, "step": within.step, "unit": within.unit,
        "middle": round((low + high) / 2), "flips": None, "help": field.help,
    }  # fmt: skip


def _flips(sitting: Sitting, path: Path, slider: Told) -> Told:
    """Where families open or close as the number goes from one end to the other, each point found by halving."""
    case = sitting.read.case
    assert case is not None
    protocol = sitting.judge
    low, high, step = slider["low"], slider["high"], slider["step"]
    grid = sorted({_stepped(low + (high - low) * at / PLACES, step) for at in range(PLACES + 1)})
    answers = [(value, _open_at(sitting, protocol, path, value)) for value in grid]
    points = [
        (round(value, 3), sorted(turned - before), sorted(before - turned))
        for (a, before), (b, after) in pairwise(answers)
        if before is not None and after is not None and before != after
        for value, turned in [_between(sitting, protocol, path, (a, before), (b, after), step)]
    ]
    return {
        "points": [
            {"at": f"{value:g} {slider['unit']}".strip(), "opens": ", ".join(map(family_words, opens)), "closes": ", ".join(map(family_words, closes))}
            for value, opens, closes in points
        ],
        "picture": _scale(slider, [value for value, _, _ in points]),
    }  # fmt: skip


def _open_at(sitting: Sitting, protocol: Protocol, path: Path, value: float) -> frozenset[str] | None:
    case = _with(sitting, path, value)
    return families_open(CaseFacts(case, protocol)) if case is not None else None


def _with(sitting: Sitting, path: Path, value: float) -> Case | None:
    return read(changed(sitting.text, [(path, typed(path, spoken(path, value)))])).case


def spoken(path: Path, value: float) -> str:
    """A number of a slider as it is typed into the field."""
    return f"{value:g} %" if path[-1] == "fraction" else f"{value:g}"


def _between(
    sitting: Sitting,
    protocol: Protocol,
    path: Path,
    left: tuple[float, frozenset[str]],
    right: tuple[float, frozenset[str]],
    step: float,
) -> tuple[float, frozenset[str]]:
    """The first value at which the answer of the left end no longer holds, to the step of the slider."""
    (a, before), (b, after) = left, right
    for _ in range(HALVINGS):
        middle = _stepped((a + b) / 2, step)
        if middle in (a, b) or not a < middle < b:
            break
        now = _open_at(sitting, protocol, path, middle)
        if now == before:
            a = middle
        else:
            b, after = middle, now if now is not None else after
    return b, after


def _stepped(value: float, step: float) -> float:
    """The place of a slider that is nearest to a value."""
    return round(round(value / step) * step, 6)


def _scale(slider: Told, points: list[float]) -> Drawn:
    """The range as a line: the value a disc, the points at which something turns as marks."""
    low, high = slider["low"], slider["high"]

    def at(value: float) -> float:
        return float(14 + (WIDTH - 28) * (value - low) / (high - low))

    inside = [element("line", x1=14, x2=WIDTH - 14, y1=18, y2=18, class_="pw-axis")]
    for number, value in enumerate(points):
        inside.append(element("path", d=f"M{at(value):.1f},8 v20", class_="pw-limit"))
        inside.append(label(f"{value:g}", at(value), 42 + 14 * (number % 2), "pw-small pw-middle"))
    if slider["value"] is not None:
        inside.append(element("circle", cx=at(slider["value"]), cy=18, r=7, class_="pw-ink"))
    words = say("bench.flips_described", label=slider["label"], points=", ".join(f"{one:g}" for one in points) or "-")
    return picture(
        *inside,
        name=f"scale-{'-'.join(map(str, slider['path']))}",
        title=slider["label"],
        description=words,
        width=WIDTH,
        height=60,
        class_="pw-scale",
    )


def _variants(sitting: Sitting) -> Told | None:
    """What was kept, beside what is shown."""
    kept = read(sitting.variant).case if sitting.variant else None
    if kept is None or sitting.view is None:
        return None
    other = standings(
        PlanView(planned(sitting.variant, kept, sitting.opened.protocols[sitting.variant_protocol]), everything=True)
    )
    now = sitting.standing
    rows = [
        {
            "words": family_words(family),
            "kept": standing_words(other[family]),
            "now": standing_words(one),
            "other": other[family] != one,
        }
        for family, one in now.items()
        if family in other and ("does_not_apply" not in (other[family][0], one[0]) or other[family] != one)
    ]
    return {
        "rows": rows,
        "changed": list(_told_otherwise(kept, sitting.read.case)),
        "same": sitting.variant == sitting.text and sitting.variant_protocol == sitting.protocol,
    }


def _told_otherwise(kept: Case, now: Case | None) -> Iterator[str]:
    """Keys that are told otherwise."""
    if now is None:
        return
    old, new = (dict(_leaves(one.model_dump(mode="json", by_alias=True, exclude_unset=True))) for one in (kept, now))
    for path in dict.fromkeys((*old, *new)):
        if old.get(path) != new.get(path):
            yield say("diff.change", key=spelled(path), old=_words(old.get(path)), new=_words(new.get(path)))


def _leaves(told: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    if isinstance(told, dict) and told:
        for key, one in told.items():
            yield from _leaves(one, (*path, key))
    elif isinstance(told, list) and any(isinstance(one, dict) for one in told):
        for at, one in enumerate(told):
            yield from _leaves(one, (*path, at))
    else:
        yield path, told


def _words(value: Any) -> str:
    return say("diff.not_told") if value is None else str(value)
