"""The stored parse table is the one of the grammar, and reading stays fast."""

from __future__ import annotations

import json
import time

from pimforms.source import Source
from pimforms.syntax import tables
from pimforms.syntax.parse import parse
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


def test_time_grows_with_the_text_and_not_faster() -> None:
    def seconds(questions: int) -> float:
        lines = "".join(
            f'ask q{n} one of l "Question?"\n  fr: "Question ?"\n  when q{n - 1} is a\n' for n in range(1, questions)
        )
        source = Source("x.pim", lines)
        best = 60.0
        for _ in range(3):
            began = time.perf_counter()
            parse(source)
            best = min(best, time.perf_counter() - began)
        return best

    assert seconds(2000) < 20 * seconds(200)
