"""Chooses the rows that the simulator has to predict, by the rule below, from a file of published outcomes. Run: python docs/frozen/choose.py TARGETS.yaml.

Written and committed before any of the chosen rows was simulated. Nothing here looks at a simulated figure.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from pathways.knowledge.protocols import knowledge

ROOT = Path(__file__).parents[2]
CHOSEN = ROOT / "docs" / "frozen" / "rows.yaml"
RULE = """
A published outcome is chosen when all of this holds:
1. it has a value and both ends of an interval (published, or computed from its counts), of at least 20 patients;
2. its patients have metastases of bowel cancer in the liver: not all cancers of the bowel, nor disease at any site, nor other primaries;
3. the product does not print it: no row of its targets, of its series of risk, nor a c-index of the page (same number of patients, same value);
4. no figure that its simulation stands on came from its study: for survival no `prognosis_*` or `survival_*` figure; for disease-free survival, cure and the
   pattern of recurrence the same, life without clearance apart; for every other end-point no figure but those of prognosis, of the risk of operations,
   and of who is drawn;
5. of the rows of one series (a study in however many reports; arms and groups that share no patient are a series each) and one end-point the one of
   most patients, of two alike the first of the file.
Of three kinds are the reasons for which a chosen row may still not be simulated: the process has no such event, the patients cannot be drawn, or what
was counted is not told. Such rows stay in the list, with the reason.
"""
LEAST = 20
AS_PRINTED = 0.05
FREE = ("disease_free", "cure", "recurrence_pattern")
LIVED, UNCLEARED = ("prognosis_", "survival_"), "prognosis_without_clearance_"
NOT_OF_STEPS = ("prognosis_", "survival_", "risk_", "cohort_")
PRINTED_KINDS = ("c_index",)
# Read in the rows: whose patients are not those of rule 2.
OTHER_PATIENTS = {
    "raxo_all_resectable": "any site", "raxo_all_upfront": "any site", "raxo_all_conversion": "any site", "raxo_resectable_done": "any site",
    "raxo_multiple": "any site", "raxo_r01_os5": "any site", "raxo_systemic": "any site", "stockholm_incidence": "all cancers of the bowel",
    "german_major": "any tumour", "dutch_stage4": "any site", "dutch_stage4_systemic": "any site", "uk_third_line": "any site",
    "breast_cure": "breast cancer", "sarcoma_os5": "sarcoma", "gastric_cn_os5": "stomach cancer",
}  # fmt: skip
# Read in the rows: arms and groups of one report that share no patient with the others.
APART = {
    "swe_liver_first": "liver first", "swe_bowel_first": "bowel first", "pku_delayed_os3": "delayed", "pku_simultaneous_os3": "simultaneous",
    "ichida_clear_os5": "one or two", "ichida_borderline_os5": "four or more", "clocc_dead": "systemic", "clocc_dead_ablation": "ablation",
    "imai_again_os5": "operated on again", "imai_not_os5": "not operated on", "raxo_liver_dfs": "liver only", "raxo_liver_conversion": "liver only",
    "raxo_plus_dfs": "liver and elsewhere", "raxo_liver_plus_treated": "liver and elsewhere", "raxo_liver_plus_upfront": "liver and elsewhere",
}  # fmt: skip
# Reports of one study, by words of their titles.
STUDIES = ("RAXO", "New EPOC", "TransMet", "CAIRO5", "CLOCC", "EORTC")


def main(file: Path) -> None:
    """Writes the chosen rows, each with its source as it was found."""
    rows = yaml.safe_load(file.read_text(encoding="utf-8"))["targets"]
    found = list(chosen(rows))
    head = "# Written by docs/frozen/choose.py, whose rule stands in it, before any of these rows was simulated. Shares are per cent.\n"
    CHOSEN.write_text(head + yaml.safe_dump(found, allow_unicode=True, sort_keys=False, width=160), encoding="utf-8")
    recent = sum(one["year"] >= 2018 for one in found)  # noqa: PLR2004 - the goal asks for half of 2018 or later
    print(f"{len(found)} of {len(rows)} rows, {recent} of 2018 or later", file=sys.stderr)


def chosen(rows: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """By the rule."""
    best: dict[tuple[str, str, str], dict[str, Any]] = {}
    for one in rows:
        if why_not(one):
            continue
        key = series(one), APART.get(one["id"], ""), one["kind"]
        if key not in best or patients(one) > patients(best[key]):
            best[key] = one
    for (name, _, _), one in best.items():
        keys = (
            "id",
            "kind",
            "measured",
            "definition",
            "value",
            "unit",
            "interval",
            "year",
            "case_mix",
            "follow_up",
            "source",
            "seen",
        )
        yield {"series": name, **{key: one[key] for key in keys}, "patients": patients(one)}


def why_not(one: dict[str, Any]) -> str:
    """The first line of the rule that a row breaks."""
    interval = one.get("interval") or {}
    if interval.get("low") is None or interval.get("high") is None or patients(one) < LEAST:
        return "1: no interval, or few patients"
    if one["id"] in OTHER_PATIENTS:
        return f"2: {OTHER_PATIENTS[one['id']]}"
    if one["kind"] in PRINTED_KINDS or is_printed(one):
        return "3: printed already"
    used = [name for name in figures_of(one) if stands_on(one["kind"], name)]
    return f"4: {', '.join(used)}" if used else ""


def stands_on(kind: str, figure: str) -> bool:
    """Whether the simulation of an end-point of this kind stands on a figure."""
    if kind == "survival":
        return figure.startswith(LIVED)
    if kind in FREE:
        return figure.startswith(LIVED) and not figure.startswith(UNCLEARED)
    return not figure.startswith(NOT_OF_STEPS)


def is_printed(one: dict[str, Any]) -> bool:
    """Whether the same value of as many patients is a row of the product."""
    return any(number == patients(one) and abs(value - one["value"]) < AS_PRINTED for number, value in printed())


@lru_cache(maxsize=1)
def printed() -> list[tuple[int, float]]:
    """Number of patients and value (per cent, or days) of what the product prints beside its own figures."""
    targets = knowledge().targets["targets"].values()
    series_of_risk = yaml.safe_load((ROOT / "docs" / "risk_series.yaml").read_text(encoding="utf-8"))
    found = [
        (row["n"], row["value"] * (1 if row.get("survival_median") or row.get("days_to") else 100)) for row in targets
    ]
    return [*found, *((row["n"], row["value"]) for row in series_of_risk)]


def figures_of(one: dict[str, Any]) -> list[str]:
    """The figures of the simulator that came from the study of a row."""
    known = knowledge()
    ids = {
        name
        for name, told in known.sources.items()
        if same_report(one["source"], told) or series(one) in series_of(told["title"])
    }
    return sorted(name for name, figure in known.parameters.items() if ids & set(figure.sources))


def same_report(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """By number where both have one; by title; by first author, year and journal."""
    numbers = [{str(told.get(key) or "").lower() for key in ("pmid", "doi")} - {""} for told in (one, other)]
    if numbers[0] & numbers[1] or one["title"].lower()[:40] == other["title"].lower()[:40]:
        return True
    told = [
        (
            str(source.get("authors") or "").split()[:1],
            source.get("year"),
            str(source.get("journal") or "").lower()[:12],
        )
        for source in (one, other)
    ]
    return bool(told[0][0]) and told[0] == told[1]


def series(one: dict[str, Any]) -> str:
    """The study of a row: its reports are one series."""
    return next(iter(series_of(one["source"]["title"])), one["source"]["title"])


def series_of(title: str) -> list[str]:
    return [name for name in STUDIES if name.lower().replace(" ", "") in title.lower().replace(" ", "")]


def patients(one: dict[str, Any]) -> int:
    return int(one["case_mix"].get("n") or 0)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
