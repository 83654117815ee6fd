"""Principle 7, impartiality: the words of a question.

The words stand in tables, one for each language (`form_library/standards/wording_en.toml` …). A false alarm costs more
than a miss here, so a kind of wording that is wrong in more than one finding of ten is switched off in `wording.toml`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

from pimforms.diagnostics import Diagnostic, Severity, rule, rule_of
from pimforms.model.form import Form, Group, Note, Question, Repeat
from pimforms.model.text import Text, is_official
from pimforms.model.walk import questions_in, walk
from pimforms.rules.words import Entry, Hit, hits, near_any, read_entries
from pimforms.source import Place
from pimforms.standards.data import data_path, table

PRINCIPLE = "PIM principle 7, Impartiality"
NEUTRAL = "not_neutral"
ROWS = "rows"
"""The mark of a pattern that is looked for in a text without a question mark, too, such as the row of a table."""


def wordings(text: str, language: str, answers: str = "") -> list[Hit]:
    """
    The words of one text that spoil an answer, each kind once; neutral terms are a kind of their own.

    `answers` is how it is answered: "yes_no", "one", "many", or "" for anything else. A language without a table gives
    nothing. Kinds that are switched off are left out.
    """
    return _search(text, patterns(language), language, answers)


def _search(text: str, looked_for: Iterable[Entry], language: str, answers: str) -> list[Hit]:
    found: dict[str, Hit] = {}
    for hit in hits(text, looked_for, language, answers):
        found.setdefault(hit.entry.kind, hit)
    if not found:
        return []
    kinds = table("wording")
    asks = "?" in text or "؟" in text
    beaten = {loser for kind in found for loser in kinds[kind].get("beats", ())}
    return [
        hit
        for kind, hit in found.items()
        if kinds[kind]["on"]
        and kind not in beaten
        and (asks or hit.entry.mark == ROWS or not kinds[kind].get("asks", False))
    ]


def _possible(texts: Iterable[str], language: str, neutral: bool) -> tuple[Entry, ...]:
    """The patterns that any of these texts could hold: in most forms very few, so that most texts are read once only."""
    return near_any((entry for entry in patterns(language) if (entry.kind == NEUTRAL) == neutral), texts)


@cache
def patterns(language: str) -> tuple[Entry, ...]:
    """The patterns of a language, in the order of its table; none if it has no table."""
    name = f"wording_{language}"
    if not data_path("form_library", "standards", f"{name}.toml").is_file():
        return ()
    kinds = table(name)
    sets = kinds.get("sets", {})
    return tuple(entry for kind, rows in kinds.items() if kind != "sets" for entry in read_entries(rows, sets, kind))


@rule("PIM701", "question-wording", Severity.WARNING, standard=PRINCIPLE)
def question_wording(form: Form) -> Iterator[Diagnostic]:
    """
    The words of a question push, judge, ask two things, or leave the time open.

    ## Why
    People answer the words they hear. A question that shows which answer is wanted, asks two things at once, or does not
    say since when, gives figures that cannot be used. The rule looks for leading and loaded words, always and never in a
    yes or no, two questions in one, two negatives, “recently”, what has not happened, and agreement without disagreement,
    in English, French and Spanish, and a little in Arabic.

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
        for item in questions_in(form.items)
        if item.label is not None and item.origin is None and not item.damaged
    ]
    asked = [(item, label) for item, label in asked if not is_official(label)]
    said: set[tuple[str, str]] = set()
    for language in form.facts.languages:
        possible = _possible((label.get(language) for _, label in asked), language, neutral=False)
        for item, label in asked if possible else ():
            for hit in _search(label.get(language), possible, language, _answers(form, item)):
                if (item.name, hit.entry.kind) not in said:
                    said.add((item.name, hit.entry.kind))
                    yield _wording(form, item, label, hit)


def _wording(form: Form, item: Question, label: Text, hit: Hit) -> Diagnostic:
    kind = table("wording")[hit.entry.kind]
    where = "" if hit.language == form.facts.languages[0] else f" (`{hit.language}`)"
    return Diagnostic(
        rule_of(question_wording),
        f"“{hit.words}” {kind['says']}{where}",
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
            for hit in _search(text.get(language), possible, language, ""):
                yield Diagnostic(
                    rule_of(word_takes_a_side),
                    f"“{hit.words}” takes a side",
                    place,
                    f"People hear whose side the interviewer is on ({PRINCIPLE}).",
                    f"say instead: {hit.entry.offer}",
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
