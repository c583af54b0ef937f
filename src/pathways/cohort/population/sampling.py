"""Patients drawn as columns from published marginals: parameters `cohort_*`, each with its source and how sure it is.

Every number is drawn by key (seed, patient, field, attempt, draw), so a patient is the same in any chunk and on any worker. A cohort
file narrows: who does not fit is drawn again, under the next attempt.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from statistics import NormalDist
from typing import Any

import numpy as np
import numpy.typing as npt

from pathways.cohort.draws.durations import DurationDistribution
from pathways.cohort.draws.random_numbers import Words, patient_words, uniforms
from pathways.cohort.patients.columns import SEGMENTS, SITES, VESSELS, Patients, joined
from pathways.cohort.patients.definition import Cohort
from pathways.cohort.population.inclusion import fits
from pathways.documents.problems import PathwaysError
from pathways.knowledge.model import Parameter
from pathways.knowledge.protocols import knowledge
from pathways.liver.anatomy import ALL, CAUDATE, LEFT, PEDICLE_TERRITORY, RIGHT, VEINS_OF_SEGMENT

Floats = npt.NDArray[np.float64]
Array = npt.NDArray[Any]
# A cohort so narrow that nobody is found in this many attempts is refused.
MOST_ATTEMPTS = 2000
BATCH = 16384
SIDES = (RIGHT, LEFT | CAUDATE)


def draw(cohort: Cohort, seed: int, first: int, number: int) -> Patients:
    """Patients `first` to `first + number` of `cohort`. Raises PathwaysError where hardly anybody fits."""
    waiting = np.arange(first, first + number, dtype=np.int64)
    parts, attempt = [], 0
    while len(waiting):
        if attempt >= MOST_ATTEMPTS:
            raise PathwaysError(
                f"cohort {cohort.id}: {len(waiting)} of {number} patients were not found in {MOST_ATTEMPTS} attempts; "
                "it is too narrow for these marginals: widen `only`, or set the marginal under `draw`"
            )
        # Several attempts at once for the few who are left: who is taken does not depend on it, it is only quicker.
        ahead = min(MOST_ATTEMPTS - attempt, max(1, BATCH // len(waiting))) if attempt else 1
        attempts = np.tile(np.arange(attempt, attempt + ahead), len(waiting))
        numbers = np.repeat(waiting, ahead)
        drawn = _Drawing(cohort, patient_words(seed, numbers), attempts).patients(numbers)
        taken = np.flatnonzero(fits(cohort.only, drawn))
        found, places = np.unique(numbers[taken], return_index=True)
        parts.append(drawn.rows(taken[places]))
        waiting = np.setdiff1d(waiting, found, assume_unique=True)
        attempt += ahead
    found_patients = joined(parts)
    return found_patients.rows(np.argsort(found_patients.number, kind="stable"))


class _Drawing:
    """One attempt at drawing each row; which attempt stands in `attempts`."""

    def __init__(self, cohort: Cohort, words: Words, attempts: npt.NDArray[np.int64]) -> None:
        self.cohort, self.words, self.attempts = cohort, words, attempts
        self.number = len(words)
        self.parameters: Mapping[str, Parameter] = knowledge().parameters

    def uniform(self, name: str, draw: int = 0, rows: Array | None = None) -> Floats:
        if rows is None:
            return uniforms(self.words, f"cohort:{name}", self.attempts, draw)
        return uniforms(self.words[rows], f"cohort:{name}", self.attempts[rows], draw)

    def value(self, name: str) -> Any:
        """The value of a marginal: the cohort's own, or the published one."""
        return self.cohort.marginal(name, self.parameters[f"cohort_{name}"].value)

    def chance(self, name: str) -> npt.NDArray[np.bool_]:
        return self.uniform(name) < self.value(name)

    def choice(self, name: str) -> npt.NDArray[np.uint8]:
        return _place(_limits(self.value(name)), self.uniform(name))

    def normal(self, name: str, draw: int = 0) -> Floats:
        """A normal spread, cut at its limits (drawn from what the limits leave)."""
        distribution = self.parameters[f"cohort_{name}"].distribution
        curve = NormalDist(self.value(name), distribution["sd"])
        low, high = curve.cdf(distribution["low"]), curve.cdf(distribution["high"])
        return curve.mean + curve.stdev * quantile(low + self.uniform(name, draw) * (high - low))

    def lognormal(self, name: str) -> Floats:
        distribution = self.parameters[f"cohort_{name}"].distribution
        curve = NormalDist(math.log(self.value(name)), distribution["sd"])
        low, high = curve.cdf(math.log(distribution["low"])), curve.cdf(math.log(distribution["high"]))
        return np.exp(curve.mean + curve.stdev * quantile(low + self.uniform(name) * (high - low)))

    def middle(self, name: str) -> Floats:
        """Between two limits, half of it on each side of the value."""
        distribution = self.parameters[f"cohort_{name}"].distribution
        low, value, high = distribution["low"], self.value(name), distribution["high"]
        u = self.uniform(name)
        found: Floats = DurationDistribution(low, value, high).days(u)
        return found

    def patients(self, numbers: npt.NDArray[np.int64]) -> Patients:
        female = ~self.chance("male")
        height = (
            np.where(female, self.normal("height_women_cm"), self.normal("height_men_cm")).astype(np.float64).round()
        )
        bmi = np.where(female, self.normal("bmi_women"), self.normal("bmi_men"))
        synchronous = self.chance("synchronous")
        in_situ = synchronous & self.chance("in_situ")
        site = self.choice("site")
        ras = self.chance("ras")
        # The published share of BRAF is one of all patients; the two mutations exclude each other.
        braf = ~ras & (self.uniform("braf") < min(1.0, self.value("braf") / max(1e-9, 1 - self.value("ras"))))
        interval = np.where(synchronous, 0, np.round(self.middle("interval_months"))).astype(np.int16)
        extrahepatic = np.where(self.chance("extrahepatic"), self.choice("extrahepatic_site") + 1, 0).astype(np.uint8)
        counts, sizes = self._lesions()
        deep = self._deep(counts)
        return Patients(
            number=numbers,
            age_years=np.floor(self.normal("age_years")).astype(np.int16),
            female=female,
            height_cm=height,
            weight_kg=np.round(bmi * (height / 100) ** 2),
            ecog=self.choice("ecog"),
            asa=self.choice("asa") + np.uint8(1),
            site=site,
            synchronous=synchronous,
            in_situ=in_situ,
            urgent=(in_situ & self.chance("obstruction")).astype(np.uint8),
            r0_resectable=self.chance("primary_resectable"),
            needs_radiotherapy=in_situ & (site == SITES.index("rectum")) & self.chance("radiotherapy"),
            node_positive=self.chance("node_positive"),
            interval_months=interval,
            ras_mutated=ras,
            braf_mutated=braf,
            repair_deficient=self.chance("repair_deficient"),
            cea_ng_per_ml=np.round(self.lognormal("cea_ng_per_ml"), 1),
            background=self.choice("background"),
            extrahepatic=extrahepatic,
            extrahepatic_resectable=self.chance("extrahepatic_resectable"),
            counts=counts,
            sizes_mm=sizes,
            deep=deep,
            contacts=self._contacts(deep),
        )

    def _lesion_number(self) -> npt.NDArray[np.int64]:
        bins = np.array(self.value("number_bins"), dtype=np.int64).reshape(-1, 2)
        chosen = self.choice("number_shares")
        low, high = bins[chosen, 0], bins[chosen, 1]
        within = np.floor(self.uniform("number_within") * (high - low + 1)).astype(np.int64)
        number: npt.NDArray[np.int64] = low + within
        return number

    def _lesions(self) -> tuple[npt.NDArray[np.uint8], Floats]:
        """Lesions one after the other: the first is the largest; each lies where the liver is, by volume."""
        number = self._lesion_number()
        largest = np.round(self.lognormal("largest_mm"))
        shares = np.array(self.parameters["segment_fractions"].value)
        most_on_one_side = self.value("one_side_most")
        one_side = (number > 1) & (number <= most_on_one_side) & self.chance("one_side")
        limits, *side_limits = (_limits(np.where(_in(mask), shares, 0)) for mask in (ALL, *SIDES))
        counts = np.zeros(self.number * SEGMENTS, dtype=np.uint8)
        sizes = np.zeros(self.number * SEGMENTS)
        # The side, by its place in SIDES, of those who bear all on one; it is that of the first lesion.
        side = np.full(self.number, -1, dtype=np.int8)
        for place in range(int(number.max())):
            rows = np.flatnonzero(number > place)
            u = self.uniform("segment", place, rows)
            segment = _place(limits, u)
            if not place:
                side[one_side] = ~_in(SIDES[0])[segment[one_side]]
            elif place < most_on_one_side:
                for code, on_side in enumerate(side_limits):
                    kept = np.flatnonzero(side[rows] == code)
                    segment[kept] = _place(on_side, u[kept])
            size = largest[rows] if not place else self._smaller(largest[rows], place, rows)
            at = rows * SEGMENTS + segment
            counts[at] += 1
            sizes[at] = np.maximum(sizes[at], size)
        return counts.reshape(-1, SEGMENTS), sizes.reshape(-1, SEGMENTS)

    def _smaller(self, largest: Floats, place: int, rows: Array) -> Floats:
        """The size of a further lesion, mm."""
        least = self.value("smaller_share")
        share = least + (1 - least) * self.uniform("size", place, rows)
        found: Floats = np.maximum(np.round(largest * share), 1.0)
        return found

    def _deep(self, counts: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
        """Segments whose lesions lie deep, as masks."""
        deep = np.zeros(self.number, dtype=np.uint8)
        for bit in range(SEGMENTS):
            deep[self._who("deep", bit, np.flatnonzero(counts[:, bit]))] |= np.uint8(1 << bit)
        return deep

    def _contacts(self, deep: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
        """Vessels that deep lesions touch: a vein that drains their segment, the pedicle of their sector, the hilum."""
        contacts = np.zeros((self.number, len(VESSELS)), dtype=np.uint8)
        for bit in range(SEGMENTS):
            rows, segment = np.flatnonzero(deep >> bit & 1), np.uint8(1 << bit)
            veins = [VESSELS.index(name) for name in sorted(VEINS_OF_SEGMENT[bit + 1])]
            if veins:
                touched = self._who("vein_contact", bit, rows)
                which = np.minimum((self.uniform("vein", bit, touched) * len(veins)).astype(np.int64), len(veins) - 1)
                contacts[touched, np.array(veins)[which]] |= segment
            for name in _pedicles(bit):
                contacts[self._who("pedicle_contact", bit, rows), VESSELS.index(name)] |= segment
            if bit:
                # Of a lesion in segment I at the hilum nobody can say which side would have to go: none is drawn.
                contacts[self._who("hilum_contact", bit, rows), VESSELS.index("hilum")] |= segment
        return contacts

    def _who(self, name: str, draw: int, rows: Array) -> Array:
        """Those of the patients `rows` of whom something is true. Numbers are keyed, so nobody else needs one."""
        found: Array = rows[self.uniform(name, draw, rows) < self.value(name)]
        return found


def _pedicles(bit: int) -> tuple[str, ...]:
    """The smallest named pedicle of a segment; segment I has none of its own."""
    own = [name for name, territory in PEDICLE_TERRITORY.items() if territory >> bit & 1]
    return tuple(sorted(own, key=lambda name: PEDICLE_TERRITORY[name].bit_count())[:1])


def _in(mask: int) -> npt.NDArray[np.bool_]:
    return np.array([bool(mask >> bit & 1) for bit in range(SEGMENTS)])


def _limits(shares: Any) -> Floats:
    return np.cumsum(shares) / np.sum(shares)


def _place(limits: Floats, u: Floats) -> npt.NDArray[np.uint8]:
    """The place of each number among a few ascending limits: counting those it reaches is quicker than searching."""
    found = np.zeros(len(u), dtype=np.uint8)
    for limit in limits[:-1]:
        found += u >= limit
    return found


def quantile(p: Floats) -> Floats:
    """Quantiles of the standard normal, by Acklam's rational approximation (error below 1.2e-9 of the value)."""
    p = np.clip(p, 1e-300, 1 - 1e-16)
    tail = np.minimum(p, 1 - p)
    q = np.sqrt(-2 * np.log(tail))
    outer = _ratio(_C, _D, q)
    centre = p - 0.5
    r = centre * centre
    inner = centre * _polynomial(_A, r) / _polynomial(_B, r)
    return np.where(tail < _BREAK, np.where(p < HALF, outer, -outer), inner)


HALF = 0.5
_BREAK = 0.02425
_A = (
    -3.969683028665376e1,
    2.209460984245205e2,
    -2.759285104469687e2,
    1.383577518672690e2,
    -3.066479806614716e1,
    2.506628277459239,
)
_B = (-5.447609879822406e1, 1.615858368580409e2, -1.556989798598866e2, 6.680131188771972e1, -1.328068155288572e1, 1.0)
_C = (
    -7.784894002430293e-3,
    -3.223964580411365e-1,
    -2.400758277161838,
    -2.549732539343734,
    4.374664141464968,
    2.938163982698783,
)
_D = (7.784695709041462e-3, 3.224671290700398e-1, 2.445134137142996, 3.754408661907416, 1.0)


def _polynomial(coefficients: tuple[float, ...], x: Floats) -> Floats:
    found = np.full_like(x, coefficients[0])
    for one in coefficients[1:]:
        found = found * x + one
    return found


def _ratio(above: tuple[float, ...], below: tuple[float, ...], x: Floats) -> Floats:
    return _polynomial(above, x) / _polynomial(below, x)
