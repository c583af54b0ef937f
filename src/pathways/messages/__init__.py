"""The words that a person reads, by id, so that a second language is one file."""
