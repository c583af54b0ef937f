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
        "what_if": say("bench.what_if"), "table": say("bench.table"), "weeks": say("bench.weeks"), "table_region": say("bench.table_region"), "liver_left": say("bench.liver_left"),
        "was": say("bench.was"), "cited": say("bench.cited"), "cite": say("bench.cite"), "cited_of_steps": say("bench.cited_of_steps"), "why": say("bench.why"), "why_of": say("bench.why_of"), "alike": say("bench.alike"), "record": say("bench.record"),
        "no_record": say("bench.no_record"), "go_record": say("bench.go_record"), "carried": say("bench.carried"), "rule": say("bench.rule"),
        "value": say("bench.value"), "limit": say("bench.limit"), "settings": say("bench.settings"), "sources": say("bench.sources"),
        "opens": say("bench.opens"), "openings": say("bench.openings"), "closes": say("bench.closes"), "opens_heading": say("bench.opens_heading"),
        "closes_heading": say("bench.closes_heading"), "no_answer": say("bench.no_answer"), "conflict": say("bench.conflict_heading"),
        "conflict_help": say("bench.conflict_help"), "mine": say("bench.mine"), "theirs": say("bench.theirs"), "take_theirs": say("bench.take_theirs"),
        "since": say("bench.since"), "decision": say("bench.decision"), "chosen": say("bench.chosen"), "none_chosen": say("bench.none_chosen"),
        "dissent": say("bench.dissent"), "questions": say("bench.questions"), "question": say("bench.question"), "owner": say("bench.owner"),
        "by": say("bench.by"), "decide": say("bench.decide"), "save_and_decide": say("bench.save_and_decide"), "decide_help": say("bench.decide_help"), "on_the_table": say("bench.on_the_table"),
        "best": say("bench.best"), "earlier": say("bench.earlier"), "sliders": say("bench.sliders"), "sliders_help": say("bench.sliders_help"),
        "flips": say("bench.flips"), "opens_here": say("bench.opens_here"), "closes_here": say("bench.closes_here"), "no_flips": say("bench.no_flips"),
        "variants": say("bench.variants"), "keep": say("bench.keep"), "keep_help": say("bench.keep_help"), "kept": say("bench.kept"), "now": say("bench.now"),
        "kept_same": say("bench.kept_same"), "lay_protocols": say("bench.lay_protocols"), "not_told": say("bench.not_told"), "taken_as": say("bench.taken_as"),
        "hangs": say("bench.hangs_on"), "closes_then": say("bench.closes_then"), "separates": say("bench.separates"), "gates": say("bench.gates"), "tell": say("bench.tell"), "first_then": say("bench.first_then"), "firsts": say("bench.firsts"),
        "pathway": say("bench.pathway"), "day_0": say("bench.day_0"), "calendar": say("bench.calendar"), "date": say("bench.date"), "no_pathway": say("bench.no_pathway"),
        "what_next": say("bench.what_next"), "ended": say("bench.ended"), "day": say("bench.day"), "measured": say("bench.measured_percent"),
        "walked": say("bench.walked"), "not_walked": say("bench.not_walked"), "undo": say("bench.undo"), "from_start": say("bench.from_start"),
        "save_course": say("bench.save_course"), "left": say("bench.left_over"), "gone": say("bench.gone"), "afternoon": say("bench.afternoon"),
        "new_case": say("bench.new_case"), "case": say("bench.case"), "open": say("bench.open"), "draft": say("bench.draft"), "arrows": say("bench.arrows"),
        "no_cases": say("bench.no_cases"), "moved": say("bench.moved"), "not_from_here": say("bench.not_from_here"),
    }  # fmt: skip
