"""The records of the rules, one table for each family of them; `pathways.process.rules` puts them in order."""
