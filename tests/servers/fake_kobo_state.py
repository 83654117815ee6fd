"""What a fake KoboToolbox remembers: accounts, projects with their versions, files and permissions, imports."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

ALL = (
    "add_submissions", "change_asset", "change_submissions", "delete_submissions", "manage_asset", "validate_submissions",
    "view_asset", "view_submissions",
)  # fmt: skip
"""What an owner holds (e024)."""

LABELS = {
    "add_submissions": "Add submissions", "change_asset": "Edit form", "change_submissions": "Edit submissions",
    "delete_submissions": "Delete submissions", "manage_asset": "Manage project", "validate_submissions": "Validate submissions",
    "view_asset": "View form", "view_submissions": "View submissions",
}  # fmt: skip

IMPLIED = {  # e023
    "add_submissions": (), "view_asset": (), "change_asset": ("view_asset",), "view_submissions": ("view_asset",),
    "partial_submissions": ("view_asset",), "delete_submissions": ("view_asset", "view_submissions"),
    "validate_submissions": ("view_asset", "view_submissions"),
    "change_submissions": ("view_asset", "view_submissions", "add_submissions"),
    "manage_asset": tuple(each for each in ALL if each != "manage_asset"),
}  # fmt: skip

NOT_WITH_PARTIAL = (
    "view_submissions",
    "change_submissions",
    "delete_submissions",
    "validate_submissions",
    "manage_asset",
)


@dataclass
class Version:
    uid: str
    content: dict[str, Any]
    name: str
    hash: str
    saved: int
    deployed: int | None = None
    number: int = 0


@dataclass
class File:
    uid: str
    name: str
    content: bytes
    mimetype: str
    user: str
    created: int
    url: str = ""
    removed: bool = False

    @property
    def hash(self) -> str:
        if self.url:
            return f"md5:{hashlib.md5(self.url.encode()).hexdigest()}-url"
        return f"md5:{hashlib.md5(self.content).hexdigest()}"


@dataclass
class Permission:
    uid: str
    user: str
    codename: str
    partial: list[dict[str, Any]] | None = None


@dataclass
class Asset:
    uid: str
    owner: str
    name: str
    kind: str
    settings: dict[str, Any]
    created: int
    versions: list[Version] = field(default_factory=list)
    files: list[File] = field(default_factory=list)
    permissions: list[Permission] = field(default_factory=list)
    services: list[str] = field(default_factory=list)
    tag_string: str = ""
    deployed: Version | None = None
    active: bool = False
    date_deployed: int | None = None
    records: int = 0
    changed_by: str | None = None
    changed: int = 0
    sharing: dict[str, Any] = field(default_factory=dict)
    phones: dict[str, str] = field(default_factory=dict)
    created_by: str | None = None

    @property
    def draft(self) -> Version:
        return self.versions[-1]

    @property
    def published(self) -> list[Version]:
        """Every version that ever was live, the newest first."""
        return sorted((each for each in self.versions if each.number), key=lambda each: -each.number)

    @property
    def encrypted(self) -> bool:
        """Only with both settings (c104, c108)."""
        settings = self.deployed.content["settings"] if self.deployed else {}
        return bool(settings.get("public_key") and settings.get("submission_url"))

    @property
    def kept(self) -> list[File]:
        """The files but for those that were removed: they stay listed in the project until the next deployment (e019)."""
        return [file for file in self.files if not file.removed]

    def held(self, user: str) -> set[str]:
        return {each.codename for each in self.permissions if each.user == user}

    def save(
        self, uid: str, now: int, *, content: dict[str, Any] | None = None, name: str | None = None, always: bool
    ) -> None:
        """A new version if content or name changed (a012, d008); on servers before 2026-07 with every save."""
        new, called = content if content is not None else self.draft.content, name if name is not None else self.name
        made = hash_of(new)
        if always or not self.versions or made != self.draft.hash or called != self.name:
            self.versions.append(Version(uid, new, called, made, now))
        self.name, self.changed = called, now


@dataclass
class Import:
    uid: str
    user: str
    destination: str | None
    workbook: bytes
    name: str
    library: bool
    created: int
    waits: int
    answer: dict[str, Any] | None = None
    source: str = "a009"


def hash_of(content: dict[str, Any]) -> str:
    return hashlib.sha1(json.dumps(content, sort_keys=True).encode()).hexdigest()
