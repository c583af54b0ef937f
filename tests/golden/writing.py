"""What the product says of a case and does with it, line by line: findings, pathways, chances, and what a course breaks.

`python tests/golden/writing.py` writes the files anew; the difference in a review then shows which cases end differently,
and why. A test holds the files to the program.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parent), str(HERE)]

from builders import make_case
from limits import of_acts, of_records, of_rules
from shipped import CONSTRUCTED, COURSES, PUBLISHED, graph_of

from pathways.case.loading import load_case, load_course
from pathways.conformance.audit import audit
from pathways.facts.verdict import Verdict
from pathways.knowledge.protocols import load_protocol
from pathways.planning.evaluate import OBJECTIVES, evaluate
from pathways.planning.plan import plan

CASES = [*PUBLISHED[::2], *CONSTRUCTED]

LIMITS = {"rules": of_rules, "records": of_records, "acts": of_acts}


def of_case(path: Path) -> str:
    """Everything about one case."""
    return "\n".join([*_findings(path), "", *_pathways(path), "", *_numbers(path)]) + "\n"


CHEMOTHERAPY = {"week": -30, "until_week": -8, "event": "chemotherapy", "cycles": 8}
# A known patient with one thing otherwise: findings that no shipped case shows.
VARIANTS = {
    "inr": {"liver": {"inr": 2.1}}, "child": {"liver": {"child_pugh": "B"}}, "icg": {"liver": {"icg_r15_percent": 31}},
    "ascites": {"liver": {"insufficiency": ["ascites"]}}, "jaundice": {"liver": {"insufficiency": ["jaundice"]}},
    "obstructed": {"liver": {"biliary_obstruction": "present"}}, "drained": {"liver": {"biliary_obstruction": "drained"}},
    "ecog": {"patient": {"fit_for": None, "ecog": 3}}, "asa": {"patient": {"fit_for": None, "asa": 4}},
    "fitness unknown": {"patient": {"fit_for": None}}, "declines": {"patient": {"declines": ["pve", "alpps"]}},
    "capox": {"history": [{**CHEMOTHERAPY, "regimen": "capox"}]},
    "progression": {"history": [{**CHEMOTHERAPY, "regimen": "folfox", "response": "progression"}]},
    "unknown end": {"history": [{"event": "chemotherapy", "regimen": "folfiri_cetuximab"}]},
    "unknown washout": {"history": [{**CHEMOTHERAPY, "regimen": "mystery"}]},
    "steatohepatitis": {"liver": {"background": "steatohepatitis"}, "primary": {"ras": "wild_type", "braf": "wild_type"}},
    "sinusoidal": {"liver": {"background": "sinusoidal_injury"}, "primary": {"ras": "mutated"}},
    "deficient": {"primary": {"mismatch_repair": "deficient"}}, "braf": {"primary": {"braf": "v600e"}},
    "right colon": {"primary": {"site": "caecum", "ras": "wild_type"}},
    "in place": {"primary": {"status": "in_situ"}}, "irresectable": {"primary": {"status": "in_situ", "r0_resectable": False}},
    "perforated": {"primary": {"status": "in_situ", "urgent": "perforation"}},
    "bone": {"extrahepatic": [{"site": "bone"}]}, "lung": {"extrahepatic": [{"site": "lung"}]},
    "two sites": {"extrahepatic": [{"site": "lung", "resectable": True}, {"site": "ovary", "resectable": False}]},
    "not staged": {"extrahepatic": None}, "suspected": {"lesions": [{"segments": [6], "nature": "suspected"}]},
    "held veins": {"lesions": [{"segments": [4, 8], "size_mm": 70, "contacts": ["right_hepatic_vein", "middle_hepatic_vein", "left_hepatic_vein"]}]},
    "hilum": {"lesions": [{"segments": [4], "size_mm": 20, "contacts": ["hilum", "vena_cava"]}]},
    "many": {"lesions": [{"segments": ["whole_liver"], "count": 30, "size_mm": 25}]},
    **{tumour: {"primary": {"tumour": tumour, "site": None}} for tumour in (
        "neuroendocrine", "gist", "pancreas", "periampullary", "stomach", "gallbladder", "breast", "lung", "melanoma", "kidney",
        "sarcoma", "other", "unknown",
    )},
}  # fmt: skip


def of_variants() -> str:
    """Findings of every variant, and what closes its pathways."""
    lines = []
    for name, changes in VARIANTS.items():
        made = plan(make_case(**changes), load_protocol())
        lines.append(f"# {name}: {made.assessment.resectability}, {made.assessment.liver_state}")
        lines += map(_verdict, made.assessment.findings)
        for closed in made.closed:
            lines += [f"{closed.family} closed: {_verdict(verdict)}" for verdict in closed.verdicts]
    return "\n".join(lines) + "\n"


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


def _pathways(path: Path) -> Iterator[str]:
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
    for name, said in LIMITS.items():
        (HERE / f"{name}.txt").write_text(said(), encoding="utf-8")
    (HERE / "variants.txt").write_text(of_variants(), encoding="utf-8")
    (HERE / "courses.txt").write_text("\n".join(f"# {one.stem}\n{of_course(one)}" for one in COURSES), encoding="utf-8")
