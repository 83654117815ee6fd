"""Principle 4: what the author writes may not contradict what the form does, and a consent must be free."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from pimforms.diagnostics import Diagnostic, Severity, rule, rule_of
from pimforms.model.aid import DECIDING_CATEGORIES, decides_on_aid
from pimforms.model.form import Form, Group, Item, Note, Question, Repeat
from pimforms.model.identity import direct_identifiers
from pimforms.model.recorded import identifying_records
from pimforms.model.text import Text
from pimforms.model.walk import walk
from pimforms.standards.data import table

PRINCIPLE = "PIM principle 4, Informed consent and confidentiality"


@rule("PIM409", "consent-not-free", Severity.WARNING, standard=PRINCIPLE)
def consent_not_free(form: Form) -> Iterator[Diagnostic]:
    """
    The legal basis is consent, though the form decides who is helped.

    ## Why
    Who needs help cannot freely say no to the form that leads to it. So consent is a weak legal basis for registration and
    case work; important grounds of public interest, or vital interest, are usual there. The person is asked to agree all
    the same: that is about respect, and not about the law. Ask your data protection officer.

    ## Bad
    ```pim
    form intake "Intake"
      organisation "Relief"
      category     case_management
      population   "People who come to the desk"
      contact      "Desk, block C"
      legal basis  consent
    purpose services "Better services"
      tell people "make services better"
    ask open yes_no "Is the desk open?"
    ```

    ## Good
    ```pim
    form intake "Intake"
      organisation "Relief"
      category     case_management
      population   "People who come to the desk"
      contact      "Desk, block C"
      legal basis  public_interest
    purpose services "Better services"
      tell people "make services better"
    ask open yes_no "Is the desk open?"
    ```
    """
    facts = form.facts
    if facts.legal_basis == "consent" and decides_on_aid(form):
        what = f"`{facts.category}`" if facts.category in DECIDING_CATEGORIES else "this form"
        known = ", ".join(word for word in table("facts")["legal_bases"] if word != "consent")
        yield Diagnostic(
            rule_of(consent_not_free),
            f"{what} decides who is helped, so consent may not be free",
            facts.legal_basis_place or form.place,
            "Who fears to lose help cannot say no freely (PIM principle 4).",
            f"ask your data protection officer for another basis: {known}",
        )


@rule("PIM418", "promise-not-kept", Severity.ERROR, standard=PRINCIPLE)
def promise_not_kept(form: Form) -> Iterator[Diagnostic]:
    """
    A text promises what the form does not keep: no names, no recording, nothing shared, no help lost.

    ## Why
    The consent is written from what the form does, so it is true. A promise that an author types in a note or a hint is
    not. Here the form asks for a name, takes a picture or has a recipient, and a text of it says that it does not. Or the
    answers decide who gets help, and a text says that nobody loses any by saying no: then the consent says otherwise, too.

    ## Bad
    ```pim
    form check "Check"
      organisation "Relief"
      category     sectoral
      population   "People in block C"
      contact      "Desk, block C"
      share with   "the service group"
    purpose services "Better services"
      tell people "make services better"
    note promise "We will not share your answers."
    ask open yes_no "Is the desk open?"
    ```

    ## Good
    ```pim
    form check "Check"
      organisation "Relief"
      category     sectoral
      population   "People in block C"
      contact      "Desk, block C"
      share with   "the service group"
    purpose services "Better services"
      tell people "make services better"
    note welcome "These questions are about the desk."
    ask open yes_no "Is the desk open?"
    ```
    """
    breaks = _breaks(form)
    if not breaks:
        return
    broken = {key: row for key, row in table("promises").items() if breaks.intersection(row["broken_by"])}
    for item in walk(form.items):
        for text in _texts(item):
            said = next((row for key, row in broken.items() if _promises(key, text)), None)
            if said is not None:
                yield Diagnostic(
                    rule_of(promise_not_kept),
                    f"this promises {said['says']}, and the form does otherwise",
                    item.via or text.place,
                    "The consent says what is true, and people hear both (PIM principle 4).",
                    "take the promise out; `pimforms show FORM consent` prints what people hear",
                )


def _breaks(form: Form) -> frozenset[str]:
    """What in a form could break a promise. With `split`, names and numbers stand in a form of their own."""
    found = set() if form.facts.split else set(direct_identifiers(form.items))
    found |= identifying_records(form.items)
    if found:
        found.add("any")
    if form.facts.recipients:
        found.add("sharing")
    if decides_on_aid(form):
        found.add("deciding")
    return frozenset(found)


def _texts(item: Item) -> Iterator[Text]:
    if isinstance(item, Question):
        yield from filter(None, (item.label, item.hint, item.guidance))
    elif isinstance(item, (Note, Group, Repeat)) and item.label is not None:
        yield item.label


def _promises(key: str, text: Text) -> bool:
    said = ((_pattern(key, language), words) for language, words in text.values.items())
    return any(pattern is not None and pattern.search(words) for pattern, words in said)


@cache
def _pattern(key: str, language: str) -> re.Pattern[str] | None:
    """Only the languages of a form are compiled."""
    found = table("promises")[key].get(language)
    return (
        re.compile(found, re.IGNORECASE) if isinstance(found, str) and language not in ("broken_by", "says") else None
    )
