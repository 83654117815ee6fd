"""Identifiers: what the consent promises about names and numbers, and answers that wander from one person to the next."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache

from pimforms.diagnostics import Diagnostic, Severity, rule, rule_of
from pimforms.expressions.parts import every, names
from pimforms.expressions.reads import expressions_of
from pimforms.model.children import may_ask_child
from pimforms.model.expression import Call, Expression
from pimforms.model.form import Calculation, Form, Item, Lookup, Question
from pimforms.model.identity import identifies, own_consents
from pimforms.model.level import Level
from pimforms.model.training import needed_training
from pimforms.model.walk import Stop, index, walk
from pimforms.standards.data import table

_WRITTEN = ("text", "barcode", "integer", "decimal", "file")


@rule(
    "PIM410",
    "identifier-not-declared",
    Severity.WARNING,
    standard="PIM principle 4, Informed consent and confidentiality",
)
def identifier_not_declared(form: Form) -> Iterator[Diagnostic]:
    """
    A question seems to ask for a name, a number, an address or the position of a home, and does not say so.

    ## Why
    The consent promises that no name is written, unless the form says `gives person_name` (or phone_number, address …).
    Then it says what is asked and that one may refuse. Words alone decide nothing: "the name of the market" is no
    identifier, and this is only a warning.

    A name that `find` reads out of a file is written as well, and the file lies on every phone. A point under a topic like
    `services` is taken for that of a service: a home is none.

    ## Bad
    ```pim
    ask nm text "What is your full name?"
    ```

    ## Good
    ```pim
    ask market text "What is the name of the market?"
    ```
    """
    concepts = table("concepts")
    for item in walk(form.items):
        if isinstance(item, Lookup):
            yield from _looked_up(item)
        if not isinstance(item, Question):
            continue
        if item.tags.gives and concepts[item.tags.gives]["identifies"] == "direct":
            continue
        if table("types")["type"].get(item.kind, {}).get("value") == "place":
            yield from _home(item)
        concept = _spoken_of(item) if item.kind in _WRITTEN else None
        if concept is not None:
            yield Diagnostic(
                rule_of(identifier_not_declared),
                f"`{item.name}` seems to ask for a person's {concepts[concept]['spoken']['en']}",
                item.via or item.place,
                "The consent says that no name or number is written (PIM principle 4).",
                mended_with(form, f'under it `gives {concept}` and `needed because "…" until DATE`'),
            )


def _spoken_of(question: Question) -> str | None:
    """The identifier that the words of a question ask for. A hint often says "never write a name", and is not looked at."""
    spoken = question.label.values.items() if question.label is not None else ()
    said = [(lang, text) for lang, text in spoken if _any(lang).search(text)]
    patterns = table("identifiers")["said"]
    return next((c for c, words in patterns.items() if any(_says(words.get(lang), text) for lang, text in said)), None)


@cache
def _any(language: str) -> re.Pattern[str]:
    """All identifiers of a language as one pattern: most texts ask for none, and are looked at once."""
    patterns = [words[language] for words in table("identifiers")["said"].values() if language in words]
    return re.compile("|".join(patterns) or r"(?!)", re.IGNORECASE)


def _home(question: Question) -> Iterator[Diagnostic]:
    said = question.label.values.items() if question.label is not None else ()
    if identifies(question) is None and any(_says(table("identifiers")["home"].get(lang), text) for lang, text in said):
        yield Diagnostic(
            rule_of(identifier_not_declared),
            f"`{question.name}` seems to ask for the position of a home, and counts as that of a service",
            question.via or question.place,
            f"Its topic is `{question.tags.topic}`; the consent does not speak of a position (PIM principle 4).",
            "take the question out, or give it the topic that it is about",
        )


def _looked_up(item: Lookup) -> Iterator[Diagnostic]:
    patterns = table("identifiers")["columns"]
    named = [word for word in (item.column, item.name) for c in patterns if _says(patterns[c], word)]
    if named:
        yield Diagnostic(
            rule_of(identifier_not_declared),
            f"`{item.name}` seems to take a person's name or number out of `{item.file}`",
            item.via or item.place,
            "The consent says that no name or number is written; and the file lies on every phone (PIM principle 4).",
            f"take this line out, and the column `{item.column}` out of the file",
        )


def mended_with(form: Form, lines: str) -> str:
    """What to do about a name or a number: these lines only where the category of the form has names at all (PIM317)."""
    names = table("categories").get(form.facts.category or "", {}).get("names", "justified")
    if names == "none":
        return f"take it out: a form of the category `{form.facts.category}` asks for no names and numbers"
    if names == "split" and form.facts.split is None:
        return f"take it out; or, if it is needed, add `split contact` under `form`, and {lines}"
    return f"take it out; or, if it is needed, add {lines}"


def _says(pattern: str | None, text: str) -> bool:
    return pattern is not None and re.search(pattern, text, re.IGNORECASE) is not None


@rule(
    "PIM511", "sensitive-answer-carried-over", Severity.ERROR, standard="PIM principle 5, Data protection and security"
)
def sensitive_answer_carried_over(form: Form) -> Iterator[Diagnostic]:
    """
    A name, a number, or a HIGH or SEVERE answer of one person would stand in the form of the next.

    ## Why
    `last saved` takes the answer of the form before: as what an answer is filled with, in a calculation, or in a condition.
    That shows one person's answer to another, and to whoever holds the phone, before anyone agreed.

    ## Bad
    ```pim
    ask papers yes_no "Do you have papers?"
      sensitivity high
      default last saved papers
    ```

    ## Good
    ```pim
    ask desk text "Which desk is this?"
      default last saved desk
    ```
    """
    items = index(form.items)
    for item in walk(form.items):
        saved = [part for found in expressions_of(item) for part in every(found) if _takes_the_last(part)]
        read = dict.fromkeys(name for part in saved for name in sorted(names(part)))
        for name in read:
            source = items[name].item if name in items else None
            what = _too_personal(form, items, source) if source is not None else ""
            if what:
                yield Diagnostic(
                    rule_of(sensitive_answer_carried_over),
                    f"`{name}` {what}, and its last answer would stand in the form of the next person",
                    item.via or saved[0].place,
                    "One person's answer must not stand in the form of another (PIM principle 5).",
                    "take this `default` out" if isinstance(item, Question) else "take `last saved` out",
                )


def _takes_the_last(part: Expression) -> bool:
    return isinstance(part, Call) and part.function == "last_saved"


def _too_personal(form: Form, items: Mapping[str, Stop], source: Item) -> str:
    """Why an answer may not pass to the next person; "" if it may. What is computed from a number is that number."""
    tags = getattr(source, "tags", None)
    if tags is not None and tags.level >= Level.HIGH:
        return f"is {tags.level.name}"
    named = [item for item in _answers_behind(items, source) if isinstance(item, Question) and identifies(item)]
    return "identifies a person" if named else ""


def _answers_behind(items: Mapping[str, Stop], source: Item) -> list[Item]:
    """An item and everything that its value is made of, through calculations and look-ups."""
    found: dict[str, Item] = {}
    waiting = [source]
    while waiting:
        item = waiting.pop()
        if item.name in found:
            continue
        found[item.name] = item
        value = item.value if isinstance(item, Calculation) else item.key if isinstance(item, Lookup) else None
        if value is not None:
            waiting.extend(items[name].item for name in sorted(names(value)) if name in items)
    return list(found.values())


@rule("PIM518", "answer-copied", Severity.ERROR, standard="PIM principle 5, Data protection and security")
def answer_copied(form: Form) -> Iterator[Diagnostic]:
    """
    A question is filled with an answer that may have to go, and would keep it.

    ## Why
    A name goes when the consent to contact is taken back, a HIGH answer when somebody comes near, an adult's answer when it
    was a child. What `default` has copied stays: no phone takes it back. A text or a calculation that reads the answer goes
    with it.

    ## Bad
    ```pim
    ask papers yes_no "Do you have papers?"
      sensitivity high
    repeat cards "Card"
      ask valid yes_no "Is this card valid?"
        default papers
    end repeat
    ```

    ## Good
    ```pim
    ask area text "Which part of the camp is this?"
    repeat taps "Tap"
      ask tap_area text "In which part of the camp is this tap?"
        default area
    end repeat
    ```
    """
    items = index(form.items)
    for item in walk(form.items):
        if not isinstance(item, Question) or item.default is None or _takes_the_last(item.default):
            continue
        for name in sorted(names(item.default) & set(items)):
            behind = _answers_behind(items, items[name].item)
            if any(isinstance(each, Question) and _may_have_to_go(form, each) for each in behind):
                yield Diagnostic(
                    rule_of(answer_copied),
                    f"`{item.name}` is filled with `{name}`, and would keep it when `{name}` has to go",
                    item.via or item.default.place,
                    "What was taken back must not stay in another place (PIM principle 5, Data protection and security).",
                    f"take this `default` out; `{{{name}}}` in the text of the question shows the answer and goes with it",
                )


def _may_have_to_go(form: Form, question: Question) -> bool:
    """Whether an answer stands under more than the agreement to the interview."""
    return (
        question.tags.level >= Level.HIGH
        or bool(own_consents(question))
        or bool(form.facts.roster and needed_training(form, question))
        or (form.facts.children is not None and not may_ask_child(form, question))
    )
