"""The policy of the centre otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from pathways.facts.patient_assessment import PatientAssessment
from pathways.facts.systemic_before_surgery import MORE_THAN_ANYBODY_HAS, asks_nobody
from pathways.knowledge.protocols import knowledge
from pathways.messages.catalogue import say
from pathways.planning.changes.model import A_POLICY, GEOMETRY, Change, GradedChange
from pathways.process.treatments import TREATMENTS

# A number of the protocol may move any fact.
ANYTHING = ("", "start")
NAMED = (
    ("two_stage_accepted", ("policy_two_stage",)), ("alpps_accepted", ("policy_alpps",)), ("lvd_accepted", ("policy_lvd",)),
    ("bridging_accepted", ("policy_bridging",)), ("diagnostic_major_accepted", ("policy_diagnostic_major",)),
    ("simultaneous_major_with_colon", ("simultaneous",)), ("simultaneous_major_with_rectum", ("simultaneous",)),
    ("transplant_accepted", ("transplantable",)), ("perioperative_accepted", ("perioperative_offered",)), ("adjuvant_accepted", ("adjuvant_useful",)),
    ("extrahepatic_in_one_session", ("extrahepatic_in_one_session", "extrahepatic_with_major")), ("operate_on_progression", ("start",)),
    ("vena_cava_resection", GEOMETRY),
)  # fmt: skip
# A treatment that brings a policy of its own has it in the record of its rule, and the facts that the policy moves beside it.
SWITCHES = (
    *NAMED,
    *(
        (key, tuple(fact.name for fact in one.facts))
        for one in TREATMENTS
        for rule in one.rules
        for key in rule.settings
        if key.endswith("_accepted")
    ),
)


def limits(assessed: PatientAssessment) -> Iterator[GradedChange]:
    """Each number of the protocol as another protocol that ships sets it."""
    ours = assessed.protocol
    for theirs in knowledge().protocols.values():
        for key, setting in theirs.settings.items():
            now = ours.settings[key].value
            if _is_number(now) and _is_number(setting.value) and now != setting.value:
                otherwise = replace(
                    ours, settings={**ours.settings, key: replace(ours.settings[key], value=setting.value)}
                )
                words = say("change.setting_is", setting=key, value=setting.value, now=now, protocol=theirs.id)
                change = Change(
                    f"protocol.{key}",
                    words,
                    now,
                    setting.value,
                    setting.unit,
                    A_POLICY,
                    assessed.case,
                    otherwise,
                    "choice",
                )
                yield GradedChange(ANYTHING, (change,))


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def policies(assessed: PatientAssessment) -> Iterator[GradedChange]:
    """Each policy that the protocol does not follow, followed."""
    protocol, tumour = assessed.protocol, assessed.case.primary.tumour

    def under(key: str, value: Any, words: str) -> Change:
        setting = protocol.settings[key]
        otherwise = replace(protocol, settings={**protocol.settings, key: replace(setting, value=value)})
        return Change(
            f"protocol.{key}", words, setting.value, value, setting.unit, A_POLICY, assessed.case, otherwise, "choice"
        )

    for key, touches in SWITCHES:
        if not protocol.yes(key):
            yield GradedChange(touches, (under(key, value=True, words=say("change.setting_yes", setting=key)),))
    for key, value, touches in (
        ("remnant_cleared_before_stimulus", False, ("cleared_before_stimulus",)),
        ("systemic_first_from_points", asks_nobody(), ("systemic_before",)),
        ("systemic_first_from_lesions", MORE_THAN_ANYBODY_HAS, ("systemic_before",)),
    ):
        if protocol.settings[key].value != value:
            words = say("change.setting_otherwise", setting=key, value=value)
            yield GradedChange(touches, (under(key, value, words),))
    all_sites = {one.site for one in assessed.elsewhere or ()}
    sites = all_sites - set(protocol.words("extrahepatic_sites_resectable"))
    additions: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
        ("debulking_tumours", (tumour,), ("debulking_allowed",)),
        ("extrahepatic_sites_resectable", tuple(sorted(sites)), ("extrahepatic_operable",)),
        ("vanished_policies", ("watch",), ("policy_watch_sites",)),
        ("extrahepatic_in_one_session_sites", tuple(sorted(all_sites)), ("extrahepatic_in_one_session",)),
        ("extrahepatic_with_major_sites", tuple(sorted(all_sites)), ("extrahepatic_with_major",)),
    )
    for key, added, moved in additions:
        missing = tuple(one for one in added if one not in protocol.words(key))
        if missing:
            words = say("change.setting_holds", setting=key, added=", ".join(missing))
            yield GradedChange(moved, (under(key, (*protocol.words(key), *missing), words),))
    for key in ("refused_primaries", "targeted_first_tumours", "control_first_primaries", "systemic_first_synchronous"):
        if tumour in protocol.words(key):
            rest = tuple(one for one in protocol.words(key) if one != tumour)
            words = say("change.setting_does_not_hold", setting=key, tumour=tumour)
            yield GradedChange(("primary_rules", "targeted_before", "systemic_before"), (under(key, rest, words),))
