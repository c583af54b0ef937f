"""What is said where something needs a library that is not installed: how to install it, by the name the package really has."""

from __future__ import annotations

from pathways.documents.problems import PathwaysError
from pathways.version import DISTRIBUTION


def needs(what: str, extra: str, more: str = "") -> PathwaysError:
    """`-o FILE.parquet needs the extra "cohort": pip install 'liver-pathways[cohort]'`."""
    return PathwaysError(f"{what} needs the extra \"{extra}\": pip install '{DISTRIBUTION}[{extra}]'{more}")
