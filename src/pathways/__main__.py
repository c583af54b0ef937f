"""The command: `pathways`, and `python -m pathways`."""

from __future__ import annotations

import sys
from typing import NoReturn


def run() -> NoReturn:
    """Starts the command. Whoever stops it before it has begun sees no traceback either."""
    try:
        from pathways.cli.main import run as begin
    except KeyboardInterrupt:
        sys.exit(130)
    begin()


if __name__ == "__main__":
    run()
