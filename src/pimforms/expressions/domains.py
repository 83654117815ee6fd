"""What an answer can be: a set of codes, a stretch of numbers or days, ticked choices, or a text.

Each domain can be narrowed. `None` says that nothing is left. A domain may hold too much, never too little, so that
"nothing is left" is always true.
"""

from __future__ import annotations

from datetime import date
from math import ceil, floor, inf
from typing import NamedTuple

from pimforms.model import expression as e
from pimforms.model.expression import Expression

BLANK = ""
_OTHER_SIDE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}


class Codes(NamedTuple):
    """One of these codes; BLANK among them if it may be blank."""

    left: frozenset[str]

    def keep(self, codes: frozenset[str]) -> Codes | None:
        left = self.left & codes
        return self if left == self.left else Codes(left) if left else None

    def drop(self, codes: frozenset[str]) -> Codes | None:
        left = self.left - codes
        return self if left == self.left else Codes(left) if left else None

    def answered(self) -> Codes | None:
        return self.drop(frozenset((BLANK,)))

    def blank(self) -> Codes | None:
        return self.keep(frozenset((BLANK,)))


class Numbers(NamedTuple):
    """From `low` to `high`; a bound may be open. Whole numbers have closed bounds."""

    low: float = -inf
    high: float = inf
    whole: bool = False
    can_be_blank: bool = True
    low_open: bool = False
    high_open: bool = False

    @property
    def only_blank(self) -> bool:
        return self.low > self.high

    def compared(self, operator: str, bound: float) -> Numbers | None:
        """What is left where the number stands so to `bound`. A blank does not."""
        low, high, low_open, high_open = self.low, self.high, self.low_open, self.high_open
        if self.whole:
            bound, operator = _whole_bound(operator, bound)
            if operator == "=" and bound % 1:
                return None
        if operator in (">", ">=", "=") and (bound > low or (bound == low and operator == ">")):
            low, low_open = bound, operator == ">"
        if operator in ("<", "<=", "=") and (bound < high or (bound == high and operator == "<")):
            high, high_open = bound, operator == "<"
        if low > high or (low == high and (low_open or high_open)):
            return None
        return Numbers(low, high, self.whole, False, low_open, high_open)

    def not_compared(self, operator: str, bound: float) -> Numbers | None:
        """What is left where it does not stand so: the other side, or blank."""
        if operator == "=":
            return self.blank() if self.low == self.high == bound else self
        found = self.compared(_OTHER_SIDE[operator], bound)
        if found is None:
            return self.blank()
        return found._replace(can_be_blank=True) if self.can_be_blank else found

    def answered(self) -> Numbers | None:
        return None if self.only_blank else self._replace(can_be_blank=False)

    def blank(self) -> Numbers | None:
        return Numbers(inf, -inf, self.whole, True) if self.can_be_blank else None


def _whole_bound(operator: str, bound: float) -> tuple[float, str]:
    """The same bound for whole numbers: `> 4` is `>= 5`."""
    if operator == ">":
        return floor(bound) + 1, ">="
    if operator == "<":
        return ceil(bound) - 1, "<="
    if operator == ">=":
        return ceil(bound), operator
    return (floor(bound), operator) if operator == "<=" else (bound, operator)


class Ticked(NamedTuple):
    """A many-choice answer: ticked for sure, not ticked for sure, and what else there is."""

    on: frozenset[str] = frozenset()
    off: frozenset[str] = frozenset()
    codes: frozenset[str] = frozenset()
    alone: frozenset[str] = frozenset()
    most: int | None = None
    can_be_blank: bool = True

    def _kept(self) -> Ticked | None:
        if self.on & self.off or (self.on - self.codes):
            return None
        if len(self.on) > 1 and self.on & self.alone:
            return None
        if self.most is not None and len(self.on) > self.most:
            return None
        if not self.can_be_blank and not self.codes - self.off:
            return None
        if self.on and self.can_be_blank:
            return self._replace(can_be_blank=False)
        return self

    def with_on(self, codes: frozenset[str]) -> Ticked | None:
        return self._replace(on=self.on | codes)._kept()

    def with_off(self, codes: frozenset[str]) -> Ticked | None:
        return self._replace(off=self.off | codes)._kept()

    def only(self, codes: frozenset[str]) -> Ticked | None:
        return self._replace(off=self.off | (self.codes - codes), can_be_blank=False)._kept()

    def answered(self) -> Ticked | None:
        return self._replace(can_be_blank=False)._kept()

    def blank(self) -> Ticked | None:
        if self.on or not self.can_be_blank:
            return None
        return self._replace(off=self.codes)


class Words(NamedTuple):
    """A text: `equal` if it is known, and what it is not."""

    equal: str | None = None
    other_than: frozenset[str] = frozenset()

    def keep(self, texts: frozenset[str]) -> Words | None:
        left = texts - self.other_than
        if self.equal is not None:
            return self if self.equal in left else None
        if not left:
            return None
        return Words(next(iter(left)), self.other_than) if len(left) == 1 else self

    def drop(self, texts: frozenset[str]) -> Words | None:
        if self.equal is not None:
            return None if self.equal in texts else self
        return Words(None, self.other_than | texts)

    def answered(self) -> Words | None:
        return self.drop(frozenset((BLANK,)))

    def blank(self) -> Words | None:
        return self.keep(frozenset((BLANK,)))


Domain = Codes | Numbers | Ticked | Words


def constant(expression: Expression) -> float | None:
    """A number, or a day as a number, if the expression is one that never changes."""
    kind = type(expression)
    if kind is e.Number:
        return float(expression.text)  # type: ignore[union-attr]
    if kind is e.Date:
        try:
            return float(date.fromisoformat(expression.iso).toordinal())  # type: ignore[union-attr]
        except ValueError:
            return None
    if kind is e.Negate:
        inner = constant(expression.operand)  # type: ignore[union-attr]
        return -inner if inner is not None else None
    if kind is e.Arithmetic:
        left, right = _point(constant(expression.left)), _point(constant(expression.right))  # type: ignore[union-attr]
        low, high = arithmetic(expression.operator, left, right)  # type: ignore[union-attr]
        return low if low == high else None
    return None


def _point(number: float | None) -> tuple[float, float]:
    return (-inf, inf) if number is None else (number, number)


def arithmetic(operator: str, left: tuple[float, float], right: tuple[float, float]) -> tuple[float, float]:
    """Between which numbers the result lies."""
    if operator == "+":
        return left[0] + right[0], left[1] + right[1]
    if operator == "-":
        return left[0] - right[1], left[1] - right[0]
    if inf in map(abs, (*left, *right)):
        return -inf, inf
    if operator == "*":
        corners = [a * b for a in left for b in right]
        return min(corners), max(corners)
    if operator in ("/", "div") and (right[0] > 0 or right[1] < 0):
        corners = [a / b for a in left for b in right]
        return min(corners), max(corners)
    return -inf, inf
