"""A simulated cohort as pictures, from the document of `simulate --json`: survival with the numbers at risk, and where patients spend their days.

Several documents stand in one picture beside one another: strategies of the same patients, or cohorts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pathways.drawing.charting import MARGIN, WIDTH, chart, heading, line
from pathways.drawing.svg import Drawn, element, folded, label
from pathways.messages.catalogue import called, say

DAYS_A_YEAR = 365.25
YEARS = 10
MONTH = DAYS_A_YEAR / 12
Document = Mapping[str, Any]
# By strategy, in one colour too.
DASHES = (None, "9 4", "2 4", "12 3 2 3")
MOST = len(DASHES)
# Where days are spent, in the order of a life, each with a ground and a pattern of its own.
SPENT = {
    "until_clearance": "pw-drug", "free_of_recurrence": "pw-grow", "after_recurrence": "pw-ray", "never_cleared": "pw-rest",
}  # fmt: skip
HATCHED = {"until_clearance": 12.0, "after_recurrence": 6.0}


def drawn_lives(documents: Sequence[Document]) -> Drawn:
    """Survival since the meeting with its interval over ten years, and under the axis how many are at risk."""
    x, y, wide, tall = 190.0, 64.0, WIDTH - 190 - 40, 320.0

    def at(day: float, share: float) -> tuple[float, float]:
        return x + wide * day / (YEARS * DAYS_A_YEAR), y + tall * (1 - share)

    title = _title(documents, say("chart.lives"))
    inside = [*heading(title), *_axes(at, x, wide, y + tall)]
    for one in documents:
        high, low = ([at(row["day"], row[key]) for row in one["survival"]] for key in ("high", "low"))
        inside.append(element("path", d=f"{line([*high, *reversed(low)])} Z", class_="pw-ribbon", opacity=0.6))
    below = y + tall + 44
    inside.append(label(say("chart.at_risk"), MARGIN, below, "pw-small pw-dim"))
    for place, one in enumerate(documents):
        path = line([at(row["day"], row["value"]) for row in one["survival"]])
        inside.append(element("path", d=path, class_="pw-stroke", stroke_dasharray=DASHES[place]))
        below += 20
        inside += _at_risk(one, at, below, DASHES[place])
    inside += _notes(documents, below + 26)
    return chart(inside, "lives", title, " ".join(map(_survival_told, documents)), below + 26 + 18 * len(documents))


def _axes(at: Callable[[float, float], tuple[float, float]], x: float, wide: float, bottom: float) -> list[Drawn]:
    found = []
    for percent in range(0, 101, 20):
        _, place = at(0, percent / 100)
        found += [
            element("line", x1=x, x2=x + wide, y1=place, y2=place, class_="pw-grid"),
            label(f"{percent} %", x - 8, place + 4, "pw-small pw-dim pw-end"),
        ]
    for year in range(YEARS + 1):
        found.append(label(str(year), at(year * DAYS_A_YEAR, 0)[0], bottom + 18, "pw-small pw-dim pw-middle"))
    found.append(label(say("chart.years_since"), x - 8, bottom + 18, "pw-small pw-dim pw-end"))
    return found


def _at_risk(
    one: Document, at: Callable[[float, float], tuple[float, float]], y: float, dash: str | None
) -> list[Drawn]:
    """The line of one document: its strategy, and at each whole year how many are at risk."""
    found = [
        element("line", x1=MARGIN, x2=MARGIN + 34, y1=y - 4, y2=y - 4, class_="pw-stroke", stroke_dasharray=dash),
        label(_short(one), MARGIN + 42, y, "pw-small"),
    ]
    for row in one["at_risk"]:
        if _whole_year(row["day"]):
            place, _ = at(row["day"], 0)
            found.append(label(f"{row['patients']:,}", place, y, "pw-small pw-middle pw-halo"))
    return found


def drawn_phases(documents: Sequence[Document]) -> Drawn:
    """Mean time in each part of a life within ten years, a bar a document."""
    x, y, wide = 230.0, 96.0, WIDTH - 230 - 120
    title = _title(documents, say("chart.phases"))
    most = max(sum(one["time_in_phase"].values()) for one in documents) / MONTH
    inside = [*heading(title), *_key(64.0)]
    for one in documents:
        inside += [
            label(words, MARGIN, y + 14 + 15 * at) for at, words in enumerate(folded(_short(one), x - 40, 13, 2))
        ]
        inside += _stacked(one, x, y, wide / most)
        lines = folded(_parts(one), WIDTH - 2 * MARGIN, 13, 2)
        inside += [label(words, MARGIN, y + 46 + 15 * at, "pw-small") for at, words in enumerate(lines)]
        y += 60 + 15 * len(lines)
    inside += _notes(documents, y + 4)
    words = " ".join(f"{_who(one)} {_parts(one)}." for one in documents)
    return chart(inside, "phases", title, words, y + 4 + 18 * len(documents))


def _stacked(one: Document, x: float, y: float, scale: float) -> list[Drawn]:
    """One bar, and all months at its end."""
    found, place = [], x
    for name, class_ in SPENT.items():
        long = one["time_in_phase"][name] / MONTH * scale
        found.append(element("rect", x=place, y=y, width=max(long, 0.5), height=28, class_=class_))
        found += _hatch(name, place, y, long)
        place += long
    total = sum(one["time_in_phase"].values()) / MONTH
    found.append(label(say("chart.months", months=total), place + 8, y + 19))
    return found


def _parts(one: Document) -> str:
    """The months of each part with their interval."""
    told = []
    for name in SPENT:
        low, high = (end / MONTH for end in one["time_in_phase_intervals"][name])
        told.append(
            say(
                "picture.spent",
                what=called("spent", name),
                months=one["time_in_phase"][name] / MONTH,
                low=low,
                high=high,
            )
        )
    return ", ".join(told)


def _hatch(name: str, x: float, y: float, long: float) -> list[Drawn]:
    """Strokes across a part, so that it is told without colour."""
    step = HATCHED.get(name)
    if step is None:
        return []
    across = [x + step * at for at in range(1, int(long / step) + 1)]
    path = " ".join(f"M{one:.1f},{y:.1f} V{y + 28:.1f}" for one in across)
    return [element("path", d=path, class_="pw-axis")] if path else []


def _key(y: float) -> list[Drawn]:
    found, x = [], MARGIN
    for name, class_ in SPENT.items():
        words = called("spent", name)
        found.append(element("rect", x=x, y=y - 11, width=26, height=14, class_=class_))
        step = HATCHED.get(name)
        if step is not None:
            path = " ".join(f"M{x + step * at:.1f},{y - 11:.1f} v14" for at in range(1, int(26 / step) + 1))
            found.append(element("path", d=path, class_="pw-axis"))
        found.append(label(words, x + 32, y, "pw-small"))
        x += 62 + 7.2 * len(words)
    return found


def _whole_year(day: int) -> bool:
    return abs(day / DAYS_A_YEAR - round(day / DAYS_A_YEAR)) < 0.01  # noqa: PLR2004 - listed days are whole


def _title(documents: Sequence[Document], words: str) -> str:
    return say("chart.cohort", cohort=", ".join(dict.fromkeys(one["cohort"] for one in documents)), what=words)


def _short(one: Document) -> str:
    return str(one["strategy"])


def _notes(documents: Sequence[Document], y: float) -> list[Drawn]:
    """Who was simulated: a line a document."""
    return [label(_who(one), MARGIN, y + 18 * place, "pw-small pw-dim") for place, one in enumerate(documents)]


def _who(one: Document) -> str:
    return say(
        "chart.simulated", cohort=one["cohort"], patients=one["patients"], strategy=one["strategy"], protocol=one["protocol"], seed=one["seed"]
    )  # fmt: skip


def _survival_told(one: Document) -> str:
    risk = {row["day"]: row["patients"] for row in one["at_risk"]}
    rows = "; ".join(
        say(
            "picture.alive", year=round(row["day"] / DAYS_A_YEAR), value=row["value"], low=row["low"], high=row["high"], risk=risk.get(row["day"], 0)
        )
        for row in one["survival"]
        if _whole_year(row["day"])
    )  # fmt: skip
    return f"{_who(one)} {rows}."


DRAWN: dict[str, Callable[[Sequence[Document]], Drawn]] = {"lives": drawn_lives, "phases": drawn_phases}
