"""Do the tests bite? Draws mutants of the rules and the properties, runs the tests on each, and writes what became of it.

By hand, with mutmut and coverage installed beside the tests: `python tests/mutants.py SEED SIZE FILE [FILE_OF_AN_EARLIER_SAMPLE]`.
Mutants are those of mutmut. A child of one warm process swaps the code of one function for the mutant's and runs the
tests whose lines touch it, the quick ones first, until one fails. See docs/background/mutants.md.
"""

from __future__ import annotations

import ast
import importlib
import json
import os
import random
import signal
import sys
import textwrap
import time
from pathlib import Path
from typing import Any

import coverage
import pytest
from mutmut.mutation.file_mutation import mutate_file_contents

ROOT = Path(__file__).parent.parent
PACKAGES = ("facts", "conformance")
FILES = sorted(
    path
    for package in PACKAGES
    for path in (ROOT / "src" / "pathways" / package).glob("*.py")
    if path.name != "__init__.py"
)
TESTS = ("facts", "conformance", "process", "golden", "machine", "graph")
PATIENCE_S = 240
QUICK_S = 0.3
SURVIVED, KILLED, NOT_RUN = 0, 1, 3
Mutant = dict[str, Any]


def mutants_of(path: Path) -> list[Mutant]:
    """Every mutant of a file: its function, the code, and the lines of the statement that it changes."""
    source = path.read_text(encoding="utf-8")
    mutated = mutate_file_contents(str(path), source).code
    lines = mutated.splitlines()
    made = {
        node.name: node
        for node in ast.walk(ast.parse(mutated))
        if isinstance(node, ast.FunctionDef) and "__mutmut_" in node.name
    }
    places = {}
    for node in ast.parse(source).body:
        for one in node.body if isinstance(node, ast.ClassDef) else [node]:
            if isinstance(one, ast.FunctionDef):
                places[node.name if isinstance(node, ast.ClassDef) else None, one.name] = one
    found = []
    for name, node in made.items():
        stem, number = name.rsplit("__mutmut_", 1)
        if number == "orig":
            continue
        key = (None, stem[2:]) if stem.startswith("x_") else tuple(stem.split("ǁ")[1:])
        before, after = (lines[one.lineno - 1 : one.end_lineno] for one in (made[f"{stem}__mutmut_orig"], node))
        begins, ends = _changed(before, after, number)
        first, last = places[key].lineno + begins, places[key].lineno + ends
        found.append({
            "id": f"{path.parent.name}.{path.stem}.{'.'.join(one for one in key if one)}__{number}",
            "file": path, "key": key, "code": textwrap.dedent("\n".join(after)), "lines": _statement(places[key], first, last),
            "before": before[begins : ends + 1], "after": after[begins : len(after) - len(before) + ends + 1],
        })  # fmt: skip
    return found


def _changed(before: list[str], after: list[str], number: str) -> tuple[int, int]:
    """The first and the last line that differ."""
    least, begins = min(len(before), len(after)), 0
    after = [after[0].replace(f"__mutmut_{number}", "__mutmut_orig"), *after[1:]]
    while begins < least and before[begins] == after[begins]:
        begins += 1
    ends, other = len(before) - 1, len(after) - 1
    while ends > begins and other > begins and before[ends] == after[other]:
        ends, other = ends - 1, other - 1
    return begins, ends


def _statement(function: ast.FunctionDef, first: int, last: int) -> range:
    """The lines of the smallest statement around a change: of one over several lines, coverage tells only some."""
    around = [
        one
        for one in ast.walk(function)
        if isinstance(one, ast.stmt) and one is not function and one.lineno <= first <= (one.end_lineno or 0)
    ]
    one = min(around, key=lambda one: (one.end_lineno or 0) - one.lineno, default=function)
    ends = one.end_lineno or last
    if isinstance(one, ast.If | ast.For | ast.With | ast.While):
        ends = max(first, one.body[0].lineno - 1)
    return range(min(one.lineno, first), max(ends, last) + 1)


def sample(seed: int, size: int, without: set[str]) -> list[Mutant]:
    """Drawn by file in proportion to its mutants, at least one of each; in random order."""
    drawn = random.Random(seed)
    groups = [[one for one in mutants_of(path) if one["id"] not in without] for path in FILES]
    total = sum(map(len, groups))
    found = [
        one
        for group in groups
        for one in drawn.sample(group, min(len(group), max(1, round(size * len(group) / total))))
    ]
    drawn.shuffle(found)
    return found


def apply(mutant: Mutant) -> None:
    """Swaps the code of the function for the mutant's, wherever the function is held."""
    path, (owner, name) = mutant["file"], mutant["key"]
    module = importlib.import_module(f"pathways.{path.parent.name}.{path.stem}")
    target = (vars(getattr(module, owner)) if owner else vars(module))[name]
    for held in ("fget", "func", "__func__", "__wrapped__"):
        target = getattr(target, held, target)
    tree = ast.parse(mutant["code"])
    tree.body[0].decorator_list = []  # type: ignore[attr-defined]
    names = dict(vars(module))
    exec(compile(tree, str(path), "exec", annotations.compiler_flag, dont_inherit=True), names)
    made = names[tree.body[0].name]  # type: ignore[attr-defined]
    target.__code__, target.__defaults__, target.__kwdefaults__ = made.__code__, made.__defaults__, made.__kwdefaults__


class Runs:
    """Runs the tests once to see what touches which line, then once for every mutant in a child process."""

    def __init__(self, mutants: list[Mutant], file: Path) -> None:
        self.mutants = mutants
        self.file = file
        self.seconds: dict[str, float] = {}

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        touching = self._coverage(session.items)
        for mutant in self.mutants:
            lines = touching[str(mutant["file"])]
            tests = {name for line in mutant["lines"] for name in lines.get(line, ())}
            chosen = [one for one in session.items if one.nodeid in tests]
            chosen.sort(key=lambda one: (self.seconds[one.nodeid] > QUICK_S, "golden" not in one.nodeid))
            row = {
                "id": mutant["id"],
                "became": self._became(mutant, chosen),
                "before": mutant["before"],
                "after": mutant["after"],
            }
            with self.file.open("a", encoding="utf-8") as out:
                out.write(json.dumps(row) + "\n")
        return True

    def _coverage(self, items: list[pytest.Item]) -> dict[str, dict[int, list[str]]]:
        seen = coverage.Coverage(data_file=None, include=[str(path) for path in FILES])
        seen.start()
        for place, item in enumerate(items):
            seen.switch_context(item.nodeid)
            began = time.monotonic()
            _run(item, items[place + 1 : place + 2])
            self.seconds[item.nodeid] = time.monotonic() - began
        seen.stop()
        return {str(path): seen.get_data().contexts_by_lineno(str(path)) for path in FILES}

    def _became(self, mutant: Mutant, chosen: list[pytest.Item]) -> str:
        began, child = time.monotonic(), os.fork()
        if child == 0:
            silent = os.open(os.devnull, os.O_WRONLY)
            os.dup2(silent, 1)
            os.dup2(silent, 2)
            try:
                apply(mutant)
                for place, item in enumerate(chosen):
                    _run(item, chosen[place + 1 : place + 2])
                    if item.session.testsfailed:
                        os._exit(KILLED)
                os._exit(SURVIVED)
            finally:
                os._exit(NOT_RUN)
        while time.monotonic() - began < PATIENCE_S:
            ended, status = os.waitpid(child, os.WNOHANG)
            if ended:
                return {SURVIVED: "survived", KILLED: "killed"}.get(os.waitstatus_to_exitcode(status), "not run")
            time.sleep(0.01)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        return "killed by time"


def _run(item: pytest.Item, following: list[pytest.Item]) -> None:
    item.config.hook.pytest_runtest_protocol(item=item, nextitem=following[0] if following else None)


if __name__ == "__main__":
    seed, size, file, *earlier = sys.argv[1:]
    known = {json.loads(line)["id"] for one in earlier for line in Path(one).read_text(encoding="utf-8").splitlines()}
    runs = Runs(sample(int(seed), int(size), known), Path(file).resolve())
    os.chdir(ROOT)
    sys.exit(pytest.main(["-n", "0", *(f"tests/{name}" for name in TESTS)], plugins=[runs]))
