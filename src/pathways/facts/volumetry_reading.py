"""What the volumes of a case say of today's liver: one reading of total, tumour, segments and remnants.

Measured and of today decides; what is old, implausible or taken over an unknown whole is an estimate; what was measured before
the liver changed is not used. Whatever is not taken as told is a finding. No order of keys or of a list changes anything.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from functools import cached_property
from itertools import combinations

from pathways.case.models import Case, MeasuredRemnant
from pathways.case.volumetry import (
    Span,
    errors,
    measured_segments,
    only_grown_since,
    unchanged_since,
    without_tumour,
)
from pathways.facts.history import Past
from pathways.knowledge.model import Parameter, Protocol
from pathways.liver.anatomy import ALL, congested, mask_of, segments_of, size_of
from pathways.liver.volumes import Estimate, Share, population_interval, total_volume
from pathways.messages.catalogue import say
from pathways.quick_dataclass import dataclass


@dataclass(frozen=True, slots=True)
class _Dated:
    """One remnant of the case, with its share and its ml; the mean where one week tells it several times."""

    kept: int
    week: int
    fraction: float
    ml: float | None
    whole_known: bool


@dataclass(frozen=True)
class Reading:
    """The volumes of a case, read under a protocol: today's liver and the shares of its parts."""

    case: Case
    past: Past
    protocol: Protocol
    parameters: Mapping[str, Parameter]

    @cached_property
    def present(self) -> int:
        """Segments still there, as a bit mask."""
        return ALL & ~self.past.gone

    @cached_property
    def standard_total(self) -> tuple[Estimate, bool]:
        """Standardised total volume in ml, and whether it stands on the patient's body size."""
        patient = self.case.patient
        return total_volume(self.parameters, patient.height_cm, patient.weight_kg)

    @cached_property
    def population(self) -> tuple[float, ...]:
        """Shares of the segments still there in the population; they add to 1."""
        fractions = self.parameters["segment_fractions"].value
        there = [share if self.present >> index & 1 else 0.0 for index, share in enumerate(fractions)]
        total = math.fsum(there)
        return tuple(share / total for share in there)

    @cached_property
    def concentration(self) -> float:
        """How closely shares follow the population: of the part that is there, as of the whole (Dirichlet)."""
        whole = self.parameters["segment_fractions"]
        there = sum(share for index, share in enumerate(whole.value) if self.present >> index & 1)
        return float(whole.distribution["concentration"] * there)

    @cached_property
    def segments(self) -> dict[int, float]:
        """The measured segments in ml."""
        return measured_segments(self.case, frozenset(segments_of(self.past.gone)))

    @cached_property
    def complete(self) -> bool:
        """Whether every segment still there is measured: then they are the functional liver, and a total only checks."""
        return bool(self.segments) and len(self.segments) == size_of(self.present)

    # --- the whole ----------------------------------------------------------------------------------------------

    @cached_property
    def total(self) -> Estimate:
        """Today's functional liver volume in ml: the sum of all segments, the total less tumour, else an estimate."""
        if self.complete:
            return self._measured_total(math.fsum(self.segments.values()), say("volume.sum_of_segments"))
        told = without_tumour(self.case)
        if told is not None:
            how = say("volume.measured_without_tumour" if self.case.liver.tumour_ml else "volume.measured")
            return self._measured_total(self._less_tumour(told), how)
        parts = self._sum_of_parts(self.present)
        return self._estimated_total() if parts is None else self._measured_total(parts, say("volume.sum_of_parts"))

    def _sum_of_parts(self, left: int) -> float | None:
        """The ml of measured parts that make up the segments `left` exactly, such as both sides of the liver; None where none do."""
        if not left:
            return 0.0
        first = left & -left
        for part, volume in self._parts_in_ml.items():
            if part & first and not part & ~left:
                rest = self._sum_of_parts(left & ~part)
                if rest is not None:
                    return volume + rest
        return None

    @cached_property
    def _covered(self) -> Estimate | None:
        """The whole by two measured parts that cover the liver and overlap: their sum, less what is usual for what both count."""
        pairs = [pair for pair in combinations(self._parts_in_ml, 2) if pair[0] | pair[1] == self.present]
        if not pairs:
            return None
        pair = min(pairs, key=lambda pair: size_of(pair[0] & pair[1]))
        volumes = [self._parts_in_ml[one] for one in pair]
        whole = math.fsum(volumes)
        value = whole / math.fsum(self._share(one) for one in pair)
        sources = self.parameters["segment_fractions"].sources
        return Estimate(value, max(volumes), whole, True, say("volume.sum_of_parts"), sources)

    @cached_property
    def _parts_in_ml(self) -> dict[int, float]:
        """Parts of today's liver measured in ml: the latest of each remnant, and single segments."""
        found: dict[int, float] = {}
        for one in sorted(self.case.liver.measured_remnants, key=lambda one: one.week):
            kept = self._measured_part(one)
            today = not self._aged(one.week) and unchanged_since(self.case, one.week) is True
            if kept and one.ml is not None and one.denominator != "standardised" and today:
                found[kept] = one.ml
        return {**{mask_of([one]): volume for one, volume in self.segments.items()}, **found}

    def _measured_total(self, value: float, how: str) -> Estimate:
        error = errors().measured * value
        return Estimate(value, value - error, value + error, False, how)

    def _less_tumour(self, told: Span) -> float:
        """The measured total less tumour. Where the tumour is not told, what the measured segments leave for it."""
        if not self.segments:
            return told.high
        value, _ = self._by_segments
        return max(self._least_total, min(max(value, told.low), told.high))

    @cached_property
    def _least_total(self) -> float:
        """The least liver that leaves the segments without a volume a place: the low end of the share they usually have."""
        rest = self._share(self.present & ~mask_of(self.segments))
        low, _ = population_interval(rest, self.concentration, self._sds)
        return math.fsum(self.segments.values()) / (1 - max(low, self.parameters["segment_least_part"].number * rest))

    @cached_property
    def _by_segments(self) -> tuple[float, float]:
        """The liver that the measured segments are a part of, by population shares, and its relative deviation."""
        share = self._share(mask_of(self.segments))
        deviation = math.sqrt((1 - share) / (share * (self.concentration + 1)))
        return math.fsum(self.segments.values()) / share, deviation

    def _share(self, kept: int) -> float:
        return math.fsum(share for index, share in enumerate(self.population) if kept >> index & 1)

    @property
    def _sds(self) -> float:
        return float(self.parameters["remnant_interval_sds"].number)

    def _estimated_total(self) -> Estimate:
        """By the formula and regrowth, or by the measured segments where they tell it more closely."""
        standard, _ = self.standard_total
        share = self._regrown_share()
        how = standard.how if share == 1 else say("volume.regrown", how=standard.how)
        found = Estimate(
            standard.value * share, standard.low * share, standard.high * share, True, how, standard.sources
        )
        if self._covered is not None:
            return self._covered
        if not self.segments:
            return found
        value, deviation = self._by_segments
        half = self._sds * deviation * value
        if half / value > (found.high - found.low) / 2 / found.value and found.value >= self._least_total:
            return found
        sources = self.parameters["segment_fractions"].sources
        return Estimate(value, max(0.0, value - half), value + half, True, say("volume.by_segments"), sources)

    @cached_property
    def doubt(self) -> float:
        """How far the whole may be off, relatively, where it is taken from segments of which some were not measured."""
        if not self.segments or self.complete:
            return 0.0
        value, deviation = self._by_segments
        told = without_tumour(self.case)
        if told is not None:
            return min(self._sds * deviation, (told.high - told.low) / 2 / self.total.value)
        return self._sds * deviation if self.total.value == value else 0.0

    @property
    def error(self) -> float:
        """The relative error of a measured share: of the measurement, and of the whole."""
        return math.hypot(errors().measured, self.doubt)

    def _regrown_share(self) -> float:
        """Today's volume after earlier resections as a share of the volume before: linear to a plateau."""
        if not self.past.gone:
            return 1.0
        fractions = self.parameters["segment_fractions"].value
        left = sum(share for index, share in enumerate(fractions) if self.present >> index & 1)
        plateau = max(self.parameters["regrowth_plateau"].number, left)
        week = self.past.last_hepatectomy_week
        weeks = self.parameters["regrowth_weeks"].number
        passed = 1.0 if week is None else min(1.0, -week / weeks)
        return float(left + (plateau - left) * passed)

    # --- the parts ----------------------------------------------------------------------------------------------

    @cached_property
    def shares(self) -> tuple[Share, ...]:
        """What the case says of shares of today's liver, in an order of its own; those that do not decide are not `sure`."""
        found = {mask_of([one]): self._of_segment(one, volume) for one, volume in self.segments.items()}
        for one in self._current:
            found.pop(one.kept, None)
            how = say("volume.volumetry", week=one.week)
            sure = one.whole_known and not self._aged(one.week) and unchanged_since(self.case, one.week) is True
            found[one.kept] = Share(one.kept, one.fraction, how, sure=sure and not self._implausible(one))
        return tuple(found.values())

    def _of_segment(self, segment: int, volume: float) -> Share:
        sure = not self.total.estimated or self.standard_total[1] or len(self.segments) > 1
        return Share(mask_of([segment]), volume / self.total.value, say("volume.measured_segment"), sure=sure)

    @cached_property
    def sure(self) -> tuple[Share, ...]:
        """Measured shares of today."""
        return tuple(one for one in self.shares if one.sure)

    @cached_property
    def _current(self) -> tuple[_Dated, ...]:
        """The latest volumetry of each remnant since the liver last changed; where it was only made to grow, the latest before that."""
        latest: dict[int, _Dated] = {}
        for one in self._dated:
            if not self._before_a_change(one.week) or only_grown_since(self.case, one.week):
                latest[one.kept] = one
        return tuple(sorted(latest.values(), key=lambda one: (one.week, one.kept)))

    @cached_property
    def _dated(self) -> tuple[_Dated, ...]:
        """Every remnant that tells a share of the segments still there, oldest first."""
        told: dict[tuple[int, int], list[MeasuredRemnant]] = {}
        for one in self.case.liver.measured_remnants:
            kept = self._measured_part(one)
            if kept and kept != self.present and (one.fraction is not None or one.ml is not None):
                told.setdefault((one.week, kept), []).append(one)
        return tuple(self._joined(*key, entries) for key, entries in sorted(told.items()))

    def _measured_part(self, one: MeasuredRemnant) -> int:
        """The segments that a volumetry measured: what stays, without what loses all of its drainage where that was left out.

        The veins that go are taken to be those that lesions touch: whoever measured knew which they were, the file does not say.
        """
        kept = self.present & ~mask_of(one.removes)
        if not one.excludes_congested:
            return kept
        touched = [vessel for lesion in self.case.lesions for vessel in (*(lesion.contacts or ()), *lesion.invades)]
        return kept & ~congested(kept, touched)

    def _joined(self, week: int, kept: int, entries: Iterable[MeasuredRemnant]) -> _Dated:
        pairs = [self._fraction(one) for one in entries]
        volumes = [one.ml for one in entries if one.ml is not None]
        fractions = [fraction for fraction, known in pairs if known] or [fraction for fraction, _ in pairs]
        ml = math.fsum(volumes) / len(volumes) if volumes else None
        known = any(known for _, known in pairs)
        return _Dated(kept, week, math.fsum(fractions) / len(fractions), ml, known)

    def _fraction(self, one: MeasuredRemnant) -> tuple[float, bool]:
        """A remnant as a share, and whether the whole is known that it is a share of."""
        if one.fraction is not None:
            return one.fraction, True
        standard, by_body = self.standard_total
        told = not self.total.estimated or self.total is self._covered
        whole, known = (self.total.value, True) if told else (standard.value, by_body)
        if one.denominator == "standardised" and by_body:
            whole, known = standard.value, True
        elif one.denominator == "measured":
            whole = self.total.value
        return min((one.ml or 0.0) / whole, float(self.parameters["remnant_most_of_whole"].number)), known

    def measured_ml(self, kept: int) -> float | None:
        """Measured ml of the segments `kept`, where the current volumetry of exactly that remnant gives it."""
        found = self._measured(kept)
        return None if found is None else found.ml

    def ml_of_all(self, kept: int) -> float:
        """The ml of which a share of `kept` is told: by the volumetry of that remnant where it tells both, else of today's liver."""
        found = self._measured(kept)
        return self.total.value if found is None or not found.ml or not found.fraction else found.ml / found.fraction

    def _measured(self, kept: int) -> _Dated | None:
        for one in self._current:
            if one.kept == kept and not self._aged(one.week) and unchanged_since(self.case, one.week):
                return one
        return None

    # --- what is not taken as told ------------------------------------------------------------------------------

    def _before_a_change(self, week: int) -> bool:
        """Whether the liver was operated on or made to grow after that week."""
        return unchanged_since(self.case, week) is False

    def _aged(self, week: int) -> bool:
        """Whether a volumetry is older than the protocol takes as of today."""
        return -week > self.protocol.number("volumetry_weeks")

    def _implausible(self, one: _Dated) -> bool:
        """Whether an untouched liver would be built like no other: then a mistake in the file is likelier."""
        if self.present != ALL or self.past.closed_inflow or self.past.last_stimulus_week is not None:
            return False
        low, high = self._plausible(one.kept)
        return not low <= one.fraction <= high

    @property
    def doubted(self) -> frozenset[int]:
        """The segments of current remnants that hardly any untouched liver has."""
        return frozenset(one.kept for one in self._current if self._implausible(one))

    @property
    def hardly_possible(self) -> bool:
        """Whether there is such a remnant."""
        return bool(self.doubted)

    def _plausible(self, kept: int) -> tuple[float, float]:
        return population_interval(
            self._share(kept), self.concentration, self.protocol.number("volumetry_plausible_sds")
        )
