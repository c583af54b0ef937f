"""Which page stands on which shelf, and the pages that only the site has: the index, the commands, the Python names."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

# The folders of docs/ are the shelves. Pages beside them: generated ones are looked up, the others tell the inside.
SHELVES = {"tutorial": "Tutorial", "how-to": "How to", "reference": "Reference", "background": "Background"}
BESIDE = {"published": "reference", "first-pathways": "reference", "teaching-course": "reference"}
BAR = "\\|"
ABOUT = ("CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md")

NAMES = {
    "Files": ("load_case", "parse_case", "load_course", "load_protocol", "Case"),
    "Planning": ("plan", "Plan", "assess", "explain", "compare", "diff", "pathway_map", "risk_of"),
    "The graph": ("explore", "Graph", "routes", "count_routes", "evaluate", "check"),
    "One patient, step by step": ("patient", "Patient", "Refused"),
    "Many patients, and what was done": ("simulate", "audit"),
    "To read and to pass on": ("report", "picture", "export"),
    "What goes wrong": ("PathwaysError", "DocumentError"),
}


def shelf_of(page: Path) -> str | None:
    """The shelf of a page, by its place in the repository; None for those about the project."""
    if page.parts[0] != "docs":
        return None
    return page.parts[1] if page.parts[1] in SHELVES else BESIDE.get(page.stem, "background")


def index(readme: str, pages: list[Path]) -> str:
    """The first page: the README, and beside it the shelves, each in the order in which the README names its pages."""
    place = {page: readme.find(page.as_posix()) for page in pages}
    pages = sorted(pages, key=lambda page: (place[page] < 0, place[page], page.as_posix()))
    parts = [readme]
    for shelf, caption in SHELVES.items():
        parts.append(_toctree(caption, [page for page in pages if shelf_of(page) == shelf]))
    parts.append(_toctree("The project", [page for page in pages if shelf_of(page) is None]))
    return "\n".join(parts)


def _toctree(caption: str, pages: list[Path]) -> str:
    lines = "\n".join(page.with_suffix("").as_posix() for page in pages)
    return f"```{{toctree}}\n:hidden:\n:caption: {caption}\n\n{lines}\n```\n"


def python_page() -> str:
    """The public names with their docstrings, and the values that they return."""
    import pathways

    public = set(pathways.__all__) - {"__version__"}
    grouped = [name for names in NAMES.values() for name in names]
    assert sorted(grouped) == sorted(public), f"a public name stands in no group, or in two: {public ^ set(grouped)}"
    parts = [
        "# From Python\n\n`import pathways as pw`; every name below is `pw.NAME`. `pw.__version__` is the version.\n"
    ]
    for title, names in NAMES.items():
        parts.append(f"## {title}\n")
        parts += [_documented(getattr(pathways, name), name) for name in names]
    parts.append("## Values that come back\n")
    parts += [_documented(one, one.__name__) for one in _returned(pathways, grouped)]
    return "\n".join(parts)


def _returned(package: Any, names: list[str]) -> Iterator[type]:
    """Classes of ours that public functions return and that are no public names themselves."""
    seen = {getattr(package, name) for name in names if name != "report"}
    for name in names:
        one = getattr(package, name)
        if not inspect.isfunction(one):
            continue
        for word in re.findall(r"\w+", str(one.__annotations__.get("return", ""))):
            found = one.__globals__.get(word) or getattr(inspect.getmodule(one), word, None)
            if inspect.isclass(found) and found.__module__.startswith("pathways") and found not in seen:
                seen.add(found)
                yield found


def _documented(one: Any, name: str) -> str:
    """The directive that shows one name; fields of a case have a page of their own."""
    from pydantic import BaseModel

    if not inspect.isclass(one):
        home = "pathways.report.front.report" if name == "report" else f"{one.__module__}.{one.__name__}"
        return f"```{{eval-rst}}\n.. autofunction:: {home}\n```\n"
    members = [
        key
        for key, value in vars(one).items()
        if not key.startswith(("_", "model_")) and (inspect.isfunction(value) or hasattr(value, "__get__"))
        and inspect.getdoc(value) and key not in getattr(one, "__dataclass_fields__", {})
    ]  # fmt: skip
    fields = ", ".join(f"``{key}``" for key in getattr(one, "__dataclass_fields__", {}) if not key.startswith("_"))
    lines = [
        f".. autoclass:: {one.__module__}.{one.__name__}()",
        f"   :members: {', '.join(members)}" if members else "",
    ]
    if fields:
        lines += ["", f"   Holds {fields}."]
    if issubclass(one, BaseModel):
        lines += ["", "   Holds the keys of its file."]
    return "```{eval-rst}\n" + "\n".join(lines) + "\n```\n"


def commands_page() -> str:
    """Every command with its arguments and options, from what the command says of itself."""
    import typer

    from pathways.cli.main import app

    parts = [
        "# Commands\n\n`pathways COMMAND --help` says the same in the terminal, `man pathways` as a manual page.\n"
    ]
    parts += _commands(typer.main.get_command(app), "pathways")
    return "\n".join(parts)


def _commands(command: Any, before: str) -> Iterator[str]:
    for name, one in sorted(command.commands.items()):
        if hasattr(one, "commands"):
            yield from _commands(one, f"{before} {name}")
            continue
        arguments = " ".join(
            str(param.metavar or param.name.upper()) for param in one.params if param.param_type_name == "argument"
        )
        yield f"## `{before} {name}`\n\n{_plain(one.help)}\n\n```text\n{before} {name} {arguments}".rstrip() + "\n```\n"
        rows = [_option(param) for param in one.params if param.param_type_name == "option" and not param.hidden]
        if rows:
            yield "| option | what it does |\n|---|---|\n" + "\n".join(rows) + "\n"


def _option(param: Any) -> str:
    value = "" if param.is_flag else f" {param.metavar or 'VALUE'}"
    names = ", ".join(f"`{one}{value}`" for one in [*param.opts, *param.secondary_opts])
    return f"| {names.replace('|', BAR)} | {_plain(param.help)} |"


def _plain(text: str | None) -> str:
    """Text of a help in one line, as Markdown that shows every character."""
    return re.sub(r"([|<>*_\[\]])", r"\\\1", re.sub(r"\s+", " ", text or "").strip())
