"""What the ordinary run of the tests takes of a list, and what it leaves to that of every change (`.ci/run`)."""

import pytest


def in_part(values, step):
    """Every so many of `values` in the ordinary run, the rest under the marker `every_change`."""
    return [
        pytest.param(one, marks=pytest.mark.every_change) if place % step else one for place, one in enumerate(values)
    ]
