"""The liver in lines: every lesion stands in the cells of its segments, once."""

from builders import assessed

from pathways.liver.anatomy import mask_of
from pathways.process.facts import NEUTRAL, State
from pathways.teaching.narrative.liver_map import liver_map


def mapped(*segments, **on_the_way):
    lesions = [{"id": chr(ord("A") + place), "segments": [one], "count": 1} for place, one in enumerate(segments)]
    return liver_map(assessed(lesions=lesions), State("restaging", **NEUTRAL), **on_the_way)


def test_every_lesion_stands_once_in_the_cell_of_its_segment():
    assert mapped(1, 2, 3, 4, 5, 6, 7, 8)[:11] == (
        "             right                          left",
        "┌──────────────┬──────────────┬──────────────┬──────────────┐",
        "│ VII          │ VIII         │ IV           │ II           │",
        "│ G            │ H            │ D            │ B            │",
        "│              │              │              │              │",
        "├──────────────┼──────────────┤              ├──────────────┤",
        "│ VI           │ V            │              │ III          │",
        "│ F            │ E            │              │ C            │",
        "│              │              │              │              │",
        "└──────────────┴──────────────┼──────────────┴──────────────┘",
        "                              └ I A (behind)",
    )


def test_what_was_removed_or_closed_on_the_way_is_told_in_its_cell_and_below():
    lines = mapped(2, 4, removed=mask_of([6, 7]), closed=mask_of([4]))
    assert lines[2:4] == (
        "│ VII          │ VIII         │ IV (closed)  │ II           │",
        "│ removed      │              │ B            │ A            │",
    )
    assert lines[7] == "│ removed      │              │              │              │"
    assert lines[-2:] == ("removed: VI VII", "portal branches closed: IV")
