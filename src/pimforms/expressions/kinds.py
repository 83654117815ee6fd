"""Kinds of values: what an answer is, and what may stand beside what."""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

from pimforms.model.form import Calculation, ChoiceList, ConsentPoint, Item, Lookup, Metadata, Question
from pimforms.model.level import Level
from pimforms.standards.data import table


class Value(NamedTuple):
    """`kind` is one of the kinds of standards/types.toml, "condition", or "" for what is not known.

    `list` names the list of a choice, "" if there is none. `name` is the answer it was read from, for messages.
    """

    kind: str
    list: str = ""
    name: str = ""


UNKNOWN = Value("")
"""The kind of what was already reported, or did not parse. Nothing is said about it."""
CONDITION = Value("condition")
INTEGER = Value("integer")
DECIMAL = Value("decimal")
TEXT = Value("text")
DATE = Value("date")
DATETIME = Value("datetime")
YES_NO = Value("code", "yes_no")

NUMBERS = frozenset({"integer", "decimal"})
DAYS = frozenset({"date", "datetime"})
CHOICES = frozenset({"code", "codes"})

_FAMILY = {
    "integer": "number",
    "decimal": "number",
    "date": "day",
    "datetime": "day",
    "code": "text",
    "text": "text",
    "time": "time",
}
_SPOKEN = {
    "code": "a choice",
    "codes": "a many-choice answer",
    "integer": "a whole number",
    "decimal": "a decimal number",
    "text": "a text",
    "date": "a date",
    "time": "a time of day",
    "datetime": "a date with a time",
    "place": "a place on the map",
    "media": "a photo, sound or file",
    "none": "not a value",
    "condition": "a condition",
}


def family(kind: str) -> str:
    """Kinds of one family can be the same: numbers, days, times, texts and codes. "" for what never compares."""
    return _FAMILY.get(kind, "")


def spoken(value: Value) -> str:
    """A kind in plain words, with the answer's name where there is one."""
    words = _SPOKEN.get(value.kind, value.kind)
    return f"`{value.name}` ({words})" if value.name else words


def plain(value: Value) -> str:
    """A kind in plain words."""
    return _SPOKEN.get(value.kind, value.kind)


@cache
def _kind_of_type(kind: str) -> str:
    types = table("types")
    row: dict[str, Any] = types["type"].get(kind) or types["metadata"].get(kind) or {}
    found = row.get("value")
    # A calculation or look-up names the kind itself.
    return found if isinstance(found, str) else kind if kind in _SPOKEN else ""


def value_of(item: Item) -> Value | None:
    """The kind of an item's answer; None for what has none (a note, a group, a repeat).

    A calculation without a kind gives UNKNOWN: `expressions.resolve` infers it first.
    """
    kind = type(item)
    if kind is Question:
        question: Question = item  # type: ignore[assignment]
        if question.damaged:
            return UNKNOWN
        found = _kind_of_type(question.kind)
        if found in CHOICES:
            return Value(found, question.choices or ("yes_no" if question.kind == "yes_no" else ""), question.name)
        if question.kind == "range" and any("." in number for _, number in question.parameters):
            found = "decimal"
        return Value(found, "", question.name)
    if kind is Calculation:
        calculation: Calculation = item  # type: ignore[assignment]
        return stored(calculation.kind, calculation.name)
    if kind is Lookup or kind is Metadata:
        return stored(_kind_of_type(item.kind), item.name)  # type: ignore[union-attr]
    if kind is ConsentPoint:
        return Value("code", "yes_no", item.name)
    return None


def stored(kind: str, name: str) -> Value:
    """The value of a calculation or look-up of this kind. A look-up's code belongs to no list."""
    if kind == "yes_no":
        return Value("code", "yes_no", name)
    return Value(kind, "", name)


REFUSED = "pnta"
"""The code of "Prefer not to say", which choice questions have from MODERATE on."""


def refusals(item: Item, listed: ChoiceList | None) -> frozenset[str]:
    """The codes with which an answer is refused: those of the list, or the one that the compiler adds to it."""
    own = (
        frozenset(c.code for c in listed.choices if c.refuses or c.code == REFUSED)
        if listed is not None
        else frozenset()
    )
    if (
        not own
        and type(item) is Question
        and item.tags.level >= Level.MODERATE
        and item.kind in ("one", "many", "yes_no")
    ):
        return frozenset((REFUSED,))
    return own
