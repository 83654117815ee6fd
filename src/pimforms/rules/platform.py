"""What servers and phones make of a form: PF4xx."""

from __future__ import annotations

from collections.abc import Iterator

from pimforms.diagnostics import Diagnostic, Severity, rule, rule_of
from pimforms.model.form import Form, Group, Repeat
from pimforms.model.walk import questions_in, walk

SLOW = 100_000
"""Nested questions times (questions plus choices) from which a server needs many seconds for each upload."""


@rule("PF401", "slow-to-convert", Severity.WARNING)
def slow_to_convert(form: Form) -> Iterator[Diagnostic]:
    """
    So many questions stand on screens inside a repeat that a server needs very long to take the form.

    ## Why
    pyxform, which KoboToolbox and ODK Central run, compares each part of a repeat with each other. Groups without an
    appearance are taken apart by the compiler; screens and repeats inside a repeat stay. 400 choice questions on a screen
    in a repeat took 12 seconds when measured, and twice as many take four times as long.
    """
    for item in walk(form.items):
        if not isinstance(item, Repeat):
            continue
        nested = [question for kept in _kept(item) for question in questions_in(kept.items)]
        lists = [form.lists.get(question.choices or "") for question in nested]
        choices = sum(len(listed.choices) for listed in lists if listed is not None)
        cost = len(nested) * (len(nested) + choices)
        if cost > SLOW:
            yield Diagnostic(
                rule_of(slow_to_convert),
                f"`{item.name}` will be slow to upload: {len(nested)} questions stand on screens inside it",
                item.via or item.place,
                "pyxform compares each part of a repeat with each other.",
                "write `group` instead of `screen` in this repeat, or move questions out of it",
            )


def _kept(repeat: Repeat) -> Iterator[Group | Repeat]:
    """The parts of a repeat that stay parts in the workbook; a lone screen over all of it moves to the repeat."""
    parts = [inner for inner in repeat.items if isinstance(inner, (Group, Repeat))]
    alone = len(repeat.items) == 1
    for part in parts:
        if isinstance(part, Repeat) or ((part.kind == "screen" or part.appearance) and not alone):
            yield part
