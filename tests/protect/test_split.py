"""`split contact` makes two forms: nothing that identifies in the first, nothing that was said in the second."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from conftest import ROOT, TODAY
from forms import HEAD, check
from heads import SMALL
from pimforms.compiler import Compiled, check_source, compile_checked, compile_file
from pimforms.model.form import Note, Question
from pimforms.model.identity import direct_identifiers
from pimforms.model.level import Level
from pimforms.model.walk import index, walk
from pimforms.protect.contact import PATTERN
from pimforms.source import Source, normalise
from pimforms.xlsform.rows import Sheets

SPLIT = ROOT / "tests" / "protect" / "forms" / "split.pim"
KEY = "".join(
    line for line in (ROOT / "examples/tour/office.pem").read_text().splitlines() if not line.startswith("-----")
)
FACTS = f'  public key "{KEY}"\n  split contact\n  contact '
SPLIT_HEAD = SMALL.replace("  contact ", FACTS, 1)
FULL_HEAD = HEAD.replace("  contact ", FACTS, 1)
LACK = 'ask lack yes_no "Do you lack papers?"\n  topic civil_documents\n'
PHONE = """\
ask phone text "On which number may we call you?"
  gives phone_number
  needed because "the desk calls back" until 2027-03-31
"""
REFERS = '  needed because "the desk calls back" until 2027-03-31\n'


def compiled(body: str, head: str = SPLIT_HEAD) -> Compiled:
    made = compile_checked(check(body, head=head))
    assert [f"{d.code} {d.message}" for d in made.diagnostics if d.is_error] == []
    return made


def messages(body: str, code: str = "PIM516") -> list[str]:
    return [d.message for d in check(body, head=SPLIT_HEAD).diagnostics if d.code == code]


def rows(sheets: Sheets | None) -> dict[str, dict[str, str]]:
    assert sheets is not None
    return {row.cells["name"]: dict(row.cells) for row in sheets.survey if "name" in row.cells}


@pytest.fixture(scope="module")
def both() -> Compiled:
    made = compile_file(SPLIT, today=TODAY)
    assert made.protected is not None and made.contact_form is not None
    return made


def test_the_anonymous_form_has_nothing_that_identifies(both: Compiled) -> None:
    assert both.protected is not None and direct_identifiers(both.protected.items) == ()
    written = repr([row.cells for row in both.sheets.survey])  # type: ignore[union-attr]
    assert not re.search(r"\b(nm|phone2|By what name|On which number)\b", written)


def test_the_contact_form_has_no_answer_of_the_interview(both: Compiled) -> None:
    assert both.contact_form is not None
    assert not {"lack", "wants", "hurt"} & index(both.contact_form.items).keys()
    assert {"nm", "phone", "phone2", "enum_code", "interview_date"} <= index(both.contact_form.items).keys()


def test_the_code_is_random_shown_where_contact_would_be_asked_and_typed_into_the_other_form(both: Compiled) -> None:
    main, contact = rows(both.sheets), rows(both.contact)
    assert main["pim_link"]["calculation"] == "once(concat('P', substr(uuid(), 0, 8)))"
    assert "${pim_link}" in main["pim_link_say"]["label::French (fr)"]
    assert both.protected is not None
    group = index(both.protected.items)["reach"].item
    assert [item.name for item in group.items] == ["pim_link_say"]  # type: ignore[union-attr]
    assert contact["pim_record"]["constraint"] == f"regex(., '^{PATTERN}$')"
    assert re.fullmatch(PATTERN, "P3f09c2e1") and not re.fullmatch(PATTERN, "P3f09c2e")


def test_each_reason_stands_in_the_contact_form(both: Compiled) -> None:
    contact = rows(both.contact)
    assert contact["phone"]["guidance_hint::English (en)"] == "Why it is needed: the team calls about the visit"
    assert contact["nm"]["guidance_hint::French (fr)"].startswith("Pourquoi c'est nécessaire : ")


def test_the_contact_form_is_encrypted_has_its_own_consent_and_a_way_back(both: Compiled) -> None:
    assert both.contact is not None
    assert both.contact.settings["public_key"].startswith("MIIB")
    contact = rows(both.contact)
    assert "your name and phone number" in contact["pim_agree"]["label::English (en)"]
    for name in ("pim_record", "nm", "phone", "phone2"):
        assert "${pim_agree} = 'yes'" in contact[name]["relevant"]
        assert "not(${pim_withdraw} = 'no')" in contact[name]["relevant"]
    assert {"pim_say_rights", "pim_outcome", "pim_consent_version", "pim_withdraw"} <= contact.keys()


def test_the_two_forms_have_names_and_versions_of_their_own(both: Compiled) -> None:
    assert both.sheets is not None and both.contact is not None
    assert both.contact.settings["form_id"] == "split_contact"
    assert both.contact.settings["version"] != both.sheets.settings["version"]


def test_only_the_contact_form_is_encrypted_where_the_rest_is_not_severe() -> None:
    made = compiled(LACK + PHONE, FULL_HEAD)
    assert made.form is not None and made.form.level is Level.HIGH
    assert made.sheets is not None and "public_key" not in made.sheets.settings
    assert made.contact is not None and "public_key" in made.contact.settings


def test_the_consent_says_that_names_stand_apart() -> None:
    made = rows(compiled(LACK + PHONE, FULL_HEAD).sheets)
    assert "in a separate, locked form" in made["pim_say_private"]["label::English (en)"]
    assert "you can delete them only before we finish" in made["pim_say_rights"]["label::English (en)"]


def test_a_form_without_identifiers_stays_one() -> None:
    made = compiled('ask open yes_no "Is the desk open?"\n')
    assert made.contact is None and made.contact_form is None
    assert made.sheets is not None and "public_key" in made.sheets.settings


def test_an_own_random_code_is_used() -> None:
    made = rows(compiled("consent\nuse interview_record\n" + PHONE).sheets)
    assert "pim_link" not in made
    assert "${record_code}" in made["pim_link_say"]["label::English (en)"]


def test_conditions_within_the_contact_form_stay_and_others_are_judged_where_the_code_is_shown() -> None:
    body = 'ask wants yes_no "May we call?"\n' + PHONE + '  when wants is yes\nask second text "A second number?"\n'
    made = compiled(body + "  gives phone_number\n" + REFERS + "  when phone is answered\n")
    contact, main = rows(made.contact), rows(made.sheets)
    assert "wants" not in contact["phone"]["relevant"]
    assert "${phone} != ''" in contact["second"]["relevant"]
    assert "${wants} = 'yes'" in main["pim_link_say"]["relevant"]
    assert made.protected is not None
    assert sum(isinstance(item, Note) and "link_say" in item.name for item in walk(made.protected.items)) == 2


def test_the_code_is_shown_once_for_identifiers_that_follow_each_other_under_the_same_condition() -> None:
    name = PHONE.replace("ask phone", "ask nm").replace("phone_number", "person_name")
    asked = 'ask wants yes_no "May we call?"\n'
    same = compiled(asked + name + "  when wants is yes\n" + PHONE + "  when wants = yes\n")
    assert [row for row in rows(same.sheets) if "link_say" in row] == ["pim_link_say"]
    other = compiled(asked + name + "  when wants is yes\n" + PHONE + "  when wants is no\n")
    assert [row for row in rows(other.sheets) if "link_say" in row] == ["pim_link_say", "pim_link_say_2"]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (PHONE + 'ask hour text "When?"\n  when phone is answered\n', ["`hour` reads `phone`, which is asked in the contact form"]),
        (PHONE + 'note read_back "Is {phone} right?"\n', ["`read_back` reads `phone`, which is asked in the contact form"]),
        (PHONE + "calculate long = string-length(phone)\n", ["`long` reads `phone`, which is asked in the contact form"]),
        (PHONE + 'group g "G"\n  when phone is answered\n  ask a yes_no "Is it open?"\nend group\n',
         ["`g` reads `phone`, which is asked in the contact form"]),
        ('ask area text "Which area?"\nask phone text "A number for {area}?"\n  gives phone_number\n' + REFERS,
         ["`phone` reads `area`, which stays in the other form"]),
        ('repeat people "People"\n  ask nm text "What do you call this person?"\n    gives person_name\n  ' + REFERS + "end repeat\n",
         ["`nm` is asked of each member of `people`, and cannot be split off"]),
        (PHONE + 'ask hour text "When?"\n', []),
    ],
)  # fmt: skip
def test_neither_form_reads_the_other(body: str, said: list[str]) -> None:
    assert messages(body) == said


def test_without_a_key_the_contact_form_is_refused() -> None:
    head = SPLIT_HEAD.replace(f'  public key "{KEY}"\n', "")
    found = [d for d in check(PHONE, head=head).diagnostics if d.is_error]
    assert [(d.code, d.message) for d in found] == [("PIM502", "the contact form has no public key")]
    assert found[0].place.line == head[: head.index("split contact")].count("\n") + 1


def test_a_referral_goes_with_the_contact_and_is_asked_in_private() -> None:
    written = SPLIT.read_text(encoding="utf-8").replace("  topics   civil_documents\n", "")
    text = normalise(re.sub(r"  topics +civil.*\n", "", written) + REFERRAL)
    made = compile_checked(check_source(Source("split.pim", text), SPLIT.parent, today=TODAY))
    assert [d.message for d in made.diagnostics if d.is_error] == []
    contact, main = rows(made.contact), rows(made.sheets)
    assert "pass_on" not in main
    assert "${pim_priv_pass_on}" in contact["pass_on"]["relevant"]
    assert "${pim_referral_pass_on} = 'yes'" in contact["pass_on"]["relevant"]


REFERRAL = """\
ask pass_on one "Which help may we tell about you?" for papers
  fr: "À quelle aide pouvons-nous parler de vous ?"
  gives referral
  - legal "Legal aid"
    fr: "Aide juridique"
  - shelter "Shelter"
    fr: "Abri"
"""


def test_splitting_changes_nothing_in_the_form_given(both: Compiled) -> None:
    from pimforms.protect.split import split_contact

    checked = check(PHONE, head=SPLIT_HEAD)
    assert checked.form is not None
    copy = replace(checked.form)
    split_contact(checked.form)
    assert checked.form == copy
    assert isinstance(index(checked.form.items)["phone"].item, Question)


PHOTO = """ask pic image "A photo of the roof"
  needed because "the engineer looks at it" until 2027-03-31
"""
TEAM = FULL_HEAD.replace("  contact ", '  interviewers "tests/protect/forms/team.csv"\n  contact ', 1)
PASSED_ON = 'ask pass_on many "What may we pass on?"\n  gives referral\n  - need "Need"\n  - place "Place"\n'


@pytest.mark.parametrize(
    ("body", "asks", "consents"),
    [
        (PHONE, "your phone number", []),
        (PHOTO, "Do you agree to take part?", ["pim_media_pic"]),
        (PHONE + PHOTO, "Do you agree to take part?", ["pim_contact_phone", "pim_media_pic"]),
        (
            PHONE + PHOTO + PASSED_ON,
            "Do you agree to take part?",
            ["pim_contact_phone", "pim_media_pic", "pim_referral_pass_on"],
        ),
    ],
)
def test_contact_picture_and_referral_are_agreed_to_one_by_one(body: str, asks: str, consents: list[str]) -> None:
    made = compiled("use header\nconsent\n" + LACK + body, TEAM)
    contact = rows(made.contact)
    assert asks in contact["pim_agree"]["label::English (en)"]
    assert [name for name in contact if name.startswith(("pim_contact_", "pim_media_", "pim_referral_"))] == consents
    for consent in consents:
        name = consent.split("_", 2)[2]
        conditions = contact[name]["relevant"]
        assert [each for each in consents if f"${{{each}}}" in conditions] == [consent]


def test_a_trained_interviewer_asks_in_the_contact_form_too() -> None:
    made = compiled(f"use header\nconsent\n{LACK}{PHONE}  training gbv\n", TEAM)
    assert "${enum_code} = 'A01'" in rows(made.contact)["phone"]["relevant"]


def test_a_free_text_of_the_anonymous_form_says_at_every_level_that_no_name_is_written() -> None:
    """Nobody who reads the first form learns a name, so far as words to the interviewer can see to it."""
    made = compiled(PHONE + 'ask more text "What else is important?"\n')
    assert made.form is not None and made.form.level is Level.LOW
    assert "Do not write names of people." in str(rows(made.sheets)["more"])
    alone = compiled('ask more text "What else is important?"\n', head=SMALL)
    assert "Do not write names" not in str(rows(alone.sheets)["more"])
