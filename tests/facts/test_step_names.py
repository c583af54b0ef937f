"""The name of a step follows the drug: only chemotherapy is called so."""

import pytest
from builders import assessed, make_case

import pathways as pw
from pathways.facts.step_names import short_for, title_for
from pathways.knowledge.protocols import load_protocol
from pathways.process.declaration import PROCESS

STEPS = {one.name: one for one in PROCESS.triggers}
BEFORE = STEPS["start_perioperative_chemotherapy"]
EASY = [{"segments": [6], "size_mm": 50, "depth": "superficial", "count": 1}]
OF = {
    "bowel": {},
    "repair deficient": {"mismatch_repair": "deficient"},
    "GIST": {"tumour": "gist", "site": None},
    "neuroendocrine": {"tumour": "neuroendocrine", "site": "ileum", "grade": 1},
}


@pytest.mark.parametrize(
    ("primary", "title", "short"),
    [
        ("bowel", "Perioperative chemotherapy before the operation", "perioperative chemotherapy"),
        ("repair deficient", "Before the operation immunotherapy", "immunotherapy before the operation"),
        ("GIST", "Before the operation imatinib", "imatinib before the operation"),
        ("neuroendocrine", "Before the operation systemic treatment", "systemic treatment before the operation"),
    ],
)
def test_what_comes_before_an_operation_is_called_by_its_drug(primary, title, short):
    patient = assessed(primary=OF[primary])
    assert (title_for(BEFORE, patient), short_for(BEFORE, patient)) == (title, short)


@pytest.mark.parametrize("primary", [one for one in OF if one != "bowel"])
def test_no_step_calls_another_drug_chemotherapy(primary):
    patient = assessed(primary=OF[primary])
    # Infusion into the artery is of the bowel alone.
    steps = [one for one in PROCESS.triggers if one.kind == "decision" and one.name != "start_arterial_infusion"]
    said = {one.name: f"{title_for(one, patient)}; {short_for(one, patient)}" for one in steps}
    assert [name for name, words in said.items() if "chemotherapy" in words.lower()] == []


@pytest.mark.parametrize("primary", [one for one in OF if one != "bowel"])
def test_no_pathway_calls_another_drug_chemotherapy(primary):
    made = pw.plan(make_case(primary=OF[primary], lesions=EASY), load_protocol())
    said = [words for one in made.pathways for words in (one.title, *(step.title for step in one.steps))]
    assert any("before the operation" in words.lower() for words in said)
    assert not [words for words in said if "chemotherapy" in words.lower()]


def test_a_step_without_another_name_keeps_its_own():
    patient = assessed(primary=OF["GIST"])
    assert title_for(STEPS["start_second_line"], patient) == "Second-line systemic treatment"
    assert short_for(STEPS["resect_primary"], patient) == "primary"
