"""The rows of a version as an .xlsx, for `pimforms pull`.

The server's own .xls export shows the draft, which may not be what phones have; a version is only there as JSON.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO
from typing import Any

from pimforms.servers.kobo.content import Cells, Rows

_FIRST = ("type", "list_name", "name", "label", "hint", "guidance_hint", "required", "relevant", "constraint")


def workbook(rows: Rows, title: str) -> bytes:
    """An .xlsx with the sheets survey, choices and settings. `$` columns and locks are not in `rows` any more."""
    import xlsxwriter  # 85 ms, and only a pull needs it

    out = BytesIO()
    options: dict[str, Any] = {
        "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
    }  # fmt: skip
    settings = {"form_title": title, **rows.settings}
    with xlsxwriter.Workbook(out, options) as book:
        for name, lines in (("survey", rows.survey), ("choices", rows.choices), ("settings", (settings,))):
            columns = _columns(lines)
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 0)
            _write(sheet, 0, columns)
            for number, cells in enumerate(lines, start=1):
                _write(sheet, number, [cells.get(column, "") for column in columns])
    return out.getvalue()


def _write(sheet: Any, number: int, texts: Iterable[str]) -> None:
    for at, text in enumerate(texts):
        if text:
            sheet.write_string(number, at, text)


def _columns(lines: Sequence[Cells] | Sequence[Mapping[str, str]]) -> list[str]:
    """The usual columns first, then the others as they are met; the languages of one column beside each other."""
    met = list(dict.fromkeys(column for cells in lines for column in cells))
    bases = list(dict.fromkeys(column.partition("::")[0] for column in met))
    order = [*(base for base in _FIRST if base in bases), *(base for base in bases if base not in _FIRST)]
    return [column for base in order for column in met if column.partition("::")[0] == base]
