"""The afternoon: the cases of a folder as a list, each with where the patient stands and what has been decided."""

from __future__ import annotations

from pathways.documents.problems import PathwaysError
from pathways.drawing import chips
from pathways.page.opened import Opened
from pathways.page.plans import planned
from pathways.page.record import last_words, open_questions
from pathways.page.shared import Told, title_of_case
from pathways.page.sitting import Sitting
from pathways.report import gaps, today
from pathways.report.view import PlanView

# Cases of the folder that are planned for the list; further ones are listed by name.
MOST_PLANNED = 40
QUESTIONS_SHOWN = 3


def afternoon(opened: Opened) -> list[Told]:
    """A row a case."""
    return [_row(opened, name, at) for at, name in enumerate(opened.names())]


def _row(opened: Opened, name: str, at: int) -> Told:
    told: Told = {
        "name": name,
        "title": name,
        "today": "",
        "chips": [],
        "missing": "",
        "decided": "",
        "questions": [],
        "wrong": "",
    }
    try:
        file = opened.read(name)
    except PathwaysError as error:
        return {**told, "wrong": str(error)}
    sitting = Sitting.of_file(opened, file)
    told["title"], told["decided"] = title_of_case(sitting), last_words(sitting)
    told["questions"] = open_questions(sitting)[:QUESTIONS_SHOWN]
    found = sitting.read
    if found.case is None:
        return {**told, "wrong": str(found.problems[0].message) if found.problems else ""}
    if at < MOST_PLANNED:
        plan = planned(file.text, found.case, sitting.judge)
        told["today"] = today.standing(plan.assessment).plain
        rows = [one for row in PlanView(plan).rows for one in row.families]
        told["chips"] = [chips.chip("open", one.words) for one in rows if one.standing == "open"]
        told["missing"] = (
            "; ".join(dict.fromkeys(one.assumed for one in plan.find_out_next[:3])) or (gaps.lines(plan) or [""])[0]
        )
    return told
