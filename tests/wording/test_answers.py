"""The answers that are offered: balance, bands, none; and who is asked what."""

from __future__ import annotations

import pytest

from forms import check, said
from pimforms.rules.bands import read_band
from pimforms.rules.scales import read_scale


@pytest.mark.parametrize(
    ("labels", "points"),
    [
        (["Very safe", "Fairly safe", "A bit unsafe", "Very unsafe", "Don't know"], (3, 1, -1, -3)),
        (["Strongly agree", "Agree", "Neither", "Disagree", "Strongly disagree"], (3, 2, 0, -2, -3)),
        (["Better", "The same", "Worse"], (2, 0, -2)),
        (["Very satisfied", "Satisfied", "Not satisfied", "Very dissatisfied"], (3, 2, -2, -3)),
    ],
)
def test_a_scale_is_read(labels: list[str], points: tuple[int, ...]) -> None:
    scale = read_scale(labels, "en")
    assert scale is not None and scale.points == points


@pytest.mark.parametrize(
    ("language", "labels"),
    [
        ("fr", ["Très satisfait", "Plutôt satisfait", "Plutôt insatisfait", "Très insatisfait"]),
        ("fr", ["Très en sécurité", "Plutôt en sécurité", "Plutôt en danger", "Très en danger"]),
        ("es", ["Muy seguro", "Bastante seguro", "Bastante inseguro", "Muy inseguro"]),
        ("es", ["De acuerdo", "Ni de acuerdo ni en desacuerdo", "En desacuerdo"]),
    ],
)
def test_a_balanced_scale_in_other_languages(language: str, labels: list[str]) -> None:
    scale = read_scale(labels, language)
    assert scale is not None
    assert sum(point > 0 for point in scale.points) == sum(point < 0 for point in scale.points)


@pytest.mark.parametrize(
    "labels",
    [
        ["Very well", "Well", "Not at all"],  # from much to nothing: no two sides
        ["Trader", "Farmer", "Teacher"],
        ["Safe water", "Good roads", "Bad roads"],
        ["Yes", "No", "Don't know"],
    ],
)
def test_what_is_no_scale_is_left_alone(labels: list[str]) -> None:
    scale = read_scale(labels, "en")
    assert scale is None


def choices(kind: str, *labels: str, stem: str = "How is it?") -> str:
    bullets = "".join(f'  - c{number} "{label}"\n' for number, label in enumerate(labels))
    return f'ask it {kind} "{stem}"\n{bullets}'


def test_points_out_of_order() -> None:
    body = choices("one", "Good", "Very good", "Very bad", "Bad")
    assert [d.message for d in check(body).diagnostics] == ["the points of this scale are not in order"]


def test_two_scales_for_one_thing() -> None:
    second = choices("one", "Very good", "Good", "Bad", "Very bad").replace("ask it", "ask also")
    body = choices("one", "Good", "Average", "Bad") + second
    assert said(body) == ["PIM702 line 5"]


@pytest.mark.parametrize(
    ("labels", "overlaps"),
    [
        (("1-5", "5-10", "11 or more"), True),
        (("1 to 5", "6 to 10", "More than 10"), False),
        (("0 to 17 years", "17 to 59 years", "60 years or older"), True),
        (("0-17", "18-59", "60+"), False),
        (("Less than 5", "5 to 9", "10 and more"), False),
        (("Fewer than 5", "4 to 9", "10 or more"), True),
        (("Up to 5", "5 to 9", "10 or more"), True),
        (("15 to 30 minutes", "30 minutes to 1 hour", "More than 1 hour"), False),  # time runs on
        (("15 to 45 minutes", "30 minutes to 1 hour", "More than 1 hour"), True),
        (("1-5 goats", "1-5 sheep", "6 or more goats"), False),
        (("2019-2020", "2020-2021", "2021-2022"), False),
        (("1,000 - 2,000", "2,000 - 3,000", "Other"), True),
    ],
)
def test_bands_that_overlap(labels: tuple[str, ...], overlaps: bool) -> None:
    codes = [d.code for d in check(choices("one", *labels)).diagnostics]
    assert ("PIM703" in codes) == overlaps


def test_an_overlap_can_be_waived() -> None:
    body = choices("one", "1-5", "5-10") + (
        'waive PIM703 because "The same list is used by all organisations here and is compared with theirs"'
        ' by "Head of protection" until 2027-01-31\n'
    )
    assert [d.code for d in check(body).diagnostics if d.is_error] == []
    assert [d.code for d in check(choices("one", "1-5", "5-10")).diagnostics if d.is_error] == ["PIM703"]


@pytest.mark.parametrize(
    ("language", "label", "low", "high"),
    [
        ("fr", "De 3 mois à 1 an", 131400, 525600),
        ("fr", "Moins de 5", float("-inf"), 5),
        ("fr", "60 ans ou plus", 60 * 525600, float("inf")),
        ("es", "de 1 a 5", 1, 5),
        ("es", "Más de 10", 10, float("inf")),
        ("en", "10-30min", 10, 30),
    ],
)
def test_bands_in_other_words(language: str, label: str, low: float, high: float) -> None:
    band = read_band(label, language)
    assert band is not None and (band.low, band.high) == (low, high)


@pytest.mark.parametrize("label", ["06:00-12:00", "Class 3", "2019-2020", "Block 5 to the road and the river", "None"])
def test_what_is_no_band(label: str) -> None:
    assert read_band(label, "en") is None


def test_none_beside_others_only_where_several_may_be_ticked() -> None:
    assert said(choices("many", "Water", "Light", "None")) == ["PIM711 line 4"]
    assert said(choices("one", "Water", "Light", "None")) == []


def test_a_way_out_is_asked_for_where_the_compiler_adds_none() -> None:
    body = choices("many", "Water", "Light", "Shade")
    assert said(body) == ["PIM712 line 1"]
    assert said(body + "  sensitivity moderate\n") == []
    assert said(body + "  optional\n") == []
    assert said(choices("one", "Far", "Costly", "Closed", stem="Why do you not go?")) == ["PIM712 line 1"]
    assert said(choices("one", "Trader", "Farmer", "Driver", stem="What is your work?")) == []


GATED = 'ask left yes_no "Did you have to leave your home?"\n'


def test_an_assumption_holds_through_groups_and_other_answers() -> None:
    inner = 'ask when_left date "When did you leave?"\n  when left is yes\n'
    last = 'ask how text "How did you leave?"\n  presupposes left\n  when when_left is answered\n'
    assert said(GATED + inner + last) == []
    group = 'group leaving "Leaving"\n  when left is yes\n  ask why text "Why?"\n    presupposes left\nend group\n'
    assert said(GATED + group) == []
    assert said(GATED + 'ask why text "Why did you leave?"\n  presupposes left\n') == ["PIM704 line 3"]


def test_an_assumption_is_not_met_by_another_condition() -> None:
    body = GATED + 'ask here yes_no "Is it quiet here?"\nask why text "Why did you leave?"\n'
    assert said(body + "  presupposes left\n  when here is yes\n") == ["PIM704 line 4"]


SEX = 'ask r_sex one of library sex "Sex"\n  gives sex\n'


@pytest.mark.parametrize(
    ("question", "codes"),
    [
        ('ask water yes_no "Do you fetch water?"\n  when r_sex is female\n', ["PIM707"]),
        ('ask pregnant yes_no "Are you pregnant?"\n  when r_sex is female\n', []),
        ('ask clinic yes_no "Can you see a doctor?"\n  topic health_access\n  when r_sex is female\n', []),
        ('ask water yes_no "Do you fetch water?"\n  sensitivity low because "Only women fetch it here"\n'
         "  when r_sex is female\n", []),
    ],
)  # fmt: skip
def test_who_somebody_is_does_not_decide_what_is_asked(question: str, codes: list[str]) -> None:
    assert [d.code for d in check(SEX + question).diagnostics] == codes


def test_a_question_for_one_people_alone_is_seen_on_a_group_too() -> None:
    body = (
        'ask people one "Which people do you belong to?"\n  gives ethnicity\n  - a "A"\n  - b "B"\n  - c "C"\n'
        'group more "More"\n  when people is a\n  ask papers text "What do you think of this?"\nend group\n'
    )
    assert "PIM707" in [d.code for d in check(body).diagnostics]
