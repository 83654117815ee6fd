"""Who may do what on ODK Central, and what a role of the form becomes there."""

from __future__ import annotations

import pytest
from central_kit import FORM, Kit, central_running, package
from central_samples import book
from fake_central import ADMIN, PASSWORD
from loopback import Asked

from pimforms.servers.central import access
from pimforms.servers.central.forms import form_version
from pimforms.servers.interface import Found, Holder
from pimforms.servers.package import Stage
from pimforms.servers.trouble import ServerTrouble
from pimforms.standards.data import table

EVERYTHING = frozenset({"submit", "view", "change_records", "change_form", "manage"})
SENDERS = package(roles={"enumerator": ("phone-1", "phone-2")}, access={"enumerator": "submit_own"})


@pytest.fixture
def kit():
    with central_running() as kit:
        yield kit


def found(kit: Kit, **more) -> Found:
    with kit.central(**more) as central:
        return central.found(central.find(FORM))


def test_those_who_may_send_change_and_read_are_told_apart(kit: Kit) -> None:
    kit.push(SENDERS)
    viewer = kit.fake.state.user("viewer@example.org", PASSWORD)
    collector = kit.fake.state.user("collector@example.org", PASSWORD)
    kit.fake.project.assigned += [(viewer.number, 6), (collector.number, 8)]
    assert found(kit).holders == (
        Holder("viewer@example.org", frozenset({"view"})),
        Holder("collector@example.org", frozenset({"submit"})),
        Holder("phone-1", frozenset({"submit"})),
        Holder("phone-2", frozenset({"submit"})),
        Holder(ADMIN, EVERYTHING, owner=True),
    )


def test_who_is_no_administrator_still_hears_that_there_are_some(kit: Kit) -> None:
    kit.push(package())
    manager = kit.fake.manager()
    assert found(kit, username=manager.email).holders == (
        Holder(manager.email, EVERYTHING),
        Holder("the administrators of this server", EVERYTHING, owner=True),
    )


def test_a_revoked_app_user_holds_nothing(kit: Kit) -> None:
    kit.push(SENDERS)
    kit.fake.project.app_users[0].token = None
    assert [each.name for each in found(kit).holders] == ["phone-2", ADMIN]


def test_an_open_public_link_is_everybody_until_it_is_revoked(kit: Kit) -> None:
    kit.push(package())
    assert found(kit).public_link is False
    token = kit.fake.state.secret("hand")
    kit.fake.state.sessions[token] = kit.fake.admin.number
    headers = {"Authorization": f"Bearer {token}"}
    made = kit.fake(
        Asked(
            "POST",
            f"/v1/projects/1/forms/{FORM}/public-links",
            {},
            headers,
            b'{"displayName": "all", "once": false}',
            "",
        )
    )
    opened = found(kit)
    assert opened.public_link is True
    assert Holder("everybody", frozenset({"submit"})) in opened.holders
    kit.fake(Asked("DELETE", f"/v1/sessions/{made.body['token']}", {}, headers, b"", ""))
    assert found(kit).public_link is False
    assert found(kit).public_data is False


def test_a_new_form_would_get_what_central_gives_every_form(kit: Kit) -> None:
    with kit.central() as central:
        new = central.found(None)
    assert new.state == "open"
    assert new.web_form is True
    assert new.encrypted is False
    assert new.public_link is False
    kit.fake.project.key = 1
    with kit.central() as central:
        assert central.found(None).encrypted is True


@pytest.mark.parametrize(
    ("said", "known"),
    [
        ({"webformsEnabled": True, "enketoId": "x"}, True),
        ({"webformsEnabled": False, "enketoId": "x"}, None),  # Enketo shows it, and cannot be switched off
        ({"webformsEnabled": False, "enketoId": None}, False),
        ({"enketoId": "x"}, None),
        ({}, None),
    ],
)
def test_a_server_with_enketo_does_not_stop_an_encrypted_form_for_ever(said: dict, known: bool | None) -> None:
    assert form_version({"xmlFormId": "f", **said}).web_form is known


def test_who_was_given_nothing_is_told(kit: Kit) -> None:
    access_of = {"enumerator": "submit_own", "analyst": "without_identities", "dpo": "all"}
    outcome = kit.push(package(roles={"enumerator": ("phone-1",), "dpo": ("amina",)}, access=access_of))
    assert [each for each in outcome.warnings if "was given nothing" in each] == [
        "`dpo` (amina) was given nothing. Project Viewer reads every record and changes nothing; it reads all forms of the "
        "project, so keep this form in a project of its own"
    ]


def test_our_own_login_is_known_whatever_name_it_shows(kit: Kit) -> None:
    kit.push(package())
    robot = kit.fake.manager("robot@example.org")
    robot.name = "The robot of the office"
    with kit.central("robot@example.org") as central:
        names = {holder.name for holder in central.found(central.find("household")).holders}
        assert central.login().username in names
    assert "The robot of the office" not in names


def test_a_web_form_can_be_switched_off(kit: Kit) -> None:
    kit.push(package())
    kit.form.web = False
    assert found(kit).web_form is False


def test_app_users_are_made_once_and_their_tokens_are_not_shown(kit: Kit) -> None:
    outcome = kit.push(SENDERS)
    assert outcome.did[-4:] == (
        "made the app user phone-1",
        "let phone-1 send records",
        "made the app user phone-2",
        "let phone-2 send records",
    )
    token = kit.fake.project.app_users[0].token
    assert token not in repr(outcome)
    assert kit.push(SENDERS).did == ()


def test_nobody_is_let_in_for_a_draft(kit: Kit) -> None:
    kit.push(package(stage=Stage.DRAFT, roles=SENDERS.roles, access=SENDERS.access))
    assert kit.fake.project.app_users == []


def test_two_app_users_of_one_name_are_trouble(kit: Kit) -> None:
    kit.push(SENDERS)
    twin = kit.fake.state.actor("field_key", "phone-1", token="t" * 64)
    kit.fake.project.app_users.append(twin)
    with pytest.raises(ServerTrouble, match="2 app users called `phone-1`"):
        kit.push(package("2-0a1b2c3d", book(FORM, "2-0a1b2c3d"), roles=SENDERS.roles, access=SENDERS.access))


def test_each_role_becomes_the_smallest_that_is_enough(kit: Kit) -> None:
    assert {sees: access.grant_for(sees).role for sees in table("central")["access"]} == {
        "submit_own": "app-user",
        "view_own": "app-user",
        "totals_only": "",
        "without_identities": "",
        "all": "viewer",
    }
    sent = package(roles={"dpo": ("Amal",), "analyst": ("Jo",)}, access={"dpo": "all", "analyst": "without_identities"})
    assert access.phones(sent) == ()
    kit.push(sent)  # and a push gives nobody a role on the whole project
    assert kit.fake.project.assigned == []
