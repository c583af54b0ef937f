"""Steps that are not open: the verdicts that refuse them, and the properties that taking them all the same would break.

A step that the present phase does not offer is refused by what keeps the patient in that phase: imaging before the first
treatment, the diagnosis, the washout.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from pathways.conformance.acts import act_of
from pathways.conformance.properties import PROPERTIES
from pathways.conformance.property import Breach, Memory, Property, View
from pathways.facts import disease
from pathways.facts.derive import CaseFacts
from pathways.facts.guarding import holds, refusals
from pathways.facts.intervals import DAYS_A_WEEK
from pathways.facts.regimen import regimen, washout_weeks
from pathways.facts.stepping import step
from pathways.facts.verdict import Verdict, refused
from pathways.graph.explore import Edge, Graph
from pathways.messages.catalogue import say
from pathways.process.declaration import PROCESS
from pathways.process.facts import LIVE_INDEX, State
from pathways.process.model import Trigger
from pathways.process.phases import SITUATIONS, START
from pathways.quick_dataclass import dataclass

INDEX = {trigger.name: index for index, trigger in enumerate(PROCESS.triggers)}
TRIGGERS = {trigger.name: trigger for trigger in PROCESS.triggers}
DECISIONS = tuple(trigger for trigger in PROCESS.triggers if trigger.kind == "decision")

# What somebody may want to do before anybody has imaged the liver.
TOLD_AT_REFERRAL = frozenset({"imaging_fresh", "urgent_primary_first"})
REMNANT = frozenset({"remnant_volume", "remnant_body_weight"})


@dataclass(frozen=True, slots=True)
class Broken:
    """A property that a step would break, and how."""

    id: str
    sentence: str
    words: str
    sources: tuple[str, ...]


def verdicts_against(trigger: Trigger, state: State, facts: CaseFacts) -> tuple[Verdict, ...]:
    """What refuses `trigger` in `state`: of a step the phase does not offer, first what keeps it from being offered."""
    found = tuple(_for_this_patient(one, state, facts) for one in refusals(trigger, state, facts))
    if state.phase in trigger.phases:
        return found
    outside = _not_yet(trigger, state, facts)
    if outside is None:
        return ()
    # Before the meeting nothing else is known that could refuse it.
    return (
        (outside,)
        if state.phase == START
        else tuple(dict.fromkeys((outside, *(one for one in found if one.rule != "order"))))
    )


def _for_this_patient(verdict: Verdict, state: State, facts: CaseFacts) -> Verdict:
    """Whoever bears no resection is not told that disease to be ablated is to be operated on."""
    ablated = verdict.rule == "prompt_surgery" and facts.resection("ablation", state) is not None
    if not ablated or facts.finding("fit_minor", state).value != "no":
        return verdict
    return replace(verdict, reason=say("refusal.ablatable"))


def answerable(trigger: Trigger, state: State) -> bool:
    """Whether `trigger` can be an answer in `state` at all: the phase offers it, or something keeps it from that."""
    if state.phase in trigger.phases:
        return True
    if state.phase == START:
        return trigger.distractor.hasty
    return state.phase in ("indeterminate", "restaging") and _treats(trigger)


def at_once(trigger: Trigger, state: State) -> bool:
    """Whether the answer is to operate within days of a restaging, before the washout."""
    return state.phase == "restaging" and trigger.operation and state.phase not in trigger.phases


def taken_as_given(trigger: Trigger, state: State, facts: CaseFacts) -> tuple[Verdict, ...]:
    """What nobody has told, and the step takes as given all the same, with the assumption of each."""
    found = [
        one
        for guard in trigger.guards
        if guard.fact not in LIVE_INDEX
        for one in facts.finding(guard.fact, state).verdicts
        if one.verdict == "unknown" and one.assumed
    ]
    return tuple(dict.fromkeys(found))


def _treats(trigger: Trigger) -> bool:
    """A treatment of the team's own phases that may be wanted too early; not one that nobody thinks of before."""
    return trigger.oncological and not trigger.distractor.only_in and bool(set(trigger.phases) & set(SITUATIONS))


def _not_yet(trigger: Trigger, state: State, facts: CaseFacts) -> Verdict | None:
    """Why a treatment is not offered in this phase yet; None where nothing is said of it."""
    assessed = facts.assessed
    if not answerable(trigger, state):
        return None
    if state.phase == "indeterminate":
        return disease.lesions_characterised(assessed)
    if state.phase == START and state.primary == "urgent":
        return disease.primary_not_urgent(assessed)
    if state.phase == START:
        words = (
            "the liver has not been imaged by MRI, and no meeting has seen the patient: that comes before any treatment"
        )
        return refused("imaging_fresh", words, sources=("camino_2024", "value_2014"))
    return _washout(trigger, state, facts)


def _washout(trigger: Trigger, state: State, facts: CaseFacts) -> Verdict | None:
    """An operation straight from the restaging: the last dose is too near."""
    assessed = facts.assessed
    if not trigger.operation:
        return None
    name = regimen(assessed, "first" if state.line == "none" else state.line).name
    needed = washout_weeks(name, assessed)
    if needed is None:
        return None
    days = assessed.protocol.number("cycle_weeks") * DAYS_A_WEEK + assessed.parameters["days_to_restaging"].number
    since = days / DAYS_A_WEEK
    if since >= needed:
        return None
    key = "washout_weeks_bevacizumab" if name and "bevacizumab" in name else "washout_weeks_cytotoxic"
    words = f"{since:g} weeks since the last dose; the interval of this regimen is {needed:g}"
    return refused(
        "washout_complete", words, value=since, limit=needed, unit="weeks", sources=assessed.protocol.sources(key)
    )


def teaches(trigger: Trigger, state: State, facts: CaseFacts) -> bool:
    """Whether a refusal of `trigger` says something of the patient and not of the order of steps."""
    if not answerable(trigger, state) or trigger.distractor.never:
        return False
    if not considered(trigger, state, facts):
        return False
    for guard in trigger.guards:
        if guard.fact not in LIVE_INDEX or holds(guard, state, facts):
            continue
        if guard.teaches:
            continue
        return False
    against = verdicts_against(trigger, state, facts)
    # Volumetry on the way has found the remnant of the planned operation large enough; the figures of the case are older.
    measured = state.growth == "adequate" or state.volume == "enough"
    return bool(against) and not (measured and any(one.rule in REMNANT for one in against))


def considered(trigger: Trigger, state: State, facts: CaseFacts) -> bool:
    """Whether a team would think of a step at all for this tumour, this remnant and this patient."""
    distractor = trigger.distractor
    if distractor.only_in and state.phase not in distractor.only_in:
        return False
    if distractor.when_in and state.phase not in distractor.when_in:
        return True
    return all(holds(guard, state, facts) for guard in distractor.when)


class Watch:
    """The properties along one way through a graph."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        assessed = graph.facts.assessed
        self.view = View(assessed.case, assessed.protocol)

    def memories(self, route: Iterable[Edge]) -> list[Memory]:
        """What every property remembers after `route`."""
        found = [one.start(self.view) for one in PROPERTIES]
        for edge in route:
            act = act_of(self.graph, edge)
            found = [
                memory if one.after is None else one.after(memory[0], _clock(one, memory, act.days), act, self.view)
                for one, memory in zip(PROPERTIES, found, strict=True)
            ]
        return found

    def broken(self, route: Iterable[Edge], trigger: Trigger, state: State) -> tuple[Broken, ...]:
        """The properties that taking `trigger` after `route`, though refused, would break."""
        graph = self.graph
        after = step(trigger, state, graph.facts)
        imagined = replace(graph, states=(*graph.states, after), edges=(*graph.edges, ()))
        act = act_of(imagined, Edge(INDEX[trigger.name], graph.index[state], len(graph.states)))
        if at_once(trigger, state):
            act = replace(act, days=0)
        found = []
        for one, memory in zip(PROPERTIES, self.memories(route), strict=True):
            answer = one.judge(memory[0], _clock(one, memory, act.days), act, self.view)
            # Before the meeting nobody knows the remnant or the patient's wishes yet.
            if isinstance(answer, Breach) and (state.phase != START or one.id in TOLD_AT_REFERRAL):
                found.append(Broken(one.id, one.sentence, answer.words, one.sources))
        return tuple(found)


def _clock(one: Property, memory: Memory, days: int | None) -> int | None:
    clock = memory[1]
    if not one.clock:
        return clock
    return None if clock is None or days is None else clock + days
