"""ODK Central as a server of pimforms."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from contextlib import suppress
from types import TracebackType
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar
from urllib.parse import quote

from pimforms.servers.central import access, notes, verify
from pimforms.servers.central.api import Api
from pimforms.servers.central.forms import FormVersion
from pimforms.servers.central.project import bearer, find_project, sign_in
from pimforms.servers.central.push import Run, push, would
from pimforms.servers.central.workbooks import made_by_pimforms
from pimforms.servers.http import Http
from pimforms.servers.interface import Found, Live, Login, Outcome, Say
from pimforms.servers.package import Package, Stage
from pimforms.servers.secret import Secret
from pimforms.servers.trouble import ServerTrouble

_P = ParamSpec("_P")
_R = TypeVar("_R")


def _understood(
    method: Callable[Concatenate[CentralServer, _P], _R],
) -> Callable[Concatenate[CentralServer, _P], _R]:
    """Turns an answer that has not the keys it should have into ServerTrouble: another version, or another server."""

    def guarded(self: CentralServer, /, *args: _P.args, **more: _P.kwargs) -> _R:
        try:
            return method(self, *args, **more)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise ServerTrouble(
                f"the answer of {self._api.http.host} is not as pimforms knows it ({type(error).__name__} {error})",
                "check that this is ODK Central and not older than 2023; if it is, tell who makes pimforms",
            ) from None

    functools.update_wrapper(guarded, method)
    return guarded


class CentralServer:
    """One project on one ODK Central, for one login; implements `interface.Server`.

    With a `username` (an email address) the secret is its password: a session begins with the first request, and
    `close()` ends it. Without, the secret is a session token, which is left as it is. `project` is a number or a name; `login` needs none.
    `accept` are kinds of warnings: "xlsform", "structure" or "structure=name,name", "deleted-form", and "draft" for a
    draft of somebody else that may be replaced. `backoff` in seconds.
    """

    kind = "central"

    def __init__(
        self,
        address: str,
        secret: Secret,
        *,
        username: str | None,
        project: str | None,
        accept: frozenset[str] = frozenset(),
        backoff: float = 1.0,
    ) -> None:
        self._api = Api(Http(address, secret, None if username else bearer, backoff=backoff))
        self._secret, self._username, self._wanted = secret, username, project
        self._accept = accept
        self._signed_in = username is None
        self._project: Mapping[str, Any] | None = None

    def __enter__(self) -> CentralServer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Ends the session that was begun here. Never raises: a session that is not ended ends by itself after a day."""
        if self._username and self._signed_in:
            with suppress(ServerTrouble):
                self._api.close_session()
            self._signed_in = False
        self._api.http.close()

    @_understood
    def login(self) -> Login:
        """Checks the secret and the kind of server; and the project, if one is named. Central tells of no organisations."""
        api = self._api_signed_in()
        if self._wanted is not None:
            self._ready()
        me = api.me()
        return Login(username=str(me.get("email") or me.get("displayName") or ""), address=api.http.address)

    @_understood
    def find(self, form_id: str) -> Live | None:
        """The form of this id in the project. Ids that differ in large and small letters alone are trouble."""
        api, _ = self._ready()
        form = api.form(form_id)
        if form is not None:
            return self._live(form)
        alike = [each.form_id for each in api.forms() if each.form_id.casefold() == form_id.casefold()]
        if alike:
            raise ServerTrouble(
                f"the project has no form `{form_id}`, but {', '.join(f'`{each}`' for each in alike)}: "
                "only large and small letters differ, and Central would keep two forms that people cannot tell apart",
                f"write `{alike[0]}` in the `form` line, or an id that differs in more",
            )
        return None

    @_understood
    def workbook(self, live: Live) -> bytes:
        """The .xlsx that was uploaded, byte for byte; of the draft if nothing is live."""
        api, _ = self._ready()
        try:
            content = api.workbook(live.form_id, draft=live.version is None)
        except ServerTrouble as trouble:
            if trouble.status is None or not 300 <= trouble.status < 400:
                raise
            raise ServerTrouble(
                f"{api.http.host} keeps its files with another provider, where your login does not go",
                f"download the form in the browser: {self._url(live.form_id)}",
                status=trouble.status,
            ) from None
        if content is None:
            raise ServerTrouble(
                f"`{live.form_id}` was sent to the server as XML, so there is no workbook to fetch",
                "ask who sent it for the workbook",
                status=404,
            )
        return content

    @_understood
    def found(self, live: Live | None) -> Found:
        """What the server has for this form; None: what a new form would get."""
        api, project = self._ready()
        return access.found(api, project, self._form(live) if live is not None else None)

    @_understood
    def push(self, package: Package, live: Live | None, say: Say) -> Outcome:
        """Brings the server to what the package is; `live` is what `find` gave, on which the user decided."""
        api, project = self._ready()
        run = Run(api, package, project, self._accept, say)
        push(run, live)
        form = api.form(package.form_id)
        if form is not None and form.published is not None and package.stage is not Stage.DRAFT:
            run.did.extend(access.let_send(api, package.form_id, access.phones(package), say))
            run.warned.extend(access.not_given(package))
        if form is None:
            raise ServerTrouble(f"`{package.form_id}` is no longer there", "somebody deleted it: push again")
        if run.draft is not None and package.stage is Stage.DRAFT:
            # Not the address for trying it: that holds a key to the form and its files, and progress ends in logs.
            say(f"to try it on a phone, scan the code that stands on {self._url(form.form_id)}/draft")
        return Outcome(self._live(form), tuple(run.did), tuple(dict.fromkeys(run.warned)))

    @_understood
    def would(self, package: Package, live: Live | None) -> tuple[str, ...]:
        """What `push` would do, each step in words; none if there is nothing to do."""
        api, project = self._ready()
        steps = would(Run(api, package, project, self._accept, lambda _: None), live)
        if package.stage is Stage.DRAFT:
            return steps
        waiting = access.not_sending(api, package.form_id if live is not None else None, access.phones(package))
        return (*steps, *(f"let {name} send records" for name in waiting))

    @_understood
    def differences(self, package: Package, live: Live) -> tuple[str, ...]:
        """Where what is live is not the package."""
        api, _ = self._ready()
        return verify.differences(api, package, self._form(live))

    def _ready(self) -> tuple[Api, Mapping[str, Any]]:
        """Signed in, and the project found: both once."""
        api = self._api_signed_in()
        if self._wanted is None:
            raise ServerTrouble(
                "ODK Central needs to know the project",
                'add --project 1, or write `project = "1"` where the server is described',
                code=2,
            )
        if self._project is None:
            self._project = find_project(api, self._wanted)
        return api, self._project

    def _api_signed_in(self) -> Api:
        if not self._signed_in and self._username:
            sign_in(self._api, self._username, self._secret)
            self._signed_in = True
        return self._api

    def _form(self, live: Live) -> FormVersion:
        form = self._api.form(live.form_id)
        if form is None:
            raise ServerTrouble(f"`{live.form_id}` is no longer there", "somebody deleted it: look again", status=404)
        return form

    def _live(self, form: FormVersion) -> Live:
        published = form.published is not None
        return Live(
            handle=form.form_id,
            form_id=form.form_id,
            title=form.title,
            version=form.version if published else None,
            records=form.records if published else 0,
            sha256=notes.digest_in(form.note, form.hash) if published else None,
            touched=self._touched(form),
            media={each.name: each.md5 for each in self._api.attachments(form.form_id) if each.md5},
            url=self._url(form.form_id),
        )

    def _touched(self, form: FormVersion) -> str | None:
        """Who published what is live if pimforms did not, and a draft that pimforms did not make."""
        said = []
        if form.published is not None and notes.digest_in(form.note, form.hash) is None:
            newest = next(iter(self._api.versions(form.form_id)), form)
            by = f" by {newest.by}" if newest.by else ""
            said.append(f"version {form.own_version} was published outside pimforms{by} on {form.published[:10]}")
        draft = self._api.draft(form.form_id)
        if draft is not None and not made_by_pimforms(self._draft_workbook(form.form_id)):
            said.append(f"a draft of version {draft.own_version or 'without a name'} made outside pimforms waits there")
        return "; ".join(said) or None

    def _draft_workbook(self, form_id: str) -> bytes:
        try:
            return self._api.workbook(form_id, draft=True) or b""
        except ServerTrouble as trouble:
            if trouble.status is None or not 300 <= trouble.status < 400:
                raise
            return b""

    def _url(self, form_id: str) -> str:
        return f"{self._api.http.address}/#/projects/{self._api.project}/forms/{quote(form_id, safe='')}"


if TYPE_CHECKING:
    from pimforms.servers.interface import Server

    _: type[Server] = CentralServer
