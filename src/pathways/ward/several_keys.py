"""What several keys say together, or one key of several: stage, KRAS and NRAS, body mass index, volumetry, the operation that names a place.

Each function reads the keys of one part that are not its own, takes what it understands, and leaves the rest.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from pathways.documents.reader import Path
from pathways.ward import values
from pathways.ward.kinds import Kind
from pathways.ward.notebook import Part, is_number, said
from pathways.ward.table import normal

# The nodes of a TNM stage. After treatment before the operation (y) nodes that are free now say nothing of those before it.
NODES = re.compile(r"(y?)[cp]?N(0|1[abc]?|2[abc]?|3|\+|x)", re.IGNORECASE)
# Names that tell of a part, and are no key of it: what each says stands below.
NAMES: dict[str, frozenset[str]] = {
    "Patient": frozenset({"bmi"}),
    "Primary": frozenset({"kras", "nras", "stage", "tnm", "ptnm", "ctnm", "n_stage", "pn", "cn"}),
    "Liver": frozenset({
        "steatosis_percent", "fat_percent", "flr", "flr_percent", "frl_percent", "flr_fraction", "flr_share", "remnant_percent", "flr_ml",
        "flr_volume_ml", "remnant_ml",
    }),
}  # fmt: skip
SAME_INDEX = 1.0
CM_PER_M = 100
FATTY = ("steatosis", "steatohepatitis")
SHARE = Kind("number", units=("fraction",))
VOLUME = Kind("number", units=("ml",))


def several_keys(part: Part) -> None:
    """Whatever of the part is told by several keys."""
    for name, function in FUNCTIONS:
        if any(one.__name__ == name for one in part.model.__mro__):
            function(part)


def _site(part: Part) -> None:
    """The part of the bowel; for other tumours the site is free text."""
    site = part.result.get("site")
    if part.result.get("tumour") != "colorectal" or not isinstance(site, str):
        return
    found = values.meant("ColorectalSite", site)
    if found is not None and found.word != site:
        part.result["site"] = found.word
        part.reading.note(part.sources["site"], site, found.word)


def _nodes(part: Part) -> None:
    """The nodes, from a stage."""
    told = part.result.get("node_positive")
    if isinstance(told, str):
        positive = _positive(told)
        if positive is not None:
            part.result["node_positive"] = positive
            part.reading.note(part.sources["node_positive"], told, str(positive).lower())
    for key in [
        one for one in part.unknown if normal(one) in ("stage", "tnm", "ptnm", "ctnm", "n_stage", "n", "pn", "cn")
    ]:
        written = part.unknown[key]
        positive = _positive(
            written if normal(key) in ("stage", "tnm", "ptnm", "ctnm") else f"N{written}".replace("NN", "N")
        )
        if positive is None:
            continue
        del part.unknown[key]
        if part.put("node_positive", positive, (*part.old, key)):
            words = f"node_positive {str(positive).lower()}; no rule reads the rest of a stage"
            part.reading.note((*part.old, key), written, words)


def _positive(stage: Any) -> bool | None:
    found = NODES.findall(stage) if isinstance(stage, str) and len(stage) < values.LONGEST else []
    if len(found) != 1:
        return None
    after_treatment, nodes = found[0]
    if nodes.casefold() == "x" or (after_treatment and nodes == "0"):
        return None
    return bool(nodes != "0")


def _ras(part: Part) -> None:
    """RAS is KRAS and NRAS: mutated where one is, wild type only where both are."""
    told = {}
    for key in part.unknown:
        if normal(key) in ("kras", "nras"):
            found = values.meant("Ras", part.unknown[key])
            if found is None:
                return
            told[key] = found.word
    mutated = [key for key, word in told.items() if word == "mutated"]
    both = len({normal(key) for key in told}) == 2  # noqa: PLR2004
    if not mutated and not both:
        return
    for key in told:
        written = part.unknown.pop(key)
        word = "mutated" if mutated else "wild_type"
        if key not in mutated and mutated:
            continue
        if part.put("ras", word, (*part.old, key)):
            part.reading.note((*part.old, key), written, f"ras {word}")


def _index(part: Part) -> None:
    """The body mass index: beside height or weight it tells the other, beside both it must agree."""
    key = next((one for one in part.unknown if normal(one) == "bmi"), None)
    index = part.unknown.get(key) if key else None
    height, weight = part.result.get("height_cm"), part.result.get("weight_kg")
    told = [one for one in (height, weight) if one is not None]
    if key is None or not told or not all(is_number(one) and one > 0 for one in (index, *told)):
        return
    source = (*part.old, key)
    del part.unknown[key]
    if height is None or weight is None:
        name = "weight_kg" if weight is None else "height_cm"
        figure = index * (height / CM_PER_M) ** 2 if height is not None else CM_PER_M * (weight / index) ** 0.5  # type: ignore[operator]
        part.put(name, round(figure, 1), source)
        part.reading.note(source, index, f"{name} {part.result[name]}, with {'height' if weight is None else 'weight'}")
    elif abs(weight / (height / CM_PER_M) ** 2 - index) > SAME_INDEX:
        part.reading.contradicts(source, part.sources["weight_kg"])
    else:
        part.reading.note(source, index, "told by height and weight")


def _fat(part: Part) -> None:
    """A share of fat beside a background that tells of it adds nothing that is read."""
    key = next((one for one in part.unknown if normal(one) in ("steatosis_percent", "fat_percent")), None)
    if key and part.result.get("background") in FATTY and is_number(part.unknown[key]) and part.unknown[key] > 0:
        part.reading.note((*part.old, key), part.unknown.pop(key), f"told by background {part.result['background']}")


def _volumetry(part: Part) -> None:
    """A volumetry told as `volumetry: {...}`, `flr_percent`, `flr_ml`, `flr`: one entry of the measured remnants.

    Which segments would go has to be told: where it is not, that is what is asked for.
    """
    told: dict[str, tuple[Any, Path]] = {}
    for key, written in list(part.unknown.items()):
        if normal(key) == "volumetry" and isinstance(written, dict):
            for inner, value in written.items():
                name = (
                    "total_ml" if normal(inner) in ("total_ml", "total", "tlv_ml", "tlv") else _of_remnant(inner, value)
                )
                if name is None:
                    return
                told[name] = (value, (*part.old, key, inner))
        elif (name := _of_remnant(key, written)) in ("fraction", "ml"):
            if name in told:
                part.reading.contradicts((*part.old, key), told[name][1])
                return
            told[name] = (written, (*part.old, key))
    if not told or ("measured_remnants" in part.result and set(told) != {"total_ml"}):
        return
    taken = {source[: len(part.old) + 1] for _, source in told.values()}
    for source in taken:
        del part.unknown[str(source[-1])]
    _remnant(part, told)


def _of_remnant(key: str, written: Any) -> str | None:
    """Which key of a measured remnant `key` is, if it tells of one."""
    word = normal(key)
    if word in ("removes", "week", "denominator", "excludes_congested", "fraction", "ml"):
        return word
    if word in ("flr_percent", "frl_percent", "flr_fraction", "flr_share", "remnant_percent"):
        return "fraction"
    if word in ("flr_ml", "flr_volume_ml", "remnant_ml"):
        return "ml"
    if word == "flr":
        return (
            "fraction"
            if values.number(written, SHARE) is not None
            else "ml"
            if values.number(written, VOLUME) is not None
            else None
        )
    return None


def _remnant(part: Part, told: dict[str, tuple[Any, Path]]) -> None:
    total = told.pop("total_ml", None)
    if total is not None:
        volume = values.number(total[0], VOLUME)
        if part.put("total_ml", total[0] if volume is None else volume, total[1]):
            part.reading.note(total[1], total[0], f"total_ml {total[0]}")
    if not told:
        return
    entry: dict[str, Any] = {}
    place = (*part.new, "measured_remnants", 0)
    first = next(iter(told.values()))[1]
    part.reading.origins[place[:-1]] = part.reading.origins[place] = first
    for name, (written, source) in told.items():
        entry[name] = _figure(name, written, source)
        part.reading.origins[*place, name] = source
        if name != "removes":
            part.reading.note(source, written, f"{name} {said(entry[name])} of a measured remnant")
    if "removes" in entry:
        entry["removes"] = _removes(part, entry["removes"], told["removes"][1])
    else:
        part.reading.answers[*place, "removes"] = (
            "which segments would be taken out is not told; accepted: volumetry: {removes: [5, 6, 7, 8], ...}, with the segments"
        )
    part.result["measured_remnants"], part.sources["measured_remnants"] = (entry,), first


def _figure(name: str, written: Any, source: Path) -> Any:
    if name == "fraction":
        share = values.number(written, SHARE)
        if share is not None:
            return share
        percent = normal(str(source[-1])).endswith("percent")
        return values.scaled(written, 0.01) if percent and is_number(written) else written
    volume = values.number(written, VOLUME) if name == "ml" else None
    return written if volume is None else volume


def _removes(part: Part, written: Any, old: Path) -> Any:
    """Segments, told as a list, one by one, or in a text."""
    parts = written if isinstance(written, tuple) else (written,)
    found = [(one,) if isinstance(one, int) else values.places(one, "") for one in parts]
    if any(one is None for one in found):
        return written
    segments = tuple(segment for one in found for segment in one or ())
    if segments != written:
        part.reading.note(old, written, f"removes {said(segments)}")
    return segments


def _primary_site(part: Part) -> None:
    """An operation that is named after a part of the bowel is one of the primary only where the primary lay there."""
    primary = part.result.get("primary")
    site = primary.get("site") if isinstance(primary, dict) else None
    for new, old, sites in part.reading.sites:
        if site is not None and new[: len(part.new)] == part.new and site not in sites:
            place = part.reading.origins.get((*part.new, "primary", "site"), (*part.old, "primary", "site"))
            part.reading.contradicts(old, place)


FUNCTIONS: tuple[tuple[str, Callable[[Part], None]], ...] = (
    ("Primary", _site),
    ("Primary", _nodes),
    ("Primary", _ras),
    ("Patient", _index),
    ("Liver", _fat),
    ("Liver", _volumetry),
    ("Case", _primary_site),
)
