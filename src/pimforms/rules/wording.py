"""Principle 7, impartiality: the words of a question.

The words stand in tables, one for each language (`form_library/standards/wording_en.toml` …). A false alarm costs more
than a miss here, so a kind of wording that is wrong in more than one finding of ten is switched off in `wording.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from pimforms.diagnostics import Diagnostic, Severity, rule, rule_of
from pimforms.model.form import Form, Group, Note, Question, Repeat
from pimforms.model.text import Text
from pimforms.model.walk import walk
from pimforms.source import Place
from pimforms.standards.data import data_path, table

PRINCIPLE = "PIM principle 7, Impartiality"
NEUTRAL = "not_neutral"
# Wording published by a standard setter is not ours to change.
OFFICIAL = ("wg_ss",)
_PLAIN = (("’", "'"), ("‘", "'"), ("\N{NO-BREAK SPACE}", " "), ("\N{NARROW NO-BREAK SPACE}", " "), ("\n", " "))


@dataclass(frozen=True, slots=True)
class Found:
    """Words that spoil an answer: the kind (a key of wording.toml), the words as they stand, and a neutral offer."""

    kind: str
    words: str
    offer: str = ""


@dataclass(frozen=True, slots=True)
class Pattern:
    """One entry of a language's table. `find` is tried only where one of `near` stands in the text."""

    kind: str
    near: tuple[str, ...]
    find: str
    unless: str
    answers: tuple[str, ...]
    offer: str


def wordings(text: str, language: str, answers: str = "") -> list[Found]:
    """
    The words of one text that spoil an answer, each kind once; neutral terms are a kind of their own.

    `answers` is how it is answered: "yes_no", "one", "many", or "" for anything else. A language without a table gives
    nothing. Kinds that are switched off are left out.
    """
    return _search(text, patterns(language), answers)


def _search(text: str, looked_for: Iterable[Pattern], answers: str) -> list[Found]:
    lowered = _plain(text)
    found: dict[str, Found] = {}
    for pattern in looked_for:
        if not any(near in lowered for near in pattern.near):
            continue
        if pattern.kind in found or (pattern.answers and answers not in pattern.answers):
            continue
        hit = _compiled(pattern.find).search(lowered)
        if hit is None or (pattern.unless and _compiled(pattern.unless).search(lowered)):
            continue
        # Small letters of some alphabets are longer than the capitals: then the small ones are quoted.
        source = text if len(text) == len(lowered) else lowered
        words = " ".join(source[hit.start() : hit.end()].split()).strip(" ,;:.?!¿")
        found[pattern.kind] = Found(pattern.kind, words, pattern.offer)
    if not found:
        return []
    kinds = table("wording")
    asks = "?" in lowered or "؟" in lowered
    beaten = {loser for kind in found for loser in kinds[kind].get("beats", ())}
    return [
        one
        for kind, one in found.items()
        if kinds[kind]["on"] and kind not in beaten and (asks or not kinds[kind].get("asks", False))
    ]


def _possible(texts: Iterable[str], language: str, neutral: bool) -> list[Pattern]:
    """The patterns that any of these texts could hold: in most forms very few, so that most texts are read once only."""
    everything = _plain("\n".join(texts))
    return [
        pattern
        for pattern in patterns(language)
        if (pattern.kind == NEUTRAL) == neutral and any(near in everything for near in pattern.near)
    ]


def _plain(text: str) -> str:
    """Small letters, straight apostrophes, plain blanks."""
    lowered = text.lower()
    for written, plain in _PLAIN:
        if written in lowered:
            lowered = lowered.replace(written, plain)
    return lowered


@cache
def patterns(language: str) -> tuple[Pattern, ...]:
    """The patterns of a language, in the order of its table; none if it has no table."""
    name = f"wording_{language}"
    if not data_path("form_library", "standards", f"{name}.toml").is_file():
        return ()
    kinds = table(name)
    sets = kinds.get("sets", {})

    def spelled(pattern: str) -> str:
        for word, choice in sets.items():
            pattern = pattern.replace(f"<{word}>", f"(?:{choice})")
        return pattern

    return tuple(
        Pattern(
            kind,
            tuple(entry["near"]),
            spelled(entry["find"]),
            spelled(entry.get("unless", "")),
            tuple(entry.get("answers", ())),
            entry.get("offer", ""),
        )
        for kind, entries in kinds.items()
        if kind != "sets"
        for entry in entries
    )


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


@rule("PIM701", "question-wording", Severity.WARNING, standard=PRINCIPLE)
def question_wording(form: Form) -> Iterator[Diagnostic]:
    """
    The words of a question push, judge, ask two things, or leave the time open.

    ## Why
    People answer the words they hear. A question that shows which answer is wanted, asks two things at once, or does not
    say since when, gives figures that cannot be used. Looked at are leading and loaded words, always and never in a yes or
    no, two questions in one, two negatives, “recently”, what has not happened, and agreement without disagreement. In
    English, French and Spanish, and a little in Arabic.

    ## Bad
    ```pim
    ask water yes_no "Have you recently had problems with water?"
    ask staff yes_no "Were the staff polite and quick?"
    ask lights yes_no "Don't you think the camp needs lights?"
    ```

    ## Good
    ```pim
    ask water yes_no "In the last 30 days, did you have problems with water?"
    ask polite yes_no "Were the staff polite?"
    ask quick yes_no "Did you wait more than one hour?"
    ask needed text "What does the camp need most?"
    ```
    """
    asked = [
        (item, item.label)
        for item in walk(form.items)
        if isinstance(item, Question) and item.label is not None and item.origin is None and not item.damaged
    ]
    asked = [(item, label) for item, label in asked if _module(label.place) not in OFFICIAL]
    said: set[tuple[str, str]] = set()
    for language in form.facts.languages:
        possible = _possible((label.get(language) for _, label in asked), language, neutral=False)
        for item, label in asked if possible else ():
            for found in _search(label.get(language), possible, _answers(form, item)):
                if (item.name, found.kind) not in said:
                    said.add((item.name, found.kind))
                    yield _wording(form, item, label, language, found)


def _wording(form: Form, item: Question, label: Text, language: str, found: Found) -> Diagnostic:
    kind = table("wording")[found.kind]
    where = "" if language == form.facts.languages[0] else f" (`{language}`)"
    return Diagnostic(
        rule_of(question_wording),
        f"“{found.words}” {kind['says']}{where}",
        item.via or label.place,
        f"{kind['why']} ({PRINCIPLE}).",
        kind["fix"],
        related=(("the question in the library", label.place),) if item.via is not None else (),
    )


def _answers(form: Form, item: Question) -> str:
    """How a question is answered, as the tables say it: a list with yes and no is a yes or no."""
    listed = form.lists.get(item.choices or "")
    if item.kind == "one" and listed is not None:
        codes = {choice.code for choice in listed.choices}
        return "yes_no" if {"yes", "no"} <= codes else "one"
    return item.kind if item.kind in ("yes_no", "one", "many") else ""


def _module(place: Place) -> str:
    return place.path.rsplit("/", 1)[-1].removesuffix(".pim")


@rule("PIM708", "word-takes-a-side", Severity.WARNING, standard=PRINCIPLE)
def word_takes_a_side(form: Form) -> Iterator[Diagnostic]:
    """
    A word takes a side between parties.

    ## Why
    “Terrorist”, “regime”, “martyr”, “liberated” each belong to one party. The person asked hears whose side the
    interviewer is on, and may be in danger for the answer. The terms and what to say instead stand in the tables of words
    of the form library.

    ## Bad
    ```pim
    ask seen yes_no "Did terrorists close the clinic?"
    ```

    ## Good
    ```pim
    ask seen yes_no "Did an armed group close the clinic?"
    ```
    """
    heard = list(_heard(form))
    for language in form.facts.languages:
        possible = _possible((text.get(language) for text, _ in heard), language, neutral=True)
        for text, place in heard if possible else ():
            for found in _search(text.get(language), possible, ""):
                yield Diagnostic(
                    rule_of(word_takes_a_side),
                    f"“{found.words}” takes a side",
                    place,
                    f"People hear whose side the interviewer is on ({PRINCIPLE}).",
                    f"say instead: {found.offer}",
                )


def _heard(form: Form) -> Iterator[tuple[Text, Place]]:
    """What people read or hear, with the place to say something about it."""
    used: dict[str, Place | None] = {}
    for item in walk(form.items):
        if isinstance(item, (Question, Note, Group, Repeat)) and item.origin is None:
            for text in (item.label, getattr(item, "hint", None)):
                if text is not None:
                    yield text, item.via or text.place
            if isinstance(item, Question) and item.choices is not None:
                used.setdefault(item.choices, item.via)
    for name, via in used.items():
        for choice in form.lists[name].choices if name in form.lists else ():
            if choice.label is not None and choice.origin is None:
                yield choice.label, via or choice.label.place
