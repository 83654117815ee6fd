"""From lines to statements: translations join their texts, properties their statements, and `end` closes what is open."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from pimforms.diagnostics import Diagnostic
from pimforms.source import Place
from pimforms.syntax import messages
from pimforms.syntax.nodes import Junk, Line, Quoted, Spoken, Statement, Translation, Word
from pimforms.syntax.words import Keyword

_LANGUAGE = re.compile(r"[a-z]{2,3}(?:[-_][A-Za-z0-9]+)*")


@dataclass
class _Open:
    """A statement that is still being filled."""

    line: Line
    properties: list[Line] = field(default_factory=list)
    body: list[Statement] = field(default_factory=list)
    damaged: bool = False

    def closed(self) -> Statement:
        return Statement(self.line, tuple(self.properties), tuple(self.body), self.damaged)


class Nesting:
    """Nests the lines of one file. `diagnostics` holds what was said about them."""

    def __init__(self, keywords: tuple[Keyword, ...], damaged: Iterable[int]) -> None:
        self.diagnostics: list[Diagnostic] = []
        self._under = {k.word: k.under for k in keywords if k.role == "property"}
        self._repeats = {k.word for k in keywords if k.repeats} | {"choice", "colon"}
        self._holders = {k.word for k in keywords if k.holds} - {"choices"}
        self._spelled = {near: k.word for k in keywords for near in k.near}
        self._statements = {k.word for k in keywords if k.role == "statement"}
        self._damaged = list(damaged)

    def nest(self, lines: Iterable[Line | Junk]) -> tuple[Statement, ...]:
        self._top = _Open(Line("file", (), Place(None, 0, 0)))  # type: ignore[arg-type]
        self._stack = [self._top]
        self._current: _Open | None = None
        for line in self._with_texts(lines):
            if isinstance(line, Junk):
                self._keep_junk(line)
            elif line.word == "choices":
                self._add_choices(line)
            elif line.word == "end":
                self._end(line)
            elif line.word in self._statements:
                self._open(line)
            else:
                self._property(line)
        self._finish_current()
        while len(self._stack) > 1:
            left = self._stack.pop()
            self._say_not_closed(left)
            self._stack[-1].body.append(left.closed())
        return tuple(self._top.body)

    # ---- texts and what stands under them
    def _with_texts(self, lines: Iterable[Line | Junk]) -> Iterable[Line | Junk]:
        """Translations and paragraphs folded into the text directly above them."""
        held: Line | None = None
        translations: list[Translation] = []
        paragraphs: list[str] = []
        for line in lines:
            if isinstance(line, Line) and line.word in ("colon", "paragraph") and self._folds(line):
                text = _last_text(held)
                if text is None:
                    what = "paragraph" if line.word == "paragraph" else "translation"
                    self.diagnostics.append(messages.text_belongs_to_nothing(line.place, what))
                elif line.word == "paragraph":
                    value = line.parts[0].value  # type: ignore[union-attr]
                    if translations:
                        last = translations[-1]
                        translations[-1] = replace(last, value=f"{last.value}\n{value}")
                    else:
                        paragraphs.append(value)
                else:
                    word, value = line.parts[0], line.parts[1]
                    assert isinstance(word, Word) and isinstance(value, Word)
                    translations.append(Translation(word.text, value.text, line.place))
                continue
            if held is not None:
                yield _with_text(held, translations, paragraphs)
                translations, paragraphs = [], []
            if isinstance(line, Line):
                held = self._choices_with_texts(line) if line.word == "choices" else line
            else:
                held = None
                yield line
        if held is not None:
            yield _with_text(held, translations, paragraphs)

    def _folds(self, line: Line) -> bool:
        if line.word == "paragraph":
            return True
        word, value = line.parts
        return isinstance(word, Word) and isinstance(value, Word) and value.quoted and bool(_LANGUAGE.fullmatch(word.text))

    def _choices_with_texts(self, line: Line) -> Line:
        inner = [part for part in line.parts if isinstance(part, Line)]
        name, end = line.parts[0], inner[-1]
        folded = tuple(part for part in self._with_texts(inner[:-1]) if isinstance(part, Line))
        return Line(line.word, (name, *(self._as_choice_property(part) for part in folded), end), line.place)

    def _as_choice_property(self, line: Line) -> Line:
        if line.word != "colon":
            return line
        word, value = line.parts
        assert isinstance(word, Word) and isinstance(value, Word)
        return Line("colon", (word, Spoken(value.text, value.place) if value.quoted else value), line.place)

    # ---- statements
    def _finish_current(self) -> None:
        """The statement at hand has all its properties; it joins what holds it."""
        current = self._current
        if current is not None and current.line.word not in self._holders:
            self._stack[-1].body.append(current.closed())
        self._current = None

    def _open(self, line: Line) -> None:
        self._finish_current()
        self._current = _Open(line, damaged=self._is_damaged(line))
        if line.word in self._holders:
            self._stack.append(self._current)

    def _is_damaged(self, line: Line) -> bool:
        start = line.place.source.text.rfind("\n", 0, line.place.start) + 1
        return start in self._damaged

    def _keep_junk(self, junk: Junk) -> None:
        """A dropped line that opened something still opens it, so that its `end` has something to close."""
        if junk.word in self._holders:
            name = (Word(junk.name, junk.place),) if junk.name else ()
            self._open(Line(junk.word, name, junk.place))
            assert self._current is not None
            self._current.damaged = True
        elif junk.word in self._statements:
            self._finish_current()

    def _add_choices(self, line: Line) -> None:
        self._finish_current()
        inner = tuple(part for part in line.parts if isinstance(part, Line))
        end = inner[-1]
        word = end.first(Word)
        if word is not None and word.text != "choices":
            self.diagnostics.append(messages.end_without_beginning(end.place, word.text, "choices", line.place))
        name = line.parts[0]
        assert isinstance(name, Word)
        self._check_end_name(end, name)
        opened = Line("choices", (name,), line.place)
        self._stack[-1].body.append(Statement(opened, inner[:-1], (), self._is_damaged(line)))

    def _end(self, line: Line) -> None:
        self._finish_current()
        words = line.all(Word)
        word = words[0].text
        depth = next((i for i in range(len(self._stack) - 1, 0, -1) if self._stack[i].line.word == word), 0)
        named = words[1].text if len(words) > 1 else None
        if named is not None:
            exact = (i for i in range(len(self._stack) - 1, 0, -1) if _is(self._stack[i].line, word, named))
            depth = next(exact, depth)
        if not depth:
            top = self._stack[-1]
            opened = (top.line.word, top.line.place) if len(self._stack) > 1 else (None, None)
            self.diagnostics.append(messages.end_without_beginning(line.place, word, *opened))
            if len(self._stack) > 1 and not self._holds(word):
                self._close_top()
            return
        while len(self._stack) - 1 > depth:
            self._say_not_closed(self._stack[-1])
            self._close_top()
        name = self._stack[-1].line.first(Word)
        if name is not None:
            self._check_end_name(line, name)
        self._close_top()

    def _holds(self, word: str) -> bool:
        return word in self._holders

    def _close_top(self) -> None:
        closed = self._stack.pop().closed()
        self._stack[-1].body.append(closed)

    def _check_end_name(self, end: Line, opened: Word) -> None:
        words = end.all(Word)
        if len(words) > 1 and words[1].text != opened.text:
            message = messages.end_without_beginning(end.place, f"{words[0].text} {words[1].text}", None, None)
            fix = f"write `end {words[0].text} {opened.text}`"
            why = f"What is open here is `{opened.text}`, from line {opened.place.line}."
            self.diagnostics.append(replace(message, why=why, fix=fix))

    def _say_not_closed(self, opened: _Open) -> None:
        name = opened.line.first(Word)
        self.diagnostics.append(messages.not_closed(opened.line.place, opened.line.word, name.text if name else ""))

    # ---- properties
    def _property(self, line: Line) -> None:
        word = self._spelled.get(line.word, line.word)
        if word != line.word:
            line = Line(word, line.parts, line.place)
        if word == "colon":
            line = self._as_choice_property(line)
        if word == "unknown":
            name = line.parts[0]
            assert isinstance(name, Word)
            self._say_unknown(name)
            return
        current = self._current
        allowed = ("ask", "score") if word in ("choice", "colon") else self._under.get(word, ())
        shown = {"choice": "-", "colon": "a word with a colon"}.get(word, word)
        if current is None or current.line.word not in allowed:
            under = _or([f"`{statement}`" for statement in allowed])
            statement = current.line.word if current else None
            self.diagnostics.append(messages.property_in_wrong_place(line.place, shown, statement, under))
            return
        if word not in self._repeats:
            first = next((other for other in current.properties if other.word == word), None)
            if first is not None:
                self.diagnostics.append(messages.property_twice(line.place, shown, first.place))
                return
        current.properties.append(line)

    def _say_unknown(self, name: Word) -> None:
        import difflib

        known = sorted(self._statements | {word.split()[0] for word in self._under})
        near = difflib.get_close_matches(name.text, known, 1, 0.6)
        self.diagnostics.append(
            messages.unknown_word(name.place, name.text, near[0] if near else None, "ask, note, group, calculate")
        )


def _is(line: Line, word: str, name: str) -> bool:
    opened = line.first(Word)
    return line.word == word and opened is not None and opened.text == name


def _last_text(line: Line | None) -> Spoken | None:
    if line is None:
        return None
    return next((part for part in reversed(line.parts) if isinstance(part, Spoken)), None)


def _with_text(line: Line, translations: list[Translation], paragraphs: list[str]) -> Line:
    """The line with its last text given these translations and further paragraphs."""
    if not translations and not paragraphs:
        return line
    text = _last_text(line)
    assert text is not None
    value = "\n".join((text.value, *paragraphs))
    whole = Spoken(value, text.place, tuple(translations))
    return Line(line.word, tuple(whole if part is text else part for part in line.parts), line.place)


def _or(words: list[str]) -> str:
    return " or ".join((", ".join(words[:-1]), words[-1])) if len(words) > 1 else "".join(words)


__all__ = ["Nesting", "Quoted"]
