"""Law: a case told in the words of the ward is the same case. Shipped and drawn cases are put into other words, key by key.

Whatever is drawn of synonyms, spelling, units, numerals, other names of keys and single values for lists, the case that is read is equal, and
its notes say so. Sixty disguises here; two thousand behind the marker.
"""

import json
import random

import pytest
from shipped import CONSTRUCTED, COURSES, PUBLISHED

import pathways as pw
from pathways.case.course import Course
from pathways.case.loading import course_from
from pathways.case.models import Case
from pathways.documents.problems import DocumentError
from pathways.documents.values import document_of
from pathways.ward.kinds import keys_of, lineage
from pathways.ward.table import SHARED, normal, raw_tables, table

ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII")
FILES = [*PUBLISHED, *CONSTRUCTED]
# Words whose table has another name, or several.
APART = ["-", " ", "_", "  "]


def respelled(text, luck):
    """The same word with other capitals, spaces and hyphens."""
    return "".join(luck.choice(APART) if letter == "_" else luck.choice([letter, letter.upper()]) for letter in text)


def word(kind, value, luck):
    tables = [raw_tables()["words"].get(SHARED.get(name, name), {}) for name in kind.vocabulary.split("|")]
    written = [one for found in tables for one in found.get(value, ())]
    return respelled(luck.choice([value, *written]), luck)


def segment(value, luck):
    return luck.choice(
        [value, str(value), ROMAN[value - 1], f"S{value}", f"seg. {value}", f"segment {ROMAN[value - 1].lower()}"]
    )


def number(value, key, kind, luck):
    """A number with a unit, its own or another one; the key stays."""
    known = [
        (unit, factor)
        for name in kind.units
        for unit, factor in table().units[name].items()
        if not unit.startswith("/")
    ]
    if not known or luck.random() < 0.3:
        return value
    unit, factor = luck.choice(known)
    told = round(value / factor, 9)
    return f"{told:g} {unit}" if float(f"{told:g}") == told and round(told * factor, 6) == value else value


def listed(kind, value, luck, depth):
    inner = [disguised_value(kind.item, one, "", luck, depth) for one in value]
    if kind.item.what == "place" and all(isinstance(one, int) for one in value) and value:
        if len(value) > 1 and list(value) == list(range(value[0], value[-1] + 1)) and luck.random() < 0.4:
            return luck.choice(["{0}-{1}", "S{0} to S{1}"]).format(value[0], value[-1])
        if luck.random() < 0.4:
            return luck.choice([", ", "/", " + ", "; ", " and "]).join(str(one) for one in inner)
    if kind.item.what == "word" and value and luck.random() < 0.4:
        return (
            luck.choice([", ", "; "]).join(inner)
            if not any(set(",;/+&") & set(one) or " and " in one for one in inner)
            else inner
        )
    if kind.empty and not value and luck.random() < 0.5:
        return luck.choice(["none", "No", "nil", "-"])
    return inner


def disguised_value(kind, value, key, luck, depth=0):
    if kind.what in ("word", "place"):
        return segment(value, luck) if isinstance(value, int) else word(kind, value, luck)
    if kind.what == "list":
        return listed(kind, value, luck, depth)
    if kind.what == "model" and isinstance(value, dict):
        return disguised(kind.model, value, luck)
    if kind.what == "mapping":
        return {
            luck.choice([name, f"S{name}", ROMAN[int(name) - 1]]): luck.choice([ml, f"{ml:g} ml"])
            for name, ml in value.items()
        }
    if kind.what == "number" and key == "asa":
        return luck.choice([value, ROMAN[value - 1], f"ASA {ROMAN[value - 1]}"])
    if kind.what == "number" and kind.units:
        return number(value, key, kind, luck)
    if kind.what == "yes_no":
        return luck.choice([value, "yes" if value else "no"])
    if key == "regimen" and "_" in value:
        return respelled(luck.choice([" + ", "/", " plus ", "_"]).join(value.split("_")), luck)
    return value


def other_name(model, key, value, luck):
    """Another name of a key, where it has one that needs no unit, or has its unit with the value."""
    names = [name for of in lineage(model) for name in raw_tables()["keys"]["names"].get(of, {}).get(key, ())]
    units = keys_of(model)[key].kind.units
    fine = [
        name
        for name in names
        if not units
        or normal(name) in table().bare
        or (isinstance(value, str) and value[-1].isalpha() and len(names) == 1)
    ]
    return respelled(normal(luck.choice(fine)), luck) if fine and luck.random() < 0.5 else key


def disguised(model, value, luck):
    found = {}
    for key, told in value.items():
        named = keys_of(model)[key]
        if key in ("schema", "id", "title", "source", "case") and model is not Course:
            found[key] = told
            continue
        written = disguised_value(named.kind, told, key, luck)
        found[other_name(model, key, written, luck)] = written
    return found


def plain(case):
    return json.loads(json.dumps(case.model_dump(by_alias=True, exclude_none=True, exclude_defaults=True)))


def hold(path, seed):
    luck = random.Random(f"{path.stem} {seed}")
    case = pw.load_case(path)
    written = disguised(Case, {"schema": 1, **plain(case)}, luck)
    try:
        read = pw.load_case(written)
    except DocumentError as error:
        raise AssertionError(f"{error}\n{json.dumps(written, ensure_ascii=False)}") from None
    assert read == case, json.dumps(written, ensure_ascii=False)


@pytest.mark.parametrize("path", FILES[:60], ids=lambda path: path.stem)
def test_a_case_in_other_words_is_the_same_case(path):
    hold(path, 0)


@pytest.mark.slow
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_case_in_many_other_words_is_the_same_case(path):
    for seed in range(1, 28):
        hold(path, seed)


@pytest.mark.parametrize("path", COURSES[::4], ids=lambda path: path.stem)
def test_a_course_in_other_words_is_the_same_course(path):
    course = pw.load_course(path)
    events = [
        disguised(keys_of(Course)["events"].kind.item.model, one, random.Random(path.stem))
        for one in plain(course)["events"]
    ]
    read = course_from(document_of({"schema": 1, "case": plain(course)["case"] | {"schema": 1}, "events": events}))
    assert read.events == course.events
