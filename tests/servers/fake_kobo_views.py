"""How a fake KoboToolbox shows what it remembers: the JSON of a017 (a project), g043 (in a list), e012 (files), e024 (access)."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import fake_kobo_rows as rows
from fake_kobo_state import LABELS, Asset, File, Permission, Version

_START = datetime(2026, 11, 22, 15, 52, 33, tzinfo=timezone.utc)

PARTIAL_LABEL = {
    "default": "Act on submissions only from specific users",
    "view_submissions": "View submissions only from specific users",
    "change_submissions": "Edit submissions only from specific users",
    "delete_submissions": "Delete submissions only from specific users",
    "validate_submissions": "Validate submissions only from specific users",
}

_LINKS = ("url", "single_url", "single_once_url", "offline_url", "preview_url", "iframe_url", "single_iframe_url",
          "single_once_iframe_url")  # fmt: skip


def _status(asset: Asset) -> str:
    if asset.kind != "survey":
        return "-"
    return ("deployed" if asset.active else "archived") if asset.deployed else "draft"


class Views:
    """`address` is where the fake is reached, `skew` how many seconds its clock is wrong."""

    def __init__(self, address: str, skew: float, *, links: bool) -> None:
        self.address, self.skew, self.links = address, skew, links

    def date(self, tick: int | None) -> str | None:
        if tick is None:
            return None
        return (_START + timedelta(seconds=tick + self.skew)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")

    def url(self, path: str) -> str:
        return f"{self.address}/api/v2/{path}"

    def short(self, asset: Asset, user: str) -> dict[str, Any]:
        """A project in a list."""
        deployed = asset.deployed
        return {
            "url": self.url(f"assets/{asset.uid}/"),
            "date_created": self.date(asset.created),
            "date_modified": self.date(asset.changed),
            "date_deployed": self.date(asset.date_deployed),
            "owner": self.url(f"users/{asset.owner}/"),
            "owner__username": asset.owner,
            "parent": None,
            "uid": asset.uid,
            "tag_string": asset.tag_string,
            "settings": asset.settings,
            "kind": "asset",
            "name": asset.name,
            "asset_type": asset.kind,
            "version_id": asset.draft.uid,
            "has_deployment": deployed is not None,
            "deployed_version_id": deployed.uid if deployed else None,
            "deployment__active": asset.active,
            "deployment__submission_count": asset.records
            if not deployed or "view_submissions" in asset.held(user)
            else None,
            "deployment__last_submission_time": None,
            "deployment__encrypted": asset.encrypted,
            "deployment__uuid": f"{asset.created:032x}" if deployed else None,
            "deployment_status": _status(asset),
            "summary": rows.summary(asset.draft.content) if asset.draft.content.get("survey") else {"languages": []},
            "permissions": self.permissions(asset, user),
            "data": self.url(f"assets/{asset.uid}/data/"),
            "subscribers_count": 0,
            "status": "private" if {each.user for each in asset.permissions} <= {asset.owner} else "shared",
            "access_types": None,
            "children": {"count": 0},
            "data_sharing": asset.sharing,
            "owner_label": asset.owner,
            "last_modified_by": asset.changed_by,
            "created_by": asset.created_by,
        }

    def asset(self, asset: Asset, user: str) -> dict[str, Any]:
        """A project."""
        draft, links = asset.draft, asset.active and self.links
        return {
            **self.short(asset, user),
            "files": [self.file(asset, file) for file in asset.files],
            "version__content_hash": draft.hash,
            "version_count": len(asset.versions),
            "deployed_versions": {
                "count": len(asset.published),
                "next": None,
                "previous": None,
                "results": [self.version(asset, each) for each in asset.published],
            },
            "deployment__links": {key: f"{self.address}/enketo/{key}" for key in _LINKS} if links else {},
            "deployment__data_download_links": {},
            "content": draft.content,
            "effective_permissions": [
                {"codename": each}
                for each in sorted(asset.held(user) | ({"delete_asset"} if user == asset.owner else set()))
            ],
            "project_ownership": None,
        }

    def version(self, asset: Asset, version: Version) -> dict[str, Any]:
        return {
            "uid": version.uid,
            "url": self.url(f"assets/{asset.uid}/versions/{version.uid}/"),
            "content_hash": version.hash,
            "date_deployed": self.date(version.deployed) or False,
            "date_modified": self.date(version.deployed or version.saved),
            "version_number": str(version.number or "0.1"),
        }

    def file(self, asset: Asset, file: File) -> dict[str, Any]:
        url = self.url(f"assets/{asset.uid}/files/{file.uid}/")
        more = {"redirect_url": file.url} if file.url else {}
        return {
            "uid": file.uid,
            "url": url,
            "asset": self.url(f"assets/{asset.uid}/"),
            "user": self.url(f"users/{file.user}/"),
            "user__username": file.user,
            "file_type": "form_media",
            "description": "default",
            "date_created": self.date(file.created),
            "content": f"{url}content/",
            "metadata": {**more, "filename": file.name, "hash": file.hash, "mimetype": file.mimetype},
        }

    def permissions(self, asset: Asset, user: str) -> list[dict[str, Any]]:
        """Who does not manage a project sees what they, its owner and everybody hold."""
        shown = {user, asset.owner, "AnonymousUser"}
        held = (
            asset.permissions
            if "manage_asset" in asset.held(user)
            else [each for each in asset.permissions if each.user in shown]
        )
        return [self.permission(asset, each) for each in sorted(held, key=lambda each: (each.user, each.codename))]

    def permission(self, asset: Asset, held: Permission) -> dict[str, Any]:
        body: dict[str, Any] = {
            "url": self.url(f"assets/{asset.uid}/permission-assignments/{held.uid}/"),
            "user": self.url(f"users/{held.user}/"),
            "permission": self.url(f"permissions/{held.codename}/"),
        }
        if held.partial is not None:
            return {**body, "partial_permissions": held.partial, "label": PARTIAL_LABEL}
        return {**body, "label": LABELS[held.codename]}
