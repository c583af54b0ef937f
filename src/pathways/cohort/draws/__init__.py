"""Draws: random numbers by key, durations, deaths of other causes."""
