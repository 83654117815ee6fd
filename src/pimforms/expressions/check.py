"""The kind of an expression, with its names resolved.

Each node has one function, marked with `@checks(Node)`, in `check_values` and `check_conditions`. It returns the resolved
node and the kind of its value. What is wrong is said once, and gives UNKNOWN, about which nothing more is said.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

from pimforms.expressions import messages
from pimforms.expressions.kinds import CONDITION, NUMBERS, UNKNOWN, Value, spoken
from pimforms.expressions.scope import Reader, World, read_name
from pimforms.model import expression as e
from pimforms.model.expression import Expression

Checked = tuple[Expression, Value]
Check = Callable[[Any, Reader, World], Checked]
C = TypeVar("C", bound=Check)
_CHECKS: dict[type, Check] = {}
MOST_INLINED = 30
"""How many named conditions may be made of each other."""


def checks(node: type) -> Callable[[C], C]:
    """Marks the function that checks this kind of node."""

    def mark(function: C) -> C:
        _CHECKS[node] = function
        return function

    return mark


def check(expression: Expression, reader: Reader, world: World) -> Checked:
    """Any expression."""
    return _CHECKS[type(expression)](expression, reader, world)


def value(expression: Expression, reader: Reader, world: World) -> Checked:
    """An expression where a value belongs."""
    found, kind = _CHECKS[type(expression)](expression, reader, world)
    if kind is CONDITION:
        world.say(messages.condition_where_value(reader.via or expression.place, _fix_for_condition(expression, world)))
        return found, UNKNOWN
    return found, kind


def condition(expression: Expression, reader: Reader, world: World) -> Expression:
    """An expression where a condition belongs."""
    found, kind = _CHECKS[type(expression)](expression, reader, world)
    if kind is not CONDITION and kind.kind:
        fix = _fix_for_value(expression, kind, world)
        world.say(messages.value_where_condition(reader.via or expression.place, spoken(kind), fix))
    return found


def _fix_for_condition(expression: Expression, world: World) -> str:
    if isinstance(expression, e.Name):
        return f"`{expression.text}` is a condition: write it alone, without `is` or a sign"
    return f"write `(1 if {written(expression)} otherwise 0)` for a number, or use it in a `when`"


def _fix_for_value(expression: Expression, kind: Value, world: World) -> str:
    text = written(expression)
    if isinstance(expression, e.String) and expression.value in world.stops:
        return _fix_for_value(e.Name(expression.value, expression.place), world.value(expression.value) or kind, world)
    if isinstance(expression, e.String):
        return f"write what must hold, such as `sex is female`; words for the interviewer stand in `interviewer {text}`"
    if isinstance(expression, (e.Number, e.Date)):
        return f"compare an answer with it, such as `{'age' if kind.kind in NUMBERS else 'arrived'} >= {text}`"
    if kind.kind == "code":
        codes = list(world.codes_of(kind) or ())
        return f"write `{text} is {'yes' if 'yes' in codes else codes[0] if codes else '…'}`"
    if kind.kind == "codes":
        codes = list(world.codes_of(kind) or ())
        return f"write `{text} includes {codes[0] if codes else '…'}`"
    if kind.kind in NUMBERS:
        return f"write `{text} > 0`"
    return f"write `{text} is answered`"


def written(expression: Expression) -> str:
    """An expression as its author wrote it, on one line."""
    if isinstance(expression, e.Own):
        return "answer"  # in `must be at least 5` it stands nowhere
    if isinstance(expression, e.Aggregate) and expression.function == "count":
        return f"(count of {' '.join(expression.place.text.split())})"
    return " ".join(expression.place.text.split()) or "…"


# ---- names, and what is resolved already


@checks(e.Name)
def _name(node: e.Name, reader: Reader, world: World) -> Checked:
    if node.text in world.form.conditions and node.text not in world.stops:
        return _inlined(node, reader, world)
    return read_name(node, reader, world)


def _inlined(node: e.Name, reader: Reader, world: World) -> Checked:
    """A named condition, put in where it is used, and looked at from there."""
    name = node.text
    if name in world.open:
        circle = tuple(world.open[world.open.index(name) :])
        first = circle.index(min(circle))
        circle = circle[first:] + circle[:first]  # the same circle is found from each of its conditions
        world.say(messages.calculation_cycle(world.form.conditions[circle[0]].place, circle))
        return node, UNKNOWN
    if len(world.open) > MOST_INLINED:
        world.say(messages.too_deep(node.place))
        return node, UNKNOWN
    world.open.append(name)
    try:
        return check(world.form.conditions[name], replace(reader, via=reader.via or node.place), world)
    finally:
        world.open.pop()


@checks(e.Ref)
def _ref(node: e.Ref, reader: Reader, world: World) -> Checked:
    return node, (world.value(node.name) or UNKNOWN) if node.name in world.stops else UNKNOWN


@checks(e.Code)
def _code(node: e.Code, reader: Reader, world: World) -> Checked:
    return node, UNKNOWN


@checks(e.Own)
def _own(node: e.Own, reader: Reader, world: World) -> Checked:
    if reader.own is None or reader.inside is not None:
        world.say(messages.answer_outside_must(node.place, in_where=reader.own is not None))
        return node, UNKNOWN
    return node, reader.own


@checks(e.Raw)
def _raw(node: e.Raw, reader: Reader, world: World) -> Checked:
    world.say(messages.unchecked(node.place))
    return node, UNKNOWN
