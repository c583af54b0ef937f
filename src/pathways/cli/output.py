"""Where results and words about progress go: results to standard output, everything else to standard error."""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from pathways.documents.problems import PathwaysError

if TYPE_CHECKING:
    from rich.console import Console

    from pathways.case.models import Case
    from pathways.ward.notebook import Note

Thing = TypeVar("Thing")
WIDTH_WITHOUT_TERMINAL = 120


def print_json(document: dict[str, Any]) -> None:
    """Prints exactly one JSON document; letters that the output has no code for are escaped."""
    text = json.dumps(document, ensure_ascii=False, indent=2)
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        text = json.dumps(document, indent=2)
    print(text)


def show_any_letter() -> None:
    """From here on a letter that the output has no code for is a question mark: a file may be named in any letters."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def console() -> Console:
    """The console for tables; wide enough for them where there is no terminal to ask."""
    from rich.console import Console

    width = None if sys.stdout.isatty() or "COLUMNS" in os.environ else WIDTH_WITHOUT_TERMINAL
    return Console(width=width, highlight=False, emoji=False, markup=False)


def read_case(file: Path, *, quiet: bool = False) -> Case:
    """The case in `file`; unless `quiet`, what was understood of its words is said: where a command shows it, it shows it itself."""
    from pathways.case.loading import load_case

    case = load_case(file)
    if not quiet:
        say_understood(file, case.understood)
    return case


def say_understood(file: Path | str, notes: tuple[Note, ...]) -> None:
    """Says how the words of a file were read, where they are not those of the format."""
    if notes:
        from pathways.ward.understanding import in_words

        say(f"{file}: read as: {in_words(notes)}")


def say(words: str) -> None:
    """Words about progress or trouble."""
    print(words, file=sys.stderr)


def progress(things: Iterable[Thing], words: str) -> Iterator[Thing]:
    """`things` one by one, counted on standard error where that is a terminal."""
    number = 0
    for number, thing in enumerate(things, start=1):
        yield thing
        if sys.stderr.isatty():
            print(f"\r{number} {words}", end="", file=sys.stderr, flush=True)
    if number and sys.stderr.isatty():
        print("\r" + " " * (len(words) + 12) + "\r", end="", file=sys.stderr, flush=True)


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
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)
        raise PathwaysError(f"{output}: cannot be written: {(error.strerror or str(error)).lower()}") from None
