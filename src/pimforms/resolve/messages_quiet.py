"""What is said about mistakes that spreadsheets and other checkers pass over without a word: PF131 to PF138, PF240."""

from __future__ import annotations

from collections.abc import Iterable

from pimforms.diagnostics import Diagnostic, Severity, rule, rule_of
from pimforms.source import Place

_SHOWN = 5


def _listed(words: Iterable[str]) -> str:
    shown = list(words)
    names = ", ".join(f"`{word}`" for word in shown[:_SHOWN])
    return f"{names} …" if len(shown) > _SHOWN else names


@rule("PF131", "undeclared-prefix", Severity.ERROR)
def undeclared_prefix(place: Place, column: str, prefix: str, known: Iterable[str]) -> Diagnostic:
    """
    A raw column has a prefix that the form does not declare.

    ## Why
    The form would not be well-formed XML. The spreadsheet is accepted, and then no phone can open the form.

    ## Bad
    ```pim
    ask age integer "How old are you?"
      raw "bind::oc:itemgroup" "people"
    ```

    ## Good
    ```pim
    ask age integer "How old are you?"
    ```
    """
    return Diagnostic(
        rule_of(undeclared_prefix),
        f"the prefix `{prefix}:` in `{column}` is declared nowhere",
        place,
        "The form would not be well-formed XML, and no phone could open it.",
        f"take this line out; prefixes that work are: {', '.join(known)}",
    )


@rule("PF132", "never-offered", Severity.ERROR)
def never_offered(place: Place, codes: tuple[str, ...], question: str, why: str, fix: str) -> Diagnostic:
    """
    A choice that a narrowed list never offers.

    ## Why
    `within` shows only the choices that belong to the answer given before. A choice that belongs to no answer is on the
    list in the form and never on the phone. Nobody can give this answer.

    ## Bad
    ```pim
    choices camps
      hill  "Hill camp"
        region: north
      river "River camp"
        region: noth
    end choices
    ask region one "Which region?"
      - north "North"
    ask camp one of camps "Which camp?"
      within region
    ```

    ## Good
    ```pim
    choices camps
      hill  "Hill camp"
        region: north
      river "River camp"
        region: north
    end choices
    ask region one "Which region?"
      - north "North"
    ask camp one of camps "Which camp?"
      within region
    ```
    """
    title = f"`{question}` never offers {_listed(codes)}"
    return Diagnostic(rule_of(never_offered), title, place, why, fix)


@rule("PF133", "nothing-to-offer", Severity.WARNING)
def nothing_to_offer(place: Place, question: str, other: str, codes: tuple[str, ...], column: str) -> Diagnostic:
    """
    After some answers a narrowed list is empty.

    ## Why
    The interviewer stands before a question that must be answered and has no choices.

    ## Bad
    ```pim
    choices camps
      hill "Hill camp"
        region: north
    end choices
    ask region one "Which region?"
      - north "North"
      - south "South"
    ask camp one of camps "Which camp?"
      within region
    ```

    ## Good
    ```pim
    choices camps
      hill "Hill camp"
        region: north
    end choices
    ask region one "Which region?"
      - north "North"
      - south "South"
    ask camp one of camps "Which camp?"
      within region
      when region is north
    ```
    """
    return Diagnostic(
        rule_of(nothing_to_offer),
        f"`{question}` has no choices where `{other}` is {_listed(codes)}",
        place,
        "The interviewer would stand before an empty list.",
        f"write `{column}: {codes[0]}` under a choice, or ask `{question}` only when `{other}` is something else",
    )


@rule("PF134", "column-not-used", Severity.WARNING)
def column_not_used(place: Place, column: str, name: str, near: str | None) -> Diagnostic:
    """
    A line under a choice that nothing uses.

    ## Why
    `word: value` under a choice is a column for `within`, a picture or sound, or a translation. With a small mistake in
    the word it is none of these, and it is lost without a sound.

    ## Bad
    ```pim
    ask tent one "Which tent?"
      - big   "The big tent"
        french: "La grande tente"
      - small "The small tent"
    ```

    ## Good
    ```pim
    ask tent one "Which tent?"
      - big   "The big tent"
      - small "The small tent"
    ```
    """
    return Diagnostic(
        rule_of(column_not_used),
        f"nothing uses `{column}:` in the list `{name}`",
        place,
        "It is not a language of the form, and no question is narrowed by it.",
        f"write `{near}:`" if near else "take it out; a translation begins with the code of its language, like `fr:`",
    )


@rule("PF135", "spreadsheet-reference", Severity.WARNING)
def spreadsheet_reference(place: Place, name: str) -> Diagnostic:
    """
    A text has `${name}` in it, as in a spreadsheet.

    ## Why
    Here an answer in a text is written `{name}`. The `$` would stand before the answer on the phone.

    ## Bad
    ```pim
    ask people integer "How many people live here?"
    note told "You said ${people}."
    ```

    ## Good
    ```pim
    ask people integer "How many people live here?"
    note told "You said {people}."
    ```
    """
    return Diagnostic(
        rule_of(spreadsheet_reference),
        "the phone would show a `$` before this answer",
        place,
        "In a text an answer is written in braces alone.",
        f"write `{{{name}}}`; for a price, put a blank behind the `$`",
    )


@rule("PF139", "no-answer-in-braces", Severity.WARNING)
def no_answer_in_braces(place: Place, written: str) -> Diagnostic:
    """
    What stands in braces in a text is not the name of an answer.

    ## Why
    The phone would show it as it is written, with its braces. Nothing is worked out inside a text.

    ## Bad
    ```pim
    repeat shelters "Shelter"
      ask people integer "How many people live in shelter {position()}?"
    end repeat
    ```

    ## Good
    ```pim
    repeat shelters "Shelter"
      ask people integer "How many people live in shelter {which}?"
      calculate which = position()
    end repeat
    ```
    """
    inside = written.strip("{} ")
    return Diagnostic(
        rule_of(no_answer_in_braces),
        f"the phone would show `{written}` as it is",
        place,
        "In a text only the name of an answer or a calculation stands in braces.",
        f"add `calculate NAME = {inside}` and write `{{NAME}}` here; for plain braces, write `{{{{`",
    )


@rule("PF136", "raw-column-refused", Severity.ERROR)
def raw_column_refused(place: Place, column: str, instead: str) -> Diagnostic:
    """
    A raw column would replace what the compiler writes to protect people.

    ## Why
    Nothing is asked without consent because the compiler writes so into `relevant`. A raw `relevant` would take that away
    without a sign. The same holds for names, types, values and tags.

    ## Bad
    ```pim
    ask age integer "How old are you?"
      raw relevant "true()"
    ```

    ## Good
    ```pim
    ask here yes_no "Do you live here?"
    ask age integer "How old are you?"
      when here is yes
    ```
    """
    return Diagnostic(
        rule_of(raw_column_refused),
        f"`{column}` cannot be written raw",
        place,
        "It would replace what the compiler writes there, and with it the consent and the checks.",
        instead,
    )


@rule("PF137", "look-up-values", Severity.WARNING)
def look_up_values(place: Place, message: str, why: str, fix: str) -> Diagnostic:
    """
    A file for look-ups has a code twice, or a value of another type than the form says.

    ## Why
    The phone takes the first row with the code and never reads the others. A text where a number is expected is not
    said by the phone: comparisons with it are false, and sums are not a number.

    ## Bad
    ```pim
    ask card text "What is on the card?"
    find household in "cards.csv" by card as household_code
      gives card_number integer from household_code
      missing "This card is not on the list."
    ```

    ## Good
    ```pim
    ask card text "What is on the card?"
    find household in "cards.csv" by card as household_code
      gives card_size integer from size
      missing "This card is not on the list."
    ```
    """
    return Diagnostic(rule_of(look_up_values), message, place, why, fix)


@rule("PF138", "text-too-long", Severity.ERROR)
def text_too_long(place: Place, length: int, most: int) -> Diagnostic:
    """
    A text has more characters than a cell of a workbook holds.

    ## Why
    A cell holds 32 767 characters. Excel cuts the rest without a word. Nobody reads so long a text on a phone: most often
    a quotation mark is missing, or a document was pasted.
    """
    return Diagnostic(
        rule_of(text_too_long),
        f"this text has {length} characters, and a cell holds {most}",
        place,
        "The workbook could not be written.",
        "write a short text, and give long ones as several notes",
    )


@rule("PF240", "changes-later", Severity.WARNING)
def changes_later(place: Place, what: str, word: str, fix: str) -> Diagnostic:
    """
    A value or a condition depends on the moment at which the record is looked at.

    ## Why
    A phone and a server work everything out again when somebody opens a record to correct it. An age that is counted up
    to `today` is then another age, and an answer whose condition no longer holds is deleted. `record today` keeps the
    day of the interview.

    ## Bad
    ```pim
    ask arrived date "When did you come here?"
    calculate months_here = months from arrived to today()
    ```

    ## Good
    ```pim
    record today as interview_date
    ask arrived date "When did you come here?"
    calculate months_here = months from arrived to interview_date
    ```
    """
    why = f"`{word}` is the {'day' if word == 'today' else 'time'} on the phone when the record is opened, also for a correction"
    end = "; answers behind it are then deleted." if what == "condition" else "."
    return Diagnostic(
        rule_of(changes_later), f"this {what} changes when the record is opened again", place, why + end, fix
    )


MESSAGES = (
    undeclared_prefix,
    never_offered,
    nothing_to_offer,
    column_not_used,
    spreadsheet_reference,
    raw_column_refused,
    look_up_values,
    text_too_long,
    changes_later,
)
