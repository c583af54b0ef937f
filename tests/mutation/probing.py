"""Which tests come by the place of a mutant: one run of the tests of all rooms with a probe in every function that holds one.

`PYTHONPATH=src:tests nice python -m mutation.probing FILE` writes for each mutant the tests that went through its function (none for what
stands outside of functions or is run at import), and how long every test took. `mutation.run FILE --probed FILE` then tries those
first. What a test was handed ready made by another, a shared plan, was made under the name of the first.
"""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

from mutation.mutator import Mutant
from mutation.run import TESTS, Copy, sample, today

# What stands in every probed function: told once a test, for the file of the process that the test runs in.
PROBE = """
import os, sys
FOLDER, SEEN = os.environ.get("PATHWAYS_PROBES"), set()
def hit(number):
    told = number, os.environ.get("PYTEST_CURRENT_TEST", "")
    if told not in SEEN:
        SEEN.add(told)
        if FOLDER:
            with open(os.path.join(FOLDER, f"{os.getpid()}.txt"), "a") as out:
                out.write(f"{number} {told[1]}\\n")
"""
# Reports every test that passes with its seconds.
TIMES = """
import json, os
def pytest_runtest_logreport(report):
    if report.when == "call" and report.passed:
        with open(os.path.join(os.environ["PATHWAYS_PROBES"], "times.jsonl"), "a") as out:
            out.write(json.dumps([report.nodeid, report.duration]) + "\\n")
"""


def place_of(source: str, one: Mutant) -> tuple[int, int] | None:
    """Line before which the probe goes, and its column: the first statement of the innermost function around a mutant; None outside of all."""
    placed = today(one, source)
    if placed is None:
        return None
    found: tuple[int, int] | None = None
    begins = placed.begins[0]
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            body = node.body[1:] if _is_text(node.body[0]) and len(node.body) > 1 else node.body
            first, last = body[0], body[-1]
            inside = first.lineno <= begins <= (last.end_lineno or last.lineno)
            if inside and first.lineno > node.lineno and (found is None or first.lineno > found[0]):
                found = first.lineno, first.col_offset
    return found


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def put_in(copy: Copy, mutants: list[Mutant]) -> None:
    """Writes the probes into a copy of the tree."""
    places: dict[str, dict[tuple[int, int], list[int]]] = defaultdict(lambda: defaultdict(list))
    for number, one in enumerate(mutants):
        source = (copy.folder / one.file).read_text(encoding="utf-8")
        if (place := place_of(source, one)) is not None:
            places[one.file][place].append(number)
    for file, found in places.items():
        path = copy.folder / file
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        for (line, column), numbers in sorted(found.items(), reverse=True):
            lines[line - 1 : line - 1] = [
                f'{" " * column}__import__("pathways_probe").hit({number})\n' for number in numbers
            ]
        path.write_text("".join(lines), encoding="utf-8")
    (copy.folder / "src" / "pathways_probe.py").write_text(PROBE, encoding="utf-8")
    (copy.folder / "src" / "pathways_times.py").write_text(TIMES, encoding="utf-8")


def probed() -> dict[str, object]:
    """By mutant the tests that come by its function; and the seconds of every test."""
    mutants = sample()
    with tempfile.TemporaryDirectory(prefix="pathways-probes-") as folder, tempfile.TemporaryDirectory() as told:
        # A test plays another user, who may read the copy too.
        Path(folder).chmod(0o755)
        copy = Copy(Path(folder))
        put_in(copy, mutants)
        env = {**os.environ, "PYTHONPATH": str(copy.folder / "src"), "PATHWAYS_PROBES": told}
        folders = dict.fromkeys(f"tests/{name}" for names in TESTS.values() for name in names)
        words = ["-m", "pytest", "-q", "-n", "0", "-p", "pathways_times", "--no-header", *folders]
        subprocess.run([sys.executable, *words], cwd=copy.folder, env=env, check=False)
        by: dict[int, set[str]] = defaultdict(set)
        for file in Path(told).glob("*.txt"):
            for line in file.read_text(encoding="utf-8").splitlines():
                number, _, test = line.partition(" ")
                by[int(number)].add(test.rpartition(" (")[0])
        times = [json.loads(line) for line in (Path(told) / "times.jsonl").read_text(encoding="utf-8").splitlines()]
    seconds = {test: round(took, 3) for test, took in times}
    tests = {one.id: sorted(by[number] & seconds.keys()) for number, one in enumerate(mutants)}
    return {"tests": tests, "seconds": seconds}


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(json.dumps(probed()), encoding="utf-8")
