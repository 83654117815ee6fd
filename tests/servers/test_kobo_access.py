"""Who may do what on KoboToolbox: never more than the form says, and everything that is more is told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from fake_kobo_state import Permission
from kobo_packages import AGE, LINES, Bench, bench, package, sheets, workbook

from pimforms.servers.interface import Holder, Live
from pimforms.servers.kobo.access import Grant, grants, holdings
from pimforms.servers.kobo.project import project
from pimforms.servers.secret import Secret
from pimforms.servers.trouble import ServerTrouble
from pimforms.standards.data import table
from pimforms.xlsform.kobo import for_kobo
from pimforms.xlsform.workbook import to_bytes

OWN = [{"url": "https://kobo.example/api/v2/permissions/view_submissions/", "filters": [{"_submitted_by": "ana"}]}]


@pytest.fixture
def kobo() -> Iterator[Bench]:
    with bench() as made:
        yield made


def pushed(kobo: Bench, **more: Any) -> Live:
    return kobo.push(package(**more)).live


def with_role(what: str, **more: Any) -> Any:
    return package(roles={"role": ("ana",)}, access={"role": what}, **more)


def test_every_word_of_the_language_has_a_row_in_the_table() -> None:
    assert set(table("kobo_access")["roles"]) == set(table("facts")["access"])


@pytest.mark.parametrize(
    ("what", "personal", "held", "warns"),
    [
        ("submit_own", True, {"add_submissions"}, ""),
        ("view_own", True, {"add_submissions", "partial_submissions", "view_asset"}, ""),
        ("all", True, {"view_submissions", "view_asset"}, ""),
        ("totals_only", False, set(), "cannot show totals only"),
        ("without_identities", True, set(), "asks for what identifies people"),
        ("without_identities", False, {"view_submissions", "view_asset"}, ""),
    ],
)
def test_a_role_gets_what_it_was_given_and_no_more(
    kobo: Bench, what: str, personal: bool, held: set[str], warns: str
) -> None:
    outcome = kobo.push(with_role(what, collects_pii=personal))
    assert kobo.fake.only.held("ana") == held
    assert warns in " ".join(outcome.warnings)
    assert bool(outcome.warnings) == bool(warns)


def test_own_records_are_those_that_somebody_sent_and_nobody_elses(kobo: Bench) -> None:
    kobo.push(with_role("view_own"))
    (partial,) = [each.partial for each in kobo.fake.only.permissions if each.partial]
    assert partial[0]["filters"] == [{"_submitted_by": "ana"}]
    assert partial[0]["url"].endswith("/permissions/view_submissions/")


def test_a_role_that_the_form_does_not_name_gets_nothing(kobo: Bench) -> None:
    outcome = kobo.push(package(roles={"driver": ("ana",)}, access={}))
    assert kobo.fake.only.held("ana") == set()
    assert "does not say what `driver` may see" in outcome.warnings[0]


def test_who_has_two_roles_has_the_wider_one_once() -> None:
    with bench() as kobo:
        kobo.push(package(roles={"a": ("ana",), "b": ("ana",)}, access={"a": "view_own", "b": "all"}))
        assert kobo.fake.only.held("ana") == {"add_submissions", "view_submissions", "view_asset"}


def test_who_holds_more_than_asked_is_told_and_left_alone(kobo: Bench) -> None:
    live = pushed(kobo)
    kobo.fake.only.permissions += [
        Permission("p1", "ana", each) for each in ("view_asset", "view_submissions", "add_submissions")
    ]
    kobo.changes()
    outcome = kobo.push(with_role("view_own"))
    assert not [each for each in kobo.changes() if "permission" in each]
    assert not [each for each in outcome.did if each.startswith("gave")]
    holders = {each.name: each for each in kobo.server().found(live).holders}
    assert holders["ana"].may == {"view", "submit"}


def test_other_conditions_on_records_are_left_alone_and_told(kobo: Bench) -> None:
    live = pushed(kobo)
    others = [{"url": "x/permissions/view_submissions/", "filters": [{"_submitted_by": {"$in": ["ana", "enum"]}}]}]
    kobo.fake.only.permissions.append(Permission("p1", "ana", "partial_submissions", others))
    outcome = kobo.push(with_role("view_own"))
    assert any("sees records by other conditions" in each for each in outcome.warnings)
    holders = {each.name: each for each in kobo.server().found(live).holders}
    assert "view" in holders["ana"].may
    assert "view_own" not in holders["ana"].may


def test_what_is_found_is_said_in_the_words_of_all_servers(kobo: Bench) -> None:
    live = kobo.push(package(roles={"i": ("ana",), "d": ("dpo",)}, access={"i": "view_own", "d": "all"})).live
    kobo.fake.only.permissions += [
        Permission("p1", "enum", each) for each in ("view_asset", "change_asset", "change_submissions")
    ]
    found = kobo.server().found(live)
    assert found.holders == (
        Holder("ana", frozenset({"submit", "view_own"})),
        Holder("dpo", frozenset({"view"})),
        Holder("enum", frozenset({"change_form", "change_records"})),
        Holder("pim", frozenset({"submit", "view", "change_records", "change_form", "manage"}), owner=True),
    )
    assert (found.web_form, found.public_link, found.public_data, found.encrypted) == (True, False, False, False)
    assert (found.locked, found.state) == (True, "open")


def test_people_without_a_login_are_found(kobo: Bench) -> None:
    live = pushed(kobo)
    kobo.fake.only.permissions.append(Permission("p1", "AnonymousUser", "add_submissions"))
    found = kobo.server().found(live)
    assert (found.public_link, found.public_data) == (True, False)
    assert Holder("everybody", frozenset({"submit"})) in found.holders
    kobo.fake.only.permissions.append(Permission("p2", "AnonymousUser", "view_submissions"))
    assert kobo.server().found(live).public_data is True


def test_records_that_are_shared_with_other_projects_are_found(kobo: Bench) -> None:
    live = pushed(kobo)
    assert kobo.server().found(live).public_data is False
    kobo.fake.only.sharing = {"enabled": True, "fields": []}
    assert kobo.server().found(live).public_data is True


@pytest.mark.parametrize(
    ("settings", "encrypted"),
    [
        ({"public_key": "MIIB"}, False),
        ({"public_key": "MIIB", "submission_url": "https://kc.kobotoolbox.org/submission"}, True),
    ],
)
def test_a_key_alone_is_not_encryption_for_the_server(kobo: Bench, settings: dict[str, str], encrypted: bool) -> None:
    outcome = kobo.push(package(workbook=workbook(LINES, **settings), encrypted=True))
    found = kobo.server().found(outcome.live)
    assert found.encrypted is encrypted
    assert found.web_form is not encrypted
    assert any("does not treat the form as encrypted" in each for each in outcome.warnings) is not encrypted


def test_an_archived_project_is_closed_and_has_no_web_form(kobo: Bench) -> None:
    live = pushed(kobo)
    kobo.fake.only.active = False
    found = kobo.server().found(live)
    assert (found.state, found.web_form) == ("closed", False)


def test_locks_are_looked_for_in_what_phones_have(kobo: Bench) -> None:
    live = pushed(kobo)
    content = kobo.fake.only.deployed.content
    assert kobo.server().found(live).locked is True
    content["kobo--locking-profiles"][0]["restrictions"].remove("question_label_edit")
    assert kobo.server().found(live).locked is False
    assert any("locks of" in each for each in kobo.server().differences(package(), live))


def test_a_new_form_would_belong_to_us_alone(kobo: Bench) -> None:
    found = kobo.server().found(None)
    assert [(each.name, each.owner) for each in found.holders] == [("pim", True)]
    assert (found.public_link, found.public_data, found.encrypted, found.locked) == (False, False, None, None)


def test_who_does_not_manage_a_project_is_not_told_that_nobody_else_has_access(kobo: Bench) -> None:
    live = pushed(kobo)
    kobo.fake.only.permissions += [Permission("p1", "enum", each) for each in ("view_asset", "change_asset")]
    with pytest.raises(ServerTrouble, match="cannot see who has access"):
        kobo.server(Secret("token-of-enum")).found(live)


def test_permissions_that_come_with_others_are_not_given_again() -> None:
    with bench() as kobo:
        kobo.push(package())
        kobo.fake.only.permissions += [
            Permission("p1", "ana", each) for each in ("change_submissions", "view_submissions")
        ]
        raw = kobo.fake.views.asset(kobo.fake.only, "pim")
        assert grants(with_role("all"), project(raw, "kobo.example")).missing == ()
        missing = grants(package(roles={"r": ("dpo",)}, access={"r": "all"}), project(raw, "kobo.example")).missing
        assert missing == (Grant("dpo", "view_submissions"),)


def test_addresses_of_people_and_permissions_are_read_whatever_stands_behind_them() -> None:
    held = holdings(
        [
            {
                "user": "https://k/api/v2/users/ana/?format=json",
                "permission": "https://k/api/v2/permissions/partial_submissions/",
                "partial_permissions": OWN,
            }
        ]
    )
    assert held["ana"].codenames == {"partial_submissions"}
    assert held["ana"].has(Grant("ana", "view_submissions", own=True))
    assert not held["ana"].has(Grant("ana", "view_submissions"))


# ---- settings


def test_settings_say_what_the_package_says_and_keep_the_rest(kobo: Bench) -> None:
    live = kobo.push(package(collects_pii=True)).live
    asset = kobo.fake.only
    asset.settings["data-table"] = {"columns": ["age"]}
    asset.settings["description"] = "by hand"
    outcome = kobo.push(package(collects_pii=True))
    assert outcome.did == ("changed description in the settings",)
    assert asset.settings["sector"] == {"label": "Humanitarian - Protection", "value": "Humanitarian - Protection"}
    assert asset.settings["country"] == [{"label": "Yemen", "value": "YEM"}]
    assert (asset.settings["description"], asset.settings["organization"]) == ("Papers", "DRC")
    assert asset.settings["collects_pii"]["value"] == "Yes"
    assert asset.settings["data-table"] == {"columns": ["age"]}
    assert outcome.live.version == live.version


def test_what_the_package_leaves_open_stays_as_it_is(kobo: Bench) -> None:
    kobo.push(package())
    outcome = kobo.push(package(sector="", country=(), description="", organisation=""))
    assert outcome.did == ()
    assert kobo.fake.only.settings["description"] == "Papers"


def test_a_sector_that_is_not_in_the_list_is_not_sent_and_the_list_is_told(kobo: Bench) -> None:
    outcome = kobo.push(package(sector="Protection"))
    assert kobo.fake.only.settings["sector"] == {}
    (warning,) = outcome.warnings
    assert "no sector `Protection`" in warning
    assert "Humanitarian - Protection" in warning
    kobo.changes()
    assert kobo.push(package(sector="Protection")).did == ()
    assert kobo.changes() == []


def test_a_sector_that_the_server_drops_without_a_word_is_told(kobo: Bench) -> None:
    kobo.fake.keeps_sector = False
    outcome = kobo.push(package())
    assert any("no sector" in each and "Humanitarian - Education" in each for each in outcome.warnings)


def test_a_country_without_a_code_of_the_list_is_told(kobo: Bench) -> None:
    outcome = kobo.push(package(country=("YEM", "XXX")))
    assert kobo.fake.only.settings["country_codes"] == ["YEM"]
    assert any("no country XXX" in each for each in outcome.warnings)


def test_a_form_without_consent_rows_is_not_locked(kobo: Bench) -> None:
    lines = tuple(line for line in LINES if not line.get("name", "").startswith("pim_"))
    lines = tuple({**line, "relevant": ""} if line is AGE else line for line in lines)
    live = kobo.push(package(workbook=to_bytes(for_kobo(sheets(lines))))).live
    assert kobo.server().found(live).locked is False
