"""Teaching scenarios as files."""
