"""The search for resections over columns of patients: the same rules as `pathways.liver.resections`, for every patient at once.

There are two ways to clear the liver around a core: lesions outside it are resected one by one where they can be (the first way), or
ablated where they can be (the second, where that differs). What is left to try of a patient is a set of cores for each way, as bits of
words. Everybody tries the lowest core left to them; where it will do, the larger cores that it beats leave the set. Most patients are
done after one or two steps. Tests hold the answers to the scalar search on thousands of drawn cases, and to the plain search by columns.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from pathways.cohort.rules.cores import (
    CORE,
    EVERY,
    GROWING,
    GROWTH_SIDE,
    HOLDING,
    SPARING,
    SUPERSETS,
    VEINS_LOST,
    WORD,
    WORDS,
    Bools,
    Masks,
    Words,
    catalogue,
    words_of,
)
from pathways.cohort.rules.resection_problem import Array, Chosen, Floats, Found, Problem, SumsOverSets
from pathways.liver.resection import CLEARANCES

Orders = npt.NDArray[np.int64]
Want = Literal["all", "target"]
ONE = np.uint64(1)
NONE = np.iinfo(np.int64).max
# A candidate's place in the order of `pathways.liver.resections`, one number: loss, then ablations, limited resections, core, way.
LOSS_SHIFT, ABLATED_SHIFT, LIMITED_SHIFT, BILLION = 17, 13, 9, 1e9
CANDIDATE = (1 << LIMITED_SHIFT) - 1
NUMBER = (1 << ABLATED_SHIFT - LIMITED_SHIFT) - 1  # of segments, in such an order
FIRST, SECOND = 0, 1


def search(problem: Problem, want: Want = "all") -> Found:
    """The best resection of each class and the target of growth, for all patients; or the target alone.

    Those whom nothing else clears are searched again for what leaves liver congested.
    """
    one = _Search(problem, want)
    found = one.run()
    rows = np.flatnonzero(~one.cleared & problem.touching_veins)
    if problem.leave_congested or not len(rows):
        return found
    return found.replaced(rows, _Search(replace(problem.rows(rows), leave_congested=True), want).run())


class _Ways(NamedTuple):
    """For each of the patients `rows` a way to clear the liver around the core at `places`.

    `stays`: of what is kept, without the segments of which local treatment leaves nothing; `lost`: what it takes of the others.
    """

    rows: Array
    places: Array
    ablated: Masks
    limited: Masks
    kept: Masks
    stays: Masks
    lost: Floats

    @property
    def congested(self) -> Masks:
        """Segments that stay without a draining vein."""
        return ~(CORE[self.places] | self.kept)

    def some(self, here: Array) -> _Ways:
        """Those at the places `here`."""
        rows, places, ablated, limited, kept, stays, lost = self
        return _Ways(rows[here], places[here], ablated[here], limited[here], kept[here], stays[here], lost[here])


class _Search:
    """One search over all patients of a problem."""

    def __init__(self, problem: Problem, want: Want) -> None:
        self.problem = problem
        self.number = len(problem.lesions)
        self.catalogue = catalogue(problem.adjacent)
        self.loss_ml, self.ablated_ml = SumsOverSets(problem.loss_ml), SumsOverSets(problem.ablated_ml)
        self.lesions_in = SumsOverSets(problem.counts.astype(np.uint16))
        self.classes = len(CLEARANCES) if want == "all" else 0
        self.best = np.full((self.classes, self.number), NONE, dtype=np.int64)
        self.target_value = np.full(self.number, -1.0)
        self.target = np.full(self.number, NONE, dtype=np.int64)
        self.cleared = np.zeros(self.number, dtype=bool)
        self.first, self.second = self._worth_trying()
        # Of these, what nothing beats on the liver as it is; the others are tried as targets of growth alone.
        self.as_it_is = self.first.copy(), self.second.copy()

    def run(self) -> Found:
        """The answers for all patients."""
        for word in range(WORDS):
            rows = np.flatnonzero(self.first[word] | self.second[word])
            while len(rows):
                self._try_lowest(word, rows)
                rows = rows[(self.first[word][rows] | self.second[word][rows]) != 0]
        least = np.argmin(self.best, axis=0).astype(np.uint8) if self.classes else np.zeros(self.number, dtype=np.uint8)
        return Found(tuple(self._chosen(order) for order in self.best), least, self._chosen(self.target))

    # --- what is tried ------------------------------------------------------------------------------------------------

    def _worth_trying(self) -> tuple[Words, Words]:
        """The cores that may do, for the first way and for the second; (words, patients).

        A core has to hold whatever cannot be treated one by one, leave a remnant when the veins are lost that go in every case, and
        leave no more lesions than a session treats. The second way differs where a lesion outside can be treated either way.
        """
        problem = self.problem
        either = problem.limited & problem.ablatable & problem.lesions
        held = problem.needs | (problem.lesions & ~(problem.limited | problem.ablatable))
        first = HOLDING[:, held]
        # To remove nothing is no resection where there is nothing to treat; the empty core is the lowest bit.
        first[0, problem.lesions == 0] &= ~ONE
        many = np.flatnonzero(problem.counts.sum(axis=1, dtype=np.int64) > problem.most_local)
        if len(many):
            first[:, many] &= self._few_enough_outside(many)
        second = np.zeros_like(first)
        rows = np.flatnonzero(either)
        # What is ablated leaves its vein.
        lost = problem.veins_held(rows, problem.lesions[rows] & problem.ablatable[rows])
        second[:, rows] = first[:, rows] & self.catalogue.leaving[:, lost] & ~HOLDING[:, either[rows]]
        lost = problem.veins_held(np.arange(self.number), problem.lesions & ~problem.limited)
        first &= self.catalogue.leaving[:, lost]
        return first, second

    def _few_enough_outside(self, rows: Array) -> Words:
        """The cores outside which no more lesions lie than a session treats."""
        most = self.problem.most_local
        # More than a session treats is too many already: cut off there, eight segments add up in a narrow and so quicker type.
        counts = np.minimum(self.problem.counts[rows], np.int64(most + 1))
        narrow = np.uint8 if 8 * (most + 1) <= np.iinfo(np.uint8).max else np.uint16
        return words_of(SumsOverSets(counts.astype(narrow)).of_all(~CORE) <= most)

    def _try_lowest(self, word: int, rows: Array) -> None:
        """Tries the lowest core of a word that is left to each of the patients `rows`."""
        problem = self.problem
        first, second = self.first[word][rows], self.second[word][rows]
        bit = _lowest(first | second)
        self.first[word][rows], self.second[word][rows] = first & ~bit, second & ~bit
        places = np.bitwise_count(bit - ONE).astype(np.int64) + WORD * word
        outside = problem.lesions[rows] & ~CORE[places]
        ways, feasible = self._ways(rows, places, outside, outside & ~problem.limited[rows])
        new = np.flatnonzero(self._offered(ways, feasible) & ((first & bit) != 0))
        if len(new):
            one = ways.some(new)
            self._enter(FIRST, one, (self.as_it_is[FIRST][word][one.rows] & bit[new]) != 0)
            self._beat_by_first(word, one)
        # Who cannot be cleared by resecting what can be resected is not offered to ablate it, but where that spares a vein.
        either = outside & problem.limited[rows] & problem.ablatable[rows]
        spares = problem.veins_held(rows, ~either) != 0
        more = np.flatnonzero((feasible | spares) & ((second & bit) != 0))
        if len(more):
            rows, outside, bit = rows[more], outside[more], bit[more]
            ways, feasible = self._ways(rows, places[more], outside, outside & problem.ablatable[rows])
            will_do = np.flatnonzero(self._offered(ways, feasible))
            other = ways.some(will_do)
            self._enter(SECOND, other, (self.as_it_is[SECOND][word][other.rows] & bit[will_do]) != 0)
            self._beat_by_second(word, other)

    def _ways(self, rows: Array, places: Array, outside: Masks, ablated: Masks) -> tuple[_Ways, Bools]:
        """What each way leaves, and whether it will do: a remnant that growth could raise, no more ablations than a session holds."""
        problem = self.problem
        kept = self.catalogue.kept[places, problem.veins_held(rows, ablated)]
        limited = outside & ~ablated
        stays = kept & ~problem.gone_locally(rows, limited, ablated)
        lost = self._lost(rows, limited & stays, ablated & stays)
        feasible = (kept != 0) & (np.maximum(0.0, problem.measures.high[stays] - lost) >= problem.least[rows])
        if problem.most_ablations < problem.most_local:
            feasible &= self.lesions_in.of(rows, ablated) <= problem.most_ablations
        return _Ways(rows, places, ablated, limited, kept, stays, lost), feasible

    def _offered(self, ways: _Ways, feasible: Bools) -> Bools:
        """Of the ways that will do, those that leave nothing congested, unless that may be."""
        return feasible if self.problem.leave_congested else feasible & (ways.congested == 0)

    def _lost(self, rows: Array, limited: Masks, ablated: Masks) -> Floats:
        """Share of the liver that limited resections and ablations take."""
        lost = np.zeros(len(rows))
        some = np.flatnonzero(limited | ablated)
        if len(some):
            taken = self.loss_ml.of(rows[some], limited[some]) + self.ablated_ml.of(rows[some], ablated[some])
            lost[some] = np.minimum(1.0, taken / self.problem.total_ml[rows[some]])
        return lost

    # --- what is beaten -----------------------------------------------------------------------------------------------
    #
    # One way beats another with a larger core that keeps no more and ablates no less; but where it may leave too little, not one that takes
    # a side whose going can make the remnant grow, and not one that takes out what it leaves congested. Cores are tried smallest first,
    # so whatever could beat a core has been tried before it.

    def _beat_by_first(self, word: int, ways: _Ways) -> None:
        """A first way beats all ways with larger cores that touch nothing it ablates.

        Their first ways ablate the same, so the same veins go and no more is kept. Their second ways may ablate more, spare a vein
        by it and keep a segment that is congested here: where one is, only those that keep no more are beaten.
        """
        congested = np.flatnonzero(ways.congested)
        closer = ways.some(congested)
        veins = self._veins_after_second(closer) if len(congested) else []
        doubtful = self._doubtful(ways)
        for later in range(word, WORDS):
            beaten = SUPERSETS[later][ways.places] & SPARING[later][ways.ablated | ways.congested]
            self._leave_out(FIRST, later, ways.rows, beaten, doubtful)
            if len(congested):
                beaten[congested] &= self._keeping_no_more(later, closer, veins)
            self._leave_out(SECOND, later, ways.rows, beaten, doubtful)

    def _beat_by_second(self, word: int, ways: _Ways) -> None:
        """A second way beats the second ways of larger cores that touch nothing it ablates; first ways never ablate as much."""
        doubtful = self._doubtful(ways)
        for later in range(word, WORDS):
            beaten = SUPERSETS[later][ways.places] & SPARING[later][ways.ablated | ways.congested]
            self._leave_out(SECOND, later, ways.rows, beaten, doubtful)

    def _leave_out(self, way: int, word: int, rows: Array, beaten: Words, doubtful: Array) -> None:
        """Takes what is beaten out of what is left to try; where the winner may leave too little, a side to grow for stays as a target."""
        self.as_it_is[way][word][rows] &= ~beaten
        grown = beaten.copy()
        grown[doubtful] &= ~GROWING[word]
        (self.first, self.second)[way][word][rows] &= ~grown

    def _doubtful(self, ways: _Ways) -> Array:
        """The places of ways that have no side to grow for and may leave too little."""
        growing_none = np.flatnonzero(GROWTH_SIDE[ways.places] == 0)
        some = ways.some(growing_none)
        found: Array = growing_none[~self.problem.surely_enough(some.rows, some.stays, some.lost)]
        return found

    def _veins_after_second(self, ways: _Ways) -> list[tuple[Bools, Masks]]:
        """For each hepatic vein: whether the second way of every core loses it, and else the segments that a core loses it with."""
        problem, rows = self.problem, ways.rows
        resected = ~(problem.lesions[rows] & problem.ablatable[rows])
        return [((vein[rows] & resected) != 0, vein[rows]) for vein in problem.veins]

    def _keeping_no_more(self, word: int, ways: _Ways, veins: list[tuple[Bools, Masks]]) -> Words:
        """The cores of a word whose second way keeps nothing that `ways` do not keep."""
        losing = [np.where(always, EVERY[word], EVERY[word] & ~SPARING[word][touched]) for always, touched in veins]
        found = np.zeros(len(ways.rows), dtype=np.uint64)
        for lost in range(VEINS_LOST):
            cores = self.catalogue.within[word][ways.kept, lost]
            for bit, losing_it in enumerate(losing):
                cores &= losing_it if lost >> bit & 1 else ~losing_it
            found |= cores
        return found

    # --- what is found ------------------------------------------------------------------------------------------------

    def _enter(self, way: int, ways: _Ways, as_it_is: Bools) -> None:
        """Keeps each way where it comes before what was found so far; only what nothing beats `as_it_is` is of a class."""
        self.cleared[ways.rows] = True
        value = np.maximum(0.0, self.problem.measures.value[ways.stays] - ways.lost)
        order = _order(value, way, ways)
        lost = np.bitwise_count(~ways.kept)
        major = (lost >= self.problem.major_from) | (np.round(1.0 - value, 9) >= self.problem.major_share)
        if self.classes:
            here = _class_of(ways, major=major)[as_it_is], ways.rows[as_it_is]
            self.best[here] = np.minimum(self.best[here], order[as_it_is])
        grows = np.flatnonzero(major & (GROWTH_SIDE[ways.places] != 0))
        if len(grows):
            self._enter_target(ways.rows[grows], value[grows], order[grows])

    def _enter_target(self, rows: Array, value: Floats, order: Orders) -> None:
        """The target of growth is the larger remnant, then the one with fewer ablations, then the one that comes first."""
        value = np.rint(value * BILLION) / BILLION
        before, known = self.target_value[rows], self.target[rows]
        ablations, known_ablations = (one >> ABLATED_SHIFT & NUMBER for one in (order, known))
        sooner = (ablations < known_ablations) | ((ablations == known_ablations) & (order < known))
        better = (value > before) | ((value == before) & sooner)
        self.target_value[rows[better]], self.target[rows[better]] = value[better], order[better]

    def _chosen(self, order: Orders) -> Chosen:
        """What stands behind an order."""
        problem, measures = self.problem, self.problem.measures
        found = Chosen.nobody(self.number, measures)
        rows = np.flatnonzero(order != NONE)
        candidate = order[rows] & CANDIDATE
        places = candidate >> 1
        outside = problem.lesions[rows] & ~CORE[places]
        second = (candidate & 1) == SECOND
        ablated = np.where(second, outside & problem.ablatable[rows], outside & ~problem.limited[rows])
        ways, _ = self._ways(rows, places, outside, ablated)
        left = measures.less(ways.stays, ways.lost)
        exists = np.ones(len(rows), dtype=bool)
        of_left = left.value, left.low, left.high, left.estimated
        found.put(rows, Chosen(exists, CORE[places], ways.limited, ablated, ways.kept, *of_left))
        return found


def _lowest(words: Words) -> Words:
    """The lowest bit of each word."""
    return words & (~words + ONE)


def _order(value: Floats, way: int, ways: _Ways) -> Orders:
    """Where each way stands in the order: the least loss first, then fewer ablations, fewer limited resections, the smaller core."""
    order = np.rint((1.0 - value) * BILLION).astype(np.int64) << LOSS_SHIFT
    order |= np.bitwise_count(ways.ablated).astype(np.int64) << ABLATED_SHIFT
    order |= np.bitwise_count(ways.limited).astype(np.int64) << LIMITED_SHIFT
    return order | (2 * ways.places + way)


def _class_of(ways: _Ways, *, major: Bools) -> Array:
    """The place among the classes: ablation alone; else minor or major, each without or with ablation."""
    resecting = (CORE[ways.places] | ways.limited) != 0
    return np.where(resecting, 1 + (ways.ablated != 0) + 2 * major, 0)
