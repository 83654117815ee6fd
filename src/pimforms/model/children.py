"""What may be asked of a child, where a form asks children at all (`children 10 to 17`).

A topic is fit for children where `standards/topics.toml` says `child_safe`. Specialists in case management decide
themselves; everywhere else a child is asked nothing sensitive, nothing that identifies, and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable

from pimforms.model.form import INTERVIEW, Form, Item, Note, Question
from pimforms.model.identity import identifies
from pimforms.model.level import Level
from pimforms.model.walk import questions_in
from pimforms.standards.data import table

SPECIALISTS = "case_management"
"""The category of forms in which specialists may ask a child about anything."""


def by_specialists(form: Form) -> bool:
    return form.facts.category == SPECIALISTS


def may_ask_child(form: Form, item: Item) -> bool:
    """Whether a question or note is fit for a child in this form. Everything else asks nothing, so it is fit."""
    if by_specialists(form) or not isinstance(item, (Question, Note)):
        return True
    if isinstance(item, Note) and item.tags.gives == "record_code":
        return False  # it stands where an adult is asked for contact
    if item.tags.level >= Level.HIGH or (isinstance(item, Question) and identifies(item)):
        return False
    topics = table("topics")
    return all(topics.get(topic, {}).get("child_safe", False) for topic in topics_of(form, item))


def topics_of(form: Form, item: Question | Note) -> tuple[str, ...]:
    """The topic of a question or note; without one, the topics of the purposes that it serves.

    What gives a concept is about that, and not about all that is broken down by it.
    """
    if item.tags.topic:
        return (item.tags.topic,)
    if item.tags.gives:
        return ()
    purposes = (form.purposes[name] for name in item.tags.purposes if name in form.purposes)
    return tuple(dict.fromkeys(purpose.topic for purpose in purposes if purpose.topic))


def asked_of_children(form: Form, items: Iterable[Item]) -> tuple[Question, ...]:
    """The questions that a child is asked, without those about the interview and those that only say who answers."""
    return tuple(
        item
        for item in questions_in(items)
        if item.tags.purposes != (INTERVIEW,) and not item.tags.gives and may_ask_child(form, item)
    )
