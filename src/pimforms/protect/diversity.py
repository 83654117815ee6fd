"""Answers that would mark a person where people are persecuted for whom they love or who they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from pimforms.diagnostics import Severity, rule
from pimforms.expressions.parts import every
from pimforms.model.diversity import asked_about_sex, dangerous, is_hostile
from pimforms.model.expression import Code
from pimforms.model.form import ChoiceList, Form, Group, Item, Question, Repeat


@rule("PIM117", "marking-answers-removed", Severity.ADDED, standard="PIM principle 2, Do no harm")
def without_marking_answers(form: Form) -> Form:
    """
    Under `context hostile_to_sogi`, questions on sex and gender keep only the answers that every place knows, and the ways out.

    ## Why
    An answer such as "other" on a phone that is searched can cost a life. What the list had beside female, male and the ways
    out does not reach the phone, nor the question that asks for a few words behind it. A warning (PIM107) names what went.
    """
    if not is_hostile(form):
        return form
    lists: dict[str, ChoiceList] = {}
    for question in asked_about_sex(form):
        listed = form.lists.get(question.choices or "")
        gone = {choice.code for choice in dangerous(listed)} if listed is not None else set()
        if listed is not None and gone:
            lists[listed.name] = replace(listed, choices=tuple(c for c in listed.choices if c.code not in gone))
    if not lists:
        return form
    gone_of = {
        question.name: {choice.code for choice in form.lists[question.choices].choices}
        - {choice.code for choice in lists[question.choices].choices}
        for question in asked_about_sex(form)
        if question.choices in lists
    }
    return replace(form, lists={**form.lists, **lists}, items=_without_details(form.items, gone_of))


def _without_details(items: Iterable[Item], gone: Mapping[str, set[str]]) -> tuple[Item, ...]:
    """Without the questions that ask for a few words behind an answer that is gone."""
    found: list[Item] = []
    for item in items:
        if isinstance(item, (Group, Repeat)):
            found.append(replace(item, items=_without_details(item.items, gone)))
            continue
        if isinstance(item, Question) and item.of is not None and item.when is not None:
            codes = {part.value for part in every(item.when) if isinstance(part, Code)}
            if codes and codes <= gone.get(item.of, set()):
                continue
        found.append(item)
    return tuple(found)
