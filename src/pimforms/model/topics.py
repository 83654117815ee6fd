"""What a form asks about: the topics of its HIGH and SEVERE questions, which need a risk and a service."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pimforms.model.children import topics_of
from pimforms.model.facts import Pack
from pimforms.model.form import Form, Question
from pimforms.model.level import LEVELS, Level
from pimforms.model.walk import questions_in
from pimforms.standards.data import table

UNNAMED = ""
"""Stands for HIGH questions that have no topic which is HIGH by itself: the author raised them."""


def level_of_topic(form: Form, topic: str) -> Level:
    """The level of a topic in this form: a country pack decides, then the context, then the table."""
    return decided_level(topic, form.packs, form.facts.context)[0]


def decided_level(topic: str, packs: Sequence[Pack], context: Sequence[str]) -> tuple[Level, Pack | None]:
    """The level of a topic, and the country pack that says so, None if none does.

    Of several packs the one with the highest level holds. Below what is usual in this context a pack needs its reason.
    """
    row = table("topics")[topic]
    usual = max(LEVELS[row[each]] for each in ("level", *context) if each in row)
    said = [(level, pack, because) for pack in packs for name, level, because in pack.levels if name == topic]
    if not said:
        return usual, None
    level, pack, because = max(said, key=lambda each: each[0])
    return (usual, None) if level < usual and because is None else (level, pack)


def sensitive_topics(form: Form) -> Mapping[str, tuple[Question, ...]]:
    """The HIGH and SEVERE questions by topic, in the order of asking; UNNAMED for those that were raised by hand.

    What is HIGH by its type alone (a photo) or by what it gives (a religion) belongs to no topic, unless it names one.
    """
    found: dict[str, list[Question]] = {}
    for item in questions_in(form.items):
        if item.damaged or item.tags.level < Level.HIGH:
            continue
        topics = [topic for topic in topics_of(form, item) if level_of_topic(form, topic) >= Level.HIGH]
        if not topics and not _by_itself(item):
            topics = [UNNAMED]
        for topic in topics:
            found.setdefault(topic, []).append(item)
    return {topic: tuple(questions) for topic, questions in found.items()}


def _by_itself(question: Question) -> bool:
    """Whether the type or the concept alone makes it HIGH."""
    rows = (table("types")["type"].get(question.kind, {}), table("concepts").get(question.tags.gives or "", {}))
    return any(LEVELS[row.get("level", "low")] >= Level.HIGH for row in rows)
