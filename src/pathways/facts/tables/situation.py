"""Where the facts point: the phase a plan is in after a meeting, an operation or a restaging.

Resectable is what this patient can have resected: an operation that person or liver does not bear opens nothing, and what treats disease
that cannot be operated on is open instead. `removable` is what technique allows, whoever the patient is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from pathways.facts.tables.clearing import not_borne
from pathways.facts.tables.remnants import GIVEN
from pathways.facts.tables.vocabulary import SCENARIO, Answers, Facts, Key
from pathways.facts.verdict import Finding
from pathways.liver.resection import CLEARANCES
from pathways.process.facts import SITUATION, STIMULI
from pathways.process.guards import IN_PLACE
from pathways.process.model import Value
from pathways.process.phases import LIVER_DONE, LIVER_SPARED

UNRESECTED = ("urgent", *IN_PLACE)
# What growth is for.
GROWN_FOR = "major"
_REMNANT = ("blocks", "volume", "growth")


def answers(facts: Facts) -> Answers:
    """The tables of this room."""
    return {"situation": partial(_situation, facts), "removable": partial(_removable, facts)}


def _situation(facts: Facts, *key: Value) -> Finding:
    live = dict(zip(SITUATION, map(str, key), strict=True))
    if live["stage"] != "none":
        return Finding(pointed_at_after(live), ())
    scenario, found = (live["extent"], live["sites"], live["nature"]), tuple(live[one] for one in _REMNANT)
    against = {one: verdict for one in CLEARANCES if (verdict := not_borne(facts, one)) is not None}
    bars = [one for name, one in against.items() if facts.cell(f"clear_{name}", scenario).value in GIVEN]
    return Finding(
        _pointed_at_before(facts, scenario, found, lambda one: one not in against), tuple(dict.fromkeys(bars))
    )


def _removable(facts: Facts, *key: Value) -> Finding:
    return Finding(_pointed_at_before(facts, key[:SCENARIO], key[SCENARIO:], lambda _: True), ())


def _pointed_at_before(facts: Facts, scenario: Key, found: Key, counts: Callable[[str], bool]) -> str:
    """The phase the facts point to before any operation on the liver, by the classes of operation that count."""
    blocks, volume, growth = found
    statuses = [
        facts.cell(f"remnant_{one}", (*scenario, int(blocks), volume, growth)).value
        for one in CLEARANCES
        if counts(one) and facts.cell(f"clear_{one}", scenario).value in GIVEN
    ]
    if growth == "adequate" and counts(GROWN_FOR) and facts.cell("target_apart", scenario).value in GIVEN:
        return "resectable"
    if not statuses:
        return "unresectable"
    if any(status in ("enough", "likely_enough") for status in statuses):
        return "resectable"
    doubtful = any(status == "likely_short" for status in statuses)
    grows = counts(GROWN_FOR) and _can_grow(facts, scenario, blocks)
    return "remnant_insufficient" if doubtful or grows else "unresectable"


def _can_grow(facts: Facts, scenario: Key, blocks: Value) -> bool:
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
