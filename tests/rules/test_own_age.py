"""Where children may answer: what is meant for them is fit for them, and they can say how old they are."""

from __future__ import annotations

import pytest

from forms import HEAD, check
from pimforms.model.children import may_ask_child
from pimforms.model.walk import index

CHILDREN = HEAD.replace("  contact ", "  children 12 to 17\n  contact ", 1)
AGE = """ask age one "How old are you?"
  gives age_band
  - young "12 to 14 years"
  - teen  "15 to 17 years"
  - adult "18 to 59 years"
  - older "60 years or older"
"""
OPEN = 'ask open yes_no "Is the school open?"\n'
JOIN = 'ask join yes_no "Were you asked to join?"\n  topic recruitment\n'
PLAY = 'ask play yes_no "Is there a place to play?"\n  topic education\n'


def said(body: str, head: str = CHILDREN, code: str = "PIM416") -> list[str]:
    return [d.message for d in check(body, head=head).diagnostics if d.code == code]


@pytest.mark.parametrize(
    ("when", "only_children"),
    [
        ("age is young", True),
        ("age is one of young, teen", True),
        ("age is one of teen, adult", False),
        ("age is not young", False),
        ("open is yes and age is teen", True),
        ("(open is yes or age is teen)", False),
        ("(age is young or age is teen)", True),
        ("open is yes", False),
    ],
)
def test_what_only_a_child_would_be_asked_must_be_fit_for_a_child(when: str, only_children: bool) -> None:
    assert bool(said(AGE + OPEN + JOIN + f"  when {when}\n")) is only_children
    assert said(AGE + OPEN + PLAY + f"  when {when}\n") == []


@pytest.mark.parametrize(
    ("when", "only_children"), [("years < 18", True), ("years <= 17", True), ("years < 19", False)]
)
def test_an_age_in_years_is_understood_as_well(when: str, only_children: bool) -> None:
    years = 'ask years integer "How old are you?"\n  gives age\n  must be at least 0\n'
    assert bool(said(years + JOIN + f"  when {when}\n")) is only_children


def test_the_age_of_a_member_is_not_that_of_the_person_who_answers() -> None:
    roster = 'repeat members "Member"\n  ask years integer "How old?"\n    gives age\n    must be at least 0\n'
    school = '  ask ill yes_no "Is this child ill?"\n    topic health_status\n    when years < 18\nend repeat\n'
    assert said(roster + school) == []
    assert said(roster + school, HEAD, "PIM417") == []


def test_questions_for_children_need_the_line_that_lets_children_answer() -> None:
    body = AGE + OPEN + PLAY + "  when age is young\n"
    assert said(body, CHILDREN, "PIM417") == []
    assert said(body, HEAD, "PIM417") == ["`play` is for children, and this form ends when a child answers"]


def test_a_child_can_say_how_old_it_is() -> None:
    adults = "".join(line for line in AGE.splitlines(keepends=True) if "young" not in line and "teen" not in line)
    assert said(AGE + OPEN, code="PIM417") == []
    assert said(adults + OPEN, code="PIM417") == ["children are asked `age`, and none of its answers is for a child"]


def test_sex_and_age_are_asked_of_children_also_where_they_serve_what_is_not() -> None:
    body = f'{AGE}group hard "Hard"\n  by age\n  topic child_protection\n  ask alone yes_no "Are children alone here?"\nend group\n'
    form = check(OPEN + body, "child_protection", CHILDREN).form
    assert form is not None
    items = index(form.items)
    assert may_ask_child(form, items["age"].item) and not may_ask_child(form, items["alone"].item)
