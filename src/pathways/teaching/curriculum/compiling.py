"""From the YAML of the objectives to the one JSON file that is loaded. Run: `python -m pathways.teaching.curriculum.compiling`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pathways.documents.problems import PathwaysError, nearest
from pathways.documents.reader import read_file
from pathways.knowledge.protocols import knowledge
from pathways.process.declaration import PROCESS
from pathways.process.selection import steps
from pathways.teaching.curriculum.objectives import COMPILED, OBJECTIVES, Objective, Syllabus

DATA = Path(__file__).parent / "data"
RULES = {guard.rule for trigger in PROCESS.triggers for guard in trigger.guards} | {
    "parenchyma_sparing", "washout_complete", "imaging_fresh", "patient_accepts", "remnant_body_weight", "remnant_function",
}  # fmt: skip


def compiled(data: Path = DATA) -> dict[str, Any]:
    """Objectives, common parts of their cases, scoring and difficulty, validated, as plain JSON values."""
    objectives: dict[str, Any] = {}
    commons: dict[str, Any] = dict(read_file(data / "commons.yaml").value)
    for file in sorted((data / "objectives").glob("*.yaml")):
        objectives.update(read_file(file).value)
    missing = set(OBJECTIVES) - set(objectives)
    if missing:
        raise PathwaysError(f"no file describes the objectives {', '.join(sorted(missing))}")
    ordered = {name: objectives[name] for name in OBJECTIVES} | {
        name: one for name, one in objectives.items() if name not in OBJECTIVES
    }
    made = Syllabus.model_validate(
        {"objectives": ordered, "commons": commons, **read_file(data / "scoring.yaml").value}
    )
    for name, one in made.objectives.items():
        _check(name, one)
    return made.model_dump(mode="json", exclude_defaults=True)


def _check(name: str, one: Objective) -> None:
    """Every step, rule, end, source and figure that an objective names exists."""
    selectors = [*one.not_scored, *(word for at in one.decisions for word in (*at.good, *at.preferred))]
    selectors += [word for at in one.decisions for wrong in at.wrong for word in wrong.triggers]
    try:
        steps(selectors)
    except PathwaysError as problem:
        raise PathwaysError(f"objective {name}: {problem}") from problem
    rules = {rule for at in one.decisions for wrong in at.wrong for rule in wrong.rules}
    figures = {goal.less for goal in one.goals.values() if goal.less}
    for words, known in (
        (rules, RULES), (set(one.goals), set(PROCESS.ends)), (set(one.sources), set(knowledge().sources)),
        (figures, set(knowledge().parameters)),
    ):  # fmt: skip
        for word in sorted(words - known):
            raise PathwaysError(f'objective {name}: unknown name "{word}"{nearest(word, known)}')


def compiled_text(data: Path = DATA) -> str:
    """The text of the compiled file."""
    return json.dumps(compiled(data), ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    COMPILED.write_text(compiled_text(), encoding="utf-8")
