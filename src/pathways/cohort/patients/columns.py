"""Patients as columns: what a case file says, one array a field, and the case file of any one of them.

Only what cohorts draw can be said: bowel metastases of a liver that nobody has treated, one entry of lesions a segment. Whatever
else a case file may hold is for single cases.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from pathways.case.models import Case
from pathways.quick_dataclass import dataclass

SITES = ("right_colon", "left_colon", "rectum")
BACKGROUNDS = ("normal", "steatosis", "steatohepatitis", "fibrosis", "cirrhosis")
URGENCIES = ("none", "obstruction", "bleeding", "perforation")
EXTRAHEPATIC = ("none", "lung", "portal_nodes", "peritoneum", "paraaortic_nodes", "bone", "other")
VESSELS = (
    "right_hepatic_vein", "middle_hepatic_vein", "left_hepatic_vein", "right_portal_pedicle", "left_portal_pedicle",
    "right_anterior_pedicle", "right_posterior_pedicle", "hilum",
)  # fmt: skip
SEGMENTS = 8
# How many codes there are of what is a code; of yes and no, two.
CODES = {
    "ecog": 5,
    "asa": 6,
    "site": len(SITES),
    "urgent": len(URGENCIES),
    "background": len(BACKGROUNDS),
    "extrahepatic": len(EXTRAHEPATIC),
}
# The least value of a column that does not begin at 0.
FIRST_CODES = {"asa": 1}
# The columns behind each key of a case file that rules about the patient read; none where all drawn patients are alike.
COLUMNS_OF: dict[str, tuple[str, ...]] = {
    "patient.age_years": ("age_years",),
    "patient.sex": ("female",),
    "patient.height_cm": ("height_cm",),
    "patient.weight_kg": ("weight_kg",),
    "patient.ecog": ("ecog",),
    "patient.asa": ("asa",),
    "patient.fit_for": (),
    "patient.declines": (),
    "primary.tumour": (),
    "primary.site": ("site",),
    "primary.status": ("in_situ",),
    "primary.presentation": ("synchronous",),
    "primary.interval_months": ("interval_months",),
    "primary.r0_resectable": ("in_situ", "r0_resectable"),
    "primary.urgent": ("in_situ", "urgent"),
    "primary.needs_radiotherapy": ("needs_radiotherapy",),
    "primary.node_positive": ("node_positive",),
    "primary.ras": ("ras_mutated",),
    "primary.braf": ("braf_mutated",),
    "primary.mismatch_repair": ("repair_deficient",),
    "primary.grade": (),
    "primary.ki67_percent": (),
    "extrahepatic.nature": (),
    "patient.pregnant_weeks": (),
    "extrahepatic.size_mm": (),
    "primary.cea_ng_per_ml": ("cea_ng_per_ml",),
    "primary.cea_peak_ng_per_ml": (),
    "liver.background": ("background",),
    "liver.insufficiency": (),
    "liver.biliary_obstruction": (),
    "liver.bilioenteric_anastomosis": (),
    "liver.inr": (),
    "patient.anticoagulated": (),
    "patient.haemoglobin_g_per_l": (),
    "liver.bilirubin_umol_per_l": (),
    "liver.gilbert": (),
    "liver.albumin_g_per_l": (),
    "liver.platelets_e9_per_l": (),
    "liver.ggt_u_per_l": (),
    "liver.creatinine_umol_per_l": (),
    "liver.child_pugh": (),
    "liver.icg_r15_percent": (),
    "lesions.segments": ("counts",),
    "lesions.count": ("counts",),
    "lesions.size_mm": ("sizes_mm",),
    "lesions.depth": ("deep",),
    "lesions.contacts": ("contacts",),
    "lesions.invades": (),
    "lesions.thrombus": (),
    "lesions.bile_duct": (),
    "lesions.nature": (),
    "lesions.biopsy": (),
    "lesions.suspicion": (),
    "lesions.seen_on": (),
    "extrahepatic.site": ("extrahepatic",),
    "extrahepatic.resectable": ("extrahepatic", "extrahepatic_resectable"),
    "history.event": (),
}
Column = npt.NDArray[Any]


@dataclass(frozen=True)
class Patients:
    """One row a patient. Codes are positions in the tuples above; masks hold segments as bits (segment s is bit s-1)."""

    number: npt.NDArray[np.int64]
    age_years: npt.NDArray[np.int16]
    female: npt.NDArray[np.bool_]
    height_cm: npt.NDArray[np.float64]
    weight_kg: npt.NDArray[np.float64]
    ecog: npt.NDArray[np.uint8]
    asa: npt.NDArray[np.uint8]
    site: npt.NDArray[np.uint8]
    synchronous: npt.NDArray[np.bool_]
    in_situ: npt.NDArray[np.bool_]
    urgent: npt.NDArray[np.uint8]
    r0_resectable: npt.NDArray[np.bool_]
    needs_radiotherapy: npt.NDArray[np.bool_]
    node_positive: npt.NDArray[np.bool_]
    interval_months: npt.NDArray[np.int16]
    ras_mutated: npt.NDArray[np.bool_]
    braf_mutated: npt.NDArray[np.bool_]
    repair_deficient: npt.NDArray[np.bool_]
    cea_ng_per_ml: npt.NDArray[np.float64]
    background: npt.NDArray[np.uint8]
    extrahepatic: npt.NDArray[np.uint8]
    extrahepatic_resectable: npt.NDArray[np.bool_]
    counts: npt.NDArray[np.uint8]  # lesions by segment, (patients, 8)
    sizes_mm: npt.NDArray[np.float64]  # the largest of each segment, 0 where there is none
    deep: npt.NDArray[np.uint8]  # segments whose lesions lie deep
    contacts: npt.NDArray[np.uint8]  # by vessel the segments whose lesions touch it, (patients, vessels)

    def __len__(self) -> int:
        return len(self.number)

    @cached_property
    def lesions(self) -> npt.NDArray[np.uint8]:
        """Segments that bear lesions, as masks."""
        return np.packbits(self.counts > 0, axis=1, bitorder="little")[:, 0]

    @cached_property
    def lesion_number(self) -> npt.NDArray[np.int64]:
        """How many lesions there are."""
        return self.counts.sum(axis=1, dtype=np.int64)

    def rows(self, rows: Column) -> Patients:
        """Some of the patients."""
        return Patients(**{field.name: getattr(self, field.name)[rows] for field in fields(self)})

    def case(self, row: int) -> Case:
        """The case file of one patient."""
        return Case.model_validate(self.document(row))

    def cases(self) -> Iterator[Case]:
        """The case files of all patients, one at a time."""
        return (self.case(row) for row in range(len(self)))

    def document(self, row: int) -> dict[str, Any]:
        """What the case file of one patient holds."""
        number = int(self.number[row])
        synchronous, in_situ = bool(self.synchronous[row]), bool(self.in_situ[row])
        primary = {
            "tumour": "colorectal",
            "site": SITES[self.site[row]],
            "status": "in_situ" if in_situ else "resected",
            "presentation": "synchronous" if synchronous else "metachronous",
            "interval_months": int(self.interval_months[row]),
            "needs_radiotherapy": bool(self.needs_radiotherapy[row]),
            "node_positive": bool(self.node_positive[row]),
            "ras": "mutated" if self.ras_mutated[row] else "wild_type",
            "braf": "v600e" if self.braf_mutated[row] else "wild_type",
            "mismatch_repair": "deficient" if self.repair_deficient[row] else "proficient",
            "cea_ng_per_ml": float(self.cea_ng_per_ml[row]),
        }
        if in_situ:
            primary |= {"r0_resectable": bool(self.r0_resectable[row]), "urgent": URGENCIES[self.urgent[row]]}
        return {
            "schema": 1,
            "id": f"drawn-{number}",
            "title": f"Drawn patient {number}: constructed, nobody's case",
            "patient": {
                "age_years": int(self.age_years[row]),
                "sex": "female" if self.female[row] else "male",
                "height_cm": float(self.height_cm[row]),
                "weight_kg": float(self.weight_kg[row]),
                "ecog": int(self.ecog[row]),
                "asa": int(self.asa[row]),
            },
            "primary": primary,
            "liver": {
                "background": BACKGROUNDS[self.background[row]],
                "insufficiency": [],
                "biliary_obstruction": "none",
            },
            "lesions": list(self._lesions(row)),
            "extrahepatic": self._extrahepatic(row),
        }

    def _lesions(self, row: int) -> Iterator[dict[str, Any]]:
        for bit in range(SEGMENTS):
            count = int(self.counts[row, bit])
            if count:
                touched = [name for place, name in enumerate(VESSELS) if self.contacts[row, place] >> bit & 1]
                yield {
                    "id": f"S{bit + 1}",
                    "segments": [bit + 1],
                    "count": count,
                    "size_mm": float(self.sizes_mm[row, bit]),
                    "depth": "deep" if self.deep[row] >> bit & 1 else "superficial",
                    "contacts": touched,
                }

    def _extrahepatic(self, row: int) -> list[dict[str, Any]]:
        site = EXTRAHEPATIC[self.extrahepatic[row]]
        return [] if site == "none" else [{"site": site, "resectable": bool(self.extrahepatic_resectable[row])}]


def joined(parts: list[Patients]) -> Patients:
    """Several columns as one."""
    return Patients(
        **{field.name: np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(Patients)}
    )
