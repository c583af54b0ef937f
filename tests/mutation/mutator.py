"""Mutants by the syntax tree, of code and of declared records alike: each is one small fault, told as one piece of text for another.

What is put in: a comparison at its limit or the wrong way round, `and` for `or`, a condition turned round, other arithmetic, a number one
more, yes for no, one element of a list left out (a guard, an effect, a phase), one keyword of a declared record left out, a statement
left out. Words, types and what only a type checker reads are left alone.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
PACKAGES = ("process", "planning", "graph", "teaching", "cohort")
DECLARED = ("process",)
LIMITS = {ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt}
NEGATED = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
ARITHMETIC = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Div, ast.Mod: ast.Mult,
    ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd, ast.LShift: ast.RShift, ast.RShift: ast.LShift,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mutant:
    """A fault: what stands from `begins` to `ends` (line, byte of the line) of a file becomes `after`."""

    file: str
    where: str
    kind: str
    begins: tuple[int, int]
    ends: tuple[int, int]
    before: str
    after: str

    @property
    def id(self) -> str:
        """The file, the place and the kind."""
        return f"{self.file}:{self.begins[0]}:{self.begins[1]} {self.kind} {self.after[:60]}"

    def applied(self, source: str) -> str:
        """The source with the fault in it. Raises ValueError where the source is no longer what was drawn from."""
        lines = [line.encode() for line in source.splitlines(keepends=True)]
        (first, left), (last, right) = self.begins, self.ends
        head, tail = lines[first - 1][:left], lines[last - 1][right:]
        if _between(lines, self.begins, self.ends).decode() != self.before:
            raise ValueError(f"{self.file}:{first}: no longer what was drawn from")
        return b"".join([*lines[: first - 1], head, self.after.encode(), tail, *lines[last:]]).decode()


def files() -> list[Path]:
    """Every module that is drawn from."""
    inside = [path for one in PACKAGES for path in (ROOT / "src" / "pathways" / one).rglob("*.py")]
    return sorted(path for path in inside if path.name != "__init__.py")


def mutants_of(path: Path) -> list[Mutant]:
    """Every mutant of a file, in the order of the text; none that would not parse."""
    name = path.relative_to(ROOT).as_posix()
    return mutants_in(path.read_text(encoding="utf-8"), name, declared=is_declared(name))


def is_declared(name: str) -> bool:
    """Whether a file holds declared records, whose keywords are left out too."""
    return name.split("/")[2] in DECLARED


def mutants_in(source: str, name: str, *, declared: bool) -> list[Mutant]:
    """Every mutant of a source text."""
    return [one for one in faults_in(source, name, declared=declared) if _parses(one.applied(source))]


def faults_in(source: str, name: str, *, declared: bool) -> list[Mutant]:
    """The same, with those that would not parse."""
    found = []
    lines = [line.encode() for line in source.splitlines(keepends=True)]
    for where, node, kind, after in _Walk(declared=declared).module(ast.parse(source)):
        begins, ends = (node.lineno, node.col_offset), (node.end_lineno, node.end_col_offset)
        before = _between(lines, begins, ends).decode()
        one = Mutant(name, where, kind, begins, ends, before, after)
        if before != after:
            found.append(one)
    return sorted(found, key=lambda one: (one.begins, one.ends, one.kind, one.after))


def _between(lines: list[bytes], begins: tuple[int, int], ends: tuple[int, int]) -> bytes:
    (first, left), (last, right) = begins, ends
    return b"".join([*lines[first - 1 : last - 1], lines[last - 1][:right]])[left:]


def _parses(text: str) -> bool:
    try:
        ast.parse(text)
    except SyntaxError:
        return False
    return True


Made = tuple[str, ast.AST, str, str]


class _Walk:
    """Walks a tree with the names of what stands around each node."""

    def __init__(self, *, declared: bool) -> None:
        self.declared = declared

    def module(self, tree: ast.AST) -> Iterator[Made]:
        yield from self.inside(tree, "", None)

    def inside(self, node: ast.AST, where: str, around: ast.AST | None) -> Iterator[Made]:
        """The mutants of a node and of all that stands in it."""
        if _left_alone(node):
            return
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            where = f"{where}.{node.name}".lstrip(".")
        for kind, after in self.of(node, around):
            yield where, node, kind, after
        for name, value in ast.iter_fields(node):
            if name in ("annotation", "returns", "decorator_list", "ctx", "bases", "type_comment"):
                continue
            if isinstance(node, ast.Subscript) and name == "slice" and isinstance(value, ast.Tuple):
                continue
            for one in value if isinstance(value, list) else [value]:
                if isinstance(one, ast.AST):
                    yield from self.inside(one, where, node)

    def of(self, node: ast.AST, around: ast.AST | None) -> Iterator[tuple[str, str]]:
        """The faults that may be put in at one node: kind, and the text in its place."""
        if isinstance(node, ast.Compare | ast.BoolOp | ast.UnaryOp | ast.BinOp | ast.IfExp | ast.Constant):
            yield from _in_an_expression(node)
        elif isinstance(node, ast.Tuple | ast.List | ast.Set | ast.Dict):
            yield from _left_out(node, around)
        elif isinstance(node, ast.Call) and self.declared:
            for place, one in enumerate(node.keywords):
                if one.arg:
                    yield f"without {one.arg}", _text(node, keywords=node.keywords[:place] + node.keywords[place + 1 :])
        elif isinstance(node, ast.AugAssign | ast.Raise) or _is_call(node):
            yield "left out", "pass"


def _in_an_expression(node: ast.AST) -> Iterator[tuple[str, str]]:
    if isinstance(node, ast.Compare):
        yield from _comparisons(node)
    elif isinstance(node, ast.BoolOp):
        yield "and/or", _text(node, op=ast.Or() if isinstance(node.op, ast.And) else ast.And())
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield "not", f"({ast.unparse(node.operand)})"
    elif isinstance(node, ast.BinOp) and type(node.op) in ARITHMETIC:
        yield "arithmetic", _text(node, op=ARITHMETIC[type(node.op)]())
    elif isinstance(node, ast.IfExp):
        yield "turned round", _text(node, body=node.orelse, orelse=node.body)
    elif isinstance(node, ast.Constant):
        yield from _constants(node)


def _is_call(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)


def _comparisons(node: ast.Compare) -> Iterator[tuple[str, str]]:
    for place, op in enumerate(node.ops):
        for kind, table in (("limit", LIMITS), ("negated", NEGATED)):
            if type(op) in table:
                yield kind, _text(node, ops=[*node.ops[:place], table[type(op)](), *node.ops[place + 1 :]])


def _constants(node: ast.Constant) -> Iterator[tuple[str, str]]:
    if isinstance(node.value, bool):
        yield "yes for no", str(not node.value)
    elif isinstance(node.value, int | float):
        yield "one more", repr(node.value + 1)


def _left_out(node: ast.Tuple | ast.List | ast.Set | ast.Dict, around: ast.AST | None) -> Iterator[tuple[str, str]]:
    """One element of several left out, unless the elements are the parts of one thing (returned, unpacked, a row of a comprehension)."""
    parts = isinstance(
        around, ast.Return | ast.comprehension | ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.Yield
    )
    if not isinstance(node, ast.Dict) and (isinstance(getattr(node, "ctx", None), ast.Store) or parts):
        return
    if isinstance(around, ast.Assign) and any(isinstance(one, ast.Tuple) for one in around.targets):
        return
    size = len(node.values) if isinstance(node, ast.Dict) else len(node.elts)
    for place in range(size) if size > 1 else ():
        if isinstance(node, ast.Dict):
            keys, values = list(node.keys), list(node.values)
            del keys[place], values[place]
            yield f"without element {place}", _text(node, keys=keys, values=values)
        else:
            yield f"without element {place}", _text(node, elts=node.elts[:place] + node.elts[place + 1 :])


def _text(node: ast.AST, **changes: object) -> str:
    made = copy.copy(node)
    for name, value in changes.items():
        setattr(made, name, value)
    text = ast.unparse(made)
    return f"({text})" if isinstance(node, ast.Compare | ast.BoolOp | ast.BinOp | ast.IfExp) else text


def _left_alone(node: ast.AST) -> bool:
    """Formatted text, assertions, imports, types, and what is only for a type checker."""
    if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
        return True
    if isinstance(node, ast.Assign) and any(
        isinstance(one, ast.Name) and one.id == "__slots__" for one in node.targets
    ):
        return True
    return isinstance(node, ast.JoinedStr | ast.Assert | ast.Import | ast.ImportFrom)
