"""Generated scenarios that several tests look at, made once a process."""

from functools import cache

from pathways.teaching.authoring.generate import generated

# The seed of what is generated to be looked at.
SEED = 7


@cache
def scenario_for(objective):
    """The scenario of an objective."""
    return generated(objective, SEED)
