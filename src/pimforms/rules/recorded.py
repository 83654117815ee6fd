"""What a phone records by itself, and where exactly it is: principle 5, and principle 2 for what a person took back."""

from __future__ import annotations

from collections.abc import Iterator

from pimforms.diagnostics import Diagnostic, Severity, rule, rule_of
from pimforms.model.form import Form, Metadata
from pimforms.model.level import Level
from pimforms.model.recorded import asks_for_user, keeps_answers
from pimforms.model.walk import questions_in, walk
from pimforms.standards.data import table

PRINCIPLE = "PIM principle 5, Data protection and security"
HARM = "PIM principle 2, Do no harm"


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
        asks_user = asks_for_user(item)
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
    for item in questions_in(form.items):
        if types.get(item.kind, {}).get("value") != "place":
            continue
        public = item.tags.topic in types[item.kind].get("public", ())
        if (item.tags.level if public else form.level) < Level.HIGH:
            continue
        whose = "a service in a conflict" if public else "people in a form with HIGH answers"
        because = 'or give a reason: `sensitivity low because "…"`' if public else "or waive this with a reason"
        if not public and types[item.kind].get("public"):
            because = f"if it is the place of a service and nobody's home, write under it: topic {types[item.kind]['public'][0]}; {because}"
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
        if keeps_answers(item):
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
