"""One self-contained page of a plan: all pathways on a sheet, one sheet for each pathway asked for, the map.

It opens offline, asks for nothing (its policy forbids every request and allows this one style by its hash), and prints by CSS. What a
case says is escaped by the templates; pictures are markup made by `drawing`.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pathways.drawing import bars, chips, timeline
from pathways.drawing.liver import liver, state_of
from pathways.drawing.map_picture import map_picture
from pathways.drawing.style import css
from pathways.drawing.svg import Drawn
from pathways.facts.derive import scenario_of
from pathways.knowledge.model import Protocol
from pathways.messages.catalogue import called, say
from pathways.messages.naming import family_words
from pathways.planning.annotate import Pathway
from pathways.planning.annotations import resection_of
from pathways.planning.compare import Comparison, compare
from pathways.planning.pathway_map import PathwayMap, map_of
from pathways.planning.plan import Plan
from pathways.planning.uncertainty import Estimated
from pathways.process.acts import stimulates
from pathways.report import gaps, steps, today
from pathways.report.cards import beside, counted_otherwise, how_many, how_to_read, no_figure_of_chances
from pathways.report.life import drivers_of, life_lines
from pathways.report.view import PlanView, pathways_asked_for
from pathways.report.words import NOTICE, share_of, understood_words, weeks
from pathways.version import __version__

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATES = Path(__file__).parent / "templates"
RESECTIONS_SHOWN = 2
PARTINGS_SHOWN = 9
DAYS_A_WEEK = 7


def report(plan: Plan, *, wanted: Sequence[str] = (), against: Protocol | None = None) -> str:
    """The page of `plan`; a sheet each for the pathways `wanted`, and one that lays the protocol `against` beside it."""
    style = css() + (TEMPLATES / "report.css").read_text(encoding="utf-8")
    assessment = plan.assessment
    compared = compare(assessment.case, [assessment.protocol, against]) if against is not None else None
    template = environment().get_template("report.html.j2")
    return template.render(
        policy=_policy(style), style=Drawn(style), words=headings(), version=__version__, notice=NOTICE,
        case=assessment.case, protocol=assessment.protocol, first=_first(plan), pathways=[sheet(plan, one) for one in pathways_asked_for(plan, wanted)],
        map=map_sheet(map_of(plan)), compared=comparison(compared) if compared else None,
    )  # fmt: skip


@cache
def environment() -> Environment:
    """The templates of the page."""
    # Imported here: only a page needs it.
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _policy(style: str) -> str:
    digest = base64.b64encode(hashlib.sha256(style.encode("utf-8")).digest()).decode("ascii")
    return f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"


def headings() -> dict[str, str]:
    """Headings of the page."""
    return {
        "cleared": say("page.cleared"), "deaths": say("page.deaths"), "life": say("page.life"), "weeks": say("page.weeks"),
        "pathway": say("page.pathway"), "family": say("page.family"), "standing": say("page.standing"), "missing": say("missing.heading"),
        "otherwise": say("page.otherwise"), "steps": say("page.steps"), "assumed": say("page.assumed"), "moved": say("life.heading"), "map": say("page.map"),
        "partings": say("page.partings"), "compare": say("page.compare"), "notice": NOTICE, "ways": say("page.ways"),
        "planned": say("page.planned"), "does_not_apply": called("standing", "does_not_apply"), "day": say("page.day"),
        "step": say("page.step"), "death": say("page.death"),
    }  # fmt: skip


def _first(plan: Plan) -> dict[str, Any]:
    """The sheet of all pathways."""
    view, assessment = PlanView(plan), plan.assessment
    resections = assessment.resections[:RESECTIONS_SHOWN]
    best = resections[0].resection if resections else None
    return {
        "standing": today.standing(assessment).plain,
        "understood": understood_words(assessment.case),
        "liver": liver(state_of(plan.graph.facts.assessed, best), name="liver-today", title=best.name if best else say("today.no_resection")),
        "resections": [
            {"words": today.resection_words(one), "bar": bars.remnant(one, name=f"left-{at}")} for at, one in enumerate(resections)
        ],
        "more": [
            *([] if resections else [say("today.no_resection")]),
            *(one.reason for one in today.deciding(assessment)),
            *(say("today.not_planned", words=words) for words in assessment.not_modelled),
        ],
        "rows": [
            {"words": row.words, "families": [_family(view, one) for one in row.families]} for row in view.rows
        ],
        "axis": timeline.axis(name="axis", weeks=view.weeks),
        "apart": ", ".join(view.apart),
        "missing": gaps.lines(plan),
        "curative": plan.curative,
        "count": how_many(plan),
        "reading": how_to_read(plan),
        "no_figure": no_figure_of_chances(plan),
    }  # fmt: skip


def _family(view: PlanView, one: Any) -> dict[str, Any]:
    told: dict[str, Any] = {
        "words": one.words, "chip": chips.chip(one.standing), "reason": one.reason, "pathway": None, "above": "",
    }  # fmt: skip
    pathway: Pathway | None = one.pathway
    if pathway is None:
        return told
    told["pathway"] = f"{pathway.id} {pathway.title}"
    if one.above:
        told["above"] = say("page.above", family=one.above)
        return told
    told["track"] = timeline.track(pathway, name=f"track-{one.family}", weeks=view.weeks)
    told.update(numbers(pathway, one.family, view.most_deaths))
    return told


def numbers(pathway: Pathway, name: str, most_deaths: float) -> dict[str, Any]:
    """Chance, deaths and life, each with its bar."""
    found = pathway.prospect
    told: dict[str, Any] = dict.fromkeys(
        (
            "cleared",
            "cleared_bar",
            "deaths",
            "deaths_bar",
            "life",
            "weeks",
            "weeks_number",
            "planned",
            "planned_number",
        ),
        "",
    )
    if found is None:
        return told
    if found.survival is not None:
        told["life"] = (f"{found.survival.value:.0%}", _between(found.survival))
    counted = counted_otherwise(pathway)
    if counted is not None:
        told["cleared"] = (say("page.cleared_else", share=counted.value), _between(counted))
    if not pathway.curative or found.days is None:
        return told
    planned, cleared = found.planned_shown, found.cleared_shown
    told["planned"] = share_of(planned.value if planned else None)
    told["planned_number"] = (told["planned"], _between(planned) if planned else "")
    if pathway.watched:
        told["cleared"] = (say("cards.watched"), "")
    else:
        if cleared is None:
            told["cleared"] = (say("cards.no_figure"), "")
        else:
            told["cleared"] = (f"{cleared.value:.0%}", _between(cleared))
            told["cleared_bar"] = bars.interval(cleared, name=f"cleared-{name}", words=say("page.cleared"), most=1.0)
        told["weeks"] = weeks(round(found.days.value))
        low, high = (round(end / DAYS_A_WEEK) for end in (found.days.low, found.days.high))
        told["weeks_number"] = (str(round(found.days.value / DAYS_A_WEEK)), say("page.between", low=low, high=high))
    if found.mortality is None:
        told["deaths"] = (say("cards.no_figure"), "")
    else:
        told["deaths"] = (f"{found.mortality.value:.1%}", _between(found.mortality, 1))
        told["deaths_bar"] = bars.interval(
            found.mortality, name=f"deaths-{name}", words=say("page.deaths"), most=most_deaths
        )
    return told


def _between(found: Estimated, decimals: int = 0) -> str:
    return say("page.between", low=f"{found.low:.{decimals}%}", high=f"{found.high:.{decimals}%}")


def sheet(plan: Plan, one: Pathway) -> dict[str, Any]:
    """The sheet of one pathway: its calendar, the liver along it, its steps with their risks, what if, what it stands on."""
    return {
        "id": one.id, "title": one.title, "families": ", ".join(family_words(family) for family in one.families),
        "numbers": numbers(one, f"sheet-{one.id}", 0.1), "end": called("end", one.end),
        "timeline": timeline.timeline([one], name=f"timeline-{one.id}", title=one.title),
        "livers": list(_livers(plan, one)),
        "steps": [
            {"day": _days(step), "title": step.title, "note": step.note, "death": steps.deaths(step.risk) if step.risk else "",
             "decides": step.kind == "decision"}
            for step in one.steps
        ],
        "otherwise": [
            {"outcome": "; ".join(outcomes), "then": then, "end": called("end", end)}
            for (then, end), outcomes in steps.by_answer(one.contingencies).items()
        ],
        "warnings": (*one.warnings, *beside(one)),
        "assumptions": one.assumptions, "moved": life_lines(drivers_of(one)),
    }  # fmt: skip


def _days(step: Any) -> str:
    lasts = step.since < step.day and not step.operation
    return f"{step.since}-{step.day}" if lasts else str(step.day)


def _livers(plan: Plan, one: Pathway) -> Any:
    """The liver today, with its inflow closed, at each operation, and after the last."""
    assessed = plan.graph.facts.assessed
    closed, last = 0, None
    yield {
        "words": say("page.today"),
        "picture": liver(state_of(assessed), name=f"{one.id}-today", title=say("page.today")),
    }
    for place, edge in enumerate(one.walk):
        state = plan.graph.states[edge.source]
        target = assessed.target(scenario_of(state))
        if stimulates(edge.declared) and target is not None:
            closed |= target.growth_side
            words = say(
                "page.on_day",
                day=one.steps[place].day if edge.declared.operation else one.steps[place].since,
                what=edge.declared.title,
            )
            yield {
                "words": words,
                "picture": liver(state_of(assessed, None, closed), name=f"{one.id}-closed-{place}", title=words),
            }
        resection = resection_of(plan.graph, edge)
        if resection is not None:
            last = resection
            words = say("page.on_day", day=one.steps[place].day, what=resection.name)
            yield {
                "words": words,
                "picture": liver(state_of(assessed, resection), name=f"{one.id}-cut-{place}", title=words),
            }
    if last is not None and (last.removes or last.limited):
        words = say("page.after")
        yield {
            "words": words,
            "picture": liver(state_of(assessed, last), name=f"{one.id}-after", title=words, after=True),
        }


def map_sheet(found: PathwayMap) -> dict[str, Any]:
    """The sheet of the map: the picture, and the largest partings as a list."""
    partings = sorted(found.partings, key=lambda one: -one["pathways"])[:PARTINGS_SHOWN]
    return {
        "picture": map_picture(found, name="map"),
        "partings": [
            {
                "where": called_phase(one["phase"]), "pathways": one["pathways"],
                "options": [
                    {"title": option["title"], "pathways": option["pathways"], "shown": " ".join(option["shown"][:4])}
                    for option in one["options"]
                ],
            }
            for one in partings
        ],
    }  # fmt: skip


def called_phase(phase: str) -> str:
    """A phase as a person reads it."""
    return phase.replace("_", " ")


def comparison(found: Comparison) -> dict[str, Any]:
    """The sheet of protocols side by side."""
    return {
        "protocols": [one.protocol.id for one in found.judged],
        "limits": [one.left.limit.words(one.left.remnant)[1] if one.left.limit and one.left.remnant is not None else "" for one in found.judged],
        "best": [share_of(one.best_shown) for one in found.judged],
        "rows": [
            {"family": family_words(family), "statuses": [one.statuses[family] for one in found.judged]}
            for family in found.judged[0].statuses
            if {one.statuses[family] for one in found.judged} != {"closed"}
        ],
        "differences": _differences(found),
    }  # fmt: skip


def _differences(found: Comparison) -> list[str]:
    from pathways.report.why_table import difference_words

    alike: dict[str, list[str]] = {}
    for one in found.differences:
        alike.setdefault(difference_words(one), []).append(family_words(one.family))
    return [f"{', '.join(families)}: {words}" for words, families in alike.items()]
