"""Principle 2: risks, what protects against them, services, order, what is not asked here."""

from __future__ import annotations

from pathlib import Path

import pytest

from conftest import ROOT, TODAY, forms_in
from forms import protected
from heads import FACTS, PURPOSE
from pimforms.compiler import Checked, check_file, check_source
from pimforms.diagnostics import Diagnostic, Severity
from pimforms.model.form import Question
from pimforms.model.level import Level
from pimforms.model.walk import walk
from pimforms.rules.harm import protection_not_there
from pimforms.rules.mitigations import CHECKS
from pimforms.source import Source, normalise
from pimforms.standards.data import table

TOUR = ROOT / "examples" / "tour"


def risk(protect: str = "no_gps", topics: str = "", name: str = "leak", leave_out: str = "") -> str:
    lines = {
        "harms": "respondent",
        "topics": topics,
        "likelihood": "low",
        "impact": "high",
        "protect by": protect,
        "owner": '"Head"',
        "review": "2027-01-31",
    }
    said = "".join(f"  {word} {value}\n" for word, value in lines.items() if value and word != leave_out)
    return f'risk {name} "Somebody who means harm learns it"\n{said}'


def referral(topics: str = "", checked: str = "2026-11-01", more: str = "", name: str = "desk") -> str:
    said = [f"  topics {topics}\n" if topics else "", f"  checked {checked}\n" if checked else "", more]
    return f'referral {name} "the desk in block C"\n{"".join(said)}'


HIGH = 'ask papers yes_no "Do you lack papers?"\n  topic civil_documents\n'
MODERATE = 'ask safe yes_no "Do you feel safe here?"\n  sensitivity moderate\n'
LOW = 'ask open yes_no "Is the desk open?"\n'


def check(body: str, facts: str = FACTS, folder: Path = TOUR) -> Checked:
    head = f'form x "X"\n{facts}purpose services "Better services"\n{PURPOSE}'
    return check_source(Source("x.pim", normalise(head + body)), folder, today=TODAY)


def said(code: str, body: str, facts: str = FACTS) -> list[Diagnostic]:
    checked = check(body, facts)
    if code == "PIM202" and checked.form is not None:  # also where it follows from another error and is not said
        return list(protection_not_there(checked.form))
    return [d for d in checked.diagnostics if d.code == code]


def messages(code: str, body: str, facts: str = FACTS) -> list[str]:
    return [d.message for d in said(code, body, facts)]


# ---- PIM201
@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (LOW, []),
        (MODERATE, ["this form is MODERATE and has no risk assessment"]),
        (risk() + MODERATE, []),
        (risk(topics="services") + referral() + HIGH, ["no risk speaks of `civil_documents`, which is HIGH here"]),
        (risk(topics="services, civil_documents") + referral() + HIGH, []),
        (risk() + referral() + HIGH, []),  # without topics: about everything
        (risk(topics="services") + referral() + 'ask x yes_no "Was it hard?"\n  sensitivity high\n', []),
        (risk(topics="services") + 'ask faith one of library yes_no_dnk "Faith"\n  gives religion\n', []),
    ],
    ids=["low", "no risk", "one risk", "another topic", "its topic", "every topic", "raised by hand", "a concept"],
)
def test_each_sensitive_topic_has_a_risk(body: str, expected: list[str]) -> None:
    assert messages("PIM201", body) == expected


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("harms", "word on who is harmed"),
        ("likelihood", "likelihood"),
        ("impact", "impact"),
        ("protect by", "protection"),
        ("owner", "owner"),
        ("review", "day of review"),
    ],
)
def test_a_risk_says_everything_and_what_lacks_can_be_pasted(line: str, word: str) -> None:
    (found,) = said("PIM201", risk(leave_out=line) + MODERATE)
    assert found.message == f"the risk `leak` has no {word}"
    pasted = found.fix.removeprefix("add under it:\n")
    assert messages("PIM201", risk(leave_out=line) + f"  {pasted}\n" + MODERATE) == []


@pytest.mark.parametrize(("day", "late"), [("2026-11-21", True), ("2026-11-22", False), ("2026-11-23", False)])
def test_a_review_that_is_past_is_a_warning(day: str, late: bool) -> None:
    found = said("PIM201", risk().replace("2027-01-31", day) + MODERATE)
    assert [d.level for d in found] == ([Severity.WARNING] if late else [])


@pytest.mark.parametrize("topic", [name for name in table("stock_risks") if name != "any"])
def test_a_stock_risk_can_be_pasted_for_its_topic(topic: str) -> None:
    body = referral() + f'ask x yes_no "Is it so?"\n  topic {topic}\n  sensitivity severe\n'
    (first,) = said("PIM201", body)
    pasted = first.fix.split("\n", 1)[1]
    assert f"topics     {topic}" in pasted
    assert [d.code for d in check(pasted + "\n" + body).diagnostics if d.code in ("PIM201", "PIM202")] == []


def test_there_are_stock_risks_for_every_topic_that_is_sensitive() -> None:
    high = {name for name, row in table("topics").items() if "low" not in (row["level"], row.get("conflict"))}
    assert high <= set(table("stock_risks"))
    assert len(table("stock_risks")) >= 25


# ---- PIM202
def test_every_mitigation_has_a_check() -> None:
    assert set(CHECKS) == set(table("mitigations"))


SEVERE = 'ask lost yes_no "Did you lose somebody?"\n  topic disappearance\n'
PUBLIC_KEY = '  public key "office.pem"\n'
TOTALS = '  share with "the group" totals only\n'
NAMES = 'ask nm text "Your name?"\n  gives person_name\n  needed because "the office calls back" until 2027-01-31\n'


@pytest.mark.parametrize(
    ("word", "body", "facts", "why"),
    [
        ("private_setting", MODERATE, "", "no question is HIGH, so no privacy check is put before one"),
        ("private_setting", HIGH, "", None),
        ("no_gps", MODERATE, "", None),
        ("no_gps", 'ask at geopoint "Where?"\n', "", "`at` asks for coordinates"),
        ("no_gps", 'ask way geotrace "Which way?"\n', "", "`way` asks for coordinates"),
        ("no_gps", 'record "start-geopoint"\n' + MODERATE, "", "`record start-geopoint` takes coordinates"),
        ("no_gps", "record audit\n  parameter location-priority balanced\n" + MODERATE, "", "the audit log keeps positions"),
        ("no_photo", 'ask pic image "Picture"\n', "", "`pic` asks for a picture"),
        ("no_photo", 'ask sign image "Sign"\n  appearance signature\n', "", None),
        ("no_photo", 'ask film video "Film"\n', "", "`film` asks for a picture"),
        ("no_audio", 'ask say audio "Say it"\n', "", "`say` asks for a sound recording"),
        ("no_audio", 'record "background-audio"\n' + MODERATE, "", "`record background-audio` takes a sound recording"),
        ("no_audio", MODERATE, "", None),
        ("no_names", NAMES, "", "`nm` asks for what identifies a person"),
        ("no_names", NAMES, "  split contact\n" + PUBLIC_KEY, None),
        ("no_answers_in_audit", "record audit\n  parameter track-changes true\n" + MODERATE, "", "the audit log keeps every answer, also those that were taken back"),
        ("no_answers_in_audit", "record audit\n" + MODERATE, "", None),
        ("female_interviewer", "use header\n" + MODERATE, "", "nothing in the form knows whether a woman interviews"),
        ("female_interviewer", "use header\n" + MODERATE, '  interviewers "interviewers.csv"\n', None),
        ("female_interviewer", 'ask sex one of library sex "Sex"\n  gives interviewer_sex\nask safe yes_no "Safe?"\n  sensitivity moderate\n  when sex is female\n', "", None),
        ("split_contact", MODERATE, "", "the form has no contact form of its own"),
        ("encryption", MODERATE, "", "the form has no public key"),
        ("encryption", MODERATE, PUBLIC_KEY, None),
        ("trained_interviewer", LOW, "", "a LOW form asks no interviewer about training"),
        ("trained_interviewer", HIGH, "", None),
        ("trained_interviewer", "use header\n" + SEVERE, "", "SEVERE questions open for everybody: the form has no list of interviewers with their training"),
        ("trained_interviewer", "use header\n" + SEVERE, '  interviewers "interviewers.csv"\n', None),
        ("totals_only", MODERATE, TOTALS, None),
        ("totals_only", MODERATE, '  share with "the group" without identities\n', "“the group” receives `safe` of each record"),
        ("totals_only", MODERATE, "", None),  # nobody receives anything
        ("referral_ready", MODERATE, "", "the form names no service"),
        ("referral_ready", referral() + MODERATE, "", None),
    ],
)  # fmt: skip
def test_a_protection_is_looked_for_in_the_form(word: str, body: str, facts: str, why: str | None) -> None:
    found = messages("PIM202", risk(word) + body, facts + FACTS)
    assert found == ([f"the risk `leak` counts on `{word}`, but {why}"] if why else [])


def test_the_line_that_says_otherwise_is_shown() -> None:
    (found,) = said("PIM202", risk("no_gps, no_photo") + 'ask at geopoint "Where?"\n')
    assert found.place.text == "no_gps"
    assert [(what, place.text) for what, place in found.related] == [("this question", "at")]


def test_totals_are_for_what_the_risk_is_about() -> None:
    """Other topics may be shared record by record."""
    body = risk("totals_only", topics="civil_documents") + risk(name="other") + referral()
    body += 'ask papers yes_no "Do you lack papers?"\n  topic civil_documents\n  shared as drop\n' + MODERATE
    assert messages("PIM202", body, '  share with "the group" without identities\n' + FACTS) == []


# ---- PIM205
CASE = FACTS.replace("sectoral", "case_management").replace("interview    service", "interview    person")
GBV = 'ask hurt yes_no "Were you hurt?"\n  topic gbv_incident\n'
SIGNED = (
    'waive PIM205 because "the case team was trained, and the service in block C takes every person it sends" '
    'by "GBV coordinator" until 2027-01-31\n'
)


def test_only_specialists_in_case_management_ask_it() -> None:
    (found,) = said("PIM205", GBV)
    assert "no case management, no specialist, no referral for `gbv_incident`, no encryption" in found.why
    assert "use gbv_services_env" in found.fix


@pytest.mark.parametrize(
    "leave_out",
    ["", "staff", "referral", "key", "signature"],
    ids=["complete", "no specialist", "no referral", "no key", "no signature"],
)
def test_case_management_needs_all_of_it(leave_out: str) -> None:
    staff = (
        CASE.replace("staff        ", 'staff        gbv_specialist "Specialist", ') if leave_out != "staff" else CASE
    )
    facts = (PUBLIC_KEY if leave_out != "key" else "") + staff
    helps = referral("gbv_incident") if leave_out != "referral" else referral("services")
    found = said("PIM205", helps + GBV + (SIGNED if leave_out != "signature" else ""), facts)
    assert bool(found) == bool(leave_out)
    if found:
        assert found[0].fix.startswith("add: ") and ";" not in found[0].fix


def test_a_signature_that_has_run_out_is_none() -> None:
    old = SIGNED.replace("2027-01-31", "2026-10-31")
    facts = PUBLIC_KEY + CASE.replace("staff        ", 'staff        gbv_specialist "Specialist", ')
    assert said("PF121", referral("gbv_incident") + GBV + old, facts)


def test_it_can_be_neither_drafted_nor_waived() -> None:
    waiver = 'waive PIM205 because "the coordinator of the working group asked us to do it this one time" by "Head" until 2026-12-31\n'
    for before in ("draft\n", waiver):
        text = before + f'form x "X"\n{FACTS}purpose services "Better services"\n{PURPOSE}' + GBV
        found = check_source(Source("x.pim", normalise(text)), ROOT, today=TODAY).diagnostics
        assert [d.level for d in found if d.code == "PIM205"] == [Severity.ERROR]


def test_the_words_that_matched_are_shown() -> None:
    (found,) = said("PIM205", 'ask x yes_no "Has your husband ever hit you?"\n')
    assert "“your husband ever hit”" in found.message


# ---- PIM206
RISK = risk()


@pytest.mark.parametrize(
    ("checked", "message"),
    [
        ("2026-08-24", None),  # 90 days
        ("2026-08-23", "the referral `desk` was checked 91 days ago"),
        ("2026-11-22", None),
        ("2026-11-23", "the referral `desk` was checked on 2026-11-23, a day that has not come"),
        ("", "the referral `desk` does not say when it was checked"),
    ],
)
def test_a_service_was_checked_in_ninety_days(checked: str, message: str | None) -> None:
    found = messages("PIM206", RISK + referral("civil_documents", checked) + HIGH)
    assert found == ([message] if message else [])


@pytest.mark.parametrize(
    ("topics", "fires"),
    [("civil_documents", False), ("", False), ("services", True), ("services, civil_documents", False)],
)
def test_a_service_is_for_the_topic_or_for_all(topics: str, fires: bool) -> None:
    found = messages("PIM206", RISK + referral(topics) + HIGH)
    assert found == (["no service is named for `civil_documents`, which is HIGH here"] if fires else [])


def test_a_question_raised_by_hand_needs_any_service() -> None:
    raised = 'ask x yes_no "Was it hard?"\n  sensitivity high\n'
    assert messages("PIM206", RISK + raised) == ["no service is named for `x`, which is HIGH"]
    assert messages("PIM206", RISK + referral("services") + raised) == []


def test_a_service_that_is_missing_can_be_pasted() -> None:
    """All but the day on which somebody called it: who pastes has not called yet."""
    (found,) = said("PIM206", RISK + HIGH)
    pasted = RISK + found.fix.split("\n", 1)[1] + "\n"
    assert messages("PIM206", pasted + HIGH) == [
        "the referral `civil_documents_service` does not say when it was checked"
    ]
    assert messages("PIM206", pasted + "  checked 2026-11-20\n" + HIGH) == []


@pytest.mark.parametrize(
    ("ages", "facts", "message"),
    [
        ("18 to 120", "", None),
        ("0 to 80", "", None),
        ("18 to 59", "", "no service for `civil_documents` takes people of 60 years or older"),
        ("25 to 120", "", "no service for `civil_documents` takes people of 18 to 24 years"),
        ("18 to 120", "  children 12 to 17\n", None),  # what is HIGH is asked of adults only
    ],
)
def test_a_service_takes_those_who_are_asked(ages: str, facts: str, message: str | None) -> None:
    found = messages("PIM206", RISK + referral("civil_documents", more=f"  ages {ages}\n") + HIGH, facts + FACTS)
    assert found == ([message] if message else [])


def test_two_services_together_take_everybody() -> None:
    young = referral("civil_documents", more="  ages 18 to 30\n")
    old = referral("civil_documents", more="  ages 31 to 120\n", name="other")
    assert messages("PIM206", RISK + young + old + HIGH) == []


def test_a_service_for_children_is_for_children() -> None:
    """Key informants are adults; what they are asked about is children."""
    asked = 'ask alone yes_no "Are there children alone here?"\n  topic child_protection\n'
    assert messages("PIM206", RISK + referral("child_protection", more="  ages 0 to 17\n") + asked) == []
    (message,) = messages("PIM206", RISK + referral("child_protection", more="  ages 5 to 17\n") + asked)
    assert message.endswith("takes people of 0 to 4 years")


CASCADE = 'use location_cascade from "nadim_pcodes.csv" levels adm1, adm2\nconsent\n'


@pytest.mark.parametrize(
    ("places", "where"),
    [
        ("", None),
        ("ND01, ND02, ND03", None),
        ("ND01, ND02, ND0301, ND0302", "Oum Dafla (ND0303)"),
        ("ND01, ND02", "Bir Tamin (ND0301), Safra Bridge (ND0302), Oum Dafla (ND0303)"),
        ("ND01", "Marjal (ND0201), Dar Lumen (ND0202), Wadi Sel (ND0203), Harit (ND0204) and 3 more"),
    ],
)
def test_a_service_is_in_every_place_of_the_form(places: str, where: str | None) -> None:
    helps = referral("civil_documents", more=f"  places {places}\n" if places else "")
    found = said("PIM206", RISK + helps + CASCADE + HIGH)
    assert [d.message for d in found] == ([f"no service for `civil_documents` is in {where}"] if where else [])
    if found:
        pasted = found[0].fix.split("\n", 1)[1].replace("civil_documents_service", "second") + "\n  checked 2026-11-20"
        assert messages("PIM206", RISK + helps + pasted + "\n" + CASCADE + HIGH) == []


def test_an_adm2_is_named_once_for_all_that_lies_in_it(tmp_path: Path) -> None:
    rows = [f"A1,North,A{n},District {n},A{n}{m},Block {n}{m}" for n in (11, 12) for m in (1, 2)]
    names = "adm1_pcode,adm1_name_en,adm2_pcode,adm2_name_en,adm3_pcode,adm3_name_en"
    (tmp_path / "p.csv").write_text("\n".join((names, *rows)) + "\n", encoding="utf-8")
    use = 'use location_cascade from "p.csv" levels adm1, adm2\nconsent\nuse location_cascade from "p.csv" levels adm3 for services\n'

    def found(places: str) -> list[str]:
        helps = referral("civil_documents", more=f"  places {places}\n")
        all_found = check(RISK + helps + use + HIGH, folder=tmp_path).diagnostics
        return [d.message.split(" is in ")[1] for d in all_found if d.code == "PIM206"]

    assert found("A11") == ["District 12 (A12)"]
    assert found("A11, A121") == ["Block 122 (A122)"]
    assert found("A1") == []


# ---- PIM208, PIM215
def test_raw_required_is_refused_and_says_why() -> None:
    (found,) = [d for d in check('ask f_risks text "What was hard?"\n  raw required "yes"\n').diagnostics if d.is_error]
    assert found.code == "PF136" and "PIM208" in found.fix


def test_free_text_from_moderate_on_says_that_no_name_is_written() -> None:
    form = protected(
        'ask low text "What else?"\nask mid text "What is hard?"\n  sensitivity moderate\n'
        'ask own text "What is hard?"\n  sensitivity moderate\n  interviewer "Listen."\n'
    )
    guidance = {q.name: q.guidance and q.guidance.get("en") for q in walk(form.items) if isinstance(q, Question)}
    assert guidance["low"] is None
    assert guidance["mid"] == "Do not write names of people."
    assert guidance["own"] == "Listen.\nDo not write names of people."


# ---- PIM209
def light(count: int, start: int = 0) -> str:
    return "".join(f'ask q{n} yes_no "Is there water at place {n}?"\n' for n in range(start, start + count))


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (2, 6, ["`papers` is HIGH and comes early: question 3 of 9"]),
        (3, 5, []),
        (2, 5, []),  # eight questions: too few to speak of a third
        (8, 0, ["the form ends on `papers`, which is HIGH"]),
        (8, 1, []),
    ],
)
def test_sensitive_questions_stand_in_the_middle(before: int, after: int, expected: list[str]) -> None:
    assert messages("PIM209", RISK + referral() + light(before) + HIGH + light(after, 20)) == expected


def test_the_closing_module_ends_a_form_well() -> None:
    assert messages("PIM209", RISK + referral() + light(8) + HIGH + "use closing\n") == []


# ---- PIM210
NOT_HERE = "  do not ask   religion, movement\n"


@pytest.mark.parametrize(
    ("body", "level"),
    [
        ('ask f text "Say more"\n  gives religion\n', Severity.ERROR),
        ('ask m yes_no "Can you go to town?"\n  topic movement\n', Severity.ERROR),
        (
            'ask w one "Why were you refused?"\n - faith "Because of my religion"\n - late "I was late"\n',
            Severity.WARNING,
        ),
        ('ask r text "Which religion do you have?"\n', Severity.WARNING),
        ('ask r text "Say more"\n  hint "For example your religion"\n', Severity.WARNING),
        ('ask g one "Which group is yours?"\n - a "Muslim"\n - b "Christian"\n', Severity.ERROR),
        ('ask g one "Which clinic is yours?"\n - a "The Christian hospital"\n - b "The state hospital"\n', None),
        ('ask o yes_no "Is the desk open?"\n', None),
    ],
)
def test_what_is_not_asked_here(body: str, level: Severity | None) -> None:
    found = said("PIM210", RISK + referral() + body, NOT_HERE + FACTS)
    assert [d.level for d in found] == ([level] if level else [])


def test_the_pack_that_says_so_is_named() -> None:
    (found,) = said("PIM210", 'ask f text "Say more"\n  gives religion\n', '  follows "nadim.pack.pim"\n' + FACTS)
    assert "The country pack `nadim` says so" in found.why
    assert found.related[0][1].path == "nadim.pack.pim"


# ---- PIM211
def test_case_management_may_ask_who_it_was() -> None:
    who = 'ask who text "Who attacked you?"\n'
    assert len(messages("PIM211", who)) == 1
    assert messages("PIM211", who, CASE) == []


def test_kinds_of_actors_in_a_list_are_no_person_but_a_commander_is() -> None:
    assert messages("PIM211", 'ask who one "Who attacked you?"\n - army "Soldiers"\n - other "Others"\n') == []
    assert len(messages("PIM211", 'ask who one "Who commands the checkpoint?"\n - a "A"\n - b "B"\n')) == 1


# ---- all of it
@pytest.mark.parametrize("path", forms_in(ROOT / "examples"), ids=lambda path: path.stem)
def test_the_examples_harm_nobody(path: Path) -> None:
    found = check_file(path, today=TODAY).diagnostics
    assert [f"{d.code} {d.message}" for d in found if d.code.startswith("PIM2")] == []


def test_levels_of_topics_follow_the_country_pack_and_the_context() -> None:
    asked = 'ask way yes_no "Is the road open?"\n  topic flows\n'
    assert messages("PIM206", RISK + asked) == []
    assert len(messages("PIM206", RISK + asked, "  context conflict\n" + FACTS)) == 1
    form = check(RISK + asked, "  context conflict\n" + FACTS).form
    assert form is not None and form.level is Level.HIGH


def test_a_place_without_any_service_is_said_once_for_all_topics() -> None:
    facts = FACTS
    cascade = 'use location_cascade from "nadim_pcodes.csv" levels adm1, adm2\n'
    body = RISK + referral(more="  places ND01\n") + cascade + HIGH + 'ask held yes_no "Held?"\n  topic legal_status\n'
    found = messages("PIM206", body, facts)
    assert len(found) == 1 and "`civil_documents` and `legal_status`" in found[0]


def test_the_message_says_which_question_makes_the_level() -> None:
    (found,) = said("PIM201", MODERATE)
    assert found.why.startswith("`safe` makes it so: it says so. ")


def test_a_list_of_interviewers_that_cannot_be_read_is_not_missed_as_well(tmp_path: Path) -> None:
    (tmp_path / "team.csv").write_text("code,training\nE01,driving\n", encoding="utf-8")
    held = 'use header\nask held yes_no "Held?"\n  sensitivity severe\n'
    body = RISK.replace("protect by ", "protect by trained_interviewer, ") + referral() + held
    codes = {d.code for d in check(body, '  interviewers "team.csv"\n' + FACTS, tmp_path).diagnostics}
    assert "PF113" in codes and not codes & {"PIM202", "PIM610"}
