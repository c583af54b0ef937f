"""The declared process compiled to tables over codes: what a phase offers, what a step changes, in the order of a strategy.

Nothing here knows a trigger by name. A decision is found by intersecting, for each fact a phase asks about, the set of steps that its
value leaves open; sets are bits of one word in the order of preference, so the lowest bit is the step taken.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from pathways.cohort.codes.case_facts import DOMAIN
from pathways.cohort.codes.state import LIVE, LIVE_CODE, PHASE_CODE, SHIFT, code_of, only, with_code
from pathways.cohort.codes.strategies import Preference, Strategy
from pathways.process.declaration import PROCESS
from pathways.process.model import BY_SITUATION, Guard, Trigger, Value
from pathways.process.phases import SITUATIONS
from pathways.quick_dataclass import dataclass

Words = npt.NDArray[np.uint64]
TRIGGER_CODE = {trigger.name: code for code, trigger in enumerate(PROCESS.triggers)}
TABLES = {fact.name: fact.keys for fact in PROCESS.case_facts if fact.keys}
WORD = 64
UNTOUCHED = frozenset[Value]({"none"})
# What is true of every drawn patient at all times: nothing was suspected, nothing has vanished, no duct is obstructed, and metastases
# of the bowel are not debulked (`CohortFacts` refuses a protocol that would).
ALWAYS = {
    "sites": "none",
    "bile": "free",
    "pregnancy": "none",
    "gestation": "none",
    "nature": "confirmed",
    "debulking_allowed": "no",
}
DECIDED = tuple(name for name in PROCESS.phases if name in PROCESS.decision_phases or name == PROCESS.end_of_episode)
ENDS = frozenset(PROCESS.ends - {PROCESS.end_of_episode})


@dataclass(frozen=True)
class Change:
    """What a step does to the state, and where it leads (None: where the facts point)."""

    trigger: Trigger
    code: int
    keep: int
    put: int
    mapped: tuple[tuple[str, tuple[int, ...]], ...]
    add: int
    to: int | None

    def after(self, word: int) -> int:
        """The state after the step."""
        word = word & self.keep | self.put
        for fact, table in self.mapped:
            word = with_code(word, fact, table[code_of(word, fact)])
        return word + self.add


@dataclass(frozen=True)
class Test:
    """A fact that a phase asks about: for each code the steps left open; `of`: the steps that ask."""

    fact: str
    opens: Words
    of: np.uint64


@dataclass(frozen=True)
class Choice:
    """A decision phase under a strategy: preferences by bit, and the tests; `reads`: bits of the state that the tables depend on."""

    everything: np.uint64
    changes: tuple[Change, ...]
    fixed: tuple[Test, ...]
    live: tuple[Test, ...]
    tables: tuple[Test, ...]
    reads: int


@dataclass(frozen=True)
class Outcome:
    """One outcome of a set, with the live facts that have to hold for it."""

    change: Change
    guards: tuple[tuple[str, npt.NDArray[np.bool_]], ...]


@lru_cache(maxsize=256)
def change(name: str) -> Change:
    """The compiled effects of a trigger."""
    trigger = PROCESS.triggers[TRIGGER_CODE[name]]
    constant, mapped, add = {}, [], 0
    for effect in trigger.effects:
        codes = LIVE_CODE[effect.fact]
        if effect.step:
            add += effect.step << SHIFT[effect.fact]
        elif effect.mapping:
            table = tuple(codes[effect.mapping.get(value, value)] for value in LIVE[effect.fact])
            mapped.append((effect.fact, table))
        elif effect.value is not None:
            constant[effect.fact] = codes[effect.value]
    put = sum(code << SHIFT[fact] for fact, code in constant.items())
    to = None if trigger.to == BY_SITUATION else PHASE_CODE[trigger.to]
    return Change(trigger, TRIGGER_CODE[name], ~only(constant), put, tuple(mapped), add, to)


def choice(phase: str, strategy: Strategy) -> Choice:
    """The compiled decision of a phase."""
    preferences = _without_repeats(strategy.orders[phase], phase)
    if len(preferences) > WORD:
        raise ValueError(f"phase {phase} offers {len(preferences)} preferences: more than the bits of a word")
    asked: dict[str, dict[int, frozenset[Any]]] = {}
    for bit, one in enumerate(preferences):
        for guard in (*one.trigger.guards, *one.when):
            steps = asked.setdefault(guard.fact, {})
            steps[bit] = steps.get(bit, frozenset(guard.values)) & guard.values
    tests = {fact: _test(fact, steps, len(preferences)) for fact, steps in asked.items()}
    return Choice(
        everything=_bits(range(len(preferences))),
        changes=tuple(change(one.trigger.name) for one in preferences),
        fixed=tuple(test for fact, test in tests.items() if fact not in LIVE and fact not in TABLES),
        live=tuple(test for fact, test in tests.items() if fact in LIVE),
        tables=tuple(test for fact, test in tests.items() if fact in TABLES),
        reads=only({key for fact in tests if fact in TABLES for key in TABLES[fact]}),
    )


def outcomes(phase: str) -> tuple[Outcome, ...]:
    """The compiled outcomes of a phase, in declared order."""
    return tuple(
        Outcome(change(one.name), tuple((guard.fact, _accepts(guard)) for guard in one.guards))
        for one in PROCESS.triggers
        if phase in one.phases
    )


def _without_repeats(preferences: tuple[Preference, ...], phase: str) -> tuple[Preference, ...]:
    """Preferences without those that an earlier one of the same step makes idle, and those that nobody drawn can take."""
    found: list[Preference] = []
    settled: set[str] = set()
    for one in preferences:
        if any(
            guard.fact in ALWAYS and ALWAYS[guard.fact] not in guard.values
            for guard in (*one.trigger.guards, *one.when)
        ) or _of_another_situation(one.trigger, phase):
            continue
        if one.trigger.name not in settled:
            found.append(one)
        if not one.when:
            settled.add(one.trigger.name)
    return tuple(found)


def _of_another_situation(trigger: Trigger, phase: str) -> bool:
    """Whether a step for an untouched liver asks for another situation than the one that `phase` is: it is never open there."""
    asked = {guard.fact: guard.values for guard in trigger.guards if guard.fact != BY_SITUATION}
    situations = [guard.values for guard in trigger.guards if guard.fact == BY_SITUATION]
    return phase in SITUATIONS and asked.get("stage") == UNTOUCHED and any(phase not in values for values in situations)


def _test(fact: str, steps: dict[int, frozenset[Any]], number: int) -> Test:
    domain = LIVE[fact] if fact in LIVE else DOMAIN[fact]
    idle = [bit for bit in range(number) if bit not in steps]
    opens = [_bits([*idle, *(bit for bit, values in steps.items() if value in values)]) for value in domain]
    return Test(fact, np.array(opens, dtype=np.uint64), _bits(steps))


def _bits(places: Any) -> np.uint64:
    return np.uint64(sum(1 << place for place in places))


def _accepts(guard: Guard) -> npt.NDArray[np.bool_]:
    if guard.fact not in LIVE:
        raise ValueError(f"outcomes read live facts alone, and {guard.fact} is none")
    return np.array([value in guard.values for value in LIVE[guard.fact]])
