"""The Washington Group Short Set: word for word, whole, in order, with its answers, and in its place."""

from __future__ import annotations

import pytest

from forms import check
from heads import HEAD
from pimforms.standards.data import table

ITEMS = [row["accept"][0] for row in table("wg_ss")["items"]]
ANSWERS = ["No difficulty", "Some difficulty", "A lot of difficulty", "Cannot do at all"]
MODE = 'ask w_mode one "Who answers?"\n gives answer_mode\n - self "The person"\n - proxy "Somebody else"\n'
AFTER = 'ask shade yes_no "Is there shade here?"\n'


def own_set(
    items: list[str] = ITEMS, answers: list[str] = ANSWERS, mode: str = MODE, before: str = "", after: str = AFTER
) -> str:
    listed = "".join(f'  {number} "{label}"\n' for number, label in enumerate(answers, 1))
    asked = "".join(f'ask w_{number} one of degrees "{label}"\n' for number, label in enumerate(items))
    return f"choices degrees\n{listed}end choices\n{before}{mode}{asked}{after}"


def found(body: str, code: str = "PIM113", head: str = HEAD) -> list[str]:
    return [d.message for d in check(body, head=head).diagnostics if d.code == code]


def test_the_module_and_an_own_set_in_the_same_words_are_accepted() -> None:
    assert found("use wg_ss\n" + AFTER) == []
    assert found(own_set()) == []


@pytest.mark.parametrize("answers", table("wg_ss")["choices_accept"])
def test_every_published_set_of_answers_is_accepted(answers: list[str]) -> None:
    assert found(own_set(answers=answers)) == []
    assert found(own_set(answers=[*answers, "Refused", "Don't know"])) == []


@pytest.mark.parametrize(
    "who", ["Does he/she have", "Does she have", "Does he or she have", "Does {who} have", "DO YOU HAVE"]
)
def test_somebody_else_may_be_spoken_of(who: str) -> None:
    whose = {"DO YOU HAVE": "your", "Does she have": "her", "Does he or she have": "his or her"}.get(who, "his/her")
    then = who.lower() if who != "Does {who} have" else "does {who} have"
    items = [item.replace("Do you have", who).replace("do you have", then).replace("your", whose) for item in ITEMS]
    named = 'ask who text "Which letter stands for the person?"\n gives record_code\n'
    assert found(own_set(items, before=named)) == []


@pytest.mark.parametrize(
    "label",
    [
        "Does he/she has difficulty seeing, even if wearing glasses?",
        "Do you have difficulty seeing?",
        "Do you have any trouble hearing?",
        "Do you have difficulty walking or climbing stairs?",
        "Do you have problems remembering or concentrating?",
    ],
)
def test_nearly_is_not_word_for_word(label: str) -> None:
    number = next(n for n, word in enumerate(("seeing", "hearing", "walking", "remembering")) if word in label)
    items = [*ITEMS[:number], label, *ITEMS[number + 1 :]]
    assert found(own_set(items)) == [f"`w_{number}` is nearly a question of the Washington Group"]


@pytest.mark.parametrize(
    "label",
    [
        "Do you have difficulty finding work?",
        "Do you have difficulty seeing the doctor when you need to?",
        "Did you have problems walking to the water point at night?",
        "Does anyone here have difficulty reaching the health post?",
        "Do you have difficulty understanding the forms of the registry office?",
    ],
)
def test_other_difficulties_are_no_part_of_the_set(label: str) -> None:
    assert found(f'ask q yes_no "{label}"\n') == []


def test_a_missing_question_and_the_first_four() -> None:
    assert found(own_set(ITEMS[:5])) == ["of the six questions, these are not asked: COM_SS"]
    assert found(own_set(ITEMS[:4])) == []
    assert found(own_set(ITEMS[:4]), "PIM114") == ["only the first four of the six questions are asked"]
    waived = (
        'waive PIM114 because "the interview is held standing at a crossing and may last five minutes only" '
        'by "Head of protection" until 2026-12-31\n'
    )
    assert found(own_set(ITEMS[:4]) + waived, "PIM114") == []


def test_order_and_what_stands_between() -> None:
    turned = [ITEMS[1], ITEMS[0], *ITEMS[2:]]
    assert found(own_set(turned)) == ["`w_1` stands out of the order of the set"]
    halves = own_set(after="").split("ask w_3", 1)
    assert found(f'{halves[0]}ask fit yes_no "Are you well?"\nask w_3{halves[1]}{AFTER}') == [
        "`fit` stands inside the set"
    ]


def test_other_answers() -> None:
    assert found(own_set(answers=["Yes", "No"])) == ["`w_0` has other answers than the set"]
    assert found(own_set(answers=ANSWERS[::-1])) == ["`w_0` has other answers than the set"]


def test_the_answer_that_french_turns_round() -> None:
    head = HEAD.replace("  contact ", "  languages    en, fr\n  contact ", 1)
    body = own_set().replace('"Cannot do at all"\n', '"Cannot do at all"\n    fr: "Pas du tout"\n')
    assert "“Pas du tout” turns the answer round in `fr`" in found(body, head=head)


def test_a_translation_of_our_own_cannot_be_compared() -> None:
    head = HEAD.replace("  contact ", "  languages    en, fr\n  contact ", 1)
    body = own_set().replace(f'"{ITEMS[0]}"\n', f'"{ITEMS[0]}"\n  fr: "Avez-vous des difficultés à voir ?"\n')
    warned = [d for d in check(body, head=head).diagnostics if d.code == "PIM113"]
    assert [(d.message, d.is_error) for d in warned] == [
        ("the text of `w_0` in `fr` cannot be compared with the official one", False)
    ]


def test_the_word_does_not_stand_before_the_set() -> None:
    note = 'note intro "Now we ask about disability."\n'
    message = "the word “disability” stands just before the set"
    assert found(own_set(before=note)) == [message]
    assert found(note + "use wg_ss\n" + AFTER) == [message]
    assert found('group d "Disability"\nuse wg_ss\nend group\n' + AFTER) == [message]
    assert found(note + AFTER.replace("shade", "first") + "use wg_ss\n" + AFTER) == []


def test_who_answers_is_recorded() -> None:
    (message,) = found(own_set(mode=""))
    assert message.startswith("nothing records who answers the set")


def test_it_is_not_the_end_of_the_form() -> None:
    assert found(AFTER + "use wg_ss\n") == ["the set stands last in the form"]
    assert found(AFTER + "use wg_ss\nuse closing\n") == []
    assert found("use wg_ss\n") == []


ROSTER = 'repeat people "People"\n ask age integer "Age?"\n  gives age\n{}end repeat\n' + AFTER


@pytest.mark.parametrize(
    ("condition", "fires"),
    [("", True), ("when age >= 5", False), ("when age > 2", True), ("when age > 4 and age < 18", False)],
)
def test_nobody_under_five_is_asked(condition: str, fires: bool) -> None:
    inner = f' group f "Difficulties"\n  {condition}\n  use wg_ss\n end group\n'
    assert ("the set is asked of children under five, too" in found(ROSTER.format(inner))) is fires


def test_a_repeat_of_adults_has_nobody_under_five() -> None:
    adults = ROSTER.replace("gives age\n", "gives age\n  must be at least 18\n").format(" use wg_ss\n")
    assert found(adults) == []
    assert found('repeat people "People"\n use wg_ss\nend repeat\n' + AFTER) == []


@pytest.mark.parametrize(
    "label",
    [
        "Do you have a disability?",
        "Does anyone in your household have a disability?",
        "Are you disabled?",
        "Do you have any physical disability?",
    ],
)
def test_asking_for_a_disability_gives_the_reason_why_not(label: str) -> None:
    (said,) = [
        d for d in check(f'ask d yes_no "{label}"\n gives disability\n', head=HEAD).diagnostics if d.code == "PIM113"
    ]
    assert said.message == "`d` asks for a disability by that word"
    assert "say no to that word" in said.why


def test_asking_about_a_place_is_no_such_question() -> None:
    assert found('ask ramp yes_no "Can people with a disability enter the health post?"\n') == []
    assert found('ask n integer "About how many people here have a disability?"\n') == []
