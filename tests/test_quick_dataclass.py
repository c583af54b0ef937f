"""Every frozen data class of the package is what the standard library would have made of it."""

import copy
import dataclasses
import importlib
import inspect
import pickle
import pkgutil
from dataclasses import FrozenInstanceError, field, fields, replace

import pytest

import pathways
from pathways.quick_dataclass import dataclass


def modules():
    for one in pkgutil.walk_packages(pathways.__path__, "pathways."):
        if one.name != "pathways.__main__":
            yield importlib.import_module(one.name)


CLASSES = [
    cls
    for module in modules()
    for cls in vars(module).values()
    if isinstance(cls, type) and cls.__module__ == module.__name__ and "__dataclass_fields__" in vars(cls)
]


def own(cls, method):
    """Whether the method is not the one that all quick classes share."""
    return getattr(getattr(cls, method), "__module__", "") != "pathways.quick_dataclass"


QUICK = [cls for cls in CLASSES if not own(cls, "__setattr__")]


def twin_of(cls):
    """The same class as the standard library makes it, without what the class defines itself."""
    told = [
        (one.name, one.type, field(default=one.default, default_factory=one.default_factory, repr=one.repr, compare=one.compare))
        for one in fields(cls)
    ]  # fmt: skip
    slots = "__slots__" in vars(cls)
    return dataclasses.make_dataclass(
        cls.__qualname__, told, frozen=True, slots=slots, repr=cls.__dataclass_params__.repr
    )


def given(cls):
    """A value for every field, told apart."""
    return [f"{one.name} of {place}" for place, one in enumerate(fields(cls))]


def test_most_data_classes_of_the_package_are_made_quickly():
    assert len(QUICK) > 200
    assert len(QUICK) > 0.9 * len(CLASSES)


@pytest.mark.parametrize("cls", QUICK, ids=lambda cls: f"{cls.__module__.removeprefix('pathways.')}.{cls.__name__}")
def test_a_class_is_made_compared_shown_and_protected_as_the_standard_library_would(cls):
    twin = twin_of(cls)
    assert str(inspect.signature(cls.__init__)) == str(inspect.signature(twin.__init__))
    assert cls.__match_args__ == twin.__match_args__
    for one in ("init", "repr", "eq", "frozen", "order", "unsafe_hash"):
        assert getattr(cls.__dataclass_params__, one) == getattr(twin.__dataclass_params__, one)
    if hasattr(cls, "__post_init__"):
        return
    values = given(cls)
    made, other = cls(*values), twin(*values)
    assert [getattr(made, one.name) for one in fields(cls)] == values
    if not own(cls, "__repr__") and twin.__dataclass_params__.repr:
        assert repr(made) == repr(other)
    if not own(cls, "__eq__"):
        assert made == cls(*values)
        assert made != other
        assert made != tuple(values)
        for place, one in enumerate(fields(cls)):
            changed = [*values[:place], "other", *values[place + 1 :]]
            assert (made == cls(*changed)) is (not one.compare)
    if not own(cls, "__hash__"):
        assert hash(made) == hash(other)
    for what in (lambda: setattr(made, "any", 1), lambda: delattr(made, "any")):
        with pytest.raises(FrozenInstanceError):
            what()
    assert copy.copy(made) == made
    assert replace(made) == made
    if fields(cls):
        assert getattr(replace(made, **{fields(cls)[0].name: "new"}), fields(cls)[0].name) == "new"
    if "<locals>" not in cls.__qualname__ and vars(importlib.import_module(cls.__module__)).get(cls.__name__) is cls:
        assert [getattr(pickle.loads(pickle.dumps(made)), one.name) for one in fields(cls)] == values


@pytest.mark.parametrize("slots", [True, False])
def test_defaults_factories_and_what_comes_after(slots):
    @dataclass(frozen=True, slots=slots)
    class Given:
        name: str
        size: int = 3
        found: list[int] = field(default_factory=list)

        def __post_init__(self):
            self.found.append(self.size)

    one, other = Given("a"), Given("a", 4)
    assert (one.size, one.found, other.found) == (3, [3], [4])
    assert one.found is not Given("a").found
    assert Given("a", found=[1]).found == [1, 3]
    with pytest.raises(TypeError, match=r"Given.__init__\(\) missing 1 required positional argument: 'name'"):
        Given()
    with pytest.raises(TypeError, match="unexpected keyword argument 'weight'"):
        Given("a", weight=1)
    with pytest.raises(FrozenInstanceError, match="cannot assign to field 'size'"):
        one.size = 4
    with pytest.raises(FrozenInstanceError, match="cannot delete field 'size'"):
        del one.size


def test_what_a_class_says_itself_stays():
    @dataclass(frozen=True, slots=True)
    class Said:  # noqa: PLW1641 -- the hash is what is looked at
        name: str

        def __eq__(self, other):
            return True

        def __repr__(self):
            return "said"

    assert Said("a") == 5
    assert repr(Said("a")) == "said"
    assert hash(Said("a")) == hash(("a",))


def test_one_field_or_none_are_compared_as_tuples_are():
    @dataclass(frozen=True)
    class One:
        value: float

    @dataclass(frozen=True)
    class Nothing:
        pass

    unequal = float("nan")
    assert One(unequal) == One(unequal)
    assert hash(One(3)) == hash((3,))
    assert Nothing() == Nothing()
    assert hash(Nothing()) == hash(())


@pytest.mark.parametrize(
    "told",
    [{"frozen": True, "order": True}, {"frozen": True, "kw_only": True}, {}, {"slots": True}, {"frozen": True, "eq": False}],
)  # fmt: skip
def test_what_asks_for_more_is_left_to_the_standard_library(told):
    @dataclass(**told)
    class More:
        name: str = "a"

    assert own(More, "__setattr__")
    assert More().name == "a"


@pytest.mark.parametrize("special", [{"init": False, "default": 1}, {"kw_only": True}, {"hash": False}])
def test_fields_that_are_special_are_left_to_the_standard_library(special):
    @dataclass(frozen=True)
    class More:
        name: str = field(**special)

    assert own(More, "__setattr__")


def test_a_class_that_inherits_fields_has_them_and_its_own():
    @dataclass(frozen=True)
    class Base:
        name: str

    @dataclass(frozen=True)
    class More(Base):
        size: int

    assert More("a", 1) == More("a", 1)
    assert repr(More("a", 1)).endswith("More(name='a', size=1)")
    with pytest.raises(FrozenInstanceError):
        More("a", 1).name = "b"


def test_a_record_that_holds_itself_is_shown():
    @dataclass(frozen=True)
    class Holding:
        held: list

    one = Holding([])
    one.held.append(one)
    assert repr(one).endswith("Holding(held=[...])")
