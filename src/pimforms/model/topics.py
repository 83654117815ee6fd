"""What a form asks about: the topics of its HIGH and SEVERE questions, which need a risk and a service."""

from __future__ import annotations

from collections.abc import Mapping

from pimforms.model.children import topics_of
from pimforms.model.form import Form, Question
from pimforms.model.level import LEVELS, Level
from pimforms.model.walk import walk
from pimforms.standards.data import table

UNNAMED = ""
"""Stands for HIGH questions that have no topic which is HIGH by itself: the author raised them."""


def level_of_topic(form: Form, topic: str) -> Level:
    """The level of a topic in this form: a country pack decides, then the context, then the table."""
    for pack in form.packs:
        for name, level, _ in pack.levels:
            if name == topic:
                return level
    row = table("topics")[topic]
    raised = next((row[context] for context in form.facts.context if context in row), row["level"])
    return LEVELS[raised]


def sensitive_topics(form: Form) -> Mapping[str, tuple[Question, ...]]:
    """The HIGH and SEVERE questions by topic, in the order of asking; UNNAMED for those that were raised by hand.

    What is HIGH by its type alone (a photo) or by what it gives (a religion) belongs to no topic, unless it names one.
    """
    found: dict[str, list[Question]] = {}
    for item in walk(form.items):
        if not isinstance(item, Question) or item.damaged or item.tags.level < Level.HIGH:
            continue
        topics = [topic for topic in _topics(form, item) if level_of_topic(form, topic) >= Level.HIGH]
        if not topics and not _by_itself(item):
            topics = [UNNAMED]
        for topic in topics:
            found.setdefault(topic, []).append(item)
    return {topic: tuple(questions) for topic, questions in found.items()}


def _topics(form: Form, question: Question) -> tuple[str, ...]:
    """The topic of a question; what gives a concept has the level of that, and not the topic of what it is asked for."""
    return topics_of(form, question) if question.tags.topic is not None or question.tags.gives is None else ()


def _by_itself(question: Question) -> bool:
    """Whether the type or the concept alone makes it HIGH."""
    rows = (table("types")["type"].get(question.kind, {}), table("concepts").get(question.tags.gives or "", {}))
    return any(LEVELS[row.get("level", "low")] >= Level.HIGH for row in rows)
