"""The parts of an expression, and the names in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from pimforms.model import expression as e
from pimforms.model.expression import Expression

_PARTS: dict[type, Callable[[Any], tuple[Expression, ...]]] = {
    e.Negate: lambda x: (x.operand,),
    e.Arithmetic: lambda x: (x.left, x.right),
    e.Compare: lambda x: (x.left, x.right),
    e.Is: lambda x: (x.left, *x.values),
    e.Includes: lambda x: (x.left, *x.values),
    e.Answered: lambda x: (x.operand,),
    e.Match: lambda x: (x.operand,),
    e.Not: lambda x: (x.operand,),
    e.Logic: lambda x: x.operands,
    e.Aggregate: lambda x: tuple(part for part in (x.item, x.where) if part is not None),
    e.Difference: lambda x: (x.start, x.end),
    e.Conditional: lambda x: (x.value, x.condition, x.otherwise),
    e.Call: lambda x: x.arguments,
}


def parts(expression: Expression) -> tuple[Expression, ...]:
    """The expressions directly inside one, in the order in which they are written."""
    inside = _PARTS.get(type(expression))
    return inside(expression) if inside is not None else ()


def every(expression: Expression) -> Iterator[Expression]:
    """An expression and everything inside it. Not recursive, so that a very deep one does no harm."""
    waiting = [expression]
    while waiting:
        found = waiting.pop()
        yield found
        waiting.extend(parts(found))


def names(expression: Expression) -> set[str]:
    """The names an expression speaks of, resolved or not, repeats included. Some may be codes."""
    found: set[str] = set()
    for part in every(expression):
        kind = type(part)
        if kind is e.Name:
            found.add(part.text)  # type: ignore[union-attr]
        elif kind is e.Ref:
            found.add(part.name)  # type: ignore[union-attr]
        elif kind is e.Aggregate:
            found.add(part.repeat)  # type: ignore[union-attr]
    return found


def depth(expression: Expression) -> int:
    """How many expressions stand inside each other. Not recursive, like `every`."""
    deepest = 0
    waiting = [(expression, 1)]
    while waiting:
        part, level = waiting.pop()
        deepest = max(deepest, level)
        waiting.extend((inner, level + 1) for inner in parts(part))
    return deepest
