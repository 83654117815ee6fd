"""What is said about names, lists, files and texts: PF1xx and PF3xx."""

from __future__ import annotations

from collections.abc import Iterable

from pimforms.diagnostics import Diagnostic, Severity, rule, rule_of
from pimforms.expressions.nearest import nearest_word
from pimforms.source import Place
from pimforms.standards.data import table


def nearest_term(word: str, what: str, known: Iterable[str]) -> str | None:
    """What a word that a table does not have was likely meant to be, None if that is not sure."""
    if what != "topic":
        return nearest(word, known)
    # A topic sets the level of its questions. So only a slip of the pen is mended, and no word becomes another one that is
    # spelt a little like it: `eviction` is not `education`.
    meant = next((name for name, row in table("topics").items() if word.lower() in row.get("near", ())), None)
    return meant or nearest_word(word, known, fold=True, least=0.8)


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that looks most like this one, or None."""
    return nearest_word(word, known)


def some(known: Iterable[str], most: int = 8) -> str:
    words = sorted(known)
    shown = ", ".join(words[:most])
    return f"{shown} …" if len(words) > most else shown


def short(name: str) -> str:
    """A name for a title: a very long one is cut, it is shown under the title as it stands."""
    return name if len(name) <= 100 else f"{name[:40]}…"


@rule("PF101", "name-taken", Severity.ERROR)
def name_taken(place: Place, name: str, first: Place) -> Diagnostic:
    """
    Two items of a form have the same name.

    ## Why
    Answers are kept under their names. Two questions with one name mix their answers or lose them, and some exports do
    not tell `Age` from `age`. So a name is used once in a whole form, whatever group or repeat it stands in.

    ## Bad
    ```pim
    ask age integer "How old are you?"
    ask Age integer "How old is your neighbour?"
    ```

    ## Good
    ```pim
    ask age integer "How old are you?"
    ask child_age integer "How old is your neighbour?"
    ```
    """
    return Diagnostic(
        rule_of(name_taken),
        f"the name `{short(name)}` is used twice",
        place,
        f"Answers are kept under their names. The other one is at {first}.",
        f"give this one another name, for example `{name[:60]}_2`",
        "used again here",
        related=(("the first", first),),
    )


@rule("PF102", "bad-name", Severity.ERROR)
def bad_name(place: Place, name: str, why: str, better: str) -> Diagnostic:
    """
    A name that a server, a phone or an export cannot keep.

    ## Why
    XLSForm, ODK and statistics programs share only names of Latin letters, digits and `_`, up to 64 characters, that
    begin with a letter. Names beginning with `pim_` or `_` and names of metadata are kept for the machines.

    ## Bad
    ```pim
    ask pim_age integer "How old are you?"
    ```

    ## Good
    ```pim
    ask age integer "How old are you?"
    ```
    """
    return Diagnostic(rule_of(bad_name), f"`{short(name)}` cannot be a name", place, why, f"write `{better}`")


@rule("PF103", "unknown-list", Severity.ERROR)
def unknown_list(place: Place, name: str, near: str | None, library: bool) -> Diagnostic:
    """
    A question names a list of choices that is not there.

    ## Why
    Without its list the question would have no answers to choose from.

    ## Bad
    ```pim
    ask safe one of safety_scale "How safe do you feel here?"
    ```

    ## Good
    ```pim
    choices safety_scale
      safe   "Safe"
      unsafe "Not safe"
    end choices
    ask safe one of safety_scale "How safe do you feel here?"
    ```
    """
    where = "the library" if library else "this form"
    if near:
        fix = f"write `{near}`"
    else:
        fix = f"add `choices {name}` … `end choices`, or write the choices as lines with `-` under the question"
    return Diagnostic(
        rule_of(unknown_list), f"there is no list `{name}`", place, f"A list must stand in {where} to be used.", fix
    )


@rule("PF104", "unknown-purpose", Severity.ERROR)
def unknown_purpose(place: Place, name: str, near: str | None, known: Iterable[str]) -> Diagnostic:
    """
    A `for` names a purpose that the form does not state.

    ## Why
    A purpose is a promise to the people asked. It has to be written down before it can be used.

    ## Bad
    ```pim
    ask age integer "How old are you?" for servces
    ```

    ## Good
    ```pim
    ask age integer "How old are you?" for services
    ```
    """
    fix = f"write `for {near}`" if near else f'use one of: {some(known)}; or state it: `purpose {name} "…"`'
    return Diagnostic(
        rule_of(unknown_purpose), f"there is no purpose `{name}`", place, "A purpose must be stated to be used.", fix
    )


@rule("PF105", "unknown-type", Severity.ERROR)
def unknown_type(place: Place, word: str, near: str | None, known: Iterable[str]) -> Diagnostic:
    """
    A question has a type that the language does not have.

    ## Why
    The type decides what can be answered and how it is checked.

    ## Bad
    ```pim
    ask age intger "How old are you?"
    ```

    ## Good
    ```pim
    ask age integer "How old are you?"
    ```
    """
    fix = f"write `{near}`" if near else f"use one of: {some(known, 30)}"
    return Diagnostic(
        rule_of(unknown_type), f"`{word}` is not a type of question", place, "The type says what can be answered.", fix
    )


@rule("PF106", "unknown-term", Severity.ERROR)
def unknown_term(place: Place, word: str, what: str, near: str | None, known: Iterable[str]) -> Diagnostic:
    """
    A word that must come from a table of the standards does not.

    ## Why
    Levels, topics, concepts, categories and appearances have fixed names, so that forms can be compared and checked.

    ## Bad
    ```pim
    ask age integer "How old are you?"
      sensitivity medium
    ```

    ## Good
    ```pim
    ask age integer "How old are you?"
      sensitivity moderate
    ```
    """
    fix = f"write `{near}`" if near else f"use one of: {some(known, 40)}"
    return Diagnostic(
        rule_of(unknown_term), f"`{word}` is not a {what}", place, f"Every {what} comes from a fixed table.", fix
    )


@rule("PF107", "code-twice", Severity.ERROR)
def code_twice(place: Place, code: str, first: Place) -> Diagnostic:
    """
    A list has the same code twice.

    ## Why
    The two choices would be one in the data.

    ## Bad
    ```pim
    ask here one "Where do you live?"
      - camp "In the camp"
      - camp "Near the camp"
    ```

    ## Good
    ```pim
    ask here one "Where do you live?"
      - camp      "In the camp"
      - near_camp "Near the camp"
    ```
    """
    return Diagnostic(
        rule_of(code_twice),
        f"the code `{code}` stands twice in this list",
        place,
        f"The first one is on line {first.line}. Two choices with one code cannot be told apart.",
        "give one of them another code",
        related=(("the first", first),),
    )


@rule("PF108", "bad-code", Severity.ERROR)
def bad_code(place: Place, code: str, better: str) -> Diagnostic:
    """
    A code has a space, a quotation mark, a comma or another sign that breaks a server or a phone.

    ## Why
    Ticked choices are kept in one cell with spaces between them, and Enketo fails on quotation marks in codes.

    ## Bad
    ```pim
    ask here one "Where do you live?"
      - "in camp" "In the camp"
      - outside   "Outside"
    ```

    ## Good
    ```pim
    ask here one "Where do you live?"
      - in_camp "In the camp"
      - outside "Outside"
    ```
    """
    return Diagnostic(
        rule_of(bad_code),
        f"`{code}` cannot be a code",
        place,
        "A code has letters, digits, `_`, `-` and `.` only. What people read is the text behind it.",
        f"write `{better}`",
    )


@rule("PF109", "choices-do-not-fit", Severity.ERROR)
def choices_do_not_fit(
    place: Place, message: str, fix: str, why: str = "Choices belong to questions of the types one, many and rank."
) -> Diagnostic:
    """
    A choice question has no choices, or another question has some.

    ## Why
    A choice question without choices cannot be answered.

    ## Bad
    ```pim
    ask here one "Where do you live?"
    ```

    ## Good
    ```pim
    ask here one "Where do you live?"
      - camp    "In the camp"
      - outside "Outside"
    ```
    """
    return Diagnostic(rule_of(choices_do_not_fit), message, place, why, fix)


@rule("PF110", "form-missing", Severity.ERROR)
def form_missing(place: Place, message: str, fix: str) -> Diagnostic:
    """
    A file has no `form`, or more than one.

    ## Why
    One file is one form: its facts are spoken in its consent.

    ## Bad
    ```pim
    form one "One"
      organisation "Relief"
      category     sectoral
      population   "All"
      contact      "Desk"
    form two "Two"
    purpose services "Better services"
      tell people "make services better"
    ask age integer "How old are you?"
    ```

    ## Good
    ```pim
    form one "One"
      organisation "Relief"
      category     sectoral
      population   "All"
      contact      "Desk"
    purpose services "Better services"
      tell people "make services better"
    ask age integer "How old are you?"
    ```
    """
    return Diagnostic(rule_of(form_missing), message, place, "A file holds one form, and begins with it.", fix)


@rule("PF111", "statement-in-wrong-place", Severity.ERROR)
def statement_in_wrong_place(place: Place, word: str, inside: str) -> Diagnostic:
    """
    A statement stands inside another that cannot hold it.

    ## Why
    Facts, purposes, lists and the consent belong to the whole form. Inside a group they would seem to belong to it.

    ## Bad
    ```pim
    group people "People"
      consent
      ask age integer "How old are you?"
    end group
    ```

    ## Good
    ```pim
    consent
    group people "People"
      ask age integer "How old are you?"
    end group
    ```
    """
    return Diagnostic(
        rule_of(statement_in_wrong_place),
        f"`{word}` cannot stand inside `{inside}`",
        place,
        f"`{word}` belongs to the whole form.",
        f"move it out of `{inside}`",
    )


@rule("PF112", "nothing-to-extend", Severity.ERROR)
def nothing_to_extend(place: Place, name: str, near: str | None) -> Diagnostic:
    """
    `extend` names something that no module above brought in.

    ## Why
    Own questions are added to a roster or a group of the library that the form uses.

    ## Bad
    ```pim
    extend persons
      ask shoe_size integer "What is the shoe size?"
    end extend
    ask age integer "How old are you?"
    ```

    ## Good
    ```pim
    use sadd_roster as persons
    extend persons
      ask shoe_size integer "What is the shoe size?"
    end extend
    ```
    """
    fix = f"write `extend {near}`" if near else f"put `use … as {name}` above this line"
    return Diagnostic(
        rule_of(nothing_to_extend),
        f"there is no roster or group `{name}` to extend",
        place,
        "Only what a `use` above brought in can be extended.",
        fix,
    )


@rule("PF113", "file-does-not-fit", Severity.ERROR)
def file_does_not_fit(place: Place, message: str, why: str, fix: str) -> Diagnostic:
    """
    A file that the form names is not there, cannot be read, or lacks a column.

    ## Why
    On the phone the look-up would stay blank, or the picture be missing, and nobody would know why.

    ## Bad
    ```pim
    ask household_code text "What is the code of the household?"
    find card in "no_such_file.csv" by household_code
      gives card_size integer from size
    ```

    ## Good
    ```pim
    ask household_code text "What is the code of the household?"
    ```
    """
    return Diagnostic(rule_of(file_does_not_fit), message, place, why, fix)


@rule("PF114", "list-not-used", Severity.WARNING)
def list_not_used(place: Place, name: str) -> Diagnostic:
    """
    A list of choices that no question uses.

    ## Why
    It is often a question that was forgotten, or a name with a small mistake in it.

    ## Bad
    ```pim
    choices colours
      red  "Red"
      blue "Blue"
    end choices
    ask age integer "How old are you?"
    ```

    ## Good
    ```pim
    choices colours
      red  "Red"
      blue "Blue"
    end choices
    ask colour one of colours "Which colour is the tent?"
    ```
    """
    return Diagnostic(
        rule_of(list_not_used),
        f"no question uses the list `{name}`",
        place,
        "It is not written into the form.",
        f"use it (`one of {name}`), or take it out",
    )


@rule("PF115", "text-missing", Severity.ERROR)
def text_missing(place: Place, what: str) -> Diagnostic:
    """
    A question or a choice has no text.

    ## Why
    Nobody could read it aloud.

    ## Bad
    ```pim
    ask age integer
    ```

    ## Good
    ```pim
    ask age integer "How old are you?"
    ```
    """
    return Diagnostic(
        rule_of(text_missing), f"{what} has no text", place, "Nobody could read it aloud.", 'add the text: "…"'
    )


@rule("PF116", "newer-module", Severity.WARNING)
def newer_module(place: Place, name: str, pinned: str, newest: str) -> Diagnostic:
    """
    A form is pinned to another version of a library module than the one installed.

    ## Why
    The wording may have changed since the form was reviewed.

    ## Bad
    ```pim
    use closing version 99
    ask age integer "How old are you?"
    ```

    ## Good
    ```pim
    use closing
    ask age integer "How old are you?"
    ```
    """
    return Diagnostic(
        rule_of(newer_module),
        f"this form was written for version {pinned} of `{name}`; version {newest} is installed",
        place,
        "The wording may have changed since the form was reviewed.",
        f"read the change, then write `version {newest}`",
    )


@rule("PF117", "holds-nothing", Severity.ERROR)
def holds_nothing(
    place: Place,
    word: str,
    name: str,
    why: str = "An empty one is rejected by the servers.",
    fix: str = "put something into it, or take it out",
) -> Diagnostic:
    """
    A group, repeat, table, list or `find` with nothing in it.

    ## Why
    ODK Validate rejects an empty group, also one that holds calculations only. A question would have no choices.

    ## Bad
    ```pim
    group people "People"
    end group
    ask age integer "How old are you?"
    ```

    ## Good
    ```pim
    group people "People"
      ask age integer "How old are you?"
    end group
    ```
    """
    return Diagnostic(
        rule_of(holds_nothing),
        f"`{word} {name}` holds nothing",
        place,
        why,
        fix,
    )


@rule("PF118", "label-twice", Severity.WARNING)
def label_twice(place: Place, label: str, language: str, first: Place) -> Diagnostic:
    """
    Two choices of a list read the same.

    ## Why
    The interviewer cannot tell them apart.

    ## Bad
    ```pim
    ask here one "Where do you live?"
      - camp  "In the camp"
      - block "In the camp"
    ```

    ## Good
    ```pim
    ask here one "Where do you live?"
      - camp  "In the camp"
      - block "In block C"
    ```
    """
    return Diagnostic(
        rule_of(label_twice),
        f"two choices read “{label}” ({language})",
        place,
        f"The other one is on line {first.line}. The interviewer cannot tell them apart.",
        "change one of the two texts",
        related=(("the first", first),),
    )


@rule("PF119", "does-not-fit-type", Severity.ERROR)
def does_not_fit_type(place: Place, word: str, kind: str, what: str, known: Iterable[str]) -> Diagnostic:
    """
    An appearance, a parameter or a property that this type of question does not have.

    ## Why
    XLSForm ignores it without a word, and the question looks or works differently from what the author thinks.

    ## Bad
    ```pim
    ask age integer "How old are you?"
      appearance signature
    ```

    ## Good
    ```pim
    ask age integer "How old are you?"
      appearance counter
    ```
    """
    words = some(known, 20)
    fix = f"use one of: {words}" if words else "take this line out"
    return Diagnostic(
        rule_of(does_not_fit_type),
        f"`{kind}` has no {what} `{word}`",
        place,
        "Phones ignore what they do not know, without a word.",
        fix if what == "parameter" else f'{fix}; or write `raw {what} "{word}"`, unchecked',
    )


@rule("PF120", "raw-column", Severity.WARNING)
def raw_column(place: Place, column: str) -> Diagnostic:
    """
    A column of the workbook is written as it is and not checked.

    ## Why
    Nothing here can tell whether it works on all phones.

    ## Bad
    ```pim
    ask age integer "How old are you?"
      raw "body::accuracyThreshold" "5"
    ```

    ## Good
    ```pim
    ask age integer "How old are you?"
    ```
    """
    return Diagnostic(
        rule_of(raw_column),
        f"the column `{column}` is not checked",
        place,
        "It goes into the workbook as it is written.",
        "try it on a phone in each language, or take it out",
    )


@rule("PF122", "range-without-ends", Severity.ERROR)
def range_without_ends(place: Place, name: str) -> Diagnostic:
    """
    A range does not say where it begins and ends.

    ## Why
    Phones would take 1 to 10, whatever the author had in mind.

    ## Bad
    ```pim
    ask pain range "How strong is the pain?"
    ```

    ## Good
    ```pim
    ask pain range from 0 to 10 "How strong is the pain?"
    ```
    """
    return Diagnostic(
        rule_of(range_without_ends),
        f"the range of `{name}` has no ends",
        place,
        "Phones would take 1 to 10.",
        "write `range from 0 to 10`, with your own numbers",
    )


@rule("PF123", "module-used-twice", Severity.ERROR)
def module_used_twice(place: Place, name: str, first: Place) -> Diagnostic:
    """
    A form uses one module of the library twice.

    ## Why
    A module brings its questions under their own names, and a name stands once in a form. Another name behind `as` is the
    name of its group or repeat only. Levels of `location_cascade` may come in two parts, each level once.

    ## Bad
    ```pim
    use sadd_roster as members
    use sadd_roster as visitors
    ```

    ## Good
    ```pim
    use sadd_roster as members
    ```
    """
    return Diagnostic(
        rule_of(module_used_twice),
        f"the module `{name}` is used twice",
        place,
        f"Its questions would have the same names. It is used first on line {first.line}.",
        "take this line out, and write what you need again with `ask`, under other names",
        "used again here",
        related=(("the first", first),),
    )


@rule("PF301", "placeholder-lost", Severity.ERROR)
def placeholder_lost(place: Place, missing: str, language: str) -> Diagnostic:
    """
    A translation does not speak of the same answers as the text.

    ## Why
    In one language people would hear the name or the number, and in another a gap.

    ## Bad
    ```pim
    form services_check "Services"
      organisation "Relief"
        fr: "Secours"
      category     sectoral
      population   "All people here"
      contact      "Desk"
        fr: "Bureau"
      languages    en, fr
    purpose services "Better services"
      topic services
      tell people "make services better"
        fr: "améliorer les services"
    ask age integer "How old are you?"
      fr: "Quel âge avez-vous ?"
    note told "You said {age}."
      fr: "Vous avez dit."
    ```

    ## Good
    ```pim
    form services_check "Services"
      organisation "Relief"
        fr: "Secours"
      category     sectoral
      population   "All people here"
      contact      "Desk"
        fr: "Bureau"
      languages    en, fr
    purpose services "Better services"
      topic services
      tell people "make services better"
        fr: "améliorer les services"
    ask age integer "How old are you?"
      fr: "Quel âge avez-vous ?"
    note told "You said {age}."
      fr: "Vous avez dit {age}."
    ```
    """
    return Diagnostic(
        rule_of(placeholder_lost),
        f"the text in `{language}` does not have the same {{…}} as the text above it",
        place,
        f"They differ in: {missing}.",
        "use the same names in braces in every language",
    )


@rule("PF302", "language-not-declared", Severity.WARNING)
def language_not_declared(place: Place, language: str, languages: Iterable[str]) -> Diagnostic:
    """
    A translation is in a language that the form does not have.

    ## Why
    It would not be in the workbook. Often the language was forgotten in `languages`.

    ## Bad
    ```pim
    ask age integer "How old are you?"
      fr: "Quel âge avez-vous ?"
    ```

    ## Good
    ```pim
    ask age integer "How old are you?"
    ```
    """
    known = ", ".join(languages)
    return Diagnostic(
        rule_of(language_not_declared),
        f"this form is not in `{language}`",
        place,
        "The text is not written into the form.",
        f"write `languages {known}, {language}` in the form, or take this line out",
    )


@rule("PF303", "catalog-broken", Severity.ERROR)
def catalog_broken(place: Place, name: str, why: str) -> Diagnostic:
    """
    A file of translations cannot be read.

    ## Why
    Its texts would be missing on the phone. Translations stand in `i18n/LANGUAGE.po` beside the form.
    """
    return Diagnostic(
        rule_of(catalog_broken),
        f"the translations in `{name}` cannot be read",
        place,
        why,
        "open it in a PO editor (Poedit, Weblate) and save it again as UTF-8",
    )


MESSAGES = (
    name_taken,
    bad_name,
    unknown_list,
    unknown_purpose,
    unknown_type,
    unknown_term,
    code_twice,
    bad_code,
    choices_do_not_fit,
    form_missing,
    statement_in_wrong_place,
    nothing_to_extend,
    file_does_not_fit,
    list_not_used,
    text_missing,
    newer_module,
    holds_nothing,
    label_twice,
    does_not_fit_type,
    raw_column,
    range_without_ends,
    module_used_twice,
    placeholder_lost,
    language_not_declared,
    catalog_broken,
)
