"""The registry of assessments: a CSV file that the coordination keeps, with what others plan and when."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from pimforms.diagnostics import Diagnostic
from pimforms.model.days import is_day
from pimforms.model.facts import Facts, Planned
from pimforms.resolve import messages
from pimforms.resolve.csvfiles import CsvProblem, Table, columns_by_name, read_csv

COLUMNS = ("title", "places", "population", "start", "end")
_BETWEEN = re.compile(r"[\s,;|]+")
_WHY = "What others plan is compared with this form."


def with_registry(facts: Facts, folder: Path) -> tuple[Facts, list[Diagnostic]]:
    """The facts with what the registry holds, and what is wrong with the file."""
    file = facts.registry
    if file is None:
        return facts, []
    try:
        planned = tuple(_planned(read_csv(str(folder / file.name)), file.name))
    except CsvProblem as problem:
        return facts, [messages.file_does_not_fit(file.place, problem.message, problem.why, problem.fix)]
    return replace(facts, planned=planned), []


def _planned(rows: Table, name: str) -> Iterator[Planned]:
    lowered = columns_by_name(rows, name, COLUMNS, COLUMNS)
    for row, line in zip(rows.rows, rows.lines, strict=True):
        value = {column: row.get(lowered[column], "") for column in COLUMNS}
        for column in ("start", "end"):
            if not is_day(value[column]):
                message = f"`{name}` line {line}: `{value[column]}` is no date"
                raise CsvProblem(message, _WHY, "write it as 2027-03-31")
        if value["end"] < value["start"]:
            raise CsvProblem(f"`{name}` line {line}: it ends before it starts", _WHY, "look at `start` and `end`")
        places = tuple(code for code in _BETWEEN.split(value["places"]) if code)
        yield Planned(value["title"], places, value["population"], value["start"], value["end"])
