"""Makes docs/reference/words.md from the tables of the ward. Run: python docs/words_page.py; a test holds the page to it."""

from collections.abc import Iterator
from pathlib import Path

from pydantic import BaseModel

from pathways.case import models
from pathways.case.course import CourseEvent
from pathways.case.models import for_the_record
from pathways.ward import words_listed
from pathways.ward.kinds import Kind, keys_of
from pathways.ward.table import raw_tables, vocabularies

PAGE = Path(__file__).parent / "reference" / "words.md"
PARTS: tuple[tuple[str, type[BaseModel]], ...] = (
    ("", models.Case), ("patient.", models.Patient), ("primary.", models.Primary), ("liver.", models.Liver),
    ("liver.measured_remnants.", models.MeasuredRemnant), ("lesions.", models.Lesion), ("extrahepatic.", models.ExtrahepaticDisease),
    ("history.", models.HistoryEvent), ("events.", CourseEvent),
)  # fmt: skip
HEAD = """# The words of a case

What a file may say, and what else is understood. The words in the first column are those of the format; what stands beside them is what a
ward writes, read as that word and said back once (`read as: ...`; `understood` in JSON). Capitals, spaces, hyphens and American spelling make
no difference. A look-up is exact: a word that may mean two things is asked for and never guessed, and two words that contradict each other
are refused with both places. What is suggested after a slip of the pen is the same word, never another meaning; a short code gets no
suggestion. Courses, event logs, cohorts and teaching scenarios are read in the same way; `pathways schema case` is stricter and leads an
editor to the words of the format.
"""
SEGMENTS = """## Segments

`8` `S8` `seg. 8` `VIII` are segment 8; `5-8` and `V to VIII` are 5, 6, 7 and 8; `6/7`, `II, III` and `5 and 8` name several. The halves of IV
(`4a`, `IVb`) are read as segment 4, and it is said that the half is not kept; volumes of both halves are added. Where segments are listed, also:
"""
NUMBERS = """## Numbers with a unit

The unit of a number is the end of its key. Another unit may stand with the number (`size_mm: 3.5 cm`) or at the end of the key (`size_cm: 3.5`);
a key without its unit (`size: 3.5 cm`) needs one with the number. The decimal mark is a point. ASA may be Roman (`II`).

| key ends in | also |
|---|---|
"""
REGIMENS = """## Regimens

A regimen is a backbone or a drug and its partners, joined by `+`, `/`, `and` or spaces: `mFOLFOX6 + bevacizumab` is `folfox_bevacizumab`. A text
with any part that is not known is kept as it is, and unknown as a whole: its interval before an operation is not known, and it is held to the
longest of the protocol.

| drug | also written | interval |
|---|---|---|
"""
INTERVALS = {
    "backbones": "cytotoxic", "bevacizumab": "bevacizumab", "antibody": "antibody", "other": "not known", "not_cytotoxic": "not known; no chemotherapy",
    "immunotherapy": "not known; no chemotherapy", "kinase_inhibitor": "kinase inhibitor; no chemotherapy", "support": "none of its own",
}  # fmt: skip


def page() -> str:
    """The whole page."""
    parts = [HEAD, *_vocabularies(), _places(), _units(), _regimens(), *_keys(), _nothing_known()]
    return "\n".join(one.rstrip() + "\n" for one in parts)


def _uses(kind: Kind) -> Iterator[str]:
    for one in (kind, kind.item):
        if one is not None and one.vocabulary:
            yield one.vocabulary


def _where() -> dict[str, list[str]]:
    """Every vocabulary with the keys in which its words stand."""
    found: dict[str, list[str]] = {}
    for before, model in PARTS:
        for key in keys_of(model).values():
            for name in _uses(key.kind):
                found.setdefault(name, []).append(f"`{before}{key.name}`")
    # The events of a course are those of a history and some more.
    found.setdefault("HistoryEventName|CourseOnlyEventName", []).extend(found.pop("HistoryEventName", []))
    found["ColorectalSite"] = ["`primary.site` of a colorectal tumour"]
    return found


def _vocabularies() -> Iterator[str]:
    for name, keys in _where().items():
        rows = [f"## {', '.join(sorted(set(keys)))}", "", "| word | also written |", "|---|---|"]
        rows += [
            f"| `{word}` | {', '.join(words_listed.also_written(name, word))} |" for word in words_listed.words_of(name)
        ]
        more = words_listed.says_more(name)
        if more:
            rows += ["", "| says more | is |", "|---|---|"]
            rows += [f"| {written} | {_meaning(entry)} |" for written, entry in more.items()]
        asked = words_listed.is_asked_for(name)
        if asked:
            rows += [
                "",
                "| not guessed | answer |",
                "|---|---|",
                *(f"| {word} | {answer} |" for word, answer in asked.items()),
            ]
        yield "\n".join(rows)


def _meaning(entry: dict[str, object]) -> str:
    beside = [f"`{key}: {_plain(value)}`" for key, value in entry.items() if key not in ("is", "or", "site_in")]
    sites = entry.get("site_in")
    asked = f" (asked for where the site is none of {', '.join(sites)})" if isinstance(sites, list | tuple) else ""
    return ", ".join([f"`{entry['is']}`", *beside]) + asked


def _plain(value: object) -> str:
    return f"[{', '.join(map(str, value))}]" if isinstance(value, list | tuple) else str(value)


def _places() -> str:
    listed = raw_tables()["implied"]["places"]
    return SEGMENTS + "\n" + "\n".join(f"- {name}: {' '.join(map(str, places))}" for name, places in listed.items())


def _units() -> str:
    rows = []
    for end, units in raw_tables()["units"].items():
        if end != "roman":
            rows.append(f"| `{end}` | {', '.join(f'{unit} (× {factor:g})' for unit, factor in units.items())} |")
    return NUMBERS + "\n".join(rows)


def _regimens() -> str:
    rows = [
        f"| `{drug}` | {', '.join(others)} | {INTERVALS[kind]} |"
        for kind, drugs in raw_tables()["regimens"].items() if kind not in ("joined_by", "holds") for drug, others in drugs.items()
    ]  # fmt: skip
    return REGIMENS + "\n".join(rows)


def _keys() -> Iterator[str]:
    rows = ["## Other names of keys", "", "| key | also |", "|---|---|"]
    answers = ["## Keys that are answered", "", "| key | answer |", "|---|---|"]
    for before, model in PARTS:
        if model is CourseEvent:
            continue
        rows += [f"| `{before}{key}` | {', '.join(names)} |" for key, names in words_listed.other_names(model).items()]
        answers += [f"| `{before}{key}` | {words} |" for key, words in words_listed.answers_to_keys(model).items()]
    rows += [
        "| `primary.ras` | kras and nras: mutated where one is, wild type where both are |", "| `primary.node_positive` | stage, tnm: what it tells of the nodes |",
        "| `patient.weight_kg` `patient.height_cm` | bmi beside the other |", "| `liver.measured_remnants` | flr_percent, flr_ml, volumetry, with the segments that would go |",
    ]  # fmt: skip
    yield "\n".join(rows)
    yield "\n".join(answers)


def _nothing_known() -> str:
    keys = raw_tables()["keys"]
    nothing, not_known = (", ".join(f"`{one}`" for one in keys[name]) for name in ("nothing", "not_known"))
    record = ", ".join(f"`{key}`" for key in sorted(for_the_record()))
    return f"""## Nothing, and not known

Where a list is meant, {nothing} is an empty one: there is none. {not_known} leave a key out: it is not known.

For the record only, read by no rule: {record}. {len(vocabularies())} lists of words in all.
"""


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
