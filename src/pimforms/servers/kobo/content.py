"""The rows of a form on KoboToolbox and those of a workbook, in one shape, so that they can be compared.

KoboToolbox keeps a form as JSON: texts as lists in the order of `translations`, the list of a question apart from its type,
`required` as true or false, HXL tags one by one. It moves the rows that record start, end, phone and place to the top, and
keeps the title as the name of the project.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

Cells = dict[str, str]

KUID = "$kuid"
LOCK = "kobo--locking-profile"
LOCKS = "kobo--locking-profiles"
MOVED_UP = frozenset(
    {
        "start",
        "end",
        "today",
        "deviceid",
        "username",
        "phonenumber",
        "audit",
        "start-geopoint",
        "simserial",
        "subscriberid",
    }
)
"""Types of rows that KoboToolbox puts first."""

_YES = frozenset({"yes", "true", "true()"})
_NO = frozenset({"no", "false", "false()"})
_ENDS = ("end_group", "end_repeat")
_BEGINS = ("begin_group", "begin_repeat")


@dataclass(frozen=True, slots=True)
class Rows:
    """A form as lines of cells that hold something. `settings` are without the title.

    What only KoboToolbox reads stands apart: `kuids` of all rows, sorted, and `locks`, the profile of each locked row and
    what each profile forbids.
    """

    survey: tuple[Cells, ...]
    choices: tuple[Cells, ...]
    settings: Cells
    kuids: tuple[str, ...] = ()
    locks: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        """Over everything, whatever the order of rows that are moved up and of columns."""
        order = [name for name, cells in self.named_survey() if cells.get("type") not in MOVED_UP]
        cells = [sorted_cells(self.named_survey()), sorted_cells(self.named_choices()), self.settings]
        said = [order, self.lists(), *cells, self.kuids, self.locks]
        return hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()

    def lists(self) -> dict[str, list[str]]:
        """The codes of each list, in the order in which people see them."""
        found: dict[str, list[str]] = {}
        for cells in self.choices:
            found.setdefault(cells.get("list_name", ""), []).append(cells.get("name", ""))
        return found

    def named_survey(self) -> list[tuple[str, Cells]]:
        """Each row with its name; the end of a group with `NAME (end)`."""
        named: list[tuple[str, Cells]] = []
        inside: list[str] = []
        for cells in self.survey:
            kind, name = cells.get("type", ""), cells.get("name", "")
            if kind in _ENDS:
                named.append((f"{inside.pop() if inside else ''} (end)", {"type": kind}))
                continue
            if kind in _BEGINS:
                inside.append(name)
            named.append((name, cells))
        return named

    def named_choices(self) -> list[tuple[str, Cells]]:
        """Each choice with its list and code; a code that stands twice is counted."""
        met: dict[str, int] = {}
        named = []
        for cells in self.choices:
            name = f"{cells.get('list_name', '')}: {cells.get('name', '')}"
            met[name] = met.get(name, 0) + 1
            named.append((name if met[name] == 1 else f"{name} ({met[name]})", cells))
        return named


def sorted_cells(named: Sequence[tuple[str, Cells]]) -> list[tuple[str, Cells]]:
    return sorted(named, key=lambda pair: pair[0])


def from_server(content: Mapping[str, Any]) -> Rows:
    """The rows of the `content` of a version."""
    languages = [str(each) if each else "" for each in content.get("translations") or [None]]
    settings = {
        ("form_id" if key == "id_string" else key): value for key, value in (content.get("settings") or {}).items()
    }
    survey, choices = content.get("survey") or (), content.get("choices") or ()
    profiles = {str(each.get("name")): set(each.get("restrictions") or ()) for each in content.get(LOCKS) or ()}
    return Rows(
        tuple(_flat(row, languages) for row in survey),
        tuple(_flat(row, languages) for row in choices),
        _cleaned({key: _text(value) for key, value in settings.items()}),
        _kuids((*survey, *choices)),
        _locks(survey, profiles),
    )


def from_workbook(workbook: bytes) -> Rows:
    """The rows of an .xlsx. Raises whatever the reader raises: it is our own workbook."""
    sheets = read_sheets(workbook)
    survey, choices = sheets.get("survey", []), sheets.get("choices", [])
    settings = next(iter(sheets.get("settings", [])), {})
    profiles: dict[str, set[str]] = {}
    for line in sheets.get(LOCKS, []):
        for name, text in line.items():
            if name != "restriction" and text == "locked":
                profiles.setdefault(name, set()).add(line.get("restriction", ""))
    return Rows(
        tuple(_cleaned(cells) for cells in survey),
        tuple(_cleaned(cells) for cells in choices),
        _cleaned({key: text for key, text in settings.items() if key != "form_title"}),
        _kuids((*survey, *choices)),
        _locks(survey, profiles),
    )


def _kuids(rows: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    return tuple(sorted(str(row[KUID]) for row in rows if row.get(KUID)))


def _locks(rows: Iterable[Mapping[str, Any]], profiles: Mapping[str, set[str]]) -> tuple[str, ...]:
    locked = [f"{row.get('name')}: {row[LOCK]}" for row in rows if row.get(LOCK) in profiles]
    return tuple(sorted([*locked, *(f"{name}: {', '.join(sorted(held))}" for name, held in profiles.items())]))


def read_sheets(workbook: bytes) -> dict[str, list[Cells]]:
    """The lines of each sheet, as text."""
    from python_calamine import CalamineWorkbook

    with CalamineWorkbook.from_filelike(BytesIO(workbook)) as book:
        return {title: _lines(book.get_sheet_by_name(title).to_python()) for title in book.sheet_names}


def _lines(rows: Iterable[Sequence[Any]]) -> list[Cells]:
    lines = iter(rows)
    header = [_text(each) for each in next(lines, ())]
    return [
        cells
        for line in lines
        if (
            cells := {
                column: _text(value) for column, value in zip(header, line, strict=False) if column and _text(value)
            }
        )
    ]


def _flat(row: Mapping[str, Any], languages: Sequence[str]) -> Cells:
    cells: Cells = {}
    kind = [str(row.get("type", ""))]
    for key, value in row.items():
        if key in ("select_from_list_name", "file"):
            kind.append(str(value))
        elif key == "_or_other":
            continue
        elif key == "tags":
            cells["hxl"] = "".join(str(tag).removeprefix("hxl:") for tag in value)
        elif isinstance(value, list):
            cells.update(
                (f"{key}::{language}" if language else key, _text(text))
                for language, text in zip(languages, value, strict=False)
            )
        elif key != "type":
            cells[key] = _text(value)
    if row.get("_or_other"):
        kind.append("or_other")
    if "type" in row:
        cells["type"] = " ".join(kind)
    return _cleaned(cells)


def _cleaned(cells: Mapping[str, str]) -> Cells:
    """Without what only KoboToolbox has, empty cells and blanks around; yes and no in one spelling."""
    found: Cells = {}
    for column, written in cells.items():
        name = column.removeprefix("media::")
        text = written.replace("\u00a0", " ").replace("\r\n", "\n").strip()
        if column.startswith("$") or column.startswith("kobo--") or not text:
            continue
        if name == "required" and text.lower() in (_YES | _NO):
            if text.lower() in _YES:
                found[name] = "yes"
        elif name == "hxl":
            found[name] = "".join(text.split())
        elif name == "type":
            found[name] = " ".join(text.split())
        else:
            found[name] = text
    return found


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
