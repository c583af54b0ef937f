"""The patient otherwise: older, sicker, more disease, more liver, or declining one family more. Steps, not limits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, get_args

from pathways.case import words as vocabulary
from pathways.case.models import Case
from pathways.facts.patient_assessment import AFTER_RESPONSE, TODAY, PatientAssessment
from pathways.knowledge.model import Protocol
from pathways.laws.neighbours.files import Neighbour, Path, Raw, at, dotted, entries, put, read, written
from pathways.liver.anatomy import resection_name, segments_of
from pathways.messages.catalogue import say

YEARS = (5, 15, 30)
# What a value that is told is multiplied with.
LABORATORY: dict[str, tuple[float, ...]] = {
    "bilirubin_umol_per_l": (1.5, 4.0), "inr": (1.2, 1.8), "albumin_g_per_l": (0.8, 0.5), "platelets_e9_per_l": (0.6, 0.2),
    "icg_r15_percent": (1.4, 2.5),
}  # fmt: skip
# Words from best to worst. What is not told is not made worse: that would be to know more.
SCALES: dict[Path, tuple[str, ...]] = {
    ("patient", "fit_for"): ("major", "minor", "ablation", "none"),
    ("liver", "background"): ("normal", "steatosis", "steatohepatitis", "fibrosis", "cirrhosis"),
    ("liver", "child_pugh"): ("A", "B", "C"),
}
LARGER_MM = (5, 15)
NEW_LESION_MM = 20
MORE_LIVER = (0.02, 0.06)
NEGLIGIBLE = 1e-9


def _changed(protocol: Protocol, raw: Raw, path: Path, value: Any) -> Iterator[Neighbour]:
    changed = read(put(raw, path, value))
    if changed is not None:
        before = at(raw, path)
        told = say("neighbour.not_told") if before is None else before
        words = say("neighbour.value", key=dotted(path), before=told, after=value)
        yield Neighbour(dotted(path), words, changed, protocol)


def older(case: Case, protocol: Protocol) -> Iterator[Neighbour]:
    """The same patient years later."""
    raw, age = written(case), case.patient.age_years
    if age is not None:
        for years in YEARS:
            yield from _changed(protocol, raw, ("patient", "age_years"), age + years)


def sicker(case: Case, protocol: Protocol) -> Iterator[Neighbour]:
    """One finding of the person or of the liver worse."""
    raw, patient, liver = written(case), case.patient, case.liver
    for name, worst in (("asa", 5), ("ecog", 4)):
        value = getattr(patient, name)
        for worse in range(value + 1, worst + 1) if value is not None else ():
            yield from _changed(protocol, raw, ("patient", name), worse)
    for name, steps in LABORATORY.items():
        value = getattr(liver, name)
        for step in steps if value is not None else ():
            yield from _changed(protocol, raw, ("liver", name), round(value * step, 2))
    for path, scale in SCALES.items():
        for worse_word in _behind(scale, at(raw, path)):
            yield from _changed(protocol, raw, path, worse_word)
    signs = liver.insufficiency
    for sign in get_args(vocabulary.Insufficiency) if signs is not None else ():
        if sign not in signs:
            yield from _changed(protocol, raw, ("liver", "insufficiency"), [*signs, sign])


def _behind(scale: Sequence[str], value: str | None) -> Sequence[str]:
    """What is worse than `value`: nothing where it is not told or not on the scale."""
    return scale[scale.index(value) + 1 :] if value in scale else ()


def more_disease(case: Case, protocol: Protocol) -> Iterator[Neighbour]:
    """One lesion more, or one larger, deeper, touching one vessel more."""
    raw = written(case)
    assessed = PatientAssessment(case, protocol)
    for path, entry in entries(raw, "lesions"):
        size, count = entry.get("size_mm"), entry.get("count")
        for more in LARGER_MM if size is not None else ():
            yield from _changed(protocol, raw, (*path, "size_mm"), size + more)
        if count is not None:
            yield from _changed(protocol, raw, (*path, "count"), count + 1)
        if entry.get("depth") == "superficial":
            yield from _changed(protocol, raw, (*path, "depth"), "deep")
        touched = entry.get("contacts")
        for vessel in get_args(vocabulary.Vessel) if touched is not None else ():
            if vessel not in touched:
                yield from _changed(protocol, raw, (*path, "contacts"), [*touched, vessel])
    for segment in segments_of(assessed.present):
        more_lesion = {
            "segments": [segment],
            "count": 1,
            "size_mm": NEW_LESION_MM,
            "contacts": [],
            "depth": "superficial",
        }
        changed = read(put(raw, ("lesions",), [*raw["lesions"], more_lesion]))
        if changed is not None:
            words = say("neighbour.lesion", size=NEW_LESION_MM, segment=segment)
            yield Neighbour(f"lesions[{len(case.lesions)}]", words, changed, protocol)


def more_liver(case: Case, protocol: Protocol) -> Iterator[Neighbour]:
    """A larger measured remnant of each resection that clears the liver, today or after a response."""
    assessed = PatientAssessment(case, protocol)
    raw = written(case)
    known = [entry for _, entry in _remnants(raw)]
    seen = set()
    for scenario in (TODAY, AFTER_RESPONSE):
        for one in assessed.resections(scenario):
            left = assessed.present & one.kept
            removes = list(segments_of(assessed.present & ~one.kept))
            if not removes or left in seen:
                continue
            seen.add(left)
            now = assessed.volumes.share(one.kept)
            others = [entry for entry in known if set(entry["removes"]) != set(removes)]
            for more in MORE_LIVER:
                fraction = round(now + more, 4)
                if not 0 < fraction < 1:
                    continue
                measured = [*others, {"removes": removes, "fraction": fraction}]
                changed = read(put(raw, ("liver", "measured_remnants"), measured))
                if changed is not None and not _smaller(assessed, PatientAssessment(changed, protocol)):
                    words = say("neighbour.remnant", resection=resection_name(one.removes), before=now, after=fraction)
                    yield Neighbour("liver.measured_remnants", words, changed, protocol)


def _smaller(before: PatientAssessment, after: PatientAssessment) -> bool:
    """Whether the remnant of some other resection has become smaller: then one has gained what another has lost."""
    kept = {one.kept for scene in (TODAY, AFTER_RESPONSE) for way in (before, after) for one in way.resections(scene)}
    return any(after.volumes.share(one) < before.volumes.share(one) - NEGLIGIBLE for one in kept)


def _remnants(raw: Raw) -> Iterator[tuple[Path, Raw]]:
    for index, entry in enumerate(raw.get("liver", {}).get("measured_remnants", ())):
        yield ("liver", "measured_remnants", index), entry


def declining(case: Case, protocol: Protocol, families: Sequence[str]) -> Iterator[Neighbour]:
    """One of `families` more is declined."""
    raw = written(case)
    for family in families:
        if family not in case.patient.declines:
            declined = [*case.patient.declines, family]
            changed = read(put(raw, ("patient", "declines"), declined))
            if changed is not None:
                words = say("neighbour.declines", family=family)
                yield Neighbour("patient.declines", words, changed, protocol)
