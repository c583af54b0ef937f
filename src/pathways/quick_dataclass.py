"""`dataclass` as the standard library has it, for frozen classes made several times as quickly.

Python compiles six functions for every frozen data class. Here what compares, hashes, shows and protects is the same for all of them
and reads the fields by their names, and `__init__` is compiled once for all classes of a shape. A command makes a hundred and twenty such
classes before it begins, which took a tenth of its time. What is not frozen, inherits fields or asks for more than `slots` and `repr` is
left to the standard library; a test holds every class of the package to what the standard library makes of it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, Field, FrozenInstanceError
from functools import cache
from operator import attrgetter
from reprlib import recursive_repr
from types import CodeType, FunctionType
from typing import TYPE_CHECKING, Any, NoReturn

__all__ = ["dataclass"]

Method = Callable[..., Any]


class _GivenByFactory:
    def __repr__(self) -> str:
        return "<factory>"


GIVEN_BY_FACTORY = _GivenByFactory()

if TYPE_CHECKING:
    from dataclasses import dataclass
else:

    def dataclass(cls: type | None = None, /, **options: bool) -> Any:
        """A data class, with the options of `dataclasses.dataclass`."""
        if cls is None:
            return lambda found: dataclass(found, **options)
        if not _is_plain(cls, options):
            return dataclasses.dataclass(**options)(cls)
        return _frozen(cls, slots=options.get("slots", False), shown=options.get("repr", True))


def _is_plain(cls: type, options: Mapping[str, bool]) -> bool:
    """Whether nothing is asked for that only the standard library does."""
    if not options.get("frozen") or not options.keys() <= {"frozen", "slots", "repr"}:
        return False
    if any(map(dataclasses.is_dataclass, cls.__mro__[1:])):
        return False
    told = [one for one in vars(cls).values() if isinstance(one, Field)]
    return all(one.init and one.hash is None and one.kw_only is not True for one in told)


def _frozen(cls: type, *, slots: bool, shown: bool) -> Any:
    own = {name for name, value in vars(cls).items() if value is not None}
    made: Any = dataclasses.dataclass(init=False, repr=False, eq=False, slots=slots)(cls)
    # Whoever inherits from it, or asks, finds what it is.
    params = made.__dataclass_params__
    params.init, params.repr, params.eq, params.frozen = True, shown, True, True
    fields = dataclasses.fields(made)
    compared = _values([one.name for one in fields if one.compare])
    methods: dict[str, Method] = {
        "__init__": _init(made, fields, slots=slots),
        "__eq__": _equal(compared),
        "__hash__": _hash(compared),
        "__setattr__": _not_set,
        "__delattr__": _not_deleted,
    }
    if shown:
        methods["__repr__"] = _repr([one.name for one in fields if one.repr])
    if slots:
        methods |= {"__getstate__": _state, "__setstate__": _restore}
    for name, method in methods.items():
        if name not in own:
            setattr(made, name, method)
    return made


def _init(cls: type, fields: Sequence[Field[Any]], *, slots: bool) -> Method:
    """What is called too often to read the fields by their names. Compiled once for every shape, and told the names of this class."""
    made_by = {place: one.default_factory for place, one in enumerate(fields) if one.default_factory is not MISSING}
    after = hasattr(cls, "__post_init__")
    code = _shape(len(fields), frozenset(made_by), slots=slots, after=after)
    known: dict[str, Any] = {"keep": object.__setattr__, "GIVEN_BY_FACTORY": GIVEN_BY_FACTORY}
    for place, one in enumerate(fields):
        known[f"keep{place}"] = vars(cls)[one.name].__set__ if slots else one.name
    known |= {f"make{place}": factory for place, factory in made_by.items()}
    defaults = [
        GIVEN_BY_FACTORY if place in made_by else one.default
        for place, one in enumerate(fields)
        if place in made_by or one.default is not MISSING
    ]
    names = ("self", *(one.name for one in fields))
    made = FunctionType(code.replace(co_varnames=names), known, "__init__", tuple(defaults))
    made.__annotations__ = {**{one.name: one.type for one in fields}, "return": None}
    made.__qualname__ = f"{cls.__qualname__}.__init__"
    made.__module__ = cls.__module__
    return made


@cache
def _shape(number: int, factories: frozenset[int], *, slots: bool, after: bool) -> CodeType:
    """The code of an `__init__` of so many fields: which of them a factory makes, and whether something is done after it."""
    body = []
    for place in range(number):
        value = f"make{place}() if a{place} is GIVEN_BY_FACTORY else a{place}" if place in factories else f"a{place}"
        body.append(f"keep{place}(self, {value})" if slots else f"keep(self, keep{place}, {value})")
    if after:
        body.append("self.__post_init__()")
    arguments = ", ".join(["self", *(f"a{place}" for place in range(number))])
    namespace: dict[str, Any] = {}
    exec(f"def __init__({arguments}):\n " + "\n ".join(body or ["pass"]), namespace)  # noqa: S102 -- of numbers alone
    code: CodeType = namespace["__init__"].__code__
    return code


def _values(names: Sequence[str]) -> Callable[[Any], tuple[Any, ...]]:
    """Reads the fields of these names: a tuple for one and for none too."""
    if len(names) > 1:
        return attrgetter(*names)
    return lambda one: tuple(getattr(one, name) for name in names)


def _equal(compared: Callable[[Any], tuple[Any, ...]]) -> Method:
    def equal(self: Any, other: object) -> Any:
        if other.__class__ is not self.__class__:
            return NotImplemented
        return compared(self) == compared(other)

    return equal


def _hash(compared: Callable[[Any], tuple[Any, ...]]) -> Method:
    def hashed(self: Any) -> int:
        return hash(compared(self))

    return hashed


def _repr(names: Sequence[str]) -> Method:
    @recursive_repr()
    def shown(self: Any) -> str:
        return f"{type(self).__qualname__}({', '.join(f'{name}={getattr(self, name)!r}' for name in names)})"

    return shown


def _not_set(_: Any, name: str, value: Any) -> NoReturn:  # noqa: ARG001
    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def _not_deleted(_: Any, name: str) -> NoReturn:
    raise FrozenInstanceError(f"cannot delete field {name!r}")


def _state(self: Any) -> list[Any]:
    return [getattr(self, one.name) for one in dataclasses.fields(self)]


def _restore(self: Any, state: Sequence[Any]) -> None:
    for one, value in zip(dataclasses.fields(self), state, strict=True):
        object.__setattr__(self, one.name, value)
