"""Expressions that would not fit a cell of a workbook. Only the few that may be so long are written out to be measured."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from pimforms.diagnostics import Diagnostic
from pimforms.expressions import messages
from pimforms.expressions.parts import every
from pimforms.model.expression import Expression
from pimforms.model.form import Calculation, Form, Item, Question, Repeat
from pimforms.model.walk import condition_of, walk

CELL = 32_767
"""How many characters a cell of an XLSX file holds (ECMA-376, and the specification of Excel)."""
_ROOM = 1_500
"""What the compiler may put in front of an expression: the conditions of the gate."""
_SHORT = 500
"""An expression with fewer characters and no named conditions in it fits."""
_FEW = 150
"""An expression with fewer parts fits."""


def too_long(form: Form) -> Iterator[Diagnostic]:
    """What is said about expressions that do not fit. Every name of the form must be resolved."""
    writer = None
    for item in walk(form.items):
        for column, expressions in _expressions(item):
            if not _may_be_long(expressions, form):
                continue
            if writer is None:
                from pimforms.expressions.xpath import Writer  # only when there is something to measure

                writer = Writer(form)
            length = len(getattr(writer, column)(item))
            if length > CELL - _ROOM:
                longest = max(expressions, key=lambda found: sum(1 for _ in every(found)))
                yield messages.too_deep(longest.place, length)


def _expressions(item: Item) -> Iterator[tuple[str, list[Expression]]]:
    """The columns of an item that hold expressions, by the method of the writer that writes them."""
    when = condition_of(item)
    if when is not None:
        yield "relevant", [when]
    if isinstance(item, Question):
        if item.musts:
            yield "constraint", [must.condition for must in item.musts]
        if item.default is not None:
            yield "default", [item.default]
    elif isinstance(item, Calculation):
        yield "calculation", [item.value]
    elif isinstance(item, Repeat) and item.count is not None:
        yield "count", [item.count]


def _may_be_long(expressions: list[Expression], form: Form) -> bool:
    characters = sum(found.place.end - found.place.start for found in expressions)
    if characters <= _SHORT and not form.conditions:
        return False
    return any(next(islice(every(found), _FEW, None), None) is not None for found in expressions)
