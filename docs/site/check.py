"""What a built site must keep: it asks no other host for anything, none of its links is dead, and no page names a path of the machine.

python docs/site/check.py FOLDER [CHROMIUM]: with a browser also the search is tried, from the folder itself and without a network.
"""

from __future__ import annotations

import html
import re
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

# Attributes that make a browser ask for a file.
ASKING = {"script": ("src",), "img": ("src", "srcset"), "source": ("src", "srcset"), "iframe": ("src",), "video": ("src",), "object": ("data",),
          "embed": ("src",), "use": ("href",), "image": ("href",)}  # fmt: skip
ASKED_BY = {
    "stylesheet",
    "icon",
    "preload",
    "modulepreload",
    "prefetch",
    "preconnect",
    "dns-prefetch",
    "manifest",
    "apple-touch-icon",
}
STYLE_URL = re.compile(r"url\(\s*['\"]?([^'\")]+)|@import\s+['\"]([^'\"]+)")
MACHINE = re.compile(r"(?<![\w.])/(?:tmp|home|root|Users|builds|workspace|private)/\w+")
SEARCHED, FOUND = "hypertrophy", "docs/reference/rules.html"


class Page(HTMLParser):
    """Ids, links, and what a browser asks for to show one page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.links: list[str] = []
        self.asked: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Takes note of one element."""
        told = {key: value or "" for key, value in attrs}
        self.ids |= {told[key] for key in ("id", "name") if key in told}
        if tag == "a" and "href" in told:
            self.links.append(told["href"])
        if tag == "link" and ASKED_BY & set(told.get("rel", "").split()):
            self.asked.append(told.get("href", ""))
        for key in ASKING.get(tag, ()):
            if key in told:
                self.asked += [one.split()[0] for one in told[key].split(",")] if key == "srcset" else [told[key]]
        if "style" in told:
            self.asked += urls_in(told["style"])


def urls_in(style: str) -> list[str]:
    """What a style sheet asks for."""
    return [one or two for one, two in STYLE_URL.findall(style)]


def problems_of(site: Path) -> list[str]:
    """Each problem in a line, with its page."""
    pages = {page: Page(page.read_text(encoding="utf-8")) for page in sorted(site.rglob("*.html"))}
    found = [f"{page.relative_to(site)}: {what}" for page in pages for what in _of_page(page, pages, site)]
    for sheet in sorted([*site.rglob("*.css"), *site.rglob("*.svg")]):
        urls = [one for one in urls_in(sheet.read_text(encoding="utf-8")) if not one.startswith(("data:", "#"))]
        found += [f"{sheet.relative_to(site)}: asks for {url}" for url in urls if _foreign_or_dead(url, sheet, site)]
    for one in sorted([*site.rglob("*.html"), *site.rglob("*.js"), *site.rglob("*.txt")]):
        found += [
            f"{one.relative_to(site)}: names {path}"
            for path in MACHINE.findall(html.unescape(one.read_text(encoding="utf-8")))
        ]
    return found


def _of_page(page: Path, pages: dict[Path, Page], site: Path) -> Iterator[str]:
    for url in pages[page].asked:
        if not url.startswith(("data:", "#")) and _foreign_or_dead(url, page, site):
            yield f"asks for {url}"
    for link in pages[page].links:
        parts = urlsplit(link)
        if parts.scheme or parts.netloc:
            continue
        goal = _goal(parts.path, page) if parts.path else page
        if not goal.is_file() or site not in goal.parents:
            yield f"a dead link to {link}"
        elif parts.fragment and goal in pages and unquote(parts.fragment) not in pages[goal].ids:
            yield f"a link to {link}, where no such place is"


def _goal(path: str, page: Path) -> Path:
    return (page.parent / unquote(path)).resolve()


def _foreign_or_dead(url: str, page: Path, site: Path) -> bool:
    parts = urlsplit(url)
    if parts.scheme or parts.netloc or not parts.path:
        return True
    goal = _goal(parts.path, page)
    return not goal.is_file() or site not in goal.parents


def searched(site: Path, browser: str) -> str | None:
    """What is wrong with the search, tried on the folder as it lies there; None where it finds what it should."""
    address = f"{(site / 'search.html').resolve().as_uri()}?q={SEARCHED}"
    options = (
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--host-resolver-rules=MAP * ~NOTFOUND",
    )
    shown = subprocess.run(  # noqa: S603 - the browser that was named
        [browser, *options, "--virtual-time-budget=8000", "--dump-dom", address], capture_output=True, text=True, timeout=120, check=False
    )  # fmt: skip
    results = shown.stdout.partition('id="search-results"')[2]
    return None if FOUND in results else f"search.html: looking for {SEARCHED!r} does not lead to {FOUND}"


if __name__ == "__main__":
    place = Path(sys.argv[1]).resolve()
    wrong = problems_of(place)
    wrong += [one for one in (searched(place, sys.argv[2]),) if one] if len(sys.argv) > 2 else []  # noqa: PLR2004
    print(*wrong, sep="\n")
    sys.exit(int(bool(wrong)))
