"""A project as the server describes it, read once into values; and as `Live`, for everybody else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pimforms.servers.interface import Live
from pimforms.servers.kobo import content
from pimforms.servers.kobo.marker import Marker, Point, read
from pimforms.servers.trouble import ServerTrouble


@dataclass(frozen=True, slots=True)
class File:
    """A file of the project. `md5` ends in "-url" if the server itself fetches it from somewhere."""

    uid: str
    name: str
    md5: str


@dataclass(frozen=True, slots=True)
class Project:
    """What pimforms reads of a project. `version_id` is the draft's, `deployed_id` what phones have; empty if nothing is.

    `files` are asked for by themselves, and empty if they were not. `raw` is the server's own description.
    """

    uid: str
    name: str
    version_id: str
    content_hash: str
    version_count: int
    deployed_id: str
    deployed_hash: str
    active: bool
    encrypted: bool
    records: int
    owner: str
    changed_by: str
    settings: Mapping[str, Any]
    files: tuple[File, ...]
    may: frozenset[str]
    marker: Marker | None
    raw: Mapping[str, Any]

    @property
    def rows(self) -> content.Rows:
        """The rows of the draft."""
        return content.from_server(self.raw.get("content") or {})

    @property
    def published(self) -> bool:
        """Whether phones have just this draft. A restored or renamed draft has another version and the same content."""
        return bool(self.deployed_id) and (
            self.deployed_id == self.version_id or (self.content_hash != "" and self.deployed_hash == self.content_hash)
        )

    def is_at(self, point: Point | None) -> bool:
        """Whether the draft is what was noted: by version, or by content where a save made a new version of the same."""
        return point is not None and (point.version_id == self.version_id or point.content_hash == self.content_hash)

    def has_live(self, point: Point | None) -> bool:
        """Whether what phones have is what was noted."""
        return (
            point is not None
            and bool(self.deployed_id)
            and (point.version_id == self.deployed_id or point.content_hash == self.deployed_hash)
        )


def project(raw: Mapping[str, Any], host: str) -> Project:
    """Reads a description. Raises ServerTrouble if it is none, for example on a server that is much older."""
    try:
        if raw["asset_type"] not in ("survey", "empty"):
            raise ServerTrouble(
                f"`{raw['name']}` ({raw['uid']}) is a {raw['asset_type']} of the library, not a project",
                "name a project, or leave --project out: a new one is made",
            )
        deployed = str(raw.get("deployed_version_id") or "") if raw["has_deployment"] else ""
        hashes = {str(each["uid"]): str(each.get("content_hash") or "") for each in raw["deployed_versions"]["results"]}
        return Project(
            str(raw["uid"]),
            str(raw["name"]),
            str(raw["version_id"]),
            str(raw.get("version__content_hash") or ""),
            int(raw.get("version_count") or 0),
            deployed,
            hashes.get(deployed, ""),
            bool(raw["deployment__active"]),
            bool(raw["deployment__encrypted"]),
            int(raw.get("deployment__submission_count") or 0),
            str(raw["owner__username"]),
            str(raw.get("last_modified_by") or ""),
            dict(raw["settings"]),
            (),
            frozenset(str(each["codename"]) for each in raw["effective_permissions"]),
            read(raw["settings"]),
            raw,
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        raise _strange(host) from None


def file(raw: Mapping[str, Any], host: str) -> File:
    """A file as the server lists it. Raises ServerTrouble if it is none."""
    try:
        said = raw["metadata"]
        return File(str(raw["uid"]), str(said["filename"]), str(said.get("hash") or "").removeprefix("md5:"))
    except (KeyError, TypeError, AttributeError):
        raise _strange(host) from None


def _strange(host: str) -> ServerTrouble:
    return ServerTrouble(
        f"{host} describes the project in a way that pimforms does not know",
        "the server may be much older or newer: ask who runs it for its version",
    )


@dataclass(frozen=True, slots=True)
class KoboLive(Live):
    """`Live`, with the version of the draft that was read: a push looks whether it is still the same."""

    draft_id: str = ""
    draft_hash: str = ""


def live(found: Project, form_id: str, address: str) -> KoboLive:
    """What everybody else is told of a project."""
    mark = found.marker
    touched = _touched(found)
    whole = mark is not None and mark.pushing is None and touched is None
    sha256 = mark.live.sha256 if whole and mark and mark.live and found.has_live(mark.live) else None
    draft = None
    if whole and mark is not None and mark.draft is not None and found.is_at(mark.draft):
        draft = mark.draft.sha256
    return KoboLive(
        found.uid,
        mark.form_id if mark is not None else form_id,
        found.name,
        found.deployed_id or None,
        found.records,
        sha256,
        draft,
        touched,
        {file.name: file.md5 for file in found.files},
        f"{address}/#/forms/{found.uid}/landing",
        draft_id=found.version_id,
        draft_hash=found.content_hash,
    )


def _touched(found: Project) -> str | None:
    """What somebody changed outside pimforms, in a sentence; None if nothing, or if it cannot be told."""
    mark = found.marker
    if mark is None:
        return "this project was not made by pimforms" if found.deployed_id or found.rows.survey else None
    by = f"; the last to change the project was {found.changed_by}" if found.changed_by else ""
    known = [point for point in (mark.live, mark.draft) if point is not None]
    if mark.pushing is not None:
        ours = found.version_id == mark.pushing.over or found.rows.digest == mark.pushing.rows or not found.rows.survey
        if not ours and not any(found.is_at(point) for point in known):
            return f"the rows were changed on the server after a push that broke off{by}"
        return None
    if mark.live is not None and found.deployed_id and not found.has_live(mark.live):
        return f"another version was published on the server (in place of {mark.version or mark.live.version_id}){by}"
    if known and not any(found.is_at(point) for point in known):
        return f"the rows were changed on the server, in its editor or by an upload, and not yet published{by}"
    there = {file.name: file.md5 for file in found.files}
    if known and there != dict(mark.media):
        names = sorted(name for name in there.keys() | mark.media.keys() if there.get(name) != mark.media.get(name))
        return f"the files of the form were changed on the server: {', '.join(names)}"
    return None
