"""Makes docs/background/risk.md: the model of death and liver failure, its residuals, and cases. Run: python docs/risk_page.py; a test holds it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pathways.documents.reader import read_file
from pathways.facts.risk.model import NOWHERE_NEAR, Anatomy, RiskModel
from pathways.facts.risk.outcomes import Practice, Taken, Zones, outcome_chances
from pathways.facts.risk.person import NOBODY, Person
from pathways.knowledge.protocols import knowledge
from pathways.process.operations import OPERATIONS

DOCS = Path(__file__).parent
PAGE = DOCS / "background" / "risk.md"
HEAD = """# Death and liver failure after an operation

Written by `python docs/risk_page.py` from the figures in `src/pathways/knowledge/data/parameters/risk.yaml`, which were frozen before any of the comparisons
below was run. For discussion and teaching: no published model was used as printed, and where one stops, a judgement begins and says so.

## One model

*Death* within 90 days of a liver resection: the odds of a reference patient (65 years, ASA I or II, normal laboratory values) for the extent, times one odds
ratio for each factor of the person. The factors are those of one multivariable model (1796 resections of more than one segment), each shrunk to the power 0.7
because such scores separate less well outside their home; age is a slope and not its step at 60. The intercepts are ours: with them the average over
the shares of a series gives the mean of a country or of an experienced centre (protocol setting `mortality_level`).

*Liver failure* of grade B or C is put together from several sources: extent, the remnant against its limit (nothing from 1.25 times the limit on, all at 0.75
times, straight in the logarithm between), and one term for the liver that is not tumour.

*Together*: the model of death holds the deaths of ordinary liver failure. What this remnant and this liver add to the failure that is usual for the extent adds
deaths; there is no floor and nothing is counted twice. Of cirrhosis and few platelets the worse counts. Bowel, lung and liver in one session: the risk of each, as if
independent; a major liver resection with the bowel 1.2 times the odds. A remnant made to grow counts as at its limit, embolisation itself as no factor.

*What a case does not tell* counts as the average of a series, never as normal; the plan says which keys those are, and `steps[].risk.drivers` lists
what drives each risk. `pathways.risk_of("resect_liver_major", case)` asks for one act, whether or not a rule bars it.

Not in the model: loss of blood, repeat hepatectomy and chemotherapy as such (no term in print), performance status, bilirubin and albumin (they bar). It counts
deaths within 90 days where the printed score counts those in hospital. Above 33 % no figure is told but "over 30 %".

## The terms

| factor | value | share in a series | source | certainty |
|---|---|---|---|---|
"""


def page() -> str:
    """The whole page."""
    lines = [
        HEAD.rstrip(),
        *_terms(),
        "",
        "## Series",
        "",
        "Per cent of patients. *Inside*: within the printed interval.",
        "",
    ]
    lines += [
        "| series | n | printed | model | |",
        "|---|---|---|---|---|",
        *(_series(one) for one in read_file(DOCS / "risk_series.yaml").value),
    ]
    lines += [
        "",
        "## Patients",
        "",
        "Death by the operation, given that it is done, in per cent, at the level of a country.",
        "",
    ]
    lines += [
        "| patient | before | now | in print |",
        "|---|---|---|---|",
        *(_patient(one) for one in read_file(DOCS / "risk_cases.yaml").value),
    ]
    lines += [
        "",
        "## What else may come of it",
        "",
        "Per cent of operations, given that the operation is done: `outcome_chances` of `src/pathways/facts/risk/outcomes.py`, for somebody of whom nothing is told.",
        "The figures stand in `parameters/ablation.yaml` and `operations.yaml`. Lesions of one patient are taken as independent: an upper bound where many are ablated.",
        "",
        "| operation | outcome | model | in print |",
        "|---|---|---|---|",
        *(_outcome(one) for one in read_file(DOCS / "outcome_cases.yaml").value),
    ]
    return "\n".join(lines) + "\n"


def _outcome(row: Mapping[str, Any]) -> str:
    known = knowledge().parameters
    practice = Practice(row.get("technique", "microwave"), row.get("margin_mm", 10))
    zones = Zones(row.get("lesions", 1), row.get("size_mm"), bool(row.get("vessel")))
    taken = Taken(NOWHERE_NEAR, (zones,), row.get("lesions", 1))
    model = RiskModel(NOBODY, lambda name: known[name].number, "national")
    chance = getattr(outcome_chances(model, OPERATIONS[row["operation"]], taken, practice), row["outcome"])
    return f"| {row['title']} | {row['outcome'].replace('_', ' ')} | {100 * float(chance):.2g} | {row['print']} |"


def _terms() -> list[str]:
    known, rows = knowledge().parameters, []
    for name, one in known.items():
        if name.startswith("risk_") and not name.endswith("_share"):
            share = known.get(f"{name.removesuffix('_odds')}_share")
            cells = (
                one.description,
                f"{one.number:g} {one.unit}",
                f"{share.number:g}" if share else "",
                ", ".join(one.sources),
            )
            rows.append(f"| {' | '.join(cells)} | {one.confidence.replace('_', ' ')} |")
    return rows


def model_of(row: Mapping[str, Any], level: str) -> RiskModel:
    """The model for the patients of a row; what it does not tell is the average, but for a liver without injury."""
    known, background, cirrhosis = knowledge().parameters, row.get("background"), row.get("cirrhosis")
    averaged = row.get("measure") == "failure"
    told = row.get("asa") is not None
    healthy = (
        {"inr": 1.0, "ggt": 30.0, "platelets": 220.0, "creatinine": 80.0}
        if told
        else dict.fromkeys(("inr", "ggt", "platelets", "creatinine"))
    )
    person = Person(
        age_years=row.get("age_years"), asa=row.get("asa"), **healthy,
        steatohepatitis=None if averaged else background == "steatohepatitis", sinusoidal_injury=None if averaged else background == "sinusoidal_injury",
        cirrhosis=cirrhosis is not None, child_b=cirrhosis == "B", rectum=bool(row.get("rectum")),
    )  # fmt: skip
    return RiskModel(person, lambda name: known[name].number, level)


def _anatomy(row: dict[str, Any]) -> Anatomy:
    return Anatomy(bool(row.get("extended")), float(row.get("shortage") or 0.0), bool(row.get("cava")))


def found(row: Mapping[str, Any]) -> float:
    """What the model says of a series, in per cent."""
    model, anatomy = model_of(row, row["level"]), _anatomy(row)
    if row["measure"] == "alpps":
        return 100 * float(model.alpps(anatomy))
    return 100 * sum(
        share * float(getattr(model.of(OPERATIONS[one], anatomy), row["measure"])) for one, share in row["of"].items()
    )


def inside(row: Mapping[str, Any]) -> bool | None:
    """Whether the model lies within the printed interval; None where none is printed."""
    return None if row["low"] is None else row["low"] <= found(row) <= row["high"]


def _series(row: Mapping[str, Any]) -> str:
    interval = "" if row["low"] is None else f" ({row['low']:g} to {row['high']:g})"
    verdict = row.get("outside") or {True: "inside", False: "outside", None: ""}[inside(row)]
    words = "; ".join(filter(None, (verdict, row.get("note"))))
    level = row["level"].replace("_", " ")
    return f"| {row['title']} (`{row['source']}`; {level}) | {row['n'] or ''} | {row['value']:g}{interval} | {found(row):.2g} | {words} |"


def _patient(row: Mapping[str, Any]) -> str:
    anatomy = _anatomy(row)
    death = 100 * float(model_of(row, "national").of(OPERATIONS[row["operation"]], anatomy).death)
    return f"| {row['who']} | {row['before']:g} | {death:.2g} | {row['print']} |"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
