"""Limits and bars computed again from case and protocol, apart from the rules that the guards of the process read."""

from __future__ import annotations

from dataclasses import dataclass

from pathways.case.models import Case
from pathways.facts.patient_assessment import PatientAssessment
from pathways.facts.regimen import washout_weeks
from pathways.facts.remnant import body_weight_ratio
from pathways.knowledge.model import Protocol
from pathways.liver.resections import Resection
from pathways.liver.volumes import Estimate

FITNESS = {"none": 0, "ablation": 1, "minor": 2, "major": 3}
DAMAGED = ("steatosis", "steatohepatitis", "sinusoidal_injury", "fibrosis")
ROUNDING = 1e-9
DAYS_A_WEEK = 7


@dataclass(frozen=True)
class Limits:
    """A case under a protocol, and the few comparisons that properties make."""

    assessed: PatientAssessment

    @property
    def case(self) -> Case:
        """The case."""
        return self.assessed.case

    @property
    def protocol(self) -> Protocol:
        """The protocol."""
        return self.assessed.protocol

    def damage(self, cycles: int, weeks: float) -> str:
        """The state of the liver after that many cytotoxic cycles and weeks of them."""
        background = self.case.liver.background
        if background == "cirrhosis":
            return "cirrhosis"
        if background in DAMAGED:
            return "injured"
        long = weeks > self.protocol.number("exposed_after_weeks") or cycles > self.protocol.number(
            "exposed_after_cycles"
        )
        return "exposed" if long else "normal"

    def remnant_limit(self, cycles: int, weeks: float) -> float:
        """The least fraction that must stay."""
        return self.protocol.number(f"remnant_limit_{self.damage(cycles, weeks)}")

    def remnant(self, one: Resection, more_cycles: int) -> str:
        """`enough`, `short`, or `open` where an estimate leaves both possible; after `more_cycles` from today."""
        past = self.assessed.past
        cycles = past.exposure_cycles + more_cycles
        weeks = past.exposure_weeks + more_cycles * self.protocol.number("cycle_weeks")
        answers = [_compared(one.remnant, self.remnant_limit(cycles, weeks))]
        ratio = body_weight_ratio(self.assessed, one)
        if ratio is not None:
            state = "normal" if self.damage(cycles, weeks) == "normal" else "damaged"
            answers.append(_compared(ratio, self.protocol.number(f"remnant_body_weight_{state}")))
        return "short" if "short" in answers else "open" if "open" in answers else "enough"

    def unfit(self, extent: str) -> bool:
        """Whether what is known of the patient forbids a treatment of this extent (ablation, minor, major)."""
        patient = self.case.patient
        if patient.fit_for is not None:
            return FITNESS[patient.fit_for] < FITNESS[extent]
        most = self.protocol.whole("ecog_max_major" if extent == "major" else "ecog_max_minor")
        return (patient.ecog is not None and patient.ecog > most) or (
            patient.asa is not None and patient.asa > self.protocol.whole("asa_max")
        )

    def elsewhere(self) -> bool:
        """Whether known disease outside the liver bars an operation on it."""
        sites = self.case.extrahepatic or ()
        operable = self.protocol.words("extrahepatic_sites_resectable")
        return any(one.site not in operable or one.resectable is False for one in sites) or len(
            {one.site for one in sites}
        ) > self.protocol.whole("extrahepatic_sites_max")

    def failing_liver(self, extent: str) -> bool:
        """Whether signs or values that are known bar a treatment of this extent; bile of an obstructed duct is drained."""
        liver, limit = self.case.liver, self.protocol.number
        obstructed = liver.biliary_obstruction in ("present", "drained")
        if any(not (obstructed and sign == "jaundice") for sign in liver.insufficiency or ()):
            return True
        if not self.case.patient.anticoagulated and liver.inr is not None and liver.inr > limit("inr_max"):
            return True
        if not obstructed and (liver.bilirubin_umol_per_l or 0) > limit(f"bilirubin_max_{extent}"):
            return True
        albumin, platelets, retention = liver.albumin_g_per_l, liver.platelets_e9_per_l, liver.icg_r15_percent
        if extent != "ablation" and albumin is not None and albumin < limit(f"albumin_min_{extent}"):
            return True
        if extent == "major":
            few = platelets is not None and platelets < limit("platelets_min_cirrhosis")
            if (few and liver.background == "cirrhosis") or (retention or 0) > limit("icg_r15_max_major"):
                return True
        allowed = self.protocol.word(f"child_pugh_{extent}")
        return any(grade is not None and grade > allowed for grade in (liver.child_pugh, self._computed_class()))

    def _computed_class(self) -> str | None:
        """Child-Pugh class from its five items; None where one is missing or made by a drug or an obstructed duct."""
        liver = self.case.liver
        if self.case.patient.anticoagulated or liver.biliary_obstruction in ("present", "drained"):
            return None
        signs = liver.insufficiency
        if signs is None:
            return None
        # A higher albumin is the better one: its sign is turned, and so are its bands.
        items = (
            ("bilirubin", liver.bilirubin_umol_per_l, 1),
            ("albumin", liver.albumin_g_per_l, -1),
            ("inr", liver.inr, 1),
        )
        points = 0
        for name, value, turn in items:
            if value is None:
                return None
            first, second = self.assessed.parameters[f"child_pugh_{name}"].value
            points += 3 if turn * value > turn * second else 2 if turn * value >= turn * first else 1
        points += sum(2 if sign in signs else 1 for sign in ("ascites", "encephalopathy"))
        most_a, most_b = self.assessed.parameters["child_pugh_classes"].value
        return "C" if points > most_b else "B" if points > most_a else "A"

    def washout_days(self, regimen: str | None) -> int | None:
        """Days between the last dose of `regimen` and an operation; None for one whose washout is not known."""
        weeks = washout_weeks(regimen, self.assessed)
        return None if weeks is None else round(weeks * DAYS_A_WEEK)

    def days(self, key: str) -> int:
        """A setting in weeks, as days."""
        return round(self.protocol.number(key) * DAYS_A_WEEK)

    def simultaneous_allowed(self, *, major: bool) -> bool | None:
        """Whether the protocol takes liver and bowel in one session; None where it does not say or the site is unknown."""
        primary = self.case.primary
        if not major:
            return True
        if primary.tumour != "colorectal" or primary.site is None:
            return None
        where = "rectum" if primary.site in ("rectum", "rectosigmoid") else "colon"
        return self.protocol.yes(f"simultaneous_major_with_{where}")


def _compared(found: Estimate, limit: float) -> str:
    if not found.estimated or found.low == found.high:
        return "enough" if found.value >= limit - ROUNDING else "short"
    if found.low >= limit - ROUNDING:
        return "enough"
    return "short" if found.high < limit - ROUNDING else "open"
