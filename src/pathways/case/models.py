"""What is known about a patient today. Every key is optional but those the design marks: absent means unknown.

Decides the keys, their units and their ranges; judges nothing clinical. The ranges are those of a possible human
being or a possible typing error, not of a treatable patient.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, Strict, model_validator

from pathways import words
from pathways.documents.display import Shown
from pathways.documents.values import whole_numbers
from pathways.documents.versions import FormatVersion
from pathways.ward.notebook import Told

Whole = Annotated[int, Strict()]
Number = Annotated[float, Strict()]
YesNo = Annotated[bool, Strict()]
Text = Annotated[str, Strict(), Field(min_length=1, max_length=2000)]
SegmentNumber = Annotated[int, Strict(), Field(ge=1, le=8)]
Place = SegmentNumber | words.Region
BranchPlace = SegmentNumber | words.Side


# What a key says that names the case, or tells where it was printed: nothing that is planned reads it, and the plan says so.
FOR_THE_RECORD = "; for the record only"


class Strictly(BaseModel):
    """Frozen, and a key that is not declared is an error: a mistyped key must never be silently ignored.

    Programs may give the scalars and arrays of NumPy and pandas; NaN is how these write a missing value, so its key is unknown. A number
    that is whole may be written 4.0, as tables with a gap in a column do.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    @model_validator(mode="before")
    @classmethod
    def _plain(cls, values: object) -> object:
        return whole_numbers(values, but=("schema", "version")) if isinstance(values, dict) else values


class Source(Strictly):
    """Where the case was published."""

    citation: Text = Field(description="authors, journal, year, as printed" + FOR_THE_RECORD)
    doi: Text | None = Field(
        None, description="digital object identifier, without an address in front" + FOR_THE_RECORD
    )


class Patient(Strictly):
    """The person, their fitness, and what they do not want."""

    age_years: Whole | None = Field(None, ge=0, le=115, description="age in years")
    sex: words.Sex | None = Field(None, description="sex")
    height_cm: Number | None = Field(None, ge=40, le=250, description="body height in cm")
    weight_kg: Number | None = Field(None, ge=3, le=350, description="body weight in kg")
    ecog: Whole | None = Field(None, ge=0, le=4, description="ECOG performance status 0 to 4")
    asa: Whole | None = Field(None, ge=1, le=5, description="ASA physical status class 1 to 5")
    fit_for: words.FitFor | None = Field(None, description="the largest liver treatment the team holds safe")
    anticoagulated: YesNo | None = Field(
        None, description="takes an anticoagulant, so that the INR says nothing of the liver"
    )
    haemoglobin_g_per_l: Number | None = Field(None, ge=20, le=250, description="haemoglobin in g/l")
    pregnant_weeks: Whole | None = Field(
        None, ge=1, le=43, description="completed weeks of pregnancy today; left out: not pregnant"
    )
    declines: tuple[words.Family, ...] = Field((), description="families of pathways the patient does not want")


class Primary(Strictly):
    """The tumour the metastases come from."""

    tumour: words.Tumour = Field(description="where the metastases come from")
    site: Text | None = Field(None, description="part of the bowel, or free text for other tumours")
    status: words.PrimaryStatus | None = Field(
        None,
        description="whether the primary is still in place; controlled: gone without an operation after a complete response, and watched",
    )
    presentation: words.Presentation | None = Field(None, description="liver metastases with or after the primary")
    interval_months: Number | None = Field(None, ge=0, le=900, description="months from primary to liver metastasis")
    r0_resectable: YesNo | None = Field(None, description="can the primary be removed with a clear margin")
    urgent: words.Urgency | None = Field(None, description="what the primary is doing now that cannot wait")
    needs_radiotherapy: YesNo | None = Field(None, description="rectum: radiotherapy before resection")
    node_positive: YesNo | None = Field(None, description="regional lymph nodes of the primary involved")
    ras: words.Ras | None = Field(None, description="RAS status")
    braf: words.Braf | None = Field(None, description="BRAF status")
    mismatch_repair: words.MismatchRepair | None = Field(None, description="mismatch repair status")
    grade: Whole | None = Field(None, ge=1, le=3, description="grade 1 to 3 of a neuroendocrine tumour")
    ki67_percent: Number | None = Field(
        None,
        ge=0,
        le=100,
        description="Ki-67 index of a neuroendocrine tumour, %: makes its grade where that is not told",
    )
    cea_ng_per_ml: Number | None = Field(None, ge=0, le=1_000_000, description="CEA today, ng/ml")
    cea_peak_ng_per_ml: Number | None = Field(None, ge=0, le=1_000_000, description="highest CEA, ng/ml")


class MeasuredRemnant(Strictly):
    """One volumetry: what stays when `removes` is taken out."""

    removes: tuple[SegmentNumber, ...] = Field(min_length=1, max_length=8, description="segments taken out")
    fraction: Number | None = Field(None, gt=0, lt=1, description="remnant as a fraction, 0.30 for 30 %")
    ml: Number | None = Field(None, gt=0, le=6000, description="remnant in ml")
    week: Whole = Field(0, ge=-5200, le=0, description="week of the volumetry, today is 0, so 0 or negative")
    denominator: words.Denominator | None = Field(None, description="what the fraction is a fraction of")
    excludes_congested: YesNo = Field(False, description="whether congested liver was left out of the remnant")


class Liver(Strictly):
    """The organ that has to carry the patient afterwards."""

    background: words.Background | None = Field(None, description="the liver that is not tumour")
    insufficiency: tuple[words.Insufficiency, ...] | None = Field(
        None, description="signs of a failing liver; [] for none"
    )
    biliary_obstruction: words.BiliaryObstruction | None = Field(None, description="obstructed bile ducts")
    bilioenteric_anastomosis: YesNo | None = Field(None, description="a bile duct has been joined to the bowel")
    bilirubin_umol_per_l: Number | None = Field(None, ge=0, le=1500, description="bilirubin in umol/l")
    gilbert: YesNo | None = Field(
        None,
        description="Gilbert syndrome: unconjugated bilirubin, so that bilirubin and jaundice say nothing of the liver",
    )
    inr: Number | None = Field(None, ge=0.5, le=20, description="international normalised ratio")
    platelets_e9_per_l: Number | None = Field(None, ge=0, le=3000, description="platelets in 10^9/l")
    albumin_g_per_l: Number | None = Field(None, ge=5, le=70, description="albumin in g/l")
    ggt_u_per_l: Number | None = Field(None, ge=1, le=10000, description="gamma-glutamyl transferase in U/l")
    creatinine_umol_per_l: Number | None = Field(None, ge=10, le=3000, description="creatinine in umol/l")
    icg_r15_percent: Number | None = Field(None, ge=0, le=100, description="indocyanine green retention at 15 min, %")
    child_pugh: words.ChildPugh | None = Field(None, description="Child-Pugh class")
    total_ml: Number | None = Field(None, ge=200, le=12000, description="total liver volume in ml, tumour included")
    tumour_ml: Number | None = Field(None, ge=0, le=9000, description="tumour volume in ml")
    segments_ml: dict[
        Literal["1", "2", "3", "4", "5", "6", "7", "8"], Annotated[float, Strict(), Field(ge=0, le=6000)]
    ] = Field(default_factory=dict, description="measured volume of single segments in ml")
    removed_segments: tuple[SegmentNumber, ...] = Field((), description="segments gone, if not told by history")
    embolised: tuple[BranchPlace, ...] = Field((), description="portal branches closed: segments and/or right left")
    measured_remnants: tuple[MeasuredRemnant, ...] = Field((), description="volumetry")


class Lesion(Strictly):
    """One liver lesion, or several alike."""

    id: Text | None = Field(None, description="a short name, such as A" + FOR_THE_RECORD)
    segments: tuple[Place, ...] = Field(min_length=1, max_length=8, description="segments 1 to 8 and/or a region")
    count: Whole | None = Field(None, ge=1, le=200, description="how many lesions this entry stands for")
    size_mm: Number | None = Field(None, gt=0, le=400, description="largest diameter in mm")
    contacts: tuple[words.Vessel, ...] | None = Field(
        None, description="vessels touched in the pictures of today; [] for none"
    )
    invades: tuple[words.Vessel, ...] = Field(
        (), description="vessels it grows into or around, so that no response frees it of them"
    )
    thrombus: tuple[words.Vessel, ...] = Field((), description="portal branches and veins with tumour in them")
    bile_duct: words.BileDuct | None = Field(None, description="the bile duct at the lesion")
    depth: words.Depth | None = Field(None, description="superficial or deep")
    nature: words.Nature = Field("confirmed", description="how sure the diagnosis is; benign is not treated")
    biopsy: words.Biopsy | None = Field(
        None, description="what a biopsy found; it goes before nature, but benign not before a high suspicion"
    )
    suspicion: words.Suspicion | None = Field(
        None, description="how suspicious imaging is, where nature is not told or suspected"
    )
    seen_on: tuple[words.Scan, ...] | None = Field(None, description="imaging that shows it as a lesion")

    @property
    def known_as(self) -> words.Nature:
        """What it is held to be: a biopsy that found something goes before `nature`, and that before a suspicion.

        A negative biopsy of what imaging holds to be a metastasis settles nothing: it is wrong once in five.
        """
        if self.biopsy == "benign":
            return "suspected" if self.negative_biopsy_doubted else "benign"
        if self.biopsy == "malignant" and self.nature != "vanished":
            return "confirmed"
        doubtful = self.suspicion is not None or self.biopsy == "inconclusive"
        return "suspected" if doubtful and "nature" not in self.model_fields_set else self.nature

    @property
    def negative_biopsy_doubted(self) -> bool:
        """Whether a biopsy without tumour stands against imaging of high suspicion, and nobody says that it is benign all the same."""
        return self.biopsy == "benign" and self.suspicion == "high" and "nature" not in self.model_fields_set

    @property
    def nature_told(self) -> bool:
        """Whether the entry says how sure it is, by whichever key."""
        return "nature" in self.model_fields_set or self.suspicion is not None or self.biopsy is not None

    @property
    def segment_numbers(self) -> tuple[int, ...]:
        """The segments 1 to 8 that the entry names, regions spelled out."""
        return segment_numbers(self.segments)

    @property
    def is_region(self) -> bool:
        """Whether the place is told as a region rather than as segments."""
        return any(isinstance(place, str) and place not in words.HALVES for place in self.segments)

    @property
    def half(self) -> str:
        """`IVa` or `IVb` where the entry lies in one half of segment IV alone; else nothing."""
        return words.HALVES.get(str(self.segments[0]), "") if len(self.segments) == 1 else ""


class ExtrahepaticDisease(Strictly):
    """Disease outside liver and primary."""

    site: words.ExtrahepaticSite = Field(description="where")
    count: Whole | None = Field(None, ge=1, le=500, description="how many")
    resectable: YesNo | None = Field(None, description="whether all of it can be removed")
    nature: words.ExtrahepaticNature = Field(
        "confirmed",
        description="how sure it is disease; benign is none, suspected is found out and bars less than confirmed",
    )
    size_mm: Number | None = Field(None, gt=0, le=400, description="largest diameter in mm")


class Treatment(Strictly):
    """The keys an event of the history and an event of a course share."""

    segments: tuple[BranchPlace, ...] = Field((), description="segments or sides treated, embolised or tied")
    removes: tuple[SegmentNumber, ...] = Field((), description="whole segments removed")
    partial: tuple[SegmentNumber, ...] = Field((), description="segments with a limited resection")
    margin: words.Margin | None = Field(None, description="margin")
    regimen: Text | None = Field(None, description="backbone with optional _bevacizumab _cetuximab _panitumumab")
    cycles: Whole | None = Field(None, ge=1, le=100, description="cycles given")
    response: words.Response | None = Field(None, description="response by RECIST")
    site: Text | None = Field(None, description="site of a metastasectomy")


class HistoryEvent(Treatment):
    """Something that already happened; weeks relative to today, so 0 or negative."""

    week: Whole | None = Field(None, ge=-5200, le=0, description="week it began, today is 0, so 0 or negative")
    until_week: Whole | None = Field(None, ge=-5200, le=0, description="week it ended, 0 or negative")
    event: words.HistoryEventName = Field(description="what happened")


class Case(Shown, Told, Strictly):
    """A patient today."""

    version: FormatVersion = Field(alias="schema", description="version of the case format" + FOR_THE_RECORD)
    id: Text = Field(
        pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$", description="short name: letters, digits, . _ -" + FOR_THE_RECORD
    )
    title: Text | None = Field(None, description="one line for lists" + FOR_THE_RECORD)
    source: Source | None = Field(None, description="where the case was published")
    patient: Patient = Field(default_factory=Patient, description="the person")
    primary: Primary = Field(description="the primary tumour")
    liver: Liver = Field(default_factory=Liver, description="the liver")
    lesions: tuple[Lesion, ...] = Field(
        max_length=60, description="liver lesions; [] where a treatment of the history has cleared the liver"
    )
    extrahepatic: tuple[ExtrahepaticDisease, ...] | None = Field(None, description="disease elsewhere; [] for none")
    history: tuple[HistoryEvent, ...] = Field((), description="what happened before today, oldest first")

    def __repr__(self) -> str:
        return f"Case({self.id}: {self.primary.tumour}, {len(self.lesions)} {'entry' if len(self.lesions) == 1 else 'entries'} of lesions)"

    def to_rows(self) -> list[dict[str, Any]]:
        """A row an entry of lesions, for a table."""
        return [one.model_dump(mode="json") for one in self.lesions]

    @property
    def disease_elsewhere(self) -> tuple[ExtrahepaticDisease, ...] | None:
        """Disease elsewhere that is confirmed, or only suspected; what has turned out benign is none. None where it is not told."""
        return None if self.extrahepatic is None else tuple(one for one in self.extrahepatic if one.nature != "benign")

    @property
    def primary_told(self) -> bool:
        """Whether the case says if the primary is still in place: by its status, an emergency of it, or its resection."""
        stated = self.primary.status is not None or self.primary.urgent not in (None, "none")
        return stated or any(event.event == "primary_resection" for event in self.history)

    @property
    def primary_in_place(self) -> bool:
        """Whether the primary is in place; where that is not told, it is taken to be if it was found with the metastases."""
        primary = self.primary
        if self.primary_told:
            return primary.status == "in_situ" or (primary.status is None and primary.urgent not in (None, "none"))
        return primary.presentation == "synchronous"


def segment_numbers(places: Iterable[int | str]) -> tuple[int, ...]:
    """Segment numbers for segments, regions and sides, sorted, each once."""
    found: set[int] = set()
    for place in places:
        if isinstance(place, int):
            found.add(place)
        else:
            found.update(words.REGION_SEGMENTS.get(place) or words.SIDE_SEGMENTS[place])
    return tuple(sorted(found))


def for_the_record(model: type[BaseModel] = Case, before: str = "") -> frozenset[str]:
    """Keys, dotted, that the schema says are for the record only."""
    found: set[str] = set()
    for name, field in model.model_fields.items():
        key = f"{before}{field.alias or name}"
        inner = _model_in(field.annotation)
        if inner is not None:
            found |= for_the_record(inner, f"{key}.")
        elif (field.description or "").endswith(FOR_THE_RECORD):
            found.add(key)
    return frozenset(found)


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for one in get_args(annotation) if (found := _model_in(one))), None)
