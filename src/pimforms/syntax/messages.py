"""What is said about text that cannot be read: PF0xx. Each function is a code; its docstring is the code's page."""

from __future__ import annotations

from pimforms.diagnostics import Diagnostic, Severity, rule, rule_of
from pimforms.source import Place


@rule("PF001", "line-not-understood", Severity.ERROR)
def line_not_understood(place: Place, found: str, expected: str, fix: str) -> Diagnostic:
    """
    A line has its words in an order that the language does not know.

    ## Why
    A line that is not understood would be lost, and with it a question or a protection.

    ## Bad
    ```pim
    ask age integer for services "How old are you?"
    ```

    ## Good
    ```pim
    ask age integer "How old are you?" for services
    ```
    """
    return Diagnostic(
        rule_of(line_not_understood),
        f"this line stops making sense at {found}",
        place,
        f"Here I expect {expected}.",
        fix,
        "not expected here",
    )


@rule("PF002", "text-not-closed", Severity.ERROR)
def text_not_closed(place: Place) -> Diagnostic:
    """
    A text begins with a quotation mark and does not end with one on the same line.

    ## Why
    Without the second mark nobody can tell where the text ends.

    ## Bad
    ```pim
    ask age integer "How old are you?
    ```

    ## Good
    ```pim
    ask age integer "How old are you?"
    ```
    """
    return Diagnostic(
        rule_of(text_not_closed),
        "this text is not closed",
        place,
        "A text begins and ends with a quotation mark, on one line.",
        'put `"` at the end of the text; for a second paragraph, begin the next line with `"`',
        "begins here",
    )


@rule("PF003", "unknown-word", Severity.ERROR)
def unknown_word(place: Place, word: str, fix: str | None) -> Diagnostic:
    """
    A line begins with a word that the language does not have.

    ## Why
    In a spreadsheet a misspelled column is ignored, and a skip rule is lost without a sound. Here it is an error.

    ## Bad
    ```pim
    ask age integer "How old are you?"
      hnit "In full years"
    ```

    ## Good
    ```pim
    ask age integer "How old are you?"
      hint "In full years"
    ```
    """
    return Diagnostic(
        rule_of(unknown_word),
        f"`{word}` is not a word of the language",
        place,
        "Every line begins with a word I know.",
        fix or "begin the line with one of: ask, note, group, calculate",
    )


@rule("PF004", "property-in-wrong-place", Severity.ERROR)
def property_in_wrong_place(place: Place, word: str, statement: str | None, under: str) -> Diagnostic:
    """
    A property line stands under a statement that does not have it.

    ## Why
    It would have no effect, and nobody would notice.

    ## Bad
    ```pim
    note welcome "We begin now."
      optional
    ask age integer "How old are you?"
    ```

    ## Good
    ```pim
    ask age integer "How old are you?"
      optional
    ```
    """
    where = f"`{statement}` has no `{word}`" if statement else f"`{word}` stands under nothing"
    return Diagnostic(
        rule_of(property_in_wrong_place),
        where,
        place,
        f"`{word}` belongs under {under}.",
        f"move this line under {under}, or take it out",
    )


@rule("PF005", "property-twice", Severity.ERROR)
def property_twice(place: Place, word: str, first: Place) -> Diagnostic:
    """
    A statement has the same property twice.

    ## Why
    Only one of the two could count, and which one would be chance.

    ## Bad
    ```pim
    ask age integer "How old are you?"
      hint "In full years"
      hint "Count from the last birthday"
    ```

    ## Good
    ```pim
    ask age integer "How old are you?"
      hint "In full years, counted from the last birthday"
    ```
    """
    return Diagnostic(
        rule_of(property_twice),
        f"`{word}` stands here twice",
        place,
        f"The first one is on line {first.line}.",
        "keep one of the two, or add the line that is missing between them",
        related=(("the first", first),),
    )


@rule("PF006", "not-closed", Severity.ERROR)
def not_closed(place: Place, word: str, name: str) -> Diagnostic:
    """
    A statement that holds others has no `end`.

    ## Why
    Without it, nobody can tell which questions belong to it, and so which purpose and which protection they have.

    ## Bad
    ```pim
    group people "People" for services
      ask age integer "How old are you?"
    ```

    ## Good
    ```pim
    group people "People" for services
      ask age integer "How old are you?"
    end group
    ```
    """
    return Diagnostic(
        rule_of(not_closed),
        f"`{word} {name}` is never closed",
        place,
        f"`{word}` holds other lines, so it needs an end.",
        f"add `end {word}` after its last line",
        "opened here",
    )


@rule("PF007", "end-without-beginning", Severity.ERROR)
def end_without_beginning(place: Place, word: str, open_word: str | None, open_place: Place | None) -> Diagnostic:
    """
    An `end` closes something that is not open.

    ## Why
    Questions would land in another group than the author thinks.

    ## Bad
    ```pim
    ask age integer "How old are you?"
    end group
    ```

    ## Good
    ```pim
    group people "People" for services
      ask age integer "How old are you?"
    end group
    ```
    """
    related: tuple[tuple[str, Place], ...] = ()
    if open_word and open_place:
        why = f"What is open here is `{open_word}`, from line {open_place.line}."
        fix = f"write `end {open_word}`"
        related = ((f"`{open_word}` begins", open_place),)
    else:
        why, fix = "Nothing is open here.", "take this line out, or add the line that it should close"
    return Diagnostic(rule_of(end_without_beginning), f"`end {word}` closes nothing", place, why, fix, related=related)


@rule("PF008", "text-belongs-to-nothing", Severity.ERROR)
def text_belongs_to_nothing(place: Place, what: str) -> Diagnostic:
    """
    A translation or a second paragraph has no text directly above it.

    ## Why
    A translation belongs to the text directly above it. Here there is none, so it would be lost.

    ## Bad
    ```pim
    group people for services
      "This part is about everyone who lives here."
      ask age integer "How old are you?"
    end group
    ```

    ## Good
    ```pim
    group people "People" for services
      "This part is about everyone who lives here."
      ask age integer "How old are you?"
    end group
    ```
    """
    return Diagnostic(
        rule_of(text_belongs_to_nothing),
        f"this {what} belongs to no text",
        place,
        f"A {what} stands directly under the text it belongs to.",
        "move it under its text, or add the text above it",
    )


@rule("PF009", "newer-language", Severity.ERROR)
def newer_language(place: Place, written: str, known: str) -> Diagnostic:
    """
    The file says that it is written in a newer version of the language than this program knows.

    ## Why
    A newer version may mean something else with the same words. Guessing is not safe.

    ## Bad
    ```pim
    pimforms 99
    ask age integer "How old are you?"
    ```

    ## Good
    ```pim
    pimforms 1
    ask age integer "How old are you?"
    ```
    """
    return Diagnostic(
        rule_of(newer_language),
        f"this file is written in version {written} of the language; I know version {known}",
        place,
        "A newer version may mean something else with the same words.",
        "install a newer pimforms: pip install --upgrade pimforms",
    )


MESSAGES = (
    line_not_understood,
    text_not_closed,
    unknown_word,
    property_in_wrong_place,
    property_twice,
    not_closed,
    end_without_beginning,
    text_belongs_to_nothing,
    newer_language,
)
