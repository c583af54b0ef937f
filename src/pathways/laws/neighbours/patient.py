"""The patient otherwise: older, sicker, more disease, more liver, or declining one family more. Steps, not limits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, get_args

from pathways import words as vocabulary
from pathways.case.models import Case
from pathways.facts.patient_assessment import AFTER_RESPONSE, TODAY, PatientAssessment
from pathways.knowledge.model import Protocol
from pathways.laws.neighbours.files import Neighbour, Path, Raw, at, dotted, entries, put, read, written
from pathways.liver.anatomy import mask_of, resection_name, segments_of
from pathways.messages.catalogue import say

YEARS = (5, 15, 30)
# What a value that is told is multiplied with.
LABORATORY: dict[str, tuple[float, ...]] = {
    "bilirubin_umol_per_l": (1.5, 4.0), "inr": (1.2, 1.8), "albumin_g_per_l": (0.8, 0.5), "platelets_e9_per_l": (0.6, 0.2),
    "icg_r15_percent": (1.4, 2.5),
}  # fmt: skip
# Words, and what is worse. What is not told is not made worse: that would be to know more. Injuries of the liver are no scale:
# which of two is worse nobody can tell, but each is worse than none, and cirrhosis is the worst.
WORSE: dict[Path, dict[str, tuple[str, ...]]] = {
    ("patient", "fit_for"): {
        "major": ("minor", "ablation", "none"), "minor": ("ablation", "none"), "ablation": ("none",),
    },
    ("liver", "background"): {
        "normal": ("steatosis", "steatohepatitis", "sinusoidal_injury", "fibrosis", "cirrhosis"),
        "steatosis": ("steatohepatitis", "cirrhosis"),
        **dict.fromkeys(("steatohepatitis", "sinusoidal_injury", "fibrosis"), ("cirrhosis",)),
    },
    ("liver", "child_pugh"): {"A": ("B", "C"), "B": ("C",)},
}  # fmt: skip
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
    for path, worse_than in WORSE.items():
        for worse_word in worse_than.get(at(raw, path), ()):
            yield from _changed(protocol, raw, path, worse_word)
    signs = liver.insufficiency or ()
    for sign in get_args(vocabulary.Insufficiency) if liver.insufficiency is not None else ():
        if sign not in signs:
            yield from _changed(protocol, raw, ("liver", "insufficiency"), [*signs, sign])


def more_disease(case: Case, protocol: Protocol) -> Iterator[Neighbour]:
    """One lesion more, or one larger, deeper, touching one vessel more, growing into one that it touches, or into a duct."""
    raw = written(case)
    assessed = PatientAssessment(case, protocol)
    # A proven lesion beside suspected ones would settle that there is cancer: that is to know more, not to have more.
    nature = "suspected" if all(lesion.known_as == "suspected" for lesion in case.lesions) else "confirmed"
    for path, entry in entries(raw, "lesions"):
        size, count = entry.get("size_mm"), entry.get("count")
        if size is not None:
            for more in LARGER_MM:
                yield from _changed(protocol, raw, (*path, "size_mm"), size + more)
        if count is not None:
            yield from _changed(protocol, raw, (*path, "count"), count + 1)
        if entry.get("depth") == "superficial":
            yield from _changed(protocol, raw, (*path, "depth"), "deep")
        touched = entry.get("contacts")
        for vessel in get_args(vocabulary.Vessel):
            if touched is not None and vessel not in touched:
                yield from _changed(protocol, raw, (*path, "contacts"), [*touched, vessel])
        yield from _grown_into(protocol, raw, path, entry)
    # Where the liver bears no metastasis there is nothing to clear: the first one is no more of a disease, but another.
    bears = any(lesion.known_as != "benign" for lesion in case.lesions)
    for segment in segments_of(assessed.present) if bears else ():
        more_lesion = {
            "segments": [segment], "count": 1, "size_mm": NEW_LESION_MM, "contacts": [], "depth": "superficial", "nature": nature,
        }  # fmt: skip
        changed = read(put(raw, ("lesions",), [*raw["lesions"], more_lesion]))
        if changed is not None:
            words = say("neighbour.lesion", size=NEW_LESION_MM, segment=segment)
            yield Neighbour(f"lesions[{len(case.lesions)}]", words, changed, protocol)


def _grown_into(protocol: Protocol, raw: Raw, path: Path, entry: Raw) -> Iterator[Neighbour]:
    """What touches a vessel grows into it, a pedicle that is touched or grown into has tumour in it, a duct is invaded."""
    touched, into = entry.get("contacts"), entry.get("invades", [])
    for vessel in touched or ():
        if vessel not in into:
            yield from _changed(protocol, raw, (*path, "invades"), [*into, vessel])
    in_them = entry.get("thrombus", [])
    for vessel in (touched or ())[:1]:
        if vessel not in in_them:
            yield from _changed(protocol, raw, (*path, "thrombus"), [*in_them, vessel])
    if touched is not None and entry.get("bile_duct") in ("none", "dilated"):
        yield from _changed(protocol, raw, (*path, "bile_duct"), "invaded")


def more_liver(case: Case, protocol: Protocol) -> Iterator[Neighbour]:
    """A larger measured remnant of each way to clear the liver, today or after a response, no other made smaller."""
    assessed = PatientAssessment(case, protocol)
    raw = written(case)
    ways = [one for scene in (TODAY, AFTER_RESPONSE) for one in assessed.resections(scene)]
    for left in dict.fromkeys(assessed.present & one.kept for one in ways):
        removes = segments_of(assessed.present & ~left)
        now = round(assessed.volumes.share(left), 4)
        measured = _measured(raw, removes, now) if removes else None
        for fraction in (round(now + more, 4) for more in MORE_LIVER if measured is not None and now + more < 1):
            larger = _measured(raw, removes, fraction)
            if larger is None or measured is None:
                continue
            if not _smaller(PatientAssessment(measured, protocol), PatientAssessment(larger, protocol)):
                words = say("neighbour.remnant", resection=resection_name(mask_of(removes)), before=now, after=fraction)
                yield Neighbour("liver.measured_remnants", words, larger, protocol, beside=measured)


def _measured(raw: Raw, removes: Sequence[int], fraction: float) -> Case | None:
    """The case with a volumetry of today that leaves `fraction` when `removes` is taken out."""
    measured = raw.get("liver", {}).get("measured_remnants", ())
    others = [entry for entry in measured if set(entry["removes"]) != set(removes)]
    return read(put(raw, ("liver", "measured_remnants"), [*others, {"removes": list(removes), "fraction": fraction}]))


def _smaller(before: PatientAssessment, after: PatientAssessment) -> bool:
    """Whether the remnant of some other resection, of one session or of two, has become smaller: one has gained what another has lost."""
    both = [(way, scene) for scene in (TODAY, AFTER_RESPONSE) for way in (before, after)]
    found = [one for way, scene in both for one in (*way.resections(scene), way.target(scene)) if one is not None]
    return any(after.volumes.share(one.kept) < before.volumes.share(one.kept) - NEGLIGIBLE for one in found)


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
