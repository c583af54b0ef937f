"""One patient, step by step: the only part that knows the library `transitions`."""
