"""Rules about a drawn patient that read few things: the scalar rules answer once for every combination, and columns look answers up.

A fact reads what the records of its rules say. One rule speaks of several facts, so `READS` says where a fact reads less than that:
fewer combinations are asked then. A rule that is added needs neither a twin by columns nor a line here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import product
from typing import Any, get_args

import numpy as np
import numpy.typing as npt

from pathways.case.models import Case
from pathways.cohort.patients.columns import CODES, COLUMNS_OF, FIRST_CODES, Patients
from pathways.facts.derive import POLICY_OF
from pathways.process.declaration import PROCESS
from pathways.process.rulebook.keys import IN_PLACE
from pathways.process.rules import RULES
from pathways.words import Family

Ints = npt.NDArray[np.int64]

_FITNESS = ("patient.fit_for", "patient.ecog", "patient.asa")
_SUFFICIENCY = (
    "liver.insufficiency", "liver.biliary_obstruction", "liver.inr", "patient.anticoagulated", "liver.bilirubin_umol_per_l",
    "liver.gilbert", "liver.albumin_g_per_l", "liver.platelets_e9_per_l", "liver.background", "liver.child_pugh",
)  # fmt: skip

# The keys of a case that these facts read, which are looked up; and those of the regimen, which is no fact.
READS: dict[str, tuple[str, ...]] = {
    "fit_major": _FITNESS,
    "fit_minor": _FITNESS,
    "fit_emergency": _FITNESS,
    "fit_ablation": _FITNESS,
    "fit_alpps": _FITNESS,
    "liver_function_major": (*_SUFFICIENCY, "liver.icg_r15_percent"),
    "liver_function_minor": _SUFFICIENCY,
    "liver_function_ablation": _SUFFICIENCY,
    "ablation_safe": ("liver.bilioenteric_anastomosis", "primary.tumour", *IN_PLACE),
    "liver_function_systemic": _SUFFICIENCY,
    "extrahepatic_operable": ("extrahepatic.site", "extrahepatic.resectable"),
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
    "extrahepatic_in_one_session": ("extrahepatic.site",),
    "extrahepatic_with_major": ("extrahepatic.site",),
    "perioperative_offered": ("primary.tumour", "primary.mismatch_repair"),
    "adjuvant_useful": (),
    "diversion_enough": ("primary.urgent", "primary.tumour", "primary.site", "primary.r0_resectable"),
    "rays_in_turn": ("primary.tumour", "primary.mismatch_repair", "history.event"),
    "radiotherapy_due": (*IN_PLACE, "primary.needs_radiotherapy"),
    "lasting_control": ("primary.tumour",),
    "primary_rules": ("primary.tumour",),
    "pregnancy_operation": ("patient.pregnant_weeks",),
    "pregnancy_systemic": ("patient.pregnant_weeks", "primary.tumour", "primary.mismatch_repair"),
    "pregnancy_half": ("patient.pregnant_weeks", "primary.tumour", "primary.mismatch_repair"),
    "pregnancy_radiation": ("patient.pregnant_weeks",),
    "primary_known": ("primary.tumour",),
    "debulking_allowed": ("primary.tumour",),
    **{f"policy_{name}": () for name in POLICY_OF},
    **{f"accepts_{family}": ("patient.declines",) for family in get_args(Family)},
    "regimen": (
        "primary.tumour", "primary.mismatch_repair", "primary.ras", "primary.braf", "primary.site", "liver.background",
    ),
    # Case tables that read little of the patient, for any state of the live facts.
    "bile_drained": ("liver.biliary_obstruction", "liver.insufficiency", "liver.bilirubin_umol_per_l", "liver.gilbert"),
    "only_vanished": ("lesions.nature", "lesions.biopsy"),
    **{f"diagnosis_by_{extent}_resection": () for extent in ("minor", "major")},
    "targeted_before": ("primary.tumour", "history.event"),
    "transplant_tested": ("primary.tumour", "primary.mismatch_repair", "history.event"),
    "transplant_observed": (*IN_PLACE, "history.event"),
    "first_half_left": ("primary.tumour", "primary.mismatch_repair", "history.event"),
    "second_half": ("primary.tumour",),
    "elsewhere_found_out": ("extrahepatic.site",),
    "first_half_given": ("history.event",),
    "chemotherapy_left": ("primary.tumour", "primary.mismatch_repair", "history.event"),
    "lines_left": ("primary.tumour", "primary.mismatch_repair", "history.event"),
    "new_line_left": ("primary.tumour", "primary.mismatch_repair", "history.event"),
    "fit_next_stage": _FITNESS,
    "liver_function_next_stage": (*_SUFFICIENCY, "liver.icg_r15_percent"),
    "primary_prepared": (*IN_PLACE, "primary.needs_radiotherapy"),
    "primary_operable": (*IN_PLACE, "primary.r0_resectable", "primary.needs_radiotherapy"),
}  # fmt: skip
# What rules compare numbers with: settings of the protocol. Numbers on the same side of all of them are one combination.
LIMITS: dict[str, tuple[str, ...]] = {
    "age_years": ("transplant_age_min", "transplant_age_max"),
    "cea_ng_per_ml": ("transplant_cea_max",),
}


def reads_of(fact: str) -> tuple[str, ...]:
    """Keys of a case that `fact` reads: as said above, or whatever the rules that guard with it read.

    Not how long after the primary the metastases were found: rules read that of courses of the history, and drawn patients have had none.
    """
    if fact in READS:
        return READS[fact]
    rules = {guard.rule for trigger in PROCESS.triggers for guard in trigger.guards if guard.fact == fact}
    return tuple(dict.fromkeys(key for rule in sorted(rules) for key in RULES[rule].reads if key != FOUND_AFTER))


FOUND_AFTER = "primary.interval_months"
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
        self.complete = False

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

    def ask_all(self, example: Patients) -> None:
        """Asks for every combination there can be; `example` lends everything that is not read."""
        one = example.rows(np.zeros(1, dtype=np.int64))
        every = (range(FIRST_CODES.get(name, 0), size) for name, size in zip(self.columns, self.shape, strict=True))
        for values in product(*every):
            columns: dict[str, Any] = {
                name: np.full(1, value, dtype=getattr(one, name).dtype)
                for name, value in zip(self.columns, values, strict=True)
            }
            self.codes(replace(one, **columns))
        self.complete = True

    def _class(self, name: str, column: npt.NDArray[Any]) -> Ints:
        """A column as codes: of numbers, below the first limit, at it, between it and the next, ..."""
        if name not in self.limits:
            return column.astype(np.int64)
        limits = self.limits[name]
        found: Ints = np.searchsorted(limits, column, side="left") + np.searchsorted(limits, column, side="right")
        return found


def columns_behind(keys: Iterable[str]) -> tuple[str, ...]:
    """The columns of drawn patients that stand behind keys of a case file; none behind what is told of nobody who is drawn."""
    return tuple(dict.fromkeys(column for key in keys for column in COLUMNS_OF.get(key, ())))
