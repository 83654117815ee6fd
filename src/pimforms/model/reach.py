"""What an answer can be broken down by: concepts like sex or age that are recorded for the same person or household."""

from __future__ import annotations

from collections.abc import Iterable

from pimforms.model.form import Calculation, Item, Lookup, Metadata, Question
from pimforms.model.walk import stops
from pimforms.standards.data import table


def broader(concept: str) -> str:
    """The concept that one stands for as well, such as age for an age band; itself, if for no other."""
    return str(table("concepts").get(concept, {}).get("serves", concept))


class Reach:
    """Where each concept is recorded, and so for which items it can be used. Made once for the items of a form.

    In reach of an item is what stands in the same repeat, at a level above it (the household, the one who answers), or in
    a repeat below it (the members of the household). Two repeats beside each other know nothing of one another.
    """

    def __init__(self, items: Iterable[Item]) -> None:
        self._chains: dict[str, tuple[str, ...]] = {}
        self._recorded: dict[str, set[tuple[str, ...]]] = {}
        for stop in stops(items):
            chain = tuple(repeat.name for repeat in stop.repeats)
            self._chains.setdefault(stop.item.name, chain)
            if isinstance(stop.item, (Question, Calculation, Lookup, Metadata)) and stop.item.tags.gives is not None:
                gives = stop.item.tags.gives
                for concept in (gives, broader(gives)):
                    self._recorded.setdefault(concept, set()).add(chain)

    def has(self, item: Item, concept: str) -> bool:
        """Whether `concept`, or a narrower one such as an age band for age, is recorded in reach of the item."""
        here = self._chains.get(item.name, ())
        return any(_on_one_line(here, there) for there in self._recorded.get(concept, ()))


def _on_one_line(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    short = min(len(one), len(other))
    return one[:short] == other[:short]
