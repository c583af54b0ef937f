"""Death and liver failure after an operation: one model for one case, its draws, and columns of patients."""
