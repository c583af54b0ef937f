"""What the product says of a case and does with it, line by line: findings, roads, chances, and what a course breaks.

`python tests/golden/writing.py` writes the files anew; the difference in a review then shows which cases end differently,
and why. A test holds the files to the program.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from shipped import CONSTRUCTED, COURSES, PUBLISHED, graph_of

from pathways.case.loading import load_case, load_course
from pathways.conformance.audit import audit
from pathways.facts.verdict import Verdict
from pathways.knowledge.protocols import load_protocol
from pathways.planning.evaluate import OBJECTIVES, evaluate
from pathways.planning.plan import plan

CASES = [*PUBLISHED[::2], *CONSTRUCTED]


def of_case(path: Path) -> str:
    """Everything about one case."""
    return "\n".join([*_findings(path), "", *_roads(path), "", *_numbers(path)]) + "\n"


def of_course(path: Path) -> str:
    """Every row of an audit."""
    found = audit(load_course(path), load_protocol(), path.name)
    return "".join(
        f"{row.index} day {row.day} {row.event}: {row.verdict} {row.property} {row.rule} {row.excess} {row.unit} {row.words}\n"
        for row in found.rows
    )


def _verdict(one: Verdict) -> str:
    value = f"{one.value:.4g}" if isinstance(one.value, float) else one.value
    limit = f"{one.limit:.4g}" if isinstance(one.limit, float) else one.limit
    assumed = f" assumed: {one.assumed}" if one.assumed else ""
    return f"{one.rule} {one.verdict}: {one.reason} [{value} / {limit} {one.unit}] {' '.join(one.sources)}{assumed}"


def _findings(path: Path) -> Iterator[str]:
    assessed = plan(load_case(path), load_protocol()).assessment
    yield f"{assessed.resectability}, {assessed.liver_state}"
    yield from map(_verdict, assessed.findings)
    for one in assessed.resections[:6]:
        row = one.as_json()
        yield f"{row['name']}: {row['remnant_fraction']:.3f} ({row['low']:.3f} to {row['high']:.3f}) {row['meets_protocol']}"
    yield from (f"{one.name}: {one.points:g} {one.at_most} {one.group} {one.missing}" for one in assessed.scores)
    yield from assessed.not_modelled


def _roads(path: Path) -> Iterator[str]:
    made = plan(load_case(path), load_protocol())
    for one in made.pathways:
        yield f"{one.id} {one.title} ({' '.join(one.families)}) {one.operations} {one.chemotherapy_cycles} {one.days}"
        yield from (f"  day {step.day} {step.trigger}: {step.note}" for step in one.steps)
        yield from (f"  ! {words}" for words in one.warnings)
        yield from (f"  ? {words}" for words in one.assumptions)
    for contingent in made.contingent:
        yield f"{contingent.family} after {' and '.join(contingent.after)}"
    for closed in made.closed:
        yield from (f"{closed.family} closed: {_verdict(verdict)}" for verdict in closed.verdicts)


def _numbers(path: Path) -> Iterator[str]:
    graph = graph_of(path)
    evaluation = evaluate(graph)
    for objective in OBJECTIVES:
        worth = evaluation.worth(objective)
        yield f"{objective}: " + " ".join("none" if one is None else f"{one:.6f}" for one in worth)
    seen = set()
    for node, leaving in enumerate(graph.edges):
        if leaving and leaving[0].declared.kind == "outcome":
            chances = evaluation.evaluator.chances(node)
            seen.add(
                " ".join(
                    f"{edge.declared.name} {chance:.5f} in {graph.days(edge):g},"
                    for edge, chance in zip(leaving, chances, strict=True)
                )
            )
        else:
            seen.update(f"{edge.declared.name} in {graph.days(edge):g}" for edge in leaving)
    yield from sorted(seen)
    for item in plan(load_case(path), load_protocol()).find_out_next:
        yield f"missing {item.item}: {item.chance_now:.5f} or {item.chance_otherwise:.5f}, closes {' '.join(item.closes)}"


if __name__ == "__main__":
    for file in HERE.glob("*.txt"):
        file.unlink()
    for case in CASES:
        (HERE / f"{case.stem}.txt").write_text(of_case(case), encoding="utf-8")
    (HERE / "courses.txt").write_text("\n".join(f"# {one.stem}\n{of_course(one)}" for one in COURSES), encoding="utf-8")
