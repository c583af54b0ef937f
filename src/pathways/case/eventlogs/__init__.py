"""The parts of reading event logs: columns, rows, tables, XES, times."""
