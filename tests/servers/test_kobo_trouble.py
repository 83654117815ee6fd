"""What people read when a push to KoboToolbox fails, and what is not done then."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace

import pytest
from fake_kobo import FakeKobo
from fake_kobo_rows import NotRead, content
from kobo_packages import AGE, FULL, OTHER_LABEL, Bench, bench, changed, package, sheets
from loopback import Fault, Given

from pimforms.servers.kobo.imports import Patience, replace_rows
from pimforms.servers.trouble import ServerTrouble
from pimforms.xlsform.workbook import to_bytes


@pytest.fixture
def kobo() -> Iterator[Bench]:
    with bench() as made:
        yield made


def test_what_is_no_project_is_said(kobo: Bench) -> None:
    with pytest.raises(ServerTrouble, match="not a project of KoboToolbox"):
        kobo.server(project="my form")


@pytest.mark.parametrize(
    "path", ["/me/", "/api/v2/assets/$", "/api/v2/assets/a\\d+/$", "/files/$", "/imports/i", "/environment/"]
)
@pytest.mark.parametrize("body", [{}, [], None, {"results": [{}], "status": 3}, {"results": 5}])
def test_answers_that_nobody_expects_are_trouble_and_nothing_else(kobo: Bench, path: str, body: object) -> None:
    kobo.push(FULL)
    kobo.loopback.faults.append(Fault("instead", "GET", path, times=99, answer=Given(200, body)))
    wanted = replace(FULL, workbook=package(OTHER_LABEL).workbook, sector="Other")
    with suppress(ServerTrouble):  # anything else is a mistake
        kobo.server().login()
        kobo.push(wanted, kobo.server(limit_seconds=0.05))
    kobo.loopback.faults.clear()
    kobo.push(wanted)
    kobo.is_whole(wanted)
    assert len(kobo.fake.only.published) == 2


def test_a_template_is_not_a_project(kobo: Bench) -> None:
    theirs = kobo.fake.make("pim", "Template", "template")
    with pytest.raises(ServerTrouble, match="a template of the library"):
        kobo.push(FULL, kobo.server(project=theirs.uid))


def test_a_project_that_is_not_shared_is_said_to_be_missing(kobo: Bench) -> None:
    theirs = kobo.fake.make("enum", "Not ours")
    with pytest.raises(ServerTrouble, match="that this account can see"):
        kobo.push(FULL, kobo.server(project=theirs.uid))


def test_somebody_whom_the_server_does_not_know_stops_a_push_before_it_begins(kobo: Bench) -> None:
    with pytest.raises(ServerTrouble, match="has no account ghost; nothing was done"):
        kobo.push(replace(FULL, roles={"dpo": ("ghost",)}))
    assert not kobo.fake.assets


def test_a_secret_that_a_server_sends_back_in_an_import_is_not_shown(kobo: Bench) -> None:
    body = {"status": "error", "messages": {"error": "bad token-of-pim", "error_type": "ValueError"}}
    kobo.loopback.faults.append(Fault("instead", "GET", "/imports/", answer=Given(200, body)))
    with pytest.raises(ServerTrouble, match="bad •••"):
        kobo.push(FULL)


def test_an_import_that_does_not_end_is_given_up_in_time() -> None:
    with bench(FakeKobo(waits=10_000)) as kobo:
        with pytest.raises(ServerTrouble, match="is not done; nothing was published") as no:
            kobo.push(FULL, kobo.server(limit_seconds=0.05))
        assert no.value.code == 4
        kobo.fake.waits = 1
        for task in kobo.fake.imports.values():
            task.waits = 3  # it ends after all, while the next push runs
        kobo.push(FULL)
        kobo.is_whole(FULL)
        assert len(kobo.fake.only.published) == 1


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        (changed(AGE, name="bad name"), "Invalid node name: bad name"),
        (changed(AGE, name="double"), "two rows have one name"),
        (changed(AGE, type="texxt"), "unknown type"),
    ],
)
def test_rows_that_cannot_be_read_change_nothing(kobo: Bench, lines, says: str) -> None:
    kobo.push(package())
    with pytest.raises(ServerTrouble, match=f"(?s)cannot read the form.*{says}"):
        kobo.push(package(workbook=to_bytes(sheets(lines))))
    asset = kobo.fake.only
    assert asset.draft is asset.deployed
    kobo.push(package())
    kobo.is_whole(package())


def test_a_workbook_that_is_none_is_said_to_be_none(kobo: Bench) -> None:
    with pytest.raises(NotRead, match="Unsupported format"):
        content(b"no workbook")


def test_an_old_address_sends_on_and_the_token_stays_here(kobo: Bench) -> None:
    moved = Given(301, "", {"Location": "https://eu.kobotoolbox.org/api/v2/assets/"}, "text/html")
    kobo.loopback.faults.append(Fault("instead", "GET", answer=moved))
    with pytest.raises(ServerTrouble, match=r"sends us on to eu\.kobotoolbox\.org; your login was not sent there"):
        kobo.push(FULL)


def test_what_is_no_kobotoolbox_is_said(kobo: Bench) -> None:
    for answer, says in (
        (Given(404, "<html>nginx</html>", content_type="text/html"), "does not answer like KoboToolbox"),
        (Given(410, "<html>gone</html>", content_type="text/html"), "no longer speaks the interface"),
        (Given(200, "<html>log in</html>", content_type="text/html"), "broke off"),
        (Given(401, {"detail": "Invalid token."}), "does not accept the token"),
        (Given(403, {"detail": "Your access is restricted."}), "does not allow"),
    ):
        kobo.loopback.faults.append(Fault("instead", "GET", answer=answer))
        with pytest.raises(ServerTrouble, match=says) as no:
            kobo.server().login()
        assert "<html>" not in no.value.message + no.value.fix
        assert "token-of-pim" not in no.value.message + no.value.fix


def test_the_login_says_whose_token_it_is(kobo: Bench) -> None:
    login = kobo.server().login()
    assert (login.username, login.account) == ("pim", "personal")


def test_what_changed_since_it_was_looked_at_is_not_pushed_over(kobo: Bench) -> None:
    kobo.push(FULL)
    server = kobo.server()
    live = server.find("monitoring")
    kobo.fake.edit(kobo.fake.only)
    kobo.changes()
    with pytest.raises(ServerTrouble, match=r"somebody changed .* at the same moment \(enum\); nothing was published"):
        server.push(FULL, live, print)
    assert kobo.changes() == []


def test_who_does_not_look_first_makes_no_second_project(kobo: Bench) -> None:
    kobo.push(FULL)
    assert kobo.server().push(FULL, None, print).did == ()
    assert len(kobo.fake.assets) == 1


def test_a_server_that_says_it_published_and_did_not_is_not_believed(kobo: Bench) -> None:
    first = kobo.push(FULL)
    asset = kobo.fake.views.asset(kobo.fake.only, "pim")
    lie = Given(200, {"backend": "openrosa", "active": True, "version_id": first.live.version, "asset": asset})
    kobo.loopback.faults.append(Fault("instead", "PATCH", "/deployment/", answer=lie))
    wanted = replace(FULL, workbook=package(OTHER_LABEL).workbook)
    with pytest.raises(ServerTrouble, match=f"and did not: phones have {first.live.version}"):
        kobo.push(wanted)
    kobo.push(wanted)
    kobo.is_whole(wanted)


def test_a_server_that_is_slow_is_asked_less_and_less_often(monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []
    monkeypatch.setattr("time.sleep", waited.append)
    answers = [{"status": "processing"}] * 8 + [{"status": "complete"}]

    class Slow:
        host = "kobo.example"

        def start_import(self, *_: object) -> str:
            return "i1"

        def import_task(self, _: str) -> dict[str, str]:
            return answers.pop(0)

    assert replace_rows(Slow(), "a1", "desk.xlsx", b"", [].append, Patience()) is None  # type: ignore[arg-type]
    assert waited == sorted(waited)
    assert (waited[0], waited[-1]) == (2.0, 15.0)
