"""The keywords, from `grammar/keywords.toml`, and what is asked about them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from pimforms.expressions.nearest import nearest_word
from pimforms.record import record
from pimforms.standards.data import data_path, read_toml

BLANK = "[ \\t\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\u00ad]"
"""A pattern for what separates words: as in the grammar, with the marks that nobody sees."""


@record
class Keyword:
    word: str
    terminal: str
    role: str
    under: tuple[str, ...] = ()
    holds: bool = False
    repeats: bool = False
    near: tuple[str, ...] = ()
    says: str = ""


def read_keywords() -> tuple[Keyword, ...]:
    rows = read_toml(data_path("grammar", "keywords.toml"))["keyword"]
    return tuple(
        Keyword(
            row["word"],
            row["terminal"],
            row["role"],
            tuple(row.get("under", ())),
            row.get("holds", False),
            row.get("repeats", False),
            tuple(row.get("near", ())),
            row.get("says", ""),
        )
        for row in rows
    )


@dataclass(frozen=True)
class Vocabulary:
    """The keywords, looked at from several sides. Each side is made when it is first asked for."""

    keywords: tuple[Keyword, ...]

    @cached_property
    def statements(self) -> frozenset[str]:
        return frozenset(keyword.word for keyword in self.keywords if keyword.role == "statement")

    @cached_property
    def holders(self) -> frozenset[str]:
        """Statements that are closed by `end`."""
        return frozenset(keyword.word for keyword in self.keywords if keyword.holds)

    @cached_property
    def under(self) -> dict[str, tuple[str, ...]]:
        """For a property: the statements that it may stand under."""
        return {keyword.word: keyword.under for keyword in self.keywords if keyword.role == "property"}

    @cached_property
    def repeats(self) -> frozenset[str]:
        return frozenset(keyword.word for keyword in self.keywords if keyword.repeats)

    @cached_property
    def spellings(self) -> dict[str, list[str]]:
        """For a terminal: the words of the language that it stands for."""
        found: dict[str, list[str]] = {}
        for keyword in self.keywords:
            found.setdefault(keyword.terminal, []).append(keyword.word)
        return found

    @cached_property
    def _openers(self) -> dict[str, str]:
        """What a line may begin with, and the keyword meant: whole spellings, then first words of longer ones."""
        openers = [keyword for keyword in self.keywords if keyword.role in ("statement", "property")]
        found = {keyword.word: keyword.word for keyword in openers}
        for keyword in openers:
            for spelling in keyword.near:
                found.setdefault(spelling, keyword.word)
        for keyword in openers:
            for spelling in (keyword.word, *keyword.near):
                found.setdefault(spelling.split()[0], keyword.word)
        return found

    @cached_property
    def single(self) -> frozenset[str]:
        """Spellings of one word that a line may begin with."""
        return frozenset(
            spelling
            for keyword in self.keywords
            if keyword.role in ("statement", "property")
            for spelling in (keyword.word, *keyword.near)
            if " " not in spelling
        )

    def canonical(self, word: str) -> str | None:
        """The keyword that a line beginning with this word has, None if there is none."""
        return self._openers.get(word)

    @cached_property
    def _longer(self) -> list[tuple[re.Pattern[str], str]]:
        longer = sorted((spelling for spelling in self._openers if " " in spelling), key=len, reverse=True)
        words = {spelling: r"[ \t]+".join(map(re.escape, spelling.split())) for spelling in longer}
        return [(re.compile(rf"{BLANK}*{words[spelling]}\b"), self._openers[spelling]) for spelling in longer]

    def begins(self, text: str, at: int) -> str | None:
        """The keyword of several words with which the line at `at` begins, None if there is none."""
        return next((keyword for pattern, keyword in self._longer if pattern.match(text, at)), None)

    def near(self, word: str) -> str | None:
        """The keyword that a misspelt first word of a line was likely meant to be; "end group" for `end_group`."""
        if word not in self._nearest:
            self._nearest[word] = self._near(word)
        return self._nearest[word]

    def _near(self, word: str) -> str | None:
        if word in self._openers:
            return self._openers[word]
        closes = re.fullmatch(r"(?i)end[_-]?(\w+)", word)
        if closes and self.canonical(closes[1].lower()) in self.holders:
            return f"end {self.canonical(closes[1].lower())}"
        words, written = self._first_words, word.lower()
        found = nearest_word(written, words, least=0.8)
        if found is None:
            letters = sorted(written)
            found = next((other for other in words if len(other) == len(written) and sorted(other) == letters), None)
        return words[found] if found else None

    @cached_property
    def _first_words(self) -> dict[str, str]:
        """The first words of what a line may begin with, in the order of letters, and the keyword of each."""
        openers = [keyword.word for keyword in reversed(self.keywords) if self.canonical(keyword.word)]
        return dict(sorted({word.split()[0]: word for word in openers}.items()))

    @cached_property
    def _nearest(self) -> dict[str, str | None]:
        return {}
