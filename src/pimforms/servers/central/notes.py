"""The note that goes with a publication. Central keeps it for good, so it carries what pimforms must find again.

Central has no free settings of a form. The md5 of the workbook (its ETag) tells whether a form is up to date; the note
tells which package it was, also where a server keeps its files elsewhere, and which questions were renamed.
"""

from __future__ import annotations

import re
from urllib.parse import quote

from pimforms.servers.package import Package

HEADER_BYTES = 6000
"""How long the note may be once it is percent-encoded: proxies take 8 kB for a header, often no more."""

_DIGEST = re.compile(r"pimforms sha256:([0-9a-f]{64})(?: xml:([0-9a-f]{32}))?(?: \| renamed: ([^|]*))?$")


def note_for(package: Package, xml: str = "") -> str:
    """What changed, for people; then the digest of the package, and the renames as `old>new` if they fit.

    `xml` is the md5 of the XML that is published, so that the note speaks of it alone: a draft that somebody puts in the
    place of ours at that moment is published with our note. A note that is too long loses words of its text. Renames are
    stored whole or not at all.
    """
    digest = f"pimforms sha256:{package.sha256}" + (f" xml:{xml}" if xml else "")
    renamed = "renamed: " + ", ".join(f"{old}>{new}" for old, new in package.renames) if package.renames else ""
    if len(quote(renamed, safe="")) > HEADER_BYTES - 200:
        renamed = ""
    text = " ".join(package.note.replace("|", "/").split())
    while text and len(quote(_joined(text, digest, renamed), safe="")) > HEADER_BYTES:
        text = text[: len(text) * 3 // 4]
    return _joined(text, digest, renamed)


def encoded(note: str) -> str:
    """As X-Action-Notes wants it: the server decodes it, and a bare % would fail the whole request."""
    return quote(note, safe="")


def digest_in(note: str, xml: str = "") -> str | None:
    """The digest of the package that a note was written for; None if pimforms did not write it, or for another XML."""
    found = _DIGEST.search(note)
    if found is None or (xml and found.group(2) not in (None, xml)):
        return None
    return found.group(1)


def renames_in(note: str) -> tuple[tuple[str, str], ...]:
    """The pairs of old and new names that a note stores."""
    found = _DIGEST.search(note)
    pairs = [pair.strip().split(">") for pair in (found.group(3) or "").split(",")] if found else []
    return tuple((pair[0], pair[1]) for pair in pairs if len(pair) == 2)


def renames_fit(package: Package) -> bool:
    """Whether the note can hold the renames of the package."""
    return renames_in(note_for(package)) == package.renames


def _joined(*parts: str) -> str:
    return " | ".join(part for part in parts if part)
