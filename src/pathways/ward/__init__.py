"""What a ward writes, as the words and keys of a case file."""
