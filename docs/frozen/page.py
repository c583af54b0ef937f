"""The frozen rows as a section of the page of calibration: what was published beside what is predicted, and how often it is covered."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from frozen.simulate import EMULATIONS, PREDICTED, ROWS, read

from pathways.validation.predictive import coverage, interval

BEGIN = "<!-- frozen rows -->"
HALF, NINETY = 0.5, 0.9
HEAD = """{begin}

## Rows frozen before they were run: {ninety} of {of} inside the 90 % predictive interval, {half} in the 50 % one

Published outcomes that the simulator has to predict. The rule that chose {chosen} of 103 rows stands in `docs/frozen/choose.py` (an interval, at least twenty
patients, metastases of bowel cancer in the liver, not printed elsewhere by the product, no figure of the simulator from the same study, one a series and
end-point); the rows, and how each is simulated, were committed before any was. {recent} are of 2018 or later. **Nothing was changed after the run.**
An interval holds what is not certain of the figures ({draws} draws of all of them), the spread between series (of the cumulative hazard of recurrence
0.16 on its logarithm, part of the model; of shares of patients {spread:.2f} on their log odds, from the published shares above that are measured alike),
and as many patients as the series had, of {patients:,} drawn. Where nothing is told of a series its patients are drawn as the resected or treated are. All rows were read in abstracts or reports; an interval marked
° was computed from counts. The goal asked for 80 to 97 % in the 90 % interval and for 35 to 65 % in the 50 % one; a comparison with a meta-analysis that
leaves a series out, in width and in score, is not made: few of these rows share an end-point.

| result, series | n | published | predicted: median | 50 % | 90 % | |
|---|---|---|---|---|---|---|
"""

MISSES = """
**The goal is missed**: intervals are too narrow for how series differ, and some misses are of structure. Read after the run, and nothing was mended by them:

- *Conversion and local treatment of heavy disease* come out too low (`raxo_liver_conversion`, `raxo_liver_plus_treated`, `toronto_converted`): a board that
  judges again and again, and ablation within conversion, are not in the process. Disease elsewhere that is treated too is rare here.
- *After a recurrence that is not operated on* nobody lives five years here (`imai_not_os5`, 19.5 % published): who will live long is taken as treatable, and
  everybody else as dying of it. Long life under drugs alone is missing, also without clearance (`clocc_dead`, `clocc_dead_ablation`).
- *Selected and modern centres live longer* (`ichida_clear_os5`, `ichida_borderline_os5`; the control arm of JCOG0603 too): country, era and choice of patients are
  no figures of the model, and its spread between series (0.16) is that of seven large series, too small for single centres.
- *All hospitals of a country* lose more (`seer_os3`): hospital volume and frailty are not in the model, and a third of that series was not resected.
- *ALPPS* of 22 centres died half as often and lived longer (`alpps510_mort`, `alpps510_os`, `alpps510_rfs`): its risk here is set
  to earlier series, and its patients are drawn as those whose other side bears metastases too. Free of recurrence counts from stage one here, with who is given up as an event. That 25 of these 510 died was
  known to the model of risk, which the rule did not look at: `alpps510_mort` was no blind row.
- *Liver only, any treatment* is free of disease for longer than predicted (`raxo_liver_dfs`), with disease elsewhere for shorter (`raxo_plus_dfs`): disease elsewhere
  may weigh too little on recurrence among those who are treated at every site.
"""


def section() -> str:
    """The whole section."""
    told, made, rows = read(EMULATIONS), read(PREDICTED), read(ROWS)
    run = [one for one in rows if one["id"] in made["rows"]]
    (ninety, of), (half, _) = (coverage(_pairs(run, made, share)) for share in (NINETY, HALF))
    head = HEAD.format(
        begin=BEGIN, ninety=ninety, half=half, of=of, chosen=len(rows), recent=sum(one["year"] >= 2018 for one in rows),  # noqa: PLR2004
        draws=made["draws"], spread=made["spread_between_series"], patients=made["patients"],
    )  # fmt: skip
    left = [
        f"- {one['measured']} (`{one['id']}`): {told['rows'][one['id']].get('not_simulated', 'not run')}."
        for one in rows
        if one["id"] not in made["rows"]
    ]
    differs = [
        f"- `{one['id']}`: {told['rows'][one['id']]['differs']}." for one in run if "differs" in told["rows"][one["id"]]
    ]
    return "\n".join([
        head + "\n".join(_row(one, made["rows"][one["id"]]) for one in run), "", *_by_kind(run, made), MISSES,
        "Known before the run to differ from the series:", "", *differs, "", "Chosen, and not simulated:", "", *left, "",
    ])  # fmt: skip


def _pairs(
    run: list[dict[str, Any]], made: dict[str, Any], share: float
) -> Iterator[tuple[float, tuple[float, float]]]:
    for one in run:
        yield one["value"], interval(np.array(made["rows"][one["id"]]), share)


def _row(one: dict[str, Any], values: list[float]) -> str:
    low, high = (interval(np.array(values), share) for share in (HALF, NINETY))
    inside = [ends[0] <= one["value"] <= ends[1] for ends in (low, high)]
    mark = "in 50 %" if inside[0] else "in 90 %" if inside[1] else "**outside**"
    computed = "" if one["interval"]["how"].startswith("published") else "°"
    unit = one["unit"]
    published = f"{one['value']:g} {unit} ({one['interval']['low']:g} to {one['interval']['high']:g}{computed})"
    who = f"{one['measured']}: {one['source']['authors']} {one['year']} (`{one['id']}`)"
    return (
        f"| {who} | {one['patients']} | {published} | {np.median(values):.1f} | {_ends(low)} | {_ends(high)} | {mark} |"
    )


def _ends(found: tuple[float, float]) -> str:
    return f"{found[0]:.1f} to {found[1]:.1f}"


def _by_kind(run: list[dict[str, Any]], made: dict[str, Any]) -> Iterator[str]:
    """How many of each kind of end-point are covered, and on which side they miss."""
    yield "| kind of end-point | rows | in 90 % | in 50 % | published above the predicted median |"
    yield "|---|---|---|---|---|"
    for kind in dict.fromkeys(one["kind"] for one in run):
        some = [one for one in run if one["kind"] == kind]
        counts = [coverage(_pairs(some, made, share))[0] for share in (NINETY, HALF)]
        above = sum(one["value"] > np.median(made["rows"][one["id"]]) for one in some)
        yield f"| {kind.replace('_', ' ')} | {len(some)} | {counts[0]} | {counts[1]} | {above} |"
