"""Checks of conditions: `is`, `includes`, signs, `is answered`, `matches`, and what joins them."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date

from pimforms.expressions import messages
from pimforms.expressions.check import Checked, checks, condition, value, written
from pimforms.expressions.kinds import (
    CONDITION,
    DAYS,
    NUMBERS,
    Value,
    family,
    plain,
    spoken,
)
from pimforms.expressions.patterns import pattern_problem
from pimforms.expressions.scope import Reader, World, interview_day, read_name
from pimforms.model import expression as e
from pimforms.model.expression import Expression
from pimforms.source import Place

_ISO = re.compile(r"\d{4}-\d\d-\d\d")
_OTHER_DATE = re.compile(r"(\d{1,4})[-/. ](\d{1,2})[-/. ](\d{1,4})")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")


@checks(e.Is)
def _is(node: e.Is, reader: Reader, world: World) -> Checked:
    left, kind = value(node.left, reader, world)
    if kind.kind == "codes":
        listed = ", ".join(written(other) for other in node.values)
        verb = "does not include" if node.negated else "includes"
        fix = f"write `{written(node.left)} {verb} {listed}`"
        world.say(messages.is_on_many_choice(node.place, written(node.left), fix))
        return node, CONDITION
    values = tuple([beside(other, kind, node.left, reader, world) for other in node.values])
    return e.Is(left, values, node.negated, node.place, node.written), CONDITION


@checks(e.Includes)
def _includes(node: e.Includes, reader: Reader, world: World) -> Checked:
    left, kind = value(node.left, reader, world)
    if kind.kind and kind.kind != "codes":
        listed = ", ".join(written(other) for other in node.values)
        several = "one of " if len(node.values) > 1 else ""
        fix = f"write `{written(node.left)} is {'not ' if node.negated else ''}{several}{listed}`"
        world.say(messages.includes_on_one_choice(node.place, written(node.left), plain(kind), fix))
        return node, CONDITION
    values = tuple([beside(other, kind, node.left, reader, world) for other in node.values])
    return e.Includes(left, values, node.mode, node.negated, node.place), CONDITION


# ---- what stands beside an answer


def literal(expression: Expression) -> str | None:
    """The text of a bare word, a quoted text or a number, as a code of a list would be written."""
    if isinstance(expression, e.Name):
        return expression.text
    if isinstance(expression, e.String):
        return expression.value
    if isinstance(expression, e.Number):
        return expression.text
    if isinstance(expression, e.Negate) and isinstance(expression.operand, e.Number):
        return f"-{expression.operand.text}"
    return None


def beside(other: Expression, kind: Value, left: Expression, reader: Reader, world: World) -> Expression:
    """The right side of `is` or `includes`: a code of the list on the left, or a value of the same kind."""
    if kind.kind in ("code", "codes"):
        return code_or_value(other, kind, reader, world)
    if not kind.kind and _is_unknown_word(other, world):
        return other  # a code, most likely, of an answer that was reported already
    if kind.kind == "text" and _is_unknown_word(other, world):
        text = literal(other)
        if isinstance(left, e.Name) and left.text not in world.stops:  # in quotes, so it may have been a text
            near = world.nearest(left.text)
            world.say(messages.unknown_name(left.place, left.text, near, f'write `"{near}"`' if near else None))
            return other
        fix = f'write `"{text}"` if this text is meant'
        world.say(messages.unknown_name(other.place, text or "", None, fix))
        return other
    found, right = value(other, reader, world)
    same_family(left, kind, other, right, world)
    return found


def _is_unknown_word(other: Expression, world: World) -> bool:
    return (
        isinstance(other, e.Name)
        and other.text not in world.stops
        and other.text not in world.form.conditions
        and other.text not in world.form.names_of_damaged
        and other.text not in ("today", "now")
    )


def code_or_value(other: Expression, kind: Value, reader: Reader, world: World) -> Expression:
    """A code of a list, or another answer that can be the same."""
    text = literal(other)
    codes = world.codes_of(kind)
    if text is None:
        spelled = "".join(other.place.text.split())
        if isinstance(other, e.Arithmetic) and spelled in (codes or ()):  # `post-partum`, read as a subtraction
            name = kind.name or "this answer"
            world.say(messages.code_not_in_list(other.place, spelled, name, codes or (), f'"{spelled}"', None))
            return other
        if isinstance(other, e.Conditional):
            test = condition(other.condition, reader, world)
            world.inner.append((test, reader))
            first = code_or_value(other.value, kind, reader, world)
            return e.Conditional(first, test, code_or_value(other.otherwise, kind, reader, world), other.place)
        found, right = value(other, reader, world)
        if right.kind and family(right.kind) != "text":
            _say_mismatch(other.place, kind, other, right, world)
        return found
    if codes is not None and text in codes:
        return e.Code(text, other.place)
    if isinstance(other, e.Name) and text in world.stops:
        found, right = read_name(other, reader, world)
        if right.kind and (family(right.kind) != "text" or kind.kind == "codes"):
            _say_mismatch(other.place, kind, other, right, world)
        return found
    if codes is None or text in world.form.names_of_damaged:
        return e.Code(text, other.place)
    _say_not_in_list(other, text, kind, codes, world)
    return other


def _say_not_in_list(other: Expression, text: str, kind: Value, codes: dict[str, None], world: World) -> None:
    near = messages.nearest(text, codes)
    labelled, spelled = world.spoken_codes(kind, codes).get(" ".join(text.split()).casefold(), (None, None))
    near = near or spelled
    name = kind.name or "this answer"
    world.say(messages.code_not_in_list(other.place, text, name, codes, near, labelled))


def same_family(left: Expression, kind: Value, other: Expression, right: Value, world: World) -> bool:
    """Whether two values can be compared at all. If not, that is said with what is probably meant."""
    if not kind.kind or not right.kind:
        return True
    if family(kind.kind) and family(kind.kind) == family(right.kind):
        return True
    place = other.place if family(kind.kind) else left.place
    _say_mismatch(place, kind, other, right, world, left)
    return False


def _say_mismatch(
    place: Place, kind: Value, other: Expression, right: Value, world: World, left: Expression | None = None
) -> None:
    name = written(left) if left is not None else kind.name
    text = literal(other) or ""
    why = "The phone would compare them all the same, and the result would mean nothing."
    if right.kind == "codes" or kind.kind == "codes":
        fix = f"write `{written(other) if right.kind == 'codes' else name} includes …`"
    elif (kind.kind in DAYS and _ISO.fullmatch(text)) or (
        kind.kind in NUMBERS and isinstance(other, e.String) and _NUMBER.fullmatch(text)
    ):
        fix = f"write `{text}` without quotation marks"
    elif kind.kind in DAYS and isinstance(other, e.String):
        fix = f"write the date as year-month-day, without quotation marks: {_as_iso(text) or 'such as `2026-12-31`'}"
    elif kind.kind in DAYS and right.kind in NUMBERS:
        day, add = interview_day(world)
        fix = f"write `years from {name} to {day}`, or a date such as 2026-12-31{add}"
    elif family(kind.kind) == "text" and right.kind in NUMBERS:
        fix = f"write `number({name})` if it holds digits only"
    elif kind.kind in NUMBERS and family(right.kind) == "text" and not isinstance(other, e.String):
        fix = f"write `number({written(other)})` if it holds digits only"
    elif not family(kind.kind):
        why, fix = "It can only be there or not.", f"write `{name} is answered`"
    else:
        fix = f"compare it with {plain(kind)}"
    world.say(messages.kinds_do_not_compare(place, spoken(kind), spoken(right), why, fix))


def _as_iso(text: str) -> str:
    """A date of another order as the language writes it, "" where more than one day can be meant."""
    found = _OTHER_DATE.fullmatch(text.strip())
    if found is None:
        return ""
    first, second, third = map(int, found.groups())
    orders = ((first, second, third),) if first > 31 else ((third, second, first), (third, first, second))
    days = set()
    for year, month, day in orders:
        if year > 999:
            with suppress(ValueError):
                days.add(date(year, month, day).isoformat())
    return f"`{days.pop()}`" if len(days) == 1 else ""


# ---- signs, and the rest


@checks(e.Compare)
def _compare(node: e.Compare, reader: Reader, world: World) -> Checked:
    left, kind = value(node.left, reader, world)
    if kind.kind == "code" and literal(node.right) in (world.codes_of(kind) or ()):
        _say_no_order(node, kind, world)
        return node, CONDITION
    right, other = value(node.right, reader, world)
    if same_family(node.left, kind, node.right, other, world) and family(kind.kind) == "text" and other.kind:
        _say_no_order(node, kind, world)
    return e.Compare(node.operator, left, right, node.place), CONDITION


def _say_no_order(node: e.Compare, kind: Value, world: World) -> None:
    why = "Only numbers and dates have an order."
    fix = f"write `number({written(node.left)})` if it holds digits only, or `is one of`"
    place = node.place if node.left.place.end <= node.right.place.start else node.right.place
    world.say(messages.kinds_do_not_compare(place, spoken(kind), f"another by `{node.operator}`", why, fix))


@checks(e.Answered)
def _answered(node: e.Answered, reader: Reader, world: World) -> Checked:
    operand, _ = value(node.operand, reader, world)
    return e.Answered(operand, node.negated, node.place), CONDITION


@checks(e.Match)
def _match(node: e.Match, reader: Reader, world: World) -> Checked:
    operand, kind = value(node.operand, reader, world)
    if kind.kind and kind.kind not in ("text", "code", "integer"):
        title = f"a pattern is for texts, and this is {spoken(kind)}"
        why, fix = "Phones write other values in different ways.", "compare the value with a sign, such as `>` or `is`"
        world.say(messages.wrong_argument(node.place, title, why, fix))
    problem = pattern_problem(node.pattern)
    if problem is not None:
        world.say(messages.bad_pattern(node.place, node.pattern, *problem))
    return e.Match(operand, node.pattern, node.place), CONDITION


@checks(e.Not)
def _not(node: e.Not, reader: Reader, world: World) -> Checked:
    return e.Not(condition(node.operand, reader, world), node.place), CONDITION


@checks(e.Logic)
def _logic(node: e.Logic, reader: Reader, world: World) -> Checked:
    operands = tuple([condition(operand, reader, world) for operand in node.operands])
    return e.Logic(node.operator, operands, node.place), CONDITION
