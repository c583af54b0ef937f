"""Names of steps stay in their declaration: whoever needs to know something of a step asks what it says of itself."""

import ast
import re
from pathlib import Path
from typing import get_args

from pathways.process.acts import ACTS
from pathways.process.declaration import PROCESS
from pathways.words import CourseOnlyEventName, Family, HistoryEventName

SRC = Path(__file__).parents[2] / "src" / "pathways"
NAMES = {trigger.name for trigger in PROCESS.triggers}
# Words of other vocabularies that some steps are called by too: an event of a record, a family, an act, a phase, a value of a fact.
OTHER_WORDS = {
    *get_args(HistoryEventName), *get_args(CourseOnlyEventName), *get_args(Family), *ACTS, *PROCESS.phases,
    *(str(value) for fact in (*PROCESS.live_facts, *PROCESS.case_facts) for value in fact.domain),
    "watch",  # the policy for vanished sites, in a list of the protocol
}  # fmt: skip
PREFIXES_OF_FACTS = tuple(fact.name for fact in PROCESS.case_facts)
# Pairs of a name and a file outside `process/`. Only ever lowered: 243 at the first count (this test as it is, on what stood before).
MOST = 0
DATA = (".yaml", ".yml", ".json", ".js", ".html", ".css")


def pairs():
    """Every name (or beginning of names) of a step that a file outside `process/` writes down."""
    for file in sorted(SRC.rglob("*")):
        if file.relative_to(SRC).parts[0] == "process" or file.name == "compiled.json":
            continue
        where = str(file.relative_to(SRC))
        if file.suffix == ".py":
            yield from ((where, name) for name in in_code(file.read_text(encoding="utf-8")))
        elif file.suffix in DATA:
            yield from ((where, name) for name in in_data(file.read_text(encoding="utf-8")))


def in_code(text):
    """Names in strings, beginnings of names in strings, names as attributes."""
    found = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            found |= {node.value} & (NAMES - OTHER_WORDS)
            if re.fullmatch(r"[a-z]+_([a-z_]*_)?", node.value) and not begins_a_fact(node.value):
                found |= {f"{node.value}*"} if any(name.startswith(node.value) for name in NAMES) else set()
        if isinstance(node, ast.Attribute):
            found |= {node.attr} & (NAMES - OTHER_WORDS)
    return found


def begins_a_fact(prefix):
    return any(name.startswith(prefix) for name in PREFIXES_OF_FACTS)


def in_data(text):
    """Names as words of their own; one that is an English word too only where it is an item of a list, not in a sentence."""
    words = set(re.findall(r"(?<![\w.:])[a-z][a-z0-9]*_[a-z0-9_]+(?![\w:])", text))
    words |= set(re.findall(r"(?:[\[,]|^\s*-) *\"?([a-z]+)\"? *(?=[,\]\n])", text, re.M))
    return words & (NAMES - OTHER_WORDS)


def test_no_room_but_the_process_writes_down_the_name_of_a_step():
    found = list(pairs())
    assert len(found) <= MOST, "\n".join(f"{where}: {name}" for where, name in found)


def test_a_name_is_seen_wherever_it_is_written_down():
    assert in_code('x = "embolise_portal_vein"') == {"embolise_portal_vein"}
    assert in_code('x.name.startswith("recurs_")') == {"recurs_*"}
    assert in_code("chosen.drain_bile_ducts") == {"drain_bile_ducts"}
    assert in_data("steps: [wait_longer, x, discuss]") == {"wait_longer", "discuss"}
    assert in_data("note: the remnant recovers, if slowly") == set()
