"""The known word that was meant: the same for few and for many known words, and quick also for many unknown ones."""

from __future__ import annotations

import time

import pytest
from expression_help import read

from pimforms.expressions.nearest import ALL_LOOKED_AT, nearest_word
from pimforms.source import Source
from pimforms.syntax.parse import parse

MANY = [f"place_{i}" for i in range(ALL_LOOKED_AT * 20)]


@pytest.mark.parametrize("known", [[], MANY], ids=["few", "many"])
@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("childern", "children"),  # two letters changed round
        ("chldren", "children"),  # one missing
        ("chilldren", "children"),  # one too many
        ("children_in_house", "children_in_household"),  # the end left out
        ("Children", "children"),
        ("zzz", None),
        ("", None),
    ],
)
def test_the_word_that_was_meant(known: list[str], written: str, meant: str | None) -> None:
    words = ["children", "children_in_household", "water", *known]
    assert nearest_word(written, words, fold=True) == meant


def test_the_order_of_the_known_words_does_not_matter() -> None:
    for written in ("place_1x", "plac_77", "place", "palce_300"):
        assert nearest_word(written, MANY) == nearest_word(written, reversed(MANY))


@pytest.mark.parametrize(
    "line",
    ["when nothing{i} is yes", "when c is xode{i}", 'hint "{{wrong_{i}}}"'],
    ids=["names", "codes", "in texts"],
)
def test_thousands_of_unknown_words_are_quick(line: str) -> None:
    codes = "".join(f'- code{i} "C{i}"\n' for i in range(3000))
    lines = "".join(f'ask q{i} yes_no "Q"\n  {line.format(i=i)}\n' for i in range(3000))
    start = time.process_time()
    assert len(read(f'ask c one "C"\n{codes}{lines}')[1]) == 3000
    assert time.process_time() - start < 6  # quadratic, it was 20 and more


def test_thousands_of_misspelt_lines_are_quick() -> None:
    text = "".join(f'ask q{i} yes_no "Q"\n  relevnt{i} a is yes\n  hint{i} "x"\n' for i in range(2000))
    start = time.process_time()
    assert len(parse(Source("x.pim", text))[1]) == 4000
    assert time.process_time() - start < 6
