"""Some sentences are said otherwise where the answers decide who is helped, where children answer, where others may hear."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from consents import BODY, LANGUAGES, NAMED, SENSITIVE, VARIANTS, consents, form

from conftest import TODAY
from forms import HEAD, check
from pimforms.compiler import check_source, compile_checked
from pimforms.model.aid import decides_on_aid
from pimforms.model.form import Form, Group, Note, Question
from pimforms.model.level import Level
from pimforms.model.walk import index, walk
from pimforms.protect.contact import protect_contact
from pimforms.protect.split import split_contact
from pimforms.protect.weave import protect
from pimforms.source import Source, normalise
from pimforms.standards.data import table

HERE = Path(__file__).parent / "forms"
PROMISE = re.compile(
    r"not make you lose|[Nn]othing (will )?changes?|perdre aucune aide|[Rr]ien ne changera|perder ninguna|[Nn]ada cambiará"
    r"|لن يجعلك تخسر|لن يتغير"
)


def texts(made: Form, language: str) -> dict[str, str]:
    """What the rows of a protected form say, by name, without hints."""
    labels = {item.name: item.label for item in walk(made.items) if isinstance(item, (Note, Question, Group))}
    return {name: label.get(language) for name, label in labels.items() if label is not None}


# ---- where the answers decide who is helped


@pytest.mark.parametrize(
    ("words", "decides"),
    [
        ("Which households get cash", True),
        ("Who receives a tent", True),
        ("The selection of beneficiaries", True),
        ("Which families in block C will receive seeds", True),
        ("Which districts get mobile registry visits", False),
        ("Which services are opened", False),
        ("Which roads families use to receive goods", False),
    ],
)
def test_a_decision_about_people_is_told_from_one_about_places(words: str, decides: bool) -> None:
    made = check(BODY, head=HEAD.replace("{topic}", "services").replace("Which services are opened", words)).form
    assert made is not None
    assert decides_on_aid(made) is decides


@pytest.mark.parametrize("body", [BODY, NAMED])
@pytest.mark.parametrize("level", [Level.LOW, Level.SEVERE])
def test_nobody_is_promised_that_a_no_costs_nothing(body: str, level: Level) -> None:
    usual, deciding = form(body, level), form(body, level, category="population_data", children=(10, 17))
    for language in LANGUAGES:
        assert any(map(PROMISE.search, texts(protect(usual), language).values())), language
        said = {name: text for name, text in texts(protect(deciding), language).items() if PROMISE.search(text)}
        assert said == {}, language


def test_the_contact_form_promises_nothing_either() -> None:
    made = replace(form(NAMED, category="population_data"), name="visits")
    split = replace(made, facts=replace(made.facts, split=made.place))
    _, aside = split_contact(split)
    assert aside is not None
    for language in LANGUAGES:
        assert not any(map(PROMISE.search, texts(protect_contact(aside), language).values()))


def test_an_author_may_not_promise_it() -> None:
    note = 'note told "Saying no will not affect the aid you receive."\n'
    head = HEAD.replace("{topic}", "services")
    deciding = head.replace("Which services are opened", "Which households get cash")
    assert "PIM418" not in [d.code for d in check(note + BODY, head=head).diagnostics]
    assert "PIM418" in [d.code for d in check(note + BODY, head=deciding).diagnostics]


def test_the_check_that_it_was_understood_fits() -> None:
    asks = texts(protect(form(BODY, Level.MODERATE, category="population_data")), "en")["pim_check"]
    assert "What happens if you say no?" in asks and "aid" not in asks


# ---- where children answer

TO_THE_INTERVIEWER = ("pim_att_", "pim_skip", "pim_unsafe", "pim_calm", "pim_adult", "pim_child_age", "pim_no_caregiver",
                      "pim_caregiver", "pim_independent", "pim_priv", "pim_move", "pim_care", "pim_link",
                      "pim_child_untrained", "pim_phone_message", "pim_phone_end", "pim_phone_later", "pim_postponed")  # fmt: skip
TO_AN_ADULT = ("pim_say_", "pim_consent", "pim_check", "pim_reread", "pim_not_understood", "pim_agree", "pim_refused",
               "pim_thanks", "pim_withdrawn")  # fmt: skip


@pytest.mark.parametrize("category", ["sectoral", "case_management"])
@pytest.mark.parametrize("media", ["", 'ask pic image "A photo"\n'])
def test_a_child_hears_neither_vous_nor_usted(category: str, media: str) -> None:
    body = SENSITIVE + NAMED + media + 'ask send yes_no "May we tell the clinic?"\n  gives referral\n'
    made = protect(form(body, Level.SEVERE, category=category, children=(10, 17), mode="phone"))
    for language, formal in (("fr", r"\b(?:vous|votre|vos)\b"), ("es", r"\b(?:usted|su|sus)\b")):
        heard = {
            name: text.replace("[votre nom]", "").replace("[su nombre]", "")
            for name, text in texts(made, language).items()
            if name.startswith("pim_") and not name.startswith(TO_THE_INTERVIEWER)
            and (name.endswith("_child") or not name.startswith(TO_AN_ADULT))
        }  # fmt: skip
        assert {"pim_withdraw", "pim_thanks_child", "pim_withdrawn_child", "pim_stop_held"} <= set(heard)
        assert {name: text for name, text in heard.items() if re.search(formal, text, re.IGNORECASE)} == {}


def test_an_adult_is_thanked_as_an_adult_and_a_child_as_a_child() -> None:
    items = index(protect(form(children=(10, 17))).items)
    adult, child = items["pim_thanks"].item, items["pim_thanks_child"].item
    assert "votre temps" in adult.label.get("fr") and "ton temps" in child.label.get("fr")  # type: ignore[union-attr]
    assert "pim_thanks_child" not in index(protect(form()).items)


def test_every_wording_is_there_in_four_languages() -> None:
    strings = {**table("protection")["strings"], **table("consent")["strings"]}
    marked = [key for key in strings if key.endswith(("_decides", "_all", "_child"))]
    assert len(marked) >= 20
    for key in marked:
        assert all(strings[key].get(language) for language in LANGUAGES), key


# ---- where others may hear


@pytest.mark.parametrize("variant", ["discreet, severe", "specialists with children, severe"])
def test_no_consent_names_a_severe_topic(variant: str) -> None:
    made = VARIANTS[variant]
    plain = table("topics")["detention"]["spoken"]
    for who, heard in consents(made).items():
        for language in LANGUAGES:
            said = " ".join(screen.text.get(language) for screen in heard)
            assert plain[language] not in said, (who, language)
    assert any(screen.name == "personal" for screen in consents(made)["adult"])


def test_behind_the_look_around_the_topic_has_its_name() -> None:
    made = protect(VARIANTS["discreet, severe"])
    go = index(made.items)["pim_go_held"].item
    assert "detention" in go.label.get("en")  # type: ignore[union-attr]


def test_a_form_without_sensitive_topics_says_nothing_about_them() -> None:
    assert not any(screen.name == "personal" for screen in consents(VARIANTS["anonymous, moderate"])["adult"])


# ---- trained interviewers

CHILDREN = """\
use header
consent
ask open yes_no "Is the school open?"
"""


def compiled(body: str, head: str) -> dict[str, str]:
    checked = check_source(Source("t.pim", normalise(head + body)), HERE, today=TODAY)
    assert [str(d.message) for d in checked.diagnostics if d.is_error] == []
    made = compile_checked(checked)
    assert made.sheets is not None
    return {row.cells.get("name", ""): row.cells.get("relevant", "") for row in made.sheets.survey}


def test_only_who_was_trained_for_it_interviews_a_child() -> None:
    head = HEAD.replace("{topic}", "education").replace(
        "  contact", '  children     12 to 17\n  interviewers "team.csv"\n  contact', 1
    )
    rows = compiled(CHILDREN, head)
    for name in ("pim_child_age", "pim_caregiver", "open"):
        assert "'A01'" in rows[name], name
    assert "'B02'" not in rows["pim_caregiver"]
    assert "!=" in rows["pim_child_untrained"] or "not(" in rows["pim_child_untrained"]


@pytest.mark.parametrize("body", ['consent\nuse header\nask open yes_no "Open?"\n', 'ask open yes_no "Open?"\n'])
def test_who_interviews_a_child_is_asked_before_the_consent(body: str) -> None:
    head = HEAD.replace("{topic}", "education").replace(
        "  contact", '  children     12 to 17\n  interviewers "team.csv"\n  contact', 1
    )
    found = check_source(Source("t.pim", normalise(head + body)), HERE, today=TODAY).diagnostics
    assert "PIM610" in [d.code for d in found if d.is_error]


@pytest.mark.parametrize(("training", "codes"), [("pim_basics", {"A01"}), ("gbv", {"A01"}), ("", {"A01"})])
def test_a_common_training_does_not_open_a_severe_question(training: str, codes: set[str]) -> None:
    line = f"  training {training}\n" if training else ""
    head = HEAD.replace("{topic}", "services").replace(
        "  contact", '  interviewers "team.csv"\n  public key   "office.pem"\n  contact', 1
    )
    rows = compiled('use header\nconsent\nask held yes_no "Were you held?"\n  sensitivity severe\n' + line, head)
    assert set(re.findall(r"'([AB]0[12])'", rows["held"])) == codes
