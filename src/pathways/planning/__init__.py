"""Pathways, families, reasons: from the graph to what a team reads."""
