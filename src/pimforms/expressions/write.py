"""Writing an expression as XPath: the table of its parts, and when an answer may be read at all.

Enketo still sees the answer of a question that is hidden. So a read is guarded by the conditions under which the
question is asked, unless they hold anyway where the expression stands.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, NamedTuple, TypeVar

from pimforms.expressions.layout import Layout, Spot
from pimforms.expressions.terms import Term, both, conjuncts, size, text_of
from pimforms.model.expression import Expression
from pimforms.model.walk import condition_of

Known = frozenset[Term]
NOTHING: Known = frozenset()
DEEPEST = 12
"""How many conditions of conditions are followed back."""
LARGEST = 60
"""How many comparisons may guard one read. Above it fewer conditions are followed back."""


class Written(NamedTuple):
    """A value as XPath.

    `shown` must hold for it to be read at all, `present` for its parts not to be blank. `strict`: a blank part would
    make it "not a number", so it needs `present` wherever it is more than compared. `rank` is how tightly its outermost
    sign binds: 1 for `+`, 2 for `*`, 3 for everything that stands by itself.
    """

    text: str
    shown: tuple[Term, ...] = ()
    present: tuple[Term, ...] = ()
    strict: bool = False
    rank: int = 3


WriteCondition = Callable[[Any, Spot, Layout, Known], Term]
WriteValue = Callable[[Any, Spot, Layout, Known], Written]
C = TypeVar("C", bound=WriteCondition)
V = TypeVar("V", bound=WriteValue)
_CONDITIONS: dict[type, WriteCondition] = {}
_VALUES: dict[type, WriteValue] = {}


def writes_condition(node: type) -> Callable[[C], C]:
    def mark(function: C) -> C:
        _CONDITIONS[node] = function
        return function

    return mark


def writes_value(node: type) -> Callable[[V], V]:
    def mark(function: V) -> V:
        _VALUES[node] = function
        return function

    return mark


def is_condition(expression: Expression) -> bool:
    return type(expression) in _CONDITIONS


def condition(expression: Expression, spot: Spot, layout: Layout, known: Known = NOTHING) -> Term:
    """A condition, its reads guarded. What is `known` to hold is not said again."""
    writer = _CONDITIONS.get(type(expression))
    if writer is not None:
        return writer(expression, spot, layout, known)
    # Raw XPath, or what a protection takes for true by itself.
    return ("is", f"({closed(value(expression, spot, layout, known))})")


def value(expression: Expression, spot: Spot, layout: Layout, known: Known = NOTHING) -> Written:
    """A value, with what must hold for it to be read."""
    writer = _VALUES.get(type(expression))
    if writer is not None:
        return writer(expression, spot, layout, known)
    return Written(f"if({text_of(condition(expression, spot, layout, known))}, 'yes', 'no')")


def closed(written: Written, otherwise: str = "''") -> str:
    """A value that is blank (or `otherwise`) where it may not be read or would not be a number."""
    needed = (*written.shown, *written.present) if written.strict else written.shown
    if not needed:
        return written.text
    return f"if({text_of(both(needed))}, {written.text}, {otherwise})"


def bracketed(written: Written, rank: int) -> str:
    """The text of a value as a part of a sign that binds as tightly as `rank`."""
    return f"({written.text})" if written.rank < rank else written.text


def shown(name: str, spot: Spot, layout: Layout, known: Known = NOTHING) -> tuple[Term, ...]:
    """What must hold for the answer `name` to be one that was asked for, seen from `spot`."""
    stop = layout.stops.get(name)
    if stop is None:
        return ()
    item = stop.item
    chain = [c for c in stop.around if c.when is not None and c.name not in spot.holds]
    when = condition_of(item)
    if not chain and (when is None or name in spot.holds):
        return ()
    key = (name, spot.holds, spot.members.item.name if spot.members else "", spot.depth)
    found = layout.shown.get(key)
    if found is None:
        deepest = DEEPEST if spot.depth == 0 else spot.depth
        found = _guard(name, [*chain, item] if when is not None else list(chain), spot, layout, deepest)
        layout.shown[key] = found
    return tuple([term for term in found if term not in known]) if known else found


def _guard(name: str, chain: list[Any], spot: Spot, layout: Layout, deepest: int) -> tuple[Term, ...]:
    if name in layout.open or spot.depth == 1:
        return ()
    layout.open.add(name)
    while True:
        inner = replace(spot, depth=deepest - 1)
        terms: list[Term] = []
        for container in chain:
            term = condition(container.when, inner, layout, frozenset(terms))
            terms.extend(part for part in conjuncts(term) if part not in terms)
            inner = replace(inner, holds=inner.holds | {container.name})
        if deepest <= 3 or sum(map(size, terms)) <= LARGEST:
            break
        deepest //= 2
    layout.open.discard(name)
    return tuple(terms)
