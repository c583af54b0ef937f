"""Runs the sample: `PYTHONPATH=src:tests nice -n 15 python -m mutation.run FILE --probed FILE` appends a line of JSON for each mutant that FILE
does not hold yet.

The tree is copied; each mutant is written into the copy, and tests are run until one fails: those that come by the mutant (see
`mutation.probing`), then the others of its room and of the rooms that stand on it, by behaviour first and by what is written down (`WRITTEN`)
last. At first only as many as usually take `QUICK_S`; with `--thoroughly` those that survived these meet all of them. What takes
four times as long as without a fault, and a minute more, is told apart as out of time. `--table FILE` prints what came of it.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from importlib.util import cache_from_source
from itertools import accumulate
from math import sqrt
from pathlib import Path
from typing import Any

from mutation.mutator import ROOT, Mutant, faults_in, is_declared

SAMPLE = Path(__file__).parent / "sample.json"
# Tests that matter to a room (the longest name that fits a file): its own, then of the rooms that stand on it, then what is written down.
TESTS = {
    "process": ("process", "graph", "conformance", "machine", "facts", "tried", "planning", "interchange", "teaching/unrolling", "golden", "test_docs.py"),
    "planning": ("planning", "facts", "tried", "laws", "report", "interchange", "golden"),
    "graph": ("graph", "process", "machine", "interchange", "planning", "golden"),
    "teaching": ("teaching/unrolling", "teaching/authoring", "teaching/curriculum", "teaching/lessons", "messages", "test_docs.py"),
    "teaching/exports": ("teaching/exports",),
    "cohort": ("cohort/codes", "cohort/draws", "cohort/population", "cohort/engine", "cohort/rules", "cohort/runs", "validation"),
    "cohort/runs": ("cohort/runs", "cli/test_simulate.py"),
}  # fmt: skip
# What is written down and written anew: what falls to these alone, no behaviour that is stated holds.
WRITTEN = ("tests/golden/", "tests/test_docs.py")
COPIED = ("src", "tests", "docs", "scenarios")
IMPORTING = (
    "import pathways, pathways.cli.main, pathways.process.declaration, pathways.planning.plan, pathways.graph.explore"
)
PATIENCE, PATIENCE_S = 4, 60
SOON_S, QUICK_S = 0.3, 20
Z95 = 1.96
# What pytest ends with where a test that is named is not there.
NOT_ALL_THERE = 4


class Copy:
    """A copy of the tree, in which one mutant at a time is tried."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.alone: dict[str, bool] = {}
        for name in COPIED:
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "node_modules"))
        for file in (*ROOT.glob("*.md"), *ROOT.glob("*.toml"), ROOT / "hatch_build.py", ROOT / "LICENSE"):
            shutil.copy(file, folder / file.name)

    def python(self, *words: str, seconds: float | None = None) -> tuple[int, str]:
        """Runs Python in the copy; status -1 where it took too long."""
        env = {**os.environ, "PYTHONPATH": str(self.folder / "src")}
        env.pop("PYTHONDONTWRITEBYTECODE", None)
        with subprocess.Popen(
            [sys.executable, *words], cwd=self.folder, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            start_new_session=True,
        ) as process:  # fmt: skip
            try:
                said, _ = process.communicate(timeout=seconds)
            except subprocess.TimeoutExpired:
                # What a test started holds the pipe open: it ends with it.
                os.killpg(process.pid, signal.SIGKILL)
                process.communicate()
                return -1, ""
        return process.returncode, said

    def put(self, file: str, source: str) -> None:
        """Writes a module of the copy; what was compiled of it before goes, the second in which it was written may be the same."""
        place = self.folder / file
        place.write_text(source, encoding="utf-8")
        Path(cache_from_source(place)).unlink(missing_ok=True)

    def tried(self, tests: Sequence[str], seconds: Mapping[str, float]) -> tuple[str, str]:
        """What these tests, in their order, make of what stands in the copy: what became of it, and by which."""
        if self.python("-c", IMPORTING)[0]:
            return "killed", "is not imported"
        limit = PATIENCE * sum(seconds[test] for test in tests) + PATIENCE_S
        while tests:
            status, said = self.asked(tests, limit)
            # An example is called after what it is made from: without those that are not there the others are asked.
            if (
                status == NOT_ALL_THERE
                and (there := [test for test in tests if test not in self.not_there(said)]) != tests
            ):
                tests = there
                continue
            if status == -1:
                return "out of time", ""
            if status:
                lines = [line for line in said.splitlines() if line.startswith(("FAILED", "ERROR"))]
                return "killed", lines[0] if lines else f"status {status}"
            break
        return "survived", ""

    def asked(self, tests: Sequence[str], seconds: float) -> tuple[int, str]:
        """Runs these tests until one fails."""
        (self.folder / "chosen.txt").write_text("\n".join(tests), encoding="utf-8")
        return self.python("-m", "pytest", "-n", "0", "-x", "-q", "-rfE", "--no-header", "@chosen.txt", seconds=seconds)

    def not_there(self, said: str) -> set[str]:
        """Tests that pytest does not find."""
        found = re.findall(r"^ERROR: not found: (.*)$", said, flags=re.MULTILINE)
        return {one.removeprefix(f"{self.folder.resolve()}/") for one in found}

    def stands_alone(self, test: str) -> bool:
        """Whether a test passes by itself: one that needs another before it shows nothing. Asked where the copy is without a fault."""
        if test not in self.alone:
            self.alone[test] = self.asked([test], PATIENCE_S * PATIENCE)[0] == 0
        return self.alone[test]


def failed(by: str, tests: Sequence[str]) -> str | None:
    """The test that a line of pytest's summary is about, None where a file could not even be read."""
    return next((test for test in tests if f"{by} ".startswith((f"FAILED {test} ", f"ERROR {test} "))), None)


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
    """The source with the fault in it; None where its place is gone."""
    found = today(one, source)
    return found.applied(source) if found else None


def today(one: Mutant, source: str) -> Mutant | None:
    """The same fault in the same function or class: in the place it was drawn from, or in the only other one."""
    same = [
        other
        for other in faults_in(source, one.file, declared=is_declared(one.file))
        if (other.where, other.kind, other.before, other.after) == (one.where, one.kind, one.before, one.after)
    ]
    if one in same:
        return one
    return same[0] if len(same) == 1 else None


def in_order(one: Mutant, probed: Mapping[str, Any]) -> list[str]:
    """The tests that may see a mutant: those that come by it, then the others of its room and of those that stand on it, in their order.

    Of each of these one example of every test first, the quickest, then a second: examples of one test see much the same; what takes no time
    before what takes some. What is written down comes after all that states a behaviour.
    """
    seconds, by = probed["seconds"], set(probed["tests"][one.id])
    room = [f"tests/{name}" for name in TESTS[room_of(one)]]
    examples: Counter[str] = Counter()
    ranks: dict[str, tuple[bool, bool, int, bool, int, float]] = {}
    for test in sorted(seconds, key=lambda test: (seconds[test], test)):
        if test in by or any(_within(test, name) for name in room):
            place = 0 if test in by else next(place for place, name in enumerate(room) if _within(test, name))
            function = f"{test.partition('[')[0]} {test in by}"
            slow = seconds[test] > SOON_S
            ranks[test] = test.startswith(WRITTEN), test not in by, examples[function], slow, place, seconds[test]
            examples[function] += 1
    return sorted(ranks, key=ranks.__getitem__)


def _within(test: str, name: str) -> bool:
    return test.startswith((f"{name}/", f"{name}::"))


def parts(tests: Sequence[str], seconds: Mapping[str, float]) -> tuple[Sequence[str], Sequence[str]]:
    """The first tests, that take no time together, and the rest."""
    quick = sum(spent <= QUICK_S for spent in accumulate(seconds[test] for test in tests))
    return tests[:quick], tests[quick:]


def rows_of(file: Path) -> dict[str, dict[str, Any]]:
    """What is known of each mutant: its last line."""
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    return {row["id"]: row for row in map(json.loads, lines)}


def run(file: Path, probed: Mapping[str, Any], *, thoroughly: bool = False) -> Iterator[dict[str, Any]]:
    """Every mutant that the file does not hold yet; thoroughly, every one that has only survived the quick tests."""
    known = rows_of(file)
    with tempfile.TemporaryDirectory(prefix="pathways-mutants-") as folder:
        # A test plays another user, who may read the copy too.
        Path(folder).chmod(0o755)
        copy = Copy(Path(folder))
        for one in sample():
            row = known.get(one.id)
            if (row is None) == thoroughly or (row and (row["became"], row["tests"]) != ("survived", "quick")):
                continue
            began = time.monotonic()
            source = (copy.folder / one.file).read_text(encoding="utf-8")
            text = located(one, source)
            became, by, chosen = "gone", "", []
            if text is not None:
                quick, rest = parts(in_order(one, probed), probed["seconds"])
                chosen = list(rest if thoroughly else quick)
                became = ""
            while not became:
                copy.put(one.file, text or source)
                try:
                    became, by = copy.tried(chosen, probed["seconds"])
                finally:
                    copy.put(one.file, source)
                if (test := failed(by, chosen)) and not copy.stands_alone(test):
                    # Those before it have passed.
                    chosen, became = chosen[chosen.index(test) + 1 :], ""
            tests = "all" if thoroughly else "quick"
            yield {
                "id": one.id,
                "became": became,
                "by": by[:200],
                "tests": tests,
                "seconds": round(time.monotonic() - began),
            }


def wilson(hits: int, of: int) -> tuple[float, float]:
    """Where the share lies, with 95 %."""
    share, spread = hits / of, Z95**2 / of
    middle, half = share + spread / 2, Z95 * sqrt(share * (1 - share) / of + spread / of / 4)
    return (middle - half) / (1 + spread), (middle + half) / (1 + spread)


def table(file: Path) -> str:
    """What came of it, and who survives."""
    rows = list(rows_of(file).values())
    found = Counter(row["became"] for row in rows)
    killed, tried = found["killed"], len(rows) - found["gone"]
    least, most = wilson(killed, tried)
    unread = sum(row["by"] == "is not imported" for row in rows)
    written = sum(any(name in row["by"] for name in WRITTEN) for row in rows)
    return "\n".join(
        [
            f"{dict(found)}; of {tried} run {killed} are killed, {killed / tried:.1%} ({least:.1%} to {most:.1%})",
            f"of the killed {unread} are not imported, {written} fall to what is written down alone",
            *(f"{row['became']} ({row['tests']}): {row['id']}" for row in rows if row["became"] != "killed"),
        ]
    )


def main() -> None:
    """Runs, or prints the table."""
    options = argparse.ArgumentParser()
    options.add_argument("file", type=Path)
    options.add_argument("--probed", type=Path)
    options.add_argument("--thoroughly", action="store_true")
    options.add_argument("--table", action="store_true")
    asked = options.parse_args()
    if asked.table:
        print(table(asked.file))
        return
    probed = json.loads(asked.probed.read_text(encoding="utf-8"))
    for row in run(asked.file, probed, thoroughly=asked.thoroughly):
        with asked.file.open("a", encoding="utf-8") as out:
            out.write(json.dumps(row, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
