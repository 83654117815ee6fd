"""The known word that an unknown one was likely meant to be. Cheap also when thousands are unknown among thousands."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

ALL_LOOKED_AT = 200
"""Up to so many known words each is looked at. Above it only those that differ by a letter, or begin alike."""
_LIKELY = 8
_LONGEST = 60


class _Known(NamedTuple):
    """`words` in order; `folded` by their small letters; `shorter` by what is left of them without one letter."""

    words: list[str]
    folded: dict[str, str]
    shorter: dict[str, list[str]]


def nearest_word(word: str, known: Iterable[str], *, fold: bool = False, least: float = 0.6) -> str | None:
    """The known word most like this one, None if none is. `fold`: capital letters alone make no difference."""
    if not word:
        return None
    index = _index(tuple(known))
    if fold and word.casefold() in index.folded:
        return index.folded[word.casefold()]
    return _closest(word, index.words if len(index.words) <= ALL_LOOKED_AT else _likely(word, index), least)


def _closest(word: str, words: list[str], least: float) -> str | None:
    import difflib  # only when there is something to say

    found = difflib.get_close_matches(word, words, 1, least)
    return found[0] if found else None


def _likely(word: str, index: _Known) -> list[str]:
    at = bisect_left(index.words, word)
    found = index.words[max(0, at - _LIKELY // 2) : at + _LIKELY // 2]
    for piece in (word, *sorted(_without_a_letter(word))) if len(word) <= _LONGEST else ():
        found.extend(index.shorter.get(piece, ()))
        if len(found) > 3 * _LIKELY:
            break
    return list(dict.fromkeys(found[: 4 * _LIKELY]))


def _without_a_letter(word: str) -> set[str]:
    return {word[:i] + word[i + 1 :] for i in range(len(word))}


@lru_cache(maxsize=4)
def _index(known: tuple[str, ...]) -> _Known:
    words = sorted(set(known))
    folded = {other.casefold(): other for other in reversed(words)}
    shorter: dict[str, list[str]] = {}
    if len(words) > ALL_LOOKED_AT:
        for other in words:
            for piece in (other, *_without_a_letter(other)) if len(other) <= _LONGEST else ():
                alike = shorter.setdefault(piece, [])
                if len(alike) < _LIKELY:
                    alike.append(other)
    return _Known(words, folded, shorter)
