"""Where patients are: segmentations, tables and label maps, read as drafts of cases. Never a plan in one step."""
