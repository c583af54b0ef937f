"""Facts of drawn patients, derived by columns: the same rules as `pathways.facts`, for every patient at once.

A fixed fact is a column of codes (positions in its domain); a case table is a column of codes for every combination of the live
facts it depends on. A test holds every cell to `CaseFacts` on thousands of drawn cases.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cached_property, lru_cache, partial
from typing import Any, get_args

import numpy as np
import numpy.typing as npt

from pathways.case.words import Family
from pathways.cohort.codes.case_facts import CODE, LIKELY, NO, REMNANT_DOMAIN, YES
from pathways.cohort.patients.columns import BACKGROUNDS, EXTRAHEPATIC, SITES, URGENCIES, VESSELS, Patients
from pathways.cohort.rules.cores import CORE, GROWTH_SIDE
from pathways.cohort.rules.remnants import Body, Estimates, Remnants
from pathways.cohort.rules.resection_problem import Chosen, Found, Measures, Problem
from pathways.cohort.rules.resection_search import search
from pathways.documents.problems import PathwaysError
from pathways.facts.derive import POLICY_OF
from pathways.facts.patient_assessment import INJURED
from pathways.facts.remnant import STATUSES
from pathways.knowledge.model import Parameter, Protocol
from pathways.knowledge.protocols import knowledge
from pathways.liver.anatomy import HEPATIC_VEINS, LEFT, PEDICLE_TERRITORY, RIGHT
from pathways.liver.resections import CLEARANCES
from pathways.liver.volumes import Estimate, Volumes, fitted_shares
from pathways.process.facts import MOST_BLOCKS, STIMULI

Codes = npt.NDArray[np.uint8]
Rows = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Array = npt.NDArray[Any]
EXTENTS, EXPOSURES = 2, 2
TUMOUR = "colorectal"  # the primary of everybody drawn
# From the order of STATUSES (worst first) to the domain of a remnant (best first).
REMNANT_OF_STATUS = np.array([REMNANT_DOMAIN.index(name) for name in STATUSES], dtype=np.uint8)


class CohortFacts:
    """Facts of drawn patients under one protocol. Scenes are the two extents: as presented, after a response."""

    def __init__(
        self,
        patients: Patients,
        protocol: Protocol,
        *,
        follow_up: bool = True,
        figures: Mapping[str, float] | None = None,
    ) -> None:
        if TUMOUR in protocol.words("debulking_tumours"):
            raise PathwaysError(
                f"protocol {protocol.id}: debulking_tumours names {TUMOUR}, and drawn patients are not debulked: whether a share of their tumour can be removed is not worked out"
            )
        self.patients = patients
        self.protocol = protocol
        self.follow_up = follow_up
        self.figures = figures or {}
        known = knowledge().parameters
        self.parameters: Mapping[str, Parameter] = {
            **known,
            **{name: replace(known[name], value=value, distribution={}) for name, value in self.figures.items()},
        }
        self.number = len(patients)

    # --- what is fixed for a patient ------------------------------------------------------------------------------

    @cached_property
    def fixed(self) -> dict[str, Codes]:
        """Every fact without keys, by name."""
        yes = np.zeros(self.number, dtype=np.uint8)
        found = {name: self._yes_no(rule()) for name, rule in self._rules().items()}
        found |= {f"accepts_{family}": yes for family in get_args(Family)}
        two = {
            "prior_hepatectomy": False,
            "treated_by_target": False,
            "followed_up": self.follow_up,
            "lasting_control": TUMOUR in self.protocol.words("lasting_control_tumours"),
            "wishes_no_way_out": False,
        }
        for name, answer in two.items():
            found[name] = np.full(self.number, CODE[name]["yes" if answer else "no"], dtype=np.uint8)
        perforated = self.patients.urgent == URGENCIES.index("perforation")
        found["diversion_enough"] = np.where(perforated, CODE["diversion_enough"]["no"], 0).astype(np.uint8)
        due = self.patients.needs_radiotherapy & self.patients.in_situ
        found["radiotherapy_due"] = np.where(due, 0, CODE["radiotherapy_due"]["no"]).astype(np.uint8)
        return found

    def _rules(self) -> dict[str, Callable[[], Bools]]:
        patients, protocol = self.patients, self.protocol
        ecog, asa = patients.ecog, patients.asa
        fit = asa <= protocol.whole("asa_max")
        sites = np.array([name in protocol.words("extrahepatic_sites_resectable") for name in EXTRAHEPATIC])
        no_extrahepatic = patients.extrahepatic == 0
        rectum = patients.site == SITES.index("rectum")
        with_rectum, with_colon = (protocol.yes(f"simultaneous_major_with_{one}") for one in ("rectum", "colon"))
        always, never = np.ones(self.number, dtype=bool), np.zeros(self.number, dtype=bool)
        return {
            "fit_major": lambda: fit & (ecog <= protocol.whole("ecog_max_major")),
            "fit_minor": lambda: fit & (ecog <= protocol.whole("ecog_max_minor")),
            "fit_ablation": lambda: fit & (ecog <= protocol.whole("ecog_max_minor")),
            "fit_alpps": lambda: fit
            & (ecog <= protocol.whole("ecog_max_major"))
            & (ecog <= protocol.whole("alpps_ecog_max")),
            "liver_function_major": lambda: always,
            "liver_function_minor": lambda: always,
            "liver_function_ablation": lambda: always,
            "extrahepatic_operable": lambda: no_extrahepatic
            | (sites[patients.extrahepatic] & patients.extrahepatic_resectable & (protocol.whole("extrahepatic_sites_max") >= 1)),
            "primary_operable": lambda: ~patients.in_situ | patients.r0_resectable,
            "simultaneous_minor": lambda: always,
            "simultaneous_major": lambda: np.where(rectum, with_rectum, with_colon),
            "transplantable": self._transplantable,
            "primary_rules": lambda: always if TUMOUR not in protocol.words("refused_primaries") else never,
            "debulking_allowed": lambda: always if TUMOUR in protocol.words("debulking_tumours") else never,
            "extrahepatic_in_one_session": lambda: always & protocol.yes("extrahepatic_in_one_session"),
            "adjuvant_useful": lambda: always & protocol.yes("adjuvant_accepted"),
            **{f"policy_{name}": partial(self._offered, key, choice) for name, (key, choice, _) in POLICY_OF.items()},
        }  # fmt: skip

    def _offered(self, key: str, choice: str) -> Bools:
        """Whether the protocol offers something at all: alike for everybody."""
        offers = choice in self.protocol.words(key) if choice else self.protocol.yes(key)
        return np.full(self.number, offers)

    def _transplantable(self) -> Bools:
        patients, protocol = self.patients, self.protocol
        age = (patients.age_years >= protocol.number("transplant_age_min")) & (
            patients.age_years <= protocol.number("transplant_age_max")
        )
        cea = patients.cea_ng_per_ml < protocol.number("transplant_cea_max")
        found: Bools = age & cea & ~patients.braf_mutated & (patients.extrahepatic == 0)
        return found & (patients.ecog <= protocol.whole("transplant_ecog_max")) & protocol.yes("transplant_accepted")

    def _yes_no(self, answers: Bools) -> Codes:
        return np.where(answers, YES, NO).astype(np.uint8)

    # --- chemotherapy and the state of the liver --------------------------------------------------------------------

    @cached_property
    def cytotoxic(self) -> Bools:
        """Whether systemic treatment is chemotherapy; else immunotherapy."""
        return ~self.patients.repair_deficient

    @cached_property
    def cycles(self) -> npt.NDArray[np.int64]:
        """Cytotoxic cycles after 0, 1, ... blocks; (patients, blocks)."""
        blocks = np.arange(MOST_BLOCKS + 2) * self.protocol.whole("cycles_per_block")
        return np.where(self.cytotoxic[:, None], blocks, 0)

    @cached_property
    def exposed(self) -> Codes:
        """Whether the liver counts as exposed after 0, 1, ... blocks; (patients, blocks)."""
        return np.where(self.cytotoxic[:, None], exposed_after(self.protocol), 0).astype(np.uint8)

    @cached_property
    def _limits(self) -> Floats:
        """The least remnant fraction; (exposure, background). Exposure 1 after long chemotherapy."""
        protocol = self.protocol
        return np.array(
            [
                [
                    protocol.number("remnant_limit_cirrhosis") if name == "cirrhosis"
                    else protocol.number("remnant_limit_injured") if name in INJURED
                    else protocol.number(normal)
                    for name in BACKGROUNDS
                ]
                for normal in ("remnant_limit_normal", "remnant_limit_exposed")
            ]
        )  # fmt: skip

    @cached_property
    def _body_limits(self) -> Floats:
        """The least remnant as a share of body weight; (exposure, background)."""
        damaged = self.protocol.number("remnant_body_weight_damaged")
        normal = self.protocol.number("remnant_body_weight_normal")
        sick = np.array([name == "cirrhosis" or name in INJURED for name in BACKGROUNDS])
        return np.stack([np.where(sick, damaged, normal), np.full(len(BACKGROUNDS), damaged)])

    def limit(self, exposure: int) -> Floats:
        """The least remnant fraction of every patient."""
        found: Floats = self._limits[exposure][self.patients.background]
        return found

    # --- volumes and resections -------------------------------------------------------------------------------------

    @cached_property
    def body(self) -> Body:
        """Total liver volume by the formula for height and weight (drawn patients have both), and body weight."""
        patients, parameters = self.patients, self.parameters
        area = np.sqrt(patients.height_cm * patients.weight_kg / 3600)
        value = parameters["total_volume_intercept_ml"].number + parameters["total_volume_per_bsa_ml"].number * area
        per_kg = parameters["total_volume_weight_intercept_ml"].number
        by_weight = per_kg + parameters["total_volume_per_kg_ml"].number * patients.weight_kg
        value = np.where(value > 0, value, by_weight)
        spread = parameters["remnant_interval_sds"].number
        relative = parameters["total_volume_formula_relative_sd"].number * spread
        low, high = np.maximum(0.0, value * (1 - relative)), value * (1 + relative)
        return Body(Estimates(value, low, high, np.ones(self.number, dtype=bool)), patients.weight_kg * 1000)

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        """The search problem as presented and after a response."""
        return tuple(self._problem(extent) for extent in range(EXTENTS))

    def _problem(self, extent: int) -> Problem:
        patients, protocol = self.patients, self.protocol
        shrinkage = self.parameters["shrinkage_of_a_response"].number if extent else 1.0
        sizes = patients.sizes_mm * shrinkage
        policy = protocol.word("vessel_detachment")
        held = not (policy == "always" or (policy == "after_response" and extent))
        touches = {name: patients.contacts[:, place] for place, name in enumerate(VESSELS)}
        central = _union([touches[name] for name in (*PEDICLE_TERRITORY, "hilum")])
        nothing = np.zeros(self.number, dtype=np.uint8)
        deep = _bits(patients.deep)
        limit = np.where(
            deep, protocol.number("limited_resection_max_mm_deep"), protocol.number("limited_resection_max_mm")
        )
        present = patients.lesions
        limited = _mask(sizes <= limit) & present & ~(central if held else nothing)
        ablatable = _mask(sizes <= protocol.number("ablation_max_mm")) & present & ~central
        diameter_cm = (sizes + 2 * self.parameters["limited_resection_margin_mm"].number) / 10
        loss = np.pi / 6 * diameter_cm**3 * patients.counts
        return Problem(
            lesions=present,
            limited=limited,
            ablatable=ablatable,
            needs=self._needs(touches) if held else nothing,
            veins=tuple(touches[name] if held else nothing for name in HEPATIC_VEINS),  # type: ignore[arg-type]
            counts=patients.counts,
            loss_ml=loss,
            total_ml=self.body.total.value,
            least=np.zeros(self.number) if extent else self._least,
            measures=measures(),
            adjacent=protocol.whole("remnant_adjacent_segments"),
            major_from=protocol.whole("major_resection_segments"),
            most_local=protocol.whole("limited_resection_max_count"),
            most_ablations=protocol.whole("ablation_max_count"),
        )

    def _needs(self, touches: dict[str, Codes]) -> Codes:
        """Segments that have to go because a pedicle or the hilum is held."""
        needs = np.zeros(self.number, dtype=np.uint8)
        for name, territory in PEDICLE_TERRITORY.items():
            needs |= np.where(touches[name] != 0, territory, 0).astype(np.uint8)
        hilum = touches["hilum"]
        needs |= np.where(hilum & RIGHT != 0, RIGHT, 0).astype(np.uint8)
        needs |= np.where(hilum & LEFT != 0, LEFT, 0).astype(np.uint8)
        return needs

    @cached_property
    def _least(self) -> Floats:
        sds = self.protocol.number("growth_reach_sds")
        growths = [self.parameters[f"growth_{one}"] for one in STIMULI]
        return self.limit(0) / (1 + max(one.number + sds * one.sd for one in growths))

    @cached_property
    def found(self) -> tuple[Found, ...]:
        """Resections in one session, by extent."""
        return tuple(search(problem) for problem in self.problems)

    @cached_property
    def targets(self) -> tuple[tuple[Chosen, Bools], ...]:
        """By extent the target of growth, and whether the side that stays is cleared in two sessions."""
        return tuple(self._target(extent) for extent in range(EXTENTS))

    def _target(self, extent: int) -> tuple[Chosen, Bools]:
        one = self.found[extent].target
        two_sessions = np.zeros(self.number, dtype=bool)
        problem = self.problems[extent]
        # A second session is for those whom one session does not clear, or leaves less than the usual growth makes enough.
        usual = 1 + self.parameters["growth_pve"].number
        grows = one.exists & (one.value * usual >= self.limit(0))
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
        side = np.zeros(256, dtype=np.uint8)
        side[CORE] = GROWTH_SIDE
        columns = []
        for target, _ in self.targets:
            left = ((self.patients.lesions & ~target.core) != 0) | ((target.core & ~side[target.core]) != 0)
            columns.append(target.exists & left)
        return np.stack(columns, axis=1)

    def remnants(self, chosen: Chosen, exposure: int) -> Remnants:
        """The remnant rules for one resection a patient."""
        background = self.patients.background
        limits = self._limits[exposure][background], self._body_limits[exposure][background]
        return Remnants(chosen, self.body, *limits, self.parameters, self.protocol)

    def some_remnants(self, chosen: Chosen, rows: Rows, exposure: Codes) -> Remnants:
        """The same for one resection of each of the patients `rows`, each with their own exposure."""
        background = self.patients.background[rows]
        limits = self._limits[exposure, background], self._body_limits[exposure, background]
        return Remnants(chosen, self.body.rows(rows), *limits, self.parameters, self.protocol)

    @cached_property
    def target_remnants(self) -> tuple[tuple[Remnants, ...], ...]:
        """The rules for the target of growth, by extent and exposure."""
        return tuple(tuple(self.remnants(target, one) for one in range(EXPOSURES)) for target, _ in self.targets)

    @cached_property
    def statuses(self) -> dict[str, Codes]:
        """Status of the remnant of every class and of the target, in its domain; (patients, extent, exposure)."""
        found = {}
        for place, name in enumerate((*CLEARANCES, "target")):
            column = np.empty((self.number, EXTENTS, EXPOSURES), dtype=np.uint8)
            for extent in range(EXTENTS):
                for exposure in range(EXPOSURES):
                    column[:, extent, exposure] = REMNANT_OF_STATUS[self._status(name, place, extent, exposure)]
            found[name] = column
        return found

    def _status(self, name: str, place: int, extent: int, exposure: int) -> Codes:
        if name == "target":
            return self.target_remnants[extent][exposure].status
        return self.remnants(self.found[extent].classes[place], exposure).status

    @cached_property
    def doubtful(self) -> tuple[tuple[Chosen, ...], ...]:
        """By extent and exposure, the first resection whose remnant only volumetry can judge."""
        return tuple(tuple(self._doubtful(extent, one) for one in range(EXPOSURES)) for extent in range(EXTENTS))

    def _doubtful(self, extent: int, exposure: int) -> Chosen:
        classes = self.found[extent].classes
        found = classes[0]
        likely = [np.isin(self.statuses[name][:, extent, exposure], LIKELY) for name in CLEARANCES]
        for place in reversed(range(len(CLEARANCES))):
            rows = np.flatnonzero(likely[place])
            found = found.replaced(rows, classes[place].rows(rows))
        none = np.flatnonzero(~np.any(likely, axis=0))
        exists = found.exists.copy()
        exists[none] = False
        return Chosen(**{**{name: getattr(found, name) for name in found.__dataclass_fields__}, "exists": exists})


def exposed_after(protocol: Protocol) -> Codes:
    """Whether the liver counts as exposed after 0, 1, ... blocks of chemotherapy."""
    cycles = np.arange(MOST_BLOCKS + 2) * protocol.whole("cycles_per_block")
    over_weeks = cycles * protocol.number("cycle_weeks") > protocol.number("exposed_after_weeks")
    return (over_weeks | (cycles > protocol.number("exposed_after_cycles"))).astype(np.uint8)


@lru_cache(maxsize=1)
def measures() -> Measures:
    """Shares of every set of segments of such a liver."""
    return Measures.of(volumes())


def _bits(masks: Codes) -> Bools:
    return np.unpackbits(masks[:, None], axis=1, bitorder="little").astype(bool)


def _mask(bits: Bools) -> Codes:
    return np.packbits(bits, axis=1, bitorder="little")[:, 0]


def _union(masks: list[Codes]) -> Codes:
    found = masks[0].copy()
    for mask in masks[1:]:
        found |= mask
    return found


@lru_cache(maxsize=1)
def volumes() -> Volumes:
    """Shares of the segments of a liver that nobody has measured or operated on."""
    parameters = knowledge().parameters
    population = parameters["segment_fractions"]
    fractions, cells = fitted_shares(population.value, 255, ())
    return Volumes(
        fractions=fractions,
        cells=cells,
        measured=(),
        concentration=float(population.distribution["concentration"]) * sum(population.value),
        interval_sds=parameters["remnant_interval_sds"].number,
        measurement_error=parameters["volumetry_relative_error"].number,
        total=Estimate(0.0, 0.0, 0.0, True, "by patient"),
    )
