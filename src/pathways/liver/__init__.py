"""Segments, vessels, volumes, resections and the remnant: pure functions over a described liver."""
