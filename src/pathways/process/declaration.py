"""The process, put together from its pathways and checked at import."""

from __future__ import annotations

import zlib
from dataclasses import replace

from pathways.messages.catalogue import worded
from pathways.process import (
    chemotherapy,
    course_of_care,
    debulking,
    diagnosis,
    follow_up,
    growth,
    liver_operations,
    outcomes,
    phases,
    primary,
    stages,
    transplantation,
    vanished,
)
from pathways.process.checks import faults
from pathways.process.facts import CASE_FACTS, LIVE_FACTS, RANK
from pathways.process.model import Guard, Process, Trigger
from pathways.process.treatments import TREATMENTS

WORDS = ("title", "short", "title_by", "short_by", "annotation", "warning", "asked", "asked_in")


def _in_words(trigger: Trigger) -> Trigger:
    """The step with everything a person reads of it in the language in use; a guard is worded wherever it stands."""
    said = worded(f"step.{trigger.name}", trigger, *WORDS)
    guards = tuple(map(_said_guard, said.guards))
    tags = tuple(replace(tag, when=tuple(map(_said_guard, tag.when))) for tag in said.tags)
    return said if (guards, tags) == (said.guards, said.tags) else replace(said, guards=guards, tags=tags)


# Most guards stand at many steps: each is worded once.
_SAID: dict[int, Guard] = {}


def _said_guard(guard: Guard) -> Guard:
    if id(guard) not in _SAID:
        _SAID[id(guard)] = worded(f"guard.{guard.rule}.{guard.fact}.{_because(guard)}", guard, "because")
    return _SAID[id(guard)]


def _because(guard: Guard) -> str:
    """Guards of one fact that ask for different values speak differently; so may two that ask for the same."""
    return "_".join([*sorted(map(str, guard.values)), f"{zlib.crc32(guard.because.encode()):08x}"])


# Offered last, so that options and routes begin with treatment.
GIVING_UP = tuple(trigger for trigger in course_of_care.TRIGGERS if trigger.gives_up)

PROCESS = Process(
    phases=phases.PHASES,
    decision_phases=frozenset(phases.DECISION_PHASES),
    outcome_phases=frozenset(phases.OUTCOME_PHASES),
    ends=frozenset(phases.ENDS),
    curative_ends=frozenset(phases.CURATIVE_ENDS),
    live_facts=LIVE_FACTS,
    case_facts=CASE_FACTS,
    rank=RANK,
    start=phases.START,
    end_of_episode=phases.END_OF_EPISODE,
    leads_on=frozenset({"followed_up", "second_half"}),
    # The order is the order in which options are shown and routes are listed.
    triggers=tuple(map(_in_words, (
        *course_of_care.TRIGGERS[: -len(GIVING_UP)],
        *outcomes.TRIGGERS,
        *diagnosis.TRIGGERS,
        *primary.TRIGGERS,
        *vanished.TRIGGERS,
        *liver_operations.TRIGGERS,
        *growth.TRIGGERS,
        *stages.TRIGGERS,
        *chemotherapy.TRIGGERS,
        *transplantation.TRIGGERS,
        *debulking.TRIGGERS,
        *(trigger for one in TREATMENTS for trigger in one.triggers),
        *follow_up.TRIGGERS,
        *GIVING_UP,
    ))),
)  # fmt: skip

_FAULTS = faults(PROCESS, phases.INVARIANTS)
if _FAULTS:
    raise ValueError("the declared process is faulty:\n" + "\n".join(_FAULTS))
