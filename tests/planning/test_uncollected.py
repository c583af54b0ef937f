"""While hundreds of changed cases are tried no garbage is looked for; afterwards it is, and nothing is lost from sight."""

import subprocess
import sys

# In a process of its own: to look through all that the tests keep takes seconds.
MADE_MEANWHILE = """
import gc, weakref
from pathways.planning.uncollected import uncollected

class Ring:
    def __init__(self):
        self.itself = self

gc.enable()
with uncollected():
    assert not gc.isenabled()
    kept = [[] for _ in range(50_000)]
    ring = Ring()
assert gc.isenabled()
# Not looked through at once: the young are those made since.
assert gc.get_count()[0] < len(kept), gc.get_count()
gone = weakref.ref(ring)
del ring
gc.collect()
assert gone() is None
"""
LEFT_AS_IT_WAS = """
import gc
from pathways.planning.uncollected import uncollected

gc.freeze()
frozen = gc.get_freeze_count()
with uncollected():
    pass
assert gc.get_freeze_count() == frozen
gc.unfreeze()
gc.disable()
with uncollected():
    pass
assert not gc.isenabled()
"""


def holds(statements):
    done = subprocess.run([sys.executable, "-c", statements], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_what_was_made_meanwhile_is_old_afterwards_and_found_when_it_is_garbage():
    holds(MADE_MEANWHILE)


def test_whoever_collects_nothing_goes_on_so_and_what_is_frozen_stays_frozen():
    holds(LEFT_AS_IT_WAS)
