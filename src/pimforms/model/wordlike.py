"""Texts compared by their words: the same question said in nearly the same words."""

from __future__ import annotations

import re

_WORD = re.compile(r"\w+")
_VOWELS = re.compile("[\u064b-\u0652\u0670\u0640]")


def normalised(text: str) -> str:
    """The words of a text in small letters with one blank between them, without signs and Arabic vowel marks."""
    lowered = text.lower()
    return " ".join(_WORD.findall(lowered if lowered.isascii() else _VOWELS.sub("", lowered)))


def nearly(one: frozenset[str], other: frozenset[str], least: float) -> bool:
    """Whether two sets of words share at least this part of all their words."""
    shared = len(one & other)
    return shared >= least * (len(one) + len(other) - shared)
