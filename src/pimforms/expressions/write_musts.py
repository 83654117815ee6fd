"""What an answer must meet, as XPath. It is refused only for what is known to be wrong.

Elsewhere a comparison with a blank is false. In a constraint that would refuse every answer as soon as what it is compared
with was skipped or is hidden, and nobody could get past a required question. So here such a comparison holds.
"""

from __future__ import annotations

from dataclasses import replace
from functools import singledispatch
from typing import Any

from pimforms.expressions.layout import Layout, Spot
from pimforms.expressions.parts import every
from pimforms.expressions.terms import Term, atom, both, either, negated
from pimforms.expressions.write import Known, condition, value
from pimforms.model import expression as e
from pimforms.model.expression import Expression

_NOT_BLANK = " != ''"


def must(expression: Expression, spot: Spot, layout: Layout, known: Known) -> Term:
    """A condition on the answer of `spot`, which holds where it compares with what is blank or hidden."""
    return _wanted(expression, spot, layout, known)


def _speaks_of_answer(expression: Expression) -> bool:
    return any(isinstance(part, e.Own) for part in every(expression))


@singledispatch
def _wanted(node: Any, spot: Spot, layout: Layout, known: Known) -> Term:
    """What should hold: true where a blank leaves it open. Other kinds of conditions are what they are elsewhere."""
    return condition(node, spot, layout, known)


@singledispatch
def _unwanted(node: Any, spot: Spot, layout: Layout, known: Known) -> Term:
    """What stands under a `not`: false where a blank leaves it open, as comparisons are elsewhere."""
    return condition(node, spot, layout, known)


@_wanted.register
def _(node: e.Not, spot: Spot, layout: Layout, known: Known) -> Term:
    return negated(_unwanted(node.operand, spot, layout, known))


@_unwanted.register
def _(node: e.Not, spot: Spot, layout: Layout, known: Known) -> Term:
    return negated(_wanted(node.operand, spot, layout, known))


@_wanted.register
def _(node: e.Logic, spot: Spot, layout: Layout, known: Known) -> Term:
    if node.operator == "and":
        return both([_wanted(operand, spot, layout, known) for operand in node.operands])
    own = [_speaks_of_answer(operand) for operand in node.operands]
    # `answer > 0 or closed is yes`: a way out that does not speak of the answer is open only when it is known to be.
    return either(
        [
            condition(operand, spot, layout, known)
            if any(own) and not of_answer
            else _wanted(operand, spot, layout, known)
            for operand, of_answer in zip(node.operands, own, strict=True)
        ]
    )


@_unwanted.register
def _(node: e.Logic, spot: Spot, layout: Layout, known: Known) -> Term:
    join = both if node.operator == "and" else either
    return join([_unwanted(operand, spot, layout, known) for operand in node.operands])


@_wanted.register
def _(node: e.Compare, spot: Spot, layout: Layout, known: Known) -> Term:
    return _or_blank(node, (node.left, node.right), spot, layout, known)


@_wanted.register
def _(node: e.Match, spot: Spot, layout: Layout, known: Known) -> Term:
    return _or_blank(node, (node.operand,), spot, layout, known)


@_wanted.register
def _(node: e.Includes, spot: Spot, layout: Layout, known: Known) -> Term:
    # What is not ticked is not included: a blank leaves nothing open there.
    return condition(node, spot, layout, known) if node.negated else _or_blank(node, (node.left,), spot, layout, known)


@_wanted.register
def _(node: e.Is, spot: Spot, layout: Layout, known: Known) -> Term:
    open_values = [other for other in node.values if _needs((other,), spot, layout, known)]
    if len(node.values) == 1 or not open_values:
        return _or_blank(node, (node.left, *node.values), spot, layout, known)
    settled = tuple([other for other in node.values if other not in open_values])
    if node.negated:
        groups = [(other,) for other in open_values] + ([settled] if settled else [])
        return both([_wanted(replace(node, values=group), spot, layout, known) for group in groups])
    if settled:  # those can be chosen in any case
        return _or_blank(node, (node.left,), spot, layout, known)
    nothing = both([_blank(_needs((other,), spot, layout, known)) for other in open_values])
    return either((nothing, _or_blank(node, (node.left,), spot, layout, known)))


def _or_blank(node: Expression, sides: tuple[Expression, ...], spot: Spot, layout: Layout, known: Known) -> Term:
    needed = _needs(sides, spot, layout, known)
    term = condition(node, spot, layout, known.union(needed))
    return either((_blank(needed), term)) if needed else term


def _needs(sides: tuple[Expression, ...], spot: Spot, layout: Layout, known: Known) -> tuple[Term, ...]:
    """What must hold for these values to be there: first that they may be read, then that they are not blank."""
    written = [value(side, spot, layout, known) for side in sides]
    needed = [term for part in written for term in part.shown] + [term for part in written for term in part.present]
    return tuple([term for term in dict.fromkeys(needed) if term not in known])


def _blank(needed: tuple[Term, ...]) -> Term:
    """That one of them does not hold."""
    simple = [term for term in needed if term[0] == "is" and term[1].endswith(_NOT_BLANK)]
    other = [term for term in needed if term not in simple]
    blank = [atom(f"{term[1].removesuffix(_NOT_BLANK)} = ''") for term in simple]
    return either(([negated(both(other))] if other else []) + blank)
