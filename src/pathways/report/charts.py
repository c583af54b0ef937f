"""Pictures of a plan as Vega-Lite specifications: timeline, growth against the limit, tornado, survival.

Every number in a picture is one that the plan prints; the data stand in the specification, nothing is fetched.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from typing import Any

from pathways.documents.problems import PathwaysError
from pathways.facts import remnant
from pathways.facts.intervals import DAYS_A_WEEK
from pathways.facts.patient_assessment import TODAY
from pathways.planning.annotate import Pathway, PathwayStep
from pathways.planning.plan import Plan
from pathways.planning.uncertainty import one_way
from pathways.report.words import NOTICE, family_words

Spec = dict[str, Any]
SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"
VEGA_LITE = "5.21"
WIDTH = 640
MOST_BARS = 12
WEEKS_SHOWN = 8
# Colours that stay apart for most colour-blind readers (Okabe and Ito).
COLOURS = {
    "systemic treatment": "#0072b2", "growth of the remnant": "#009e73", "recovery": "#e69f00", "finding out": "#999999",
    "waiting": "#d9d9d9",
}  # fmt: skip
STIMULUS_WORDS = {"pve": "portal vein embolisation", "lvd": "liver venous deprivation", "split": "ALPPS split"}


def timeline(plan: Plan) -> Spec:
    """Steps of the curative pathways over planned weeks."""
    rows = [
        {
            "pathway": f"{one.id} {_short(one.title)}",
            "start": round(step.since / DAYS_A_WEEK, 2),
            "end": round(step.day / DAYS_A_WEEK, 2),
            "step": step.title,
            "kind": _kind(step),
        }
        for one in plan.pathways
        if one.curative
        for step in one.steps
        if step.day > step.since
    ]
    _need(rows, "no pathway of this case ends with the liver cleared")
    operations = [
        {"pathway": f"{one.id} {_short(one.title)}", "week": round(step.day / DAYS_A_WEEK, 2), "step": step.title}
        for one in plan.pathways
        if one.curative
        for step in one.steps
        if _operates(step)
    ]
    y = {"field": "pathway", "type": "nominal", "sort": None, "title": None, "axis": {"labelLimit": 320}}
    x = {"type": "quantitative", "title": "weeks from today; a diamond is an operation or an ablation"}
    return {
        **_head(plan, "Timeline of the pathways, as planned"),
        "layer": [
            {"data": {"values": rows}, "mark": {"type": "bar", "tooltip": True},
             "encoding": {
                 "y": y, "x": {**x, "field": "start"}, "x2": {"field": "end"},
                 "color": {"field": "kind", "type": "nominal", "title": None, "legend": {"orient": "bottom"},
                           "scale": {"domain": list(COLOURS), "range": list(COLOURS.values())}},
                 "tooltip": [{"field": name} for name in ("step", "start", "end")],
             }},
            {"data": {"values": operations},
             "mark": {"type": "point", "shape": "diamond", "filled": True, "size": 90, "color": "#d55e00", "opacity": 1, "tooltip": True},
             "encoding": {"y": y, "x": {**x, "field": "week"}, "tooltip": [{"field": name} for name in ("step", "week")]}},
        ],
    }  # fmt: skip


def growth(plan: Plan) -> Spec:
    """The remnant that could be made to grow, over weeks after each stimulus, against its limit."""
    assessed = plan.graph.facts.assessed
    target = assessed.target(TODAY)
    if target is None:
        raise PathwaysError("no resection of this case takes a whole side: there is no remnant to grow")
    constant = assessed.parameters["growth_time_constant_weeks"].number
    binding = remnant.binding_limit(assessed, target, 0)
    limit = binding.share
    curves: list[dict[str, Any]] = []
    points: list[dict[str, Any]] = []
    for stimulus, words in STIMULUS_WORDS.items():
        figure = assessed.parameters[f"growth_{stimulus}"]
        first = assessed.parameters[f"growth_{stimulus}_days"].number / DAYS_A_WEEK
        if stimulus == "split":
            # No time course of growth after a split was found: one point, at the usual day of volumetry.
            week = first
            points.append(
                {"week": round(week, 2), "stimulus": words, **_grown(target.remnant.value, figure.number, figure.sd)}
            )
            continue
        for half in range(2 * WEEKS_SHOWN + 1):
            week = half / 2
            share = (1 - math.exp(-week / constant)) / (1 - math.exp(-first / constant))
            grown = _grown(target.remnant.value, figure.number * share, figure.sd * share)
            curves.append({"week": week, "stimulus": words, **grown})
    colour = {"field": "stimulus", "type": "nominal", "title": None, "legend": {"orient": "bottom"}}
    x = {"field": "week", "type": "quantitative", "title": "weeks after the stimulus"}
    y = {
        "type": "quantitative",
        "title": "remnant, share of the functional liver",
        "axis": {"format": ".0%"},
        "scale": {"zero": False},
    }
    return {
        **_head(plan, f"Remnant of {target.name}: mean growth and one standard deviation"),
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
            {"data": {"values": [{"limit": limit, "week": WEEKS_SHOWN, "words": f"limit {binding.words(target.remnant.value)[1]}"}]},
             "mark": {"type": "text", "align": "right", "dy": -7},
             "encoding": {"x": x, "y": {**y, "field": "limit"}, "text": {"field": "words"}}},
        ],
    }  # fmt: skip


def tornado(plan: Plan) -> Spec:
    """Which figures move the chance of the first pathway most; marked where one turns the order of the first two."""
    ranked = [one for one in plan.pathways if one.curative and not one.watched]
    _need(ranked, "no pathway of this case ends with the liver cleared")
    rival = ranked[1].walk if len(ranked) > 1 else None
    swings = one_way(plan.evaluation, ranked[0].walk, rival)[:MOST_BARS]
    parameters = plan.graph.facts.assessed.parameters
    rows = [
        {
            "figure": parameters[one.parameter].description + (" (turns the order of the first two)" if one.flips else ""),
            "from": round(min(one.at_low, one.at_high), 4), "to": round(max(one.at_low, one.at_high), 4),
            "range": f"{one.low:.3g} to {one.high:.3g} {parameters[one.parameter].unit}", "turns": one.flips,
            "sources": ", ".join(parameters[one.parameter].sources),
        }
        for one in swings
    ]  # fmt: skip
    _need(rows, "no figure moves the chance of the first pathway")
    chance = ranked[0].prospect.cleared.value if ranked[0].prospect else 0.0
    x = {
        "type": "quantitative",
        "title": "chance that the liver is cleared",
        "axis": {"format": ".0%"},
        "scale": {"zero": False},
    }
    return {
        **_head(plan, f"{_short(ranked[0].title)}: each figure alone, over its 95 % interval"),
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
    """Five-year survival of the pathways with its interval, in the order of the plan: cohorts differ, nothing is ranked."""
    rows = [
        {
            "pathway": f"{one.id} {_short(one.title)}", "survival": round(found.value, 4), "low": round(found.low, 4),
            "high": round(found.high, 4), "families": ", ".join(family_words(name) for name in one.families),
        }
        for one in plan.pathways
        if one.prospect is not None and (found := one.prospect.survival) is not None
    ]  # fmt: skip
    _need(rows, "no figure for five-year survival is known for this disease")
    y = {"field": "pathway", "type": "nominal", "sort": None, "title": None, "axis": {"labelLimit": 320}}
    x = {
        "type": "quantitative",
        "title": "alive after five years",
        "axis": {"format": ".0%"},
        "scale": {"domain": [0, 1]},
    }
    return {
        **_head(plan, "Five-year survival: figures of different cohorts, not to be ranked"),
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
        message = f"{form} needs the extra `pictures`: pip install 'pathways[pictures]'; a .json file needs nothing"
        raise PathwaysError(message) from None
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


def _grown(today: float, mean: float, spread: float) -> dict[str, float]:
    return {
        "remnant": round(today * (1 + mean), 4),
        "low": round(today * (1 + max(0.0, mean - spread)), 4),
        "high": round(min(1.0, today * (1 + mean + spread)), 4),
    }


def _operates(step: PathwayStep) -> bool:
    """Whether something is done to the patient on the last day of the step."""
    return step.operation or "ablation" in step.acts


def _kind(step: PathwayStep) -> str:
    """What a step is, for its colour. The days before an operation are waiting for it."""
    if _operates(step):
        return "waiting"
    if step.acts & {"systemic", "washout"} or step.before == "washout":
        return "systemic treatment"
    if (
        step.before == "hypertrophy"
        or step.after in ("hypertrophy", "alpps_interval")
        or step.before == "alpps_interval"
    ):
        return "growth of the remnant"
    if step.before in ("recovering", "emergency_recovery"):
        return "recovery"
    if step.before in ("referred", "characterisation", "volumetry", "restaging") or step.after == "volumetry":
        return "finding out"
    return "waiting"


def _short(title: str, most: int = 60) -> str:
    return title if len(title) <= most else title[: most - 1] + "…"


def _need(rows: list[Any] | list[Pathway], message: str) -> None:
    if not rows:
        raise PathwaysError(message)
