"""A fake KoboToolbox (API v2), to be run with `loopback.running`. Each answer names the recorded exchange it is shaped after.

It keeps what a real one keeps: a random `$kuid` where the workbook has none, versions by content, a draft beside what is live,
imports that take a while, a name that an import sets back, settings that merge, files that phones get with a deployment only,
and mistakes that are answered with 500 and a page of HTML.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable
from functools import partial
from itertools import count
from typing import Any

import fake_kobo_access as access
import fake_kobo_imports as imports
import fake_kobo_lists as lists
import fake_kobo_rows as rows
from fake_kobo_state import ALL, Asset, File, Import, Permission, Version
from fake_kobo_views import Views
from loopback import Asked, Given

PAGE = (
    "<!doctype html>\n<html><head><title>KoboToolbox </title></head><body><h1>Server error (500)</h1>{}</body></html>\n"
)
NOT_FOUND = Given(404, {"detail": "Not found."}, source="e063")
EMPTY = {"schema": "1", "survey": [], "settings": {}}

_TYPES = {"csv": "text/csv", "png": "image/png", "jpg": "image/jpeg", "mp3": "audio/mpeg", "xml": "application/xml",
          "geojson": "application/geo+json", "zip": "application/zip", "mp4": "video/mp4"}  # fmt: skip


def page(source: str, status: int = 500) -> Given:
    return Given(status, PAGE.format("Something went wrong when trying to process your request."),
                 content_type="text/html; charset=utf-8", source=source)  # fmt: skip


class FakeKobo:
    """`tokens` are who may come in. `waits` is how many requests an import takes. `every_save` is how servers were before
    2026-07. `on_request` is called with the method of each request before it is carried out: something else happens then."""

    def __init__(self, *, waits: int = 2) -> None:
        self.tokens = {"token-of-pim": "pim", "token-of-enum": "enum"}
        self.users = {"pim", "enum", "ana", "dpo", "super_admin", "AnonymousUser"}
        self.assets: dict[str, Asset] = {}
        self.imports: dict[str, Import] = {}
        self.waits = waits
        self.every_save = False
        self.keeps_sector = True
        self.tells_version = True
        self.links = True
        self.skew = 0.0
        self.on_request: Callable[[str], None] = lambda method: None
        self._numbers = count(1)
        self.views = Views("", 0.0, links=True)

    # ---- for tests

    @property
    def only(self) -> Asset:
        """The one project that there is."""
        (asset,) = self.assets.values()
        return asset

    def uid(self, kind: str) -> str:
        return f"{kind}{next(self._numbers):021d}"

    def tick(self) -> int:
        return next(self._numbers)

    def make(self, owner: str, name: str, kind: str = "survey", settings: dict[str, Any] | None = None) -> Asset:
        asset = Asset(self.uid("a"), owner, name, kind, {}, self.tick())
        asset.settings = self.merged({}, settings or {}) if kind == "survey" else dict(settings or {})
        asset.save(self.uid("v"), self.tick(), content=dict(EMPTY), name=name, always=True)
        asset.created_by = owner
        held = ALL if kind == "survey" else ("change_asset", "manage_asset", "view_asset")
        asset.permissions = [Permission(self.uid("p"), owner, each) for each in held]
        self.assets[asset.uid] = asset
        return asset

    def edit(self, asset: Asset, user: str = "enum", label: str = "Changed by hand") -> None:
        """Somebody changes a label in the Formbuilder."""
        made = json.loads(json.dumps(asset.draft.content))
        row = next(row for row in made["survey"] if row.get("label"))
        row["label"] = [label, *row["label"][1:]]
        asset.save(self.uid("v"), self.tick(), content=made, always=self.every_save)
        asset.changed_by = user

    # ---- answering

    def __call__(self, asked: Asked) -> Given:
        self.views = Views(asked.address, self.skew, links=self.links)
        self.on_request(asked.method)
        imports.work(self)
        if not asked.path.endswith("/") and asked.method == "POST":
            return Given(301, "", {"Location": f"{asked.path}/"}, "text/html; charset=utf-8", "e068")
        if not asked.path.startswith(("/api/v2/", "/me/")):
            return Given(
                410, PAGE.format("The V1 API has been removed."), content_type="text/html; charset=utf-8", source="a007"
            )
        user = self.tokens.get(asked.headers.get("Authorization", "").removeprefix("Token "))
        if user is None:
            return Given(401, {"detail": "Invalid token."}, source="a003")
        for method, pattern, answer in self._routes():
            match = re.fullmatch(pattern, asked.path)
            if match and asked.method == method:
                return answer(asked, user, *match.groups())
        return page("e066", 404)

    def _routes(self) -> tuple[tuple[str, str, Callable[..., Given]], ...]:
        one = r"/api/v2/assets/(\w+)/"
        return (
            ("GET", r"/me/", self.me),
            ("GET", r"/api/v2/environment/", lambda *_: Given(200, lists.ENVIRONMENT, source="a005")),
            ("GET", r"/api/v2/users/(\w+)/", self.user),
            ("GET", r"/api/v2/assets/", self.search),
            ("POST", r"/api/v2/assets/", self.create),
            ("GET", one, self.get),
            ("PATCH", one, self.patch),
            ("DELETE", one, self.delete),
            ("GET", f"{one}deployment/", self.deployment),
            ("POST", f"{one}deployment/", self.deploy),
            ("PATCH", f"{one}deployment/", self.redeploy),
            ("GET", f"{one}versions/", self.versions),
            ("GET", rf"{one}versions/(\w+)/", self.version),
            ("GET", f"{one}files/", self.files),
            ("POST", f"{one}files/", self.upload),
            ("DELETE", rf"{one}files/(\w+)/", self.delete_file),
            ("GET", rf"{one}files/(\w+)/content/", self.file_content),
            ("GET", f"{one}permission-assignments/", self.permissions),
            ("GET", f"{one}hooks/", self.services),
            ("POST", f"{one}permission-assignments/", self.assign),
            ("DELETE", f"{one}permission-assignments/bulk/", self.take_out),
            ("DELETE", rf"{one}permission-assignments/(\w+)/", self.unassign),
            ("GET", r"/api/v2/imports/", lambda *_: page("b110")),
            ("POST", r"/api/v2/imports/", partial(imports.start, self)),
            ("GET", r"/api/v2/imports/(\w+)/", partial(imports.status, self)),
        )

    def seen(self, uid: str, user: str, codename: str = "view_asset") -> Asset | None:
        asset = self.assets.get(uid)
        return asset if asset is not None and codename in asset.held(user) else None

    # ---- accounts

    def me(self, asked: Asked, user: str) -> Given:
        organisation = {"url": self.views.url("organizations/org1/"), "name": f"{user}'s organization", "uid": "org1"}
        return Given(200, {"username": user, "is_superuser": False, "server_time": self.views.date(self.tick()),
                           "extra_details": {"name": "", "organization": "", "require_auth": True},
                           "validated_password": True, "organization": organisation}, source="a004")  # fmt: skip

    def user(self, asked: Asked, user: str, name: str) -> Given:
        if name not in self.users:
            return Given(404, {"detail": "No User matches the given query."}, source="e040")
        return Given(200, {"url": self.views.url(f"users/{name}/"), "username": name, "date_joined": self.views.date(0),
                           "public_collection_subscribers_count": 0, "public_collections_count": 0}, source="e039")  # fmt: skip

    # ---- projects

    def search(self, asked: Asked, user: str) -> Given:
        query = asked.params.get("q", "")
        if query and len(query) < 3:
            return Given(400, {"detail": "Your query is too short"}, source="g049")
        seen = [asset for asset in self.assets.values() if "view_asset" in asset.held(user)]
        source = "e051"
        if query:
            match = re.fullmatch(r'settings__pimforms__form_id:"?([^"]*)"?', query)
            source = "g043" if match else "g048"
            wanted = match[1] if match else None
            seen = [
                asset for asset in seen if match and (asset.settings.get("pimforms") or {}).get("form_id") == wanted
            ]
        if not seen:
            source = "a006"
        found = [self.views.short(asset, user) for asset in seen[: int(asked.params.get("limit", 100))]]
        return Given(200, {"count": len(seen), "next": None, "previous": None, "results": found}, source=source)

    def create(self, asked: Asked, user: str) -> Given:
        body = asked.json
        if "asset_type" not in body:
            return Given(400, {"asset_type": ["This field is required."]}, source="b140")
        asset = self.make(user, body["name"], body["asset_type"], body.get("settings"))
        asset.changed_by, asset.tag_string = user, body.get("tag_string", "")
        source = "e065"
        if "content" in body:
            content = rows.completed(body["content"], self._numbers)
            asset.save(self.uid("v"), self.tick(), content=content, always=False)
            asset.versions, source = asset.versions[-1:], "b139"
        if "clone_from" in body:
            old = self.assets[body["clone_from"]]
            asset.settings = json.loads(json.dumps(old.settings))
            asset.save(self.uid("v"), self.tick(), content=old.draft.content, always=False)
            source = "e054"
        location = {"Location": self.views.url(f"assets/{asset.uid}/")}
        return Given(201, self.views.asset(asset, user), location, source=source)

    def get(self, asked: Asked, user: str, uid: str) -> Given:
        asset = self.seen(uid, user)
        if asset is None:
            return NOT_FOUND
        return Given(200, self.views.asset(asset, user), source="a017" if asset.deployed else "a011")

    def patch(self, asked: Asked, user: str, uid: str) -> Given:
        asset, body = self.seen(uid, user), asked.json
        if asset is None:
            return NOT_FOUND
        if "change_asset" not in asset.held(user):
            return Given(403, {"detail": "You do not have permission to perform this action."}, source="g036")
        source = "g042" if "settings" in body else "a012"
        made = name = None
        if "clone_from_version_id" in body:
            made = next(each.content for each in asset.versions if each.uid == body["clone_from_version_id"])
            source = "h007"
        elif "content" in body:
            made, source = rows.completed(body["content"], self._numbers), "e059"
        if "name" in body:
            name = body["name"]
        if "settings" in body:
            asset.settings = self.merged(asset.settings, body["settings"])
        if "data_sharing" in body:
            asset.sharing, source = body["data_sharing"], "e045"
        # Putting a version back is a version of its own, though nothing in it is new (h007).
        always = self.every_save or source == "h007"
        asset.save(self.uid("v"), self.tick(), content=made, name=name, always=always)
        asset.changed_by = user
        return Given(200, self.views.asset(asset, user), source=source)

    def merged(self, now: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
        """Keys are merged; a sector or a country of a wrong type is dropped without a word (e046, e048)."""
        merged = {"sector": {}, "country": [], "description": "", "organization": "", **now, **new}
        if not isinstance(merged["sector"], dict) or not self.keeps_sector:
            merged["sector"] = {}
        if not isinstance(merged["country"], list):
            merged["country"] = []
        merged["country_codes"] = [each["value"] for each in merged["country"]]
        return merged

    def delete(self, asked: Asked, user: str, uid: str) -> Given:
        asset = self.assets.get(uid)
        if asset is None or asset.owner != user:
            return NOT_FOUND
        del self.assets[uid]
        return Given(204, source="e062")

    # ---- deployment

    def deployment(self, asked: Asked, user: str, uid: str) -> Given:
        asset = self.seen(uid, user)
        if asset is None or asset.deployed is None:
            return Given(404, {"detail": "Not found."}, source="a013")
        return self._deployed(asset, user, "a017")

    def deploy(self, asked: Asked, user: str, uid: str) -> Given:
        asset = self.seen(uid, user, "change_asset")
        if asset is None:
            return Given(404, {"detail": "Not found."}, source="g035")
        if asset.deployed is not None:
            return Given(405, {"detail": "Use PATCH to update an existing deployment"}, source="a016")
        if asset.kind != "survey":
            return page("g038")
        if asked.json.get("backend", "openrosa") != "openrosa":
            return page("g041")
        return self._publish(asset, user, asked.json, "a015")

    def redeploy(self, asked: Asked, user: str, uid: str) -> Given:
        asset, body = self.seen(uid, user, "change_asset"), asked.json
        if asset is None:
            return Given(404, {"detail": "Not found."}, source="g035")
        if asset.deployed is None:
            return Given(405, {"detail": "Use POST to create a new deployment"}, source="a014")
        if set(body) == {"active"}:  # opens and closes, and publishes nothing
            asset.active = body["active"]
            return self._deployed(asset, user, "e019" if asset.active else "a043")
        return self._publish(asset, user, body, "a036")

    def _publish(self, asset: Asset, user: str, body: dict[str, Any], source: str) -> Given:
        if body.get("version_id", asset.draft.uid) != asset.draft.uid:
            return page("a038")
        no = rows.refusal(asset.draft.content)
        if no is not None:
            status, said, why = no
            return page(why) if status == 500 else Given(status, {"error": said}, source=why)
        draft, now = asset.draft, self.tick()
        if not draft.number:
            draft.number = max((each.number for each in asset.versions), default=0) + 1
            draft.deployed = now
        asset.deployed, asset.active, asset.date_deployed = draft, body.get("active", True), now
        asset.phones = {file.name: file.hash for file in asset.kept}
        given = self._deployed(asset, user, source)
        asset.files = asset.kept
        return given

    def _deployed(self, asset: Asset, user: str, source: str) -> Given:
        version = asset.deployed.uid if asset.deployed else None
        body = {
            "backend": "openrosa",
            "active": asset.active,
            "version_id": version,
            "asset": self.views.asset(asset, user),
        }
        return Given(200, body, source=source)

    def versions(self, asked: Asked, user: str, uid: str) -> Given:
        asset = self.seen(uid, user)
        if asset is None:
            return NOT_FOUND
        found = [self.views.version(asset, each) for each in reversed(asset.versions)]
        return Given(200, {"count": len(found), "next": None, "previous": None, "results": found}, source="a025")

    def version(self, asked: Asked, user: str, uid: str, wanted: str) -> Given:
        asset = self.seen(uid, user)
        found: list[Version] = [each for each in asset.versions if each.uid == wanted] if asset else []
        if asset is None or not found:
            return NOT_FOUND
        return Given(200, {**self.views.version(asset, found[0]), "content": found[0].content}, source="a026")

    # ---- files

    def files(self, asked: Asked, user: str, uid: str) -> Given:
        asset = self.seen(uid, user)
        if asset is None:
            return NOT_FOUND
        found = [self.views.file(asset, file) for file in asset.kept]
        return Given(200, {"count": len(found), "next": None, "previous": None, "results": found}, source="e012")

    def upload(self, asked: Asked, user: str, uid: str) -> Given:
        asset = self.seen(uid, user, "change_asset")
        if asset is None:
            return NOT_FOUND
        if "json" in asked.headers.get("Content-Type", ""):
            fields, sent = asked.json, base64.b64decode(asked.json.get("base64Encoded", "").partition("base64,")[2])
            metadata, key, source = fields.get("metadata"), "base64Encoded", "e006"
        else:
            fields, files = imports.multipart(asked)
            metadata, sent, key, source = (
                json.loads(fields.get("metadata", "null")),
                files["content"][1],
                "content",
                "e004",
            )
        if "description" not in fields:
            return Given(400, {"description": ["This field is required."]}, source="e010")
        if metadata is None:
            return page("e011")
        url = metadata.get("redirect_url", "")
        name = metadata.get("filename") or url.rpartition("/")[2]
        if any(file.name == name for file in asset.kept):
            return Given(400, {"content": ["File already exists"]}, source="e005")
        mimetype = _TYPES.get(name.rpartition(".")[2])
        if mimetype is None:
            allowed = (
                "`image`, `audio`, `video`, `text/csv`, `application/xml`, `application/zip`, `application/geo+json`"
            )
            return Given(400, {key: [f"Only {allowed} MIME types are allowed"]}, source="e008")
        file = File(self.uid("af"), name, sent, mimetype, user, self.tick(), url)
        asset.files.append(file)
        body = self.views.file(asset, file)
        return Given(201, body, {"Location": body["url"]}, source="e007" if url else source)

    def delete_file(self, asked: Asked, user: str, uid: str, wanted: str) -> Given:
        asset = self.seen(uid, user, "change_asset")
        found = [file for file in asset.kept if file.uid == wanted] if asset else []
        if not found:
            return NOT_FOUND
        found[0].removed = True
        return Given(204, source="e016")

    def file_content(self, asked: Asked, user: str, uid: str, wanted: str) -> Given:
        asset = self.seen(uid, user)
        found = next((file for file in asset.kept if file.uid == wanted), None) if asset else None
        return NOT_FOUND if found is None else Given(200, found.content, content_type=found.mimetype, source="e013")

    # ---- who may do what

    def services(self, asked: Asked, user: str, uid: str) -> Given:
        asset = self.seen(uid, user)
        if asset is None:
            return NOT_FOUND
        found = [{"uid": f"h{at}", "endpoint": each} for at, each in enumerate(asset.services)]
        return Given(200, {"count": len(found), "next": None, "previous": None, "results": found}, source="e056")

    def permissions(self, asked: Asked, user: str, uid: str) -> Given:
        asset = self.seen(uid, user)
        return NOT_FOUND if asset is None else Given(200, self.views.permissions(asset, user), source="e024")

    def assign(self, asked: Asked, user: str, uid: str) -> Given:
        asset = self.seen(uid, user)
        if asset is None:
            return NOT_FOUND
        return access.assign(self, asset, user, asked.json)

    def unassign(self, asked: Asked, user: str, uid: str, wanted: str) -> Given:
        asset = self.seen(uid, user)
        if asset is None:
            return NOT_FOUND
        asset.permissions = [each for each in asset.permissions if each.uid != wanted]
        return Given(204, source="e037")

    def take_out(self, asked: Asked, user: str, uid: str) -> Given:
        asset = self.seen(uid, user)
        if asset is None:
            return NOT_FOUND
        asset.permissions = [each for each in asset.permissions if each.user != asked.json["username"]]
        return Given(204, source="e038")
