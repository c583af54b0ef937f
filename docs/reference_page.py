"""Makes docs/reference/case-file.md from the models. Run: python docs/reference_page.py; a test holds the page to it."""

from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel

from pathways.case import models
from pathways.case.course import CourseEvent

PAGE = Path(__file__).parent / "reference" / "case-file.md"
PARTS: tuple[tuple[str, type[BaseModel]], ...] = (
    ("The case", models.Case),
    ("`source`", models.Source),
    ("`patient`", models.Patient),
    ("`primary`", models.Primary),
    ("`liver`", models.Liver),
    ("`liver.measured_remnants`", models.MeasuredRemnant),
    ("`lesions`", models.Lesion),
    ("`extrahepatic`", models.ExtrahepaticDisease),
    ("`history`", models.HistoryEvent),
    ("`events` of a course", CourseEvent),
)
INTRODUCTION = """# The case file

YAML, at most 1 MiB (aliases are read as what they stand for); an unknown key is an error. A star marks a required key. Absent means
unknown: never fine, never refused. Weeks are relative to today, so negative; segments are numbers 1 to 8.
`right_liver` is V to VIII, `left_liver` II to IV, `left_lateral` II and III, `whole_liver` I to VIII. An entry of
several lesions lies spread over its segments. What else is understood for keys, words and numbers: [words](words.md). For an editor, put
this line first (the path is relative to the file): `# yaml-language-server: $schema=case.schema.json`; `pathways new` and
`pathways example` put the line into the file and the schema beside it.

A *course* is `{schema: 1, case: a case or the name of its file, events: [...]}`: the case as it was on day 0 and what
followed, in order; `session` joins what was done in one session where days are not told.
"""


def page() -> str:
    """The whole page."""
    return "\n".join([INTRODUCTION, *(_part(title, model) for title, model in PARTS)])


def _part(title: str, model: type[BaseModel]) -> str:
    rows = [f"## {title}", "", "| key | meaning | accepted |", "|---|---|---|"]
    for name, field in model.model_fields.items():
        star = " *" if field.is_required() else ""
        rows.append(f"| `{field.alias or name}`{star} | {field.description or ''} | {_accepted(field)} |")
    return "\n".join(rows) + "\n"


def _accepted(field: Any) -> str:
    words = _words(field.annotation)
    if words:
        return " ".join(f"`{word}`" for word in words)
    limits = {type(one).__name__: one for one in field.metadata}
    low = next((getattr(limits[name], key) for name, key in (("Ge", "ge"), ("Gt", "gt")) if name in limits), None)
    high = next((getattr(limits[name], key) for name, key in (("Le", "le"), ("Lt", "lt")) if name in limits), None)
    return "" if low is None and high is None else f"{low} to {high}" if high is not None else f"from {low}"


def _words(annotation: Any) -> list[str]:
    """Every accepted word under an annotation, looking through optional, lists and unions."""
    found: list[str] = []
    for argument in get_args(annotation):
        if isinstance(argument, str):
            found.append(argument)
        elif argument is not type(None) and not isinstance(argument, int):
            found += _words(argument)
    return list(dict.fromkeys(found))


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
