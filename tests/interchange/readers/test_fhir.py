"""A FHIR bundle becomes a draft by its codes: what is known is taken with its place, what is not is listed, another unit is refused."""

import contextlib
import copy
import datetime as dt
import json
import random
import sys
from unittest.mock import patch

import pytest
from shipped import ROOT

from pathways.case.loading import parse_case
from pathways.cli.main import run
from pathways.documents.problems import PathwaysError
from pathways.interchange.readers.fhir.bundle import codes
from pathways.interchange.readers.fhir.reading import draft_of
from pathways.ward.kinds import units_of
from pathways.ward.regimens import drugs_in
from pathways.ward.values import factor_of

SHIPPED = ROOT / "docs" / "how-to" / "import" / "bundle.json"
BUNDLE = json.loads(SHIPPED.read_text(encoding="utf-8"))


def resource(bundle, name):
    return next(entry["resource"] for entry in bundle["entry"] if entry["resource"]["id"] == name)


def drafted(tmp_path, *without, today=None, add=(), **changes):
    """The shipped bundle, less some resources, with others changed (a dict replaces keys, None takes one away) or added."""
    told = copy.deepcopy(BUNDLE)
    told["entry"] = [entry for entry in told["entry"] if entry["resource"]["id"] not in without]
    for name, keys in changes.items():
        one = resource(told, name)
        one.update(keys)
        for key in [key for key, value in keys.items() if value is None]:
            del one[key]
    told["entry"] += [{"resource": one} for one in add]
    file = tmp_path / "bundle.json"
    file.write_text(json.dumps(told, indent=1), encoding="utf-8")
    return draft_of(file, "a", today)


def refusal(tmp_path, **options):
    with pytest.raises(PathwaysError) as error:
        drafted(tmp_path, **options).case()
    return str(error.value)


def code(system, one):
    return {"coding": [{"system": system, "code": one}]}


def test_the_shipped_bundle_becomes_a_case():
    case = parse_case(draft_of(SHIPPED, "a", None).text())
    assert (
        case.patient.age_years,
        case.patient.sex,
        case.patient.height_cm,
        case.patient.weight_kg,
        case.patient.ecog,
    ) == (62, "female", 168, 71, 1)
    primary = case.primary
    assert (primary.tumour, primary.site, primary.interval_months, primary.presentation) == (
        "colorectal",
        "sigmoid",
        6,
        None,
    )
    assert (primary.ras, primary.braf, primary.mismatch_repair, primary.cea_ng_per_ml) == (
        "wild_type",
        "wild_type",
        "proficient",
        46,
    )
    assert case.liver.bilirubin_umol_per_l == pytest.approx(8.552)
    assert case.patient.haemoglobin_g_per_l == 130
    assert [(one.segments, one.size_mm) for one in case.lesions] == [((8,), 35), ((6,), None)]
    assert [(one.site, one.nature) for one in case.extrahepatic] == [("lung", "suspected")]
    assert [(one.event, one.week, one.until_week, one.regimen) for one in case.history] == [
        ("hepatectomy", -24, None, None), ("chemotherapy", -20, -16, "folfox_bevacizumab"),
    ]  # fmt: skip


def test_what_no_code_is_known_of_is_listed_and_an_order_is_no_gift():
    draft = draft_of(SHIPPED, "a", None)
    assert draft.unmapped == [
        "Procedure Sigmoid resection",
        "MedicationRequest Capecitabine",
    ]
    assert any("Capecitabine is an order" in note for note in draft.notes)
    assert any("today is taken to be the last date of the bundle, 2026-08-20" in note for note in draft.notes)
    assert "primary.status" not in draft.value.get("primary", {})


def test_a_day_that_is_told_moves_age_and_weeks(tmp_path):
    draft = drafted(tmp_path, today=dt.date(2027, 5, 20))
    assert draft.value["patient"]["age_years"] == 63
    assert draft.value["history"][0]["week"] == -((dt.date(2027, 5, 20) - dt.date(2026, 3, 2)).days // 7)
    assert not any("today" in note for note in draft.notes)


@pytest.mark.parametrize(
    ("day", "months", "presentation"),
    [("2026-01-10", 0, "synchronous"), ("2026-01-09", 0, "synchronous"), ("2026-02-09", 1, None)],
)
def test_metastases_found_with_the_primary_or_before_it_are_synchronous(day, months, presentation, tmp_path):
    primary = drafted(tmp_path, c2={"onsetDateTime": day}).value["primary"]
    assert (primary["interval_months"], primary.get("presentation")) == (months, presentation)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("o2", {"valueQuantity": {"value": 156, "code": "[lb_av]"}}, 'got "[lb_av]"; accepted: a valueQuantity in kg, g'),
        ("o5", {"valueQuantity": {"value": 46}}, "accepted: a valueQuantity in ng/mL, ug/L"),
        ("o5", {"valueQuantity": {"value": 46, "unit": "ug/L", "system": "http://example.org/units"}}, "accepted: a valueQuantity in ng/mL, ug/L"),
        ("o5", {"valueQuantity": {"value": 2, "code": "ug/L", "comparator": "<"}}, 'got "<"'),
        ("o5", {"valueQuantity": None}, "tells no quantity"),
        ("o6", {"valueQuantity": {"value": 0.5, "code": "umol/L"}}, "accepted: a valueQuantity in mg/dL"),
        ("s1", {"component": None, "valueQuantity": {"value": 1.4, "code": "[in_i]"}}, "accepted: a valueQuantity in mm, cm"),
        ("o3", {"valueInteger": 5}, "accepted: an ECOG performance status of 0 to 4"),
        ("o1", {"valueQuantity": {"value": 900, "code": "cm"}}, "height_cm"),
        ("c1", {"onsetDateTime": "last spring"}, "accepted: a date, as in 2026-03-01"),
        ("c1", {"subject": {"reference": "Patient/other"}}, "accepted: a bundle of one patient"),
        ("p1", {"birthDate": "2030-01-01"}, "accepted: a date before today"),
    ],
)  # fmt: skip
def test_what_would_look_right_and_be_wrong_is_refused_with_its_place(name, value, said, tmp_path):
    words = refusal(tmp_path, **{name: value})
    assert said in words
    assert words.startswith(f"{tmp_path / 'bundle.json'}:")


def test_the_future_and_a_second_patient_are_refused(tmp_path):
    assert "accepted: what was done before today (--today)" in refusal(tmp_path, today=dt.date(2026, 3, 1))
    assert "holds 2 patients" in refusal(tmp_path, add=[{"resourceType": "Patient", "id": "p2"}])


@pytest.mark.parametrize("status", ["entered-in-error", "not-done", "preparation"])
def test_what_was_not_done_is_no_history(status, tmp_path):
    draft = drafted(tmp_path, x1={"status": status})
    assert [event["event"] for event in draft.value["history"]] == ["chemotherapy"]
    assert any(status in one for one in draft.unmapped)


def test_ras_is_wild_type_only_where_both_genes_were_looked_for(tmp_path):
    assert "ras" not in drafted(tmp_path, "g2").value["primary"]
    present = {"valueCodeableConcept": code("http://loinc.org", "LA9633-4")}
    assert drafted(tmp_path, "g2", g1=present).value["primary"]["ras"] == "mutated"


@pytest.mark.parametrize(
    ("change", "answer"), [("p.V600E", "v600e"), ("p.Val600Glu", "v600e"), ("p.D594G", None), ("", None)]
)
def test_another_variant_of_braf_than_v600e_is_listed(change, answer, tmp_path):
    gene = BUNDLE["entry"] and resource(BUNDLE, "g3")["component"]
    told = [*gene, {"code": code("http://loinc.org", "48005-3"), "valueCodeableConcept": {"text": change}}]
    draft = drafted(tmp_path, g3={"valueCodeableConcept": code("http://loinc.org", "LA9633-4"), "component": told})
    assert draft.value["primary"].get("braf") == answer
    assert ("Observation Genetic variant BRAF" in draft.unmapped) is (answer is None)


@pytest.mark.parametrize(("found", "placed"), [((), [[8], [6]]), (("b1", "b2", "s1"), [[3]])])
def test_a_lesion_is_told_once_by_its_structure_or_else_by_the_diagnosis(found, placed, tmp_path):
    draft = drafted(tmp_path, *found, c2={"bodySite": [code("http://snomed.info/sct", "277957003")]})
    assert [one["segments"] for one in draft.value["lesions"]] == placed


def test_a_diagnosis_that_is_over_is_no_lesion_of_today(tmp_path):
    site = [code("http://snomed.info/sct", "277957003")]
    draft = drafted(
        tmp_path,
        "b1",
        "b2",
        "s1",
        c2={
            "bodySite": site,
            "clinicalStatus": code("http://terminology.hl7.org/CodeSystem/condition-clinical", "resolved"),
        },
    )
    assert "lesions" not in draft.value
    assert "Condition Liver metastases (resolved)" in draft.unmapped


@pytest.mark.parametrize(
    "wrong",
    [
        {"system": "http://example.org/codes", "code": "277962002"},
        {"system": "http://snomed.info/sct", "code": "245309003"},
    ],
)
def test_a_code_of_another_system_or_one_that_is_not_known_means_nothing(wrong, tmp_path):
    draft = drafted(tmp_path, b1={"location": {"coding": [wrong], "text": "Segment VIII"}})
    assert [one["segments"] for one in draft.value["lesions"]] == [[6]]
    assert "BodyStructure Segment VIII" in draft.unmapped


def test_a_month_is_no_day(tmp_path):
    draft = drafted(tmp_path, c1={"onsetDateTime": "2026-01"})
    assert "interval_months" not in draft.value["primary"]
    assert any("2026-01 is no whole date" in note for note in draft.notes)


def test_drugs_are_a_scheme_where_they_are_exactly_its_drugs(tmp_path):
    without = [f"Leucovorin-{day}" for day in ("2026-04-01", "2026-04-15", "2026-04-29")]
    (course,) = [one for one in drafted(tmp_path, *without).value["history"] if one["event"] == "chemotherapy"]
    assert set(course["regimen"].split("_")) == {"fluorouracil", "oxaliplatin", "bevacizumab"}
    for name, drugs in codes()["schemes"].items():
        assert drugs_in(name).name == name
        assert all(drugs_in(drug).name == drug for drug in drugs)


@pytest.mark.parametrize(
    "text",
    [
        '{"resourceType": "Patient"}',
        "[]",
        "3",
        '{"resourceType": "Bundle"}',
        '{"resourceType": "Bundle", "entry": [{}]}',
        "{",
        "",
    ],
)
def test_what_is_no_bundle_is_answered(text, tmp_path):
    file = tmp_path / "bundle.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(PathwaysError):
        draft_of(file, "a", None)


def test_the_command_writes_the_draft_and_says_what_to_look_at(tmp_path, capsys):
    def command(*words):
        with patch.object(sys, "argv", ["pathways", *map(str, words)]), pytest.raises(SystemExit) as stop:
            run()
        return stop.value.code or 0

    assert command("import", "fhir", SHIPPED, "-o", tmp_path / "case.yaml", "--today", "2026-09-01") == 0
    assert "Sigmoid resection" in capsys.readouterr().err
    assert parse_case((tmp_path / "case.yaml").read_text(encoding="utf-8")).patient.age_years == 62
    assert command("import", "fhir", SHIPPED, "--today", "soon") == 2
    assert "accepted: a date, as in 2026-11-29" in capsys.readouterr().err


JUNK = (
    None,
    True,
    -1,
    "",
    "x",
    [],
    {},
    [1],
    [None],
    {"a": 1},
    {"coding": 3},
    {"coding": [None]},
    [{"coding": [{"code": []}]}],
    "2026-13-45",
    {"reference": {}},
)


def places(value, path=()):
    yield path
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in entries:
        yield from places(one, (*path, key))


@pytest.mark.parametrize("seed", range(4))
def test_junk_at_any_place_gives_a_draft_or_an_answer(seed, tmp_path):
    luck = random.Random(seed)
    short = {**BUNDLE, "entry": [BUNDLE["entry"][place] for place in (0, 1, 4, 6, 11, 15, 17, 18, 20)]}
    for _ in range(25):
        told = copy.deepcopy(short)
        *path, last = luck.choice(list(places(told))[1:])
        inside = told
        for key in path:
            inside = inside[key]
        inside[last] = luck.choice(JUNK)
        file = tmp_path / "bundle.json"
        file.write_text(json.dumps(told), encoding="utf-8")
        with contextlib.suppress(PathwaysError):
            draft_of(file, "a", None).text()


def test_every_unit_of_a_code_is_one_of_the_ward_and_no_factor_stands_twice():
    measured = [*codes()["measured"].values(), codes()["size"]]
    for one in measured:
        known = units_of(one["key"][-1])
        assert isinstance(one["units"], tuple)
        assert all(factor_of(unit, known) is not None for unit in one["units"]) or not known, one
    assert {one["key"][-1] for one in measured if not units_of(one["key"][-1])} == {"inr"}


@pytest.mark.parametrize(
    ("key", "unit", "factor"),
    [("bilirubin_umol_per_l", "mg/dL", 17.104), ("creatinine_umol_per_l", "mg/dL", 88.402), ("albumin_g_per_l", "g/dL", 10),
     ("platelets_e9_per_l", "10*3/uL", 1), ("platelets_e9_per_l", "10*9/L", 1), ("cea_ng_per_ml", "ug/L", 1), ("height_cm", "m", 100)],
)  # fmt: skip
def test_a_bundle_is_reckoned_by_the_units_of_the_ward(key, unit, factor):
    assert factor_of(unit, units_of(key)) == factor
