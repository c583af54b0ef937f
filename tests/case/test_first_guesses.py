"""Five case files as surgeons wrote them at first: at most three things are refused in each, and mended they plan."""

from pathlib import Path

import pytest

import pathways as pw
from pathways.documents.problems import DocumentError

HERE = Path(__file__).parent / "first_guesses"
# What is refused, and the mend for each.
MENDS = {
    1: {"primary.crm": ("  crm: threatened\n", "")},
    2: {
        "patient.bmi": ("bmi: 33, ", ""),
        "liver.flr_percent": ("volumetry: {", "volumetry: {removes: [5, 6, 7, 8], "),
        "history[1].week": (
            "  - {event: adjuvant chemotherapy, regimen: CAPOX, cycles: 8, week: -70}\n  - {event: sigmoidectomy, week: -84}\n",
            "  - {event: sigmoidectomy, week: -84}\n  - {event: adjuvant chemotherapy, regimen: CAPOX, cycles: 8, week: -70}\n",
        ),
    },
    3: {"lesions[0].before_mm": (", before_mm: 60", ""), "lesions[1].before_mm": (", before_mm: 28", "")},
    4: {"history[2].event": ("  - {event: recurrence, week: 0}\n", "")},
    5: {},
}


def mended(number):
    """The keys that were refused until nothing was, and the case."""
    text = (HERE / f"{number}-guess.yaml").read_text(encoding="utf-8")
    refused = []
    while True:
        try:
            return refused, pw.parse_case(text)
        except DocumentError as error:
            for problem in error.problems:
                refused.append(problem.key)
                before, after = MENDS[number][problem.key]
                assert before in text
                text = text.replace(before, after)


@pytest.mark.parametrize("number", MENDS)
def test_at_most_three_things_are_refused_and_the_rest_is_understood(number):
    refused, case = mended(number)
    assert refused == list(MENDS[number])
    assert len(refused) <= 3
    assert case.understood


@pytest.mark.parametrize("number", MENDS)
def test_a_mended_first_guess_plans(number):
    plan = pw.plan(mended(number)[1], pw.load_protocol())
    assert plan.pathways
    assert plan.as_json()["understood"]


def test_what_was_understood_of_them_is_what_was_meant():
    cases = {number: mended(number)[1] for number in MENDS}
    assert cases[1].primary.site == "rectum"
    assert cases[1].lesions[2].size_mm == 32
    assert cases[1].extrahepatic == ()
    assert cases[2].primary.ras == "mutated"
    assert cases[2].liver.measured_remnants[0].ml == 470
    assert cases[3].history[0].regimen == "folfiri_cetuximab"
    assert cases[3].history[0].response == "partial"
    assert cases[4].history[1].removes == (5, 6, 7, 8)
    assert cases[5].lesions[0].nature == "suspected"
