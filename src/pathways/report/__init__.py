"""What a person reads: tables of a plan, an assessment, protocols."""
