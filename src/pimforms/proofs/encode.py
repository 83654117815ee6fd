"""A form as formulas: each answer a few variables, each condition a formula over them.

What is not understood becomes a free unknown, so a form can do here all that it can do on a phone, and sometimes more:
"never" is always true, and a way that rests on an unknown is marked as not certain. A repeat has one member, and one more
for each count over it that asks for a member of its own kind; this is enough, since conditions read only the member that
they stand in, and counts. An answer that breaks its own `must` because something before it was changed is left out: the
phone refuses such a record at its end.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from pimforms.expressions.kinds import DAYS, NUMBERS
from pimforms.expressions.layout import Layout
from pimforms.expressions.parts import every
from pimforms.expressions.reads import expressions_of
from pimforms.model import expression as e
from pimforms.model.expression import Expression
from pimforms.model.form import Calculation, ConsentPoint, Form, Lookup, Metadata, Question, Repeat
from pimforms.model.walk import Stop, condition_of, walk
from pimforms.proofs.limits import limits
from pimforms.proofs.values import Formula, Val, codes_of, conjuncts
from pimforms.record import record
from pimforms.source import Place

MAIN = ""
"""The member that the question asked about stands in."""
_FIRST, _LAST = date(1900, 1, 1).toordinal(), date(2200, 1, 1).toordinal()
_NOW = (date(2020, 1, 1).toordinal(), date(2100, 1, 1).toordinal())


class Key(NamedTuple):
    """What facts are kept about: the `kind` is "answer", "shown", "members" or "day"; `copy` names a further member."""

    kind: str
    name: str
    copy: str = MAIN


class Where(NamedTuple):
    """Where an expression stands: in which further member (of which outermost repeat), and whose `must` it is."""

    copy: str = MAIN
    repeat: str = ""
    own: str = ""


OUTSIDE = Where()


@record
class Fact:
    """A formula that always holds. `name` and `place` say what the author wrote that makes it so."""

    formula: Formula
    name: str = ""
    place: Place | None = None


@dataclass(slots=True)
class Encoder:
    """The formulas of one form, made when they are first asked for."""

    form: Form
    layout: Layout = field(init=False)
    facts: dict[Key, list[Fact]] = field(default_factory=dict)
    needs: dict[Key, set[Key]] = field(default_factory=dict)
    loose: set[Key] = field(default_factory=set)
    copies: dict[str, tuple[str, Formula]] = field(default_factory=dict)
    """Further members: the outermost repeat, and how many of this kind there are."""
    z3: Any = field(init=False)
    _values: dict[Key, Val] = field(default_factory=dict)
    _shown: dict[Key, Formula] = field(default_factory=dict)
    _open: list[Key] = field(default_factory=list)
    _fresh: int = 0
    _compared: dict[str, dict[str, None]] = field(default_factory=dict)
    _mentioned: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        import z3

        self.z3 = z3
        self.layout = Layout(self.form)
        self._scan()

    # ---- what is spoken of
    def _scan(self) -> None:
        for item in walk(self.form.items):
            for expression in expressions_of(item):
                for part in every(expression):
                    if isinstance(part, (e.Code, e.String)):
                        self._mentioned.add(part.value)
                    if isinstance(part, e.Is) and isinstance(part.left, (e.Ref, e.Own)):
                        name = part.left.name if isinstance(part.left, e.Ref) else item.name
                        texts = [other.value for other in part.values if isinstance(other, (e.Code, e.String))]
                        self._compared.setdefault(name, {}).update(dict.fromkeys(texts))

    # ---- variables, and what is kept of them
    def boolean(self, hint: str = "free") -> Formula:
        """A new unknown that holds or does not."""
        self._fresh += 1
        return self.z3.Bool(f"{hint}!{self._fresh}")

    def unknown(self, hint: str = "unknown") -> Formula:
        """A new unknown in place of what is not understood."""
        if self._open:
            self.loose.add(self._open[-1])
        return self.boolean(hint)

    def number(self, *, whole: bool, loose: bool = True) -> Formula:
        self._fresh += 1
        if loose and self._open:
            self.loose.add(self._open[-1])
        return (self.z3.Int if whole else self.z3.Real)(f"number!{self._fresh}")

    def fact(self, formula: Formula, name: str = "", place: Place | None = None) -> None:
        """Something that always holds, kept with what is being made."""
        self.facts[self._open[-1]].append(Fact(formula, name, place))

    def _make(self, key: Key, work: Callable[[], Any]) -> Any:
        self.facts.setdefault(key, [])
        self.needs.setdefault(key, set())
        self._open.append(key)
        try:
            return work()
        finally:
            self._open.pop()

    def _use(self, key: Key) -> None:
        if self._open:
            self.needs[self._open[-1]].add(key)

    def cone(self, keys: Iterable[Key]) -> list[Key]:
        """These keys and all that their facts speak of, in a fixed order."""
        found: dict[Key, None] = {}
        waiting = list(keys)
        while waiting:
            key = waiting.pop()
            if key not in found:
                found[key] = None
                waiting.extend(sorted(self.needs.get(key, ())))
        return list(found)

    # ---- where things stand
    def copy_of(self, stop: Stop, where: Where) -> str:
        """The member that an item is read in."""
        repeats = stop.repeats
        return where.copy if repeats and repeats[0].name == where.repeat else MAIN

    def shown(self, name: str, where: Where = OUTSIDE) -> Formula:
        """Whether an item is asked, shown or worked out."""
        stop = self.layout.stops[name]
        key = Key("shown", name, self.copy_of(stop, where))
        self._use(key)
        if key not in self._shown:
            self._shown[key] = self.z3.Bool(f"shown:{name}:{key.copy}")
            self._make(key, lambda: self._show(stop, self._shown[key], where))
        return self._shown[key]

    def _show(self, stop: Stop, here: Formula, where: Where) -> None:
        z3 = self.z3
        parts: list[Formula] = []
        if stop.around:
            container = stop.around[-1]
            parts.append(self.shown(container.name, where))
            if isinstance(container, Repeat):
                parts.append(self.members(container.name, where) >= 1)
        for part in parts:
            self.fact(z3.Implies(here, part))
        for condition in conjuncts(condition_of(stop.item)):
            formula = self.condition(condition, Where(where.copy, where.repeat))
            self.fact(z3.Implies(here, formula), stop.item.name, condition.place)
            parts.append(formula)
        self.fact(z3.Implies(z3.And(parts) if parts else z3.BoolVal(True), here))

    def members(self, name: str, where: Where = OUTSIDE) -> Formula:
        """How many members a repeat has."""
        stop = self.layout.stops[name]
        key = Key("members", name, self.copy_of(stop, where))
        self._use(key)
        variable = self.z3.Int(f"members:{name}:{key.copy}")
        if key not in self.facts:
            self._make(key, lambda: self._count_members(stop, variable, where))
        return variable

    def _count_members(self, stop: Stop, variable: Formula, where: Where) -> None:
        z3, repeat = self.z3, stop.item
        assert isinstance(repeat, Repeat)
        shown = self.shown(repeat.name, where)
        self.fact(z3.And(variable >= 0, z3.Implies(z3.Not(shown), variable == 0)))
        if repeat.count is not None:
            count = self.value(repeat.count, Where(where.copy, where.repeat))
            if count.number is None:
                self.unknown()
                return
            asked = z3.And(shown, count.present, count.number > 0)
            self.fact(variable == z3.If(asked, count.number, 0), repeat.name, repeat.count.place)

    def today(self, name: str = "today") -> Formula:
        """The day on the phone."""
        key = Key("day", name)
        self._use(key)
        variable = self.z3.Int(f"day:{name}")
        if key not in self.facts:
            self._make(key, lambda: self.fact(self.z3.And(variable >= _NOW[0], variable <= _NOW[1])))
        return variable

    def further(self, repeat: str, outermost: str) -> Where:
        """A further member of a repeat, for what is counted over it."""
        copy = f"{repeat}#{len(self.copies)}"
        self.copies[copy] = (outermost, self.z3.IntVal(0))
        return Where(copy, outermost)

    # ---- answers
    def answer(self, name: str, where: Where = OUTSIDE) -> Val:
        """The answer to an item, or what is worked out for it."""
        stop = self.layout.stops.get(name)
        if stop is None:
            return self.nothing_known()
        key = Key("answer", name, self.copy_of(stop, where))
        self._use(key)
        found = self._values.get(key)
        if found is None:
            if key in self._open:
                return self.nothing_known()
            found = self._make(key, lambda: self._answer(stop, key, where))
            assert isinstance(found, Val)
            self._values[key] = found
            if isinstance(stop.item, Question):
                self._make(key, lambda: limits(self, stop.item, found, where))  # type: ignore[arg-type]
        return found

    def nothing_known(self, kind: str = "") -> Val:
        """A value of which nothing is known."""
        number = self.number(whole=kind != "decimal") if kind in NUMBERS or kind in DAYS else None
        unknown: dict[str, Formula] = {}
        present = self.unknown("present")

        def same(text: str) -> Formula:
            if text not in unknown:
                unknown[text] = self.boolean("same")
            return self.z3.And(present, unknown[text]) if text else self.z3.Not(present)

        return Val(present, same, same, number)

    def _answer(self, stop: Stop, key: Key, where: Where) -> Val:
        item = stop.item
        kind = self.layout.kind(item.name).kind
        inner = Where(where.copy, where.repeat)
        if isinstance(item, Calculation):
            return self._only_if(self.shown(item.name, where), self.value(item.value, inner))
        if isinstance(item, Lookup):
            found = self.nothing_known(kind)
            self.fact(self.z3.Implies(found.present, self.value(item.key, inner).present))
            return found
        if isinstance(item, Metadata):
            if item.kind == "today":
                return self.numeric(self.z3.BoolVal(True), self.today(item.name))
            return self.nothing_known(kind)
        if not isinstance(item, (Question, ConsentPoint)):
            return self.nothing_known()
        found = self._variables(item, key, kind)
        self.fact(self.z3.Implies(found.present, self.shown(item.name, where)))
        return found

    def _only_if(self, holds: Formula, value: Val) -> Val:
        """A value that is blank where its item is not shown."""
        z3 = self.z3
        return Val(
            z3.And(holds, value.present),
            lambda text: z3.And(holds, value.same(text)) if text else z3.Or(z3.Not(holds), value.same(text)),
            lambda code: z3.And(holds, value.ticked(code)),
            value.number,
            value.texts,
            z3.And(holds, value.other) if value.other is not None else None,
            value.how_many,
        )

    def _variables(self, item: Question | ConsentPoint, key: Key, kind: str) -> Val:
        z3 = self.z3
        here = f"{item.name}:{key.copy}"
        if kind in ("code", "codes") and (isinstance(item, ConsentPoint) or item.kind != "rank"):
            codes = codes_of(self.form, item) if isinstance(item, Question) else ("yes", "no")
            if codes:
                return self._choices(codes, here, one=kind == "code")
        present = z3.Bool(f"present:{here}")
        if kind in NUMBERS or kind in DAYS:
            whole = kind in ("integer", "date")
            variable = (z3.Int if whole else z3.Real)(f"value:{here}")
            if kind == "date":
                self.fact(z3.And(variable >= _FIRST, variable <= _LAST))
            elif kind == "datetime":
                self.loose.add(key)
            return self.numeric(present, variable)
        if kind == "codes":  # ranked: all of them, in some order
            return Val(present, lambda _: self.unknown(), lambda _: present)
        return self._words(item.name, here, present)

    def numeric(self, present: Formula, number: Formula) -> Val:
        """A number or a day."""
        z3 = self.z3

        def same(text: str) -> Formula:
            return z3.Not(present) if not text else self.unknown()

        return Val(present, same, same, number)

    def _choices(self, codes: tuple[str, ...], here: str, *, one: bool) -> Val:
        """One variable for each code that some condition speaks of, and one for all others together."""
        z3 = self.z3
        known = {code: z3.Bool(f"{here}={code}") for code in codes if code in self._mentioned}
        other = z3.Bool(f"{here}=…") if len(known) < len(codes) else None
        each = [*known.values(), *([other] if other is not None else [])]
        present = z3.Or(each) if len(each) > 1 else each[0]
        if one and len(each) > 1:
            self.fact(z3.AtMost(*each, 1))
        unmentioned = frozenset(codes) - known.keys()

        def chosen(code: str) -> Formula:
            if code == "":
                return z3.Not(present)
            return known[code] if code in known else other if code in unmentioned else z3.BoolVal(False)

        count = z3.Sum([z3.If(formula, 1, 0) for formula in each]) if not one else None
        if count is not None and len(unmentioned) > 1:
            more = z3.Int(f"more:{here}")  # of those that no condition speaks of
            self.fact(z3.And(more >= 0, more <= len(unmentioned) - 1, z3.Implies(z3.Not(other), more == 0)))
            count = count + more
        return Val(present, chosen, chosen, None, tuple(known), other, count)

    def _words(self, name: str, here: str, present: Formula) -> Val:
        z3 = self.z3
        texts = tuple(text for text in self._compared.get(name, ()) if text)
        known = {text: z3.Bool(f"{here}={text}") for text in texts}
        if known:
            self.fact(z3.Implies(z3.Or(list(known.values())), present))
        if len(known) > 1:
            self.fact(z3.AtMost(*known.values(), 1))

        def same(text: str) -> Formula:
            return known[text] if text in known else self.unknown() if text else z3.Not(present)

        other = z3.And(present, *(z3.Not(each) for each in known.values()))
        return Val(present, same, same, None, texts, other)

    # ---- expressions
    def condition(self, expression: Expression, where: Where, *, in_must: bool = False) -> Formula:
        """A condition, as the compiler writes it."""
        from pimforms.proofs.conditions import IN_MUST, PLAIN, condition

        return condition(self, expression, where, IN_MUST if in_must else PLAIN)

    def value(self, expression: Expression, where: Where) -> Val:
        """A value, blank where the compiler makes it blank."""
        from pimforms.proofs.numbers import value

        return value(self, expression, where)


def fits(pattern: str, text: str) -> bool | None:
    """Whether a whole text has a shape; None if the pattern cannot be tried here."""
    try:
        return re.fullmatch(pattern, text) is not None
    except re.error:
        return None
