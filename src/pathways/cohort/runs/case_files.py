"""Drawn patients as case files, which every other command reads."""

from __future__ import annotations

import json
from pathlib import Path

from pathways.cohort.runs.simulation import Simulation, cases
from pathways.documents import files


def save_cases(simulation: Simulation, folder: Path, *, force: bool = False) -> None:
    """One file a patient, never over one that was edited since unless `force`. JSON is YAML, and is written a hundred times as quickly."""
    files.made_folder(folder)
    for name, document in cases(simulation):
        files.write(folder / f"{name}.yaml", json.dumps(document, indent=1) + "\n", force=force)
