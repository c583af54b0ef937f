"""Fixed facts asked once for every combination of what they read: the mapping names all that is read, and the answers are those of cases."""

from dataclasses import fields, replace
from itertools import product

import numpy as np
import pytest

from cohort.columns import drawn
from pathways.cohort.codes.state import LIVE, Seen, packed
from pathways.cohort.patients.columns import (
    BACKGROUNDS,
    CODES,
    COLUMNS_OF,
    EXTRAHEPATIC,
    SITES,
    URGENCIES,
    Patients,
    joined,
)
from pathways.cohort.rules.by_combination import LIMITS, READS, columns_behind, reads_of
from pathways.cohort.rules.looked_up import (
    BROUGHT,
    LINES,
    WASHOUTS,
    WITH_KEYS,
    WITHOUT_KEYS,
    Biology,
    LookedUp,
    fixed_facts,
)
from pathways.facts.derive import CaseFacts
from pathways.facts.figures import Figures
from pathways.facts.patient_assessment import PatientAssessment
from pathways.facts.regimen import regimen
from pathways.knowledge.protocols import load_protocol
from pathways.process.declaration import PROCESS
from pathways.process.facts import CASE_FACTS
from pathways.process.rules import RULES

PROTOCOLS = ("default", "mdacc", "european")
DOMAIN = {fact.name: fact.domain for fact in CASE_FACTS}
# Columns that may hold anything a column can hold, whoever is drawn in practice.
RANDOM = {
    "age_years": lambda rng, n: rng.integers(18, 96, n).astype(np.int16),
    "female": lambda rng, n: rng.random(n) < 0.5,
    "height_cm": lambda rng, n: rng.uniform(140, 200, n).round(),
    "weight_kg": lambda rng, n: rng.uniform(40, 140, n).round(),
    "ecog": lambda rng, n: rng.integers(0, 5, n).astype(np.uint8),
    "asa": lambda rng, n: rng.integers(1, 6, n).astype(np.uint8),
    "site": lambda rng, n: rng.integers(0, len(SITES), n).astype(np.uint8),
    "urgent": lambda rng, n: rng.integers(0, len(URGENCIES), n).astype(np.uint8),
    "interval_months": lambda rng, n: rng.integers(0, 60, n).astype(np.int16),
    "cea_ng_per_ml": lambda rng, n: np.where(rng.random(n) < 0.2, 80.0, rng.uniform(0, 200, n).round(1)),
    "background": lambda rng, n: rng.integers(0, len(BACKGROUNDS), n).astype(np.uint8),
    "extrahepatic": lambda rng, n: rng.integers(0, len(EXTRAHEPATIC), n).astype(np.uint8),
}  # fmt: skip
YES_NO = (
    "synchronous", "in_situ", "r0_resectable", "needs_radiotherapy", "node_positive", "ras_mutated", "braf_mutated",
    "repair_deficient", "extrahepatic_resectable",
)  # fmt: skip
LIVER = ("counts", "sizes_mm", "deep", "contacts")


def live_values(name):
    """Every key of a case table."""
    return list(product(*(LIVE[key] for key in WITH_KEYS[name])))


def random_columns(number, seed):
    """Patients whose columns have nothing to do with one another."""
    rng = np.random.default_rng(seed)
    columns = {name: make(rng, number) for name, make in RANDOM.items()}
    columns |= {name: rng.random(number) < 0.5 for name in YES_NO}
    return replace(drawn(number, first=seed * 1000), **columns)


def differences(patients, protocol):
    judged_by = load_protocol(protocol)
    fixed = fixed_facts(patients, judged_by, follow_up=True)
    found = []
    for row in range(len(patients)):
        scalar = CaseFacts(patients.case(row), judged_by, follow_up=True)
        for name in WITHOUT_KEYS:
            value, expected = DOMAIN[name][fixed[name][row]], scalar.cell(name, ()).value
            if value != expected:
                found.append((row, name, value, expected))
    return found


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_fixed_facts_are_those_of_the_case_files(protocol):
    assert differences(drawn(400, first=12_000), protocol) == []
    assert differences(random_columns(600, seed=5), protocol) == []


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_limits_are_met_from_both_sides_and_exactly(protocol):
    """Numbers stand for others on the same side of every limit: those at a limit and next to it are asked themselves."""
    judged_by = load_protocol(protocol)
    patients = random_columns(400, seed=9)
    rng = np.random.default_rng(2)
    for name, settings in LIMITS.items():
        step = 1 if name == "age_years" else 0.1
        near = [judged_by.number(one) + away * step for one in settings for away in (-1, 0, 1)]
        column = rng.choice(near, len(patients)).clip(0 if step < 1 else 18, None)
        patients = replace(patients, **{name: column.round(1).astype(getattr(patients, name).dtype)})
    easy = {
        "ecog": np.zeros(400, np.uint8),
        "braf_mutated": np.zeros(400, bool),
        "extrahepatic": np.zeros(400, np.uint8),
    }
    assert differences(replace(patients, **easy), protocol) == []


@pytest.mark.parametrize(
    "protocol", [PROTOCOLS[0], *(pytest.param(one, marks=pytest.mark.slow) for one in PROTOCOLS[1:])]
)
def test_no_fact_reads_more_than_is_named(protocol):
    """A column that stands behind none of a fact's keys changes nothing, whatever it is replaced by."""
    judged_by = load_protocol(protocol)
    some = drawn(4000)
    candidates = fixed_facts(some, judged_by, follow_up=True)["transplantable"]
    one = joined([random_columns(16, seed=1), some.rows(np.flatnonzero(candidates == candidates.min())[:8])])
    other = random_columns(24, seed=2)

    def answers(patients, row):
        facts = CaseFacts(patients.case(row), judged_by, follow_up=True)
        found = {name: facts.cell(name, ()).value for name in WITHOUT_KEYS}
        return found | {name: [facts.cell(name, key).value for key in live_values(name)] for name in WITH_KEYS}

    before = [answers(one, row) for row in range(len(one))]
    changed = set()
    for column in (*RANDOM, *YES_NO, LIVER):
        names = column if column is LIVER else (column,)
        after = replace(one, **{name: getattr(other, name) for name in names})
        for row, expected in enumerate(before):
            found = answers(after, row)
            for name in found:
                if found[name] != expected[name]:
                    changed.add(name)
                    assert set(names) & set(columns_behind(reads_of(name))), (name, names)
    # The test would see it: facts that read something do change.
    assert {"fit_major", "extrahepatic_operable", "primary_operable"} <= changed
    assert not judged_by.yes("transplant_accepted") or "transplantable" in changed


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_tables_that_are_looked_up_are_those_of_the_case_files_in_every_state(protocol):
    judged_by, patients = load_protocol(protocol), random_columns(60, seed=3)
    rows = np.arange(len(patients))
    for name in WITH_KEYS:
        table = LookedUp(name, patients, judged_by)
        expected = [CaseFacts(case, judged_by, follow_up=True) for case in patients.cases()]
        for key in live_values(name):
            words = np.full(len(rows), packed(dict(zip(WITH_KEYS[name], key, strict=True))), dtype=np.uint64)
            found = [DOMAIN[name][code] for code in table.of(rows, Seen(words))]
            assert found == [facts.cell(name, key).value for facts in expected]
        for group in np.unique(table.group):
            alike = np.flatnonzero(table.group == group)
            answers = {tuple(expected[row].cell(name, key).value for key in live_values(name)) for row in alike}
            assert len(answers) == 1


def test_every_fixed_fact_has_its_reads_and_every_column_its_key():
    # What treatments bring reads what the records of their rules name, and needs no line there.
    assert set(READS) == {*WITHOUT_KEYS, *WITH_KEYS, "regimen"} - BROUGHT
    assert {key for keys in READS.values() for key in keys} <= set(COLUMNS_OF)
    assert {column for columns in COLUMNS_OF.values() for column in columns} == {
        field.name for field in fields(Patients)
    } - {"number"}
    every = drawn(3000)
    assert all(getattr(every, name).max() < codes for name, codes in CODES.items())


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_regimens_are_those_of_the_case_files(protocol):
    judged_by, replaced = load_protocol(protocol), {"days_to_restaging": 3.0}
    patients = random_columns(300, seed=7)
    for figures in ({}, replaced):
        biology = Biology(patients, judged_by, figures)
        for row in range(len(patients)):
            scalar = Figures(PatientAssessment(patients.case(row), judged_by), figures)
            for line, name in enumerate(LINES):
                chosen = regimen(scalar.assessed, "first" if name == "none" else name)
                assert biology.response[biology.codes[row], line] == scalar.figure(chosen.response)
                assert biology.progression[biology.codes[row], line] == scalar.figure(chosen.progression)
            for name in WASHOUTS:
                assert biology.days[name][biology.codes[row]] == scalar.days_named(name)


def test_nobody_is_no_question():
    nobody = drawn(3).rows(np.zeros(0, dtype=np.int64))
    assert all(len(column) == 0 for column in fixed_facts(nobody, load_protocol("default"), follow_up=True).values())


def test_a_fact_reads_no_key_that_the_records_of_its_rules_do_not_name():
    """Where `READS` says less than the records it may; it may not say more."""
    for fact in (one.name for one in PROCESS.case_facts if one.name in READS):
        rules = {guard.rule for trigger in PROCESS.triggers for guard in trigger.guards if guard.fact == fact}
        named = {key for rule in rules for key in RULES[rule].reads}
        assert not rules or set(READS[fact]) <= named, (fact, set(READS[fact]) - named)


def test_a_fact_of_a_new_rule_is_looked_up_by_the_record_alone(monkeypatch):
    monkeypatch.delitem(READS, "fit_minor")
    assert set(reads_of("fit_minor")) == {"patient.fit_for", "patient.ecog", "patient.asa"}
