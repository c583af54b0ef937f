"""Writes the manual page of the command, from what the command says of itself: `python docs/man_page.py`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

from pathways.cli.main import app

PAGE = Path(__file__).parent / "man" / "pathways.1"
HEAD = """\
.TH PATHWAYS 1
.SH NAME
pathways \\- every feasible treatment pathway of a patient with liver metastases, and why the others are closed
.SH SYNOPSIS
.B pathways
.I COMMAND
[\\fIARGUMENTS\\fR] [\\fIOPTIONS\\fR]
.SH DESCRIPTION
A patient is described in a file (YAML). The commands plan, explain, compare, report, prove, audit, simulate and teach. For discussion and teaching;
no medical device.
.SH COMMANDS
"""
TAIL = """\
.SH EXIT STATUS
.TP
0
What was asked for was found.
.TP
1
No pathway ends with the liver cleared; a property is broken; a course deviates.
.TP
2
A file or the call is wrong: the message says where, and what is accepted.
.SH FILES
A first file: \\fBpathways new my-patient.yaml\\fR, or \\fBpathways example\\fR for the shipped ones.
.SH NOTES
Shell completion: \\fBpathways \\-\\-install\\-completion\\fR.
"""


def page() -> str:
    """The page in the language of man."""
    return HEAD + "".join(f"{line}\n" for line in _commands(typer.main.get_command(app), "")) + TAIL


def _commands(command: Any, before: str) -> Iterator[str]:
    for name, one in sorted(command.commands.items()):
        if hasattr(one, "commands"):
            yield from _commands(one, f"{before}{name} ")
            continue
        arguments = " ".join(_argument(param) for param in one.params if param.param_type_name == "argument")
        yield ".TP"
        yield f"\\fB{_escaped(before + name)}\\fR {_escaped(arguments)}".rstrip()
        yield _escaped(_sentence(one.help))
        yield ".RS"
        for param in one.params:
            if param.param_type_name == "option" and not param.hidden and "--help" not in param.opts:
                value = "" if param.is_flag else f" \\fI{_escaped(param.metavar or 'VALUE')}\\fR"
                names = [*param.opts, *param.secondary_opts]
                yield ".TP"
                yield f"\\fB{_escaped(', '.join(names))}\\fR{value}"
                yield _escaped(_sentence(param.help))
        yield ".RE"


def _argument(param: Any) -> str:
    return str(param.metavar or param.name.upper())


def _sentence(text: str | None) -> str:
    """Text in one line, without the marks of the terminal."""
    return re.sub(r"\s+", " ", text or "").strip()


def _escaped(text: str) -> str:
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return f"\\&{text}" if text[:1] in (".", "'") else text


if __name__ == "__main__":
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(page(), encoding="utf-8")
