"""Runs the sample: `PYTHONPATH=src:tests nice -n 15 python -m mutation.run FILE` appends a line of JSON for each mutant that FILE does not hold yet.

The tree is copied; each mutant is written into the copy, and the tests of its room and of the rooms that stand on it are run, by behaviour
first and by what is written down in `tests/golden` last, until one fails. What takes four times as long as without a fault, and a minute more, is killed
by time. With `--probed FILE` (see `mutation.probing`) the tests that come by a mutant inside a function are run, the quickest first, in place
of all of its rooms. With `--table FILE` it prints what came of it.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any

from mutation.mutator import ROOT, Mutant

SAMPLE = Path(__file__).parent / "sample.json"
# Tests that matter to a room (the longest name that fits a file): its own, then of the rooms that stand on it, then what is written down.
TESTS = {
    "process": ("process", "graph", "conformance", "machine", "facts", "tried", "planning", "interchange", "teaching/unrolling", "golden"),
    "planning": ("planning", "facts", "tried", "laws", "report", "interchange", "golden"),
    "graph": ("graph", "process", "machine", "interchange", "planning", "golden"),
    "teaching": ("teaching/unrolling", "teaching/authoring", "teaching/curriculum", "teaching/lessons", "messages", "test_docs.py"),
    "teaching/exports": ("teaching/exports",),
    "cohort": ("cohort/codes", "cohort/draws", "cohort/population", "cohort/engine", "cohort/rules", "cohort/runs", "validation"),
    "cohort/runs": ("cohort/runs", "cli/test_simulate.py"),
}  # fmt: skip
COPIED = ("src", "tests", "docs", "scenarios")
IMPORTING = (
    "import pathways, pathways.cli.main, pathways.process.declaration, pathways.planning.plan, pathways.graph.explore"
)
PATIENCE, PATIENCE_S = 4, 60
QUICK_S = 20
MOST_S = 900
WITHOUT_A_FAULT = "no fault"


class Copy:
    """A copy of the tree, in which one mutant at a time is tried."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in COPIED:
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "node_modules"))
        for file in (*ROOT.glob("*.md"), *ROOT.glob("*.toml"), ROOT / "hatch_build.py", ROOT / "LICENSE"):
            shutil.copy(file, folder / file.name)

    def python(self, *words: str, seconds: float | None = None) -> tuple[int, str]:
        """Runs Python in the copy; status -1 where it took too long."""
        env = {**os.environ, "PYTHONPATH": str(self.folder / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
        with subprocess.Popen(
            [sys.executable, *words], cwd=self.folder, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        ) as process:  # fmt: skip
            try:
                said, _ = process.communicate(timeout=seconds)
            except subprocess.TimeoutExpired:
                process.kill()
                process.communicate()
                return -1, ""
        return process.returncode, said

    def tried(self, room: str, usual: dict[str, float]) -> tuple[str, str]:
        """What the tests of a room make of what stands in the copy: what became of it, and by which test."""
        if self.python("-c", IMPORTING)[0]:
            return "killed", "is not imported"
        for name in TESTS[room]:
            limit = PATIENCE * usual[name] + PATIENCE_S if name in usual else MOST_S
            status, said = self.python(
                "-m", "pytest", "-n", "0", "-x", "-q", "-rfE", "--no-header", f"tests/{name}", seconds=limit
            )
            if status == -1:
                return "killed", f"time in {name}"
            if status not in (0, 5):
                lines = [line for line in said.splitlines() if line.startswith(("FAILED", "ERROR"))]
                return "killed", lines[0][:200] if lines else f"status {status} in {name}"
        return "survived", ""

    def tried_by(self, tests: Sequence[str], seconds: Mapping[str, float]) -> tuple[str, str]:
        """The same by chosen tests: those that take no time, then the rest."""
        if self.python("-c", IMPORTING)[0]:
            return "killed", "is not imported"
        in_order = sorted(tests, key=lambda test: ("tests/golden" in test, seconds[test], test))
        spent = list(accumulate(seconds[test] for test in in_order))
        quick = sum(one <= QUICK_S for one in spent)
        for some in (in_order[:quick], in_order[quick:]):
            if not some:
                continue
            (self.folder / "chosen.txt").write_text("\n".join(some), encoding="utf-8")
            limit = PATIENCE * sum(seconds[test] for test in some) + PATIENCE_S
            status, said = self.python(
                "-m", "pytest", "-n", "0", "-x", "-q", "-rfE", "--no-header", "@chosen.txt", seconds=limit
            )
            if status == -1:
                return "killed", "time"
            if status not in (0, 5):
                lines = [line for line in said.splitlines() if line.startswith(("FAILED", "ERROR"))]
                return "killed", lines[0][:200] if lines else f"status {status}"
        return "survived", "" if tests else "no test comes by"


def usual_seconds(copy: Copy, rooms: set[str]) -> dict[str, float]:
    """How long the tests take without a fault. A test that fails then shows nothing: it is told, and nothing is run."""
    found = {}
    for name in dict.fromkeys(name for room in sorted(rooms) for name in TESTS[room]):
        began = time.monotonic()
        status, said = copy.python("-m", "pytest", "-n", "0", "-x", "-q", f"tests/{name}")
        if status not in (0, 5):
            raise SystemExit(f"tests/{name} fail without a fault:\n{said[-2000:]}")
        found[name] = time.monotonic() - began
    return found


def sample() -> list[Mutant]:
    """The mutants as they were drawn."""
    document = json.loads(SAMPLE.read_text(encoding="utf-8"))
    return [
        Mutant(**{**one, "begins": tuple(one["begins"]), "ends": tuple(one["ends"])}) for one in document["mutants"]
    ]


def room_of(one: Mutant) -> str:
    """The room of TESTS with the longest name that fits the file."""
    return max((room for room in TESTS if f"/pathways/{room}/" in one.file), key=len)


def located(one: Mutant, source: str) -> str | None:
    """The source with the fault in it; found again by its text where lines have moved, None where it is gone."""
    try:
        return one.applied(source)
    except (ValueError, IndexError):
        return source.replace(one.before, one.after) if source.count(one.before) == 1 else None


def run(file: Path, probed: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Every mutant that the file does not hold yet."""
    tests = probed.get("tests", {})
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()] if file.exists() else []
    known = {row["id"] for row in rows}
    usual = next((row["seconds"] for row in rows if row["id"] == WITHOUT_A_FAULT), None)
    with tempfile.TemporaryDirectory(prefix="pathways-mutants-") as folder:
        # A test plays another user, who may read the copy too.
        Path(folder).chmod(0o755)
        copy = Copy(Path(folder))
        if usual is None:
            usual = usual_seconds(copy, {room_of(one) for one in sample() if tests.get(one.id) is None})
            yield {"id": WITHOUT_A_FAULT, "seconds": usual}
        for one in sample():
            if one.id in known:
                continue
            place, began = copy.folder / one.file, time.monotonic()
            source = place.read_text(encoding="utf-8")
            text = located(one, source)
            became, by = "gone", ""
            if text is not None:
                place.write_text(text, encoding="utf-8")
                try:
                    by_probes = tests.get(one.id)
                    if by_probes is None:
                        became, by = copy.tried(room_of(one), usual)
                    else:
                        became, by = copy.tried_by(by_probes, probed["seconds"])
                finally:
                    place.write_text(source, encoding="utf-8")
            yield {"id": one.id, "became": became, "by": by, "seconds": round(time.monotonic() - began)}


def table(file: Path) -> str:
    """What came of it, and who survives."""
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    rows = [row for row in rows if row["id"] != WITHOUT_A_FAULT]
    found = Counter(row["became"] for row in rows)
    written = sum("tests/golden" in row["by"] for row in rows)
    unread = sum(row["by"] == "is not imported" for row in rows)
    head = (
        f"{dict(found)} of {len(rows)}; of the killed {unread} are not imported, {written} fall to tests/golden alone"
    )
    return "\n".join([head, *(row["id"] for row in rows if row["became"] != "killed")])


if __name__ == "__main__":
    *words, name = sys.argv[1:]
    if words == ["--table"]:
        print(table(Path(name)))
        sys.exit()
    known = json.loads(Path(words[1]).read_text(encoding="utf-8")) if words[:1] == ["--probed"] else {}
    for row in run(Path(name), known):
        with Path(name).open("a", encoding="utf-8") as out:
            out.write(json.dumps(row, ensure_ascii=False) + "\n")
