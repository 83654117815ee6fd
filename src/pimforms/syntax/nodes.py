"""The tree of a file: statements with their property lines, every node with its place.

A line is its word and its parts. Parts are small records, so that a reader asks for what it needs by type:
`line.first(For)`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

from pimforms.model.expression import Expression
from pimforms.source import Place, Source


@dataclass(frozen=True, slots=True)
class Word:
    """A name, a code or a bare word. `quoted` if it was written in quotes."""

    text: str
    place: Place
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Translation:
    language: str
    value: str
    place: Place


@dataclass(frozen=True, slots=True)
class Spoken:
    """A text that people read or hear, with the translations that stand under it."""

    value: str
    place: Place
    translations: tuple[Translation, ...] = ()


@dataclass(frozen=True, slots=True)
class Quoted:
    """A quoted text that is not translated: a file name, a pattern, a reason."""

    value: str
    place: Place


@dataclass(frozen=True, slots=True)
class Amount:
    """A number as written."""

    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class Day:
    iso: str
    place: Place


@dataclass(frozen=True, slots=True)
class Words:
    """Several bare words in a row: `face to face`."""

    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class For:
    purposes: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class As:
    name: Word


@dataclass(frozen=True, slots=True)
class FromFile:
    file: Quoted


@dataclass(frozen=True, slots=True)
class Levels:
    names: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class Pinned:
    version: str
    place: Place


@dataclass(frozen=True, slots=True)
class ListName:
    name: Word
    library: bool


@dataclass(frozen=True, slots=True)
class Type:
    """`word` is the type; `choices` its list; `span` the numbers of `range from 0 to 10 step 2`."""

    word: Word
    choices: ListName | None = None
    span: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Role:
    name: Word
    title: Quoted


@dataclass(frozen=True, slots=True)
class Access:
    """Who, and what they may do on the server."""

    who: Word
    may: Word


@dataclass(frozen=True, slots=True)
class Percent:
    """A language and the share of people who speak it, in percent."""

    language: Word
    share: Amount


@dataclass(frozen=True, slots=True)
class AtMost:
    level: Word


@dataclass(frozen=True, slots=True)
class Under:
    agreement: Quoted


@dataclass(frozen=True, slots=True)
class Decider:
    name: Quoted


@dataclass(frozen=True, slots=True)
class Before:
    day: Day


@dataclass(frozen=True, slots=True)
class Flag:
    """A word that says something by standing there: `alone`, `specify`, `optional`, `totals only`."""

    word: str
    place: Place


@dataclass(frozen=True, slots=True)
class Condition:
    expression: Expression


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
class Junk:
    """A line that was not understood. It stays in the tree, so that nothing is lost and nothing is said twice."""

    word: str
    name: str | None
    place: Place


@dataclass(frozen=True, slots=True)
class Tree:
    source: Source
    statements: tuple[Statement, ...]
    junk: tuple[Junk, ...]


Part = (
    Word | Spoken | Quoted | Amount | Day | Words | For | As | FromFile | Levels | Pinned | ListName | Type | Role | Decider
    | Before | Flag | Condition | Line | Access | Percent | AtMost | Under
)  # fmt: skip
T = TypeVar("T")
