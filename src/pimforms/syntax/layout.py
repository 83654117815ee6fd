"""The physical lines of a text, each with its tokens and how deep it stands. What the formatter is built on.

Depth comes from the words alone, never from the indentation that was there: so formatting twice changes nothing more.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from pimforms.syntax.machine import Token
from pimforms.syntax.nest import LANGUAGE
from pimforms.syntax.parse import Reading
from pimforms.syntax.words import BLANK, Vocabulary

_EDGES = re.compile(rf"^{BLANK}+|{BLANK}+$")


@dataclass
class Layout:
    """One physical line.

    `kind`: "blank", "comment", "broken" (kept as it is) or "code". `block`: the number of the statement that a property
    or choice belongs to, and `holder` its word. `role`: "statement", "property", "choice", "text", "more" (a
    continuation) or "end".
    """

    kind: str
    text: str
    tokens: list[Token] = field(default_factory=list)
    comment: str = ""
    depth: int = 0
    role: str = ""
    block: int = -1
    holder: str = ""

    @property
    def first(self) -> str:
        """The kind of the first token."""
        return self.tokens[0].kind if self.tokens else ""


def lay_out(reading: Reading, vocabulary: Vocabulary) -> list[Layout]:
    """Every physical line, with its depth. Comments are as deep as the line they speak of."""
    source = reading.tree.source
    lines: list[Layout] = []
    structure = _Structure(vocabulary)
    tokens = iter([token for token in reading.tokens if token.kind != "_NL"])
    token = next(tokens, None)
    start = 0
    for written in source.text.split("\n")[:-1]:
        stop = start + len(written)
        own: list[Token] = []
        while token is not None and token.start < stop:
            own.append(token)
            token = next(tokens, None)
        text = _EDGES.sub("", written)
        if start in reading.broken:
            line = Layout("broken", text)
            structure.place_broken(line, reading.broken[start])
        elif own:
            line = Layout("code", text, own, _EDGES.sub("", source.text[own[-1].end : stop]))
            structure.place(line)
        else:
            line = Layout("comment" if text else "blank", text)
        lines.append(line)
        start = stop + 1
    _indent_comments(lines, vocabulary)
    return lines


class _Structure:
    """Knows what is open while the lines go by."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._open: list[str] = []
        self._in_list = False
        self._statement = ""
        self._block = -1
        self._base = 0  # depth of the statement at hand
        self._property = 0  # depth of the last line that can have a text or a continuation
        self._translation = 0  # depth of the translation above, 0 if there is none
        self._must = False
        self._specified = False  # whether a `specify:` stands above, under the same choice

    def place(self, line: Layout) -> None:
        first, word = line.first, line.tokens[0].text
        if first == "END":
            named = line.tokens[1].text if len(line.tokens) > 1 else ""
            self._end(line, self._vocabulary.canonical(named) or named)
        elif first in ("_AND", "_OR"):
            line.depth, line.role = self._property + 1, "more"
        elif first == "WORD_COLON":
            # A translation behind `specify:` is that of its text, not that of the label of the choice.
            name = word.rstrip(" \t:")
            translates = LANGUAGE.fullmatch(name) is not None and line.tokens[-1].kind == "STRING"
            line.depth, line.role = self._property + (2 if self._specified and translates else 1), "text"
            self._translation, self._specified = line.depth, name == "specify" or (self._specified and translates)
        elif first == "STRING" and len(line.tokens) == 1:
            line.depth, line.role = (self._translation or self._property) + 1, "text"
        elif word in self._vocabulary.statements and first not in ("NAME", "STRING", "NUMBER"):
            self._begin(line, word)
        else:
            self._belongs(line, word)
        line.block, line.holder = self._block, self._statement

    def place_broken(self, line: Layout, word: str) -> None:
        """A line that was not understood stands where a line with its first word would."""
        if word == "end":
            self._end(line, self._open[-1] if self._open else "")
        elif word in ("and", "or") or word.endswith(":") or word[:1] in ('"', "“", "„", "«"):
            line.depth = self._property + 1
        elif word in self._vocabulary.statements and not self._in_list:
            self._begin(line, word)
        else:
            self._belongs(line, word)

    def _begin(self, line: Layout, word: str) -> None:
        line.depth, line.role = len(self._open), "statement"
        self._in_list = word == "choices"
        self._statement, self._base, self._must = word, line.depth, False
        self._block += 1
        self._texts_from(line.depth)
        if word in self._vocabulary.holders and word != "choices":
            self._open.append(word)

    def _end(self, line: Layout, word: str) -> None:
        line.role = "end"
        was_list, self._in_list = self._in_list, False
        if was_list and word not in self._open:
            line.depth = self._base
        else:
            if word in self._open:
                while self._open.pop() != word:
                    pass
            elif self._open and word not in self._vocabulary.holders:
                self._open.pop()
            line.depth = len(self._open)
        self._statement, self._base = "", line.depth
        self._block += 1
        self._texts_from(line.depth)

    def _belongs(self, line: Layout, word: str) -> None:
        inner = self._base if not self._statement else self._base + 1
        line.depth = inner + (1 if word == "message" and self._must and line.first == "MESSAGE" else 0)
        line.role = "choice" if self._in_list or line.first == "_BULLET" else "property"
        self._must = self._must or line.first == "MUST"
        self._texts_from(line.depth)

    def _texts_from(self, depth: int) -> None:
        self._property, self._translation, self._specified = depth, 0, False


def _indent_comments(lines: list[Layout], vocabulary: Vocabulary) -> None:
    """A comment goes with the line after it; with the line before it if a blank line follows and none stands between."""
    for i, line in enumerate(lines):
        if line.kind != "comment":
            continue
        after = _neighbour(lines, i, 1)
        before = _neighbour(lines, i, -1)
        if after is None or (after.kind == "blank" and before is not None and before.kind != "blank"):
            opens = before is not None and before.role == "statement" and before.holder in vocabulary.holders
            line.depth = before.depth + opens if before is not None else 0
            continue
        following = _next_code(lines, i)
        line.depth = 0 if following is None else following.depth + (following.role == "end")


def _neighbour(lines: list[Layout], i: int, step: int) -> Layout | None:
    """The next line that is no comment, in one direction."""
    i += step
    while 0 <= i < len(lines) and lines[i].kind == "comment":
        i += step
    return lines[i] if 0 <= i < len(lines) else None


def _next_code(lines: list[Layout], i: int) -> Layout | None:
    return next((line for line in lines[i:] if line.kind in ("code", "broken")), None)
