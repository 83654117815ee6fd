"""Levels and purposes: by default, inherited, lowered with a reason, and flowing along what is read."""

from __future__ import annotations

import pytest

from forms import HEAD, check, form_of, said
from pimforms.model.form import Calculation, Form, Note, Question
from pimforms.model.level import Level
from pimforms.model.walk import index
from pimforms.standards.data import table


def item(form: Form, name: str) -> Question:
    found = index(form.items)[name].item
    assert isinstance(found, (Question, Calculation, Note))
    return found  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("lines", "level"),
    [
        ("ask q yes_no “Is the desk open?”", Level.LOW),
        ('ask q yes_no "Do you have papers?"\n topic civil_documents', Level.HIGH),
        ('ask q yes_no "Were you held?"\n topic detention', Level.SEVERE),
        ('ask q integer "How old are you?"\n gives age', Level.MODERATE),
        ('ask q image "A picture of the tent"', Level.HIGH),
        ('ask q geopoint "Where is it?"', Level.HIGH),
        ('ask q yes_no "Is the desk open?"\n sensitivity high', Level.HIGH),
    ],
)
def test_the_level_comes_from_topic_type_and_concept(lines: str, level: Level) -> None:
    form = check(lines).form  # what else such a question needs is said elsewhere
    assert form is not None
    assert item(form, "q").tags.level is level


def test_a_purpose_lends_its_topic_to_its_questions() -> None:
    assert item(form_of('ask q yes_no "Is it so?"', topic="movement"), "q").tags.level is Level.HIGH


def test_what_gives_a_concept_is_as_sensitive_as_the_concept_and_not_as_its_purpose() -> None:
    form = form_of('ask s one "Sex"\n - f "Woman"\n - m "Man"\n gives sex', topic="movement")
    assert item(form, "s").tags.level is Level.LOW


def test_a_group_says_it_for_its_questions() -> None:
    form = form_of('group g "G"\n sensitivity high\n ask q yes_no "Is it so?"\nend group')
    assert item(form, "q").tags.level is Level.HIGH


def test_lowering_needs_a_reason_and_raising_does_not() -> None:
    lowered = 'ask q yes_no "Is it so?"\n topic movement\n sensitivity low'
    assert said(lowered) == ["PIM501 line 3"]
    assert said(lowered + ' because "it asks about goats"') == []


def test_free_text_is_as_sensitive_as_its_group() -> None:
    body = (
        'group g "G"\n ask t text "Say more"\n ask q yes_no "Is it so?"\n  topic movement\nend group\nask u text "And?"'
    )
    form = form_of(body)
    assert item(form, "t").tags.level is Level.HIGH
    assert item(form, "u").tags.level is Level.LOW


def test_sensitivity_flows_along_values_and_labels() -> None:
    body = 'ask q integer "How many lack papers?"\n topic civil_documents\ncalculate twice = q * 2\nnote n "That is {twice}."'
    form = form_of(body)
    assert item(form, "twice").tags.level is Level.HIGH
    assert item(form, "n").tags.level is Level.HIGH


def test_sensitivity_does_not_flow_through_a_condition() -> None:
    body = 'ask q yes_no "Do you lack papers?"\n topic civil_documents\nask w yes_no "Is there water?"\n when q is yes'
    assert item(form_of(body), "w").tags.level is Level.LOW


def test_a_calculation_has_the_purposes_of_what_it_reads() -> None:
    form = form_of('ask q integer "How many?" for safety\ncalculate twice = q * 2')
    assert item(form, "twice").tags.purposes == ("safety",)


TWO = (
    'purpose papers "Papers"\n need "Who lacks papers"\n tell people "get people papers"\n decide "Where" by "Group"\n'
)


def test_sex_serves_the_purposes_of_what_is_broken_down_by_it() -> None:
    body = TWO + (
        'ask s one "Sex"\n - f "Woman"\n - m "Man"\n gives sex\n'
        'group g "G" for papers\n by sex\n ask q yes_no "Is it so?"\nend group\n'
        'ask w yes_no "Is there water?" for safety'
    )
    assert item(form_of(body), "s").tags.purposes == ("papers",)


def test_with_one_purpose_for_may_be_left_out_and_with_two_not() -> None:
    assert said('ask q yes_no "Is it so?"') == []
    codes = [
        d.code for d in check(TWO + 'ask q yes_no "Is it so?"\nask w yes_no "Is it?" for papers, safety').diagnostics
    ]
    assert codes == ["PIM301"]


def test_an_other_that_is_specified_is_reported_once_with_its_question() -> None:
    body = TWO + 'ask q one "Which?"\n - a "A"\n - other "Other" specify\nask w yes_no "Is it?" for papers, safety'
    assert [d.code for d in check(body).diagnostics] == ["PIM301"]


@pytest.mark.parametrize(
    ("lines", "at_peace", "in_conflict"),
    [
        ('ask q yes_no "Q?"\n topic movement', Level.HIGH, Level.SEVERE),
        ('ask q yes_no "Q?"\n topic flows', Level.MODERATE, Level.HIGH),
        ('ask q yes_no "Q?"\n topic gbv_services', Level.MODERATE, Level.HIGH),
        ('ask q yes_no "Q?"\n topic services', Level.LOW, Level.LOW),
        ('ask q geopoint "Q?"', Level.HIGH, Level.SEVERE),
        ('ask q text "Q?"\n gives adm4', Level.MODERATE, Level.HIGH),
        ('ask q text "Q?"\n gives adm2', Level.LOW, Level.LOW),
        ('ask q text "Q?"\n gives ethnicity', Level.HIGH, Level.SEVERE),
        ('ask q text "Q?"\n gives sex', Level.LOW, Level.LOW),
    ],
)
def test_in_a_conflict_places_roads_and_origins_are_more_sensitive(
    lines: str, at_peace: Level, in_conflict: Level
) -> None:
    for head, level in (
        (HEAD, at_peace),
        (HEAD.replace("  contact ", "  context conflict\n  contact ", 1), in_conflict),
    ):
        form = check(lines, head=head).form
        assert form is not None
        assert item(form, "q").tags.level is level


AROUND = 'group o "O"\n  sensitivity low because "only the hours of the office"\n{}end group\n'
INSIDE = 'group i "I"\n  topic {}\n  ask q yes_no "Q?"\nend group\n'


@pytest.mark.parametrize(
    ("inside", "level"),
    [
        ('ask q yes_no "Q?"\n', Level.LOW),
        (INSIDE.format("services"), Level.LOW),
        (INSIDE.format("detention"), Level.SEVERE),
        ('ask q yes_no "Q?"\n  topic detention\n', Level.SEVERE),
        (INSIDE.format('detention\n  sensitivity low because "of the hours of visits"'), Level.LOW),
    ],
)
def test_a_reason_for_a_group_covers_no_other_topic_in_it(inside: str, level: Level) -> None:
    form = check(AROUND.format(inside)).form
    assert form is not None
    assert item(form, "q").tags.level is level


READ = 'ask hurt yes_no "Were you hurt?"\n  sensitivity high\n'


@pytest.mark.parametrize(
    "lines",
    [
        'ask q integer "How many?"\n  must be at most 5\n    message "You said {hurt}"\n',
        'ask q one "Which?"\n  - a "What {hurt} did"\n  - b "B"\n',
        'group g "You said {hurt}"\n  ask q yes_no "Is it near?"\nend group\n',
        'repeat g "You said {hurt}"\n  screen s "S"\n    ask q yes_no "Is it near?"\n  end screen\nend repeat\n',
        'group g "G"\n  sensitivity low because "only the hours"\n  ask q yes_no "You said {hurt}?"\nend group\n',
    ],
)
def test_what_stands_on_the_screen_flows(lines: str) -> None:
    form = check(READ + lines).form
    assert form is not None
    assert item(form, "q").tags.level is Level.HIGH


def test_an_own_reason_holds_against_the_flow() -> None:
    form = check(READ + 'ask q yes_no "You said {hurt}?"\n  sensitivity low because "It is a test"\n').form
    assert form is not None
    assert item(form, "q").tags.level is Level.LOW


# ---- whom it is about (sensitivity 2.1, rule c)


@pytest.mark.parametrize(
    ("lines", "level"),
    [
        ('ask q yes_no "At school?"\n about child', Level.MODERATE),
        ('ask q yes_no "At school?"\n about community', Level.LOW),
        ('ask q yes_no "At school?"\n about household', Level.LOW),
        ('ask q yes_no "Safe?"\n topic safety_perception\n about third_party', Level.HIGH),
        ('ask q yes_no "Papers?"\n topic civil_documents\n about child', Level.SEVERE),
        ('ask q yes_no "Held?"\n topic detention\n about child', Level.SEVERE),
        ('ask q one of library sex "Sex?"\n gives sex\n about child', Level.MODERATE),
        ('ask q date "Day?"\n gives interview_date\n about child', Level.LOW),
        (
            'ask q yes_no "At school?"\n about child\n sensitivity low because "The school tells it to everybody"',
            Level.LOW,
        ),
        ('group g "G"\n about child\n ask q yes_no "At school?"\nend group', Level.MODERATE),
        ('group g "G"\n about child\n group h "H"\n ask q yes_no "At school?"\n end group\nend group', Level.MODERATE),
        ('group g "G"\n about child\n ask q yes_no "At school?"\n about household\nend group', Level.LOW),
        (
            'repeat g "G"\n about child\n times 2\n ask q yes_no "Safe?"\n topic safety_perception\nend repeat',
            Level.HIGH,
        ),
        # What a group states, it states of its subject, too; a topic of its own may be worse.
        ('group g "G"\n about child\n sensitivity moderate because "x"\n ask q yes_no "S?"\nend group', Level.MODERATE),
        (
            'group g "G"\n sensitivity moderate because "x"\n ask q yes_no "P?"\n topic civil_documents\n about child\nend group',
            Level.SEVERE,
        ),
    ],
)
def test_a_child_and_a_third_party_raise_by_one_level(lines: str, level: Level) -> None:
    form = check(lines).form
    assert form is not None
    assert item(form, "q").tags.level is level


def test_below_the_level_of_its_subject_a_reason_is_needed() -> None:
    line = 'ask q yes_no "At school?"\n  about child\n  sensitivity low'
    assert said(line + "\n") == ["PIM501 line 3"]
    assert said(line + ' because "The school tells it to everybody"\n') == []


def test_an_unknown_subject_is_said() -> None:
    found = check('ask q yes_no "At school?"\n  about chld\n').diagnostics
    assert [(d.code, "child" in d.fix) for d in found if d.is_error] == [("PF106", True)]


def test_the_rows_show_why() -> None:
    made = form_of('ask q yes_no "Safe?"\n topic safety_perception\n about child')
    assert item(made, "q").tags.why == "its topic is `safety_perception`, and it is about a child"


@pytest.mark.parametrize(
    ("text", "one"),
    [
        ("Was your child ill in the last 7 days?", True),
        ("Where does your youngest daughter sleep?", True),
        ("How old is this boy?", True),
        ("Was any child of this household ill?", False),
        ("How many children live here?", False),
        ("Do your children go to school?", False),
        ("Is there a child protection office here?", False),
        ("Do boys and girls have a safe place here?", False),
        ("Is the child care centre open?", False),
    ],
)
def test_one_child_is_told_from_children(text: str, one: bool) -> None:
    assert ("PIM519 line 1" in said(f'ask q yes_no "{text}"\n')) is one
    assert said(f'ask q yes_no "{text}"\n  about household\n') == []


@pytest.mark.parametrize(
    ("written", "fix"),
    [
        ("eviction", "write `hlp_dispute`"),  # and not `education`, which is spelt like it and LOW
        ("gbv", "write `gbv_incident`"),
        ("educaton", "write `education`"),
        ("Housing", "write `housing`"),
        ("rights", "use one of: aap, child_protection, "),
    ],
)
def test_an_unknown_topic_is_not_taken_for_another_that_is_spelt_a_little_like_it(written: str, fix: str) -> None:
    found = check(f'ask q yes_no "Is it so?"\n  topic {written}\n').diagnostics
    assert [d.fix[: len(fix)] for d in found if d.code == "PF106"] == [fix]


def test_no_word_near_a_topic_is_a_topic_or_stands_by_two() -> None:
    near = [word for row in table("topics").values() for word in row.get("near", ())]
    assert len(set(near)) == len(near) and not set(near) & set(table("topics"))


def test_a_form_about_a_child_hears_it_once() -> None:
    questions = "".join(f'ask q{n} yes_no "Was your child ill in month {n}?"\n' for n in range(1, 4))
    found = [d for d in check(questions).diagnostics if d.code == "PIM519"]
    assert [d.message for d in found] == ["`q1` is about one child: “your child”, and so are 2 more questions"]
    assert said(f'group c "C"\n  about child\n{questions}end group\n') == []
