"""Many patients at once: each planned or compared to one line, in parallel, with a summary of what is open, closed and unknown."""
