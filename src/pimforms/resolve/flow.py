"""Sensitivity flows: what reads a sensitive answer is as sensitive as that answer.

It flows along values, labels, defaults and choice filters. Through `when` it does not: whether a question was asked says
less than the answer (it is only reported).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pimforms.expressions.parts import names
from pimforms.model.form import Calculation, Form, Group, Item, Lookup, Note, Question, Repeat, Tags
from pimforms.model.text import Text
from pimforms.model.walk import index


def value_reads(item: Item) -> set[str]:
    """What the value or the text of an item reads."""
    found: set[str] = set()
    if isinstance(item, Calculation):
        found |= names(item.value)
    elif isinstance(item, Lookup):
        found |= names(item.key)
    elif isinstance(item, Question):
        found |= names(item.default) if item.default is not None else set()
        found |= {name for name in (item.within, item.offer) if name}
    for key in ("label", "hint", "guidance"):
        text: Text | None = getattr(item, key, None)
        if text is not None and text.references:
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
        return getattr(stop.item, "tags", None) if stop else None

    def visit(items: tuple[Item, ...]) -> tuple[Item, ...]:
        done: list[Item] = []
        for item in items:
            if isinstance(item, (Group, Repeat)):
                inner = visit(item.items)
                done.append(item if inner is item.items else replace(item, items=inner))
                continue
            sources = value_reads(item)
            if not sources:
                done.append(item)
                continue
            tags: Tags = item.tags  # type: ignore[union-attr]
            purposes = dict.fromkeys(tags.purposes) if isinstance(item, (Question, Note)) else {}
            level, why = tags.level, tags.why
            for name in sorted(sources):
                source = tags_of(name)
                if source is None:
                    continue
                if isinstance(item, (Calculation, Lookup)):
                    purposes.update(dict.fromkeys(source.purposes))
                if source.level > level and tags.because is None:
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
