"""What is to be learned, as data: each objective with its misconception, the decision that must arise, and its cases.

Steps are named by selectors (`pathways.process.selection`). The YAML under `data/` is what a person edits; `compiling` checks it, and `documents.compiled` says when.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from pathways.documents.compiled import Compiled
from pathways.documents.problems import PathwaysError, nearest
from pathways.teaching.curriculum.schema import OBJECTIVES, Objective, Syllabus

HERE = Path(__file__).parent


def _compiled() -> dict[str, Any]:
    from pathways.teaching.curriculum.compiling import compiled

    return compiled()


COMPILED = Compiled(HERE / "compiled.json", HERE / "data", (HERE / "compiling.py", HERE / "schema.py"), _compiled)


@lru_cache(maxsize=1)
def syllabus() -> Syllabus:
    """Everything shipped; loaded once."""
    return Syllabus.model_validate(COMPILED.load())


def objective_of(name: str) -> Objective:
    """The objective with the id `name`. Raises PathwaysError with the nearest name."""
    known: Mapping[str, Objective] = {str(one): made for one, made in syllabus().objectives.items()}
    if name not in known:
        raise PathwaysError(f'--objective: got "{name}"; accepted: {", ".join(OBJECTIVES)}{nearest(name, OBJECTIVES)}')
    return known[name]
