"""Principle 8, coordination: a question that the library has is taken from there, so that answers can be compared."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from pimforms.diagnostics import Diagnostic, Severity, rule, rule_of
from pimforms.model.form import Form, Question
from pimforms.model.walk import own_questions
from pimforms.model.wordlike import nearly, normalised
from pimforms.standards.data import table

PRINCIPLE = "PIM principle 8, Coordination and collaboration"
_TABLE = "library_labels"
_LEAST = 0.9
_EXITS = ("pnta", "dnk")
_NAMED = 4


@rule("PIM805", "asked-in-the-library", Severity.WARNING, standard=PRINCIPLE)
def asked_in_the_library(form: Form) -> Iterator[Diagnostic]:
    """
    An own question is worded as one of the library, or nearly so.

    ## Why
    With the same name and the same codes, answers of two forms, two months or two organisations can be put together; with
    nearly the same they cannot, and nobody notices. The message names the question, and which codes differ. Labels of fewer
    than four words are not compared.

    ## Bad
    ```pim
    ask feel one "How safe do you feel when you walk here during the day?"
      - safe   "Safe"
      - unsafe "Not safe"
    ```

    ## Good
    ```pim
    ask lights yes_no "Are there lights on the way to the market?"
    ```
    """
    found: dict[str, list[tuple[Question, str]]] = {}
    for item in own_questions(form):
        name = _in_the_library(form, item)
        if name is not None:
            found.setdefault(name.split(".")[0], []).append((item, name))
    for module, items in found.items():
        (item, name), *others = items
        more = ""
        if others:
            more = (
                f", and `{others[0][0].name}` as another" if len(others) == 1 else f", and {len(others)} more as others"
            )
            more += " of that module"
        yield Diagnostic(
            rule_of(asked_in_the_library),
            f"`{item.name}` is worded as `{name}` of the library{_other_codes(form, item, name)}{more}",
            item.place,
            f"Answers can only be put together where question and codes are the same ({PRINCIPLE}).",
            f"use it to be comparable: use {module}",
            related=tuple((f"worded as `{other}`", each.place) for each, other in others[:_NAMED]),
        )


def _in_the_library(form: Form, item: Question) -> str | None:
    """The question of a module, not in use here, that is worded so and answered from a list as well, or written as well."""
    if item.via is not None or item.label is None or item.label.references or item.of is not None or item.tags.gives:
        return None  # by its concept an answer is found again whatever it is called
    # The others are translations of the first language that both have.
    language = next((each for each in form.facts.languages if each in table(_TABLE)["labels"]), None)
    name = _standard(normalised(item.label.get(language)), language) if language is not None else None
    if name is None or name.split(".")[0] in form.modules:
        return None
    chosen = item.kind == "yes_no" or item.choices is not None
    return name if chosen == bool(table(_TABLE)["questions"][name]) else None


def _other_codes(form: Form, item: Question, name: str) -> str:
    """How the codes differ, apart from ways to say nothing."""
    standard = [code for code in table(_TABLE)["questions"][name] if code not in _EXITS]
    listed = form.lists.get(item.choices or "")
    own = (
        ["yes", "no"] if item.kind == "yes_no" else [c.code for c in listed.choices if not c.refuses] if listed else []
    )
    own = [code for code in own if code not in _EXITS]
    more, less = [code for code in own if code not in standard], [code for code in standard if code not in own]
    parts = [
        f"{what} {', '.join(f'`{code}`' for code in codes)}"
        for what, codes in (("adds", more), ("lacks", less))
        if codes
    ]
    return f" ({' and '.join(parts)})" if parts else ""


def _standard(said: str, language: str) -> str | None:
    """The question of the library with these words, or nearly these."""
    exact = table(_TABLE)["labels"].get(language, {})
    if said in exact:
        return str(exact[said])
    own = frozenset(said.split())
    # Two texts that share nine words of ten share one of any two; the longest are the rarest.
    candidates: dict[str, None] = {}
    for word in sorted(sorted(own), key=len, reverse=True)[:2] if len(own) > 1 else ():
        candidates.update(dict.fromkeys(_by_word(language).get(word, ())))
    for text in candidates:
        if nearly(own, _sets(language)[text], _LEAST):
            return str(exact[text])
    return None


@cache
def _sets(language: str) -> dict[str, frozenset[str]]:
    return {text: frozenset(text.split()) for text in table(_TABLE)["labels"].get(language, {})}


@cache
def _by_word(language: str) -> dict[str, tuple[str, ...]]:
    """The labels that hold a word. Only long ones: of a short label one word in ten is no whole word."""
    found: dict[str, list[str]] = {}
    for text, said in _sets(language).items():
        for word in said if len(said) > 7 else ():
            found.setdefault(word, []).append(text)
    return {word: tuple(texts) for word, texts in found.items()}
