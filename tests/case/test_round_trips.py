"""A case that went through another program is the same case: its own dump, PyYAML, JSON, NumPy, rows of a table."""

import io
import json

import numpy as np
import pytest
from hypothesis import given, settings
from ruamel.yaml import YAML
from shipped import CONSTRUCTED, PUBLISHED
from strategies import cases

import pathways as pw
from pathways.documents.problems import DocumentError, PathwaysError

yaml = pytest.importorskip("yaml")
SMALLEST = {"schema": 1, "id": "x", "primary": {"tumour": "colorectal"}, "lesions": [{"segments": [8]}]}
KEYS = {"age_years": 62, "height_cm": 168, "weight_kg": 71.5, "ecog": 1, "anticoagulated": True, "sex": "female"}


class NAType:
    """As pandas says that a cell is missing: neither equal to anything nor a truth."""

    def __bool__(self):
        raise TypeError("boolean value of NA is ambiguous")


def by_ruamel(values):
    text = io.StringIO()
    YAML().dump(values, text)
    return text.getvalue()


WRITERS = {
    "json": json.dumps,
    "json with tabs": lambda values: json.dumps(values, indent="\t", ensure_ascii=False),
    "PyYAML": yaml.dump,
    "PyYAML in flow": lambda values: yaml.dump(values, default_flow_style=True),
    "PyYAML in lines": lambda values: yaml.dump(values, default_flow_style=False, sort_keys=False, width=20),
    "PyYAML, safe": lambda values: yaml.safe_dump(values, allow_unicode=True, explicit_start=True),
    "ruamel": by_ruamel,
}


def with_patient(**keys):
    return {**SMALLEST, "patient": keys}


@given(cases())
@settings(max_examples=3, deadline=None, derandomize=True)
def test_a_dump_of_a_case_is_read_as_the_same_case_whoever_wrote_it(case):
    for mode in ("json", "python"):
        values = case.model_dump(by_alias=True, mode=mode)
        assert pw.load_case(values) == pw.Case(**values) == case
        for write in WRITERS.values():
            assert pw.parse_case(write(values)) == case


@pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS)
@pytest.mark.parametrize("path", [PUBLISHED[0], CONSTRUCTED[0]], ids=lambda path: path.stem)
def test_a_shipped_case_survives(path, write):
    case = pw.load_case(path)
    assert pw.parse_case(write(case.model_dump(by_alias=True))) == case


def test_what_python_shares_and_pyyaml_names_once_is_read():
    segments = [5, 6, 7, 8]
    text = yaml.dump({
        **SMALLEST, "lesions": [{"segments": segments}, {"segments": segments}],
        "liver": {"measured_remnants": [{"removes": segments, "fraction": 0.4}]},
    })  # fmt: skip
    assert "*id" in text
    assert pw.parse_case(text).liver.measured_remnants[0].removes == (5, 6, 7, 8)


def test_a_json_file_is_a_case(tmp_path):
    file = tmp_path / "case.json"
    file.write_text(json.dumps({**SMALLEST, "title": "Müller 😀"}))
    assert pw.load_case(file).title == "Müller 😀"


NUMPY = {
    "age_years": np.int64(62), "height_cm": np.float32(168), "weight_kg": np.float64(71.5), "ecog": np.int8(1),
    "anticoagulated": np.bool_(True), "sex": np.str_("female"),
}  # fmt: skip
AS_FLOATS = {**KEYS, "age_years": 62.0, "ecog": np.float64(1.0), "asa": float("nan"), "fit_for": None}
NOTHING = {**KEYS, "asa": NAType(), "fit_for": np.float64("nan")}


@pytest.mark.parametrize("keys", [NUMPY, AS_FLOATS, NOTHING], ids=["numpy", "a column with a gap", "missing"])
@pytest.mark.parametrize("door", [pw.load_case, lambda values: pw.Case(**values)], ids=["load_case", "Case"])
def test_values_of_a_table_mean_what_they_say_and_nan_is_missing(keys, door):
    case = door(with_patient(**keys))
    assert case == pw.Case(**with_patient(**KEYS))
    assert case.patient.asa is None
    assert {type(value) for _, value in case.patient} <= {int, float, bool, str, tuple, type(None)}


def test_arrays_are_lists():
    drawn = {
        **SMALLEST, "lesions": [{"segments": np.array([5, 8]), "size_mm": np.float64(35)}],
        "liver": {"removed_segments": np.array([], dtype=int), "segments_ml": {"2": np.float64(110), "3": np.int64(130)}},
    }  # fmt: skip
    plain = {
        **SMALLEST,
        "lesions": [{"segments": [5, 8], "size_mm": 35}],
        "liver": {"segments_ml": {"2": 110, "3": 130}},
    }
    assert pw.load_case(drawn) == pw.Case(**drawn) == pw.load_case(plain)


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({"age_years": 61.5}, "patient.age_years: got 61.5; accepted: a whole number"),
        ({"age_years": np.bool_(True)}, "patient.age_years: got true; accepted: a whole number"),
        ({"weight_kg": float("inf")}, "patient.weight_kg: got inf; accepted: a finite number"),
        ({"age_years": np.datetime64("2024-05-01")}, "patient.age_years: got 2024-05-01; accepted: a whole number"),
        ({"declines": [float("nan")]}, "patient.declines[0]: got nan; accepted: "),
        ({"sex": "\ud800"}, "patient.sex: holds half of an escaped character"),
        ({"sex": "a\0"}, "patient.sex: holds the invisible character U+0000; delete it"),
        ({"😀": 1}, 'patient.😀: unknown key "😀"; accepted: age_years'),
        ({"\ud800": 1}, "patient.�: holds half of an escaped character"),
        ({3: 1}, "patient: got the key 3; accepted: keys that are text"),
    ],
)
def test_a_value_that_means_nothing_is_answered_once_at_its_key(keys, words):
    with pytest.raises(DocumentError) as refusal:
        pw.load_case(
            with_patient(**keys) if all(isinstance(key, str) for key in keys) else {**SMALLEST, "patient": keys}
        )
    (problem,) = refusal.value.problems
    assert f"<values>:1:1: {words}" in str(problem)


def test_what_names_no_file_is_no_file():
    with pytest.raises(PathwaysError, match=r"got 5 for a file; accepted: the name of a file"):
        pw.load_case(5)
