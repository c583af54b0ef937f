"""Limits and bars computed again from case and protocol, apart from the rules that the guards of the process read."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from pathways.case.models import Case, ExtrahepaticDisease
from pathways.facts.patient_assessment import PatientAssessment
from pathways.facts.regimen import washout_held_to, washout_weeks
from pathways.facts.remnant import BindingLimit, body_weight_ratio, stricter_limit
from pathways.knowledge.model import Protocol
from pathways.liver.resection import Resection
from pathways.liver.volumes import Estimate
from pathways.quick_dataclass import dataclass
from pathways.ward.regimens import is_cytotoxic

FITNESS = {"none": 0, "ablation": 1, "minor": 2, "major": 3}
DAMAGED = ("steatosis", "steatohepatitis", "sinusoidal_injury", "fibrosis")
LIVER_OPERATIONS = ("hepatectomy", "first_stage", "alpps_stage_1")
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

    def cycle_length(self, regimen: str | None) -> float:
        """Weeks of one cycle of a regimen that was given; of one whose cycle is not known, as the protocol's own."""
        drugs = regimen or ""
        for kind in ("long", "short"):
            if any(drugs.startswith(name) for name in self.protocol.words(f"{kind}_cycle_regimens")):
                return self.protocol.number(f"{kind}_cycle_weeks")
        return self.protocol.number("cycle_weeks")

    def amount(self, regimen: str | None, cycles: int | None, weeks: float | None) -> tuple[int, float]:
        """Cycles and weeks of a course that was given, each as told or else by the other; nothing of what is no chemotherapy."""
        if not is_cytotoxic(regimen or ""):
            return 0, 0.0
        length = self.cycle_length(regimen)
        if cycles is None:
            cycles = 0 if weeks is None else round(weeks / length)
        return cycles, cycles * length if weeks is None else weeks

    def _courses(self) -> Iterator[tuple[int, bool, tuple[int, float]]]:
        """Place in the history, whether it ended too long ago to be counted, and cycles and weeks of every course."""
        oldest = -self.protocol.number("past_course_weeks")
        for place, one in enumerate(self.case.history):
            if one.event == "chemotherapy":
                told = None if one.week is None or one.until_week is None else float(one.until_week - one.week)
                old = one.until_week is not None and one.until_week < oldest
                yield place, old, self.amount(one.regimen, one.cycles, told)

    @cached_property
    def given(self) -> tuple[int, float]:
        """Cycles and weeks that the liver is judged by: a background stated as normal outranks those of long ago."""
        normal = self.case.liver.background == "normal" and self.protocol.yes("exposure_fades")
        counted = [amount for _, old, amount in self._courses() if not (old and normal)]
        return sum(cycles for cycles, _ in counted), sum(weeks for _, weeks in counted)

    @cached_property
    def treated_before(self) -> bool:
        """Whether the metastases have had systemic treatment: not what had ended before they were found."""
        vanished = any(one.known_as == "vanished" for one in self.case.lesions)
        return vanished or any(
            one.event == "chemotherapy"
            and not (
                is_cytotoxic(one.regimen or "") and one.response is None and self._without_metastases(one.until_week)
            )
            for one in self.case.history
        )

    @cached_property
    def cycles_before(self) -> int:
        """Cycles that count before the next hepatectomy: not those before the last one or a progression, before the metastases, nor of long ago."""
        history = self.case.history
        cut = [place for place, one in enumerate(history) if one.event in LIVER_OPERATIONS]
        first = cut[-1] + 1 if cut else 0
        if not self.protocol.yes("cycles_of_earlier_lines_count"):
            failed = [
                place
                for place, one in enumerate(history)
                if one.response == "progression" and one.event != "radiotherapy"
            ]
            first = max(first, failed[-1] + 1) if failed else first
        counted = [(place, cycles) for place, old, (cycles, _) in self._courses() if place >= first and not old]
        if self.protocol.yes("adjuvant_cycles_count"):
            return sum(cycles for _, cycles in counted)
        adjuvant = [one.response is None and self._without_metastases(one.until_week) for one in history]
        return sum(cycles for place, cycles in counted if not adjuvant[place])

    def _without_metastases(self, week: int | None) -> bool:
        """Whether no metastasis had been found by `week`: so many months lay between the resection of the primary and the first."""
        primary = self.case.primary
        resected = [one.week for one in self.case.history if one.event == "primary_resection"][-1:]
        if (
            week is None
            or primary.presentation != "metachronous"
            or primary.interval_months is None
            or resected in ([], [None])
        ):
            return False
        return (week - (resected[0] or 0)) * 12 <= primary.interval_months * 52

    def remnant(self, one: Resection, more_cycles: int, more_weeks: float | None = None) -> str:
        """`enough`, `short`, or `open` where an estimate leaves both possible; after `more_cycles` from today.

        `more_weeks`: how long those took; None where they are cycles of this plan.
        """
        cycles, weeks = self.after(more_cycles, more_weeks)
        answers = [_compared(one.remnant, self.remnant_limit(cycles, weeks))]
        ratio = body_weight_ratio(self.assessed, one)
        if ratio is not None:
            state = "normal" if self.damage(cycles, weeks) == "normal" else "damaged"
            answers.append(_compared(ratio, self.protocol.number(f"remnant_body_weight_{state}")))
        return "short" if "short" in answers else "open" if "open" in answers else "enough"

    def binding(self, one: Resection, more_cycles: int, more_weeks: float | None = None) -> BindingLimit:
        """The stricter of the two limits of a remnant, as a share and in ml; after `more_cycles` from today."""
        cycles, weeks = self.after(more_cycles, more_weeks)
        state = "normal" if self.damage(cycles, weeks) == "normal" else "damaged"
        of_weight = self.protocol.number(f"remnant_body_weight_{state}")
        return stricter_limit(self.assessed, one, self.remnant_limit(cycles, weeks), of_weight)

    def after(self, more_cycles: int, more_weeks: float | None = None) -> tuple[int, float]:
        """Cycles and weeks that the liver is judged by, after so much more of them."""
        cycles, weeks = self.given
        added = more_cycles * self.protocol.number("cycle_weeks") if more_weeks is None else more_weeks
        return cycles + more_cycles, weeks + added

    @cached_property
    def between_stages(self) -> bool:
        """Whether the last hepatectomy before today was a stage that another has to complete."""
        done = [one.event for one in self.case.history if one.event in ("first_stage", "alpps_stage_1", "hepatectomy")]
        return done[-1:] in (["first_stage"], ["alpps_stage_1"])

    def unfit(self, extent: str, *, recovered: bool = False) -> bool:
        """Whether what is known of the patient forbids a treatment of this extent (ablation, minor, major).

        `recovered`: the ECOG status has been given time; the word of the team and the ASA class stay.
        """
        patient = self.case.patient
        if patient.fit_for is not None:
            return FITNESS[patient.fit_for] < FITNESS[extent]
        most = self.protocol.whole("ecog_max_major" if extent == "major" else "ecog_max_minor")
        weak = patient.ecog is not None and patient.ecog > most and not recovered
        return weak or (patient.asa is not None and patient.asa > self.protocol.whole("asa_max"))

    @cached_property
    def sites_elsewhere(self) -> tuple[ExtrahepaticDisease, ...]:
        """Findings outside the liver that are disease: not what is benign, nor what is suspected and small or of unknown size."""
        least = self.protocol.number("suspected_elsewhere_mm")
        return tuple(
            one
            for one in self.case.extrahepatic or ()
            if one.nature == "confirmed" or (one.nature == "suspected" and (one.size_mm or 0) >= least)
        )

    def elsewhere(self) -> bool:
        """Whether known disease outside the liver bars an operation on it."""
        sites = self.sites_elsewhere
        operable = self.protocol.words("extrahepatic_sites_resectable")
        return any(one.site not in operable or one.resectable is False for one in sites) or len(
            {one.site for one in sites}
        ) > self.protocol.whole("extrahepatic_sites_max")

    def _ducts_explain_jaundice(self) -> bool:
        """Whether ducts are told to be obstructed or drained, or a lesion dilates or invades one, which obstructs where there is jaundice."""
        told = self.case.liver.biliary_obstruction
        at_lesion = any(one.bile_duct not in (None, "none") for one in self.case.lesions)
        return told in ("present", "drained") or (told is None and at_lesion and self.jaundiced())

    def jaundiced(self) -> bool:
        """Whether jaundice is told as a sign or by a bilirubin above the limit for a major resection."""
        liver = self.case.liver
        above = self._bilirubin_of_the_liver() > self.protocol.number("bilirubin_max_major")
        return above or ("jaundice" in (liver.insufficiency or ()) and not self._gilbert())

    def _bilirubin_of_the_liver(self) -> float:
        """Bilirubin in umol/l where it is known and Gilbert syndrome does not explain it; else 0."""
        return 0 if self._gilbert() else self.case.liver.bilirubin_umol_per_l or 0

    def _gilbert(self) -> bool:
        """Whether Gilbert syndrome is told and bilirubin, if it is known, is not above what the syndrome makes."""
        bilirubin = self.case.liver.bilirubin_umol_per_l or 0
        return self.case.liver.gilbert is True and bilirubin <= self.protocol.number("gilbert_bilirubin_max")

    def obstructed(self) -> bool:
        """Whether a duct is obstructed and not drained before today."""
        told = self.case.liver.biliary_obstruction
        return told == "present" or (told is None and self._ducts_explain_jaundice())

    def failing_liver(self, extent: str, *, recovered: bool = False) -> bool:
        """Whether signs or values that are known bar a treatment of this extent; bile of an obstructed duct is drained.

        `recovered`: what time mends has been given time; a cirrhosis and a class that is told stay.
        """
        liver, limit = self.case.liver, self.protocol.number
        if recovered and liver.background != "cirrhosis":
            return liver.child_pugh is not None and liver.child_pugh > self.protocol.word(f"child_pugh_{extent}")
        obstructed = self._ducts_explain_jaundice()
        explained = obstructed or self._gilbert()
        signs = {sign for sign in liver.insufficiency or () if not (explained and sign == "jaundice")}
        least = self.protocol.word("portal_hypertension_bars_from")
        if signs - {"portal_hypertension"} or (signs and FITNESS[extent] >= FITNESS[least]):
            return True
        if not self.case.patient.anticoagulated and liver.inr is not None and liver.inr > limit("inr_max"):
            return True
        if not obstructed and self._bilirubin_of_the_liver() > limit(f"bilirubin_max_{extent}"):
            return True
        albumin, platelets, retention = liver.albumin_g_per_l, liver.platelets_e9_per_l, liver.icg_r15_percent
        if extent != "ablation" and albumin is not None and albumin < limit(f"albumin_min_{extent}"):
            return True
        if extent == "major":
            few = platelets is not None and platelets < limit("platelets_min_cirrhosis")
            if (few and liver.background == "cirrhosis") or (retention or 0) > limit("icg_r15_max_major"):
                return True
        return self._class_above(extent)

    def bears_no_drugs(self) -> bool:
        """Whether Child-Pugh class or a bilirubin that no obstructed duct explains bars systemic treatment."""
        explained = self._ducts_explain_jaundice()
        jaundiced = self._bilirubin_of_the_liver() > self.protocol.number("bilirubin_max_systemic")
        return (jaundiced and not explained) or self._class_above("systemic")

    def _class_above(self, extent: str) -> bool:
        allowed = self.protocol.word(f"child_pugh_{extent}")
        return any(
            grade is not None and grade > allowed for grade in (self.case.liver.child_pugh, self._computed_class())
        )

    def _computed_class(self) -> str | None:
        """Child-Pugh class from its five items; with one missing, or made by a drug, a duct or Gilbert syndrome, the least in cirrhosis, else None."""
        liver, told = self.case.liver, True
        # A higher albumin is the better one: its sign is turned, and so are its bands.
        items = (
            ("bilirubin", liver.bilirubin_umol_per_l, 1, self._gilbert() or self._ducts_explain_jaundice()),
            ("albumin", liver.albumin_g_per_l, -1, False),
            ("inr", liver.inr, 1, self.case.patient.anticoagulated is True),
        )
        points = 0
        for name, value, turn, distorted in items:
            if value is None or distorted:
                told = False
                points += 1
                continue
            first, second = self.assessed.parameters[f"child_pugh_{name}"].value
            points += 3 if turn * value > turn * second else 2 if turn * value >= turn * first else 1
        signs = liver.insufficiency
        points += sum(2 if sign in (signs or ()) else 1 for sign in ("ascites", "encephalopathy"))
        if not (told and signs is not None) and liver.background != "cirrhosis":
            return None
        most_a, most_b = self.assessed.parameters["child_pugh_classes"].value
        return "C" if points > most_b else "B" if points > most_a else "A"

    def washout_days(self, regimen: str | None) -> int | None:
        """Days between the last dose of `regimen` and an operation; None for one whose washout is not known."""
        weeks = washout_weeks(regimen, self.assessed)
        return None if weeks is None else round(weeks * DAYS_A_WEEK)

    def washout_waited_for(self, regimen: str | None) -> int:
        """The same, or the longest interval of the protocol where it is not known: what a plan is held to."""
        return round(washout_held_to(regimen, self.assessed) * DAYS_A_WEEK)

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
