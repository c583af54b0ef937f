"""The documentation site holds every page and every public name, and what must not be in it is found."""

import re
import runpy

import pytest
from shipped import ROOT

import pathways

LAYOUT = runpy.run_path(str(ROOT / "docs" / "site" / "layout.py"))
CHECK = runpy.run_path(str(ROOT / "docs" / "site" / "check.py"))
PAGES = [one.relative_to(ROOT) for one in sorted((ROOT / "docs").rglob("*.md"))]


def test_every_page_of_the_docs_stands_on_one_shelf():
    index = LAYOUT["index"]((ROOT / "README.md").read_text(encoding="utf-8"), PAGES)
    trees = re.findall(r"```\{toctree\}\n:hidden:\n:caption: (.*?)\n\n(.*?)```", index, re.S)
    assert [caption for caption, _ in trees] == [*LAYOUT["SHELVES"].values(), "The project"]
    listed = [line for _, lines in trees for line in lines.split()]
    assert sorted(listed) == sorted(page.with_suffix("").as_posix() for page in PAGES)


def test_pages_stand_in_the_order_in_which_the_readme_names_them():
    index = LAYOUT["index"]("first docs/how-to/serve.md, then docs/how-to/audit.md", PAGES)
    assert (
        index.index("\ndocs/how-to/serve\n")
        < index.index("\ndocs/how-to/audit\n")
        < index.index("\ndocs/how-to/meeting\n")
    )


def test_every_public_name_is_documented_and_has_a_sentence():
    page = LAYOUT["python_page"]()
    for name in set(pathways.__all__) - {"__version__"}:
        one = getattr(pathways, name)
        assert (one.__doc__ or "").strip(), name
        assert re.search(rf"auto(function|class):: [\w.]+\.{name}(\(\))?\n", page), name


def test_a_public_name_that_stands_in_no_group_is_an_error(monkeypatch):
    monkeypatch.setattr(pathways, "__all__", [*pathways.__all__, "something_new"])
    with pytest.raises(AssertionError, match="something_new"):
        LAYOUT["python_page"]()


def test_every_command_and_option_has_its_place():
    page = LAYOUT["commands_page"]()
    manual = (ROOT / "docs" / "man" / "pathways.1").read_text(encoding="utf-8").replace("\\-", "-")
    named = re.findall(r"^\.TP\n\\fB([a-z][a-z -]*)\\fR", manual, re.M)
    assert len(named) > 20
    assert [name for name in named if f"## `pathways {name}`\n" not in page] == []
    for row in re.findall(r"^\|.*\|$", page, re.M):
        assert len(re.findall(r"(?<!\\)\|", row)) == 3, row


WHOLE = '<html><link rel="stylesheet" href="a.css"><h1 id="top">A</h1><img src="data:image/png;base64,AA"><a href="#top">t</a>{}</html>'


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ("", None), ('<a href="https://example.org/">out</a>', None), ('<a href="b.html#there">b</a>', None),
        ('<script src="https://example.org/a.js"></script>', "asks for https://example.org/a.js"),
        ('<link rel="preconnect" href="https://fonts.example.org">', "asks for https://fonts.example.org"),
        ('<img src="//example.org/a.png">', "asks for //example.org/a.png"), ('<img src="gone.png">', "asks for gone.png"),
        ('<img srcset="a.css 1x, https://example.org/b.png 2x">', "asks for https://example.org/b.png"),
        ('<p style="background: url(https://example.org/c.png)">', "asks for https://example.org/c.png"),
        ('<a href="gone.html">x</a>', "a dead link to gone.html"), ('<a href="../outside.html">x</a>', "a dead link to ../outside.html"),
        ('<a href="b.html#nowhere">x</a>', "a link to b.html#nowhere, where no such place is"),
        ("<code>see /" + "home/somebody/case.yaml</code>", "names /" + "home/somebody"),
    ],
)  # fmt: skip
def test_what_a_site_must_not_hold_is_told(more, told, tmp_path):
    site = tmp_path / "site"
    site.mkdir()
    (tmp_path / "outside.html").touch()
    (site / "a.css").write_text("p { background: url(data:image/png;base64,AA) }", encoding="utf-8")
    (site / "b.html").write_text('<p id="there">B</p>', encoding="utf-8")
    (site / "index.html").write_text(WHOLE.format(more), encoding="utf-8")
    assert CHECK["problems_of"](site) == ([f"index.html: {told}"] if told else [])


@pytest.mark.parametrize(
    "rule", ["@import 'https://example.org/a.css';", "@font-face { src: url(https://example.org/a.woff2) }"]
)
def test_a_style_sheet_that_asks_another_host_is_told(rule, tmp_path):
    (tmp_path / "a.css").write_text(rule, encoding="utf-8")
    (found,) = CHECK["problems_of"](tmp_path)
    assert found.startswith("a.css: asks for https://example.org/a.")
