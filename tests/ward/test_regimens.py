"""A regimen is the drugs that are known of it, or unknown as a whole; and an unknown one is never taken as washed out."""

import random

import pytest

import pathways as pw
from pathways.facts.cited import CitedFigures
from pathways.facts.derive import CaseFacts
from pathways.facts.durations import DAYS
from pathways.facts.regimen import longest_washout, washout_verdict, washout_weeks
from pathways.ward.regimens import drugs_in, is_cytotoxic
from pathways.ward.table import table

PROTOCOL = pw.load_protocol()


def case_after(regimen, ended=-3):
    history = [
        {
            "event": "chemotherapy",
            "week": -12,
            "until_week": ended,
            "cycles": 4,
            **({"regimen": regimen} if regimen else {}),
        }
    ]
    return pw.load_case({
        "schema": 1, "id": "x", "primary": {"tumour": "colorectal", "status": "resected"}, "lesions": [{"segments": [6], "size_mm": 20}],
        "history": history,
    })  # fmt: skip


def assessed_after(regimen, ended=-3):
    return CaseFacts(case_after(regimen, ended), PROTOCOL).assessed


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("mFOLFOX6 + bevacizumab", "folfox_bevacizumab"), ("folfox_bev", "folfox_bevacizumab"), ("folfox_avastin", "folfox_bevacizumab"),
        ("Avastin/FOLFOX", "folfox_bevacizumab"), ("xelox", "capox"), ("CAPEOX plus Bev", "capox_bevacizumab"), ("FOLFIRI and Erbitux", "folfiri_cetuximab"),
        ("5-FU/LV", "fluorouracil_leucovorin"), ("mFOLFIRINOX", "folfirinox"), ("everolimus_octreotide", "everolimus_octreotide"),
        ("cisplatin_epirubicin_leucovorin_fluorouracil", "cisplatin_epirubicin_leucovorin_fluorouracil"),
        ("banana", None), ("folfox banana", None), ("FOLFOX, then FOLFIRI", None), ("fol", None), ("", None), ("+", None), ("FOLFOX?", None), ("x" * 500, None),
    ],
)  # fmt: skip
def test_a_regimen_is_its_drugs(text, name):
    found = drugs_in(text)
    assert (found and found.name) == name


def test_every_drug_by_any_name_with_any_partner_is_understood_however_it_is_joined():
    luck = random.Random(7)
    drugs = table().drugs
    partners = [written for written, (_, kind) in drugs.items() if kind in ("bevacizumab", "antibody")]
    for written, (name, kind) in drugs.items():
        if kind != "backbones":
            continue
        partner = luck.choice(partners)
        text = luck.choice([" + ", "/", " plus ", " and ", ", ", " "]).join([written.upper(), partner.title()])
        assert drugs_in(text).name == f"{name}_{drugs[partner][0]}", text


def test_a_canonical_name_is_its_own_name():
    for name, _ in table().drugs.values():
        assert drugs_in(name).name == name


@pytest.mark.parametrize(
    ("regimen", "setting"),
    [
        ("folfox", "washout_weeks_cytotoxic"), ("folfox_bev", "washout_weeks_bevacizumab"), ("folfiri_cetuximab", "washout_weeks_antibody"),
        ("flot", "washout_weeks_cytotoxic"), ("banana", None), ("folfox_banana", None), ("imatinib", "washout_weeks_kinase_inhibitor"), ("folfiri_aflibercept", None), (None, None),
    ],
)  # fmt: skip
def test_the_interval_is_that_of_the_drugs_and_of_an_unknown_one_none(regimen, setting):
    weeks = washout_weeks(regimen, assessed_after("folfox"))
    assert weeks == (None if setting is None else PROTOCOL.number(setting))


def test_a_partner_never_shortens_the_interval_of_the_backbone():
    overlay = PROTOCOL.settings["washout_weeks_antibody"]
    from dataclasses import replace

    shorter = replace(PROTOCOL, settings={**PROTOCOL.settings, "washout_weeks_antibody": replace(overlay, value=1)})
    assessed = CaseFacts(case_after("folfox"), shorter).assessed
    assert washout_weeks("folfiri_cetuximab", assessed) == washout_weeks("folfiri", assessed)


@pytest.mark.parametrize("regimen", ["banana", "folfox_banana", None, "everolimus"])
def test_what_is_not_known_waits_the_longest_interval_and_says_so(regimen):
    assessed = assessed_after(regimen)
    verdict = washout_verdict(assessed)
    assert verdict.verdict == "unknown"
    assert "longest interval" in verdict.assumed
    assert "waits" in verdict.assumed
    assert verdict.limit == longest_washout(assessed) == 6


def test_an_unknown_regimen_delays_the_first_operation_as_bevacizumab_does():
    days = {
        name: DAYS["meeting_days"](CitedFigures(assessed_after(name, ended=0)))
        for name in ("folfox", "folfox_bevacizumab", "banana")
    }
    assert days["banana"] == days["folfox_bevacizumab"] > days["folfox"]


def test_one_that_ended_long_ago_needs_no_wait():
    verdict = washout_verdict(assessed_after("banana", ended=-9))
    assert verdict.verdict == "unknown"
    assert "waits" not in verdict.assumed


@pytest.mark.parametrize(
    ("regimen", "counts"),
    [
        ("folfox", True), ("banana", True), ("", True), ("imatinib", False), ("imatinib mesylate 400", False), ("everolimus_octreotide", False),
        ("Avastin", False), ("folfox_pembrolizumab", True), ("hormonal", False), ("leucovorin", True),
    ],
)  # fmt: skip
def test_what_counts_as_chemotherapy(regimen, counts):
    assert is_cytotoxic(regimen) is counts
