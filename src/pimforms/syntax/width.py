"""How many columns a text takes on a screen."""

from __future__ import annotations

import unicodedata


def width(text: str) -> int:
    """Columns of a text in a terminal: wide East Asian characters take two, combining marks and direction marks none."""
    if text.isascii():
        return len(text)
    return sum(_columns(character) for character in text)


def _columns(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
