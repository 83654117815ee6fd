"""One mistake gives one message; what follows from it is said when it is settled."""

from __future__ import annotations

from forms import check

NAME = 'ask who text "What is your full name?"\n  gives person_name\n'
REASON = '  needed because "the legal aid team writes the request with it" until 2027-03-31\n'


def codes(body: str) -> set[str]:
    return {d.code for d in check(body, "civil_documents").diagnostics if d.is_error}


def test_a_name_without_a_reason_is_one_error() -> None:
    assert codes(NAME) == {"PIM306"}


def test_once_it_has_one_what_follows_is_said() -> None:
    assert codes(NAME + REASON + 'ask papers yes_no "Do you lack papers?"\n') == {"PIM317", "PIM502"}
