"""The population: patients sampled from published marginals, and who is included."""
