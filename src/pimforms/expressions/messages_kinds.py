"""What is said about kinds of values: a date beside a number, a value where a condition belongs. PF212 to PF225."""

from __future__ import annotations

from collections.abc import Iterable

from pimforms.diagnostics import Diagnostic, Severity, rule, rule_of
from pimforms.expressions.messages_names import some
from pimforms.source import Place


@rule("PF212", "is-on-many-choice", Severity.ERROR)
def is_on_many_choice(place: Place, question: str, fix: str) -> Diagnostic:
    """
    `is` or `=` stands beside a many-choice question.

    ## Why
    It would hold only if exactly that one choice is ticked, and nothing else. That is rarely meant, and easily missed.

    ## Bad
    ```pim
    ask water many "Where does your water come from?"
      - tap  "Tap"
      - well "Well"
    ask depth integer "How deep is the well, in metres?"
      when water is well
    ```

    ## Good
    ```pim
    ask water many "Where does your water come from?"
      - tap  "Tap"
      - well "Well"
    ask depth integer "How deep is the well, in metres?"
      when water includes well
    ```
    """
    return Diagnostic(
        rule_of(is_on_many_choice),
        f"`{question}` can have several answers, so it never simply is one",
        place,
        "A many-choice answer includes choices. `includes only` says that nothing else is ticked.",
        fix,
    )


@rule("PF213", "includes-on-one-choice", Severity.ERROR)
def includes_on_one_choice(place: Place, question: str, what: str, fix: str) -> Diagnostic:
    """
    `includes` stands beside an answer that has only one value.

    ## Why
    Only a many-choice answer includes choices. Beside other answers the condition may mean something else than it says.

    ## Bad
    ```pim
    ask water one "Where does your water come from?"
      - tap  "Tap"
      - well "Well"
    ask depth integer "How deep is the well, in metres?"
      when water includes well
    ```

    ## Good
    ```pim
    ask water one "Where does your water come from?"
      - tap  "Tap"
      - well "Well"
    ask depth integer "How deep is the well, in metres?"
      when water is well
    ```
    """
    return Diagnostic(
        rule_of(includes_on_one_choice), f"`{question}` is {what}, and cannot include anything", place,
        "`includes` is for many-choice questions.", fix,
    )  # fmt: skip


@rule("PF214", "kinds-do-not-compare", Severity.ERROR)
def kinds_do_not_compare(
    place: Place, left: str, right: str, why: str, fix: str, title: str | None = None
) -> Diagnostic:
    """
    Two values of different kinds are compared: a date with a number, a text with a date.

    ## Why
    The phone compares them all the same, and the result is false or nonsense. Without a sign of it in the data.

    ## Bad
    ```pim
    ask born date "When were you born?"
    ask school yes_no "Do you go to school?"
      when born < 18
    ```

    ## Good
    ```pim
    record today as interview_date
    ask born date "When were you born?"
    ask school yes_no "Do you go to school?"
      when years from born to interview_date < 18
    ```
    """
    title = title or f"{left} cannot be compared with {right}"
    return Diagnostic(rule_of(kinds_do_not_compare), title, place, why, fix)


@rule("PF215", "arithmetic-on-non-number", Severity.ERROR)
def arithmetic_on_non_number(place: Place, what: str, operator: str, fix: str) -> Diagnostic:
    """
    Something that is not a number is added, subtracted, multiplied, divided or summed.

    ## Why
    The phone gives “not a number”, which turns up as a blank or as `NaN` in the data.

    ## Bad
    ```pim
    record today as interview_date
    ask left date "When did you leave home?"
    calculate days_away = interview_date - left
    ```

    ## Good
    ```pim
    record today as interview_date
    ask left date "When did you leave home?"
    calculate days_away = days from left to interview_date
    ```
    """
    return Diagnostic(
        rule_of(arithmetic_on_non_number), f"`{operator}` needs numbers, and this is {what}", place,
        "Only numbers can be calculated with.", fix, "not a number",
    )  # fmt: skip


@rule("PF216", "value-where-condition", Severity.ERROR)
def value_where_condition(place: Place, what: str, fix: str) -> Diagnostic:
    """
    A value stands where a condition belongs.

    ## Why
    Engines differ in when a value counts as true: in one of them, even the answer “no” does.

    ## Bad
    ```pim
    ask pump yes_no "Is there a hand pump?"
    ask works yes_no "Does it work?"
      when pump
    ```

    ## Good
    ```pim
    ask pump yes_no "Is there a hand pump?"
    ask works yes_no "Does it work?"
      when pump is yes
    ```
    """
    return Diagnostic(
        rule_of(value_where_condition), f"this is {what}, and a condition belongs here", place,
        "A condition says something that holds or does not hold.", fix, "not a condition",
    )  # fmt: skip


@rule("PF217", "condition-where-value", Severity.ERROR)
def condition_where_value(place: Place, fix: str) -> Diagnostic:
    """
    A condition stands where a value belongs.

    ## Why
    A condition gives 1 or 0 in one engine and `true` or `false` in the others. As a value it means nothing certain.

    ## Bad
    ```pim
    ask age integer "How old are you?"
    ask children integer "How many children do you have?"
    calculate points = children + (age > 60)
    ```

    ## Good
    ```pim
    ask age integer "How old are you?"
    ask children integer "How many children do you have?"
    calculate points = children + (1 if age > 60 otherwise 0)
    ```
    """
    return Diagnostic(
        rule_of(condition_where_value), "this is a condition, and a value belongs here", place,
        "A condition holds or does not hold. It is not a number or a text.", fix, "not a value",
    )  # fmt: skip


@rule("PF218", "unknown-function", Severity.ERROR)
def unknown_function(place: Place, name: str, near: str | None, known: Iterable[str]) -> Diagnostic:
    """
    A function that the language does not have.

    ## Why
    A function that a phone does not know stops the whole form, sometimes only when the question is answered.

    ## Bad
    ```pim
    ask weight decimal "How many kilograms?"
    calculate whole = rond(weight)
    ```

    ## Good
    ```pim
    ask weight decimal "How many kilograms?"
    calculate whole = round(weight)
    ```
    """
    return Diagnostic(
        rule_of(unknown_function), f"there is no function `{name}`", place, f"The functions are: {some(known, 30)}.",
        f"write `{near}`" if near else 'write one of these, or `raw xpath "…"` for XPath that is passed on unchecked',
    )  # fmt: skip


@rule("PF219", "wrong-argument", Severity.ERROR)
def wrong_argument(place: Place, title: str, why: str, fix: str) -> Diagnostic:
    """
    A function is given too many values, too few, or one of the wrong kind.

    ## Why
    Engines differ in what they make of it: a blank, an error, or a form that does not open.

    ## Bad
    ```pim
    ask age integer "How old are you?"
    calculate born = year(age)
    ```

    ## Good
    ```pim
    ask birthday date "When were you born?"
    calculate born = year(birthday)
    ```
    """
    return Diagnostic(rule_of(wrong_argument), title, place, why, fix)


@rule("PF220", "bad-pattern", Severity.ERROR)
def bad_pattern(place: Place, pattern: str, why: str, fix: str) -> Diagnostic:
    """
    The pattern of a `match` is not a regular expression that every phone understands.

    ## Why
    A broken pattern blocks the interview when the question is answered, not before.

    ## Bad
    ```pim
    ask code text "What is on the card?"
      must match "[0-9{6}"
    ```

    ## Good
    ```pim
    ask code text "What is on the card?"
      must match "[0-9]{6}"
    ```
    """
    return Diagnostic(rule_of(bad_pattern), f'the pattern "{pattern}" does not work', place, why, fix)


@rule("PF221", "no-such-day", Severity.ERROR)
def no_such_day(place: Place, iso: str, near: str) -> Diagnostic:
    """
    A date that is not in the calendar.

    ## Why
    Phones make another day of it, or refuse the form.

    ## Bad
    ```pim
    ask moved date "When did you come here?"
      must be after 2026-02-30
    ```

    ## Good
    ```pim
    ask moved date "When did you come here?"
      must be after 2026-02-28
    ```
    """
    return Diagnostic(
        rule_of(no_such_day), f"there is no day {iso}", place, "A date is written year-month-day.", f"write {near}"
    )


@rule("PF222", "default-does-not-fit", Severity.ERROR)
def default_does_not_fit(
    place: Place, title: str, why: str, fix: str, related: tuple[tuple[str, Place], ...] = ()
) -> Diagnostic:
    """
    The default is not an answer that this question can have.

    ## Why
    The phone drops it, or sends it as if somebody had answered so.

    ## Bad
    ```pim
    ask people integer "How many people live here?"
      default "many"
    ```

    ## Good
    ```pim
    ask people integer "How many people live here?"
      default 1
    ```
    """
    return Diagnostic(rule_of(default_does_not_fit), title, place, why, fix, related=related)


@rule("PF223", "times-is-not-a-number", Severity.ERROR)
def times_is_not_a_number(place: Place, what: str, fix: str) -> Diagnostic:
    """
    The number of members of a repeat is not a whole number.

    ## Why
    The repeat would have no members, or never end.

    ## Bad
    ```pim
    ask children text "How many children live here?"
    repeat child "Child"
      times children
      ask age integer "How old is this one?"
    end repeat
    ```

    ## Good
    ```pim
    ask children integer "How many children live here?"
      must be at most 20
    repeat child "Child"
      times children
      ask age integer "How old is this one?"
    end repeat
    ```
    """
    return Diagnostic(
        rule_of(times_is_not_a_number), f"`times` needs a whole number, and this is {what}", place,
        "It says how many members there are.", fix,
    )  # fmt: skip


@rule("PF224", "bad-key", Severity.ERROR)
def bad_key(place: Place, what: str, fix: str) -> Diagnostic:
    """
    The key of a `find` cannot be looked up in a file.

    ## Why
    A file is searched for a text, a code or a whole number. Anything else is written differently by each phone.

    ## Bad
    ```pim
    ask seen date "When did you get the card?"
    find card in "cards.csv" by seen as household_code
      gives size integer from size
    ```

    ## Good
    ```pim
    ask card_code text "What is on the card?"
    find card in "cards.csv" by card_code as household_code
      gives size integer from size
    ```
    """
    return Diagnostic(
        rule_of(bad_key), f"a file cannot be searched for {what}", place,
        "The key is a text, a code or a whole number.", fix,
    )  # fmt: skip


@rule("PF225", "cannot-be-spoken", Severity.ERROR)
def cannot_be_spoken(place: Place, name: str, what: str, fix: str) -> Diagnostic:
    """
    A text names an answer that cannot stand in a text.

    ## Why
    A photo or a sound has no words. And only a choice has a code beside its label.

    ## Bad
    ```pim
    ask people integer "How many people live here?"
    note thanks "You said {people code}."
    ```

    ## Good
    ```pim
    ask people integer "How many people live here?"
    note thanks "You said {people}."
    ```
    """
    return Diagnostic(rule_of(cannot_be_spoken), f"`{name}` is {what}", place, "This cannot stand in a text.", fix)
