"""Conditions as formulas, with the blanks as `expressions.write_conditions` has them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pimforms.model import expression as e
from pimforms.model.expression import Expression
from pimforms.proofs.encode import Encoder, Where, fits
from pimforms.proofs.values import Formula, Val

PLAIN, IN_MUST = 0, 1
"""In a `must` a comparison with a blank holds; under a `not` in it (-1) it does not, so that the whole holds."""


def condition(encoder: Encoder, expression: Expression, where: Where, lenient: int) -> Formula:
    reader = _READERS.get(type(expression))
    if reader is None:
        return encoder.unknown()  # raw XPath, or a value that stands for a condition
    return reader(encoder, expression, where, lenient)


def _logic(encoder: Encoder, node: e.Logic, where: Where, lenient: int) -> Formula:
    join = encoder.z3.And if node.operator == "and" else encoder.z3.Or
    return join([condition(encoder, operand, where, lenient) for operand in node.operands])


def _not(encoder: Encoder, node: e.Not, where: Where, lenient: int) -> Formula:
    return encoder.z3.Not(condition(encoder, node.operand, where, -lenient))


def _is(encoder: Encoder, node: e.Is, where: Where, lenient: int) -> Formula:
    z3 = encoder.z3
    left = encoder.value(node.left, where)
    rights = [encoder.value(other, where) for other in node.values]
    if not node.negated:
        found = z3.Or([_equal(encoder, left, right, other) for right, other in zip(rights, node.values, strict=True)])
    else:
        refused = [left.same(code) for code in _refusals(encoder, node, where)]
        there = [left.present, *(right.present for right in rights)]
        same = [_equal(encoder, left, right, other) for right, other in zip(rights, node.values, strict=True)]
        found = z3.And(*there, *(z3.Not(each) for each in (*refused, *same)))
    return _or_blank(encoder, found, (left, *rights)) if lenient == IN_MUST else found


def _or_blank(encoder: Encoder, formula: Formula, values: tuple[Val, ...]) -> Formula:
    """In a `must`: refused only for what is known to be wrong."""
    z3 = encoder.z3
    return z3.Or(formula, *(z3.Not(value.present) for value in values))


def _equal(encoder: Encoder, left: Val, right: Val, other: Expression) -> Formula:
    z3 = encoder.z3
    if isinstance(other, (e.Code, e.String)):
        return left.same(other.value)
    both = z3.And(left.present, right.present)
    if left.number is not None and right.number is not None:
        return z3.And(both, left.number == right.number)
    if left.texts is None or right.texts is None:
        return z3.And(both, encoder.unknown())
    ways = [z3.And(left.same(text), right.same(text)) for text in left.texts if text in right.texts]
    if left.other is not None and right.other is not None:
        ways.append(z3.And(left.other, right.other, encoder.unknown()))
    for one, another in ((left, right), (right, left)):
        if one.other is not None and another.texts:
            names = [text for text in another.texts if text not in (one.texts or ())]
            ways.extend(z3.And(one.other, another.same(text), encoder.unknown()) for text in names)
    return z3.Or(ways)


def _refusals(encoder: Encoder, node: e.Is, where: Where) -> list[str]:
    name = node.left.name if isinstance(node.left, e.Ref) else where.own if isinstance(node.left, e.Own) else ""
    if not name or encoder.layout.kind(name).kind != "code":
        return []
    return list(encoder.layout.refusals(name))


def _includes(encoder: Encoder, node: e.Includes, where: Where, lenient: int) -> Formula:
    z3 = encoder.z3
    left = encoder.value(node.left, where)
    codes = [other.value for other in node.values if isinstance(other, e.Code)]
    if len(codes) < len(node.values):
        found = encoder.unknown()
    else:
        ticked = [left.ticked(code) for code in codes]
        if node.mode == "all":
            found = z3.And(ticked)
        elif node.mode == "any":
            found = z3.Or(ticked)
        elif left.how_many is not None:
            found = z3.And(z3.Or(ticked), left.how_many == z3.Sum([z3.If(each, 1, 0) for each in ticked]))
        else:
            found = z3.And(z3.Or(ticked), encoder.unknown())
    if node.negated:
        return z3.Not(found)
    return _or_blank(encoder, found, (left,)) if lenient == IN_MUST else found


def _compare(encoder: Encoder, node: e.Compare, where: Where, lenient: int) -> Formula:
    z3 = encoder.z3
    left, right = encoder.value(node.left, where), encoder.value(node.right, where)
    if left.number is None or right.number is None:
        found = z3.And(left.present, right.present, encoder.unknown())
    else:
        found = z3.And(left.present, right.present, _SIGNS[node.operator](left.number, right.number))
    return _or_blank(encoder, found, (left, right)) if lenient == IN_MUST else found


_SIGNS: dict[str, Callable[[Any, Any], Any]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


def _answered(encoder: Encoder, node: e.Answered, where: Where, lenient: int) -> Formula:
    present = encoder.value(node.operand, where).present
    return encoder.z3.Not(present) if node.negated else present


def _match(encoder: Encoder, node: e.Match, where: Where, lenient: int) -> Formula:
    z3 = encoder.z3
    operand = encoder.value(node.operand, where)
    found = encoder.unknown("matches")
    for text in operand.texts or ():
        fit = fits(node.pattern, text)
        if fit is not None:
            found = z3.If(operand.same(text), z3.BoolVal(fit), found)
    if fits(node.pattern, "") is False:
        found = z3.And(operand.present, found)
    return _or_blank(encoder, found, (operand,)) if lenient == IN_MUST else found


_READERS: dict[type, Any] = {
    e.Logic: _logic,
    e.Not: _not,
    e.Is: _is,
    e.Includes: _includes,
    e.Compare: _compare,
    e.Answered: _answered,
    e.Match: _match,
}


def is_condition(expression: Expression) -> bool:
    return type(expression) in _READERS
