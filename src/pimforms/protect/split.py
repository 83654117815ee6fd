"""Split compilation: one form without identities, and a small form for names and numbers, joined by a random code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from pimforms.diagnostics import Severity, rule
from pimforms.expressions.parts import names
from pimforms.model.expression import Call, Expression, Logic, meaning
from pimforms.model.form import Calculation, ConsentPoint, Form, Group, Item, Note, Question, Repeat
from pimforms.model.identity import direct_identifiers, is_split_off
from pimforms.model.level import Level
from pimforms.model.names import made_name
from pimforms.model.text import TextReference
from pimforms.model.walk import questions_in, walk
from pimforms.protect.build import TAGS, all_of
from pimforms.protect.weave import split as around_consent
from pimforms.protect.words import say, spoken

LINK = "pim_link"
"""The name of the random code, unless the form has one of its own."""
_CODE = "random_code"


@rule("PIM503", "contact-split", Severity.ADDED, standard="PIM principle 5, Data protection and security")
def split_contact(form: Form) -> tuple[Form, Form | None]:
    """
    `split contact` makes two forms: one without identities, and a small encrypted one for names and numbers.

    ## Why
    Encrypting a whole form leaves no table, no map and no export on the server. Names and numbers alone need it. So they
    stand in a form of their own, with a consent of its own, and a random code joins the two. The first form shows the code
    where the contact would be asked; in the second one it is typed in. `compile` writes both: `OUT.xlsx` and
    `OUT-contact.xlsx`.
    """
    if form.facts.split is None or not direct_identifiers(form.items):
        return form, None
    before, point, after = around_consent(form)
    code = _own_code(after)
    asked = _Taker(form, code or LINK)
    kept = asked.without(after)
    added: tuple[Item, ...] = () if code else (_link(point),)
    contact = _contact(form, before, point, asked.taken)
    facts = replace(form.facts, split_off=direct_identifiers(asked.taken))
    return replace(form, items=(*before, point, *added, *kept), facts=facts), contact


def contact_name(form: Form) -> str:
    """The form id of the contact form."""
    return made_name(form.name, "contact")


def _own_code(items: Sequence[Item]) -> str | None:
    """The random code that the form has already, asked of everybody once."""
    for item in items:
        if not isinstance(item, Calculation) or item.tags.gives != "record_code" or item.when is not None:
            continue
        if isinstance(item.value, Call) and item.value.function == _CODE:
            return item.name
    return None


def _link(point: ConsentPoint) -> Calculation:
    tags = replace(TAGS, gives="record_code", hxl="#meta+id")
    return Calculation(LINK, Call(_CODE, (), point.place), point.place, tags, "text", origin="PIM503")


@dataclass
class _Taker:
    """Takes the identifiers out, and leaves a note with the code where they stood."""

    form: Form
    code: str
    taken: list[Question] = field(default_factory=list)
    notes: int = 0

    def without(self, items: Sequence[Item]) -> tuple[Item, ...]:
        kept: list[Item] = []
        shown: list[object] = []  # under which conditions the code was just shown
        for item in items:
            if isinstance(item, (Group, Repeat)):
                inner = self.without(item.items)
                kept.append(replace(item, items=inner))
                shown = []
            elif isinstance(item, Question) and is_split_off(item):
                self.taken.append(item)
                here = self._readable(item.when)
                meant = None if here is None else meaning(here)
                if meant not in shown:
                    kept.append(self._note(item, here))
                    shown.append(meant)
            else:
                kept.append(item)
                shown = []
        return tuple(kept)

    def _readable(self, when: Expression | None) -> Expression | None:
        """Whether one identifier was given decides nothing here."""
        gone = {question.name for question in self.taken}
        return when if when is None or not names(when) & gone else None

    def _note(self, question: Question, when: Expression | None) -> Note:
        self.notes += 1
        languages, place = self.form.facts.languages, question.place
        label = spoken(
            languages, place, lambda lang: say("link_say", lang, title=_title(self.form, lang), code=f"{{{self.code}}}")
        )
        label = replace(label, references=(TextReference(self.code, False, place),))
        name = "pim_link_say" if self.notes == 1 else f"pim_link_say_{self.notes}"
        return Note(name, label, place, replace(TAGS, gives="record_code"), when, origin="PIM503")


def _title(form: Form, language: str) -> str:
    return f"{form.title.get(language) or form.name} – {say('contact_title', language)}"


def _contact(form: Form, before: Sequence[Item], point: ConsentPoint, taken: Sequence[Question]) -> Form:
    """The contact form, not yet protected: the closed table, then what was taken out."""
    languages = form.facts.languages
    known = {item.name for item in walk((*before, *taken))}
    questions = tuple(_alone(question, known, languages) for question in taken)
    used = {question.choices for question in questions_in((*before, *questions))}
    level = max(Level.MODERATE, *(question.tags.level for question in questions))
    return replace(
        form,
        name=contact_name(form),
        title=spoken(languages, form.title.place, lambda language: _title(form, language)),
        items=(*before, point, *questions),
        lists={name: listed for name, listed in form.lists.items() if name in used},
        level=level,
    )


def _alone(question: Question, known: set[str], languages: Sequence[str]) -> Question:
    """A question without what it reads of the other form; its reason stands where the interviewer sees it."""
    when = question.when
    if when is not None:
        parts = when.operands if isinstance(when, Logic) and when.operator == "and" else (when,)
        when = all_of([part for part in parts if names(part) <= known], question.place)
    guidance = question.guidance
    if question.needed is not None:
        because, own = question.needed.because, guidance
        guidance = spoken(
            languages, question.place,
            lambda lang: "\n".join(filter(None, (own.get(lang) if own else "", say("contact_needed", lang, because=because)))),
        )  # fmt: skip
    return replace(question, when=when, guidance=guidance)
