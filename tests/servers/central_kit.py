"""What the tests of ODK Central share: a running fake, a package, a push as the command does it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from central_samples import CSV, book
from fake_central import ADMIN, PASSWORD, FakeCentral
from loopback import Asked, Given, Loopback, running

from pimforms.servers.central.server import CentralServer
from pimforms.servers.interface import Live, Outcome
from pimforms.servers.package import Media, Package, Stage
from pimforms.servers.secret import Secret

FORM = "household"


def package(version: str = "1-0a1b2c3d", workbook: bytes | None = None, **more: Any) -> Package:
    """A package of the small form, for production."""
    given = Package(
        FORM, "Household", version, book(FORM, version) if workbook is None else workbook,
        (Media("sites.csv", CSV),), stage=Stage.PRODUCTION, note="first round",
    )  # fmt: skip
    return replace(given, **more)


@dataclass
class Kit:
    """A fake and its address. `before` runs once before the first request that matches: what somebody else does."""

    fake: FakeCentral
    server: Loopback
    before: tuple[str, str, Callable[[], None]] | None = None

    def central(self, username: str = ADMIN, password: str = PASSWORD, **more: Any) -> CentralServer:
        given = {"project": "1", "backoff": 0.0} | more
        return CentralServer(self.server.address, Secret(password), username=username, **given)

    def push(self, sent: Package, *, said: list[str] | None = None, **more: Any) -> Outcome:
        """Looks, and pushes, as one run of the command."""
        with self.central(**more) as central:
            return central.push(sent, central.find(sent.form_id), [].append if said is None else said.append)

    def find(self, form_id: str = FORM) -> Live | None:
        with self.central() as central:
            return central.find(form_id)

    @property
    def form(self) -> Any:
        """The form as the fake remembers it."""
        return self.fake.project.form(FORM)

    def changes(self) -> list[str]:
        """The requests that could change a form, without those of the session."""
        return [f"{each.method} {each.path}" for each in self.server.changes if "/sessions" not in each.path]

    def forget(self) -> None:
        self.server.log.clear()

    def by_hand(self, workbook: bytes, *, publish: bool) -> None:
        """What somebody does in Central's own pages: another draft, and perhaps its publication. Nothing of it is logged."""
        token = self.fake.state.secret("hand")
        self.fake.state.sessions[token] = self.fake.admin.number
        headers = {
            "Authorization": f"Bearer {token}",
            "Content-Type": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
        base = "/v1/projects/1/forms"
        path = f"{base}/{FORM}/draft" if self.form is not None else base
        answers = [self.fake(Asked("POST", path, {"ignoreWarnings": "true"}, headers, workbook, ""))]
        if publish:
            for name in self.form.draft.files:
                answers.append(
                    self.fake(Asked("POST", f"{base}/{FORM}/draft/attachments/{name}", {}, headers, CSV, ""))
                )
            answers.append(self.fake(Asked("POST", f"{base}/{FORM}/draft/publish", {}, headers, b"", "")))
        del self.fake.state.sessions[token]
        assert all(answer.status == 200 for answer in answers), [answer.body for answer in answers]


@contextmanager
def central_running() -> Iterator[Kit]:
    fake = FakeCentral()
    held: dict[str, Kit] = {}

    def answer(asked: Asked) -> Given:
        kit = held["kit"]
        if kit.before is not None and kit.before[0] == asked.method and re.search(kit.before[1], asked.path):
            action, kit.before = kit.before[2], None
            action()
        return fake(asked)

    with running(answer) as server:
        held["kit"] = kit = Kit(fake, server)
        yield kit
