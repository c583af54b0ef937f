"""Arrows point one way: who may import whom."""

import ast
import re
from pathlib import Path

import pytest

SRC = Path(__file__).parent.parent / "src" / "pathways"
# A room may import itself and those before it. `version` and `quick_dataclass` are the ground; `validation` is imported by docs and tests alone.
LAYERS = (
    "version", "quick_dataclass", "words", "documents", "ward", "messages", "knowledge", "case", "liver", "process", "facts", "prognosis", "graph", "machine", "planning", "conformance", "laws",
    "cohort", "registry", "drawing", "interchange", "teaching", "report", "page", "cli", "validation",
)  # fmt: skip
# The rooms of the two largest, in the same way.
ROOMS = {
    "cohort": ("patients", "codes", "draws", "rules", "population", "engine", "runs"),
    "teaching": ("curriculum", "lessons", "scenarios", "narrative", "unrolling", "auditing", "authoring", "exports"),
}
ONLY_IMPORTERS = {
    "transitions": "machine",
    "networkx": "graph",
    "typer": "cli",
    "starlette": "page",
    "uvicorn": "page",
}
FRONT = ("__init__", "__main__")  # the package's own door: it names what every room offers


def imports(text, module):
    """Every module that `text`, standing in `module`, imports: `from x import y` counts as x.y where y is a module itself."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom):
            home = node.module or ""
            if node.level:
                base = module.split(".")[: -node.level]
                home = ".".join((*base, home) if home else base)
            inner = [f"{home}.{alias.name}" for alias in node.names]
            yield from (one if is_module(one) else home for one in inner)
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def is_module(name):
    place = SRC.parent.joinpath(*name.split("."))
    return place.with_suffix(".py").is_file() or (place / "__init__.py").is_file()


def module_of(file):
    return ".".join(("pathways", *file.relative_to(SRC).with_suffix("").parts))


def files():
    return [file for file in SRC.rglob("*.py") if file.relative_to(SRC).parts[0] not in [f"{one}.py" for one in FRONT]]


def faults(text, module):
    """What an import of `text` breaks, as sentences."""
    layer = module.split(".")[1]
    for name in imports(text, module):
        parts = name.split(".")
        if parts[0] != "pathways":
            home = ONLY_IMPORTERS.get(parts[0])
            if home not in (None, layer):
                yield f"{name} is imported in {home} alone"
        elif len(parts) == 1:
            yield "the front door is imported from inside"
        elif LAYERS.index(parts[1]) > LAYERS.index(layer):
            yield f"{name} stands above"
        elif parts[1] == layer and layer in ROOMS and len(parts) > 2 and parts[2] in ROOMS[layer]:
            rooms = ROOMS[layer]
            own = module.split(".")[2]
            if own in rooms and rooms.index(parts[2]) > rooms.index(own):
                yield f"{name} is a later room"


@pytest.mark.parametrize("file", files(), ids=lambda file: str(file.relative_to(SRC)))
def test_a_module_imports_only_from_its_own_or_lower_rooms_and_no_engine_of_another(file):
    assert list(faults(file.read_text(encoding="utf-8"), module_of(file))) == []


@pytest.mark.parametrize(
    ("text", "module"),
    [
        ("from pathways import __version__", "pathways.planning.plan"),
        ("from pathways import cli", "pathways.planning.plan"),
        ("import pathways", "pathways.planning.plan"),
        ("from pathways.cli import main", "pathways.planning.plan"),
        ("from ..cli.main import run", "pathways.planning.plan"),
        ("from pathways.validation.calibration import compare", "pathways.cli.main"),
        ("def late():\n    import networkx", "pathways.planning.plan"),
        ("from pathways.cohort.runs import simulation", "pathways.cohort.rules.facts"),
        ("from pathways.teaching import authoring", "pathways.teaching.unrolling.walk"),
    ],
)
def test_a_back_arrow_is_seen_however_it_is_written(text, module):
    assert list(faults(text, module))


def test_an_arrow_that_points_the_right_way_is_no_fault():
    assert not list(
        faults("from pathways.version import __version__\nfrom pathways.facts import remnant", "pathways.planning.plan")
    )


def test_every_room_has_its_place():
    assert {file.relative_to(SRC).parts[0].removesuffix(".py") for file in files()} == set(LAYERS)
    for layer, rooms in ROOMS.items():
        assert {one.name for one in (SRC / layer).iterdir() if (one / "__init__.py").is_file()} == set(rooms)


def test_no_modules_import_each_other_in_a_circle():
    known = {module_of(file).removesuffix(".__init__"): file for file in SRC.rglob("*.py")}
    arrows = {
        name: {
            one for one in imports(file.read_text(encoding="utf-8"), module_of(file)) if one in known and one != name
        }
        for name, file in known.items()
    }
    done = set()
    while len(done) < len(arrows):
        ready = {name for name, targets in arrows.items() if name not in done and targets <= done}
        assert ready, f"a circle among {sorted(set(arrows) - done)}"
        done |= ready


@pytest.mark.parametrize(
    "treatment",
    [
        one.stem
        for one in sorted((SRC / "process" / "treatments").glob("*.py"))
        if one.stem not in ("__init__", "vocabulary")
    ],
)
def test_a_treatment_that_brings_everything_of_itself_is_named_in_six_files_at_most(treatment):
    from pathways.process.treatments import NAMES, TREATMENTS

    made = TREATMENTS[NAMES.index(treatment)]
    names = {
        *made.families,
        *made.events,
        *(act for one in made.triggers for act in one.acts if act.startswith(treatment.split("_")[0])),
    }
    if made.drugs is not None:
        names.add(made.drugs.line)
    word = re.compile("|".join(rf"\b{name}\b" for name in names))
    texts = (
        one for kind in ("py", "yaml", "js", "html") for one in SRC.rglob(f"*.{kind}") if "knowledge" not in one.parts
    )
    found = sorted(str(one.relative_to(SRC)) for one in texts if word.search(one.read_text(encoding="utf-8")))
    assert len(found) <= 6, found
