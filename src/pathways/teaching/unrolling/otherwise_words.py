"""A change of a case as a clause that follows "if": what would have to be otherwise, in the words of a lesson."""

from __future__ import annotations

import re
from collections.abc import Callable

from pathways.liver.anatomy import mask_of, resection_name
from pathways.messages.catalogue import called, say
from pathways.messages.figures import apart, percentage
from pathways.planning.changes.model import Change

INDEX = re.compile(r"\[\d+\]")
# From the patient who bears everything to the one who bears nothing.
FITNESS = ("major", "minor", "ablation", "none")


def clause(change: Change) -> str:
    """The change, after "if"."""
    make = CLAUSES.get(INDEX.sub("", change.key))
    return say("turn.otherwise", words=change.words) if make is None else make(change)


def _lesion(change: Change) -> str:
    return change.words.split()[0].rstrip(":")


def _freed(change: Change) -> str:
    vessels = [called("vessel", one) for one in change.before if one not in change.after]
    return say("turn.lesions.contacts", lesion=_lesion(change), vessel=" and the ".join(vessels))


def _sized(change: Change) -> str:
    if change.before is None:
        return say("turn.lesions.size_told", lesion=_lesion(change), size=change.after)
    return say("turn.lesions.size_mm", lesion=_lesion(change), size=change.after, now=change.before)


def _lies(change: Change) -> str:
    return say("turn.lesion", lesion=_lesion(change), what=called("turn_lesion", str(change.after)))


def _remnant(change: Change) -> str:
    """Volumetry in whole percent, unless these are the same."""
    removes = change.case.liver.measured_remnants[-1].removes
    then, now = percentage(change.after, 0), percentage(change.before, 0)
    if then == now:
        then, now = apart(change.after, change.before)
    return say("turn.remnant", then=then, now=now, resection=resection_name(mask_of(removes)))


def _fit(change: Change) -> str:
    fitter = FITNESS.index(change.after) < FITNESS.index(change.before or "major")
    return called("turn_fitter" if fitter else "turn_fit", change.after)


def _elsewhere(change: Change) -> str:
    """Disease outside the liver that is not there, that can be removed, or that has proved benign; the site told last is the one changed."""
    sites, before = change.case.extrahepatic or (), list(change.before or ())
    if len(sites) > len(before):
        return say("turn.lung")
    if len(sites) < len(before):
        for one in change.after:
            before.remove(one)
        return say("turn.no_disease", site=called("turn_site", before[0]))
    if not sites:
        return say("turn.no_disease_elsewhere")
    site = called("turn_site", sites[-1].site)
    return say("turn.benign", site=site) if sites[-1].nature == "benign" else say("turn.removable", site=site)


def _declined(change: Change) -> str:
    accepted = next(one for one in change.before if one not in change.after)
    return say("turn.accepted", family=called("family", accepted))


CLAUSES: dict[str, Callable[[Change], str]] = {
    "lesions.contacts": _freed,
    "lesions.size_mm": _sized,
    "lesions.nature": _lies,
    "lesions.depth": _lies,
    "lesions.count": lambda one: say("turn.lesions.count", lesion=_lesion(one), number=one.after, now=one.before),
    "lesions": lambda one: say("turn.lesions", lesion=one.before),
    "patient.fit_for": _fit,
    "patient.ecog": lambda one: say("turn.patient.ecog", grade=one.after),
    "patient.asa": lambda one: say("turn.patient.asa", grade=one.after),
    "patient.age_years": lambda one: say("turn.patient.age_years", age=one.after, now=one.before),
    "patient.declines": _declined,
    "patient.anticoagulated": lambda _: say("turn.patient.anticoagulated"),
    "liver.gilbert": lambda _: say("turn.liver.gilbert"),
    "liver.measured_remnants": _remnant,
    "liver.background": lambda _: say("turn.liver.background"),
    "liver.insufficiency": lambda _: say("turn.liver.insufficiency"),
    "liver.biliary_obstruction": lambda one: called("turn_bile", one.after),
    "liver.child_pugh": lambda _: say("turn.liver.child_pugh"),
    "liver.inr": lambda one: say("turn.liver.inr", value=one.after),
    "liver.bilirubin_umol_per_l": lambda one: say("turn.liver.bilirubin", value=one.after),
    "liver.albumin_g_per_l": lambda one: say("turn.liver.albumin", value=one.after),
    "liver.platelets_e9_per_l": lambda one: say("turn.liver.platelets", value=one.after),
    "liver.icg_r15_percent": lambda one: say("turn.liver.icg", value=one.after),
    "extrahepatic": _elsewhere,
    "primary.status": lambda one: called("turn_primary", one.after),
    "primary.r0_resectable": lambda one: called("turn_margin", "clear" if one.after else "not_clear"),
    "primary.urgent": lambda _: say("turn.primary.urgent"),
    "primary.needs_radiotherapy": lambda _: say("turn.primary.needs_radiotherapy"),
    "primary.braf": lambda one: called("turn_braf", one.after),
    "primary.site": lambda one: say("turn.primary.site", bowel=called("bowel", one.after)),
    "primary.cea_ng_per_ml": lambda one: say("turn.primary.cea", value=one.after),
    "history": lambda _: say("turn.history"),
    "history.response": lambda one: called("turn_response", str(one.after)),
    "history.cycles": lambda one: say("turn.history.cycles", number=one.after, now=one.before),
}
