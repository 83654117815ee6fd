"""The machine that reads text with the parse table: a contextual lexer and an LALR(1) driver in one loop.

Lark makes the table from the grammar (`tables.py`); it is not needed to read a form, which keeps the start of every
command short. The lexer asks the table which terminals may stand next, so that a keyword is also a name where no
keyword can stand. At text that fits nothing the machine asks its `recover`, which may change `states`, `values` and
`at`, and says whether to go on.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any, cast

from pimforms.record import record
from pimforms.syntax.words import Keyword

END = "$END"
# In this order at each place; the first that matches and may stand here is taken. Signs: longer before shorter.
_ORDER = (
    "DATE", "WORD_COLON", "NAME", "NUMBER", "STRING", "_CONTINUED", "_NL",
    "COMMA", "UNEQUAL", "COMPARISON", "EQUAL", "LPAR", "RPAR", "_BULLET", "PLUS", "MINUS", "TIMES_SIGN", "DIVIDE",
)  # fmt: skip


class Token:
    """A piece of the text. `text` is a keyword as the language spells it, anything else as written."""

    __slots__ = ("end", "kind", "start", "text")

    def __init__(self, kind: str, text: str, start: int, end: int) -> None:
        self.kind = kind
        self.text = text
        self.start = start
        self.end = end

    def __repr__(self) -> str:
        return f"Token({self.kind}, {self.text!r}, {self.start}, {self.end})"


@record
class Production:
    """What to do when the right side of a rule stands on the stack.

    `keep`: positions of the children that stay; None for all. `splice`: those of them that are lists to be joined in.
    `how`: "pass" (the one child is the value), "list" (the children are), "call" (`method` of the builder makes it).
    """

    origin: str
    size: int
    how: str
    method: str
    keep: tuple[int, ...] | None
    splice: tuple[int, ...]


@record
class Table:
    """`rows`: a state's actions: a symbol to the next state (0 and more) or to a production (`~index`)."""

    rows: list[dict[str, int]]
    start: int
    productions: tuple[Production, ...]
    patterns: dict[str, str]
    ignored: str


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


class Lexicon:
    """The patterns of a table, compiled, and its keywords by their first word."""

    def __init__(self, table: Table, keywords: tuple[Keyword, ...]) -> None:
        self.table = table
        groups = "|".join(f"(?P<{name}>{table.patterns[name]})" for name in _ORDER)
        self.match = re.compile(f"(?:{table.ignored})*(?:{groups})").match
        self.skip = re.compile(f"(?:{table.ignored})*").match
        self.dashed = re.compile(table.patterns["DASHED"]).match
        # A form uses few of the words that have several parts: each pattern is compiled when its first part is met.
        self.words: dict[str, list[tuple[str, str | None, str]]] = {}
        spellings = [(spelling, keyword) for keyword in keywords for spelling in (keyword.word, *keyword.near)]
        for spelling, keyword in sorted(spellings, key=lambda pair: -len(pair[0])):
            first = re.match(r"\w+", spelling)
            assert first is not None, spelling
            whole = None if first[0] == spelling else spelled(spelling) + r"\b"
            self.words.setdefault(first[0], []).append((keyword.terminal, whole, keyword.word))
        self._others: dict[str, tuple[str, ...]] = {}

    def others(self, written: str) -> tuple[str, ...]:
        """All terminals with a pattern of which this is a whole: `=` is EQUAL and _EQUAL, `-` MINUS and a bullet."""
        found = self._others.get(written)
        if found is None:
            patterns = self.table.patterns.items()
            found = tuple(name for name, pattern in patterns if re.fullmatch(pattern, written))
            self._others[written] = found
        return found


def spelled(words: str) -> str:
    """The pattern of a keyword of several words: any blanks between them, a straight or a curved apostrophe."""
    return r"[ \t]+".join(re.escape(word) for word in words.split()).replace("'", "['’]")


class Machine:
    """Reads one text. `tokens`, if given, receives every token that was understood, in order."""

    def __init__(
        self,
        lexicon: Lexicon,
        builder: object,
        text: str,
        recover: Callable[[Machine, str, int, int], bool],
        tokens: list[Token] | None = None,
    ) -> None:
        self.lexicon = lexicon
        self.rows = lexicon.table.rows
        self.text = text
        self.at = 0
        self.states = [lexicon.table.start]
        self.values: list[Any] = []
        self._recover = recover
        self._tokens = tokens
        self._productions = [
            (rule.origin, rule.size, _maker(rule, builder), rule.keep, rule.splice)
            for rule in lexicon.table.productions
        ]

    def run(self) -> Any:
        """The value of the start rule, or None if recovery gave up."""
        while True:
            kind, word, start, end = self._next(self.rows[self.states[-1]])
            if kind == "_CONTINUED":
                self.at = end
                continue
            if self._feed(kind):
                if kind == END:
                    return self.values[-1]
                token = None if kind[0] == "_" else Token(kind, word, start, end)
                self.values.append(token)
                if self._tokens is not None:
                    self._tokens.append(token or Token(kind, word, start, end))
                self.at = end
            elif not self._recover(self, kind, start, end):
                return None

    def feed(self, token: Token) -> bool:
        """Takes a token that does not stand in the text, as recovery does to close what was left open."""
        taken = self._feed(token.kind)
        if taken:
            self.values.append(None if token.kind[0] == "_" else token)
        return taken

    def accepts(self, kind: str) -> bool:
        """Whether a terminal could stand next. A row alone does not tell: rules that share a state share their row."""
        states = self.states.copy()
        while True:
            action = self.rows[states[-1]].get(kind)
            if action is None:
                return False
            if action >= 0:
                return True
            origin, size, *_ = self._productions[~action]
            del states[len(states) - size :]
            states.append(self.rows[states[-1]][origin])

    def forget(self, start: int) -> None:
        """Takes back the tokens from `start` on: they will be read again, or belong to what is not understood."""
        while self._tokens and self._tokens[-1].start >= start:
            self._tokens.pop()

    def _next(self, row: dict[str, int]) -> tuple[str, str, int, int]:
        """The terminal at `at`, its text and where it is; a terminal of "" for a character that begins none."""
        lexicon, text = self.lexicon, self.text
        found = lexicon.match(text, self.at)
        if found is None:
            skipped = lexicon.skip(text, self.at)
            start = skipped.end() if skipped else self.at
            return (END, "", start, start) if start >= len(text) else ("", text[start], start, start + 1)
        kind = found.lastgroup or ""
        start, end = found.span(kind)
        word = found[kind]
        if kind == "_BULLET" and kind in row and text[end : end + 1].isdecimal():
            return "", word, start, end  # `-99 "…"`: a bullet, or the sign of the code? Nobody can tell
        if "DASHED" in row and not (kind == "DATE" and kind in row) and (kind != "WORD_COLON" or kind not in row):
            dashed = lexicon.dashed(text, start)
            if dashed:
                return "DASHED", dashed[0], start, dashed.end()
        if kind == "WORD_COLON" and kind not in row:
            kind, word = "NAME", re.match(r"\w+", word)[0]  # type: ignore[index]
            end = start + len(word)
        if kind == "NAME":
            for terminal, whole, spelling in lexicon.words.get(word, ()):
                if terminal in row:
                    if whole is None:
                        return terminal, spelling, start, end
                    longer = _compiled(whole).match(text, start)
                    if longer:
                        return terminal, spelling, start, longer.end()
        if kind in row or kind == "_CONTINUED":
            return kind, word, start, end
        if kind == "DATE" and "NUMBER" in row:
            return "NUMBER", word[:4], start, start + 4
        for other in lexicon.others(word):
            if other in row:
                return other, word, start, end
        return kind, word, start, end

    def _feed(self, kind: str) -> bool:
        """Reduces what is complete and takes the terminal. False if it cannot stand here."""
        states, values, rows = self.states, self.values, self.rows
        while True:
            action = rows[states[-1]].get(kind)
            if action is None:
                return False
            if action >= 0:
                states.append(action)
                return True
            origin, size, method, keep, splice = self._productions[~action]
            if method is None and size == 1:  # most reductions: one thing stands for another
                states.pop()
                states.append(rows[states[-1]][origin])
                continue
            children: list[Any] = []
            if size:
                children = values[-size:]
                del values[-size:]
                del states[-size:]
            if keep is not None:
                children = [children[i] for i in keep]
            if splice:
                children = _spliced(children, splice)
            values.append(children[0] if method is None else method(children))
            states.append(rows[states[-1]][origin])


def _maker(rule: Production, builder: object) -> Callable[[list[Any]], Any] | None:
    """What makes the value of a production; None if its one child is the value."""
    if rule.how == "pass":
        return None
    return _as_list if rule.how == "list" else cast("Callable[[list[Any]], Any]", getattr(builder, rule.method))


def _as_list(children: list[Any]) -> list[Any]:
    return children


def _spliced(children: list[Any], splice: tuple[int, ...]) -> list[Any]:
    """The children with the lists among them joined in. A list in front grows in place: long lists stay linear."""
    joined: list[Any] = children[0] if splice[0] == 0 else []
    for i, child in enumerate(children):
        if i not in splice:
            joined.append(child)
        elif i or splice[0] != 0:
            joined.extend(child)
    return joined
