"""Questionnaires of other people, where they lie beside this project: what the wording rules find in them.

Only hashes of their texts are kept here, with our verdict on each finding.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from conftest import ROOT
from pimforms.rules.wording import NEUTRAL, wordings

CORPUS = ROOT.parent / "shared" / "corpus"
VERDICTS = Path(__file__).with_name("corpus_verdicts.tsv")
LANGUAGES = {"english": "en", "french": "fr", "français": "fr", "spanish": "es", "español": "es", "arabic": "ar"}
LANGUAGES |= {code: code for code in LANGUAGES.values()}
YES = {"yes", "oui", "sí", "si", "نعم"}
_ROWS, _COLUMNS = 10_000, 200
"""No questionnaire is longer; some sheets have a million formatted rows without a word in them."""

Rows = list[tuple[Any, ...]]


@dataclass(frozen=True)
class Said:
    """One text of a questionnaire. `what` is label, hint, note or choice; `answers` how it is answered, as the tables say."""

    file: str
    row: int
    what: str
    language: str
    answers: str
    text: str


@dataclass(frozen=True)
class Finding:
    file: str
    row: int
    language: str
    kind: str
    words: str
    text: str

    @property
    def mark(self) -> str:
        """Stands for the text in the file of verdicts."""
        return hashlib.sha256(f"{self.kind}\n{self.text}".encode()).hexdigest()[:16]


def findings() -> Iterator[Finding]:
    """By file name, row and column; a text that stands in several files counts once.

    Words that take a side are looked for wherever people read or hear them, other kinds in questions, as the rules do.
    """
    seen: set[str] = set()
    for said in texts():
        for found in wordings(said.text, said.language, said.answers):
            kind = found.entry.kind
            finding = Finding(said.file, said.row, said.language, kind, found.words, said.text)
            if (said.what == "label" or kind == NEUTRAL) and finding.mark not in seen:
                seen.add(finding.mark)
                yield finding


@cache
def texts() -> tuple[Said, ...]:
    """Every label, hint, note and choice in a language that has a table of words."""
    files = sorted(path for path in CORPUS.iterdir() if path.suffix in (".xlsx", ".xls", ".xlsm"))
    return tuple(said for path in files for said in _of_file(path))


def _of_file(path: Path) -> Iterator[Said]:
    sheets = _sheets(path)
    rows, choices = sheets.get("survey", []), sheets.get("choices", [])
    head = [str(cell or "").strip().lower() for cell in rows[0]] if rows else []
    if "type" not in head:
        return
    lists = _yes_no_lists(choices)
    for number, row in enumerate(rows[1:], start=2):
        answers = _answers(str(_cell(row, head.index("type")) or "").split(), lists)
        for column, part, language in _columns(head, ("label", "hint")):
            text = _cell(row, column)
            if isinstance(text, str) and text.strip():
                what = part if answers is not None else "note"
                yield Said(path.name, number, what, language, answers or "", text)
    head = [str(cell or "").strip().lower() for cell in choices[0]] if choices else []
    for number, row in enumerate(choices[1:], start=2):
        for column, _, language in _columns(head, ("label",)):
            text = _cell(row, column)
            if isinstance(text, str) and text.strip():
                yield Said(path.name, number, "choice", language, "", text)


def _sheets(path: Path) -> dict[str, Rows]:
    """The survey and choices sheets; none of a file that cannot be read."""
    wanted = ("survey", "choices")
    try:
        if path.suffix == ".xls":
            import xlrd

            old = xlrd.open_workbook(path)
            return {
                sheet.name.strip().lower(): [tuple(sheet.row_values(row)) for row in range(sheet.nrows)]
                for sheet in old.sheets()
                if sheet.name.strip().lower() in wanted
            }
        from openpyxl import load_workbook

        book = load_workbook(path, read_only=True, data_only=True)
        return {
            name.strip().lower(): list(book[name].iter_rows(values_only=True, max_row=_ROWS, max_col=_COLUMNS))
            for name in book.sheetnames
            if name.strip().lower() in wanted
        }
    except Exception:  # some of these files are broken on purpose
        return {}


def _columns(head: list[str], parts: tuple[str, ...]) -> list[tuple[int, str, str]]:
    """The columns of these parts whose language has a table of words."""
    named = [(number, name.split(":")[0].strip(), _language(name)) for number, name in enumerate(head)]
    return [(number, part, language) for number, part, language in named if part in parts and language]


def _cell(row: tuple[Any, ...], column: int) -> Any:
    return row[column] if column < len(row) else None


def _language(head: str) -> str:
    """A label without a language is taken to be English; almost all are."""
    named = head.partition(":")[2].strip(": ")
    if not named:
        return "en"
    return LANGUAGES.get(named.split(" ")[0], "")


def _yes_no_lists(rows: Rows) -> set[str]:
    head = [str(cell or "").strip().lower() for cell in rows[0]] if rows else []
    lists = [number for number, name in enumerate(head) if name in ("list_name", "list name")]
    labels = [number for number, name in enumerate(head) if name.split(":")[0].strip() in ("label", "name")]
    if not lists:
        return set()
    return {
        str(row[lists[0]])
        for row in rows[1:]
        if any(str(_cell(row, column) or "").strip().lower() in YES for column in labels)
    }


def _answers(kind: list[str], yes_no: set[str]) -> str | None:
    """None for what is no question."""
    if not kind:
        return None
    if kind[0] in ("select_one", "select_one_from_file"):
        return "yes_no" if len(kind) > 1 and kind[1] in yes_no else "one"
    if kind[0] in ("select_multiple", "rank"):
        return "many"
    return "" if kind[0] in ("integer", "decimal", "text", "range", "date", "string", "int") else None
