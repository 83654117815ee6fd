"""Which training a question asks of the interviewer, and which interviewers hold it."""

from __future__ import annotations

from collections.abc import Iterable

from pimforms.model.children import topics_of
from pimforms.model.form import Form, Group, Item, Question
from pimforms.model.level import Level
from pimforms.standards.data import table


def needed_training(form: Form, question: Question) -> tuple[str, ...]:
    """What the author says, what its topics ask for from HIGH on, and what every SEVERE question asks for."""
    tags = question.tags
    wanted = dict.fromkeys(tags.training)
    if tags.level >= Level.HIGH:
        for topic in topics_of(form, question):
            wanted.update(dict.fromkeys(table("topics")[topic].get("training", ())))
    if tags.level >= Level.SEVERE and not wanted:
        wanted.update(dict.fromkeys(table("limits")["training"]["severe"]))
    return tuple(wanted)


def holders(form: Form, wanted: Iterable[str]) -> tuple[str, ...]:
    """The codes of the interviewers who hold all of these trainings, whether or not they have run out since."""
    needed = set(wanted)
    return tuple(each.code for each in form.facts.roster if needed <= set(each.training))


def interviewer_question(items: Iterable[Item]) -> Question | None:
    """The question that says who interviews. One that is asked again and again, in a repeat, says nothing for the whole."""
    for item in items:
        if isinstance(item, Question) and item.tags.gives == "interviewer":
            return item
        found = interviewer_question(item.items) if isinstance(item, Group) else None
        if found is not None:
            return found
    return None
