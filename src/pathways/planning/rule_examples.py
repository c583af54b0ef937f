"""What a rule says of the examples in its record: the page of the rules shows it, and a test holds the record to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from pathways.facts.derive import CaseFacts
from pathways.facts.guarding import holds, verdicts
from pathways.facts.verdict import Verdict, allowed
from pathways.knowledge.model import Protocol
from pathways.knowledge.protocols import load_protocol
from pathways.messages.catalogue import say
from pathways.planning.assess import assess_facts
from pathways.process.declaration import PROCESS
from pathways.process.facts import CASE_FACTS, State
from pathways.process.model import Guard
from pathways.process.rulebook.example_patient import example_case
from pathways.process.rulebook.vocabulary import Example, Rule, Said

TRIGGERS = {trigger.name: trigger for trigger in PROCESS.triggers}
MEANING = {fact.name: fact.meaning for fact in CASE_FACTS}
STRICTEST_FIRST: tuple[Said, ...] = ("refused", "unknown", "allowed")


def said(rule: Rule, example: Example) -> tuple[Verdict, ...]:
    """The verdicts of `rule` in an example; none where it is silent."""
    facts = CaseFacts(example_case(example.changes), _protocol(example.settings))
    state = State(**{**facts.start()._asdict(), **example.live})
    if rule.step:
        return tuple(_of_step(rule, facts, state))
    if rule.fact:
        return tuple(_of_fact(rule, facts, state))
    return tuple(one for one in assess_facts(facts).findings if one.rule == rule.id)


def strictest(found: Sequence[Verdict]) -> Said:
    """The verdict that decides, in one word."""
    answers = {one.verdict for one in found}
    return next((answer for answer in STRICTEST_FIRST if answer in answers), "silent")


def _protocol(settings: Mapping[str, Any]) -> Protocol:
    base = load_protocol("default")
    changed = {key: replace(base.settings[key], value=value) for key, value in settings.items()}
    return replace(base, settings={**base.settings, **changed})


def _of_step(rule: Rule, facts: CaseFacts, state: State) -> Iterator[Verdict]:
    trigger = TRIGGERS[rule.step]
    failing = [one for one in trigger.guards if one.rule == rule.id and not holds(one, state, facts)]
    for guard in failing:
        yield from verdicts(guard, state, facts)
    if not failing:
        step = f"{trigger.title[0].lower()}{trigger.title[1:]}"
        yield allowed(rule.id, say("example.nothing_against", step=step))


def _of_fact(rule: Rule, facts: CaseFacts, state: State) -> Iterator[Verdict]:
    finding = facts.finding(rule.fact, state)
    yield from (one for one in finding.verdicts if one.rule == rule.id)
    if finding.verdicts:
        return
    guard = _guard_on(rule)
    if holds(guard, state, facts):
        yield allowed(rule.id, MEANING[rule.fact])
    else:
        yield from verdicts(guard, state, facts)


def _guard_on(rule: Rule) -> Guard:
    """The guard of this rule that asks for its fact."""
    return next(
        guard for one in PROCESS.triggers for guard in one.guards if (guard.fact, guard.rule) == (rule.fact, rule.id)
    )
