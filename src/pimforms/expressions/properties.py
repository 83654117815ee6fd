"""Checks of what stands beside a question and is more than a condition: defaults, narrowing, texts, keys, times."""

from __future__ import annotations

from typing import Any

from pimforms.expressions import messages
from pimforms.expressions.check import check, written
from pimforms.expressions.check_conditions import code_or_value, literal
from pimforms.expressions.defaults import default_problem
from pimforms.expressions.kinds import CHOICES, DAYS, NUMBERS, UNKNOWN, Value, family, plain, spoken
from pimforms.expressions.scope import Reader, World, reachable, read_name
from pimforms.model import expression as e
from pimforms.model.expression import Expression
from pimforms.model.form import Question
from pimforms.model.text import Text


def resolved_default(question: Question, default: Expression, reader: Reader, world: World) -> Expression:
    """The default, which must be an answer that the question can have."""
    kind = world.value(question.name) or UNKNOWN
    if kind.kind in CHOICES:
        return _default_choice(question, default, kind, reader, world)
    found, given = check(default, reader, world)
    if given.kind and kind.kind and not _fits(default, given, kind):
        title = f"the default of `{question.name}` is {spoken(given)}, and the answer is {plain(kind)}"
        why, fix = "A default is what stands there before anybody answers.", _default_fix(default, given, kind)
        world.say(messages.default_does_not_fit(default.place, title, why, fix))
    else:
        problem = default_problem(question, default)
        if problem is not None:
            world.say(messages.default_does_not_fit(default.place, *problem))
    return found


def _fits(default: Expression, given: Value, kind: Value) -> bool:
    if kind.kind == "integer":
        return given.kind == "integer"
    if kind.kind == "decimal":
        return given.kind in NUMBERS
    if kind.kind in DAYS:
        return given.kind in DAYS
    if kind.kind == "text":
        return family(given.kind) == "text" or given.kind in NUMBERS
    if kind.kind in ("place", "time"):
        return isinstance(default, e.String) or given.kind == kind.kind
    return False


def _default_fix(default: Expression, given: Value, kind: Value) -> str:
    text = literal(default) or ""
    if kind.kind in NUMBERS and isinstance(default, e.String) and text.strip("-").replace(".", "", 1).isdigit():
        return f"write {text} without quotation marks"
    if kind.kind == "integer" and given.kind == "decimal":
        return "write a whole number, or make the question `decimal`"
    if kind.kind in DAYS:
        return "write a date such as 2026-12-31, or `today`"
    if kind.kind in ("media", "none"):
        return "take the default out"
    return f"write {plain(kind)}, or take the default out"


def _default_choice(question: Question, default: Expression, kind: Value, reader: Reader, world: World) -> Expression:
    text = literal(default)
    codes = world.codes_of(kind)
    if text is not None and codes is not None and text not in codes and not _is_item(default, world):
        listed = world.list_of(kind)
        folded = text.casefold()
        by_label = [
            choice.code
            for choice in (listed.choices if listed else ())
            if choice.label and folded in (value.casefold() for value in choice.label.values.values())
        ]
        near = by_label[0] if by_label else messages.nearest(text, codes)
        title = f"the default `{text}` is not a choice of `{question.name}`"
        fix = f"write `{near}`" if near else "write one of these codes, or take the default out"
        world.say(
            messages.default_does_not_fit(default.place, title, f"The codes are: {messages.some(codes, 20)}.", fix)
        )
        return default
    return code_or_value(default, kind, reader, world)


def _is_item(expression: Expression, world: World) -> bool:
    return isinstance(expression, e.Name) and (
        expression.text in world.stops or expression.text in world.form.names_of_damaged
    )


def resolved_times(count: Expression, reader: Reader, world: World) -> Expression:
    """How many members a repeat has: a whole number, asked before."""
    found, kind = check(count, reader, world)
    if kind.kind and kind.kind != "integer":
        text = written(count)
        if kind.kind == "codes":
            fix = f"write `times chosen({text})`"
        elif kind.kind == "decimal":
            fix = (
                f"write `times round({text})`, or make `{text}` an `integer`" if kind.name else f"write `round({text})`"
            )
        else:
            fix = "write the name of an `integer` question that is asked before the repeat"
        world.say(messages.times_is_not_a_number(count.place, spoken(kind), fix))
    return found


def resolved_key(key: Expression, reader: Reader, world: World) -> Expression:
    """What is looked up in a file."""
    found, kind = check(key, reader, world)
    if kind.kind and kind.kind not in ("text", "code", "integer"):
        fix = "look up a text, a code or a whole number that the file holds in the same writing"
        world.say(messages.bad_key(key.place, spoken(kind), fix))
    return found


def check_text(text: Text, reader: Reader, world: World) -> None:
    """The answers that a text speaks of: there, asked before, and of a kind that can be spoken."""
    for reference in text.references:
        name, place = reference.name, reference.place
        stop = world.stops.get(name)
        if stop is None or world.value(name) is None:
            read_name(e.Name(name, place), reader, world)
            continue
        kind = world.value(name)
        assert kind is not None
        if not kind.kind or not reachable(name, place, stop, reader, world):
            continue
        if kind.kind in ("media", "none"):
            world.say(messages.cannot_be_spoken(place, name, plain(kind), f"take `{{{name}}}` out"))
        elif reference.code and kind.kind not in CHOICES:
            what = f"{plain(kind)}, and has no code"
            world.say(messages.cannot_be_spoken(place, name, what, f"write `{{{name}}}`"))


def check_narrowing(question: Question, reader: Reader, world: World) -> None:
    """`within` and `offer only`: another question of the right kind, asked before, that shares what it narrows by."""
    for word, name in (("within", question.within), ("offer only", question.offer)):
        if name is None or name in world.form.names_of_damaged:
            continue
        problem = _narrowing_problem(word, name, question, reader, world)
        if problem is not None:
            world.say(messages.wrong_narrowing(question.place, word, name, *problem))


def _narrowing_problem(
    word: str, name: str, question: Question, reader: Reader, world: World
) -> tuple[str, str] | None:
    stop = world.stops.get(name)
    needed = "one" if word == "within" else "many"
    if stop is None or not isinstance(stop.item, Question):
        asked = [
            other
            for other, found in world.stops.items()
            if isinstance(found.item, Question) and found.item.kind == needed and found.turn < (reader.turn or 0)
        ]
        near = messages.nearest(name, asked)
        fix = f"write `{word} {near}`" if near else f"name a `{needed}` question that is asked before"
        return f"There is no question called `{name}`.", fix
    other: Any = stop.item
    if other.damaged:
        return None
    if world.turn(name) >= (reader.turn or 0):
        return f"`{name}` is asked later.", f"move `{name}` above `{question.name}`"
    repeats = world.repeats_of(stop)
    if reader.repeats is not None and repeats and reader.repeats[: len(repeats)] != repeats:
        return (
            f"`{name}` is asked for each of `{repeats[-1]}`, and this stands outside it.",
            f"ask it inside `{repeats[-1]}`",
        )
    kind = world.value(name)
    if kind is None or kind.kind != ("code" if word == "within" else "codes"):
        what = "one choice" if word == "within" else "several choices"
        return (
            f"`{name}` must have {what}, and it is {plain(kind) if kind else 'nothing'}.",
            f"name a `{needed}` question",
        )
    return _shared(word, name, other, question, world)


def _shared(word: str, name: str, other: Question, question: Question, world: World) -> tuple[str, str] | None:
    listed = world.form.lists.get(question.choices or "")
    theirs = world.form.lists.get(other.choices or "")
    if listed is None or theirs is None or not listed.choices or not theirs.choices:
        return None
    if word == "within":
        if filter_column(question, other, world.form.lists) is None:
            why = f"The choices of `{question.name}` do not say to which choice of `{name}` they belong."
            return why, f"write `{name}: CODE` under each choice of `{listed.name}`"
        return None
    if not {choice.code for choice in listed.choices} & {choice.code for choice in theirs.choices}:
        return f"`{name}` and `{question.name}` have no choice in common.", f"use the list of `{name}` for both"
    return None


def filter_column(question: Question, other: Question, lists: Any) -> str | None:
    """The column of a list that says to which choice of another question each of its choices belongs."""
    listed = lists.get(question.choices or "")
    if listed is None:
        return None
    columns = {column for choice in listed.choices for column, _ in choice.columns}
    for wanted in (other.name, other.choices):
        if wanted in columns:
            return wanted
    return None
