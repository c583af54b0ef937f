"""Lessons: what is played, where a learner stands, and what is kept of it."""
