"""What the interviewer reads beside a free text, so that no name is written into it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pimforms.diagnostics import Severity, rule
from pimforms.model.form import Form, Group, Item, Question, Repeat
from pimforms.model.identity import identifies
from pimforms.model.level import Level
from pimforms.model.text import Text
from pimforms.protect.build import Maker

_FREE = ("text",)


@rule("PIM215", "no-names-in-text", Severity.ADDED, standard="PIM principle 2, Do no harm")
def without_names(form: Form) -> Form:
    """
    From MODERATE on, and with `split contact`, the interviewer reads at each free text that no name is written into it.

    ## Why
    Free text is where harm hides: a name, a number, a place that says who it was. What is written there is read by a person
    before anything of it is shared. The sentence stands in the guidance of the question, behind what the author wrote; a
    question that gives a name, an address or a number, and one whose guidance says it already, has none. Where names stand in
    a form of their own, the other one promises to hold none, so it is said at every level.
    """
    least = Level.LOW if form.facts.split_off else Level.MODERATE
    if form.level < least:
        return form
    return replace(form, items=_noted(form.items, Maker(form.facts.languages), least))


def _noted(items: Sequence[Item], maker: Maker, least: Level) -> tuple[Item, ...]:
    done: list[Item] = []
    for item in items:
        if isinstance(item, (Group, Repeat)):
            done.append(replace(item, items=_noted(item.items, maker, least)))
        elif isinstance(item, Question) and _needs_it(item, least):
            done.append(replace(item, guidance=_guidance(item, maker)))
        else:
            done.append(item)
    return tuple(done)


def _needs_it(question: Question, least: Level) -> bool:
    free = question.kind in _FREE and question.origin is None
    return free and question.tags.level >= least and identifies(question) is None


def _guidance(question: Question, maker: Maker) -> Text:
    """The author's own words first."""
    own = question.guidance
    sentence = maker.say("no_names", question.place)
    values: dict[str, str] = {}
    for language in maker.languages:
        said, asked = (own.get(language) if own else ""), sentence.get(language)
        values[language] = said if asked and asked in said else "\n".join(filter(None, (said, asked)))
    return Text(
        {language: text for language, text in values.items() if text}, question.place, own.references if own else ()
    )
