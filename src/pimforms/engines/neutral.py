"""What is answered where a scenario says nothing and an answer is required: something valid that opens little.

Of choices: to say nothing, else not to know, else no, else the first that is offered. Of numbers: 0, else one near a
limit. Of texts: one that fits. Questions that may be left blank are left blank.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from pimforms.engines.samples import sample
from pimforms.expressions.kinds import refusals
from pimforms.expressions.parts import every
from pimforms.model.expression import Date, Match, Number
from pimforms.model.form import Form, Question

_QUIET = ("dnk", "no", "none", "nothing")
_PLAIN = {
    "time": ("12:00:00.000Z", "12:00"),
    "datetime": ("2026-01-01T12:00:00.000Z",),
    "geopoint": ("0 0 0 0",),
    "geotrace": ("0 0 0 0; 0 1 0 0",),
    "geoshape": ("0 0 0 0; 0 1 0 0; 1 1 0 0; 0 0 0 0",),
    "image": ("picture.jpg",),
    "audio": ("sound.m4a",),
    "video": ("film.mp4",),
    "file": ("file.pdf",),
    "acknowledge": ("OK",),
}
_TEXTS = ("text", "a", "0", "0000000000", "a text of some length")
_NUMBERS = (0, 1, 2, 5, 10, 18, 30, 100)


def candidates(question: Question, form: Form, offered: Sequence[str]) -> Iterator[str]:
    """Answers to try, the plainest first. `offered` are the codes on the screen."""
    kind = question.kind
    if kind == "rank":
        yield " ".join(offered)
    elif kind in ("one", "many", "yes_no"):
        listed = form.lists.get(question.choices or "")
        quiet = (*sorted(refusals(question, listed)), *_QUIET)
        yield from dict.fromkeys((*(code for code in quiet if code in offered), *offered))
    elif kind in ("integer", "decimal", "range"):
        yield from dict.fromkeys((*_range(question), *map(str, _NUMBERS), *_numbers(question)))
    elif kind == "date":
        today = date.today()  # noqa: DTZ011  the engine knows no other day
        days = (date(today.year - 1, 1, 1), today, today + timedelta(days=1))
        yield from (day.isoformat() for day in days)
        yield from _days(question)
    elif kind in _PLAIN:
        yield from _PLAIN[kind]
    else:
        patterns = [
            part.pattern for must in question.musts for part in every(must.condition) if isinstance(part, Match)
        ]
        yield from (text for pattern in patterns if (text := sample(pattern)) is not None)
        yield from _TEXTS


def _range(question: Question) -> Iterator[str]:
    if question.kind == "range":
        yield from (number for name, number in question.parameters if name == "start")


def _numbers(question: Question) -> Iterator[str]:
    """The numbers that the question must keep to, and their neighbours."""
    for must in question.musts:
        for part in every(must.condition):
            if isinstance(part, Number):
                near = float(part.text)
                yield from (f"{near + step:g}" for step in (0, 1, -1))


def _days(question: Question) -> Iterator[str]:
    for must in question.musts:
        for part in every(must.condition):
            if isinstance(part, Date):
                near = date.fromisoformat(part.iso)
                yield from ((near + timedelta(days=step)).isoformat() for step in (0, 1, -1))
