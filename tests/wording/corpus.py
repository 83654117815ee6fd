"""Questionnaires of other people, where they lie beside this project: what the wording rules find in them.

Only hashes of their texts are kept here, with our verdict on each finding.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from conftest import ROOT
from pimforms.rules.wording import wordings

CORPUS = ROOT.parent / "shared" / "corpus"
VERDICTS = Path(__file__).with_name("corpus_verdicts.tsv")
LANGUAGES = {"english": "en", "french": "fr", "français": "fr", "spanish": "es", "español": "es", "arabic": "ar"}
YES = {"yes", "oui", "sí", "si", "نعم"}


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
    """By file name, row and column; a text that stands in several files counts once."""
    seen: set[str] = set()
    for path in sorted(CORPUS.glob("*.xlsx")):
        for finding in _of_file(path):
            if finding.mark not in seen:
                seen.add(finding.mark)
                yield finding


def _of_file(path: Path) -> Iterator[Finding]:
    from openpyxl import load_workbook

    book = load_workbook(path, read_only=True, data_only=True)
    sheets = {name.strip().lower(): name for name in book.sheetnames}
    if "survey" not in sheets:
        return
    rows = list(book[sheets["survey"]].iter_rows(values_only=True))
    if not rows:
        return
    head = [str(cell or "").strip().lower() for cell in rows[0]]
    if "type" not in head:
        return
    labels = [(number, _language(name)) for number, name in enumerate(head) if name.split(":")[0].strip() == "label"]
    lists = _yes_no_lists(book, sheets)
    for number, row in enumerate(rows[1:], start=2):
        kind = str(_cell(row, head.index("type")) or "").split()
        answers = _answers(kind, lists)
        if answers is None:
            continue
        for column, language in labels:
            text = _cell(row, column)
            if isinstance(text, str) and language:
                for found in wordings(text, language, answers):
                    yield Finding(path.name, number, language, found.entry.kind, found.words, text)


def _cell(row: tuple[Any, ...], column: int) -> Any:
    return row[column] if column < len(row) else None


def _language(head: str) -> str:
    """A label without a language is taken to be English; almost all are."""
    named = head.partition(":")[2].strip(": ")
    if not named:
        return "en"
    return LANGUAGES.get(named.split(" ")[0], "")


def _yes_no_lists(book: Any, sheets: dict[str, str]) -> set[str]:
    if "choices" not in sheets:
        return set()
    rows = list(book[sheets["choices"]].iter_rows(values_only=True))
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
