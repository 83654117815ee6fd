"""What changed: one value a change, sorted by the table `form_library/standards/changes.toml`."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import Any

from pimforms.standards.data import table

KINDS = ("breaks", "meaning", "looks")
"""The three kinds, the gravest first."""


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. `code` is a row of the table, which says its kind, its words and why it matters.

    `name` is what changed: a question, `question/code` for a choice, a recipient … `what` is the part of it, in words.
    `old` and `new` are how it was and how it is; `place` is where that stands in the new form, or in the old one for what
    is gone: `form.pim:41`, or `form.xlsx survey:12` for row 12 of that sheet.
    """

    code: str
    name: str = ""
    old: str = ""
    new: str = ""
    language: str = ""
    what: str = ""
    place: str = ""

    @property
    def kind(self) -> str:
        kind: str = _row(self.code)["kind"]
        return kind

    @property
    def says(self) -> str:
        """The change in one sentence, without how it was and how it is if these are shown by themselves."""
        language = f" ({self.language})" if self.language else ""
        words: str = _row(self.code)["says"]
        return words.format(
            name=self.name, old=self.old or "nothing", new=self.new or "nothing", language=language, what=self.what
        )

    @property
    def why(self) -> str:
        """What it means for the answers or the people."""
        why: str = _row(self.code)["why"]
        return why

    @property
    def shows_words(self) -> bool:
        """Whether the words before and after stand below the sentence."""
        return bool(_row(self.code).get("shows"))


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two sides, what changed from `old` to `new`, and the renames that are likely: pairs as a rename map writes them."""

    old: str
    new: str
    changes: tuple[Change, ...]
    offers: tuple[tuple[str, str], ...] = field(default=())

    @property
    def breaking(self) -> tuple[Change, ...]:
        """What breaks data."""
        return self.of_kind("breaks")

    def of_kind(self, kind: str) -> tuple[Change, ...]:
        return tuple(change for change in self.changes if change.kind == kind)


@cache
def _row(code: str) -> dict[str, Any]:
    row: dict[str, Any] = table("changes")["change"][code]
    return row
