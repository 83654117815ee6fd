"""What an author wrote and people hear: it is filled in, and it says nothing that nobody else may hear."""

from __future__ import annotations

import pytest

from forms import HEAD, check
from pimforms.rules.spoken import gap_in
from pimforms.standards.data import table

BODY = 'ask open yes_no "Is the desk open?"\n'


@pytest.mark.parametrize(
    "text",
    [
        "the desk, PHONE",
        "call XXX",
        "the post of [name]",
        "…",
        "the post, TBC",
        "Call ____",
        "phone 0000",
        "the desk at <place>",
        "The service, the place, the days and hours",
        "le bureau, TÉLÉPHONE",
        "nom du service",
        "la oficina, por confirmar",
        "اسم الخدمة",
    ],
)
def test_a_gap_is_seen(text: str) -> None:
    assert gap_in(text) is not None


@pytest.mark.parametrize(
    "text",
    [
        "the legal aid desk in block C, Sunday to Thursday, 8 a.m. to 4 p.m.",
        "UNICEF hotline 1340",
        "IRC hotline 0800 00 00 00",
        "THE DESK IN CAMP 7, FREE PHONE 555",
        "the XX Century school",
        "le bureau du bloc C, téléphone 555",
        "el nombre del puesto está en la puerta",
    ],
)
def test_words_that_say_something_are_no_gap(text: str) -> None:
    assert gap_in(text) is None


@pytest.mark.parametrize(
    ("line", "gap"),
    [
        ('  organisation "Relief"', '  organisation "your organisation"'),
        ('  contact      "Desk, block C, free line 555"', '  contact      "Desk, block C, free line XXX"'),
        ('  feedback     "a community meeting in each block"', '  feedback     "a meeting in PLACE"'),
        ('referral post "the health post in block A, every day"', 'referral post "the health post, PHONE"'),
        ('  tell people   "make services better"', '  tell people   "make services better in [district]"'),
        ("purpose safety", '  services     "the post, …"\npurpose safety'),
        ("purpose safety", '  share with   "the ??? group" totals only\npurpose safety'),
    ],
)
def test_every_spoken_fact_is_looked_at(line: str, gap: str) -> None:
    head = HEAD.replace("{topic}", "services")
    assert line in head
    found = [d for d in check(BODY, head=head.replace(line, gap, 1)).diagnostics if d.is_error]
    assert [d.code for d in found] == ["PIM420"]


def test_a_referral_that_a_fix_offers_is_not_ready_as_it_is() -> None:
    """Whoever pastes the block of PIM206 must still write what stands in it."""
    head = HEAD.replace("{topic}", "services")
    bare = "\n".join(line for line in head.splitlines() if not line.startswith("referral")) + "\n"
    bare = bare.replace("  checked  2026-11-01\n  ages     0 to 120\n", "")
    said = check('ask papers yes_no "Do you lack papers?"\n  topic civil_documents\n', head=bare)
    fix = next(d.fix for d in said.diagnostics if d.code == "PIM206")
    assert gap_in(fix) is not None


def test_a_draft_may_have_gaps() -> None:
    head = HEAD.replace("{topic}", "services").replace("free line 555", "PHONE")
    found = [(d.code, d.is_error) for d in check("draft\n" + BODY, head=head).diagnostics]
    assert ("PIM420", False) in found


@pytest.mark.parametrize(
    ("words", "heard"),
    [
        ("help people who were detained", True),
        ("help survivors of rape", True),
        ("find missing people", True),
        ("make services better", False),
        ("make the way to the women's centre safer", False),
    ],
)
def test_a_severe_topic_is_not_said_aloud_by_the_author_either(words: str, heard: bool) -> None:
    head = HEAD.replace("{topic}", "services").replace("make services better", words)
    codes = [d.code for d in check(BODY, head=head).diagnostics]
    assert ("PIM218" in codes) is heard


def test_a_referral_is_said_to_everybody_only_where_the_form_names_no_services() -> None:
    head = HEAD.replace("{topic}", "services").replace(
        "the protection desk in block C", "the desk for survivors of rape"
    )
    assert "PIM218" in [d.code for d in check(BODY, head=head).diagnostics]
    named = head.replace("purpose safety", '  services     "the community centre"\npurpose safety', 1)
    assert "PIM218" not in [d.code for d in check(BODY, head=named).diagnostics]


def test_every_topic_that_can_be_severe_has_a_discreet_name() -> None:
    for name, row in table("topics").items():
        if "severe" in (row["level"], row.get("conflict")):
            assert set(row["discreet"]) == {"en", "fr", "es", "ar"}, name
