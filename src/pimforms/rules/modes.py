"""`draft` and `waive`: when a waivable rule is silent, or only warns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from pimforms.diagnostics import Diagnostic, Severity, rule, rule_of
from pimforms.model.facts import Waiver
from pimforms.model.form import Form

WORDS_OF_A_REASON = 10


def with_modes(
    diagnostics: Iterable[Diagnostic],
    form: Form,
    waivable: frozenset[str],
    today: date,
    signed: frozenset[str] = frozenset(),
) -> list[Diagnostic]:
    """What is left to say: waived rules are silent, and in a draft waivable errors are warnings.

    `waivable` are the codes that may be waived; `today` decides whether a waiver has run out. For the codes in `signed` a
    waiver is a signature that the rule itself looks for.
    """
    waived = waived_codes(form, waivable, today)
    kept: list[Diagnostic] = list(waiver_not_valid(form, waivable, today, signed))
    for diagnostic in diagnostics:
        if diagnostic.rule.waivable and diagnostic.code in waived:
            continue
        softened = diagnostic.rule.waivable and form.facts.draft and diagnostic.is_error
        kept.append(replace(diagnostic, severity=Severity.WARNING) if softened else diagnostic)
    return kept


def waived_codes(form: Form, waivable: frozenset[str], today: date) -> frozenset[str]:
    """The codes that the form's valid waivers silence today."""
    return frozenset(waiver.code for waiver in form.waivers if _problem(waiver, waivable, today, frozenset()) is None)


@rule("PF121", "waiver-not-valid", Severity.ERROR)
def waiver_not_valid(
    form: Form, waivable: frozenset[str], today: date, signed: frozenset[str] = frozenset()
) -> Iterator[Diagnostic]:
    """
    A waiver that silences nothing: it has run out, gives no real reason, or names a rule that cannot be waived.

    ## Why
    A waiver is a decision that somebody answers for. It needs a reason of ten words or more and a last day, and some rules
    protect people so directly that nobody may switch them off.

    ## Bad
    ```pim
    waive PIM301 because "we have no time to write purposes for every question here now" by "Head of office" until 2026-12-31
    ask open yes_no "Is the desk open?"
    ```

    ## Good
    ```pim
    waive PIM302 because "the site planning group decides next week and this is only tried by staff" by "Head of protection" until 2026-12-31
    ask open yes_no "Is the desk open?"
    ```
    """
    for waiver in form.waivers:
        problem = _problem(waiver, waivable, today, signed)
        if problem is not None:
            message, fix = problem
            why = "A waiver is a decision that somebody answers for."
            yield Diagnostic(rule_of(waiver_not_valid), message, waiver.place, why, fix)


def _problem(waiver: Waiver, waivable: frozenset[str], today: date, signed: frozenset[str]) -> tuple[str, str] | None:
    """What is wrong with a waiver and how to mend it; None if it holds."""
    if waiver.code not in waivable | signed:
        return f"`{waiver.code}` cannot be waived", f"mend the form; these can be waived: {', '.join(sorted(waivable))}"
    if len(waiver.because.split()) < WORDS_OF_A_REASON:
        return "this waiver gives no real reason", f"say why in {WORDS_OF_A_REASON} words or more"
    if waiver.until < today.isoformat():
        return f"this waiver ended on {waiver.until}", "mend the form, or decide anew with a later day"
    return None
