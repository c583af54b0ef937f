"""How long this patient lives, as pictures of a plan: survival by year on each pathway, and what is not known that would move it."""

from __future__ import annotations

from collections.abc import Sequence

from pathways.drawing import figures
from pathways.drawing.charting import MARGIN, WIDTH, chart, heading, line, percent_axis, title_of
from pathways.drawing.svg import Drawn, element, folded, label
from pathways.messages.catalogue import say
from pathways.planning.annotate import Pathway
from pathways.planning.outlook import Hanging
from pathways.planning.plan import Plan
from pathways.planning.uncertainty import Estimated

PANELS = 3
GAP = 24.0
AXIS = 46.0
TALL = 130.0
FIVE, TEN = 5, 10
Years = Sequence[Estimated]


def drawn_curves(plan: Plan) -> Drawn:
    """Survival over ten years on every pathway of the plan, each on axes of its own, with the first dotted beside it."""
    rows = figures.curves(plan)
    title = title_of(plan, say("chart.curves"))
    inside, top = heading(title), 56.0
    wide = (WIDTH - 2 * MARGIN - (PANELS - 1) * GAP) / PANELS
    for first in range(0, len(rows), PANELS):
        row = rows[first : first + PANELS]
        named = [folded(f"{one.id} {one.title}", wide, 13, 4) for one, _ in row]
        below = top + 15 * max(map(len, named)) + 8
        for place, ((_, years), names) in enumerate(zip(row, named, strict=True)):
            x = MARGIN + place * (wide + GAP)
            inside += [label(words, x, top + 15 * at) for at, words in enumerate(names)]
            inside += _panel(years, x + AXIS, below, wide - AXIS, rows[0][1] if first + place else None)
        top = below + TALL + 84
    told = say("chart.first", first=rows[0][0].id, sources=", ".join(plan.survival_sources))
    lines = folded(told, WIDTH - 2 * MARGIN, 13, 5)
    inside += [label(words, MARGIN, top - 4 + 16 * place, "pw-small pw-dim") for place, words in enumerate(lines)]
    words = " ".join(_told(one, years) for one, years in rows)
    return chart(inside, "curves", title, words, top - 6 + 16 * len(lines))


def _panel(years: Years, x: float, y: float, wide: float, first: Years | None) -> list[Drawn]:
    """One curve with its band."""

    def at(year: int, share: float) -> tuple[float, float]:
        return x + wide * year / len(years), y + TALL * (1 - share)

    def points(shares: Sequence[float]) -> list[tuple[float, float]]:
        return [at(0, 1.0), *(at(year, share) for year, share in enumerate(shares, start=1))]

    found = []
    for percent in range(0, 101, 25):
        _, place = at(0, percent / 100)
        found += [
            element("line", x1=x, x2=x + wide, y1=place, y2=place, class_="pw-grid"),
            label(f"{percent} %", x - 6, place + 4, "pw-small pw-dim pw-end"),
        ]
    for year in range(0, len(years) + 1, 2):
        found.append(label(str(year), at(year, 0)[0], y + TALL + 16, "pw-small pw-dim pw-middle"))
    band = [*points([one.high for one in years]), *reversed(points([one.low for one in years]))]
    found.append(element("path", d=f"{line(band)} Z", class_="pw-ribbon"))
    if first is not None:
        found.append(
            element("path", d=line(points([one.value for one in first])), class_="pw-stroke", stroke_dasharray="2 4")
        )
    found.append(element("path", d=line(points([one.value for one in years])), class_="pw-stroke"))
    for place, year in enumerate((FIVE, TEN)):
        one = years[year - 1]
        told = say("chart.at_year", year=year, value=one.value, low=one.low, high=one.high)
        found.append(label(told, x - AXIS, y + TALL + 36 + 16 * place, "pw-small"))
    return found


def _told(pathway: Pathway, years: Years) -> str:
    told = ", ".join(
        say("picture.year", year=year, value=one.value, low=one.low, high=one.high)
        for year, one in enumerate(years, start=1)
    )
    return say("picture.curve", pathway=pathway.id, title=pathway.title, years=told)


def drawn_life(plan: Plan) -> Drawn:
    """A tornado over what is not known of this patient: five-year survival after clearance at both ends of each factor."""
    now, rows = figures.life(plan)
    title = title_of(plan, say("chart.life"))
    inside, top = heading(title), 84.0
    x, wide = 330.0, WIDTH - 330 - 40
    ends = [end for one in rows for end in (one.best, one.worst)]
    low = max(0.0, min(one.low for one in ends) - 0.02)
    high = min(1.0, max(one.high for one in ends) + 0.02)

    def at(share: float) -> float:
        return x + wide * (share - low) / (high - low or 1.0)

    bars, y = [], top
    for one in rows:
        bars.append(label(one.factor.words, MARGIN, y + 1, "pw-strong"))
        for place, words in enumerate((_end(one.worst_level, one.worst), _end(one.best_level, one.best))):
            bars.append(label(words, MARGIN, y + 18 + 16 * place, "pw-small"))
        bars += _bar(one, at, y + 8)
        y += 58
    inside += percent_axis(x, wide, top - 22, low, high, y - top + 4)
    inside.append(element("line", x1=at(now.value), x2=at(now.value), y1=top - 18, y2=y - 18, class_="pw-mark"))
    inside += bars
    sources = ", ".join(dict.fromkeys(source for one in rows for source in one.sources))
    told = say("chart.life_now", value=now.value, low=now.low, high=now.high, sources=sources)
    lines = folded(told, WIDTH - 2 * MARGIN, 13, 4)
    inside += [label(words, MARGIN, y + 4 + 16 * place, "pw-small pw-dim") for place, words in enumerate(lines)]
    return chart(inside, "life", title, "; ".join(map(_said, rows)), y + 6 + 16 * len(lines))


def _bar(one: Hanging, at: figures.Place, y: float) -> list[Drawn]:
    """The bar between the two ends, and the interval of each end as a thin line: the worse above, the better below."""
    found = [
        element(
            "rect", x=at(one.worst.value), y=y, width=max(at(one.best.value) - at(one.worst.value), 1.5), height=14, class_="pw-bar"
        )
    ]  # fmt: skip
    for end, place in ((one.worst, y - 6), (one.best, y + 20)):
        found += [
            element("line", x1=at(end.low), x2=at(end.high), y1=place, y2=place, class_="pw-axis"),
            element("circle", cx=at(end.value), cy=place, r=3.5, class_="pw-ink"),
        ]
    return found


def _end(level: str, end: Estimated) -> str:
    return say("chart.life_end", level=level, value=end.value, low=end.low, high=end.high)


def _said(one: Hanging) -> str:
    return say(
        "picture.swing", factor=one.factor.words, worst=one.worst_level, at_worst=one.worst.value, worst_low=one.worst.low,
        worst_high=one.worst.high, best=one.best_level, at_best=one.best.value, best_low=one.best.low, best_high=one.best.high,
    )  # fmt: skip
