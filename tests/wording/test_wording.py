"""The wording rules are right when they speak: measured on questions they were not fitted to, and on those of others."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from corpus import CORPUS, VERDICTS, findings, texts
from labelled import labelled, report, scores

from forms import check, said
from pimforms.rules.wording import patterns, wordings
from pimforms.standards.data import table

LANGUAGES = ("en", "fr", "es", "ar")
KINDS = [kind for kind, row in table("wording").items() if row["on"]]
ENOUGH = 0.9


def test_the_labelled_set_is_large_and_half_clean() -> None:
    rows = labelled()
    assert len(rows) >= 330
    assert sum(not row.labels for row in rows) >= 0.45 * len(rows)
    assert len({(row.language, row.text) for row in rows}) == len(rows)


def test_halves_alternate_so_that_nobody_can_choose_them() -> None:
    turn: Counter[tuple[str, frozenset[str]]] = Counter()
    for row in labelled():
        assert row.half == ("tune", "held")[turn[row.language, row.labels] % 2], row.text
        turn[row.language, row.labels] += 1


@pytest.mark.parametrize("key", [*KINDS, *LANGUAGES, "all"])
def test_nine_of_ten_findings_on_held_questions_are_right(key: str) -> None:
    score = scores(labelled("held"))[key]
    print(f"{key}: precision {score.precision:.2f}, recall {score.recall:.2f}, {score.right + score.wrong} findings")
    assert score.precision >= ENOUGH, report(labelled("held"))


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_has_been_seen_firing_on_held_questions(kind: str) -> None:
    assert scores(labelled("held"))[kind].right >= 3


def test_a_kind_that_is_off_is_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "Have you been ill recently?"
    assert [found.entry.kind for found in wordings(text, "en", "yes_no")] == ["vague_recall"]
    monkeypatch.setitem(table("wording")["vague_recall"], "on", False)
    assert wordings(text, "en", "yes_no") == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_near_words_hide_nothing_that_the_pattern_would_find(language: str) -> None:
    """A pattern is tried only where one of its `near` words stands; a word forgotten there would silence it unseen."""
    tables = table(f"wording_{language}")
    assert set(tables) - {"sets"} <= set(table("wording"))
    texts = [row.text.lower() for row in labelled() if row.language == language]
    for pattern in patterns(language):
        assert all(near == near.lower() for near in pattern.near)
        assert (pattern.kind == "not_neutral") == bool(pattern.offer)
        for text in texts:
            if re.search(pattern.find, text):
                assert any(near in text for near in pattern.near), (pattern.near, text)


def test_curly_apostrophes_and_capitals_change_nothing() -> None:
    for text in ("Don’t you think so?", "DON'T YOU THINK SO?", "Don't you think so?"):
        assert [found.entry.kind for found in wordings(text, "en")] == ["leading"]


def test_the_words_are_quoted_as_the_author_wrote_them() -> None:
    assert wordings("Have you been ill RECENTLY?", "en")[0].words == "RECENTLY"


def test_a_language_without_a_table_is_left_alone() -> None:
    assert wordings("Have you been ill recently?", "so") == []


def test_official_wording_is_not_ours_to_judge() -> None:
    assert [code for code in said("use wg_ss for safety\n") if code.startswith("PIM7")] == []


def test_a_fault_in_a_translation_is_said_with_its_language() -> None:
    head = HEAD_FR
    body = 'ask ill yes_no "In the last 30 days, were you ill?"\n  fr: "Avez-vous été malade récemment ?"\n'
    found = [d for d in check(body, head=head).diagnostics if d.code == "PIM701"]
    assert [d.message for d in found] == ["“récemment” does not say since when (`fr`)"]


def test_one_fault_in_two_languages_is_one_message() -> None:
    body = 'ask ill yes_no "Were you ill recently?"\n  fr: "Avez-vous été malade récemment ?"\n'
    assert [d.code for d in check(body, head=HEAD_FR).diagnostics] == ["PIM701"]


def test_a_word_that_takes_a_side_is_found_in_choices_hints_and_notes() -> None:
    body = (
        'note told "We ask about the regime\'s checkpoints."\n'
        'ask who one "Who stopped you?"\n'
        '  hint "Militants, or others"\n'
        '  - army "Army"\n'
        '  - them "Terrorists"\n'
        '  - other "Other"\n'
    )
    assert said(body) == ["PIM708 line 1", "PIM708 line 3", "PIM708 line 5"]


@pytest.mark.parametrize(
    ("language", "row", "found"),
    [
        ("en", "Violence and harassment of any kind", True),
        ("en", "Kidnapping and extortion on the road", True),
        ("en", "Protection from sexual exploitation and abuse", False),
        ("en", "Safety and security services", False),
        ("fr", "Menaces et insultes", True),
        ("es", "Secuestros y extorsión", True),
    ],
)
def test_two_harms_are_two_things_in_a_row_of_a_table_too(language: str, row: str, found: bool) -> None:
    assert bool(wordings(row, language, "one")) is found


HEAD_FR = """\
form short "Short form"
  organisation "Relief"
    fr: "Secours"
  category     protection_monitoring
  population   "People in block C"
  contact      "the desk"
    fr: "le bureau"
  languages    en, fr
purpose safety "Safer sites"
  topic       {topic}
  need        "Where people feel safe"
  tell people "make places here safer"
    fr: "rendre les lieux plus sûrs"
  decide      "Where lights go" by "Site planning group"
"""


# ---- questionnaires of other people


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the questionnaires of others are not here")
@pytest.mark.filterwarnings("ignore")
def test_nine_of_ten_of_the_first_fifty_findings_elsewhere_are_right() -> None:
    lines = [line for line in VERDICTS.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    verdicts = {row[0]: row[2] for row in (line.split("\t") for line in lines[1:])}
    first = [finding for finding, _ in zip(findings(), range(50), strict=False)]
    assert [f"{f.file} row {f.row}: {f.kind} {f.mark}" for f in first if f.mark not in verdicts] == []
    right = sum(verdicts[finding.mark] == "right" for finding in first)
    questions = {(said.language, said.text) for said in texts() if said.what == "label"}
    print(f"{len(first)} findings in {len(questions)} questions of others, {right} right")
    assert first and right >= ENOUGH * len(first)
