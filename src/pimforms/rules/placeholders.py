"""What the texts of an author give away: a placeholder ("TBD", "for analysis"), a promise to come back, an estimate."""

from __future__ import annotations

import re
from functools import cache

from pimforms.model.text import Text
from pimforms.standards.data import table

_WORD = re.compile(r"[^\W_]+")
_CONTENT = 1
"""As many words of content may stand beside a placeholder, and it still says nothing: "various partners"."""


def says_nothing(text: Text | str | None) -> bool:
    """True if a text is nothing but placeholders, in any language it is given in. A missing text is not one."""
    if isinstance(text, Text):
        return any(_empty(value) for value in text.values.values() if value.strip())
    return text is not None and _empty(text)


def promises_return(reason: str) -> bool:
    """True if a reason says that somebody comes back to the person."""
    return _pattern("follow").search(_plain(reason)) is not None


def estimates_population(text: str) -> bool:
    """True if a text speaks of a share of people or households, and not of a share of cases."""
    plain = _plain(text)
    return (
        _pattern("estimates").search(plain) is not None
        and _pattern("people").search(plain) is not None
        and _pattern("cases").search(plain) is None
    )


def names_informants(text: str) -> bool:
    """True if a text says that it speaks of those who were asked, and not of everyone."""
    return _pattern("asked").search(_plain(text)) is not None


def _empty(text: str) -> bool:
    plain = _plain(text)
    left, found = _pattern("says").subn(" ", plain)
    if found == 0:
        return not any(character.isalnum() for character in plain)
    small = _small()
    return sum(word not in small for word in _WORD.findall(left)) <= _CONTENT


def _plain(text: str) -> str:
    return " ".join(text.casefold().replace("’", "'").split())


@cache
def _small() -> frozenset[str]:
    return frozenset(word for row in table("placeholders").values() for word in row.get("small", ()))


@cache
def _pattern(key: str) -> re.Pattern[str]:
    """One pattern for the phrases of every language. Longer ones first, so that none is cut short by a part of it."""
    phrases = {phrase.casefold() for row in table("placeholders").values() for phrase in row.get(key, ())}
    longest_first = sorted(phrases, key=lambda phrase: (-len(phrase), phrase))
    return re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, longest_first)) + r")(?!\w)")
