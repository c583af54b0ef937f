"""What every process of a run is given before its tests: a collector that does not look for garbage in what is kept anyway.

Graphs, plans and lessons are shared between tests and kept to the end. The collector went through all of them again and again, a sixth
of the processor time.
"""

from __future__ import annotations

import gc
import os
import shutil
import sys
import tempfile

from hypothesis.internal.conjecture import providers

BYTECODE = "PATHWAYS_TESTS_BYTECODE"
# New objects before the youngest are looked through, and how often older ones are (usual: 700, 10, 10).
THRESHOLDS = (20_000, 20, 20)


def _draws_by_the_seed_alone():
    """Hypothesis also draws numbers and texts that stand in the modules loaded so far: other draws in every worker, whatever the seed."""
    providers._get_local_constants = lambda: providers._local_constants


def pytest_configure(config):
    """Programs that tests start do not compile the package again, also where no bytecode may be written beside it."""
    _draws_by_the_seed_alone()
    if not sys.dont_write_bytecode:
        return
    if not hasattr(config, "workerinput"):
        os.environ[BYTECODE] = tempfile.mkdtemp(prefix="pathways-bytecode-")
        config.add_cleanup(lambda: shutil.rmtree(os.environ.pop(BYTECODE), ignore_errors=True))
        if config.getoption("numprocesses", None):
            return
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["PYTHONPYCACHEPREFIX"] = os.environ[BYTECODE]


def pytest_collection_finish():
    gc.collect()
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)
