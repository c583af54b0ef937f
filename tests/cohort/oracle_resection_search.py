"""The search for resections by columns as it was before sets of cores: every core on all patients, core after core.

It stays for one release, so that the new search is held to it in every field. Sums of losses and of lesions are those of the product.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from pathways.cohort.rules.cores import CORES, GROWTH_SIDE, WORD, WORDS
from pathways.cohort.rules.cores import catalogue as cores_leaving
from pathways.cohort.rules.resection_problem import Array, Chosen, Floats, Masks, Measures, Problem, SumsOverSets
from pathways.liver.anatomy import ALL
from pathways.liver.resection import CLEARANCES

Orders = npt.NDArray[np.int64]
NONE = np.iinfo(np.int64).max
LOSS_SHIFT, ABLATED_SHIFT, LIMITED_SHIFT, BILLION = 17, 13, 9, 1e9
CANDIDATE = (1 << LIMITED_SHIFT) - 1
CLASS = {name: index for index, name in enumerate(CLEARANCES)}
PLACE_OF = np.array([CORES.index(mask) if mask in CORES else -1 for mask in range(256)])
POPCOUNT = np.array([mask.bit_count() for mask in range(256)], dtype=np.uint8)
BITS = np.array([[mask >> bit & 1 for bit in range(8)] for mask in range(256)], dtype=np.float64)


# Cores that take a side to grow for, as words.
GROWING_CORES = np.zeros(WORDS, dtype=np.uint64)
for _place, _side in enumerate(GROWTH_SIDE):
    GROWING_CORES[_place // WORD] |= np.uint64(int(_side != 0) << _place % WORD)


@dataclass(frozen=True)
class Catalogue:
    """What depends on the cores alone."""

    kept: Masks
    subsets: tuple[tuple[int, ...], ...]
    supersets: npt.NDArray[np.uint64]
    growth_side: Any


@lru_cache(maxsize=4)
def catalogue(adjacent):
    subsets = tuple(
        tuple(place for place, other in enumerate(CORES) if other != core and not other & ~core) for core in CORES
    )
    supersets = np.zeros((len(CORES), WORDS), dtype=np.uint64)
    for place, contained in enumerate(subsets):
        for smaller in contained:
            supersets[smaller, place // WORD] |= np.uint64(1 << place % WORD)
    return Catalogue(cores_leaving(adjacent).kept, subsets, supersets, GROWTH_SIDE)


class Sums:
    """What limited resections take, and lesions, of a problem."""

    def __init__(self, problem):
        self.problem = problem

    def __getattr__(self, name):
        return getattr(self.problem, name)

    def rows(self, rows):
        return Sums(self.problem.rows(rows))

    @cached_property
    def losses(self):
        return SumsOverSets(self.problem.loss_ml)

    @cached_property
    def lesions_in(self):
        return SumsOverSets(self.problem.counts.astype(np.uint16))

    @cached_property
    def zones(self):
        return SumsOverSets(self.problem.ablated_ml)

    def lost(self, rows, limits, ablated):
        taken = self.losses.of(rows, limits) + self.zones.of(rows, ablated)
        return np.minimum(1.0, taken / self.problem.total_ml[rows])

    def left(self, rows, kept, limits, ablated):
        """What local treatment leaves of the segments that are kept: those it does not use up, and the share it takes of them."""
        used_up = (limits & self.problem.used_up[rows]) | (ablated & self.problem.ablated_up[rows])
        remain = kept & ~used_up
        return remain, self.lost(rows, limits & remain, ablated & remain)


@dataclass(frozen=True)
class Found:
    classes: tuple[Chosen, ...]
    first: Chosen
    target: Chosen


def judged(measures, exists, core, limited, ablated, kept, left):
    """With the remnant that local treatment leaves: segments, less a share of the liver."""
    remain, lost = left
    value, low, high = (np.maximum(0.0, one[remain] - lost) for one in (measures.value, measures.low, measures.high))
    estimated = (lost > 0) | measures.spread[remain]
    return Chosen(exists, core, limited, ablated, kept, value, low, high, estimated)


class Search:
    """One search over all patients of a problem."""

    def __init__(self, problem: Problem, *, plain: bool = False) -> None:
        self.problem = problem
        self.plain = plain
        self.catalogue = catalogue(problem.adjacent)
        self.measures = problem.measures
        self.number = len(problem.lesions)
        self.held = problem.needs | (problem.lesions & ~(problem.limited | problem.ablatable))
        outside = BITS[[~core & ALL for core in CORES]].astype(np.float32)
        # Of those who have many lesions: whether a core leaves more of them for local treatment than a session allows; core by core.
        self.many = np.flatnonzero(problem.counts.sum(axis=1) > problem.most_local)
        self.too_many = outside @ problem.counts[self.many].astype(np.float32).T > problem.most_local
        # What each candidate leaves and ablates, for those of whom that has to be compared.
        candidates = 2 * len(CORES)
        self.not_kept = np.full((candidates, self.number), 255, dtype=np.uint8)
        self.ablated = np.zeros((candidates, self.number), dtype=np.uint8)
        self.enough = np.zeros((candidates, self.number), dtype=bool)
        self.feasible = [False] * candidates
        # Of plain patients: cores that hold a core already found to do.
        self.idle = np.zeros((WORDS, self.number), dtype=np.uint64)
        self.best = np.full((len(CLEARANCES), self.number), NONE, dtype=np.int64)
        self.target_value = np.full(self.number, -1.0)
        self.target_order = np.full(self.number, NONE, dtype=np.int64)

    def run(self) -> Found:
        """The answers for all patients."""
        for place in range(len(CORES)):
            self._core(place)
        first = self.best.min(axis=0)
        return Found(
            tuple(self._chosen(order) for order in self.best), self._chosen(first), self._chosen(self.target_order)
        )

    def _core(self, place: int) -> None:
        problem, stays = self.problem, np.uint8(~CORES[place] & ALL)
        possible = (self.held & stays) == 0
        possible[self.many[self.too_many[place]]] = False
        if self.plain:
            possible &= (self.idle[place // WORD] & np.uint64(1 << place % WORD)) == 0
        if not CORES[place]:
            possible &= problem.lesions != 0
        # One in six or fewer: from here on only they are looked at.
        rows = np.flatnonzero(possible)
        if not len(rows):
            return
        outside = problem.lesions[rows] & stays
        limited, ablates = problem.limited[rows], outside & problem.ablatable[rows]
        first = self._try(2 * place, rows, outside, outside & ~limited)
        either = ablates & limited
        # What is ablated leaves its vein: then it need not be possible to resect it.
        held = np.bitwise_or.reduce([vein[rows] for vein in problem.veins]) & either
        second = np.union1d(first[either[first] != 0], np.flatnonzero(held))
        if len(second):
            self._try(2 * place + 1, rows[second], outside[second], ablates[second])

    def _try(self, candidate: int, rows: Array, outside: Masks, ablated: Masks) -> Array:
        """Tries one way to clear the liver of the patients `rows`; returns the places among them where it is feasible."""
        place = candidate // 2
        kept = self.catalogue.kept[place][self.problem.veins_held(rows, ablated)]
        found = np.flatnonzero(kept)
        if self.problem.most_ablations < self.problem.most_local:
            found = found[self._few_enough(rows[found], ablated[found])]
        found = found[self._hopeful(rows[found], kept[found], outside[found], ablated[found])]
        offered = found
        if not self.problem.leave_congested:
            # Nothing stays congested; ablating is still tried.
            offered = found[kept[found] == np.uint8(~CORES[place] & ALL)]
        left, stays, ablates, outside = rows[offered], kept[offered], ablated[offered], outside[offered]
        # Who is beaten beats nobody whom the winner does not beat: only what is left is kept.
        limits = outside & ~ablates
        enough = self._enough(left, *self.problem.left(left, stays, limits, ablates))
        if self.plain and not candidate % 2:
            larger = self.catalogue.supersets[place][:, None]
            hides = enough | bool(self.catalogue.growth_side[place])
            self.idle[:, left] |= np.where(hides, larger, larger & ~GROWING_CORES[:, None])
        unbeaten, as_it_is = self._unbeaten(place, left, stays, ablates)
        left, stays, ablates, outside = left[unbeaten], stays[unbeaten], ablates[unbeaten], outside[unbeaten]
        if len(left):
            self.not_kept[candidate, left] = ~stays
            self.ablated[candidate, left] = ablates
            self.enough[candidate, left] = enough[unbeaten]
            self.feasible[candidate] = True
            limits = outside & ~ablates
            self._keep(
                candidate,
                left,
                stays,
                ablates,
                limits,
                self.problem.left(left, stays, limits, ablates),
                as_it_is[unbeaten],
            )
        return found

    def _enough(self, rows: Array, stays: Masks, lost: Floats) -> npt.NDArray[np.bool_]:
        """Where what stays is enough."""
        return enough_by_both(self.problem, rows, stays, lost)

    def _few_enough(self, rows: Array, ablated: Masks) -> npt.NDArray[np.bool_]:
        """Where no more lesions are ablated than a session allows."""
        return self.problem.lesions_in.of(rows, ablated) <= self.problem.most_ablations

    def _hopeful(self, rows: Array, stays: Masks, outside: Masks, ablated: Masks) -> npt.NDArray[np.bool_]:
        """Where the remnant is not so small that no growth could raise it."""
        remain, lost = self.problem.left(rows, stays, outside & ~ablated, ablated)
        hopeful: npt.NDArray[np.bool_] = np.maximum(0.0, self.measures.high[remain] - lost) >= self.problem.least[rows]
        return hopeful

    def _unbeaten(self, place: int, rows: Array, stays: Masks, ablates: Masks) -> tuple[Array, Array]:
        """Places among `rows` where no other way takes less liver and keeps and ablates nothing worse.

        A way that takes a side to grow for is beaten by one that takes none only where that one leaves enough; and whether it is not
        beaten at all.
        """
        unbeaten, more, as_it_is = np.arange(len(rows)), ~ablates, np.ones(len(rows), dtype=bool)
        for smaller in self.catalogue.subsets[place]:
            for candidate in (2 * smaller, 2 * smaller + 1):
                if not self.feasible[candidate] or not len(rows):
                    continue
                worse = stays & self.not_kept[candidate][rows]
                # What is congested there has to be congested here.
                worse |= self.not_kept[candidate][rows] & ~np.uint8(CORES[smaller]) & np.uint8(CORES[place])
                worse |= self.ablated[candidate][rows] & more
                as_it_is[unbeaten[worse == 0]] = False
                if self.catalogue.growth_side[place] and not self.catalogue.growth_side[smaller]:
                    worse |= np.where(self.enough[candidate][rows], np.uint8(0), np.uint8(255))
                left = np.flatnonzero(worse)
                if len(left) < len(rows):
                    unbeaten, rows, stays, more = unbeaten[left], rows[left], stays[left], more[left]
        return unbeaten, as_it_is

    def _keep(
        self,
        candidate: int,
        rows: Array,
        stays: Masks,
        ablates: Masks,
        limits: Masks,
        left: tuple[Masks, Floats],
        as_it_is: npt.NDArray[np.bool_],
    ) -> None:
        """Enters the candidate where it comes before what was found so far."""
        place = candidate // 2
        value, order = _ranked(self.measures, ablates, limits, left, candidate)
        major = _is_major(self.problem, stays, value)
        for name, chosen in _classes(CORES[place], ablates, limits, major=major):
            offered = chosen[as_it_is[chosen]]
            here = rows[offered]
            self.best[CLASS[name], here] = np.minimum(self.best[CLASS[name], here], order[offered])
        if self.catalogue.growth_side[place]:
            better = major & _better_target(value, order, self.target_value[rows], self.target_order[rows])
            self.target_value[rows[better]] = value[better]
            self.target_order[rows[better]] = order[better]

    def _chosen(self, order: npt.NDArray[np.int64]) -> Chosen:
        """What stands behind an order."""
        exists = order != NONE
        candidate = np.where(exists, order & CANDIDATE, 0)
        problem, columns, place = self.problem, np.arange(self.number), candidate // 2
        core = np.array(CORES, dtype=np.uint8)[place]
        outside = problem.lesions & ~core
        ways = np.where(candidate & 1, outside & problem.ablatable, outside & ~problem.limited)
        kept = np.where(exists, self.catalogue.kept[place, problem.veins_held(columns, ways)], 0).astype(np.uint8)
        ablated = np.where(exists, ways, 0).astype(np.uint8)
        limited = np.where(exists, outside & ~ablated, 0).astype(np.uint8)
        left = problem.left(columns, kept, limited, ablated)
        return judged(self.measures, exists, core, limited, ablated, kept, left)


def _ranked(
    measures: Measures, ablates: Masks, limits: Masks, left: tuple[Masks, Floats], candidate: int | Orders
) -> tuple[Floats, Orders]:
    """The remnant of each way, and its place in the order: the least loss first, then fewer ablations, fewer limited resections."""
    remain, lost = left
    value = np.maximum(0.0, measures.value[remain] - lost)
    order = np.rint((1.0 - value) * BILLION).astype(np.int64) << LOSS_SHIFT
    order |= POPCOUNT[ablates].astype(np.int64) << ABLATED_SHIFT
    order |= POPCOUNT[limits].astype(np.int64) << LIMITED_SHIFT
    return value, order | candidate


def _better_target(value: Floats, order: Orders, before: Floats, known: Orders) -> npt.NDArray[np.bool_]:
    """Where a way is the better target of growth than the one known: the larger remnant, then fewer ablations, then the order."""
    value = np.rint(value * BILLION) / BILLION
    before = np.rint(before * BILLION) / BILLION
    ablated, known_ablated = order >> ABLATED_SHIFT & 15, known >> ABLATED_SHIFT & 15
    found: npt.NDArray[np.bool_] = (value > before) | (
        (value == before) & ((ablated < known_ablated) | ((ablated == known_ablated) & (order < known)))
    )
    return found


def _is_major(problem: Any, stays: Masks, value: Floats) -> npt.NDArray[np.bool_]:
    """By the segments that work no longer, or by the share of the liver."""
    found: npt.NDArray[np.bool_] = POPCOUNT[~stays] >= problem.major_from
    return found | (np.round(1.0 - value, 9) >= problem.major_share)


def _classes(core: Any, ablates: Masks, limits: Masks, *, major: Any) -> Iterator[tuple[str, Array]]:
    """The classes of ways, with the rows of each; `core` and `major` for all rows, or for each."""
    ablating, resecting = ablates != 0, (core != 0) | (limits != 0)
    for name, rows in (
        ("ablation", ~resecting),
        ("minor", resecting & ~ablating & ~major),
        ("minor_with_ablation", resecting & ablating & ~major),
        ("major", resecting & ~ablating & major),
        ("major_with_ablation", resecting & ablating & major),
    ):
        yield name, np.flatnonzero(rows)


def enough_by_both(problem: Problem, rows: Array, stays: Masks, lost: Floats) -> npt.NDArray[np.bool_]:
    """Where the lower end is enough: of the share, and of the ml, in which the errors of the share and of the total are joined."""
    value, low = (np.maximum(0.0, one[stays] - lost) for one in (problem.measures.value, problem.measures.low))
    estimated = (lost > 0) | problem.measures.spread[stays]
    of_total = np.where(estimated, problem.total_error[rows], 0.0)
    error = np.hypot((value - low) / np.where(value > 0, value, 1.0), of_total)
    found: npt.NDArray[np.bool_] = low >= problem.enough[rows]
    return found & (value * problem.total_ml[rows] * (1 - error) >= problem.enough_ml[rows])


class OwnCore:
    """The search where the segments that must go are a core of their own, with that core alone; everybody together."""

    def __init__(self, problem: Problem, places: Array) -> None:
        self.problem, self.places, self.number = problem, places, len(places)
        self.catalogue = catalogue(problem.adjacent)
        self.core = np.array(CORES, dtype=np.uint8)[places]
        self.outside = problem.lesions & ~self.core
        self.grows = np.array(self.catalogue.growth_side)[places] != 0
        self.rows = np.arange(self.number)

    def run(self) -> tuple[Found, npt.NDArray[np.bool_]]:
        """The answers, and where they are those of the whole catalogue: the core keeps all the rest, with nothing ablated."""
        problem = self.problem
        somewhere = (self.core != 0) | (self.outside != 0)
        resected = self._way(0, np.zeros_like(self.core), somewhere & ((self.outside & ~problem.limited) == 0))
        hides = enough_by_both(problem, self.rows, resected.remain, resected.lost) | (
            np.array(self.catalogue.growth_side)[self.places] != 0
        )
        done = resected.feasible & (resected.kept == ~self.core) & hides
        ablates = self.outside & problem.ablatable
        ablated = self._way(1, ablates, done & ((ablates & problem.limited) != 0))
        classes = tuple(
            self._least(resected.of_class(name), ablated.of_class(name), resected, ablated) for name in CLEARANCES
        )
        every = resected.order, ablated.order
        grown = [np.where(self.grows & one.major, one.order, NONE) for one in (resected, ablated)]
        second = (grown[1] != NONE) & _better_target(
            ablated.value, grown[1], np.where(grown[0] != NONE, resected.value, -1.0), grown[0]
        )
        target = self._picked(second, np.where(second, *grown[::-1]) != NONE, resected, ablated)
        return Found(classes, self._least(*every, resected, ablated), target), done

    def _way(self, candidate: int, ablated: Masks, possible: npt.NDArray[np.bool_]) -> _Way:
        """The core goes, `ablated` are ablated, all other lesions are resected one by one."""
        problem = self.problem
        kept = self.catalogue.kept[self.places, problem.veins_held(self.rows, ablated)]
        counts = problem.counts
        feasible = possible & (kept != 0) & ((BITS[self.outside] * counts).sum(axis=1) <= problem.most_local)
        feasible &= (BITS[ablated] * counts).sum(axis=1) <= problem.most_ablations
        limits = self.outside & ~ablated
        remain, lost = problem.left(self.rows, kept, limits, ablated)
        feasible &= np.maximum(0.0, problem.measures.high[remain] - lost) >= problem.least
        value, order = _ranked(problem.measures, ablated, limits, (remain, lost), 2 * self.places + candidate)
        major = _is_major(problem, kept, value)
        classes = dict(_classes(self.core, ablated, limits, major=major))
        return _Way(
            feasible, kept, ablated, limits, remain, lost, value, np.where(feasible, order, NONE), classes, major
        )

    def _least(self, one: Orders, other: Orders, resected: _Way, ablated: _Way) -> Chosen:
        second = other < one
        return self._picked(second, np.minimum(one, other) != NONE, resected, ablated)

    def _picked(self, second: npt.NDArray[np.bool_], exists: npt.NDArray[np.bool_], one: _Way, other: _Way) -> Chosen:
        """The second way where it is the one chosen, else the first; nothing where neither exists."""
        kept, ablated, limits, remain, lost = (
            np.where(exists, np.where(second, getattr(other, name), getattr(one, name)), 0)
            for name in ("kept", "ablated", "limits", "remain", "lost")
        )
        core = np.where(exists, self.core, 0).astype(np.uint8)
        return judged(self.problem.measures, exists, core, limits, ablated, kept, (remain, lost))


@dataclass(frozen=True)
class _Way:
    """One way to clear the liver, for every patient."""

    feasible: npt.NDArray[np.bool_]
    kept: Masks
    ablated: Masks
    limits: Masks
    remain: Masks
    lost: Floats
    value: Floats
    order: Orders
    classes: dict[str, Array]
    major: npt.NDArray[np.bool_]

    def of_class(self, name: str) -> Orders:
        """The order of those who fall into a class, NONE of the others."""
        found = np.full(len(self.order), NONE, dtype=np.int64)
        found[self.classes[name]] = self.order[self.classes[name]]
        return found


def oracle(problem: Problem) -> Found:
    """Those whom nothing clears without leaving liver congested are searched again."""
    found = _oracle(problem)
    rows = np.flatnonzero(~found.first.exists)
    if not problem.leave_congested and len(rows):
        again = _oracle(replace(problem.rows(rows), leave_congested=True))
        _enter(found, rows, again, np.ones(len(rows), dtype=bool))
    return found


def _oracle(problem: Problem) -> Found:
    """The best resection of each class and the target of growth, for all patients.

    Every core has to hold the segments that must go. Where those are a core of their own, and taking them leaves all the rest with
    nothing ablated, no larger core can beat it: only the other patients are searched through the whole catalogue.
    """
    problem = Sums(problem)
    must = problem.needs | (problem.lesions & ~(problem.limited | problem.ablatable))
    found = _nobody(len(must))
    settled = np.zeros(len(must), dtype=bool)
    own = np.flatnonzero(PLACE_OF[must] >= 0)
    if len(own):
        answer, done = OwnCore(problem.rows(own), PLACE_OF[must[own]]).run()
        settled[own[done]] = True
        _enter(found, own[done], answer, done)
    # With no lesion that can only be ablated, and no vein to lose, the smallest cores that do beat all larger ones but those to grow for.
    plain = (problem.veins[0] | problem.veins[1] | problem.veins[2] | (problem.ablatable & ~problem.limited)) == 0
    for rest, is_plain in ((~settled & plain, True), (~settled & ~plain, False)):
        rows = np.flatnonzero(rest)
        if len(rows):
            answer = Search(problem.rows(rows), plain=is_plain).run()
            _enter(found, rows, answer, np.ones(len(rows), dtype=bool))
    return found


def _nobody(number: int) -> Found:
    """Columns to be filled."""

    def empty() -> Chosen:
        core, limited, ablated, kept = (np.zeros(number, dtype=np.uint8) for _ in range(4))
        value, low, high = (np.zeros(number) for _ in range(3))
        exists, estimated = (np.zeros(number, dtype=bool) for _ in range(2))
        return Chosen(exists, core, limited, ablated, kept, value, low, high, estimated)

    return Found(tuple(empty() for _ in CLEARANCES), empty(), empty())


def _enter(found: Found, rows: Array, answer: Found, taken: npt.NDArray[np.bool_]) -> None:
    """Writes the `taken` answers into `rows`."""
    pairs = zip(
        (*found.classes, found.first, found.target), (*answer.classes, answer.first, answer.target), strict=True
    )
    for column, part in pairs:
        for field in fields(Chosen):
            getattr(column, field.name)[rows] = getattr(part, field.name)[taken]
