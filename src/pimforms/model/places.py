"""The places of a form: the P-codes of its location cascade, and what lies in what."""

from __future__ import annotations

from pimforms.model.form import Form, Question
from pimforms.model.text import Text
from pimforms.model.walk import questions_in
from pimforms.record import record

LEVELS = ("adm1", "adm2", "adm3", "adm4", "site")
"""From wide to narrow, as the common operational datasets call them; a site lies in whatever is above it."""


@record
class PCode:
    """One place: its P-code, its name, its level, and the codes of the places that it lies in, widest first."""

    code: str
    name: Text | None
    level: str
    above: tuple[str, ...] = ()


def cascade(form: Form) -> tuple[Question, ...]:
    """The questions that ask for a place from a list with codes."""
    return tuple(item for item in questions_in(form.items) if item.tags.gives in LEVELS and item.choices in form.lists)


def places_of(form: Form, *levels: str) -> tuple[PCode, ...]:
    """The places that can be chosen at these levels (all, if none is named), each code once, in the order of the lists."""
    found: dict[str, PCode] = {}
    for question in cascade(form):
        level = question.tags.gives or ""
        if levels and level not in levels:
            continue
        for choice in form.lists[question.choices or ""].choices:
            if not choice.refuses and choice.origin is None:
                above = tuple(code for column, code in choice.columns if column in LEVELS)
                found.setdefault(choice.code, PCode(choice.code, choice.label, level, above))
    return tuple(found.values())


def finest(form: Form) -> tuple[PCode, ...]:
    """The places of the narrowest level that the form asks for; none if it has no cascade."""
    asked = [question.tags.gives or "" for question in cascade(form)]
    return places_of(form, max(asked, key=LEVELS.index)) if asked else ()
