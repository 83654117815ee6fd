"""Principle 5, data protection and security: keys, the contact form, how long records are kept."""

from __future__ import annotations

from collections.abc import Iterator

from pimforms.diagnostics import Diagnostic, Severity, rule, rule_of
from pimforms.expressions.parts import names
from pimforms.expressions.reads import readers, texts_of
from pimforms.model.facts import Duration
from pimforms.model.form import Form, Item, Metadata, Question
from pimforms.model.identity import identifies, is_split_off
from pimforms.model.level import Level
from pimforms.model.limits import longest_keep, months_in
from pimforms.model.publickey import MAKE_A_PAIR, TEST_KEY, key_for_tests
from pimforms.model.walk import questions_in, stops, walk
from pimforms.standards.data import table

PRINCIPLE = "PIM principle 5, Data protection and security"
_KEY = 'public key "office.pem"'


def _identifying(form: Form) -> list[Question]:
    return [item for item in questions_in(form.items) if identifies(item) is not None]


@rule("PIM502", "not-encrypted", Severity.ERROR, standard=PRINCIPLE)
def not_encrypted(form: Form) -> Iterator[Diagnostic]:
    """
    A form with SEVERE answers, or with HIGH answers beside a name, has no public key.

    ## Why
    Whoever reads such a record can find the person and do harm. With a public key the phone encrypts each record, and only
    who holds the private key opens it: not the server, not who steals it. This has a price. The server shows no table, no
    map and no export; records are decrypted on a computer in the office; who loses the private key loses the data, so two
    people keep it; and only the apps encrypt: in a web form the record travels and lies there in the open.

    Where names and numbers alone make a record that dangerous, `split contact` puts them into a small encrypted form of their
    own, and the rest stays readable on the server.

    ## Bad
    ```pim
    ask lack yes_no "Do you lack papers?"
      topic civil_documents
    ask phone text "On which number may we call you about your papers?"
      gives phone_number
      needed because "the legal aid team calls to say when the registry comes" until 2027-03-31
    ```

    ## Good
    ```pim
    ask lack yes_no "Do you lack papers?"
      topic civil_documents
    ```
    """
    facts = form.facts
    if facts.public_key is not None:
        return
    identifying = _identifying(form)
    if facts.split is not None and identifying:
        yield Diagnostic(
            rule_of(not_encrypted),
            "the contact form has no public key",
            facts.split,
            "Names and numbers are split off so that they can be encrypted (PIM principle 5).",
            f"add `{_KEY}` under `form`; two people keep private.pem in the office. A pair of keys is made with:{MAKE_A_PAIR}".rstrip(),
        )
    if form.level < Level.SEVERE:
        return
    here = [i for i in questions_in(form.items) if not (facts.split is not None and is_split_off(i))]
    severe = next((question for question in here if question.tags.level >= Level.SEVERE), None)
    if severe is not None:
        item: Question = severe
        message = f"`{severe.name}` is SEVERE, and the form has no public key"
        fix = f"add `{_KEY}` under `form`; two people keep private.pem in the office. A pair of keys is made with:{MAKE_A_PAIR}".rstrip()
    else:
        item = identifying[0]
        message = f"`{item.name}` stands beside HIGH answers, and the form has no public key"
        fix = (
            f"add `split contact` and `{_KEY}` under `form`: names and numbers are then encrypted in a form of their own; "
            f"or `{_KEY}` alone: then all of it is, and the server shows no table and no map; "
            f"make a pair of keys with:{MAKE_A_PAIR}".rstrip()
        )
    yield Diagnostic(
        rule_of(not_encrypted), message, item.via or item.place,
        "Whoever reads such a record can find the person and do harm (PIM principle 5, Data protection and security).", fix,
    )  # fmt: skip


@rule("PIM514", "test-key", Severity.WARNING, standard=PRINCIPLE)
def encrypted_for_nobody(form: Form) -> Iterator[Diagnostic]:
    """
    The form is encrypted with the test key of pimforms.

    ## Why
    The test key is there to try a form. Nobody holds its private half, so what is collected with it can never be read.

    ## Bad
    ```pim
    form desk "Service desk"
      organisation "Relief"
      category     sectoral
      population   "People in block C"
      contact      "the desk in block C"
      public key   "test_key.pem"
    purpose better "Better services"
      tell people "make services better"
    ask open yes_no "Is the desk open when you need it?"
    ```

    ## Good
    ```pim
    form desk "Service desk"
      organisation "Relief"
      category     sectoral
      population   "People in block C"
      contact      "the desk in block C"
      public key   "office.pem"
    purpose better "Better services"
      tell people "make services better"
    ask open yes_no "Is the desk open when you need it?"
    ```
    """
    facts = form.facts
    if facts.public_key is not None and facts.key is not None and facts.key == key_for_tests():
        yield Diagnostic(
            rule_of(encrypted_for_nobody),
            f"`{TEST_KEY}` is the test key: nobody can read what it encrypts, and `push` will refuse the form",
            facts.public_key.place,
            "It is there to try a form (PIM principle 5, Data protection and security).",
            f"make a pair of keys, then write `{_KEY}`:{MAKE_A_PAIR}".rstrip(),
        )


@rule("PIM516", "reads-the-contact-form", Severity.ERROR, standard=PRINCIPLE)
def reads_the_contact_form(form: Form) -> Iterator[Diagnostic]:
    """
    With `split contact`, a part of one form reads an answer of the other one.

    ## Why
    Names and numbers stand in a form of their own, filled in later. Neither form knows the answers of the other: a condition
    on them would be true or false for nobody, and a text would have a hole. One record of contact belongs to one interview,
    so a name of each member of a household cannot be split off either.

    ## Bad
    ```pim
    form desk "Service desk"
      organisation "Relief"
      category     sectoral
      population   "People in block C"
      contact      "the desk in block C"
      staff        protection_lead "Head of protection", im_lead "Head of information"
      feedback     "a meeting in block C" within 30 days
      sample       600 households, two stage, "Every fifth shelter"
      public key   "office.pem"
      split        contact
    purpose services "Better services"
      need          "Which services people miss"
      tell people   "make services better"
      decide        "Which services are opened" by "Service group" before 2027-01-31
    ask phone text "On which number may we call you?"
      gives phone_number
      needed because "the desk calls back" until 2027-03-31
    ask hour text "At what time of the day are you near your phone?"
      when phone is answered
    ```

    ## Good
    ```pim
    ask phone yes_no "Do you have a phone?"
    ask hour text "At what time of the day are you near your phone?"
      when phone is yes
    ```
    """
    if form.facts.split is None:
        return
    split_off = [item for item in questions_in(form.items) if is_split_off(item)]
    if not any(identifies(question) for question in split_off):
        return
    gone = frozenset(question.name for question in split_off)
    here = [item for item in walk(form.items) if item.name not in gone]
    for item, read in readers(form, here, gone):
        yield _reads(item, read, "is asked in the contact form", "take {name} out of it, or ask it without `gives`")
    stays = frozenset(item.name for item in here) - _table_before(form)
    for question in split_off:
        read = tuple(sorted(_must_read(form, question) & stays))
        if read:
            yield _reads(
                question, read, "stays in the other form", "take {name} out of it; `when` alone is carried over"
            )
    for stop in stops(form.items):
        if stop.item.name in gone and stop.repeats:
            yield Diagnostic(
                rule_of(reads_the_contact_form),
                f"`{stop.item.name}` is asked of each member of `{stop.repeats[-1].name}`, and cannot be split off",
                stop.item.via or stop.item.place,
                "One record of the contact form belongs to one interview (PIM principle 5).",
                f"ask one person for contact after `{stop.repeats[0].name}`, or take `split contact` out and encrypt the "
                f"whole form with `{_KEY}`",
            )


def _must_read(form: Form, question: Question) -> set[str]:
    """What a question reads besides its condition, which the other form judges when it shows the code."""
    found = {name for name in (question.within, question.offer) if name}
    for expression in (question.default, question.required_when, *(must.condition for must in question.musts)):
        found |= names(expression) if expression is not None else set()
    for text in texts_of(form, question):
        found |= {reference.name for reference in text.references}
    return found


def _table_before(form: Form) -> frozenset[str]:
    """The closed table before the consent stands in both forms."""
    before: set[str] = set()
    concepts = table("concepts")
    for item in form.items:
        gives = item.tags.gives
        if not (isinstance(item, Metadata) or (gives and concepts[gives].get("before"))):
            break
        before.add(item.name)
    return frozenset(before)


def _reads(item: Item, read: tuple[str, ...], where: str, fix: str) -> Diagnostic:
    named = " and ".join(f"`{name}`" for name in read)
    return Diagnostic(
        rule_of(reads_the_contact_form),
        f"`{item.name}` reads {named}, which {where}",
        item.via or item.place,
        "`split contact` makes two forms, and neither knows the answers of the other (PIM principle 5).",
        fix.format(name=named),
    )


@rule("PIM506", "kept-too-long", Severity.ERROR, standard=PRINCIPLE, waivable=True)
def kept_too_long(form: Form) -> Iterator[Diagnostic]:
    """
    Records are kept longer than their level usually allows.

    ## Why
    What is deleted cannot leak. The usual limits are five years for LOW, 24 months for MODERATE, 12 for HIGH and 6 for
    SEVERE; an office may set others. A form that says nothing keeps its records as long as its category usually does, and
    never longer than this.

    ## Bad
    ```pim
    form desk "Service desk"
      organisation "Relief"
      category     sectoral
      population   "People in block C"
      contact      "the desk in block C"
      keep         6 years
    purpose better "Better services"
      tell people "make services better"
    ask open yes_no "Is the desk open when you need it?"
    ```

    ## Good
    ```pim
    form desk "Service desk"
      organisation "Relief"
      category     sectoral
      population   "People in block C"
      contact      "the desk in block C"
      keep         12 months
    purpose better "Better services"
      tell people "make services better"
    ask open yes_no "Is the desk open when you need it?"
    ```
    """
    keep, limit = form.facts.keep, longest_keep(form.level)
    if keep is not None and months_in(keep) > limit:
        yield Diagnostic(
            rule_of(kept_too_long),
            f"the records are kept {_spelled(keep)}; for {form.level.name} the usual limit is {limit} months",
            form.facts.keep_place or form.place,
            "What is deleted cannot leak (PIM principle 5, Data protection and security).",
            f"write `keep {limit} months`, or less",
        )


def _spelled(span: Duration) -> str:
    return f"{span.count} {span.unit if span.count != 1 else span.unit.removesuffix('s')}"
