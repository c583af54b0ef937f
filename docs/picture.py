"""Makes docs/images/plan.svg, the picture in the README, from a real plan. Run: python docs/picture.py.

The steps of the single pathways are left out, so that the picture fits a screen.
"""

import io
import re
from pathlib import Path

from rich.console import Console

import pathways as pw
from pathways.report.plan_table import print_plan

ROOT = Path(__file__).parent.parent
CASE = "scenarios/published/alp-01.yaml"


def main() -> None:
    """Plans a shipped case and saves what the terminal shows."""
    console = Console(file=io.StringIO(), width=112, record=True, highlight=False, markup=False)
    print_plan(pw.plan(pw.load_case(ROOT / CASE), pw.load_protocol(), top=6), console)
    svg = console.export_svg(title=f"pathways plan {CASE}", unique_id="plan")
    # No font is fetched from anywhere: the reader's own monospace does.
    svg = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL).replace("Fira Code", "monospace")
    (ROOT / "docs/images/plan.svg").write_text(svg, encoding="utf-8")


main()
