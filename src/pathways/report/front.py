"""The functions of the package that take a case as it is and do what the commands of the same names do."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pathways.case.course import Course
from pathways.case.models import Case
from pathways.conformance.audit import Audit
from pathways.conformance.proof import Proved
from pathways.documents.problems import PathwaysError, nearest
from pathways.drawing.svg import Drawn
from pathways.graph.explore import Graph, explore
from pathways.knowledge.model import Protocol
from pathways.knowledge.protocols import as_protocol, knowledge
from pathways.planning.compare import Comparison
from pathways.planning.diff import Difference
from pathways.planning.explain import Explanation
from pathways.planning.plan import Plan, plan

Judge = Protocol | str | Path


class Picture(Drawn):
    """A picture as SVG text, which a notebook shows."""

    __slots__ = ()

    def _repr_svg_(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        return str(self)


def explain(case: Case | Graph, family: str, protocol: Judge = "default") -> Explanation:
    """Why `family` is open, contingent or closed, and the smallest changes that turn it round."""
    from pathways.planning.explain import explain as make
    from pathways.planning.plan import ALL_FAMILIES

    if family not in ALL_FAMILIES:
        raise PathwaysError(f'got "{family}"; accepted: {", ".join(ALL_FAMILIES)}{nearest(family, ALL_FAMILIES)}')
    return make(case if isinstance(case, Graph) else explore(case, as_protocol(protocol)), family)


def compare(case: Case, protocols: Sequence[Judge] = ()) -> Comparison:
    """The case under several protocols; under all shipped ones unless told."""
    from pathways.planning.compare import compare as make

    return make(case, [as_protocol(one) for one in protocols or tuple(knowledge().protocols)])


def check(case: Case | Graph, protocol: Judge = "default") -> tuple[Proved, ...]:
    """Every property proved on the whole graph of a case, with a shortest route that breaks it where one does."""
    from pathways.conformance.proof import prove

    return prove(case if isinstance(case, Graph) else explore(case, as_protocol(protocol)))


def audit(course: Course, protocol: Judge = "default", name: str = "") -> Audit:
    """A recorded course against the properties."""
    from pathways.conformance.audit import audit as make

    return make(course, as_protocol(protocol), name)


def picture(of: Case | Plan, what: str = "timeline", protocol: Judge = "default") -> Picture:
    """A picture of a plan (or of the plan of a case) as SVG text: timeline, growth, tornado, survival, unknowns, curves, life, liver, map."""
    from pathways.drawing.plots import DRAWN

    if what not in DRAWN:
        raise PathwaysError(f'got "{what}"; accepted: {", ".join(DRAWN)}{nearest(what, DRAWN)}')
    return Picture(DRAWN[what](_planned(of, protocol)))


def export(of: Case | Graph, to: str, protocol: Judge = "default") -> str:
    """The graph of a case for other tools: mermaid, dot, graphml, prism, json."""
    from pathways.interchange import data, drawings, prism

    writers = {
        "mermaid": drawings.mermaid, "dot": drawings.dot, "graphml": data.graphml, "prism": prism.prism, "json": data.graph_json,
    }  # fmt: skip
    if to not in writers:
        raise PathwaysError(f'got "{to}"; accepted: {", ".join(writers)}{nearest(to, writers)}')
    made: Any = writers[to](of if isinstance(of, Graph) else explore(of, as_protocol(protocol)))
    return str(made)


def report(
    of: Case | Plan, pathways: Sequence[str] = (), *, protocol: Judge = "default", compare: Judge | None = None
) -> str:
    """The self-contained page of a plan (or of the plan of a case) as HTML text."""
    from pathways.report.page import report as make

    return make(_planned(of, protocol), wanted=pathways, against=None if compare is None else as_protocol(compare))


def diff(old: Case | Plan, new: Case | Plan, protocol: Judge = "default") -> Difference:
    """What changed between two cases and what it turned round, or between two plans."""
    from pathways.planning.diff import diff_cases, diff_plans

    if isinstance(old, Plan) and isinstance(new, Plan):
        return diff_plans(old.as_json(), new.as_json())
    if isinstance(old, Case) and isinstance(new, Case):
        return diff_cases(old, new, as_protocol(protocol))
    raise PathwaysError("accepted: two cases, or two plans")


def _planned(of: Case | Plan, protocol: Judge) -> Plan:
    return of if isinstance(of, Plan) else plan(of, as_protocol(protocol))
