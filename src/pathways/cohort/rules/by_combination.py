"""Rules about a drawn patient that read few things: the scalar rules answer once for every combination, and columns look answers up.

`READS` says which keys of a case file each rule reads, at one place. A rule that is added needs a line there, and no twin by columns.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, get_args

import numpy as np
import numpy.typing as npt

from pathways.case.models import Case
from pathways.case.words import Family
from pathways.cohort.codes.case_facts import CODE
from pathways.cohort.patients.columns import CODES, COLUMNS_OF, Patients
from pathways.facts.derive import FIXED, POLICY_OF, CaseFacts
from pathways.facts.figures import Figures
from pathways.facts.patient_assessment import PatientAssessment
from pathways.facts.probabilities import risks_of
from pathways.facts.regimen import regimen
from pathways.facts.verdict import yes_no
from pathways.knowledge.model import Parameter, Protocol
from pathways.process.facts import CASE_FACTS, LIVE_FACTS

Codes = npt.NDArray[np.uint8]
Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

_FITNESS = ("patient.fit_for", "patient.ecog", "patient.asa")
_SUFFICIENCY = ("liver.insufficiency", "liver.biliary_obstruction", "liver.inr", "liver.child_pugh")
_IN_PLACE = ("primary.status", "primary.urgent")
# The keys of a case that each fixed fact reads, and the regimen and the risks of death, which are no facts.
READS: dict[str, tuple[str, ...]] = {
    "fit_major": _FITNESS,
    "fit_minor": _FITNESS,
    "fit_ablation": _FITNESS,
    "fit_alpps": _FITNESS,
    "liver_function_major": (*_SUFFICIENCY, "liver.icg_r15_percent"),
    "liver_function_minor": _SUFFICIENCY,
    "liver_function_ablation": _SUFFICIENCY,
    "extrahepatic_operable": ("extrahepatic.site", "extrahepatic.resectable"),
    "primary_operable": (*_IN_PLACE, "primary.r0_resectable"),
    "simultaneous_minor": (),
    "simultaneous_major": ("primary.tumour", "primary.site"),
    "wishes_no_way_out": ("patient.declines",),
    "transplantable": (
        "patient.age_years", "patient.ecog", "primary.tumour", "primary.braf", "extrahepatic.site", "primary.cea_ng_per_ml",
        "primary.cea_peak_ng_per_ml",
    ),
    "treated_by_target": ("primary.tumour",),
    "prior_hepatectomy": ("history.event",),
    "followed_up": (),
    "extrahepatic_in_one_session": (),
    "adjuvant_useful": (),
    "diversion_enough": ("primary.urgent",),
    "radiotherapy_due": (*_IN_PLACE, "primary.needs_radiotherapy", "history.event"),
    "lasting_control": ("primary.tumour",),
    "primary_rules": ("primary.tumour",),
    "debulking_allowed": ("primary.tumour",),
    **{f"policy_{name}": () for name in POLICY_OF},
    **{f"accepts_{family}": ("patient.declines",) for family in get_args(Family)},
    "regimen": (
        "primary.tumour", "primary.mismatch_repair", "primary.ras", "primary.braf", "primary.site", "liver.background",
    ),
    "risks": ("patient.age_years", "patient.asa", "liver.background"),
}  # fmt: skip
WITHOUT_KEYS = tuple(fact.name for fact in CASE_FACTS if not fact.keys)
# What rules compare numbers with: settings of the protocol. Numbers on the same side of all of them are one combination.
LIMITS: dict[str, tuple[str, ...]] = {
    "age_years": ("transplant_age_min", "transplant_age_max"),
    "cea_ng_per_ml": ("transplant_cea_max",),
}
LINES = next(fact.domain for fact in LIVE_FACTS if fact.name == "line")
WASHOUTS = ("washout_after_perioperative", "washout_after_first", "washout_after_second")
RISKS = ("elderly", "asa_3", "steatohepatitis")
Ask = Callable[[Case], Sequence[float]]


class ByCombination:
    """Answers of scalar rules for every combination of some columns that anybody has had so far."""

    def __init__(self, keys: Iterable[str], limits: Mapping[str, Sequence[float]], ask: Ask, width: int) -> None:
        self.columns = columns_behind(keys)
        self.limits = {name: np.unique(limits[name]) for name in self.columns if name in limits}
        self.shape = tuple(self._size(name) for name in self.columns)
        self.ask = ask
        self.known = np.zeros(int(np.prod(self.shape, dtype=np.int64)), dtype=bool)
        self.answers = np.zeros((len(self.known), width))

    def _size(self, name: str) -> int:
        return 2 * len(self.limits[name]) + 1 if name in self.limits else CODES.get(name, 2)

    def codes(self, patients: Patients) -> Ints:
        """The combination each patient has; whatever is new is asked."""
        if not self.columns:
            codes = np.zeros(len(patients), dtype=np.int64)
        else:
            columns = tuple(self._class(name, getattr(patients, name)) for name in self.columns)
            codes = np.ravel_multi_index(columns, self.shape)
        new = np.flatnonzero(~self.known[codes])
        if len(new):
            found, first = np.unique(codes[new], return_index=True)
            for code, row in zip(found.tolist(), new[first].tolist(), strict=True):
                self.answers[code], self.known[code] = self.ask(patients.case(row)), True
        return codes

    def _class(self, name: str, column: npt.NDArray[Any]) -> Ints:
        """A column as codes: of numbers, below the first limit, at it, between it and the next, ..."""
        if name not in self.limits:
            return column.astype(np.int64)
        limits = self.limits[name]
        found: Ints = np.searchsorted(limits, column, side="left") + np.searchsorted(limits, column, side="right")
        return found


def columns_behind(keys: Iterable[str]) -> tuple[str, ...]:
    """The columns of drawn patients that stand behind keys of a case file."""
    return tuple(dict.fromkeys(column for key in keys for column in COLUMNS_OF[key]))


# --- fixed facts --------------------------------------------------------------------------------------------------


def fixed_facts(patients: Patients, protocol: Protocol, *, follow_up: bool) -> dict[str, Codes]:
    """Every fact without keys, by name, as codes in its domain."""
    found: dict[str, Codes] = {}
    for names, known in _fixed(_Asked(protocol, follow_up=follow_up)):
        codes = known.codes(patients)
        answers = known.answers.astype(np.uint8)
        found |= {name: answers[codes, place] for place, name in enumerate(names)}
    return found


@lru_cache(maxsize=8)
def _fixed(asked: _Asked) -> tuple[tuple[tuple[str, ...], ByCombination], ...]:
    """The facts that depend on the same columns, together."""
    groups: dict[tuple[str, ...], list[str]] = {}
    for name in WITHOUT_KEYS:
        groups.setdefault(tuple(sorted(columns_behind(READS[name]))), []).append(name)
    limits = {name: [asked.protocol.number(one) for one in settings] for name, settings in LIMITS.items()}
    return tuple(
        (tuple(names), ByCombination([key for one in names for key in READS[one]], limits, asked.of(names), len(names)))
        for names in groups.values()
    )


@dataclass(frozen=True)
class _Asked:
    """Under what scalar rules are asked. Protocols are few and are not copied: the same object is the same protocol."""

    protocol: Protocol
    figures: Mapping[str, float] | None = None
    follow_up: bool = True

    def __hash__(self) -> int:
        return id(self.protocol)

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, _Asked)
            and other.protocol is self.protocol
            and (other.figures or {}) == (self.figures or {})
            and other.follow_up == self.follow_up
        )

    def of(self, names: Sequence[str]) -> Ask:
        """The codes of some fixed facts."""

        def ask(case: Case) -> list[float]:
            assessed = PatientAssessment(case, self.protocol)
            return [CODE[name][self._value(name, assessed)] for name in names]

        return ask

    def _value(self, name: str, assessed: PatientAssessment) -> str:
        """The value of a fixed fact. A verdict needs no more than the patient, and is many times quicker than all facts of a case."""
        if name in FIXED:
            return yes_no(FIXED[name](assessed), strict=False).value
        return CaseFacts(assessed.case, self.protocol, follow_up=self.follow_up).cell(name, ()).value

    def figures_of(self, case: Case) -> Figures:
        """The figures of a case."""
        return Figures(PatientAssessment(case, self.protocol), self.figures or {})


# --- the regimen and the risks of death ---------------------------------------------------------------------------


class Biology:
    """What the regimen that the rules suggest means for each patient: chances by line, and days of washout."""

    def __init__(self, patients: Patients, protocol: Protocol, figures: Mapping[str, float]) -> None:
        known = _regimens(_Asked(protocol, figures))
        self.number = len(known.known)
        self.codes = known.codes(patients)
        lines = len(LINES)
        self.response, self.progression = known.answers[:, :lines], known.answers[:, lines : 2 * lines]
        self.days = {name: known.answers[:, 2 * lines + place] for place, name in enumerate(WASHOUTS)}


@lru_cache(maxsize=8)
def _regimens(asked: _Asked) -> ByCombination:
    def ask(case: Case) -> list[float]:
        figures = asked.figures_of(case)
        chosen = [regimen(figures.assessed, "first" if line == "none" else str(line)) for line in LINES]
        chances = [
            figures.figure(name) for name in (*(one.response for one in chosen), *(one.progression for one in chosen))
        ]
        return [*chances, *(float(figures.days_named(name)) for name in WASHOUTS)]

    return ByCombination(READS["regimen"], {}, ask, 2 * len(LINES) + len(WASHOUTS))


def risk_codes(
    patients: Patients, protocol: Protocol, parameters: Mapping[str, Parameter], figures: Mapping[str, float]
) -> Ints:
    """What puts each patient at risk of death after hepatectomy, as bits in the order of `RISKS`."""
    known = _risks(_Asked(protocol, figures), parameters["elderly_from_years"].number)
    return known.answers[known.codes(patients), 0].astype(np.int64)


@lru_cache(maxsize=8)
def _risks(asked: _Asked, elderly: float) -> ByCombination:
    def ask(case: Case) -> list[float]:
        risks = risks_of(asked.figures_of(case))
        return [sum(risks[name] << bit for bit, name in enumerate(RISKS))]

    return ByCombination(READS["risks"], {"age_years": [elderly]}, ask, 1)
