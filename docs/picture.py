"""Makes docs/images/plan.svg, the picture in the README, from a real plan. Run: python docs/picture.py.

The steps of the single pathways are left out, marked by dots, so that the picture fits a screen.
"""

import io
import re
from pathlib import Path

from rich.console import Console
from rich.text import Text

import pathways as pw
from pathways.report.plan_table import print_plan

ROOT = Path(__file__).parent.parent
CASE = "scenarios/published/alp-01.yaml"
WIDTH = 112


def main() -> None:
    """Plans a shipped case and saves what the terminal shows."""
    shown = io.StringIO()
    terminal = Console(
        file=shown, width=WIDTH, force_terminal=True, color_system="truecolor", highlight=False, markup=False
    )
    print_plan(pw.plan(pw.load_case(ROOT / CASE), pw.load_protocol(), top=6), terminal)
    lines = shown.getvalue().splitlines()
    plain = [Text.from_ansi(line).plain for line in lines]
    steps = next(number for number, line in enumerate(plain) if line.startswith("p1: "))
    closed = next(number for number, line in enumerate(plain) if line.startswith("Closed roads"))
    picture = Console(file=io.StringIO(), width=WIDTH, record=True, highlight=False, markup=False)
    for line in [*lines[:steps], "...", "", *lines[closed : closed + 12], "..."]:
        picture.print(Text.from_ansi(line))
    svg = picture.export_svg(title=f"pathways plan {CASE}", unique_id="plan")
    # No font is fetched from anywhere: the reader's own monospace does.
    svg = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL).replace("Fira Code", "monospace")
    (ROOT / "docs/images/plan.svg").write_text(svg, encoding="utf-8")


main()
