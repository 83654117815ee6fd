"""Conditions as XPath text in pieces, so that they stay flat, say nothing twice, and have brackets only where needed.

A condition is a tuple: `("is", text)` for one that cannot be taken apart, `("and", parts)` or `("or", parts)`.
An `and` without parts always holds.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

Term = tuple[str, Any]
ALWAYS: Term = ("and", ())


def atom(text: str) -> Term:
    return ("is", text)


def conjuncts(term: Term) -> tuple[Term, ...]:
    """What must hold together; the term itself if it is not an `and`."""
    parts: tuple[Term, ...] = term[1] if term[0] == "and" else (term,)
    return parts


def both(terms: Iterable[Term], known: frozenset[Term] = frozenset()) -> Term:
    """All of them, each once, without what is `known` to hold already."""
    flat: dict[Term, None] = {}
    for term in terms:
        for part in term[1] if term[0] == "and" else (term,):
            if part not in known:
                flat[part] = None
    return next(iter(flat)) if len(flat) == 1 else ("and", tuple(flat))


def either(terms: Iterable[Term]) -> Term:
    """One of them, each once."""
    flat: dict[Term, None] = {}
    for term in terms:
        if term == ALWAYS:
            return ALWAYS
        for part in term[1] if term[0] == "or" else (term,):
            flat[part] = None
    return next(iter(flat)) if len(flat) == 1 else ("or", tuple(flat))


def negated(term: Term) -> Term:
    return ("is", f"not({text_of(term)})")


def text_of(term: Term) -> str:
    """The XPath of a condition."""
    sign, inside = term
    if sign == "is":
        text: str = inside
        return text
    if not inside:
        return "true()"
    if sign == "and":
        return " and ".join([f"({text_of(part)})" if part[0] == "or" else text_of(part) for part in inside])
    return " or ".join([text_of(part) for part in inside])


def size(term: Term) -> int:
    """How many comparisons a condition has."""
    return 1 if term[0] == "is" else sum(size(part) for part in term[1])


_SINGLE = "'‘’‚‛"
_DOUBLE = '"“”„‟'


def quoted(text: str) -> str:
    """A text as an XPath constant. Curly quotes count as straight ones: pyxform turns them into such in the workbook.

    `${` is taken apart, since pyxform would read it as a reference.
    """
    pieces: list[str] = []
    current, mark = "", ""
    for character in text:
        used = "'" if character in _SINGLE else '"' if character in _DOUBLE else ""
        splits = (used and used == mark) or (character == "{" and current.endswith("$"))
        if splits:
            pieces.append(_in_marks(current, mark))
            current, mark = "", ""
        if used and not mark:
            mark = '"' if used == "'" else "'"
        current += character
    pieces.append(_in_marks(current, mark))
    return pieces[0] if len(pieces) == 1 else f"concat({', '.join(pieces)})"


def _in_marks(text: str, mark: str) -> str:
    mark = mark or "'"
    return f"{mark}{text}{mark}"
