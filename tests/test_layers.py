"""Arrows point one way: who may import whom."""

import ast
from pathlib import Path

import pytest

SRC = Path(__file__).parent.parent / "src" / "pathways"
# A package may import itself and those before it; `case` words are the vocabulary of the process.
LAYERS = (
    "documents", "case", "knowledge", "liver", "process", "facts", "graph", "machine", "planning", "conformance",
    "interchange", "teaching", "report", "cli",
)  # fmt: skip
ONLY_IMPORTERS = {"transitions": "machine", "networkx": "graph", "typer": "cli"}


def imports(file):
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def files():
    return [file for file in SRC.rglob("*.py") if file.parent != SRC]


@pytest.mark.parametrize("file", files(), ids=lambda file: str(file.relative_to(SRC)))
def test_a_module_imports_only_from_its_own_or_lower_layers(file):
    own = LAYERS.index(file.relative_to(SRC).parts[0])
    for name in imports(file):
        if name.startswith("pathways."):
            assert LAYERS.index(name.split(".")[1]) <= own, f"{file.name} imports {name}"


@pytest.mark.parametrize("file", files(), ids=lambda file: str(file.relative_to(SRC)))
def test_an_engine_is_imported_in_one_layer_only(file):
    layer = file.relative_to(SRC).parts[0]
    for name in imports(file):
        home = ONLY_IMPORTERS.get(name.split(".")[0])
        assert home in (None, layer), f"{file.name} imports {name}"


def test_no_modules_import_each_other_in_a_circle():
    known = {".".join(("pathways", *file.relative_to(SRC).with_suffix("").parts)): file for file in SRC.rglob("*.py")}
    arrows = {name: {one for one in imports(file) if one in known and one != name} for name, file in known.items()}
    done = set()
    while len(done) < len(arrows):
        ready = {name for name, targets in arrows.items() if name not in done and targets <= done}
        assert ready, f"a circle among {sorted(set(arrows) - done)}"
        done |= ready
