"""What may come of every operation of the process in a state, for one case, and what drives it. Numbers and draws alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cached_property
from math import inf

from pathways.facts import remnant
from pathways.facts.cited import CitedFigures
from pathways.facts.liver_function import child_pugh
from pathways.facts.patient_assessment import PatientAssessment
from pathways.facts.risk.model import NOWHERE_NEAR, Anatomy, Risk, RiskModel
from pathways.facts.risk.outcomes import (
    BY_NAME,
    Outcomes,
    Practice,
    Taken,
    Zones,
    benign_after_frozen_section,
    outcome_chances,
)
from pathways.facts.risk.person import Person
from pathways.facts.tables.clearing import resection_of
from pathways.facts.tables.vocabulary import scenario_of
from pathways.knowledge.arithmetic import Number
from pathways.liver.anatomy import size_of
from pathways.liver.one_by_one import treated_locally
from pathways.liver.resection import Resection
from pathways.process.facts import State
from pathways.process.operations import OPERATIONS
from pathways.quick_dataclass import dataclass

Key = tuple[object, ...]


def person_of(assessed: PatientAssessment) -> Person:
    """What a case tells of the person."""
    patient, liver = assessed.case.patient, assessed.case.liver
    background, worse = liver.background, child_pugh(assessed).worse
    # The prolonged clotting of an anticoagulant says nothing of the liver: what it would be without is not known.
    inr = None if patient.anticoagulated else liver.inr
    child_b = worse is not None and worse > "A"
    told = Person(
        age_years=patient.age_years,
        asa=patient.asa,
        inr=inr,
        ggt=getattr(liver, "ggt_u_per_l", None),
        platelets=liver.platelets_e9_per_l,
        creatinine=getattr(liver, "creatinine_umol_per_l", None),
        steatohepatitis=None if background is None else background == "steatohepatitis",
        sinusoidal_injury=None if background is None else background == "sinusoidal_injury",
        cirrhosis=background == "cirrhosis" or child_b,
        child_b=child_b,
        rectum=assessed.case.primary.site == "rectum",
        perforated=assessed.case.primary.urgent == "perforation",
    )
    if not assessed.strict:
        return told
    return _at_the_bad_end(replace(told, child_b=child_b or (told.cirrhosis and worse is None)), assessed)


def _at_the_bad_end(person: Person, assessed: PatientAssessment) -> Person:
    """What is not told of the person at the end that costs most: the oldest the model tells apart, the sickest that is operated on."""

    def figure(name: str) -> float:
        return float(assessed.parameters[name].number)

    worst = {
        "age_years": figure("risk_age_flat_above"),
        "asa": assessed.protocol.whole("asa_max"),
        **{name: figure(f"risk_{name}_from") for name in ("inr", "ggt", "creatinine")},
        "platelets": figure("risk_platelets_up_to"),
    }
    return replace(person, **{name: value for name, value in worst.items() if getattr(person, name) is None})


@dataclass(frozen=True)
class CaseRisks:
    """The risks of one case under one set of figures."""

    figures: CitedFigures

    @cached_property
    def model(self) -> RiskModel:
        """The model for the person of the case."""
        assessed = self.figures.assessed
        return RiskModel(person_of(assessed), self.figures.figure, assessed.protocol.word("mortality_level"))

    @cached_property
    def practice(self) -> Practice:
        """How lesions are ablated under the protocol of the case."""
        protocol = self.figures.assessed.protocol
        return Practice(protocol.word("ablation_technique"), protocol.number("ablation_margin_mm"))

    @cached_property
    def _known(self) -> dict[Key, Outcomes]:
        return {}

    def after(self, operation: str, state: State) -> Outcomes:
        """What may come of an operation that was done in `state`: its remnant was enough, or it would not have been done."""
        key = (operation, scenario_of(state), state.blocks)
        found = self._known.get(key)
        if found is None:
            done = OPERATIONS[operation]
            anatomy = self.anatomy(done.clearance, state, enough=True)
            zones = self._zones(done.clearance, state) if done.may_be_incomplete else ()
            taken = Taken(anatomy, zones, self.lesions(state))
            found = self._known[key] = outcome_chances(self.model, done, taken, self.practice)
        return found

    def _zones(self, clearance: str, state: State) -> tuple[Zones, ...]:
        """What the resection of a class ablates in `state`."""
        assessed = self.figures.assessed
        resection = resection_of(assessed, clearance, scenario_of(state)) if clearance else None
        if resection is None or not resection.ablated:
            return ()
        return tuple(
            Zones(treated_locally(one, resection.removes), one.size_mm, one.beside_vessel)
            for one in assessed.lesions_in(scenario_of(state))
            if one.label in resection.ablated
        )

    def lesions(self, state: State) -> float:
        """How many lesions count in `state`; more than any number where the case does not tell."""
        return sum(
            inf if one.count is None else one.count for one in self.figures.assessed.lesions_in(scenario_of(state))
        )

    def between_stages(self, state: State) -> Number:
        """Death between the stages of ALPPS."""
        return self.model.between_stages(self.anatomy("target", state, enough=True))

    def emergency(self) -> Number:
        """Death after an emergency operation on the primary."""
        return self.model.emergency()

    def of_operation(self, operation: str, state: State, *, enough: bool) -> Risk:
        """The risk of an operation in `state`; `enough`: its remnant has been measured as enough, or made to grow until it is."""
        done = OPERATIONS[operation]
        return self.model.of(done, self.anatomy(done.clearance, state, enough=enough))

    def anatomy(self, clearance: str, state: State, *, enough: bool) -> Anatomy:
        """What the resection of a class takes and leaves in `state`; of no resection, what a reference one does."""
        assessed = self.figures.assessed
        resection = resection_of(assessed, clearance, scenario_of(state)) if clearance else None
        return NOWHERE_NEAR if resection is None else self.anatomy_of(resection, state.blocks, enough=enough)

    def anatomy_of(self, resection: Resection, blocks: int, *, enough: bool) -> Anatomy:
        """What a resection takes and leaves; liver that stays without a draining vein counts as taken."""
        ratio = to_its_limit(self.figures.assessed, resection, blocks)
        segments = self.figures.figure("risk_extended_from_segments")
        extended = bool(size_of(resection.lost) >= segments)
        shortage = self.model.shortage(max(1.0, ratio) if enough else ratio)
        return Anatomy(extended, shortage, resection.cava == "invaded", resection.duct)


def to_its_limit(assessed: PatientAssessment, resection: Resection, blocks: int) -> float:
    """The remnant to the limit that binds, by fraction or by body weight."""
    return float(min(estimate.value / limit for estimate, limit in remnant.limited_by(assessed, resection, blocks)))


def _of_operation(name: str) -> Callable[[CaseRisks, State], Number]:
    """A chance of the operation that a patient recovers from, or whose ablated lesions are controlled."""
    chance = BY_NAME[name]

    def found(risks: CaseRisks, state: State) -> Number:
        operation = state.zones if name == "comes_back" else state.operation
        return chance(risks.after(operation, state), risks.figures.figure)

    return found


# The chances of what comes of an operation, by the name the process gives them.
RISKS: dict[str, Callable[[CaseRisks, State], Number]] = {
    **{name: _of_operation(name) for name in BY_NAME},
    "death_of_split": lambda risks, state: risks.between_stages(state),
    "death_of_emergency": lambda risks, _: risks.emergency(),
    "benign_after_frozen_section": lambda risks, state: benign_after_frozen_section(
        risks.figures.figure, risks.lesions(state)
    ),
}
