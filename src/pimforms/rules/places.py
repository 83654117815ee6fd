"""Principle 8, coordination: places have one spelling, that of the P-codes."""

from __future__ import annotations

from collections.abc import Iterator

from pimforms.diagnostics import Diagnostic, Severity, rule, rule_of
from pimforms.model.form import Form
from pimforms.model.level import Level
from pimforms.model.places import cascade
from pimforms.model.walk import own_questions
from pimforms.rules import words

PRINCIPLE = "PIM principle 8, Coordination and collaboration"


@rule("PIM804", "place-as-free-text", Severity.ERROR, standard=PRINCIPLE, waivable=True)
def place_as_free_text(form: Form) -> Iterator[Diagnostic]:
    """
    A place is asked as free text, where a list with P-codes gives one spelling.

    ## Why
    One village is written in ten ways, and then nothing can be joined: not two rounds, not two organisations, not a map.
    `use location_cascade` takes the names and P-codes from the common operational dataset of the country (COD-AB). Free text
    also holds more than the place. The place somebody fled from is a warning only: a list of this district does not hold
    it. From MODERATE on `place list` says which dataset the codes are from, and its version.

    ## Bad
    ```pim
    ask village text "In which village do you live?"
    ```

    ## Good
    ```pim
    ask walk one "How far is the next village?"
      - near "Less than an hour on foot"
      - far  "More than an hour on foot"
    ```
    """
    written = [item for item in own_questions(form) if item.kind == "text"]
    looked = words.possible((item.label for item in written), "place_words", "words")
    for item in written if looked else ():
        hit = words.find((item.label,), looked)
        if hit is None:
            continue
        origin = hit.entry.mark == "origin"
        yield Diagnostic(
            rule_of(place_as_free_text),
            f"`{item.name}` asks for a place as free text: “{hit.words}”",
            item.via or item.place,
            f"One place is written in ten ways; P-codes have one ({PRINCIPLE}).",
            "ask for the region or country in a list of your own"
            if origin
            else 'take it out; for the place of the interview: use location_cascade from "places.csv" levels adm1, adm2',
            severity=Severity.WARNING if origin else None,
        )
    asked = cascade(form)
    if asked and form.level > Level.LOW and form.facts.place_list is None:
        yield Diagnostic(
            rule_of(place_as_free_text),
            "the form does not say which list its P-codes are from",
            asked[0].via or asked[0].place,
            f"Codes change between versions of a dataset, and then places are joined wrongly ({PRINCIPLE}).",
            'add under `form`: place list "COD-AB of the country, its version"',
            severity=Severity.WARNING,
        )
