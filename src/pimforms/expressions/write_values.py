"""Values as XPath that is blank, and not `NaN`, in every engine where a part is blank."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from pimforms.expressions.kinds import DAYS
from pimforms.expressions.layout import Layout, Spot
from pimforms.expressions.terms import Term, atom, both, conjuncts, quoted, text_of
from pimforms.expressions.write import Known, Written, bracketed, closed, condition, shown, value, writes_value
from pimforms.model import expression as e
from pimforms.model.expression import Expression
from pimforms.model.form import Repeat
from pimforms.model.walk import Stop
from pimforms.standards.data import table

_RANDOM = "concat('P', substr(uuid(), 0, 8))"
_DIGITS = "'^-?[0-9]+([.][0-9]+)?$'"


@writes_value(e.Number)
def _number(node: e.Number, spot: Spot, layout: Layout, known: Known) -> Written:
    return Written(node.text)


@writes_value(e.String)
def _string(node: e.String, spot: Spot, layout: Layout, known: Known) -> Written:
    return Written(quoted(node.value))


@writes_value(e.Code)
def _code(node: e.Code, spot: Spot, layout: Layout, known: Known) -> Written:
    return Written(quoted(node.value))


@writes_value(e.Date)
def _date(node: e.Date, spot: Spot, layout: Layout, known: Known) -> Written:
    return Written(f"date('{node.iso}')")


@writes_value(e.Own)
def _own(node: e.Own, spot: Spot, layout: Layout, known: Known) -> Written:
    # A constraint is looked at only when there is an answer, so it is never blank.
    if spot.item is not None and layout.kind(spot.item.name).kind == "time":
        return Written("decimal-time(.)")
    return Written(".")


@writes_value(e.Raw)
def _raw(node: e.Raw, spot: Spot, layout: Layout, known: Known) -> Written:
    return Written(node.xpath, rank=0)


@writes_value(e.Ref)
def _ref(node: e.Ref, spot: Spot, layout: Layout, known: Known) -> Written:
    reference = layout.reference(node.name, spot)
    kind = layout.kind(node.name).kind
    guard = shown(node.name, spot, layout, known)
    present = (atom(f"{reference} != ''"),)
    if kind == "time":
        return Written(f"decimal-time({reference})", guard, present, True)
    if kind in DAYS and layout.is_computed(node.name):
        # A calculation is kept as text, and `date('')` is an error in some engines.
        return Written(f"{'date' if kind == 'date' else 'date-time'}({reference})", guard, present, True)
    return Written(reference, guard, present)


@writes_value(e.Negate)
def _negate(node: e.Negate, spot: Spot, layout: Layout, known: Known) -> Written:
    operand = value(node.operand, spot, layout, known)
    if isinstance(node.operand, e.Number):
        return Written(f"-{operand.text}")  # a plain number; it is `-${x}` that Enketo refuses
    return Written(f"(0 - {bracketed(operand, 2)})", operand.shown, operand.present, True)


_SIGNS = {"+": ("+", 1), "-": ("-", 1), "*": ("*", 2), "/": ("div", 2), "div": ("div", 2), "mod": ("mod", 2)}


@writes_value(e.Arithmetic)
def _arithmetic(node: e.Arithmetic, spot: Spot, layout: Layout, known: Known) -> Written:
    left, right = value(node.left, spot, layout, known), value(node.right, spot, layout, known)
    sign, rank = _SIGNS[node.operator]
    text = f"{bracketed(left, rank)} {sign} {bracketed(right, rank if sign in '+*' else rank + 1)}"
    present = (*left.present, *right.present)
    if sign in ("div", "mod") and not isinstance(node.right, e.Number):
        present = (*present, atom(f"{bracketed(right, 1)} != 0"))  # one engine says Infinity, another NaN
    return Written(text, (*left.shown, *right.shown), present, True, rank)


@writes_value(e.Conditional)
def _conditional(node: e.Conditional, spot: Spot, layout: Layout, known: Known) -> Written:
    return _chosen(node, spot, layout, known, value)


def _chosen(
    node: e.Conditional, spot: Spot, layout: Layout, known: Known, write: Callable[[Any, Spot, Layout, Known], Written]
) -> Written:
    test = condition(node.condition, spot, layout, known)
    first = write(node.value, spot, layout, known.union(conjuncts(test)))
    other = write(node.otherwise, spot, layout, known)
    text = f"if({text_of(test)}, {closed(first)}, {closed(other)})"
    blank = any(branch.shown or branch.present or branch.text == "''" for branch in (first, other))
    return Written(text, (), (atom(f"{text} != ''"),) if blank else ())


def dated(node: Expression, spot: Spot, layout: Layout, known: Known) -> Written:
    """A date as the text 2026-12-31. Left alone, JavaRosa keeps a time of day with it."""
    if isinstance(node, e.Conditional):
        return _chosen(node, spot, layout, known, dated)
    if isinstance(node, e.Date):
        return Written(f"'{node.iso}'")
    written = value(node, spot, layout, known)
    if isinstance(node, e.Ref) and layout.is_computed(node.name):
        return Written(layout.reference(node.name, spot), written.shown, written.present)
    if isinstance(node, (e.String, e.Raw)):
        return written
    return Written(f"format-date({written.text}, '%Y-%m-%d')", written.shown, written.present)


# ---- spans of time, in completed units


@writes_value(e.Difference)
def _difference(node: e.Difference, spot: Spot, layout: Layout, known: Known) -> Written:
    start, end = value(node.start, spot, layout, known), value(node.end, spot, layout, known)
    a, b = start.text, end.text
    if node.unit in ("years", "months"):
        # 20260228 - 20250301 = 9927: the year is completed only when the month and day are reached.
        if node.unit == "years":
            text = f"int(({_part(b, '%Y%m%d')} - {_part(a, '%Y%m%d')}) div 10000)"
        else:
            months = f"({_part(b, '%Y')} - {_part(a, '%Y')}) * 1200"
            text = f"int(({months} + {_part(b, '%m%d')} - {_part(a, '%m%d')}) div 100)"
    else:
        days = " - ".join(_day(part, written, spot, layout) for part, written in ((node.end, b), (node.start, a)))
        # A day has 23 or 25 hours when the clocks change.
        text = f"round({days})" if node.unit == "days" else f"int(round({days}) div 7)"
    return Written(text, (*start.shown, *end.shown), (*start.present, *end.present), True)


def _part(day: str, pattern: str) -> str:
    return f"number(format-date({day}, '{pattern}'))"


def _day(part: Expression, text: str, spot: Spot, layout: Layout) -> str:
    """The number of a day; of a date with a time, the day it lies in."""
    own = spot.item.name if isinstance(part, e.Own) and spot.item is not None else ""
    name = part.name if isinstance(part, e.Ref) else own
    if isinstance(part, (e.Date, e.Conditional)) or (name and layout.kind(name).kind == "date"):
        return f"decimal-date-time({text})"
    if isinstance(part, e.Call) and part.function == "today":
        return "decimal-date-time(today())"
    return f"decimal-date-time(date(format-date({text}, '%Y-%m-%d')))"


# ---- repeats


@writes_value(e.Aggregate)
def _aggregate(node: e.Aggregate, spot: Spot, layout: Layout, known: Known) -> Written:
    stop = layout.stops.get(node.repeat)
    if stop is None or not isinstance(stop.item, Repeat):
        return Written("''")
    guard = shown(node.repeat, spot, layout, known)
    holds = spot.holds | {node.repeat} | {container.name for container in stop.around}
    inside = replace(spot, members=stop, holds=holds)
    terms = _counted(stop, spot, inside, layout)
    if node.where is not None:
        terms.append(condition(node.where, inside, layout, known))
    every_member = layout.reference(node.repeat, spot)
    within = any(container.name == node.repeat for container in spot.around)

    def members(*more: Term) -> str:
        term = both((*terms, *more))
        if not conjuncts(term) and within:
            # Without a predicate JavaRosa would take the member that asks for all of them.
            term = atom("position() > 0")
        return every_member + (f"[{text_of(term)}]" if conjuncts(term) else "")

    if not isinstance(node.item, e.Ref):
        return Written(f"count({members()})", guard)
    item = value(node.item, inside, layout, known)
    terms.extend(item.shown)
    there = members(*item.present)
    text = f"{node.function}({there}{layout.reference(node.item.name, inside).removeprefix('.')})"
    # Over no members at all, engines give 0, a blank or NaN.
    if node.function == "sum":
        return Written(f"if(count({there}) > 0, {text}, 0)", guard)
    if node.function == "max":
        # JavaRosa begins at the smallest number above zero, so it never says 0 or less.
        there = members(atom(f"{item.text} >= 0"))
        text = f"if(count({members(atom(f'{item.text} > 0'))}) > 0, {text}, 0)"
    return Written(f"if(count({there}) > 0, {text}, '')", guard, (atom(f"count({there}) > 0"),))


def _counted(stop: Stop, spot: Spot, inside: Spot, layout: Layout) -> list[Term]:
    """What leaves out the members that a counted repeat has too many, and those in a member of which that is true."""
    terms = []
    around = {container.name for container in spot.around} - {stop.item.name}
    for repeat in (*stop.repeats, stop.item):
        if repeat.name in layout.counts and repeat.name not in around:
            # `position()` alone counts through all members of the form in one engine, in another those of one repeat.
            up = "/".join([".."] * (len(layout.path(stop)) - len(layout.path(layout.stops[repeat.name])))) or "."
            terms.append(atom(f"position({up}) <= {layout.counted(repeat.name, inside)}"))
    return terms


# ---- functions


@writes_value(e.Call)
def _call(node: e.Call, spot: Spot, layout: Layout, known: Known) -> Written:
    name = node.function
    if name == "last_saved":
        argument = node.arguments[0]
        saved = f"${{last-saved#{argument.name if isinstance(argument, e.Ref) else ''}}}"
        return Written(saved, (), (atom(f"{saved} != ''"),))
    if name == "position":
        return Written(f"position({'/'.join(['..'] * layout.steps_to_repeat(spot))})")
    if name == "random_code":
        return Written(_RANDOM if spot.once else f"once({_RANDOM})")
    if name == "join":
        return Written(f"concat({', '.join(_as_text(argument, spot, layout, known) for argument in node.arguments)})")
    if name == "text":
        return Written(f"string({_as_text(node.arguments[0], spot, layout, known)})")
    arguments = [value(argument, spot, layout, known) for argument in node.arguments]
    guard = tuple(term for argument in arguments for term in argument.shown)
    present = tuple(term for argument in arguments for term in argument.present)
    texts = [argument.text for argument in arguments]
    if name == "smaller":
        return Written(f"min({', '.join(texts)})", guard, present, True)
    if name == "larger":
        # Not `max`: in JavaRosa it never gives 0 or less.
        test = " > ".join(bracketed(argument, 1) for argument in arguments)
        return Written(f"if({test}, {texts[0]}, {texts[1]})", guard, present, True)
    if name == "round":
        # Engines differ on halves below zero, so only numbers above it are rounded.
        below = f"{bracketed(arguments[0], 1)} < 0, 0 - round(0 - {bracketed(arguments[0], 2)})"
        return Written(f"if({below}, round({texts[0]}))", guard, present, True)
    if name in ("year", "month"):
        return Written(_part(texts[0], "%Y" if name == "year" else "%n"), guard, present, True)
    if name == "number":
        return Written(f"number({texts[0]})", guard, (*present, atom(f"regex({texts[0]}, {_DIGITS})")), True)
    xpath = table("functions").get(name, {}).get("xpath", f"{name}()")
    return Written(xpath.format(*texts), guard)


def _as_text(argument: Expression, spot: Spot, layout: Layout, known: Known) -> str:
    """A value as text. A date is written 2026-12-31, a blank stays blank."""
    name = argument.name if isinstance(argument, e.Ref) else ""
    kind = layout.kind(name).kind if name else ""
    if (
        kind == "date"
        or isinstance(argument, e.Date)
        or (isinstance(argument, e.Call) and argument.function == "today")
    ):
        return closed(dated(argument, spot, layout, known))
    written = value(argument, spot, layout, known)
    if kind in ("time", "datetime"):
        return closed(Written(f"string({layout.reference(name, spot)})", written.shown))
    return closed(written)
