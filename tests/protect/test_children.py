"""A child is asked only after both agreed, and only what is fit for children."""

from __future__ import annotations

from dataclasses import replace

import pytest
from consents import form

from forms import check
from pimforms.expressions.parts import names as names_in
from pimforms.model.children import may_ask_child
from pimforms.model.form import Form, Question
from pimforms.model.level import Level
from pimforms.model.walk import index
from pimforms.proofs.gate import open_without_consent
from pimforms.protect.weave import protect
from pimforms.xlsform.emit import emit

BODY = """\
ask open yes_no "Is the desk open?"
ask lack yes_no "Do you lack papers?"
  topic civil_documents
ask nm text "What is your name?"
  gives person_name
screen both "Both"
  ask shade yes_no "Is there shade?"
  ask move yes_no "Can you go where you like?"
    topic movement
end screen
"""


def asks_children(body: str = BODY, **facts: object) -> Form:
    made = check(body).form
    assert made is not None
    return replace(made, facts=replace(made.facts, **{"children": (10, 17), **facts}))  # type: ignore[arg-type]


def reads(made: Form, name: str) -> set[str]:
    stop = index(made.items)[name]
    whens = (getattr(item, "when", None) for item in (stop.item, *stop.around))
    return set().union(*(names_in(when) for when in whens if when is not None))


def test_without_children_the_form_stays_as_it_was() -> None:
    added = index(protect(form()).items)
    assert "pim_adult_no" in added
    assert not [name for name in added if name.startswith(("pim_child", "pim_caregiver"))]


def test_the_caregiver_comes_before_the_child_and_both_before_the_questions() -> None:
    order = list(index(protect(asks_children()).items))
    wanted = [
        "pim_adult",
        "pim_child_age",
        "pim_caregiver",
        "pim_caregiver_agree",
        "pim_child_agree",
        "pim_agree",
        "open",
    ]
    assert [name for name in order if name in wanted] == wanted


def test_every_question_repeats_the_whole_chain() -> None:
    safe = protect(asks_children())
    for name in ("open", "lack", "nm", "shade", "pim_withdraw", "pim_thanks"):
        assert {"pim_adult", "pim_agree", "pim_caregiver_agree", "pim_child_agree"} <= reads(safe, name), name


def test_it_is_proved() -> None:
    safe = protect(asks_children())
    assert open_without_consent(safe, emit(safe)) == ()


def test_specialists_ask_a_child_about_anything_and_that_is_proved() -> None:
    made = asks_children(category="case_management")
    safe = protect(made)
    assert all(may_ask_child(made, stop.item) for stop in index(made.items).values())
    assert open_without_consent(safe, emit(safe)) == ()
    assert "who the child is" in index(safe.items)["pim_caregiver_say_private"].item.label.get("en")  # type: ignore


@pytest.mark.parametrize(
    ("lines", "fit"),
    [
        ("", True),
        ("  topic education\n", True),
        ("  topic displacement\n", False),
        ("  topic civil_documents\n", False),
        ("  sensitivity moderate\n", True),
        ("  sensitivity high\n", False),
        ("  gives phone_number\n", False),
        ("  gives age\n", True),
    ],
)
def test_what_is_fit_for_a_child(lines: str, fit: bool) -> None:
    made = check('ask it text "What is it?"\n' + lines).form
    assert made is not None
    assert may_ask_child(made, index(made.items)["it"].item) is fit


def test_a_form_of_which_all_is_hidden_from_children_is_an_error() -> None:
    head = 'form school "S"\n  organisation "Relief"\n  category sectoral\n  children 12 to 17\n  population "P"\n  contact "D"\n'
    purpose = 'purpose p "P"\n  topic displacement\n  tell people "help"\n'
    codes = [d.code for d in check('ask it yes_no "Did you move?"\n', head=head + purpose).diagnostics]
    assert "PIM417" in codes


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("children 12 to 17", False),
        ("children 17 to 17", False),
        ("children 17 to 12", True),
        ("children 12 to 18", True),
    ],
)
def test_ages_that_cannot_be(line: str, wrong: bool) -> None:
    head = f'form school "S"\n  organisation "Relief"\n  category sectoral\n  {line}\n  population "P"\n  contact "D"\n'
    purpose = 'purpose p "P"\n  topic education\n  tell people "make schools better"\n'
    codes = [d.code for d in check('ask it yes_no "Is the school open?"\n', head=head + purpose).diagnostics]
    assert ("PIM417" in codes) is wrong


def test_a_form_that_children_answer_needs_their_ages() -> None:
    head = 'form school "S"\n  organisation "Relief"\n  category sectoral\n  respondent child\n  population "P"\n  contact "D"\n'
    purpose = 'purpose p "P"\n  topic education\n  tell people "make schools better"\n'
    assert "PIM417" in [d.code for d in check('ask it yes_no "Is it open?"\n', head=head + purpose).diagnostics]


def test_an_independent_adult_only_where_a_specialist_is_named() -> None:
    assert "pim_independent_adult" not in index(protect(asks_children()).items)
    named = asks_children(staff=(("cp_specialist", "Child protection officer"),))
    assert "pim_independent_adult" in index(protect(named).items)


def test_an_own_question_for_the_adult_leads_to_the_child_as_well() -> None:
    body = 'ask grown yes_no "18 or older?"\n  gives adult\nconsent\n' + BODY
    safe = protect(asks_children(body))
    assert "pim_adult" not in index(safe.items) and "grown" in reads(safe, "pim_child_age")
    assert open_without_consent(safe, emit(safe)) == ()


def test_a_low_form_has_the_way_of_a_child_as_well() -> None:
    made = form(children=(10, 17))
    assert made.level is Level.LOW
    safe = protect(made)
    assert open_without_consent(safe, emit(safe)) == ()
    agree = index(safe.items)["pim_child_agree"].item
    assert isinstance(agree, Question) and agree.required and agree.default is None


def test_nobody_looks_around_with_a_child_for_what_is_told_to_adults() -> None:
    """A block of notes and calculations that read what only adults were asked."""
    shop = 'ask shop yes_no "Is there a shop?"\n'
    told = 'calculate lacks = "a" if lack is yes otherwise "b"\nnote told "You said {lack}."\n'
    safe = protect(asks_children(BODY + shop + told))
    assert "pim_adult" in reads(safe, "pim_priv_lacks")
    assert open_without_consent(safe, emit(safe)) == ()
