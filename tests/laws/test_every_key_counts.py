"""Law `every_key_counts`: each key of the case file and each setting of a protocol changes something that a plan says of some case.

`key_cases.json` holds a case for each: the place of the variant of the key (`rule_answers.variants`), or another value of the setting.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pytest
from builders import KNOWN
from shipped import ROOT

import rule_answers
from pathways.case.models import for_the_record
from pathways.documents.reader import read_file
from pathways.knowledge.protocols import load_protocol
from told import told

DEFAULT = load_protocol("default")
CASES = json.loads((Path(__file__).parent / "key_cases.json").read_text(encoding="utf-8"))
# Read elsewhere than in a plan, each with where.
READ_ELSEWHERE = {
    "patient.sex": "life tables of a simulation; no source read lets sex decide on a treatment",
    "life_carried_over": "how long one lives, on both sides of a clearance (tests/prognosis/test_both_arms.py)",
    "operation_death_warned": "the warning of a pathway with its risks (tests/planning/test_deadly.py)",
    "operation_death_outweighed": "the order of tied pathways (tests/planning/test_deadly.py)",
    "depth_outweighed_by_deaths": "the order of tied pathways (tests/planning/test_first_lines_again.py)",
    "removed_after_the_liver": "the order of tied pathways (tests/planning/test_first_lines_again.py)",
    "removed_with_the_liver": "the order of tied pathways (tests/planning/test_first_lines_again.py)",
    **dict.fromkeys(
        ("import_deep_mm", "import_contact_mm", "import_segment_share", "import_encasement_share"),
        "drafts of cases made of label maps (tests/interchange/readers)",
    ),
    "imaging_weeks": "properties and audits (tests/process/test_rules.py, HELD_TO)",
    "scheduling_weeks": "properties and audits (tests/process/test_rules.py, HELD_TO)",
}


def protocol_of(entry):
    protocol = DEFAULT
    for key, value in entry.get("protocol", {}).items():
        protocol = rule_answers.with_setting(protocol, key, value)
    return protocol


def raw_of(entry):
    case = entry["case"]
    if case == "known":
        return KNOWN
    return json.loads(json.dumps(read_file(ROOT / case).value)) if isinstance(case, str) else case


@cache
def said(place):
    entry = CASES[place]
    return told(rule_answers.parsed(raw_of(entry)), protocol_of(entry), follow_up=entry.get("follow_up", False))


KEYS = [(place, key, variant) for place, entry in enumerate(CASES) for key, variant in entry.get("reads", {}).items()]
SETTINGS = [
    (place, key, value) for place, entry in enumerate(CASES) for key, value in entry.get("settings", {}).items()
]


@pytest.mark.parametrize("key", [key for _, key, _ in KEYS])
def test_a_key_changes_what_is_said_of_a_case(key):
    place, _, variant = next(row for row in KEYS if row[1] == key)
    changed = rule_answers.parsed(list(rule_answers.variants(raw_of(CASES[place]), key))[variant])
    assert told(changed, protocol_of(CASES[place]), follow_up=CASES[place].get("follow_up", False)) != said(place)


@pytest.mark.parametrize("key", [key for _, key, _ in SETTINGS])
def test_a_setting_changes_what_is_said_of_a_case(key):
    place, _, value = next(row for row in SETTINGS if row[1] == key)
    entry = CASES[place]
    protocol = rule_answers.with_setting(protocol_of(entry), key, value)
    assert told(rule_answers.parsed(raw_of(entry)), protocol, follow_up=entry.get("follow_up", False)) != said(place)


def test_every_key_and_every_setting_is_tried_or_for_the_record_or_on_a_list():
    listed = READ_ELSEWHERE.keys()
    keys, tried = set(rule_answers.case_keys()), {key for _, key, _ in KEYS}
    assert keys - tried - listed == for_the_record() & keys
    assert set(DEFAULT.settings) - {key for _, key, _ in SETTINGS} == listed & set(DEFAULT.settings)


def test_only_what_names_a_case_is_for_the_record():
    assert for_the_record() == {"schema", "id", "title", "source.citation", "source.doi", "lesions.id"}


def test_the_sex_of_a_patient_is_read_by_the_life_tables():
    from pathways.knowledge.protocols import knowledge
    from pathways.prognosis.background import other_deaths

    women, men = (other_deaths(70, female, knowledge().parameters) for female in (True, False))
    assert women.alive(10.0) > men.alive(10.0)
