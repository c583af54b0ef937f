"""The clinical picture of a case under a protocol: liver state, volumes, and the resections now and after a response.

Numbers live here; the process only sees the facts derived from them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple

from pathways.case.models import Case, Lesion, MeasuredRemnant
from pathways.facts.history import Past, past_of
from pathways.knowledge.arithmetic import Number, YesNo
from pathways.knowledge.model import Parameter, Protocol
from pathways.knowledge.protocols import knowledge
from pathways.liver.adequacy import least_remnant
from pathways.liver.anatomy import ALL, mask_of, size_of
from pathways.liver.debulking import Debulking, debulking
from pathways.liver.lesions import SIZE, UNTOLD, LesionPlan, lesion_label, plan_lesion
from pathways.liver.resections import LiverProblem, Resection, growth_target, if_small_enough, resections
from pathways.liver.volumes import Estimate, Share, Volumes, fitted_shares, total_volume
from pathways.messages.catalogue import say
from pathways.process.facts import STIMULI

Search = Callable[[LiverProblem], tuple[Resection, ...]]
LiverState = Literal["normal", "exposed", "injured", "cirrhosis"]
# A remnant measured as larger than the estimated whole is all of it, less something.
ALMOST_ALL = 0.99
INJURED = ("steatosis", "steatohepatitis", "sinusoidal_injury", "fibrosis")


def drugs(regimen: str | None) -> str:
    """A regimen of the history as a sentence names it."""
    return regimen or say("regimen.of_the_history")


def is_exposed(protocol: Protocol, weeks: Number, cycles: Number) -> YesNo:
    """Whether chemotherapy of so many weeks and cycles counts as long."""
    return (weeks > protocol.number("exposed_after_weeks")) | (cycles > protocol.number("exposed_after_cycles"))


def liver_state(background: str | None, *, exposed: bool) -> LiverState:
    """Which of the four states sets the limit of a liver that has, or has not, had long chemotherapy."""
    if background == "cirrhosis":
        return "cirrhosis"
    if background in INJURED:
        return "injured"
    return "exposed" if exposed else "normal"


# The suspected lesions have turned out benign, beside proven ones or alone.
OTHERS_BENIGN = ("proven", "benign")


class LesionScenario(NamedTuple):
    """Which lesions count, and in which extent: the live facts that the geometry of the liver depends on."""

    extent: str = "presented"
    sites: str = "none"
    nature: str = "confirmed"

    @property
    def counted(self) -> LesionScenario:
        """The same scene with everything left out that changes nothing."""
        sites = "watched" if self.sites == "watched" else "present"
        return LesionScenario(self.extent, sites, "proven" if self.nature in OTHERS_BENIGN else "confirmed")

    def counts(self, lesion: Lesion) -> bool:
        """Whether `lesion` has to be treated to clear the liver."""
        if lesion.nature == "vanished":
            return self.sites != "watched"
        return lesion.nature != "suspected" or self.nature not in OTHERS_BENIGN


TODAY = LesionScenario()
AFTER_RESPONSE = LesionScenario("responded")


@dataclass(frozen=True)
class PatientAssessment:
    """A case seen through a protocol. Everything is computed once, when first asked for."""

    case: Case
    protocol: Protocol
    strict: bool = False
    # Keys of the lesions that are read at their bad end where they are not told.
    at_worst: frozenset[str] = frozenset()

    @cached_property
    def parameters(self) -> Mapping[str, Parameter]:
        """The cited figures."""
        return knowledge().parameters

    @cached_property
    def past(self) -> Past:
        """What the history adds up to."""
        return past_of(self.case, self.protocol)

    @cached_property
    def present(self) -> int:
        """Segments still there, as a bit mask."""
        return ALL & ~self.past.gone

    @property
    def targeted(self) -> bool:
        """Whether systemic treatment of this tumour is a targeted drug: it counts as no cytotoxic cycle."""
        return self.case.primary.tumour in self.protocol.words("targeted_first_tumours")

    @property
    def systemic(self) -> str:
        """What systemic treatment of this disease is: cytotoxic, a targeted drug, or immunotherapy."""
        if self.targeted:
            return "targeted"
        primary = self.case.primary
        return (
            "immunotherapy" if (primary.tumour, primary.mismatch_repair) == ("colorectal", "deficient") else "cytotoxic"
        )

    def cycles_in(self, blocks: int) -> int:
        """Cytotoxic cycles in `blocks` blocks of this plan."""
        return 0 if self.systemic != "cytotoxic" else blocks * self.protocol.whole("cycles_per_block")

    def cycles_after(self, blocks: int) -> int:
        """Cytotoxic cycles that count before the next hepatectomy, after `blocks` more blocks."""
        return self.past.cycles_counted + self.cycles_in(blocks)

    def liver_state(self, blocks: int = 0) -> LiverState:
        """Which of the four states sets the limit, after `blocks` more blocks of chemotherapy."""
        protocol = self.protocol
        cycles = self.past.exposure_cycles + self.cycles_in(blocks)
        weeks = self.past.exposure_weeks + self.cycles_in(blocks) * protocol.number("cycle_weeks")
        return liver_state(self.case.liver.background, exposed=is_exposed(protocol, weeks, cycles))

    @cached_property
    def state_assumptions(self) -> tuple[str, ...]:
        """What is taken as given about the state of the liver."""
        found = []
        if self.case.liver.background is None:
            found.append(say("taken_as.normal_background"))
        if self.past.exposure_unknown and self.liver_state() == "normal":
            found.append(say("taken_as.normal_exposure"))
        if self.case.liver.background in (None, "normal"):
            found += self._courses_taken_as()
        return tuple(dict.fromkeys(found))

    def _courses_taken_as(self) -> Iterator[str]:
        """Which courses of the history the liver is not judged by, and how the others are counted where that is not told."""
        past, limit = self.past, self.protocol.number("past_course_weeks")
        for one in past.outranked:
            ended = -(one.ended_week or 0)
            yield say("taken_as.outranked_exposure", regimen=drugs(one.regimen), since=ended, limit=limit)
        outranks = self.protocol.yes("exposure_fades") and self.case.liver.background == "normal"
        for one in past.exposing:
            if outranks and one.past is None and (one.cycles or one.weeks):
                yield say("taken_as.counted_exposure", regimen=drugs(one.regimen), item="history.until_week")
            if one.reckoned:
                yield say(
                    "taken_as.cycle_not_known", regimen=drugs(one.regimen), weeks=self.protocol.number("cycle_weeks")
                )

    @cached_property
    def standard_total(self) -> tuple[Estimate, bool]:
        """Standardised total volume in ml, and whether it stands on the patient's body size."""
        patient = self.case.patient
        return total_volume(self.parameters, patient.height_cm, patient.weight_kg)

    @cached_property
    def total(self) -> Estimate:
        """Today's functional liver volume in ml: measured less tumour, else the formula and regrowth."""
        liver = self.case.liver
        if liver.total_ml is not None:
            value = liver.total_ml - (liver.tumour_ml or 0.0)
            how = say("volume.measured_without_tumour" if liver.tumour_ml else "volume.measured")
            return Estimate(value, value, value, False, how)
        if len(liver.segments_ml) == size_of(self.present):
            value = sum(liver.segments_ml.values())
            return Estimate(value, value, value, False, say("volume.sum_of_segments"))
        standard, _ = self.standard_total
        share = self._regrown_share()
        how = standard.how if share == 1 else say("volume.regrown", how=standard.how)
        return Estimate(
            standard.value * share, standard.low * share, standard.high * share, True, how, standard.sources
        )

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

    @cached_property
    def volumes(self) -> Volumes:
        """Shares of the segments, fitted to the volumetry in the case."""
        population = self.parameters["segment_fractions"]
        measured = self._measured()
        fractions, cells = fitted_shares(population.value, self.present, measured)
        present_share = sum(share for index, share in enumerate(population.value) if self.present >> index & 1)
        return Volumes(
            fractions=fractions,
            cells=cells,
            measured=measured,
            concentration=float(population.distribution["concentration"]) * present_share,
            interval_sds=self.parameters["remnant_interval_sds"].number,
            measurement_error=self.parameters["volumetry_relative_error"].number,
            total=self.total,
        )

    def _measured(self) -> tuple[Share, ...]:
        """Volumetry that describes today's liver: not older than the last resection or stimulus; latest of a set."""
        shares: dict[int, Share] = {}
        for segment, volume in self.case.liver.segments_ml.items():
            kept = mask_of([int(segment)])
            if 0 < volume < self.total.value and kept & self.present:
                shares[kept] = Share(kept, volume / self.total.value, say("volume.measured_segment"))
        weeks = (self.past.last_hepatectomy_week, self.past.last_stimulus_week)
        oldest = max((week for week in weeks if week is not None), default=None)
        for remnant in sorted(self.case.liver.measured_remnants, key=lambda one: one.week):
            kept = self.present & ~mask_of(remnant.removes)
            fraction = self._fraction(remnant)
            if kept and kept != self.present and fraction is not None and (oldest is None or remnant.week >= oldest):
                shares.pop(kept, None)
                shares[kept] = Share(kept, fraction, say("volume.volumetry", week=remnant.week))
        return tuple(shares.values())

    def _fraction(self, remnant: MeasuredRemnant) -> float | None:
        if remnant.fraction is not None:
            return remnant.fraction
        if remnant.ml is None:
            return None
        standard, by_body = self.standard_total
        total = standard.value if by_body and remnant.denominator != "measured" else self.total.value
        return min(remnant.ml / total, ALMOST_ALL)

    def measured_ml(self, kept: int) -> float | None:
        """Measured ml of the segments `kept`, where a volumetry of exactly that remnant gives it."""
        for remnant in sorted(self.case.liver.measured_remnants, key=lambda one: -one.week):
            if remnant.ml is not None and self.present & ~mask_of(remnant.removes) == kept:
                return remnant.ml
        return None

    @cached_property
    def lesions(self) -> tuple[LesionPlan, ...]:
        """The lesions as presented."""
        return self.lesions_in(TODAY)

    @property
    def responded_before(self) -> bool:
        """Whether the disease, as it is today, has responded already: then it may have let go of vessels."""
        return self.past.last_response in ("partial", "complete")

    def lesions_in(self, scenario: LesionScenario, at_worst: Collection[str] = ()) -> tuple[LesionPlan, ...]:
        """The lesions that count in `scene`, as large as they are then; `at_worst`: keys read at their bad end where not told."""
        at_worst = UNTOLD if self.strict else {*self.at_worst, *at_worst}
        shrinkage = self.parameters["shrinkage_of_a_response"].number if scenario.extent == "responded" else 1.0
        responded = scenario.extent == "responded" or self.responded_before
        return tuple(
            plan_lesion(
                lesion,
                lesion_label(lesion, index),
                self.present,
                self.protocol,
                shrinkage,
                responded=responded,
                at_worst=at_worst,
            )
            for index, lesion in enumerate(self.case.lesions)
            if scenario.counts(lesion)
        )

    def resections(self, scenario: LesionScenario) -> tuple[Resection, ...]:
        """Non-dominated ways to clear the liver in `scene`; least loss first."""
        return self._found(scenario.counted, 1)

    def _found(self, scenario: LesionScenario, sessions: int) -> tuple[Resection, ...]:
        key = (scenario, sessions)
        found = self._searched.get(key)
        if found is None:
            found = self._searched[key] = self._search(self.problem(scenario, sessions))
        return found

    @cached_property
    def _search(self) -> Search:
        return resections

    def search_with(self, search: Search) -> None:
        """Searches resections by `search`, which may remember the problems it has solved; before any is asked for."""
        vars(self)["_search"] = search

    @cached_property
    def _searched(self) -> dict[tuple[LesionScenario, int], tuple[Resection, ...]]:
        return {}

    def problem(self, scenario: LesionScenario, sessions: int = 1) -> LiverProblem:
        """The search problem of a scene where local treatments may be spread over `sessions`."""
        protocol = self.protocol
        return LiverProblem(
            present=self.present,
            without_inflow=self.past.closed_inflow,
            lesions=self.lesions_in(scenario),
            volumes=self.volumes,
            adjacent_segments=protocol.whole("remnant_adjacent_segments"),
            major_from=protocol.whole("major_resection_segments"),
            most_local=protocol.whole("limited_resection_max_count") * sessions,
            most_ablations=protocol.whole("ablation_max_count") * sessions,
            involved_limit=protocol.whole("segments_involved_limit"),
            margin_mm=self.parameters["limited_resection_margin_mm"].number,
            # What a response leaves is too uncertain (an entry tells its largest lesion only) to call it hopeless.
            least_remnant=0.0 if scenario.extent == "responded" else self._least_remnant,
            cava_allowed=protocol.yes("vena_cava_resection"),
            trust_unknown_sizes=scenario.extent == "responded" or self.responded_before,
            assume_sizes=not self.strict and SIZE not in self.at_worst,
        )

    @cached_property
    def _least_remnant(self) -> float:
        """The fraction below which even the strongest growth stimulus would not reach today's limit."""
        limit = self.protocol.number(f"remnant_limit_{self.liver_state()}")
        sds = self.protocol.number("growth_reach_sds")
        growths = [self.parameters[f"growth_{one}"] for one in STIMULI]
        return float(least_remnant(limit, [(one.number, one.sd) for one in growths], sds))

    def target(self, scenario: LesionScenario) -> Resection | None:
        """The major resection whose remnant could be made to grow; where one session does not clear it, in two."""
        return growth_target(self._found(scenario.counted, self.clearing_sessions(scenario)))

    def clearing_sessions(self, scenario: LesionScenario) -> int:
        """Sessions that clear the side that stays: 1, or 2 where they leave a remnant that growth is likelier to raise."""
        one, two = (growth_target(self._found(scenario.counted, sessions)) for sessions in (1, 2))
        if two is None or (one is not None and one.remnant.value >= two.remnant.value - 1e-9):
            return 1
        limit = self.protocol.number(f"remnant_limit_{self.liver_state()}")
        usual = 1 + self.parameters["growth_pve"].number
        return 1 if one is not None and one.remnant.value * usual >= limit else 2

    def if_small_enough(self, scenario: LesionScenario) -> Resection | None:
        """Where sizes are not known and no operation leaves enough as it is: the one that would, if they were small."""
        limit = self.protocol.number(f"remnant_limit_{self.liver_state()}")
        if any(one.assumed or one.remnant.value >= limit for one in self.resections(scenario)):
            return None
        smaller = if_small_enough(self.problem(scenario.counted))
        return next((one for one in smaller if one.remnant.value >= limit), None)

    def debulking(self, scenario: LesionScenario) -> Debulking | None:
        """The operation that removes most of the tumour and leaves most liver, where one removes enough of it."""
        counted = scenario.counted
        if counted not in self._debulked:
            share = self.protocol.number("debulking_share")
            self._debulked[counted] = debulking(self.problem(counted, 1), share)
        return self._debulked[counted]

    @cached_property
    def _debulked(self) -> dict[LesionScenario, Debulking | None]:
        return {}
