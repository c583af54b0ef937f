"""`pathways import`: from where patients are to drafts of cases. Never a plan in one step."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pathways.cli.output import Force, progress, say, show, write
from pathways.documents import files
from pathways.documents.problems import PathwaysError

if TYPE_CHECKING:
    from pathways.interchange.readers.draft import Draft
    from pathways.interchange.readers.tables.reading import Read

app = typer.Typer(
    name="import",
    help="Drafts of cases from segmentations, FHIR bundles and tables, with where each value came from, what could not be mapped, and what is missing.",
    no_args_is_help=True,
)
Output = Annotated[
    Path | None,
    typer.Option(
        "-o", "--output", metavar="FILE", help="Write the draft to FILE, with the schema for an editor beside it."
    ),
]
Identity = Annotated[
    str | None,
    typer.Option(
        "--id", metavar="NAME", help="What the case is called; the name of -o or of the first file unless told."
    ),
]
Named = Annotated[
    list[str] | None,
    typer.Option(
        "--map",
        metavar="NAME=MEANING",
        help="What a name means: Segment_1=S1, Leber=liver, X=lesion; - passes it over.",
    ),
]


@app.command()
def totalsegmentator(
    statistics: Annotated[
        list[Path],
        typer.Argument(metavar="STATISTICS.json...", help="statistics.json, and that of the lesions beside it."),
    ],
    named: Named = None,
    name: Identity = None,
    output: Output = None,
    force: Force = False,
) -> None:
    """A draft from the statistics of TotalSegmentator: volumes of the liver, its segments and its tumour."""
    from pathways.interchange.readers.naming import names_of
    from pathways.interchange.readers.totalsegmentator import draft_of

    _put(draft_of(statistics, _name(name, output, statistics), names_of(named or [])), output, force=force)


@app.command()
def slicer(
    tables: Annotated[
        list[Path], typer.Argument(metavar="TABLE.csv...", help="What Segment Statistics of 3D Slicer wrote.")
    ],
    named: Named = None,
    name: Identity = None,
    output: Output = None,
    force: Force = False,
) -> None:
    """A draft from the Segment Statistics of 3D Slicer, with any names of segments."""
    from pathways.interchange.readers.naming import names_of
    from pathways.interchange.readers.slicer import draft_of

    _put(draft_of(tables, _name(name, output, tables), names_of(named or [])), output, force=force)


@app.command()
def labels(
    segments: Annotated[Path, typer.Argument(metavar="SEGMENTS.nii.gz", help="A label map: 1 to 8 for the segments.")],
    lesions: Annotated[
        Path, typer.Argument(metavar="LESIONS.nii.gz", help="A mask of all lesions, or a label for each.")
    ],
    vessels: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[VESSELS.nii.gz]...", help="Vessels, by label or a file each (named as the vessel)."),
    ] = None,
    label: Annotated[
        list[str] | None,
        typer.Option(
            "--label", metavar="MAP:LABEL=MEANING", help="segments:41=S4, vessels:3=RHV, lesions:1=- to pass it over."
        ),
    ] = None,
    protocol: Annotated[
        str,
        typer.Option(
            "--protocol", metavar="NAME|FILE", help="Whose import_ settings say what touches, encases and is deep."
        ),
    ] = "default",
    name: Identity = None,
    output: Output = None,
    force: Force = False,
) -> None:
    """A draft measured on label maps (NIfTI, extra `imaging`): volumes without tumour, and each lesion with segments, size, depth and contacts."""
    from pathways.interchange.readers.labels import draft_of, names_of
    from pathways.knowledge.protocols import load_protocol

    own = names_of(label or [])
    draft = draft_of(segments, lesions, vessels or [], _name(name, output, [segments]), own, load_protocol(protocol))
    _put(draft, output, force=force)


@app.command()
def fhir(
    bundle: Annotated[
        Path, typer.Argument(metavar="BUNDLE.json", help="A FHIR R4 bundle of one patient, as mCODE shapes it.")
    ],
    today: Annotated[
        str | None,
        typer.Option(
            "--today",
            metavar="DATE",
            help="The day of the meeting, 2026-11-29; the last date of the bundle unless told.",
        ),
    ] = None,
    name: Identity = None,
    output: Output = None,
    force: Force = False,
) -> None:
    """A draft from a FHIR bundle: person, primary, metastases, biology, values, operations and drugs, by their codes."""
    from pathways.interchange.readers.fhir.reading import draft_of

    _put(draft_of(bundle, _name(name, output, [bundle]), _day(today)), output, force=force)


def _day(told: str | None) -> dt.date | None:
    """The date of an option. Raises PathwaysError."""
    try:
        return None if told is None else dt.date.fromisoformat(told)
    except ValueError:
        raise PathwaysError(f"--today: got {told}; accepted: a date, as in 2026-11-29") from None


@app.command()
def table(
    tables: Annotated[
        list[Path],
        typer.Argument(
            metavar="TABLE...",
            help="patients.csv lesions.csv, further ones (remnants, elsewhere, history), or one .xlsx with such sheets.",
        ),
    ],
    columns: Annotated[
        list[str] | None,
        typer.Option(
            "--map",
            metavar="COLUMN=KEY",
            help="A column in a registry's own words, as in Alter=age_years; KEY - passes it over.",
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "-o", "--output", metavar="DIR|FILE", help="A folder for a draft a patient; of one patient also a file."
        ),
    ] = None,
    force: Force = False,
) -> None:
    """Drafts from tables with one row a patient and one a lesion, each patient a file, or a line that says what is wrong. Status 2 if any is."""
    from pathways.interchange.readers.tables.columns import mapping_of
    from pathways.interchange.readers.tables.reading import one_draft, read_tables

    read, notes = read_tables(tables, mapping_of(columns or []))
    for note in notes:
        say(note)
    if output is None or str(output) == "-" or output.suffix.lower() in (".yaml", ".yml"):
        _put(one_draft(read), output, force=force)
        return
    _all(read, output, force=force)


def _all(read: list[Read], folder: Path, *, force: bool) -> None:
    """A draft for each patient in a folder, with the schema beside them; what is wrong with the others, a line each."""
    from pathways.cli.validating import schema_of
    from pathways.interchange.readers.draft import case_id

    files.made_folder(folder)
    drafts, wrong = [], 0
    for one in progress(read, "patients"):
        if one.draft is None:
            wrong += 1
            say(one.line())
            continue
        try:
            files.write(folder / f"{case_id(one.id)}.yaml", one.draft.text(), force=force)
            drafts.append(one.draft)
        except PathwaysError as error:
            wrong += 1
            say(str(error))
    if drafts:
        write(schema_of("case"), folder / "case.schema.json", force=True)
        first, *others = [one.missing() for one in drafts]
        never = [
            f"{part}.{key}"
            for part, keys in first.items()
            for key in keys
            if all(key in missing.get(part, ()) for missing in others)
        ]
        if never:
            say(f"read by a rule and told of no patient: {', '.join(never)}")
    say(
        f"{len(drafts)} of {len(read)} rows are drafts in {folder}"
        + (f"; {wrong} cannot be used, see above" if wrong else "")
    )
    if wrong:
        raise typer.Exit(2)


def _name(name: str | None, output: Path | None, sources: list[Path]) -> str:
    """What the case is called."""
    if name is not None:
        return name
    told = output if output is not None and str(output) != "-" else sources[0]
    stem = told.name
    for suffix in (".gz", told.with_suffix("").suffix, told.suffix):
        stem = stem.removesuffix(suffix)
    return stem if stem not in ("", "-") else "draft"


def _put(draft: Draft, output: Path | None, *, force: bool) -> None:
    """The draft, where it is wanted; what a person has to look at is said beside it."""
    from pathways.cli.validating import schema_of

    text = draft.text()
    if output is None or str(output) == "-":
        show(text)
        return
    if output.suffix.lower() not in (".yaml", ".yml"):
        raise PathwaysError(f"-o: got {output}; accepted: a file that ends in .yaml")
    files.may_be_written(output, force=force, same=text.encode("utf-8"))
    write(text, output, force=force)
    write(schema_of("case"), output.with_name("case.schema.json"), force=True)
    for line in draft.summary():
        say(line)
    say(f"{output} is written, a draft: read it over, add what is missing; next: pathways plan {output}")
