"""Cohorts: patients drawn as columns, stepped through the same declared process, and held against published results."""
