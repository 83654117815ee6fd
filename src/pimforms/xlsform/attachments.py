"""The files that a workbook reads on the phone, and that must be attached on the server."""

from __future__ import annotations

import re

from pimforms.xlsform.rows import Row, Sheets

MEDIA_COLUMNS = frozenset({"image", "big-image", "audio", "video"})
_PULLDATA = re.compile(r"pulldata\(\s*'([^']+)'")
_FROM_FILE = re.compile(r"^select_(?:one|multiple)_from_file\s+(\S+)")
_EXTERNAL = {"csv-external": ".csv", "xml-external": ".xml"}


def attachments(sheets: Sheets) -> dict[str, Row]:
    """The name of each file, with the first row that needs it, in the order of the workbook."""
    found: dict[str, Row] = {}
    for row in (*sheets.survey, *sheets.choices):
        for name in _named_in(row):
            found.setdefault(name, row)
    return found


def _named_in(row: Row) -> list[str]:
    names: list[str] = []
    for column, text in row.cells.items():
        if column.partition("::")[0] in MEDIA_COLUMNS:
            names.append(text)
        elif "pulldata(" in text:
            names.extend(name if "." in name else f"{name}.csv" for name in _PULLDATA.findall(text))
    kind = row.cells.get("type", "")
    chosen = _FROM_FILE.match(kind)
    if chosen:
        names.append(chosen[1])
    if kind in _EXTERNAL:
        names.append(row.cells.get("name", "") + _EXTERNAL[kind])
    return names
