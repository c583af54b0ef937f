"""Pictures of a simulated cohort: survival, and survival without recurrence, with their intervals."""

from __future__ import annotations

from typing import Any

from pathways.cohort.draws.background_mortality import DAYS_A_YEAR
from pathways.cohort.runs.results import Result, listed
from pathways.report.charts import SCHEMA, WIDTH, Spec
from pathways.report.words import NOTICE

COLOURS = {"alive, since the meeting": "#0072b2", "free of recurrence, since clearance": "#d55e00"}
HEIGHT = 320


def curves(result: Result) -> Spec:
    """The two curves as a Vega-Lite specification."""
    made = result.simulation
    pairs = zip(COLOURS, (result.survival, result.free_of_recurrence), strict=True)
    rows: list[dict[str, Any]] = [
        {
            "what": name,
            "years": round(one["day"] / DAYS_A_YEAR, 2),
            **{key: one[key] for key in ("value", "low", "high")},
        }
        for name, curve in pairs
        for one in listed(curve)
    ]
    scale = {"domain": list(COLOURS), "range": list(COLOURS.values())}
    colour = {"field": "what", "type": "nominal", "scale": scale, "legend": {"title": None, "orient": "top"}}
    x = {"field": "years", "type": "quantitative", "title": "years"}
    y = {
        "field": "value",
        "type": "quantitative",
        "title": "share",
        "axis": {"format": "%"},
        "scale": {"domain": [0, 1]},
    }
    who = f"{result.outcome_counts.patients:,} patients, {made.who}"
    return {
        "$schema": SCHEMA,
        "title": {
            "text": f"Survival of {who}",
            "subtitle": [f"strategy {made.strategy}, protocol {made.protocol.id}, seed {made.seed}; simulated", NOTICE],
            "anchor": "start",
        },
        "background": "white",
        "width": WIDTH,
        "height": HEIGHT,
        "data": {"values": rows},
        "layer": [
            {
                "mark": {"type": "area", "opacity": 0.2},
                "encoding": {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"}, "color": colour},
            },
            {"mark": {"type": "line", "interpolate": "monotone"}, "encoding": {"x": x, "y": y, "color": colour}},
        ],
    }
