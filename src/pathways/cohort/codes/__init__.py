"""Codes: states, the process and strategies as numbers that columns can be compared by."""
