"""What every process of a run is given before its tests, and how the files are dealt out to the two.

Graphs, plans and lessons are shared between tests and kept to the end. The collector went through all of them again and again, a sixth
of the processor time. Files that share them go to one process, and what takes longest goes first, so that none waits for the other.
"""

from __future__ import annotations

import gc
import os
import shutil
import sys
import tempfile
from collections import Counter

import pytest

BYTECODE = "PATHWAYS_TESTS_BYTECODE"
# What goes to one process, in the order in which it is dealt out; every other file by itself, that with most tests first.
TOGETHER = {
    "lessons": (
        "tests/teaching/curriculum/", "tests/teaching/authoring/", "tests/teaching/auditing/", "tests/teaching/unrolling/", "tests/test_docs.py",
        "tests/validation/", "tests/cli/test_commands.py",
    ),
    "plans": (
        "tests/planning/", "tests/report/", "tests/graph/", "tests/drawing/", "tests/interchange/test_", "tests/conformance/", "tests/machine/",
    ),
    "cohorts": ("tests/cohort/",),
    "browsers": ("tests/teaching/exports/test_page.py", "tests/page/test_browser.py"),
    "rules": ("tests/process/test_rules.py",),
    "goldens": ("tests/golden/",),
    "sentences": ("tests/messages/",),
    "laws": ("tests/laws/",),
    "lessons played": ("tests/teaching/lessons/",),
    "stopped runs": ("tests/cli/test_interrupted_runs.py",),
    "streams": ("tests/cli/test_streams.py",),
    "served pages": ("tests/page/test_pages.py", "tests/page/test_command.py"),
}  # fmt: skip
# New objects before the youngest are looked through, how often older ones are, and the oldest, which are those kept to the end: one
# look through them took eleven seconds (usual: 700, 10, 10).
THRESHOLDS = (20_000, 20, 1_000_000)


def draw_by_the_seed_alone():
    """Hypothesis draws numbers and words that stand in the modules of the project as well: then any new test file makes other patients.

    Its public settings do not turn that off; where a later version keeps it elsewhere, everything works as before.
    """
    from hypothesis.internal.conjecture import providers

    if hasattr(providers, "_get_local_constants"):
        providers._get_local_constants = lambda: providers._local_constants


def pytest_configure(config):
    """Programs that tests start do not compile the package again, also where no bytecode may be written beside it."""
    gc.disable()
    draw_by_the_seed_alone()
    if not sys.dont_write_bytecode:
        return
    if not hasattr(config, "workerinput"):
        os.environ[BYTECODE] = tempfile.mkdtemp(prefix="pathways-bytecode-")
        config.add_cleanup(lambda: shutil.rmtree(os.environ.pop(BYTECODE), ignore_errors=True))
        if config.getoption("numprocesses", None):
            return
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["PYTHONPYCACHEPREFIX"] = os.environ[BYTECODE]


def together(nodeid):
    """What a test is dealt out with: the name of it, or its file."""
    file = nodeid.partition("::")[0]
    return next((name for name, places in TOGETHER.items() if file.startswith(places)), file)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    if config.getoption("dist") != "loadfile":
        return None
    from xdist.scheduler import LoadFileScheduling

    class Together(LoadFileScheduling):
        def _split_scope(self, nodeid):
            return together(nodeid)

    return Together(config, log)


def pytest_collection_modifyitems(config, items):
    """Before they are dealt out; alone, tests stay in the order of their files."""
    if not hasattr(config, "workerinput"):
        return
    ranks = {name: place for place, name in enumerate(TOGETHER)}
    names = {item.nodeid: together(item.nodeid) for item in items}
    number = Counter(names.values())
    items.sort(key=lambda item: (ranks.get(names[item.nodeid], len(ranks)), -number[names[item.nodeid]]))


def pytest_ignore_collect(collection_path, config):
    """Benchmarks are not even imported where none is asked for."""
    return True if collection_path.name == "benchmarks" and "not benchmark" in config.getoption("markexpr") else None


def hypothesis_has_looked_around():
    """With its first test hypothesis asks the collector for all that holds NumPy's random numbers: eleven seconds behind plans and lessons."""
    from hypothesis import given, settings, strategies

    settings(max_examples=1, database=None)(given(strategies.none())(lambda _: None))()


def pytest_collection_finish():
    hypothesis_has_looked_around()
    gc.collect()
    gc.set_threshold(*THRESHOLDS)
    gc.enable()


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish():
    """What is left goes with the process: nothing is looked through once more."""
    gc.freeze()
    gc.disable()
