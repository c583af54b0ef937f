"""Rules over columns of patients: facts, tables, remnants, resections, probabilities."""
