"""Clinical figures as data: sources, parameters, protocols, each with unit, source and confidence."""
