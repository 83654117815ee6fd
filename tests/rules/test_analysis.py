"""Principle 3: breakdowns that can be made, and questions that no indicator uses."""

from __future__ import annotations

import pytest

from forms import HEAD, check
from pimforms.model.reach import Reach
from pimforms.model.walk import index

SEX = 'ask {name} one of library sex "Your sex?"\n gives sex\n'
ROSTER = "use sadd_roster as members\n"


def found(code: str, body: str, head: str = HEAD) -> list[str]:
    return [f"{d.message} -> {d.fix}" for d in check(body, head=head).diagnostics if d.code == code]


# ---- what is in reach
@pytest.mark.parametrize(
    ("body", "reached"),
    [
        ('ask q yes_no "Q?"', False),
        (SEX.format(name="s") + 'ask q yes_no "Q?"', True),
        ('ask q yes_no "Q?"\n' + SEX.format(name="s"), True),
        (ROSTER + 'ask q yes_no "Q?"', True),
        (SEX.format(name="s") + 'repeat r "R"\n ask q yes_no "Q?"\nend repeat', True),
        ('repeat r "R"\n ' + SEX.format(name="s") + ' ask q yes_no "Q?"\nend repeat', True),
        (ROSTER + 'repeat r "R"\n ask q yes_no "Q?"\nend repeat', False),
        ('ask s one "S?"\n - a "A"\n - b "B"\n gives gender_identity\nask q yes_no "Q?"', True),
        ('ask s integer "S?"\n gives household_size\nask q yes_no "Q?"', False),
    ],
    ids=[
        "not asked", "of the one who answers", "asked later", "of the members", "from a repeat: of the one who answers",
        "in the same repeat", "in a repeat beside it", "a narrower concept", "another concept",
    ],
)  # fmt: skip
def test_a_concept_is_in_reach_in_the_same_repeat_above_and_below(body: str, reached: bool) -> None:
    form = check(body).form
    assert form is not None
    question = index(form.items)["q"].item
    assert Reach(form.items).has(question, "sex") is reached
    assert Reach(form.items).has(question, "sex") is reached


def test_a_breakdown_that_cannot_be_made_is_said_once_for_a_group() -> None:
    group = 'group g "G"\n by sex, disability\n ask a yes_no "A?"\n ask b yes_no "B?"\nend group\n'
    assert found("PIM314", group) == [
        "`g` is broken down `by disability`, and nothing in reach records it -> add `use wg_ss`, or add "
        "`gives disability` under the question that asks it",
        "`g` is broken down `by sex`, and nothing in reach records it -> add `use respondent_profile` or "
        "`use sadd_roster`, or add `gives sex` under the question that asks it",
    ]


def test_a_second_group_with_the_same_gap_is_named_beside_the_first() -> None:
    groups = "".join(f'group {n} "G"\n by sex\n ask q_{n} yes_no "Q?"\nend group\n' for n in ("one_part", "two_part"))
    (diagnostic,) = [d for d in check(groups).diagnostics if d.code == "PIM314"]
    assert diagnostic.message.startswith("`one_part` and 1 more are broken down")
    assert [text for text, _ in diagnostic.related] == ["`two_part` too"]


def test_a_line_that_could_not_be_read_may_have_held_the_sex() -> None:
    assert found("PIM314", 'ask sex oen of library sex "Sex?" gives\nask q yes_no "Q?"\n by sex\n') == []


# ---- orphans
PURPOSE = """\
purpose lights "Lights"
  need          "Where it is dark"
  tell people   "put lights where people need them"
  decide        "Where lights go" by "Site planning group" before 2027-01-31
  already known "Site map" but "shows no lights"
"""


def orphans(indicators: str, questions: str) -> list[str]:
    return [line.split(" -> ")[0] for line in found("PIM318", PURPOSE + indicators + questions)]


MODERATE = 'group lit "Light" for lights\n sensitivity moderate\n{}end group\n'


def asked(*names: str) -> str:
    return MODERATE.format("".join(f' ask {name} yes_no "{name}?"\n' for name in names))


def test_orphans_of_a_purpose_are_one_warning_with_five_names() -> None:
    names = tuple("abcdefgh")
    assert orphans('  indicator "I" from a\n', asked(*names)) == [
        "no indicator is made from 7 of the 8 questions for `lights`: `b`, `c`, `d`, `e`, `f` and 2 more"
    ]


def test_a_group_a_calculation_a_condition_and_a_check_use_what_they_read() -> None:
    assert orphans('  indicator "I" from lit\n', asked("a", "b")) == []
    assert orphans('  indicator "I" from n\n', asked("a") + "calculate n = 1 if a is yes otherwise 0\n") == []
    gated = MODERATE.format(' ask a yes_no "A?"\n ask b yes_no "B?"\n  when a is yes\n')
    assert orphans('  indicator "I" from b\n', gated) == []
    total = MODERATE.format(' ask a integer "A?"\n ask b integer "B?"\n  must be at least a\n')
    assert orphans('  indicator "I" from b\n', total) == []
    assert orphans('  indicator "I" from a\n', total) == [
        "no indicator is made from 1 of the 2 questions for `lights`: `b`"
    ]


def test_without_any_indicator_only_a_purpose_with_many_questions_is_spoken_of() -> None:
    assert orphans("", asked(*"abcde")) == []
    assert orphans("", asked(*"abcdef")) != []


def test_a_low_form_may_ask_without_indicators() -> None:
    low = 'group lit "Light" for lights\n ask a yes_no "A?"\n ask b yes_no "B?"\nend group\n'
    assert orphans('  indicator "I" from a\n', low) == []
