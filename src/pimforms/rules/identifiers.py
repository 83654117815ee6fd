"""Identifiers: what the consent promises about names and numbers, and answers that wander from one person to the next."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pimforms.diagnostics import Diagnostic, Severity, rule, rule_of
from pimforms.model.expression import Call, Ref
from pimforms.model.form import Form, Question
from pimforms.model.level import Level
from pimforms.model.walk import index, walk
from pimforms.standards.data import table

_WRITTEN = ("text", "barcode", "integer", "decimal")


@rule(
    "PIM410",
    "identifier-not-declared",
    Severity.WARNING,
    standard="PIM principle 4, Informed consent and confidentiality",
)
def identifier_not_declared(form: Form) -> Iterator[Diagnostic]:
    """
    A question seems to ask for a name, a number or an address, and does not say so.

    ## Why
    The consent promises that no name is written, unless the form says `gives person_name` (or phone_number, address …).
    Then it says what is asked and that one may refuse. Words alone decide nothing: "the name of the market" is no
    identifier, and this is only a warning.

    ## Bad
    ```pim
    ask nm text "What is your full name?"
    ```

    ## Good
    ```pim
    ask market text "What is the name of the market?"
    ```
    """
    patterns, concepts = table("identifiers"), table("concepts")
    for item in walk(form.items):
        if not isinstance(item, Question) or item.kind not in _WRITTEN or item.label is None:
            continue
        if item.tags.gives and concepts[item.tags.gives]["identifies"] == "direct":
            continue
        said = item.label.values.items()
        concept = next(
            (c for c, words in patterns.items() if any(_says(words.get(lang), text) for lang, text in said)), None
        )
        if concept is not None:
            yield Diagnostic(
                rule_of(identifier_not_declared),
                f"`{item.name}` seems to ask for a person's {concepts[concept]['spoken']['en']}",
                item.via or item.place,
                "The consent says that no name or number is written (PIM principle 4).",
                f'take the question out; or, if it is needed, add under it `gives {concept}` and `needed because "…" until DATE`',
            )


def _says(pattern: str | None, text: str) -> bool:
    return pattern is not None and re.search(pattern, text, re.IGNORECASE) is not None


@rule(
    "PIM511", "sensitive-answer-carried-over", Severity.ERROR, standard="PIM principle 5, Data protection and security"
)
def sensitive_answer_carried_over(form: Form) -> Iterator[Diagnostic]:
    """
    A HIGH or SEVERE answer of one person would stand in the form of the next.

    ## Why
    `last saved` fills a question with the answer of the form before. That shows one person's answer to another, and to
    whoever holds the phone, before anyone agreed.

    ## Bad
    ```pim
    ask papers yes_no "Do you have papers?"
      sensitivity high
      default last saved papers
    ```

    ## Good
    ```pim
    ask desk text "Which desk is this?"
      default last saved desk
    ```
    """
    items = index(form.items)
    for item in walk(form.items):
        if (
            not isinstance(item, Question)
            or not isinstance(item.default, Call)
            or item.default.function != "last_saved"
        ):
            continue
        names = [
            argument.name for argument in item.default.arguments if isinstance(argument, Ref) and argument.name in items
        ]
        for name in names:
            tags = getattr(items[name].item, "tags", None)
            if tags is not None and tags.level >= Level.HIGH:
                yield Diagnostic(
                    rule_of(sensitive_answer_carried_over),
                    f"`{name}` is {tags.level.word}, and its last answer would be shown to the next person",
                    item.via or item.default.place,
                    "One person's answer must not stand in the form of another (PIM principle 5).",
                    "take this `default` out",
                )
