"""Where the facts point: the phase a plan is in after a meeting, an operation or a restaging."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from pathways.facts.tables.remnants import GIVEN
from pathways.facts.tables.vocabulary import Answers, Facts, Key
from pathways.facts.verdict import Finding
from pathways.liver.resections import CLEARANCES
from pathways.process.facts import SITUATION, STIMULI
from pathways.process.guards import IN_PLACE
from pathways.process.model import Value
from pathways.process.phases import LIVER_DONE, LIVER_SPARED

UNRESECTED = ("urgent", *IN_PLACE)


def answers(facts: Facts) -> Answers:
    """The one table of this room."""
    return {"situation": partial(_situation, facts)}


def _situation(facts: Facts, *key: Value) -> Finding:
    live = dict(zip(SITUATION, map(str, key), strict=True))
    return Finding(_pointed_at_before(facts, live) if live["stage"] == "none" else pointed_at_after(live), ())


def _pointed_at_before(facts: Facts, live: Mapping[str, str]) -> str:
    """The phase the facts point to before any operation on the liver."""
    scenario = (live["extent"], live["sites"], live["nature"])
    statuses = [
        facts.cell(f"remnant_{one}", (*scenario, int(live["blocks"]), live["volume"], live["growth"])).value
        for one in CLEARANCES
        if facts.cell(f"clear_{one}", scenario).value in GIVEN
    ]
    if not statuses:
        return "unresectable"
    if any(status in ("enough", "likely_enough") for status in statuses):
        return "resectable"
    doubtful = any(status == "likely_short" for status in statuses)
    return "remnant_insufficient" if doubtful or _can_grow(facts, scenario, live["blocks"]) else "unresectable"


def _can_grow(facts: Facts, scenario: Key, blocks: str) -> bool:
    """Whether some stimulus could raise a remnant to the limit: what none can raise is unresectable disease."""
    reaches = [facts.cell(f"reach_{one}", (*scenario, int(blocks))).value for one in STIMULI]
    return any(value in GIVEN for value in reaches)


def pointed_at_after(live: Mapping[str, str]) -> str:
    """The phase the facts point to once surgery of the liver has begun: nothing about the case is asked."""
    stage = live["stage"]
    if stage == "ablated":
        waits = live["primary"] in UNRESECTED or live["extrahepatic"] == "present"
        return "resectable" if waits else "ablation_control"
    if stage == LIVER_SPARED or (stage in LIVER_DONE and live["nature"] == "benign"):
        return _pointed_at_without_metastases(live)
    if stage in LIVER_DONE:
        if live["nature"] == "suspected":
            return "pathology"
        if live["primary"] in UNRESECTED or live["extrahepatic"] == "present":
            return "resectable"
        return "no_visible_disease" if live["sites"] == "watched" else "resected"
    if stage == "debulked":
        return "resectable" if live["primary"] in UNRESECTED else "debulked"
    if stage in ("first", "further"):
        return "hypertrophy" if live["growth"] in ("pending", "waiting") else "between_stages"
    return {"split": "between_stages", "abandoned": "unresectable", "incomplete": "incomplete"}[stage]


def _pointed_at_without_metastases(live: Mapping[str, str]) -> str:
    """Where a liver whose lesions are benign leads: to what else there is, or to the end."""
    if live["primary"] in UNRESECTED or live["extrahepatic"] == "present":
        return "resectable"
    removed = live["primary"] == "resected" or live["extrahepatic"] == "cleared"
    return "no_visible_disease" if removed else "benign"
