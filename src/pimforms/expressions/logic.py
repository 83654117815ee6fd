"""Conditions that never hold, always hold, or ask for what nobody can answer: said once, where they stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import inf

from pimforms.expressions import messages
from pimforms.expressions.domains import Codes, Domain, Numbers, Words, constant
from pimforms.expressions.kinds import NUMBERS
from pimforms.expressions.parts import every, names
from pimforms.expressions.possible import Possible, State
from pimforms.expressions.scope import Reader, World
from pimforms.model import expression as e
from pimforms.model.expression import Expression
from pimforms.model.form import Calculation, Item, Must, Question, Repeat
from pimforms.source import Place
from pimforms.standards.data import table


def _highest(domain: Domain | None) -> float:
    """The largest number that is left; 0 for what is no number, which is said elsewhere."""
    return domain.high if isinstance(domain, Numbers) and not domain.only_blank else 0


class Logician:
    """Looks at conditions, given what is possible around them."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.possible = Possible(world)
        self._around: dict[str, list[State]] = {}

    def remember(self, name: str, states: list[State]) -> None:
        """What is possible around an item whose conditions stand inside an expression."""
        self._around[name] = states

    def when(self, item: Item, when: Expression, states: list[State]) -> list[State]:
        """Says if a `when` never or always holds. What is possible inside is returned; everything, if nothing is."""
        self._around[item.name] = states
        inside = self.possible.holds(states, when)
        if not inside:
            self._never(when, self._surroundings(item))
            return states
        self._dead_parts(when, states)
        if self._always(when, states, item):
            self.world.say(messages.always_holds(when.place))
        return inside

    def _never(self, condition: Expression, surroundings: tuple[tuple[str, Place], ...]) -> None:
        if surroundings and self.possible.holds([{}], condition):
            title, why = "this condition can never hold here", "It contradicts a condition around it."
        else:
            title, why = "this condition can never hold", "Its parts exclude each other, or a value is out of reach."
            if not isinstance(condition, (e.Logic, e.Not)):
                why = "The value is out of reach: no answer can be so."
            surroundings = ()
        self.world.say(messages.never_holds(condition.place, title, why, surroundings))

    def _surroundings(self, item: Item) -> tuple[tuple[str, Place], ...]:
        around = self.world.stops[item.name].around
        return tuple((f"`{c.name}` is asked only when this holds", c.when.place) for c in around if c.when is not None)

    def _dead_parts(self, condition: Expression, states: list[State]) -> None:
        """Parts of an `or` that never hold, though the whole does."""
        if isinstance(condition, e.Logic) and condition.operator == "or":
            for operand in condition.operands:
                if not self.possible.holds(states, operand):
                    self._never(operand, ())

    def _always(self, condition: Expression, states: list[State], item: Item) -> bool:
        if item.origin or item.via:
            return False  # not the author's to change
        possible = self.possible
        possible.surely = self._surely_answered(condition, item)
        left = possible.holds(states, condition, False)
        possible.surely = frozenset()
        return not left

    def _surely_answered(self, condition: Expression, item: Item) -> frozenset[str]:
        """What must have been answered before this item is reached: required, and asked whenever this is."""
        around = self.world.stops[item.name].around
        found = set()
        for name in names(condition):
            stop = self.world.stops.get(name)
            if stop is None or type(stop.item) is not Question:
                continue
            question = stop.item
            if question.required and question.when is None and around[: len(stop.around)] == stop.around:
                found.add(name)
        return frozenset(found)

    # ---- what an answer must meet
    def musts(self, question: Question, musts: Sequence[Must], states: list[State]) -> None:
        """Says if no answer can meet the `must` lines, or if one of them is met by every answer."""
        possible = self.possible
        self._around[question.name] = states
        first = possible.unchecked(question.name)
        base = states if first is None else [{**state, question.name: first} for state in states]
        possible.own = question.name
        before: list[tuple[str, Place]] = []
        left = base
        for must in musts:
            left = possible.holds(left, must.condition)
            if not left:
                alone = not possible.holds(base, must.condition)
                why = "It excludes every answer." if alone else "Together with what stands before it, nothing is left."
                self.world.say(
                    messages.must_cannot_be_met(
                        must.condition.place, question.name, why, () if alone else tuple(before)
                    )
                )
                break
            before.append(("it must also meet this", must.condition.place))
            if self._met_by_all(must, base, question):
                self.world.say(messages.always_holds(must.condition.place))
        possible.own = ""

    def _met_by_all(self, must: Must, base: list[State], question: Question) -> bool:
        if question.origin or question.via:
            return False
        return not self.possible.holds(base, must.condition, False)

    def default(self, question: Question, musts: Sequence[Must], default: Expression, states: list[State]) -> None:
        """Says if a default that never changes is one that the question does not accept."""
        domain = self._as_domain(question, default)
        if domain is None:
            return
        why = "The interviewer would have to change it before going on."
        base = [{**state, question.name: domain} for state in states]
        self.possible.own = question.name
        for must in musts:
            if not self.possible.holds(base, must.condition) and self.possible.holds(states, must.condition):
                title = f"the default of `{question.name}` does not meet its own `must`"
                fix = "write a default that meets it, or take the default out"
                related = (("it must meet this", must.condition.place),)
                self.world.say(messages.default_does_not_fit(default.place, title, why, fix, related))
                break
        self.possible.own = ""

    def _as_domain(self, question: Question, default: Expression) -> Domain | None:
        kind = self.world.value(question.name)
        number = constant(default)
        if kind is None or not kind.kind:
            return None
        if number is not None and (kind.kind in NUMBERS or kind.kind == "date"):
            return Numbers(number, number, kind.kind != "decimal", can_be_blank=False)
        if kind.kind == "code" and isinstance(default, e.Code):
            return Codes(frozenset((default.value,)))
        if kind.kind == "text" and isinstance(default, e.String):
            return Words(default.value)
        return None

    def times(self, repeat: Repeat, count: Expression, states: list[State]) -> None:
        """Says if a repeat can have no members."""
        if self.possible.largest(count, states) < 1 and not self.world.has_said(count.place):
            title, why = "this repeat is never asked", "Its number of members is never above 0."
            fix = "write how many members there are, or take the repeat out"
            self.world.say(replace(messages.never_holds(count.place, title, why), fix=fix))
        elif not self.world.has_said(count.place):
            self._without_limit(repeat, count, states)

    def _without_limit(self, repeat: Repeat, count: Expression, states: list[State]) -> None:
        """Says which number that is typed in decides how many members there are, if it can be too large."""
        limits = table("limits")["members"]
        for question in self._typed(count):
            high = max((_highest(self.possible.domain(question.name, state)) for state in states), default=inf)
            if high > limits["most"]:
                most, place = None if high == inf else int(high), repeat.via or count.place
                self.world.say(
                    messages.times_without_limit(
                        place, question.name, most, limits["usual"], question.via or question.place
                    )
                )

    def _typed(self, count: Expression) -> list[Question]:
        """The questions for a number behind an expression; none where it chooses among values, and so may set a limit."""
        found: dict[str, Question] = {}
        waiting, seen = [count], set[str]()
        while waiting:
            expression = waiting.pop()
            if any(isinstance(part, (e.Conditional, e.Aggregate, e.Raw, e.Call)) for part in every(expression)):
                return []
            for name in sorted(names(expression) - seen):
                seen.add(name)
                item = self.world.stops[name].item if name in self.world.stops else None
                if isinstance(item, Question):
                    found[name] = item
                elif isinstance(item, Calculation):
                    waiting.append(item.value)
        return list(found.values())

    # ---- conditions inside other expressions
    def look_inside(self) -> None:
        """Says if the `where` of a count, or the `if` of a value, never holds."""
        for condition, reader in self.world.inner:
            states = self._around.get(reader.name, [{}])
            self.possible.own = reader.name if reader.role == "must" else ""
            if not self.possible.holds(states, condition):
                self._never(condition, self._surroundings_of(reader))
        self.possible.own = ""

    def _surroundings_of(self, reader: Reader) -> tuple[tuple[str, Place], ...]:
        stop = self.world.stops.get(reader.name)
        return self._surroundings(stop.item) if stop is not None else ()
