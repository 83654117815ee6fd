"""Whether the answers decide who is helped. Then nobody may be promised that a no costs nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from pimforms.model.form import Form
from pimforms.standards.data import table

DECIDING_CATEGORIES = ("case_management", "population_data")
"""Categories whose records decide who receives something: who says no may fear to be left out."""


def decides_on_aid(form: Form) -> bool:
    """By its category, or because a purpose decides which people or households get something."""
    return form.facts.category in DECIDING_CATEGORIES or any(_chooses(*told) for told in _told(form))


def _told(form: Form) -> Iterator[tuple[str, str]]:
    """What the purposes decide, and what people are told of them, each with its language."""
    for purpose in form.purposes.values():
        for text in (purpose.decision.text if purpose.decision else None, purpose.tell):
            yield from text.values.items() if text is not None else ()


def _chooses(language: str, text: str) -> bool:
    lowered, words = text.lower(), table("aid_words")
    pattern = words["find"].get(language)
    near = any(near in lowered for near in words["near"])
    return near and pattern is not None and _compiled(pattern).search(lowered) is not None


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
