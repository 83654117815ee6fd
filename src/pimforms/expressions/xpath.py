"""Resolved expressions as XPath for the cells of an XLSForm, meaning the same in JavaRosa, Web Forms and Enketo.

The form given is the final one: protections woven in, every name resolved. References are written `${name}`. What a
cell may rely on:

* a comparison with a blank answer is false, but never a reason to refuse an answer (`must`); arithmetic with a blank is blank, never `NaN`;
* a hidden answer reads as blank, also in Enketo, which still sees it: reads carry the conditions of what they read;
* `sum` over no members is 0, `smallest of` and `largest of` are blank; a counted repeat that is hidden is blank;
* `largest of` is blank, too, where every number is below zero; halves are rounded away from zero;
* a member that a counted repeat has too many is hidden and counts nowhere: JavaRosa keeps it when the number goes down;
* spans of time are in completed units: from 31 January to 28 February are 28 days, 4 weeks and 0 months.
"""

from __future__ import annotations

from collections.abc import Callable

from pimforms.expressions import write_conditions, write_values
from pimforms.expressions.kinds import CHOICES, Value
from pimforms.expressions.layout import Layout, Spot, count_node, may_go_down, never_dissolved
from pimforms.expressions.parts import every
from pimforms.expressions.properties import filter_column
from pimforms.expressions.terms import ALWAYS, Term, atom, both, conjuncts, either, quoted, text_of
from pimforms.expressions.write import (
    NOTHING,
    Known,
    Written,
    bracketed,
    closed,
    condition,
    is_condition,
    shown,
    value,
)
from pimforms.expressions.write_musts import must
from pimforms.expressions.write_values import dated
from pimforms.model import expression as e
from pimforms.model.expression import Expression
from pimforms.model.form import Calculation, Form, Group, Item, Lookup, Question, Repeat
from pimforms.model.level import Level
from pimforms.model.text import TextReference
from pimforms.model.walk import condition_of

_SHAPES = {
    "integer": "^-?[0-9]+$",
    "decimal": "^-?[0-9]+([.][0-9]+)?$",
    "date": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
}
_SPOKEN_CHOICES = 40
"""Above so many choices a text shows the codes that were ticked, since each label takes a piece of the expression."""


class Writer:
    """Writes the cells of one form. `dissolved` says of a group whether its rows are written without it.

    A dissolved group's condition is put into `relevant` of what stands in it, and its name into no path.
    """

    def __init__(self, form: Form, dissolved: Callable[[Group], bool] = never_dissolved) -> None:
        self._layout = Layout(form, dissolved)
        self._known: dict[int, Known] = {}
        self._holds: dict[int, frozenset[str]] = {}
        for stop in self._layout.stops.values():  # in order: a number may depend on the members of a repeat before it
            if isinstance(stop.item, Repeat) and may_go_down(stop.item):
                self._layout.counts[stop.item.name] = count_node(stop.item, self.count(stop.item))

    # ---- cells
    def relevant(self, item: Item) -> str:
        """When an item is shown, "" for always. What holds around it is not repeated."""
        around = self._around(item)
        when = condition_of(item)
        lost = self._lost(around)
        holder = self._layout.nearest(around)
        counter = self._layout.counts.get(holder.name) if holder is not None else None
        terms: list[Term] = [] if counter is None else [atom(f"position(..) <= ${{{counter}}}")]
        if isinstance(item, Repeat) and item.count is not None and may_go_down(item):
            terms.extend(self._some(item, item.count))
        if when is None and not lost and not terms:
            return ""
        known = self._known_around(around)
        for container in lost:
            terms.extend(self._own_terms(container))
        if when is not None:
            terms.append(condition(when, self._spot(item, own=False), self._layout, known.union(terms)))
        term = both(terms)
        return text_of(term) if term != ALWAYS else "" if when is None else "true()"

    def constraint(self, question: Question) -> str:
        """What an answer must meet, "" for nothing. (How many may be ticked is not a `must`.)"""
        if not question.musts:
            return ""
        spot = self._spot(question, own=True)
        known = self._known_at(question)
        return text_of(both([must(each.condition, spot, self._layout, known) for each in question.musts]))

    def calculation(self, item: Calculation | Lookup) -> str:
        """The value of a calculation or look-up: a text, a number, "yes" or "no", or a date as 2026-12-31."""
        spot = self._spot(item, own=True)
        known = self._known_at(item)
        if isinstance(item, Lookup):
            return self._lookup(item, spot, known)
        random = any(isinstance(part, e.Call) and part.function == "random_code" for part in every(item.value))
        if random:
            # `once` gives back the whole node, so it must stand around the whole value.
            spot = Spot(spot.item, spot.around, spot.holds, once=True)
        text = self._value(item.value, spot, known, item.kind)
        return f"once({text})" if random else text

    def _value(self, expression: Expression, spot: Spot, known: Known, kind: str) -> str:
        if kind == "date":
            return closed(dated(expression, spot, self._layout, known))
        return closed(value(expression, spot, self._layout, known))

    def _lookup(self, item: Lookup, spot: Spot, known: Known) -> str:
        key = value(item.key, spot, self._layout, known)
        file = item.file.rsplit("/", 1)[-1].removesuffix(".csv")
        names = ", ".join(quoted(name) for name in (file, item.column, item.key_column))
        found = f"pulldata({names}, {key.text})"
        shape = _SHAPES.get(item.kind)
        if shape is None:
            return closed(Written(found, key.shown))
        return closed(Written(found, (*key.shown, atom(f"regex({found}, '{shape}')"))))

    def count(self, repeat: Repeat) -> str:
        """How many members a repeat has, "" if the interviewer adds them."""
        if repeat.count is None:
            return ""
        spot = self._spot(repeat, own=True)
        written = value(repeat.count, spot, self._layout, self._known_at(repeat))
        # Where the number is blank JavaRosa would keep one member. A plain reference makes no node of its own.
        return closed(written if self._always_answered(repeat.count) else written._replace(strict=True), "0")

    def _some(self, repeat: Repeat, count: Expression) -> tuple[Term, ...]:
        """That a repeat has a member at all. JavaRosa keeps one member of none."""
        written = value(count, self._spot(repeat, own=True), self._layout, self._known_at(repeat))
        return (*written.shown, atom(f"{bracketed(written, 1)} > 0"))

    def _always_answered(self, expression: Expression) -> bool:
        """Whether it is an answer that cannot be left blank."""
        stop = self._layout.stops.get(expression.name) if isinstance(expression, e.Ref) else None
        item = stop.item if stop is not None else None
        return isinstance(item, Question) and item.required and item.tags.level < Level.MODERATE

    def default(self, question: Question) -> str:
        """The default cell, "" for none: bare for what never changes, XPath for the rest."""
        default = question.default
        if default is None:
            return ""
        if isinstance(default, e.Code):
            return default.value if default.value.replace("_", "").isalnum() else quoted(default.value)
        if isinstance(default, e.Number):
            return default.text
        if isinstance(default, e.Date):
            return default.iso
        if isinstance(default, e.String):
            # pyxform takes a text with a sign or a bracket in it for an expression.
            plain = default.value.replace(" ", "").isalnum() and default.value not in ("div", "mod", "and", "or")
            return default.value if plain else f"string({quoted(default.value)})"
        if isinstance(default, e.Negate) and isinstance(default.operand, e.Number):
            return f"-{default.operand.text}"
        spot = self._spot(question, own=True)
        spot = Spot(spot.item, spot.around, spot.holds, once=True)
        return self._value(default, spot, self._known_at(question), "")

    def choice_filter(self, question: Question) -> str:
        """Which choices are offered, "" for all. What the compiler added to the list is always offered."""
        if question.within is None and question.offer is None:
            return ""
        form, layout = self._layout.form, self._layout
        spot = self._spot(question, own=True)
        known = self._known_at(question)
        terms: list[Term] = []
        for name, kind in ((question.within, "within"), (question.offer, "offer")):
            stop = layout.stops.get(name or "")
            if name is None or stop is None:
                continue
            terms.extend(shown(name, spot, layout, known))
            if kind == "offer":
                terms.append(atom(f"selected(${{{name}}}, name)"))
            elif isinstance(stop.item, Question):
                terms.append(atom(f"{filter_column(question, stop.item, form.lists) or name} = ${{{name}}}"))
        if not terms:
            return ""
        listed = form.lists.get(question.choices or "")
        added = dict.fromkeys(layout.refusals(question.name))
        added.update(dict.fromkeys(choice.code for choice in listed.choices if choice.origin) if listed else {})
        return text_of(either([both(terms), *(atom(f"name = {quoted(code)}") for code in added)]))

    def text_value(self, reference: TextReference, item: Item) -> str | None:
        """What `{name}` in a text of `item` says, as XPath for a helper calculation; None if `${name}` will do."""
        layout = self._layout
        kind = layout.kind(reference.name)
        spot = self._spot(item, own=True)
        guard = shown(reference.name, spot, layout, self._known_at(item))
        node = f"${{{reference.name}}}"
        if reference.code or kind.kind not in CHOICES or not kind.list:
            return closed(Written(node, guard)) if guard else None
        if kind.kind == "code":
            if layout.is_computed(reference.name):
                return closed(Written(node, guard)) if guard else None
            return closed(Written(f"jr:choice-name({node}, '{node}')", (*guard, atom(f"{node} != ''"))))
        return closed(Written(self._ticked_labels(node, kind), guard))

    def _ticked_labels(self, node: str, kind: Value) -> str:
        listed = self._layout.form.lists.get(kind.list)
        if listed is None or not 0 < len(listed.choices) <= _SPOKEN_CHOICES:
            return node
        labels = [
            f"if(selected({node}, {quoted(c.code)}), concat(', ', jr:choice-name({quoted(c.code)}, '{node}')), '')"
            for c in listed.choices
        ]
        return f"substr(concat({', '.join(labels)}), 2)"

    # ---- expressions of protections, and what stands outside all items
    def value(self, expression: Expression, item: Item | None = None) -> str:
        """Any value where `item` stands, or outside the form (instance_name): blank where it may not be read."""
        if is_condition(expression):
            return f"if({self.condition(expression, item)}, 'yes', 'no')"
        spot = self._spot(item, own=True)
        return closed(value(expression, spot, self._layout, self._known_at(item)))

    def condition(self, expression: Expression, item: Item | None = None) -> str:
        """Any condition where `item` stands, or outside the form."""
        spot = self._spot(item, own=True)
        return text_of(condition(expression, spot, self._layout, self._known_at(item)))

    # ---- where things stand
    def _around(self, item: Item | None) -> tuple[Group | Repeat, ...]:
        stop = self._layout.stops.get(item.name) if item is not None else None
        return stop.around if stop is not None else ()

    def _spot(self, item: Item | None, *, own: bool) -> Spot:
        """Where an item's expressions stand. `own`: its own condition holds there (not so for its `when`)."""
        around = self._around(item)
        holds = self._holds.get(id(around))
        if holds is None:
            holds = frozenset(container.name for container in around)
            self._holds[id(around)] = holds
        if own and item is not None and condition_of(item) is not None:
            holds |= {item.name}
        return Spot(item, around, holds)

    def _known_around(self, around: tuple[Group | Repeat, ...]) -> Known:
        """What holds wherever these containers are shown."""
        if not around:
            return NOTHING
        known = self._known.get(id(around))
        if known is None:
            known = frozenset(term for container in around for term in self._own_terms(container))
            self._known[id(around)] = known
        return known

    def _known_at(self, item: Item | None) -> Known:
        """What holds where an item's value or constraint counts: what holds around it, and its own condition."""
        around = self._around(item)
        known = self._known_around(around)
        when = condition_of(item) if item is not None else None
        if when is None:
            return known
        return known.union(conjuncts(condition(when, self._spot(item, own=False), self._layout, known)))

    def _own_terms(self, container: Group | Repeat) -> tuple[Term, ...]:
        if container.when is None:
            return ()
        around = self._around(container)
        known = self._known_around(around)
        return conjuncts(condition(container.when, self._spot(container, own=False), self._layout, known))

    def _lost(self, around: tuple[Group | Repeat, ...]) -> list[Group | Repeat]:
        """The dissolved groups around an item that no node between them and the item stands in for."""
        lost: list[Group | Repeat] = []
        for container in reversed(around):
            if self._layout.has_node(container):
                break
            if container.when is not None:
                lost.append(container)
        return lost[::-1]


_LOADED = (write_conditions, write_values)
"""Their functions are found by the kind of node; nothing here names them."""
