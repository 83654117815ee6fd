"""What is sent: one form, ready for one server, as values. Made from a compiled form; nothing here knows rows or trees."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from pimforms.model.server import Stage

__all__ = ["Media", "Package", "Stage"]


@dataclass(frozen=True, slots=True)
class Media:
    """A file that the form reads on the phone: a CSV, a picture. `name` as the form calls it."""

    name: str
    content: bytes

    @property
    def md5(self) -> str:
        """As both servers compare files, in hex. No protection, only a comparison."""
        return hashlib.md5(self.content, usedforsecurity=False).hexdigest()


@dataclass(frozen=True, slots=True)
class Package:
    """One form as it goes to one server.

    `form_id` and `version` are those of the workbook; `title` is what people see. `workbook` are the bytes of the .xlsx,
    for KoboToolbox with `$kuid` and the locks. `sha256` of source rows and media decides whether a push does nothing.
    `country` are ISO 3166-1 alpha-3 codes, `sector` a name of the server's own list. `collects_pii` is true if the form
    asks for names, numbers, pictures or places. `encrypted` is true if the workbook carries a public key. `note` tells
    what changed, in one line. `renames` are pairs of old and new names that went with a breaking change.
    `roles` maps a role of the form's `access` (or "enumerator" …) to the usernames that hold it; `access` maps that role
    to what it may see: "submit_own", "view_own", "totals_only", "without_identities" or "all".
    """

    form_id: str
    title: str
    version: str
    workbook: bytes
    media: tuple[Media, ...] = ()
    description: str = ""
    organisation: str = ""
    sector: str = ""
    country: tuple[str, ...] = ()
    collects_pii: bool = False
    encrypted: bool = False
    stage: Stage = Stage.DRAFT
    note: str = ""
    renames: tuple[tuple[str, str], ...] = ()
    roles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    access: Mapping[str, str] = field(default_factory=dict)

    @property
    def sha256(self) -> str:
        """Over the workbook and its media, in hex: the same package, the same digest, on every machine."""
        digest = hashlib.sha256(hashlib.sha256(self.workbook).digest())
        for media in sorted(self.media, key=lambda each: each.name):
            digest.update(media.name.encode() + b"\0" + hashlib.sha256(media.content).digest())
        return digest.hexdigest()
