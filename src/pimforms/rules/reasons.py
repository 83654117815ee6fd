"""Principle 3, proportionality: what a name or a number is needed for, and until when."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from pimforms.diagnostics import Diagnostic, Severity, rule, rule_of
from pimforms.model.form import Form, Question
from pimforms.model.identity import identifies
from pimforms.model.walk import questions_in
from pimforms.rules.identifiers import mended_with
from pimforms.rules.placeholders import promises_return, says_nothing

PRINCIPLE = "PIM principle 3, Defined purpose and proportionality"
WORDS_OF_A_REASON = 4


@rule("PIM306", "identifier-without-reason", Severity.ERROR, standard=PRINCIPLE)
def identifier_without_reason(form: Form) -> Iterator[Diagnostic]:
    """
    A name, number, address, picture, voice or position has no reason of its own, or no day until which it is needed.

    ## Why
    What identifies a person turns every answer beside it into an answer of that person. Most such questions stand in a form
    because they stood in the one before. The reason has four words or more and names a use. A reason that speaks of coming
    back needs a way to do so: `split contact`, or a `referral` that people are told of.

    ## Bad
    ```pim
    ask number text "On which number may we call you?"
      gives phone_number
    ```

    ## Good
    ```pim
    ask number text "On which number may we call you?"
      gives phone_number
      needed because "the desk calls when the card is ready" until 2027-03-31
    ```
    """
    for item in questions_in(form.items):
        if item.damaged or identifies(item) is None:
            continue
        problem = _problem_of_reason(form, item)
        if problem is not None:
            message, fix = problem
            yield Diagnostic(
                rule_of(identifier_without_reason),
                message,
                item.needed.place if item.needed and item.via is None else item.via or item.place,
                "What identifies people is asked only for a stated use and time (PIM principle 3, proportional).",
                fix,
            )


def _problem_of_reason(form: Form, item: Question) -> tuple[str, str] | None:
    """What is wrong with the reason for an identifier, and how to mend it; None if it holds."""
    given = 'needed because "the legal aid team calls when the papers are ready" until 2027-03-31'
    needed = item.needed
    if needed is None:
        # A gap, so that nobody is identified for the reason of an example.
        example = (
            'needed because "…" until 2027-03-31  # who uses it, for what: the team calls when the papers are ready'
        )
        return (
            f"`{item.name}` identifies a person, and nothing says why it is needed",
            mended_with(form, f"under it: {example}") if item.tags.gives else f"take it out, or add: {example}",
        )
    if len(needed.because.split()) < WORDS_OF_A_REASON or says_nothing(needed.because):
        return f'this is no reason to identify a person: "{needed.because}"', f"say who uses it, for what: {given}"
    if needed.until is None:
        return f"nothing says until when `{item.name}` is needed", "add at the end of the line: until 2027-03-31"
    if promises_return(needed.because) and form.facts.split is None and not form.referrals:
        return (
            f"`{item.name}` is asked to come back to people, and the form has no way for that",
            "add `split contact` under `form`, so that the contact stands in a form and a consent of its own, "
            "or a `referral` that people are told of",
        )
    return None


@rule("PIM316", "identifier-needed-no-longer", Severity.WARNING, standard=PRINCIPLE)
def identifier_needed_no_longer(form: Form, today: date) -> Iterator[Diagnostic]:
    """
    The day until which an identifier was needed is past.

    ## Why
    Then it is asked out of habit.

    ## Bad
    ```pim
    ask number text "On which number may we call you?"
      gives phone_number
      needed because "the desk calls when the card is ready" until 2026-03-31
    ```

    ## Good
    ```pim
    ask number text "On which number may we call you?"
      gives phone_number
      needed because "the desk calls when the card is ready" until 2027-03-31
    ```
    """
    for item in questions_in(form.items):
        if item.needed and item.needed.until and item.needed.until < today.isoformat():
            yield Diagnostic(
                rule_of(identifier_needed_no_longer),
                f"`{item.name}` was needed until {item.needed.until}",
                item.via or item.needed.place,
                "What identifies people is asked only as long as it is used (PIM principle 3, proportional).",
                "take the question out and delete what was collected, or decide anew and write a later day",
            )
