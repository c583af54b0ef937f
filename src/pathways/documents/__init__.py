"""Reading YAML documents so that every complaint can name file, line and column."""
