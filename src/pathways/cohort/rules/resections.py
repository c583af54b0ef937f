"""The liver of drawn patients: its volume, the resections that clear it as presented and after a response, and the target of growth."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property, lru_cache

import numpy as np

from pathways.cohort.patients.columns import VESSELS
from pathways.cohort.rules.cores import CORE, GROWTH_SIDE, Bools, Masks
from pathways.cohort.rules.exposure import Exposure
from pathways.cohort.rules.remnants import Body
from pathways.cohort.rules.resection_problem import Chosen, Estimates, Floats, Found, Measures, Problem
from pathways.cohort.rules.resection_search import search
from pathways.knowledge.arithmetic import where
from pathways.knowledge.formulas import formula_interval, sphere_ml, volume_by_surface, volume_by_weight
from pathways.knowledge.model import Parameter
from pathways.knowledge.protocols import knowledge
from pathways.liver.adequacy import error_of_total, least_remnant
from pathways.liver.anatomy import ALL, HEPATIC_VEINS, LEFT, PEDICLE_TERRITORY, RIGHT
from pathways.liver.volumes import Estimate, Volumes, fitted_shares
from pathways.process.facts import STIMULI

EXTENTS = 2  # the liver as presented, and after a response


class Resections:
    """Volumes and resections of one column of patients."""

    def __init__(self, exposure: Exposure, parameters: Mapping[str, Parameter]) -> None:
        self.patients, self.protocol = exposure.patients, exposure.protocol
        self.exposure = exposure
        self.parameters = parameters
        self.number = len(self.patients)

    @cached_property
    def body(self) -> Body:
        """Total liver volume by the formula for height and weight (drawn patients have both), and body weight."""
        patients, parameters = self.patients, self.parameters
        by_surface = volume_by_surface(parameters, patients.height_cm, patients.weight_kg)
        value = where(by_surface > 0, by_surface, volume_by_weight(parameters, patients.weight_kg))
        low, high = formula_interval(parameters, value)
        return Body(Estimates(value, low, high, np.ones(self.number, dtype=bool)), patients.weight_kg * 1000)

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        """The search problem as presented and after a response."""
        return tuple(self._problem(extent) for extent in range(EXTENTS))

    @property
    def shrinkage(self) -> float:
        """The share of a diameter that is left after a response."""
        return self.parameters["shrinkage_of_a_response"].number

    def _problem(self, extent: int) -> Problem:
        patients, protocol = self.patients, self.protocol
        sizes = patients.sizes_mm * (self.shrinkage if extent else 1.0)
        policy = protocol.word("vessel_detachment")
        held = not (policy == "always" or (policy == "after_response" and extent))
        nothing = np.zeros(self.number, dtype=np.uint8)
        central = np.bitwise_or.reduce([self._touching(name) for name in (*PEDICLE_TERRITORY, "hilum")])
        right, middle, left = (self._touching(name) if held else nothing for name in HEPATIC_VEINS)
        loss_ml, used_up = self._spheres(sizes, self.parameters["limited_resection_margin_mm"].number)
        ablated_ml, ablated_up = self._spheres(sizes, protocol.number("ablation_margin_mm"))
        return Problem(
            lesions=patients.lesions,
            limited=self._small_enough(sizes, self._limited_up_to()) & ~(central if held else nothing),
            ablatable=self._small_enough(sizes, protocol.number("ablation_max_mm")) & ~central & self._few_enough,
            needs=self._needs() if held else nothing,
            veins=(right, middle, left),
            counts=patients.counts,
            loss_ml=loss_ml,
            ablated_ml=ablated_ml,
            used_up=used_up,
            ablated_up=ablated_up,
            total_ml=self.body.total.value,
            total_error=np.asarray(error_of_total(self.body.total)),
            # What a response leaves is too uncertain to call it hopeless.
            least=np.zeros(self.number) if extent else self._least,
            enough=self._enough,
            enough_ml=self._enough_ml,
            measures=measures(),
            adjacent=protocol.whole("remnant_adjacent_segments"),
            major_from=protocol.whole("major_resection_segments"),
            major_share=protocol.number("major_resection_share"),
            leave_congested=protocol.yes("congested_liver_left"),
            most_local=protocol.whole("limited_resection_max_count"),
            most_ablations=protocol.whole("ablation_max_count"),
        )

    def _spheres(self, sizes: Floats, rim_mm: float) -> tuple[Floats, Masks]:
        """What local treatment of the lesions of each segment takes, ml, at most the segment; and the segments that it uses up."""
        total = np.asarray(self.body.total.value)[:, None]
        shares, taken = np.asarray(volumes().fractions), sphere_ml(sizes, rim_mm) * self.patients.counts
        used_up = np.packbits(taken / total >= shares, axis=1, bitorder="little")[:, 0] & self.patients.lesions
        return np.minimum(taken, shares * total), used_up

    def _touching(self, vessel: str) -> Masks:
        """Segments whose lesions touch a vessel."""
        return self.patients.contacts[:, VESSELS.index(vessel)]

    @property
    def _few_enough(self) -> Masks:
        """All segments of those who have no more lesions than are ablated at most; none of the others."""
        few = self.patients.lesion_number <= self.protocol.whole("ablation_max_count")
        return np.where(few, np.uint8(ALL), np.uint8(0))

    def _small_enough(self, sizes: Floats, limit: Floats | float) -> Masks:
        """Segments whose lesions are no larger than the limit."""
        return np.packbits(sizes <= limit, axis=1, bitorder="little")[:, 0] & self.patients.lesions

    def _limited_up_to(self) -> Floats:
        """The largest lesion that a limited resection takes out, mm; (patients, segments)."""
        deep = np.unpackbits(self.patients.deep[:, None], axis=1, bitorder="little").astype(bool)
        number = self.protocol.number
        return np.where(deep, number("limited_resection_max_mm_deep"), number("limited_resection_max_mm"))

    def _needs(self) -> Masks:
        """Segments that have to go because a pedicle or the hilum is held."""
        needs = np.zeros(self.number, dtype=np.uint8)
        for name, territory in PEDICLE_TERRITORY.items():
            needs[self._touching(name) != 0] |= np.uint8(territory)
        for side in (RIGHT, LEFT):
            needs[(self._touching("hilum") & side) != 0] |= np.uint8(side)
        return needs

    @cached_property
    def _least(self) -> Floats:
        """The fraction below which even the strongest growth stimulus would not reach today's limit."""
        growths = [self.parameters[f"growth_{one}"] for one in STIMULI]
        pairs = [(one.number, one.sd) for one in growths]
        return np.asarray(least_remnant(self.exposure.limits(0), pairs, self.protocol.number("growth_reach_sds")))

    @cached_property
    def _enough(self) -> Floats:
        """The fraction that is enough after long chemotherapy, the strictest limit that may come."""
        return self.exposure.limits(1)

    @cached_property
    def _enough_ml(self) -> Floats:
        """The ml that are enough by body weight then."""
        return np.asarray(self.exposure.body_limits(1) * self.body.grams)

    @cached_property
    def found(self) -> tuple[Found, ...]:
        """Resections in one session, by extent."""
        return tuple(search(problem) for problem in self.problems)

    @cached_property
    def targets(self) -> tuple[tuple[Chosen, Bools], ...]:
        """By extent the target of growth, and whether the side that stays is cleared in two sessions."""
        return tuple(self._target(extent) for extent in range(EXTENTS))

    def _target(self, extent: int) -> tuple[Chosen, Bools]:
        one, problem = self.found[extent].target, self.problems[extent]
        two_sessions = np.zeros(self.number, dtype=bool)
        # A second session is for those whom one session does not clear, or leaves less than the usual growth makes enough.
        usual = 1 + self.parameters["growth_pve"].number
        grows = one.exists & (one.value * usual >= self.exposure.limits(0))
        many = self.patients.lesion_number > min(problem.most_local, problem.most_ablations)
        rows = np.flatnonzero(many & ~grows)
        if not len(rows):
            return one, two_sessions
        two = search(problem.rows(rows).more_sessions(2), "target").target
        value = np.where(one.exists[rows], one.value[rows], -1.0)
        chosen = two.exists & (value < two.value - 1e-9)
        two_sessions[rows] = chosen
        return one.replaced(rows[chosen], two.rows(chosen)), two_sessions

    @cached_property
    def two_sided(self) -> Bools:
        """Whether the side that stays bears lesions; (patients, extent)."""
        side = np.zeros(ALL + 1, dtype=np.uint8)
        side[CORE] = GROWTH_SIDE
        columns = []
        for target, _ in self.targets:
            left = ((self.patients.lesions & ~target.core) != 0) | ((target.core & ~side[target.core]) != 0)
            columns.append(target.exists & left)
        return np.stack(columns, axis=1)


@lru_cache(maxsize=1)
def measures() -> Measures:
    """Shares of every set of segments of a liver that nobody has measured or operated on."""
    return Measures.of(volumes())


@lru_cache(maxsize=1)
def volumes() -> Volumes:
    """Shares of the segments of such a liver."""
    parameters = knowledge().parameters
    population = parameters["segment_fractions"]
    fractions, cells = fitted_shares(population.value, ALL, ())
    return Volumes(
        fractions=fractions,
        cells=cells,
        told=(),
        population=tuple(population.value),
        concentration=float(population.distribution["concentration"]) * sum(population.value),
        interval_sds=parameters["remnant_interval_sds"].number,
        measurement_error=parameters["volumetry_relative_error"].number,
        total=Estimate(0.0, 0.0, 0.0, True, "by patient"),
    )
