"""The engine: the process unfolded, and columns of patients stepped through it."""
