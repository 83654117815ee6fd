"""The rows of a workbook, each with the place it came from and the rule that added it."""

from __future__ import annotations

from collections.abc import Mapping

from pimforms.record import record
from pimforms.source import Place

EMISSION = "emission"
"""The `rule` of a row that no protection asked for: XLSForm itself needs it (the label of an answer, a title)."""

Cells = tuple[tuple[str, str], ...]
"""The cells of one row that hold something, in column order."""


@record
class Row:
    """`cells` maps a column to its text; an absent column is an empty cell. `depth` is how many groups are around it.

    `rule` is the code of the rule that added the row, or `EMISSION`; None for what the author wrote.
    """

    cells: Mapping[str, str]
    place: Place
    rule: str | None = None
    depth: int = 0


@record
class Extra:
    """A sheet that only one server reads: its name, its columns in order, and its lines."""

    name: str
    columns: tuple[str, ...]
    lines: tuple[Mapping[str, str], ...]


@record
class Sheets:
    """A whole workbook: column order and rows of `survey` and `choices`, and the one row of `settings`.

    `entities` are the rows of that sheet in a workbook that others made; a form of ours has none. `extra` are sheets that one
    server alone reads.
    """

    survey_columns: tuple[str, ...]
    survey: tuple[Row, ...]
    choices_columns: tuple[str, ...]
    choices: tuple[Row, ...]
    settings: Mapping[str, str]
    entities: tuple[Row, ...] = ()
    extra: tuple[Extra, ...] = ()


@record
class Plain:
    """What a workbook says and nothing else, so that two workbooks can be compared."""

    survey_columns: tuple[str, ...]
    survey: tuple[Cells, ...]
    choices_columns: tuple[str, ...]
    choices: tuple[Cells, ...]
    settings: Cells


def plain(sheets: Sheets) -> Plain:
    """The columns and filled cells of `sheets`, without places, rules and depths."""
    return Plain(
        sheets.survey_columns,
        tuple(_filled(row, sheets.survey_columns) for row in sheets.survey),
        sheets.choices_columns,
        tuple(_filled(row, sheets.choices_columns) for row in sheets.choices),
        tuple((column, text) for column, text in sheets.settings.items() if text),
    )


def _filled(row: Row, columns: tuple[str, ...]) -> Cells:
    cells = row.cells
    return tuple((column, cells[column]) for column in columns if cells.get(column))
