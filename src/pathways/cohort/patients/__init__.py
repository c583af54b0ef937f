"""Patients of a cohort: who is drawn, and what is known of each, as columns."""
