"""Whether an overlay replaces what its base has, with values that can stand there and sources that are known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pathways.documents.problems import DocumentError, nearest
from pathways.documents.reader import Document
from pathways.knowledge.model import Setting


def check(
    document: Document,
    overlay: Mapping[str, Any],
    bases: Mapping[str, Mapping[str, Setting]],
    sources: Iterable[str],
) -> None:
    """Raises DocumentError where `overlay`, the plain values of `document`, cannot be laid over its base."""
    if overlay["based_on"] not in bases:
        accepted = f"{', '.join(bases)}{nearest(overlay['based_on'], bases)}"
        raise DocumentError([document.problem(("based_on",), f'got "{overlay["based_on"]}"; accepted: {accepted}')])
    base = bases[overlay["based_on"]]
    known = {*sources, *overlay.get("references", {})}
    problems = []
    for key, entry in overlay["replaces"].items():
        where = ("replaces", key)
        if key not in base:
            message = f'unknown setting "{key}"; accepted: {", ".join(base)}{nearest(key, base)}'
            problems.append(document.problem(where, message, at_key=True))
            continue
        wrong = _wrong_value(base[key], entry["value"])
        if wrong:
            problems.append(document.problem((*where, "value"), wrong))
        problems += [
            document.problem(
                (*where, "sources", index),
                f'got "{one}"; accepted: a known source or one under references{nearest(one, sorted(known))}',
            )
            for index, one in enumerate(entry["sources"])
            if one not in known
        ]
    if problems:
        raise DocumentError(problems)


def _wrong_value(setting: Setting, value: Any) -> str:
    """Why `value` cannot stand for `setting`, or nothing."""
    if isinstance(setting.value, bool):
        return "" if isinstance(value, bool) else f"got {value!r}; accepted: true or false"
    if isinstance(setting.value, (int, float)):
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            return f"got {value!r}; accepted: a number ({setting.unit})"
        if setting.unit == "fraction" and not 0 <= value <= 1:
            return f"got {value}; accepted: a fraction from 0 to 1, so 0.30 for 30 %"
        if value < 0 or (setting.key == "cycles_per_block" and value < 1):
            return f"got {value}; accepted: a number above 0 ({setting.unit})"
        if isinstance(setting.value, int) and value != int(value):
            return f"got {value}; accepted: a whole number ({setting.unit})"
        return ""
    if isinstance(setting.value, (list, tuple)):
        return (
            ""
            if isinstance(value, (list, tuple))
            else f"got {value!r}; accepted: a list, such as {list(setting.value)}"
        )
    classes = ("A", "B", "C")
    choices = {
        "vessel_detachment": ("never", "after_response", "always"), "child_pugh_major": classes,
        "child_pugh_minor": classes, "child_pugh_ablation": classes,
        "mortality_level": ("national", "experienced_centre"),
    }  # fmt: skip
    accepted = choices[setting.key]
    return "" if value in accepted else f"got {value!r}; accepted: {', '.join(accepted)}{nearest(value, accepted)}"
