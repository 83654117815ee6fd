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


OTHERS = """
ask asked yes_no "Asked"
ask a integer "A"
  optional
  when asked is yes
ask b integer "B"
  optional
ask day date "Day"
  optional
ask unit one "Unit"
  - kg "kg"
  - g "g"
ask picked many "Picked"
  - x "X"
  - y "Y"
repeat members "Members"
  ask age integer "Age"
end repeat
calculate total = a + b
calculate first_day = day
"""
DAY = 'ask q date "Q"\n  must be '
NUMBER = 'ask q integer "Q"\n  must be '
BLANK_BOUNDS = [
    # the `must`, what the others are, and whether an answer passes
    (DAY + "at least day", {}, {"2026-01-01": True}),
    (DAY + "at least day", {"day": "2026-01-02"}, {"2026-01-01": False, "2026-01-02": True}),
    (DAY + "at least first_day", {}, {"2026-01-01": True}),
    (DAY + "at least first_day", {"day": "2026-01-02"}, {"2026-01-01": False, "2026-01-02": True}),
    (DAY + "true that years from day to answer >= 18", {}, {"2026-01-01": True}),
    (
        DAY + "true that years from day to answer >= 18",
        {"day": "2008-01-02"},
        {"2026-01-01": False, "2026-01-02": True},
    ),
    (NUMBER + "at most a", {"asked": "no"}, {"1": True}),
    (NUMBER + "at most a", {"asked": "yes"}, {"1": True}),
    (NUMBER + "at most a", {"asked": "yes", "a": "5"}, {"5": True, "6": False}),
    (NUMBER + "at most a", {"a": "5", "asked": "no"}, {"6": True}),
    (NUMBER + "at least 1 and at most a", {"asked": "no"}, {"0": False, "9": True}),
    (NUMBER + "at most total", {"b": "3"}, {"9": True}),
    (NUMBER + "at most total", {"b": "3", "asked": "yes", "a": "4"}, {"7": True, "8": False}),
    (NUMBER + "at most a / b", {"asked": "yes", "a": "6", "b": "0"}, {"9": True}),
    (NUMBER + "true that answer + a <= b", {"b": "3"}, {"9": True}),
    (NUMBER + "true that answer is a", {"asked": "no"}, {"9": True}),
    (NUMBER + "true that answer is a", {"asked": "yes", "a": "5"}, {"5": True, "9": False}),
    (NUMBER + "true that answer is not a", {"asked": "no"}, {"9": True}),
    (NUMBER + "true that answer is not a", {"asked": "yes", "a": "5"}, {"5": False, "9": True}),
    (NUMBER + "true that answer is one of a, b", {}, {"9": True}),
    (NUMBER + "true that answer is one of a, b", {"b": "3"}, {"3": True, "9": False}),
    (NUMBER + "true that answer is one of 0, b", {}, {"0": True, "9": False}),
    (NUMBER + "true that answer is not one of 0, b", {}, {"0": False, "9": True}),
    (NUMBER + "true that answer is not one of 0, b", {"b": "3"}, {"0": False, "3": False, "9": True}),
    (NUMBER + "true that not (answer > b)", {}, {"9": True}),
    (NUMBER + "true that not (answer > b)", {"b": "3"}, {"3": True, "9": False}),
    (NUMBER + "true that not (answer > 5 and unit is kg)", {}, {"9": True}),
    (NUMBER + "true that not not (answer <= b)", {}, {"9": True}),
    (NUMBER + "true that answer > 0 or asked is no", {}, {"0": False, "1": True}),
    (NUMBER + "true that answer > 0 or asked is no", {"asked": "no"}, {"0": True}),
    (NUMBER + "true that unit is kg and answer < 5", {}, {"4": True, "9": False}),
    (NUMBER + "true that unit is kg and answer < 5", {"unit": "g"}, {"4": False}),
    (NUMBER + "true that (unit is kg and answer < 5) or (unit is g and answer < 5000)", {}, {"9": True, "6000": False}),
    (
        NUMBER + "true that (unit is kg and answer < 5) or (unit is g and answer < 5000)",
        {"unit": "kg"},
        {"4": True, "9": False},
    ),
    (NUMBER + "true that answer <= chosen(picked)", {}, {"0": True, "1": False}),
    (NUMBER + "at most count of members", {}, {"1": True, "2": False}),
    (NUMBER + "at most sum of age in members", {}, {"0": True, "1": False}),
    (NUMBER + "at most largest of age in members", {}, {"1": True}),
    (NUMBER + "true that picked includes x and answer < 5", {}, {"4": True, "9": False}),
    (NUMBER + "true that picked includes x and answer < 5", {"picked": "y"}, {"4": False}),
    (NUMBER + "true that picked does not include x or answer < 5", {}, {"9": True}),
    (NUMBER + "true that not (picked does not include x) and answer < 5", {"picked": "x"}, {"4": True, "9": False}),
]


@pytest.mark.parametrize(("text", "others", "passes"), BLANK_BOUNDS)
def test_a_blank_or_hidden_bound_refuses_no_answer(
    text: str, others: dict[str, str], passes: dict[str, bool], tmp_path: Path
) -> None:
    talk = interview(OTHERS + text, tmp_path)
    for name, value in others.items():
        talk.answer(name, value)
    assert {answer: talk.accepts("q", answer) for answer in passes} == passes


def test_a_random_code_never_changes_again(tmp_path: Path) -> None:
    talk = interview('ask a text "A"\ncalculate code = join("P-", random_code(), a)', tmp_path)
    first = talk.value("code")
    talk.answer("a", "x")
    assert talk.value("code") == first
    assert len(first) == len("P-P12345678")
