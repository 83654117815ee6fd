"""Principle 5, data protection and security: keys, the contact form, how long records are kept, what phones add by themselves."""

from __future__ import annotations

from collections.abc import Iterator

from pimforms.diagnostics import Diagnostic, Severity, rule, rule_of
from pimforms.expressions.parts import names
from pimforms.expressions.reads import readers, texts_of
from pimforms.model.facts import Duration
from pimforms.model.form import ConsentPoint, Form, Item, Metadata, Question
from pimforms.model.identity import identifies, is_split_off
from pimforms.model.level import Level
from pimforms.model.limits import longest_keep, months_in
from pimforms.model.publickey import TEST_KEY, key_for_tests
from pimforms.model.walk import stops, walk
from pimforms.standards.data import table

PRINCIPLE = "PIM principle 5, Data protection and security"
HARM = "PIM principle 2, Do no harm"
_KEY = 'public key "office.pem"'
_MAKE = "openssl genrsa -out private.pem 2048; openssl rsa -in private.pem -pubout -out office.pem"


def _identifying(form: Form) -> list[Question]:
    return [item for item in walk(form.items) if isinstance(item, Question) and identifies(item) is not None]


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
            f"add `{_KEY}` to the head; make a pair of keys with: {_MAKE}; two people keep private.pem in the office",
        )
    if form.level < Level.SEVERE:
        return
    here = [
        i for i in walk(form.items) if isinstance(i, Question) and not (facts.split is not None and is_split_off(i))
    ]
    severe = next((question for question in here if question.tags.level >= Level.SEVERE), None)
    if severe is not None:
        item: Question = severe
        message = f"`{severe.name}` is severe, and the form has no public key"
        fix = f"add `{_KEY}` to the head; make a pair of keys with: {_MAKE}; two people keep private.pem in the office"
    else:
        item = identifying[0]
        message = f"`{item.name}` stands beside HIGH answers, and the form has no public key"
        fix = (
            f"add `split contact` and `{_KEY}` to the head: names and numbers are then encrypted in a form of their own; "
            f"or `{_KEY}` alone: then all of it is, and the server shows no table and no map; "
            f"make a pair of keys with: {_MAKE}"
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
            f"make a pair of keys with: {_MAKE}; then write `{_KEY}`",
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
    split_off = [item for item in walk(form.items) if isinstance(item, Question) and is_split_off(item)]
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
                getattr(stop.item, "via", None) or stop.item.place,
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
        tags = getattr(item, "tags", None)
        if isinstance(item, ConsentPoint) or not (
            isinstance(item, Metadata) or (tags is not None and tags.gives and concepts[tags.gives].get("before"))
        ):
            break
        before.add(item.name)
    return frozenset(before)


def _reads(item: Item, read: tuple[str, ...], where: str, fix: str) -> Diagnostic:
    named = " and ".join(f"`{name}`" for name in read)
    return Diagnostic(
        rule_of(reads_the_contact_form),
        f"`{item.name}` reads {named}, which {where}",
        getattr(item, "via", None) or item.place,
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


@rule("PIM510", "identifies-the-phone", Severity.ERROR, standard=PRINCIPLE, waivable=True)
def identifies_the_phone(form: Form) -> Iterator[Diagnostic]:
    """
    The phone adds its own number, its owner or an e-mail address to every record.

    ## Why
    They are taken when the form opens, whatever is agreed later, and stay after a refusal. They say who interviewed, and by
    the phone where that person goes. A code of the interviewer is enough to ask back.

    ## Bad
    ```pim
    record deviceid
    ask open yes_no "Is the desk open?"
    ```

    ## Good
    ```pim
    use header
    ask open yes_no "Is the desk open?"
    ```
    """
    kinds = table("types")["metadata"]
    for item in walk(form.items):
        if not isinstance(item, Metadata):
            continue
        asks_user = item.kind == "audit" and dict(item.parameters).get("identify-user") == "true"
        if asks_user or kinds.get(item.kind, {}).get("about") == "phone":
            what = "asks the interviewer for a name" if asks_user else "identifies the phone or its owner"
            yield Diagnostic(
                rule_of(identifies_the_phone),
                f"`record {item.kind}` {what}",
                item.via or item.place,
                "It is in every record, also after a refusal (PIM principle 5, Data protection and security).",
                "take `identify-user` out"
                if asks_user
                else "take this line out; `use header` asks for the interviewer's code",
            )


@rule("PIM513", "exact-place", Severity.ERROR, standard=PRINCIPLE, waivable=True)
def exact_place(form: Form) -> Iterator[Diagnostic]:
    """
    A form with HIGH or SEVERE answers, or in a conflict, records an exact position.

    ## Why
    A point at a home leads to the door. Nothing in XLSForm makes a point rougher: a position is stored as exactly as the
    phone knows it, and a rounded copy beside it takes nothing away. So the only good way is not to take it: the P-code of
    the place says enough. In a form without HIGH answers a point may be asked for with a reason (`sensitivity moderate
    because "…"`). The position of a service, under a topic like `services`, identifies nobody; in a conflict it can make the
    service a target.

    ## Bad
    ```pim
    ask plot geoshape "Please show me where your plot ends."
    ```

    ## Good
    ```pim
    use location_cascade from "nadim_pcodes.csv" levels adm1, adm2
    consent
    ask plot yes_no "Is your plot marked?"
    ```
    """
    types = table("types")["type"]
    for item in walk(form.items):
        if not isinstance(item, Question) or types.get(item.kind, {}).get("value") != "place":
            continue
        public = item.tags.topic in types[item.kind].get("public", ())
        if (item.tags.level if public else form.level) < Level.HIGH:
            continue
        whose = "a service in a conflict" if public else "people in a form with HIGH answers"
        because = 'or give a reason: `sensitivity low because "…"`' if public else "or waive this with a reason"
        yield Diagnostic(
            rule_of(exact_place),
            f"`{item.name}` records the exact position of {whose}",
            item.via or item.place,
            "It leads to the door, and XLSForm cannot make it rougher (PIM principle 5, Data protection and security).",
            f'ask for the P-code: `use location_cascade from "pcodes.csv" levels adm1, adm2`; {because}',
        )


@rule("PIM204", "answers-in-the-audit", Severity.ERROR, standard=HARM, waivable=True)
def answers_in_the_audit(form: Form) -> Iterator[Diagnostic]:
    """
    In a form with HIGH or SEVERE answers the audit log keeps every answer, also those that were taken back.

    ## Why
    `track-changes` writes old and new answers into a file beside the record. Who takes an answer back, or all of them, is
    promised that it is gone; there it is not. Times alone are enough to see how an interview went.

    ## Bad
    ```pim
    record audit
      parameter track-changes true
    ask lack yes_no "Do you lack papers?"
      topic civil_documents
    ```

    ## Good
    ```pim
    record audit
    ask lack yes_no "Do you lack papers?"
      topic civil_documents
    ```
    """
    if form.level < Level.HIGH:
        return
    for item in walk(form.items):
        if isinstance(item, Metadata) and item.kind == "audit" and dict(item.parameters).get("track-changes") == "true":
            yield Diagnostic(
                rule_of(answers_in_the_audit),
                "the audit log keeps answers that a person has taken back",
                item.via or item.place,
                "The form promises that they are gone (PIM principle 2, Do no harm).",
                "take `parameter track-changes true` out; the times stay",
            )


@rule("PIM213", "sound-recorded", Severity.ERROR, standard=HARM, waivable=True)
def sound_recorded(form: Form) -> Iterator[Diagnostic]:
    """
    The phone records sound from the moment the form opens.

    ## Why
    Nobody can agree before that. In a form without HIGH answers this may be waived; then the first screen tells the
    interviewer to say it at once and to close the form if the person says no. From HIGH on it is never allowed (PIM203). An
    audit of times does much of the same for quality.

    ## Bad
    ```pim
    record "background-audio"
    ask open yes_no "Is the desk open?"
    ```

    ## Good
    ```pim
    record audit
    ask open yes_no "Is the desk open?"
    ```
    """
    if form.level >= Level.HIGH:
        return
    for item in walk(form.items):
        if isinstance(item, Metadata) and item.kind == "background-audio":
            yield Diagnostic(
                rule_of(sound_recorded),
                "`record background-audio` records sound from the moment the form opens",
                item.via or item.place,
                "No consent can stand before it (PIM principle 2, Do no harm).",
                "take this line out; `record audit` keeps times without answers",
            )
