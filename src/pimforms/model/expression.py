"""The expressions of the language, as the author wrote them and, once resolved, with every name known.

The parser makes `Name` nodes. `expressions.resolve` replaces each with a `Ref` (an answer) or a `Code` (a choice), and
checks the types. `expressions.xpath` writes resolved expressions as XPath. Protections build resolved nodes themselves.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass

from pimforms.record import record
from pimforms.source import Place


@record
class Name:
    """A bare word, not yet known to be an answer, a choice or a named condition."""

    text: str
    place: Place


@record
class Ref:
    """The answer to the item `name`. Names are unique in a form, so the name says which."""

    name: str
    place: Place


@record
class Code:
    """A choice of a list."""

    value: str
    place: Place


@record
class Number:
    """`text` is as written: "18", "0.5"."""

    text: str
    place: Place


@record
class String:
    """A quoted text. Beside a choice question it is a code; beside a date it is an error with a fix."""

    value: str
    place: Place


@record
class Date:
    """A date written as 2026-12-31."""

    iso: str
    place: Place


@record
class Own:
    """The answer being checked, in a `must`."""

    place: Place


@record
class Negate:
    """`- x`."""

    operand: Expression
    place: Place


@record
class Arithmetic:
    """`operator` is one of `+ - * / div mod`."""

    operator: str
    left: Expression
    right: Expression
    place: Place


@record
class Compare:
    """`operator` is one of `< <= > >=`. Equality is `Is`."""

    operator: str
    left: Expression
    right: Expression
    place: Place


@record
class Is:
    """`left is a`, `left is one of a, b`; `negated` for `is not …`, which is false on a blank or refused answer.

    `written` is the sign when the author wrote `=` or `!=` instead of a word (the formatter replaces it).
    """

    left: Expression
    values: tuple[Expression, ...]
    negated: bool
    place: Place
    written: str = ""


@record
class Includes:
    """A many-choice answer holds these codes. `mode`: "any" (also for a single code), "all", "only"."""

    left: Expression
    values: tuple[Expression, ...]
    mode: str
    negated: bool
    place: Place


@record
class Answered:
    """`x is answered`: not blank. `negated` for `is not answered`."""

    operand: Expression
    negated: bool
    place: Place


@record
class Match:
    """`x matches "pattern"`: the whole text has this shape (a regular expression, anchored by the compiler)."""

    operand: Expression
    pattern: str
    place: Place


@record
class Not:
    operand: Expression
    place: Place


@record
class Logic:
    """`operator` is "and" or "or"; at least two operands."""

    operator: str
    operands: tuple[Expression, ...]
    place: Place


@record
class Aggregate:
    """Over a repeat: `count of members where …`, `sum of age in members where …`.

    `function` is "count", "sum", "min" or "max"; `item` is the member's question, None for a count.
    """

    function: str
    item: Expression | None
    repeat: str
    where: Expression | None
    place: Place
    repeat_place: Place


@record
class Difference:
    """`years from A to B` in completed years (also months, days, weeks)."""

    unit: str
    start: Expression
    end: Expression
    place: Place


@record
class Conditional:
    """`value if condition otherwise other`."""

    value: Expression
    condition: Expression
    otherwise: Expression
    place: Place


@record
class Call:
    """A function of the closed table in `form_library/standards/functions.toml`: `round(x)`, `today()`."""

    function: str
    arguments: tuple[Expression, ...]
    place: Place


@record
class Raw:
    """`raw "…"`: XPath passed through unchecked, and reported as such."""

    xpath: str
    place: Place


Expression = (
    Name
    | Ref
    | Code
    | Number
    | String
    | Date
    | Own
    | Negate
    | Arithmetic
    | Compare
    | Is
    | Includes
    | Answered
    | Match
    | Not
    | Logic
    | Aggregate
    | Difference
    | Conditional
    | Call
    | Raw
)

_HOW_IT_IS_WRITTEN = ("place", "repeat_place", "written")


def meaning(expression: object) -> object:
    """What an expression says, without where and with which sign it was written: equal for two that say the same."""
    if is_dataclass(expression):
        said = (getattr(expression, each.name) for each in fields(expression) if each.name not in _HOW_IT_IS_WRITTEN)
        return (type(expression).__name__, *map(meaning, said))
    return tuple(map(meaning, expression)) if isinstance(expression, tuple) else expression
