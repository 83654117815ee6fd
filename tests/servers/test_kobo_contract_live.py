"""The same promises on the fake and, where one is at hand, on a real KoboToolbox.

Set PIMFORMS_TEST_KOBO_URL and PIMFORMS_TEST_KOBO_TOKEN to run them there: they make projects of their own and delete them.
PIMFORMS_TEST_KOBO_USER is another account on that server, which is given access.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

import pytest
from fake_kobo import FakeKobo
from kobo_packages import BROKEN, LINES, LOGO, OTHER_LABEL, SITES, TOKEN, sheets
from loopback import running

from pimforms.servers.interface import Live, Outcome
from pimforms.servers.kobo.server import KoboServer
from pimforms.servers.package import Media, Package, Stage
from pimforms.servers.secret import Secret
from pimforms.servers.trouble import ServerTrouble
from pimforms.xlsform.kobo import for_kobo
from pimforms.xlsform.workbook import to_bytes

URL, KEY = os.environ.get("PIMFORMS_TEST_KOBO_URL"), os.environ.get("PIMFORMS_TEST_KOBO_TOKEN")
OTHER = os.environ.get("PIMFORMS_TEST_KOBO_USER")
REAL = pytest.param(
    "real",
    marks=pytest.mark.skipif(
        not (URL and KEY), reason="no real KoboToolbox: set PIMFORMS_TEST_KOBO_URL and PIMFORMS_TEST_KOBO_TOKEN"
    ),
)


@dataclass
class There:
    """A server, a form id that nobody else has, and another account, if there is one."""

    server: KoboServer
    form_id: str
    other: str | None

    def package(self, lines: Any = LINES, **more: Any) -> Package:
        made = sheets(lines, title="pimforms test")
        made = replace(made, settings={**made.settings, "form_id": self.form_id})
        said: dict[str, Any] = {
            "title": "pimforms test", "version": "1-abc", "stage": Stage.PRODUCTION, "media": (LOGO, SITES),
            "sector": "Humanitarian - Protection", "country": ("YEM",), "description": "made by a test",
        }  # fmt: skip
        return Package(**{**said, "form_id": self.form_id, "workbook": to_bytes(for_kobo(made)), **more})

    def push(self, package: Package) -> Outcome:
        return self.server.push(package, self.server.find(package.form_id), lambda _: None)

    def live(self) -> Live:
        live = self.server.find(self.form_id)
        assert live is not None
        return live

    def clean(self) -> None:
        live = self.server.find(self.form_id)
        if live is not None:
            self.server._api.delete(live.handle)


@pytest.fixture(params=["fake", REAL])
def there(request: pytest.FixtureRequest) -> Iterator[There]:
    form_id = f"pimforms_test_{uuid.uuid4().hex[:12]}"
    if request.param == "fake":
        with running(FakeKobo()) as loopback:
            server = KoboServer(loopback.address, TOKEN, backoff=0.0, poll_seconds=0.0)
            yield There(server, form_id, "ana")
    else:
        made = There(KoboServer(str(URL), Secret(str(KEY))), form_id, OTHER)
        try:
            yield made
        finally:
            with suppress(ServerTrouble):
                made.clean()


def test_a_form_is_found_only_after_it_was_pushed_and_gone_when_it_is_deleted(there: There) -> None:
    assert there.server.find(there.form_id) is None
    outcome = there.push(there.package())
    live = there.live()
    assert (live.handle, live.version, live.title) == (outcome.live.handle, outcome.live.version, "pimforms test")
    there.clean()
    assert there.server.find(there.form_id) is None


def test_push_push_again_and_a_changed_label(there: There) -> None:
    wanted = there.package()
    first = there.push(wanted)
    assert first.live.sha256 == wanted.sha256
    assert there.server.differences(wanted, first.live) == ()
    second = there.push(wanted)
    assert second.did == ()
    assert second.live.version == first.live.version
    third = there.push(there.package(OTHER_LABEL))
    assert third.live.version != first.live.version
    assert there.server.differences(there.package(OTHER_LABEL), third.live) == ()
    assert there.live().touched is None


def test_a_draft_is_not_live_and_is_published_as_it_is(there: There) -> None:
    first = there.push(there.package())
    there.push(there.package(OTHER_LABEL, stage=Stage.DRAFT))
    assert there.live().version == first.live.version
    assert there.push(there.package(OTHER_LABEL, stage=Stage.DRAFT)).did == ()
    published = there.push(there.package(OTHER_LABEL))
    assert published.live.version != first.live.version


def test_a_refused_form_leaves_everything_as_it_was(there: There) -> None:
    wanted = there.package()
    first = there.push(wanted)
    with pytest.raises(ServerTrouble, match="old version is still live, and the draft was put back"):
        there.push(there.package(BROKEN, media=(SITES,)))
    assert there.live().version == first.live.version
    assert there.server.differences(wanted, there.live()) == ()
    assert there.push(wanted).did == ()


def test_files_are_replaced_added_and_removed(there: There) -> None:
    first = there.push(there.package())
    assert first.live.media == {LOGO.name: LOGO.md5, SITES.name: SITES.md5}
    other = (Media(SITES.name, b"name,label\nz,Site Z\n"), Media("more.csv", b"a\n1\n"))
    second = there.push(there.package(media=other))
    assert second.live.media == {each.name: each.md5 for each in other}
    assert second.live.version == first.live.version
    assert there.push(there.package(media=other)).did == ()


def test_settings_stay_and_nobody_else_has_access_to_a_new_project(there: There) -> None:
    there.push(there.package())
    found = there.server.found(there.live())
    assert [holder.owner for holder in found.holders] == [True]
    assert (found.public_link, found.public_data, found.locked, found.state) == (False, False, True, "open")
    outcome = there.push(there.package(sector="Nobody's sector"))
    assert any("no sector" in each for each in outcome.warnings)


def test_somebody_is_given_the_right_to_send(there: There) -> None:
    if there.other is None:
        pytest.skip("no other account: set PIMFORMS_TEST_KOBO_USER")
    wanted = there.package(roles={"interviewer": (there.other,)}, access={"interviewer": "view_own"})
    live = there.push(wanted).live
    (holder,) = [each for each in there.server.found(live).holders if not each.owner]
    assert (holder.name, holder.may) == (there.other, {"submit", "view_own"})


def test_the_login_is_told(there: There) -> None:
    login = there.server.login()
    assert login.username
    assert login.address.startswith("http")
