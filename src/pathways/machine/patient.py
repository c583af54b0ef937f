"""A patient as a state machine: options, refusals with reasons, decisions and outcomes.

One `transitions` machine is built from the declaration and shared by all patients; a patient is a small model handed
to it, never registered with it. Verdicts are gathered before a step (`prepare_event`) and read by its conditions, so
a refusal keeps its reasons.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from pathways.case.models import Case
from pathways.documents.problems import PathwaysError, nearest
from pathways.facts.derive import CaseFacts
from pathways.facts.guarding import refusals
from pathways.facts.step_names import title_for
from pathways.facts.stepping import step
from pathways.facts.verdict import Verdict
from pathways.knowledge.model import Protocol
from pathways.knowledge.protocols import as_protocol
from pathways.process.checks import targets
from pathways.process.declaration import PROCESS
from pathways.process.facts import State
from pathways.process.model import Kind, Trigger
from pathways.quick_dataclass import dataclass

if TYPE_CHECKING:
    from transitions import EventData, Machine

TRIGGERS = {trigger.name: trigger for trigger in PROCESS.triggers}


class Refused(PathwaysError):  # noqa: N818 - a refusal is an answer of the process, not a fault
    """A step that is not open; `verdicts` say why."""

    def __init__(self, trigger: str, verdicts: tuple[Verdict, ...]) -> None:
        self.trigger = trigger
        self.verdicts = verdicts
        super().__init__(f"{trigger}: refused: " + "; ".join(verdict.reason for verdict in verdicts))


@dataclass(frozen=True, slots=True)
class Option:
    """A step the declaration offers in the present phase, and what refuses it (nothing: it is open)."""

    trigger: str
    kind: Kind
    title: str
    refused_by: tuple[Verdict, ...]

    @property
    def open(self) -> bool:
        """Whether the step can be taken."""
        return not self.refused_by


@dataclass(frozen=True, slots=True)
class Step:
    """One step taken."""

    trigger: str
    before: State
    after: State


class Patient:
    """One patient walking through the process."""

    def __init__(self, facts: CaseFacts) -> None:
        self.facts = facts
        self.state = facts.start()
        self.phase = self.state.phase
        self.steps: tuple[Step, ...] = ()
        self._refusals: tuple[Verdict, ...] = ()
        self._next: State | None = None

    def options(self) -> tuple[Option, ...]:
        """Every step the declaration offers in the present phase, open or refused, in declared order."""
        return tuple(
            Option(
                name,
                TRIGGERS[name].kind,
                title_for(TRIGGERS[name], self.facts.assessed),
                refusals(TRIGGERS[name], self.state, self.facts),
            )
            for name in self._offered()
        )

    def _offered(self) -> tuple[str, ...]:
        return () if self.ended else _offered(self.phase)

    def decide(self, trigger: str) -> State:
        """Takes a decision of the team. Raises Refused with the verdicts, or PathwaysError for a wrong name."""
        return self._fire(trigger, "decision")

    def outcome(self, trigger: str) -> State:
        """Lets nature answer. Raises Refused or PathwaysError."""
        return self._fire(trigger, "outcome")

    @property
    def ended(self) -> bool:
        """Whether the pathway has come to an end."""
        leads_on = self.phase == PROCESS.end_of_episode and any(
            not refusals(TRIGGERS[name], self.state, self.facts) for name in _offered(self.phase)
        )
        return self.phase in PROCESS.ends and not leads_on

    def _fire(self, name: str, kind: Kind) -> State:
        offered = [one for one in self._offered() if TRIGGERS[one].kind == kind]
        if name not in offered:
            accepted = ", ".join(offered) or "nothing, the pathway has ended"
            raise PathwaysError(f'{kind} "{name}" in phase {self.phase}: accepted: {accepted}{nearest(name, offered)}')
        before = self.state
        if not shared_machine().events[name].trigger(self):
            raise Refused(name, self._refusals)
        assert self._next is not None
        self.state = self._next
        self.steps = (*self.steps, Step(name, before, self.state))
        return self.state

    def prepare(self, trigger: Trigger) -> None:
        """Gathers the verdicts on `trigger` and, if it is open, the state it would lead to."""
        self._refusals = refusals(trigger, self.state, self.facts)
        self._next = None if self._refusals else step(trigger, self.state, self.facts)

    def may_enter(self, phase: str) -> bool:
        """Whether the step prepared is open and leads to `phase`."""
        return self._next is not None and self._next.phase == phase


def patient(
    case: Case, protocol: Protocol | str = "default", *, strict: bool = False, follow_up: bool = False
) -> Patient:
    """A patient at the start of `case` under `protocol`."""
    return Patient(CaseFacts(case, as_protocol(protocol), strict=strict, follow_up=follow_up))


@lru_cache(maxsize=1)
def shared_machine() -> Machine:
    """The machine built from the declaration, once."""
    from transitions import Machine

    machine = Machine(
        model=None,
        states=list(PROCESS.phases),
        initial=PROCESS.start,
        auto_transitions=False,
        send_event=True,
        model_attribute="phase",
        prepare_event=_prepare,
    )
    for trigger in PROCESS.triggers:
        for phase in targets(trigger):
            machine.add_transition(trigger.name, list(trigger.phases), phase, conditions=_leads_to(phase))
    return machine


@cache
def _offered(phase: str) -> tuple[str, ...]:
    """Names of the triggers the machine knows in `phase`, in declared order."""
    known = set(shared_machine().get_triggers(phase))
    return tuple(name for name in TRIGGERS if name in known)


def _prepare(event: EventData) -> None:
    _patient_of(event).prepare(TRIGGERS[event.event.name])


def _patient_of(event: EventData) -> Patient:
    assert isinstance(event.model, Patient)
    return event.model


def _leads_to(phase: str) -> Callable[[EventData], bool]:
    def leads_there(event: EventData) -> bool:
        return _patient_of(event).may_enter(phase)

    return leads_there
