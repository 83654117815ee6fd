"""CSV files that stand beside a form: lists of places, and look-up tables."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from pimforms.model.form import Choice, ChoiceList
from pimforms.model.text import Text
from pimforms.source import Place, UnreadableSource, read_source


class CsvProblem(Exception):
    """What is wrong with a CSV file: a message, why, and a fix."""

    def __init__(self, message: str, why: str, fix: str) -> None:
        super().__init__(message)
        self.message, self.why, self.fix = message, why, fix


class Table(NamedTuple):
    """The columns of a CSV file, its rows, and the 1-based line on which each row ends."""

    columns: tuple[str, ...]
    rows: tuple[dict[str, str], ...]
    lines: tuple[int, ...]


_SAVE = "save the table again in the spreadsheet program, as CSV UTF-8"
_READS = "The form reads this file."
_NO_FORM = re.compile(r"not (?:a form text|a form|text)|; no form has")
# What is said of a form that cannot be read is said here of a CSV file.
_FIXES = (("this is a folder", "name a CSV file in it"), ("this is a", _SAVE), ("this file has more", _SAVE))


def _unreadable(name: str, problem: UnreadableSource) -> CsvProblem:
    message = _NO_FORM.sub(lambda found: "" if found[0].startswith(";") else "not a CSV file", problem.message)
    fix = next((fix for beginning, fix in _FIXES if message.startswith(beginning)), problem.fix)
    return CsvProblem(f"`{name}`: {message}", _READS, fix)


@lru_cache(maxsize=32)
def read_csv(path: str) -> Table:
    """The columns and rows of a CSV file (comma or semicolon). Raises CsvProblem."""
    name = Path(path).name
    try:
        text = read_source(path).text
    except UnreadableSource as problem:
        raise _unreadable(name, problem) from None
    if not text.strip():
        raise CsvProblem(f"`{name}` is empty", _READS, _SAVE)
    header = text.split("\n", 1)[0]
    delimiter = ";" if header.count(";") > header.count(",") else ","
    reader = csv.DictReader(io.StringIO(text), delimiter=delimiter)
    rows: list[dict[str, str]] = []
    lines: list[int] = []
    try:
        columns = tuple((column or "").strip() for column in reader.fieldnames or ())
        reader.fieldnames = list(columns)
        for row in reader:
            rows.append({key: (value or "").strip() for key, value in row.items() if key})
            lines.append(reader.line_num)
    except csv.Error as problem:
        message = f"`{name}`: line {reader.line_num + 1} is not a row of a CSV file ({problem})"
        raise CsvProblem(message, _READS, _SAVE) from None
    if not columns or not rows:
        raise CsvProblem(f"`{name}` has no rows", "A list or a look-up from it would always be blank.", _SAVE)
    return Table(columns, tuple(rows), tuple(lines))


def columns_by_name(rows: Table, name: str, needed: Sequence[str], known: Sequence[str]) -> dict[str, str]:
    """The columns of a table by their names in small letters. Raises CsvProblem where a needed one is missing."""
    lowered = {column.lower(): column for column in rows.columns}
    missing = next((column for column in needed if column not in lowered), None)
    if missing is not None:
        why = f"Its columns are: {', '.join(rows.columns)}."
        raise CsvProblem(f"`{name}` has no column `{missing}`", why, f"columns: {', '.join(known)}")
    return lowered


def place_lists(path: str, levels: tuple[str, ...], languages: tuple[str, ...], place: Place) -> dict[str, ChoiceList]:
    """A list a level from a COD-style file: columns `adm1_pcode`, `adm1_name_en` (or `ADM1_EN`), and so on.

    Each choice carries the codes of the levels above it, in columns named after them. Raises CsvProblem.
    """
    columns, rows, _ = read_csv(path)
    lowered = {column.lower(): column for column in columns}
    name = Path(path).name

    def find(*spellings: str) -> str | None:
        return next((lowered[spelling] for spelling in spellings if spelling in lowered), None)

    code_columns: dict[str, str] = {}
    for level in levels:
        found = find(f"{level}_pcode", f"{level}pcode", f"{level}_code", level)
        if found is None:
            raise CsvProblem(
                f"`{name}` has no column with the codes of {level}",
                f"Its columns are: {', '.join(columns)}.",
                f"name the column `{level}_pcode`",
            )
        code_columns[level] = found
    lists: dict[str, ChoiceList] = {}
    for depth, level in enumerate(levels):
        plain = find(f"{level}_name", f"{level}_{languages[0]}", f"{level}_en", f"{level}_name_en")
        names = {lang: find(f"{level}_name_{lang}", f"{level}_{lang}") or plain for lang in languages}
        seen: dict[str, Choice] = {}
        for row in rows:
            code = row.get(code_columns[level], "")
            if not code or code in seen:
                continue
            values = {lang: row.get(column or "", "") or code for lang, column in names.items()}
            above = tuple((upper, row.get(code_columns[upper], "")) for upper in levels[:depth])
            seen[code] = Choice(code, Text(values, place), place, columns=above)
        lists[level] = ChoiceList(level, tuple(seen.values()), place)
    return lists
