"""Pictures of the page of `pathways serve`, made in a browser: python docs/page_pictures.py [PATH OF CHROMIUM]

Needs chromium and the package playwright. Writes docs/pictures/*.png.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "docs" / "pictures"
CASES = ROOT / "scenarios" / "published"
NARROW = 1100
DESKTOP, PHONE, PROJECTOR = (1600, 1000), (390, 844), (1920, 1080)
# Name, address, size, dark, buttons and boxes that are pressed before.
PICTURES = (
    ("case", "case?file=alp-03.yaml", DESKTOP, False, ()),
    ("pathways", "pathways?file=alp-03.yaml", (1920, 1080), False, ()),
    ("pathways-dark", "pathways?file=alp-03.yaml", (1920, 1080), True, ()),
    ("pathways-projector", "pathways?file=alp-01.yaml", PROJECTOR, False, ("projector",)),
    ("pathways-phone", "pathways?file=alp-01.yaml", PHONE, False, ()),
    ("case-phone", "case?file=alp-01.yaml", PHONE, False, ()),
    ("why", "why?file=alp-01.yaml", DESKTOP, False, ("why-transplantation", "opens")),
    ("what-if", "what_if?file=alp-01.yaml", DESKTOP, False, ("flips-s-liver-measured_remnants-0-fraction",)),
    ("missing", "missing?file=alp-03.yaml", DESKTOP, False, ("firsts",)),
    ("pathways-projector-small", "pathways?file=alp-03.yaml", (1280, 720), False, ("projector", "openings")),
    ("one-pathway", "pathway?file=alp-03.yaml", DESKTOP, False, ()),
    ("record", "record?file=alp-03.yaml", (1100, 1000), False, ()),
)  # fmt: skip


def main(browser: str, folder: Path = FOLDER) -> None:
    """Serves the published cases and takes every picture."""
    from playwright.sync_api import sync_playwright

    folder.mkdir(exist_ok=True)
    served = subprocess.Popen(  # noqa: S603 - this program itself
        [sys.executable, "-m", "pathways", "serve", str(CASES), "--port", "0", "--no-browser"], stdout=subprocess.PIPE, text=True
    )  # fmt: skip
    assert served.stdout is not None
    address = served.stdout.readline().strip()
    try:
        with sync_playwright() as engine:
            opened = engine.chromium.launch(executable_path=browser, args=["--no-sandbox", "--disable-gpu"])
            for name, place, (width, height), dark, pressed in PICTURES:
                page = opened.new_page(
                    viewport={"width": width, "height": height},
                    color_scheme="dark" if dark else "light",
                    # Small files: a page is read in them, not measured.
                    device_scale_factor=1 if width <= NARROW else 0.58,
                )
                page.goto(address + place)
                for one in pressed:
                    page.locator(f"#{one}").click()
                    page.wait_for_timeout(300)
                    while page.evaluate("document.documentElement.hasAttribute('aria-busy')"):
                        page.wait_for_timeout(100)
                page.screenshot(path=folder / f"{name}.png")
                page.close()
            opened.close()
    finally:
        served.terminate()
        served.wait(5)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else shutil.which("chromium") or "chromium")
