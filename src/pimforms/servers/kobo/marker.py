"""The mark that pimforms leaves in the settings of a project, and what it tells.

KoboToolbox keeps free keys in `settings`, merges them, never touches them when a form is replaced, and can search them. It
copies them with a project, too: that is why two projects with one mark are trouble.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

KEY = "pimforms"


@dataclass(frozen=True, slots=True)
class Point:
    """One state of the rows: of which package (`sha256`) and workbook, under which version, with which hash of the content."""

    sha256: str
    workbook: str
    version_id: str
    content_hash: str

    @property
    def json(self) -> dict[str, str]:
        return {
            "sha256": self.sha256,
            "workbook": self.workbook,
            "version_id": self.version_id,
            "content_hash": self.content_hash,
        }


@dataclass(frozen=True, slots=True)
class Pushing:
    """A push that has begun: of which package, over which version, and a digest of the rows that will be there.

    `media` is true if files may have been changed since the last deployment, so that phones do not have them.
    """

    sha256: str
    over: str
    rows: str
    media: bool = False

    @property
    def json(self) -> dict[str, Any]:
        return {"sha256": self.sha256, "over": self.over, "rows": self.rows, "media": self.media}


@dataclass(frozen=True, slots=True)
class Marker:
    """`live` is what was published last and checked, `draft` what was sent and not published, `pushing` what broke off."""

    form_id: str
    stage: str = ""
    version: str = ""
    note: str = ""
    live: Point | None = None
    draft: Point | None = None
    pushing: Pushing | None = None
    media: Mapping[str, str] = field(default_factory=dict)
    renames: tuple[tuple[str, str], ...] = ()

    @property
    def json(self) -> dict[str, Any]:
        """As it stands in `settings.pimforms`. `sha256` and `version_id` of what is live stand on top, for people."""
        said: dict[str, Any] = {"form_id": self.form_id, "stage": self.stage, "version": self.version}
        if self.live is not None:
            said.update(self.live.json)
        if self.note:
            said["note"] = self.note
        if self.draft is not None:
            said["draft"] = self.draft.json
        if self.pushing is not None:
            said["pushing"] = self.pushing.json
        if self.media:
            said["media"] = dict(self.media)
        if self.renames:
            said["renames"] = [list(pair) for pair in self.renames]
        return said


def read(settings: Mapping[str, Any]) -> Marker | None:
    """The mark of a project, None if it has none. Whoever edited it by hand gets what can be made of it."""
    said = settings.get(KEY)
    if not isinstance(said, dict) or not isinstance(said.get("form_id"), str):
        return None
    pushing = said.get("pushing")
    media, renames = said.get("media"), said.get("renames")
    return Marker(
        said["form_id"],
        str(said.get("stage", "")),
        str(said.get("version", "")),
        str(said.get("note", "")),
        _point(said),
        _point(said.get("draft")),
        Pushing(
            str(pushing.get("sha256", "")),
            str(pushing.get("over", "")),
            str(pushing.get("rows", "")),
            bool(pushing.get("media")),
        )
        if isinstance(pushing, dict)
        else None,
        {str(name): str(md5) for name, md5 in media.items()} if isinstance(media, dict) else {},
        tuple((str(pair[0]), str(pair[1])) for pair in renames if isinstance(pair, list) and len(pair) == 2)
        if isinstance(renames, list)
        else (),
    )


def _point(said: Any) -> Point | None:
    if not isinstance(said, dict):
        return None
    parts = [said.get(key) for key in ("sha256", "workbook", "version_id", "content_hash")]
    if not all(isinstance(part, str) and part for part in parts):
        return None
    return Point(*map(str, parts))
