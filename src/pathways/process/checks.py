"""Structural checks of a declaration: what would make the graph cyclic, a chance not add to one, a guard meaningless.

Each check yields sentences; none of them looks at a case. They run once, when the declaration is imported.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from string import Formatter
from typing import get_args

from pathways.documents.problems import nearest
from pathways.knowledge.protocols import knowledge
from pathways.process import acts
from pathways.process.model import BY_SITUATION, Process, Trigger, Value
from pathways.process.phases import SITUATION_PHASES
from pathways.process.rules import RULES
from pathways.words import Family

Invariants = Mapping[str, Mapping[str, tuple[Value, ...]]]
Domains = Mapping[str, tuple[Value, ...]]


def faults(process: Process, invariants: Invariants) -> list[str]:
    """Every structural fault of `process`, as sentences."""
    found = [
        *_names(process), *_phases(process), *_guards_and_effects(process), *_outcome_sets(process), *_words(process),
        *_acts(process),
    ]  # fmt: skip
    if not found:
        domains = _domains(process)
        for trigger in process.triggers:
            found += _rank_rises(process, domains, invariants, trigger)
            found += _keeps_invariants(domains, invariants, trigger)
    return found


def _domains(process: Process) -> Domains:
    live = {fact.name: fact.domain for fact in process.live_facts}
    return live | {fact.name: fact.domain for fact in process.case_facts}


def targets(trigger: Trigger, stage: Value | None = None) -> tuple[str, ...]:
    """Every phase `trigger` may lead to; with `stage`, only those where that is the stage afterwards."""
    if trigger.to != BY_SITUATION:
        return (trigger.to,)
    reached = (phases for known, phases in SITUATION_PHASES.items() if stage in (None, known))
    return tuple(dict.fromkeys(phase for phases in reached for phase in phases))


def _names(process: Process) -> Iterator[str]:
    names = [trigger.name for trigger in process.triggers]
    facts = [fact.name for fact in process.live_facts] + [fact.name for fact in process.case_facts]
    for twice in sorted({name for name in names if names.count(name) > 1}):
        yield f"two triggers are called {twice}"
    for twice in sorted({name for name in facts if facts.count(name) > 1}):
        yield f"two facts are called {twice}"
    for trigger in process.triggers:
        if trigger.kind == "decision" and not trigger.sources:
            yield f"decision {trigger.name} cites no source"


def _phases(process: Process) -> Iterator[str]:
    kinds = [process.decision_phases, process.outcome_phases, process.ends]
    for phase in process.phases:
        if sum(phase in kind for kind in kinds) != 1:
            yield f"phase {phase} is not exactly one of: decision phase, outcome phase, end"
    for trigger in process.triggers:
        home = process.decision_phases if trigger.kind == "decision" else process.outcome_phases
        if trigger.kind == "decision" and any(guard.fact in process.leads_on for guard in trigger.guards):
            home = home | {process.end_of_episode}
        for phase in trigger.phases:
            if phase not in home:
                yield f"{trigger.kind} {trigger.name} stands in {phase}, which is no {trigger.kind} phase"
        for phase in targets(trigger):
            if phase not in process.phases:
                yield f"{trigger.name} leads to {phase}, which is no phase"
    for phase in sorted(process.decision_phases | process.outcome_phases):
        if not any(phase in trigger.phases for trigger in process.triggers):
            yield f"nothing leads out of {phase}"


def _guards_and_effects(process: Process) -> Iterator[str]:
    domains = _domains(process)
    live = {fact.name for fact in process.live_facts}
    for trigger in process.triggers:
        guards = (*trigger.guards, *(guard for tag in trigger.tags for guard in tag.when))
        for guard in guards:
            if guard.fact not in domains:
                yield f"{trigger.name} reads {guard.fact}, which is no fact"
            elif not guard.values or not guard.values <= set(domains[guard.fact]):
                yield f"{trigger.name} asks {guard.fact} for {sorted(map(str, guard.values))}"
        for effect in trigger.effects:
            written = {effect.value} if effect.value is not None else set(effect.mapping.values())
            if effect.fact not in live or not written <= set(domains[effect.fact]):
                yield f"{trigger.name} writes {sorted(map(str, written))} to {effect.fact}"


def _outcome_sets(process: Process) -> Iterator[str]:
    """Exactly one hoped-for member and exactly one that takes the remainder, both always possible."""
    for phase in sorted(process.outcome_phases):
        members = [trigger for trigger in process.triggers if phase in trigger.phases]
        for what, chosen in (
            ("hoped-for outcome", [one for one in members if one.hoped_for]),
            ("outcome that takes the remainder", [one for one in members if one.chance is None]),
        ):
            if len(chosen) != 1:
                yield f"{phase} has {len(chosen)} times a {what}, not once"
            elif chosen[0].guards:
                yield f"the {what} of {phase}, {chosen[0].name}, has a guard"


def _words(process: Process) -> Iterator[str]:
    """Every word by which a step speaks to other rooms is one that they know."""
    shipped = knowledge()
    for trigger in process.triggers:
        guards = (*trigger.guards, *trigger.distractor.when, *(guard for tag in trigger.tags for guard in tag.when))
        spoken: tuple[tuple[str, Iterable[str], Collection[str]], ...] = (
            ("act", trigger.acts, acts.ACTS),
            ("site", trigger.treats, acts.SITES),
            ("finding", trigger.finds, acts.FINDINGS),
            ("course", filter(None, [trigger.course]), acts.COURSES),
            ("event word", trigger.events, {*acts.ACT_OF_EVENT, *acts.NO_ACT}),
            ("rule", (guard.rule for guard in guards), RULES),
            ("family", (tag.family for tag in trigger.tags), get_args(Family)),
            ("source", (*trigger.sources, *(one for guard in guards for one in guard.sources)), shipped.sources),
            ("figure", filter(None, (name for _, name, _, _ in Formatter().parse(trigger.annotation))), shipped.parameters),
            ("phase", (*trigger.distractor.only_in, *trigger.distractor.when_in), process.phases),
        )  # fmt: skip
        for what, words, known in spoken:
            for word in words:
                if word not in known:
                    yield f'{trigger.name} names the {what} "{word}", which is unknown{nearest(word, known)}'


# What a decision may not do to the patient without saying so: fact, value (any, where None), the acts of which one is named.
DONE_BY: tuple[tuple[str, Value | None, frozenset[str]], ...] = (
    ("stage", None, acts.ON_THE_LIVER | {"surveillance"}),
    ("sites", None, frozenset({"surveillance"})),
    ("primary", "resected", frozenset({"primary_resection"})),
    ("primary", "in_situ", frozenset({"diversion"})),
    ("primary", "irradiated", frozenset({"radiotherapy"})),
    ("primary", "rested", frozenset({"radiotherapy"})),
    ("extrahepatic", "cleared", frozenset({"metastasectomy"})),
    ("bile", "free", frozenset({"drainage"})),
    ("line", None, frozenset({"systemic"})),
    ("blocks", None, frozenset({"systemic"})),
    ("listed", "yes", frozenset({"transplantation"})),
    ("listed", "observed", frozenset({"waiting"})),
    ("relapse", "treated", acts.OPERATIONS),
)
# An act that removes a site says so beside it.
REMOVED_BY = {"primary_resection": "primary", "metastasectomy": "extrahepatic"}


def _acts(process: Process) -> Iterator[str]:
    """A decision says what it does: whoever proves, audits or teaches knows a step by its acts alone."""
    for trigger in process.triggers:
        if trigger.kind == "outcome":
            if trigger.acts:
                yield f"outcome {trigger.name} names acts, which only the team does"
            continue
        done = set(trigger.acts)
        if not done:
            yield f"decision {trigger.name} names no act: nobody can prove, audit or teach what it does"
            continue
        for fact, value, needed in DONE_BY:
            if needed.isdisjoint(done) and any(
                one.fact == fact and value in (None, one.value) for one in trigger.effects
            ):
                yield f"{trigger.name} changes {fact}, but none of its acts is {' or '.join(sorted(needed))}"
        if acts.stimulates(trigger) and acts.STIMULI.isdisjoint(done):
            yield f"{trigger.name} gives a growth stimulus, but names no act that is one"
        for act, site in REMOVED_BY.items():
            if (act in done) != (site in trigger.treats):
                yield f"{trigger.name}: the act {act} and treating the {site} go together"
        if ("systemic" in done) != bool(trigger.course):
            yield f"{trigger.name}: systemic treatment and its course go together"
        if trigger.operation and done.isdisjoint(acts.OPERATIONS | {"transplantation"}):
            yield f"{trigger.name} counts as an operation, but none of its acts is one"
        yield from _recorded(trigger)
        if not trigger.elective and not any(
            one.fact == "primary" and one.values == {"urgent"} for one in trigger.guards
        ):
            yield f"{trigger.name} is not elective, but its guards ask for no emergency"


def _recorded(trigger: Trigger) -> Iterator[str]:
    """A record's word for a step means one of its acts; the stages of the liver are called one by another."""
    done = set(trigger.acts)
    for word in trigger.events:
        act = acts.ACT_OF_EVENT.get(word)
        stages = act in acts.ON_THE_LIVER and not acts.ON_THE_LIVER.isdisjoint(done)
        if act is not None and act not in done and not stages:
            yield f'{trigger.name}: a record calls it "{word}", which is {act}, and that is none of its acts'


def _before(trigger: Trigger, invariants: Invariants, fact: str, domain: tuple[Value, ...]) -> list[Value]:
    """Values `fact` may have before `trigger`, by its guards and by what holds in its phases."""
    possible = set(domain)
    for guard in trigger.guards:
        if guard.fact == fact:
            possible &= guard.values
    known = [set(invariants[phase][fact]) for phase in trigger.phases if fact in invariants.get(phase, {})]
    if len(known) == len(trigger.phases):
        possible &= set().union(*known)
    return [value for value in domain if value in possible]


def _reachable(domains: Domains, invariants: Invariants, trigger: Trigger) -> set[str]:
    """Every phase `trigger` may lead to, given the stages of surgery in which it can be taken."""
    written = [effect.value for effect in trigger.effects if effect.fact == "stage"]
    stages = written or _before(trigger, invariants, "stage", domains["stage"])
    return {target for stage in stages for target in targets(trigger, stage)}


def _rank_rises(process: Process, domains: Domains, invariants: Invariants, trigger: Trigger) -> Iterator[str]:
    if trigger.raises not in process.rank:
        yield f"{trigger.name} raises {trigger.raises}, which is no part of the rank"
        return
    place = process.rank.index(trigger.raises)
    for effect in trigger.effects:
        if effect.fact in process.rank[:place]:
            yield f"{trigger.name} changes {effect.fact}, which stands before {trigger.raises} in the rank"
    if trigger.raises == "phase":
        order = process.phases.index
        for source in trigger.phases:
            for target in _reachable(domains, invariants, trigger):
                if order(target) <= order(source):
                    yield f"{trigger.name} leads from {source} back to {target} without raising anything"
        if any(effect.fact in process.rank for effect in trigger.effects):
            yield f"{trigger.name} changes a part of the rank but says it raises only the phase"
        return
    domain = domains[trigger.raises]
    raising = [one for one in trigger.effects if one.fact == trigger.raises]
    if not raising:
        yield f"{trigger.name} says it raises {trigger.raises} but does not change it"
        return
    for value in _before(trigger, invariants, trigger.raises, domain):
        after = raising[0].mapping.get(value, value) if raising[0].mapping else raising[0].value
        if not raising[0].step and domain.index(after) <= domain.index(value):
            yield f"{trigger.name} takes {trigger.raises} from {value} to {after}, which is no rise"


def _keeps_invariants(domains: Domains, invariants: Invariants, trigger: Trigger) -> Iterator[str]:
    if trigger.to == BY_SITUATION:
        return  # the table `situation` decides; a test holds it to the invariants
    for fact, allowed in invariants.get(trigger.to, {}).items():
        domain = domains[fact]
        effect = next((one for one in trigger.effects if one.fact == fact), None)
        if effect is None:
            after = set(_before(trigger, invariants, fact, domain))
        else:
            after = set(effect.mapping.values()) if effect.mapping else {effect.value}  # type: ignore[arg-type]
        if not after <= set(allowed):
            yield f"{trigger.name} may enter {trigger.to} with {fact} {sorted(map(str, after - set(allowed)))}"
