"""`pathways new` and `pathways example`: a first file, with the schema beside it, wherever the package is installed."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from pathways.cli.output import Force, asked, say, show, write
from pathways.documents import files
from pathways.documents.problems import PathwaysError, nearest

PACKAGE = Path(__file__).resolve().parents[1]
# The folders of examples in the order in which a name is looked for, and the schema of their files.
KINDS = {"published": "case", "constructed": "case", "courses": "course", "teaching": "scenario"}
MODELINE = re.compile(r"# yaml-language-server: \$schema=\S+\n")
TITLE = re.compile(r"^title: *(.+?)(?: +#.*)?$", re.MULTILINE)
Output = Annotated[
    Path | None,
    typer.Option("-o", "--output", metavar="FILE", help="Write to FILE, and the schema for an editor beside it."),
]


def new(
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help="The file to write; standard output unless told.")
    ] = None,
    blank: Annotated[
        bool, typer.Option("--blank", help="Ask nothing: every key in remarks, with what it means.")
    ] = False,
    output: Output = None,
    force: Force = False,
) -> None:
    """A new case: asks what decides, in the words of the ward, or writes a blank to fill in. The schema is put beside the file."""
    from pathways.case.writing import blank_text, case_text

    target = _target(file, output, force=force)
    if blank:
        text = blank_text()
    else:
        from pathways.cli.questions import Interview, shown, typed

        text = case_text(Interview(typed(), shown).case())
    _put(text, target, "case")
    if target is not None:
        say(f"{target} is written; next: pathways plan {target}")


def example(
    name: Annotated[str | None, typer.Argument(metavar="[NAME]", help="An example, as listed without a name.")] = None,
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help="The file to write; standard output unless told.")
    ] = None,
    output: Output = None,
    force: Force = False,
) -> None:
    """The shipped examples: lists them, or prints the one named NAME, or writes it to a file with the schema beside it."""
    target = _target(file, output, force=force)
    found = shipped()
    if name is None:
        if target is not None:
            raise PathwaysError("example: a file without a NAME; accepted: pathways example NAME -o FILE")
        for known, place in found.items():
            show(f"{known:<44} {_title(place)}".rstrip() + "\n")
        return
    place = _found(name, found)
    kind = KINDS[place.parent.name]
    _put(_text(place, kind), target, kind)
    if target is not None:
        say(
            f"{target} is written; next: pathways {'plan' if kind == 'case' else 'audit' if kind == 'course' else 'teach play'} {target}"
        )


def _target(file: Path | None, output: Path | None, *, force: bool) -> Path | None:
    if file is not None and output is not None:
        raise PathwaysError(f"-o: got {output} beside {file}; accepted: one of them")
    target = file or output
    if target is None or str(target) == "-":
        return None
    if target.suffix.lower() not in (".yaml", ".yml"):
        raise PathwaysError(f"{target}: accepted: a file that ends in .yaml")
    with files.saying(target):
        if target.exists() and not force and not asked(f"{target} stands there already. Write over it?"):
            raise PathwaysError(f"{target}: stands there already; accepted: a new name, or --force")
        files.may_be_written(target, force=True)
    return target


def _put(text: str, target: Path | None, kind: str) -> None:
    """The text, and beside a file the schema that its first line names: an older one there is of an older version."""
    from pathways.cli.validating import schema_of

    write(text, target, force=True)
    if target is not None:
        write(schema_of(kind), target.with_name(f"{kind}.schema.json"))


def folder() -> Path:
    """Where the examples stand: in the package where it is installed, else at the top of the source."""
    installed = PACKAGE / "examples"
    return installed if installed.is_dir() else PACKAGE.parents[1] / "scenarios"


def shipped() -> dict[str, Path]:
    """Every example by its name, folder and file."""
    found = {f"{kind}/{file.stem}": file for kind in KINDS for file in sorted((folder() / kind).glob("*.yaml"))}
    if not found:
        raise PathwaysError("example: no examples are installed; install pathways again")
    return found


def _found(name: str, found: dict[str, Path]) -> Path:
    wanted = name.removesuffix(".yaml").strip("/")
    for known in (wanted, *(f"{kind}/{wanted}" for kind in KINDS)):
        if known in found:
            return found[known]
    stems = list(dict.fromkeys(known.partition("/")[2] for known in found))
    raise PathwaysError(
        f'example: got "{name}"; accepted: one of those that pathways example lists{nearest(wanted, stems)}'
    )


def _title(place: Path) -> str:
    title = TITLE.search(place.read_text(encoding="utf-8"))
    return title[1].strip('"') if title else ""


def _text(place: Path, kind: str) -> str:
    """The example as a file of its own: the schema is named as it stands beside it, a course holds its case."""
    text = MODELINE.sub("", place.read_text(encoding="utf-8"))
    if kind == "course":
        from pathways.case.loading import load_course
        from pathways.documents.writing import mapping

        case = load_course(place).case
        assert not isinstance(case, str)
        plain = case.model_dump(mode="json", by_alias=True, exclude_none=True, exclude_defaults=True)
        inline = "\n".join(
            mapping({"case": {"schema": 1, **{key: value for key, value in plain.items() if value != {}}}})
        )
        text = re.sub(r"^case: .*$", lambda _: inline, text, count=1, flags=re.MULTILINE)
    return f"# yaml-language-server: $schema={kind}.schema.json\n{text}"
