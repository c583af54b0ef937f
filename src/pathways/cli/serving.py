"""The page on which a tumour board works, on this machine alone."""

from __future__ import annotations

import gc
import os
import re
import sys
import threading
from pathlib import Path
from typing import Annotated

import typer

from pathways.cli.output import show
from pathways.documents.problems import PathwaysError

ROOT_PATH = re.compile(r"(?:/[A-Za-z0-9._~-]+)*")


def serve(
    place: Annotated[
        Path | None,
        typer.Argument(metavar="[CASE|FOLDER]", help="A case file, or a folder of cases; a new case unless told."),
    ] = None,
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, metavar="N", help="The port; 0 picks a free one.")
    ] = 8765,
    host: Annotated[
        str, typer.Option("--host", metavar="H", help="The address to listen at; this machine alone unless told.")
    ] = "127.0.0.1",
    root_path: Annotated[
        str, typer.Option("--root-path", metavar="P", help="Where a proxy puts the page, such as /pathways.")
    ] = "",
    protocol: Annotated[
        list[str] | None,
        typer.Option(
            "--protocol",
            metavar="NAME|FILE",
            help="A protocol to plan under, and to choose beside the shipped ones; may be given again.",
        ),
    ] = None,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Do not open a browser.")] = False,
) -> None:
    """A page on which a tumour board works: the case, every pathway, why, and the record. Prints its address; Ctrl-C ends it."""
    # What is imported now stays: looking through it for garbage takes a tenth of the start. The server switches it on again.
    gc.disable()
    from pathways.page.opened import Opened
    from pathways.page.server import serve as run

    root = root_path.rstrip("/")
    if not ROOT_PATH.fullmatch(root):
        raise PathwaysError(f'--root-path: got "{root_path}"; accepted: a path such as /pathways')

    def ready(address: str) -> None:
        show(f"{address}\n")
        sys.stdout.flush()
        if not no_browser and _has_screen():
            import webbrowser

            threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()

    run(Opened.at(place, [Path(one) for one in protocol or ()]), host=host, port=port, root=root, ready=ready)


def _has_screen() -> bool:
    """Whether somebody sits in front of this machine."""
    drawn = sys.platform in ("win32", "darwin") or any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))
    return drawn and sys.stdout.isatty()
