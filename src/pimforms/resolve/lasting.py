"""Values and conditions that are other ones when a record is opened again. PF240."""

from __future__ import annotations

from collections.abc import Iterator

from pimforms.diagnostics import Diagnostic
from pimforms.expressions.parts import every
from pimforms.model import expression as e
from pimforms.model.expression import Expression
from pimforms.model.form import Calculation, Form, Metadata
from pimforms.model.walk import condition_of, walk
from pimforms.resolve import messages_quiet

_KEPT = {"today": ("today", "interview_date"), "now": ("start", "started_at")}
"""What the phone writes down once instead: the kind of `record`, and a name for it."""


def check_lasting(form: Form) -> Iterator[Diagnostic]:
    """Own calculations and `when` that read the clock. A `random_code` in a calculation makes all of it lasting."""
    recorded: dict[str, str] = {}
    for item in walk(form.items):
        if isinstance(item, Metadata):
            recorded.setdefault(item.kind, item.name)
    for item in walk(form.items):
        if item.via is not None:
            continue
        if isinstance(item, Calculation):
            yield from _clock(item.value, "value", recorded)
        when = condition_of(item)
        if when is not None:
            yield from _clock(when, "condition", recorded)


def _clock(expression: Expression, what: str, recorded: dict[str, str]) -> Iterator[Diagnostic]:
    calls = [part for part in every(expression) if isinstance(part, e.Call)]
    if any(call.function == "random_code" for call in calls):
        return
    for call in calls:
        if call.function in _KEPT:
            kind, usual = _KEPT[call.function]
            name = recorded.get(kind)
            fix = f"write `{name}` here" if name else f"write `record {kind} as {usual}` above, and `{usual}` here"
            yield messages_quiet.changes_later(call.place, what, call.function, fix)
