"""Whether a question can ever be asked, and the smallest interview in which it is.

The solver is z3, an extra of its own: pip install "pimforms[proofs]". Without it `expressions.possible` still finds the
plain cases (`never_without_solver`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pimforms.expressions.possible import Possible, State
from pimforms.expressions.scope import World
from pimforms.model.form import Form, Question
from pimforms.model.walk import Stop, index
from pimforms.proofs.encode import Encoder, Fact, Key, Where
from pimforms.proofs.solver import Solver
from pimforms.proofs.values import Formula, must_be_answered
from pimforms.record import record
from pimforms.source import Place

MOST_KEPT = 400
"""How many solvers are kept ready: one a question, some tens of kilobytes each."""

Given = Mapping[str, str]
"""Answers that are taken for given: the name of a question or a calculation, and its code."""


@record
class Answer:
    """One answer of a witness. `value` is as a record holds it, "" for left blank; None for any text that is taken.

    `member` is the member of the outermost repeat around it, from 1; 0 outside repeats.
    """

    name: str
    value: str | None
    member: int = 0


@record
class Witness:
    """An interview in which the question is asked: the answers that it needs, in the order of the form, and no others.

    What is required on the way is among them. `members` says how many members a repeat has. `certain` is false where some
    condition was not understood, so that it may not work on a phone.
    """

    answers: tuple[Answer, ...]
    members: tuple[tuple[str, int], ...] = ()
    certain: bool = True


@record
class Never:
    """Proved: no answers lead there. `because` are conditions that cannot hold together: whose they are, and where."""

    because: tuple[tuple[str, Place], ...] = ()


@record
class Unknown:
    """The solver gave up, or is not there."""

    why: str


@dataclass
class _Cone:
    """A solver that knows all that has to do with one question."""

    solver: Solver
    keys: list[Key]
    goal: Formula


@dataclass
class Reach:
    """Answers about one form. Make it once: what is worked out for one question serves the next."""

    form: Form
    today: date | None = None
    encoder: Encoder = field(init=False)
    _cones: dict[tuple[str, tuple[str, ...]], _Cone] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.encoder = Encoder(self.form)

    def possible(self, name: str, given: Given | None = None) -> bool | None:
        """Whether an item can be asked, with these answers given. None if the solver gave up."""
        cone = self._cone(name, given or {})
        return self._check(cone, self._assumed(given or {}))

    def can_be_asked(self, name: str, given: Given | None = None) -> Witness | Never | Unknown:
        """As `possible`, with the smallest interview that leads there, or the conditions that exclude it."""
        given = given or {}
        cone = self._cone(name, given)
        found = self._check(cone, self._assumed(given))
        if found is None:
            return Unknown("the solver gave up on it")
        if found:
            from pimforms.proofs.witness import smallest

            certain = not any(key in self.encoder.loose for key in cone.keys)
            return smallest(self.encoder, cone.solver, name, cone.keys, self._assumed(given), self.today, certain)
        return Never(self._because(name, given))

    def reads(self, name: str) -> frozenset[str]:
        """The names of all answers on which it depends whether an item is asked."""
        return frozenset(key.name for key in self._cone(name, {}).keys if key.kind == "answer")

    def rests_on(self, name: str) -> frozenset[str]:
        """The names of all answers on which an answer depends."""
        self.encoder.answer(name)
        return frozenset(key.name for key in self.encoder.cone([Key("answer", name)]) if key.kind == "answer")

    # ---- the solver
    def _cone(self, name: str, given: Given) -> _Cone:
        others = tuple(sorted(given))
        key = (name, others)
        cone = self._cones.get(key)
        if cone is None:
            if len(self._cones) >= MOST_KEPT:
                self._cones.clear()
            encoder = self.encoder
            goal = encoder.shown(name)
            for other in others:
                encoder.answer(other)
            wanted = [Key("shown", name), *(Key("answer", other) for other in others)]
            keys = encoder.cone(wanted)
            solver = Solver(encoder.z3)
            solver.add(*[fact.formula for each in keys for fact in encoder.facts.get(each, ())])
            solver.add(*[fact.formula for fact in self._required(name, keys)])
            solver.add(goal)
            cone = self._cones[key] = _Cone(solver, keys, goal)
        return cone

    def _required(self, name: str, keys: list[Key]) -> list[Fact]:
        """What was asked before, and must be answered, is answered when this is asked."""
        encoder, stops = self.encoder, self.encoder.layout.stops
        turn = stops[name].turn
        found: list[Fact] = []
        for key in keys:
            stop = stops.get(key.name)
            if key.kind != "answer" or stop is None or stop.turn >= turn or not isinstance(stop.item, Question):
                continue
            question = stop.item
            if not must_be_answered(question) or question.required_when is not None or _one_screen(stop, stops[name]):
                continue
            where = Where(key.copy, stop.repeats[0].name if key.copy else "")
            shown, answer = encoder.shown(question.name, where), encoder.answer(question.name, where)
            found.append(Fact(encoder.z3.Implies(shown, answer.present), question.name, question.place))
        return found

    def _assumed(self, given: Given) -> list[Formula]:
        return [self.encoder.answer(name).same(code) for name, code in given.items()]

    def _check(self, cone: _Cone, assumed: list[Formula]) -> bool | None:
        return cone.solver.can_hold(*assumed)

    # ---- why not
    def _because(self, name: str, given: Given) -> tuple[tuple[str, Place], ...]:
        """A smallest set of conditions and answers that exclude each other."""
        encoder, cone = self.encoder, self._cone(name, given)
        z3 = encoder.z3
        solver = Solver(z3)
        named: dict[Any, Fact] = {}
        facts = [fact for key in cone.keys for fact in encoder.facts.get(key, ())]
        for fact in (*facts, *self._required(name, cone.keys)):
            if fact.place is None:
                solver.add(fact.formula)
            else:
                mark = z3.Bool(f"because:{len(named)}")
                solver.add(z3.Implies(mark, fact.formula))
                named[mark] = fact
        solver.add(cone.goal, *self._assumed(given))
        if solver.can_hold(*named) is not False:
            return ()
        core = solver.unsat_core()
        left = [mark for mark in named if mark in core]
        for mark in reversed(list(left)):
            fewer = [other for other in left if other is not mark]
            if solver.can_hold(*fewer) is False:
                left = fewer
        found = {(named[mark].name, named[mark].place): None for mark in left}
        return tuple((each, place) for each, place in found if place is not None)


def _one_screen(one: Stop, other: Stop) -> bool:
    """Whether two items are seen at the same time, so that the first need not be answered when the second is."""
    screens = {c.name for c in one.around if getattr(c, "kind", "") == "screen" or "field-list" in (c.appearance or "")}
    return any(container.name in screens for container in other.around)


def never_without_solver(form: Form, name: str) -> bool:
    """Whether the conditions around an item and its own exclude each other. False where that is not plain to see."""
    stops = index(form.items)
    possible = Possible(World(form, stops))
    return not _states(possible, stops[name])


def _states(possible: Possible, stop: Stop) -> list[State]:
    states: list[State] = [{}]
    for condition in stop.conditions:
        states = possible.holds(states, condition)
    return states
