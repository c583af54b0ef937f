"""Reading the declaration with reasons: which guards of a trigger refuse in a state, and what each of them says.

Slow and explaining, where `pathways.graph.compiled` is fast and silent; a test holds the two to the same answers.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from pathways.facts.derive import CaseFacts
from pathways.facts.verdict import Verdict, refused
from pathways.messages.catalogue import say
from pathways.process.facts import LIVE_INDEX, State
from pathways.process.model import Guard, Trigger


def holds(guard: Guard, state: State, facts: CaseFacts) -> bool:
    """Whether `guard` lets the step pass in `state`."""
    if guard.fact in LIVE_INDEX:
        return state[LIVE_INDEX[guard.fact]] in guard.values
    return facts.finding(guard.fact, state).value in guard.values


def verdicts(guard: Guard, state: State, facts: CaseFacts) -> tuple[Verdict, ...]:
    """What stands behind `guard` in `state`; nothing where another guard of the same step says it better."""
    if guard.fact in LIVE_INDEX:
        return (_of_guard(guard, str(state[LIVE_INDEX[guard.fact]])),)
    finding = facts.finding(guard.fact, state)
    return (_of_guard(guard, finding.value),) if guard.because else finding.verdicts


def refusals(trigger: Trigger, state: State, facts: CaseFacts) -> tuple[Verdict, ...]:
    """Verdicts that refuse `trigger` in `state`, each once; none where the step is open."""
    return refusals_of(trigger.guards, trigger, state, facts)


def refusals_of(guards: Iterable[Guard], trigger: Trigger, state: State, facts: CaseFacts) -> tuple[Verdict, ...]:
    """As `refusals`, for `guards` in place of the trigger's own."""
    failing = [guard for guard in guards if not holds(guard, state, facts)]
    told = [(guard, verdicts(guard, state, facts)) for guard in failing]
    # Beside what refuses a step, what has only to be found out yet is no reason.
    settled = [(guard, several) for guard, several in told if not _to_be_found_out(several)]
    found = [_as_refusal(one, guard) for guard, several in settled or told for one in _refusing(several)]
    if failing and not found:
        guard = failing[0]
        found = [_of_guard(guard, str(facts.finding(guard.fact, state).value))]
    for family in families(trigger, state, facts):
        found += [one for one in facts.cell(f"accepts_{family}", ()).verdicts if one.verdict == "refused"]
    return tuple(dict.fromkeys(found))


def passes(trigger: Trigger, state: State, facts: CaseFacts) -> bool:
    """Whether nothing refuses `trigger` in `state`: `not refusals(...)` without a word of why, and no further than the first that does."""
    if not all(holds(guard, state, facts) for guard in trigger.guards):
        return False
    return not any(
        one.verdict == "refused"
        for family in families(trigger, state, facts)
        for one in facts.cell(f"accepts_{family}", ()).verdicts
    )


def families(trigger: Trigger, state: State, facts: CaseFacts) -> tuple[str, ...]:
    """Families that the step belongs to when taken in `state`."""
    return tuple(tag.family for tag in trigger.tags if all(holds(guard, state, facts) for guard in tag.when))


def _to_be_found_out(found: tuple[Verdict, ...]) -> bool:
    """Whether nothing refuses and something is not known."""
    return "refused" not in (kinds := {one.verdict for one in found}) and "unknown" in kinds


def _refusing(found: tuple[Verdict, ...]) -> tuple[Verdict, ...]:
    """Of several verdicts behind one fact, those that are not plainly fine (a remnant has two rules)."""
    return (
        tuple(one for one in found if one.verdict == "refused")
        or tuple(one for one in found if one.verdict == "unknown" and one.rule != "remnant_body_weight")
        or found
    )


def _as_refusal(verdict: Verdict, guard: Guard) -> Verdict:
    """An allowed finding that refuses a step all the same (a remnant that is enough refuses growth) says refused."""
    closes = verdict.closes if guard.closes == "barred" else guard.closes
    if verdict.verdict == "allowed":
        return replace(verdict, verdict="refused", closes=closes)
    return verdict if verdict.closes == closes else replace(verdict, closes=closes)


def _of_guard(guard: Guard, value: str) -> Verdict:
    reason = guard.because or say("fact.is", fact=guard.fact.replace("_", " "), value=value.replace("_", " "))
    return refused(guard.rule, reason, value=value, sources=guard.sources, closes=guard.closes)
