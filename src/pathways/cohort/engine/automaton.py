"""The declared process under a strategy, unfolded as far as patients have walked it. It remembers every answer that it once worked out.

A node is a phase and a state, an edge a step from a node. What is open to a patient at a node follows from three words of bits: of the
node, of the fixed facts, and of what the case tables answer. The last is remembered for every local word (see `Tables.local`)
and every part of the state that the tables read; chances likewise for every risk. So most steps of most patients are looked
up. The memory holds no patient and no luck: what it answers is a pure function, whichever patients asked before.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from pathways.cohort.codes.process import DECIDED, ENDS, Change, Choice, Outcome, choice, outcomes
from pathways.cohort.codes.state import LIVE, PHASE_CODE, Words, code_of, only
from pathways.cohort.codes.strategies import Strategy
from pathways.cohort.draws.durations import DurationDistribution, distribution_of, observation
from pathways.cohort.engine.histories import DEAD
from pathways.cohort.engine.memory import Memory, Numbering, PagedMemory
from pathways.cohort.engine.stepping import UNKNOWN, Edges, Growing, make_room
from pathways.cohort.rules.exposure import EXPOSURES, exposed_after
from pathways.cohort.rules.facts import CohortFacts
from pathways.cohort.rules.probabilities import is_personal, reads
from pathways.cohort.rules.tables import after_liver
from pathways.facts.blocks import AFTER, HALVES
from pathways.facts.intervals import block_days
from pathways.knowledge.model import Parameter, Protocol
from pathways.process.declaration import PROCESS
from pathways.process.model import Trigger
from pathways.process.phases import END_OF_EPISODE, PHASES, START
from pathways.quick_dataclass import dataclass

Ints = npt.NDArray[np.int64]
WASHOUT = "washout_after_"
RESECTED = PHASE_CODE[END_OF_EPISODE]
# Days that a protocol decides alike for everybody who is drawn: of a block, and of the halves of a perioperative course.
DAYS_OF_DRUGS = {"block_days": "", **{f"days_of_{course}_half": course for course in HALVES}}


@dataclass(frozen=True)
class MadeFor:
    """What an automaton depends on; `figures` are those that replace cited ones in `parameters`."""

    strategy: Strategy
    protocol: Protocol
    parameters: Mapping[str, Parameter] = field(compare=False)
    follow_up: bool
    figures: tuple[tuple[str, float], ...]

    @staticmethod
    def of(strategy: Strategy, facts: CohortFacts) -> MadeFor:
        """For patients such as those of `facts`."""
        return MadeFor(strategy, facts.protocol, facts.parameters, facts.follow_up, tuple(facts.figures.items()))

    def __hash__(self) -> int:
        return hash((self.strategy.name, self.figures, self.follow_up))


class Automaton:
    """The process under one strategy, protocol and set of figures."""

    def __init__(self, made_for: MadeFor) -> None:
        self.follow_up, self.protocol, self.parameters = made_for.follow_up, made_for.protocol, made_for.parameters
        strategy = made_for.strategy
        # Of somebody who is given chemotherapy; others have no exposed scene (see `Tables.local`).
        self.exposed = [int(one) for one in exposed_after(self.protocol)]
        self.second_half = self.protocol.whole(HALVES[AFTER]) > 0
        self.choices = {PHASE_CODE[name]: choice(name, strategy) for name in DECIDED}
        offered = self.choices[RESECTED].changes
        self.halves = sum(1 << place for place, one in enumerate(offered) if PROCESS.triggers[one.code].course == AFTER)
        self.outcomes = {PHASE_CODE[name]: outcomes(name) for name in PROCESS.outcome_phases}
        self.decided = {phase: place for place, phase in enumerate(self.choices)}
        self.risk_reads = {phase: _read_by(offered) for phase, offered in self.outcomes.items()}
        self.personal = {phase for phase, offered in self.outcomes.items() if _is_personal(offered)}
        self.locals, self.fixed, self.risks = Numbering(), Numbering(), Numbering()
        self._distributions: dict[str, DurationDistribution] = {}
        self._nodes, self._table_keys, self._risk_keys, self._point_keys = (Numbering() for _ in range(4))
        self._columns()
        self.dead = self.node(DEAD, 0)

    def _columns(self) -> None:
        self.phase, self.word = Growing(np.uint8, 0), Growing(np.uint64, 0)
        self.ended, self.outcome = Growing(bool, False), Growing(bool, False)
        self.live, self.decision = Growing(np.uint64, 0), Growing(np.uint8, 0)
        self.scenario, self.table_key, self.risk_key = (
            Growing(np.uint8, 0),
            Growing(np.int32, 0),
            Growing(np.int32, UNKNOWN),
        )
        width = max(len(one.changes) for one in self.choices.values())
        self.taken = Growing(np.int32, UNKNOWN, max(width, *(len(one) for one in self.outcomes.values())))
        self.edges = Edges()
        self.after, self.washout = Growing(np.uint64, 0), Growing(np.uint8, 0)
        self.point_key, self.after_scenario = Growing(np.int32, 0), Growing(np.uint8, 0)
        self.arrival = Growing(np.int32, UNKNOWN, len(PHASES))
        self.by_node = (
            self.phase, self.word, self.ended, self.outcome, self.live, self.decision, self.scenario, self.table_key,
            self.risk_key, self.taken,
        )  # fmt: skip
        self.by_edge = (self.after, self.washout, self.point_key, self.after_scenario, self.arrival)
        # 0: not asked yet. Of nothing is nothing open.
        # Of what tables could be asked hardly anything is: by far the largest of these.
        self.tables, self.fixed_bits = PagedMemory(np.uint64, 0), Memory(np.uint64, 0)
        self.points = Memory(np.uint8, len(PHASES))
        self.running = [Memory(np.float64, np.nan) for _ in range(max(len(one) for one in self.outcomes.values()))]
        self.washouts = tuple(sorted({one for trigger in PROCESS.triggers for one in _washouts(trigger)}))

    def start(self, word: int) -> int:
        """The node of the first meeting."""
        return self.node(PHASE_CODE[START], word)

    # --- nodes --------------------------------------------------------------------------------------------------------

    def node(self, phase: int, word: int) -> int:
        """The node of a phase and a state; made when it is first reached."""
        known = len(self._nodes)
        node = self._nodes.of((phase, word))
        if node == known:
            self._make_node(node, phase, word)
        return node

    def _make_node(self, node: int, phase: int, word: int) -> None:
        make_room(self.by_node, node + 1)
        self.phase.values[node], self.word.values[node] = phase, word
        name = PHASES[phase]
        self.ended.values[node] = name in ENDS or (name == END_OF_EPISODE and not self._leads_on(word))
        self.scenario.values[node] = self._scenario(word)
        if phase in self.outcomes:
            self.outcome.values[node] = True
            if phase not in self.personal:
                self.risk_key.values[node] = self._risk_keys.of((phase, word & self.risk_reads[phase]))
        elif phase in self.choices:
            offer = self.choices[phase]
            self.decision.values[node] = self.decided[phase]
            self.live.values[node] = _open(offer, word)
            self.table_key.values[node] = self._table_keys.of((phase, word & offer.reads))

    def _leads_on(self, word: int) -> bool:
        """Whether a cleared patient goes on: to follow-up, or to the second half of a perioperative course."""
        return self.follow_up or (self.second_half and _open(self.choices[RESECTED], word) & self.halves != 0)

    def _scenario(self, word: int) -> int:
        return code_of(word, "extent") * EXPOSURES + self.exposed[code_of(word, "blocks")]

    # --- edges --------------------------------------------------------------------------------------------------------

    def edge(self, node: int, place: int) -> None:
        """Makes the edge of the step at `place` of what a node offers."""
        self.taken.values[node, place] = self._make_edge(node, place)

    def _make_edge(self, node: int, place: int) -> int:
        phase, word = int(self.phase.values[node]), int(self.word.values[node])
        step = self.choices[phase].changes[place] if phase in self.choices else self.outcomes[phase][place].change
        after = step.after(word)
        distributions, washout = self._durations(step, word)
        edge = self.edges.add(phase, step.code, distributions, self._target(step, after))
        make_room(self.by_edge, edge + 1)
        self.after.values[edge], self.washout.values[edge] = after, washout
        self.point_key.values[edge] = self._point_keys.of(after & POINTS_READ)
        self.after_scenario.values[edge] = self._scenario(after)
        return edge

    def _target(self, step: Change, after: int) -> int:
        """The node reached, UNKNOWN where that depends on the patient."""
        if step.to is not None:
            return self.node(step.to, after)
        pointed = after_liver(after)
        return UNKNOWN if pointed is None else self.node(pointed, after)

    def arrive(self, edge: int, phase: int) -> None:
        """Makes the node that an edge reaches where it leads to `phase`."""
        self.arrival.values[edge, phase] = self.node(phase, int(self.after.values[edge]))

    def _durations(self, step: Change, word: int) -> tuple[tuple[DurationDistribution, ...], int]:
        """The spreads of a step's days, and the washout it waits for (0: none, else a place in `washouts` and one more)."""
        days = step.trigger.days
        if days is None:
            return (), 0
        figures = [*days.parameters]
        if days.by:
            figures.append(days.choices[str(LIVE[days.by][code_of(word, days.by)])])
        washout = [1 + self.washouts.index(one) for one in figures if one in self.washouts]
        return tuple(self._distribution(one) for one in figures), washout[0] if washout else 0

    def _distribution(self, figure: str) -> DurationDistribution:
        if figure not in self._distributions:
            self._distributions[figure] = self._new_distribution(figure)
        return self._distributions[figure]

    def _new_distribution(self, figure: str) -> DurationDistribution:
        if figure in self.washouts:
            return NOTHING
        if figure in DAYS_OF_DRUGS:
            days = block_days(self.protocol, DAYS_OF_DRUGS[figure])
            return DurationDistribution(days, days, days)
        if figure == "transplant_observation_days":
            return observation(self.protocol, self.parameters)
        # Nobody drawn has had chemotherapy that the meeting would have to wait for.
        return distribution_of("days_to_meeting" if figure == "meeting_days" else figure, self.parameters)

    # --- who asks -----------------------------------------------------------------------------------------------------

    def number_locals(self, words: Words) -> Ints:
        """Numbers of local words."""
        return self.locals.all_of(words.tolist())

    def number_risks(self, codes: Ints) -> Ints:
        """Numbers of risks."""
        return self.risks.all_of(codes.tolist())

    def number_fixed(self, fixed: Mapping[str, npt.NDArray[np.uint8]], rows: Ints) -> Ints:
        """Numbers of combinations of fixed facts: those of `rows`."""
        matrix = np.stack([column[rows] for column in fixed.values()], axis=1)
        known = len(self.fixed)
        found = self.fixed.all_of(row.tobytes() for row in matrix)
        self.fixed_bits.reach(len(self.decided), len(self.fixed))
        for phase, place in self.decided.items():
            for row, number in zip(rows[found >= known], found[found >= known], strict=True):
                bits = int(self.choices[phase].everything)
                for test in self.choices[phase].fixed:
                    bits &= int(test.opens[fixed[test.fact][row]])
                self.fixed_bits.values[place, number] = bits
        return found

    def make_room(self) -> None:
        """Makes room for an answer to whatever can be asked at the nodes and edges that there are by now."""
        self.tables.reach(len(self._table_keys), len(self.locals))
        self.points.reach(len(self._point_keys), len(self.locals))
        for column in self.running:
            column.reach(len(self._risk_keys), len(self.risks))


NOTHING = DurationDistribution(0.0, 0.0, 0.0)
POINTS_READ = only(("extent", "blocks", "volume", "growth"))


def _washouts(trigger: Trigger) -> list[str]:
    figures = () if trigger.days is None else (*trigger.days.parameters, *trigger.days.choices.values())
    return [one for one in figures if one.startswith(WASHOUT)]


def _open(offer: Choice, word: int) -> int:
    """The steps that the live facts leave open."""
    bits = int(offer.everything)
    for test in offer.live:
        bits &= int(test.opens[code_of(word, test.fact)])
    return bits


def _read_by(offered: tuple[Outcome, ...]) -> int:
    """The bits of the state that the chances of an outcome set depend on."""
    facts = {fact for one in offered for fact, _ in one.guards}
    for one in offered:
        if one.change.trigger.chance is not None:
            facts |= reads(one.change.trigger.chance)
    return only(facts)


def _is_personal(offered: tuple[Outcome, ...]) -> bool:
    return any(one.change.trigger.chance is not None and is_personal(one.change.trigger.chance) for one in offered)


@lru_cache(maxsize=4)
def automaton(made_for: MadeFor) -> Automaton:
    """The automaton for this; kept from chunk to chunk."""
    return Automaton(made_for)
