"""Everything that an item reads: conditions, values, texts, lists."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pimforms.expressions.parts import names
from pimforms.model.expression import Expression
from pimforms.model.form import Calculation, Form, Item, Lookup, Question, Repeat
from pimforms.model.text import Text
from pimforms.model.walk import condition_of


def expressions_of(item: Item) -> Iterator[Expression]:
    """The expressions of an item itself; what stands in a group or repeat has its own."""
    found: list[Expression | None] = [condition_of(item)]
    if isinstance(item, Question):
        found += [item.required_when, item.default, *(must.condition for must in item.musts)]
    elif isinstance(item, Calculation):
        found.append(item.value)
    elif isinstance(item, Lookup):
        found.append(item.key)
    elif isinstance(item, Repeat):
        found.append(item.count)
    yield from (expression for expression in found if expression is not None)


def texts_of(form: Form, item: Item) -> Iterator[Text]:
    """The texts of an item, with those of its choices."""
    found: list[Text | None] = [getattr(item, "label", None)]
    if isinstance(item, Question):
        found += [item.hint, item.guidance, *(must.message for must in item.musts)]
        listed = form.lists.get(item.choices or "")
        found += [choice.label for choice in listed.choices] if listed is not None else []
    yield from (text for text in found if text is not None)


def read_by(form: Form, item: Item) -> frozenset[str]:
    """The names that an item reads in any way."""
    found: set[str] = set()
    for expression in expressions_of(item):
        found |= names(expression)
    for text in texts_of(form, item):
        found.update(reference.name for reference in text.references)
    if isinstance(item, Question):
        found.update(name for name in (item.within, item.offer) if name)
    return frozenset(found)


def readers(form: Form, items: Iterable[Item], of: frozenset[str]) -> Iterator[tuple[Item, tuple[str, ...]]]:
    """The items that read any of these names, with the names that each reads, in alphabetical order."""
    for item in items:
        found = read_by(form, item) & of
        if found:
            yield item, tuple(sorted(found))
