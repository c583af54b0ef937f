"""Headings and labels of the page, by the names under which its templates know them."""

from __future__ import annotations

from functools import cache

from pathways.messages.catalogue import say


@cache
def labels() -> dict[str, str]:
    """Every fixed word of the page."""
    return {
        "skip": say("bench.skip"), "screens": say("bench.screens"), "again": say("bench.again"), "protocol": say("bench.protocol"),
        "projector": say("bench.projector"), "explain": say("bench.explain"), "save": say("bench.save"), "print": say("bench.print"),
        "local": say("bench.local"), "unsaved": say("bench.unsaved"), "unknown": say("bench.unknown"), "not_asked": say("bench.not_asked"),
        "today": say("bench.today"), "turned": say("bench.turned"), "nothing_turned": say("bench.nothing_turned"), "wrong": say("bench.wrong"),
        "missing": say("bench.missing"), "missing_heading": say("missing.heading"), "nothing_missing": say("bench.nothing_missing"),
        "liver": say("bench.liver"), "tap": say("bench.tap"), "key": say("bench.key"), "next_tap": say("bench.next_tap"), "new_lesion": say("bench.new_lesion"),
        "vessels": say("bench.vessels"), "lesion": say("bench.lesion"), "more_of": say("bench.more_of"), "remove": say("bench.remove"),
        "read_back": say("bench.read_back"), "as_file": say("bench.as_file"), "text_label": say("bench.text_label"), "save_as": say("bench.save_as"),
        "save_as_button": say("bench.save_as_button"), "facts": say("bench.facts"), "more_from": say("bench.more_from"),
        "what_if": say("bench.what_if"), "table": say("bench.table"), "table_region": say("bench.table_region"), "liver_left": say("bench.liver_left"),
        "was": say("bench.was"), "why": say("bench.why"), "why_of": say("bench.why_of"), "alike": say("bench.alike"), "record": say("bench.record"),
        "no_record": say("bench.no_record"), "go_record": say("bench.go_record"), "carried": say("bench.carried"), "rule": say("bench.rule"),
        "value": say("bench.value"), "limit": say("bench.limit"), "settings": say("bench.settings"), "sources": say("bench.sources"),
        "opens": say("bench.opens"), "closes": say("bench.closes"), "opens_heading": say("bench.opens_heading"),
        "closes_heading": say("bench.closes_heading"), "no_answer": say("bench.no_answer"), "conflict": say("bench.conflict_heading"),
        "conflict_help": say("bench.conflict_help"), "mine": say("bench.mine"), "theirs": say("bench.theirs"), "take_theirs": say("bench.take_theirs"),
        "since": say("bench.since"), "decision": say("bench.decision"), "chosen": say("bench.chosen"), "none_chosen": say("bench.none_chosen"),
        "dissent": say("bench.dissent"), "questions": say("bench.questions"), "question": say("bench.question"), "owner": say("bench.owner"),
        "by": say("bench.by"), "decide": say("bench.decide"), "decide_help": say("bench.decide_help"), "on_the_table": say("bench.on_the_table"),
        "best": say("bench.best"), "earlier": say("bench.earlier"),
    }  # fmt: skip
