"""Cases of two forms, and short ways to compare."""

from __future__ import annotations

import os
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from conftest import ROOT
from pimforms.compare.changes import Comparison
from pimforms.compare.compare import compare
from pimforms.compare.renames import NO_RENAMES, beside, problems, read_renames
from pimforms.compare.sides import Side, both, side, side_of_source
from pimforms.source import Place, Source, normalise
from pimforms.xlsform.rows import Row, Sheets

CASES = sorted(path for path in (ROOT / "tests" / "compare" / "cases").iterdir() if path.is_dir())

HEAD = """\
form desk "Service desk"
  organisation "Relief"
  category     sectoral
  population   "People in block C"
  contact      "the desk in block C"
  version      "1"
purpose better "Better services"
  topic       services
  tell people "make services better"
"""


@contextmanager
def within(folder: Path):
    """Paths in reports are as they were written: here relative to the folder of the case."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


@cache
def compared(folder: Path) -> Comparison:
    """What changed from the old form of a case to the new one, with its rename map."""
    with within(folder):
        old, new = both(_side("old"), _side("new"))
        renames = NO_RENAMES
        if beside("new.pim").is_file():
            renames, wrong = read_renames("new.renames.csv")
            assert wrong == []
            assert problems(renames, old, new) == []
        return compare(old, new, renames)


def _side(name: str) -> Side:
    if Path(name).is_dir():
        return side(f"{name}/form.pim")
    table = Path(f"{name}.md")
    return (
        Side(table.name, sheets=sheets_in(table.read_text("utf-8"), table.name))
        if table.is_file()
        else side(f"{name}.pim")
    )


def form(body: str, head: str = HEAD, name: str = "form.pim") -> Side:
    """A form text as a side."""
    return side_of_source(Source(name, normalise(head + body)), ROOT, name)


def changes(old: Side, new: Side) -> Comparison:
    return compare(*both(old, new))


def codes(old: str, new: str) -> list[str]:
    """The codes of what changed between two bodies of a form."""
    return [change.code for change in changes(form(old), form(new)).changes]


def sheets_in(text: str, name: str = "table.md") -> Sheets:
    """A workbook written as tables: a line with one cell names a sheet, the next one its columns."""
    found: dict[str, tuple[tuple[str, ...], list[Row]]] = {}
    sheet, columns = "", ()
    for line in text.splitlines():
        cells = [cell.strip().replace("\\n", "\n") for cell in line.strip().strip("|").split("|")]
        if not line.strip():
            continue
        if len(cells) == 1:
            sheet, columns = cells[0], ()
        elif not columns:
            columns = tuple(cells)
            found[sheet] = columns, []
        else:
            rows = found[sheet][1]
            source = Source(f"{name} {sheet}", "\n" * 99)
            kept = {column: cell for column, cell in zip(columns, cells, strict=True) if cell}
            rows.append(Row(kept, Place(source, len(rows) + 1, len(rows) + 1)))
    nothing: tuple[tuple[str, ...], list[Row]] = ((), [])
    survey, choices = found.get("survey", nothing), found.get("choices", nothing)
    settings, entities = found.get("settings", nothing)[1], found.get("entities", nothing)[1]
    return Sheets(
        survey[0],
        tuple(survey[1]),
        choices[0],
        tuple(choices[1]),
        settings[0].cells if settings else {},
        tuple(entities),
    )
