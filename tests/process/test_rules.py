import ast
import json
from collections import defaultdict
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from builders import KNOWN
from shipped import CONSTRUCTED, PUBLISHED, ROOT, course_of

import rule_answers
from pathways.case.course import Course
from pathways.conformance.audit import audit
from pathways.documents.reader import read_file
from pathways.knowledge.protocols import knowledge, load_protocol
from pathways.planning.rule_examples import said, strictest
from pathways.process.declaration import PROCESS
from pathways.process.rules import RULES, Rule, faults, unknown_rules

SRC = ROOT / "src" / "pathways"
OBJECTIVES = SRC / "teaching" / "curriculum" / "data" / "objectives"
# Cases in which a key or a setting changes what a rule says: `reads` and `settings` give the changes that show it.
CASES = json.loads((Path(__file__).parent / "rule_cases.json").read_text(encoding="utf-8"))
PROTOCOL = load_protocol("default")
KEYS = [key for key in rule_answers.case_keys() if key not in rule_answers.FOR_THE_RECORD]
# A rule speaks in the first of these; in the second of those.
FIRST, SECOND = {"allowed", "refused", "unknown", "Verdict", "_verdict", "make"}, {"Breach", "Unknown"}


# --- every rule that is spoken of has a record -----------------------------------------------------------------------------


def named_in(file):
    """Rule ids that a module speaks in: at their place in a verdict or a breach, or under the name `rule`."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            place = 0 if node.func.id in FIRST else 1 if node.func.id in SECOND else None
            if place is not None and len(node.args) > place:
                yield from (text for text in strings(node.args[place]) if text.isidentifier())
        elif isinstance(node, ast.keyword) and node.arg == "rule":
            yield from strings(node.value)
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                yield from assigned(target, node.value)


def assigned(target, value):
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        for one, two in zip(target.elts, value.elts, strict=True):
            yield from assigned(one, two)
    elif isinstance(target, ast.Name) and target.id in ("rule", "RULE"):
        yield from strings(value)


def strings(node):
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value


def of_guards():
    return {
        guard.rule
        for trigger in PROCESS.triggers
        for guard in (*trigger.guards, *(one for tag in trigger.tags for one in tag.when))
    }


def of_lessons():
    found = set()
    for file in OBJECTIVES.glob("*.yaml"):
        for objective in read_file(file).value.values():
            for decision in objective["decisions"]:
                for wrong in decision.get("wrong", ()):
                    found.update(wrong.get("rules", ()))
    return found


@cache
def spoken_of():
    code = {name for file in SRC.rglob("*.py") if "rulebook" not in file.parts for name in named_in(file)}
    return code | of_guards() | of_lessons()


def test_every_rule_that_is_spoken_of_has_a_record_and_every_record_is_spoken_of():
    assert unknown_rules(sorted(spoken_of())) == []
    assert set(RULES) - spoken_of() == set()
    assert len(of_lessons()) > 10


def test_a_rule_that_does_not_exist_is_said_with_the_nearest():
    assert unknown_rules(["remnant_volum", "order"]) == ['"remnant_volum" is no rule; did you mean "remnant_volume"?']


def wrong(rules):
    return faults(rules, keys=KEYS, settings=PROTOCOL.settings, sources=knowledge().sources)


def test_records_name_keys_settings_and_sources_that_exist():
    assert wrong(RULES.values()) == []


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"reads": ("liver.inrr",)}, 'rule order: "liver.inrr" is no key of the case file; did you mean "liver.inr"?'),
        ({"settings": ("inr_mx",)}, 'rule order: "inr_mx" is no setting; did you mean "inr_max"?'),
        ({"sources": ("adam_2005",)}, 'rule order: "adam_2005" is no source; did you mean "adam_2004"?'),
        ({"settings": ("inr_max", "inr_max")}, "rule order: setting inr_max is named twice"),
    ],
)
def test_a_record_that_names_what_does_not_exist_is_told_the_nearest(changes, sentence):
    assert wrong([replace(Rule("order", "A sentence."), **changes)]) == [sentence]


def test_every_record_has_a_sentence_and_two_examples():
    for rule in RULES.values():
        assert rule.statement[0].isupper(), rule.id
        assert rule.statement.endswith("."), rule.id
        assert len(rule.examples) == 2, rule.id
        assert not (rule.fact and rule.step), rule.id


def test_source_ids_of_the_rules_stand_in_the_records_alone():
    facts = list((SRC / "facts").rglob("*.py"))
    literals = {
        text
        for file in facts
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        for text in strings(node)
    }
    assert literals & set(knowledge().sources) == set()


# --- examples --------------------------------------------------------------------------------------------------------------

EXAMPLES = [
    pytest.param(rule, example, id=f"{rule.id}-{example.says}")
    for rule in RULES.values()
    for example in rule.examples
    if example.says
]


@pytest.mark.parametrize(("rule", "example"), EXAMPLES)
def test_a_rule_says_of_its_example_what_the_record_says(rule, example):
    assert strictest(said(rule, example)) == example.says


def test_the_two_examples_of_a_rule_are_answered_differently_or_told_in_words():
    for rule in RULES.values():
        one, two = rule.examples
        assert one.says != two.says or not (one.says or two.says), rule.id
    # Only what the plan or a record is asked for, not the case, is told in words.
    told = {rule.id for rule in RULES.values() if not rule.examples[0].says}
    assert all(not RULES[rule].reads and not RULES[rule].settings for rule in told)


# --- what a rule reads -------------------------------------------------------------------------------------------------------


def protocol_of(entry):
    protocol = PROTOCOL
    for key, value in entry.get("protocol", {}).items():
        protocol = rule_answers.with_setting(protocol, key, value)
    return protocol


@cache
def shown():
    """By (rule, key) and (rule, setting) that a change of one of CASES shows."""
    reads, settings = defaultdict(set), defaultdict(set)
    for entry in CASES:
        raw, protocol = entry["case"], protocol_of(entry)
        case = rule_answers.parsed(raw)
        before = rule_answers.answers(case, protocol)
        for key, places in entry.get("reads", {}).items():
            variants = list(rule_answers.variants(raw, key))
            for place in places:
                after = rule_answers.answers(rule_answers.parsed(variants[place]), protocol)
                for rule in rule_answers.changed(before, after):
                    reads[rule].add(key)
        for key, values in entry.get("settings", {}).items():
            for value in values:
                after = rule_answers.answers(case, rule_answers.with_setting(protocol, key, value))
                for rule in rule_answers.changed(before, after):
                    settings[rule].add(key)
    return reads, settings


def test_each_key_that_a_rule_says_it_reads_changes_it_in_some_case():
    reads, _ = shown()
    assert {
        rule.id: sorted(set(rule.reads) - reads[rule.id]) for rule in RULES.values() if set(rule.reads) - reads[rule.id]
    } == {}


def test_each_setting_that_a_rule_says_it_reads_changes_it_in_some_case():
    _, settings = shown()
    missing = {rule.id: sorted(set(rule.settings) - settings[rule.id]) for rule in RULES.values()}
    assert {rule: keys for rule, keys in missing.items() if keys} == {}


def undeclared(raw, protocol, keys, settings):
    """Rules that a change of one key or setting has changed though their record does not name it."""
    found = set()
    case = rule_answers.parsed(raw)
    before = rule_answers.answers(case, protocol)
    for key in keys:
        for variant in rule_answers.variants(raw, key):
            changed = rule_answers.parsed(variant)
            if changed is not None:
                rules = rule_answers.changed(before, rule_answers.answers(changed, protocol))
                found |= {(rule, key) for rule in rules if key not in RULES[rule].reads}
    for key in settings:
        for value in rule_answers.other_values(protocol.settings[key]):
            after = rule_answers.answers(case, rule_answers.with_setting(protocol, key, value))
            found |= {(rule, key) for rule in rule_answers.changed(before, after) if key not in RULES[rule].settings}
    return found


def test_a_key_or_setting_that_a_rule_does_not_name_changes_nothing_where_it_is_shown():
    reads, settings = shown()
    assert {(rule, key) for rule, keys in reads.items() for key in keys if key not in RULES[rule].reads} == set()
    assert {(rule, key) for rule, keys in settings.items() for key in keys if key not in RULES[rule].settings} == set()


def test_a_key_or_setting_that_a_rule_does_not_name_changes_nothing_in_the_known_patient():
    """Every third key and setting; all of them with -m slow, in this patient and in every shipped case."""
    assert undeclared(KNOWN, PROTOCOL, [*KEYS][::3], [*PROTOCOL.settings][::3]) == set()


@pytest.mark.slow
def test_no_key_or_setting_that_a_rule_does_not_name_changes_anything_in_the_known_patient():
    assert undeclared(KNOWN, PROTOCOL, KEYS, PROTOCOL.settings) == set()


@pytest.mark.slow
@pytest.mark.parametrize("file", [*CONSTRUCTED, *PUBLISHED], ids=lambda file: file.stem)
def test_a_key_or_setting_that_a_rule_does_not_name_changes_nothing_in_a_shipped_case(file):
    raw = json.loads(json.dumps(read_file(file).value))
    assert undeclared(raw, PROTOCOL, KEYS, PROTOCOL.settings) == set()


# --- settings by which a record is held to a rule ------------------------------------------------------------------------

OPERATED_LATE = {
    "schema": 1,
    "case": {**KNOWN, "lesions": [{"segments": [4, 8], "size_mm": 60, "count": 1, "contacts": [
        "right_hepatic_vein", "middle_hepatic_vein", "left_hepatic_vein"]}]},
    "events": [
        {"day": 0, "until_day": 42, "event": "chemotherapy", "regimen": "folfox", "cycles": 4},
        {"day": 56, "event": "restaging", "modality": "mri", "response": "partial", "finding": "resectable"},
        {"day": 126, "event": "hepatectomy", "removes": [4, 8]},
    ],
}  # fmt: skip
RECTUM_EARLY = {
    "schema": 1,
    "case": {
        **KNOWN,
        "primary": {**KNOWN["primary"], "site": "rectum", "status": "in_situ", "needs_radiotherapy": True},
    },
    "events": [{"day": 7, "event": "radiotherapy"}, {"day": 28, "event": "primary_resection"}],
}
HELD_TO = {
    ("radiotherapy", "radiotherapy_wait_weeks"): (Course.model_validate(RECTUM_EARLY), 2),
    ("prompt_surgery", "scheduling_weeks"): (Course.model_validate(OPERATED_LATE), 8),
    ("imaging_fresh", "imaging_weeks"): (course_of("alp-01"), 0),
    ("restaging", "restaging_weeks"): (course_of("conv-01"), 0),
}


@pytest.mark.parametrize(("rule", "setting"), HELD_TO)
def test_a_record_is_held_to_a_rule_by_the_settings_it_names(rule, setting):
    course, value = HELD_TO[rule, setting]
    before, after = (
        {(row.index, row.excess) for row in audit(course, protocol).rows if row.rule == rule}
        for protocol in (PROTOCOL, rule_answers.with_setting(PROTOCOL, setting, value))
    )
    assert before != after


def test_every_setting_that_a_record_is_held_to_is_tried():
    assert {(rule.id, key) for rule in RULES.values() for key in rule.watched} == set(HELD_TO)


# --- what no rule reads ----------------------------------------------------------------------------------------------------

# Prognostic scores read some of these, the referral of a lesson others; none of them changes what a rule says.
UNREAD: set[str] = set()
# Read by nothing at all, or only where a plan warns, or by chances and days (`mortality_level`, `ablation_technique`,
# `pregnancy_delivery_week`), or by an assumption, which no rule speaks of, or where label maps are read (`import_...`).
UNUSED = {
    "ablation_technique",
    "albumin_low",
    "embolise_segment_iv",
    "import_contact_mm",
    "import_deep_mm",
    "import_encasement_share",
    "import_segment_share",
    "life_carried_over",
    "local_treatment_by_depth",
    "mortality_level",
    "operation_death_outweighed",
    "depth_outweighed_by_deaths",
    "operation_death_warned",
    "platelets_low",
    "pregnancy_asked_to_age",
    "pregnancy_delivery_week",
    "removed_with_the_liver",
    "removed_after_the_liver",
    "soft_cycles",
}


def test_keys_and_settings_that_no_rule_reads_are_these():
    assert set(KEYS) - {key for rule in RULES.values() for key in rule.reads} == UNREAD
    assert (
        set(PROTOCOL.settings) - {key for rule in RULES.values() for key in (*rule.settings, *rule.watched)} == UNUSED
    )
