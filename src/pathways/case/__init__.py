"""The patient as described: models, loading with line and column, JSON Schema."""
