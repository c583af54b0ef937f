"""Simulates the chosen rows by emulations.yaml as the model is today, into again.yaml. Run: python docs/frozen/simulate.py [DRAWS [PATIENTS]].

predicted.yaml holds what was predicted before any row was looked at, and no command writes it: a prediction that is made again is not blind.
"""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from pathways.cohort.patients.definition import Cohort
from pathways.knowledge.protocols import knowledge
from pathways.validation.predictive import SEED, Emulated, predicted, spread_between_series

HERE = Path(__file__).parent
ROWS, EMULATIONS, PREDICTED, AGAIN = (HERE / f"{one}.yaml" for one in ("rows", "emulations", "predicted", "again"))
DRAWS, PATIENTS = 100, 2500
DIGITS = 2


def read(file: Path) -> Any:
    """A file of this folder."""
    return yaml.safe_load(file.read_text(encoding="utf-8"))


def emulated(row: dict[str, Any], told: dict[str, Any]) -> Emulated:
    """A chosen row as it is simulated."""
    asked = told["rows"][row["id"]]
    entry = told["cohorts"].get(asked["cohort"]) or knowledge().targets["cohorts"][asked["cohort"]]
    cohort = Cohort(schema=1, id=asked["cohort"], only=entry["only"], draw=entry.get("draw", {}))
    return Emulated(row["id"], cohort, asked["strategy"], asked, row["patients"])


def groups(told: dict[str, Any]) -> list[list[Emulated]]:
    """Rows that can be simulated; those of the same patients under the same strategy together."""
    found: dict[tuple[str, str], list[Emulated]] = {}
    for row in read(ROWS):
        if "not_simulated" not in told["rows"][row["id"]]:
            one = emulated(row, told)
            found.setdefault((one.cohort.id, one.strategy), []).append(one)
    return list(found.values())


def main(draws: int = DRAWS, patients: int = PATIENTS) -> None:
    """Every group, one after the other; the file is written after each, so that a run can be stopped."""
    found: dict[str, Any] = {}
    for some in groups(read(EMULATIONS)):
        begun = time.perf_counter()
        for name, values in predicted(some, draws, patients).items():
            found[name] = [round(float(one), DIGITS) for one in sorted(values)]
        print(
            f"{', '.join(one.name for one in some)}: {time.perf_counter() - begun:.0f} s", file=sys.stderr, flush=True
        )
        write(found, draws, patients)


def write(found: dict[str, Any], draws: int, patients: int) -> None:
    """The file of predictions made again: the sorted values of each row, and how and when they were made."""
    made = {
        "date": datetime.now(UTC).date().isoformat(),
        "draws": draws,
        "patients": patients,
        "seed": SEED,
        "spread_between_series": round(spread_between_series(), 4),
        "rows": found,
    }
    head = "# Written by docs/frozen/simulate.py: a predictive value a draw, per cent or months. Not blind: the rows had been seen.\n"
    AGAIN.write_text(head + yaml.safe_dump(made, sort_keys=False, width=160), encoding="utf-8")


if __name__ == "__main__":
    main(*(int(one) for one in sys.argv[1:3]))
