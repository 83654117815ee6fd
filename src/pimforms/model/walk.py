"""Going through the items of a form in the order in which they are asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pimforms.model.expression import Expression
from pimforms.model.form import ConsentPoint, Form, Group, Item, Lookup, Metadata, Question, Repeat
from pimforms.record import record


@record
class Stop:
    """An item with what stands around it, outermost first, and its turn (0-based) in the whole form."""

    item: Item
    around: tuple[Group | Repeat, ...]
    turn: int

    @property
    def repeats(self) -> tuple[Repeat, ...]:
        return tuple(container for container in self.around if isinstance(container, Repeat))

    @property
    def conditions(self) -> tuple[Expression, ...]:
        """All that must hold for the item to be there: the conditions around it, outermost first, and its own."""
        found = (condition_of(item) for item in (*self.around, self.item))
        return tuple(condition for condition in found if condition is not None)


def condition_of(item: Item) -> Expression | None:
    """What stands behind `when` at the item itself; None where nothing does, or nothing can."""
    return None if isinstance(item, (Lookup, Metadata, ConsentPoint)) else item.when


def walk(items: Iterable[Item]) -> Iterator[Item]:
    """Every item, containers before what they hold."""
    for item in items:
        yield item
        if isinstance(item, (Group, Repeat)):
            yield from walk(item.items)


def questions_in(items: Iterable[Item]) -> Iterator[Question]:
    """Every question, in the order of asking."""
    return (item for item in walk(items) if isinstance(item, Question))


def own_questions(form: Form) -> Iterator[Question]:
    """The questions that the form or a module of it asks: not what the compiler adds, and nothing that did not parse."""
    return (item for item in questions_in(form.items) if item.origin is None and not item.damaged)


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
