"""Conditions in XPath as text: blanks, the terms that are joined with `and`, other names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

_PIECE = re.compile(r"""'[^']*'|"[^"]*"|\s+|[^\s'"]+""")
_NAME = re.compile(r"\$\{\s*([^}]+?)\s*\}")
_GATE = re.compile(r"\$\{(?:last-saved#)?pim_")


def flat(text: str) -> str:
    """The text with one blank for each run of blanks outside quotation marks."""
    if "  " not in text and "\n" not in text and "\t" not in text and "\r" not in text:
        return text.strip()
    pieces = (" " if piece.isspace() else piece for piece in _PIECE.findall(text))
    return "".join(pieces).strip()


def terms(condition: str) -> list[str]:
    """What is joined with `and` at the top, in order; the whole condition if something is joined with `or` there."""
    found = list(_top(condition))
    if any(word == "or" for word, _ in found):
        return [condition]
    parts: list[str] = []
    begin = 0
    for word, at in found:
        if word == "and":
            parts.append(condition[begin:at].strip())
            begin = at + 3
    parts.append(condition[begin:].strip())
    return [_bare(part) for part in parts if part]


def is_gate(term: str) -> bool:
    """Whether a term reads what the compiler added."""
    return _GATE.search(term) is not None


def names(condition: str) -> list[str]:
    """The names that a condition reads, in order, each once."""
    return list(dict.fromkeys(_NAME.findall(condition)))


def with_names(condition: str, new: Mapping[str, str]) -> str:
    """The condition, or a text with `${name}` in it, with other names."""
    if "${" not in condition:
        return condition
    return _NAME.sub(lambda match: f"${{{new.get(match[1], match[1])}}}", condition)


def with_codes(condition: str, new: Mapping[str, str]) -> str:
    """The condition with other codes in quotation marks."""
    return re.sub(r"'([^']*)'", lambda match: f"'{new.get(match[1], match[1])}'", condition)


def _top(condition: str) -> Iterator[tuple[str, int]]:
    """The words `and` and `or` outside brackets and quotation marks, and where they stand."""
    depth = 0
    for match in re.finditer(r"""'[^']*'|"[^"]*"|[()\[\]]|(?<![\w.-])(?:and|or)(?![\w.-])""", condition):
        piece = match[0]
        if piece in "([":
            depth += 1
        elif piece in ")]":
            depth -= 1
        elif depth == 0 and piece in ("and", "or"):
            yield piece, match.start()


def _bare(part: str) -> str:
    """A term without brackets around the whole of it."""
    while part.startswith("(") and part.endswith(")"):
        depth = 0
        for at, sign in enumerate(re.sub(r"'[^']*'|\"[^\"]*\"", lambda m: "x" * len(m[0]), part)):
            depth += (sign == "(") - (sign == ")")
            if depth == 0 and at < len(part) - 1:
                return part
        part = part[1:-1].strip()
    return part
