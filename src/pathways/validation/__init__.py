"""The product held against what others found: calibration, decision models, a reference walker, replay. Imported by docs and tests only."""
