"""Pictures of a plan as Vega-Lite specifications: timeline, growth against the limit, tornado, survival.

Every number in a picture is one that the plan prints; the data stand in the specification, nothing is fetched.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from pathways.documents.extras import needs
from pathways.drawing import figures
from pathways.drawing.events import Span, lasting, operates
from pathways.facts.intervals import DAYS_A_WEEK
from pathways.messages.catalogue import called
from pathways.planning.plan import Plan
from pathways.report.words import NOTICE, family_words

Spec = dict[str, Any]
SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"
VEGA_LITE = "5.21"
WIDTH = 640
# Colours that stay apart for most colour-blind readers (Okabe and Ito).
COLOURS: dict[Span, str] = {
    "drugs": "#0072b2", "radiotherapy": "#cc79a7", "growth": "#009e73", "recovery": "#e69f00", "finding_out": "#999999",
    "waiting": "#d9d9d9",
}  # fmt: skip


def timeline(plan: Plan) -> Spec:
    """Steps of the curative pathways over planned weeks."""
    shown = [one for one in plan.pathways if one.curative]
    figures.need(shown, "no pathway of this case ends with the liver cleared")
    rows = [
        {
            "pathway": f"{one.id} {one.title}",
            "start": part.start,
            "end": part.end,
            "step": part.words,
            "kind": called("span", part.kind),
        }
        for one in shown
        for part in lasting(one)
    ]
    operations = [
        {"pathway": f"{one.id} {one.title}", "week": round(step.day / DAYS_A_WEEK, 2), "step": step.title}
        for one in shown
        for step in one.steps
        if operates(step)
    ]
    y = {"field": "pathway", "type": "nominal", "sort": None, "title": None, "axis": {"labelLimit": 600}}
    x = {"type": "quantitative", "title": "weeks from today; a diamond is an operation or an ablation"}
    return {
        **_head(plan, "Timeline of the pathways, as planned"),
        "layer": [
            {"data": {"values": rows}, "mark": {"type": "bar", "tooltip": True},
             "encoding": {
                 "y": y, "x": {**x, "field": "start"}, "x2": {"field": "end"},
                 "color": {"field": "kind", "type": "nominal", "title": None, "legend": {"orient": "bottom"},
                           "scale": {"domain": [called("span", one) for one in COLOURS], "range": list(COLOURS.values())}},
                 "tooltip": [{"field": name} for name in ("step", "start", "end")],
             }},
            {"data": {"values": operations},
             "mark": {"type": "point", "shape": "diamond", "filled": True, "size": 90, "color": "#d55e00", "opacity": 1, "tooltip": True},
             "encoding": {"y": y, "x": {**x, "field": "week"}, "tooltip": [{"field": name} for name in ("step", "week")]}},
        ],
    }  # fmt: skip


def growth(plan: Plan) -> Spec:
    """The remnant that could be made to grow, over weeks after each stimulus, against its limit."""
    found = figures.growth(plan)
    limit = found.limit.share
    curves: list[dict[str, Any]] = []
    points: list[dict[str, Any]] = []
    for stimulus, curve in found.curves.items():
        rows = [{"stimulus": figures.stimulus_words(stimulus), **asdict(one)} for one in curve]
        (curves if len(rows) > 1 else points).extend(rows)
    colour = {"field": "stimulus", "type": "nominal", "title": None, "legend": {"orient": "bottom"}}
    x = {"field": "week", "type": "quantitative", "title": "weeks after the stimulus"}
    y = {
        "type": "quantitative",
        "title": "remnant, share of the functional liver",
        "axis": {"format": ".0%"},
        "scale": {"zero": False},
    }
    return {
        **_head(plan, f"Remnant of {found.resection}: mean growth and one standard deviation"),
        "layer": [
            {"data": {"values": curves}, "mark": {"type": "area", "opacity": 0.2},
             "encoding": {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"}, "color": colour}},
            {"data": {"values": curves}, "mark": {"type": "line"},
             "encoding": {"x": x, "y": {**y, "field": "remnant"}, "color": colour}},
            {"data": {"values": points}, "mark": {"type": "rule", "strokeWidth": 2},
             "encoding": {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"}, "color": colour}},
            {"data": {"values": points}, "mark": {"type": "point", "filled": True, "size": 60},
             "encoding": {"x": x, "y": {**y, "field": "remnant"}, "color": colour}},
            {"data": {"values": [{"limit": limit}]}, "mark": {"type": "rule", "strokeDash": [6, 4]},
             "encoding": {"y": {**y, "field": "limit"}}},
            {"data": {"values": [{"limit": limit, "week": figures.WEEKS_SHOWN, "words": f"limit {found.limit.words(found.today)[1]}"}]},
             "mark": {"type": "text", "align": "right", "dy": -7},
             "encoding": {"x": x, "y": {**y, "field": "limit"}, "text": {"field": "words"}}},
        ],
    }  # fmt: skip


def tornado(plan: Plan) -> Spec:
    """Which figures move the chance of the first pathway most; marked where one turns the order of the first two."""
    first, swings = figures.swings(plan)
    rows = [
        {
            "figure": one.words + (" (turns the order of the first two)" if one.turns else ""),
            "from": one.low, "to": one.high, "range": one.span, "turns": one.turns, "sources": one.sources,
        }
        for one in swings
    ]  # fmt: skip
    chance = first.prospect.cleared.value if first.prospect else 0.0
    x = {
        "type": "quantitative",
        "title": "chance that the liver is cleared",
        "axis": {"format": ".0%"},
        "scale": {"zero": False},
    }
    return {
        **_head(plan, f"{first.title}: each figure alone, over its 95 % interval"),
        "layer": [
            {"data": {"values": rows}, "mark": {"type": "bar", "tooltip": True, "height": 12},
             "encoding": {
                 "y": {"field": "figure", "type": "nominal", "sort": None, "title": None, "axis": {"labelLimit": 420}},
                 "x": {**x, "field": "from"}, "x2": {"field": "to"},
                 "color": {"field": "turns", "type": "nominal", "legend": None,
                           "scale": {"domain": [False, True], "range": ["#0072b2", "#d55e00"]}},
                 "tooltip": [{"field": name} for name in ("figure", "range", "from", "to", "sources")],
             }},
            {"data": {"values": [{"now": round(chance, 4)}]}, "mark": {"type": "rule"}, "encoding": {"x": {**x, "field": "now"}}},
        ],
    }  # fmt: skip


def survival(plan: Plan) -> Spec:
    """Five-year survival of the pathways with its interval, in the order of the plan."""
    rows = [
        {
            "pathway": f"{one.id} {one.title}", "survival": round(found.value, 4), "low": round(found.low, 4),
            "high": round(found.high, 4), "families": ", ".join(family_words(name) for name in one.families),
        }
        for one, found in figures.survivals(plan)
    ]  # fmt: skip
    y = {"field": "pathway", "type": "nominal", "sort": None, "title": None, "axis": {"labelLimit": 600}}
    x = {
        "type": "quantitative",
        "title": "alive after five years",
        "axis": {"format": ".0%"},
        "scale": {"domain": [0, 1]},
    }
    return {
        **_head(plan, "Alive five years from today: not what the pathways are ordered by"),
        "data": {"values": rows},
        "layer": [
            {"mark": {"type": "rule", "strokeWidth": 2}, "encoding": {"y": y, "x": {**x, "field": "low"}, "x2": {"field": "high"}}},
            {"mark": {"type": "point", "filled": True, "size": 70, "tooltip": True},
             "encoding": {"y": y, "x": {**x, "field": "survival"},
                          "tooltip": [{"field": name} for name in ("pathway", "families", "survival", "low", "high")]}},
        ],
    }  # fmt: skip


CHARTS: dict[str, Callable[[Plan], Spec]] = {
    "timeline": timeline,
    "growth": growth,
    "tornado": tornado,
    "survival": survival,
}


def rendered(spec: Spec, form: str) -> bytes:
    """`spec` as `json`, `svg` or `png`. Raises PathwaysError where the extra that draws is not installed."""
    if form == "json":
        return (json.dumps(spec, ensure_ascii=False, indent=1) + "\n").encode()
    try:
        import vl_convert
    except ImportError:
        raise needs(f"a .{form} picture", "pictures", "; a .json file needs nothing") from None
    if form == "svg":
        return str(vl_convert.vegalite_to_svg(spec, vl_version=VEGA_LITE)).encode()
    return bytes(vl_convert.vegalite_to_png(spec, vl_version=VEGA_LITE, scale=2))


def _head(plan: Plan, title: str) -> Spec:
    case, protocol = plan.assessment.case, plan.assessment.protocol
    subtitle = [f"{case.id} under protocol {protocol.id}", NOTICE]
    return {
        "$schema": SCHEMA,
        "title": {"text": title, "subtitle": subtitle, "anchor": "start"},
        "width": WIDTH,
        "background": "white",
    }
