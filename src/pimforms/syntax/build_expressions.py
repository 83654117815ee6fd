"""From what the parser recognised to expressions: one method a rule of the grammar."""

from __future__ import annotations

import re
from typing import Any

from pimforms.model import expression as e
from pimforms.source import Place, Source
from pimforms.syntax import nodes as n
from pimforms.syntax.machine import Token

_ITEM = re.compile(r"[A-Za-z][A-Za-z0-9_.-]*")
SIGNS = {"≤": "<=", "≥": ">=", "=<": "<=", "=>": ">=", "−": "-", "×": "*", "÷": "/"}
_FOLDS = {"sum of": "sum", "largest of": "max", "smallest of": "min"}


def _read(expression: e.Expression) -> e.Expression:
    """Where only an answer makes sense, a quoted word is one: `"post-partum" is yes`. It is a text if there is none."""
    if isinstance(expression, e.String) and _ITEM.fullmatch(expression.value):
        return e.Name(expression.value, expression.place)
    return expression


def bound_value(expression: e.Expression) -> e.Expression:
    """As `_read`, for what another value is compared with: there a plain word in quotes was more likely a text."""
    return expression if isinstance(expression, e.String) and expression.value.isidentifier() else _read(expression)


def unquote(written: str) -> str:
    """The text between the quotes of a STRING. A doubled straight quote inside is one quote, as in a spreadsheet."""
    inner = written[1:-1]
    if written[0] == '"' and '""' in inner:
        inner = inner.replace('""', '"')
    return inner.strip() if written[0] == "«" else inner


def dashed(written: str) -> str:
    """A DASHED word with the sign in front of a number as every machine reads it."""
    return f"-{written[1:]}" if written[0] in "−–" else written


class ExpressionBuilder:
    """Builds expressions of `model.expression`. `source` is the text being read."""

    def __init__(self, source: Source) -> None:
        self.source = source

    def _at(self, token: Token) -> Place:
        return Place(self.source, token.start, token.end)

    def _span(self, head: Token | Place, parts: tuple[Any, ...]) -> Place:
        start, end = head.start, head.end
        for part in reversed(parts):
            place = getattr(part, "place", None)
            if place is not None:
                end = max(end, place.end)
                break
        return Place(self.source, start, end)

    def _binary_place(self, left: Any, right: Any) -> Place:
        return Place(self.source, left.place.start, right.place.end)

    def name_value(self, children: list[Token]) -> e.Expression:
        token = children[0]
        return e.Own(self._at(token)) if token.text == "answer" else e.Name(token.text, self._at(token))

    def number_value(self, children: list[Token]) -> e.Number:
        return e.Number(children[0].text, self._at(children[0]))

    def string_value(self, children: list[Token]) -> e.String:
        return e.String(unquote(children[0].text), self._at(children[0]))

    def date_value(self, children: list[Token]) -> e.Date:
        return e.Date(children[0].text, self._at(children[0]))

    def arithmetic(self, children: list[Any]) -> e.Arithmetic:
        left, sign, right = children
        return e.Arithmetic(SIGNS.get(sign.text, sign.text), _read(left), _read(right), self._binary_place(left, right))

    def minus(self, children: list[Any]) -> e.Negate:
        sign, operand = children
        return e.Negate(_read(operand), Place(self.source, sign.start, operand.place.end))

    def compare(self, children: list[Any]) -> e.Compare:
        left, sign, right = children
        return e.Compare(
            SIGNS.get(sign.text, sign.text), _read(left), bound_value(right), self._binary_place(left, right)
        )

    def equals(self, children: list[Any]) -> e.Is:
        left, sign, right = children
        negated = sign.kind == "UNEQUAL"
        return e.Is(_read(left), (right,), negated, self._binary_place(left, right), sign.text)

    def _is(self, children: list[Any], negated: bool) -> e.Is:
        values = tuple([child for child in children[1:] if not isinstance(child, Token)])
        return e.Is(_read(children[0]), values, negated, self._binary_place(children[0], values[-1]))

    def is_value(self, children: list[Any]) -> e.Is:
        return self._is(children, False)

    def is_not_value(self, children: list[Any]) -> e.Is:
        return self._is(children, True)

    def answered(self, children: list[Any]) -> e.Answered:
        return e.Answered(_read(children[0]), False, children[0].place)

    def not_answered(self, children: list[Any]) -> e.Answered:
        return e.Answered(_read(children[0]), True, children[0].place)

    def _includes(self, children: list[Any], negated: bool) -> e.Includes:
        mode = "any"
        values = []
        for child in children[1:]:
            if not isinstance(child, Token):
                values.append(child)
            elif child.kind == "INCLUDE_MODE":
                mode = child.text.split()[0]
        return e.Includes(_read(children[0]), tuple(values), mode, negated, self._binary_place(children[0], values[-1]))

    def includes(self, children: list[Any]) -> e.Includes:
        return self._includes(children, False)

    def not_includes(self, children: list[Any]) -> e.Includes:
        return self._includes(children, True)

    def matches(self, children: list[Any]) -> e.Match:
        operand, pattern = children
        return e.Match(_read(operand), pattern.value, self._binary_place(operand, pattern))

    def negation(self, children: list[Any]) -> e.Not:
        return e.Not(children[0], children[0].place)

    def either(self, children: list[Any]) -> e.Logic:
        return e.Logic("or", tuple(children), self._binary_place(children[0], children[-1]))

    def both(self, children: list[Any]) -> e.Logic:
        return e.Logic("and", tuple(children), self._binary_place(children[0], children[-1]))

    def conditional(self, children: list[Any]) -> e.Conditional:
        value, condition, otherwise = children
        return e.Conditional(value, condition, otherwise, self._binary_place(value, otherwise))

    def call(self, children: list[Any]) -> e.Call:
        head: Token = children[0]
        arguments = tuple([child for child in children[1:] if not isinstance(child, Token)])
        return e.Call(head.text, arguments, self._span(head, arguments))

    def count_of(self, children: list[Any]) -> e.Aggregate:
        repeat: n.Word = children[0]
        where = children[1] if len(children) > 1 else None
        end = where.place.end if where is not None else repeat.place.end
        return e.Aggregate("count", None, repeat.text, where, Place(self.source, repeat.place.start, end), repeat.place)

    def fold_of(self, children: list[Any]) -> e.Aggregate:
        head, item, repeat = children[:3]
        where = children[3] if len(children) > 3 else None
        end = where.place.end if where is not None else repeat.place.end
        place = Place(self.source, head.start, end)
        return e.Aggregate(_FOLDS[head.text], e.Name(item.text, item.place), repeat.text, where, place, repeat.place)

    def difference(self, children: list[Any]) -> e.Difference:
        head, start, end = children
        return e.Difference(
            head.text.split()[0], _read(start), _read(end), Place(self.source, head.start, end.place.end)
        )

    def last_saved(self, children: list[Any]) -> e.Call:
        word: n.Word = children[0]
        return e.Call("last_saved", (e.Name(word.text, word.place),), word.place)

    def raw_value(self, children: list[Any]) -> e.Raw:
        return e.Raw(children[0].value, children[0].place)
