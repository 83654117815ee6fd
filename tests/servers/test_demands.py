"""What a form demands of a server: each rule seen refusing, and seen content."""

from __future__ import annotations

from dataclasses import replace

import pytest

from conftest import ROOT, TODAY
from pimforms import rules
from pimforms.compiler import check_source
from pimforms.model.facts import Dated, File
from pimforms.model.form import Form
from pimforms.model.level import Level
from pimforms.model.server import Found, Holder, Login, Stage, Target
from pimforms.rules.modes import waived_codes
from pimforms.rules.server import judge
from pimforms.source import Source, normalise

FORM = """
form desk "Service desk"
  organisation "Relief"
  category     sectoral
  population   "People in block C"
  contact      "the desk in block C"
  server       "eu.kobotoolbox.org"
  access       interviewer submit_own, analyst without_identities, dpo all
purpose better "Better services"
  tell people "make services better"
waive PIM607 because "the first three days of the emergency leave no time for a pilot with anybody" by "Head of protection" until 2026-12-31
ask used yes_no "Did you come to this desk in the last 30 days?"
"""
CONTENT = Target(
    "office", "kobo", "eu.kobotoolbox.org", Login("relief", "https://eu.kobotoolbox.org", "organisation"),
    Found(
        holders=(
            Holder("relief", frozenset({"manage"}), owner=True),
            Holder("team_1", frozenset({"submit", "view_own"})),
            Holder("amina", frozenset({"view", "view_own", "change_records"})),
        ),
        web_form=True, public_link=False, public_data=False, encrypted=False, sends_on=False, state="open",
    ),
    roles={"interviewer": ("team_1",), "dpo": ("amina",), "manager": ("im_lead",)},
)  # fmt: skip


def form(level: Level = Level.LOW, **facts: object) -> Form:
    checked = check_source(Source("desk.pim", normalise(FORM)), ROOT, today=TODAY)
    assert checked.form is not None
    return replace(checked.form, level=level, facts=replace(checked.form.facts, **facts))


def refused(form: Form, target: Target) -> list[str]:
    return [v.said.code for v in judge(form, target, frozenset()) if v.said is not None and v.said.is_error]


def found(**changes: object) -> Target:
    return replace(CONTENT, found=replace(CONTENT.found, **changes))


INTERVIEWERS = (("interviewer", "view_own"), ("dpo", "all"))


@pytest.mark.parametrize("level", list(Level))
def test_a_server_as_it_should_be_is_accepted(level: Level) -> None:
    target = found(web_form=False, encrypted=True)
    assert refused(form(level, access=INTERVIEWERS), target) == []


@pytest.mark.parametrize(
    ("host", "accepted"),
    [("eu.kobotoolbox.org", True), ("kf.kobotoolbox.org", False), ("eu.kobotoolbox.org.example", False)],
)
def test_only_servers_that_the_organisation_allows(host: str, accepted: bool) -> None:
    target = replace(found(), host=host)
    assert (refused(form(access=INTERVIEWERS), target) == []) is accepted
    assert refused(form(access=INTERVIEWERS), replace(target, allowed=(host,))) == []


@pytest.mark.parametrize(
    ("address", "accepted"),
    [
        ("https://kc-eu.kobotoolbox.org/submission", True),
        ("https://kc.kobotoolbox.org/submission", False),
        ("https://eu.kobotoolbox.org.example/submission", False),
    ],
)
def test_encrypted_records_go_to_the_server_that_was_looked_at(address: str, accepted: bool) -> None:
    target = replace(found(web_form=False, encrypted=True), encrypts=True)
    encrypted = form(access=INTERVIEWERS, submit_to=File(address, form().place))
    assert refused(encrypted, target) == ([] if accepted else ["PIM509"])
    assert refused(encrypted, replace(target, encrypts=False)) == []
    host = address.split("/")[2]
    assert refused(encrypted, replace(target, allowed=(host,))) == []


def test_where_no_server_is_named_a_moderate_form_asks_for_it() -> None:
    asked = judge(form(Level.MODERATE, access=INTERVIEWERS, servers=()), CONTENT, frozenset())[0]
    assert asked.word == "not known"
    assert asked.said is not None
    assert asked.said.code == "PIM509"
    assert not asked.said.is_error


@pytest.mark.parametrize("account", ["personal", None])
def test_from_high_on_a_project_belongs_to_the_organisation(account: str | None) -> None:
    target = replace(found(), login=Login("amina", "https://eu.kobotoolbox.org", account))
    assert refused(form(Level.HIGH, access=INTERVIEWERS), target) == ["PIM523"]
    assert refused(form(Level.MODERATE, access=INTERVIEWERS), target) == []


@pytest.mark.parametrize("what", ["public_link", "public_data"])
def test_from_moderate_on_nothing_is_open_to_everybody(what: str) -> None:
    assert refused(form(access=INTERVIEWERS), found(**{what: True})) == []
    assert refused(form(Level.MODERATE, access=INTERVIEWERS), found(**{what: True})) == ["PIM507"]


def test_from_moderate_on_no_record_is_sent_on() -> None:
    assert refused(form(access=INTERVIEWERS), found(sends_on=True)) == []
    assert refused(form(Level.MODERATE, access=INTERVIEWERS), found(sends_on=True)) == ["PIM524"]


def test_what_a_server_does_not_tell_is_not_called_fine() -> None:
    rows = judge(form(Level.HIGH, access=INTERVIEWERS), found(public_link=None), frozenset())
    assert next(row for row in rows if row.what == "records without a login").word == "not known"
    sent = replace(found(web_form=False, encrypted=None), sent=True, encrypts=True)
    rows = judge(form(Level.HIGH, access=INTERVIEWERS), sent, frozenset())
    assert next(row for row in rows if row.what == "encrypted").word == "not known"


@pytest.mark.parametrize(
    ("holder", "says"),
    [
        (Holder("team_1", frozenset({"submit", "view"})), "team_1 may see all records"),
        (Holder("stranger", frozenset({"view"})), "stranger may see all records"),
        (Holder("amina", frozenset({"view", "manage"})), "amina may manage the project"),
    ],
)
def test_nobody_sees_more_than_the_form_allows(holder: Holder, says: str) -> None:
    target = found(holders=(holder,))
    said = [v.said for v in judge(form(access=INTERVIEWERS), target, frozenset()) if v.said is not None]
    assert [each.code for each in said] == ["PIM520"]
    assert says in said[0].message


def test_managers_are_named_where_the_project_is_described() -> None:
    assert refused(form(), found(holders=(Holder("im_lead", frozenset({"manage", "change_form", "view"})),))) == []


def test_without_access_a_low_form_does_not_ask_who_sees_it() -> None:
    target = found(holders=(Holder("stranger", frozenset({"view"})),))
    assert refused(form(access=()), target) == []
    assert refused(form(Level.MODERATE, access=()), target) == ["PIM520"]


def test_severe_and_encrypted_forms_are_for_the_app_alone() -> None:
    central = replace(found(web_form=True), kind="central", stage=Stage.PILOT)
    assert refused(form(Level.SEVERE, access=INTERVIEWERS), central) == ["PIM521"]
    assert refused(form(access=INTERVIEWERS), replace(central, encrypts=True)) == ["PIM521"]
    assert refused(form(access=INTERVIEWERS), central) == []


def test_a_draft_may_be_sent_to_where_its_web_form_is_switched_off() -> None:
    central = replace(found(web_form=True), kind="central", encrypts=True)
    said = [v.said for v in judge(form(access=INTERVIEWERS), central, frozenset()) if v.said is not None]
    assert [(each.code, each.is_error) for each in said] == [("PIM521", False)]
    row = next(row for row in judge(form(access=INTERVIEWERS), central, frozenset()) if row.what == "in a browser")
    assert row.word == "warning"  # not "refused": the draft is sent


def test_a_key_must_have_arrived() -> None:
    sent = replace(found(web_form=False, encrypted=False), sent=True, encrypts=True)
    assert refused(form(access=INTERVIEWERS), sent) == ["PIM522"]
    assert refused(form(access=INTERVIEWERS), replace(sent, sent=False)) == []
    assert refused(form(access=INTERVIEWERS), replace(sent, encrypts=False)) == []


def test_the_consent_is_locked_in_the_form_builder() -> None:
    sent = replace(found(locked=False), sent=True)
    said = [v.said for v in judge(form(access=INTERVIEWERS), sent, frozenset()) if v.said is not None]
    assert [(each.code, each.is_error) for each in said] == [("PIM422", False)]
    locked = replace(found(locked=True), sent=True)
    assert all(v.said is None for v in judge(form(access=INTERVIEWERS), locked, frozenset()))


def test_from_high_on_a_form_is_tried_before_it_is_used() -> None:
    production = replace(CONTENT, stage=Stage.PRODUCTION)
    high = form(Level.HIGH, access=INTERVIEWERS, searched=Dated("2026-10-20", ("HDX",), form().place))
    assert refused(high, production) == ["PIM607"]
    assert refused(high, replace(production, stage=Stage.PILOT)) == []


def test_a_waiver_of_the_form_is_heard_until_it_ends() -> None:
    production = replace(CONTENT, stage=Stage.PRODUCTION)
    high = form(Level.HIGH, access=INTERVIEWERS, searched=Dated("2026-10-20", ("HDX",), form().place))
    waived = waived_codes(high, rules.WAIVABLE, TODAY)
    rows = judge(high, production, waived)
    assert [row.word for row in rows if row.what == "pilot"] == ["waived"]
    assert waived_codes(high, rules.WAIVABLE, TODAY.replace(year=2027)) == frozenset()


def test_a_pilot_ends() -> None:
    pilot = replace(CONTENT, stage=Stage.PILOT, pilot_records=10, records=10)
    assert refused(form(access=INTERVIEWERS), pilot) == ["PIM613"]
    assert refused(form(access=INTERVIEWERS), replace(pilot, records=9)) == []


def test_before_production_somebody_looked_for_what_is_known() -> None:
    production = replace(CONTENT, stage=Stage.PRODUCTION)
    assert refused(form(Level.MODERATE, access=INTERVIEWERS), production) == ["PIM811"]
    assert refused(form(access=INTERVIEWERS), production) == []
