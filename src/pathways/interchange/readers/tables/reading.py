"""Tables to drafts: a draft for each patient, or one line that says what is wrong with this one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from pathlib import Path

from pathways.documents.files import name_of
from pathways.documents.problems import DocumentError, PathwaysError, Problem, shown
from pathways.interchange.readers.draft import Draft, Origin, case_id
from pathways.interchange.readers.sheets import COMMA, THOUSANDS, Sheet, number, read_table, told
from pathways.interchange.readers.tables.columns import BY_NAME, DATES, TABLES, Column, Columns, Table, key_of
from pathways.interchange.readers.tables.dates import LIKE_A_DATE, day_of, mixed, weeks_before
from pathways.quick_dataclass import dataclass
from pathways.ward.values import nothing, yes_no

INSTRUMENT = "redcap_repeat_instrument"
TICKED = ("1", "checked", "true", "yes")
NOT_TICKED = ("0", "unchecked", "false", "no", "")
WITH_UNIT = re.compile(r"([+-]?\d+),(\d+)(\s*[^\d\s,].*)")
YES_OR_NO = {"1": "true", "0": "false", "1.0": "true", "0.0": "false"}
WHOLE = re.compile(r"(\d+)\.0+")


@dataclass
class Read:
    """One patient: the draft, or why there is none."""

    id: str
    origin: Origin
    draft: Draft | None = None
    problem: DocumentError | None = None

    def line(self) -> str:
        """What is wrong, in one line."""
        assert self.problem is not None
        first, *more = self.problem.problems
        return f"{self.id}: {first}" + (f" (and {len(more)} more)" if more else "")


@dataclass
class _One:
    """A row of one patient while it is put together."""

    id: str
    draft: Draft
    origin: Origin
    today: str = ""
    problems: list[Problem] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)
    elsewhere: str = ""
    cleared: str = ""


def read_tables(files: Sequence[Path], own: Mapping[str, str]) -> tuple[list[Read], list[str]]:
    """Every patient of the tables, and what is to be said of the tables. Raises DocumentError where a table cannot be used as a whole."""
    sheets = _sorted([one for file in files for sheet in read_table(file) for one in _by_instrument(sheet)])
    columns = {name: Columns(BY_NAME[name], sheet, own) for name, sheet in sheets.items()}
    notes = [
        f"{one.sheet.file}: passed over, no keys of a case: {', '.join(shown(name)[1:-1] for name in one.foreign)} (--map COLUMN=KEY reads one)"
        for one in columns.values()
        if one.foreign
    ]
    problems = [one for found in columns.values() for one in _dates(found)]
    if problems:
        raise DocumentError(problems)
    patients, lost = _patients(columns["patients"], ", ".join(name_of(file) for file in files))
    for name, found in columns.items():
        if name != "patients":
            lost += list(_rows(found, patients, columns["patients"].sheet.file))
    read = [*(_finished(one, sheets) for one in patients.values()), *lost]
    return sorted(read, key=lambda one: (one.origin.file != columns["patients"].sheet.file, one.origin.line)), notes


# --- which sheet is which ---------------------------------------------------------------------------------------------


def _sorted(sheets: Sequence[Sheet]) -> dict[str, Sheet]:
    """The sheets by their tables: by their names, else the first is of patients and the second of lesions."""
    found: dict[str, Sheet] = {}
    nameless = []
    for sheet in sheets:
        table = next(
            (one for one in reversed(TABLES) if any(word in sheet.name.casefold() for word in one.named)), None
        )
        if table is None:
            nameless.append(sheet)
        elif table.name in found:
            raise DocumentError([_which(sheet, f"{found[table.name].file} is of {table.name} already")])
        else:
            found[table.name] = sheet
    for sheet in nameless:
        free = next((one for one in ("patients", "lesions") if one not in found), None)
        if free is None:
            raise DocumentError([_which(sheet, "its name does not say what it holds")])
        found[free] = sheet
    if "patients" not in found:
        raise DocumentError([_which(sheets[0], "no table is of patients")])
    if "lesions" not in found:
        raise DocumentError(
            [_which(found["patients"], "no table is of lesions; accepted: a second one with a row a lesion")]
        )
    return {table.name: found[table.name] for table in TABLES if table.name in found}


def _which(sheet: Sheet, what: str) -> Problem:
    names = ", ".join(one.name for one in TABLES)
    remedy = "" if "accepted" in what else f"; accepted: a name with one of {names} in it, each once"
    return Problem(sheet.file, 1, 1, "", f"{what}{remedy}")


def _by_instrument(sheet: Sheet) -> Iterator[Sheet]:
    """An export of REDCap holds all its forms in one table: a sheet for each, with the columns that it fills."""
    words = [one.casefold() for one in sheet.header]
    if INSTRUMENT not in words:
        yield sheet
        return
    place = words.index(INSTRUMENT)
    forms: dict[str, list[tuple[int, list[str]]]] = {}
    for line, row in sheet.rows:
        forms.setdefault(row[place].strip().casefold() or "patients", []).append((line, row))
    for name, rows in forms.items():
        filled = [one for one in range(len(sheet.header)) if one == 0 or any(told(row[one]) for _, row in rows)]
        cut = [(line, [row[one] for one in filled]) for line, row in rows]
        yield Sheet(sheet.file, name, [sheet.header[one] for one in filled], cut, sheet.commas)


# --- rows -------------------------------------------------------------------------------------------------------------


def _dates(columns: Columns) -> Iterator[Problem]:
    for column in columns.found:
        if column.role in ("today", *DATES):
            rows = [(line, row[column.place].strip()) for line, row in columns.sheet.rows if told(row[column.place])]
            found = mixed(columns.sheet, column.place, rows)
            if found is not None:
                yield found


def _identity(columns: Columns, row: Sequence[str]) -> str:
    place = next(one.place for one in columns.found if one.role == "id")
    text = row[place].strip()
    whole = WHOLE.fullmatch(text)
    return whole[1] if whole else text


def _patients(columns: Columns, made_from: str) -> tuple[dict[str, _One], list[Read]]:
    sheet = columns.sheet
    found: dict[str, _One] = {}
    lost: list[Read] = []
    names: dict[str, str] = {}
    for line, row in sheet.rows:
        name = _identity(columns, row)
        origin = Origin(sheet.file, line, 1, "id")
        other = names.setdefault(case_id(name).casefold(), name) if told(name) else ""
        if not told(name) or name in found or other != name:
            said = (
                "a row that names no patient"
                if not told(name)
                else f"{shown(name)} stands in line {found[other].origin.line} already"
            )
            lost.append(
                Read(
                    name or f"line {line}",
                    origin,
                    problem=DocumentError([origin.problem(f"{said}; accepted: one row a patient")]),
                )
            )
            continue
        one = _One(name, Draft(name, made_from), origin)
        found[name] = one
        if case_id(name) != name:
            one.draft.notes.append(f"Called {name} in {sheet.file}.")
        _row(columns, line, row, (), one)
    if not found and not lost:
        raise DocumentError([Problem(sheet.file, 1, 1, "", "no row tells a patient")])
    return found, lost


def _rows(columns: Columns, patients: Mapping[str, _One], of_patients: str) -> Iterator[Read]:
    """The rows of another table, each to its patient; those of nobody."""
    table, sheet = columns.table, columns.sheet
    for line, row in sheet.rows:
        name = _identity(columns, row)
        one = patients.get(name)
        if one is None:
            origin = Origin(sheet.file, line, 1, "id")
            message = f"got {shown(name)}, whom {of_patients} does not name; accepted: one of its patients"
            yield Read(name or f"line {line}", origin, problem=DocumentError([origin.problem(message)]))
            continue
        index = one.rows.get(table.name, 0)
        one.rows[table.name] = index + 1
        _row(columns, line, row, (*table.path, index), one)


def _row(columns: Columns, line: int, row: Sequence[str], path: tuple[str | int, ...], one: _One) -> None:
    sheet, table = columns.sheet, columns.table
    boxes: dict[tuple[str, str], list[tuple[Column, str]]] = {}
    dated: list[tuple[Column, str]] = []
    for column in columns.found:
        text = row[column.place].strip()
        if not told(text) or column.role == "id":
            continue
        if column.option:
            boxes.setdefault((column.part, column.key), []).append((column, text))
        elif column.role in DATES:
            dated.append((column, text))
        elif column.role in ("today", "elsewhere", "cleared"):
            setattr(one, column.role, text)
        else:
            place, value = _placed(column, path), _value(table, column, text, sheet, line, one)
            _put(one, place, value, sheet, line, column, text)
    for (part, key), cells in boxes.items():
        _ticked(one, (*path, *((part,) if part else ()), key), cells, sheet, line)
    for column, text in dated:
        _dated(one, path, column, text, sheet, line)


def _placed(column: Column, path: tuple[str | int, ...]) -> tuple[str | int, ...]:
    """Where in a case a cell belongs."""
    if column.role == "segment":
        return ("liver", "segments_ml", column.key)
    return (*path, column.part, column.key) if column.part else (*path, column.key)


def _put(
    one: _One, path: tuple[str | int, ...], value: object, sheet: Sheet, line: int, column: Column, text: str
) -> None:
    origin = Origin(sheet.file, line, column.place + 1, column.name)
    one.draft.put(path, value, f"{sheet.file.rpartition('/')[2]}:{line}: {column.name} {text}", origin)


def _ticked(
    one: _One, path: tuple[str | int, ...], cells: Sequence[tuple[Column, str]], sheet: Sheet, line: int
) -> None:
    """Boxes of REDCap: those that are ticked are a list. None ticked says nothing: neither that there is none."""
    chosen = []
    for column, text in cells:
        if text.casefold() in TICKED:
            chosen.append(column.option)
        elif text.casefold() not in NOT_TICKED:
            one.problems.append(
                sheet.problem(line, column.place, f"got {shown(text)}; accepted: 1 for a ticked box, 0")
            )
    if chosen == ["none"]:
        _put(one, path, "none", sheet, line, cells[0][0], "none")
    elif chosen:
        _put(one, path, tuple(chosen), sheet, line, cells[0][0], " ".join(chosen))


def _value(table: Table, column: Column, text: str, sheet: Sheet, line: int, one: _One) -> object:
    """A cell as a document of the ward would have it; what is not understood stays text, to be complained of."""
    if column.key == "title" and not column.part and not table.path:
        return text
    key = key_of(table, column, text)
    kind = key.kind if key else None
    what = "number" if column.role == "segment" or kind is None else kind.what
    if LIKE_A_DATE.fullmatch(text) and what != "text":
        message = (
            f"got the date {shown(text)}: a spreadsheet makes one of 5-8; accepted: a column of text, with 5;6;7;8"
        )
        one.problems.append(sheet.problem(line, column.place, message))
        return None
    if what == "yes_no":
        return YES_OR_NO.get(text, text)
    if what == "place" or (kind is not None and kind.item is not None and kind.item.what == "place"):
        return WHOLE.sub(r"\1", text)
    if what == "number":
        if (THOUSANDS.fullmatch(text) and (sheet.commas or "," in text)) or (
            not sheet.commas and COMMA.fullmatch(text)
        ):
            message = f"got {shown(text)}, which may be a thousand or a part of one; accepted: a point before decimals, nothing between thousands"
            one.problems.append(sheet.problem(line, column.place, message))
            return None
        found = number(text, sheet)
        if found is not None:
            return int(found) if found.is_integer() else found
        unit = WITH_UNIT.fullmatch(text) if sheet.commas else None
        return f"{unit[1]}.{unit[2]}{unit[3]}" if unit else text
    return text


def _dated(one: _One, path: tuple[str | int, ...], column: Column, text: str, sheet: Sheet, line: int) -> None:
    """The week of a date, which needs the day on which the patient is described."""
    today = day_of(one.today) if one.today else None
    if today is None:
        message = f"got the date {shown(text)}; accepted: with a column today in the table of patients, or week in place of dates"
        one.problems.append(sheet.problem(line, column.place, message))
        return
    week = weeks_before(text, today)
    if week is None:
        message = f"got {shown(text)}, which is after {one.today}, the day on which {one.id} is described; accepted: a day before it"
        one.problems.append(sheet.problem(line, column.place, message))
        return
    _put(one, (*path, DATES[column.role]), week, sheet, line, column, f"{text}, described on {one.today}")


def _finished(one: _One, sheets: Mapping[str, Sheet]) -> Read:
    """The patient, held to the format."""
    problems = list(one.problems)
    cleared = one.cleared in ("1", "1.0") or yes_no(one.cleared) is True
    if cleared and not one.rows.get("lesions"):
        one.draft.value["lesions"] = []
        one.draft.remarks["lesions",] = (
            f"{one.origin.file.rpartition('/')[2]}:{one.origin.line}: liver_cleared {one.cleared}"
        )
    elif cleared:
        message = f"liver_cleared says yes, and {sheets['lesions'].file} tells a lesion of {shown(one.id)}; accepted: one of them"
        problems.append(one.origin.problem(message))
    elif not one.rows.get("lesions"):
        message = f"no row of {sheets['lesions'].file} tells a lesion of {shown(one.id)}; accepted: one or more, or liver_cleared yes"
        problems.append(one.origin.problem(message))
    if one.elsewhere and not one.rows.get("elsewhere"):
        found = yes_no(one.elsewhere)
        if found is False or nothing(one.elsewhere) or one.elsewhere in ("0", "0.0"):
            one.draft.value["extrahepatic"] = []
            one.draft.remarks["extrahepatic",] = (
                f"{one.origin.file.rpartition('/')[2]}:{one.origin.line}: extrahepatic {one.elsewhere}"
            )
        elif found or one.elsewhere in ("1", "1.0"):
            message = "extrahepatic says yes, and no row of a table elsewhere tells which; accepted: a row there, or an empty cell"
            problems.append(one.origin.problem(message))
    # Rows of a table are in no order; where each says its week, that is one.
    if all("week" in event for event in one.draft.value.get("history", ())) and one.rows.get("history"):
        one.draft.sort(("history",), _when)
    if problems:
        return Read(one.id, one.origin, problem=DocumentError(problems))
    try:
        one.draft.case()
    except DocumentError as error:
        return Read(one.id, one.origin, problem=error)
    return Read(one.id, one.origin, draft=one.draft)


def _when(event: Mapping[str, object]) -> float:
    week = event.get("week")
    return float(week) if isinstance(week, (int, float)) else float("-inf")


def one_draft(read: Sequence[Read]) -> Draft:
    """The draft, where a table holds one patient. Raises PathwaysError."""
    if len(read) != 1:
        raise PathwaysError(f"-o: the tables hold {len(read)} patients; accepted: the name of a folder")
    if read[0].draft is None:
        assert read[0].problem is not None
        raise read[0].problem
    return read[0].draft
