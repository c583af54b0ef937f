"""The laws: a case, changed in one declared way, must be answered in the right direction."""
