"""Going on after a line that was not understood: one broken line, one message, and the rest is still read.

At an error the broken part of the line is skipped. If what stood before it is a whole line already, that is kept;
otherwise the whole line is dropped, with the property lines under it when it was a statement. Then the parser's stack
is cut back to where a new line may begin.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, field
from typing import Any

from lark import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from pimforms.diagnostics import Diagnostic
from pimforms.source import Place, Source
from pimforms.syntax import messages
from pimforms.syntax.nodes import Junk
from pimforms.syntax.words import Keyword

_FIRST_WORD = re.compile(r'[ \t]*([^\W\d][\w-]*[ \t]*:|[^\W\d]\w*|["“„«-]|.)?')
_SECOND_WORD = re.compile(r"[ \t]*\w+[ \t]+([^\W\d]\w*)")
_QUOTES = "\"“”„‟«"
# What a terminal is called in a message. Keywords speak for themselves.
_SPOKEN = {
    "NAME": "a name",
    "STRING": 'a text in quotes, like "…"',
    "NUMBER": "a number",
    "DATE": "a date, like 2026-12-31",
    "_NL": "the end of the line",
    "$END": "the end of the file",
    "COMMA": "a comma",
    "LPAR": "a bracket",
    "RPAR": "a closing bracket",
    "WORD_COLON": "a translation",
    "COMPARISON": "`<` or `>`",
    "EQUAL": "`=`",
    "_EQUAL": "`=`",
    "UNEQUAL": "`!=`",
    "PLUS": "`+`",
    "MINUS": "`-`",
    "TIMES_SIGN": "`*`",
    "DIVIDE": "`/`",
}
_ARITHMETIC = {"PLUS", "MINUS", "TIMES_SIGN", "DIVIDE", "EQUAL", "UNEQUAL", "COMPARISON", "_MATCHES"}


@dataclass
class Recovery:
    """Collects what is said and what is dropped while one text is parsed. Passed to the parser as `on_error`."""

    source: Source
    keywords: tuple[Keyword, ...]
    diagnostics: list[Diagnostic] = field(default_factory=list)
    junk: list[Junk] = field(default_factory=list)
    damaged: list[int] = field(default_factory=list)
    _last: int = -1

    def __call__(self, error: UnexpectedInput) -> bool:
        parser: Any = error.interactive_parser  # type: ignore[attr-defined]
        text = self.source.text
        token = error.token if isinstance(error, UnexpectedToken) else None
        at = token.start_pos if token is not None else error.pos_in_stream
        at = min(at if at is not None else len(text), len(text))
        if token is not None and token.type == "$END":
            at = len(text)
        start = text.rfind("\n", 0, at) + 1
        stop = text.find("\n", at)
        stop = len(text) if stop == -1 else stop
        word = self._first_word(start)
        if self._closes_open_list(parser, word, start):
            return True
        if at <= self._last:  # no progress: give the rest of the file up, having said where
            self._jump(parser, len(text))
            self._cut(parser)
            return at < len(text)
        self._last = at
        table = parser.parser_state.parse_conf.parse_table.states
        state = parser.parser_state.state_stack[-1]
        self.diagnostics.append(self._message(error, parser, at, stop, word, start))
        if "_NL" in table[state] and at > start:
            self.damaged.append(start)
            self._jump(parser, stop)
            return True
        name = _SECOND_WORD.match(text, start)
        self.junk.append(Junk(word, name[1] if name else None, Place(self.source, start, stop)))
        self._cut(parser)
        self._jump(parser, self._after_dropped(word, stop))
        return True

    # ---- where to go on
    def _first_word(self, start: int) -> str:
        found = _FIRST_WORD.match(self.source.text, start)
        return (found[1] or "").rstrip() if found else ""

    def _cut(self, parser: Any) -> None:
        """Cuts the parser's stack back to where a line may begin: where `end` would be understood."""
        table = parser.parser_state.parse_conf.parse_table.states
        states, values = parser.parser_state.state_stack, parser.parser_state.value_stack
        while len(states) > 1 and "END" not in table[states[-1]]:
            states.pop()
            values.pop()

    def _jump(self, parser: Any, to: int) -> None:
        parser.lexer_thread.state.line_ctr.char_pos = to

    def _after_dropped(self, word: str, stop: int) -> int:
        """Past the dropped line and, if it was a statement, past the lines that belong to it."""
        text = self.source.text
        at = min(stop + 1, len(text))
        if word == "choices":
            end = re.compile(r"^[ \t]*end[ \t]+choices\b[^\n]*\n?", re.M).search(text, at)
            return end.end() if end else len(text)
        takes_properties = self._is_statement(word)
        while at < len(text):
            following = self._first_word(at)
            is_property = following[:1] in _QUOTES + "-" or following.endswith(":") or self._is_property(following)
            if following and following != "#" and not (takes_properties and is_property):
                break
            line_end = text.find("\n", at)
            at = len(text) if line_end == -1 else line_end + 1
        return at

    def _is_statement(self, word: str) -> bool:
        words = {keyword.word for keyword in self.keywords if keyword.role == "statement"}
        return word in words or bool(difflib.get_close_matches(word, words, 1, 0.7)) and not self._is_property(word)

    def _is_property(self, word: str) -> bool:
        return any(keyword.role == "property" and keyword.word.split()[0] == word for keyword in self.keywords)

    def _closes_open_list(self, parser: Any, word: str, start: int) -> bool:
        """A `choices` without its `end`: said once, closed here, and the statement that follows is read as one."""
        values = parser.parser_state.value_stack
        table = parser.parser_state.parse_conf.parse_table.states
        opened = [value for value in values if getattr(value, "type", "") == "CHOICES"]
        if not opened or not (self._is_statement(word) or start >= len(self.source.text)):
            return False
        name = values[values.index(opened[-1]) + 1]
        place = Place(self.source, opened[-1].start_pos, opened[-1].end_pos)
        self.diagnostics.append(messages.not_closed(place, "choices", getattr(name, "text", "")))
        states = parser.parser_state.state_stack
        while len(states) > 1 and not {"ASK"} & table[states[-1]].keys():
            states.pop()
            values.pop()
        self._jump(parser, start)
        self._last = start - 1
        return start < len(self.source.text)

    # ---- what to say
    def _message(self, error: UnexpectedInput, parser: Any, at: int, stop: int, word: str, start: int) -> Diagnostic:
        text = self.source.text
        place = self._place_of(error, at, stop)
        if at < len(text) and text[at] in _QUOTES:
            closed = re.match(r'"(?:[^"\n]|"")*"', text[at:stop]) if text[at] == '"' else None
            if closed is None:
                return messages.text_not_closed(Place(self.source, at, stop))
        known = {keyword.word.split()[0] for keyword in self.keywords if keyword.role in ("statement", "property")}
        if word and word[0].isalpha() and not word.endswith(":") and word not in known:
            begin = text.index(word, start)
            near = difflib.get_close_matches(word, sorted(known), 1, 0.6)
            spelled = next((k.word for k in self.keywords if near and k.word.split()[0] == near[0]), None)
            return messages.unknown_word(
                Place(self.source, begin, begin + len(word)), word, spelled, "ask, note, group, calculate"
            )
        accepted = self._accepted(parser)
        found = "its end" if at >= stop else f"`{place.text}`"
        return messages.line_not_understood(place, found, _one_of(accepted), self._fix(accepted, at >= stop))

    def _place_of(self, error: UnexpectedInput, at: int, stop: int) -> Place:
        if isinstance(error, UnexpectedToken) and error.token.end_pos and error.token.type not in ("_NL", "$END"):
            return Place(self.source, at, error.token.end_pos)
        if isinstance(error, UnexpectedCharacters) and at < stop:
            found = re.compile(r"\S\w*").match(self.source.text, at)
            return Place(self.source, at, found.end() if found else at + 1)
        return Place(self.source, max(at - 1, 0), at)

    def _accepted(self, parser: Any) -> list[str]:
        """What could stand here, as a reader would call it; signs of arithmetic only if nothing else could."""
        table = parser.parser_state.parse_conf.parse_table.states
        accepted = {terminal for terminal in table[parser.parser_state.state_stack[-1]] if terminal.isupper() or terminal[0] == "_" or terminal == "$END"}
        if accepted - _ARITHMETIC:
            accepted -= _ARITHMETIC
        spellings: dict[str, list[str]] = {}
        for keyword in self.keywords:
            spellings.setdefault(keyword.terminal, []).append(keyword.word)
        words: list[str] = []
        for terminal in sorted(accepted):
            if terminal in spellings:
                words.extend(f"`{word}`" for word in spellings[terminal])
            elif terminal in _SPOKEN:
                words.append(_SPOKEN[terminal])
        return sorted(words, key=lambda spoken: (spoken.startswith("`"), spoken))

    def _fix(self, accepted: list[str], at_end: bool) -> str:
        if at_end:
            return f"add {accepted[0] if accepted else 'what is missing'} at the end of this line"
        return "take this out, or move it to its own line"


def _one_of(words: list[str]) -> str:
    if not words:
        return "something else"
    shown = words[:6]
    if len(shown) == 1:
        return shown[0]
    return f"{', '.join(shown[:-1])} or {shown[-1]}"
