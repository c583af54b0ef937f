"""What the other frozen rows of the same end-point predict of a row: a meta-analysis that leaves its series out, to compare the simulator with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from frozen.simulate import EMULATIONS, read

from pathways.validation.predictive import SEED, Floats

# Fewer others than three say nothing of how series differ.
LEAST = 3
DRAWS = 2000
ENDS_IN_SES = 2 * 1.96
END_POINTS = {
    ("survival_years", 3): "alive at three years", ("survival_years", 5): "alive at five years", ("survival_median", True): "median survival",
    ("free_median", True): "median free of disease",
}  # fmt: skip


def end_points(
    rows: Sequence[dict[str, Any]],
) -> Iterator[tuple[str, list[tuple[dict[str, Any], list[dict[str, Any]]]]]]:
    """By end-point, each row that enough rows of other series ask the same of, with those."""
    told = read(EMULATIONS)["rows"]
    for (key, value), words in END_POINTS.items():
        some = [one for one in rows if told[one["id"]].get(key) == value]
        pairs = [(one, [other for other in some if other["series"] != one["series"]]) for one in some]
        yield words, [(one, others) for one, others in pairs if len(others) >= LEAST]


def left_out(row: Mapping[str, Any], others: Sequence[Mapping[str, Any]]) -> Floats:
    """Predictive values of a row from the others: random effects (DerSimonian and Laird), a t distribution, and as many patients as the series had."""
    values, variances = np.array([_on_scale(one) for one in others]).T
    weights = 1 / variances
    mean = (weights * values).sum() / weights.sum()
    excess = (weights * (values - mean) ** 2).sum() - (len(values) - 1)
    between = max(0.0, excess / (weights.sum() - (weights**2).sum() / weights.sum()))
    weights = 1 / (variances + between)
    mean = (weights * values).sum() / weights.sum()
    random = np.random.Generator(np.random.PCG64([SEED, sum(map(ord, row["id"]))]))
    drawn = mean + np.sqrt(between + 1 / weights.sum()) * random.standard_t(len(values) - 1, DRAWS)
    if row["unit"] == "%":
        return np.asarray(100 * random.binomial(row["patients"], 1 / (1 + np.exp(-drawn))) / row["patients"])
    return np.asarray(np.exp(drawn + np.sqrt(_on_scale(row)[1]) * random.standard_normal(DRAWS)))


def _on_scale(one: Mapping[str, Any]) -> tuple[float, float]:
    """Log odds of a share, logarithm of a median, with the variance."""
    if one["unit"] == "%":
        share, number = one["value"] / 100, one["patients"]
        return float(np.log(share / (1 - share))), 1 / (number * share * (1 - share))
    ends = one["interval"]
    return float(np.log(one["value"])), float((np.log(ends["high"] / ends["low"]) / ENDS_IN_SES) ** 2)
