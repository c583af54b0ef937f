"""Registries as tables: one row a patient, one a lesion; the dictionary is made from the models of a case."""
