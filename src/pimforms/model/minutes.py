"""How long an interview takes: a rough estimate, for the consent and for proportionality.

Seconds an item, after the domain table of P3-08. They are defaults to be learned from, not facts.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import ceil

from pimforms.model.form import Group, Item, Note, Question, Repeat

SECONDS = {"many": 30, "rank": 30, "text": 60, "image": 60, "audio": 60, "video": 60, "geopoint": 60}
SECONDS_CLOSED = 15
SECONDS_NOTE = 5
MEMBERS = 5
"""Members of a repeat, on average, when nothing is known."""
CONDITIONAL = 0.5
"""The share of interviews in which a conditional item is asked, when nothing is known."""


def seconds(items: Iterable[Item]) -> float:
    total = 0.0
    for item in items:
        share = CONDITIONAL if getattr(item, "when", None) is not None else 1.0
        if isinstance(item, Group):
            total += share * seconds(item.items)
        elif isinstance(item, Repeat):
            total += share * MEMBERS * seconds(item.items)
        elif isinstance(item, Question):
            total += share * SECONDS.get(item.kind, SECONDS_CLOSED)
        elif isinstance(item, Note):
            total += share * SECONDS_NOTE
    return total


def minutes(items: Iterable[Item]) -> int:
    """Minutes of the questions and about two of consent, rounded up to five."""
    return max(5, ceil((seconds(items) / 60 + 2) / 5) * 5)
