"""The clinical picture of a case under a protocol: liver state, volumes, and the resections now and after a response.

Numbers live here; the process only sees the facts derived from them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from typing import NamedTuple

from pathways.case.models import Case, ExtrahepaticDisease, Lesion
from pathways.facts.blocks import cycles_of, cycles_of_course
from pathways.facts.history import Past, immunotherapy_failed, past_of
from pathways.facts.liver_state import LiverState, body_weight_limit_in, is_exposed, liver_state, volume_limit_in
from pathways.facts.verdict import Missing
from pathways.facts.volumetry import Volumetry
from pathways.knowledge.model import Parameter, Protocol
from pathways.knowledge.protocols import knowledge
from pathways.liver.adequacy import least_remnant
from pathways.liver.anatomy import ALL
from pathways.liver.debulking import Debulking, debulking
from pathways.liver.lesions import PLACES, SIZE, UNTOLD, LesionPlan, Option, lesion_label, plan_lesion, told_together
from pathways.liver.resection import LiverProblem, Resection, growth_target
from pathways.liver.resections import if_small_enough, in_one_piece, resections
from pathways.liver.volumes import Estimate, Volumes, fitted_shares
from pathways.messages.catalogue import called, say
from pathways.process.facts import STIMULI
from pathways.quick_dataclass import dataclass

Search = Callable[[LiverProblem], tuple[Resection, ...]]


def drugs(regimen: str | None) -> str:
    """A regimen of the history as a sentence names it."""
    return regimen or say("regimen.of_the_history")


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
        if lesion.known_as in ("vanished", "benign"):
            return lesion.known_as == "vanished" and self.sites != "watched"
        return lesion.known_as != "suspected" or self.nature not in OTHERS_BENIGN


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
        deficient = (primary.tumour, primary.mismatch_repair) == ("colorectal", "deficient")
        return "immunotherapy" if deficient and not immunotherapy_failed(self.case) else "cytotoxic"

    def cycles_in(self, blocks: int) -> int:
        """Cytotoxic cycles before an operation in `blocks` blocks of this plan."""
        return 0 if self.systemic != "cytotoxic" else cycles_of(self.protocol, blocks, self.past.cycles_counted)

    def cycles_of_course(self, course: str) -> int:
        """Cytotoxic cycles in one step of `course`: a block, or a half of a perioperative course."""
        return 0 if self.systemic != "cytotoxic" else cycles_of_course(self.protocol, course, self.past.cycles_counted)

    def cycles_after(self, blocks: int) -> int:
        """Cytotoxic cycles that count before the next hepatectomy, after `blocks` more blocks."""
        return self.past.cycles_counted + self.cycles_in(blocks)

    def cycles_since_hepatectomy(self, blocks: int) -> int:
        """Those, and the cycles of lines that failed before."""
        return self.past.cycles_since_hepatectomy + self.cycles_in(blocks)

    def liver_state(self, blocks: int = 0) -> LiverState:
        """Which of the four states sets the limit, after `blocks` more blocks of chemotherapy."""
        found = self._liver_states.get(blocks)
        if found is None:
            found = self._liver_states[blocks] = self._liver_state(blocks)
        return found

    @cached_property
    def _liver_states(self) -> dict[int, LiverState]:
        return {}

    def _liver_state(self, blocks: int) -> LiverState:
        protocol = self.protocol
        cycles = self.past.exposure_cycles + self.cycles_in(blocks)
        weeks = self.past.exposure_weeks + self.cycles_in(blocks) * protocol.number("cycle_weeks")
        return liver_state(self.case.liver.background, exposed=is_exposed(protocol, weeks, cycles))

    @cached_property
    def state_assumptions(self) -> tuple[str, ...]:
        """What is taken as given about the state of the liver, in words."""
        return (*(one.assumed for one in self.state_untold), *self.state_judged)

    @cached_property
    def state_untold(self) -> tuple[Missing, ...]:
        """What the case does not tell of the state of the liver."""
        found = []
        if self.case.liver.background is None:
            words = say("not_reported.background", item="liver.background")
            found.append(Missing("liver.background", words, say("taken_as.normal_background")))
        if self.past.exposure_unknown and self.liver_state() == "normal":
            words = say("not_reported.exposure", item="history.cycles")
            found.append(Missing("history.cycles", words, say("taken_as.normal_exposure")))
        return tuple(found)

    @cached_property
    def state_judged(self) -> tuple[str, ...]:
        """How courses of the history are counted against the liver where that is not told, in words."""
        return tuple(dict.fromkeys(self._courses_taken_as())) if self.case.liver.background in (None, "normal") else ()

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
    def volumetry(self) -> Volumetry:
        """What the volumes of the case say of today's liver."""
        return Volumetry(self.case, self.past, self.protocol, self.parameters)

    @property
    def total(self) -> Estimate:
        """Today's functional liver volume in ml."""
        return self.volumetry.total

    @cached_property
    def volumes(self) -> Volumes:
        """Shares of the segments, fitted to what the case tells."""
        read = self.volumetry
        fractions, cells = fitted_shares(read.population, self.present, read.shares)
        return Volumes(
            fractions=fractions,
            cells=cells,
            told=read.shares,
            population=read.population,
            concentration=read.concentration,
            interval_sds=self.parameters["remnant_interval_sds"].number,
            measurement_error=read.error,
            total=read.total,
            guessed=read.doubt > 0,
        )

    @cached_property
    def elsewhere(self) -> tuple[ExtrahepaticDisease, ...] | None:
        """Disease elsewhere that counts as such: confirmed, or suspected and as large as the protocol says; None where it is not told."""
        found = self.case.disease_elsewhere
        return None if found is None else tuple(one for one in found if self.counts_as_disease(one))

    @property
    def doubtful_elsewhere(self) -> tuple[ExtrahepaticDisease, ...]:
        """What is only suspected elsewhere and does not count as disease until it has been found out."""
        return tuple(one for one in self.case.disease_elsewhere or () if not self.counts_as_disease(one))

    def counts_as_disease(self, one: ExtrahepaticDisease) -> bool:
        """Whether a finding elsewhere is planned as disease."""
        large = one.size_mm is not None and one.size_mm >= self.protocol.number("suspected_elsewhere_mm")
        return one.nature == "confirmed" or (one.nature == "suspected" and large)

    @cached_property
    def lesions(self) -> tuple[LesionPlan, ...]:
        """The lesions as presented."""
        return self.lesions_in(TODAY)

    @cached_property
    def gilbert(self) -> bool:
        """Whether Gilbert syndrome explains bilirubin and jaundice: it is told, and bilirubin is not too high for it."""
        bilirubin = self.case.liver.bilirubin_umol_per_l or 0
        return bool(self.case.liver.gilbert) and bilirubin <= self.protocol.number("gilbert_bilirubin_max")

    @cached_property
    def jaundiced(self) -> bool:
        """Whether there is jaundice, as a sign or by a bilirubin above the limit for a major resection, that Gilbert syndrome does not explain."""
        liver = self.case.liver
        bilirubin = liver.bilirubin_umol_per_l
        measured = bilirubin is not None and bilirubin > self.protocol.number("bilirubin_max_major")
        return not self.gilbert and (measured or "jaundice" in (liver.insufficiency or ()))

    @cached_property
    def labelled(self) -> tuple[tuple[Lesion, str], ...]:
        """The lesions of the file with their labels."""
        return tuple((one, lesion_label(one, index)) for index, one in enumerate(self.case.lesions))

    @cached_property
    def entries(self) -> tuple[tuple[Lesion, str], ...]:
        """Those that are not known to be benign."""
        return tuple((one, label) for one, label in self.labelled if one.known_as != "benign")

    @cached_property
    def benign(self) -> tuple[tuple[Lesion, str], ...]:
        """Those that are."""
        return tuple((one, label) for one, label in self.labelled if one.known_as == "benign")

    @cached_property
    def ducts_at_lesions(self) -> tuple[str, ...]:
        """The lesions with a bile duct that is dilated or invaded."""
        return tuple(label for one, label in self.labelled if one.bile_duct in ("dilated", "invaded"))

    @cached_property
    def biliary_obstruction(self) -> str | None:
        """Obstructed bile ducts as told; else a duct dilated or invaded by a lesion obstructs where there is jaundice."""
        told = self.case.liver.biliary_obstruction
        return "present" if told is None and self.jaundiced and self.ducts_at_lesions else told

    def lesions_in(self, scenario: LesionScenario, at_worst: Collection[str] = ()) -> tuple[LesionPlan, ...]:
        """The lesions that count in `scene`, as large as they are then; `at_worst`: keys read at their bad end where not told."""
        at_worst = UNTOLD if self.strict else {*self.at_worst, *at_worst}
        if scenario.extent != "responded":
            # Today a heap is cleared wherever its lesions lie, or it is not; what a response leaves is too uncertain to say so.
            at_worst = {*at_worst, PLACES}
        key = (scenario, frozenset(at_worst))
        found = self._planned.get(key)
        if found is None:
            found = self._planned[key] = self._lesions_in(scenario, at_worst)
        return found

    @cached_property
    def _planned(self) -> dict[tuple[LesionScenario, frozenset[str]], tuple[LesionPlan, ...]]:
        return {}

    def _lesions_in(self, scenario: LesionScenario, at_worst: Collection[str]) -> tuple[LesionPlan, ...]:
        shrinkage = self.parameters["shrinkage_of_a_response"].number if scenario.extent == "responded" else 1.0
        # A response of the history is in the pictures of today: what is still touched it has not freed.
        responded = scenario.extent == "responded"
        counted = [(index, lesion) for index, lesion in enumerate(self.case.lesions) if scenario.counts(lesion)]
        no_heat = self._nothing_ablated([lesion for _, lesion in counted])
        return told_together(
            plan_lesion(
                lesion,
                lesion_label(lesion, index),
                self.present,
                self.protocol,
                shrinkage,
                responded=responded,
                at_worst=at_worst,
                no_heat=no_heat,
            )
            for index, lesion in counted
        )

    @property
    def joins_the_bile_duct(self) -> bool:
        """Whether a primary is in place whose removal joins the bile duct to the bowel, and nothing is ablated in such a liver."""
        joined = self.case.primary.tumour in self.protocol.words("primaries_joining_the_bile_duct")
        accepted = self.protocol.yes("ablation_after_bilioenteric_anastomosis")
        return self.case.primary_in_place and joined and not accepted

    def _nothing_ablated(self, lesions: Iterable[Lesion]) -> Option | None:
        """Why nothing at all is ablated in this patient, if so: a duct joined to the bowel, or too many lesions before any is removed."""
        protocol = self.protocol
        if not protocol.yes("ablation_after_bilioenteric_anastomosis") and self.case.liver.bilioenteric_anastomosis:
            return Option("refused", say("local_ablation.bilioenteric"))
        if self.joins_the_bile_duct:
            tumour = called("tumour", self.case.primary.tumour)
            return Option("refused", say("local_ablation.will_be_joined", tumour=tumour))
        key = "ablation_max_count"
        number, most = sum(lesion.count or 1 for lesion in lesions), protocol.whole(key)
        if number <= most:
            return None
        return Option(
            "refused",
            say("local_ablation.too_many", number=number, limit=most),
            float(number),
            float(most),
            "lesions",
            key,
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
            major_share=protocol.number("major_resection_share"),
            most_local=protocol.whole("limited_resection_max_count") * sessions,
            most_ablations=protocol.whole("ablation_max_count"),
            involved_limit=protocol.whole("segments_involved_limit"),
            margin_mm=self.parameters["limited_resection_margin_mm"].number,
            ablation_margin_mm=protocol.number("ablation_margin_mm"),
            # What a response leaves is too uncertain (an entry tells its largest lesion only) to call it hopeless.
            least_remnant=0.0 if scenario.extent == "responded" else self._least_remnant,
            enough_remnant=self._enough_remnant,
            enough_ml=self._enough_ml,
            cava_allowed=protocol.yes("vena_cava_resection"),
            leave_congested=protocol.yes("congested_liver_left"),
            trust_unknown_sizes=scenario.extent == "responded",
            assume_sizes=not self.strict and SIZE not in self.at_worst,
        )

    @cached_property
    def _least_remnant(self) -> float:
        """The fraction below which even the strongest growth stimulus would not reach today's limit."""
        limit = volume_limit_in(self.protocol, self.liver_state()).value
        sds = self.protocol.number("growth_reach_sds")
        growths = [self.parameters[f"growth_{one}"] for one in STIMULI]
        return float(least_remnant(limit, [(one.number, one.sd) for one in growths], sds))

    @cached_property
    def _enough_remnant(self) -> float:
        """The fraction that is enough for this liver after long chemotherapy, the strictest limit that may come."""
        return volume_limit_in(self.protocol, self._strictest_state).value

    @cached_property
    def _enough_ml(self) -> float:
        """The ml that are enough by body weight then (1 ml weighs 1 g); 0 where it is not known."""
        grams = (self.case.patient.weight_kg or 0.0) * 1000
        return body_weight_limit_in(self.protocol, self._strictest_state).value * grams

    @property
    def _strictest_state(self) -> LiverState:
        return liver_state(self.case.liver.background, exposed=True)

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
        for smaller in (if_small_enough(self.problem(scenario.counted)), self._if_all_small(scenario)):
            found = next((one for one in smaller if one.remnant.value >= limit), None)
            if found is not None:
                return found
        return None

    def in_one_piece(self, one: Resection) -> tuple[Resection, ...]:
        """The resections of a whole side that clear the liver as `one` does, where that is major by what is cut out piece by piece."""
        scenario = next((each for each in (TODAY, AFTER_RESPONSE) if one in self.resections(each)), None)
        return () if scenario is None else in_one_piece(self.problem(scenario.counted), one)

    def with_small_lesions(self) -> Case:
        """The case with every size that is not told at the limit of a limited resection."""
        limits = {True: "limited_resection_max_mm_deep", False: "limited_resection_max_mm"}
        lesions = tuple(
            one
            if one.size_mm is not None
            else one.model_copy(update={"size_mm": self.protocol.number(limits[one.depth == "deep"])})
            for one in self.case.lesions
        )
        return self.case.model_copy(update={"lesions": lesions})

    def _if_all_small(self, scenario: LesionScenario) -> tuple[Resection, ...]:
        """What would be done then: planned where it is told, asked about where nobody tells, for it is never assumed of most of the disease."""
        unsized = tuple(one.label for one in self.lesions_in(scenario) if one.size_mm is None)
        if self.strict or not unsized:
            return ()
        told = PatientAssessment(self.with_small_lesions(), self.protocol)
        return tuple(replace(one, assumed=unsized) for one in told.resections(scenario))

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
