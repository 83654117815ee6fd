"""From a form whose expressions hold bare words to one in which each word is an answer, a code or a condition.

Calculations come first, each after those it reads, so that the kind of every answer is known. Then the items are gone
through in the order in which they are asked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from pimforms.diagnostics import Diagnostic, Severity
from pimforms.expressions import check_conditions, check_values, messages
from pimforms.expressions.calculations import in_order, needed_first
from pimforms.expressions.check import check, condition
from pimforms.expressions.kinds import CONDITION, UNKNOWN, Value
from pimforms.expressions.lengths import too_long
from pimforms.expressions.logic import Logician
from pimforms.expressions.parts import depth, names
from pimforms.expressions.possible import State
from pimforms.expressions.properties import (
    check_narrowing,
    check_text,
    resolved_default,
    resolved_key,
    resolved_times,
)
from pimforms.expressions.scope import ALWAYS_KNOWN, Reader, World
from pimforms.model.expression import Code, Conditional, Expression, Logic, Not
from pimforms.model.form import Calculation, Form, Group, Item, Lookup, Metadata, Must, Note, Question, Repeat
from pimforms.model.text import Text
from pimforms.model.walk import Stop, index

_TEXTS = ("label", "hint", "guidance")
LONG = 500
"""An expression with fewer characters is never too deep."""
DEEPEST = 150
"""How many expressions may stand inside each other."""
R = TypeVar("R")


def resolve_form(form: Form) -> tuple[Form, list[Diagnostic]]:
    """The form with every name resolved and every calculation's kind known, and what is wrong with its expressions.

    Nothing is raised. Where something is wrong the expression keeps its bare words; such a form is not compiled.
    """
    resolver = _Resolver(form)
    resolved = resolver.form()
    if all(diagnostic.rule.severity is not Severity.ERROR for diagnostic in resolver.world.said.values()):
        for diagnostic in too_long(resolved):
            resolver.world.say(diagnostic)
    return resolved, sorted(resolver.world.said.values(), key=lambda diagnostic: diagnostic.order)


class _Resolver:
    def __init__(self, form: Form) -> None:
        self.world = World(form, index(form.items))
        self.logic = Logician(self.world)
        self.values: dict[str, Expression] = {}
        self.kinds: dict[str, str] = {}
        self._lists_seen: set[str] = set()

    def form(self) -> Form:
        form = self.world.form
        conditions = self._conditions(form)
        self._calculations()
        items = self._items(form.items, [{}])
        self.logic.look_inside()
        return replace(form, items=items, conditions=conditions)

    # ---- named conditions, wherever they are used
    def _conditions(self, form: Form) -> dict[str, Expression]:
        found: dict[str, Expression] = {}
        for name, expression in form.conditions.items():
            reader = Reader(name, None, None, "when")
            self.world.open.append(name)
            found[name] = self._condition(expression, reader)
            self.world.open.pop()
        self.world.inner.clear()  # looked at where the condition is used
        return found

    def _condition(self, expression: Expression, reader: Reader) -> Expression:
        return self._safely(expression, lambda safe: condition(safe, reader, self.world))

    def _safely(self, expression: Expression, work: Callable[[Expression], R]) -> R:
        """`work` on an expression, unless it is so deep that later steps could fail on it; then on what has no kind."""
        place, world = expression.place, self.world
        said, inner = len(world.said), len(world.inner)
        if _may_be_deep(expression) and depth(expression) > DEEPEST:
            world.say(messages.too_deep(place))
            return work(Code("", place))
        try:
            return work(expression)
        except RecursionError:  # named conditions inside named conditions
            for key in list(world.said)[said:]:
                del world.said[key]
            del world.inner[inner:]
            world.say(messages.too_deep(place))
            return work(Code("", place))

    # ---- calculations
    def _calculations(self) -> None:
        world = self.world
        computed = {name: stop for name, stop in world.stops.items() if isinstance(stop.item, (Calculation, Lookup))}
        for name, stop in world.stops.items():
            if isinstance(stop.item, Metadata):
                world.ready[name] = ALWAYS_KNOWN
        if not computed:
            return
        needs = {name: needed_first(_value(stop.item), world.form.conditions) for name, stop in computed.items()}
        order, circles = in_order(needs)
        unknown = {name for circle in circles for name in circle}
        for name in unknown:
            world.values[name] = UNKNOWN
        for name in order:
            kind = self._calculation(name, computed[name])
            if name not in unknown:
                world.values[name] = kind
        self._ready(computed)

    def _calculation(self, name: str, stop: Stop) -> Value:
        item: Any = stop.item
        reader = Reader(name, None, self.world.repeats_of(stop), "value")
        if isinstance(item, Lookup):
            self.values[name] = self._safely(item.key, lambda key: resolved_key(key, reader, self.world))
            known = self.world.value(name)
            return known or UNKNOWN
        found, kind = self._safely(item.value, lambda value: check(value, reader, self.world))
        self.values[name] = found
        if kind is CONDITION:
            self.kinds[name] = "yes_no"
            self.world.inner.append((found, reader))
            return Value("code", "yes_no", name)
        self.kinds[name] = item.kind or kind.kind
        return Value(item.kind, "", name) if item.kind and not kind.kind else kind._replace(name=name)

    def _ready(self, computed: Mapping[str, Stop]) -> None:
        """When each calculation is worked out: after all that it reads, directly or not. Circles are said here."""
        world = self.world
        reads: dict[str, set[str]] = {}
        for name, stop in computed.items():
            reads[name] = names(self.values[name])
            if isinstance(stop.item, Calculation) and stop.item.when is not None:
                reads[name] |= needed_first(stop.item.when, world.form.conditions)
        order, circles = in_order(reads)
        for circle in circles:
            world.say(messages.calculation_cycle(world.stops[circle[0]].item.place, circle))
        for name in order:
            turn, via = ALWAYS_KNOWN, None
            for other in sorted(reads[name]):
                if other not in world.stops or other == name:
                    continue
                later = world.ready.get(other, ALWAYS_KNOWN) if other in computed else world.turn(other)
                if later > turn:
                    turn, via = later, world.ready_via.get(other, other) if other in computed else other
            for container in computed[name].around:
                if container.when is not None:
                    turn = max(turn, world.stops[container.name].turn)
            world.ready[name] = turn
            if via is not None:
                world.ready_via[name] = via

    # ---- items, in the order in which they are asked
    def _items(self, items: tuple[Item, ...], states: list[State]) -> tuple[Item, ...]:
        done: list[Item] = []
        changed = False
        for item in items:
            found = self._item(item, states)
            changed = changed or found is not item
            done.append(found)
        return tuple(done) if changed else items

    def _item(self, item: Item, states: list[State]) -> Item:
        kind = type(item)
        if kind is Question:
            return self._question(item, states)  # type: ignore[arg-type]
        if kind is Group or kind is Repeat:
            return self._container(item, states)  # type: ignore[arg-type]
        if kind is Calculation or kind is Lookup:
            return self._computed(item, states)  # type: ignore[arg-type]
        if kind is Note:
            return self._note(item, states)  # type: ignore[arg-type]
        return item

    def _reader(self, item: Item, role: str) -> Reader:
        stop = self.world.stops[item.name]
        # What the compiler adds may read what is asked later: a gate is written before it can be closed.
        turn = None if item.origin else stop.turn
        return Reader(item.name, turn, self.world.repeats_of(stop), role)

    def _when(self, item: Any, states: list[State]) -> tuple[Expression | None, list[State]]:
        """The condition of an item, and what is possible where it holds."""
        if item.when is None:
            return None, states
        reader = self._reader(item, "when")
        when: Expression = self._condition(item.when, reader)
        return when, self.logic.when(item, when, states)

    def _question(self, item: Question, states: list[State]) -> Question:
        changes: dict[str, Any] = {}
        when, inside = self._when(item, states)
        if when is not item.when:
            changes["when"] = when
        if item.label is not None and (item.label.references or item.hint or item.guidance):
            self._texts(item)
        if item.choices is not None and item.choices not in self._lists_seen:
            self._lists_seen.add(item.choices)
            self._choice_texts(item)
        if item.musts:
            changes["musts"] = self._musts(item, inside)
        if item.default is not None:
            reader = self._reader(item, "default")
            default: Expression = self._safely(
                item.default, lambda default: resolved_default(item, default, reader, self.world)
            )
            changes["default"] = default
            self.logic.default(item, changes.get("musts", ()), default, inside)
        if item.within is not None or item.offer is not None:
            check_narrowing(item, self._reader(item, "within"), self.world)
        return replace(item, **changes) if changes else item

    def _musts(self, item: Question, inside: list[State]) -> tuple[Must, ...]:
        reader = self._reader(item, "must")
        reader.own = self.world.value(item.name) or UNKNOWN
        musts = []
        for must in item.musts:
            found = self._condition(must.condition, reader)
            if must.message is not None and must.message.references:
                check_text(must.message, self._reader(item, "text"), self.world)
            musts.append(Must(found, must.message, must.place))
        self.logic.musts(item, musts, inside)
        return tuple(musts)

    def _texts(self, item: Item) -> None:
        for key in _TEXTS:
            text: Text | None = getattr(item, key, None)
            if text is not None and text.references:
                check_text(text, self._reader(item, "text"), self.world)

    def _choice_texts(self, item: Question) -> None:
        listed = self.world.form.lists.get(item.choices or "")
        for choice in listed.choices if listed is not None else ():
            if choice.label is not None and choice.label.references:
                check_text(choice.label, self._reader(item, "text"), self.world)

    def _note(self, item: Note, states: list[State]) -> Note:
        when, _ = self._when(item, states)
        self._texts(item)
        return item if when is item.when else replace(item, when=when)

    def _container(self, item: Group | Repeat, states: list[State]) -> Group | Repeat:
        changes: dict[str, Any] = {}
        when, inside = self._when(item, states)
        if when is not item.when:
            changes["when"] = when
        self._texts(item)
        if isinstance(item, Repeat) and item.count is not None:
            reader = self._reader(item, "times")
            count: Expression = self._safely(item.count, lambda count: resolved_times(count, reader, self.world))
            changes["count"] = count
            self.logic.times(item, count, inside)
        items = self._items(item.items, inside)
        if items is not item.items:
            changes["items"] = items
        return replace(item, **changes) if changes else item

    def _computed(self, item: Calculation | Lookup, states: list[State]) -> Item:
        if item.name not in self.values or self.world.stops[item.name].item is not item:
            return item  # a second item of this name, which is reported as such
        self.logic.remember(item.name, states)
        if isinstance(item, Lookup):
            return replace(item, key=self.values[item.name])
        when = item.when
        if when is not None:
            reader = self._reader(item, "when")
            reader.turn = None
            when = self._condition(when, reader)
            self.logic.when(item, when, states)
        return replace(item, value=self.values[item.name], when=when, kind=self.kinds.get(item.name, item.kind))


_LOADED = (check_conditions, check_values)
"""Their functions are found by the kind of node; nothing here names them."""


def _may_be_deep(expression: Expression) -> bool:
    """Long, or with a `not` in front, which is no part of its place."""
    return expression.place.end - expression.place.start > LONG or type(expression) in (Not, Logic, Conditional)


def _value(item: Item) -> Expression:
    return item.key if isinstance(item, Lookup) else item.value  # type: ignore[union-attr]
