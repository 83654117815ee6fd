"""Small forms that are drawn, and every interview there can be with them, by an evaluator of its own."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from random import Random
from typing import Any

from pimforms.expressions.kinds import refusals
from pimforms.model import expression as e
from pimforms.model.expression import Expression
from pimforms.model.form import Calculation, Form, Group, Item, Question
from pimforms.model.walk import walk

LEAST, MOST = 0, 3
Given = dict[str, Any]
"""A code, a number, a set of codes; a name that is not there is blank."""

_KINDS = {
    "c": 'ask {name} one "Q?"\n  - x "X"\n  - y "Y"\n  - z "Z"\n',
    "b": 'ask {name} yes_no "Q?"\n',
    "n": f'ask {{name}} integer "Q?"\n  must be at least {LEAST} and at most {MOST}\n',
    "m": 'ask {name} many "Q?"\n  - p "P"\n  - q "Q"\n  - r "R" alone\n',
}


def condition(dice: Random, names: list[str], depth: int = 2) -> str:
    """A condition on some of these answers; the first letter of a name says its kind."""
    if depth and dice.choice((True, False)):
        joined = dice.choice(("and", "or", "not"))
        if joined == "not":
            return f"not ({condition(dice, names, depth - 1)})"
        return f"({condition(dice, names, depth - 1)} {joined} {condition(dice, names, depth - 1)})"
    name = dice.choice(names)
    if dice.choice(range(7)) == 0:
        return f"{name} is {dice.choice(('', 'not '))}answered"
    if name[0] == "c":
        return f"{name} is {dice.choice(('', 'not '))}{dice.choice(('x', 'y', 'one of x, z'))}"
    if name[0] == "b":
        return f"{name} is {dice.choice(('yes', 'no', 'not yes'))}"
    if name[0] == "m":
        verb = dice.choice(("includes", "does not include", "includes only", "includes all of"))
        return f"{name} {verb} {'p, q' if 'all' in verb else dice.choice(('p', 'q', 'r'))}"
    numbers = [other for other in names if other[0] in "nk" and other != name]
    right = dice.choice([*numbers, *map(str, range(LEAST, MOST + 2))])
    return f"{name} {dice.choice(('<', '<=', '>', '>=', 'is', 'is not'))} {right}"


def body(dice: Random, mark: str = "") -> str:
    """Three to five questions, each with a condition on those before it; some in a group, one number worked out."""
    names: list[str] = []
    lines: list[str] = []
    for number in range(dice.choice((3, 4, 5))):
        kind = dice.choice("cbnm")
        name = f"{kind}{number}{mark}"
        grouped = bool(names) and dice.choice((True, False))
        if grouped:
            lines.append(f'group g{number}{mark} "Group"\n  when {condition(dice, names, 1)}\n')
        lines.append(_KINDS[kind].replace("{name}", name))
        if names and dice.choice(range(4)):
            lines.append(f"  when {condition(dice, names)}\n")
        if dice.choice((True, False)):
            lines.append("  optional\n")
        if grouped:
            lines.append("end group\n")
        names.append(name)
        numbers = [each for each in names if each[0] == "n"]
        if numbers and number == 2:
            name = f"k{mark}"
            lines.append(f"calculate {name} = {dice.choice(numbers)} * 2 - {dice.choice(numbers)}\n")
            names.append(name)
    return "".join(lines)


# ---- every interview


def reachable(form: Form) -> set[str]:
    """The questions that some interview asks, found by going through all of them."""
    found: set[str] = set()
    _go_on(list(_flat(form.items, ())), {}, form, found)
    return found


def is_asked(name: str, given: Given, form: Form) -> bool:
    """Whether a question is asked with these answers and no others."""
    for item, conditions_ in _flat(form.items, ()):
        if item.name == name:
            return all(holds(condition, given, form) for condition in conditions_)
        if isinstance(item, Calculation):
            _work_out(item, conditions_, given, form)
    raise AssertionError(name)


def _flat(items: tuple[Item, ...], around: tuple[Expression, ...]) -> Iterator[tuple[Any, tuple[Expression, ...]]]:
    for item in items:
        when = getattr(item, "when", None)
        here = (*around, when) if when is not None else around
        if isinstance(item, Group):
            yield from _flat(item.items, here)
        elif isinstance(item, (Question, Calculation)):
            yield item, here


def _go_on(left: list[tuple[Any, tuple[Expression, ...]]], given: Given, form: Form, found: set[str]) -> None:
    if not left:
        return
    (item, conditions_), *rest = left
    if isinstance(item, Calculation):
        _work_out(item, conditions_, given, form)
        _go_on(rest, given, form, found)
        given.pop(item.name, None)
        return
    if not all(holds(condition, given, form) for condition in conditions_):
        _go_on(rest, given, form, found)
        return
    found.add(item.name)
    if not item.required:
        _go_on(rest, given, form, found)
    for answer in _answers(item, form):
        _go_on(rest, {**given, item.name: answer}, form, found)


def _work_out(item: Calculation, conditions_: tuple[Expression, ...], given: Given, form: Form) -> None:
    if all(holds(condition, given, form) for condition in conditions_):
        value = worth(item.value, given, form)
        if value is not None:
            given[item.name] = value


def _answers(question: Question, form: Form) -> list[Any]:
    if question.kind == "integer":
        return list(range(LEAST, MOST + 1))
    if question.kind == "yes_no":
        return ["yes", "no"]
    codes = [choice.code for choice in form.lists[question.choices or ""].choices]
    if question.kind == "one":
        return codes
    alone = {choice.code for choice in form.lists[question.choices or ""].choices if choice.alone}
    every = [set(ticked) for size in range(1, len(codes) + 1) for ticked in combinations(codes, size)]
    return [ticked for ticked in every if len(ticked) == 1 or not ticked & alone]


def worth(node: Expression, given: Given, form: Form) -> Any:
    """The value of an expression, None for a blank."""
    if isinstance(node, e.Ref):
        return given.get(node.name)
    if isinstance(node, e.Number):
        return int(node.text)
    if isinstance(node, (e.Code, e.String)):
        return node.value
    assert isinstance(node, e.Arithmetic), node
    left, right = worth(node.left, given, form), worth(node.right, given, form)
    if left is None or right is None:
        return None
    return {"*": left * right, "-": left - right, "+": left + right}[node.operator]


def holds(node: Expression, given: Given, form: Form) -> bool:
    if isinstance(node, e.Logic):
        join = all if node.operator == "and" else any
        return join(holds(operand, given, form) for operand in node.operands)
    if isinstance(node, e.Not):
        return not holds(node.operand, given, form)
    if isinstance(node, e.Answered):
        return (worth(node.operand, given, form) is None) == node.negated
    if isinstance(node, e.Includes):
        ticked = worth(node.left, given, form) or set()
        codes = {other.value for other in node.values if isinstance(other, e.Code)}
        found = ticked == codes if node.mode == "only" else codes <= ticked
        return found != node.negated
    assert isinstance(node, (e.Is, e.Compare)), node
    left = worth(node.left, given, form)
    if isinstance(node, e.Compare):
        right = worth(node.right, given, form)
        if left is None or right is None:
            return False
        return {"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right}[node.operator]
    rights = [worth(other, given, form) for other in node.values]
    if left is None or (node.negated and (None in rights or left in _refused(node, form))):
        return False
    return (left in rights) != node.negated


def _refused(node: e.Is, form: Form) -> frozenset[str]:
    item = next((i for i in walk(form.items) if isinstance(node.left, e.Ref) and i.name == node.left.name), None)
    return refusals(item, form.lists.get(getattr(item, "choices", None) or "")) if item is not None else frozenset()
