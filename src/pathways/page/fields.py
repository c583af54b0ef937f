"""Fields of the page: which key each stands for, how its value is shown, and what is put into the case of what was typed.

A field shows what was understood; what is typed may be in the words of the ward. Only a field whose text is not the one it was shown with
changes anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from pydantic import BaseModel

from pathways.case.models import FOR_THE_RECORD, Case
from pathways.case.schema import title_of
from pathways.documents.reader import Path, spelled
from pathways.messages.catalogue import called
from pathways.page.text import GONE, Read
from pathways.quick_dataclass import dataclass
from pathways.ward.kinds import Key, Kind, keys_of
from pathways.ward.words_listed import words_of

WHOLE = re.compile(r"[+-]?[0-9]{1,15}")
NUMBER = re.compile(r"[+-]?[0-9]{0,15}\.[0-9]{1,15}")
NONE = ("none", "no", "nil", "nothing", "-")
# Lists of entries, with the keys of an entry that the page shows; further keys stay in the file.
ROWS: dict[str, tuple[str, ...]] = {
    "lesions": ("segments", "count", "size_mm", "contacts", "invades", "depth", "nature"),
    "liver.measured_remnants": ("removes", "fraction", "ml"),
    "extrahepatic": ("site", "count", "resectable", "nature"),
    "history": ("event", "week", "until_week", "regimen", "cycles", "response", "segments", "removes"),
}
MORE_OF_A_LESION = ("thrombus", "bile_duct", "biopsy", "suspicion", "seen_on")
# Who can tell what: the fields that stand open, and those that matter in few patients.
DISCIPLINES: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    ("radiology", ("liver.total_ml",), ("liver.tumour_ml",)),
    (
        "pathology",
        ("primary.tumour", "primary.site", "primary.node_positive", "primary.ras", "primary.braf", "primary.mismatch_repair"),
        ("primary.grade", "primary.ki67_percent"),
    ),
    ("oncology", ("primary.presentation", "primary.interval_months", "primary.cea_ng_per_ml"), ("primary.cea_peak_ng_per_ml",)),
    (
        "surgery",
        ("primary.status", "primary.r0_resectable", "primary.urgent", "patient.fit_for"),
        ("primary.needs_radiotherapy", "liver.removed_segments", "liver.embolised", "liver.bilioenteric_anastomosis"),
    ),
    (
        "anaesthesia",
        ("patient.ecog", "patient.asa", "patient.height_cm", "patient.weight_kg", "liver.background", "liver.insufficiency",
         "liver.bilirubin_umol_per_l", "liver.inr", "liver.albumin_g_per_l", "liver.platelets_e9_per_l"),
        ("liver.biliary_obstruction", "liver.ggt_u_per_l", "liver.creatinine_umol_per_l", "liver.icg_r15_percent", "liver.child_pugh",
         "patient.anticoagulated", "patient.haemoglobin_g_per_l", "liver.gilbert"),
    ),
    ("patient", ("patient.age_years", "patient.sex", "patient.declines"), ("patient.pregnant_weeks",)),
)  # fmt: skip
# A list of a case has fewer entries than this has digits.
MOST_DIGITS = 3
ABOUT = ("id", "title")


@dataclass(frozen=True, slots=True)
class Field:
    """A field as it is shown. `state`: told, unknown (the plan takes it as given), or not asked."""

    path: Path
    label: str
    help: str
    value: str
    state: str
    words: str
    numeric: bool
    problem: str

    @property
    def name(self) -> str:
        """The name it is sent under."""
        return "f:" + ".".join(map(str, self.path))

    @property
    def identity(self) -> str:
        """Its id on the page."""
        return "f-" + "-".join(map(str, self.path))


def path_of(name: str) -> Path | None:
    """The path of the field that is sent as `name`; None where there is no such key in a case."""
    parts: list[str | int] = [
        int(one) if one.isdigit() and len(one) <= MOST_DIGITS else one for one in name.removeprefix("f:").split(".")
    ]
    path = tuple(parts)
    return path if key_at(path) is not None else None


@lru_cache(maxsize=1024)
def key_at(path: Path) -> Key | None:
    """The key of a case that a path leads to."""
    model: type[BaseModel] | None = Case
    found: Key | None = None
    for part in path:
        if isinstance(part, int):
            if found is None or found.kind.what != "list":
                return None
            continue
        if model is None or part not in keys_of(model):
            return None
        found = keys_of(model)[part]
        item = found.kind.item or found.kind
        model = item.model
    return found


@lru_cache(maxsize=1024)
def help_of(path: Path) -> str:
    """What a key means, as the schema says it."""
    model: Any = Case
    words = ""
    for part in path:
        if isinstance(part, int):
            continue
        info = next(info for name, info in model.model_fields.items() if (info.alias or name) == part)
        words = info.description or ""
        kind = keys_of(model)[part].kind
        model = (kind.item or kind).model
    return words.removesuffix(FOR_THE_RECORD)


def shown(path: Path, value: Any) -> str:
    """A value as a field shows it."""
    key = key_at(path)
    kind = key.kind if key else Kind("other")
    if value is None:
        return ""
    if path[-1] == "fraction" and isinstance(value, float):
        return f"{value * 100:.6g} %"
    if isinstance(value, (list, tuple)):
        return ", ".join(_word(kind.item or kind, one) for one in value) if value else NONE[0]
    return "" if isinstance(value, dict) else _word(kind, value)


def _word(kind: Kind, value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.0f}" if value.is_integer() else repr(value)
    if isinstance(value, str) and kind.what in ("word", "place"):
        return value.replace("_", " ")
    return str(value)


def typed(path: Path, text: str) -> Any:
    """What is put into the document of what was typed: a number as a number, nothing as nothing told, the rest in its own words."""
    words = " ".join(text.split())
    if not words:
        return GONE
    key = key_at(path)
    what = key.kind.what if key else "text"
    if what == "text":
        return words
    if what == "list" and words.casefold() in NONE:
        return ()
    if what == "yes_no" and words.casefold() in ("yes", "no"):
        return words.casefold() == "yes"
    if path[-1] == "fraction" and (WHOLE.fullmatch(words) or NUMBER.fullmatch(words)) and float(words) >= 1:
        # The field shows percent.
        return f"{words} %"
    if WHOLE.fullmatch(words):
        return int(words)
    return float(words) if NUMBER.fullmatch(words) else words


def value_in(found: Read, path: Path) -> str:
    """What a field shows of a text that was read."""
    return shown(path, found.at(path))


def number_shown(path: Path, value: Any) -> float | None:
    """A number as a slider shows it: a fraction in percent."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return round(value * 100, 6) if path[-1] == "fraction" else float(value)


def changes(found: Read, sent: Iterable[tuple[str, str]]) -> Iterator[tuple[Path, str, str]]:
    """The fields whose text is not the one they were shown with: path, what was shown, what was typed."""
    seen: set[Path] = set()
    for name, text in sent:
        path = path_of(name) if name.startswith("f:") else None
        if path is None or path in seen:
            continue
        seen.add(path)
        before = value_in(found, path)
        if " ".join(text.split()) != " ".join(before.split()):
            yield path, before, " ".join(text.split())


def slid(found: Read, sent: Iterable[tuple[str, str]]) -> Iterator[tuple[Path, str, str]]:
    """The sliders that do not stand where they were put."""
    for name, text in sent:
        path = path_of(f"f:{name[2:]}") if name.startswith("s:") else None
        was, moved = dict(sent).get(f"w:{name[2:]}", ""), NUMBER.fullmatch(text) or WHOLE.fullmatch(text)
        if path is not None and moved and text != was:
            yield path, value_in(found, path), f"{text} %" if path[-1] == "fraction" else text


@dataclass(frozen=True)
class Fields:
    """The fields of one text. `unknown`: keys that the plan takes as given."""

    read: Read
    unknown: frozenset[str] = frozenset()

    def field(self, path: Path) -> Field:
        """One field."""
        key = key_at(path)
        assert key is not None, path
        item = key.kind.item or key.kind
        value = value_in(self.read, path)
        words = item.vocabulary if item.what in ("word", "place") else "yes_no" if item.what == "yes_no" else ""
        dotted = ".".join(one for one in path if isinstance(one, str))
        state = "told" if value else "unknown" if dotted in self.unknown else "not_asked"
        numeric = key.kind.what == "number" and not key.kind.units
        return Field(path, title_of(str(path[-1])), help_of(path), value, state, words, numeric, self.problem(path))

    def problem(self, path: Path) -> str:
        """What is wrong with a key, as it stands beside its field."""
        names = {spelled(path)}
        if self.read.understood is not None:
            names.add(spelled(self.read.understood.origin(path)))
        return "; ".join(one.message for one in self.read.problems if one.key in names)

    def several(self, dotted: Iterable[str]) -> list[Field]:
        """Fields by their dotted keys."""
        return [self.field(tuple(one.split("."))) for one in dotted]

    def rows(self, listed: str, *, further: bool = True) -> list[list[Field]]:
        """The entries of a list, with an empty one behind them."""
        around = tuple(listed.split("."))
        number = self.number(around)
        return [
            [self.field((*around, place, key)) for key in ROWS[listed]]
            for place in range(number + (1 if further else 0))
        ]

    def number(self, around: Path) -> int:
        """How many entries a list has."""
        found = self.read.at(around)
        return len(found) if isinstance(found, (list, tuple)) else 0


def vocabularies(fields: Iterable[Field]) -> dict[str, list[str]]:
    """The words offered by the fields of a page, by the id of their list."""
    found: dict[str, list[str]] = {}
    for one in fields:
        if one.words and one.words not in found:
            listed = ("yes", "no") if one.words == "yes_no" else words_of(one.words)
            found[one.words] = [word.replace("_", " ") for word in listed]
    return found


# Who can tell what stands in a list.
LISTS = {"lesions": "radiology", "extrahepatic": "radiology", "history": "oncology", "liver": "radiology"}


def owner_of(item: str) -> str:
    """Who can tell a key."""
    key = item.split(", ", maxsplit=1)[0]
    for name, open_, more in DISCIPLINES:
        if key in (*open_, *more):
            return called("discipline", name)
    return called("discipline", LISTS.get(key.partition(".")[0], "surgery"))
