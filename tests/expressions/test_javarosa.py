"""The XPath that is written, in JavaRosa: blanks, dates, hidden answers, repeats."""

from __future__ import annotations

from pathlib import Path

import pytest
from expression_help import form_of, survey
from javarosa import Interview
from scenarios import SCENARIOS, Scenario


def interview(text: str, folder: Path) -> Interview:
    from pyxform.xls2xform import convert

    return Interview(convert(survey(form_of(text)), validate=False).xform, folder)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_expressions_mean_what_they_say(scenario: Scenario, tmp_path: Path) -> None:
    talk = interview(scenario.text, tmp_path)
    for path, value in scenario.answers:
        if path.startswith("+"):
            talk.add(path[1:])
        else:
            talk.answer(path, value)
    assert {path: talk.value(path) for path in scenario.expected} == scenario.expected


CALENDAR = [
    ("2026-01-31", "2026-02-28", "0", "0", "28"),
    ("2026-01-31", "2026-03-01", "0", "1", "29"),
    ("2024-02-29", "2025-02-28", "0", "11", "365"),
    ("2024-02-29", "2025-03-01", "1", "12", "366"),
    ("2024-02-29", "2028-02-29", "4", "48", "1461"),
    ("2025-03-01", "2026-02-28", "0", "11", "364"),
    ("2025-03-01", "2026-03-01", "1", "12", "365"),
    ("2025-12-31", "2026-01-01", "0", "0", "1"),
    ("2026-03-28", "2026-03-30", "0", "0", "2"),
    ("2026-05-15", "2026-05-15", "0", "0", "0"),
    ("2026-05-15", "2025-05-16", "0", "-11", "-364"),
    ("1931-10-25", "2026-10-24", "94", "1139", "34698"),
]


def test_spans_are_completed_units(tmp_path: Path) -> None:
    talk = interview(
        """
ask a date "A"
ask b date "B"
calculate y = years from a to b
calculate m = months from a to b
calculate d = days from a to b
""",
        tmp_path,
    )
    for start, end, *expected in CALENDAR:
        talk.answer("a", start)
        talk.answer("b", end)
        assert [talk.value(name) for name in "ymd"] == expected, (start, end)


CONSTRAINTS = [
    ('ask q integer "Q"\n  must be at least 1 and at most 5', [("1", True), ("0", False), ("5", True), ("6", False)]),
    ('ask q text "Q"\n  must match "[a-z]{2}"', [("ab", True), ("abc", False), ("AB", False)]),
    ('ask q text "Q"\n  must match "ab|cd"', [("ab", True), ("cd", True), ("abcd", False)]),
    ('ask q date "Q"\n  must be before 2026-05-01', [("2026-04-30", True), ("2026-05-01", False)]),
    (
        'ask q date "Q"\n  must be true that years from answer to 2026-05-01 >= 18',
        [("2008-05-01", True), ("2008-05-02", False)],
    ),
    ('ask q integer "Q"\n  must be true that answer is one of 1, 3', [("1", True), ("2", False)]),
    (
        'ask q many "Q"\n  - a "A"\n  - b "B"\n  - c "C"\n  must be true that answer includes a or chosen(answer) is 1',
        [("a b", True), ("b", True), ("b c", False)],
    ),
]


@pytest.mark.parametrize(("text", "answers"), CONSTRAINTS)
def test_constraints_let_pass_what_they_should(text: str, answers: list[tuple[str, bool]], tmp_path: Path) -> None:
    talk = interview(text, tmp_path)
    assert [(answer, talk.accepts("q", answer)) for answer, _ in answers] == answers


def test_a_random_code_never_changes_again(tmp_path: Path) -> None:
    talk = interview('ask a text "A"\ncalculate code = join("P-", random_code(), a)', tmp_path)
    first = talk.value("code")
    talk.answer("a", "x")
    assert talk.value("code") == first
    assert len(first) == len("P-P12345678")
