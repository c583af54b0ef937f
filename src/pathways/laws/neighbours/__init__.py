"""Neighbours of a case: the same patient with one declared change, made on the file as it was written."""
