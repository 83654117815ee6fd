"""Where help is, is said after a sensitive part, where nobody hears."""

from __future__ import annotations

from forms import HEAD, check
from pimforms.expressions.parts import names as names_in
from pimforms.model.form import Note
from pimforms.model.walk import index
from pimforms.protect.weave import protect

PAPERS = 'ask lack yes_no "Do you lack papers?"\n  topic civil_documents\nask last yes_no "Is there shade?"\n'


def card(head: str, body: str = PAPERS) -> Note | None:
    made = check(body, head=head).form
    assert made is not None
    stop = index(protect(made).items).get("pim_card_lack")
    return stop.item if stop is not None and isinstance(stop.item, Note) else None


def test_the_service_for_the_topic_is_named_and_no_other() -> None:
    said = card(HEAD)
    assert said is not None
    assert said.label.get("en") == "If you want help or information: the health post in block A, every day."


def test_it_is_read_where_nobody_hears_and_also_to_who_skipped_the_questions() -> None:
    said = card(HEAD)
    assert said is not None and said.when is not None
    assert "pim_priv_lack" in names_in(said.when) and "pim_go_lack" not in names_in(said.when)
    assert "pim_agree" in names_in(said.when)


def test_a_service_without_topics_is_for_all() -> None:
    head = HEAD.replace("  topics   child_protection, civil_documents, ethnicity", "  topics   ethnicity")
    assert card(head) is None
    assert card(head + 'referral all "the desk"\n  checked 2026-11-01\n') is not None


def test_harmless_questions_have_no_card() -> None:
    assert card(HEAD, 'ask lack yes_no "Is there shade?"\n') is None
