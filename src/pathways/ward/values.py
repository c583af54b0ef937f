"""One value as it was written on the ward, as the value a case file has: words, segments, numbers with their unit, yes and no.

Each function answers with what was meant, or with None where it does not know: nothing is guessed.
"""

from __future__ import annotations

import re
from typing import Any

from pathways.ward.kinds import Kind
from pathways.ward.table import Meant, normal, table
from pathways.words import REGION_SEGMENTS

ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii")
SEGMENT = re.compile(r"(?:s|sg|seg|segs|segment|segments|couinaud)?_?(?:([1-8])|(viii|vii|vi|iv|v|iii|ii|i))_?([ab])?")
RANGE = re.compile(r"(.+?)\s*(?:-|\u2013|\bto\b)\s*(.+)")
SEPARATORS = re.compile(r"\s*(?:[,;/+&]|\band\b)\s*")
NUMBER = re.compile(r"([+-]?\d+(?:[.,]\d+)?)\s*(\D.*)?")
# A comma before three figures is a decimal point to some and the mark of thousands to others; after a zero it is no mark of thousands.
THOUSANDS = re.compile(r"[+-]?[1-9]\d*,\d{3}")
LONGEST = 200
# The vocabulary of places that knows the halves of segment IV.
HALVED = "Region"


def not_known(value: Any) -> bool:
    """Whether `value` says that nothing is known: the key might as well be left out."""
    return isinstance(value, str) and (value.strip() == "?" or normal(value) in table().lists["not_known"])


def nothing(value: Any) -> bool:
    """Whether `value` says that there is none, where a list is meant."""
    return isinstance(value, str) and (value.strip() == "-" or normal(value) in table().lists["nothing"])


def meant(vocabulary: str, value: Any) -> Meant | None:
    """What a word of a vocabulary means."""
    if not isinstance(value, str) or len(value) > LONGEST:
        return None
    word = normal(value)
    found = next((one for name in vocabulary.split("|") if (one := table().words.get(name, {}).get(word))), None)
    if found is None and vocabulary == "Ras" and _is_ras_mutation(value):
        return Meant("mutated")
    return found


def _is_ras_mutation(value: str) -> bool:
    """Whether `value` names a mutation of KRAS or NRAS as a pathologist does: G12D, KRAS p.G13D, NRAS Q61K."""
    return bool(re.fullmatch(r"(?:[kn]?ras_)?(?:p_)?[gaqk](?:12|13|59|61|117|146)[a-z]", normal(value)))


def answer(vocabulary: str, value: Any) -> str:
    """What is said of a word that may mean more than one thing, or none of ours; "" for any other."""
    if not isinstance(value, str) or len(value) > LONGEST:
        return ""
    answers = table().answers
    known = answers.get("Event" if "Event" in vocabulary else vocabulary, {})
    return known.get(normal(value), "")


def yes_no(value: Any) -> bool | None:
    """Yes or no in a word."""
    if not isinstance(value, str):
        return None
    word = normal(value)
    return True if word in table().lists["yes"] else False if word in table().lists["no"] else None


def number(value: Any, kind: Kind) -> float | None:
    """A number written with its unit, in the unit of its key; a bare number in quotation marks is that number."""
    found = _written(value)
    if not found:
        return None
    factor = 1.0 if not found[2] else factor_of(found[2], kind.units)
    return None if factor is None else scaled(_figure(found[1]), factor)


def two_numbers(value: Any) -> str:
    """What is said of a number whose comma may mean two things; "" for any other."""
    found = NUMBER.fullmatch(value.strip()) if isinstance(value, str) and len(value) < LONGEST else None
    if not found or not THOUSANDS.fullmatch(found[1]):
        return ""
    return f"{found[1]} may be {_figure(found[1]):g} or {found[1].replace(',', '')}: write the one that is meant"


def _written(value: Any) -> re.Match[str] | None:
    """A number and its unit in a text, where the text means one number only."""
    found = NUMBER.fullmatch(value.strip()) if isinstance(value, str) and len(value) < LONGEST else None
    return None if found is None or THOUSANDS.fullmatch(found[1]) else found


def _figure(text: str) -> float:
    return float(text.replace(",", "."))


def with_unit(value: Any, kind: Kind) -> float | None:
    """As `number`, but for none without its unit."""
    return None if bare_number(value) is not None else number(value, kind)


def bare_number(value: Any) -> float | None:
    """A number without a unit, in quotation marks or not."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return value
    found = _written(value)
    return _figure(found[1]) if found and not found[2] else None


def factor_of(unit: str, units: tuple[str, ...]) -> float | None:
    """How many of a key's units one of `unit` is; None for one that its tables do not name."""
    wanted = re.sub(r"\s+", "", unit).casefold()
    return next((known for name in units if (known := table().units[name].get(wanted)) is not None), None)


def factor_of_suffix(suffix: str, units: tuple[str, ...]) -> float | None:
    """How many of a key's units one of the unit is that ends another name of it: `cm` for millimetres is 10, `mg_dl` or `mg_per_dl` too."""
    for name in units:
        if normal(name) == suffix:
            return 1.0
        for unit, factor in table().units[name].items():
            if suffix in (normal(unit), normal(unit.replace("/", "_per_"))):
                return factor
    return None


def scaled(value: float, factor: float) -> float:
    """`value` times `factor`, without the last bits of a division; whole numbers stay whole."""
    found = round(value * factor, 6)
    return int(found) if found.is_integer() else found


def grade(value: Any, key: str) -> int | None:
    """A grade in Roman numerals, or with the name of its scale before it: II, ASA 2, PS 1."""
    if not isinstance(value, str) or len(value) > LONGEST:
        return None
    word = re.sub(r"^(?:asa|ecog|ps|who|class|grade)_?", "", normal(value))
    numerals = [normal(one) for one in table().roman.get(key, ())]
    if word in numerals:
        return numerals.index(word) + 1
    return int(word) if re.fullmatch(r"\d", word) else None


def places(value: Any, vocabulary: str) -> tuple[Any, ...] | None:
    """The segments or regions that a text names: S8, IVa, 5-8, II/III, right liver."""
    if not isinstance(value, str) or not value.strip() or len(value) > LONGEST or answer(vocabulary or "Region", value):
        return None
    whole = _place(value, vocabulary)
    if whole is not None:
        return whole
    parts = [one for one in SEPARATORS.split(value.strip()) if one]
    if len(parts) == 1:
        parts = value.split()
    several = [one if (one := _place(part, vocabulary)) is not None else _range(part) for part in parts]
    if not several or any(one is None for one in several):
        return None
    return tuple(dict.fromkeys(place for one in several for place in one or ()))


def _place(text: str, vocabulary: str) -> tuple[Any, ...] | None:
    segment = _segment(text)
    if segment is not None and is_half(text) and vocabulary == HALVED:
        return (f"{segment}{normal(text)[-1]}",)
    if segment is not None:
        return (segment,)
    region = meant(vocabulary or "Region", text)
    if region is not None:
        return (region.word,) if vocabulary else REGION_SEGMENTS[region.word]
    return table().places.get(normal(text)) or _range(text)


def _segment(text: str) -> int | None:
    found = SEGMENT.fullmatch(normal(text))
    if not found:
        return None
    number = int(found[1]) if found[1] else ROMAN.index(found[2]) + 1
    # Only segment IV has halves.
    return None if found[3] and number != 4 else number  # noqa: PLR2004


def is_half(value: Any) -> bool:
    """Whether a text names a half of segment IV alone, of which only the segment is kept."""
    return isinstance(value, str) and _segment(value) is not None and normal(value)[-1] in "ab"


def _range(text: str) -> tuple[int, ...] | None:
    """`5-8` and `V to VIII`: from the first to the last."""
    ends = RANGE.fullmatch(text.strip())
    first, last = (_segment(ends[1]), _segment(ends[2])) if ends else (None, None)
    return tuple(range(first, last + 1)) if first and last and first < last else None
