"""A draft from a FHIR R4 bundle (shaped after mCODE): person, primary, metastases, biology, values, and what was done.

Nothing is taken by its words but the names of drugs, which the ward's table knows; all else by its code. What is not known is listed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from pathlib import Path

from pathways.documents.files import name_of
from pathways.documents.problems import DocumentError, Problem, shown
from pathways.interchange.readers.draft import Draft
from pathways.interchange.readers.fhir.bundle import PARTIAL, Resource, codes, codings, meaning, resources_in, words_of
from pathways.interchange.readers.fhir.findings import Findings
from pathways.ward.regimens import drugs_in

DAYS_A_WEEK, DAYS_A_YEAR, MONTHS_A_YEAR = 7, 365.25, 12
SEXES = {"male": "male", "female": "female"}
DATES = (
    "effectiveDateTime", "effectivePeriod.start", "effectivePeriod.end", "performedDateTime", "performedPeriod.start", "performedPeriod.end",
    "onsetDateTime", "recordedDate",
)  # fmt: skip
# A diagnosis that is over: no lesion of today.
OVER = ("inactive", "remission", "resolved")
GIVEN = ("MedicationAdministration", "MedicationStatement")
ORDERED = ("MedicationRequest",)
PARTNERS = ("bevacizumab", "cetuximab", "panitumumab")
# Resources about the record and not about the disease.
PASSED_OVER = (
    "Organization",
    "Practitioner",
    "PractitionerRole",
    "Encounter",
    "Specimen",
    "Provenance",
    "DiagnosticReport",
    "Composition",
    "Location",
)


def draft_of(file: Path, name: str, today: dt.date | None) -> Draft:
    """The draft of the one patient of a bundle, as of a day: the last date of the bundle unless told."""
    found = resources_in(file)
    patients = [one for one in found if one.kind == "Patient"]
    if len(patients) != 1:
        raise DocumentError(
            [Problem(name_of(file), 1, 1, "", f"holds {len(patients)} patients; accepted: a bundle of one patient")]
        )
    draft = Draft(name, name_of(file))
    _of_one_patient(found, patients[0])
    draft.notes += [
        f"{one.called}: {key} {one.told(key)} is no whole date, and not used"
        for one in found
        for key in (*DATES, "birthDate")
        if PARTIAL.fullmatch(str(one.told(key)))
    ]
    known = [day for one in found if not one.void for key in DATES if (day := one.day(key)) is not None]
    day = today or max(known, default=None)
    if day is not None and today is None:
        draft.notes.append(f"today is taken to be the last date of the bundle, {day}; --today tells another")
    return _Reading(draft, found, day).read(patients[0])


def _of_one_patient(found: Iterable[Resource], patient: Resource) -> None:
    for one in found:
        subject = one.told("subject.reference") or one.told("patient.reference")
        if subject is not None and patient.names and str(subject) not in patient.names:
            message = f"got {shown(subject)}, but the patient is {' or '.join(sorted(patient.names))}; accepted: a bundle of one patient"
            raise one.refused(message, "subject" if one.told("subject.reference") else "patient", "reference")


class _Reading:
    """One bundle on its way to a draft."""

    def __init__(self, draft: Draft, found: Sequence[Resource], today: dt.date | None) -> None:
        self.draft, self.found, self.today = draft, found, today

    def read(self, patient: Resource) -> Draft:
        self._person(patient)
        in_force = []
        for one in self.found:
            if one.void:
                self.draft.unmapped.append(f"{one.called} (status {one.void})")
            elif one.kind not in ("Patient", *PASSED_OVER):
                in_force.append(one)
        rest = self._conditions(in_force)
        rest = Findings(self.draft, self.today).read(rest)
        rest = self._drugs(self._procedures(rest))
        self.draft.unmapped[:] = dict.fromkeys([*self.draft.unmapped, *(one.called for one in rest)])
        if self.draft.value.get("history"):
            self.draft.sort(("history",), by=lambda event: event.get("week", 0))
        return self.draft

    def _person(self, patient: Resource) -> None:
        sex = patient.value.get("gender")
        if str(sex) in SEXES:
            self.draft.put(("patient", "sex"), SEXES[str(sex)], "Patient.gender", patient.origin("gender"))
        elif sex is not None:
            self.draft.unmapped.append(f"Patient.gender {shown(sex)}")
        born = patient.day("birthDate")
        if born is None or self.today is None:
            return
        years = self.today.year - born.year - ((self.today.month, self.today.day) < (born.month, born.day))
        if years < 0:
            raise patient.refused(
                f"got {born}, after {self.today}; accepted: a date before today (--today)", "birthDate"
            )
        self.draft.put(
            ("patient", "age_years"), years, f"Patient.birthDate, on {self.today}", patient.origin("birthDate")
        )

    def _conditions(self, found: Sequence[Resource]) -> list[Resource]:
        """The primary, metastases of the liver, disease elsewhere; gives back what is none of these."""
        rest, primaries, livers = [], [], []
        for one in found:
            code = one.value.get("code")
            over = next((word for _, word in codings(one.value.get("clinicalStatus")) if word in OVER), None)
            if one.kind == "Condition" and _confirmed(one) and (site := meaning(code, codes()["primary"])):
                primaries.append((one, site))
            elif one.kind == "Condition" and meaning(code, codes()["liver"]):
                livers.append((one, over))
            elif one.kind == "Condition" and not over and (site := meaning(code, codes()["elsewhere"])):
                self._elsewhere(one, site)
            else:
                rest.append(one)
        self._primary(primaries)
        # Lesions that are told one by one are not told a second time by the diagnosis.
        told = any(
            one.kind == "BodyStructure" and meaning(one.value.get("location"), codes()["segments"]) for one in found
        )
        self._liver([one for one, over in livers if not over and not told])
        self.draft.unmapped += [f"{one.called} ({over})" for one, over in livers if over]
        self._interval([one for one, _ in primaries], [one for one, _ in livers])
        return rest

    def _primary(self, found: Sequence[tuple[Resource, str]]) -> None:
        sites = {site for _, site in found}
        if not found:
            return
        one, site = found[0]
        if len(sites) > 1:
            raise one.refused(
                f"got primaries in {', '.join(sorted(sites))}; accepted: one primary of the metastases", "code"
            )
        self.draft.put(("primary", "tumour"), "colorectal", one.called, one.origin("code"))
        self.draft.put(("primary", "site"), site, one.called, one.origin("code"))

    def _elsewhere(self, one: Resource, site: str) -> None:
        place = len(self.draft.value.get("extrahepatic", []))
        self.draft.put(("extrahepatic", place, "site"), site, one.called, one.origin("code"))
        if not _confirmed(one):
            self.draft.put(
                ("extrahepatic", place, "nature"), "suspected", "verificationStatus", one.origin("verificationStatus")
            )

    def _liver(self, found: Sequence[Resource]) -> None:
        """Places that a diagnosis tells itself; lesions of their own are told by BodyStructure."""
        for one in found:
            place = meaning(one.value.get("bodySite"), codes()["segments"])
            if place is None:
                continue
            number = len(self.draft.value.get("lesions", []))
            self.draft.put(("lesions", number, "segments"), [place], f"{one.called}, bodySite", one.origin("bodySite"))
            if not _confirmed(one):
                self.draft.put(
                    ("lesions", number, "nature"), "suspected", "verificationStatus", one.origin("verificationStatus")
                )

    def _interval(self, primaries: Sequence[Resource], livers: Sequence[Resource]) -> None:
        """Months from the primary to the first liver metastasis, where both are dated by their onset or their record."""
        begun = min((day for one in primaries if (day := one.day("onsetDateTime", "recordedDate"))), default=None)
        dated = [(day, one) for one in livers if (day := one.day("onsetDateTime", "recordedDate"))]
        if begun is None or not dated:
            return
        day, one = min(dated, key=lambda pair: pair[0])
        days = (day - begun).days
        months = round(max(0, days) / DAYS_A_YEAR * MONTHS_A_YEAR, 1)
        self.draft.put(("primary", "interval_months"), months, f"from {begun} to {day}", one.origin())
        if days <= 0:
            self.draft.put(
                ("primary", "presentation"), "synchronous", f"found on {day}, the primary on {begun}", one.origin()
            )

    def _procedures(self, found: Iterable[Resource]) -> list[Resource]:
        rest = []
        for one in found:
            event = meaning(one.value.get("code"), codes()["procedures"]) if one.kind == "Procedure" else None
            if event is None:
                rest.append(one)
                continue
            self._event(event, one, one.day("performedDateTime", "performedPeriod.start"), None, one.called)
        return rest

    def _drugs(self, found: Iterable[Resource]) -> list[Resource]:
        """What was given, by the names of the drugs; drugs of one day are one regimen, and days of one regimen after each other one course."""
        rest, days = [], dict[dt.date, list[tuple[str, dt.date, Resource]]]()
        for one in found:
            drug = drugs_in(words_of(one.value.get("medicationCodeableConcept"))) if one.kind in GIVEN else None
            begun = one.day("effectiveDateTime", "effectivePeriod.start")
            if drug is None or begun is None:
                rest.append(one)
                if one.kind in ORDERED:
                    self.draft.notes.append(f"{one.called} is an order: whether it was given is not told")
                continue
            ended = one.day("effectivePeriod.end") or begun
            days.setdefault(begun, []).append((drug.name, ended, one))
        courses: list[tuple[str, list[dt.date], Resource]] = []
        for day in sorted(days):
            known = _regimen({name for name, _, _ in days[day]})
            until = max(ended for _, ended, _ in days[day])
            if courses and courses[-1][0] == known:
                courses[-1][1].extend((day, until))
            else:
                courses.append((known, [day, until], days[day][0][2]))
        for regimen, dates, one in courses:
            words = f"begun on {len(set(dates[::2]))} days from {min(dates)} to {max(dates)}; cycles and breaks are not told"
            self._event("chemotherapy", one, min(dates), max(dates), words, regimen)
        return rest

    def _event(
        self, event: str, one: Resource, begun: dt.date | None, ended: dt.date | None, words: str, regimen: str = ""
    ) -> None:
        """One entry of the history."""
        place = len(self.draft.value.get("history", []))
        self.draft.put(("history", place, "event"), event, words, one.origin())
        for key, day in (("week", begun), ("until_week", ended)):
            if day is not None and self.today is not None:
                if day > self.today:
                    raise one.refused(f"got {day}, after {self.today}; accepted: what was done before today (--today)")
                self.draft.put(
                    ("history", place, key), -((self.today - day).days // DAYS_A_WEEK), str(day), one.origin()
                )
        if regimen:
            self.draft.put(("history", place, "regimen"), regimen, words, one.origin())


def _regimen(drugs: set[str]) -> str:
    """The name of drugs that were given together: of a scheme where they are exactly those of one, beside an antibody or without."""
    beside = sorted(drugs & set(PARTNERS))
    scheme = next((name for name, of_it in codes()["schemes"].items() if drugs - set(PARTNERS) == set(of_it)), None)
    known = drugs_in(" + ".join([scheme, *beside] if scheme else sorted(drugs)))
    return known.name if known else ""


def _confirmed(one: Resource) -> bool:
    """Whether a diagnosis is told as one; without a status it is."""
    told = one.value.get("verificationStatus")
    return told is None or any(code == "confirmed" for _, code in codings(told))
