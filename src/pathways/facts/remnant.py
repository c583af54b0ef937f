"""Is the remnant enough? Volume as a fraction and against body weight, each with its error, and what growth can reach.

The status of a remnant: `enough` or `short` where the figure is sure, `likely_enough` or `likely_short` where only an
estimate is there and its interval holds the limit: then volumetry is a step that finds out.
"""

from __future__ import annotations

import math

from pathways.case.models import MeasuredRemnant
from pathways.facts.liver_state import Limit, body_weight_limit_in, volume_limit_in
from pathways.facts.patient_assessment import AFTER_RESPONSE, TODAY, LesionScenario, PatientAssessment
from pathways.facts.verdict import Missing, Verdict, allowed, refused, unknown
from pathways.liver import adequacy
from pathways.liver.adequacy import STATUSES
from pathways.liver.anatomy import RIGHT, mask_of, roman
from pathways.liver.resection import CLEARANCES, Resection, best_of
from pathways.liver.volumes import Estimate
from pathways.messages.catalogue import called, say
from pathways.messages.figures import apart, decimals_apart, percentage
from pathways.process.model import AGAIN
from pathways.quick_dataclass import dataclass


def volume_limit(assessed: PatientAssessment, blocks: int) -> Limit:
    """The least fraction that must stay, for the state of the liver after `blocks` more blocks."""
    return volume_limit_in(assessed.protocol, assessed.liver_state(blocks))


def body_weight_limit(assessed: PatientAssessment, blocks: int) -> Limit:
    """The least remnant as a share of body weight."""
    return body_weight_limit_in(assessed.protocol, assessed.liver_state(blocks))


def body_weight_ratio(assessed: PatientAssessment, resection: Resection) -> Estimate | None:
    """Remnant in kg (1 ml weighs 1 g) to body weight; None where the weight is not known."""
    weight = assessed.case.patient.weight_kg
    if weight is None:
        return None
    grams = weight * 1000
    if resection.remnant_ml is not None:
        ratio = resection.remnant_ml / grams
        return Estimate(ratio, ratio, ratio, False, resection.remnant.how)
    measured = assessed.volumetry.measured_ml(resection.kept)
    if measured is not None:
        error = assessed.volumes.measurement_error * measured
        # What is treated locally in it goes off the measured ml, as it goes off the share.
        share = assessed.volumes.share(resection.kept)
        taken = measured * (1 - resection.remnant.value / share) if resection.remnant.estimated and share > 0 else 0.0
        value, low, high = (max(0.0, one - taken) / grams for one in (measured, measured - error, measured + error))
        return Estimate(value, low, high, taken > 0, say("volume.measured_ml"))
    remnant, total = resection.remnant, assessed.total
    value, low, high = adequacy.body_weight_ratio(remnant, total, grams)
    if remnant.estimated:
        low = max(low, min(value, _measured_within(assessed, resection) * total.value / grams))
    how = say("volume.of_both", remnant=remnant.how, total=total.how) if value > 0 else remnant.how
    return Estimate(value, low, high, remnant.estimated, how)


def _measured_within(assessed: PatientAssessment, resection: Resection) -> float:
    """The largest measured share of a part of what stays, less what is taken locally: what is measured decides by itself, so no more can be less."""
    taken = assessed.volumes.share(resection.kept) - resection.remnant.value
    measured = (one.fraction for one in assessed.volumes.measured if not one.kept & ~resection.kept)
    return max(0.0, max(measured, default=0.0) - taken)


def total_asked(assessed: PatientAssessment) -> tuple[Missing, ...]:
    """The total of a liver that nobody has measured, where its error could take a remnant below a limit, or make much of what is taken locally."""
    limit = body_weight_limit(assessed, 0).value
    ways = (*assessed.resections(TODAY), *assessed.resections(AFTER_RESPONSE))
    ratios = (body_weight_ratio(assessed, one) for one in ways)
    doubted = any(ratio is not None and ratio.low < limit for ratio in ratios)
    doubted = doubted or any(_much_of_a_smaller_liver(assessed, one) for one in ways)
    return assessed.volumetry.total_untold if doubted else ()


def _much_of_a_smaller_liver(assessed: PatientAssessment, one: Resection) -> bool:
    """Whether what is cut out or ablated locally would take the share of a major resection from a liver as small as this one may be."""
    total, major = assessed.total, assessed.protocol.number("major_resection_share")
    by_segments = assessed.volumes.share(one.removes)
    most = by_segments + (one.taken - by_segments) * total.value / total.low
    return one.taken < major <= most


def status_of(estimate: Estimate, limit: float) -> str:
    """How an estimate stands to a limit. A measured figure decides by itself."""
    return STATUSES[adequacy.status(estimate, limit)]


def remnant_status(assessed: PatientAssessment, resection: Resection, blocks: int) -> str:
    """The worse of the volume and the body-weight rule."""
    statuses = [status_of(estimate, limit) for estimate, limit in limited_by(assessed, resection, blocks)]
    kinetics = growth_rate_verdict(assessed, resection)
    if kinetics is not None and kinetics.verdict == "refused":
        statuses.append("short")
    return min(statuses, key=STATUSES.index)


def enough_in_one_piece(assessed: PatientAssessment, one: Resection) -> Resection | None:
    """The resection of a whole side instead of `one`, which is major piece by piece, where its remnant is enough today."""
    return next((other for other in assessed.in_one_piece(one) if remnant_status(assessed, other, 0) == "enough"), None)


def first_in_doubt(assessed: PatientAssessment, scenario: LesionScenario, blocks: int) -> Resection | None:
    """The resection whose remnant volumetry would measure: the first, by class, of which only an estimate is there."""
    offered = (best_of(assessed.resections(scenario), one) for one in CLEARANCES)
    return next((one for one in offered if one and remnant_status(assessed, one, blocks).startswith("likely")), None)


def remnant_verdicts(assessed: PatientAssessment, resection: Resection, blocks: int = 0) -> tuple[Verdict, ...]:
    """The two remnant rules for `resection`, after `blocks` more blocks of chemotherapy."""
    found = (volume_verdict(assessed, resection, blocks), body_weight_verdict(assessed, resection, blocks))
    kinetics = growth_rate_verdict(assessed, resection)
    return found if kinetics is None else (*found, kinetics)


def volume_verdict(assessed: PatientAssessment, resection: Resection, blocks: int) -> Verdict:
    """Remnant fraction against the limit for the state of the liver."""
    limit = volume_limit(assessed, blocks)
    setting = assessed.protocol.settings[limit.key]
    left, binds = resection.remnant, binding_limit(assessed, resection, blocks)
    decimals = decimals_apart(limit.value, (left.value,))
    words = say(
        "remnant_volume.kept", segments=roman(resection.kept), remnant=percent(left, decimals),
        state=called("state", assessed.liver_state(blocks)), limit=percentage(limit.value, decimals),
    )  # fmt: skip
    if binds.by_weight:
        words = say("remnant_volume.by_weight", words=words, limit=binds.words(left.value)[1])
    elif binds.ml_known:
        words = say("remnant_volume.in_ml", words=words, ml=binds.remnant_ml, limit=binds.ml)
    return _verdict("remnant_volume", left, limit.value, words, setting.sources, assessed.state_assumptions)


def body_weight_verdict(assessed: PatientAssessment, resection: Resection, blocks: int) -> Verdict:
    """Remnant to body weight against the limit for the state of the liver."""
    limit = body_weight_limit(assessed, blocks)
    setting = assessed.protocol.settings[limit.key]
    ratio = body_weight_ratio(assessed, resection)
    if ratio is None:
        return unknown(
            "remnant_body_weight", say("remnant_body_weight.not_reported", item="patient.weight_kg"),
            say("taken_as.by_the_fraction"), limit=limit.value, unit="fraction", sources=setting.sources,
        )  # fmt: skip
    told, wanted = apart(ratio.value, limit.value, least=2)
    share = limit_by_weight(assessed, resection, limit.value)
    words = say(
        "remnant_body_weight.ratio", ratio=told, low=ratio.low, high=ratio.high, limit=wanted,
        ml=share.ml, share=percentage(share.share, 1),
    )  # fmt: skip
    return _verdict("remnant_body_weight", ratio, limit.value, words, setting.sources, assessed.state_assumptions)


def _verdict(
    rule: str,
    estimate: Estimate,
    limit: float,
    words: str,
    sources: tuple[str, ...],
    assumptions: tuple[str, ...],
) -> Verdict:
    status = status_of(estimate, limit)
    details = {"value": estimate.value, "limit": limit, "unit": "fraction", "sources": sources}
    if status in ("likely_enough", "likely_short"):
        assumed = say("taken_as.estimated_enough" if status == "likely_enough" else "taken_as.estimated_too_small")
        return unknown(rule, say("volumetry.missing", words=words), assumed, **details)
    make = allowed if status == "enough" else refused
    return make(rule, words, assumed="; ".join(assumptions) or None, **details)


@dataclass(frozen=True, slots=True)
class Kinetics:
    """How a remnant has grown: points of standardised volume gained, weeks, and points a week."""

    gained: float
    weeks: float

    @property
    def rate(self) -> float:
        """Kinetic growth rate in percentage points a week."""
        return self.gained * 100 / self.weeks


def kinetics_of(assessed: PatientAssessment, resection: Resection) -> Kinetics | None:
    """Growth since the stimulus, where volumetry before and after it gives this remnant as a fraction."""
    stimulus = assessed.past.last_stimulus_week
    if stimulus is None:
        return None
    same = [one for one in assessed.case.liver.measured_remnants if _is_of(assessed, one, resection)]
    before = [one for one in same if one.week <= stimulus]
    after = [one for one in same if one.week > stimulus]
    if not before or not after:
        return None
    last, first = max(before, key=lambda one: one.week), min(after, key=lambda one: one.week)
    return Kinetics((first.fraction or 0) - (last.fraction or 0), first.week - stimulus)


def _is_of(assessed: PatientAssessment, one: MeasuredRemnant, resection: Resection) -> bool:
    return one.fraction is not None and _kept_by(assessed, one) == resection.kept


def _kept_by(assessed: PatientAssessment, one: MeasuredRemnant) -> int:
    return assessed.present & ~mask_of(one.removes)


def growth_rate_verdict(assessed: PatientAssessment, resection: Resection) -> Verdict | None:
    """Kinetic growth rate and degree of hypertrophy after a stimulus; a bar only where the protocol says so."""
    found = kinetics_of(assessed, resection)
    if found is None:
        return None
    protocol = assessed.protocol
    rate, hypertrophy = protocol.number("growth_rate_min"), protocol.number("hypertrophy_min")
    slow = found.rate < rate - 1e-9 and found.gained < hypertrophy - 1e-9
    words = say(
        "remnant_growth.gained", points=found.gained * 100, weeks=found.weeks, rate=found.rate, wanted_rate=rate,
        wanted=hypertrophy,
    )  # fmt: skip
    details = {"value": found.rate, "limit": rate, "unit": "percentage points a week",
               "sources": protocol.sources("growth_rate_min", "hypertrophy_min")}  # fmt: skip
    if slow and protocol.yes("growth_rate_gates"):
        return refused("remnant_growth", words, **details)
    return allowed("remnant_growth", say("remnant_growth.slow", words=words) if slow else words, **details)


def percent(estimate: Estimate, decimals: int = 0) -> str:
    """`35% (25% to 45%, estimated)` or `29.9% (28% to 31%, measured)`."""
    share = percentage(estimate.value, decimals)
    if math.isclose(estimate.low, estimate.high):
        how = say("volume.estimated") if estimate.estimated else estimate.how
        return say("share.exact", share=share, how=how)
    return say(
        "share.estimated" if estimate.estimated else "share.measured", share=share, low=estimate.low, high=estimate.high
    )


@dataclass(frozen=True, slots=True)
class BindingLimit:
    """The limit that asks for most of a remnant, as a share of the functional liver and in ml.

    `of_weight`: the share of body weight behind it, None where the fraction binds. `ml_known`: whether the ml stand on this
    patient, measured or by body size, and not on the mean of a population.
    """

    share: float
    ml: float
    remnant_ml: float
    of_weight: float | None
    ml_known: bool

    @property
    def by_weight(self) -> bool:
        """Whether body weight binds."""
        return self.of_weight is not None

    @property
    def rule(self) -> str:
        """The rule whose limit it is."""
        return "remnant_body_weight" if self.by_weight else "remnant_volume"

    def words(self, remnant: float) -> tuple[str, str]:
        """A remnant and this limit, both told in percent and ml, with as many decimals as tell them apart."""
        told, limit = apart(remnant, self.share)
        if not self.ml_known:
            return told, limit
        told = say("limit.in_ml", share=told, ml=self.remnant_ml)
        if self.of_weight is None:
            return told, say("limit.in_ml", share=limit, ml=self.ml)
        return told, say("limit.by_weight", share=limit, ml=self.ml, weight=self.of_weight)


def limit_by_weight(assessed: PatientAssessment, resection: Resection, of_weight: float) -> BindingLimit:
    """The limit by body weight as a share of this liver; the weight must be known."""
    grams, unit = (assessed.case.patient.weight_kg or 0.0) * 1000, _ml_of_all(assessed, resection)
    ml = of_weight * grams
    return BindingLimit(ml / unit, ml, resection.remnant.value * unit, of_weight, ml_known=True)


def binding_limit(assessed: PatientAssessment, resection: Resection, blocks: int) -> BindingLimit:
    """The stricter of the two limits for `resection`, after `blocks` more blocks of chemotherapy."""
    return stricter_limit(
        assessed, resection, volume_limit(assessed, blocks).value, body_weight_limit(assessed, blocks).value
    )


def stricter_limit(assessed: PatientAssessment, resection: Resection, share: float, of_weight: float) -> BindingLimit:
    """The stricter of a limit of the fraction and one of body weight; the fraction's where they are the same."""
    unit = _ml_of_all(assessed, resection)
    known = not assessed.total.estimated or assessed.case.patient.weight_kg is not None
    if assessed.case.patient.weight_kg is not None:
        by_weight = limit_by_weight(assessed, resection, of_weight)
        if by_weight.share > share * (1 + 1e-9):
            return by_weight
    return BindingLimit(share, share * unit, resection.remnant.value * unit, None, known)


def _ml_of_all(assessed: PatientAssessment, resection: Resection) -> float:
    """The ml of which the remnant's fraction is a share: by its own volumetry where that gives ml, else of today's liver."""
    ml, value = resection.remnant_ml, resection.remnant.value
    return assessed.volumetry.ml_of_all(resection.kept) if ml is None or value <= 0 else ml / value


def growth_needed(
    assessed: PatientAssessment, resection: Resection, blocks: int, *, measured_short: bool = False
) -> float:
    """Relative growth that brings the remnant to both limits; 0 where it is enough.

    `measured_short`: a volumetry has found less than the limit where the estimate could not tell. What it found is not
    planned; the mean of the part of the estimate's spread below the limit stands for it (a simplification).
    """
    estimate, limit = max(
        limited_by(assessed, resection, blocks), key=lambda pair: adequacy.times_needed(pair[0].value, pair[1])
    )
    sds = assessed.parameters["remnant_interval_sds"].number
    remnant = adequacy.mean_below(estimate, limit, sds) if measured_short else estimate.value
    return float(adequacy.growth_needed(remnant, limit))


def enough_chance(assessed: PatientAssessment, resection: Resection, blocks: int) -> float:
    """Chance that a remnant in doubt is measured as enough by both rules."""
    sds = assessed.parameters["remnant_interval_sds"].number
    pairs = limited_by(assessed, resection, blocks)
    return min(float(adequacy.enough_chance(estimate, limit, sds)) for estimate, limit in pairs)


def limited_by(assessed: PatientAssessment, resection: Resection, blocks: int) -> list[tuple[Estimate, float]]:
    """What the two rules compare, each with its limit: the fraction, and the ratio to body weight where that is known."""
    pairs = [(resection.remnant, volume_limit(assessed, blocks).value)]
    ratio = body_weight_ratio(assessed, resection)
    if ratio is not None:
        pairs.append((ratio, body_weight_limit(assessed, blocks).value))
    return pairs


def grown_before_today(assessed: PatientAssessment, resection: Resection) -> bool:
    """Whether the side to be removed has been closed before today, so that today's remnant has grown already.

    Segment IV goes with the right side though its own branches were left open, or a split has parted it from them: the stimulus was given.
    """
    closed = assessed.past.closed_inflow
    if closed and (split_before_today(assessed) or not RIGHT & ~closed):
        closed |= mask_of([4])
    return bool(resection.growth_side) and not resection.growth_side & ~closed


def split_before_today(assessed: PatientAssessment) -> bool:
    """Whether the liver has been split."""
    return any(event.event == "alpps_stage_1" for event in assessed.case.history)


def measured_since_stimulus(assessed: PatientAssessment, resection: Resection) -> bool:
    """Whether volumetry of today, or after the last stimulus, tells this remnant."""
    stimulus = assessed.past.last_stimulus_week
    if not resection.remnant.estimated:
        return True
    told = (one for one in assessed.case.liver.measured_remnants if _kept_by(assessed, one) == resection.kept)
    return any(stimulus is None or one.week > stimulus for one in told)


def stimulus_before_today(assessed: PatientAssessment) -> str:
    """What made the liver grow before today, by the strongest that is told."""
    return "split" if split_before_today(assessed) else embolised_by(assessed)


def embolised_by(assessed: PatientAssessment) -> str:
    """Whether an embolisation of the history closed the hepatic veins too."""
    veins_too = any(event.event == "liver_venous_deprivation" for event in assessed.case.history)
    return "lvd" if veins_too else "pve"


def grown_and_measured(assessed: PatientAssessment, resection: Resection) -> bool:
    """Whether the remnant that is told has grown already: what a stimulus brings has not to be reckoned."""
    return grown_before_today(assessed, resection) and measured_since_stimulus(assessed, resection)


def weeks_grown(assessed: PatientAssessment, resection: Resection) -> float | None:
    """Weeks from the last stimulus to the last volumetry of a remnant, to today where none is told; None where the stimulus has no date."""
    stimulus = assessed.past.last_stimulus_week
    if stimulus is None:
        return None
    measured = [one.week for one in assessed.case.liver.measured_remnants if _is_of(assessed, one, resection)]
    weeks = float(max((one for one in measured if one > stimulus), default=0) - stimulus)
    return weeks if weeks > 0 else None


def growth_verdict(
    assessed: PatientAssessment, resection: Resection, stimulus: str, blocks: int, scenario: LesionScenario = TODAY
) -> Verdict:
    """Whether growth after `stimulus` can bring the remnant to the limit, and its branch may be closed."""
    held = _tumour_in_the_branch(assessed, resection, stimulus, scenario)
    if held is not None:
        return held
    # To close the portal branch itself again is a first stage, which adds no more than time.
    again = stimulus != "pve" and grown_before_today(assessed, resection)
    growth = assessed.parameters[f"growth_{stimulus}{AGAIN if again else ''}"]
    reach = adequacy.most_growth(growth.number, growth.sd, assessed.protocol.number("growth_reach_sds"))
    needed = growth_needed(assessed, resection, blocks)
    unmeasured = again and not measured_since_stimulus(assessed, resection)
    if unmeasured:
        # A second stimulus adds to what the first has brought by then, where that has fallen short.
        first = assessed.parameters[f"growth_{stimulus_before_today(assessed)}"]
        needed = float(adequacy.needed_again(needed, adequacy.Growth.of(first.number, first.sd)))
    nothing = resection.remnant.value <= adequacy.TINY
    words = say(
        "remnant_growth.reach_again" if unmeasured else "remnant_growth.reach",
        needed=needed,
        usual=growth.number,
        most=reach,
    )
    if nothing:
        words = say("remnant_growth.nothing_left", resection=resection.name)
    make = allowed if needed <= reach else refused
    return make(
        "remnant_growth", words, value=None if nothing else needed, limit=reach, unit="fraction",
        sources=(*growth.sources, *assessed.protocol.sources("growth_reach_sds")),
    )  # fmt: skip


def _tumour_in_the_branch(
    assessed: PatientAssessment, resection: Resection, stimulus: str, scenario: LesionScenario
) -> Verdict | None:
    """A branch that holds tumour is not closed by the stimuli that the protocol names."""
    key = "thrombus_bars_stimuli"
    lesions = [one.label for one in assessed.lesions_in(scenario.counted) if one.thrombosed & resection.growth_side]
    if not lesions or stimulus not in assessed.protocol.words(key):
        return None
    words = say("remnant_growth.thrombus", lesions=", ".join(lesions))
    return refused("remnant_growth", words, sources=assessed.protocol.sources(key))
