"""What an answer or a value is for the solver: whether it is there, and what it can be."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from pimforms.expressions.kinds import REFUSED, refusals
from pimforms.model import expression as e
from pimforms.model.expression import Expression
from pimforms.model.form import ChoiceList, Form, Question
from pimforms.model.level import Level
from pimforms.record import record

Formula = Any
"""A formula or a term of the solver; it has no types of its own."""


@record
class Val:
    """A value: `present` is false for a blank. `number` is set for numbers and days (as ordinals).

    `same` says whether its text or code is this one; `ticked` whether a code is among those ticked. `texts` are all that
    it can be, as far as they are told apart; `other` holds where it is none of them. `how_many` counts the ticks.
    """

    present: Formula
    same: Callable[[str], Formula]
    ticked: Callable[[str], Formula]
    number: Formula = None
    texts: tuple[str, ...] | None = None
    other: Formula = None
    how_many: Formula = None


def codes_of(form: Form, question: Question) -> tuple[str, ...]:
    """The codes that a choice question can have, in the order of its list; what the compiler adds comes last."""
    listed = form.lists.get(question.choices or "")
    codes = [choice.code for choice in listed.choices] if listed is not None else []
    if not codes and question.kind == "yes_no":
        codes = ["yes", "no"]
    return tuple(dict.fromkeys((*codes, *sorted(refusals(question, listed)))))


def lonely(question: Question, listed: ChoiceList | None) -> frozenset[str]:
    """The codes that untick the rest."""
    alone = (
        frozenset(choice.code for choice in listed.choices if choice.alone or choice.refuses) if listed else frozenset()
    )
    return alone | refusals(question, listed) | {REFUSED}


def must_be_answered(question: Question) -> bool:
    """Whether the phone goes on only with an answer. From MODERATE on only choices must have one: they can refuse."""
    return question.required and (question.tags.level < Level.MODERATE or question.kind in ("one", "many", "yes_no"))


def day(ordinal: int) -> str:
    """The day with this number as 2026-12-31."""
    return date.fromordinal(min(max(ordinal, 1), date.max.toordinal())).isoformat()


def conjuncts(condition: Expression | None) -> tuple[Expression, ...]:
    """What must hold together; () for no condition."""
    if condition is None:
        return ()
    if isinstance(condition, e.Logic) and condition.operator == "and":
        return tuple(part for operand in condition.operands for part in conjuncts(operand))
    return (condition,)
