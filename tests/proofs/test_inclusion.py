"""Who is left out of which question: the smallest groups, and nothing that is not so."""

from __future__ import annotations

import pytest

from forms import form_of
from pimforms.proofs.inclusion import LeftOut, left_out

pytest.importorskip("z3")

HEAD = """
ask sex one "Sex?"
  gives sex
  - female "Female"
  - male "Male"
  - other "Other"
ask status one "Status?"
  gives displacement
  - idp "IDP"
  - host "Host"
ask age integer "Age?"
  must be at least 0 and at most 120
calculate band = "child" if age < 18 otherwise "adult"
  gives age_band
ask walks one "Can you walk?"
  - easily "Easily"
  - hardly "Hardly"
calculate disabled = walks is hardly
  gives disability
"""


def groups(body: str) -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = {}
    for each in left_out(form_of(HEAD + body)):
        found.setdefault(each.name, []).append(dict(each.group))
    return found


def one(body: str) -> LeftOut:
    (found,) = left_out(form_of(HEAD + body))
    return found


def test_nobody_is_left_out_of_what_everybody_is_asked() -> None:
    assert groups('ask water yes_no "Is there water?"\nask near yes_no "Near?"\n  when water is yes\n') == {}


def test_a_condition_on_the_group_itself_is_open() -> None:
    body = 'ask pregnant yes_no "Pregnant?"\n  when sex is one of female, other\n'
    found = one(body)
    assert (found.name, dict(found.group), found.concepts, found.open) == ("pregnant", {"sex": "male"}, ("sex",), True)
    assert [(name, place.text) for name, place in found.because] == [("pregnant", "sex is one of female, other")]


def test_a_group_is_left_out_through_other_questions() -> None:
    body = """
ask work yes_no "Do you work?"
  when walks is easily
ask paid yes_no "Are you paid?"
  when work is answered
"""
    found = {each.name: each for each in left_out(form_of(HEAD + body))}
    assert dict(found["paid"].group) == {"disabled": "yes"}
    assert found["work"].open and not found["paid"].open


def test_an_age_counts_by_its_band() -> None:
    assert groups('ask school yes_no "School?"\n  when age >= 5 and age <= 17\n') == {"school": [{"band": "adult"}]}


def test_two_together_are_left_out_where_each_alone_is_not() -> None:
    body = 'ask water yes_no "Water?"\n  when sex is female or status is host\n'
    assert groups(body) == {"water": [{"sex": "male", "status": "idp"}, {"sex": "other", "status": "idp"}]}


def test_what_nobody_is_asked_leaves_nobody_out() -> None:
    body = """
ask a yes_no "A?"
  when age > 50
ask b yes_no "B?"
  when age < 20
ask c yes_no "C?"
  when a is yes and b is yes and sex is female
"""
    assert "c" not in groups(body)
