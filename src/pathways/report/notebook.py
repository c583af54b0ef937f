"""What a notebook shows: the liver, timelines, tables and the map, from the same modules as the report."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from pathways.case.models import Case
from pathways.cohort.runs.results import Result
from pathways.drawing.liver import liver, state_of
from pathways.drawing.map_picture import map_picture
from pathways.drawing.style import css
from pathways.drawing.svg import Drawn, element, joined, text
from pathways.drawing.timeline import timeline
from pathways.facts.derive import CaseFacts
from pathways.facts.patient_assessment import PatientAssessment
from pathways.graph.explore import Graph
from pathways.knowledge.protocols import load_protocol
from pathways.liver.resection import Resection
from pathways.messages.catalogue import say
from pathways.planning.annotate import Pathway
from pathways.planning.assess import Assessment
from pathways.planning.pathway_map import map_of
from pathways.planning.plan import Plan, plan
from pathways.report.cards import no_figure_of_chances
from pathways.report.today import resection_words, standing
from pathways.report.words import NOTICE

PICTURE = (
    ".pw-notebook svg{max-width:640px;height:auto}.pw-notebook td,.pw-notebook th{text-align:left;vertical-align:top}"
)


def html(value: object) -> str | None:
    """A value as HTML; None for one that is not drawn."""
    for kind, draw in DRAWN.items():
        if isinstance(value, kind):
            style = element("style", Drawn(css() + PICTURE))
            notice = element("p", element("small", NOTICE))
            return element("div", style, *draw(value), notice, class_="pw-notebook")
    return None


def _case(case: Case) -> Sequence[Drawn]:
    assessed = CaseFacts(case, load_protocol("default")).assessed
    return [_heading(_title(case)), _liver(assessed, f"case-{case.id}", None)]


def _assessment(found: Assessment) -> Sequence[Drawn]:
    assessed = CaseFacts(found.case, found.protocol, strict=found.strict).assessed
    first = found.resections[0].resection if found.resections else None
    rows = [{"rule": one["rule"], "verdict": one["verdict"], "reason": one["reason"]} for one in found.to_rows()]
    return [
        _heading(_title(found.case)), element("p", standing(found).plain), _liver(assessed, f"assessment-{found.case.id}", first),
        *(element("p", resection_words(one)) for one in found.resections), _table(rows),
    ]  # fmt: skip


def _plan(found: Plan) -> Sequence[Drawn]:
    case = found.assessment.case
    first = found.assessment.resections[0].resection if found.assessment.resections else None
    kept = (
        "id",
        "title",
        "cleared",
        "cleared_low",
        "cleared_high",
        "mortality",
        "survival_5y",
        "days_to_clearance",
        "worse_than",
    )
    rows = [{key: _short(row[key]) for key in kept} for row in found.to_rows()]
    no_figure = no_figure_of_chances(found)
    drawn = [
        _heading(_title(case)),
        element("p", standing(found.assessment).plain),
        *([element("p", no_figure)] if no_figure else []),
        _liver(found.graph.facts.assessed, f"plan-{case.id}", first),
        _table(rows),
    ]
    if found.pathways:
        drawn.append(timeline(found.pathways, name=f"plan-times-{case.id}", title=say("chart.timeline")))
    return drawn


def _pathway(one: Pathway) -> Sequence[Drawn]:
    rows = [{key: row[key] for key in ("day", "title", "note")} for row in one.to_rows()]
    return [_heading(f"{one.id} {one.title}"), timeline([one], name=f"pathway-{one.id}", title=one.title), _table(rows)]


def _graph(graph: Graph) -> Sequence[Drawn]:
    facts = graph.facts
    made = plan(facts.assessed.case, facts.assessed.protocol, strict=facts.strict, follow_up=facts.follow_up)
    words = say("more.size", states=len(graph.states), steps=graph.number_of_edges, routes=made.routes)
    return [element("p", words), map_picture(map_of(made), name=f"graph-{facts.assessed.case.id}")]


def _simulation(found: Result) -> Sequence[Drawn]:
    warnings = [element("p", words) for words in found.as_json()["warnings"]]
    return [_heading(repr(found)), *warnings, _table(found.to_rows())]


DRAWN: dict[type, Callable[[Any], Sequence[Drawn]]] = {
    Case: _case, Assessment: _assessment, Plan: _plan, Pathway: _pathway, Graph: _graph, Result: _simulation,
}  # fmt: skip


def _title(case: Case) -> str:
    return say("today.heading", case=case.id, title=case.title) if case.title else case.id


def _heading(words: str) -> Drawn:
    return element("p", element("strong", words))


def _liver(assessed: PatientAssessment, name: str, resection: Resection | None) -> Drawn:
    return liver(state_of(assessed, resection), name=name, title=resection.name if resection else say("page.today"))


def _short(value: object) -> object:
    return round(value, 3) if isinstance(value, float) else value


def _table(rows: Sequence[dict[str, Any]]) -> Drawn:
    """Rows as a table; nothing for none."""
    if not rows:
        return Drawn("")
    head = element("tr", *(element("th", key.replace("_", " ")) for key in rows[0]))
    body = [
        element("tr", *(element("td", "" if value is None else text(value)) for value in row.values())) for row in rows
    ]
    return element("table", element("thead", head), element("tbody", joined(body)))
