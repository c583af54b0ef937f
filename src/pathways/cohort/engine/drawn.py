"""Walks drawn patients through the declared process: joins the patients of a chunk to the automaton of a strategy."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from pathways.cohort.codes.state import Seen
from pathways.cohort.codes.strategies import Strategy
from pathways.cohort.draws.durations import whole
from pathways.cohort.draws.lives import lives_of
from pathways.cohort.draws.random_numbers import patient_words
from pathways.cohort.engine import stepping
from pathways.cohort.engine.automaton import Automaton, MadeFor, automaton
from pathways.cohort.engine.coded import Coded
from pathways.cohort.engine.histories import Walks
from pathways.cohort.engine.stepping import OUTCOME_DRAW, UNKNOWN, Growing, RandomNumbers
from pathways.cohort.rules.probabilities import SURE
from pathways.process.phases import PHASES

Ints = npt.NDArray[np.int64]
Column = npt.NDArray[Any]
ONE = np.uint64(1)
# Of a number that holds a key of tables and, below it, a local word.
LOCAL_BITS = 32


def walk(coded: Coded, strategy: Strategy, seed: int, *, steps: bool = False) -> Walks:
    """Walks every patient to an end; with `steps` every step is recorded."""
    facts = coded.facts
    plan = _Drawn(coded, automaton(MadeFor.of(strategy, facts)))
    words = patient_words(seed, facts.patients.number)
    lives = lives_of(
        facts.patients, words, facts.parameters, treated_again=strategy.treats_recurrences,
        carried=facts.protocol.yes("life_carried_over"),
    )  # fmt: skip
    return stepping.walk(plan, facts.patients.number, seed, lives, steps=steps)


class _Drawn:
    """The plan of drawn patients."""

    def __init__(self, coded: Coded, known: Automaton) -> None:
        self.coded, self.known = coded, known
        self.edges, self.dead = known.edges, known.dead
        words, place = coded.local
        self.local = known.number_locals(words).astype(np.int32)[place].reshape(-1)
        self.scenarios = place.shape[1]
        first, place = coded.fixed
        self.fixed = known.number_fixed(coded.facts.fixed, first).astype(np.int32)[place]
        risks, place = coded.risk
        self.risk = known.number_risks(risks).astype(np.int32)[place]

    @property
    def phase(self) -> Column:
        return self.known.phase.values

    @property
    def ended(self) -> Column:
        return self.known.ended.values

    def start(self) -> Column:
        words, place = np.unique(self.coded.start, return_inverse=True)
        found: Column = np.array([self.known.start(word) for word in words.tolist()], dtype=np.int32)[place]
        return found

    def choose(self, rows: Ints, at: Column, luck: RandomNumbers) -> Column:
        known = self.known
        known.make_room()
        outcome = known.outcome.values[at]
        place = np.empty(len(rows), dtype=np.int64)
        decides, happens = np.flatnonzero(~outcome), np.flatnonzero(outcome)
        if len(decides):
            place[decides] = self._decide(rows[decides], at[decides])
        if len(happens):
            place[happens] = self._happen(rows[happens], at[happens], luck.draw(OUTCOME_DRAW, happens))
        return _remembered(known.taken, at, place, known.edge)

    # --- decisions ------------------------------------------------------------------------------------------------------

    def _decide(self, rows: Ints, at: Column) -> Ints:
        """The place of the first step in the order of preference that is open."""
        known = self.known
        local = self.local[rows * self.scenarios + known.scenario.values[at]]
        bits = known.tables.get(known.table_key.values[at], local)
        new = np.flatnonzero(bits == 0)
        if len(new):
            self._ask_tables(local[new], rows[new], at[new])
            bits[new] = known.tables.get(known.table_key.values[at[new]], local[new])
        bits &= known.live.values[at]
        bits &= known.fixed_bits.flat[known.fixed_bits.key(known.decision.values[at], self.fixed[rows])]
        if not bits.all():
            name = PHASES[known.phase.values[at[bits == 0][0]]]
            raise RuntimeError(f"nothing is open in phase {name}: the declared process has a dead end")
        # The place of the lowest bit.
        below = bits - ONE
        below &= ~bits
        return np.bitwise_count(below).astype(np.int64)

    def _ask_tables(self, local: Ints, rows: Ints, at: Column) -> None:
        """Remembers which steps the case tables leave open, for every key and local word that nobody has asked about."""
        tables, table_key = self.known.tables, self.known.table_key.values[at]
        _, one = np.unique((table_key.astype(np.int64) << LOCAL_BITS) + local, return_index=True)
        local, rows, table_key = local[one], rows[one], table_key[one]
        for code, here, state in self._by_phase(at[one]):
            offer = self.known.choices[code]
            bits = np.full(len(here), offer.everything, dtype=np.uint64)
            for test in offer.tables:
                bits &= test.opens[self.coded.tables.lookup(test.fact, rows[here], state)]
            tables.put(table_key[here], local[here], bits)

    def _by_phase(self, at: Column) -> Iterator[tuple[int, Ints, Seen]]:
        """Places among some nodes by phase, with their states: each phase has rules of its own."""
        phase = self.known.phase.values[at]
        for code in np.unique(phase).tolist():
            here = np.flatnonzero(phase == code)
            yield code, here, Seen(self.known.word.values[at[here]])

    # --- outcomes -------------------------------------------------------------------------------------------------------

    def _happen(self, rows: Ints, at: Column, u: npt.NDArray[np.float64]) -> Ints:
        """The place of the outcome that luck brings."""
        known = self.known
        risk_key = known.risk_key.values[at]
        alike = np.flatnonzero(risk_key != UNKNOWN)
        if len(alike) == len(rows):
            return self._happen_alike(rows, at, risk_key, u)
        found = np.zeros(len(rows), dtype=np.int64)
        found[alike] = self._happen_alike(rows[alike], at[alike], risk_key[alike], u[alike])
        own = np.flatnonzero(risk_key == UNKNOWN)
        for code, places, state in self._by_phase(at[own]):
            here = own[places]
            running = self.coded.chances.running(known.outcomes[code], rows[here], state)
            found[here] = (u[here] >= running).sum(axis=0)
        return found

    def _happen_alike(self, rows: Ints, at: Column, risk_key: Column, u: npt.NDArray[np.float64]) -> Ints:
        first = self.known.running[0]
        key = first.key(risk_key, self.risk[rows])
        new = np.flatnonzero(np.isnan(first.flat[key]))
        if len(new):
            self._ask_chances(key[new], rows[new], at[new])
        found = np.zeros(len(rows), dtype=np.int64)
        for column in self.known.running:
            found += u >= column.flat[key]
        return found

    def _ask_chances(self, key: Ints, rows: Ints, at: Column) -> None:
        """Remembers the running chances of every key that nobody has asked about."""
        key, one = np.unique(key, return_index=True)
        rows = rows[one]
        for code, here, state in self._by_phase(at[one]):
            running = self.coded.chances.running(self.known.outcomes[code], rows[here], state)
            for place, column in enumerate(self.known.running):
                column.flat[key[here]] = running[place] if place < len(running) else SURE

    # --- where steps lead ---------------------------------------------------------------------------------------------------

    def more_days(self, rows: Ints, edge: Column) -> Ints | None:
        """The washout after the patient's own regimen."""
        washout = self.known.washout.values[edge]
        waits = np.flatnonzero(washout)
        if not len(waits):
            return None
        days = np.zeros(len(rows), dtype=np.int64)
        for place in np.unique(washout[waits]).tolist():
            here = np.flatnonzero(washout == place)
            days[here] = whole(self.coded.chances.washout_days(self.known.washouts[place - 1], rows[here]))
        return days

    def arrive(self, rows: Ints, edge: Column) -> Column:
        known = self.known
        target = known.edges.target.values[edge]
        pointed = np.flatnonzero(target == UNKNOWN)
        if len(pointed):
            target[pointed] = self._pointed_at(rows[pointed], edge[pointed])
        return target

    def _pointed_at(self, rows: Ints, edge: Column) -> Column:
        """The node that the facts of each patient point to."""
        known = self.known
        local = self.local[rows * self.scenarios + known.after_scenario.values[edge]]
        known.make_room()
        key = known.points.key(known.point_key.values[edge], local)
        phase = known.points.flat[key]
        new = np.flatnonzero(phase == known.points.unknown)
        if len(new):
            state = Seen(known.after.values[edge[new]])
            phase[new] = known.points.flat[key[new]] = self.coded.tables.untouched(rows[new], state)
        return _remembered(known.arrival, edge, phase, known.arrive)


def _remembered(answers: Growing, row: Column, place: Column, ask: Callable[[int, int], None]) -> Column:
    """What stands in `answers` at each row and place; whatever is not known yet is asked for once, and put there by `ask`."""
    width = answers.values.shape[1]
    key = row.astype(np.int64) * width + place
    found = answers.values.reshape(-1)[key]
    if (found == UNKNOWN).any():
        for one in np.unique(key[found == UNKNOWN]).tolist():
            ask(*divmod(one, width))
        found = answers.values.reshape(-1)[key]
    return found
