"""Principle 3: what a purpose says, how long an interview takes, what identifies people, what a category is for."""

from __future__ import annotations

import datetime

import pytest

from conftest import ROOT, TODAY
from forms import HEAD, check
from heads import HOUSEHOLD as SECTORAL
from pimforms.compiler import check_source
from pimforms.diagnostics import Diagnostic
from pimforms.model.minutes import by_purpose, estimate, minutes, seconds
from pimforms.rules.placeholders import estimates_population, promises_return, says_nothing
from pimforms.source import Source, normalise


def found(code: str, body: str, head: str = SECTORAL, today: datetime.date = TODAY) -> list[Diagnostic]:
    text = normalise(head.replace("{topic}", "services") + body)
    return [d for d in check_source(Source("x.pim", text), ROOT, today=today).diagnostics if d.code == code]


# ---- placeholders
@pytest.mark.parametrize(
    "text",
    [
        "TBD", "n/a", "…", "???", "Lorem ipsum dolor sit amet", "For analysis", "For analysis and planning", "Various partners",
        "To know the situation in the camp", "To be decided", "All partners", "Pour l’analyse des données", "À définir",
        "Connaître la situation", "Para el análisis", "Por definir", "للتحليل", "لمعرفة الوضع",
    ],
)  # fmt: skip
def test_a_placeholder_says_nothing(text: str) -> None:
    assert says_nothing(text)


@pytest.mark.parametrize(
    "text",
    [
        "Lights", "Which of the various desks get lights", "Where people go - and when", "Who needs rent support, if needed",
        "Site planning group", "Analysis unit of the protection group", "Où mettre l'éclairage", "أين توضع الإنارة",
    ],
)  # fmt: skip
def test_a_text_of_its_own_is_no_placeholder(text: str) -> None:
    assert not says_nothing(text)


def purposes(first: str, second: str = "") -> str:
    return (
        f'purpose lights "Lights"\n tell people "put up lights"\n already known "Map" but "no lights"\n{first}'
        + (
            f'purpose taps "Taps"\n tell people "mend taps"\n already known "Map" but "no taps"\n{second}'
            if second
            else ""
        )
        + 'ask a yes_no "A?" for lights\n sensitivity moderate\n'
        + ('ask b yes_no "B?" for taps\n' if second else "")
    )


def test_a_placeholder_in_a_purpose_is_an_error_with_an_example() -> None:
    said = found("PIM302", purposes(' need "TBD"\n decide "for analysis" by "various" before 2027-01-31\n'))
    assert {d.message for d in said} == {
        'the need of `lights` says nothing yet: "TBD"',
        'the decision of `lights` says nothing yet: "for analysis"',
        'the decider of `lights` says nothing yet: "various"',
    }
    assert all(d.is_error and "for example: " in d.fix for d in said)


def test_who_decides_is_asked_for() -> None:
    said = found("PIM302", purposes(' need "Where it is dark"\n decide "Where lights go" before 2027-01-31\n'))
    assert [d.message for d in said] == ["the purpose `lights` has no decider"]


def test_a_decision_that_stands_twice_is_a_warning_but_one_group_may_decide_twice() -> None:
    one = ' need "Where it is dark"\n decide "What is repaired" by "Site group" before 2027-01-31\n'
    two = ' need "Which taps drip"\n decide "what is repaired." by "Site group" before 2027-01-31\n'
    said = found("PIM302", purposes(one, two))
    assert [(d.message, d.is_error) for d in said] == [("`taps` has the same decision as `lights`", False)]


# ---- what people are told
@pytest.mark.parametrize(
    ("told", "hard"),
    [
        ("put lights where people need them", False),
        (" ".join(["light"] * 20), False),
        (" ".join(["light"] * 21), True),
        ("support protection mainstreaming", True),
        ("tell stakeholders what is missing", True),
    ],
    ids=["plain", "20 words", "21 words", "of the office", "hard"],
)
def test_what_people_are_told_is_short_and_plain(told: str, hard: bool) -> None:
    head = SECTORAL.replace("make services better", told)
    assert bool(found("PIM315", 'ask a yes_no "A?"\n', head)) is hard


# ---- minutes
def test_minutes_are_counted_by_hand() -> None:
    form = check(
        'note n "Welcome"\nask a yes_no "A?"\nask b integer "B?"\nask c many "C?"\n - x "X"\n - y "Y"\n'
        'ask d text "D?"\nask e yes_no "E?"\n when a is yes\n'
        'repeat r "R"\n ask f yes_no "F?"\nend repeat\nrepeat s "S"\n times 3\n ask g yes_no "G?"\nend repeat\n'
    ).form
    assert form is not None
    assert seconds(form.items) == 5 + 15 + 15 + 30 + 60 + 15 / 2 + 5 * 15 + 3 * 15
    assert estimate(form.items) == pytest.approx(252.5 / 60 + 2)
    assert minutes(form.items) == 10


def test_a_question_for_two_purposes_counts_half_for_each() -> None:
    form = check(
        'purpose two "Two"\n tell people "x"\nask a yes_no "A?" for safety, two\nask b text "B?" for two\n'
    ).form
    assert form is not None
    assert by_purpose(form.items) == {"safety": 0.125, "two": 1.125}


def texts(count: int) -> str:
    return "".join(f'ask t{n} text "What {n}?"\n' for n in range(count))


@pytest.mark.parametrize(
    ("facts", "questions", "said"),
    [
        ("", 43, []),
        ("", 44, [("46 minutes; the limit is 45", False)]),
        ("", 58, [("60 minutes; the limit is 45", False)]),
        ("", 59, [("61 minutes; the limit is 60", True)]),
        ("phone", 23, []),
        ("phone", 24, [("26 minutes by phone; the limit is 25", False)]),
        ("minutes at most 30", 28, []),
        ("minutes at most 30", 29, [("31 minutes; the limit is 30", True)]),
        ("minutes at most 90", 80, []),
    ],
)
def test_an_interview_has_a_longest_length(facts: str, questions: int, said: list[tuple[str, bool]]) -> None:
    head = SECTORAL.replace("face to face", "phone") if facts == "phone" else SECTORAL
    head = head.replace("  contact ", f"  {facts}\n  contact ") if facts.startswith("minutes") else head
    diagnostics = found("PIM308", texts(questions), head)
    expected = [(f"this interview takes about {length}", error) for length, error in said]
    assert [(d.message, d.is_error) for d in diagnostics] == expected


def test_the_message_shows_the_formula_by_purpose() -> None:
    head = SECTORAL.replace("  contact ", "  minutes at most 3\n  contact ")
    (said,) = found("PIM308", texts(2), head)
    assert "consent 2 + services 2.0 = 4.0" in said.why


# ---- a purpose that is most of the form
UNDATED = SECTORAL.replace(" before 2027-01-31", "") + (
    'purpose lights "Lights"\n need "Where it is dark"\n tell people "put up lights"\n'
    ' decide "Where lights go" by "Site planning group" before 2027-01-31\n already known "Map" but "no lights"\n'
)


@pytest.mark.parametrize(
    ("own", "others", "said"),
    [(2, 3, False), (3, 4, True), (1, 4, False)],
    ids=["40 % of the time", "43 % of the time", "20 %"],
)
def test_much_of_the_time_needs_a_day_of_decision(own: int, others: int, said: bool) -> None:
    body = "".join(f'ask q{n} yes_no "Q{n}?" for {"services" if n < own else "lights"}\n' for n in range(own + others))
    assert bool(found("PIM304", body + " sensitivity moderate\n", UNDATED)) is said


def test_most_of_the_high_questions_need_a_day_of_decision() -> None:
    body = 'ask h yes_no "H?" for services\n sensitivity high\n' + "".join(
        f'ask q{n} yes_no "Q{n}?" for lights\n' for n in range(4)
    )
    (said,) = found("PIM304", body, UNDATED)
    assert said.why.startswith(
        "0.2 of 1.2 minutes (20%), 1 of 1 HIGH questions (100%), 2 of 2 points of sensitivity, × 600 interviews = 2 hours of people's time"
    )


def test_a_low_form_needs_no_day_of_decision() -> None:
    assert found("PIM304", 'ask q yes_no "Q?" for services\n', UNDATED) == []


# ---- names and numbers
NUMBER = 'ask number text "On which number may we call you?"\n gives phone_number\n'


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("", "`number` identifies a person, and nothing says why it is needed"),
        ('needed because "follow up" until 2027-03-31', 'this is no reason to identify a person: "follow up"'),
        ('needed because "it is needed for analysis" until 2027-03-31', "this is no reason to identify a person"),
        ('needed because "the desk calls when ready"', "nothing says until when `number` is needed"),
        ('needed because "the desk calls when ready" until 2027-03-31', None),
    ],
)
def test_an_identifier_has_a_reason_and_a_day(line: str, said: str | None) -> None:
    diagnostics = found("PIM306", f"{NUMBER} {line}\n")
    assert [d.message.startswith(said or "") for d in diagnostics] == ([True] if said else [])


def test_coming_back_to_people_needs_a_way_to_do_so() -> None:
    line = ' needed because "the case worker does a follow-up visit" until 2027-03-31\n'
    without = SECTORAL[: SECTORAL.index("referral post")]
    assert [d.message for d in found("PIM306", NUMBER + line, without)] == [
        "`number` is asked to come back to people, and the form has no way for that"
    ]
    assert found("PIM306", NUMBER + line) == []
    assert found("PIM306", NUMBER + line, without.replace("  contact ", "  split contact\n  contact ")) == []
    assert promises_return("pour un suivi du dossier") and not promises_return("the desk calls when ready")


def test_a_picture_of_a_person_needs_a_reason_too() -> None:
    assert len(found("PIM306", 'ask face image "Your picture"\n')) == 1


@pytest.mark.parametrize(("day", "said"), [("2027-03-31", 0), ("2027-04-01", 1)])
def test_the_last_day_of_need_is_still_good(day: str, said: int) -> None:
    line = ' needed because "the desk calls when ready" until 2027-03-31\n'
    today = datetime.date.fromisoformat(day)
    assert len(found("PIM316", NUMBER + line, today=today)) == said


# ---- categories
NEEDED = ' needed because "the desk calls when ready" until 2027-03-31\n'


@pytest.mark.parametrize(
    ("category", "names", "split"),
    [
        ("population_data", False, False), ("needs_assessment", False, False), ("protection_monitoring", False, True),
        ("case_management", True, True), ("response_monitoring", True, True), ("security_awareness", False, False),
        ("sectoral", True, True), ("communicating", True, True),
    ],
)  # fmt: skip
def test_names_belong_in_some_categories_only(category: str, names: bool, split: bool) -> None:
    head = SECTORAL.replace("sectoral", category).replace("interview    household", "interview    key informant")
    head = head.replace("key informant", "person") if category == "case_management" else head
    with_split = head.replace("  contact ", "  split contact\n  contact ")
    assert (found("PIM317", NUMBER + NEEDED, head) == []) is names
    assert (found("PIM317", NUMBER + NEEDED, with_split) == []) is split


def test_a_security_form_is_about_events_and_places() -> None:
    head = SECTORAL.replace("sectoral", "security_awareness")
    assert [d.message for d in found("PIM317", 'ask a yes_no "A?"\n', head)] == [
        "`security_awareness` is not about one household"
    ]
    assert found("PIM317", 'ask a yes_no "A?"\n', head.replace("household,", "site,")) == []


@pytest.mark.parametrize(
    ("text", "population"),
    [
        ("Percentage of households without papers", True),
        ("% of women who feel unsafe", True),
        ("Proportion des ménages sans papiers", True),
        ("Porcentaje de hogares sin documentos", True),
        ("نسبة الأسر التي لا تملك وثائق", True),
        ("Percentage of cases closed within 30 days", False),
        ("Women who came to the desk", False),
        ("Share of referrals that people took up", False),
    ],
)
def test_a_share_of_people_is_not_a_share_of_cases(text: str, population: bool) -> None:
    assert estimates_population(text) is population


def test_case_data_say_nothing_about_a_population() -> None:
    head = SECTORAL.replace("sectoral", "case_management").replace("household,", "person,")
    purpose = (
        'purpose help "Help"\n need "Who needs help"\n tell people "help you"\n already known "Cases" but "old"\n'
        ' decide "Whom we help first" by "Case team" before 2027-01-31\n'
        ' indicator "Percentage of households in need" from q\n indicator "Cases by kind of need" from q\n'
    )
    body = purpose + 'ask q yes_no "Q?" for help\n'
    assert len(found("PIM317", body, head)) == 1
    assert found("PIM317", body, SECTORAL) == []


def test_the_head_of_the_tests_is_quiet() -> None:
    quiet = {f"PIM3{n:02}" for n in (2, 4, 6, 8, 9, 14, 15, 16, 17, 18)}
    assert quiet.isdisjoint(d.code for d in check('ask a yes_no "A?"\n sensitivity moderate\n', head=HEAD).diagnostics)


def test_a_fix_that_is_pasted_and_left_with_its_gaps_is_an_error_again() -> None:
    (said,) = found("PIM302", purposes(""))
    pasted = said.fix.split("\n", 1)[1] + "\n" + ' indicator "…" from a\n'
    assert {d.message.split(" of ")[0] for d in found("PIM302", purposes(pasted))} == {
        "the need", "the decision", "the decider", "the indicator",
    }  # fmt: skip
