"""What the product says of a case and does with it: findings, pathways, chances, and what a course breaks.

`python tests/golden/writing.py` writes the files anew; the difference in a review then shows which cases end differently
(`decisions/`), which are told in another order
(`order.txt`) and which numbers moved (`numbers.tsv`). A test holds the files to the program.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import groupby
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parent), str(HERE)]

from builders import make_case
from limits import of_acts, of_records, of_rules
from shelves import DECISIONS, NUMBERS, ORDER, Shelf, item_of, mark_of, order_of, split, table_of, verdict_words
from shipped import CONSTRUCTED, COURSES, PUBLISHED

from pathways.case.loading import load_case, load_course
from pathways.conformance.audit import Row, audit
from pathways.knowledge.protocols import knowledge, load_protocol
from pathways.planning.evaluate import OBJECTIVES
from pathways.planning.plan import Plan, plan

OPERATIONS = (
    "no operation",
    "one operation",
    "two operations",
    "three operations",
    "four operations",
    "five operations",
)
CASES = [*PUBLISHED[::2], *CONSTRUCTED]


def of_case(path: Path) -> list[Shelf]:
    """Everything about one case, which is planned once."""
    shelf = Shelf(path.stem)
    made = plan(load_case(path), load_protocol())
    _findings(shelf, made)
    _pathways(shelf, made)
    _closed(shelf, made)
    _chances(shelf, made)
    return [shelf]


CHEMOTHERAPY = {"week": -30, "until_week": -8, "event": "chemotherapy", "cycles": 8}
# A known patient with one thing otherwise: findings that no shipped case shows.
VARIANTS = {
    "inr": {"liver": {"inr": 2.1}}, "child": {"liver": {"child_pugh": "B"}}, "icg": {"liver": {"icg_r15_percent": 31}},
    "child c": {"liver": {"child_pugh": "C"}}, "bilirubin": {"liver": {"bilirubin_umol_per_l": 90}},
    "bilirubin drained": {"liver": {"bilirubin_umol_per_l": 90, "biliary_obstruction": "drained"}},
    "anticoagulated": {"patient": {"anticoagulated": True}, "liver": {"inr": 2.1}},
    "albumin": {"liver": {"albumin_g_per_l": 20}}, "platelets": {"liver": {"platelets_e9_per_l": 40, "background": "cirrhosis"}},
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


def of_variants() -> list[Shelf]:
    """Of the known patient all findings and closings; of every variant what is said no more (-) and what instead (+)."""
    known = _of_variant("known", {})
    shelves = [known]
    for name, changes in VARIANTS.items():
        found, told = _of_variant(name, changes), Shelf(f"variants/{name}")
        told.lines = list(_changes(known.lines, found.lines))
        told.rows = [row for row in found.rows if row not in known.rows]
        shelves.append(told)
    for shelf in shelves:
        shelf.lines.insert(0, f"# {shelf.case.removeprefix('variants/')}")
    return shelves


def _of_variant(name: str, changes: dict[str, Any]) -> Shelf:
    shelf = Shelf(f"variants/{name}")
    made = plan(make_case(**changes), load_protocol())
    shelf.say(f"{made.assessment.resectability}, {made.assessment.liver_state}")
    for found in made.assessment.findings:
        shelf.say(verdict_words(found))
    _closed(shelf, made)
    return shelf


def _changes(before: list[str], after: list[str]) -> Iterator[str]:
    for how, start, end, first, last in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if how != "equal":
            yield from (f"- {line}" for line in before[start:end])
            yield from (f"+ {line}" for line in after[first:last])


def of_courses() -> list[Shelf]:
    """Every row of every audit; rows that only say that a property holds are told together."""
    shelves = []
    for path in COURSES:
        shelf = Shelf(f"courses/{path.stem}")
        shelf.lines.append(f"# {path.stem}")
        rows = audit(load_course(path), load_protocol(), path.name).rows
        for (index, day, event), of_event in groupby(rows, key=lambda row: (row.index, row.day, row.event)):
            shelf.say(f"e{index} {event}")
            shelf.count(f"e{index} {event} day", [day])
            for (verdict, nothing_else), several in groupby(of_event, key=lambda row: (row.verdict, _plain(row))):
                if nothing_else:
                    shelf.say(f"  {verdict}: {' '.join(str(row.property) for row in several)}")
                    continue
                for row in several:
                    words = f"{row.property} {row.rule} {row.excess} {row.unit} {row.words}"
                    shelf.say(f"  {verdict}: {words}", f"e{index} {event}")
        shelves.append(shelf)
    return shelves


def _plain(row: Row) -> bool:
    """Whether a row says no more than its verdict on a property."""
    return not row.words and row.rule is row.excess is row.unit is None


def of_settings() -> list[Shelf]:
    """What each protocol sets: words here, numbers in the table."""
    shelves = []
    for protocol in knowledge().protocols.values():
        shelf = Shelf(f"settings/{protocol.id}")
        shelf.lines.append(f"# {protocol.id}")
        for key, setting in protocol.settings.items():
            value = " ".join(map(str, setting.value)) if isinstance(setting.value, list) else setting.value
            shelf.say(f"{key}: {value}")
        shelves.append(shelf)
    return shelves


SHELVES = {
    "variants": of_variants, "courses": of_courses, "rules": of_rules, "records": of_records, "acts": of_acts,
    "settings": of_settings,
}  # fmt: skip


def _findings(shelf: Shelf, made: Plan) -> None:
    assessed = made.assessment
    shelf.say(f"{assessed.resectability}, {assessed.liver_state}")
    for found in assessed.findings:
        shelf.say(verdict_words(found), "finding")
    for one in assessed.resections[:6]:
        row = one.as_json()
        numbers = f"{row['remnant_fraction']:.3f} ({row['low']:.3f} to {row['high']:.3f})"
        shelf.say(f"{row['name']}: {numbers} {row['meets_protocol']}", "resection")
    for score in assessed.scores:
        shelf.say(f"{score.name}: {score.points:g} {score.at_most} {score.group} {score.missing}", "score")
    for words in assessed.not_modelled:
        shelf.say(words, "not modelled")


def _pathways(shelf: Shelf, made: Plan) -> None:
    """Each pathway with its steps, by title; the order stands on a shelf of its own.

    One row of the table a pathway: its cycles and days, then of each step the day and the numbers of its note.
    What is assumed (?) or warned of (!) is mostly the same for many pathways, and written out once below them.
    """
    shelf.say("")
    titles = {one.id: f"{one.title} ({' '.join(one.families)})" for one in made.pathways}
    shelf.order = [split(titles[one.id])[0] for one in made.pathways]
    written_out: dict[str, str] = {}
    for one in sorted(made.pathways, key=lambda one: titles[one.id]):
        shelf.say(titles[one.id], "pathway")
        shelf.say(f"  {OPERATIONS[one.operations]}")
        numbers = [f"cycles {one.chemotherapy_cycles}, days {one.days}:"]
        for step in one.steps:
            words, found = split(f"{step.trigger}: {step.note}")
            shelf.lines.append(f"  {words}")
            numbers.append(" ".join([f"day {step.day}", *found]) + ",")
        for sign, several in (("!", one.warnings), ("?", one.assumptions)):
            marks = []
            for sentence in several:
                words, found = split(sentence)
                marks.append(f"{sign}{mark_of(words)}")
                assert written_out.setdefault(marks[-1], words) == words
                if found:
                    numbers.append(" ".join([marks[-1], *found]) + ",")
            if marks:
                shelf.lines.append(f"  {' '.join(marks)}")
        shelf.count(item_of(titles[one.id]), numbers)
    shelf.lines += [
        f"{mark} {words}" for mark, words in sorted(written_out.items(), key=lambda one: (one[0][0], one[1]))
    ]
    for contingent in made.contingent:
        shelf.say(f"{contingent.family} after {' and '.join(contingent.after)}")


def _closed(shelf: Shelf, made: Plan) -> None:
    """What closes each family, by rule; then each reason once, with the families it closes."""
    shelf.say("")
    closes: dict[str, list[str]] = {}
    for closed in made.closed:
        shelf.say(f"{closed.family} closed by {' '.join(verdict.rule for verdict in closed.verdicts)}")
        for verdict in closed.verdicts:
            closes.setdefault(verdict_words(verdict), []).append(closed.family)
    for words, families in closes.items():
        shelf.say(words, "closed")
        shelf.say(f"  closes {' '.join(families)}")


def _chances(shelf: Shelf, made: Plan) -> None:
    """Numbers of the graph, in the table alone; and what would be worth finding out."""
    evaluation, graph = made.evaluation, made.graph
    for objective in OBJECTIVES:
        worth = evaluation.worth(objective)
        shelf.count(f"worth {objective}", ["none" if one is None else f"{one:.6f}" for one in worth])
    outcomes, decisions = set(), set()
    for node, leaving in enumerate(graph.edges):
        if leaving and leaving[0].declared.kind == "outcome":
            chances = evaluation.evaluator.chances(node)
            outcomes.add((
                " ".join(edge.declared.name for edge in leaving),
                " ".join(f"{chance:.5f} in {graph.days(edge):g}," for edge, chance in zip(leaving, chances, strict=True)),
            ))  # fmt: skip
        else:
            decisions |= {(edge.declared.name, f"{graph.days(edge):g}") for edge in leaving}
    for names, numbers in sorted(outcomes):
        shelf.count(f"outcome {names}", [numbers])
    for name, several in groupby(sorted(decisions), key=lambda one: one[0]):
        shelf.count(f"days of {name}", [days for _, days in several])
    shelf.say("")
    shelf.say(f"steps: {' '.join(sorted({edge.declared.name for leaving in graph.edges for edge in leaving}))}")
    shelf.order += [f"find out {item.item}" for item in made.find_out_next]
    for item in sorted(made.find_out_next, key=lambda one: one.item):
        shelf.say(f"missing {item.item}: closes {' '.join(item.closes)}")
        shelf.count(f"missing {item.item}", [f"{item.chance_now:.5f} or {item.chance_otherwise:.5f}"])


def words_of(shelves: list[Shelf]) -> str:
    """The text of a file of decisions."""
    return "\n".join(shelf.words for shelf in shelves)


def write(folder: Path) -> None:
    """Every shelf anew, in `folder`."""
    told = {case.stem: of_case(case) for case in CASES} | {name: make() for name, make in SHELVES.items()}
    decisions = folder / DECISIONS.name
    shutil.rmtree(decisions, ignore_errors=True)
    decisions.mkdir()
    for name, shelves in told.items():
        (decisions / f"{name}.txt").write_text(words_of(shelves), encoding="utf-8")
    order = order_of(told[case.stem][0] for case in CASES)
    (folder / ORDER.name).write_text(order, encoding="utf-8")
    numbers = table_of(shelf for shelves in told.values() for shelf in shelves)
    (folder / NUMBERS.name).write_text(numbers, encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]) if sys.argv[1:] else HERE)
