"""Going through the items of a form in the order in which they are asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pimforms.model.form import Group, Item, Repeat


@dataclass(frozen=True, slots=True)
class Stop:
    """An item with what stands around it, outermost first, and its turn (0-based) in the whole form."""

    item: Item
    around: tuple[Group | Repeat, ...]
    turn: int

    @property
    def repeats(self) -> tuple[Repeat, ...]:
        return tuple(container for container in self.around if isinstance(container, Repeat))


def walk(items: Iterable[Item], around: tuple[Group | Repeat, ...] = ()) -> Iterator[Item]:
    """Every item, containers before what they hold."""
    for item in items:
        yield item
        if isinstance(item, (Group, Repeat)):
            yield from walk(item.items)


def stops(items: Iterable[Item]) -> list[Stop]:
    """Every item with its surroundings, containers before what they hold."""
    found: list[Stop] = []

    def visit(inner: Iterable[Item], around: tuple[Group | Repeat, ...]) -> None:
        for item in inner:
            found.append(Stop(item, around, len(found)))
            if isinstance(item, (Group, Repeat)):
                visit(item.items, (*around, item))

    visit(items, ())
    return found


def index(items: Iterable[Item]) -> dict[str, Stop]:
    """Items by name. Of two with one name the first is kept; that clash is reported where names are resolved."""
    table: dict[str, Stop] = {}
    for stop in stops(items):
        table.setdefault(stop.item.name, stop)
    return table
