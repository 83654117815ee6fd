"""The lines of a scenario that say which member of a repeat is meant, which is taken out, and that there is none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from pimforms.diagnostics import Diagnostic
from pimforms.model.expression import Ref
from pimforms.model.form import Form, Group, Item, Question, Repeat
from pimforms.model.scenario import (
    Answer,
    Counts,
    Emptied,
    Expectation,
    GoBack,
    Members,
    Removal,
    Roll,
    Step,
    is_in,
    renumbered,
)
from pimforms.model.walk import Stop, index, walk
from pimforms.resolve import messages_scenarios as say
from pimforms.source import Place
from pimforms.syntax.nodes import Amount, Line, Word


@dataclass
class Rolls:
    """Each time a member is taken out a new phase begins; the numbers below that line count without it."""

    _phases: list[tuple[Members, dict[Roll, int]]] = field(default_factory=lambda: [((), {})])

    def need(self, roll: Roll, number: int) -> None:
        """A line speaks of this member. It is there from the beginning, or since one of its repeat was taken out."""
        for removed, counts in reversed(self._phases):
            counts[roll] = max(counts.get(roll, 0), number)
            if removed and is_in(roll, removed[:-1], removed[-1][0]):
                break

    def most(self, roll: Roll) -> int:
        """How many members there are as far as the scenario has been read. Every repeat begins with one."""
        return self._phases[-1][1].get(roll, 1)

    def remove(self, members: Members) -> int:
        """A member is taken out; the phase that begins."""
        roll = members[:-1], members[-1][0]
        counts: dict[Roll, int] = {}
        for (outer, name), number in self._phases[-1][1].items():
            outer_now = renumbered(outer, members)
            if outer_now is not None:
                counts[outer_now, name] = number
        counts[roll] = self.most(roll) - 1
        self._phases.append((members, counts))
        return len(self._phases) - 1

    def empty(self, outer: Members, name: str) -> int:
        """A repeat has no members; the phase that begins."""
        counts = {roll: n for roll, n in self._phases[-1][1].items() if not is_in(roll, outer, name)}
        self._phases.append(((*outer, (name, 0)), {**counts, (outer, name): 0}))
        return len(self._phases) - 1

    def counts(self, phase: int) -> Counts:
        return tuple(self._phases[phase][1].items())


@dataclass
class MemberLines:
    """`members` is what the last `member` line said. `steps` and `diagnostics` are those of the whole scenario.

    `emptied` are the repeats that are skipped in this run; `spoken` are the members that this run expects something of at
    its end, each with its line. `phases` says of a step that takes members out which phase it begins.
    """

    form: Form
    steps: list[Step]
    diagnostics: list[Diagnostic]
    find: Callable[[Word], Stop | None]
    members: Members = ()
    rolls: Rolls = field(default_factory=Rolls)
    emptied: dict[str, Place] = field(default_factory=dict)
    spoken: list[tuple[Members, Place]] = field(default_factory=list)
    phases: dict[int, int] = field(default_factory=dict)

    def counts(self) -> Counts:
        """How many members each repeat needs from the beginning."""
        return self.rolls.counts(0)

    def counted_steps(self) -> tuple[Step, ...]:
        """The steps with their counts, which lines further down can raise."""
        return tuple(
            replace(step, counts=self.rolls.counts(self.phases[id(step)]))
            if isinstance(step, (Removal, Emptied))
            else step
            for step in self.steps
        )

    def new_run(self) -> None:
        self.emptied.clear()
        self.spoken.clear()

    def member(self, line: Line) -> None:
        """`member 2 of members`: the lines below are about this member."""
        found = self._one_member(line)
        if found is None:
            return
        repeat, members = found
        skipped = self.emptied.get(repeat.name)
        if skipped is not None:
            message, why = f"`{repeat.name}` has no members here", f"Line {skipped.line} says: skip {repeat.name}."
            self.diagnostics.append(say.does_not_fit(line.place, message, why, "take one of the two lines out"))
            return
        self.members = members
        if repeat.count is None:
            self.rolls.need((members[:-1], repeat.name), members[-1][1])

    def removal(self, line: Line) -> Members | None:
        """`remove member 2 of members`: the member, None if there is none, which is said."""
        found = self._one_member(line)
        if found is None or self._is_counted(line, found[0]):
            return None
        repeat, members = found
        number, most = members[-1][1], self.rolls.most((members[:-1], repeat.name))
        if number > most:
            message = f"there is no member {number} of `{repeat.name}` to take out"
            why = f"Up to here it has {most}." if most else "All of them are taken out already."
            fix = f"write above this line: member {number} of {repeat.name}"
            self.diagnostics.append(say.does_not_fit(line.place, message, why, fix))
            return None
        still = [(renumbered(expected, members), place) for expected, place in self.spoken]
        for now, place in still:
            if now is None:
                message = f"member {number} of `{repeat.name}` is taken out on line {line.place.line}"
                why = "What is expected of it is looked at when it is gone."
                self.diagnostics.append(say.does_not_fit(place, message, why, "write `go back` above `remove member`"))
        self.spoken = [(now, place) for now, place in still if now is not None]
        self._takes_out(Removal(members, line.place), self.rolls.remove(members))
        self.members = members[:-1]
        return members

    def _takes_out(self, step: Removal | Emptied, phase: int) -> None:
        self.steps.append(step)
        self.phases[id(step)] = phase

    def skip(self, line: Line, repeat: Repeat, outer: Members) -> None:
        """`skip members`: the repeat has none."""
        if self._is_counted(line, repeat):
            return
        spoken = any(
            isinstance(step, (Answer, Expectation)) and _stands_in(step, repeat, outer) for step in self._run()
        )
        if spoken:
            message = f"`{repeat.name}` is skipped, and lines above speak of its members"
            why = "A repeat that is skipped has no members."
            self.diagnostics.append(say.does_not_fit(line.place, message, why, "take this line out, or those above"))
            return
        self.members = outer
        self.emptied[repeat.name] = line.place
        self._takes_out(Emptied(repeat.name, outer, line.place), self.rolls.empty(outer, repeat.name))

    def _run(self) -> list[Step]:
        """The steps since the last `go back`."""
        at = max((number + 1 for number, step in enumerate(self.steps) if isinstance(step, GoBack)), default=0)
        return self.steps[at:]

    def _is_counted(self, line: Line, repeat: Repeat) -> bool:
        """Whether the form counts the members itself; if so, that is said."""
        if repeat.count is None:
            return False
        message = f"the form counts the members of `{repeat.name}`"
        why = "Nobody can add one or take one out on the phone: its `times` says how many there are."
        counter = repeat.count.name if isinstance(repeat.count, Ref) else ""
        stop = index(self.form.items).get(counter)
        asked = stop is not None and isinstance(stop.item, Question)
        fix = f"answer what it counts: answer {counter} …" if asked else "answer what its `times` reads in another way"
        self.diagnostics.append(
            say.does_not_fit(line.place, message, why, fix, ("how many there are", repeat.count.place))
        )
        return True

    def _one_member(self, line: Line) -> tuple[Repeat, Members] | None:
        """The member that `member 2 of members` names, in those around it; None if there can be none, which is said."""
        number, name = line.first(Amount), line.all(Word)[0]
        assert number is not None
        stop = self.find(name)
        if stop is None:
            return None
        repeat = stop.item
        if not isinstance(repeat, Repeat):
            repeats = [item.name for item in walk(self.form.items) if isinstance(item, Repeat)]
            fix = f"write the name of a repeat: {', '.join(repeats)}" if repeats else "take this line out"
            message, why = f"`{name.text}` has no members", "Only a repeat has members."
            self.diagnostics.append(say.does_not_fit(name.place, message, why, fix, (name.text, repeat.place)))
            return None
        if not number.text.isdigit() or int(number.text) < 1:
            message = f"`{number.text}` is not the number of a member"
            self.diagnostics.append(say.value_does_not_fit(number.place, message, "count from 1: 1, 2, 3 …"))
            return None
        around = tuple(outer.name for outer in stop.repeats)
        held = tuple(pair for pair in self.members if pair[0] in around)
        if len(held) < len(around):
            outer = around[len(held)]
            message, why = f"`{repeat.name}` stands inside `{outer}`", f"Each member of `{outer}` has its own."
            fix = f"write before this line: member 1 of {outer}"
            self.diagnostics.append(say.does_not_fit(line.place, message, why, fix))
            return None
        return repeat, (*held, (repeat.name, int(number.text)))


def _stands_in(step: Answer | Expectation, repeat: Repeat, outer: Members) -> bool:
    """Whether a line is about a member of this repeat."""
    return bool(step.members) and is_in((step.members[:-1], step.members[-1][0]), outer, repeat.name)


def what_is(item: Item) -> str:
    """What an item is, in a message."""
    if isinstance(item, Group):
        return "a group"
    names = {"Note": "a note", "Calculation": "a calculation", "Lookup": "a look-up", "Repeat": "a repeat"}
    names |= {"Metadata": "recorded by the phone", "Question": "a question without choices"}
    return names.get(type(item).__name__, "not a question")
