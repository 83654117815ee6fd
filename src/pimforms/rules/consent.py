"""Principle 4, informed consent and confidentiality; and what a phone captures before anyone can agree (principle 2)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pimforms.diagnostics import Diagnostic, Severity, rule, rule_of
from pimforms.model.expression import Match
from pimforms.model.form import Calculation, ConsentPoint, Form, Group, Item, Lookup, Metadata, Note, Question, Repeat
from pimforms.model.level import Level
from pimforms.model.recorded import keeps_positions
from pimforms.model.text import is_blank
from pimforms.model.walk import walk
from pimforms.standards.data import table

PRINCIPLE = "PIM principle 4, Informed consent and confidentiality"


@rule("PIM401", "asked-before-consent", Severity.ERROR, standard=PRINCIPLE)
def asked_before_consent(form: Form) -> Iterator[Diagnostic]:
    """
    Before the consent stands nothing but a closed table of items that the interviewer enters.

    ## Why
    The table is: interviewer code, mode, language, interpreter, place by P-code, adult yes or no, all LOW and chosen from
    lists. It is also what remains when a person refuses. Anything else asked before consent is asked without it.
    After the consent every part of the form stands under one condition, written out in full: agreed, not taken back, not
    stopped as unsafe, not to be deleted.

    ## Bad
    ```pim
    ask opinion text "What do you think of the services?"
    consent
    ask open yes_no "Is the desk open?"
    ```

    ## Good
    ```pim
    consent
    ask opinion text "What do you think of the services?"
    ask open yes_no "Is the desk open?"
    ```
    """
    number = next((i for i, item in enumerate(form.items) if isinstance(item, ConsentPoint)), None)
    if number is None:  # then the consent is put behind what says that it may come first
        number = next((i for i, item in enumerate(form.items) if not _comes_first(item)), len(form.items))
    points = [item for item in form.items if isinstance(item, ConsentPoint)]
    for extra in points[1:]:
        yield Diagnostic(
            rule_of(asked_before_consent), "the consent stands here a second time", extra.place,
            "People are asked once.", "keep one `consent`",
        )  # fmt: skip
    for item in form.items[:number]:
        for inner in walk((item,)):
            if isinstance(inner, (Group, Repeat)) or _may_stand_before(form, inner):
                continue
            yield Diagnostic(
                rule_of(asked_before_consent),
                f"`{inner.name}` stands before the consent{_not_as_it_is(inner)}",
                inner.via or inner.place,
                "Only what the interviewer enters about the interview may stand there, and it stays after a refusal "
                "(PIM principle 4).",
                "move it below `consent`",
                "asked before anyone agreed",
            )


def _comes_first(item: Item) -> bool:
    tags = getattr(item, "tags", None)
    return isinstance(item, Metadata) or bool(tags and table("concepts").get(tags.gives or "", {}).get("before"))


def _may_stand_before(form: Form, item: Item) -> bool:
    if isinstance(item, Metadata):
        return True  # a phone records it at the start wherever it stands; captured_before_consent judges it
    if isinstance(item, (Note, ConsentPoint)):
        return isinstance(item, ConsentPoint)
    if isinstance(item, Lookup):
        return False
    allowed = _comes_first(item) and item.tags.level is Level.LOW
    if isinstance(item, Question):
        return allowed and (_is_chosen(form, item) or _is_short_code(item))
    return allowed and isinstance(item, Calculation)


def _is_chosen(form: Form, question: Question) -> bool:
    """From a list, by the interviewer. A yes or no is about a person, unless it says who is there: an adult, an interpreter."""
    if question.tags.gives == "adult":
        # The gate stands on it: who it is must be looked at, and both answers must be possible.
        return question.kind == "yes_no" and question.default is None
    if question.kind == "yes_no":
        return question.tags.gives in _YES_OR_NO
    listed = form.lists.get(question.choices or "")
    codes = {choice.code.casefold() for choice in listed.choices} if listed is not None else set()
    return question.kind == "one" and (question.tags.gives in _YES_OR_NO or not codes >= {"yes", "no"})


def _not_as_it_is(item: Item) -> str:
    """What keeps an item out that gives something of the table."""
    if not isinstance(item, Question) or not _comes_first(item) or item.tags.level > Level.LOW:
        return ""
    given = item.tags.gives
    if given == "adult":
        return ", and `gives adult` is a `yes_no` without `default`"
    if given == "interviewer":
        return ", and a code of the interviewer is chosen from a list, or held to a short pattern"
    return f", and what gives `{given}` is chosen from a list that is not yes and no"


_YES_OR_NO = ("interpreter",)
# A pattern that takes one of these would take any story, or the number of a phone.
_STORIES = (
    "I was beaten",
    "I_was_beaten",
    "beaten" * 5,
    "BEATEN BY SOLDIERS",
    "A" * 16,
    "A" * 30,
    "555123456",
    "+15551234567",
    "1" * 30,
    "ضُربت",
)


def _is_short_code(question: Question) -> bool:
    """A code of the interviewer, held to a pattern into which no story fits: `must match "[A-Z][0-9]{2,3}"`."""
    if question.tags.gives != "interviewer" or question.kind not in ("text", "barcode"):
        return False
    patterns = [must.condition.pattern for must in question.musts if isinstance(must.condition, Match)]
    return any(not any(_fits(pattern, story) for story in _STORIES) for pattern in patterns)


def _fits(pattern: str, text: str) -> bool:
    try:
        return re.fullmatch(pattern, text) is not None
    except re.error:
        return True


@rule("PIM203", "captured-before-consent", Severity.ERROR, standard="PIM principle 2, Do no harm")
def captured_before_consent(form: Form) -> Iterator[Diagnostic]:
    """
    The phone records something about people before anybody can agree.

    ## Why
    The first position, the way of the phone and, in a form with HIGH answers, background sound are taken when the form opens.
    No consent can stand before that. What identifies the phone is PIM510, sound in other forms PIM213, and answers in the
    audit log PIM204.

    ## Bad
    ```pim
    record "start-geopoint"
    ask open yes_no "Is the desk open?"
    ```

    ## Good
    ```pim
    record start
    ask open yes_no "Is the desk open?"
    ```
    """
    for item in walk(form.items):
        if not isinstance(item, Metadata):
            continue
        located = keeps_positions(item)
        heard = item.kind == "background-audio" and form.level >= Level.HIGH
        if not (located or heard or item.kind == "start-geopoint"):
            continue
        what = {
            "background-audio": "records sound from the moment the form opens",
            "start-geopoint": "takes the position when the form opens",
            "audit": "notes where the phone is all the while",
        }[item.kind]
        yield Diagnostic(
            rule_of(captured_before_consent),
            f"`record {item.kind}` {what}",
            item.via or item.place,
            "No consent can stand before it (PIM principle 2, Do no harm).",
            "take the location out of the audit"
            if located
            else "take this line out; ask for a P-code after the consent",
        )


@rule("PIM403", "consent-fact-missing", Severity.ERROR, standard=PRINCIPLE)
def consent_fact_missing(form: Form) -> Iterator[Diagnostic]:
    """
    The consent cannot be spoken, because a fact it needs is not stated.

    ## Why
    People must hear who asks and where they can complain. A sentence with a gap in it is not informed consent.

    ## Bad
    ```pim
    form check "Check"
      organisation "Relief"
      category     sectoral
      population   "People in block C"
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
      contact      "Desk, block C"
    purpose services "Better services"
      tell people "make services better"
    ask open yes_no "Is the desk open?"
    ```
    """
    facts = form.facts
    wanted = [
        (is_blank(facts.organisation), "who asks", 'organisation "the name of your organisation"'),
        (is_blank(facts.contact), "where people can ask or complain", 'contact "the feedback desk, phone 555"'),
        (not form.purposes, "what the answers are for", 'purpose NAME "…", and under it: tell people "…"'),
        (facts.keep is None and facts.category is not None, "how long records are kept", "keep 12 months"),
    ]
    for missing, what, fix in wanted:
        if missing:
            yield Diagnostic(
                rule_of(consent_fact_missing),
                f"the consent cannot say {what}",
                form.place,
                "People must hear it before they agree (PIM principle 4).",
                f"add: {fix}",
            )
