"""Records: frozen dataclasses with slots that cost little to define and to make.

`@dataclass(frozen=True, slots=True)` writes and compiles five functions for each class, and `check` meets more than a
hundred classes: that was 40 % of the time that a small form took. Here what is alike in all classes is one function, and
only `__init__` is compiled, when the first record is made. It fills the slots directly, so that making a record takes two
thirds of the time as well.
`field`, `fields`, `replace` and mypy take a record for the dataclass that it is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, Field, FrozenInstanceError, dataclass, field
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

T = TypeVar("T")

if TYPE_CHECKING:
    from typing_extensions import dataclass_transform
else:  # in `typing` from Python 3.11 on; it speaks to mypy alone

    def dataclass_transform(**_: Any) -> Callable[[T], T]:
        return lambda function: function


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def record(cls: type[T]) -> type[T]:
    """As `@dataclass(frozen=True, slots=True)`, for a class of plain fields: no base, no ClassVar, no `__post_init__`."""
    cls.__doc__ = (
        cls.__doc__ or f"A {cls.__name__}."
    )  # without one, dataclass writes the signature there, which is slow
    made: Any = dataclass(init=False, repr=False, eq=False, slots=True)(cls)
    fields: dict[str, Field[Any]] = made.__dataclass_fields__
    made._values = attrgetter(*fields)
    made.__init__ = _first_init(made, fields)
    for function in (__eq__, __hash__, __repr__, __reduce__, __setattr__, __delattr__):
        setattr(made, function.__name__, function)
    done: type[T] = made
    return done


def _first_init(made: Any, fields: dict[str, Field[Any]]) -> Any:
    """The `__init__` of a class of which there is no record yet: compiles the real one, and hands over."""

    def __init__(self: Any, *values: Any, **named: Any) -> None:
        made.__init__ = _init(made, fields)
        made.__init__(self, *values, **named)

    return __init__


def _init(made: Any, fields: dict[str, Field[Any]]) -> Any:
    """The `__init__` of a class: takes the fields in order or by name."""
    names: dict[str, Any] = {"MISSING": MISSING}
    parameters, lines = ["self"], []
    for name, each in fields.items():
        names[f"_set_{name}"] = made.__dict__[name].__set__  # of the slot: `self.name = …` is what a record forbids
        value = name
        if each.default_factory is not MISSING:
            names[f"_usual_{name}"] = each.default_factory
            parameters.append(f"{name}=MISSING")
            value = f"_usual_{name}() if {name} is MISSING else {name}"
        elif each.default is not MISSING:
            names[f"_usual_{name}"] = each.default
            parameters.append(f"{name}=_usual_{name}")
        else:
            parameters.append(name)
        lines.append(f"  _set_{name}(self, {value})")
    exec(f"def __init__({', '.join(parameters)}):\n" + "\n".join(lines), names)
    function = names["__init__"]
    function.__qualname__ = f"{made.__qualname__}.__init__"
    function.__module__ = made.__module__
    return function


# ---- what all records share


def __eq__(self: Any, other: Any) -> bool:
    if self is other:
        return True
    if other.__class__ is not self.__class__:
        return NotImplemented
    equal: bool = self._values(self) == self._values(other)
    return equal


def __hash__(self: Any) -> int:
    return hash(self._values(self))


def __repr__(self: Any) -> str:
    values = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.__dataclass_fields__)
    return f"{self.__class__.__qualname__}({values})"


def __reduce__(self: Any) -> tuple[Any, tuple[Any, ...]]:
    """For pickle and copy: made anew from its values."""
    return self.__class__, tuple(getattr(self, name) for name in self.__dataclass_fields__)


def __setattr__(self: Any, name: str, value: object) -> NoReturn:
    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def __delattr__(self: Any, name: str) -> NoReturn:
    raise FrozenInstanceError(f"cannot delete field {name!r}")
