"""The record of the meeting: decision, dissent, open questions with their owner, dated. A revision stands behind the one before it.

It is a file beside the case, `NAME.record.yaml`, with the case as it was decided on, so that the next meeting sees what changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pathways.documents.problems import DocumentError, PathwaysError
from pathways.documents.reader import read_text
from pathways.documents.writing import mapping
from pathways.drawing.liver import liver, state_of
from pathways.messages.catalogue import called, say
from pathways.messages.naming import family_words
from pathways.page.fields import owner_of
from pathways.page.opened import RECORD, ConflictError, File
from pathways.page.pathways import opening
from pathways.page.shared import Told, on_today, wrong
from pathways.page.sitting import Sitting
from pathways.page.text import read
from pathways.planning.plan import Plan
from pathways.report import gaps
from pathways.report.page import numbers
from pathways.teaching.narrative.referral import story
from pathways.version import __version__

QUESTIONS = 6
LONGEST = 4000
SIGNERS = ("surgery", "oncology", "radiology", "chair")


def record_screen(sitting: Sitting) -> Told:
    """The sheet that is filled in, saved and printed."""
    file, entries = _read(sitting)
    refused = False
    if sitting.sent.get("do") == "decide":
        number = len(entries)
        entries = _decided(sitting, file, entries)
        refused = len(entries) == number
        file, _ = _read(sitting)
    last = entries[-1] if entries else {}
    plan, case = sitting.plan, sitting.read.case
    entry = _entry(sitting, last, plan)
    first = plan.assessment.resections[0].resection if plan and plan.assessment.resections else None
    return {
        "record_seen": file.mark if file else "", "wrong": wrong(sitting), "found": on_today(plan) if plan else None, "entry": entry, "on": _today(),
        "story": story(case) if case else [], "protocol": sitting.protocol, "since": _since(sitting, last),
        "pathways": [{"id": one.id, "title": one.title} for one in plan.pathways] if plan else [],
        "liver": liver(state_of(plan.graph.facts.assessed, first), name="record-liver", title=first.name if first else say("bench.liver"))
        if plan else "",
        "taken": gaps.lines(plan)[-1] if plan and gaps.lines(plan) else "", "table": _table(sitting) if plan else [],
        "closed": _closed(sitting), "earlier": [{"on": one.get("on", ""), "words": short(one)} for one in reversed(entries if refused else entries[:-1])],
        "signers": [called("signer", one) for one in SIGNERS],
    }  # fmt: skip


def last_words(sitting: Sitting) -> str:
    """The last decision in a line; nothing where there is none."""
    _, entries = _read(sitting)
    return say("bench.decided_on", on=entries[-1].get("on", ""), decision=short(entries[-1])) if entries else ""


def open_questions(sitting: Sitting) -> list[str]:
    """The questions that the last decision left open, each with its owner."""
    _, entries = _read(sitting)
    listed = entries[-1].get("questions") if entries else ()
    told = [one for one in listed if isinstance(one, dict)] if isinstance(listed, (list, tuple)) else []
    return [say("bench.asked", question=one.get("question", ""), owner=one.get("owner", "")) for one in told]


def short(entry: Mapping[str, Any]) -> str:
    """What was decided, in a line."""
    words = " ".join(str(one) for one in (entry.get("pathway", ""), entry.get("decision", "")) if one)
    return words or say("bench.no_decision")


def _read(sitting: Sitting) -> tuple[File | None, list[Told]]:
    """The record beside the case, and its entries; a file that is none is left alone, and said."""
    if not sitting.file:
        return None, []
    try:
        file = sitting.opened.beside(sitting.file, RECORD)
    except PathwaysError as error:
        sitting.errors.append(str(error))
        return None, []
    if not file.text:
        return file, []
    try:
        found = read_text(file.text, file.name).value
    except DocumentError as error:
        sitting.errors += [str(one) for one in error.problems[:2]]
        return None, []
    entries = found.get("meetings") if isinstance(found, dict) else None
    if not isinstance(entries, tuple) or not all(isinstance(one, dict) for one in entries):
        sitting.errors.append(say("bench.no_record_file", file=file.name))
        return None, []
    return file, [dict(one) for one in entries]


def _decided(sitting: Sitting, file: File | None, entries: list[Told]) -> list[Told]:
    """The entries with what was sent behind them, once it is on the disk."""
    if not sitting.file:
        sitting.errors.append(say("bench.save_first"))
        return entries
    if file is None:
        return entries
    made = _sent(sitting)
    text = (
        "\n".join(
            ["# " + say("bench.record_head", case=sitting.file), *mapping({"record": 1, "meetings": [*entries, made]})]
        )
        + "\n"
    )
    if sitting.sent.get("record_seen", file.mark) != file.mark:
        sitting.errors.append(say("bench.record_changed"))
        return entries
    try:
        sitting.opened.write(file.name, text, file.mark)
    except ConflictError:
        sitting.errors.append(say("bench.record_changed"))
        return entries
    except PathwaysError as error:
        sitting.errors.append(str(error))
        return entries
    sitting.notices.append(say("bench.recorded", file=file.name))
    return [*entries, made]


def _sent(sitting: Sitting) -> Told:
    """What was sent, as an entry of the file."""
    told, plan = sitting.sent, sitting.plan
    chosen = next((one for one in plan.pathways if one.id == told.get("chosen")), None) if plan else None
    questions = []
    for at in range(QUESTIONS * 2):
        one = {key: told.get(f"{key}-{at}", "").strip()[:LONGEST] for key in ("question", "owner", "by")}
        if one["question"]:
            questions.append({key: value for key, value in one.items() if value})
    made: Told = {
        "on": _now(), "decision": told.get("decision", "").strip()[:LONGEST], "pathway": chosen.title if chosen else "",
        "families": list(chosen.families) if chosen else [], "dissent": told.get("dissent", "").strip()[:LONGEST],
        "questions": questions, "protocol": sitting.protocol, "version": __version__, "case": sitting.text,
    }  # fmt: skip
    return {key: value for key, value in made.items() if value not in ("", [], None)}


def _now() -> str:
    return datetime.now().astimezone().isoformat(timespec="seconds")


def _today() -> str:
    return datetime.now().astimezone().date().isoformat()


def _entry(sitting: Sitting, last: Mapping[str, Any], plan: Plan | None) -> Told:
    """What the sheet shows: what was sent just now, else the last decision, else what is missing as questions."""
    sent = sitting.sent if "decision" in sitting.sent else {}
    titles = {one.title: one.id for one in plan.pathways} if plan else {}
    if sent:
        questions = [
            {key: sent.get(f"{key}-{at}", "") for key in ("question", "owner", "by")} for at in range(QUESTIONS)
        ]
        decision, dissent, chosen = sent["decision"], sent.get("dissent", ""), sent.get("chosen", "")
    else:
        listed = last.get("questions")
        told = (
            [one for one in listed if isinstance(one, dict)]
            if isinstance(listed, (list, tuple))
            else _proposed(plan)
            if not last
            else []
        )
        questions = [{key: str(one.get(key, "")) for key in ("question", "owner", "by")} for one in told[:QUESTIONS]]
        questions += [dict.fromkeys(("question", "owner", "by"), "")] * (QUESTIONS - len(questions))
        decision, dissent = str(last.get("decision", "")), str(last.get("dissent", ""))
        chosen = titles.get(str(last.get("pathway", "")), "")
    title = next((f"{one.id} {one.title}" for one in plan.pathways if one.id == chosen), "") if plan else ""
    printed = ". ".join(one for one in (title, decision) if one)
    return {"decision": decision, "dissent": dissent, "chosen": chosen, "questions": questions, "printed": printed}


def _proposed(plan: Plan | None) -> list[dict[str, str]]:
    """What is missing, as questions to begin with."""
    if plan is None:
        return []
    found = plan.find_out_next[: QUESTIONS - 1]
    return [{"question": one.reason, "owner": owner_of(one.item)} for one in found]


def _since(sitting: Sitting, last: Mapping[str, Any]) -> list[str]:
    """What changed since the last decision, and what it turned round."""
    then, now = last.get("case"), sitting.read.case
    if not isinstance(then, str) or then == sitting.text or now is None:
        return []
    before = read(then).case
    if before is None:
        return []
    # Imported here: only the next meeting asks for it.
    from pathways.planning.diff import diff_cases

    found = diff_cases(before, now, sitting.judge)
    lines = [say("diff.change", key=one.key, old=_shown(one.old), new=_shown(one.new)) for one in found.changed]
    return lines + [
        say(
            "diff.family", family=family_words(one.family), old=one.old.replace("_", " "), new=one.new.replace("_", " ")
        )
        for one in found.families
    ]


def _shown(value: object) -> str:
    return say("diff.not_told") if value is None else str(value)[:60]


def _table(sitting: Sitting) -> list[Told]:
    rows = []
    assert sitting.view is not None
    for row in sitting.view.rows:
        for one in row.families:
            if one.pathway is None or one.above:
                continue
            found = numbers(one.pathway, f"record-{one.family}", 0.1)
            rows.append({
                "words": one.words, "id": one.pathway.id, "cleared": " ".join(found["cleared"]), "deaths": " ".join(found["deaths"]),
                "weeks": " ".join(found["weeks_number"]),
            })  # fmt: skip
    return rows


def _closed(sitting: Sitting) -> str:
    if sitting.view is None:
        return ""
    barred = [one for row in sitting.view.rows for one in row.families if one.standing == "barred"]
    assert sitting.plan is not None
    told = [(one, opening(sitting.plan, one.family)) for one in barred]
    return "; ".join(
        say("closed.line", family=one.words, reasons=" ".join(filter(None, (one.reason, opens)))) for one, opens in told
    )
