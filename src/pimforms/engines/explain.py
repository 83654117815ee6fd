"""Why a question was not asked, and why an answer was not taken: in the words of the form."""

from __future__ import annotations

from pimforms.engines.book import Book, path_of, within
from pimforms.engines.interview import NOT_A_CHOICE, REFUSED, REQUIRED, Answered, Asked, Interview
from pimforms.engines.records import leaves
from pimforms.expressions.kinds import value_of
from pimforms.expressions.parts import names
from pimforms.model.expression import Expression
from pimforms.model.form import Item
from pimforms.model.scenario import Members
from pimforms.model.walk import Stop
from pimforms.source import Place

_LONGEST = 120


def cut(text: str) -> str:
    """A text in one line, cut where it is long."""
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"


def refusal(asked: Asked, item: Item, value: str, answered: Answered) -> tuple[str, str, str]:
    """What is said of an answer that was not taken: message, why, fix."""
    name = asked.name
    if answered.status == REQUIRED:
        return f"`{name}` may not be left blank", "It must be answered.", f"answer it: answer {name} …"
    title = f"the form does not take `{cut(value)}` for `{name}`"
    if answered.status == REFUSED:
        why = f"It says: {cut(answered.message)}" if answered.message else "It does not meet a `must` of the question."
        return title, why, f"give another answer, or write: expect refused {name} {written(item, value)}"
    if answered.status == NOT_A_CHOICE:
        return title, f"{_sentence(answered.message)}", "answer with one of the choices that are offered"
    return title, _sentence(answered.message), "give an answer that a person can give on the phone"


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{cut(text)[1:]}." if text else "The engine does not say why."


def written(item: Item, value: str) -> str:
    """A value of an item as a scenario has it."""
    found = value_of(item)
    kind = found.kind if found is not None else ""
    if kind == "codes":
        return ", ".join(value.split(" "))
    return value if value and kind in ("code", "integer", "decimal", "date") else f'"{value}"'


def why_hidden(
    name: str, members: Members, book: Book, interview: Interview
) -> tuple[str, tuple[tuple[str, Place], ...]]:
    """Why a question is not asked: its conditions as the author wrote them, with the answers that they read."""
    stop = book.stops[name]
    if name in book.written and name not in book.remainder:
        agreed = interview.value(book.agree)
        if agreed != "yes":
            return f"The person did not agree: `{book.agree}` is {_said(agreed)}. Nothing is asked after that.", ()
    missing = _missing_member(members, book, interview)
    if missing is not None:
        repeat, number = missing
        times = next((around for around in stop.repeats if around.name == repeat), None)
        counted = times.count.place if times is not None and times.count is not None else None
        related = (("how many there are", counted),) if counted is not None else ()
        return f"There is no member {number} of `{repeat}`.", related
    found = list(_conditions(name, book))
    if not found:
        return _added(name, members, book, interview), ()
    read = {other: None for condition in found for other in sorted(names(condition)) if other in book.stops}
    values = [f"`{other}` is {_said(_value(other, members, book, interview))}" for other in read]
    asked = " and ".join(f"`when {' '.join(condition.place.text.split())}`" for condition in found)
    why = f"It is asked {asked}."
    if values:
        why += f" Here {', '.join(values)}."
    return why, tuple(("its condition", condition.place) for condition in found)


def _missing_member(members: Members, book: Book, interview: Interview) -> tuple[str, int] | None:
    """The first of these members that is not there. One that a counted repeat has too many is there, and all of it hidden."""
    if not members:
        return None
    sent = leaves(interview.submission(), book.repeats)
    counted = {name for name in book.repeats if getattr(book.stops[name].item, "count", None) is not None}
    there = {leaf.members[: i + 1] for leaf in sent if leaf.name not in counted for i in range(len(leaf.members))}
    return next((members[i] for i in range(len(members)) if members[: i + 1] not in there), None)


def _added(name: str, members: Members, book: Book, interview: Interview) -> str:
    """Which questions that were added stand before one, and how they are answered."""
    conditions = book.stops[name].conditions
    read = sorted({other for when in conditions for other in names(when) if other in book.stops} - {book.agree})
    values = {other: _value(other, members, book, interview) for other in read}
    said = [f"`{other}` is {_said(value)}" for other, value in values.items() if value is not None]
    if not said:
        return "Something that was added stands before it: `pimforms show` says what."
    return f"What was added before it closes it: {', '.join(said[:6])}."


def _conditions(name: str, book: Book) -> tuple[Expression, ...]:
    """The conditions of a question and of what stands around it, outermost first."""
    stop: Stop | None = book.written.get(name) or book.stops.get(name)
    return stop.conditions if stop is not None else ()


def _value(name: str, members: Members, book: Book, interview: Interview) -> str | None:
    repeats = [repeat.name for repeat in book.stops[name].repeats]
    here = tuple(pair for pair in members if pair[0] in repeats)
    return interview.value(path_of(name, here) if within(members, here) else name)


def _said(value: str | None) -> str:
    return "not asked" if value is None else f"`{cut(value)}`" if value else "blank"
