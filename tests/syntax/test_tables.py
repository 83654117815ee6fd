"""The stored parse table is the one of the grammar."""

from __future__ import annotations

import json

from pimforms.syntax import tables
from pimforms.syntax.spreadsheet import spreadsheet_words
from pimforms.syntax.words import read_keywords


def test_the_stored_table_is_the_one_of_the_grammar() -> None:
    stored = json.loads(tables.TABLES.read_text(encoding="utf-8"))
    assert stored == json.loads(json.dumps(tables.build())), "run: python -m pimforms.syntax.tables"


def test_keywords_come_from_the_table() -> None:
    assert tables.keywords() == read_keywords()


def test_no_spelling_means_two_things_at_the_beginning_of_a_line() -> None:
    openers = [keyword for keyword in tables.keywords() if keyword.role in ("statement", "property")]
    spellings = [spelling for keyword in openers for spelling in (keyword.word, *keyword.near)]
    assert sorted(set(spellings)) == sorted(spellings)


def test_words_of_spreadsheets_lead_to_words_of_the_language() -> None:
    known = spreadsheet_words()
    assert {meant.word for meant in known.values()} - {None} <= {keyword.word for keyword in tables.keywords()}
    assert all(meant.fix.startswith(("write ", "take it out: ")) for meant in known.values())
