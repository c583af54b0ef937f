"""Where results and words about progress go: results to standard output, everything else to standard error."""

from __future__ import annotations

import gc
import json
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from pathways.documents import files
from pathways.documents.problems import PathwaysError, nearest
from pathways.documents.visible import visible

if TYPE_CHECKING:
    from rich.console import Console

    from pathways.case.models import Case
    from pathways.ward.notebook import Note

Thing = TypeVar("Thing")
Force = Annotated[bool, typer.Option("--force", help="Write over a case or lesson that was edited since.")]
WIDTH_WITHOUT_TERMINAL = 120
OBJECTS_BEFORE_CYCLES_ARE_LOOKED_FOR = 500_000


def one_of(what: str, value: str, accepted: tuple[str, ...]) -> None:
    """Refuses a word that is not accepted, with the nearest one."""
    if value not in accepted:
        raise PathwaysError(f'{what}: got "{value}"; accepted: {", ".join(accepted)}{nearest(value, accepted)}')


def print_json(document: dict[str, Any]) -> None:
    """Prints exactly one JSON document."""
    show_json(json.dumps(document, ensure_ascii=False, indent=2) + "\n")


def show_json(text: str) -> None:
    """Prints text that is JSON; what the output has no code for, and what a terminal would obey, is escaped."""
    if not (text.replace("\n", " ").isprintable() and _has_code(text)):
        text = "".join(one if one == "\n" or (one.isprintable() and _has_code(one)) else _escaped(one) for one in text)
    show(text)


def _has_code(text: str) -> bool:
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _escaped(letter: str) -> str:
    return json.dumps(letter)[1:-1]


def show(text: str, end: str = "") -> None:
    """Prints words to standard output."""
    print(visible(text), end=end)


def console() -> Console:
    """The console for tables; wide enough for them where there is no terminal to ask."""
    from rich.console import Console, ConsoleOptions, RenderableType
    from rich.segment import Segment

    class _Console(Console):
        """What is printed may come from a file: nothing of it is obeyed by a terminal, and its lines stay as long as they are."""

        def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
            for one in super().render(renderable, options):
                yield one if one.control else Segment(visible(one.text), one.style)

    width = None if sys.stdout.isatty() or "COLUMNS" in os.environ else WIDTH_WITHOUT_TERMINAL
    return _Console(width=width, highlight=False, emoji=False, markup=False)


def soon_over() -> None:
    """For a command about one case: it makes a hundred thousand objects and hardly a cycle, and to look for cycles takes a tenth of its time."""
    gc.set_threshold(OBJECTS_BEFORE_CYCLES_ARE_LOOKED_FOR)


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

        say(f"{files.name_of(file)}: read as: {in_words(notes)}")


def say(words: str) -> None:
    """Words about progress or trouble."""
    print(visible(words), file=sys.stderr)


def progress(things: Iterable[Thing], words: str) -> Iterator[Thing]:
    """`things` one by one, counted on standard error where that is a terminal."""
    number = 0
    for number, thing in enumerate(things, start=1):
        yield thing
        if sys.stderr.isatty():
            print(f"\r{number} {words}", end="", file=sys.stderr, flush=True)
    if number and sys.stderr.isatty():
        print("\r" + " " * (len(words) + 12) + "\r", end="", file=sys.stderr, flush=True)


def write(content: str | bytes, output: Path | None, *, force: bool = False, json_text: bool = False) -> None:
    """`content` to the file `output`, or to standard output. A half-written file never replaces a good one.

    A file that a person has edited since is written over only by `force`, or where the person says so.
    """
    if output is None or str(output) == "-":
        text = content if isinstance(content, str) else content.decode("utf-8")
        (show_json if json_text else show)(text)
        return
    try:
        files.write(output, content, force=force)
    except files.EditedError as error:
        if not asked(f"{output} stands there already and holds something else. Write over it?"):
            raise error from None
        files.write(output, content, force=True)


def asked(question: str) -> bool:
    """Whether a person at a terminal says yes; without one the answer is no."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    print(visible(f"{question} [y/N] "), end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes")
