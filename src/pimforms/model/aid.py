"""Whether the answers decide who is helped. Then nobody may be promised that a no costs nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from pimforms.model.form import Form
from pimforms.model.text import Text
from pimforms.standards.data import table

DECIDING_CATEGORIES = ("case_management", "population_data")
"""Categories whose records decide who receives something: who says no may fear to be left out."""


def decides_on_aid(form: Form) -> bool:
    """By its category, or because a purpose decides which people or households get something."""
    return form.facts.category in DECIDING_CATEGORIES or any(_chooses(text) for text in _told(form))


def _told(form: Form) -> Iterator[str]:
    """What the purposes decide, and what people are told of them, in every language."""
    for purpose in form.purposes.values():
        for text in (purpose.decision.text if purpose.decision else None, purpose.tell):
            if isinstance(text, Text):
                yield from text.values.values()
            elif text:
                yield text


def _chooses(text: str) -> bool:
    lowered = text.lower()
    words = table("aid_words")
    return any(near in lowered for near in words["near"]) and any(
        _compiled(pattern).search(lowered) for pattern in words["find"].values()
    )


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
