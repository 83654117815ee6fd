"""From lines to statements: translations join their texts, properties their statements, and `end` closes what is open."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace

from pimforms.diagnostics import Diagnostic
from pimforms.source import Place, Source
from pimforms.syntax import messages
from pimforms.syntax.nodes import Junk, Line, Spoken, Statement, Translation, Word
from pimforms.syntax.spreadsheet import meant
from pimforms.syntax.words import BLANK, Vocabulary

# Blank lines (also those with marks that nobody sees), comments, texts under a line and continuations.
_NO_LINE_OF_ITS_OWN = re.compile(rf'{BLANK}*(?:$|#|["“”„‟«]|[\w-]+\s*:|(?:and|or)\b)')
LANGUAGE = re.compile(r"[a-z]{2,3}(?:[-_][A-Za-z0-9]+)*")
"""The word in front of the colon of a translation."""


@dataclass
class _Open:
    """A statement that is still being filled. `lost`: its own line is Junk, so it takes any property and is dropped."""

    line: Line
    properties: list[Line] = field(default_factory=list)
    body: list[Statement] = field(default_factory=list)
    damaged: bool = False
    lost: bool = False
    unread: list[str] = field(default_factory=list)

    def closed(self) -> Statement:
        return Statement(self.line, tuple(self.properties), tuple(self.body), self.damaged, tuple(self.unread))


class Nesting:
    """Nests the lines of one file. `diagnostics` holds what was said about them.

    `damaged`: where the lines begin of which only the beginning was understood.
    """

    def __init__(
        self, source: Source, vocabulary: Vocabulary, damaged: Collection[int], junk: Sequence[Junk] = ()
    ) -> None:
        self.diagnostics: list[Diagnostic] = []
        self._source = source
        self._vocabulary = vocabulary
        self._statements = vocabulary.statements
        self._holders = vocabulary.holders - {"choices"}
        self._repeats = vocabulary.repeats | {"choice", "colon"}
        self._damaged = damaged
        self._junk = junk
        self._complained = -1

    def nest(self, lines: Iterable[Line | Junk]) -> tuple[Statement, ...]:
        self._top = _Open(Line("file", (), Place(self._source, 0, 0)))
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
            self._say_not_closed(self._stack[-1])
            self._close_top()
        return tuple(self._top.body)

    # ---- texts and what stands under them
    def _with_texts(self, lines: Iterable[Line | Junk]) -> Iterable[Line | Junk]:
        """Translations and paragraphs folded into the text directly above them."""
        held: Line | None = None
        lost = False  # the text above did not parse, or it was said already that there is none
        translations: list[Translation] = []
        paragraphs: list[str] = []
        for line in lines:
            if isinstance(line, Junk):
                if held is not None:
                    yield _with_text(held, translations, paragraphs)
                    held, translations, paragraphs = None, [], []
                lost = True
                yield line
            elif line.word not in ("colon", "paragraph") or not self._folds(line):
                if held is not None:
                    yield _with_text(held, translations, paragraphs)
                    translations, paragraphs = [], []
                held = self._choices_with_texts(line) if line.word == "choices" else self._with_own_text(line)
                lost = line.word == "unknown" or (bool(self._damaged) and self._is_damaged(line))
            elif _last_text(held) is None:
                if not lost:
                    what = "paragraph" if line.word == "paragraph" else "translation"
                    self._complain(line, messages.text_belongs_to_nothing(line.place, what))
                lost = True
            elif line.word == "paragraph":
                value = line.parts[0].value  # type: ignore[union-attr]
                if translations:
                    last = translations[-1]
                    translations[-1] = replace(last, value=f"{last.value}\n{value}")
                else:
                    paragraphs.append(value)
            else:
                self._add_translation(line, translations)
        if held is not None:
            yield _with_text(held, translations, paragraphs)

    def _add_translation(self, line: Line, translations: list[Translation]) -> None:
        word, value = line.parts
        assert isinstance(word, Word) and isinstance(value, Word)
        first = next((other for other in translations if other.language == word.text), None)
        if first is not None:
            self._complain(line, messages.property_twice(line.place, f"{word.text}:", first.place))
        else:
            translations.append(Translation(word.text, value.text, line.place))

    def _folds(self, line: Line) -> bool:
        if line.word == "paragraph":
            return True
        word, value = line.parts
        return (
            isinstance(word, Word) and isinstance(value, Word) and value.quoted and bool(LANGUAGE.fullmatch(word.text))
        )

    def _choices_with_texts(self, line: Line) -> Line:
        inner = [part for part in line.parts if isinstance(part, Line)]
        name, end = line.parts[0], inner[-1]
        mixed: list[Line | Junk] = [*inner[:-1]]
        if self._junk:
            mixed.extend(junk for junk in self._junk if line.place.start < junk.place.start < end.place.start)
            mixed.sort(key=lambda node: node.place.start)
        folded = tuple(part for part in self._with_texts(mixed) if isinstance(part, Line))
        return Line(line.word, (name, *(self._as_choice_property(part) for part in folded), end), line.place)

    def _with_own_text(self, line: Line) -> Line:
        """`specify: "…"` is a text that people read, so it takes translations; the other words with a colon are data."""
        word = line.parts[0] if line.word == "colon" else None
        return self._as_choice_property(line) if isinstance(word, Word) and word.text == "specify" else line

    def _as_choice_property(self, line: Line) -> Line:
        if line.word != "colon" or isinstance(line.parts[1], Spoken):
            return line
        word, value = line.parts
        assert isinstance(word, Word) and isinstance(value, Word)
        return Line("colon", (word, Spoken(value.text, value.place) if value.quoted else value), line.place)

    # ---- statements
    def _finish_current(self) -> None:
        """The statement at hand has all its properties; it joins what holds it."""
        current = self._current
        if current is not None and current.line.word not in self._holders and not current.lost:
            self._stack[-1].body.append(current.closed())
        self._current = None

    def _open(self, line: Line, *, lost: bool = False) -> None:
        self._finish_current()
        self._current = _Open(line, damaged=lost or self._is_damaged(line), lost=lost)
        if line.word in self._holders:
            self._stack.append(self._current)

    def _is_damaged(self, line: Line) -> bool:
        return self._source.text.rfind("\n", 0, line.place.start) + 1 in self._damaged

    def _keep_junk(self, junk: Junk) -> None:
        """A dropped line that opened or closed something still does, so that nothing more is said about its `end`."""
        self._complained = junk.place.end
        if junk.word == "end":
            self._finish_current()
            named = self._vocabulary.canonical(junk.name or "")
            if len(self._stack) > 1 and (junk.name is None or named == self._stack[-1].line.word):
                self._close_top()
        elif junk.word in self._statements:
            name = (Word(junk.name, junk.place),) if junk.name else ()
            self._open(Line(junk.word, name, junk.place), lost=True)
        elif self._current is not None:
            self._current.damaged = True
            self._current.unread.append(junk.word)

    def _add_choices(self, line: Line) -> None:
        self._finish_current()
        inner = tuple(part for part in line.parts if isinstance(part, Line))
        end, name = inner[-1], line.parts[0]
        assert isinstance(name, Word)
        opened = Line("choices", (name,), line.place)
        self._stack[-1].body.append(Statement(opened, inner[:-1], (), self._is_damaged(line)))
        word = end.first(Word)
        if word is not None and word.text in {opening.line.word for opening in self._stack[1:]}:
            self._say_not_closed(_Open(opened))
            self._end(end)
        elif word is not None and word.text != "choices":
            self.diagnostics.append(messages.end_without_beginning(end.place, word.text, "choices", line.place))
        else:
            self._check_end_name(end, name)

    def _end(self, line: Line) -> None:
        self._finish_current()
        words = line.all(Word)
        word = self._vocabulary.canonical(words[0].text) or words[0].text
        named = words[1].text if len(words) > 1 else None
        same = [i for i in range(len(self._stack) - 1, 0, -1) if self._stack[i].line.word == word]
        depth = next((i for i in same if _name(self._stack[i].line) == named), same[0] if same else 0)
        if not depth:
            top = self._stack[-1]
            opened = (top.line.word, top.line.place) if len(self._stack) > 1 else (None, None)
            self.diagnostics.append(messages.end_without_beginning(line.place, word, *opened))
            if len(self._stack) > 1 and word not in self._holders:
                self._close_top()
            return
        while len(self._stack) - 1 > depth:
            self._say_not_closed(self._stack[-1])
            self._close_top()
        name = self._stack[-1].line.first(Word)
        if name is not None:
            self._check_end_name(line, name)
        self._close_top()

    def _close_top(self) -> None:
        closed = self._stack.pop()
        self._stack[-1].body.append(closed.closed())

    def _check_end_name(self, end: Line, opened: Word) -> None:
        words = end.all(Word)
        if len(words) > 1 and words[1].text != opened.text:
            message = messages.end_without_beginning(end.place, f"{words[0].text} {words[1].text}", None, None)
            fix = f"write `end {words[0].text} {opened.text}`"
            why = f"What is open here is `{opened.text}`, from line {opened.place.line}."
            self.diagnostics.append(replace(message, why=why, fix=fix))

    def _say_not_closed(self, opened: _Open) -> None:
        self.diagnostics.append(messages.not_closed(opened.line.place, opened.line.word, _name(opened.line) or ""))

    def _complain(self, line: Line, diagnostic: Diagnostic) -> None:
        """When a statement's line is gone, all that stood under it is in the wrong place. That is one fault, said once."""
        between = self._source.text[self._complained : line.place.start].split("\n")[1:-1]
        if self._complained < 0 or not all(map(_NO_LINE_OF_ITS_OWN.match, between)):
            self.diagnostics.append(diagnostic)
        self._complained = line.place.end

    # ---- properties
    def _property(self, line: Line) -> None:
        current = self._current
        if current is not None and current.lost:
            return
        word = line.word
        if word == "colon":
            line = self._as_choice_property(line)
        if word == "unknown":
            name = line.parts[0]
            assert isinstance(name, Word)
            self._say_unknown(name)
            return
        allowed = ("ask", "score") if word in ("choice", "colon") else self._vocabulary.under.get(word, ())
        shown = {"choice": "-", "colon": "a word with a colon"}.get(word, word)
        if current is None or current.line.word not in allowed:
            under = _or([f"`{statement}`" for statement in allowed])
            statement = current.line.word if current else None
            self._complain(line, messages.property_in_wrong_place(line.place, shown, statement, under))
            return
        if self._is_damaged(line):
            current.damaged = True
            current.unread.append(word)
        if word not in self._repeats:
            first = next((other for other in current.properties if other.word == word), None)
            if first is not None:
                self._complain(line, messages.property_twice(line.place, shown, first.place))
                return
        current.properties.append(line)

    def _say_unknown(self, name: Word) -> None:
        """A line of one word that the language does not have: as if it were the word that it is near to."""
        near = meant(name.text, self._vocabulary)
        self.diagnostics.append(messages.unknown_word(name.place, name.text, near.fix if near else None))
        wanted = (near.word if near else None) or name.text
        word, _, closes = wanted.partition(" ")
        self._keep_junk(Junk(word if word == "end" else wanted, closes or None, name.place))


def _name(line: Line) -> str | None:
    name = line.first(Word)
    return name.text if name else None


def _last_text(line: Line | None) -> Spoken | None:
    """The text that takes what stands under a line. Of a choice that is its label, not the text behind `specify`."""
    if line is None:
        return None
    parts = line.parts if line.word == "choice" else reversed(line.parts)
    return next((part for part in parts if isinstance(part, Spoken)), None)


def _with_text(line: Line, translations: list[Translation], paragraphs: list[str]) -> Line:
    """The line with its text given these translations and further paragraphs."""
    if not translations and not paragraphs:
        return line
    text = _last_text(line)
    assert text is not None
    value = "\n".join((text.value, *paragraphs))
    whole = Spoken(value, text.place, tuple(translations))
    return Line(line.word, tuple(whole if part is text else part for part in line.parts), line.place)


def _or(words: list[str]) -> str:
    return " or ".join((", ".join(words[:-1]), words[-1])) if len(words) > 1 else "".join(words)
