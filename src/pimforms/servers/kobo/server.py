"""KoboToolbox behind the interface of all servers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from pimforms.servers.http import Http
from pimforms.servers.interface import Found, Holder, Live, Login, Outcome, Say
from pimforms.servers.kobo import access, book, compare, content
from pimforms.servers.kobo.api import Api
from pimforms.servers.kobo.imports import Patience
from pimforms.servers.kobo.project import KoboLive, Project, live
from pimforms.servers.kobo.publish import look, read
from pimforms.servers.kobo.push import into, into_new, new_push, would
from pimforms.servers.package import Package
from pimforms.servers.secret import Secret
from pimforms.servers.trouble import ServerTrouble


class KoboServer:
    """One account on one KoboToolbox, known by its API key.

    `project` is the uid of a project to push into, also one without our mark; without it the project with the mark is
    found, or a new one is made. `poll_seconds` and `limit_seconds`: how soon it is asked whether a form was read, and how
    long that may take.
    """

    kind = "kobo"

    def __init__(
        self,
        address: str,
        secret: Secret,
        *,
        project: str | None = None,
        backoff: float = 1.0,
        poll_seconds: float = 2.0,
        limit_seconds: float = 300.0,
    ) -> None:
        self._api = Api(Http(address, secret, lambda each: f"Token {each.value}", backoff=backoff))
        self._project = _uid(project) if project else None
        self._patience = Patience(poll_seconds, limit_seconds)

    def close(self) -> None:
        """Closes the connections. A token stays valid."""
        self._api.http.close()

    def login(self) -> Login:
        """Who the token belongs to. Everybody has an organisation of their own, named after them: that is "personal"."""
        me = self._api.me()
        name, organisation = me.get("username"), me.get("organization") or {}
        if not isinstance(name, str) or not name:
            raise ServerTrouble(
                f"{self._api.host} does not say who this token belongs to",
                "check the address: it is the one you log in at, for example https://eu.kobotoolbox.org",
            )
        called = organisation.get("name") if isinstance(organisation, dict) else None
        account = None if not called else "personal" if called == f"{name}'s organization" else "organisation"
        return Login(name, self._api.http.address, account)

    def find(self, form_id: str) -> KoboLive | None:
        found = self._find(form_id)
        return None if found is None else live(found, form_id, self._api.http.address)

    def workbook(self, live: Live) -> bytes:
        found = look(self._api, live.handle)
        return book.workbook(content.from_server(self._live_content(found)), found.name)

    def found(self, live: Live | None) -> Found:
        if live is None:  # as KoboToolbox makes a project: its own owner only, and nobody without a login
            me = self.login().username
            return Found(
                (Holder(me, frozenset(_ALL), owner=True),),
                web_form=True,
                public_link=False,
                public_data=False,
                sends_on=False,
            )
        found = look(self._api, live.handle)
        seen = access.found(found, self._live_content(found), self._api.host)
        return replace(seen, sends_on=bool(self._api.services(found.uid)))

    def push(self, package: Package, live: Live | None, say: Say) -> Outcome:
        push = new_push(self._api, package, say, self._patience)
        seen = live if isinstance(live, KoboLive) else None
        # Looked for again: an earlier push may have made it, and broken off before it could say so.
        uid = live.handle if live is not None else getattr(self._find(package.form_id), "uid", None)
        found = into_new(push) if uid is None else into(push, uid, seen)
        if push.did:
            found = read(self._api, found.uid)
        return Outcome(self._told(found, package.form_id), tuple(push.did), tuple(dict.fromkeys(push.warnings)))

    def would(self, package: Package, live: Live | None) -> tuple[str, ...]:
        push = new_push(self._api, package, lambda _: None, self._patience)
        return would(push, live.handle if live is not None else None, live if isinstance(live, KoboLive) else None)

    def differences(self, package: Package, live: Live) -> tuple[str, ...]:
        found = read(self._api, live.handle)
        if not found.deployed_id:
            return ("nothing is published: phones have no version of it",)
        said = list(
            compare.between(content.from_server(self._live_content(found)), content.from_workbook(package.workbook))
        )
        if found.name != package.title:
            said.append(f'the project is called "{found.name}", not "{package.title}"{compare.BY_EDITOR}')
        there, here = {file.name: file.md5 for file in found.files}, {each.name: each.md5 for each in package.media}
        for name in sorted(there.keys() | here.keys()):
            if name not in there:
                said.append(f"the file {name} is not on the server")
            elif name not in here:
                said.append(f"the file {name} is on the server and not in the form")
            elif there[name] != here[name]:
                said.append(f"the file {name} is another one on the server")
        mark = found.marker
        if mark is None or mark.live is None:
            said.append("the project has no note of a push: what is live was not published by pimforms")
        elif mark.pushing is not None:
            said.append("a push broke off: run pimforms push again")
        elif mark.live.sha256 != package.sha256:
            said.append(f"the note of the last push is about another package (version {mark.version or 'unknown'})")
        elif not found.has_live(mark.live):
            said.append("another version was published on the server since the last push")
        if not found.published:
            said.append(f"there is a newer draft on the server that phones do not have{compare.BY_EDITOR}")
        if not found.active:
            said.append("the project is archived: phones no longer get it")
        return tuple(said)

    # ---- finding

    def _find(self, form_id: str) -> Project | None:
        marked = [each for each in self._api.marked(form_id) if _is_marked(each, form_id)]
        others = [each for each in marked if each["uid"] != self._project] if self._project else marked[1:]
        if others:
            raise self._several(form_id, marked)
        if self._project:
            found = read(self._api, self._project)
            if found.marker is not None and found.marker.form_id != form_id:
                raise ServerTrouble(
                    f"`{found.name}` ({found.uid}) holds the form `{found.marker.form_id}`, not `{form_id}`",
                    "name another project, or leave --project out: a new one is made",
                )
            return found
        return read(self._api, str(marked[0]["uid"])) if marked else None

    def _several(self, form_id: str, marked: list[dict[str, object]]) -> ServerTrouble:
        address = self._api.http.address
        others = [each for each in marked if each["uid"] != self._project]
        names = "; ".join(f'"{each.get("name")}" {address}/#/forms/{each["uid"]}/landing' for each in others)
        holds = "another project holds" if self._project else f"{len(marked)} projects hold"
        return ServerTrouble(
            f"{holds} the form `{form_id}` on {self._api.host}: {names}",
            "a project that was cloned keeps our note. Delete the copy, or take `pimforms` out of its settings",
        )

    def _told(self, found: Project, form_id: str) -> KoboLive:
        return live(found, form_id, self._api.http.address)

    def _live_content(self, found: Project) -> Mapping[str, Any]:
        """What phones have, as the server keeps it; what the draft has if they have nothing."""
        told = (
            found.raw
            if found.deployed_id in ("", found.version_id)
            else self._api.version(found.uid, found.deployed_id)
        )
        return told.get("content") or {}


_ALL = ("submit", "view", "change_records", "change_form", "manage")


def _uid(said: str) -> str:
    """The uid of a project, also out of its address in a browser. Raises ServerTrouble if there is none."""
    match = re.search(r"(?<!\w)a[A-Za-z0-9]{21}(?!\w)", said)
    if match is None:
        raise ServerTrouble(
            f"`{said}` is not a project of KoboToolbox",
            "copy it from the address of the project in your browser: the part after #/forms/",
        )
    return match[0]


def _is_marked(listed: dict[str, object], form_id: str) -> bool:
    settings = listed.get("settings")
    mark = settings.get("pimforms") if isinstance(settings, dict) else None
    return isinstance(mark, dict) and mark.get("form_id") == form_id
