"""The rows of a workbook, each with the place it came from and the rule that added it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pimforms.source import Place


@dataclass(frozen=True, slots=True)
class Row:
    """`cells` maps a column to its text; an absent column is an empty cell. `depth` is how many groups are around it.

    `rule` is the code of the rule that added the row, None for what the author wrote.
    """

    cells: Mapping[str, str]
    place: Place
    rule: str | None = None
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Sheets:
    """A whole workbook: column order and rows of `survey` and `choices`, and the one row of `settings`."""

    survey_columns: tuple[str, ...]
    survey: tuple[Row, ...]
    choices_columns: tuple[str, ...]
    choices: tuple[Row, ...]
    settings: Mapping[str, str]
