"""A text that fits a pattern: `[A-Z][0-9]{2,3}` gives `A00`."""

from __future__ import annotations

from functools import lru_cache

_CLASSES = {"d": "0", "w": "a", "s": " ", "D": "a", "W": "-", "S": "a"}
_ANY = "a"
_LONGEST = 200


class _Unknown(Exception):
    """The pattern uses something that is not known here."""


@lru_cache(maxsize=256)
def sample(pattern: str) -> str | None:
    """The shortest plain text for a pattern, None for patterns with more than classes, groups, choices and numbers."""
    import re

    inner = pattern.removeprefix("^")
    inner = inner[:-1] if inner.endswith("$") and not inner.endswith("\\$") else inner
    try:
        text, at = _either(inner, 0)
        fits = at == len(inner) and len(text) <= _LONGEST and re.fullmatch(inner, text) is not None
    except (_Unknown, IndexError, RecursionError, re.error):
        return None
    return text if fits else None


def _either(pattern: str, at: int) -> tuple[str, int]:
    """The first of several choices, and where the group ends."""
    first, at = _row(pattern, at)
    while at < len(pattern) and pattern[at] == "|":
        _, at = _row(pattern, at + 1)
    return first, at


def _row(pattern: str, at: int) -> tuple[str, int]:
    text = ""
    while at < len(pattern) and pattern[at] not in "|)":
        piece, at = _piece(pattern, at)
        low, at = _times(pattern, at)
        text += piece * low
        if len(text) > _LONGEST:
            raise _Unknown
    return text, at


def _piece(pattern: str, at: int) -> tuple[str, int]:
    sign = pattern[at]
    if sign == "(":
        start = at + 3 if pattern.startswith("(?:", at) else at + 1
        if pattern.startswith("(?", at) and start == at + 1:
            raise _Unknown
        text, at = _either(pattern, start)
        return text, at + 1
    if sign == "[":
        return _class(pattern, at + 1)
    if sign == "\\":
        return _CLASSES.get(pattern[at + 1], pattern[at + 1]), at + 2
    if sign in "^$":
        raise _Unknown
    return (_ANY if sign == "." else sign), at + 1


def _class(pattern: str, at: int) -> tuple[str, int]:
    """One character of `[…]`."""
    end = pattern.index("]", at + 1) if "]" in pattern[at + 1 :] else -1
    if end < 0:
        raise _Unknown
    if pattern[at] == "^":
        import re

        found = next((c for c in "a0 -_A" if re.fullmatch(f"[{pattern[at:end]}]", c)), None)
        if found is None:
            raise _Unknown
        return found, end + 1
    first = pattern[at]
    if first == "\\":
        first = _CLASSES.get(pattern[at + 1], pattern[at + 1])
    return first, end + 1


def _times(pattern: str, at: int) -> tuple[int, int]:
    """How often at least, and where the pattern goes on. An optional piece is left out."""
    if at >= len(pattern):
        return 1, at
    sign = pattern[at]
    low = {"*": 0, "?": 0, "+": 1}.get(sign)
    if low is None and sign == "{":
        end = pattern.index("}", at)
        number = pattern[at + 1 : end].partition(",")[0]
        if not number.isdigit():
            raise _Unknown
        low, at = int(number), end
    elif low is None:
        return 1, at
    at += 1
    return low, at + (at < len(pattern) and pattern[at] == "?")
