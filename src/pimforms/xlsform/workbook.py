"""Rows to a workbook: the same rows give the same bytes on every machine, and never half a file.

XlsxWriter lays the sheets out. Its zip carries the operating system and bytes that depend on the version of zlib, so
the parts are put into a second zip that is stored, not deflated, with fixed times.
"""

from __future__ import annotations

import os
import secrets
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from pimforms.xlsform.rows import Extra, Row, Sheets

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook

LONGEST_CELL = 32_767
"""Characters that fit into a cell of an .xlsx file (Excel's own limit; longer texts are cut without a word)."""

_EPOCH = datetime(2000, 1, 1)  # noqa: DTZ001 - a fixed time in the file, not a moment
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_HEADER = {"bold": True, "bg_color": "#D9E2EC", "bottom": 1, "valign": "top"}
_TINTS = ("", "#F4F8FB", "#E8F1F6", "#DCE9F1", "#D0E2EC")
_GENERATED = "#FFF4DC"
_WIDTHS = {
    "type": 26,
    "name": 28,
    "list_name": 24,
    "label": 52,
    "hint": 34,
    "form_title": 44,
    "version": 20,
    "form_id": 28,
}
_WIDTH = 18
_WRAPPED = frozenset({"label", "hint", "guidance_hint", "constraint_message", "required_message"})


class CannotWrite(Exception):
    """A workbook could not be written; what was there before is untouched. `message` says why, `fix` what to do."""

    def __init__(self, path: str, message: str, fix: str) -> None:
        super().__init__(f"{path}: {message}")
        self.path = path
        self.message = message
        self.fix = fix


def write(sheets: Sheets, path: str | Path) -> None:
    """Writes the workbook to `path`: to a temporary file beside it first, which then takes its place.

    Raises CannotWrite if the folder, the disk or the file does not allow it, or if a text is too long for a cell.
    """
    _refuse_long_cells(sheets, str(path))
    replace_file(path, to_bytes(sheets))


def to_bytes(sheets: Sheets) -> bytes:
    """The bytes of the workbook. They depend on `sheets` alone."""
    import xlsxwriter  # 85 ms, and only a compile needs it

    drawn = BytesIO()
    with xlsxwriter.Workbook(drawn, _OPTIONS) as workbook:
        workbook.set_properties({"created": _EPOCH})
        styles = _Styles(workbook)
        _write_sheet(workbook, styles, "survey", sheets.survey_columns, sheets.survey)
        _write_sheet(workbook, styles, "choices", sheets.choices_columns, sheets.choices)
        _write_settings(workbook, styles, sheets.settings)
        for extra in sheets.extra:
            _write_extra(workbook, styles, extra)
    return _stored(drawn)


def replace_file(path: str | Path, data: bytes) -> None:
    """Puts `data` at `path` whole or not at all. Raises CannotWrite; the file that was there then stays as it was."""
    target = Path(os.path.realpath(path))  # a link keeps pointing at the file that is replaced
    if target.exists() and not target.is_file():
        raise CannotWrite(str(path), "this is a folder or a device, not a file", "name a file, for example form.xlsx")
    if target.exists() and not target.stat().st_mode & 0o222:
        # A new file could take its place all the same: who made it read-only wants to keep it.
        raise CannotWrite(str(path), "this file is read-only", "write to another file with -o, or allow writing to it")
    temporary = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    with _explained(str(path), target.parent):
        try:
            with _new_file(temporary) as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(target)
        except BaseException:
            with suppress(OSError):
                temporary.unlink()
            raise


def _new_file(path: Path) -> BinaryIO:
    # Opened like any new file, so that it gets the rights the user's other files get (umask), not a private mode.
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666), "wb")


@contextmanager
def _explained(path: str, folder: Path) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise CannotWrite(path, "there is no such folder", f"make the folder first: {folder}") from None
    except NotADirectoryError:
        raise CannotWrite(path, "a part of this path is a file, not a folder", "name another folder") from None
    except PermissionError:
        raise CannotWrite(
            path,
            "the file or its folder may not be written",
            "close the file in Excel if it is open there, or write to another folder",
        ) from None
    except OSError as error:
        reason = error.strerror or str(error)
        raise CannotWrite(
            path, f"the disk did not take the file ({reason})", "free some space, or write to another disk"
        ) from None


def _refuse_long_cells(sheets: Sheets, path: str) -> None:
    for rows in (sheets.survey, sheets.choices):
        for row in rows:
            for column, text in row.cells.items():
                if len(text) > LONGEST_CELL:
                    name = row.cells.get("name", "")
                    raise CannotWrite(
                        path,
                        f"the {column} of `{name}` has {len(text)} characters; a cell holds {LONGEST_CELL}",
                        f"shorten what stands at {row.place}",
                    )


class _Styles:
    """The formats of one workbook, made once each: a tint, and whether long text is wrapped."""

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook
        self._made: dict[tuple[str, bool], Format] = {}
        self.header: Format = workbook.add_format(_HEADER)

    def of(self, tint: str, wrapped: bool) -> Format:
        made = self._made.get((tint, wrapped))
        if made is None:
            properties: dict[str, Any] = {"valign": "top", "text_wrap": wrapped}
            if tint:
                properties["bg_color"] = tint
            made = self._made[tint, wrapped] = self._workbook.add_format(properties)
        return made


def _write_sheet(
    workbook: Workbook, styles: _Styles, name: str, columns: tuple[str, ...], rows: tuple[Row, ...]
) -> None:
    sheet = workbook.add_worksheet(name)
    sheet.freeze_panes(1, 0)
    wraps = [_base(column) in _WRAPPED for column in columns]
    for number, column in enumerate(columns):
        sheet.set_column(number, number, _WIDTHS.get(_base(column), _WIDTH))
        sheet.write_string(0, number, column, styles.header)
    for number, row in enumerate(rows, start=1):
        tint = _tint(row)
        if tint:
            sheet.set_row(number, None, styles.of(tint, False))
        cells = row.cells
        for at, column in enumerate(columns):
            text = cells.get(column)
            if text:
                sheet.write_string(number, at, text, styles.of(tint, wraps[at]))


def _write_settings(workbook: Workbook, styles: _Styles, settings: Mapping[str, str]) -> None:
    sheet = workbook.add_worksheet("settings")
    sheet.freeze_panes(1, 0)
    for number, (column, text) in enumerate(settings.items()):
        sheet.set_column(number, number, _WIDTHS.get(column, _WIDTH))
        sheet.write_string(0, number, column, styles.header)
        if text:
            sheet.write_string(1, number, text, styles.of("", False))


def _write_extra(workbook: Workbook, styles: _Styles, extra: Extra) -> None:
    sheet = workbook.add_worksheet(extra.name)
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(extra.columns) - 1, _WIDTHS["type"])
    for number, column in enumerate(extra.columns):
        sheet.write_string(0, number, column, styles.header)
    for number, line in enumerate(extra.lines, start=1):
        for at, column in enumerate(extra.columns):
            if line.get(column):
                sheet.write_string(number, at, line[column], styles.of("", False))


def _base(column: str) -> str:
    return column.partition("::")[0]


def _tint(row: Row) -> str:
    if row.rule is not None:
        return _GENERATED
    opens_or_closes = row.cells.get("type", "").startswith(("begin_", "end_"))
    return _TINTS[min(row.depth + opens_or_closes, len(_TINTS) - 1)]


def _stored(drawn: BytesIO) -> bytes:
    """The same parts in the same order, stored, with fixed times and a fixed system."""
    out = BytesIO()
    with zipfile.ZipFile(drawn) as parts, zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as target:
        for part in parts.infolist():
            info = zipfile.ZipInfo(part.filename, _ZIP_TIME)
            info.create_system = 3
            info.external_attr = 0o600 << 16
            target.writestr(info, parts.read(part))
    return out.getvalue()
