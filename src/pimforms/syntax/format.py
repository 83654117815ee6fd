"""Text to canonical text, line by line, so that nothing can be lost.

Every line stays: what was not understood is only indented anew. The words of a line are written with single spaces,
straight quotes and the language's own spelling; each word that the author spelled in another way is reported.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import Any

from pimforms.model.expression import Is
from pimforms.record import record
from pimforms.source import Place, Source
from pimforms.syntax.build_expressions import SIGNS, dashed, unquote
from pimforms.syntax.layout import Layout, lay_out
from pimforms.syntax.machine import Token
from pimforms.syntax.nodes import Tree
from pimforms.syntax.parse import read
from pimforms.syntax.tables import vocabulary
from pimforms.syntax.width import width

INDENT = "  "
LONGEST_ALIGNED = 20
"""A code longer than this does not push the labels of its whole list to the right: a diff should show what changed."""

# Statements whose properties are facts, read as a table: their values stand in one column. The column depends on the
# kind of statement, not on the lines that happen to be there, so that a new line never moves the others.
_ALIGNED = ("form", "purpose", "risk", "referral")
_BOUNDS = {">=": "at least", "<=": "at most", ">": "more than", "<": "less than"}
_SIGN_KINDS = ("COMPARISON", "PLUS", "MINUS", "TIMES_SIGN", "DIVIDE", "EQUAL", "UNEQUAL")
# Lines in which no dash can be a bullet or a subtraction: `answer depth -1`.
_VALUES = ("ANSWER", "EXPECT")
# After these a minus is a sign, not a subtraction.
_OPERANDS = ("NAME", "NUMBER", "STRING", "DATE", "RPAR")


@record
class Rewrite:
    """A word that was spelled in another way: where it stood, what was written, what is written now."""

    place: Place
    written: str
    now: str


def format_text(source: Source) -> tuple[str, list[Rewrite]]:
    """The canonical text of a source, and the near misses that were put right. Never raises for bad text."""
    reading = read(source, keep_tokens=True)
    writer = _Writer(source)
    lines = lay_out(reading, vocabulary())
    columns = _columns(lines, writer)
    written = [_indented(line, writer.line(line, columns.get(line.block, 0))) for line in lines]
    kept = [text for i, text in enumerate(written) if text or (i and written[i - 1])]
    text = "\n".join(kept).strip("\n")
    return (text + "\n" if text else ""), writer.rewrites


def same_meaning(left: Tree, right: Tree) -> bool:
    """Whether two trees say the same: places, and how a sign was spelled, apart."""
    return _plain(left.statements) == _plain(right.statements) and len(left.junk) == len(right.junk)


def _plain(node: Any) -> Any:
    if isinstance(node, tuple):
        return tuple(map(_plain, node))
    if not is_dataclass(node) or isinstance(node, type):
        return node
    if isinstance(node, Is):
        node = replace(node, written="")
    values = ((field.name, getattr(node, field.name)) for field in fields(node))
    return type(node).__name__, tuple((name, _plain(value)) for name, value in values if not isinstance(value, Place))


def _indented(line: Layout, text: str) -> str:
    return INDENT * line.depth + text if text else ""


def _columns(lines: list[Layout], writer: _Writer) -> dict[int, int]:
    """For each statement with aligned lines, the width of what stands before the values."""
    by_kind = {kind: max(len(word) for word, under in vocabulary().under.items() if kind in under) for kind in _ALIGNED}
    columns: dict[int, int] = {}
    for line in lines:
        if line.role == "property" and line.holder in by_kind:
            columns[line.block] = by_kind[line.holder]
        elif line.role == "choice" and line.kind == "code":
            code = width(writer.words(line.tokens)[writer.head(line) - 1])
            if code <= LONGEST_ALIGNED:
                columns[line.block] = max(columns.get(line.block, 0), code)
    return columns


class _Writer:
    """Writes lines. `rewrites` collects what was put right."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._text = source.text
        self._vocabulary = vocabulary()
        self.rewrites: list[Rewrite] = []

    def head(self, line: Layout) -> int:
        """How many words stand before the values: one, or two for a bullet."""
        return 2 if line.first == "_BULLET" else 1

    def line(self, line: Layout, column: int) -> str:
        """A line without its indentation."""
        if line.kind != "code":
            return line.text
        words = self.words(line.tokens, report=True)
        aligned = line.role == "choice" or (line.role == "property" and line.holder in _ALIGNED)
        at = self.head(line)
        if aligned and len(words) > at:
            words[at - 1] += " " * (column - width(words[at - 1]))
        text = "".join(_joined(words, line.tokens))
        return f"{text}  {line.comment}" if line.comment else text

    def words(self, tokens: list[Token], *, report: bool = False) -> list[str]:
        """The canonical words of a line, one a token."""
        words = []
        for i, token in enumerate(tokens):
            before = tokens[i - 1].kind if i else ""
            after = tokens[i + 1] if i + 1 < len(tokens) else None
            now = self._word(token, i, tokens[0].kind, before, after)
            written = " ".join(self._text[token.start : token.end].split())
            if report and token.kind not in ("STRING", "_BULLET", "WORD_COLON") and now != written:
                self.rewrites.append(Rewrite(Place(self._source, token.start, token.end), written, now))
            words.append(now)
        return words

    def _word(self, token: Token, at: int, first: str, before: str, after: Token | None) -> str:
        kind = token.kind
        if kind == "STRING":
            return '"' + unquote(token.text).replace('"', '""') + '"'
        if kind == "DASHED":
            return dashed(token.text) if first in _VALUES else f'"{dashed(token.text)}"'
        if kind == "_BULLET":
            return "-"
        if kind == "WORD_COLON":
            return token.text[:-1].rstrip() + ":"
        if kind in _SIGN_KINDS:
            if kind == "EQUAL" and at == 2 and first in ("CALCULATE", "CONDITION", "PARAMETER"):
                return "="
            return self._sign(token, before, after)
        if kind == "MUST" and after is not None and after.kind not in ("_BE", "_MATCH"):
            return "must be"
        if kind == "NAME" and before == "END":
            meant = self._vocabulary.canonical(token.text)
            return meant if meant in self._vocabulary.holders else token.text
        return token.text

    def _sign(self, token: Token, before: str, after: Token | None) -> str:
        sign = SIGNS.get(token.text, token.text)
        if token.kind == "COMPARISON" and before in ("MUST", "_BE", "_AND"):
            return _BOUNDS[sign]
        if token.kind in ("EQUAL", "UNEQUAL") and not self._joins_is(after):
            return "is" if token.kind == "EQUAL" else "is not"
        return {"==": "=", "<>": "!=", "≠": "!="}.get(sign, sign)

    def _joins_is(self, after: Token | None) -> bool:
        """Whether the word after a sign would be read together with `is`: an answer with the name `answered`."""
        return after is not None and after.kind == "NAME" and after.text in self._words_after_is

    @property
    def _words_after_is(self) -> set[str]:
        joining = ("_NOT", "_ONE_OF", "_ANSWERED")
        spellings = ((k.terminal, s) for k in self._vocabulary.keywords for s in (k.word, *k.near))
        return {spelling.split()[0] for terminal, spelling in spellings if terminal in joining}


def _joined(words: list[str], tokens: list[Token]) -> list[str]:
    """The words with the spaces between them: none before a comma, inside brackets, after a sign or a function."""
    pieces = []
    for i, (word, token) in enumerate(zip(words, tokens, strict=True)):
        before = tokens[i - 1] if i else None
        close = before is None or token.kind in ("COMMA", "RPAR") or before.kind == "LPAR"
        if before is not None:
            close = close or (token.kind == "LPAR" and before.kind == "NAME")
            close = close or (before.kind == "MINUS" and (i < 2 or tokens[i - 2].kind not in _OPERANDS))
        pieces.append(word if close else f" {word}")
    return pieces
