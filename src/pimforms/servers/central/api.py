"""The calls to ODK Central (API v1), one method each: path, and what it answers. What is a no becomes ServerTrouble.

Answers to what changes something are not relied on beyond their status: who needs to know more asks again.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from pimforms.servers.central import errors
from pimforms.servers.central.forms import Attachment, FormVersion, Same, attachment, form_version
from pimforms.servers.central.notes import encoded
from pimforms.servers.central.workbooks import TYPE, md5_of
from pimforms.servers.http import Answer, Http
from pimforms.servers.trouble import ServerTrouble

CONVERTING_SECONDS = 300.0
"""How long the server may take to convert a workbook: 1.2 s for 600 questions where it has nothing else to do."""

_EXTENDED = {"X-Extended-Metadata": "true"}
_MEDIA_TYPES = {
    "csv": "text/csv", "geojson": "application/geo+json", "xml": "application/xml", "jpg": "image/jpeg",
    "jpeg": "image/jpeg", "png": "image/png", "gif": "image/gif", "svg": "image/svg+xml", "mp3": "audio/mpeg",
    "m4a": "audio/mp4", "wav": "audio/wav", "mp4": "video/mp4", "3gp": "video/3gpp",
}  # fmt: skip


class Api:
    """One project of one server. `project` is its number; it is set once the project has been found."""

    def __init__(self, http: Http) -> None:
        self.http = http
        self.project = 0

    # Who we are

    def open_session(self, email: str, password: str) -> Answer:
        """POST /v1/sessions: {token, csrf, expiresAt, createdAt}; 401.2 for a wrong password, 404 with single sign-on.

        `expiresAt` is never compared with this computer's clock, which may be wrong: an old session answers 401.2.
        """
        return self.http.send("POST", "/v1/sessions", json={"email": email, "password": password})

    def close_session(self) -> None:
        """DELETE /v1/sessions/current: the token is worth nothing afterwards."""
        self._send("DELETE", "/v1/sessions/current", "signing out")

    def me(self) -> Mapping[str, Any]:
        """GET /v1/users/current: {id, displayName, email, …} of whom the session belongs to."""
        return self._object("/v1/users/current", "looking who we are")

    # The project

    def projects(self) -> tuple[Mapping[str, Any], ...]:
        """GET /v1/projects: the projects that this login may see, {id, name, keyId, …} each."""
        return self._list("/v1/projects", "looking for the project")

    def the_project(self, number: int) -> Mapping[str, Any]:
        """GET /v1/projects/P, extended: {id, name, keyId, archived, verbs: what this login may do there, …}."""
        return self._object(f"/v1/projects/{number}", "looking at the project", _EXTENDED)

    def forms(self, *, deleted: bool = False) -> tuple[FormVersion, ...]:
        """GET …/forms: every form of the project; with ?deleted=true those in the trash instead."""
        found = self._list(f"{self._base}/forms", "listing the forms", params={"deleted": "true"} if deleted else None)
        return tuple(form_version(each) for each in found)

    # One form

    def form(self, form_id: str) -> FormVersion | None:
        """GET …/forms/F, extended: the published version, or the draft if none is published (`published` is None)."""
        return self._form(f"{self._form_path(form_id)}", "looking at the form", _EXTENDED)

    def draft(self, form_id: str) -> FormVersion | None:
        """GET …/forms/F/draft, extended: the draft with its token; 404.1 if there is none."""
        return self._form(f"{self._form_path(form_id)}/draft", "looking at the draft", _EXTENDED)

    def versions(self, form_id: str) -> tuple[FormVersion, ...]:
        """GET …/forms/F/versions, extended: every published version, newest first; not those of deleted forms."""
        found = self._list(f"{self._form_path(form_id)}/versions", "listing the versions", headers=_EXTENDED)
        return tuple(form_version(each) for each in found)

    def has_workbook(self, form_id: str, md5: str, *, draft: bool = False) -> Same:
        """GET …/forms/F(/draft).xlsx with If-None-Match: 304 if its ETag is this md5; 404.1 if the form came as XML."""
        try:
            answer = self.http.get(self._xlsx_path(form_id, draft), headers={"If-None-Match": f'"{md5}"'})
        except ServerTrouble as trouble:
            if trouble.status is not None and 300 <= trouble.status < 400:
                return Same.ELSEWHERE
            raise
        if answer.status == 304:
            return Same.YES
        if errors.code_of(answer) == "404.1":
            return Same.NO_WORKBOOK
        content = self._ok(answer, "comparing the workbook").content
        return Same.YES if md5 in (_etag(answer), md5_of(content)) else Same.NO

    def workbook(self, form_id: str, *, draft: bool = False) -> bytes | None:
        """GET …/forms/F(/draft).xlsx: the bytes that were uploaded; None if the form came as XML (404.1)."""
        answer = self.http.file(self._xlsx_path(form_id, draft))
        return None if errors.code_of(answer) == "404.1" else self._ok(answer, "fetching the workbook").content

    def draft_xml(self, form_id: str) -> bytes:
        """GET …/forms/F/draft.xml: the XML of the draft, with what encryption added to it."""
        return self._ok(self.http.get(f"{self._form_path(form_id)}/draft.xml"), "fetching the draft").content

    def attachments(self, form_id: str, *, draft: bool = False) -> tuple[Attachment, ...]:
        """GET …/forms/F(/draft)/attachments: the files that the form reads, with the md5 of those that are there."""
        path = f"{self._form_path(form_id)}{'/draft' if draft else ''}/attachments"
        return tuple(attachment(each) for each in self._list(path, "listing the files of the form"))

    def draft_attachment(self, form_id: str, name: str) -> bytes:
        """GET …/forms/F/draft/attachments/NAME: the bytes of the file."""
        path = f"{self._form_path(form_id)}/draft/attachments/{quote(name, safe='')}"
        return self._ok(self.http.file(path), f"fetching {name}").content

    def fields(self, form_id: str, *, draft: bool = False) -> tuple[str, ...]:
        """GET …/forms/F(/draft)/fields: the paths of its questions and groups, "/hh/size"."""
        path = f"{self._form_path(form_id)}{'/draft' if draft else ''}/fields"
        return tuple(str(each["path"]) for each in self._list(path, "listing the questions of the form"))

    def dataset_diff(self, form_id: str) -> tuple[Mapping[str, Any], ...]:
        """GET …/forms/F/draft/dataset-diff: the entity lists the draft fills, [] for one with encryption."""
        return self._list(f"{self._form_path(form_id)}/draft/dataset-diff", "looking at the entity lists")

    # Changing it

    def create(self, workbook: bytes, form_id: str, note: str, *, ignore_warnings: bool = False) -> Answer:
        """POST …/forms: a new form with a draft. 400.15 invalid, 400.16 warnings, 409.3 if it is there already."""
        return self._upload(f"{self._base}/forms", workbook, form_id, note, ignore_warnings)

    def redraft(self, workbook: bytes, form_id: str, note: str, *, ignore_warnings: bool = False) -> Answer:
        """POST …/forms/F/draft: this draft in place of the one that is there. Deletes the draft's test records."""
        return self._upload(f"{self._form_path(form_id)}/draft", workbook, form_id, note, ignore_warnings)

    def redraft_xml(self, xml: bytes, form_id: str) -> None:
        """POST …/forms/F/draft with XML, for a draft that came so."""
        self._send(
            "POST", f"{self._form_path(form_id)}/draft", "putting the draft back", data=xml,
            headers={"Content-Type": "application/xml"}, params={"ignoreWarnings": "true"}, seconds=CONVERTING_SECONDS,
        )  # fmt: skip

    def upload(self, form_id: str, name: str, content: bytes) -> None:
        """POST …/forms/F/draft/attachments/NAME: 404.1 if the form does not read this file. Unlinks an entity list."""
        ending = name.rpartition(".")[2].casefold()
        self._send(
            "POST", f"{self._form_path(form_id)}/draft/attachments/{quote(name, safe='')}", f"sending {name}",
            data=content, headers={"Content-Type": _MEDIA_TYPES.get(ending, "application/octet-stream")},
            seconds=CONVERTING_SECONDS,
        )  # fmt: skip

    def publish(self, form_id: str, version: str, note: str) -> None:
        """POST …/forms/F/draft/publish: 404.1 without a draft, 409.6 if the version was ever published.

        Never with ?version=, which changes the XML and leaves the workbook behind; never ?publish=true at the upload,
        which skips the files.
        """
        self._send(
            "POST", f"{self._form_path(form_id)}/draft/publish", "publishing the form",
            headers={"X-Action-Notes": encoded(note)}, form=form_id, version=version, seconds=CONVERTING_SECONDS,
        )  # fmt: skip

    def delete_draft(self, form_id: str) -> None:
        """DELETE …/forms/F/draft: 404.1 without one, 409.7 if the form was never published."""
        self._send("DELETE", f"{self._form_path(form_id)}/draft", "taking the draft away")

    def delete_form(self, form_id: str) -> None:
        """DELETE …/forms/F: into the trash, for 30 days."""
        self._send("DELETE", self._form_path(form_id), "taking the form away")

    # Who may do what

    def roles(self) -> tuple[Mapping[str, Any], ...]:
        """GET /v1/roles: {id, name, system, verbs} each."""
        return self._list("/v1/roles", "listing the roles")

    def administrators(self) -> tuple[Mapping[str, Any], ...]:
        """GET /v1/assignments, extended: who has a role on the whole server; 403.1 unless we are one of them."""
        return self._list("/v1/assignments", "listing the administrators", headers=_EXTENDED)

    def assignments(self, form_id: str | None = None) -> tuple[Mapping[str, Any], ...]:
        """GET …(/forms/F)/assignments, extended: {actor: {id, type, displayName}, roleId} of the project or the form."""
        path = self._base if form_id is None else self._form_path(form_id)
        return self._list(f"{path}/assignments", "listing who may do what", headers=_EXTENDED)

    def app_users(self) -> tuple[Mapping[str, Any], ...]:
        """GET …/app-users: {id, displayName, token, …} each. The token is a secret, None for one that was revoked."""
        return self._list(f"{self._base}/app-users", "listing the app users")

    def create_app_user(self, name: str) -> None:
        """POST …/app-users {"displayName"}: an app user, who may do nothing yet."""
        self._send("POST", f"{self._base}/app-users", f"making the app user {name}", json={"displayName": name})

    def assign(self, form_id: str, actor: int, role: str) -> None:
        """POST …/forms/F/assignments/ROLE/ACTOR: 409.3 if that is so already, which is what we want."""
        path = f"{self._form_path(form_id)}/assignments/{quote(role, safe='')}/{actor}"
        answer = self.http.send("POST", path)
        if errors.code_of(answer) != "409.3":
            self._ok(answer, "giving a role")

    def public_links(self, form_id: str) -> tuple[Mapping[str, Any], ...]:
        """GET …/forms/F/public-links: {displayName, token, once, …} each; no token means revoked."""
        return self._list(f"{self._form_path(form_id)}/public-links", "listing the public links")

    # How it is said

    @property
    def _base(self) -> str:
        return f"/v1/projects/{self.project}"

    def _form_path(self, form_id: str) -> str:
        return f"{self._base}/forms/{quote(form_id, safe='')}"

    def _xlsx_path(self, form_id: str, draft: bool) -> str:
        return f"{self._form_path(form_id)}{'/draft' if draft else ''}.xlsx"

    def _form(self, path: str, doing: str, headers: Mapping[str, str]) -> FormVersion | None:
        answer = self.http.get(path, headers=headers)
        if errors.code_of(answer) == "404.1":
            return None
        body = self._ok(answer, doing).json
        if not isinstance(body, dict) or "xmlFormId" not in body:
            raise errors.odd(answer, self.http.host)
        return form_version(body)

    def _upload(self, path: str, workbook: bytes, form_id: str, note: str, ignore_warnings: bool) -> Answer:
        # `ignoreWarnings=false` would silence some of the warnings: the server looks whether the text is empty.
        return self.http.send(
            "POST",
            path,
            data=workbook,
            headers={
                "Content-Type": TYPE,
                "X-XlsForm-FormId-Fallback": quote(form_id, safe=""),
                "X-Action-Notes": encoded(note),
            },
            params={"ignoreWarnings": "true"} if ignore_warnings else None,
            seconds=CONVERTING_SECONDS,
        )

    def _object(self, path: str, doing: str, headers: Mapping[str, str] | None = None) -> Mapping[str, Any]:
        answer = self._ok(self.http.get(path, headers=headers), doing)
        body = answer.json
        if not isinstance(body, dict):
            raise errors.odd(answer, self.http.host)
        return body

    def _list(
        self,
        path: str,
        doing: str,
        *,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, str] | None = None,
    ) -> tuple[Mapping[str, Any], ...]:
        answer = self._ok(self.http.get(path, headers=headers, params=params), doing)
        body = answer.json
        if not isinstance(body, list) or not all(isinstance(each, dict) for each in body):
            raise errors.odd(answer, self.http.host)
        return tuple(body)

    def _send(self, method: str, path: str, doing: str, *, form: str = "", version: str = "", **more: Any) -> Answer:
        answer = self.http.send(method, path, **more)
        return self._ok(answer, doing, form=form, version=version)

    def _ok(self, answer: Answer, doing: str, **facts: str) -> Answer:
        if not answer.ok:
            raise errors.trouble(answer, self.http.host, doing, **facts)
        return answer


def _etag(answer: Answer) -> str:
    return answer.headers.get("ETag", "").removeprefix("W/").strip('"')
