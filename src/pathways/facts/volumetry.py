"""What of the volumes of a case is open, old or hardly possible: each a finding, with how it is taken."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import cached_property

from pathways.case.volumetry import (
    errors,
    most_tumour,
    only_grown_since,
    segments_without_volume,
    unchanged_since,
    without_tumour,
)
from pathways.facts.verdict import Missing, Verdict, unknown
from pathways.facts.volumetry_reading import Reading
from pathways.liver.anatomy import mask_of, roman, segments_of
from pathways.messages.catalogue import say

RULE = "volumetry_sound"


class Volumetry(Reading):
    """The volumes of a case, read under a protocol, and what of them is not taken as told."""

    @cached_property
    def findings(self) -> tuple[Verdict, ...]:
        """What of the volumes is open, old or hardly possible, and how it is taken."""
        found = (
            self._side(), self._zeros(), self._gaps(), self._old(), self._strange(), self._apart(), self._wholes_unknown(),
        )  # fmt: skip
        return tuple(one for some in found for one in some)

    @cached_property
    def untold(self) -> tuple[Missing, ...]:
        """What is not told beside what is measured: the other segments, and the whole where ml are told or asked for."""
        liver, found = self.case.liver, []
        others = [one for one in segments_of(self.present) if one not in self.segments]
        if self.segments and others:
            keys = ", ".join(f"liver.segments_ml.{one}" for one in others)
            words = say("taken_as.usual_shares", segments=roman(mask_of(others)))
            found.append(Missing(keys, say("not_reported.segments", item=keys), words))
        if self.segments or any(self.by_weight or one.ml for one in liver.measured_remnants):
            found += self.total_untold
        return tuple(found)

    @property
    def by_weight(self) -> bool:
        """Whether remnants are held to body weight."""
        return self.case.patient.weight_kg is not None

    @cached_property
    def total_untold(self) -> tuple[Missing, ...]:
        """The total where it is estimated, and the height that would tell it better."""
        if not self.total.estimated or self.case.liver.total_ml is not None:
            return ()
        words = say("taken_as.estimated_total", total=self.total.value, how=self.total.how)
        keys = "liver.total_ml"
        if self.by_weight and self.case.patient.height_cm is None:
            keys = ", ".join((keys, "patient.height_cm"))
        return (Missing(keys, say("not_reported.total", item=keys), words),)

    def _side(self) -> Iterator[Verdict]:
        side = self.past.side_taken
        if side:
            words = say("volumetry_sound.side_untold", item="history.segments")
            yield unknown(RULE, words, say("taken_as.side_closed", segments=roman(side)))

    def _zeros(self) -> Iterator[Verdict]:
        empty = segments_without_volume(self.case, frozenset(segments_of(self.past.gone)))
        if empty:
            words = say("volumetry_sound.zero", segments=roman(mask_of(empty)), item="liver.segments_ml")
            yield unknown(RULE, words, say("taken_as.not_measured"), value=0.0, unit="ml")

    def _gaps(self) -> Iterator[Verdict]:
        """What of the total is neither segment nor tumour; and tumour that the total may hold and nobody has told."""
        liver, told = self.case.liver, without_tumour(self.case)
        if told is None or liver.total_ml is None:
            return
        sources = self.parameters["volumetry_relative_error"].sources
        measured = math.fsum(self.segments.values())
        if self.complete:
            gap = told.high - measured
            error = errors().of(liver.total_ml, measured, liver.tumour_ml or 0.0)
            if gap > error:
                words = say(
                    "volumetry_sound.tumour_not_told" if liver.tumour_ml is None else "volumetry_sound.unaccounted",
                    gap=gap, total=liver.total_ml, item="liver.tumour_ml",
                )  # fmt: skip
                yield unknown(
                    RULE, words, say("taken_as.segments_are_the_liver", sum=measured), value=gap, limit=error, unit="ml",
                    sources=sources,
                )  # fmt: skip
        elif liver.tumour_ml is None:
            error, most = errors().of(liver.total_ml), most_tumour(self.case)
            if most > error and not self._whole_told(liver.total_ml):
                yield self._untold_tumour(liver.total_ml, most, error, sources)

    def _whole_told(self, total: float) -> bool:
        """Whether a remnant, told in ml and as a share, says itself that the total is the functional liver."""
        error = errors().of(total, total)
        return any(
            one.fraction is not None
            and one.ml is not None
            and one.denominator != "standardised"
            and abs(one.ml / one.fraction - total) <= error
            for one in self.case.liver.measured_remnants
        )

    def _untold_tumour(self, total: float, most: float, error: float, sources: tuple[str, ...]) -> Verdict:
        known, item = math.isfinite(most), "liver.tumour_ml"
        if known:
            words = say("volumetry_sound.tumour_may_be", total=total, item=item, most=min(most, total))
        else:
            words = say("volumetry_sound.tumour_unknown", total=total, item=item)
        taken = say("taken_as.total_holds_tumour", tumour=max(0.0, total - self.total.value), liver=self.total.value)
        value = most if known else None
        return unknown(RULE, words, taken, value=value, limit=error, unit="ml", sources=sources)

    def _old(self) -> Iterator[Verdict]:
        limit = self.protocol.number("volumetry_weeks")
        newer = {one.kept for one in self._current}
        item = "liver.measured_remnants"
        for one in self._dated:
            what, weeks = roman(one.kept), -one.week
            if one.kept not in newer and self._before_a_change(one.week):
                words = say(
                    "volumetry_sound.before_a_change", item=item, segments=what, fraction=one.fraction, weeks=weeks
                )
                yield unknown(RULE, words, say("taken_as.not_of_today"), value=float(weeks), unit="weeks")
            elif one in self._current and only_grown_since(self.case, one.week):
                words = say(
                    "volumetry_sound.before_growth", item=item, segments=what, fraction=one.fraction, weeks=weeks
                )
                yield unknown(RULE, words, say("taken_as.before_growth"), value=float(weeks), unit="weeks")
            elif one in self._current and unchanged_since(self.case, one.week) is None:
                words = say(
                    "volumetry_sound.order_unknown", item="history.week", segments=what, fraction=one.fraction, weeks=weeks
                )  # fmt: skip
                yield unknown(RULE, words, say("taken_as.old_estimate"), value=float(weeks), unit="weeks")
            elif one in self._current and self._aged(one.week):
                words = say(
                    "volumetry_sound.old", item=item, segments=what, fraction=one.fraction, weeks=weeks, limit=limit
                )
                yield unknown(
                    RULE, words, say("taken_as.old_estimate"), value=float(weeks), limit=limit, unit="weeks",
                    sources=self.protocol.sources("volumetry_weeks"),
                )  # fmt: skip

    def _strange(self) -> Iterator[Verdict]:
        for one in self._current:
            if self._implausible(one):
                low, high = self._plausible(one.kept)
                gone = self.present & ~one.kept
                words = say(
                    "volumetry_sound.implausible", kept=roman(one.kept), fraction=one.fraction, removed=roman(gone), rest=1 - one.fraction,
                    usual=self._share(gone), item="liver.measured_remnants",
                )  # fmt: skip
                yield unknown(
                    RULE, words, say("taken_as.implausible_estimate"), value=one.fraction, limit=low if one.fraction < low else high,
                    unit="fraction", sources=self.parameters["segment_fractions"].sources,
                )  # fmt: skip

    def _apart(self) -> Iterator[Verdict]:
        """One remnant measured twice with nothing between that makes a liver grow, and not the same twice."""
        latest = {one.kept: one for one in self._current}
        for one in self._dated:
            last = latest.get(one.kept, one)
            if last is one or self._before_a_change(one.week):
                continue
            apart, error = abs(one.fraction - last.fraction), errors().of(one.fraction, last.fraction)
            if apart > error:
                words = say(
                    "volumetry_sound.apart", segments=roman(one.kept), before=one.fraction, weeks=-one.week, fraction=last.fraction,
                    later=-last.week, item="liver.measured_remnants",
                )  # fmt: skip
                yield unknown(
                    RULE, words, say("taken_as.latest"), value=apart, limit=error, unit="fraction",
                    sources=self.parameters["volumetry_relative_error"].sources,
                )  # fmt: skip

    def _wholes_unknown(self) -> Iterator[Verdict]:
        for one in self._current:
            if not one.whole_known and one.ml is not None:
                words = say("volumetry_sound.whole_unknown", segments=roman(one.kept), ml=one.ml, item="liver.total_ml")
                taken = say("taken_as.population_total", total=self.total.value)
                yield unknown(RULE, words, taken, value=one.ml, unit="ml", sources=self.total.sources)
