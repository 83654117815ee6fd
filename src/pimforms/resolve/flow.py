"""Sensitivity flows: what reads a sensitive answer is as sensitive as that answer.

It flows along values, labels, messages, choices, defaults and choice filters, and from the label of a group or repeat to
what is asked under it. Through `when` it does not: whether a question was asked says less than the answer (it is only
reported).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pimforms.expressions.parts import names
from pimforms.expressions.reads import texts_of
from pimforms.model.form import Calculation, Form, Group, Item, Lookup, Note, Question, Repeat, Tags
from pimforms.model.walk import index


def value_reads(form: Form, item: Item) -> set[str]:
    """What the value or the texts of an item read."""
    found: set[str] = set()
    if isinstance(item, Calculation):
        found |= names(item.value)
    elif isinstance(item, Lookup):
        found |= names(item.key)
    elif isinstance(item, Question):
        found |= names(item.default) if item.default is not None else set()
        found |= {name for name in (item.within, item.offer) if name}
    for text in texts_of(form, item):
        if text.references:
            found |= {reference.name for reference in text.references}
    return found


def with_flow(form: Form) -> Form:
    """The form with levels raised along what is read. Items stand in order, so one pass is enough."""
    table = index(form.items)
    raised: dict[str, Tags] = {}

    def tags_of(name: str) -> Tags | None:
        if name in raised:
            return raised[name]
        stop = table.get(name)
        return stop.item.tags if stop else None

    def visit(items: tuple[Item, ...], above: frozenset[str] = frozenset()) -> tuple[Item, ...]:
        """`above` is what the labels around these items speak of: it stands on the same screen."""
        done: list[Item] = []
        for item in items:
            sources = value_reads(form, item)
            if isinstance(item, (Group, Repeat)):
                inner = visit(item.items, above | sources)
                done.append(item if inner is item.items else replace(item, items=inner))
                continue
            if isinstance(item, (Question, Note)):
                sources |= above
            if not sources:
                done.append(item)
                continue
            tags = item.tags
            purposes = dict.fromkeys(tags.purposes) if isinstance(item, (Question, Note)) else {}
            level, why = tags.level, tags.why
            # A reason given for a whole group speaks of what it asks, not of what one text in it reads.
            reasoned = tags.because is not None and tags.said is not None
            for name in sorted(sources):
                source = tags_of(name)
                if source is None:
                    continue
                if isinstance(item, (Calculation, Lookup)):
                    purposes.update(dict.fromkeys(source.purposes))
                if source.level > level and not reasoned:
                    level, why = source.level, f"it reads `{name}`"
            named = tuple(purposes) or tags.purposes
            if level != tags.level or named != tags.purposes:
                tags = replace(tags, level=level, usual=max(level, tags.usual), why=why, purposes=named)
                raised[item.name] = tags
                done.append(_tagged(item, tags))
            else:
                done.append(item)
        return items if all(a is b for a, b in zip(done, items, strict=True)) else tuple(done)

    items = visit(form.items)
    return form if items is form.items else replace(form, items=items)


def _tagged(item: Any, tags: Tags) -> Item:
    """Every item that reads something has tags; only the consent has none."""
    tagged: Item = replace(item, tags=tags)
    return tagged
