"""A workbook back to rows, with calamine. What `workbook.write` wrote reads back the same."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

from pimforms.source import Place, Source
from pimforms.xlsform.rows import Row, Sheets

LARGEST = 100_000_000
"""Bytes of a workbook that is read. Servers take less."""

_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_ZIP = b"PK"
_SHEETS = ("survey", "choices", "settings", "entities")


class CannotRead(Exception):
    """A workbook could not be read. `message` says why, `fix` what to do."""

    def __init__(self, path: str, message: str, fix: str) -> None:
        super().__init__(f"{path}: {message}")
        self.path = path
        self.message = message
        self.fix = fix


def read(book: str | Path | bytes, *, shown_as: str | None = None) -> Sheets:
    """The `survey`, `choices`, `settings` and `entities` of an .xlsx file, by its path or as bytes.

    A missing sheet is empty, other sheets are ignored. Rows and columns without a header or without any text are left
    out. All cells are text: a whole number loses its ".0", a date is written as ISO 8601. The place of a row has the
    name of the file and the sheet for its path, and the number of the row in the sheet for its line. Raises CannotRead.
    """
    name = shown_as or ("the workbook" if isinstance(book, bytes) else str(book))
    data = book if isinstance(book, bytes) else _bytes(Path(book), name)
    found = _tables(data, name)
    survey_columns, survey = found.get("survey", ((), ()))
    choices_columns, choices = found.get("choices", ((), ()))
    _, settings = found.get("settings", ((), ()))
    _, entities = found.get("entities", ((), ()))
    return Sheets(
        survey_columns, survey, choices_columns, choices, dict(settings[0].cells) if settings else {}, entities
    )


def _bytes(path: Path, name: str) -> bytes:
    try:
        if path.is_dir():
            raise CannotRead(name, "this is a folder, not a workbook", "name a file in it")
        with path.open("rb") as file:
            return file.read(LARGEST + 1)
    except FileNotFoundError:
        raise CannotRead(name, "there is no such file", "check the name and the folder you are in") from None
    except PermissionError:
        raise CannotRead(name, "you may not read this file", "ask its owner, or close it in Excel") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise CannotRead(name, f"this file cannot be read ({reason})", "check the name and the disk") from None


def _tables(data: bytes, name: str) -> dict[str, tuple[tuple[str, ...], tuple[Row, ...]]]:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    if len(data) > LARGEST:
        message = f"this file has more than {LARGEST // 1_000_000} MB; no form has"
        raise CannotRead(name, message, "check that this is the form and not an export")
    if data.startswith(_OLD_EXCEL):
        message = "this is an old .xls workbook, or one with a password"
        raise CannotRead(name, message, "open it in Excel, take the password away, and save it as .xlsx")
    if not data.startswith(_ZIP):
        raise CannotRead(name, "this is not an .xlsx workbook", "save it as .xlsx and try again")
    found = {}
    try:
        with CalamineWorkbook.from_filelike(BytesIO(data)) as book:
            for title in book.sheet_names:
                sheet = title.strip().lower()
                if sheet in _SHEETS and sheet not in found:
                    lines = book.get_sheet_by_name(title).to_python(skip_empty_area=False)
                    found[sheet] = _table(lines, f"{name} {sheet}")
    except PasswordError:
        raise CannotRead(name, "this workbook has a password", "save it without one and try again") from None
    except (CalamineError, OSError, ValueError, KeyError):
        raise CannotRead(name, "this is not an .xlsx workbook", "save it as .xlsx and try again") from None
    return found


def _table(lines: Sequence[Sequence[Any]], path: str) -> tuple[tuple[str, ...], tuple[Row, ...]]:
    source = Source(path, "\n" * len(lines))
    headers = [_text(value) for value in lines[0]] if lines else []
    named = [(number, header) for number, header in enumerate(headers) if header]
    return tuple(header for _, header in named), tuple(_rows(lines[1:], named, source))


def _rows(lines: Iterable[Sequence[Any]], named: Sequence[tuple[int, str]], source: Source) -> Iterable[Row]:
    for at, line in enumerate(lines, start=1):
        cells = {header: text for number, header in named if (text := _text(line[number]))}
        if cells:
            yield Row(cells, Place(source, at, at))


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return str(value)
