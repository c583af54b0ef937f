"""Treatment pathways of liver metastases: every feasible pathway of a case, with the reason for each closed one.

For discussion and teaching; no medical device. Names are imported when first used, so that `import pathways` is quick.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pathways.documents.display import drawn_by
from pathways.version import __version__

# A notebook shows values as the report draws them; the room that draws is imported when one is looked at.
drawn_by("pathways.report.notebook")

if TYPE_CHECKING:
    from pathways.case.loading import load_case, load_course, parse_case
    from pathways.case.models import Case
    from pathways.cohort.runs.results import simulate
    from pathways.documents.problems import DocumentError, PathwaysError
    from pathways.graph.explore import Graph, explore
    from pathways.graph.routes import count_routes, routes
    from pathways.knowledge.protocols import load_protocol
    from pathways.machine.patient import Patient, Refused, patient
    from pathways.planning.assess import assess
    from pathways.planning.evaluate import evaluate
    from pathways.planning.pathway_map import pathway_map
    from pathways.planning.plan import Plan, plan
    from pathways.planning.risks import risk_of
    from pathways.report.front import audit, check, compare, diff, explain, export, picture, report

_HOMES = {
    "Case": "pathways.case.models",
    "DocumentError": "pathways.documents.problems",
    "Graph": "pathways.graph.explore",
    "PathwaysError": "pathways.documents.problems",
    "Patient": "pathways.machine.patient",
    "Plan": "pathways.planning.plan",
    "Refused": "pathways.machine.patient",
    "assess": "pathways.planning.assess",
    "evaluate": "pathways.planning.evaluate",
    "audit": "pathways.report.front",
    "check": "pathways.report.front",
    "compare": "pathways.report.front",
    "diff": "pathways.report.front",
    "explain": "pathways.report.front",
    "export": "pathways.report.front",
    "picture": "pathways.report.front",
    "report": "pathways.report.front",
    "count_routes": "pathways.graph.routes",
    "explore": "pathways.graph.explore",
    "load_case": "pathways.case.loading",
    "load_course": "pathways.case.loading",
    "load_protocol": "pathways.knowledge.protocols",
    "parse_case": "pathways.case.loading",
    "pathway_map": "pathways.planning.pathway_map",
    "patient": "pathways.machine.patient",
    "plan": "pathways.planning.plan",
    "risk_of": "pathways.planning.risks",
    "routes": "pathways.graph.routes",
    "simulate": "pathways.cohort.runs.results",
}

__all__ = [
    "Case", "DocumentError", "Graph", "PathwaysError", "Patient", "Plan", "Refused", "__version__", "assess",
    "audit", "check", "compare", "count_routes", "diff", "evaluate", "explain", "explore", "export", "load_case", "load_course",
    "load_protocol", "parse_case", "pathway_map", "patient", "picture", "plan", "report", "risk_of", "routes", "simulate",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'pathways' has no attribute {name!r}")
    from importlib import import_module

    # The room of this name can be called as the function.
    return import_module("pathways.report") if name == "report" else getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
