"""Sensitivity flows: what reads a sensitive answer is as sensitive as that answer.

It flows along values, labels, defaults and choice filters. Through `when` it does not: whether a question was asked says
less than the answer (it is only reported).
"""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from pimforms.model.expression import Aggregate, Expression, Ref
from pimforms.model.form import Calculation, Form, Group, Item, Lookup, Note, Question, Repeat, Tags
from pimforms.model.text import Text
from pimforms.model.walk import index


def reads(expression: Expression | None) -> set[str]:
    """The names of the items an expression reads, a counted repeat included."""
    found: set[str] = set()
    if expression is not None:
        _collect(expression, found)
    return found


def _collect(node: Any, found: set[str]) -> None:
    if isinstance(node, Ref):
        found.add(node.name)
        return
    if isinstance(node, Aggregate):
        found.add(node.repeat)
    for field in fields(node):
        value = getattr(node, field.name)
        if isinstance(value, tuple):
            for item in value:
                if hasattr(item, "place"):
                    _collect(item, found)
        elif hasattr(value, "place") and field.name not in ("place", "repeat_place"):
            _collect(value, found)


def value_reads(item: Item) -> set[str]:
    """What the value or the text of an item reads."""
    found: set[str] = set()
    if isinstance(item, Calculation):
        found |= reads(item.value)
    elif isinstance(item, Lookup):
        found |= reads(item.key)
    elif isinstance(item, Question):
        found |= reads(item.default)
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
