"""Facts stand inside a sentence so that it can be read aloud."""

from __future__ import annotations

import pytest

from pimforms.model.text import Text
from pimforms.protect.words import part, together
from pimforms.source import Place, Source

HERE = Place(Source("x.pim", ""), 0, 0)


@pytest.mark.parametrize(
    ("language", "words", "said"),
    [
        ("en", ["school", "water"], "school and water"),
        ("en", ["housing and land", "work and income"], "housing and land, and work and income"),
        ("fr", ["le logement et la terre", "le travail"], "le logement et la terre, et le travail"),
        ("en", ["the desk, every day", "the post"], "the desk, every day; the post"),
        ("fr", ["le bureau, le lundi", "le poste"], "le bureau, le lundi ; le poste"),
        ("en", ["the desk, every day"], "the desk, every day"),
        ("es", ["la vivienda y la tierra", "el trabajo"], "la vivienda y la tierra, y el trabajo"),
    ],
)
def test_the_parts_of_a_list_can_be_told_apart(language: str, words: list[str], said: str) -> None:
    assert together(words, language) == said


@pytest.mark.parametrize(
    ("written", "said"),
    [("Blue Drop.", "Blue Drop"), ("Blue Drop", "Blue Drop"), ("daily until 8 a.m.", "daily until 8 a.m."), ("", "")],
)
def test_a_fact_brings_no_full_stop_into_the_sentence(written: str, said: str) -> None:
    assert part(Text({"en": written}, HERE), "en") == said


def test_what_people_are_told_begins_small() -> None:
    assert part(Text({"en": "Make water better."}, HERE), "en", verb=True) == "make water better"
