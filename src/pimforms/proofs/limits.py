"""What an answer must meet: its `must` lines, its range, and the choices that are offered, as facts."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from pimforms.expressions.properties import filter_column
from pimforms.model.form import Question
from pimforms.proofs.values import Val, codes_of, conjuncts, lonely

if TYPE_CHECKING:
    from pimforms.proofs.encode import Encoder, Where


def limits(encoder: Encoder, question: Question, answer: Val, where: Where) -> None:
    """Keeps what holds of an answer wherever it is there."""
    z3 = encoder.z3
    listed = encoder.form.lists.get(question.choices or "")
    if question.kind == "many" and answer.texts is not None:
        _ticks(encoder, question, answer)
    if question.kind == "range" and answer.number is not None:
        given = dict(question.parameters)
        for key, least in (("start", True), ("end", False)):
            if key in given:
                bound = z3.RealVal(given[key])
                encoder.fact(answer.number >= bound if least else answer.number <= bound)
    if listed is not None and (question.within or question.offer):
        _narrowed(encoder, question, answer, where)
    inside = where._replace(own=question.name)
    for must in question.musts:
        for part in conjuncts(must.condition):
            formula = encoder.condition(part, inside, in_must=True)
            encoder.fact(z3.Implies(answer.present, formula), question.name, part.place)


def _ticks(encoder: Encoder, question: Question, answer: Val) -> None:
    z3 = encoder.z3
    listed = encoder.form.lists.get(question.choices or "")
    for code in lonely(question, listed):
        if code in (answer.texts or ()):
            encoder.fact(z3.Implies(answer.ticked(code), answer.how_many <= 1), question.name, question.place)
    if question.most is not None:
        encoder.fact(answer.how_many <= question.most, question.name, question.place)


def _narrowed(encoder: Encoder, question: Question, answer: Val, where: Where) -> None:
    """The choices that are offered: those of the answer before, and what is always offered."""
    z3, form = encoder.z3, encoder.form
    listed = form.lists[question.choices or ""]
    always = set(encoder.layout.refusals(question.name)) | {c.code for c in listed.choices if c.origin}
    narrows: list[tuple[Val, Callable[[str], set[str]]]] = []
    for name in filter(None, (question.within, question.offer)):
        stop = encoder.layout.stops.get(name)
        if stop is None or not isinstance(stop.item, Question):
            continue
        if name == question.offer:
            narrows.append((encoder.answer(name, where), lambda code: {code}))
        else:
            column = filter_column(question, stop.item, form.lists) or name
            belongs: dict[str, set[str]] = {}
            for choice in listed.choices:
                belongs.setdefault(choice.code, set()).update(v for c, v in choice.columns if c == column)
            narrows.append((encoder.answer(name, where), lambda code, belongs=belongs: belongs.get(code, set())))  # type: ignore[misc]
    by_formula: dict[str, list[str]] = {}
    for code in codes_of(form, question):
        by_formula.setdefault(code if code in (answer.texts or ()) else "", []).append(code)
    for known, codes in by_formula.items():
        if any(code in always for code in codes):
            continue
        formula = answer.ticked(known) if known else answer.other
        for before, allowed in narrows:
            ways = [before.ticked(each) for each in sorted({a for code in codes for a in allowed(code)})]
            encoder.fact(z3.Implies(formula, z3.Or(ways)), question.name, question.place)
