"""Principle 5, data protection and security."""

from __future__ import annotations

from collections.abc import Iterator

from pimforms.diagnostics import Diagnostic, Severity, rule, rule_of
from pimforms.model.form import Form
from pimforms.model.walk import walk

PRINCIPLE = "PIM principle 5, Data protection and security"


@rule("PIM501", "lowered-without-reason", Severity.ERROR, standard=PRINCIPLE, waivable=True)
def lowered_without_reason(form: Form) -> Iterator[Diagnostic]:
    """
    A sensitivity below the usual one needs a reason.

    ## Why
    The level decides who may see an answer and how it is asked. The usual level comes from the type, the topic and the
    concept. Raising it needs nothing; lowering it needs a reason that a reviewer can read.

    ## Bad
    ```pim
    ask papers yes_no "Do you have identity papers?"
      topic civil_documents
      sensitivity low
    ```

    ## Good
    ```pim
    ask posters yes_no "Have you seen the posters about identity papers?"
      topic civil_documents
      sensitivity low because "It asks about posters, not about anybody's papers"
    ```
    """
    for item in walk(form.items):
        tags = getattr(item, "tags", None)
        if tags is None or tags.said is None or item.origin is not None:
            continue
        if tags.level < tags.usual and not tags.because:
            yield Diagnostic(
                rule_of(lowered_without_reason),
                f"`{item.name}` is usually {tags.usual.word}; here it is {tags.level.word}, without a reason",
                tags.said,
                "The level decides who may see the answer (PIM principle 5, Data protection and security).",
                f'write `sensitivity {tags.level.word} because "…"`, or take the line out',
            )
