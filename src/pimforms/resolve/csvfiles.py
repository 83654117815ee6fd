"""CSV files that stand beside a form: lists of places, and look-up tables."""

from __future__ import annotations

import csv
import io
from functools import lru_cache
from pathlib import Path

from pimforms.model.form import Choice, ChoiceList
from pimforms.model.text import Text
from pimforms.source import Place, UnreadableSource, read_source


class CsvProblem(Exception):
    """What is wrong with a CSV file: a message, why, and a fix."""

    def __init__(self, message: str, why: str, fix: str) -> None:
        super().__init__(message)
        self.message, self.why, self.fix = message, why, fix


@lru_cache(maxsize=32)
def read_csv(path: str) -> tuple[tuple[str, ...], tuple[dict[str, str], ...]]:
    """The columns and rows of a CSV file (comma or semicolon). Raises CsvProblem."""
    name = Path(path).name
    try:
        text = read_source(path).text
    except UnreadableSource as problem:
        raise CsvProblem(f"`{name}`: {problem.message}", "The form reads this file.", problem.fix) from None
    header = text.split("\n", 1)[0]
    delimiter = ";" if header.count(";") > header.count(",") else ","
    reader = csv.DictReader(io.StringIO(text), delimiter=delimiter)
    columns = tuple((column or "").strip() for column in reader.fieldnames or ())
    reader.fieldnames = list(columns)
    rows = tuple({key: (value or "").strip() for key, value in row.items() if key} for row in reader)
    if not columns or not rows:
        raise CsvProblem(
            f"`{name}` has no rows", "A look-up in it would always be blank.", "save it again as CSV UTF-8"
        )
    return columns, rows


def place_lists(path: str, levels: tuple[str, ...], languages: tuple[str, ...], place: Place) -> dict[str, ChoiceList]:
    """A list a level from a COD-style file: columns `adm1_pcode`, `adm1_name_en` (or `ADM1_EN`), and so on.

    Each choice carries the codes of the levels above it, in columns named after them. Raises CsvProblem.
    """
    columns, rows = read_csv(path)
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
