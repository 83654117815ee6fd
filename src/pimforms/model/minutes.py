"""How long an interview takes: a rough estimate, for the consent and for proportionality.

Seconds an item, members of a repeat and the share of conditional items are defaults of `standards/limits.toml`, to be
learned from, not facts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import ceil

from pimforms.model.expression import Expression, Number
from pimforms.model.form import INTERVIEW, Group, Item, Note, Question, Repeat
from pimforms.model.walk import condition_of
from pimforms.standards.data import table


def timed(items: Iterable[Item]) -> Iterator[tuple[Question | Note, float]]:
    """Every question and note with its seconds in an average interview."""
    lengths, interview = table("limits")["seconds"], table("limits")["interview"]
    kinds, closed, note, conditional = lengths["kinds"], lengths["closed"], lengths["note"], interview["conditional"]
    members = interview["members"]

    def visit(inner: Iterable[Item], times: float) -> Iterator[tuple[Question | Note, float]]:
        for item in inner:
            here = times * conditional if condition_of(item) is not None else times
            if isinstance(item, Group):
                yield from visit(item.items, here)
            elif isinstance(item, Repeat):
                yield from visit(item.items, here * _members(item.count, members))
            elif isinstance(item, Question):
                yield item, here * kinds.get(item.kind, closed)
            elif isinstance(item, Note):
                yield item, here * note

    return visit(items, 1.0)


def _members(count: Expression | None, usual: float) -> float:
    """How many members a repeat has: a number that the form states, or what is usual."""
    return float(count.text) if isinstance(count, Number) else usual


def seconds(items: Iterable[Item]) -> float:
    """Seconds of the questions and notes, without the consent."""
    return sum(length for _, length in timed(items))


def estimate(items: Iterable[Item]) -> float:
    """Minutes of the questions and of the consent, not rounded."""
    return seconds(items) / 60 + float(table("limits")["interview"]["consent"])


def minutes(items: Iterable[Item]) -> int:
    """The estimate as it is spoken: rounded up to five minutes."""
    return max(5, ceil(estimate(items) / 5) * 5)


def by_purpose(items: Iterable[Item]) -> dict[str, float]:
    """Minutes of the questions of each purpose, and of the interview itself. A question that serves two counts half for each."""
    found: dict[str, float] = {}
    for item, length in timed(items):
        purposes = (item.tags.purposes if isinstance(item, Question) else ()) or (INTERVIEW,)
        for purpose in purposes:
            found[purpose] = found.get(purpose, 0.0) + length / 60 / len(purposes)
    return found
