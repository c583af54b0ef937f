"""The schema that an editor reads: every key has a title and a description, a list of words or an example, and every example is valid."""

import json

import jsonschema
import pytest
from ruamel.yaml import YAML
from shipped import CONSTRUCTED, PUBLISHED, ROOT

from pathways.case import models
from pathways.case.course import Course, CourseEvent
from pathways.case.examples_of_keys import EXAMPLES
from pathways.case.schema import json_schema, title_of
from pathways.cli.validating import schema_of
from pathways.ward import values

SCHEMA = json_schema(models.Case, "case")
MODELS = {
    **{name: getattr(models, name) for name in EXAMPLES if hasattr(models, name)},
    "CourseEvent": CourseEvent,
    "Course": Course,
}
PARTS = {**SCHEMA["$defs"], "Case": SCHEMA}
KEYS = [(part, key) for part, found in PARTS.items() for key in found["properties"]]


def resolved(found):
    """A property with what it refers to."""
    for one in [found, *found.get("allOf", ())]:
        if "$ref" in one:
            return {**SCHEMA["$defs"][one["$ref"].rpartition("/")[2]], **found}
    return found


def words_in(found):
    """Every word that may stand there."""
    inner = [*([found["items"]] if "items" in found else []), *found.get("anyOf", ())]
    return [word for word in found.get("enum", ()) if isinstance(word, str)] + [
        word for one in inner for word in words_in(one)
    ]


@pytest.mark.parametrize(("part", "key"), KEYS)
def test_every_key_shows_a_title_a_description_and_what_may_stand_there(part, key):
    found = resolved(PARTS[part]["properties"][key])
    assert found["title"] == title_of(key)
    assert found["description"]
    assert words_in(found) or found.get("examples") or "const" in found or "properties" in found, (part, key)


@pytest.mark.parametrize("part", EXAMPLES)
def test_every_example_is_valid_for_its_key(part):
    model = MODELS[part]
    properties = json_schema(model, part)["properties"]
    for key, example in EXAMPLES[part].items():
        for one in example if isinstance(example, tuple) else (example,):
            validator = jsonschema.Draft7Validator(
                {**properties[key], "$defs": json_schema(model, part).get("$defs", {})}
            )
            validator.validate(json.loads(json.dumps(one)))


def test_what_is_said_to_be_also_understood_is():
    found = PARTS["Lesion"]["properties"]["contacts"]["items"]
    for word, said in zip(found["enum"], found["enumDescriptions"], strict=True):
        for one in said.removeprefix("also understood: ").split(", "):
            assert values.meant("Vessel", one).word == word


def test_a_unit_stands_in_the_title():
    assert [title_of(key) for key in ("size_mm", "bilirubin_umol_per_l", "age_years", "week", "platelets_e9_per_l")] == [
        "size (mm)", "bilirubin (µmol/l)", "age (years)", "week", "platelets (10⁹/l)",
    ]  # fmt: skip


@pytest.mark.parametrize("kind", ["case", "course", "scenario", "protocol", "cohort"])
def test_the_schemas_in_the_docs_are_what_the_models_say(kind):
    assert (ROOT / "docs" / "schemas" / f"{kind}.schema.json").read_text(encoding="utf-8") == schema_of(kind)


@pytest.mark.parametrize("path", [*PUBLISHED, *CONSTRUCTED], ids=lambda path: path.stem)
def test_every_shipped_case_is_valid_by_the_schema(path):
    value = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    jsonschema.Draft7Validator(SCHEMA).validate(json.loads(json.dumps(value)))
