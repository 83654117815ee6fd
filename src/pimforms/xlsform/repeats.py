"""What is written of groups: a bracket is written nowhere, and in a repeat every plain group is taken apart.

A bracket is a plain group without a label. It only gives tags and a condition to what it holds, and pyxform 3
(KoboToolbox) warns of a group that has no label.

pyxform compares every section in a repeat with every other (`RepeatingSection.xml_control`), so a group in a repeat
costs the square of its questions: 400 selects take 11.6 s, and 0.2 s without the group. A group that only carries a
condition and a label gives both to what it holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from pimforms.model.form import Calculation, ConsentPoint, Group, Item, Lookup, Metadata, Repeat
from pimforms.model.text import is_blank
from pimforms.model.walk import walk
from pimforms.record import record


@record
class Entry:
    """An item to be written. `is_title`: not the group itself but a note with its label."""

    item: Item
    is_title: bool = False


@record
class Members:
    """What a container in a repeat holds, and the appearance that it takes over from a lone screen."""

    entries: tuple[Entry, ...]
    appearance: str = ""


def entries(items: Iterable[Item], *, in_repeat: bool = False) -> tuple[Entry, ...]:
    """What is written of items: in the place of a bracket what it holds, in a repeat of every plain group."""
    return tuple(_flat(items, _is_plain if in_repeat else _is_bracket))


def members(container: Group | Repeat) -> Members:
    """What is written inside a repeat, or inside a group that stays in one."""
    found = entries(container.items, in_repeat=True)
    if isinstance(container, Group):
        return Members(found)
    seen = [entry for entry in found if not isinstance(entry.item, (Calculation, Lookup, Metadata))]
    screen = seen[0].item if len(seen) == 1 else None
    if not isinstance(screen, Group) or appearance(screen) != "field-list":
        return Members(found)
    opened = [inner for entry in found for inner in (_opened(screen) if entry.item is screen else (entry,))]
    return Members(tuple(opened), "field-list")


def taken_apart(items: Iterable[Item]) -> frozenset[str]:
    """The names of the groups that are not written. What stands in them takes over their conditions."""
    written: set[str] = set()

    def visit(inner: Iterable[Item], *, in_repeat: bool) -> None:
        for item in inner:
            if isinstance(item, (Group, Repeat)):
                written.add(item.name)
                if in_repeat or isinstance(item, Repeat):
                    visit((entry.item for entry in members(item).entries if not entry.is_title), in_repeat=True)
                else:
                    visit((entry.item for entry in entries(item.items)), in_repeat=False)

    visit((entry.item for entry in entries(items)), in_repeat=False)
    return frozenset(item.name for item in walk(items) if isinstance(item, Group) and item.name not in written)


def appearance(group: Group) -> str:
    """`field-list` for a screen, beside the author's own words."""
    words = (group.appearance or "").split()
    if group.kind == "screen" and "field-list" not in words:
        words.insert(0, "field-list")
    return " ".join(words)


def makes_a_row(item: Item) -> bool:
    """False for a container that holds nothing: every converter refuses an empty group."""
    if isinstance(item, (Group, Repeat)):
        return any(makes_a_row(inner) for inner in item.items)
    return not isinstance(item, ConsentPoint)


def _is_plain(group: Group) -> bool:
    return not appearance(group)


def _is_bracket(group: Group) -> bool:
    return group.kind == "group" and is_blank(group.label) and _is_plain(group)


def _flat(items: Iterable[Item], opens: Callable[[Group], bool]) -> Iterator[Entry]:
    for item in items:
        if not makes_a_row(item):
            continue
        if isinstance(item, Group) and opens(item):
            yield from _opened(item, opens)
        else:
            yield Entry(item)


def _opened(group: Group, opens: Callable[[Group], bool] = _is_plain) -> Iterator[Entry]:
    if not is_blank(group.label):
        yield Entry(group, is_title=True)
    yield from _flat(group.items, opens)
