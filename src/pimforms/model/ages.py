"""Ages and the bands that they are put into (`standards/age_bands.toml`)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

from pimforms.model.expression import Code, Conditional, Expression, String
from pimforms.model.form import Calculation, Form, Item, Question
from pimforms.model.walk import stops
from pimforms.standards.data import table

USUAL = "unhcr"


def bands(name: str | None) -> tuple[tuple[str, int], ...]:
    """Each band of a set with its lowest age in years: ("age_0_4", 0), … ("age_60_plus", 60)."""
    starts: list[int] = table("age_bands")[name or USUAL]["starts"]
    found = [(f"age_{low}_{high - 1}", low) for low, high in pairwise(starts)]
    return (*found, (f"age_{starts[-1]}_plus", starts[-1]))


def unbanded(form: Form) -> tuple[Question, ...]:
    """
    The ages in years for which the set of the form gives a band that nothing else gives for the same person.

    Only where the form names a set with `age bands`. A question for the band, in the same repeat or beside it, is enough;
    a calculation is if it has the bands of this set.
    """
    if form.facts.age_bands is None:
        return ()
    wanted = {code for code, _ in bands(form.facts.age_bands)}
    given = {
        chain
        for item, chain in _giving(form.items, "age_band")
        if isinstance(item, Question) or set(_results(item)) - {""} == wanted
    }
    return tuple(
        item
        for item, chain in _giving(form.items, "age")
        if isinstance(item, Question) and item.kind == "integer" and chain not in given
    )


def banded(form: Form) -> tuple[Question, ...]:
    """The questions for an exact age beside which the band of the same person is kept."""
    added = {item.name for item in unbanded(form)}
    given = {chain for _, chain in _giving(form.items, "age_band")}
    return tuple(
        item
        for item, chain in _giving(form.items, "age")
        if isinstance(item, Question) and item.choices is None and (item.name in added or chain in given)
    )


def _giving(items: Iterable[Item], concept: str) -> Iterator[tuple[Question | Calculation, tuple[str, ...]]]:
    """The questions and calculations that give a concept, with the repeats around them."""
    for stop in stops(items):
        item = stop.item
        if isinstance(item, (Question, Calculation)) and item.tags.gives == concept:
            yield item, tuple(repeat.name for repeat in stop.repeats)


def _results(item: Calculation) -> Iterator[str]:
    """The codes that a calculation can have."""
    waiting: list[Expression] = [item.value]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Conditional):
            waiting.extend((part.value, part.otherwise))
        elif isinstance(part, (String, Code)):
            yield part.value
