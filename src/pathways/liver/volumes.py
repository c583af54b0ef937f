"""How much liver there is and how it is shared between the segments, with the error of each figure.

A volume is an additive positive measure over segments, conditioned on every volumetry in the case: so removing more
never leaves more, and a measured remnant bounds every other one. Decides no limit.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import cached_property

from pathways.knowledge.formulas import formula_interval, volume_by_surface, volume_by_weight
from pathways.knowledge.model import Parameter
from pathways.liver.anatomy import segments_of
from pathways.messages.catalogue import say
from pathways.quick_dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its interval, whether it was estimated, and how it came about."""

    value: float
    low: float
    high: float
    estimated: bool
    how: str
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Share:
    """A told share (0-1 of today's functional liver) of the segments `kept` (bit mask); only one that is `sure` is measured."""

    kept: int
    fraction: float
    how: str
    sure: bool = True


@dataclass(frozen=True)
class Volumes:
    """Shares of the segments still there, and the total in ml.

    `fractions` has eight entries that add to 1, 0 for a segment that is gone. `cells` are groups of segments whose
    share was measured together; inside a cell the shares follow the population, with `concentration` (Dirichlet).
    `told`: what the shares are fitted to; where some of it is not sure, the interval of an estimate reaches over that of
    the `population` as well. `guessed`: the whole is one of which some segments were not measured, so no sum of parts is measured.
    """

    fractions: tuple[float, ...]
    cells: tuple[int, ...]
    told: tuple[Share, ...]
    population: tuple[float, ...]
    concentration: float
    interval_sds: float
    measurement_error: float
    total: Estimate
    guessed: bool = False

    @cached_property
    def measured(self) -> tuple[Share, ...]:
        """The shares that are measured."""
        return tuple(one for one in self.told if one.sure)

    @cached_property
    def _doubtful(self) -> bool:
        return len(self.measured) < len(self.told)

    def share(self, kept: int) -> float:
        """Share of today's functional liver in the segments `kept` (bit mask)."""
        return self._shares[kept]

    @cached_property
    def _shares(self) -> tuple[float, ...]:
        """The share of every set of segments, by bit mask: a search asks for thousands of them."""
        shares = [0.0]
        for fraction in self.fractions:
            shares += [share + fraction for share in shares]
        return tuple(min(1.0, share) for share in shares)

    def remnant(self, kept: int, lost_fraction: float = 0.0) -> Estimate:
        """The remnant made of the segments `kept`, less `lost_fraction` for limited resections, as a fraction."""
        value = self.share(kept)
        variance = self._variance(kept)
        whole = kept == self._present()
        exact = next((share for share in self.told if share.kept == kept), None)
        told = exact is not None and exact.sure and not (self.guessed and kept.bit_count() == 1)
        estimated = (variance > 0 or self.guessed) and not whole and not told
        spread = self.interval_sds * math.sqrt(variance) if estimated else 0.0
        if self.measured and not whole:
            # Measured parts, and their sum, have the error of measurement.
            spread = math.hypot(spread, self.measurement_error * value)
        low, high = max(0.0, value - spread), min(1.0, value + spread)
        if estimated and self._doubtful:
            usual = math.fsum(share for index, share in enumerate(self.population) if kept >> index & 1)
            least, most = population_interval(usual, self.concentration, self.interval_sds)
            low, high = min(low, least), max(high, most)
        value, low, high = (max(0.0, one - lost_fraction) for one in (value, low, high))
        return Estimate(value, low, high, lost_fraction > 0 or estimated, self._how(kept, exact, estimated))

    def _how(self, kept: int, exact: Share | None, estimated: bool) -> str:
        if exact:
            return exact.how
        if kept == self._present():
            return say("volume.whole_liver")
        return self._estimated if estimated or not self.measured else say("volume.of_measured_parts")

    def _present(self) -> int:
        return sum(1 << index for index, fraction in enumerate(self.fractions) if fraction > 0)

    @cached_property
    def _estimated(self) -> str:
        """How an estimate came about."""
        return say("volume.fitted" if self.told else "volume.population_shares")

    def _variance(self, kept: int) -> float:
        """Variance of the share of `kept`: inside each cell a Beta, cells themselves as measured."""
        variance = 0.0
        for cell in self.cells:
            size = self.share(cell)
            inside = self.share(cell & kept)
            if 0 < inside < size:
                part = inside / size
                variance += size * size * part * (1 - part) / (self.concentration * size + 1)
        return variance


def total_volume(
    parameters: Mapping[str, Parameter], height_cm: float | None, weight_kg: float | None
) -> tuple[Estimate, bool]:
    """Standardised total liver volume in ml, and whether it stands on the patient's own body size.

    Vauthey by height and weight, else by weight alone, else the population mean.
    """
    known = height_cm is not None and weight_kg is not None
    value = volume_by_surface(parameters, height_cm, weight_kg) if known else 0.0
    if value > 0:
        how, sources = say("volume.height_and_weight"), parameters["total_volume_per_bsa_ml"].sources
    elif weight_kg is not None:
        # No height, or a body so small that the formula for adults turns negative.
        value = volume_by_weight(parameters, weight_kg)
        how, sources = say("volume.weight_alone"), parameters["total_volume_per_kg_ml"].sources
    else:
        mean = parameters["total_volume_population_ml"]
        half = mean.sd * parameters["remnant_interval_sds"].number
        low = max(0.0, mean.number - half)
        return Estimate(mean.number, low, mean.number + half, True, say("volume.population_mean"), mean.sources), False
    low, high = formula_interval(parameters, value)
    return Estimate(value, low, high, True, how, sources), True


def population_interval(share: float, concentration: float, sds: float) -> tuple[float, float]:
    """The interval of a share in the population, `sds` deviations of a Beta to each side."""
    half = sds * math.sqrt(share * (1 - share) / (concentration + 1))
    return max(0.0, share - half), min(1.0, share + half)


def fitted_shares(
    population: Sequence[float], present: int, told: Sequence[Share], rounds: int = 60
) -> tuple[tuple[float, ...], tuple[int, ...]]:
    """Population shares of the `present` segments, fitted to each told share in turn, and the measured cells.

    Single segments are set and the others share the rest. Then iterative proportional fitting: each share rescales the kept and
    the removed segments. The last one is met exactly; earlier ones as far as they agree with it, which is within their error.
    """
    alone = {one.kept: one.fraction for one in told if one.kept.bit_count() == 1}
    shares = [population[index] if present >> index & 1 else 0.0 for index in range(8)]
    rest = math.fsum(share for index, share in enumerate(shares) if 1 << index not in alone)
    left = 1 - math.fsum(alone.values())
    if rest > 0 and left > 0:
        shares = [alone.get(1 << index, share * left / rest) for index, share in enumerate(shares)]
    else:
        whole = math.fsum(alone.values()) or 1.0
        shares = [alone.get(1 << index, 0.0) / whole for index in range(8)]
    measured = [one for one in told if one.sure]
    for some in ([one for one in told if not one.sure], measured):
        # What is not sure shapes only what the measured shares leave open.
        for _ in range(rounds if len(some) > 1 else 1):
            for one in some:
                shares = _scaled(shares, one)
    cells: dict[tuple[bool, ...], int] = {}
    for segment in segments_of(present):
        signature = tuple(bool(one.kept >> (segment - 1) & 1) for one in measured)
        cells[signature] = cells.get(signature, 0) | 1 << (segment - 1)
    return tuple(shares), tuple(cells.values())


def _scaled(shares: list[float], measured: Share) -> list[float]:
    inside = math.fsum(share for index, share in enumerate(shares) if measured.kept >> index & 1)
    outside = math.fsum(shares) - inside
    if inside <= 0 or outside <= 0:
        return shares
    up, down = measured.fraction / inside, (1 - measured.fraction) / outside
    return [share * (up if measured.kept >> index & 1 else down) for index, share in enumerate(shares)]
