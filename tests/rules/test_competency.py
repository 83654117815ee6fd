"""Who may ask, who answers for the form, hard words, and whether there are enough hands."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from conftest import ROOT, TODAY
from heads import HEAD, SMALL
from pimforms.compiler import check_source, compile_checked
from pimforms.model.glossary import hard_words
from pimforms.model.text import Text
from pimforms.source import Place, Source, normalise
from pimforms.standards.data import table

OPEN = 'ask open yes_no "Is the desk open?"\n'
HURT = 'ask hurt yes_no "Did somebody shout?"\n  sensitivity severe\n'
TOUR = ROOT / "examples" / "tour"
NOWHERE = Place(Source("x.pim", " "), 0, 0)


def check(body: str, *facts: str, head: str = HEAD, folder: Path = TOUR, today: date = TODAY):
    text = head.replace("  contact ", "".join(f"  {fact}\n" for fact in facts) + "  contact ", 1) + body
    return check_source(Source("short.pim", normalise(text)), folder, today=today)


def said(body: str, *facts: str, code: str, head: str = HEAD, folder: Path = TOUR, today: date = TODAY) -> list[str]:
    return [d.message for d in check(body, *facts, head=head, folder=folder, today=today).diagnostics if d.code == code]


def team(below: Path, *lines: str) -> Path:
    """A folder of its own for each list: a file is read once."""
    folder = below / str(len(list(below.iterdir())))
    folder.mkdir()
    (folder / "team.csv").write_text("\n".join(("code,training,valid_to,sex", *lines)) + "\n", encoding="utf-8")
    return folder


# ---- PIM601, PIM610


def test_a_severe_question_needs_a_list() -> None:
    assert said(HURT, code="PIM610") == ["`hurt` is SEVERE, and the form does not say who was trained for it"]
    assert said(OPEN, code="PIM610") == []


def test_a_list_needs_a_question_for_the_code() -> None:
    listed = 'interviewers "interviewers.csv"'
    assert said(HURT, listed, code="PIM610") == [
        "`hurt` is for trained interviewers, and the form does not ask who interviews"
    ]
    assert said(f"use header\nconsent\n{HURT}", listed, code="PIM610") == []
    assert said(OPEN, listed, code="PIM610") == []


def test_of_a_list_that_cannot_be_read_only_that_is_said(tmp_path: Path) -> None:
    codes = [d.code for d in check(HURT, 'interviewers "none.csv"', folder=tmp_path).diagnostics]
    assert "PF113" in codes and "PIM610" not in codes and "PIM601" not in codes


@pytest.mark.parametrize(
    ("line", "said_of"),
    [
        ("A1,gbv", []),
        ("A1,cp", ["nobody on the list of interviewers holds `gbv`, which `hurt` needs"]),
        ("A1,gbv\nA2,psea", ["nobody on the list of interviewers holds `psea`, which `both` needs"]),
    ],
)
def test_somebody_must_hold_each_training(tmp_path: Path, line: str, said_of: list[str]) -> None:
    body = f"use header\nconsent\n{HURT}  training gbv\n"
    if "A2" in line:
        body += 'ask both yes_no "And this?"\n  training psea\n'
        said_of = []
    found = said(body, 'interviewers "team.csv"', code="PIM601", folder=team(tmp_path, line))
    assert found == said_of


def test_one_person_must_hold_all_that_one_question_needs(tmp_path: Path) -> None:
    body = f"use header\nconsent\n{HURT}  training gbv, psea\n"
    found = said(body, 'interviewers "team.csv"', code="PIM601", folder=team(tmp_path, "A1,gbv", "A2,psea"))
    assert found == ["nobody on the list of interviewers holds `gbv` and `psea`, which `hurt` needs"]


def test_who_interviews_children_is_trained_for_it(tmp_path: Path) -> None:
    facts = ('interviewers "team.csv"', "children 12 to 17")
    body = f"use header\nconsent\n{OPEN}"
    assert len(said(body, *facts, code="PIM601", folder=team(tmp_path, "A1,interview"))) == 1
    assert said(body, *facts, code="PIM601", folder=team(tmp_path, "A1,child")) == []


# ---- PIM612


@pytest.mark.parametrize(
    ("today", "found"),
    [
        (date(2026, 12, 31), []),
        (date(2027, 1, 1), ["the training has run out of `A1` (2026-12-31)"]),
    ],
)
def test_a_training_holds_until_its_last_day(tmp_path: Path, today: date, found: list[str]) -> None:
    folder = team(tmp_path, "A1,interview,2026-12-31", "A2,pim_basics,2020-01-01", "A3,interview")
    body = f"use header\nconsent\n{HURT}"
    assert said(body, 'interviewers "team.csv"', code="PIM612", folder=folder, today=today) == found


# ---- PIM605


@pytest.mark.parametrize(
    ("language", "text", "key"),
    [
        ("en", "Do you know the perpetrator?", "perpetrator"),
        ("en", "How many IDPs live here?", "IDP"),
        ("en", "Is there wash water by the sea?", None),
        ("en", "Is there a WASH committee?", "WASH"),
        ("en", "Did you reach the beach?", None),
        ("fr", "Combien de PDI vivent ici ?", "IDP"),
        ("fr", "Qui sont les parties prenantes ?", "stakeholder"),
        ("es", "¿Conoce al perpetrador?", "perpetrator"),
        ("ar", "هل تأثرتم بالتمرد؟ التمرد هنا", "insurgency"),
        ("sw", "IDPs?", None),
    ],
)
def test_hard_words_are_found_as_words(language: str, text: str, key: str | None) -> None:
    found = [hard.key for hard in hard_words(Text({language: text}, NOWHERE), (language,))]
    assert found == ([key] if key else [])


def test_every_hard_word_has_forms_and_a_plain_word() -> None:
    for key, row in table("hard_words").items():
        assert row.keys() == {"en", "fr", "es", "ar", "plain"}, key
        assert list(hard_words(Text({"en": row["plain"]}, NOWHERE), ("en",))) == [], key


def test_a_hard_word_is_said_once_and_not_where_it_is_explained() -> None:
    body = 'ask a yes_no "Are there IDPs?"\nask b yes_no "Do IDPs come here?"\n'
    assert said(body, code="PIM605") == ["“IDPs” is a hard word, and the form does not explain it"]
    for word in ("IDP", "idps", "IDPs"):
        assert said(f'explain "{word}" "people who had to leave"\n{body}', code="PIM605") == []


def test_the_meaning_is_needed_in_each_language() -> None:
    head = SMALL.replace("  contact ", "  languages en, fr\n  contact ")
    body = 'explain "IDP" "people who had to leave"\n{}ask a yes_no "Are there IDPs?"\n  fr: "Y a-t-il des PDI ?"\n'
    assert said(body.format(""), code="PIM605", head=head) == ["“IDP” is not explained in `fr`"]
    assert said(body.format('  fr: "personnes parties de chez elles"\n'), code="PIM605", head=head) == []


def test_the_explanation_stands_in_the_guidance_of_each_question_that_says_the_word() -> None:
    body = (
        'explain "IDP" "people who had to leave"\nexplain "registry" "the office for papers"\n'
        'ask a yes_no "Are there IDPs near the registry?"\n  interviewer "Count families."\n'
        'ask b yes_no "Is there a registry?"\nask c yes_no "Is there water?"\n'
    )
    made = compile_checked(check(body, head=SMALL))
    assert made.sheets is not None
    rows = {row.cells.get("name"): row.cells for row in made.sheets.survey}
    column = "guidance_hint::English (en)"
    assert rows["a"][column] == "Count families.\nIDP: people who had to leave\nregistry: the office for papers"
    assert rows["b"][column] == "registry: the office for papers"
    assert column not in rows["c"]


# ---- PIM606


@pytest.mark.parametrize(
    ("staff", "missing"),
    [
        ('protection_lead "A", im_lead "B"', None),
        ('protection_lead "A"', "the form names no `im_lead`"),
        ('dpo "A"', "the form names no `protection_lead` and `im_lead`"),
    ],
)
def test_both_answer_for_a_form(staff: str, missing: str | None) -> None:
    head = "\n".join(line if "staff " not in line else f"  staff {staff}" for line in HEAD.split("\n"))
    body = 'ask safe yes_no "Is it safe?"\n  sensitivity moderate\n'
    assert said(body, code="PIM606", head=head) == ([missing] if missing else [])
    assert said(OPEN, code="PIM606", head=head) == []


# ---- PIM608: 5 minutes an interview at the least, 2027-01-31 is 70 days away


def hands(
    sample: int, lines: tuple[str, ...], tmp_path: Path, *facts: str, protect: str = "private_setting"
) -> list[str]:
    head = HEAD.replace("sample       600 ", f"sample       {sample} ").replace(
        "protect by ", f"protect by {protect}, "
    )
    listed = 'interviewers "team.csv"'
    return said(OPEN, listed, *facts, code="PIM608", head=head, folder=team(tmp_path, *lines))


def test_the_days_are_counted(tmp_path: Path) -> None:
    one = ("A1,interview",)
    assert hands(72 * 70, one, tmp_path) == []  # 6 hours a day: 72 interviews
    assert hands(72 * 70 + 1, one, tmp_path) == [
        "5041 interviews of 5 minutes take 1 interviewer 71 days; 70 days are left until the decision on 2027-01-31"
    ]
    assert hands(72 * 70 + 1, (*one, "A2,interview"), tmp_path) == []
    assert hands(72 * 70 + 1, one, tmp_path, "working day 8 hours") == []


def test_who_is_out_of_date_does_not_count(tmp_path: Path) -> None:
    assert hands(10, ("A1,interview,2025-01-01",), tmp_path) == [
        "10 interviews of 5 minutes have no interviewer; 70 days are left until the decision on 2027-01-31"
    ]


def test_where_women_interview_women_they_are_counted_too(tmp_path: Path) -> None:
    lines = ("A1,interview,,male", "A2,interview,,female")
    sample = 72 * 70 * 2
    assert hands(sample, lines, tmp_path, protect="female_interviewer") == []
    both = ("A1,interview,,male", "A2,interview,,male")
    assert hands(100, both, tmp_path, protect="female_interviewer") == [
        "about 50 interviews with women, 5 minutes each, have no female interviewer; "
        "70 days are left until the decision on 2027-01-31"
    ]
    assert hands(100, both, tmp_path) == []


def test_the_tables_name_trainings_that_there_are() -> None:
    known = table("facts")["training"].keys()
    named = {word for row in table("topics").values() for word in row.get("training", ())}
    assert named | {*table("limits")["training"]["severe"], *table("limits")["training"]["child"]} <= known


def test_a_training_that_is_asked_for_needs_a_list_whatever_the_level() -> None:
    """Without one the part would open for everybody, and the line would say nothing."""
    asked = OPEN.rstrip("\n") + "\n  training gbv\n"
    name = asked.split()[1]
    found = [f"`{name}` is for trained interviewers, and the form does not say who was trained for it"]
    assert said(asked, code="PIM610") == found


def test_a_code_that_is_asked_again_and_again_is_no_code_of_the_interview() -> None:
    again = 'repeat r "R"\n  ask who text "Code?"\n    gives interviewer\nend repeat\n'
    asked = OPEN.rstrip("\n") + "\n  training interview\n"
    listed = 'interviewers "interviewers.csv"'
    assert [each[-35:] for each in said(again + asked, listed, code="PIM610")] == [
        "the form does not ask who interviews"[-35:]
    ]
