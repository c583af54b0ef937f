"""Charts of a plan as pictures: growth against the limit that binds, figures and unknowns that move the chance, survival."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from pathways.drawing import figures
from pathways.drawing.charting import MARGIN, WIDTH, chart, heading, line, percent_axis, title_of
from pathways.drawing.figures import Swing, need
from pathways.drawing.liver import liver, state_of
from pathways.drawing.lives import drawn_curves, drawn_life
from pathways.drawing.map_picture import map_picture
from pathways.drawing.svg import Drawn, element, folded, label
from pathways.drawing.timeline import timeline
from pathways.messages.catalogue import say
from pathways.planning.pathway_map import map_of
from pathways.planning.plan import Plan

DASHES = {"pve": None, "lvd": "9 4", "split": "2 3"}


def drawn_timeline(plan: Plan) -> Drawn:
    """Steps of the curative pathways over planned weeks."""
    shown = [one for one in plan.pathways if one.curative]
    need(shown, "no pathway of this case ends with the liver cleared")
    return timeline(shown, name="timeline", title=title_of(plan, say("chart.timeline")), alone=True)


def drawn_liver(plan: Plan) -> Drawn:
    """The liver today with the first way to clear it."""
    first = plan.assessment.resections[0].resection if plan.assessment.resections else None
    words = title_of(plan, first.name if first else say("today.no_resection"))
    return liver(state_of(plan.graph.facts.assessed, first), name="liver", title=words, alone=True)


def drawn_map(plan: Plan) -> Drawn:
    """The map of pathways."""
    return map_picture(map_of(plan), name="map", alone=True)


def drawn_growth(plan: Plan) -> Drawn:
    """The remnant over weeks after each stimulus, against the limit that binds."""
    found = figures.growth(plan)
    points = [point for curve in found.curves.values() for point in curve]
    low = min(found.today, found.limit.share, *(one.low for one in points)) * 0.95
    high = max(found.limit.share, *(one.high for one in points)) * 1.03
    x, y, wide, tall = 70.0, 64.0, WIDTH - 250, 340.0

    def at(week: float) -> float:
        return x + wide * week / figures.WEEKS_SHOWN

    def up(share: float) -> float:
        return y + tall * (high - share) / (high - low)

    title = title_of(plan, say("chart.growth", resection=found.resection))
    inside = [*heading(title), label(say("chart.remnant"), MARGIN, y - 10, "pw-small pw-dim")]
    for percent in range(0, 101, 5):
        if low <= percent / 100 <= high:
            inside += [
                element("line", x1=x, x2=x + wide, y1=up(percent / 100), y2=up(percent / 100), class_="pw-grid"),
                label(f"{percent} %", x - 8, up(percent / 100) + 4, "pw-small pw-dim pw-end"),
            ]
    for week in range(figures.WEEKS_SHOWN + 1):
        inside.append(label(str(week), at(week), y + tall + 18, "pw-small pw-dim pw-middle"))
    inside.append(label(say("chart.weeks_after"), x, y + tall + 38, "pw-small pw-dim"))
    names: list[tuple[float, str]] = []
    lines: list[Drawn] = []
    for stimulus, curve in found.curves.items():
        words, last = figures.stimulus_words(stimulus), curve[-1]
        if len(curve) == 1:
            lines += [
                element(
                    "line", x1=at(last.week), x2=at(last.week), y1=up(last.low), y2=up(last.high), class_="pw-stroke"
                ),
                element("circle", cx=at(last.week), cy=up(last.remnant), r=5, class_="pw-ink"),
                label(words, at(last.week) + 8, up(last.high) + 12, "pw-small pw-halo"),
            ]
            continue
        area = [*((one.week, one.low) for one in curve), *((one.week, one.high) for one in reversed(curve))]
        spread = line((at(week), up(share)) for week, share in area)
        inside.append(element("path", d=f"{spread} Z", class_="pw-ribbon", opacity=0.25))
        mean = line((at(one.week), up(one.remnant)) for one in curve)
        lines.append(element("path", d=mean, class_="pw-stroke", stroke_dasharray=DASHES[stimulus]))
        names.append((up(last.remnant), words))
    inside += lines
    for place, words in _apart(names, 16):
        inside.append(label(words, x + wide + 8, place + 4, "pw-small"))
    limit = up(found.limit.share)
    _, told = found.limit.words(found.today)
    inside += [
        element("line", x1=x, x2=x + wide, y1=limit, y2=limit, class_="pw-limit", stroke_dasharray="8 4"),
        label(say("chart.limit", limit=told), x + wide - 4, limit - 6, "pw-small pw-stop pw-end pw-halo"),
        label(say("chart.today", share=found.today), x + 4, up(found.today) + 16, "pw-small pw-halo"),
    ]
    words = say("picture.remnant", resection=found.resection, remnant=f"{found.today:.0%}", limit=told)
    return chart(inside, "growth", title, words, y + tall + 50)


def drawn_tornado(plan: Plan) -> Drawn:
    """Which figures move the chance of the first pathway most."""
    first, swings = figures.swings(plan)
    chance = first.prospect.cleared.value if first.prospect else 0.0
    title = title_of(plan, say("chart.tornado", title=first.title))
    return _bars("tornado", title, chance, swings, say("chart.turns_order"))


def drawn_unknowns(plan: Plan) -> Drawn:
    """What hangs on what is missing of this patient."""
    now, swings = figures.unknowns(plan)
    return _bars("unknowns", title_of(plan, say("chart.unknowns")), now, swings, say("chart.closes_something"))


def drawn_survival(plan: Plan) -> Drawn:
    """Five-year survival of the pathways with its interval."""
    title = title_of(plan, say("chart.survival"))
    inside, y = heading(title), 64.0
    x, wide = WIDTH / 2, WIDTH / 2 - 90
    rows = figures.survivals(plan)
    inside += percent_axis(x, wide, y - 8, 0.0, 1.0, 34 * len(rows) + 8)
    for one, found in rows:
        for at, words in enumerate(folded(f"{one.id}  {one.title}", WIDTH / 2 - 40, 13, 2)):
            inside.append(label(words, MARGIN, y + 8 + 15 * at))
        inside += [
            element(
                "line", x1=x + wide * found.low, x2=x + wide * found.high, y1=y + 10, y2=y + 10, class_="pw-stroke"
            ),
            element("circle", cx=x + wide * found.value, cy=y + 10, r=5, class_="pw-ink"),
            label(f"{found.value:.0%}", x + wide + 12, y + 14),
        ]
        y += 34
    words = "; ".join(
        say("picture.interval", what=one.id, value=found.value, low=found.low, high=found.high) for one, found in rows
    )
    return chart(inside, "survival", title, words, y + 20)


DRAWN: dict[str, Callable[[Plan], Drawn]] = {
    "timeline": drawn_timeline, "growth": drawn_growth, "tornado": drawn_tornado, "survival": drawn_survival,
    "unknowns": drawn_unknowns, "curves": drawn_curves, "life": drawn_life, "liver": drawn_liver, "map": drawn_map,
}  # fmt: skip


def _bars(name: str, title: str, now: float, swings: Sequence[Swing], mark: str) -> Drawn:
    """One bar a row between two chances, with the chance of now as a line through all."""
    inside, y = heading(title), 78.0
    x, wide = WIDTH * 0.56, WIDTH * 0.44 - 40
    low = max(0.0, min(now, *(one.low for one in swings)) - 0.02)
    high = min(1.0, max(now, *(one.high for one in swings)) + 0.02)

    def at(chance: float) -> float:
        return x + wide * (chance - low) / (high - low or 1.0)

    rows = []
    for one in swings:
        lines = folded(f"{one.words} *" if one.turns else one.words, x - MARGIN - 24, 13)
        rows += [label(words, MARGIN, y + 4 + 15 * line) for line, words in enumerate(lines)]
        rows.append(
            element(
                "rect", x=at(one.low), y=y - 8, width=max(at(one.high) - at(one.low), 1.5), height=14, class_="pw-bar"
            )
        )
        # Beside the bar where there is room, else in it.
        beside = at(one.high) < x + wide - 70
        place, end = (at(one.high) + 6, "") if beside else (at(one.high) - 6, "pw-end")
        rows.append(label(f"{one.low:.0%} - {one.high:.0%}", place, y + 4, f"pw-small pw-halo {end}".strip()))
        y += max(15 * len(lines), 16) + 10
    inside += percent_axis(x, wide, 60, low, high, y - 66)
    inside.append(element("line", x1=at(now), x2=at(now), y1=62, y2=y - 8, class_="pw-mark"))
    inside += rows
    inside.append(label(say("chart.now", now=now, mark=mark), MARGIN, y + 12, "pw-small pw-dim"))
    words = "; ".join(f"{one.words}: {one.low:.0%} - {one.high:.0%}" for one in swings)
    return chart(inside, name, title, words, y + 26)


def _apart(named: Iterable[tuple[float, str]], least: float) -> list[tuple[float, str]]:
    """Words beside one another moved down until they can be read."""
    found: list[tuple[float, str]] = []
    for place, words in sorted(named):
        found.append((max(place, found[-1][0] + least) if found else place, words))
    return found
