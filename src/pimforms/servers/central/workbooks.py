"""What can be seen from outside of an .xlsx file, without reading its rows."""

from __future__ import annotations

import hashlib
import re
import zipfile
from io import BytesIO

TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_MADE = b"2000-01-01T00:00:00Z"
"""The time of making that the workbooks of pimforms carry."""

_SHEET = re.compile(rb'<sheet\b[^>]*?\bname="([^"]*)"')


def md5_of(content: bytes) -> str:
    """In hex, as Central compares files. No protection, only a comparison."""
    return hashlib.md5(content, usedforsecurity=False).hexdigest()


def sheets(workbook: bytes) -> tuple[str, ...]:
    """The names of the sheets, none if this is not an .xlsx file."""
    try:
        with zipfile.ZipFile(BytesIO(workbook)) as archive:
            found = _SHEET.findall(archive.read("xl/workbook.xml"))
    except (zipfile.BadZipFile, KeyError, OSError, ValueError):
        return ()
    return tuple(name.decode("utf-8", "replace") for name in found)


def makes_entities(workbook: bytes) -> bool:
    """Whether the workbook fills an entity list."""
    return any(name.casefold() == "entities" for name in sheets(workbook))


def made_by_pimforms(workbook: bytes) -> bool:
    """Whether pimforms wrote this file and nobody saved it since: Excel writes its own times and packs the parts."""
    try:
        with zipfile.ZipFile(BytesIO(workbook)) as archive:
            stored = all(part.compress_type == zipfile.ZIP_STORED for part in archive.infolist())
            return stored and archive.read("docProps/core.xml").count(_MADE) == 2
    except (zipfile.BadZipFile, KeyError, OSError, ValueError):
        return False
