"""Where results and words about progress go: results to standard output, everything else to standard error."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pathways.documents.problems import PathwaysError

if TYPE_CHECKING:
    from rich.console import Console

WIDTH_WITHOUT_TERMINAL = 120


def print_json(document: dict[str, Any]) -> None:
    """Prints exactly one JSON document."""
    print(json.dumps(document, ensure_ascii=False, indent=2))


def console() -> Console:
    """The console for tables; wide enough for them where there is no terminal to ask."""
    from rich.console import Console

    width = None if sys.stdout.isatty() or "COLUMNS" in os.environ else WIDTH_WITHOUT_TERMINAL
    return Console(width=width, highlight=False, emoji=False, markup=False)


def say(words: str) -> None:
    """Words about progress or trouble."""
    print(words, file=sys.stderr)


def write(content: str | bytes, output: Path | None) -> None:
    """`content` to the file `output`, or to standard output. A half-written file never replaces a good one."""
    if output is None or str(output) == "-":
        print(content if isinstance(content, str) else content.decode("utf-8"), end="")
        return
    beside = output.with_name(f".{output.name}.part")
    try:
        beside.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
        beside.replace(output)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise PathwaysError(f"{output}: cannot be written: {(error.strerror or str(error)).lower()}") from None
