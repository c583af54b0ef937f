"""Recorded courses against the process: whether what was done lies on a route."""
