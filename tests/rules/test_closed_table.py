"""What may stand before the consent: chosen by the interviewer, about the interview, and nothing into which a story fits."""

from __future__ import annotations

import pytest

from forms import check

LIST = '\n  - north "North"\n  - south "South"'
YES = '\n  - yes "Yes"\n  - no "No"'
REST = 'ask open yes_no "Is the desk open?"\n'


@pytest.mark.parametrize("consent", ["consent\n", ""])
@pytest.mark.parametrize(
    ("line", "allowed"),
    [
        (f'ask camp one "Which camp?"\n  gives place{LIST}', True),
        ('ask grown yes_no "Is the person an adult?"\n  gives adult', True),
        ('ask helped yes_no "Does somebody interpret?"\n  gives interpreter', True),
        (f'ask helped one "Does somebody interpret?"\n  gives interpreter{YES}', True),
        ('ask who text "Your code"\n  gives interviewer\n  must match "[A-Z][0-9]{2}"', True),
        ('ask hurt yes_no "Were you beaten?"\n  gives place', False),
        (f'ask hurt one "Were you beaten?"\n  gives mode{YES}', False),
        ('ask story text "What happened?"\n  gives place', False),
        ('ask grown yes_no "Is the person an adult?"\n  gives adult\n  default yes', False),
        (f'ask grown one "Is the person a child?"\n  gives adult{YES}', False),
        ('ask who text "Your code"\n  gives interviewer', False),
        ('ask who text "The number of the person"\n  gives interviewer\n  must match "[0-9]{9}"', False),
        ('ask who text "What happened"\n  gives interviewer\n  must match "[A-Z ]{1,29}"', False),
    ],
)
def test_what_says_that_it_comes_first_must_fit(line: str, allowed: bool, consent: str) -> None:
    found = [d for d in check(f"{line}\n{consent}{REST}").diagnostics if d.is_error]
    assert [d.code for d in found] == ([] if allowed else ["PIM401"])


@pytest.mark.parametrize("name", ["yes_no", "pim_goes", "PIM_hears"])
def test_no_list_takes_the_place_of_one_that_the_compiler_uses(name: str) -> None:
    """With its words turned round, a no to the consent would be a yes."""
    body = f'choices {name}\n  yes "No"\n  no  "Yes"\nend choices\nask which one of {name} "Which?"\n{REST}'
    assert "PF102" in [d.code for d in check(body).diagnostics]


def test_a_question_called_yes_no_has_a_list_of_its_own() -> None:
    made = check(f'ask yes_no one "Which?"{YES.replace("yes", "one").replace("no ", "two ")}\n{REST}').form
    assert made is not None
    assert [choice.code for choice in made.lists["yes_no"].choices] == ["yes", "no"]
