"""Checks of values: literals, arithmetic, choices between values, spans of time, repeats and functions."""

from __future__ import annotations

from typing import Any

from pimforms.expressions import messages
from pimforms.expressions.check import Checked, check, checks, condition, value, written
from pimforms.expressions.kinds import (
    CHOICES,
    DATE,
    DAYS,
    DECIMAL,
    INTEGER,
    NUMBERS,
    TEXT,
    UNKNOWN,
    Value,
    family,
    plain,
    spoken,
)
from pimforms.expressions.parts import names
from pimforms.expressions.scope import Reader, World, interview_day, reachable
from pimforms.model import expression as e
from pimforms.model.days import nearest_day
from pimforms.model.expression import Expression
from pimforms.model.form import Calculation, Question, Repeat
from pimforms.standards.data import table

_WORDS = {"count": "count of", "sum": "sum of", "min": "smallest of", "max": "largest of"}
# What people know from XPath and Excel, and how the language says it.
_ELSEWHERE = {
    "selected": "x includes code",
    "count_selected": "chosen(x)",
    "string_length": "length(x)",
    "len": "length(x)",
    "concat": "join(x, y)",
    "concatenate": "join(x, y)",
    "min": "smaller(x, y)",
    "max": "larger(x, y)",
    "int": "round(x)",
    "regex": 'x matches "pattern"',
    "if": "this if condition otherwise that",
    "coalesce": "x if x is answered otherwise y",
    "date": "2026-12-31",
    "sum": "sum of x in repeat",
    "count": "count of repeat",
    "string": "text(x)",
    "uuid": "random_code()",
}


@checks(e.Number)
def _number(node: e.Number, reader: Reader, world: World) -> Checked:
    return node, DECIMAL if "." in node.text else INTEGER


@checks(e.String)
def _string(node: e.String, reader: Reader, world: World) -> Checked:
    return node, TEXT


@checks(e.Date)
def _date(node: e.Date, reader: Reader, world: World) -> Checked:
    return node, DATE if real_day(node.iso, node, world) else UNKNOWN


def real_day(iso: str, node: Expression, world: World) -> bool:
    """Whether a date is in the calendar. If not, that is said, with the nearest day that is."""
    near = nearest_day(iso)
    if near is not None:
        world.say(messages.no_such_day(node.place, iso, near))
    return near is None


@checks(e.Arithmetic)
def _arithmetic(node: e.Arithmetic, reader: Reader, world: World) -> Checked:
    spelled = "".join(node.place.text.split())
    if node.operator == "-" and spelled in world.stops and not names(node) <= world.stops.keys():
        fix = f'write `"{spelled}"`: without quotation marks the dash is a subtraction'
        world.say(messages.unknown_name(reader.via or node.place, node.place.text, None, fix))
        return node, UNKNOWN
    left, left_kind = value(node.left, reader, world)
    right, right_kind = value(node.right, reader, world)
    found = e.Arithmetic(node.operator, left, right, node.place)
    if left_kind.kind in DAYS and right_kind.kind in DAYS and node.operator == "-":
        fix = f"write `days from {written(node.right)} to {written(node.left)}`"
        world.say(messages.arithmetic_on_non_number(node.place, "a date", node.operator, fix))
        return found, UNKNOWN
    fine = _number_needed(node.left, left_kind, node.operator, world)
    fine = _number_needed(node.right, right_kind, node.operator, world) and fine
    if not fine or not left_kind.kind or not right_kind.kind:
        return found, UNKNOWN
    whole = left_kind.kind == right_kind.kind == "integer" and node.operator not in ("/", "div")
    return found, INTEGER if whole else DECIMAL


@checks(e.Negate)
def _negate(node: e.Negate, reader: Reader, world: World) -> Checked:
    operand, kind = value(node.operand, reader, world)
    fine = _number_needed(node.operand, kind, "-", world)
    return e.Negate(operand, node.place), Value(kind.kind) if fine else UNKNOWN


def _number_needed(written_: Expression, kind: Value, operator: str, world: World) -> bool:
    if not kind.kind or kind.kind in NUMBERS:
        return True
    text = written(written_)
    if kind.kind in ("code", "text"):
        fix = f"write `number({text})` if it holds digits only"
    elif kind.kind == "codes":
        fix = f"write `chosen({text})` for how many are ticked"
    elif kind.kind in DAYS:
        day, add = interview_day(world)
        fix = f"write `days from {text} to {day}`, or another span{add}"
    else:
        fix = "use a number here"
    world.say(messages.arithmetic_on_non_number(written_.place, spoken(kind), operator, fix))
    return False


@checks(e.Conditional)
def _conditional(node: e.Conditional, reader: Reader, world: World) -> Checked:
    test = condition(node.condition, reader, world)
    world.inner.append((test, reader))
    first, first_kind = value(node.value, reader, world)
    other, other_kind = value(node.otherwise, reader, world)
    found = e.Conditional(first, test, other, node.place)
    return found, common_kind(node, (node.value, first_kind), (node.otherwise, other_kind), world)


def common_kind(
    node: Expression, first: tuple[Expression, Value], other: tuple[Expression, Value], world: World
) -> Value:
    """The kind that two branches have in common; `""` is a blank of any kind."""
    for (branch, _), (_, kind) in ((first, other), (other, first)):
        if isinstance(branch, e.String) and not branch.value:
            return kind._replace(name="")
    one, two = first[1], other[1]
    if not one.kind or not two.kind:
        return UNKNOWN
    if one.kind == two.kind:
        return Value(one.kind, one.list if one.list == two.list else "")
    if one.kind in NUMBERS and two.kind in NUMBERS:
        return DECIMAL
    if one.kind in DAYS and two.kind in DAYS:
        return Value("datetime")
    if family(one.kind) == family(two.kind) == "text":
        return TEXT
    title = f"one side of `otherwise` is {plain(one)}, the other {plain(two)}"
    why, fix = "Whoever reads the value must know what it is.", "give both sides the same kind of value"
    world.say(messages.kinds_do_not_compare(node.place, plain(one), plain(two), why, fix, title))
    return UNKNOWN


@checks(e.Difference)
def _difference(node: e.Difference, reader: Reader, world: World) -> Checked:
    start, start_kind = value(node.start, reader, world)
    end, end_kind = value(node.end, reader, world)
    for part, kind in ((node.start, start_kind), (node.end, end_kind)):
        if kind.kind and kind.kind not in DAYS:
            title = f"`{node.unit} from … to …` needs dates, and this is {spoken(kind)}"
            day, add = interview_day(world)
            why, fix = "It counts the time between two dates.", f"write the name of a `date` question, or `{day}`{add}"
            world.say(messages.wrong_argument(part.place, title, why, fix))
    return e.Difference(node.unit, start, end, node.place), INTEGER


# ---- repeats


@checks(e.Aggregate)
def _aggregate(node: e.Aggregate, reader: Reader, world: World) -> Checked:
    stop = world.stops.get(node.repeat)
    word = _WORDS[node.function]
    if reader.inside is not None:
        title, why = f"`{word}` cannot stand in a `where`", "Collect does not open a form with a count inside a count."
        fix = f"calculate it inside `{reader.inside[-1]}`, and compare that in the `where`"
        world.say(messages.wrong_argument(node.place, title, why, fix))
        return node, UNKNOWN
    if stop is None:
        if node.repeat not in world.form.names_of_damaged:
            repeats = _repeats(world)
            near = messages.nearest(node.repeat, repeats) or (repeats[0] if len(repeats) == 1 else None)
            world.say(messages.unknown_name(node.repeat_place, node.repeat, near))
        return node, UNKNOWN
    if not isinstance(stop.item, Repeat):
        if not getattr(stop.item, "damaged", False):
            world.say(messages.not_a_repeat(node.repeat_place, node.repeat, word, _repeats(world)))
        return node, UNKNOWN
    if not reachable(node.repeat, node.repeat_place, stop, reader, world, all_members=True):
        return node, UNKNOWN
    looks_at_answers = node.where is not None or node.item is not None
    if looks_at_answers and node.repeat in (reader.repeats or ()) and reader.role != "must":
        world.say(messages.counted_inside_itself(node.place, node.repeat, word))
        return node, UNKNOWN
    inside = (*world.repeats_of(stop), node.repeat)
    within = Reader(reader.name, reader.turn, reader.repeats, reader.role, reader.own, reader.via, inside)
    where = None
    if node.where is not None:
        where = condition(node.where, within, world)
        world.inner.append((where, within))
    item, kind = None, INTEGER
    if node.item is not None:
        item, kind = _folded(node, node.item, word, within, world)
    if node.function == "count":
        kind = INTEGER
    return e.Aggregate(node.function, item, node.repeat, where, node.place, node.repeat_place), kind


def _folded(node: e.Aggregate, item: Expression, word: str, within: Reader, world: World) -> Checked:
    """The answer that is summed, and its kind."""
    if isinstance(item, e.Name):
        stop = world.stops.get(item.text)
        inside = world.repeats_of(stop) if stop is not None else ()
        if stop is not None and node.repeat not in inside and world.value(item.text) is not None:
            asked = [
                name
                for name, other in world.stops.items()
                if world.repeats_of(other)[-1:] == (node.repeat,) and (world.value(name) or UNKNOWN).kind in NUMBERS
            ]
            world.say(messages.not_in_repeat(item.place, item.text, node.repeat, inside[-1] if inside else None, asked))
            return item, UNKNOWN
    found, kind = value(item, within, world)
    if kind.kind and not _number_needed(item, kind, word, world):
        return found, UNKNOWN
    return found, Value(kind.kind)


def _repeats(world: World) -> list[str]:
    return [name for name, stop in world.stops.items() if isinstance(stop.item, Repeat)]


# ---- functions


@checks(e.Call)
def _call(node: e.Call, reader: Reader, world: World) -> Checked:
    functions = table("functions")
    row = functions.get(node.function)
    if row is None:
        near = _ELSEWHERE.get(node.function.replace("-", "_").lower()) or messages.nearest(node.function, functions)
        world.say(messages.unknown_function(node.place, node.function, near, functions))
        return node, UNKNOWN
    if not _right_number(node, row["takes"], world):
        return node, UNKNOWN
    if node.function == "last_saved":
        return _last_saved(node, world)
    if node.function == "position" and not (reader.repeats if reader.inside is None else ()):
        title, why = (
            "`position()` means something only in a repeat",
            "It is the number of the member that is asked about.",
        )
        world.say(messages.wrong_argument(node.place, title, why, "use it in a repeat, outside `where`"))
        return node, UNKNOWN
    arguments, kinds = [], []
    for index, argument in enumerate(node.arguments):
        found, kind = value(argument, reader, world)
        takes = row["takes"]
        needed = takes[index] if index < len(takes) and takes[index] != "…" else takes[0]
        if not _fits(kind, needed):
            title = f"`{node.function}` needs {_NEEDED[needed]}, and this is {spoken(kind)}"
            world.say(messages.wrong_argument(argument.place, title, row["says"], f"use {_NEEDED[needed]} here"))
            kind = UNKNOWN
        arguments.append(found)
        kinds.append(kind)
    gives = row["gives"]
    if gives == "number":
        gives = "integer" if all(kind.kind == "integer" for kind in kinds) else "decimal"
    return e.Call(node.function, tuple(arguments), node.place), Value(gives)


_NEEDED = {
    "number": "a number",
    "text": "a text",
    "date": "a date",
    "code": "a choice",
    "codes": "a many-choice answer",
    "any": "a value",
}


def _right_number(node: e.Call, takes: list[str], world: World) -> bool:
    given = len(node.arguments)
    if takes and takes[-1] == "…":
        fine, needed = given >= 1, "at least one value"
    else:
        fine = given == len(takes)
        needed = "no value" if not takes else "one value" if len(takes) == 1 else f"{len(takes)} values"
    if not fine:
        shape = ", ".join(f"{_NEEDED[kind]}" if kind != "…" else "…" for kind in takes)
        title = f"`{node.function}` takes {needed}, and here are {given or 'none'}"
        says = table("functions")[node.function]["says"]
        world.say(messages.wrong_argument(node.place, title, says, f"write `{node.function}({shape})`"))
    return fine


def _fits(kind: Value, needed: str) -> bool:
    found = kind.kind
    if not found:
        return True
    if needed == "number":
        return found in NUMBERS
    if needed == "text":
        return found in ("text", "code")
    if needed == "date":
        return found in DAYS
    if needed in CHOICES:
        return found == needed
    return found not in ("media", "none")


def _last_saved(node: e.Call, world: World) -> Checked:
    """The answer of the form saved before: it needs no order, but it must be one value."""
    argument: Any = node.arguments[0]
    name = argument.text if isinstance(argument, e.Name) else argument.name if isinstance(argument, e.Ref) else None
    stop = world.stops.get(name) if name else None
    why = "It reads one answer of the form that was saved before."
    if name is None or (stop is not None and not isinstance(stop.item, (Question, Calculation))):
        title = "`last saved` needs the name of a question"
        world.say(messages.wrong_argument(argument.place, title, why, "write `last saved` and the name of a question"))
        return node, UNKNOWN
    if stop is None:
        return check(argument, Reader(name, None, None, "default"), world)[0], UNKNOWN
    if world.repeats_of(stop):
        title = f"`last saved` cannot read `{name}`, which stands in a repeat"
        world.say(messages.wrong_argument(argument.place, title, why, "use a question outside repeats"))
        return node, UNKNOWN
    return e.Call("last_saved", (e.Ref(name, argument.place),), node.place), world.value(name) or UNKNOWN
