"""What a form knows of the age of the person who answers: questions that only children, or only adults, can answer."""

from __future__ import annotations

from collections.abc import Iterator

from pimforms.model.expression import Code, Compare, Expression, Is, Logic, Number, Ref
from pimforms.model.form import Form, Question
from pimforms.model.walk import Stop, stops
from pimforms.rules.bands import MINUTES, read_band

ADULT = 18


def of_the_person(form: Form) -> dict[str, Question]:
    """The questions for the age of the person who answers: not those of the members of a repeat."""
    found = (stop.item for stop in stops(form.items) if not stop.repeats)
    return {item.name: item for item in found if isinstance(item, Question) and item.tags.gives in ("age", "age_band")}


def meant_for_children(form: Form) -> Iterator[Question]:
    """The questions that are asked only where the person who answers is younger than 18, by their own conditions."""
    ages = of_the_person(form)
    for stop in stops(form.items) if ages else ():
        if isinstance(stop.item, Question) and not stop.item.damaged and _needs_a_child(form, stop, ages):
            yield stop.item


def _needs_a_child(form: Form, stop: Stop, ages: dict[str, Question]) -> bool:
    return any(_holds_for_children_only(form, condition, ages) for condition in stop.conditions)


def _holds_for_children_only(form: Form, condition: Expression, ages: dict[str, Question]) -> bool:
    if isinstance(condition, Logic):
        found = [_holds_for_children_only(form, operand, ages) for operand in condition.operands]
        return any(found) if condition.operator == "and" else all(found)
    if isinstance(condition, Is) and isinstance(condition.left, Ref) and condition.left.name in ages:
        young = codes_of_children(form, ages[condition.left.name])
        return not condition.negated and all(isinstance(c, Code) and c.value in young for c in condition.values)
    if isinstance(condition, Compare) and isinstance(condition.left, Ref) and condition.left.name in ages:
        limit = float(condition.right.text) if isinstance(condition.right, Number) else ADULT + 1
        return (condition.operator == "<" and limit <= ADULT) or (condition.operator == "<=" and limit < ADULT)
    return False


def codes_of_children(form: Form, question: Question) -> frozenset[str]:
    """The choices of a question for an age that hold nobody of 18 years or older."""
    listed = form.lists.get(question.choices or "")
    young = set()
    for choice in listed.choices if listed is not None else ():
        texts = choice.label.values.items() if choice.label is not None else ()
        for band in (read_band(text, language) for language, text in texts):
            limit = ADULT * (MINUTES["year"] if band is not None and band.unit else 1)
            if band is not None and (band.high < limit or (band.high == limit and band.high_open)):
                young.add(choice.code)
    return frozenset(young)
