"""Drawn patients as case files, which every other command reads."""

from __future__ import annotations

import json
from pathlib import Path

from pathways.cohort.runs.simulation import Simulation, cases
from pathways.documents.problems import PathwaysError


def save_cases(simulation: Simulation, folder: Path) -> None:
    """One file a patient. JSON is YAML, and is written a hundred times as quickly."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, document in cases(simulation):
            text = json.dumps(document, indent=1)
            (folder / f"{name}.yaml").write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise PathwaysError(f"{folder}: cannot be written: {(error.strerror or str(error)).lower()}") from None
