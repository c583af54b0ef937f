"""Making scenarios: generated, measured, checked, loaded."""
