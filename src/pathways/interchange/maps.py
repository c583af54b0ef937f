"""The map of pathways for other tools: Mermaid, DOT, GraphML."""

from __future__ import annotations

from pathways.drawing.map_picture import map_picture
from pathways.graph.folding import Way
from pathways.planning.pathway_map import PathwayMap, irreversible


def mermaid(found: PathwayMap) -> str:
    """The map as a Mermaid flowchart; a thick arrow cannot be taken back."""
    lines = [f"%% {_plain(_heading(found))}", "flowchart LR"]
    for point in range(len(found.folded.ways)):
        words, kind = _entity(_point(found, point)), found.kind(point)
        shape = f'(["{words}"])' if kind == "end" else f'{{"{words}"}}' if kind == "parting" else f'["{words}"]'
        lines.append(f"  n{point}{shape}")
    for way in found.folded.every_way():
        arrow = "==>" if _final(way) else "-->"
        lines.append(f'  n{way.source} {arrow}|"{_entity(_words(found, way))}"| n{way.target}')
    return "\n".join(lines) + "\n"


def dot(found: PathwayMap) -> str:
    """The map for Graphviz; a bold arrow cannot be taken back."""
    lines = [
        "digraph pathways {",
        f'  label="{_escaped(_heading(found))}"; rankdir=LR; node [shape=box, fontsize=10]; edge [fontsize=9];',
    ]
    shapes = {"end": "ellipse", "parting": "diamond", "meeting": "box", "start": "box"}
    lines += [
        f'  n{point} [label="{_escaped(_point(found, point))}", shape={shapes[found.kind(point)]}];'
        for point in range(len(found.folded.ways))
    ]
    for way in found.folded.every_way():
        style = ", style=bold" if _final(way) else ""
        lines.append(f'  n{way.source} -> n{way.target} [label="{_escaped(_words(found, way))}"{style}];')
    return "\n".join([*lines, "}"]) + "\n"


def svg(found: PathwayMap) -> str:
    """The map as a picture."""
    return map_picture(found, name="map", alone=True)


def graphml(found: PathwayMap) -> str:
    """The map as GraphML, written by networkx."""
    return found.graphml()


def _heading(found: PathwayMap) -> str:
    assessment = found.plan.assessment
    return f"{assessment.case.id}, protocol {assessment.protocol.id}: for discussion and teaching, no medical device"


def _point(found: PathwayMap, point: int) -> str:
    return f"{found.point_words(point)}: {found.folded.through[point]}"


def _words(found: PathwayMap, way: Way) -> str:
    return " → ".join(found.step_words(way))


def _final(way: Way) -> bool:
    return any(irreversible(edge.declared) for edge in way.edges)


def _plain(text: str) -> str:
    return " ".join(text.split())


def _entity(text: str) -> str:
    """Text that Mermaid takes as text: its own signs are written as entities."""
    plain = _plain(text).replace("#", "#35;").replace("&", "#38;")
    for sign, code in (('"', "#quot;"), ("<", "#lt;"), (">", "#gt;"), ("`", "#96;")):
        plain = plain.replace(sign, code)
    return plain


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
