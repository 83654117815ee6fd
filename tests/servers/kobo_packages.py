"""Small packages for KoboToolbox, and a server that runs a fake one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from fake_kobo import FakeKobo
from loopback import Loopback, running

from pimforms.servers.kobo.server import KoboServer
from pimforms.servers.package import Media, Package, Stage
from pimforms.servers.secret import Secret
from pimforms.source import Place, Source
from pimforms.xlsform.kobo import for_kobo
from pimforms.xlsform.rows import Row, Sheets
from pimforms.xlsform.workbook import to_bytes

HERE = Place(Source("form.pim", ""), 0, 0)
TOKEN = Secret("token-of-pim")
SITES = Media("sites.csv", b"name,label\nx,Site X\n")
LOGO = Media("logo.png", b"\x89PNG\r\n")

Line = dict[str, str]

CONSENT: Line = {
    "type": "select_one yn", "name": "pim_agree", "label::English (en)": "May we ask?", "label::French (fr)": "Pouvons-nous ?",
    "required": "yes",
}  # fmt: skip
AGE: Line = {
    "type": "integer", "name": "age", "label::English (en)": "Age", "label::French (fr)": "Âge", "hxl": "#affected +age",
    "relevant": "${pim_agree} = 'y'", "constraint": ". < 120",
}  # fmt: skip
LINES: tuple[Line, ...] = (
    {"type": "start", "name": "start"},
    CONSENT,
    {"type": "begin_group", "name": "who", "label::English (en)": "Who", "label::French (fr)": "Qui"},
    AGE,
    {"type": "end_group"},
    {"type": "calculate", "name": "double", "calculation": "${age} * 2"},
)
CHOICES = (("yn", "y", "Yes", "Oui"), ("yn", "n", "No", "Non"))


def sheets(lines: Sequence[Line] = LINES, *, title: str = "Protection monitoring", **settings: str) -> Sheets:
    columns = tuple(dict.fromkeys(column for line in lines for column in line))
    heads = ("list_name", "name", "label::English (en)", "label::French (fr)")
    return Sheets(
        columns,
        tuple(Row(line, HERE, "PIM401" if line.get("name", "").startswith("pim_") else None) for line in lines),
        heads,
        tuple(Row(dict(zip(heads, each, strict=True)), HERE) for each in CHOICES),
        {
            "form_title": title,
            "form_id": "monitoring",
            "version": "1-abc",
            "default_language": "English (en)",
            **settings,
        },
    )


def workbook(lines: Sequence[Line] = LINES, **more: str) -> bytes:
    return to_bytes(for_kobo(sheets(lines, **more)))


def package(lines: Sequence[Line] = LINES, **more: Any) -> Package:
    said: dict[str, Any] = {
        "form_id": "monitoring", "title": "Protection monitoring", "version": "1-abc", "stage": Stage.PRODUCTION,
        "sector": "Humanitarian - Protection", "country": ("YEM",), "description": "Papers", "organisation": "DRC",
    }  # fmt: skip
    return Package(**{**said, "workbook": workbook(lines), **more})


def changed(line: Line, **cells: str) -> tuple[Line, ...]:
    """The usual lines, with other cells in one of them."""
    return tuple({**each, **cells} if each is line else each for each in LINES)


OTHER_LABEL = tuple({**line, "label::English (en)": "How old?"} if line is AGE else line for line in LINES)
BROKEN = changed(AGE, relevant="${nope} = 'y'")
ROLES: dict[str, Any] = {
    "roles": {"interviewer": ("ana",), "team_lead": ("enum",), "dpo": ("dpo",)},
    "access": {"interviewer": "submit_own", "team_lead": "view_own", "dpo": "all"},
}
FULL = package(media=(LOGO, SITES), **ROLES)


@dataclass
class Bench:
    """A fake, the loopback it runs on, and ways to use it as people do."""

    fake: FakeKobo
    loopback: Loopback

    def server(self, token: Secret = TOKEN, **more: Any) -> KoboServer:
        said = {"backoff": 0.0, "poll_seconds": 0.0, "limit_seconds": 5.0, **more}
        return KoboServer(self.loopback.address, token, **said)

    def push(self, wanted: Package, server: KoboServer | None = None) -> Any:
        """What `pimforms push` does: look, then push."""
        server = server or self.server()
        return server.push(wanted, server.find(wanted.form_id), self.said.append)

    @property
    def said(self) -> list[str]:
        return self.__dict__.setdefault("_said", [])

    def changes(self) -> list[str]:
        """What was asked since the last time that could change something."""
        begun = self.__dict__.get("_seen", 0)
        log = self.loopback.log
        self.__dict__["_seen"] = len(log)
        return [f"{asked.method} {asked.path}" for asked, _ in log[begun:] if asked.method != "GET"]

    def is_whole(self, wanted: Package) -> None:
        """The server is what the package is: once, live, with its files, its settings, its mark, its people."""
        asset = self.fake.only
        assert asset.deployed is not None
        assert asset.active
        assert asset.draft.hash == asset.deployed.hash
        assert asset.phones == {media.name: f"md5:{media.md5}" for media in wanted.media}
        assert asset.phones == {file.name: file.hash for file in asset.kept}
        assert not any(task.library for task in self.fake.imports.values()), "never into the library"
        assert asset.name == wanted.title
        assert asset.settings["sector"]["value"] == wanted.sector
        mark = asset.settings["pimforms"]
        assert mark["sha256"] == wanted.sha256
        assert mark["version_id"] == asset.deployed.uid or mark["content_hash"] == asset.deployed.hash
        assert "pushing" not in mark
        assert "draft" not in mark
        server = self.server()
        live = server.find(wanted.form_id)
        assert live is not None
        assert live.touched is None
        assert live.sha256 == wanted.sha256
        assert server.differences(wanted, live) == ()


@contextmanager
def bench(fake: FakeKobo | None = None) -> Iterator[Bench]:
    fake = fake or FakeKobo()
    with running(fake) as loopback:
        yield Bench(fake, loopback)
