"""What is said about scenarios before any is run: PF501 to PF508."""

from __future__ import annotations

from collections.abc import Iterable

from pimforms.diagnostics import Diagnostic, Severity, rule, rule_of
from pimforms.resolve.messages import some
from pimforms.source import Place


@rule("PF501", "scenario-in-wrong-file", Severity.ERROR)
def wrong_file(place: Place, message: str, fix: str) -> Diagnostic:
    """
    A scenario stands in a form, or something else stands among scenarios.

    ## Why
    The form is what goes to the phone. Scenarios only say how it must behave, so they stand in a file of their own beside
    it: `visit.test.pim` beside `visit.pim`. `pimforms test visit.pim` finds it there.

    ## Bad
    ```pim
    ask age integer "How old are you?"
    scenario adult "An adult answers"
      answer age 30
      expect recorded age 30
    end scenario
    ```

    ## Good
    ```pim
    ask age integer "How old are you?"
    ```
    """
    why = "The form goes to the phone. How it must behave stands in a file beside it."
    return Diagnostic(rule_of(wrong_file), message, place, why, fix)


@rule("PF502", "scenario-unknown-name", Severity.ERROR)
def unknown_question(place: Place, name: str, near: str | None, what: str = "nothing") -> Diagnostic:
    """
    A scenario speaks of a question that the form does not have.

    ## Why
    A scenario about a question that is gone proves nothing. `pimforms show FORM` lists the names that were added.

    ## Bad
    ```pim
    ask missing_docs yes_no "Does anyone here lack papers?"
    scenario papers "Someone has no papers"
      given consent
      answer mising_docs yes
      expect recorded missing_docs yes
    end scenario
    ```

    ## Good
    ```pim
    ask missing_docs yes_no "Does anyone here lack papers?"
    scenario papers "Someone has no papers"
      given consent
      answer missing_docs yes
      expect recorded missing_docs yes
    end scenario
    ```
    """
    return Diagnostic(
        rule_of(unknown_question),
        f"{what} in this form is called `{name}`",
        place,
        "A scenario names questions as the form does.",
        f"write `{near}`" if near else "write the name of a question of the form; names that were added: pimforms show",
        "not known",
    )


@rule("PF503", "scenario-unknown-choice", Severity.ERROR)
def unknown_choice(place: Place, code: str, question: str, codes: Iterable[str], near: str | None) -> Diagnostic:
    """
    A scenario gives an answer that is not a choice of its question.

    ## Why
    On the phone nobody can tick it. Some engines take it in silence, and the scenario would prove something else.

    ## Bad
    ```pim
    ask water one "Where does your water come from?"
      - tap  "Tap"
      - well "Well"
    scenario far "Water from a well"
      given consent
      answer water wells
      expect recorded water well
    end scenario
    ```

    ## Good
    ```pim
    ask water one "Where does your water come from?"
      - tap  "Tap"
      - well "Well"
    scenario far "Water from a well"
      given consent
      answer water well
      expect recorded water well
    end scenario
    ```
    """
    return Diagnostic(
        rule_of(unknown_choice),
        f"`{code}` is not a choice of `{question}`",
        place,
        f"Its choices are: {some(codes, 12)}.",
        f"write `{near}`" if near else f"write one of the choices of `{question}`",
        "not a choice",
    )


@rule("PF504", "scenario-value-does-not-fit", Severity.ERROR)
def value_does_not_fit(place: Place, message: str, fix: str) -> Diagnostic:
    """
    An answer in a scenario is of another kind than its question takes.

    ## Why
    The phone shows only digits for a number and a calendar for a date. Nobody can give this answer there.

    ## Bad
    ```pim
    ask age integer "How old are you?"
    scenario adult "An adult answers"
      given consent
      answer age thirty
      expect recorded age 30
    end scenario
    ```

    ## Good
    ```pim
    ask age integer "How old are you?"
    scenario adult "An adult answers"
      given consent
      answer age 30
      expect recorded age 30
    end scenario
    ```
    """
    why = "Nobody can give this answer on the phone."
    return Diagnostic(rule_of(value_does_not_fit), message, place, why, fix, "does not fit")


@rule("PF505", "scenario-answered-twice", Severity.ERROR)
def answered_twice(place: Place, question: str, first: Place) -> Diagnostic:
    """
    A scenario answers the same question twice.

    ## Why
    Only one answer can count. If somebody changes an answer, say so: `go back` ends the first run of the interview, and
    what stands after it is changed.

    ## Bad
    ```pim
    ask used yes_no "Did you use the desk?"
    scenario change "Somebody thinks again"
      given consent
      answer used yes
      answer used no
      expect recorded used no
    end scenario
    ```

    ## Good
    ```pim
    ask used yes_no "Did you use the desk?"
    scenario change "Somebody thinks again"
      given consent
      answer used yes
      go back
      answer used no
      expect recorded used no
    end scenario
    ```
    """
    return Diagnostic(
        rule_of(answered_twice),
        f"`{question}` is answered twice",
        place,
        f"The first answer is on line {first.line}. Only one can count.",
        "take one out; if the answer is changed later, put `go back` between the two",
        related=(("the first", first),),
    )


@rule("PF506", "scenario-unknown-word", Severity.ERROR)
def unknown_word(place: Place, word: str, what: str, known: Iterable[str], near: str | None) -> Diagnostic:
    """
    A scenario uses a word that is not in its list: after `given`, `speak` or `expect outcome`.

    ## Why
    These words are few, and each has one meaning.

    ## Bad
    ```pim
    ask used yes_no "Did you use the desk?"
    scenario refusal "Who says no is asked nothing more"
      given refused
      expect not asked used
    end scenario
    ```

    ## Good
    ```pim
    ask used yes_no "Did you use the desk?"
    scenario refusal "Who says no is asked nothing more"
      given refusal
      expect not asked used
    end scenario
    ```
    """
    return Diagnostic(
        rule_of(unknown_word),
        f"`{word}` is not {what}",
        place,
        f"There are: {', '.join(f'`{one}`' for one in known)}.",
        f"write `{near}`" if near else "write one of them",
    )


@rule("PF507", "scenario-line-does-not-fit", Severity.ERROR)
def does_not_fit(
    place: Place, message: str, why: str, fix: str, defined: tuple[str, Place] | None = None
) -> Diagnostic:
    """
    A line of a scenario asks something of an item that it cannot do.

    ## Why
    A note is not answered, a calculation has no text on the screen, and only a repeat has members.

    ## Bad
    ```pim
    ask used yes_no "Did you use the desk?"
    note thanks "Thank you."
    scenario all "Everything is asked"
      given consent
      answer thanks yes
      expect asked used
    end scenario
    ```

    ## Good
    ```pim
    ask used yes_no "Did you use the desk?"
    note thanks "Thank you."
    scenario all "Everything is asked"
      given consent
      expect asked used, thanks
    end scenario
    ```
    """
    return Diagnostic(rule_of(does_not_fit), message, place, why, fix, related=(defined,) if defined else ())


@rule("PF508", "scenario-expects-nothing", Severity.WARNING)
def expects_nothing(place: Place, name: str) -> Diagnostic:
    """
    A scenario has no `expect`.

    ## Why
    It proves only that the interview comes to its end with these answers.

    ## Bad
    ```pim
    ask used yes_no "Did you use the desk?"
    scenario used "Somebody used the desk"
      given consent
      answer used yes
    end scenario
    ```

    ## Good
    ```pim
    ask used yes_no "Did you use the desk?"
    scenario used "Somebody used the desk"
      given consent
      answer used yes
      expect outcome complete
    end scenario
    ```
    """
    return Diagnostic(
        rule_of(expects_nothing),
        f"the scenario `{name}` expects nothing",
        place,
        "It proves only that the interview comes to its end.",
        "say what must be so: expect outcome complete",
    )


MESSAGES = (
    wrong_file,
    unknown_question,
    unknown_choice,
    value_does_not_fit,
    answered_twice,
    unknown_word,
    does_not_fit,
    expects_nothing,
)
