"""Principle 1, people-centred and inclusive: what can be read on a phone, and understood when it is read aloud."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from pimforms.diagnostics import Diagnostic, Severity, rule, rule_of
from pimforms.model.form import Form, Note, Question
from pimforms.model.text import Text, is_official
from pimforms.model.walk import walk
from pimforms.source import Place
from pimforms.standards.data import table

PRINCIPLE = "PIM principle 1, People-centred and inclusive"
_CAPITALS = re.compile(r"[^\W\d_]{2,}(?: +[^\W\d_]{2,})*")
_SELF = "self"


@rule("PIM108", "hard-to-read", Severity.WARNING, standard=f"{PRINCIPLE}; plain language")
def hard_to_read(form: Form) -> Iterator[Diagnostic]:
    """
    A text is too long to be read aloud or on a phone, is in capitals, or has more answers beside each other than fit.

    ## Why
    A question of more than 30 words is not remembered to its end; each interviewer shortens it otherwise. Words in capitals
    are read letter by letter. More than six answers beside each other are cut off on a small phone. Limits differ by
    language and stand in `inclusion.toml`. Where people fill in the form themselves, at least the questions can be heard:
    `media audio "q1.mp3"`.

    ## Bad
    ```pim
    ask queue yes_no "When you think of the queue at the water point of your block on a usual day of the last week, and of the people who stood there with you, did you feel safe while you waited there?"
    ask paid yes_no "Did anyone ask you to PAY FOR WATER here?"
    ```

    ## Good
    ```pim
    ask queue yes_no "In the last 7 days, did you feel safe in the queue for water?"
    ask paid yes_no "Did anyone ask you to pay for water here?"
    ```
    """
    limits = table("inclusion")["readable"]
    heard = False
    for item in walk(form.items):
        if not isinstance(item, (Question, Note)) or item.origin is not None:
            continue
        heard = heard or any(column.startswith("media::audio") for column, _ in item.raw)
        for text, kind in _texts(form, item):
            if is_official(text):
                continue
            problem = _problem(text, kind, limits)
            if problem is not None:
                message, fix = problem
                yield _said(message, item.via or text.place, fix)
        if isinstance(item, Question) and item.appearance in limits["beside"] and item.choices is not None:
            offered = len(form.lists[item.choices].choices) if item.choices in form.lists else 0
            # The row above a score shows the same answers; one message is enough.
            if offered > limits["across"] and item.appearance != "list-nolabel":
                message = f"{offered} answers stand beside each other at `{item.name}`"
                yield _said(
                    message, item.via or item.place, f"offer {limits['across']} or fewer, or one below the other"
                )
    if form.facts.mode == _SELF and not heard:
        message = "people fill in this form themselves, and nothing in it can be heard"
        yield _said(message, form.place, 'record the questions, and add under each: media audio "q1.mp3"')


def _said(message: str, place: Place, fix: str) -> Diagnostic:
    return Diagnostic(
        rule_of(hard_to_read), message, place, f"Everybody who is asked must be able to follow ({PRINCIPLE}).", fix
    )


def _texts(form: Form, item: Question | Note) -> Iterator[tuple[Text, str]]:
    if isinstance(item, Note):
        yield item.label, "note"
        return
    if item.label is not None:
        yield item.label, "label"
    if item.hint is not None:
        yield item.hint, "hint"
    listed = form.lists.get(item.choices or "")
    if listed is not None and not listed.shared:
        for choice in listed.choices:
            if choice.label is not None:
                yield choice.label, "choice"


def _problem(text: Text, kind: str, limits: dict[str, Any]) -> tuple[str, str] | None:
    """What is wrong with a text in any language, and how to mend it. One thing a text."""
    for language, value in text.values.items():
        if len(value) < limits["capitals"]:
            continue
        if kind == "hint" and len(value) > limits["hint"]:
            return (
                f"this hint has {len(value)} characters (`{language}`); {limits['hint']} fit on a phone",
                "shorten it, or move what is for the interviewer to `interviewer`",
            )
        if kind in ("label", "note"):
            most = limits["note"] if kind == "note" else limits["words"].get(language, limits["words"]["usual"])
            # A text with fewer characters cannot have as many words.
            words = max(len(part.split()) for part in value.split("\n")) if len(value) > 2 * most else 0
            if words > most:
                what = "note" if kind == "note" else "question"
                return (
                    f"this {what} has {words} words (`{language}`); {most} can be followed",
                    "say it in two sentences, or leave out what is known",
                )
        shouted = _shouted(value, limits["capitals"])
        if shouted:
            return f"“{shouted}” is in capitals", "write it in small letters"
    return None


def _shouted(value: str, most: int) -> str:
    """More words in capitals beside each other than names of organisations have; "" for none."""
    if sum(map(str.isupper, value)) <= most:
        return ""
    for run in _CAPITALS.findall(value):
        words: list[str] = []
        for word in [*run.split(), ""]:
            if word.isupper():
                words.append(word)
            elif len(words) > most:
                return " ".join(words)
            else:
                words = []
    return ""
