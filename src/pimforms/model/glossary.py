"""Hard words in the texts of a form, and what the form says they mean."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

from pimforms.model.facts import Explanation
from pimforms.model.form import Form, Note, Question
from pimforms.model.text import Text
from pimforms.record import record
from pimforms.standards.data import table


@record
class Hard:
    """A hard word in one text: its key in the table, the language it was found in, and the word as it stands there."""

    key: str
    language: str
    word: str


@cache
def _pattern(language: str) -> re.Pattern[str] | None:
    """All hard words of a language as one pattern: most texts hold none, and are looked at once."""
    rows = ((key, row.get(language)) for key, row in table("hard_words").items())
    parts = [f"(?P<w{number}>{words})" for number, (_, words) in enumerate(rows) if words]
    return re.compile(rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)", re.IGNORECASE) if parts else None


def languages_with_hard_words(texts: Iterable[Text], languages: tuple[str, ...]) -> tuple[str, ...]:
    """Those of these languages in which any of these texts holds a hard word: in most forms none."""
    said = tuple(texts)
    return tuple(
        language
        for language in languages
        if (pattern := _pattern(language)) and pattern.search("\n".join(text.get(language) for text in said))
    )


def hard_words(text: Text, languages: tuple[str, ...]) -> Iterator[Hard]:
    """The hard words of a text in these languages, each once a language."""
    keys = tuple(table("hard_words"))
    for language in languages:
        pattern = _pattern(language)
        seen: set[str] = set()
        for found in pattern.finditer(text.get(language)) if pattern is not None else ():
            key = keys[int((found.lastgroup or "w0")[1:])]
            if key not in seen and _is_meant(key, found[0]):
                seen.add(key)
                yield Hard(key, language, found[0])


def _is_meant(key: str, word: str) -> bool:
    """An abbreviation counts in capitals only: `sea` is no abbreviation."""
    return not key.isupper() or not word.islower()


def explanation_of(form: Form, hard: Hard) -> Explanation | None:
    """What the form says about a hard word, in whatever language it names it."""
    row = table("hard_words")[hard.key]
    for each in form.explanations:
        if each.word.lower() in (hard.word.lower(), hard.key.lower()):
            return each
        if any(re.fullmatch(row[lang], each.word, re.IGNORECASE) for lang in row if lang != "plain"):
            return each
    return None


def explained_in(form: Form, item: Question | Note) -> tuple[Explanation, ...]:
    """The explanations that the text of an item calls for, in the order of the form: of hard words and of the form's own."""
    if not form.explanations or item.label is None:
        return ()
    wanted = {id(explanation_of(form, hard)) for hard in hard_words(item.label, form.facts.languages)}
    said = item.label.values.values()
    return tuple(
        each
        for each in form.explanations
        if id(each) in wanted
        or any(re.search(rf"(?<!\w){re.escape(each.word)}(?!\w)", text, re.IGNORECASE) for text in said)
    )
