"""A workbook back to rows, with openpyxl. What `workbook.write` wrote reads back the same."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from pimforms.source import Place, Source
from pimforms.xlsform.rows import Row, Sheets


class CannotRead(Exception):
    """A workbook could not be read. `message` says why, `fix` what to do."""

    def __init__(self, path: str, message: str, fix: str) -> None:
        super().__init__(f"{path}: {message}")
        self.path = path
        self.message = message
        self.fix = fix


def read(path: str | Path) -> Sheets:
    """The `survey`, `choices` and `settings` of an .xlsx file; a missing sheet is empty, other sheets are ignored.

    Rows and columns without a header or without any text are left out. All cells are text: a whole number loses its
    ".0", a date is written as ISO 8601. The places point at the file, not into it. Raises CannotRead.
    """
    from openpyxl import load_workbook  # 160 ms, and only reading needs it
    from openpyxl.utils.exceptions import InvalidFileException

    name = str(path)
    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except FileNotFoundError:
        raise CannotRead(name, "there is no such file", "check the name and the folder you are in") from None
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, OSError):
        raise CannotRead(name, "this is not an .xlsx workbook", "save it as .xlsx and try again") from None
    place = Place(Source(name, ""), 0, 0)
    try:
        found = {sheet.title.strip().lower(): _table(sheet.iter_rows(values_only=True)) for sheet in book.worksheets}
    finally:
        book.close()
    nothing: tuple[tuple[str, ...], list[dict[str, str]]] = ((), [])
    survey_columns, survey = found.get("survey", nothing)
    choices_columns, choices = found.get("choices", nothing)
    _, settings = found.get("settings", nothing)
    return Sheets(
        survey_columns,
        tuple(Row(cells, place) for cells in survey),
        choices_columns,
        tuple(Row(cells, place) for cells in choices),
        settings[0] if settings else {},
    )


def _table(rows: Iterable[tuple[Any, ...]]) -> tuple[tuple[str, ...], list[dict[str, str]]]:
    lines = iter(rows)
    headers = [_text(value) for value in next(lines, ())]
    named = [(number, header) for number, header in enumerate(headers) if header]
    found = []
    for line in lines:
        cells = {header: text for number, header in named if number < len(line) and (text := _text(line[number]))}
        if cells:
            found.append(cells)
    return tuple(header for _, header in named), found


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    return str(value)
