"""What is said of a run that was stopped, and what becomes of what it had finished."""

from types import SimpleNamespace

import pytest

from pathways.cohort.runs.running import _stopped

FIVE = SimpleNamespace(chunks=5)


class Kept:
    """A folder that holds so many finished chunks."""

    def __init__(self, number):
        self.held, self.forgotten = number, False

    def number(self):
        return self.held

    def forget(self):
        self.forgotten = True


@pytest.mark.parametrize(
    ("kept", "words"),
    [
        (Kept(3), "stopped; 3 of 5 chunks are kept: the same command goes on from there"),
        # The folder is believed, and not the count of the moment before.
        (Kept(0), "stopped; nothing was kept"),
        (None, "stopped; nothing was kept"),
    ],
)
def test_what_was_finished_is_said_to_be_kept_and_an_empty_folder_goes(kept, words):
    assert _stopped(FIVE, 2, kept) == words
    assert kept is None or kept.forgotten is (kept.held == 0)
