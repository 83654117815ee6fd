"""Where things stand in the final form, and how one node is reached from another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from pimforms.expressions.kinds import UNKNOWN, Value, refusals, value_of
from pimforms.expressions.terms import Term
from pimforms.model.expression import Number
from pimforms.model.form import Calculation, Form, Group, Item, Lookup, Repeat
from pimforms.model.names import made_name
from pimforms.model.walk import Stop, index

COUNT = "pim_count"
"""Begins the name of the calculation that holds how often a repeat is asked."""


@dataclass(frozen=True, slots=True, eq=False)
class Spot:
    """Where an expression is written.

    `item` is None outside all items (the instance name). `members` is the repeat whose members a predicate looks at.
    `holds` are the names of items and containers whose conditions hold here. `once`: `once()` stands around it already.
    """

    item: Item | None
    around: tuple[Group | Repeat, ...]
    holds: frozenset[str]
    members: Stop | None = None
    once: bool = False
    depth: int = 0


def never_dissolved(_: Group) -> bool:
    return False


@dataclass(slots=True)
class Layout:
    """The items of a form by name, and the paths of their nodes.

    `dissolved` says of a group whether it is written as rows without a node of its own. `counts` names, for each repeat
    whose number can go down, the node that holds it.
    """

    form: Form
    dissolved: Callable[[Group], bool] = never_dissolved
    stops: dict[str, Stop] = field(init=False)
    kinds: dict[str, Value] = field(default_factory=dict)
    shown: dict[tuple[str, frozenset[str], str, int], tuple[Term, ...]] = field(default_factory=dict)
    open: set[str] = field(default_factory=set)
    counts: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.stops = index(self.form.items)

    def kind(self, name: str) -> Value:
        """The kind of an answer, UNKNOWN for what the form does not have (an item of a protection may come later)."""
        known = self.kinds.get(name)
        if known is None:
            stop = self.stops.get(name)
            known = (value_of(stop.item) if stop is not None else None) or UNKNOWN
            self.kinds[name] = known
        return known

    def is_computed(self, name: str) -> bool:
        """Whether its node is written by the phone as text, so that dates in it must be read as dates again."""
        stop = self.stops.get(name)
        return stop is not None and isinstance(stop.item, (Calculation, Lookup))

    def has_node(self, container: Group | Repeat) -> bool:
        return isinstance(container, Repeat) or not self.dissolved(container)

    def path(self, stop: Stop) -> tuple[str, ...]:
        """The names of the nodes from the root to an item, the item included."""
        return (*(c.name for c in stop.around if self.has_node(c)), stop.item.name)

    def reference(self, name: str, spot: Spot) -> str:
        """How a node is written: `${name}`, or inside a predicate the way from the member to it."""
        stop = self.stops.get(name)
        if spot.members is None or stop is None or not stop.repeats:
            return f"${{{name}}}"
        return self._way(self.path(spot.members), self.path(stop))

    def counted(self, name: str, spot: Spot) -> str:
        """How the number of members of a counted repeat is written, as in `reference`."""
        stop, node = self.stops[name], self.counts[name]
        if spot.members is None or node in self.stops or not stop.repeats:
            return self.reference(node, spot)
        return self._way(self.path(spot.members), (*self.path(stop)[:-1], node))

    @staticmethod
    def _way(start: tuple[str, ...], end: tuple[str, ...]) -> str:
        common = 0
        while common < min(len(start), len(end)) and start[common] == end[common]:
            common += 1
        up = "/".join([".."] * (len(start) - common)) or "."
        return "/".join((up, *end[common:]))

    def nearest(self, around: tuple[Group | Repeat, ...]) -> Group | Repeat | None:
        """The innermost of these containers that has a node."""
        return next((container for container in reversed(around) if self.has_node(container)), None)

    def steps_to_repeat(self, spot: Spot) -> int:
        """How many nodes an item stands below its member, 1 if it stands directly in the repeat."""
        steps = 1
        for container in reversed(spot.around):
            if isinstance(container, Repeat):
                return steps
            steps += self.has_node(container)
        return steps

    def refusals(self, name: str) -> tuple[str, ...]:
        """The codes with which the answer to a choice question is refused, in a fixed order."""
        stop = self.stops.get(name)
        listed = self.form.lists.get(self.kind(name).list)
        return tuple(sorted(refusals(stop.item, listed))) if stop is not None else ()


def count_node(repeat: Repeat, written: str) -> str:
    """The node that holds how often a repeat is asked, from its `times` as XPath: an answer, else a calculation.

    The calculation is named here: pyxform would make a node NAME_count, which an author's own name could meet.
    """
    plain = written.startswith("${") and written.endswith("}") and written.count("${") == 1 and written.count("}") == 1
    return written[2:-1] if plain else made_name(COUNT, repeat.name)


def may_go_down(repeat: Repeat) -> bool:
    """Whether members can become too many: their number is counted by the form, and is not always the same."""
    return repeat.count is not None and not isinstance(repeat.count, Number)
