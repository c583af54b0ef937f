"""The resources of a bundle, with the place of each value; what codes mean is read from codes.yaml.

Decides what a resource is and whether it is in force; what it tells of the patient is decided in reading.py.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path as FilePath
from typing import Any

from pathways.documents.problems import DocumentError, shown
from pathways.documents.reader import Document, Path, read_file
from pathways.interchange.readers.draft import Origin
from pathways.quick_dataclass import dataclass

ACCEPTED = 'accepted: a FHIR R4 Bundle as JSON, as in {"resourceType": "Bundle", "type": "collection", "entry": [...]}'
# Of these nothing is taken: the act was not done, or the record says itself that it is wrong.
VOID = {
    "entered-in-error",
    "cancelled",
    "not-done",
    "refuted",
    "stopped",
    "on-hold",
    "preparation",
    "intended",
    "unknown",
    "aborted",
}
NAMED = 60
PARTIAL = re.compile(r"\d{4}(-\d{2})?")


@cache
def codes() -> dict[str, Any]:
    """The table of codes."""
    found: dict[str, Any] = read_file(FilePath(__file__).parent / "codes.yaml").value
    return found


@dataclass(frozen=True)
class Resource:
    """One resource: what it holds, and where that stands in the file."""

    document: Document
    path: Path
    value: Mapping[str, Any]
    address: str = ""

    @property
    def kind(self) -> str:
        """Patient, Condition, Observation ..."""
        return str(self.value.get("resourceType"))

    @property
    def names(self) -> set[str]:
        """What references call it."""
        told = self.value.get("id")
        return {one for one in (self.address, f"{self.kind}/{told}" if told is not None else "") if one}

    @property
    def void(self) -> str | None:
        """Why nothing is taken of it: its status, where that says so."""
        told = {str(self.value.get("status"))} | {code for _, code in codings(self.value.get("verificationStatus"))}
        return "inactive" if self.value.get("active") is False else next(iter(sorted(told & VOID)), None)

    def origin(self, *key: str | int) -> Origin:
        """The place of a value of it."""
        place = self.document.problem((*self.path, *key), "")
        return Origin(place.file, place.line, place.column, self.called)

    def refused(self, message: str, *key: str | int) -> DocumentError:
        """A complaint about a value of it."""
        return DocumentError([self.document.problem((*self.path, *key), message)])

    @property
    def called(self) -> str:
        """How a person finds it: its kind, and what it says it is."""
        concept = self.value.get("code") or self.value.get("medicationCodeableConcept") or self.value.get("location")
        return f"{self.kind} {words_of(concept)}".strip()

    def told(self, key: str) -> Any:
        """The value under a key, `a.b` inside of `a`."""
        found: Any = self.value
        for part in key.split("."):
            found = found.get(part) if isinstance(found, dict) else None
        return found

    def day(self, *keys: str) -> dt.date | None:
        """The date under the first of these keys that tells one; a year or a month alone is none. Raises DocumentError for what is no date."""
        for key in keys:
            told = self.told(key)
            if told is None or PARTIAL.fullmatch(str(told)):
                continue
            try:
                return dt.date.fromisoformat(str(told)[:10])
            except ValueError:
                raise self.refused(f"got {shown(told)}; accepted: a date, as in 2026-03-01", *key.split(".")) from None
        return None


def resources_in(file: FilePath) -> list[Resource]:
    """Every resource of the bundle in a file. Raises DocumentError."""
    document = read_file(file)
    value = document.value
    if not isinstance(value, dict) or value.get("resourceType") != "Bundle":
        got = value.get("resourceType") if isinstance(value, dict) else value
        raise DocumentError([document.problem((), f"got {shown(got)}; {ACCEPTED}")])
    entries = value.get("entry")
    if not isinstance(entries, (list, tuple)) or not entries:
        raise DocumentError([document.problem(("entry",), f"holds no resource; {ACCEPTED}")])
    found = []
    for place, entry in enumerate(entries):
        resource = entry.get("resource") if isinstance(entry, dict) else None
        if not isinstance(resource, dict) or not isinstance(resource.get("resourceType"), str):
            raise DocumentError(
                [document.problem(("entry", place), "holds no resource with a resourceType; " + ACCEPTED)]
            )
        found.append(Resource(document, ("entry", place, "resource"), resource, str(entry.get("fullUrl") or "")))
    return found


def listed(value: Any) -> tuple[Any, ...]:
    """The entries of a list, and none of what is no list."""
    return tuple(value) if isinstance(value, (list, tuple)) else ()


def codings(concept: Any) -> Iterator[tuple[str, str]]:
    """System and code of a concept, one or several of them."""
    for one in listed(concept) or (concept,):
        for coding in listed(one.get("coding")) if isinstance(one, dict) else ():
            if isinstance(coding, dict) and coding.get("code") is not None:
                yield str(coding.get("system", "")), str(coding["code"])


def meaning(concept: Any, table: Mapping[str, Any]) -> Any:
    """What a concept means by a table of codes of several systems; None where no code of it stands there, or two of them disagree."""
    found = []
    for system, code in codings(concept):
        for short, known in table.items():
            if system in codes()["systems"].get(short, ()) and code in known:
                found.append(known[code] if isinstance(known, dict) else True)
    return found[0] if found and all(one == found[0] for one in found) else None


def coded(concept: Any, short: str, code: str) -> bool:
    """Whether a concept is this code of this system."""
    return any(system in codes()["systems"][short] and one == code for system, one in codings(concept))


def words_of(concept: Any) -> str:
    """What a concept is called, by its text, a display, or its code."""
    one = next(iter(listed(concept)), concept)
    if not isinstance(one, dict):
        return ""
    first = next((coding for coding in listed(one.get("coding")) if isinstance(coding, dict)), {})
    return str(one.get("text") or first.get("display") or first.get("code") or "")[:NAMED]
