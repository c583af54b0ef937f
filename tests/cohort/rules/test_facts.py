"""Facts by columns equal the rules of single cases, for thousands of drawn patients and every table."""

import random

import numpy as np
import pytest

from cohort.columns import drawn
from pathways.cohort.codes.state import LIVE, Seen, packed
from pathways.cohort.rules.facts import CohortFacts
from pathways.cohort.rules.tables import Tables
from pathways.facts.derive import CaseFacts
from pathways.knowledge.protocols import as_protocol, load_protocol
from pathways.process.facts import CASE_FACTS
from rule_answers import with_setting

# Debulking is no treatment of bowel metastases: these two are never asked of a drawn patient.
NEVER_ASKED = ("debulkable", "remnant_debulking")
KEYS = (
    "extent",
    "blocks",
    "volume",
    "growth",
    "stage",
    "primary",
    "extrahepatic",
    "line",
    "condition",
    "listed",
    "stimulus",
)
ASKED = [fact for fact in CASE_FACTS if fact.name not in NEVER_ASKED]


def differences(number, protocol, tries, first=0):
    patients, judged_by = drawn(number, first), as_protocol(protocol)
    facts = CohortFacts(patients, judged_by)
    tables, rng = Tables(facts), random.Random(first)
    keys = []
    for _ in range(tries):
        key = {name: rng.choice(LIVE[name]) for name in KEYS} | {
            "nature": "confirmed",
            "characterised": "no",
            "sites": "none",
            "bile": "free",
            "pregnancy": "none",
            "gestation": "none",
        }
        words, rows = np.full(number, packed(key), dtype=np.uint64), np.arange(number)
        codes = {one.name: tables.lookup(one.name, rows, Seen(words)) for one in ASKED if one.keys}
        keys.append((key, codes))
    found = []
    for row in range(number):
        scalar = CaseFacts(patients.case(row), judged_by, follow_up=True)
        for fact in ASKED:
            if not fact.keys:
                pairs = [(scalar.cell(fact.name, ()).value, fact.domain[facts.fixed[fact.name][row]])]
            else:
                pairs = [
                    (
                        scalar.cell(fact.name, tuple(key[one] for one in fact.keys)).value,
                        fact.domain[codes[fact.name][row]],
                    )
                    for key, codes in keys
                ]
            found += [(row, fact.name, *pair) for pair in pairs if pair[0] != pair[1]]
    return found


# Orders that a board may ask for.
ORDERED = {
    "systemic_first_from_points": 3,
    "remnant_cleared_before_stimulus": True,
    "perioperative_accepted": False,
    "extrahepatic_in_one_session_sites": ("portal_nodes",),
}


def test_facts_by_columns_are_those_of_the_case_files_under_a_protocol_that_asks_for_an_order():
    protocol = load_protocol("default")
    for key, value in ORDERED.items():
        protocol = with_setting(protocol, key, value)
    assert differences(120, protocol, 6, 777) == []


@pytest.mark.parametrize(
    ("number", "protocol", "first"), [(300, "default", 0), (100, "mdacc", 5000), (100, "european", 9000)]
)
def test_facts_by_columns_are_those_of_the_case_files(number, protocol, first):
    assert differences(number, protocol, tries=4, first=first) == []


@pytest.mark.slow
@pytest.mark.parametrize("protocol", ["default", "mdacc", "european"])
def test_facts_by_columns_are_those_of_thousands_of_case_files(protocol):
    assert differences(4000, protocol, tries=6, first=20_000) == []


def test_a_drawn_patient_is_a_valid_case_file():
    for case in drawn(200).cases():
        assert case.lesions
        assert case.primary.tumour == "colorectal"
