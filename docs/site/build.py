"""Builds the documentation site: python docs/site/build.py FOLDER [--pages-by CHROMIUM]

Lays the repository's own pages out in a folder of the same shape, with pictures made anew, the output of each command of the tutorial and the
how-tos under it, and the pages that only the site has; lets Sphinx build it with warnings as errors; checks what came out (check.py). Needs the
extra `site`; with Playwright and a Chromium also the pictures of the page are made, otherwise those of the repository are shown.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import re
import runpy
import shlex
import shutil
import sys
import tempfile
from pathlib import Path
from unittest.mock import patch

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(HERE))
from check import problems_of  # noqa: E402
from layout import ABOUT, commands_page, index, python_page, shelf_of  # noqa: E402

LINKED = (
    "scenarios",
    "tests/tried/cases",
    "tests/tried/misses.yaml",
    "docs/how-to/import",
    "docs/images",
    "docs/pictures",
    "docs/schemas",
)
BLOCK = re.compile(r"```console\n(.*?)```\n", re.DOTALL)
WIDTH, MOST_LINES = "100", 300
RUN_ON = ("tutorial", "how-to")


def main() -> int:
    """Builds into a folder that is not there yet, or is empty."""
    asked = argparse.ArgumentParser(description="Builds the documentation site.")
    asked.add_argument("folder", type=Path, help="where the site goes")
    asked.add_argument(
        "--pages-by", metavar="CHROMIUM", help="make the pictures of the page in this browser (needs playwright)"
    )
    told = asked.parse_args()
    into = told.folder.resolve()
    if into.exists() and any(into.iterdir()):
        asked.error(f"{told.folder} is not empty")
    with tempfile.TemporaryDirectory(prefix="site-") as place:
        stage = Path(place)
        # Here commands find what they read, and may write what they write.
        os.chdir(stage)
        lay_out(stage, told.pages_by)
        status = sphinx(stage, into)
        os.chdir(ROOT)
    found = [] if status else problems_of(into)
    print(*found, sep="\n")
    return status or int(bool(found))


def lay_out(stage: Path, browser: str | None) -> None:
    """The sources of the site, at the places that they have in the repository."""
    for one in LINKED:
        source, goal = ROOT / one, stage / one
        goal.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(source, goal) if source.is_dir() else shutil.copy(source, goal)
    pictures(stage, browser)
    pages = [Path(one) for one in ABOUT] + [one.relative_to(ROOT) for one in sorted((ROOT / "docs").rglob("*.md"))]
    made = {Path("docs/reference/commands.md"): commands_page(), Path("docs/reference/python.md"): python_page()}
    for page in pages:
        text = (ROOT / page).read_text(encoding="utf-8")
        made[page] = with_output(text) if shelf_of(page) in RUN_ON else text
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    made[Path("index.md")] = index(
        readme, [*pages, Path("docs/reference/commands.md"), Path("docs/reference/python.md")]
    )
    for page, text in made.items():
        (stage / page).parent.mkdir(parents=True, exist_ok=True)
        (stage / page).write_text(text, encoding="utf-8")


def pictures(stage: Path, browser: str | None) -> None:
    """What the program draws today, in the place of what was drawn when the repository was last changed."""
    runpy.run_path(str(ROOT / "docs" / "picture.py"))["main"](stage / "docs" / "images")
    if browser:
        runpy.run_path(str(ROOT / "docs" / "page_pictures.py"))["main"](browser, stage / "docs" / "pictures")


def with_output(text: str) -> str:
    """The page with what each of its commands prints under it, to be opened."""
    return BLOCK.sub(
        lambda block: block[0] + "".join(printed(line[2:]) for line in block[1].splitlines() if line.startswith("$ ")),
        text,
    )


def printed(command: str) -> str:
    """What one command prints, as a reader's terminal shows it; nothing of one that writes a file."""
    from pathways.cli.main import run

    if "-o" in shlex.split(command):
        return ""

    out = io.StringIO()
    with (
        patch.object(sys, "argv", shlex.split(command)),
        patch.dict(os.environ, {"COLUMNS": WIDTH, "NO_COLOR": "1", "TERM": "dumb"}),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(io.StringIO()),
    ):
        try:
            run()
        except SystemExit as stop:
            if stop.code not in (None, 0):
                raise RuntimeError(f"{command}: ended with {stop.code}") from stop
    lines = out.getvalue().rstrip().splitlines()
    if len(lines) > MOST_LINES:
        lines = [*lines[:MOST_LINES], f"... and {len(lines) - MOST_LINES} lines more"]
    words = "\n".join(lines).replace("```", "'''")
    return f'\n<details class="printed"><summary>What <code>{command}</code> prints</summary>\n\n```text\n{words}\n```\n\n</details>\n\n'


def sphinx(stage: Path, into: Path) -> int:
    """Lets Sphinx build it; every warning is an error, and all of them are told."""
    from sphinx.cmd.build import build_main

    with tempfile.TemporaryDirectory(prefix="doctrees-") as trees:
        status = build_main(
            [
                "-q",
                "-W",
                "--keep-going",
                "-j",
                "auto",
                "-d",
                trees,
                "-c",
                str(HERE),
                "-b",
                "html",
                str(stage),
                str(into),
            ]
        )
    for one in (".buildinfo", ".buildinfo.bak", "objects.inv"):
        (into / one).unlink(missing_ok=True)
    shutil.rmtree(into / "_sources", ignore_errors=True)
    return status


if __name__ == "__main__":
    sys.exit(main())
