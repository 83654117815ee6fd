"""What an author wrote and people hear: whether it was filled in, and whether it may be said where others can hear."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from pimforms.diagnostics import Diagnostic, Severity, rule, rule_of
from pimforms.model.form import Form
from pimforms.model.level import LEVELS, Level
from pimforms.model.text import Text
from pimforms.rules import words
from pimforms.standards.data import table

_ALL_CAPITALS = 3
"""A text of more words than this in capitals alone is shouted; its words are no placeholders."""


def _spoken(form: Form) -> Iterator[tuple[str, Text]]:
    """Each text that is read aloud with the consent, the refusal or the thanks, and what it is called."""
    facts = form.facts
    named = (
        ("the organisation", facts.organisation),
        ("the contact", facts.contact),
        ("`services`", facts.services),
        ("`limits`", facts.limits),
        ("`reuse`", facts.reuse),
        ("`feedback`", facts.feedback),
        *(("a recipient", each.name) for each in facts.recipients),
        *((f"the referral `{each.name}`", each.text) for each in form.referrals),
        *((f"what people are told of `{each.name}`", each.tell) for each in form.purposes.values()),
        *((f"the title of `{each.name}`", each.title) for each in form.purposes.values() if each.topic is None),
    )
    yield from ((what, text) for what, text in named if text is not None)


@rule(
    "PIM420",
    "fact-not-filled-in",
    Severity.ERROR,
    standard="PIM principle 4, Informed consent and confidentiality",
    waivable=True,
)
def fact_not_filled_in(form: Form) -> Iterator[Diagnostic]:
    """
    A text that people hear has a gap in it: `PHONE`, `XXX`, `[name]`, `…`, or the words of a template.

    ## Why
    A contact, a service or a referral is read aloud to somebody who may need help that hour. "Call the desk, PHONE" sends
    them nowhere, and a consent that names "your organisation" names nobody. What is not known yet is not asked about yet; in
    a `draft` this is a warning.

    ## Bad
    ```pim
    form check "Check"
      organisation "Relief"
      category     sectoral
      population   "People in block C"
      contact      "the desk in block C, PHONE"
    purpose services "Better services"
      tell people "make services better"
    ask open yes_no "Is the desk open?"
    ```

    ## Good
    ```pim
    form check "Check"
      organisation "Relief"
      category     sectoral
      population   "People in block C"
      contact      "the desk in block C, free line 555"
    purpose services "Better services"
      tell people "make services better"
    ask open yes_no "Is the desk open?"
    ```
    """
    for what, text in _spoken(form):
        gap = next(filter(None, map(gap_in, text.values.values())), None)
        if gap is not None:
            yield Diagnostic(
                rule_of(fact_not_filled_in),
                f"{what} is not filled in: “{gap}”",
                text.place,
                "People hear it when they need it (PIM principle 4, Informed consent and confidentiality).",
                "write what is true here, before the line `draft` is taken out"
                if form.facts.draft
                else "write what is true here; while it is not known: add a line `draft`",
            )


def gap_in(text: str) -> str | None:
    """What shows that a text was not filled in, as it stands there; None if nothing does."""
    gaps = table("placeholders")["gaps"]
    straight = text.replace("’", "'")
    found = _signs().search(straight)
    if found is not None:
        return found.group().strip()
    lowered = straight.casefold()
    phrase = next((each for each in gaps["phrases"] if each.casefold() in lowered), None)
    if phrase is not None and re.search(rf"(?<!\w){re.escape(phrase)}(?!\w)", straight, re.IGNORECASE):
        return str(phrase)
    if straight.isupper() and len(straight.split()) > _ALL_CAPITALS:
        return None
    return next((word for word in re.findall(r"\w+", straight) if word in gaps["capitals"]), None)


@cache
def _signs() -> re.Pattern[str]:
    return re.compile(table("placeholders")["gaps"]["signs"], re.IGNORECASE)


@rule("PIM218", "said-aloud-too-early", Severity.WARNING, standard="PIM principle 2, Do no harm")
def said_aloud_too_early(form: Form) -> Iterator[Diagnostic]:
    """
    A text that is read aloud before anyone looked around speaks of a SEVERE topic.

    ## Why
    What people are told of a purpose, who receives the answers, where help is: all this is said in the consent, to those who
    refuse and at the end, often where others stand. "To help people who were arrested" can be enough to bring somebody into
    danger. The topics of the form have discreet names there (PIM217); words that an author typed stay as they are. Say less
    here. Behind the privacy check the topic is called by its name, and the referral card that names it is read there.

    ## Bad
    ```pim
    form desk "Desk"
      organisation "Relief"
      category     sectoral
      population   "People in block C"
      contact      "Desk, block C"
    purpose aid "Legal aid"
      tell people "help people who were arrested"
    ask open yes_no "Is the desk open?"
    ```

    ## Good
    ```pim
    form desk "Desk"
      organisation "Relief"
      category     sectoral
      population   "People in block C"
      contact      "Desk, block C"
    purpose aid "Legal aid"
      tell people "make legal aid better"
    ask open yes_no "Is the desk open?"
    ```
    """
    spoken = [
        (what, text) for what, text in _spoken(form) if not (what.startswith("the referral") and form.facts.services)
    ]
    texts = [text for _, text in spoken]
    topics = table("topics")
    known = [
        topic for topic in table("topic_words") if topic in topics and LEVELS[topics[topic]["level"]] is Level.SEVERE
    ]
    for topic in known:
        looked = words.possible(texts, "topic_words", topic)
        for what, text in spoken if looked else ():
            hit = words.find((text,), looked)
            if hit is not None:
                yield Diagnostic(
                    rule_of(said_aloud_too_early),
                    f"{what} says “{hit.words}” aloud, before anyone looked who can hear",
                    text.place,
                    "Whoever stands near hears it, too (PIM principle 2, Do no harm).",
                    "say less, for example: make services for people here better"
                    if "referral" not in what
                    else 'name the place without the topic; or add under `form`: services "a place for everybody"',
                )
