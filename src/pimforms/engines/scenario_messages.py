"""What is said when a scenario has run and something was not so: PF511 to PF513."""

from __future__ import annotations

from pimforms.diagnostics import Diagnostic, Severity, rule, rule_of
from pimforms.source import Place

Related = tuple[tuple[str, Place], ...]


@rule("PF511", "expectation-not-met", Severity.ERROR)
def not_met(place: Place, message: str, why: str, fix: str, related: Related) -> Diagnostic:
    """
    The form does something else than a scenario expects.

    ## Why
    The form was run in the engine of ODK Collect and KoboCollect. What it did there is what it will do on a phone. Either
    the form is wrong, or the scenario is.

    ## Bad
    ```pim
    ask used yes_no "Did you use the desk?"
    ask why text "What for?"
      when used is yes
      optional
    scenario unused "Who did not use the desk is not asked what for"
      given consent
      answer used no
      expect asked why
    end scenario
    ```

    ## Good
    ```pim
    ask used yes_no "Did you use the desk?"
    ask why text "What for?"
      when used is yes
      optional
    scenario unused "Who did not use the desk is not asked what for"
      given consent
      answer used no
      expect not asked why
    end scenario
    ```
    """
    return Diagnostic(rule_of(not_met), message, place, why, fix, related=related)


@rule("PF512", "answer-not-taken", Severity.ERROR)
def not_taken(place: Place, message: str, why: str, fix: str, related: Related) -> Diagnostic:
    """
    An answer of a scenario could not be given: the question was not asked, or the form refused the answer.

    ## Why
    Engines set a hidden question, an unknown choice or a text in a number without a word. Here only what a person can do
    on the phone is done.

    ## Bad
    ```pim
    ask age integer "How old are you?"
      must be at most 120
        message "At most 120."
    scenario old "A very old person"
      given consent
      answer age 140
      expect outcome complete
    end scenario
    ```

    ## Good
    ```pim
    ask age integer "How old are you?"
      must be at most 120
        message "At most 120."
    scenario old "A very old person"
      given consent
      expect refused age 140 message "At most 120."
      answer age 104
      expect outcome complete
    end scenario
    ```
    """
    return Diagnostic(rule_of(not_taken), message, place, why, fix, related=related)


@rule("PF513", "interview-does-not-end", Severity.ERROR)
def no_end(place: Place, message: str, why: str, fix: str, related: Related) -> Diagnostic:
    """
    An interview of a scenario did not come to its end.

    ## Why
    A question that must be answered and that the scenario does not speak of stands in the way, or a repeat never ends. On
    the phone the interviewer would be stuck in the same place.

    ## Bad
    ```pim
    ask used yes_no "Did you use the desk?"
    scenario used "Somebody used the desk"
      answer used yes
      expect recorded used yes
    end scenario
    ```

    ## Good
    ```pim
    ask used yes_no "Did you use the desk?"
    scenario used "Somebody used the desk"
      given consent
      answer used yes
      expect recorded used yes
    end scenario
    ```
    """
    return Diagnostic(rule_of(no_end), message, place, why, fix, related=related)


MESSAGES = (not_met, not_taken, no_end)
