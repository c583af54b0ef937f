"""Whether an overlay replaces what its base has, with values that can stand there and sources that are known."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, get_args

from pathways import words
from pathways.documents.problems import DocumentError, Problem, nearest, shortened, shown
from pathways.documents.reader import Document
from pathways.knowledge.model import Setting

# No unit of a setting reaches this: days, weeks, mm, cycles and concentrations alike. More is a slip of the keyboard.
LARGEST = 10_000
# What is divided by, or counted in, cannot be nothing.
LEAST = {
    "cycles_per_block": 1,
    "perioperative_cycles_before": 1,
    "cycle_weeks": 1,
    "short_cycle_weeks": 1,
    "long_cycle_weeks": 1,
}
# Settings that a stricter one may not undercut: each at most the next, in the protocol as a whole.
IN_ORDER = (
    ("remnant_limit_normal", "remnant_limit_exposed"),
    ("remnant_limit_normal", "remnant_limit_injured"),
    ("remnant_limit_injured", "remnant_limit_cirrhosis"),
    ("remnant_body_weight_normal", "remnant_body_weight_damaged"),
    ("soft_cycles", "hard_cycles"),
    ("limited_resection_max_mm_deep", "limited_resection_max_mm"),
    ("ecog_max_major", "ecog_max_minor"),
    ("child_pugh_major", "child_pugh_minor"),
    ("bilirubin_max_major", "bilirubin_max_minor"),
    ("albumin_min_minor", "albumin_min_major"),
    ("platelets_min_operation", "platelets_min_cirrhosis"),
    ("haemoglobin_transfused_below", "anaemia_below_female"),
    ("anaemia_below_female", "anaemia_below_male"),
    ("transplant_age_min", "transplant_age_max"),
    ("pregnancy_systemic_from_week", "pregnancy_systemic_to_week"),
)
# Most points of the clinical risk score (Fong).
MOST_POINTS = 5
VOCABULARIES = {
    "tumours": get_args(words.Tumour),
    "sites": get_args(words.ExtrahepaticSite),
    "policies": ("resect_site", "ablate", "watch"),
    "backgrounds": get_args(words.Background),
    "findings at a lesion": ("invasion", "thrombus", "bile_duct"),
    "growth stimuli": ("pve", "lvd", "split"),
}


def check(
    document: Document,
    overlay: Mapping[str, Any],
    bases: Mapping[str, Mapping[str, Setting]],
    sources: Iterable[str],
) -> None:
    """Raises DocumentError where `overlay`, the plain values of `document`, cannot be laid over its base."""
    if overlay["based_on"] not in bases:
        accepted = f"{', '.join(bases)}{nearest(overlay['based_on'], bases)}"
        raise DocumentError(
            [document.problem(("based_on",), f"got {shown(overlay['based_on'])}; accepted: {accepted}")]
        )
    base = bases[overlay["based_on"]]
    known = {*sources, *overlay.get("references", {})}
    problems = []
    for key, entry in overlay["replaces"].items():
        where = ("replaces", key)
        if key not in base:
            message = f"unknown setting {shown(key)}; accepted: {', '.join(base)}{nearest(key, base)}"
            problems.append(document.problem(where, message, at_key=True))
            continue
        wrong = _wrong_value(base[key], entry["value"])
        if wrong:
            problems.append(document.problem((*where, "value"), wrong))
        problems += [
            document.problem(
                (*where, "sources", index),
                f"got {shown(one)}; accepted: a known source or one under references{nearest(one, sorted(known))}",
            )
            for index, one in enumerate(entry["sources"])
            if one not in known
        ]
    if problems:
        raise DocumentError(problems)
    contradictions = list(_contradictions(document, overlay["replaces"], base))
    if contradictions:
        raise DocumentError(contradictions)


def _contradictions(document: Document, replaced: Mapping[str, Any], base: Mapping[str, Setting]) -> Iterator[Problem]:
    """Limits of the whole protocol of which the stricter is the looser; told at the one that was replaced."""

    def value(key: str) -> Any:
        return replaced[key]["value"] if key in replaced else base[key].value

    for less, more in IN_ORDER:
        key = less if less in replaced else more
        if key in replaced and value(less) > value(more):
            other = more if key == less else less
            message = (
                f"{less} {value(less)} is above {more} {value(more)}, which is "
                f"{'replaced here too' if other in replaced else 'of the base'}; accepted: {less} at most {more}"
            )
            yield document.problem(("replaces", key, "value"), message)
    yield from _asked_for_and_not_offered(document, replaced, value)


def _asked_for_and_not_offered(
    document: Document, replaced: Mapping[str, Any], value: Callable[[str], Any]
) -> Iterator[Problem]:
    """Systemic treatment that has to come first by points, of a centre that offers none around an operation: nothing would be open."""
    offered, points = "perioperative_accepted", "systemic_first_from_points"
    key = points if points in replaced else offered
    if key in replaced and not value(offered) and value(points) <= MOST_POINTS:
        message = (
            f"{points} {value(points)} asks for systemic treatment first, which {offered} false does not offer; accepted: "
            f"{points} {MOST_POINTS + 1}, which asks nobody, or {offered} true"
        )
        yield document.problem(("replaces", key, "value"), message)


def _wrong_value(setting: Setting, value: Any) -> str:
    """Why `value` cannot stand for `setting`, or nothing."""
    got = f"got {shortened(repr(value))}; accepted"
    if isinstance(setting.value, bool):
        return "" if isinstance(value, bool) else f"{got}: true or false"
    if isinstance(setting.value, (int, float)):
        return _wrong_number(setting, value, got)
    if isinstance(setting.value, (list, tuple)):
        if not isinstance(value, (list, tuple)):
            return f"{got}: a list, such as {list(setting.value)}"
        accepted = VOCABULARIES.get(setting.unit, ())
        wrong = [one for one in value if not isinstance(one, str) or (accepted and one not in accepted)]
        if not wrong:
            return ""
        words = f"{', '.join(accepted)}{nearest(wrong[0], accepted)}" if accepted else "words"
        return f"got {shown(wrong[0])} in the list; accepted: {words}"
    # The unit of a choice names its words; classes have a name of their own.
    words_of_unit = tuple(setting.unit.split())
    choices = words_of_unit if setting.value in words_of_unit else ("A", "B", "C")
    return "" if value in choices else f"{got}: {', '.join(choices)}{nearest(value, choices)}"


def _wrong_number(setting: Setting, value: Any, got: str) -> str:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return f"{got}: a number ({setting.unit})"
    if setting.unit == "fraction" and not 0 <= value <= 1:
        return f"{got}: a fraction from 0 to 1, so 0.30 for 30 %"
    least = LEAST.get(setting.key, 0)
    if value < least:
        return f"{got}: {f'{least} or more' if least else 'a number above 0'} ({setting.unit})"
    if value > LARGEST:
        return f"{got}: at most {LARGEST} ({setting.unit})"
    if isinstance(setting.value, int) and value != int(value):
        return f"{got}: a whole number ({setting.unit})"
    return ""
