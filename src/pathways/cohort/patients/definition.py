"""A cohort: who is drawn. Published marginals, narrowed (`only`) and replaced (`draw`) by a file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, Strict

from pathways.documents.problems import DocumentError
from pathways.documents.reader import Document
from pathways.documents.versions import FormatVersion
from pathways.ward.notebook import Told

Text = Annotated[str, Strict(), Field(min_length=1, max_length=1000)]
YesNo = Annotated[bool, Strict()]
Range = tuple[Annotated[float, Strict()], Annotated[float, Strict()]]
Share = Annotated[float, Strict(), Field(ge=0, le=1)]
Number = Annotated[float, Strict(), Field(gt=0)]


class Strictly(BaseModel):
    """Frozen; a key that is not declared is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Only(Strictly):
    """Who counts. A range holds its limits; what is left out does not narrow."""

    age_years: Range | None = Field(None, description="age, from and to")
    sex: Literal["female", "male"] | None = Field(None, description="sex")
    ecog: Range | None = Field(None, description="ECOG, from and to")
    asa: Range | None = Field(None, description="ASA class, from and to")
    synchronous: YesNo | None = Field(None, description="found with the primary")
    primary_in_place: YesNo | None = Field(None, description="primary still in place")
    sites: tuple[Literal["right_colon", "left_colon", "rectum"], ...] | None = Field(
        None, description="sites of the primary"
    )
    urgent: YesNo | None = Field(None, description="an emergency of the primary")
    lesions: Range | None = Field(None, description="number of liver metastases, from and to")
    largest_mm: Range | None = Field(None, description="largest metastasis in mm, from and to")
    bilobar: YesNo | None = Field(None, description="metastases in both lobes (V to VIII, and II to IV)")
    ras: Literal["wild_type", "mutated"] | None = Field(None, description="RAS")
    braf: Literal["wild_type", "v600e"] | None = Field(None, description="BRAF")
    mismatch_repair: Literal["proficient", "deficient"] | None = Field(None, description="mismatch repair")
    backgrounds: tuple[Literal["normal", "steatosis", "steatohepatitis", "fibrosis", "cirrhosis"], ...] | None = Field(
        None, description="background of the liver"
    )
    extrahepatic: YesNo | None = Field(None, description="disease outside liver and primary")
    extrahepatic_resectable: YesNo | None = Field(None, description="none, or all of it removable")
    resectability: tuple[Literal["resectable", "remnant_insufficient", "unresectable"], ...] | None = Field(
        None, description="where the default protocol's geometry of the liver places the patient at the first meeting"
    )
    after_response: tuple[Literal["resectable", "remnant_insufficient", "unresectable"], ...] | None = Field(
        None, description="where a response would place the patient, after more than three months of chemotherapy"
    )
    clearance: (
        tuple[Literal["ablation", "minor", "minor_with_ablation", "major", "major_with_ablation"], ...] | None
    ) = Field(None, description="the least loss of liver that clears it as presented is of one of these classes")
    growth_target: YesNo | None = Field(None, description="a major resection of a whole side would clear the liver")
    two_sided: YesNo | None = Field(None, description="that side gone, metastases remain on the side that stays")


class Draw(Strictly):
    """Marginals that the cohort replaces; each needs a word in `why`."""

    male: Share | None = Field(None, description="share of men")
    synchronous: Share | None = Field(None, description="share found with the primary")
    in_situ: Share | None = Field(None, description="share of synchronous with the primary in place")
    obstruction: Share | None = Field(None, description="share of primaries in place that obstruct")
    extrahepatic: Share | None = Field(None, description="share with disease elsewhere")
    extrahepatic_resectable: Share | None = Field(None, description="share of it that can be removed")
    ras: Share | None = Field(None, description="share with RAS mutated")
    braf: Share | None = Field(None, description="share with BRAF V600E")
    repair_deficient: Share | None = Field(None, description="share with deficient mismatch repair")
    age_years: Number | None = Field(None, ge=18, le=95, description="mean age")
    largest_mm: Number | None = Field(None, ge=5, le=150, description="median of the largest metastasis, mm")
    cea_ng_per_ml: Number | None = Field(None, ge=0.5, le=20000, description="median CEA, ng/ml")
    one_side: Share | None = Field(None, description="of several, share that keeps to one side")
    ecog: tuple[Share, Share, Share, Share] | None = Field(None, description="shares of ECOG 0, 1, 2, 3")
    asa: tuple[Share, Share, Share, Share] | None = Field(None, description="shares of ASA 1, 2, 3, 4")
    number_shares: tuple[Share, Share, Share, Share, Share, Share] | None = Field(
        None, description="shares with 1, 2, 3, 4 to 6, 7 to 15, 16 to 60 metastases"
    )


RANGES = ("age_years", "ecog", "asa", "lesions", "largest_mm")
SUM_SLACK = 1e-6


class Cohort(Told, Strictly):
    """Who is drawn, and how the drawing differs from the published marginals."""

    version: FormatVersion = Field(alias="schema", description="version of the cohort format")
    id: Text = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$", description="short name")
    title: Text | None = Field(None, description="one line")
    only: Only = Field(default_factory=Only, description="who counts")
    draw: Draw = Field(default_factory=Draw, description="marginals replaced")
    why: Text | None = Field(None, description="where replaced marginals come from")

    def marginal(self, name: str, published: Any) -> Any:
        """The cohort's own value of a marginal, or the published one."""
        own = getattr(self.draw, name, None)
        return published if own is None else own


EVERYBODY = Cohort(schema=1, id="bowel", title="Bowel metastases of the liver at the first meeting")


def load_cohort(path: str | Path) -> Cohort:
    """A cohort file. Raises DocumentError with file, line and column."""
    from pathways.documents.reader import read_file

    return cohort_from(read_file(Path(path)))


def cohort_from(document: Document) -> Cohort:
    """A document as a cohort. Raises DocumentError with file, line and column."""
    from pathways.ward.understanding import read_as

    cohort, document, notes = read_as(document, Cohort)
    problems = []
    for name, value in cohort.only:
        if name in RANGES and value is not None and value[0] > value[1]:
            problems.append(
                document.problem(("only", name), f"got {list(value)}; accepted: from and to, in this order")
            )
        if isinstance(value, tuple) and not value:
            problems.append(
                document.problem(("only", name), "got nothing; accepted: at least one value, or leave the key out")
            )
    for name in ("ecog", "asa", "number_shares"):
        shares = getattr(cohort.draw, name)
        if shares is not None and abs(sum(shares) - 1) > SUM_SLACK:
            problems.append(
                document.problem(
                    ("draw", name), f"got shares that add to {sum(shares):g}; accepted: shares that add to 1"
                )
            )
    if cohort.draw.model_fields_set and not cohort.why:
        problems.append(
            document.problem(("draw",), "marginals are replaced; say under `why` where they come from", at_key=True)
        )
    if problems:
        raise DocumentError(problems)
    return cohort.with_notes(notes)
