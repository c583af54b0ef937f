"""The command: `pathways`, and `python -m pathways`."""

from __future__ import annotations

import gc
import sys
from typing import NoReturn

# Modules stay: to look for cycles among them while they are loaded takes a fortieth of a command.
OBJECTS_BEFORE_CYCLES_ARE_LOOKED_FOR = 100_000


def run() -> NoReturn:
    """Starts the command. Whoever stops it before it has begun sees no traceback either."""
    gc.set_threshold(OBJECTS_BEFORE_CYCLES_ARE_LOOKED_FOR)
    try:
        from pathways.cli.main import run as begin
        from pathways.cli.stopping import leave
    except KeyboardInterrupt:
        sys.exit(130)
    try:
        begin()
    except SystemExit as end:
        leave(end)


if __name__ == "__main__":
    run()
