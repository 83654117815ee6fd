"""Whether a condition can hold: what it leaves of the answers it reads, given the conditions around it.

A `State` is what is still possible for each answer. A condition turns a state into the states in which it holds. If none
is left, it never holds. Where this module does not understand a part it leaves the state as it is, so it may miss an
impossible condition, but never calls a possible one impossible.
"""

from __future__ import annotations

from collections.abc import Callable
from math import inf
from typing import Any

from pimforms.expressions.domains import (
    BLANK,
    Codes,
    Domain,
    Numbers,
    Ticked,
    Words,
    arithmetic,
    constant,
)
from pimforms.expressions.kinds import NUMBERS, Value, refusals
from pimforms.expressions.scope import World
from pimforms.model import expression as e
from pimforms.model.expression import Expression
from pimforms.model.form import Question

State = dict[str, Domain]
MOST_STATES = 48
"""Above this many ways to hold, a condition is left as it is."""
_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "="}
_NO_BLANK = frozenset((BLANK,))


class Possible:
    """The answers of a form and what each can be.

    `own` is the question whose `must` is being read. `surely` are answers that cannot be blank where a condition stands;
    they matter only for what always holds.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self.own = ""
        self.surely: frozenset[str] = frozenset()
        self._first: dict[str, Domain | None] = {}
        self._refused: dict[str, frozenset[str]] = {}

    # ---- what an answer can be before any condition
    def domain(self, name: str, state: State) -> Domain | None:
        """What is possible for an answer; None if nothing is known about it."""
        found = state.get(name)
        if found is not None:
            return found
        if name not in self._first:
            self._first[name] = self._start(name)
        first = self._first[name]
        if first is not None and name in self.surely:
            return first.answered() or first
        return first

    def _start(self, name: str) -> Domain | None:
        stop = self.world.stops.get(name)
        kind = self.world.value(name) if stop is not None else None
        if stop is None or kind is None:
            return None
        item = stop.item
        if kind.kind == "code":
            codes = self.world.codes_of(kind)
            return Codes(frozenset(codes) | _NO_BLANK) if codes else None
        if kind.kind == "codes" and type(item) is Question:
            return self._ticked(item, kind)
        if kind.kind in NUMBERS or kind.kind == "date":
            found: Numbers | None = Numbers(whole=kind.kind != "decimal")
            if type(item) is Question and (item.musts or item.parameters):
                found = self._own_range(item, found)
            return found
        return Words() if kind.kind == "text" else None

    def unchecked(self, name: str) -> Domain | None:
        """What may be typed into a question, before any `must` is looked at; never blank."""
        kind = self.world.value(name)
        if kind is not None and (kind.kind in NUMBERS or kind.kind == "date"):
            return Numbers(whole=kind.kind != "decimal", can_be_blank=False)
        first = self.domain(name, {})
        return first.answered() if first is not None else None

    def _ticked(self, question: Question, kind: Value) -> Ticked | None:
        codes = self.world.codes_of(kind)
        listed = self.world.list_of(kind)
        if not codes or question.kind == "rank":
            return None
        alone = frozenset(choice.code for choice in listed.choices if choice.alone) if listed else frozenset()
        return Ticked(codes=frozenset(codes), alone=refusals(question, listed) | alone, most=question.most)

    def _own_range(self, question: Question, found: Numbers | None) -> Numbers | None:
        """The bounds that the question's own `must` lines set with plain numbers and days."""
        waiting: list[Expression] = [must.condition for must in question.musts]
        if question.kind == "range":
            given = dict(question.parameters)
            for key, operator in (("start", ">="), ("end", "<=")):
                if found is not None and key in given:
                    found = found.compared(operator, float(given[key]))
        while waiting and found is not None:
            part = waiting.pop()
            if isinstance(part, e.Logic) and part.operator == "and":
                waiting.extend(part.operands)
            elif isinstance(part, e.Compare) and isinstance(part.left, e.Own):
                bound = constant(part.right)
                if bound is not None:
                    found = found.compared(part.operator, bound)
        if found is None or found.only_blank:
            return Numbers()  # said where the `must` stands
        return found._replace(can_be_blank=True)

    def largest(self, expression: Expression, states: list[State]) -> float:
        """No value of this number is above this one."""
        return max((self._between(expression, state)[1] for state in states), default=inf)

    # ---- what a condition leaves
    def holds(self, states: list[State], condition: Expression, truth: bool = True) -> list[State]:
        """The states in which a condition holds (or, with `truth` false, does not)."""
        reader = _READERS.get(type(condition))
        if reader is None or not states:
            return states
        found: list[State] = reader(self, states, condition, truth)
        return found if len(found) <= MOST_STATES else states

    def _logic(self, states: list[State], node: e.Logic, truth: bool) -> list[State]:
        if (node.operator == "and") == truth:
            for operand in node.operands:
                states = self.holds(states, operand, truth)
            return states
        found: list[State] = []
        for operand in node.operands:
            found.extend(self.holds(states, operand, truth))
            if len(found) > MOST_STATES:
                return states
        return found

    def _not(self, states: list[State], node: e.Not, truth: bool) -> list[State]:
        return self.holds(states, node.operand, not truth)

    def _narrow(self, states: list[State], name: str, how: Callable[[Any], Domain | None]) -> list[State]:
        found = []
        for state in states:
            before = self.domain(name, state)
            if before is None:
                found.append(state)
                continue
            after = how(before)
            if after is None:
                continue
            found.append(state if after is before else {**state, name: after})
        return found

    def _name(self, expression: Expression) -> str:
        if isinstance(expression, e.Ref):
            return expression.name
        return self.own if isinstance(expression, e.Own) else ""

    def _answered(self, states: list[State], node: e.Answered, truth: bool) -> list[State]:
        name = self._name(node.operand)
        if not name or name in self.surely:
            return states
        if truth != node.negated:
            return self._narrow(states, name, lambda domain: domain.answered())
        return self._narrow(states, name, lambda domain: domain.blank())

    def _is(self, states: list[State], node: e.Is, truth: bool) -> list[State]:
        name = self._name(node.left)
        if not name:
            return self._is_number(states, node, truth)
        first = self.domain(name, {})
        read = _text if isinstance(first, Words) else _code
        values = frozenset(value for value in map(read, node.values) if value is not None)
        no_answer = self._no_answer(name)
        if isinstance(first, (Codes, Words)) and None not in map(read, node.values):
            if truth != node.negated:
                return self._narrow(states, name, lambda domain: domain.keep(values))
            if node.negated:
                return self._narrow(states, name, lambda domain: domain.drop(values | no_answer))
            return self._narrow(states, name, lambda domain: domain.drop(values))
        if isinstance(first, Codes) and node.negated and truth:
            return self._narrow(states, name, lambda domain: domain.drop(no_answer))
        return self._is_number(states, node, truth)

    def _no_answer(self, name: str) -> frozenset[str]:
        """What `is not` does not hold for: a blank and a refusal."""
        found = self._refused.get(name)
        if found is None:
            item, kind = self.world.stops[name].item, self.world.value(name)
            found = _NO_BLANK | refusals(item, self.world.list_of(kind) if kind else None)
            self._refused[name] = found
        return found

    def _is_number(self, states: list[State], node: e.Is, truth: bool) -> list[State]:
        numbers = [constant(value) for value in node.values]
        if None in numbers:
            return states
        if truth != node.negated:
            # It is one of them. (For `is not` that does not hold, it may also be blank.)
            if node.negated:
                return states
            found: list[State] = []
            for value in node.values:
                found.extend(self._compared(states, "=", node.left, value, True))
            return found
        for value in node.values:
            states = self._compared(states, "=", node.left, value, False)
        name = self._name(node.left)
        if node.negated and name:
            states = self._narrow(states, name, lambda domain: domain.answered())
        return states

    def _includes(self, states: list[State], node: e.Includes, truth: bool) -> list[State]:
        name = self._name(node.left)
        values = frozenset(value for value in map(_code, node.values) if value is not None)
        if not name or not isinstance(self.domain(name, {}), Ticked) or len(values) != len(node.values):
            return states
        holds = truth != node.negated
        if node.mode == "only":
            return self._narrow(states, name, lambda domain: domain.only(values)) if holds else states
        if (node.mode == "all") == holds or len(values) == 1:
            if holds:
                return self._narrow(states, name, lambda domain: domain.with_on(values))
            if len(values) == 1:
                return self._narrow(states, name, lambda domain: domain.with_off(values))
        if not holds and node.mode == "any":
            return self._narrow(states, name, lambda domain: domain.with_off(values))
        found: list[State] = []
        for value in sorted(values):
            found.extend(self._narrow(states, name, _turned(frozenset((value,)), on=holds)))
        return found

    def _compare(self, states: list[State], node: e.Compare, truth: bool) -> list[State]:
        return self._compared(states, node.operator, node.left, node.right, truth)

    def _compared(
        self, states: list[State], operator: str, left: Expression, right: Expression, truth: bool
    ) -> list[State]:
        name, bound = self._name(left), constant(right)
        if not name or bound is None:
            name, bound = self._name(right), constant(left)
            if name and bound is not None:
                left, right, operator = right, left, _MIRRORED[operator]
        if name and bound is not None:
            if not isinstance(self.domain(name, {}), Numbers):
                return states
            if truth:
                return self._narrow(states, name, lambda domain: domain.compared(operator, bound))
            return self._narrow(states, name, lambda domain: domain.not_compared(operator, bound))
        found = []
        for state in states:
            certain = _certain(operator, self._between(left, state), self._between(right, state))
            if certain is None or certain == truth or (certain and self._can_be_blank(left, right)):
                found.append(state)
        return found

    def _can_be_blank(self, *sides: Expression) -> bool:
        """Only numbers and counts are there for sure."""
        return not all(constant(side) is not None or _is_count(side) for side in sides)

    def _between(self, expression: Expression, state: State) -> tuple[float, float]:
        """Between which numbers a value lies."""
        number = constant(expression)
        if number is not None:
            return number, number
        name = self._name(expression)
        if name:
            domain = self.domain(name, state)
            if isinstance(domain, Numbers) and not domain.only_blank:
                return domain.low, domain.high
            return -inf, inf
        if _is_count(expression):
            return 0, inf
        if isinstance(expression, e.Arithmetic):
            return arithmetic(
                expression.operator, self._between(expression.left, state), self._between(expression.right, state)
            )
        return -inf, inf


def _turned(codes: frozenset[str], *, on: bool) -> Callable[[Ticked], Ticked | None]:
    return (lambda domain: domain.with_on(codes)) if on else (lambda domain: domain.with_off(codes))


def _is_count(expression: Expression) -> bool:
    if isinstance(expression, e.Aggregate):
        return expression.function == "count"
    return isinstance(expression, e.Call) and expression.function in ("length", "chosen")


def _certain(operator: str, left: tuple[float, float], right: tuple[float, float]) -> bool | None:
    """Whether a comparison holds, or does not, whatever the numbers are."""
    if operator in (">", ">=", "="):
        if operator == "=":
            return False if left[1] < right[0] or left[0] > right[1] else None
        left, right = right, left
        operator = "<" if operator == ">" else "<="
    if operator == "<":
        return True if left[1] < right[0] else False if left[0] >= right[1] else None
    return True if left[1] <= right[0] else False if left[0] > right[1] else None


def _code(expression: Expression) -> str | None:
    return expression.value if isinstance(expression, e.Code) else None


def _text(expression: Expression) -> str | None:
    return expression.value if isinstance(expression, e.String) else None


_READERS: dict[type, Any] = {
    e.Logic: Possible._logic,
    e.Not: Possible._not,
    e.Answered: Possible._answered,
    e.Is: Possible._is,
    e.Includes: Possible._includes,
    e.Compare: Possible._compare,
}
