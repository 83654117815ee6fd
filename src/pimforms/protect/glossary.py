"""What a hard word means, where the interviewer needs it: in the guidance of the question that says it (rule PIM605)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pimforms.model.facts import Explanation
from pimforms.model.form import Form, Group, Item, Question, Repeat
from pimforms.model.glossary import explained_in
from pimforms.model.text import Text


def with_glossary(form: Form) -> Form:
    """The form with the explanations of the words that each question uses in its guidance."""
    return replace(form, items=_explained(form, form.items)) if form.explanations else form


def _explained(form: Form, items: Sequence[Item]) -> tuple[Item, ...]:
    done: list[Item] = []
    for item in items:
        if isinstance(item, (Group, Repeat)):
            done.append(replace(item, items=_explained(form, item.items)))
        elif isinstance(item, Question) and (found := explained_in(form, item)):
            done.append(replace(item, guidance=_guidance(item, found, form.facts.languages)))
        else:
            done.append(item)
    return tuple(done)


def _guidance(question: Question, found: Sequence[Explanation], languages: Sequence[str]) -> Text:
    """The author's own guidance first."""
    own = question.guidance
    values: dict[str, str] = {}
    for language in languages:
        meanings = [f"{each.word}: {each.meaning.get(language)}" for each in found if each.meaning.get(language)]
        values[language] = "\n".join(filter(None, (own.get(language) if own else "", *meanings)))
    references = own.references if own else ()
    return Text({language: text for language, text in values.items() if text}, question.place, references)
