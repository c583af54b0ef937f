"""What every rule says of a case, and what changes when one key of the case or one setting of the protocol is changed.

A rule's answer is the value of every fact it guards, over the states a plan may be in, and its own verdicts, with value and
limit, behind any fact and among the findings of the case. Words are left out: the name of a lesion is no reading of the case.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import replace
from functools import cache, lru_cache
from itertools import product
from types import NoneType
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from pathways.case import models
from pathways.case.loading import load_case
from pathways.documents.problems import PathwaysError
from pathways.facts.derive import CaseFacts
from pathways.liver.resections import resections
from pathways.planning.assess import assess_facts
from pathways.process.declaration import PROCESS
from pathways.process.facts import CASE_FACTS

SEARCH = lru_cache(maxsize=2000)(resections)
# States that are looked at, by the live facts a table depends on: enough to meet every branch of a rule.
LOOKED_AT: dict[str, tuple[Any, ...]] = {
    "extent": ("presented", "responded"), "sites": ("none", "watched"), "nature": ("confirmed", "proven"),
    "blocks": (0, 2, 11), "volume": ("unmeasured",), "growth": ("none", "adequate"), "stage": ("none", "further"),
    "primary": ("irradiated", "rested"), "line": ("none", "first"), "bile": ("obstructed", "free"), "characterised": ("no", "inconclusive"), "extrahepatic": ("none",), "condition": ("well", "recovered"), "stimulus": ("none", "pve"), "pregnancy": ("pregnant", "none"), "gestation": ("as_told", "later", "late", "none"), "listed": ("no",),
}  # fmt: skip
FOR_THE_RECORD = {"schema", "id", "title", "source.citation", "source.doi", "lesions.id"}
NUMBERS = {
    "patient.ecog": (0, 1, 2, 3), "patient.pregnant_weeks": (8, 20, 32), "patient.asa": (1, 3, 4), "patient.age_years": (10, 50, 65, 66, 80), "patient.height_cm": (140, 175, 200), "patient.weight_kg": (45, 75, 160),
    "primary.interval_months": (0, 6, 30), "primary.grade": (1, 2, 3), "primary.ki67_percent": (1, 10, 60), "primary.cea_ng_per_ml": (5, 90, 400), "primary.cea_peak_ng_per_ml": (20, 1000),
    "liver.measured_remnants.fraction": (0.15, 0.28, 0.34, 0.6), "liver.measured_remnants.ml": (200, 450, 900),
    "liver.measured_remnants.week": (-60, -8, -1, 0), "liver.bilirubin_umol_per_l": (10, 300), "liver.inr": (1.0, 1.5, 1.6, 3),
    "patient.haemoglobin_g_per_l": (65, 110, 125, 140),
    "liver.platelets_e9_per_l": (30, 250), "liver.albumin_g_per_l": (20, 42), "liver.icg_r15_percent": (8, 20, 25), "liver.ggt_u_per_l": (30, 60, 200),
    "liver.creatinine_umol_per_l": (80, 177, 300),
    "liver.total_ml": (900, 1500, 2600), "liver.tumour_ml": (0, 50, 400), "lesions.size_mm": (8, 28, 31, 40, 45, 60, 120),
    "lesions.count": (1, 2, 7, 15), "extrahepatic.count": (1, 5), "extrahepatic.size_mm": (6, 14), "history.week": (-200, -40, -8, -1),
    "history.until_week": (-30, -6, -5, -2, 0), "history.cycles": (2, 6, 8, 12, 14),
}  # fmt: skip
TEXTS = {
    "primary.site": ("sigmoid", "rectum", "ascending_colon"), "history.site": ("lung", "ovary"),
    "history.regimen": ("folfox", "folfox_bevacizumab", "folfiri_cetuximab", "imatinib", "folfoxiri", "something_new"),
}  # fmt: skip
PLACES = {
    "lesions.segments": ([8], [2], [4], [6, 7], [1], ["right_liver"], ["left_liver", 5]),
    "liver.embolised": ([], ["right"], [5, 6, 7, 8], ["left"]),
    "liver.removed_segments": ([], [2, 3], [6, 7]), "history.removes": ([], [2, 3], [6, 7], [5, 6, 7, 8]),
    "history.partial": ([], [4]), "history.segments": ([], ["right"], [5, 6, 7, 8, 4], ["left"]),
    "liver.measured_remnants.removes": ([5, 6, 7, 8], [2, 3, 4], [4, 5, 6, 7, 8]),
    "liver.segments_ml": ({}, {"2": 150.0, "3": 150.0}, {"2": 300.0, "3": 260.0, "1": 60.0}, {str(one): 160.0 for one in range(1, 9)}),
    "liver.insufficiency": ([], ["jaundice"], ["ascites"]), "patient.declines": ([], ["alpps"], ["palliative"]),
}  # fmt: skip
MORE = {
    "extrahepatic.site": ({"site": "lung", "resectable": True}, {"site": "bone"}, {"site": "adrenal"}, {"site": "bone", "nature": "suspected"}),
    "history.event": (
        {"event": "chemotherapy", "regimen": "folfox", "cycles": 8, "week": -20, "until_week": -4},
        {"event": "hepatectomy", "removes": [2, 3], "week": -26}, {"event": "radiotherapy", "week": -9},
        {"event": "portal_vein_embolisation", "segments": ["right"], "week": -5},
    ),
    "lesions.segments": ({"segments": [2], "size_mm": 20, "count": 1}, {"segments": [4], "size_mm": 15, "nature": "suspected"}),
    "liver.measured_remnants.removes": ({"removes": [5, 6, 7, 8], "fraction": 0.28}, {"removes": [5, 6, 7, 8], "ml": 420.0}),
}  # fmt: skip


# --- what every rule says -------------------------------------------------------------------------------------------------


@cache
def guarded() -> dict[str, frozenset[str]]:
    """By case fact the rules whose guards ask for it."""
    found: dict[str, set[str]] = defaultdict(set)
    for trigger in PROCESS.triggers:
        for guard in (*trigger.guards, *(one for tag in trigger.tags for one in tag.when)):
            found[guard.fact].add(guard.rule)
    return {fact: frozenset(rules) for fact, rules in found.items()}


def states_of(case, fact):
    """The states of a table that are looked at: those that differ for this case."""
    natures = {lesion.known_as for lesion in case.lesions}
    looked = {
        **LOOKED_AT,
        "sites": ("none", "watched") if "vanished" in natures else ("none",),
        "nature": ("confirmed", "proven") if "suspected" in natures else ("confirmed",),
    }
    if fact.name == "situation":
        looked |= {"stage": ("none",), "primary": ("resected",)}
    return product(*(looked[key] for key in fact.keys))


def answers(case, protocol):
    """By place (a fact in a state, or the findings) what each rule says there."""
    facts = CaseFacts(case, protocol, follow_up=False)
    # Most keys and settings leave the liver as it is.
    facts.assessed.search_with(SEARCH)
    places: dict[Any, dict[str, Any]] = {}
    for fact in CASE_FACTS:
        guards = guarded().get(fact.name, ())
        for key in states_of(case, fact):
            finding = facts.cell(fact.name, key)
            here: dict[str, Any] = defaultdict(tuple)
            for one in finding.verdicts:
                here[one.rule] += ((one.verdict, one.value, one.limit),)
            for rule in guards:
                here[rule] += (finding.value,)
            places[fact.name, key] = dict(here)
    for one in assess_facts(facts).findings:
        found = places.setdefault(("finding", one.rule), {})
        found[one.rule] = (*found.get(one.rule, ()), (one.verdict, one.value, one.limit))
    return places


def changed(before, after):
    """Rules that say something else, or nothing where they spoke."""
    found = set()
    for place in before.keys() | after.keys():
        if place[0] != "finding" and not (place in before and place in after):
            continue  # a state that is looked at for one of the two alone
        one, two = before.get(place, {}), after.get(place, {})
        found |= {rule for rule in one.keys() | two.keys() if one.get(rule) != two.get(rule)}
    return found


# --- keys of the case file, and changes of one key ----------------------------------------------------------------------


def case_keys(model: type[BaseModel] = models.Case, before: str = ""):
    """Every key of the case file, dotted."""
    for name, field in model.model_fields.items():
        inner = _model_in(field.annotation)
        if inner is None:
            yield f"{before}{field.alias or name}"
        else:
            yield from case_keys(inner, f"{before}{name}.")


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for one in get_args(annotation) if (found := _model_in(one))), None)


def _field(key: str) -> FieldInfo:
    model: type[BaseModel] = models.Case
    *parts, last = key.split(".")
    for part in parts:
        model = _model_in(model.model_fields[part].annotation) or model
    return model.model_fields[last]


def values_of(key: str) -> tuple[Any, ...]:
    """Values that are tried for a key; None takes it out."""
    given = NUMBERS.get(key) or TEXTS.get(key) or PLACES.get(key)
    return (*(given if given is not None else _words(_field(key).annotation)), None)


def _words(annotation: Any) -> tuple[Any, ...]:
    if get_origin(annotation) is Literal:
        return get_args(annotation)
    if annotation is bool:
        return (True, False)
    return tuple(word for one in get_args(annotation) if one is not NoneType for word in _words(one))


def variants(raw: dict[str, Any], key: str):
    """Copies of a case file that differ from `raw` in one key only."""
    parts = key.split(".")
    for value in values_of(key):
        yield from _with(raw, parts, value)
    for entry in MORE.get(key, ()):
        copy = json.loads(json.dumps(raw))
        holder = copy
        for part in parts[:-2]:
            holder = holder.setdefault(part, {})
        holder[parts[-2]] = [*(holder.get(parts[-2]) or []), entry]
        yield copy
    if key == "extrahepatic.site":
        for sites in ([], None):
            yield {
                **{name: one for name, one in raw.items() if name != "extrahepatic"},
                **({"extrahepatic": sites} if sites is not None else {}),
            }
    if key == "history.event":
        yield {**raw, "history": []}


def _with(raw: dict[str, Any], parts: list[str], value: Any):
    copy = json.loads(json.dumps(raw))
    holders = [copy]
    for part in parts[:-1]:
        holders = [
            one
            for holder in holders
            for one in (holder.get(part) if isinstance(holder.get(part), list) else [holder.setdefault(part, {})])
        ]
    for index in range(len(holders)):
        copy = json.loads(json.dumps(raw))
        again = [copy]
        for part in parts[:-1]:
            again = [
                one
                for holder in again
                for one in (holder.get(part) if isinstance(holder.get(part), list) else [holder.setdefault(part, {})])
            ]
        if value is None:
            if parts[-1] not in again[index]:
                continue
            del again[index][parts[-1]]
        elif again[index].get(parts[-1]) == value:
            continue
        else:
            again[index][parts[-1]] = value
        yield copy


def parsed(raw: dict[str, Any]):
    """The case, or None where the change contradicts something else in the file."""
    try:
        return load_case(raw)
    except PathwaysError:
        return None


# --- settings ----------------------------------------------------------------------------------------------------------


def other_values(setting) -> tuple[Any, ...]:
    """Other values of a setting: both sides for a switch, less and more for a number, fewer and more words for a list."""
    value = setting.value
    if isinstance(value, bool):
        return (not value,)
    if isinstance(value, (int, float)):
        kind = type(value)
        return tuple(kind(one) for one in (value * 0.5, value * 0.8, value * 1.3, value * 2, value + 2) if one != value)
    if isinstance(value, (list, tuple)):
        known = ("colorectal", "gist", "neuroendocrine", "pancreas", "breast", "stomach", "bone", "brain", "lung")
        return ([], [*value, *(one for one in known if one not in value)], *([[*value[1:]]] if len(value) > 1 else ()))
    return tuple({"vessel_detachment": ("never", "always"), "portal_hypertension_bars_from": ("minor", "ablation"), "child_pugh_major": ("B", "C"),
                  "child_pugh_minor": ("A", "C"), "child_pugh_ablation": ("A", "C"), "child_pugh_systemic": ("A", "C"), "conversion_backbone": ("triplet",), "braf_first_line": ("chemotherapy",), "immunotherapy_first_line": ("pembrolizumab",),
                  "left_wild_type_antibody": ("bevacizumab",), "mortality_level": ("experienced_centre",),
                  "ablation_technique": ("radiofrequency",), **dict.fromkeys(("suspicion_on_pet", "suspicion_small_without_mri", "suspicion_on_other_imaging"), ("low", "moderate", "high"))}[setting.key])  # fmt: skip


def with_setting(protocol, key, value):
    """The protocol with one setting changed."""
    settings = {**protocol.settings, key: replace(protocol.settings[key], value=value)}
    return replace(protocol, settings=settings)
