"""While hundreds of changed cases are tried no garbage is looked for; afterwards it is, and nothing is lost from sight."""

import gc
import weakref

import pytest

from pathways.planning.uncollected import uncollected


class Ring:
    """An object that holds itself."""

    def __init__(self):
        self.itself = self


@pytest.fixture
def looked_through():
    before = gc.isenabled()
    gc.unfreeze()
    gc.enable()
    yield
    (gc.enable if before else gc.disable)()


def test_what_was_made_meanwhile_is_old_afterwards_and_found_when_it_is_garbage(looked_through):
    with uncollected():
        assert not gc.isenabled()
        kept = [[] for _ in range(50_000)]
        ring = Ring()
    assert gc.isenabled()
    # Not looked through at once: the young are those made since.
    assert gc.get_count()[0] < len(kept)
    gone = weakref.ref(ring)
    del ring
    gc.collect()
    assert gone() is None


def test_whoever_collects_nothing_goes_on_so_and_what_is_frozen_stays_frozen(looked_through):
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
