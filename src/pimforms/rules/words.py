"""Words that give a question away: tables of patterns, one list for each language, tried cheaply first.

An entry of such a table has `near` and `also` (parts of words in small letters; the pattern is tried only where one of each
stands), `find` (a regular expression over the text in small letters, with straight apostrophes) and `unless` (and this is not in
it). `<name>` in a pattern stands for the set of that name. Patterns are compiled only when something is near: most forms
never pay for them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from typing import Any

from pimforms.model.text import Text
from pimforms.record import record
from pimforms.standards.data import table

LANGUAGES = ("en", "fr", "es", "ar")
"""The languages that tables of words exist in."""

_PLAIN = (("’", "'"), ("‘", "'"), ("\N{NO-BREAK SPACE}", " "), ("\N{NARROW NO-BREAK SPACE}", " "), ("\n", " "))
# Short vowels and the line that lengthens a word: written or left out, the word is the same.
_VOWELS = re.compile("[\u064b-\u0652\u0670\u0640]")


@record
class Entry:
    """One row of a table of words. `only` are the kinds of question it is meant for, none for all.

    `kind` is the heading that the row stands under, `offer` what could be said instead.
    """

    near: tuple[str, ...]
    find: str
    unless: str = ""
    only: tuple[str, ...] = ()
    mark: str = ""
    also: tuple[str, ...] = ()
    kind: str = ""
    offer: str = ""


@record
class Hit:
    """Where words were found: the entry, the language, and the words as they stand in the text."""

    entry: Entry
    language: str
    words: str


Looked = Mapping[str, tuple[Entry, ...]]
"""The entries that are looked for, by language."""


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """Small letters, straight apostrophes, plain blanks, no Arabic vowel signs."""
    lowered = text.lower()
    for written, simple in _PLAIN:
        if written in lowered:
            lowered = lowered.replace(written, simple)
    return lowered if lowered.isascii() else _VOWELS.sub("", lowered)


@cache
def entries(name: str, language: str, *path: str) -> tuple[Entry, ...]:
    """The entries of a table in a language; `path` leads to them where a table holds several lists."""
    whole: dict[str, Any] = table(name)
    rows: Any = whole
    for part in path:
        rows = rows.get(part, {})
    return read_entries(rows.get(language, ()), whole.get("sets", {}).get(language, {}))


def read_entries(rows: Iterable[Mapping[str, Any]], sets: Mapping[str, str], kind: str = "") -> tuple[Entry, ...]:
    """Rows of a table as entries, with the sets that their patterns name written out."""

    def spelled(pattern: str) -> str:
        for word, choice in sets.items():
            pattern = pattern.replace(f"<{word}>", f"(?:{choice})")
        return pattern

    return tuple(
        Entry(
            tuple(row["near"]),
            spelled(row["find"]),
            spelled(row.get("unless", "")),
            tuple(row.get("only", ())),
            row.get("mark", ""),
            tuple(row.get("also", ())),
            kind,
            row.get("offer", ""),
        )
        for row in rows
    )


def possible(texts: Iterable[Text | None], name: str, *path: str) -> Looked:
    """The entries of a table that any of these texts could hold: in most forms very few, so most texts are read once only."""
    said: dict[str, list[str]] = {}
    for text in texts:
        for language, words in text.values.items() if text is not None else ():
            said.setdefault(language, []).append(words)
    spoken = (language for language in LANGUAGES if language in said)
    looked = {language: near_any(entries(name, language, *path), said[language]) for language in spoken}
    return {language: near for language, near in looked.items() if near}


def find(texts: Iterable[Text | None], looked: Looked, kind: str = "") -> Hit | None:
    """The first entry that one of the texts holds, in whatever language it has it. `kind` is how the question is answered."""
    for text in texts if looked else ():
        for language, words in looked.items() if text is not None else ():
            hit = search(text.get(language), words, language, kind) if text is not None else None
            if hit is not None:
                return hit
    return None


def near_any(looked_for: Iterable[Entry], texts: Iterable[str]) -> tuple[Entry, ...]:
    """The entries that any of these texts, all in one language, could hold."""
    everything = plain("\n".join(texts))
    return tuple(entry for entry in looked_for if _is_near(entry, everything))


def _is_near(entry: Entry, lowered: str) -> bool:
    return any(near in lowered for near in entry.near) and (
        not entry.also or any(also in lowered for also in entry.also)
    )


def search(text: str, looked_for: Iterable[Entry], language: str, kind: str = "") -> Hit | None:
    """The first entry that a text in one language holds."""
    return next(hits(text, looked_for, language, kind), None)


def hits(text: str, looked_for: Iterable[Entry], language: str, kind: str = "") -> Iterator[Hit]:
    """Every entry that a text in one language holds."""
    lowered = plain(text)
    for entry in looked_for:
        if (entry.only and kind not in entry.only) or not _is_near(entry, lowered):
            continue
        found = _compiled(entry.find).search(lowered)
        if found is None or (entry.unless and _compiled(entry.unless).search(lowered)):
            continue
        # Where letters were taken out the places differ: then the plain text is quoted.
        source = text if len(text) == len(lowered) else lowered
        words = " ".join(source[found.start() : found.end()].split()).strip(" ,;:.?!¿؟")
        yield Hit(entry, language, words)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
