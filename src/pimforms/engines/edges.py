"""Answers at the edges: what walks try where a question has no choices."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from pimforms.engines.samples import sample
from pimforms.expressions.parts import every
from pimforms.model import expression as e
from pimforms.model.form import Question

_NUMBERS = ("1", "0", "5", "-1", "2", "17", "18", "40", "120", "999999999")
_DAYS = ("2026-01-15", "2000-02-29", "1900-01-01", "2099-12-31", "2025-11-30", "1990-06-01")
# Among the texts: what breaks XML, what breaks a spreadsheet, and more than a line.
_TEXTS = ("word", 'it\'s <b> & "so"', "=1+1", "نص ५ é", "long " * 60)
_PLAIN = {
    "time": ("08:30:00.000Z", "00:00:00.000Z", "23:59:00.000Z"),
    "datetime": ("2026-01-15T08:30:00.000Z", "2000-02-29T00:00:00.000Z"),
    "geopoint": ("12.5 41.9 0 5", "-90 -180 0 0"),
    "geotrace": ("12.5 41.9 0 5;12.6 41.9 0 5",),
    "geoshape": ("12.5 41.9 0 5;12.6 41.9 0 5;12.6 42 0 5;12.5 41.9 0 5",),
    "acknowledge": ("OK",),
    "barcode": ("4006381333931",),
    "image": ("photo.jpg",),
    "audio": ("sound.m4a",),
    "video": ("film.mp4",),
    "file": ("paper.pdf",),
}
_STEPS = (0, 1, -1)


def edges(question: Question) -> tuple[str, ...]:
    """Answers to try, those that its own conditions speak of first. Nothing for a question with choices."""
    kind = question.kind
    if kind in ("integer", "decimal", "range"):
        found = [*_bounds(question), *_NUMBERS, *(("0.5", "-2.25") if kind == "decimal" else ())]
        return tuple(dict.fromkeys(each for each in found if kind == "decimal" or "." not in each))
    if kind == "date":
        return tuple(dict.fromkeys((*_days(question), *_DAYS)))
    if kind in _PLAIN:
        return _PLAIN[kind]
    return tuple(dict.fromkeys((*_shapes(question), *_TEXTS)))


def _conditions(question: Question) -> Iterator[e.Expression]:
    for must in question.musts:
        yield from every(must.condition)


def _bounds(question: Question) -> Iterator[str]:
    """The numbers that the question must keep to, and their neighbours."""
    ends = [text for name, text in question.parameters if name in ("start", "end")]
    written = [part.text for part in _conditions(question) if isinstance(part, e.Number)]
    for text in (*ends, *written):
        for step in _STEPS:
            yield f"{float(text) + step:.12g}"


def _days(question: Question) -> Iterator[str]:
    for part in _conditions(question):
        if isinstance(part, e.Date):
            for step in _STEPS:
                yield (date.fromisoformat(part.iso) + timedelta(days=step)).isoformat()


def _shapes(question: Question) -> Iterator[str]:
    """Texts that have the shape the question asks for."""
    for part in _conditions(question):
        if isinstance(part, e.Match):
            found = sample(part.pattern)
            if found is not None:
                yield found
        elif isinstance(part, e.String):
            yield part.value
