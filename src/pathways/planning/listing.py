"""Routes as lines of JSON, streamed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice
from typing import Any

from pathways.graph.explore import Edge, Graph
from pathways.graph.routes import routes


def route_lines(graph: Graph, limit: int) -> Iterator[str]:
    """At most `limit` routes, each as one JSON object: steps with day, the end, and the families it touches."""
    for number, route in enumerate(islice(routes(graph), limit), start=1):
        yield json.dumps(_route(graph, number, route), ensure_ascii=False)


def _route(graph: Graph, number: int, route: tuple[Edge, ...]) -> dict[str, Any]:
    day = 0.0
    steps = []
    for edge in route:
        day += graph.days(edge)
        trigger = edge.declared
        steps.append({
            "trigger": trigger.name,
            "kind": trigger.kind,
            "from": graph.states[edge.source].phase,
            "to": graph.states[edge.target].phase,
            "day": round(day),
        })  # fmt: skip
    families = sorted({family for edge in route for family in graph.families(edge)})
    return {"route": number, "end": graph.states[route[-1].target].phase, "families": families, "steps": steps}
