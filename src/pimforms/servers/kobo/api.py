"""The calls to KoboToolbox (API v2) that pimforms makes, one method each. None of them is repeated here if it changes something.

Paths end with a slash: without it the server redirects. What was asked for as JSON and is not is never shown to people.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from pimforms.servers.http import Answer, Http, refused
from pimforms.servers.package import Media
from pimforms.servers.trouble import UNREACHABLE, ServerTrouble

SLOW_SECONDS = 300.0
"""How long an upload or a deployment may take. A form of 3 000 questions took 6 seconds."""

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Json = dict[str, Any]


class Api:
    """One server for one token. Every method raises ServerTrouble for any answer but the one it asks for."""

    def __init__(self, http: Http) -> None:
        self.http = http
        self.host = http.host

    # ---- asking

    def me(self) -> Json:
        """GET /me/: `username`, `organization {name, uid}`."""
        return self._object(self.http.get("/me/"), "asking who this token belongs to")

    def environment(self) -> Json:
        """GET /api/v2/environment/: `sector_choices` and `country_choices`, pairs of a value and its label."""
        return self._object(self.http.get("/api/v2/environment/"), "asking for its lists of sectors and countries")

    def marked(self, form_id: str) -> list[Json]:
        """GET /api/v2/assets/?q=…: the projects, in short, whose settings carry our mark for this form."""
        query = f'settings__pimforms__form_id:"{form_id}"'
        doing = f"looking for the form `{form_id}`"
        answer = self.http.get("/api/v2/assets/", params={"q": query, "limit": "100"})
        found = self._list(answer, doing)
        told = all(isinstance(each.get("settings"), dict) and each.get("uid") for each in found)
        if not told or self._part(self._object(answer, doing), "count", doing) != len(found):
            raise self._strange(doing)  # a project that is overlooked would be made a second time
        return found

    def asset(self, uid: str) -> Json:
        """GET /api/v2/assets/UID/: all about a project: versions, settings, content, files, permissions."""
        answer = self.http.get(f"/api/v2/assets/{uid}/")
        if answer.status == 404:
            raise ServerTrouble(
                f"{self.host} has no project {uid} that this account can see",
                "check the project, or ask its owner to share it with you",
                status=404,
            )
        return self._object(answer, f"reading the project {uid}")

    def version(self, uid: str, version: str) -> Json:
        """GET /api/v2/assets/UID/versions/VERSION/: `content`, the rows of one version."""
        return self._object(self.http.get(f"/api/v2/assets/{uid}/versions/{version}/"), f"reading version {version}")

    def import_task(self, task: str) -> Json:
        """GET /api/v2/imports/TASK/: `status` created, processing, complete or error; `messages`. The list is never asked: it fails."""
        return self._object(self.http.get(f"/api/v2/imports/{task}/"), "asking whether the form was read")

    def files(self, uid: str) -> list[Json]:
        """GET /api/v2/assets/UID/files/: the files of the form. The project itself lists those, too, that were removed since
        the last deployment."""
        answer = self.http.get(f"/api/v2/assets/{uid}/files/", params={"file_type": "form_media", "limit": "1000"})
        return self._list(answer, "reading the files of the project")

    def services(self, uid: str) -> list[Json]:
        """GET /api/v2/assets/UID/hooks/: the places to which the server sends each record on (REST services)."""
        return self._list(self.http.get(f"/api/v2/assets/{uid}/hooks/"), "reading where the server sends records on")

    def file_content(self, uid: str, file: str) -> bytes:
        """GET /api/v2/assets/UID/files/FILE/content/: the bytes of one file."""
        answer = self.http.get(f"/api/v2/assets/{uid}/files/{file}/content/", headers={"Accept": "*/*"})
        if answer.status != 200:
            raise self._no(answer, "reading a file of the project")
        return answer.content

    def has_user(self, name: str) -> bool:
        """GET /api/v2/users/NAME/: whether there is such an account."""
        answer = self.http.get(f"/api/v2/users/{quote(name, safe='')}/")
        if answer.status == 404:
            return False
        self._object(answer, f"looking for the account `{name}`")
        return True

    # ---- changing

    def create(self, name: str, settings: Json) -> Json:
        """POST /api/v2/assets/: an empty project, marked from its first moment. Answers 201 with the project."""
        body = {"name": name, "asset_type": "survey", "settings": settings}
        answer = self.http.send("POST", "/api/v2/assets/", json=body)
        return self._object(answer, "making the project", status=201)

    def change(self, uid: str, body: Json) -> Json:
        """PATCH /api/v2/assets/UID/: `name`, or `settings`, whose keys are merged. Answers 200 with the project."""
        answer = self.http.send("PATCH", f"/api/v2/assets/{uid}/", json=body)
        return self._object(answer, "changing the settings of the project")

    def restore(self, uid: str, version: str) -> Json:
        """PATCH /api/v2/assets/UID/ with `clone_from_version_id`: the draft becomes that version again, under a new number."""
        body = {"clone_from": uid, "clone_from_version_id": version}
        answer = self.http.send("PATCH", f"/api/v2/assets/{uid}/", json=body)
        return self._object(answer, "putting the draft back")

    def start_import(self, uid: str, name: str, workbook: bytes) -> str:
        """POST /api/v2/imports/ (multipart): replaces the draft. Answers 201 with a task, whose name is returned."""
        # Left out, `library` makes a block of the library of it; a destination that is no full address is an error.
        data = {"library": "false", "destination": f"{self.http.address}/api/v2/assets/{uid}/"}
        answer = self.http.send(
            "POST", "/api/v2/imports/", data=data, files={"file": (name, workbook, _XLSX)}, seconds=SLOW_SECONDS
        )
        return str(self._part(self._object(answer, "sending the form", status=201), "uid", "sending the form"))

    def deploy(self, uid: str, version: str, *, first: bool) -> Answer:
        """POST (first) or PATCH /api/v2/assets/UID/deployment/: publishes `version`, and nothing if it is not the newest.

        Without `version_id` a PATCH only opens and closes the form, and says 200 all the same. The answer is judged by
        the caller: 200, 400 with what is wrong with the form, 500 as HTML if there is a newer version.
        """
        body = {"active": True, "version_id": version}
        method = "POST" if first else "PATCH"
        return self.http.send(method, f"/api/v2/assets/{uid}/deployment/", json=body, seconds=SLOW_SECONDS)

    def upload(self, uid: str, media: Media) -> str:
        """POST /api/v2/assets/UID/files/ (multipart): a file that phones get with the next deployment. Answers 201; returns its uid."""
        data = {"file_type": "form_media", "description": "default", "metadata": json.dumps({"filename": media.name})}
        files = {"content": (media.name, media.content, "application/octet-stream")}
        answer = self.http.send("POST", f"/api/v2/assets/{uid}/files/", data=data, files=files, seconds=SLOW_SECONDS)
        doing = f"sending the file {media.name}"
        return str(self._part(self._object(answer, doing, status=201), "uid", doing))

    def delete_file(self, uid: str, file: str, name: str) -> None:
        """DELETE /api/v2/assets/UID/files/FILE/: 204. A file that is gone already is what was wanted."""
        answer = self.http.send("DELETE", f"/api/v2/assets/{uid}/files/{file}/")
        if answer.status not in (204, 404):
            raise self._no(answer, f"removing the file {name}")

    def assign(self, uid: str, user: str, codename: str, filters: list[Mapping[str, str]] | None = None) -> Json:
        """POST /api/v2/assets/UID/permission-assignments/: 201. `filters` are for `partial_submissions`: whose records."""
        permissions = f"{self.http.address}/api/v2/permissions"
        body: Json = {
            "user": f"{self.http.address}/api/v2/users/{quote(user, safe='')}/",
            "permission": f"{permissions}/{codename}/",
        }
        if filters is not None:
            body["partial_permissions"] = [{"url": f"{permissions}/view_submissions/", "filters": filters}]
        answer = self.http.send("POST", f"/api/v2/assets/{uid}/permission-assignments/", json=body)
        return self._object(answer, f"giving `{user}` access", status=201)

    def delete(self, uid: str) -> None:
        """DELETE /api/v2/assets/UID/: the project goes to the trash. 204. Only tests do that, to their own projects."""
        answer = self.http.send("DELETE", f"/api/v2/assets/{uid}/")
        if answer.status != 204:
            raise self._no(answer, "deleting the project")

    # ---- answers

    def refused(self, answer: Answer, doing: str, fix: str = "") -> ServerTrouble:
        """The trouble of an answer that the caller does not take."""
        return self._no(answer, doing, fix)

    def project(self, answer: Answer) -> Json:
        """The project inside the answer to a deployment. Raises ServerTrouble, unsure, if the answer broke off."""
        asset = self._part(self._object(answer, "publishing"), "asset", "publishing")
        if not isinstance(asset, dict):
            raise self._strange("publishing")
        return asset

    def _object(self, answer: Answer, doing: str, *, status: int = 200) -> Json:
        if answer.status != status:
            raise self._no(answer, doing)
        body = answer.json
        if not isinstance(body, dict):
            raise ServerTrouble(
                f"the answer of {self.host} broke off while {doing}",
                "run the same command again: it looks first at what is there",
                code=UNREACHABLE,
                status=answer.status,
                unsure=True,
            )
        return body

    def _part(self, body: Json, key: str, doing: str) -> Any:
        if body.get(key) is None:
            raise self._strange(doing)
        return body[key]

    def _strange(self, doing: str) -> ServerTrouble:
        return ServerTrouble(
            f"{self.host} answers in a way that pimforms does not know while {doing}",
            "the server may be much older or newer: ask who runs it for its version",
            unsure=True,
        )

    def _list(self, answer: Answer, doing: str) -> list[Json]:
        found = self._part(self._object(answer, doing), "results", doing)
        if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
            raise self._strange(doing)
        return found

    def _no(self, answer: Answer, doing: str, fix: str = "") -> ServerTrouble:
        if answer.status == 401:
            return ServerTrouble(
                f"{self.host} does not accept the token",
                "copy the API key from Account Settings, Security, and give it anew: pimforms servers add",
                status=401,
            )
        if answer.status == 410:
            return ServerTrouble(
                f"{self.host} no longer speaks the interface that was used while {doing}",
                "install the newest pimforms: python -m pip install --upgrade pimforms",
                status=410,
            )
        if answer.status == 404 and not answer.words:
            return ServerTrouble(
                f"{self.host} does not answer like KoboToolbox (404) while {doing}",
                "check the address: it is the one you log in at, for example https://eu.kobotoolbox.org",
                status=404,
            )
        return refused(answer, self.host, doing, fix)
