"""What servers make of a form."""

from __future__ import annotations

import pytest

from forms import check


def repeat_of(word: str, questions: int) -> str:
    inner = "".join(f'ask q{n} one of five "Question {n}"\n' for n in range(questions))
    five = "choices five\n" + "".join(f' c{n} "Choice {n}"\n' for n in range(5)) + "end choices\n"
    return f'{five}repeat r "R"\nask first yes_no "First"\n{word} g "G"\n{inner}end {word}\nend repeat'


@pytest.mark.parametrize(
    ("word", "questions", "codes"),
    [("screen", 150, ["PF401"]), ("screen", 100, []), ("group", 400, [])],
    ids=["a large screen", "a smaller one", "a group, which is taken apart"],
)
def test_a_large_screen_in_a_repeat_is_slow_on_every_server(word: str, questions: int, codes: list[str]) -> None:
    found = [d.code for d in check(repeat_of(word, questions)).diagnostics]
    assert [code for code in found if code.startswith("PF")] == codes
