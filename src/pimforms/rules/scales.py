"""Principle 7, impartiality: the answers that are offered.

Lists are judged in the first language of the form that has a table (`form_library/standards/scales.toml`); translations
have the same answers in the same order. Only lists in which every answer is understood are judged.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from pimforms.diagnostics import Diagnostic, Severity, rule, rule_of
from pimforms.model.form import Choice, ChoiceList, Form, Question
from pimforms.model.level import Level
from pimforms.model.walk import questions_in
from pimforms.record import record
from pimforms.rules.bands import Band, gap, read_band
from pimforms.standards.data import table

PRINCIPLE = "PIM principle 7, Impartiality"


@record
class Scale:
    """A construct of scales.toml, and how far each point stands from the middle: 3 very, 2 plain, 1 rather, 0 neither."""

    construct: str
    points: tuple[int, ...]
    labels: tuple[str, ...]


def read_scale(labels: list[str], language: str) -> Scale | None:
    """The scale that these labels are; None if one of them is not understood, or if it has no two sides."""
    words = table("scales").get(language)
    if words is None:
        return None
    lowered = [" ".join(label.lower().replace("’", "'").split()) for label in labels]
    points = [label for label in lowered if not label.startswith(tuple(words["exits"]))]
    if len(points) < 3:
        return None
    for construct, sides in words["scales"].items():
        values = _values(points, sides, words)
        if any(value > 0 for value in values) and any(value < 0 for value in values):
            # A scale from much to nothing has no two sides.
            one_sided = any(_has(label, word) for label in points for word in words["unipolar"])
            return None if one_sided else Scale(construct, values, tuple(points))
    return None


def _values(points: list[str], sides: dict[str, list[str]], words: dict[str, Any]) -> tuple[int, ...]:
    """How far each point stands from the middle; nothing if one of them is not understood."""
    found: list[int] = []
    for label in points:
        value = _value(label, sides, words)
        if value is None:
            return ()
        found.append(value)
    return tuple(found)


def _value(label: str, sides: dict[str, list[str]], words: dict[str, Any]) -> int | None:
    if any(label.startswith(word) and _has(label, word) for word in words["neutral"]):
        return 0
    sign = -1 if _any(label, sides["negative"]) else 1 if _any(label, sides["positive"]) else 0
    if not sign:
        return None
    return sign * (3 if _any(label, words["strong"]) else 1 if _any(label, words["weak"]) else 2)


def _any(label: str, words: list[str]) -> bool:
    return any(_has(label, word) for word in words)


def _has(label: str, word: str) -> bool:
    """Whole words only: “unsafe” is not “safe”."""
    at = label.find(word)
    while at >= 0:
        end = at + len(word)
        before = at == 0 or not label[at - 1].isalnum()
        after = end == len(label) or not label[end].isalpha() or word.endswith(" ") or label[end:] in ("e", "s", "es")
        if before and after:
            return True
        at = label.find(word, at + 1)
    return False


@rule("PIM702", "scale-out-of-balance", Severity.WARNING, standard=PRINCIPLE)
def scale_out_of_balance(form: Form) -> Iterator[Diagnostic]:
    """
    A scale has more good answers than bad ones, or its points are out of order, or a form has two scales for one thing.

    ## Why
    With three good answers and one bad, the result looks good before anybody has answered. Points in order are understood
    when they are read aloud. Answers on two scales for the same thing cannot be compared.

    ## Bad
    ```pim
    ask staff one "How do you find the work of the staff?"
      - very_good "Very good"
      - good      "Good"
      - rather    "Rather good"
      - bad       "Bad"
    ```

    ## Good
    ```pim
    ask staff one "How do you find the work of the staff?"
      - very_good "Very good"
      - good      "Good"
      - bad       "Bad"
      - very_bad  "Very bad"
    ```
    """
    first_of: dict[str, tuple[Scale, str]] = {}
    for question, listed, labels, language in _lists(form):
        scale = read_scale(labels, language) if question.kind == "one" else None
        if scale is None:
            continue
        good, bad = sum(point > 0 for point in scale.points), sum(point < 0 for point in scale.points)
        place = listed.via or listed.place
        if good != bad:
            sides = f"{good} good and {bad} bad" if good > bad else f"{bad} bad and {good} good"
            yield Diagnostic(
                rule_of(scale_out_of_balance),
                f"this scale has {sides} answers",
                place,
                f"An uneven scale decides the result before anybody has answered ({PRINCIPLE}).",
                "offer as many answers on one side as on the other",
            )
            continue
        rising = sorted(scale.points)
        if list(scale.points) not in (rising, rising[::-1]):
            yield Diagnostic(
                rule_of(scale_out_of_balance),
                "the points of this scale are not in order",
                place,
                f"A scale is read aloud, and understood from one end to the other ({PRINCIPLE}).",
                "put them from one end to the other: very good, good, bad, very bad",
            )
            continue
        before, where = first_of.setdefault(scale.construct, (scale, question.name))
        if len(before.points) != len(scale.points):
            yield Diagnostic(
                rule_of(scale_out_of_balance),
                f"`{where}` asks the same on a scale of {len(before.points)} points, this one has {len(scale.points)}",
                place,
                f"Answers on two scales cannot be compared ({PRINCIPLE}).",
                "use one list for both: `choices NAME` … `end choices`, and `one of NAME`",
            )


@rule("PIM703", "bands-overlap", Severity.ERROR, standard=PRINCIPLE, waivable=True)
def bands_overlap(form: Form) -> Iterator[Diagnostic]:
    """
    Two answers hold the same number.

    ## Why
    Who has five goats fits in “1 to 5” and in “5 to 10”. Each interviewer decides differently, and the figures mean
    nothing.

    ## Bad
    ```pim
    ask goats one "How many goats do you have?"
      - none "None"
      - few  "1 to 5"
      - some "5 to 10"
      - many "More than 10"
    ```

    ## Good
    ```pim
    ask goats one "How many goats do you have?"
      - none "None"
      - few  "1 to 5"
      - some "6 to 10"
      - many "More than 10"
    ```
    """
    for listed, bands in _banded(form):
        for (one, band), (other, beside) in pairwise(bands):
            if band.meets(beside):
                yield Diagnostic(
                    rule_of(bands_overlap),
                    f"“{one}” and “{other}” overlap",
                    listed.via or listed.place,
                    f"Some answers fit in both, and each interviewer decides differently ({PRINCIPLE}).",
                    "let the second begin one step after the first: “1 to 5”, “6 to 10”",
                )


@rule("PIM713", "bands-leave-a-gap", Severity.WARNING, standard=PRINCIPLE)
def bands_leave_a_gap(form: Form) -> Iterator[Diagnostic]:
    """
    A number fits in none of the answers.

    ## Why
    Who has six goats cannot answer, or says something that is not so.

    ## Bad
    ```pim
    ask goats one "How many goats do you have?"
      - none "None"
      - few  "1 to 5"
      - some "7 to 10"
      - many "More than 10"
    ```

    ## Good
    ```pim
    ask goats one "How many goats do you have?"
      - none "None"
      - few  "1 to 5"
      - some "6 to 10"
      - many "More than 10"
    ```
    """
    for listed, bands in _banded(form):
        missing = gap(band for _, band in bands)
        if missing is not None:
            named = {id(band): label for label, band in bands}
            before, after = (named[id(band)] for band in missing)
            yield Diagnostic(
                rule_of(bands_leave_a_gap),
                f"nothing stands between “{before}” and “{after}”",
                listed.via or listed.place,
                f"Somebody whose number lies between cannot answer ({PRINCIPLE}).",
                f"let “{after}” begin one step after “{before}”",
            )


@rule("PIM711", "none-beside-others", Severity.WARNING, standard=PRINCIPLE)
def none_beside_others(form: Form) -> Iterator[Diagnostic]:
    """
    “None” or “Don't know” can be ticked together with something.

    ## Why
    “None” and “The market” ticked together mean nothing. `alone` unticks the rest.

    ## Bad
    ```pim
    ask places many "Which places do you avoid?"
      - market "Market"
      - road   "Road"
      - none   "None"
    ```

    ## Good
    ```pim
    ask places many "Which places do you avoid?"
      - market "Market"
      - road   "Road"
      - none   "None" alone
    ```
    """
    known = table("scales")["none"]
    for question, listed, labels, _ in _lists(form):
        if question.kind != "many":
            continue
        for choice, label in zip(listed.choices, labels, strict=True):
            if choice.alone or choice.refuses or choice.origin is not None:
                continue
            if choice.code in known["codes"] or label.strip(" .").lower() in known["labels"]:
                yield Diagnostic(
                    rule_of(none_beside_others),
                    f"“{label}” can be ticked together with other answers",
                    listed.via or choice.place,
                    f"The two together mean nothing ({PRINCIPLE}).",
                    f'write: - {choice.code} "{label}" alone',
                )


@rule("PIM712", "no-answer-fits", Severity.WARNING, standard=PRINCIPLE)
def no_answer_fits(form: Form) -> Iterator[Diagnostic]:
    """
    Somebody to whom none of the answers applies cannot go on.

    ## Why
    The phone asks for an answer. Where nothing fits, the interviewer ticks something that is not so. The rule looks
    at questions with several answers, and at questions for reasons and sources, where three or more answers are offered.
    From MODERATE on, the compiler adds a way out.

    ## Bad
    ```pim
    ask needs many "What does your block need?"
      - water "More water points"
      - light "More lights"
      - shade "More shade"
    ```

    ## Good
    ```pim
    ask needs many "What does your block need?"
      - water   "More water points"
      - light   "More lights"
      - shade   "More shade"
      - other   "Other"
      - nothing "Nothing" alone
    ```
    """
    table_of_exits = table("scales")["exit"]
    codes, begins = frozenset(table_of_exits["codes"]), tuple(table_of_exits["labels"])
    for question, listed, labels, language in _lists(form):
        if not question.required or question.tags.level >= Level.MODERATE or question.kind not in ("one", "many"):
            continue
        if len(labels) < 3:  # whoever writes two answers means these two
            continue
        stem = question.label.values.get(language, "").lower().lstrip("¿ ") if question.label else ""
        if question.kind == "one" and not stem.startswith(tuple(table_of_exits["open"])):
            continue
        if any(_is_exit(choice, label, codes, begins) for choice, label in zip(listed.choices, labels, strict=True)):
            continue
        if question.kind == "one" and read_scale(labels, language) is not None:
            continue
        yield Diagnostic(
            rule_of(no_answer_fits),
            f"`{question.name}` has no answer for somebody to whom none of these applies",
            question.via or listed.via or question.place,
            f"Where nothing fits, something is ticked that is not so ({PRINCIPLE}).",
            'add: - other "Other"' + (', or - none "None" alone' if question.kind == "many" else ""),
        )


def _is_exit(choice: Choice, label: str, codes: frozenset[str], begins: tuple[str, ...]) -> bool:
    return choice.alone or choice.refuses or choice.code in codes or label.lower().startswith(begins)


def _lists(form: Form) -> Iterator[tuple[Question, ChoiceList, list[str], str]]:
    """
    Each list that is used, once for each kind of question, with its labels in a language of the tables.

    Generated questions, and lists with a label missing, are left out.
    """
    language = next((name for name in form.facts.languages if name in table("scales")), "")
    seen: set[tuple[str, str]] = set()
    for item in questions_in(form.items):
        if item.origin is not None or item.damaged or item.choices is None:
            continue
        listed = form.lists.get(item.choices)
        if not language or listed is None or (listed.name, item.kind) in seen:
            continue
        labels = [choice.label.values.get(language, "") if choice.label else "" for choice in listed.choices]
        if labels and all(labels):
            seen.add((listed.name, item.kind))
            yield item, listed, labels, language


def _banded(form: Form) -> Iterator[tuple[ChoiceList, list[tuple[str, Band]]]]:
    """Lists with one answer and at least two bands, and the bands by size; numbers alone count only beside bands."""
    for question, listed, labels, language in _lists(form):
        if question.kind != "one":
            continue
        bands = [(label, band) for label in labels if (band := read_band(label, language)) is not None]
        if sum(not band.single for _, band in bands) >= 2:
            yield listed, sorted(bands, key=lambda one: (one[1].low, one[1].low_open, one[1].high))
