"""A case as the text of a file: what is told, or a blank in which every key waits to be told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from pathways.case.examples_of_keys import EXAMPLES
from pathways.case.models import FOR_THE_RECORD, Case
from pathways.case.schema import title_of
from pathways.documents.writing import flow, mapping
from pathways.ward.kinds import keys_of, lineage
from pathways.ward.words_listed import words_of

MODELINE = "# yaml-language-server: $schema={schema}"
SCHEMA_FILE = "case.schema.json"
BLANK_HEAD = """\
# What is left out is not known: never fine, never refused. Take the # away from what you know, and put in what is true of your patient; a
# star marks what a case needs. Words of the ward are understood: 3.5 cm, S8, IVa, RHV, PR, wt, ASA II, mFOLFOX6 + bevacizumab.
"""
# Says nothing that is not so: where it comes from is not known, and it lies somewhere in the liver.
STANDING = {"primary": ("tumour", "unknown"), "lesions": ("segments", ["whole_liver"])}
AT = 32
WHEN_AND_WHAT = ("week", "until_week", "event")


def case_text(case: Case, *, schema: str = SCHEMA_FILE) -> str:
    """`case` as YAML, with the line that leads an editor to the schema."""
    plain = case.model_dump(mode="json", by_alias=True, exclude_none=True, exclude_defaults=True)
    # When and what stands first in a line.
    if "history" in plain:
        plain["history"] = [{key: one[key] for key in (*WHEN_AND_WHAT, *one) if key in one} for one in plain["history"]]
    # Nothing found is told; nothing told is left out.
    told = {key: () for key in ("extrahepatic",) if getattr(case, key) == ()}
    ordered = {"schema": 1, **{key: value for key, value in {**plain, **told}.items() if value not in ({}, None)}}
    return (
        "\n".join([MODELINE.format(schema=schema), *mapping({key: ordered[key] for key in _in_order(ordered)})]) + "\n"
    )


def _in_order(told: dict[str, Any]) -> list[str]:
    return [key for key in keys_of(Case) if key in told]


def blank_text(*, schema: str = SCHEMA_FILE) -> str:
    """A valid case that tells nothing, with every key, its meaning and an example in remarks."""
    lines = [MODELINE.format(schema=schema), *BLANK_HEAD.splitlines(), "schema: 1", "id: my-patient"]
    for key, info in Case.model_fields.items():
        name = info.alias or key
        if name not in ("schema", "id"):
            lines += _blank_part(name, info.annotation, info.description or "")
    return "\n".join(lines) + "\n"


def _blank_part(name: str, annotation: Any, meaning: str) -> Iterator[str]:
    model = _model_in(annotation)
    if model is None:
        yield _waiting("", Case, name)
        return
    listed = keys_of(Case)[name].kind.what == "list"
    stands = STANDING.get(name)
    yield ""
    yield _line(f"{'' if stands else '# '}{name}:", meaning + (" *" if stands else ""))
    if stands:
        key, value = stands
        yield _line(f"  {'- ' if listed else ''}{key}: {flow(value)}", f"{_described(model, key)} *")
    indent = "  - " if listed and not stands else "    " if listed else "  "
    for key in keys_of(model):
        if stands is None or key != stands[0]:
            yield _waiting(indent, model, key)
            indent = indent.replace("-", " ")


def _waiting(indent: str, model: type[BaseModel], key: str) -> str:
    """A key in a remark, without a value: taken out of its remark as it is, it is not known."""
    info = _info(model, key)
    empty = (
        " []"
        if keys_of(model)[key].kind.what == "list" and info.default == ()
        else " {}"
        if info.default_factory
        else ""
    )
    return _line(f"# {indent}{key}:{empty}", _described(model, key))


def _line(text: str, meaning: str) -> str:
    return f"{text:<{AT}}  # {meaning}"


def _described(model: type[BaseModel], key: str) -> str:
    kind = keys_of(model)[key].kind
    kind = kind.item if kind.item is not None else kind
    example = _example(model, key)
    if kind.what == "word":
        like = f": {' '.join(words_of(kind.vocabulary))}"
    else:
        like = "" if example is None else f", as in {flow(example)}"
    return f"{(_info(model, key).description or title_of(key)).removesuffix(FOR_THE_RECORD)}{like}"


def _info(model: type[BaseModel], key: str) -> FieldInfo:
    return next(one for name, one in model.model_fields.items() if (one.alias or name) == key)


def _example(model: type[BaseModel], key: str) -> Any:
    found = next((EXAMPLES[name][key] for name in lineage(model) if key in EXAMPLES.get(name, {})), None)
    return found[0] if isinstance(found, tuple) else found


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for one in get_args(annotation) if (found := _model_in(one))), None)
