"""What of a form is compared: plain values, the same for a form text and for a workbook.

A snapshot of a form text says conditions as the author wrote them; one of rows says them in XPath. Two of one kind can be
compared, so where one side is a workbook, the other side is compiled to rows.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field

Words = Mapping[str, str]
"""A text by language. "" is the language of a column that names none, and of what is no text."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A question, calculation, note, group or whatever else has a name in a form.

    `role`: "question", "calculation", "metadata", "note", "group" or "repeat". `type` is the XLSForm type without its list.
    `path` are the names of the groups and repeats around it that stand in the path of its answer, outermost first;
    `repeats` those of them that are repeats. `cells` are what is compared one by one, as shown; `keys` is how to compare
    those of them that can be written in several ways. `gates` are the conditions that the compiler put before it.
    """

    name: str
    role: str
    type: str
    path: tuple[str, ...] = ()
    repeats: tuple[str, ...] = ()
    choices: str = ""
    cells: Mapping[str, str] = field(default_factory=dict)
    keys: Mapping[str, Hashable] = field(default_factory=dict)
    texts: Mapping[str, Words] = field(default_factory=dict)
    gates: tuple[str, ...] = ()
    place: str = ""

    @property
    def is_answered(self) -> bool:
        """Whether it must be answered: required and asked."""
        return self.role == "question" and bool(self.cells.get("required"))


@dataclass(frozen=True, slots=True)
class Option:
    """A choice of a list. `cells` are its rules and the columns that filters read."""

    code: str
    texts: Mapping[str, Words]
    cells: Mapping[str, str] = field(default_factory=dict)
    place: str = ""


@dataclass(frozen=True, slots=True)
class Added:
    """A row that the compiler added.

    `words` is all that is read at it, by language; `condition` when it is there; `rule` its type and what it computes,
    takes and asks for. The last two are known for rows alone.
    """

    words: Words
    condition: str = ""
    rule: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Woven:
    """What the compiler added: the screens of the consent, its fingerprint, and every other row, by name."""

    consent: Mapping[str, Added] = field(default_factory=dict)
    fingerprint: str = ""
    protections: Mapping[str, Added] = field(default_factory=dict)


Member = Mapping[str, Words]
"""One recipient, purpose, risk …: its parts by what they are called."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What the head of a form says: single facts, and those that stand several times, by kind and name."""

    single: Mapping[str, Words] = field(default_factory=dict)
    several: Mapping[str, Mapping[str, Member]] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)
    """Where one of several stands, by its kind and name: `risk exposure`."""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One side of a comparison.

    `facts` is None for a workbook. `level` is the highest sensitivity, "" if nothing is tagged. `woven` is None where it was
    not made; two snapshots with the same `basis` have the same woven rows, so that they need not be made to be compared.
    """

    name: str
    entries: Mapping[str, Entry]
    lists: Mapping[str, tuple[Option, ...]]
    settings: Mapping[str, str]
    languages: tuple[str, ...]
    level: str = ""
    entities: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """Entity lists: the rule by which each is filled, and its place."""
    facts: Facts | None = None
    woven: Woven | None = None
    basis: Hashable = None
    place: str = ""
    is_rows: bool = True
