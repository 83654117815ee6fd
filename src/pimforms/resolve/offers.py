"""Choices that a narrowed list never offers, and columns of choices that nothing uses. PF132, PF133, PF134."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pimforms.diagnostics import Diagnostic
from pimforms.expressions.properties import filter_column
from pimforms.model.form import Choice, ChoiceList, Form, Question
from pimforms.model.walk import questions_in
from pimforms.resolve import messages, messages_quiet
from pimforms.resolve.lists import BUILT_IN
from pimforms.source import Place

SHOWN_WITH_CHOICES = frozenset({"image", "big-image", "audio", "video", "geometry"})
"""Columns of choices that phones know by themselves."""


def check_offers(form: Form) -> list[Diagnostic]:
    """What is wrong with the lists that `within` and `offer only` narrow, and with columns that no question uses."""
    questions = {item.name: item for item in questions_in(form.items)}
    found: list[Diagnostic] = []
    used: dict[str, set[str]] = {}
    for question in questions.values():
        listed = form.lists.get(question.choices or "")
        if listed is None or question.damaged:
            continue
        columns = used.setdefault(listed.name, set())
        if _narrows_otherwise(question, questions, form.lists):
            columns.update(column for choice in listed.choices for column, _ in choice.columns)
        other, codes = _narrowing(question.within, questions, form.lists)
        column = filter_column(question, other, form.lists) if other is not None else None
        if other is not None and column is not None:
            columns.add(column)
            found.extend(_narrowed(question, listed, other, codes, column))
        other, codes = _narrowing(question.offer, questions, form.lists)
        if other is not None and other.choices != question.choices:
            found.extend(_offered(question, listed, other, codes))
    for name, listed in form.lists.items():
        if listed.via is None and listed.place.source is not BUILT_IN and name in used and not _from_file(listed):
            found.extend(_unused_columns(listed, used[name]))
    return found


def _narrowing(
    name: str | None, questions: Mapping[str, Question], lists: Mapping[str, ChoiceList]
) -> tuple[Question | None, Mapping[str, None]]:
    """The question that narrows another, and its codes."""
    other = questions.get(name or "")
    listed = lists.get(other.choices or "") if other is not None else None
    if other is None or listed is None or other.damaged:
        return None, {}
    return other, {choice.code: None for choice in listed.choices if not _refuses(choice)}


def _narrows_otherwise(question: Question, questions: Mapping[str, Question], lists: Mapping[str, ChoiceList]) -> bool:
    """True if nothing can be said about columns: a raw filter reads them, or what narrows is in error itself."""
    if any(column == "choice_filter" for column, _ in question.raw):
        return True
    other = questions.get(question.within or "")
    return question.within is not None and (other is None or filter_column(question, other, lists) is None)


def _narrowed(
    question: Question, listed: ChoiceList, other: Question, codes: Mapping[str, None], column: str
) -> Iterator[Diagnostic]:
    never: dict[Place, list[tuple[str, str]]] = {}
    reached: set[str] = set()
    for choice in listed.choices:
        belongs = dict(choice.columns).get(column, "")
        if belongs in codes:
            reached.add(belongs)
        elif not _refuses(choice):
            never.setdefault(choice.place, []).append((choice.code, belongs))
    for place, lost in never.items():
        belongs = lost[0][1]
        near = messages.nearest(belongs, codes) if belongs else None
        said = f"`{column}: {belongs}` is no choice of `{other.name}`" if belongs else f"It has no `{column}:` under it"
        fix = f"write `{column}: {near}`" if near else f"write `{column}: CODE` under it, with a code of `{other.name}`"
        why = f"{said}, so it belongs to no answer."
        yield messages_quiet.never_offered(place, tuple(code for code, _ in lost), question.name, why, fix)
    empty = tuple(code for code in codes if code not in reached)
    if empty and reached and not never and question.when is None and question.required:
        yield messages_quiet.nothing_to_offer(question.place, question.name, other.name, empty, column)


def _offered(
    question: Question, listed: ChoiceList, other: Question, codes: Mapping[str, None]
) -> Iterator[Diagnostic]:
    if not any(choice.code in codes for choice in listed.choices):
        return  # said where the narrowing itself is checked
    for choice in listed.choices:
        if choice.code not in codes and not _refuses(choice):
            why = f"`offer only {other.name}` shows what was ticked there, and `{other.name}` has no such choice."
            fix = f"add `{choice.code}` to the choices of `{other.name}`, or take it out here"
            yield messages_quiet.never_offered(choice.place, (choice.code,), question.name, why, fix)


def _unused_columns(listed: ChoiceList, used: set[str]) -> Iterator[Diagnostic]:
    said: set[str] = set()
    for choice in listed.choices:
        for column, _ in choice.columns:
            if column not in used and column not in SHOWN_WITH_CHOICES and column not in said:
                said.add(column)
                near = messages.nearest(column, used | SHOWN_WITH_CHOICES)
                yield messages_quiet.column_not_used(choice.place, column, listed.name, near)


def _refuses(choice: Choice) -> bool:
    """The list's own way to say nothing; it is offered always."""
    return choice.refuses or choice.code == "pnta" or choice.origin is not None


def _from_file(listed: ChoiceList) -> bool:
    """True for a list of places: its file may hold more columns than the form needs."""
    return any(choice.place == listed.place for choice in listed.choices)
