"""Every rule that anything speaks of, as a record, in the order in which findings are told. Guards name them by id."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from types import MappingProxyType

from pathways.documents.problems import nearest
from pathways.messages.catalogue import worded
from pathways.process.rulebook import liver, person, plan, systemic
from pathways.process.rulebook.vocabulary import Example, Rule
from pathways.process.treatments import TREATMENTS

__all__ = ["RULES", "Example", "Rule", "faults", "unknown_rules"]

_IN_ORDER = (
    # The findings of a case, in the order in which `assess` tells them.
    liver.LESIONS_CHARACTERISED,
    liver.ALL_LESIONS_TREATABLE,
    liver.PARENCHYMA_SPARING,
    liver.REMNANT_VOLUME,
    liver.REMNANT_BODY_WEIGHT,
    liver.VOLUMETRY_SOUND,
    liver.REMNANT_FUNCTION,
    person.FIT_FOR_OPERATION,
    person.LIVER_SUFFICIENT,
    person.LABORATORY_RISK,
    person.ANAEMIA,
    person.BILIARY_DRAINED,
    person.PREGNANCY,
    person.PRIMARY_RESECTABLE,
    person.PRIMARY_NOT_URGENT,
    person.EXTRAHEPATIC_RESECTABLE,
    systemic.DISEASE_CONTROLLED,
    systemic.TARGETED_FIRST,
    systemic.CHEMOTHERAPY_REMAINING,
    systemic.WASHOUT_COMPLETE,
    person.PRIMARY_SOUGHT,
    person.PRIMARY_RULES,
    systemic.REGIMEN,
    liver.BILOBAR_DISEASE,
    liver.VESSEL_CONTACT,
    liver.VESSEL_INVASION,
    liver.BILIOENTERIC_ANASTOMOSIS,
    person.EXTRAHEPATIC_DISEASE,
    liver.ALTERED_ANATOMY,
    liver.EARLIER_RESECTION,
    person.EARLY_RECURRENCE,
    person.PATIENT_ACCEPTS,
    person.SIMULTANEOUS_SAFE,
    liver.REMNANT_GROWTH,
    # What speaks only where a step is asked for.
    liver.DEBULKING_SHARE,
    systemic.TRANSPLANT_CRITERIA,
    *(rule for one in TREATMENTS for rule in one.rules),
    systemic.PROMPT_SURGERY,
    systemic.SYSTEMIC_BEFORE_SURGERY,
    person.RADIOTHERAPY,
    plan.POLICY,
    plan.STAGED_IN_ORDER,
    plan.INTERSTAGE_FIT,
    plan.COMPLETE_CLEARANCE,
    plan.FOLLOW_UP,
    plan.ORDER,
    plan.NOT_MODELLED,
    # What speaks only of a whole graph or of a record of what was done.
    plan.IMAGING_FRESH,
    systemic.RESTAGING,
    liver.TUMOUR_SIDE,
    liver.VOLUME_CONSERVED,
    plan.TIME_ADVANCES,
    plan.EVERY_STEP_CITED,
)
RULES: Mapping[str, Rule] = MappingProxyType(
    {rule.id: worded(f"rule.{rule.id}", rule, "statement") for rule in _IN_ORDER}
)


def unknown_rules(names: Iterable[str]) -> list[str]:
    """A sentence for each of `names` that is no rule, with the nearest that is."""
    return [f'"{name}" is no rule{nearest(name, RULES)}' for name in names if name not in RULES]


def faults(
    rules: Iterable[Rule], *, keys: Collection[str], settings: Collection[str], sources: Collection[str]
) -> list[str]:
    """A sentence for every key, setting or source that a record names and that does not exist, with the nearest that does."""
    return [fault for rule in rules for fault in _faults(rule, keys, settings, sources)]


def _faults(rule: Rule, keys: Collection[str], settings: Collection[str], sources: Collection[str]) -> Iterator[str]:
    tried = tuple(key for example in rule.examples for key in example.settings if key not in rule.settings)
    for what, names, known in (
        ("key of the case file", rule.reads, keys),
        ("setting", (*rule.settings, *rule.watched, *tried), settings),
        ("source", rule.every_source, sources),
    ):
        for name in dict.fromkeys(names):
            if name not in known:
                yield f'rule {rule.id}: "{name}" is no {what}{nearest(name, known)}'
            if names.count(name) > 1:
                yield f"rule {rule.id}: {what} {name} is named twice"
