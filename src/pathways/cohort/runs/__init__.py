"""Runs: a simulation cut into chunks, its workers, its outcomes and results."""
