"""Small builders for what the compiler adds: resolved expressions, questions, notes and lists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeGuard

from pimforms.model.expression import Code, Conditional, Expression, Is, Logic, Not, Ref, String
from pimforms.model.form import (
    INTERVIEW,
    Calculation,
    Choice,
    ChoiceList,
    ConsentPoint,
    Group,
    Item,
    Lookup,
    Metadata,
    Note,
    Question,
    Tags,
)
from pimforms.model.text import Text
from pimforms.protect.wordings import worded
from pimforms.protect.words import text
from pimforms.record import record
from pimforms.source import Place

Ends = tuple[tuple[Expression, str], ...]
"""How an interview ends: while a condition holds, with this outcome."""


@record
class Part:
    """A part of the gate: its rows, what must hold to go on (all of it), and how the interview ends if it does not."""

    items: tuple[Item, ...]
    opens: tuple[Expression, ...]
    ends: Ends = ()


TAGS = Tags(purposes=(INTERVIEW,), why="added by the compiler")


def is_(name: str, *codes: str, place: Place) -> Expression:
    """Positive: false on a blank answer."""
    return Is(Ref(name, place), tuple(Code(code, place) for code in codes), False, place)


def is_not(name: str, code: str, place: Place) -> Expression:
    """True on a blank answer: used where silence means to go on (withdrawal, stops)."""
    return Not(is_(name, code, place=place), place)


def both(place: Place, *conditions: Expression) -> Expression:
    """All of one or more, flat."""
    whole = all_of(conditions, place)
    assert whole is not None
    return whole


def all_of(conditions: Sequence[Expression], place: Place) -> Expression | None:
    """All of them, flat; None for none."""
    flat: list[Expression] = []
    for condition in conditions:
        inner = condition.operands if isinstance(condition, Logic) and condition.operator == "and" else (condition,)
        flat.extend(operand for operand in inner if operand not in flat)
    if not flat:
        return None
    return flat[0] if len(flat) == 1 else Logic("and", tuple(flat), place)


def any_of(conditions: Sequence[Expression], place: Place) -> Expression:
    return conditions[0] if len(conditions) == 1 else Logic("or", tuple(conditions), place)


class Maker:
    """Makes rows for one form; every row carries the code of the rule that asked for it."""

    def __init__(self, languages: Sequence[str], endings: tuple[str, ...] = ()) -> None:
        self.languages = languages
        self.endings = endings
        self.lists: dict[str, ChoiceList] = {}

    def key(self, key: str) -> str:
        """The sentence that this form needs in place of the usual one (protect/wordings.py)."""
        return worded(key, self.endings)

    def say(self, key: str, place: Place) -> Text:
        return text(self.key(key), self.languages, place)

    def list_of(self, name: str, place: Place, **codes: str) -> str:
        """A list by name, made once; `codes` maps each code to the key of its sentence."""
        if name not in self.lists:
            choices = tuple(Choice(code, self.say(key, place), place, origin="list") for code, key in codes.items())
            self.lists[name] = ChoiceList(name, choices, place, shared=True, origin="list")
        return name

    def question(
        self, name: str, choices: str, label: Text, place: Place, rule: str, when: Expression | None = None,
        *, required: bool = True, required_when: Expression | None = None, hint: Text | None = None, kind: str = "one",
    ) -> Question:  # fmt: skip
        return Question(
            name, kind, label, place, TAGS, choices, hint=hint, when=when, required=required, required_when=required_when,
            origin=rule,
        )  # fmt: skip

    def note(self, name: str, label: Text, place: Place, rule: str, when: Expression | None = None) -> Note:
        return Note(name, label, place, TAGS, when, origin=rule)

    def group(
        self, name: str, label: Text, items: Sequence[Item], place: Place, rule: str, when: Expression | None = None
    ) -> Group:
        return Group(name, label, tuple(items), place, "group", TAGS, when, origin=rule)

    def calculation(self, name: str, value: Expression, place: Place, rule: str) -> Calculation:
        return Calculation(name, value, place, TAGS, "text", origin=rule)


def is_plain(item: Item) -> TypeGuard[Group]:
    """A group into which rows may be put: no screen, no table, no repeat."""
    return (
        isinstance(item, Group)
        and item.kind == "group"
        and not any(isinstance(inner, Group) and inner.kind == "row" for inner in item.items)
    )


def with_condition(item: Item, condition: Expression, place: Place) -> Item:
    """The item under one more condition; what has no condition of its own is guarded where it is written."""
    if isinstance(item, (Lookup, Metadata, ConsentPoint)):
        return item
    own = item.when
    return replace(item, when=all_of([condition, *([own] if own is not None else [])], place))


def choose(cases: Sequence[tuple[Expression, str]], otherwise: str, place: Place) -> Expression:
    """The first word whose condition holds."""
    value: Expression = String(otherwise, place)
    for condition, word in reversed(cases):
        value = Conditional(String(word, place), condition, value, place)
    return value
