"""The case: the drawn liver with a button for each segment, the case read back, the facts by who can tell them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from pathways.drawing.liver import LiverState, liver, state_of
from pathways.drawing.liver_geometry import FACES, HEIGHT, WIDTH, path
from pathways.drawing.svg import Drawn, element
from pathways.liver.anatomy import roman
from pathways.messages.catalogue import called, say
from pathways.page import lesions
from pathways.page.fields import ABOUT, DISCIPLINES, MORE_OF_A_LESION, NONE, ROWS, Field, Fields, vocabularies
from pathways.page.pathways import table_of
from pathways.page.shared import Told, on_today, turning, wrong
from pathways.page.sitting import Sitting
from pathways.report import gaps
from pathways.report.words import understood_words
from pathways.teaching.narrative.referral import story

# Lists that a discipline tells, and who tells them.
LISTED = {"radiology": ("liver.measured_remnants", "extrahepatic"), "oncology": ("history",)}


def case_screen(sitting: Sitting) -> Told:
    """The drawn liver, the case read back, the facts by discipline."""
    plan, fields = sitting.plan, sitting.fields
    told = [*_entries(sitting, fields)]
    about = fields.several(ABOUT)
    disciplines = [_discipline(fields, *one) for one in DISCIPLINES]
    shown: list[Field] = [*about, *(each for one in told for each in (*one["fields"], *one["more"]))]
    for one in disciplines:
        shown += [*one["fields"], *one["more"], *(each for row in one["rows"] for each in row["fields"])]
    current = lesions.current_of(sitting.read, sitting.current)
    pressed = lesions.in_segments(sitting.read, current)
    found = lesions.entries(sitting.read)
    vessel_of = current if current is not None else len(found) - 1
    case = sitting.read.case
    counted = {state: sum(one.state == state for one in shown) for state in ("told", "unknown", "not_asked")}
    return {
        "wrong": wrong(sitting), "turning": turning(sitting), "found": on_today(plan) if plan else None,
        "liver": _drawn(sitting), "lesions": told if sitting.read.understood else [], "about": about,
        "disciplines": disciplines if sitting.read.understood else [], "fields_shown": sitting.read.understood is not None,
        "segments": [
            {"number": one, "roman": roman(1 << (one - 1)), "pressed": one in pressed, "words": say("bench.segment", segment=roman(1 << (one - 1)))}
            for one in lesions.SEGMENTS
        ],
        "vessels": [
            {"id": one, "words": called("vessel", one), "state": _touch(found[vessel_of], one) if 0 <= vessel_of < len(found) else ""}
            for one in lesions.VESSELS
        ],
        "vessel_lesion": lesions.label_of(found[vessel_of], vessel_of) if 0 <= vessel_of < len(found) else "",
        "story": story(case) if case else [], "in_liver": " ".join(_read_back(one) for one in told) if case else "",
        **(table_of(sitting, plan, sitting.view) if plan and sitting.view else {"rows": []}), "understood": understood_words(case) if case else "",
        "missing_lines": gaps.lines(plan) if plan else [], "vocabularies": vocabularies(shown),
        "counts": say("bench.counts", told=counted["told"], unknown=counted["unknown"], not_asked=counted["not_asked"]),
        "lines": ",".join(str(one.line) for one in sitting.read.problems),
        "save_name": sitting.file or sitting.free_name,
    }  # fmt: skip


def _touch(entry: Told, vessel: str) -> str:
    if vessel in (entry.get("invades") or ()):
        return say("bench.invaded")
    return say("bench.touched") if vessel in (entry.get("contacts") or ()) else ""


def _entries(sitting: Sitting, fields: Fields) -> Iterator[Told]:
    """The lesions with their fields; the place kept for a lesion not yet told is none."""
    for place, entry in enumerate(lesions.entries(sitting.read)):
        if lesions.nowhere(entry) and len(lesions.entries(sitting.read)) == 1 and "id" not in entry:
            continue
        more = [fields.field(("lesions", place, key)) for key in MORE_OF_A_LESION]
        yield {
            "place": place, "label": lesions.label_of(entry, place), "more": more, "more_told": any(one.value or one.problem for one in more),
            "fields": [fields.field(("lesions", place, key)) for key in ROWS["lesions"]],
            "segments": " ".join(map(str, lesions.places(entry))),
            "marks": [
                {"id": mark, "words": _mark_words(mark), "pressed": entry.get(word[0]) == word[1]}
                for mark, word in lesions.MARKS.items()
            ],
        }  # fmt: skip


def _read_back(one: Told) -> str:
    """A lesion as the room hears it: what is told of it, and which of number and size is not."""
    told = {field.path[-1]: field.value for field in one["fields"]}
    parts = [
        say("bench.number", number=told["count"]) if told["count"] else say("picture.number_untold"),
        say("bench.size", size=told["size_mm"]) if told["size_mm"] else say("picture.size_untold"),
    ]
    if told["contacts"]:
        none = told["contacts"] == NONE[0]
        parts.append(say("bench.touching_none") if none else say("bench.touching", vessels=told["contacts"]))
    if told["invades"]:
        parts.append(say("bench.growing_into", vessels=told["invades"]))
    parts += [told[key] for key in ("depth", "nature") if told[key]]
    return say("bench.read_lesion", label=one["label"], segments=told["segments"], parts=", ".join(parts))


def _mark_words(mark: str) -> str:
    return called("depth", "deep") if mark == "deep" else called("nature", mark)


def _discipline(fields: Fields, name: str, open_: tuple[str, ...], more: tuple[str, ...]) -> Told:
    further = fields.several(more)
    rows = []
    for listed in LISTED.get(name, ()):
        several = fields.rows(listed)
        for at, row in enumerate(several):
            words = _row_words(listed, at, last=at == len(several) - 1)
            rows.append({"words": words, "fields": row})
    first = fields.several(open_)
    if name == "radiology":
        first.append(_none_elsewhere(fields))
    return {
        "words": called("discipline", name), "fields": first, "more": further, "rows": rows,
        "more_told": any(one.value or one.problem for one in further),
    }  # fmt: skip


def _none_elsewhere(fields: Fields) -> Field:
    """Disease elsewhere as one field: none, or a place; places that are told have rows."""
    return fields.field(("extrahepatic",))


def _row_words(listed: str, at: int, *, last: bool) -> str:
    what = called("listed", listed.rpartition(".")[2])
    return say("bench.another", what=what) if last else say("bench.numbered", what=what, number=at + 1)


def _drawn(sitting: Sitting) -> Drawn:
    """The liver with its lesions; a transparent copy of the segments lies over it for whoever taps beside a button."""
    plan = sitting.plan
    state = state_of(plan.graph.facts.assessed) if plan else LiverState()
    told = lesions.entries(sitting.read)
    if len(told) == 1 and lesions.nowhere(told[0]):
        state = replace(state, lesions=())
    faces = [element("path", d=path(borders), class_="face", data_segment=one[0]) for one, borders in FACES.items()]
    over = element("svg", *faces, viewBox=f"0 0 {WIDTH:g} {HEIGHT:g}", class_="faces", aria_hidden="true")
    return Drawn(liver(state, name="liver", title=say("bench.liver")) + over)
