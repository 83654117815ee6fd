"""The list of interviewers: a CSV file of codes, with what each was trained in. Names never stand in it."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from pimforms.diagnostics import Diagnostic
from pimforms.model.days import is_day
from pimforms.model.facts import Facts, Interviewer
from pimforms.resolve import messages
from pimforms.resolve.csvfiles import CsvProblem, Table, columns_by_name, read_csv
from pimforms.standards.data import table

_MORE = re.compile(r"[\s,;|]+")
_NEEDED = ("code", "training")
_COLUMNS = (*_NEEDED, "valid_to", "sex", "languages")
_SEXES = (None, "female", "male", "other")
_NAMES = (
    "name",
    "full_name",
    "first_name",
    "last_name",
    "surname",
    "phone",
    "email",
    "nom",
    "prenom",
    "nombre",
    "apellido",
)


def with_roster(facts: Facts, folder: Path) -> tuple[Facts, list[Diagnostic]]:
    """The facts with the interviewers of their CSV file, and what is wrong with the file."""
    file = facts.interviewers
    if file is None:
        return facts, []
    try:
        rows = read_csv(str(folder / file.name))
        roster = tuple(_interviewers(rows, file.name))
    except CsvProblem as problem:
        return facts, [messages.file_does_not_fit(file.place, problem.message, problem.why, problem.fix)]
    return replace(facts, roster=roster), []


def _interviewers(rows: Table, name: str) -> list[Interviewer]:
    lowered = columns_by_name(rows, name, _NEEDED, _COLUMNS)
    named = next((lowered[column] for column in _NAMES if column in lowered), None)
    if named is not None:
        why = "This file travels to every phone. Codes are enough; keep who is who in the office."
        raise CsvProblem(
            f"`{name}` holds names or numbers of interviewers: column `{named}`", why, "take that column out"
        )
    known = table("facts")["training"]
    found: dict[str, Interviewer] = {}
    for row, line in zip(rows.rows, rows.lines, strict=True):
        value = {column: row.get(lowered[column], "") for column in lowered}
        code = value["code"]
        if not re.fullmatch(r"[A-Za-z0-9_-]+", code) or code in found:
            what = "stands twice" if code in found else "is no code"
            why = "Answers and phones know an interviewer by this code."
            raise CsvProblem(
                f"`{name}` line {line}: `{code}` {what}", why, "use letters, digits, `-` and `_`, once each"
            )
        training = tuple(word for word in _MORE.split(value["training"]) if word)
        unknown = next((word for word in training if word not in known), None)
        if unknown is not None:
            why = "A gate that asks for a training would never open."
            raise CsvProblem(f"`{name}` line {line}: `{unknown}` is no training", why, f"use: {', '.join(known)}")
        until = value.get("valid_to", "") or None
        if until is not None and not is_day(until):
            raise CsvProblem(
                f"`{name}` line {line}: `{until}` is no date", "Training runs out.", "write it as 2027-03-31"
            )
        sex = value.get("sex", "") or None
        if sex not in _SEXES:
            why = "Women who interview women are counted by this word."
            raise CsvProblem(f"`{name}` line {line}: `{sex}` is no sex", why, "write female, male or other, or nothing")
        languages = tuple(word for word in _MORE.split(value.get("languages", "")) if word)
        found[code] = Interviewer(code, training, until, sex, languages)
    return list(found.values())
