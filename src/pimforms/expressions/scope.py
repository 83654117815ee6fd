"""What an expression can see from where it stands, and the reading of one name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pimforms.diagnostics import Diagnostic
from pimforms.expressions import messages
from pimforms.expressions.kinds import DATE, DATETIME, NUMBERS, TEXT, UNKNOWN, Value, refusals, value_of
from pimforms.model.expression import Call, Expression, Name, Ref, String
from pimforms.model.form import Calculation, ChoiceList, Form, Group, Metadata, Question, Repeat
from pimforms.model.walk import Stop
from pimforms.source import Place

ALWAYS_KNOWN = -1
"""The turn of what the phone knows before the first question."""
_QUOTES = tuple('"“”„‟«')
_BUILT_IN = {"today": DATE, "now": DATETIME}


@dataclass(slots=True)
class World:
    """Everything that is the same for all expressions of a form, and what has been said so far.

    `ready` is the turn at which a calculation is worked out, `ready_via` the answer it waits for. `inner` are conditions
    found inside other expressions, to be looked at by `possible`. `open` are the named conditions being put in.
    """

    form: Form
    stops: Mapping[str, Stop]
    values: dict[str, Value] = field(default_factory=dict)
    ready: dict[str, int] = field(default_factory=dict)
    ready_via: dict[str, str] = field(default_factory=dict)
    conditions: dict[str, tuple[Expression, Value]] = field(default_factory=dict)
    said: dict[tuple[str, int, int, str], Diagnostic] = field(default_factory=dict)
    inner: list[tuple[Expression, Reader]] = field(default_factory=list)
    open: list[str] = field(default_factory=list)
    codes: dict[str, dict[str, None] | None] = field(default_factory=dict)
    repeats: dict[int, tuple[str, ...]] = field(default_factory=dict)
    spoken: dict[str, dict[str, tuple[str | None, str | None]]] = field(default_factory=dict)

    def say(self, diagnostic: Diagnostic) -> None:
        """Keeps it once: the rows of a table share the places of their template."""
        place = diagnostic.place
        self.said.setdefault((place.path, place.start, place.end, diagnostic.code), diagnostic)

    def nearest(self, name: str) -> str | None:
        """The item or named condition with the name most like this one."""
        return messages.nearest(name, (*self.stops, *self.form.conditions))

    def has_said(self, place: Place) -> bool:
        """Whether something was said about exactly this place."""
        return any(key[:3] == (place.path, place.start, place.end) for key in self.said)

    def value(self, name: str) -> Value | None:
        """The kind of an item's answer, None for what has none."""
        known = self.values.get(name)
        if known is None:
            known = value_of(self.stops[name].item)
            if known is not None and name in self.form.names_of_damaged:
                known = UNKNOWN  # its type was not understood
            if known is not None:
                self.values[name] = known
        return known

    def codes_of(self, value: Value) -> dict[str, None] | None:
        """The codes an answer can have, in the order of its list; None if its list is not known."""
        name = value.name or value.list
        if name in self.codes:
            return self.codes[name]
        listed = self.form.lists.get(value.list)
        if listed is not None:
            found: dict[str, None] | None = dict.fromkeys(choice.code for choice in listed.choices) or None
        else:
            found = {"yes": None, "no": None} if value.list == "yes_no" else None
        stop = self.stops.get(value.name)
        if found is not None and stop is not None:
            found.update(dict.fromkeys(refusals(stop.item, listed)))
        self.codes[name] = found
        return found

    def spoken_codes(self, value: Value, codes: Iterable[str]) -> dict[str, tuple[str | None, str | None]]:
        """For a code without its capitals, or a label: the code meant. Second: the code with blanks for its `_`."""
        name = value.name or value.list
        found = self.spoken.get(name)
        if found is None:
            labelled = {code.casefold(): code for code in reversed(tuple(codes))}
            listed = self.list_of(value)
            spelled: dict[str, str] = {}
            for choice in listed.choices if listed is not None else ():
                for label in choice.label.values.values() if choice.label else ():
                    labelled.setdefault(" ".join(label.split()).casefold(), choice.code)
                spelled[choice.code.replace("_", " ").casefold()] = choice.code
            found = {text: (labelled.get(text), spelled.get(text)) for text in {**labelled, **spelled}}
            self.spoken[name] = found
        return found

    def list_of(self, value: Value) -> ChoiceList | None:
        return self.form.lists.get(value.list)

    def repeats_of(self, stop: Stop) -> tuple[str, ...]:
        """The names of the repeats around an item, outermost first."""
        key = id(stop.around)
        known = self.repeats.get(key)
        if known is None:
            known = tuple(container.name for container in stop.around if isinstance(container, Repeat))
            self.repeats[key] = known
        return known

    def turn(self, name: str) -> int:
        """When an answer is there at the latest: the turn of its question, or of the last one it is worked out from."""
        return self.ready.get(name, self.stops[name].turn)


@dataclass(slots=True)
class Reader:
    """Where an expression stands.

    `role` is "when", "must", "value", "default", "times", "key" or "text". `own` is the kind of the answer in a `must`.
    `turn` is None where order does not matter: a calculation is worked out again whenever something changes.
    `via` is where a named condition is used. `inside` are the repeats around a `where`.
    """

    name: str
    turn: int | None
    repeats: tuple[str, ...] | None
    role: str
    own: Value | None = None
    via: Place | None = None
    inside: tuple[str, ...] | None = None


def read_name(node: Name, reader: Reader, world: World) -> tuple[Expression, Value]:
    """The answer that a bare word stands for. Anything wrong is said, and gives UNKNOWN."""
    text, place = node.text, node.place
    stop = world.stops.get(text)
    if stop is None:
        return _not_an_item(node, reader, world)
    value = world.value(text)
    if value is None:
        _say_no_value(node, stop, world)
        return node, UNKNOWN
    if not value.kind and type(stop.item) is Question:
        return Ref(text, place), UNKNOWN  # its line did not parse
    if not reachable(text, place, stop, reader, world):
        return Ref(text, place), UNKNOWN
    return Ref(text, place), value


def reachable(text: str, place: Place, stop: Stop, reader: Reader, world: World, *, all_members: bool = False) -> bool:
    """Whether an answer is there where it is read, and is one (`all_members`: or is counted). What is wrong is said."""
    shown = reader.via or place
    if reader.role == "must" and text == reader.name and reader.inside is None:
        world.say(messages.own_name_in_must(shown, text))
        return False
    around = reader.repeats if reader.inside is None else reader.inside
    repeats = world.repeats_of(stop)
    if around is not None and repeats and around[: len(repeats)] != repeats and not all_members:
        world.say(_outside(text, shown, repeats, reader, world))
        return False
    if reader.turn is not None and world.turn(text) >= reader.turn:
        late = world.ready_via.get(text)
        asked = world.stops[late].item.place if late else stop.item.place
        world.say(messages.used_before_asked(shown, text, reader.name, asked, late))
        return False
    return True


def _outside(text: str, place: Place, repeats: tuple[str, ...], reader: Reader, world: World) -> Diagnostic:
    last = repeats[-1]
    if reader.role == "text":
        fix = _calculated_first(text, last, world)
    elif reader.inside is not None and reader.repeats is not None and reader.repeats[: len(repeats)] == repeats:
        fix = f"`where` sees only the members it counts; compare `{text}` outside it"
    elif reader.role == "times":
        fix = "ask before the repeat how many there are, and name that answer"
    elif (world.value(text) or UNKNOWN).kind in ("integer", "decimal"):
        fix = f"write `(count of {last} where {text} > 0)`, or `sum of {text} in {last}`"
    else:
        fix = f"write `(count of {last} where {text} is …) > 0`"
    return messages.read_from_outside_repeat(place, text, last, fix)


def _calculated_first(text: str, repeat: str, world: World) -> str:
    """In braces only a name can stand, so what is counted or summed needs one."""
    if (world.value(text) or UNKNOWN).kind in NUMBERS:
        name, value = f"{text}_total", f"sum of {text} in {repeat}"
    else:
        name, value = f"{repeat}_count", f"count of {repeat} where {text} is answered"
    if name in world.stops:
        name = f"{name}_2"
    return f"write `calculate {name} = {value}` above this line, and `{{{name}}}` here"


def interview_day(world: World) -> tuple[str, str]:
    """The name of the day of the interview, which stays as it was; and what to add above if the form has none."""
    for name, stop in world.stops.items():
        if isinstance(stop.item, Metadata) and stop.item.kind == "today":
            return name, ""
    return "interview_date", "; add `record today as interview_date` above"


def _say_no_value(node: Name, stop: Stop, world: World) -> None:
    item = stop.item
    if isinstance(item, Repeat):
        what, fix = "a repeat", f"write `count of {node.text}`"
    elif isinstance(item, Group):
        first = next((inner.name for inner in item.items if isinstance(inner, (Question, Calculation))), None)
        what, fix = "a group", f"write the name of a question in it, such as `{first}`" if first else "name a question"
    else:
        what, fix = "a note", "name a question"
    world.say(messages.not_an_answer(node.place, node.text, what, item.place, fix))


def _not_an_item(node: Name, reader: Reader, world: World) -> tuple[Expression, Value]:
    text, place = node.text, node.place
    if text in world.form.names_of_damaged:
        return node, UNKNOWN
    if place.text != text and place.text[:1] in _QUOTES:
        return String(text, place), TEXT
    if text in _BUILT_IN:
        return Call(text, (), place), _BUILT_IN[text]
    near = world.nearest(text)
    fix = f'write `"{near}"`' if near and not near.isidentifier() and reader.role != "text" else None
    if near is None and reader.role in ("value", "default"):
        fix = f'write `"{text}"` if this text is meant, or the name of an answer that is asked'
    world.say(messages.unknown_name(reader.via or place, text, near, fix))
    return node, UNKNOWN
