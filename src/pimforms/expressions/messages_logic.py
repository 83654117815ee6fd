"""What is said about circles, lists that cannot narrow, and conditions that decide nothing. PF210, PF211, PF226 to PF232."""

from __future__ import annotations

from pimforms.diagnostics import Diagnostic, Severity, rule, rule_of
from pimforms.expressions.messages_names import some
from pimforms.source import Place


@rule("PF210", "calculation-cycle", Severity.ERROR)
def calculation_cycle(place: Place, names: tuple[str, ...]) -> Diagnostic:
    """
    Calculations or conditions need each other's value.

    ## Why
    None of them can be worked out first. The phone refuses the whole form.

    ## Bad
    ```pim
    ask rent integer "How much is the rent?"
    calculate food = total - rent
    calculate total = food + rent
    ```

    ## Good
    ```pim
    ask rent integer "How much is the rent?"
    ask food integer "How much do you spend on food?"
    calculate total = food + rent
    ```
    """
    title = f"`{names[0]}` needs its own value" if len(names) == 1 else f"{some(names)} need each other's value"
    circle = " → ".join((*names, names[0]))
    return Diagnostic(
        rule_of(calculation_cycle),
        title,
        place,
        f"None of them can be worked out first: {circle}.",
        f"take `{names[0]}` out of the value of `{names[-1]}`",
    )


@rule("PF211", "wrong-narrowing", Severity.ERROR)
def wrong_narrowing(place: Place, word: str, name: str, why: str, fix: str) -> Diagnostic:
    """
    `within` or `offer only` names a question that cannot narrow this list.

    ## Why
    `within` needs a one-choice question asked before, and a list with a column for it. `offer only` needs a many-choice
    question asked before, with choices of the same list. Otherwise the list on the phone is empty.

    ## Bad
    ```pim
    choices foods
      rice  "Rice"
      beans "Beans"
    end choices
    ask bought integer "How many foods did you buy?"
    ask liked one of foods "Which one did you like best?"
      offer only bought
    ```

    ## Good
    ```pim
    choices foods
      rice  "Rice"
      beans "Beans"
    end choices
    ask bought many of foods "Which foods did you buy?"
    ask liked one of foods "Which one did you like best?"
      offer only bought
    ```
    """
    return Diagnostic(rule_of(wrong_narrowing), f"`{word} {name}` cannot narrow this list", place, why, fix)


@rule("PF226", "never-holds", Severity.ERROR)
def never_holds(place: Place, title: str, why: str, related: tuple[tuple[str, Place], ...] = ()) -> Diagnostic:
    """
    A condition that can never hold, by itself or together with the conditions around it; or a `times` that is never above 0.

    ## Why
    The question behind it is never asked. In the data it looks as if nobody had an answer.

    ## Bad
    ```pim
    ask water one "Where does your water come from?"
      - tap   "Tap"
      - well  "Well"
      - river "River"
    ask depth integer "How deep is the well, in metres?"
      when water is tap and water is well
    ```

    ## Good
    ```pim
    ask water one "Where does your water come from?"
      - tap   "Tap"
      - well  "Well"
      - river "River"
    ask depth integer "How deep is the well, in metres?"
      when water is tap or water is well
    ```
    """
    fix = "correct the value, or take out what waits for it"
    if " and " in place.text:
        fix = "write `or` if one of the parts is enough, or correct the value that does not fit"
    if related:
        fix = "move this out of what stands around it, or correct the value that does not fit"
    return Diagnostic(rule_of(never_holds), title, place, why, fix, related=related)


@rule("PF227", "always-holds", Severity.WARNING)
def always_holds(place: Place) -> Diagnostic:
    """
    A condition that always holds.

    ## Why
    It decides nothing. Often another sign or another value was meant.

    ## Bad
    ```pim
    ask people integer "How many people live here?"
      must be at least 1
    ask crowded yes_no "Is there room for everyone?"
      when people > 0
    ```

    ## Good
    ```pim
    ask people integer "How many people live here?"
      must be at least 1
    ask crowded yes_no "Is there room for everyone?"
      when people > 5
    ```
    """
    return Diagnostic(
        rule_of(always_holds), "this condition always holds", place, "So it decides nothing.",
        "take it out, or correct the sign or the value", "always true",
    )  # fmt: skip


@rule("PF228", "must-cannot-be-met", Severity.ERROR)
def must_cannot_be_met(place: Place, name: str, why: str, related: tuple[tuple[str, Place], ...] = ()) -> Diagnostic:
    """
    No answer can meet what this question asks for.

    ## Why
    The interviewer stands before a screen that accepts nothing, in front of the person.

    ## Bad
    ```pim
    ask age integer "How old are you?"
      must be at least 60
      must be at most 18
    ```

    ## Good
    ```pim
    ask age integer "How old are you?"
      must be at least 18
      must be at most 60
    ```
    """
    return Diagnostic(
        rule_of(must_cannot_be_met), f"no answer to `{name}` can meet this", place, why,
        "correct one of the values", related=related,
    )  # fmt: skip


@rule("PF229", "unchecked", Severity.WARNING)
def unchecked(place: Place) -> Diagnostic:
    """
    An expression in raw XPath.

    ## Why
    It is passed on as it is. Names, types, hidden answers and the differences between phones are not checked.

    ## Bad
    ```pim
    ask people integer "How many people live here?"
    calculate root = raw xpath "sqrt(${people})"
    ```

    ## Good
    ```pim
    ask people integer "How many people live here?"
    calculate half = people / 2
    ```
    """
    return Diagnostic(
        rule_of(unchecked), "this XPath is not checked", place,
        "Raw XPath is passed on as it is. Nobody has looked at its names, types and hidden answers.",
        "write it in the language, or try it on every phone and server that you use",
    )  # fmt: skip


@rule("PF230", "too-deep", Severity.ERROR)
def too_deep(place: Place, length: int = 0) -> Diagnostic:
    """
    One expression has hundreds of parts inside each other, or does not fit a cell of a workbook.

    ## Why
    Phones give up on such expressions, and nobody can read them. A cell holds 32 767 characters, and with the conditions
    of what it reads an expression becomes longer than it is written.

    ## Bad
    Several hundred terms in one sum.

    ## Good
    ```pim
    ask men integer "How many men live here?"
    ask women integer "How many women live here?"
    calculate adults = men + women
    ```
    """
    why = (
        f"Written for the phone it has {length} characters, and a cell of the workbook holds 32767."
        if length
        else "Phones give up on expressions with hundreds of parts."
    )
    title = "this expression is too long" + ("" if length else " to be worked out")
    return Diagnostic(rule_of(too_deep), title, place, why, "split it into several calculations")


@rule("PF231", "counted-inside-itself", Severity.ERROR)
def counted_inside_itself(place: Place, repeat: str, function: str) -> Diagnostic:
    """
    The members of a repeat are looked at from inside the same repeat.

    ## Why
    Collect works this out for one member at a time. When the answer of another member changes, it stays as it was, while
    Web Forms and Enketo work it out again. `count of` without `where` is right everywhere, and so is a `must`, which is
    looked at when its question is answered.

    ## Bad
    ```pim
    repeat members "Members"
      ask age integer "How old is this person?"
      calculate children = count of members where age < 18
    end repeat
    ```

    ## Good
    ```pim
    repeat members "Members"
      ask age integer "How old is this person?"
    end repeat
    calculate children = count of members where age < 18
    ```
    """
    return Diagnostic(
        rule_of(counted_inside_itself),
        f"this looks at all of `{repeat}` from inside `{repeat}`",
        place,
        f"`{function}` inside the repeat is not worked out again in Collect when another member changes.",
        "calculate it after `end repeat`, or look at it in a `must`",
    )


@rule("PF232", "times-without-limit", Severity.WARNING)
def times_without_limit(place: Place, name: str, high: int | None, usual: int, asked: Place) -> Diagnostic:
    """
    How many members a repeat has is typed in, and nothing says how many there can be at most.

    ## Why
    Whoever types 500 in place of 5 waits until the phone has made 500 members, or until it hangs, and the interview with it.
    `must be at most` under the question stops that. How many are too many stands in `limits.toml`.

    ## Bad
    ```pim
    ask people integer "How many people live here?"
      must be at least 1
    repeat person "Person"
      times people
      ask works yes_no "Does this person work?"
    end repeat
    ```

    ## Good
    ```pim
    ask people integer "How many people live here?"
      must be at least 1 and at most 30
    repeat person "Person"
      times people
      ask works yes_no "Does this person work?"
    end repeat
    ```
    """
    how = "any number" if high is None else f"up to {high}"
    return Diagnostic(
        rule_of(times_without_limit),
        f"`{name}` may be {how}, and the phone makes as many members",
        place,
        "Whoever types 500 in place of 5 waits until the phone hangs.",
        f"write under `{name}`: must be at most {usual}",
        related=(("it is asked here", asked),),
    )
