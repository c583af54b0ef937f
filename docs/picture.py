"""Makes the pictures of the README from real plans: docs/images/plan.svg, pathways.svg, liver.svg, map.svg. Run: python docs/picture.py."""

import io
import re
from pathlib import Path

from rich.console import Console

import pathways as pw
from pathways.drawing.timeline import timeline
from pathways.report.plan_table import print_plan

ROOT = Path(__file__).parent.parent
IMAGES = ROOT / "docs" / "images"
CASE = "scenarios/published/alp-01.yaml"
MAPPED = "scenarios/published/alp-03.yaml"
SHOWN = 5


def main(images: Path = IMAGES) -> None:
    """Plans two shipped cases and saves what the terminal and the pictures show."""
    made = pw.plan(pw.load_case(ROOT / CASE))
    console = Console(file=io.StringIO(), width=96, record=True, highlight=False, markup=False, emoji=False)
    print_plan(made, console, openings=False)
    svg = console.export_svg(title=f"pathways plan {CASE}", unique_id="plan")
    # No font is fetched from anywhere: the reader's own monospace does.
    svg = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL).replace("Fira Code", "monospace")
    shown = [one for one in made.pathways if one.curative][:SHOWN]
    pictures = {
        "plan": svg,
        "pathways": timeline(shown, name="pathways", title="alp-01: the first pathways as planned", alone=True),
        "liver": pw.picture(made, "liver"),
        "map": pw.picture(pw.load_case(ROOT / MAPPED), "map"),
    }
    for name, text in pictures.items():
        (images / f"{name}.svg").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
