"""Questions on sex and gender, and which of their answers are safe where people are persecuted for who they are."""

from __future__ import annotations

from collections.abc import Iterator

from pimforms.model.form import Choice, ChoiceList, Form, Question
from pimforms.model.walk import questions_in
from pimforms.standards.data import table

HOSTILE = "hostile_to_sogi"
CONCEPTS = ("sex", "gender_identity", "interviewer_sex")


def is_hostile(form: Form) -> bool:
    return HOSTILE in form.facts.context


def asked_about_sex(form: Form) -> Iterator[Question]:
    """Every choice question that gives a sex or a gender."""
    for item in questions_in(form.items):
        if item.tags.gives in CONCEPTS and item.choices is not None:
            yield item


def is_way_out(choice: Choice) -> bool:
    words = table("inclusion")["sex"]
    return choice.refuses or choice.code in words["exits"] or _begins(choice, words["exit_words"])


def known_sex(choice: Choice) -> bool:
    """Whether it is an answer that every place knows: by its code, or by the first word of a label."""
    words = table("inclusion")["sex"]
    if choice.code.lower() in words["codes"]:
        return True
    labels = choice.label.values.values() if choice.label is not None else ()
    return any(label.casefold().split(" ", 1)[0].strip(".,") in words["words"] for label in labels)


def dangerous(listed: ChoiceList) -> tuple[Choice, ...]:
    """The answers that would mark a person; none where the list is not understood."""
    if not any(known_sex(choice) for choice in listed.choices):
        return ()
    return tuple(choice for choice in listed.choices if not known_sex(choice) and not is_way_out(choice))


def _begins(choice: Choice, words: list[str]) -> bool:
    labels = choice.label.values.values() if choice.label is not None else ()
    return any(label.casefold().startswith(tuple(words)) for label in labels)
