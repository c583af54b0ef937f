"""`python -m pathways`."""

from pathways.cli.main import run

run()
