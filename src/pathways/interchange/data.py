"""GraphML and JSON: every state and step with its facts."""

from __future__ import annotations

import json
from typing import Any
from xml.etree import ElementTree as ET

from pathways.facts.figures import sources_of
from pathways.graph.explore import Graph
from pathways.process.facts import State

STATE_KEYS = State._fields
EDGE_KEYS = ("trigger", "kind", "hoped_for", "families", "days")


def graph_document(graph: Graph) -> dict[str, Any]:
    """The graph as plain values: states in order, start first, and edges by position."""
    assessed = graph.facts.assessed
    return {
        "case": assessed.case.id,
        "protocol": assessed.protocol.id,
        "start": 0,
        "states": [state._asdict() for state in graph.states],
        "edges": [
            {
                "from": edge.source,
                "to": edge.target,
                "trigger": edge.declared.name,
                "kind": edge.declared.kind,
                "hoped_for": edge.declared.hoped_for,
                "families": list(graph.families(edge)),
                "days": graph.days(edge),
                "sources": list(sources_of(edge.declared, assessed)),
            }
            for leaving in graph.edges
            for edge in leaving
        ],
    }


def graph_json(graph: Graph) -> str:
    """The graph as JSON text."""
    return json.dumps(graph_document(graph), ensure_ascii=False, indent=1) + "\n"


def graphml(graph: Graph) -> str:
    """The graph as GraphML, readable by networkx, Gephi and yEd; parallel steps keep ids of their own."""
    document = graph_document(graph)
    root = ET.Element("graphml", xmlns="http://graphml.graphdrawing.org/xmlns")
    for key in STATE_KEYS:
        kind = "int" if key == "blocks" else "string"
        ET.SubElement(root, "key", {"id": f"n_{key}", "for": "node", "attr.name": key, "attr.type": kind})
    for key in EDGE_KEYS:
        kind = {"hoped_for": "boolean", "days": "double"}.get(key, "string")
        ET.SubElement(root, "key", {"id": f"e_{key}", "for": "edge", "attr.name": key, "attr.type": kind})
    body = ET.SubElement(root, "graph", {"id": document["case"], "edgedefault": "directed"})
    for index, state in enumerate(document["states"]):
        node = ET.SubElement(body, "node", {"id": f"s{index}"})
        for key in STATE_KEYS:
            _data(node, f"n_{key}", state[key])
    for index, edge in enumerate(document["edges"]):
        ends = {"id": f"e{index}", "source": f"s{edge['from']}", "target": f"s{edge['to']}"}
        element = ET.SubElement(body, "edge", ends)
        for key in EDGE_KEYS:
            value = " ".join(edge[key]) if key == "families" else edge[key]
            _data(element, f"e_{key}", value)
    ET.indent(root, " ")
    return ET.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _data(parent: ET.Element, key: str, value: object) -> None:
    text = str(value).lower() if isinstance(value, bool) else str(value)
    ET.SubElement(parent, "data", key=key).text = text
