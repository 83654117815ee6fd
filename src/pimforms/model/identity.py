"""What identifies a person directly: concepts like a name, types like a picture of a face."""

from __future__ import annotations

from collections.abc import Iterable

from pimforms.model.form import Item, Question
from pimforms.model.walk import walk
from pimforms.standards.data import table


def direct_identifiers(items: Iterable[Item]) -> tuple[str, ...]:
    """The kinds of direct identifier that are asked for: concepts, or types such as `image`; in order, each once."""
    concepts, types = table("concepts"), table("types")["type"]
    found: dict[str, None] = {}
    for item in walk(items):
        if not isinstance(item, Question):
            continue
        if item.tags.gives and concepts[item.tags.gives]["identifies"] == "direct":
            found[item.tags.gives] = None
        elif types.get(item.kind, {}).get("identifies") == "direct":
            found[item.kind] = None
    return tuple(found)
