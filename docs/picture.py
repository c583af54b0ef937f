"""Makes docs/images/plan.svg, the picture in the README, from a real plan. Run: python docs/picture.py."""

import re
from pathlib import Path

from rich.console import Console

import pathways as pw
from pathways.report.plan_table import print_plan

ROOT = Path(__file__).parent.parent


def main() -> None:
    """Plans a shipped case and saves what the terminal shows."""
    console = Console(width=118, record=True, highlight=False, emoji=False, markup=False, file=open("/dev/null", "w"))  # noqa: SIM115, PTH123
    print_plan(pw.plan(pw.load_case(ROOT / "scenarios/published/alp-01.yaml"), pw.load_protocol(), top=6), console)
    svg = console.export_svg(title="pathways plan scenarios/published/alp-01.yaml", unique_id="plan")
    # No font is fetched from anywhere: the reader's own monospace does.
    svg = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.S).replace("Fira Code", "monospace")
    (ROOT / "docs/images/plan.svg").write_text(svg, encoding="utf-8")


main()
