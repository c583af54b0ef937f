"""Mermaid and DOT. Mermaid shows phases (a page of a thousand states helps nobody), DOT every state."""

from __future__ import annotations

from collections import Counter

from pathways.graph.explore import Graph
from pathways.process.declaration import PROCESS
from pathways.process.facts import NEUTRAL, State


def mermaid(graph: Graph) -> str:
    """The phases that the graph reaches and the triggers between them, as a Mermaid flowchart."""
    arrows: Counter[tuple[str, str, str]] = Counter()
    for leaving in graph.edges:
        for edge in leaving:
            arrows[graph.states[edge.source].phase, graph.states[edge.target].phase, edge.declared.name] += 1
    phases = [phase for phase in PROCESS.phases if any(state.phase == phase for state in graph.states)]
    lines = [f"%% {_heading(graph)}", "flowchart LR"]
    for phase in phases:
        words = phase.replace("_", " ")
        shape = (
            f'(["{words}"])'
            if phase in PROCESS.ends
            else f'["{words}"]'
            if phase in PROCESS.decision_phases
            else f'{{{{"{words}"}}}}'
        )
        lines.append(f"  {phase}{shape}")
    between: dict[tuple[str, str], list[str]] = {}
    for source, target, name in arrows:
        between.setdefault((source, target), []).append(name.replace("_", " "))
    lines += [f'  {source} -->|"{"<br>".join(names)}"| {target}' for (source, target), names in between.items()]
    return "\n".join(lines) + "\n"


def dot(graph: Graph) -> str:
    """Every state and step, for Graphviz. Dashed: outcomes not hoped for."""
    lines = ["digraph pathways {", f'  label="{_escaped(_heading(graph))}"; rankdir=LR; node [shape=box, fontsize=10];']
    for index, state in enumerate(graph.states):
        shape = ", shape=ellipse" if state.phase in PROCESS.ends else ""
        lines.append(f'  s{index} [label="{_escaped(described(state))}"{shape}];')
    for leaving in graph.edges:
        for edge in leaving:
            trigger = edge.declared
            style = ", style=dashed" if trigger.kind == "outcome" and not trigger.hoped_for else ""
            lines.append(f'  s{edge.source} -> s{edge.target} [label="{trigger.name}"{style}];')
    return "\n".join([*lines, "}"]) + "\n"


def described(state: State) -> str:
    """A state in words: its phase and whatever differs from the neutral value."""
    told = [f"{name} {value}" for name, value in state._asdict().items() if name != "phase" and value != NEUTRAL[name]]
    return "\n".join([state.phase, *told]).replace("_", " ")


def _heading(graph: Graph) -> str:
    assessed = graph.facts.assessed
    return f"{assessed.case.id}, protocol {assessed.protocol.id}: for discussion and teaching, no medical device"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
