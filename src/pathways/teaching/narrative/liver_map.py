"""The liver as monospace lines: segments I to VIII as the surgeon stands before them, with the lesions in each.

The patient's right is on the left. The map says where lesions are told to be, no more: an entry of several lesions stands
in every segment it may lie in.
"""

from __future__ import annotations

from collections.abc import Iterable

from pathways.case.models import Lesion
from pathways.facts.patient_assessment import LesionScenario, PatientAssessment
from pathways.liver.anatomy import ROMAN, mask_of, roman, segments_of
from pathways.liver.lesions import lesion_label
from pathways.process.facts import State
from pathways.process.phases import LIVER_DONE

WIDTH = 14
TOP, BOTTOM = (7, 8, 4, 2), (6, 5, 4, 3)
MOST_IN_A_CELL = 2
# Segment IV stands in one tall cell.
LEFT_MEDIAL = 4


def liver_map(assessed: PatientAssessment, state: State, removed: int = 0, closed: int = 0) -> tuple[str, ...]:
    """The map and its legend; `removed` and `closed` are segments taken out and embolised on the way (bit masks)."""
    scenario = LesionScenario(state.extent, state.sites, state.nature)
    # Once the liver is cleared no lesion is left in it; until then all that count are drawn.
    lesions = [] if state.stage in LIVER_DONE else _counted(assessed, scenario)
    gone = removed | assessed.past.gone
    shut = (closed | assessed.past.closed_inflow) & ~gone
    if state.nature == "confirmed":
        lesions = [(label, _proven(lesion)) for label, lesion in lesions]
    cells = {segment: _cell(segment, lesions, gone, shut) for segment in range(1, 9)}
    return (*_grid(cells), *_legend(assessed, lesions, state, gone, shut))


def _counted(assessed: PatientAssessment, scenario: LesionScenario) -> list[tuple[str, Lesion]]:
    return [
        (lesion_label(lesion, index), lesion)
        for index, lesion in enumerate(assessed.case.lesions)
        if scenario.counts(lesion) or lesion.known_as == "vanished"
    ]


def _proven(lesion: Lesion) -> Lesion:
    """A nodule that has been found on the way to be a metastasis."""
    return lesion.model_copy(update={"nature": "confirmed"}) if lesion.known_as == "suspected" else lesion


def _cell(segment: int, lesions: Iterable[tuple[str, Lesion]], gone: int, shut: int) -> tuple[str, str, str]:
    """Three lines of one segment: its numeral, and the lesions in it."""
    bit = mask_of([segment])
    name = ROMAN[segment]
    if gone & bit:
        return name, "removed", ""
    here = [_mark(label, lesion) for label, lesion in lesions if segment in lesion.segment_numbers]
    lines = [" ".join(here[:MOST_IN_A_CELL]), " ".join(here[MOST_IN_A_CELL : 2 * MOST_IN_A_CELL])]
    return f"{name} (closed)" if shut & bit else name, *lines  # type: ignore[return-value]


def _mark(label: str, lesion: Lesion) -> str:
    several = f"×{lesion.count}" if lesion.count and lesion.count > 1 else ""
    sure = {"suspected": "?", "vanished": "°"}.get(lesion.known_as, "")
    return f"{label}{several}{sure}"


def _grid(cells: dict[int, tuple[str, str, str]]) -> list[str]:
    """Four columns: right posterior, right anterior, segment IV, left lateral; segment I behind, drawn below."""

    def line(words: Iterable[str]) -> str:
        return "│" + "│".join(f" {word}"[:WIDTH].ljust(WIDTH) for word in words) + "│"

    def rule(left: str, *joints: str) -> str:
        return left + "".join("─" * WIDTH + joint for joint in joints)

    blank = " " * WIDTH
    lines = [f"{'right':^{2 * WIDTH + 3}}{'left':^{2 * WIDTH + 2}}".rstrip(), rule("┌", "┬", "┬", "┬", "┐")]
    lines += [line(cells[segment][row] for segment in TOP) for row in range(3)]
    lines.append(f"├{'─' * WIDTH}┼{'─' * WIDTH}┤{blank}├{'─' * WIDTH}┤")
    for row in range(3):
        lines.append(line("" if segment == LEFT_MEDIAL else cells[segment][row] for segment in BOTTOM))
    lines.append(rule("└", "┴", "┼", "┴", "┘"))
    caudate = " ".join(part for part in cells[1] if part)
    lines.append(f"{' ' * (2 * WIDTH + 2)}└ {caudate} (behind)")
    return lines


def _legend(
    assessed: PatientAssessment, lesions: list[tuple[str, Lesion]], state: State, gone: int, shut: int
) -> list[str]:
    shrunk = assessed.parameters["shrinkage_of_a_response"].number if state.extent == "responded" else 1.0
    lines = [_described(label, lesion, shrunk) + _touching(assessed, lesion, state) for label, lesion in lesions]
    if not lesions:
        lines.append("no lesion is left in the liver")
    if gone:
        lines.append(f"removed: {roman(gone)}")
    if shut:
        lines.append(f"portal branches closed: {' '.join(ROMAN[one] for one in segments_of(shut))}")
    return lines


def _described(label: str, lesion: Lesion, shrunk: float) -> str:
    """`A: 2 metastases, largest 35 mm, in V VIII, touching the right hepatic vein`."""
    count = lesion.count
    what = {"suspected": "uncertain nodule", "vanished": "site of a vanished metastasis"}.get(
        lesion.known_as, "metastasis"
    )
    if count is None:
        words = f"{label}: {what}, number not told"
    elif count == 1:
        words = f"{label}: {what}"
    else:
        several = {"metastasis": "metastases", "uncertain nodule": "uncertain nodules"}.get(
            what, "sites of vanished metastases"
        )
        words = f"{label}: {count} {several}"
    if lesion.known_as != "vanished":
        words += _sized(lesion, shrunk)
    where = roman(mask_of(lesion.segment_numbers))
    words += f", in {where}"
    if lesion.depth:
        words += f", {lesion.depth}"
    return words


def _touching(assessed: PatientAssessment, lesion: Lesion, state: State) -> str:
    """Vessels that a lesion touches, or that it is held to have let go of in a response."""
    if not lesion.contacts:
        return ""
    vessels = ", ".join(one.replace("_", " ") for one in lesion.contacts or ())
    if assessed.protocol.word("vessel_detachment") == "after_response" and state.extent == "responded":
        return f", free since the response of the {vessels}, which it touched before"
    return f", touching the {vessels}"


def _sized(lesion: Lesion, shrunk: float) -> str:
    if lesion.size_mm is None:
        return ", size not told"
    largest = "largest " if lesion.count != 1 else ""
    if shrunk < 1:
        return f", {largest}about {lesion.size_mm * shrunk:.0f} mm after the response ({lesion.size_mm:g} mm before)"
    return f", {largest}{lesion.size_mm:g} mm"
