"""Values as terms: numbers, days, spans of time, counts over repeats, and what stands for a text."""

from __future__ import annotations

from datetime import date
from typing import Any

from pimforms.expressions.domains import constant
from pimforms.model import expression as e
from pimforms.model.expression import Expression
from pimforms.model.form import Repeat
from pimforms.proofs.conditions import PLAIN, condition, is_condition
from pimforms.proofs.encode import Encoder, Where
from pimforms.proofs.values import Formula, Val


def value(encoder: Encoder, expression: Expression, where: Where) -> Val:
    reader = _READERS.get(type(expression))
    if reader is not None:
        found: Val = reader(encoder, expression, where)
        return found
    if is_condition(expression):
        holds = condition(encoder, expression, where, PLAIN)
        return _truth(encoder, holds)
    return encoder.nothing_known()


def _truth(encoder: Encoder, holds: Formula) -> Val:
    z3 = encoder.z3
    known = {"yes": holds, "no": z3.Not(holds)}

    def same(text: str) -> Formula:
        return known.get(text, z3.BoolVal(False))

    return Val(z3.BoolVal(True), same, same, None, ("yes", "no"))


def _ref(encoder: Encoder, node: e.Ref, where: Where) -> Val:
    return encoder.answer(node.name, where)


def _own(encoder: Encoder, node: e.Own, where: Where) -> Val:
    return encoder.answer(where.own, where) if where.own else encoder.nothing_known()


def _text(encoder: Encoder, node: e.String | e.Code, where: Where) -> Val:
    z3, text = encoder.z3, node.value

    def same(other: str) -> Formula:
        return z3.BoolVal(other == text)

    return Val(z3.BoolVal(bool(text)), same, same, None, (text,) if text else ())


def _constant(encoder: Encoder, node: Expression, where: Where) -> Val:
    z3 = encoder.z3
    number = constant(node)
    if number is None:
        return encoder.nothing_known("date")
    term = z3.IntVal(int(number)) if number == int(number) else z3.RealVal(str(number))
    return encoder.numeric(z3.BoolVal(True), term)


def _negate(encoder: Encoder, node: e.Negate, where: Where) -> Val:
    operand = encoder.value(node.operand, where)
    if operand.number is None:
        return _unknown_number(encoder, operand)
    return encoder.numeric(operand.present, -operand.number)


def _unknown_number(encoder: Encoder, *operands: Val, whole: bool = False) -> Val:
    present = encoder.z3.And([operand.present for operand in operands]) if operands else encoder.unknown()
    return encoder.numeric(present, encoder.number(whole=whole))


def _arithmetic(encoder: Encoder, node: e.Arithmetic, where: Where) -> Val:
    z3 = encoder.z3
    left, right = encoder.value(node.left, where), encoder.value(node.right, where)
    if left.number is None or right.number is None:
        return _unknown_number(encoder, left, right)
    present = z3.And(left.present, right.present)
    if node.operator in "+-":
        number = left.number + right.number if node.operator == "+" else left.number - right.number
        return encoder.numeric(present, number)
    if node.operator == "*" and (constant(node.left) is not None or constant(node.right) is not None):
        return encoder.numeric(present, left.number * right.number)
    by = constant(node.right)
    if node.operator in ("/", "div"):
        if by:
            return encoder.numeric(present, _real(encoder, left.number) / z3.RealVal(str(by)))
        there = z3.And(present, right.number != 0)
        return encoder.numeric(there, encoder.number(whole=False))
    if node.operator == "mod" and by and by == int(by) and left.number.is_int():
        return encoder.numeric(present, _rest(encoder, left.number, abs(int(by))))
    return _unknown_number(encoder, left, right)


def _real(encoder: Encoder, number: Formula) -> Formula:
    return encoder.z3.ToReal(number) if number.is_int() else number


def _rest(encoder: Encoder, number: Formula, by: int) -> Formula:
    """The rest of a division, with the sign of what is divided, as XPath has it."""
    z3 = encoder.z3
    times, rest = encoder.number(whole=True, loose=False), encoder.number(whole=True, loose=False)
    encoder.fact(z3.And(number == times * by + rest, rest < by, rest > -by))
    encoder.fact(z3.And(z3.Implies(number >= 0, rest >= 0), z3.Implies(number <= 0, rest <= 0)))
    return rest


def _conditional(encoder: Encoder, node: e.Conditional, where: Where) -> Val:
    z3 = encoder.z3
    test = condition(encoder, node.condition, where, PLAIN)
    first, other = encoder.value(node.value, where), encoder.value(node.otherwise, where)
    number = None
    if first.number is not None and other.number is not None:
        whole = first.number.is_int() and other.number.is_int()
        pair = (first.number, other.number) if whole else (_real(encoder, first.number), _real(encoder, other.number))
        number = z3.If(test, *pair)
    elif first.number is not None or other.number is not None:
        # One side is blank: a number, if the other is chosen.
        number = first.number if first.number is not None else other.number
    texts = None
    if first.texts is not None and other.texts is not None:
        texts = tuple(dict.fromkeys((*first.texts, *other.texts)))
    rest = None
    if first.other is not None or other.other is not None:
        blank = z3.BoolVal(False)
        rest = z3.If(test, *(blank if each.other is None else each.other for each in (first, other)))
    return Val(
        z3.If(test, first.present, other.present),
        lambda text: z3.If(test, first.same(text), other.same(text)),
        lambda code: z3.If(test, first.ticked(code), other.ticked(code)),
        number,
        texts,
        rest,
    )


# ---- spans of time, in completed units


def _difference(encoder: Encoder, node: e.Difference, where: Where) -> Val:
    z3 = encoder.z3
    start, end = encoder.value(node.start, where), encoder.value(node.end, where)
    present = z3.And(start.present, end.present)
    if start.number is None or end.number is None:
        return _unknown_number(encoder, start, end, whole=True)
    days = end.number - start.number
    if not days.is_int():
        return _unknown_number(encoder, start, end, whole=True)
    if node.unit == "days":
        return encoder.numeric(present, days)
    if node.unit == "weeks":
        rest = _rest(encoder, days, 7)
        span = encoder.number(whole=True, loose=False)
        encoder.fact(span * 7 == days - rest)
        return encoder.numeric(present, span)
    # Months and years are not all of one length: between these bounds, and a little unsure at their ends.
    least, most = (365, 366) if node.unit == "years" else (28, 31)
    span = encoder.number(whole=True)
    length = z3.If(days >= 0, days, -days)
    size = z3.If(span >= 0, span, -span)
    encoder.fact(z3.And(size * least <= length, length < (size + 1) * most))
    encoder.fact(z3.And(z3.Implies(days >= 0, span >= 0), z3.Implies(days <= 0, span <= 0)))
    if node.unit == "months":
        encoder.fact(z3.And(size * 304 <= length * 10 + 300, length * 10 < (size + 1) * 305 + 300))
    return encoder.numeric(present, span)


# ---- repeats


def _aggregate(encoder: Encoder, node: e.Aggregate, where: Where) -> Val:
    z3 = encoder.z3
    stop = encoder.layout.stops.get(node.repeat)
    if stop is None or not isinstance(stop.item, Repeat):
        return encoder.nothing_known("integer")
    shown = encoder.shown(node.repeat, where)
    members = encoder.members(node.repeat, where)
    # From outside, all members of all outer members count; from inside, too, unless it is the own one.
    simple = not stop.repeats
    outermost = (*stop.repeats, stop.item)[0].name
    if node.function == "count" and node.where is None and simple:
        return encoder.numeric(shown, members)
    first, further = Where("", outermost), encoder.further(node.repeat, outermost)
    if node.function == "count":
        count = encoder.number(whole=True)
        encoder.copies[further.copy] = (outermost, count)
        encoder.fact(count >= 0)
        counted = condition(encoder, node.where, further, PLAIN) if node.where is not None else z3.BoolVal(True)
        encoder.fact(z3.Implies(count >= 1, counted))
        if simple:
            assert node.where is not None
            alone = condition(encoder, node.where, first, PLAIN)
            encoder.fact(z3.And(count <= members, z3.Implies(members == 1, count == z3.If(alone, 1, 0))))
        return encoder.numeric(shown, count)
    return _of_members(encoder, node, (first, further), shown, members if simple else None)


def _of_members(
    encoder: Encoder, node: e.Aggregate, wheres: tuple[Where, Where], shown: Formula, members: Formula
) -> Val:
    z3 = encoder.z3
    item, counted = [], []
    for where in wheres:
        item.append(encoder.value(node.item, where) if node.item is not None else encoder.nothing_known("integer"))
        holds = condition(encoder, node.where, where, PLAIN) if node.where is not None else z3.BoolVal(True)
        counted.append(z3.And(holds, item[-1].present))
    if item[0].number is None or item[1].number is None:
        return _unknown_number(encoder)
    found = encoder.number(whole=item[0].number.is_int())
    some = encoder.unknown("some")
    encoder.copies[wheres[1].copy] = (encoder.copies[wheres[1].copy][0], z3.If(some, 1, 0))
    encoder.fact(z3.Implies(some, counted[1]))
    if members is not None:
        encoder.fact(z3.And(z3.Implies(some, members >= 1), z3.Implies(members == 1, some == counted[0])))
        encoder.fact(z3.Implies(z3.And(members == 1, some), found == item[0].number))
    if node.function == "sum":
        encoder.fact(z3.Implies(z3.Not(some), found == 0))
        return encoder.numeric(shown, found)
    encoder.fact(z3.Implies(some, found == item[1].number))
    return encoder.numeric(z3.And(shown, some), found)


# ---- functions


def _call(encoder: Encoder, node: e.Call, where: Where) -> Val:
    z3, name = encoder.z3, node.function
    if name == "today":
        return encoder.numeric(z3.BoolVal(True), encoder.today())
    arguments = [encoder.value(argument, where) for argument in node.arguments]
    if name in ("smaller", "larger") and all(each.number is not None for each in arguments):
        one, other = (_real(encoder, each.number) for each in arguments)
        less = one < other if name == "smaller" else one > other
        return encoder.numeric(z3.And([each.present for each in arguments]), z3.If(less, one, other))
    if name == "round" and arguments[0].number is not None:
        nearest = encoder.number(whole=True)
        exact = _real(encoder, arguments[0].number)
        encoder.fact(z3.And(z3.ToReal(nearest) >= exact - 0.5, z3.ToReal(nearest) <= exact + 0.5))
        return encoder.numeric(arguments[0].present, nearest)
    if name == "chosen" and arguments[0].how_many is not None:
        return encoder.numeric(_there(encoder, node.arguments[0], where), arguments[0].how_many)
    if name == "length":
        return _length(encoder, arguments[0], _there(encoder, node.arguments[0], where))
    if name in ("year", "month") and arguments[0].number is not None:
        return _calendar(encoder, name, arguments[0])
    if name == "position":
        return _at_least(encoder, 1)
    if name == "number":
        found = encoder.nothing_known("decimal")
        encoder.fact(z3.Implies(found.present, arguments[0].present))
        return found
    if name in ("round", "smaller", "larger", "chosen"):
        return _unknown_number(encoder, *arguments)
    return encoder.nothing_known("datetime" if name == "now" else "decimal" if name == "last_saved" else "")


def _there(encoder: Encoder, argument: Expression, where: Where) -> Formula:
    """Whether a text may be read: a blank one has the length 0, a hidden one is not read."""
    if isinstance(argument, e.Ref) and argument.name in encoder.layout.stops:
        return encoder.shown(argument.name, where)
    return encoder.z3.BoolVal(True)


def _at_least(encoder: Encoder, least: int) -> Val:
    number = encoder.number(whole=True)
    encoder.fact(number >= least)
    return encoder.numeric(encoder.z3.BoolVal(True), number)


def _length(encoder: Encoder, text: Val, there: Formula) -> Val:
    z3 = encoder.z3
    length = encoder.number(whole=True)
    encoder.fact(z3.And(length >= 0, text.present == (length > 0)))
    for each in text.texts or ():
        encoder.fact(z3.Implies(text.same(each), length == len(each)))
    return encoder.numeric(there, length)


def _calendar(encoder: Encoder, name: str, day: Val) -> Val:
    z3 = encoder.z3
    number = encoder.number(whole=True)
    if name == "month":
        encoder.fact(z3.And(number >= 1, number <= 12))
    else:
        ways = [(year, date(year, 1, 1).toordinal()) for year in range(1900, 2202)]
        encoder.fact(z3.And(*(z3.Implies(day.number >= first, number >= year) for year, first in ways)))
        encoder.fact(z3.And(*(z3.Implies(day.number < first, number < year) for year, first in ways)))
    return encoder.numeric(day.present, number)


_READERS: dict[type, Any] = {
    e.Ref: _ref,
    e.Own: _own,
    e.String: _text,
    e.Code: _text,
    e.Number: _constant,
    e.Date: _constant,
    e.Negate: _negate,
    e.Arithmetic: _arithmetic,
    e.Conditional: _conditional,
    e.Difference: _difference,
    e.Aggregate: _aggregate,
    e.Call: _call,
}
