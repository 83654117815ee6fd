"""What is said about names in expressions: unknown, asked too late, out of reach. PF201 to PF209."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from pimforms.diagnostics import Diagnostic, Severity, rule, rule_of
from pimforms.expressions.nearest import nearest_word
from pimforms.source import Place


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that looks most like this one, or None."""
    return nearest_word(word, known, fold=True, least=0.6 if len(word) > 2 else 1.0)


def some(known: Iterable[str], most: int = 12) -> str:
    """A few words, as written in a sentence."""
    words = [f"`{word}`" for word in islice(known, most + 1)]
    return ", ".join(words[:most]) + (" …" if len(words) > most else "")


@rule("PF201", "unknown-name", Severity.ERROR)
def unknown_name(place: Place, name: str, near: str | None, fix: str | None = None) -> Diagnostic:
    """
    An expression or a text uses a name that the form does not have.

    ## Why
    A condition on an answer that does not exist never holds, and the question behind it is never asked.

    ## Bad
    ```pim
    ask children integer "How many children live here?"
    ask school yes_no "Do they go to school?"
      when childern > 0
    ```

    ## Good
    ```pim
    ask children integer "How many children live here?"
    ask school yes_no "Do they go to school?"
      when children > 0
    ```
    """
    if fix is None:
        fix = (
            f"write `{near}`"
            if near
            else f"ask `{name}` before this line, or write the name of an answer that is asked"
        )
    return Diagnostic(
        rule_of(unknown_name),
        f"nothing in this form is called `{name}`",
        place,
        "An expression reads answers by their names.",
        fix,
        "not known",
    )


@rule("PF202", "not-an-answer", Severity.ERROR)
def not_an_answer(place: Place, name: str, what: str, defined: Place, fix: str) -> Diagnostic:
    """
    An expression reads something that holds no answer: a group, a note, a repeat.

    ## Why
    A group has no value. A repeat has many members, so it can only be counted or summed.

    ## Bad
    ```pim
    repeat members "Members"
      ask age integer "How old is this person?"
    end repeat
    ask crowded yes_no "Is there room for everyone?"
      when members > 5
    ```

    ## Good
    ```pim
    repeat members "Members"
      ask age integer "How old is this person?"
    end repeat
    ask crowded yes_no "Is there room for everyone?"
      when count of members > 5
    ```
    """
    return Diagnostic(
        rule_of(not_an_answer),
        f"`{name}` is {what}, not an answer",
        place,
        "Only a question, a calculation or a look-up has a value.",
        fix,
        "has no value",
        related=((f"`{name}`", defined),),
    )


@rule("PF203", "code-not-in-list", Severity.ERROR)
def code_not_in_list(
    place: Place, code: str, question: str, codes: Iterable[str], near: str | None, labelled: str | None
) -> Diagnostic:
    """
    An answer is compared with a value that is not a choice of its list.

    ## Why
    The condition would never hold, and nobody would notice: one real form in five has this mistake.

    ## Bad
    ```pim
    ask water one "Where does your water come from?"
      - tap  "Tap"
      - well "Well"
    ask depth integer "How deep is the well, in metres?"
      when water is wel
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
    listed = some(codes, 20)
    if labelled is not None:
        why = f"`{code}` is the text that people see. The form keeps the code. The codes are: {listed}."
        fix = f"write `{labelled}`"
    else:
        why = f"The codes are: {listed}."
        fix = f"write `{near}`" if near else "write one of these codes, or add the choice to the list"
    return Diagnostic(
        rule_of(code_not_in_list), f"`{code}` is not a choice of `{question}`", place, why, fix, "not in the list"
    )


@rule("PF204", "used-before-asked", Severity.ERROR)
def used_before_asked(place: Place, name: str, reader: str, asked: Place, via: str | None = None) -> Diagnostic:
    """
    An answer is used before it is asked.

    ## Why
    At that moment the answer is blank. The question is skipped, and comes up later on a screen that was already passed.

    ## Bad
    ```pim
    ask school yes_no "Do they go to school?"
      when children > 0
    ask children integer "How many children live here?"
    ```

    ## Good
    ```pim
    ask children integer "How many children live here?"
    ask school yes_no "Do they go to school?"
      when children > 0
    ```
    """
    if name == reader:
        return Diagnostic(
            rule_of(used_before_asked),
            f"`{name}` is used before it is asked: it reads itself",
            place,
            "Before a question is asked, its own answer is always blank.",
            "use an answer that is asked before this one, or write `must` if the answer itself should be checked",
            "its own answer",
        )
    why = f"It is asked later, at {asked}."
    if via is not None:
        why = f"`{name}` is calculated from `{via}`, which is asked later, at {asked}."
    return Diagnostic(
        rule_of(used_before_asked),
        f"`{name}` is used before it is asked",
        place,
        why,
        f"move `{via or name}` above `{reader}`",
        "still blank here",
        related=((f"`{via or name}` is asked here", asked),),
    )


@rule("PF205", "own-name-in-must", Severity.ERROR)
def own_name_in_must(place: Place, name: str) -> Diagnostic:
    """
    A `must` names its own question.

    ## Why
    While an answer is being checked it has no name yet: the phone would check the old answer. It is called `answer`.

    ## Bad
    ```pim
    ask adults integer "How many adults live here?"
    ask people integer "How many people live here?"
      must be true that people >= adults
    ```

    ## Good
    ```pim
    ask adults integer "How many adults live here?"
    ask people integer "How many people live here?"
      must be true that answer >= adults
    ```
    """
    return Diagnostic(
        rule_of(own_name_in_must),
        f"this `must` names its own question, `{name}`",
        place,
        "The answer that is being checked is called `answer`.",
        "write `answer`",
    )


@rule("PF206", "answer-outside-must", Severity.ERROR)
def answer_outside_must(place: Place, *, in_where: bool = False) -> Diagnostic:
    """
    The word `answer` stands outside a `must`.

    ## Why
    `answer` is the answer that is being checked. Elsewhere nobody can tell which answer is meant.

    ## Bad
    ```pim
    ask people integer "How many people live here?"
    ask crowded yes_no "Is there room for everyone?"
      when answer > 5
    ```

    ## Good
    ```pim
    ask people integer "How many people live here?"
    ask crowded yes_no "Is there room for everyone?"
      when people > 5
    ```
    """
    if in_where:
        return Diagnostic(
            rule_of(answer_outside_must),
            "`answer` cannot stand in a `where`",
            place,
            "There the members are looked at, and phones lose sight of the answer that is being checked.",
            "compare `answer` outside the count or sum",
        )
    return Diagnostic(
        rule_of(answer_outside_must),
        "`answer` means something only in a `must`",
        place,
        "It is the answer that is being checked.",
        "write the name of the question",
    )


@rule("PF207", "read-from-outside-repeat", Severity.ERROR)
def read_from_outside_repeat(place: Place, name: str, repeat: str, fix: str) -> Diagnostic:
    """
    A member's answer is read where the member is not known.

    ## Why
    A repeat has many members, so outside it nobody can tell whose answer is meant. Phones take the first, or stop.

    ## Bad
    ```pim
    repeat members "Members"
      ask age integer "How old is this person?"
    end repeat
    ask school yes_no "Is there a school near here?"
      when age < 18
    ```

    ## Good
    ```pim
    repeat members "Members"
      ask age integer "How old is this person?"
    end repeat
    ask school yes_no "Is there a school near here?"
      when (count of members where age < 18) > 0
    ```
    """
    return Diagnostic(
        rule_of(read_from_outside_repeat),
        f"`{name}` is asked for each of `{repeat}`, and this stands outside it",
        place,
        "There is one such answer for each member, so it must be counted or summed.",
        fix,
        "whose answer?",
    )


@rule("PF208", "not-a-repeat", Severity.ERROR)
def not_a_repeat(place: Place, name: str, function: str, repeats: Iterable[str]) -> Diagnostic:
    """
    `count of` or `sum of … in` names something that is not a repeat.

    ## Why
    Only the members of a repeat can be counted or summed.

    ## Bad
    ```pim
    ask people integer "How many people live here?"
    calculate size = count of people
    ```

    ## Good
    ```pim
    repeat people "People"
      ask age integer "How old is this person?"
    end repeat
    calculate size = count of people
    ```
    """
    known = some(repeats)
    return Diagnostic(
        rule_of(not_a_repeat),
        f"`{name}` is not a repeat",
        place,
        f"`{function}` works on the members of a repeat.",
        f"write one of: {known}" if known else f"write `{name}` alone: it is one value already",
        "not a repeat",
    )


@rule("PF209", "not-in-repeat", Severity.ERROR)
def not_in_repeat(place: Place, name: str, repeat: str, inside: str | None, items: Iterable[str]) -> Diagnostic:
    """
    The answer to be summed does not stand in the repeat that is named.

    ## Why
    `sum of age in members` adds up the ages of the members. Each member must have that answer.

    ## Bad
    ```pim
    ask rent integer "How much is the rent?"
    repeat members "Members"
      ask income integer "How much does this person earn?"
    end repeat
    calculate total = sum of rent in members
    ```

    ## Good
    ```pim
    ask rent integer "How much is the rent?"
    repeat members "Members"
      ask income integer "How much does this person earn?"
    end repeat
    calculate total = sum of income in members
    ```
    """
    known = some(items)
    fix = f"write `in {inside}`" if inside else f"write one of: {known}" if known else f"ask it inside `{repeat}`"
    return Diagnostic(
        rule_of(not_in_repeat), f"`{name}` is not asked in `{repeat}`", place, "Each member must have this answer.", fix
    )
