"""XES logs: one trace a course. A document type is refused, because it could name entities without end."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from xml.parsers import expat

from pathways.case.eventlogs.columns import Names
from pathways.case.eventlogs.rows import Log, Record, Row, refused, told
from pathways.documents.problems import DocumentError, Problem, shown


def read_xes(log: Log, raw: bytes, own: Mapping[str, str]) -> None:
    """The traces of an XES document, in the encoding that its first line names if the bytes are in that encoding."""
    reader = _Reader(log.name, own, "UTF-8" if _is_utf8(raw) else None)
    try:
        reader.parser.Parse(raw, True)
    except expat.ExpatError as error:
        words = f"not valid XML: {expat.ErrorString(error.code)}"
        raise refused(log.name, words, line=error.lineno, column=error.offset + 1) from None
    except (LookupError, ValueError):
        # The parser asks Python for an encoding that it does not know itself, and Python may not know it, or not as letters.
        message = f"the encoding {shown(reader.encoding)} cannot be read; save the log as UTF-8 and name UTF-8 in its first line"
        raise refused(log.name, message) from None
    if not reader.records:
        raise refused(log.name, "the log holds no trace")
    if reader.names.problems or reader.problems:
        raise DocumentError(sorted([*reader.names.problems, *reader.problems], key=lambda one: one.line))
    log.records += reader.records
    log.notes += reader.names.note()


def _is_utf8(raw: bytes) -> bool:
    """Whether letters beyond ASCII are surely UTF-8: a log that was saved anew may still name its old encoding."""
    if raw.isascii():
        return False
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


class _Reader:
    """Handlers for the parser."""

    def __init__(self, file: str, own: Mapping[str, str], encoding: str | None) -> None:
        self.file = file
        self.names = Names(file, own, "key")
        self.records: list[Record] = []
        self.problems: list[Problem] = []
        self.stack: list[tuple[str, str]] = []
        self.row = Row(1, {}, {})
        # What each key of this event is called, and its line.
        self.named: dict[str, str] = {}
        self.lines: dict[str, int] = {}
        self.listed: list[str] = []
        self.encoding = "UTF-8"
        self.parser = expat.ParserCreate(encoding)
        self.parser.XmlDeclHandler = self.declared
        self.parser.StartDoctypeDeclHandler = self.refuse
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end

    def declared(self, _version: str, encoding: str | None, _standalone: int) -> None:
        self.encoding = encoding or self.encoding

    def refuse(self, *_: Any) -> None:
        message = "a document type is not accepted in an event log; delete the line"
        raise refused(self.file, message, line=self.parser.CurrentLineNumber)

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        tag = tag.rpartition(":")[2]
        inside = [one for one, _ in self.stack]
        self.stack.append((tag, attributes.get("key", "")))
        line, column = self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber + 1
        if tag == "trace":
            self.records.append(Record("", place=(line, column)))
        elif tag == "event":
            self.row, self.named, self.lines = Row(line, {}, {}), {}, {}
        elif tag == "list" and inside[-1:] == ["event"]:
            self.listed = []
        elif inside[-2:] == ["event", "list"] or inside[-3:] == ["event", "list", "values"]:
            self.listed += [attributes["value"]] if "value" in attributes else []
        elif {"key", "value"} <= attributes.keys() and inside:
            if inside[-1] == "event":
                self.attribute(attributes["key"], attributes["value"], line, column)
            elif inside[-1] == "trace":
                self.of_trace(attributes["key"], attributes["value"], line, column)

    def end(self, tag: str) -> None:
        tag = tag.rpartition(":")[2]
        _, key = self.stack.pop()
        if tag == "list" and self.stack and self.stack[-1][0] == "event":
            self.attribute(key, " ".join(self.listed), self.parser.CurrentLineNumber, 1)
        elif tag == "event" and self.records:
            values = self.row.values
            self.records[-1].belongs_to(self.file, values.pop("case", ""), self.row.line, 1)
            values.pop("course", None)
            self.records[-1].rows.append(self.row)

    def attribute(self, name: str, value: str, line: int, column: int) -> None:
        """One attribute of an event."""
        key = self.names.key(name, line, column)
        if key is None or not told(value):
            return
        known = self.row.values.setdefault(key, value.strip())
        if known != value.strip() or self.named.get(key) == name:
            first = f"line {self.lines[key]}, column {self.row.columns[key]}"
            message = f"got {shown(value.strip())}, but {first} tells {shown(known)}; accepted: once in an event"
            self.problems.append(Problem(self.file, line, column, name, message))
        self.named.setdefault(key, name)
        self.lines.setdefault(key, line)
        self.row.columns.setdefault(key, column)
        self.row.line = max(self.row.line, line)

    def of_trace(self, name: str, value: str, line: int, column: int) -> None:
        """One attribute of a trace: its own name, or the case file."""
        own = self.names.own.get(name)
        if name == "concept:name" or own == "course":
            self.records[-1].name = value.strip()
        elif name in ("case", "case:case") or own == "case":
            self.records[-1].belongs_to(self.file, value.strip(), line, column)
