"""Which member a line is about, while members are taken out of their repeats.

Taking out changes the numbers of those that follow. Lines above `remove member` count as it was before; lines below it
wait until it has happened. A scenario and the replay of a walk keep to the same rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar

from pimforms.model.scenario import Counts, Emptied, Members, Removal, goes_through, is_in, renumbered


class AboutMembers(Protocol):
    """A line that is about some members. Lines are known by being the same object."""

    @property
    def members(self) -> Members: ...


T = TypeVar("T")


class Roster:
    """`removals` and `emptied` are those of this run that have not happened yet; `missed` those that could not be done."""

    def __init__(self, counts: Counts) -> None:
        self.removals: list[Removal] = []
        self.emptied: list[Emptied] = []
        self.done: list[Emptied] = []
        self.missed: list[Removal] = []
        self._counts = dict(counts)
        self._now: dict[int, Members | None] = {}
        self._waits: dict[int, list[Removal]] = {}

    def begin(self, steps: Iterable[object]) -> None:
        """A run with these lines begins."""
        self.removals, self.done, self.missed = [], [], []
        steps = list(steps)
        self.emptied = [step for step in steps if isinstance(step, Emptied)]
        for step in steps:
            members: Members = getattr(step, "members", ())
            if members and not isinstance(step, Emptied):
                self._now[id(step)] = members
                above = [removal for removal in self.removals if goes_through(members, removal.members)]
                if above:
                    self._waits[id(step)] = above
            if isinstance(step, Removal):
                self.removals.append(step)

    def of(self, line: AboutMembers) -> Members | None:
        """The members that a line is about now; None if it waits, or if they are gone."""
        if any(waited is left for waited in self._waits.get(id(line), ()) for left in self.removals):
            return None
        return self._now.get(id(line), line.members)

    def needs(self, outer: Members, repeat: str) -> int:
        """How many members this repeat must have now, as far as lines speak of them."""
        if any(each.repeat == repeat and outer[: len(each.members)] == each.members for each in self.emptied):
            return 0
        return self._counts.get((outer, repeat), 0)

    def next_removal(self, outer: Members, repeat: str) -> tuple[Removal, int] | None:
        """What is to be taken out of this repeat, with its number now."""
        for removal in self.removals:
            members = self.of(removal)
            if members is not None and members[:-1] == outer and members[-1][0] == repeat:
                return removal, members[-1][1]
        return None

    def remove(self, removal: Removal) -> None:
        """A member has been taken out."""
        removed = self.of(removal)
        assert removed is not None
        waiting = {
            key for key, waits in self._waits.items() if any(each is left for each in waits for left in self.removals)
        }
        self._now = {
            key: now if key in waiting or now is None else renumbered(now, removed) for key, now in self._now.items()
        }
        self.removals = [each for each in self.removals if each is not removal]
        self._count(removed[:-1], removed[-1][0], removal.counts)

    def give_up(self, removal: Removal) -> None:
        """It could not be taken out: lines that wait for it wait no longer."""
        self.removals = [each for each in self.removals if each is not removal]
        self.missed.append(removal)

    def emptying(self, members: Members) -> tuple[Members, str] | None:
        """The repeat that has to be emptied, of those that these members stand in: what is around it, and its name."""
        for depth, (repeat, _) in enumerate(members):
            outer = members[:depth]
            for each in self.emptied:
                if each.repeat == repeat and outer[: len(each.members)] == each.members:
                    self.done.append(each)
                    self._count(each.members, repeat, each.counts)
                    return outer, repeat
        return None

    def _count(self, outer: Members, repeat: str, counts: Counts) -> None:
        """From here on this repeat, and those in it, need so many members."""
        others = {roll: number for roll, number in self._counts.items() if not is_in(roll, outer, repeat)}
        self._counts = others | {roll: number for roll, number in counts if is_in(roll, outer, repeat)}


def first_in(trail: Sequence[tuple[T, Members]], outer: Members, repeat: str) -> tuple[T, Members] | None:
    """The first of these screens that stands in a repeat."""
    roll = (*outer, (repeat, 0))
    return next(((screen, members) for screen, members in trail if goes_through(members, roll)), None)
