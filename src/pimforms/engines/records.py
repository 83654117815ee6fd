"""What a submission holds: its answers, each with its name and the members of the repeats that it stands in."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from xml.etree import ElementTree

from pimforms.model.scenario import Members

_ODK = ("meta", "__version__")
"""Nodes that ODK adds: who filled in which version of the form, and nothing that was said."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """One answer in a submission; blank ones are there too."""

    name: str
    members: Members
    value: str


def leaves(xml: str, repeats: Collection[str]) -> tuple[Leaf, ...]:
    """Every node of a submission that holds no other. `repeats` are the names of the repeats of the form."""
    return tuple(_leaves(ElementTree.fromstring(xml), repeats, ()))


def _leaves(node: ElementTree.Element, repeats: Collection[str], members: Members) -> Iterator[Leaf]:
    seen: dict[str, int] = {}
    for inner in node:
        name = inner.tag.rpartition("}")[2]
        if name in _ODK:
            continue
        around = members
        if name in repeats:
            seen[name] = seen.get(name, 0) + 1
            around = (*members, (name, seen[name]))
        if len(inner):
            yield from _leaves(inner, repeats, around)
        else:
            yield Leaf(name, around, (inner.text or "").strip())
