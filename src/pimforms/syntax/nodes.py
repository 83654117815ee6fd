"""The tree of a file: statements with their property lines, every node with its place.

A line is its word and its parts. Parts are small records, so that a reader asks for what it needs by type:
`line.first(For)`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeVar

from pimforms.diagnostics import Diagnostic
from pimforms.model.expression import Expression
from pimforms.record import record
from pimforms.source import Place, Source


@record
class Word:
    """A name, a code or a bare word. `quoted` if it was written in quotes."""

    text: str
    place: Place
    quoted: bool = False


@record
class Translation:
    language: str
    value: str
    place: Place


@record
class Spoken:
    """A text that people read or hear, with the translations that stand under it."""

    value: str
    place: Place
    translations: tuple[Translation, ...] = ()


@record
class Quoted:
    """A quoted text that is not translated: a file name, a pattern, a reason."""

    value: str
    place: Place


@record
class Amount:
    """A number as written."""

    text: str
    place: Place


@record
class Day:
    iso: str
    place: Place


@record
class Words:
    """Several bare words in a row: `face to face`."""

    text: str
    place: Place


@record
class For:
    purposes: tuple[Word, ...]


@record
class As:
    name: Word


@record
class FromFile:
    file: Quoted


@record
class Levels:
    names: tuple[Word, ...]


@record
class Pinned:
    version: str
    place: Place


@record
class ListName:
    name: Word
    library: bool


@record
class Type:
    """`word` is the type; `choices` its list; `span` the numbers of `range from 0 to 10 step 2`."""

    word: Word
    choices: ListName | None = None
    span: tuple[str, ...] = ()


@record
class Role:
    name: Word
    title: Quoted


@record
class Access:
    """Who, and what they may do on the server."""

    who: Word
    may: Word


@record
class Percent:
    """A language and the share of people who speak it, in percent."""

    language: Word
    share: Amount


@record
class AtMost:
    level: Word


@record
class Under:
    agreement: Quoted


@record
class Decider:
    name: Quoted


@record
class Before:
    day: Day


@record
class Flag:
    """A word that says something by standing there: `alone`, `specify`, `optional`, `totals only`."""

    word: str
    place: Place


@record
class Condition:
    expression: Expression


@record
class Line:
    """One line: `word` is the keyword it begins with, or "translation", "paragraph", "bullet", "choice", …"""

    word: str
    parts: tuple[Part, ...]
    place: Place

    def first(self, kind: type[T]) -> T | None:
        for part in self.parts:
            if isinstance(part, kind):
                return part
        return None

    def all(self, kind: type[T]) -> tuple[T, ...]:
        return tuple(part for part in self.parts if isinstance(part, kind))


@record
class Statement:
    """A statement, the property lines under it and, if it holds others, what stands between it and its `end`.

    `damaged`: a part of it did not parse, so nothing should be said about what it lacks. `unread`: the words that the
    property lines under it begin with that did not parse.
    """

    line: Line
    properties: tuple[Line, ...] = ()
    body: tuple[Statement, ...] = ()
    damaged: bool = False
    unread: tuple[str, ...] = ()

    @property
    def word(self) -> str:
        return self.line.word

    @property
    def place(self) -> Place:
        return self.line.place

    @property
    def name(self) -> Word | None:
        return self.line.first(Word)


@record
class Junk:
    """A line that was not understood. It stays in the tree, so that nothing is lost and nothing is said twice."""

    word: str
    name: str | None
    place: Place


@dataclass
class Damage:
    """What is said and what is dropped while one text is parsed.

    `lines`: where the lines start whose beginning was kept. `broken`: for each line that was not wholly understood, where it
    starts and the word it was meant to begin with.
    """

    diagnostics: list[Diagnostic] = field(default_factory=list)
    junk: list[Junk] = field(default_factory=list)
    lines: set[int] = field(default_factory=set)
    broken: dict[int, str] = field(default_factory=dict)


@record
class Tree:
    source: Source
    statements: tuple[Statement, ...]
    junk: tuple[Junk, ...]


Part = (
    Word | Spoken | Quoted | Amount | Day | Words | For | As | FromFile | Levels | Pinned | ListName | Type | Role | Decider
    | Before | Flag | Condition | Line | Access | Percent | AtMost | Under
)  # fmt: skip
T = TypeVar("T")
