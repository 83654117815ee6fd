"""The settings sheet, and the version that says which rows a record was collected with."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace

from pimforms.model.facts import Facts
from pimforms.xlsform.rows import Row, Sheets

NO_VERSION = "0"
"""Stands where the author gave no version."""


def encryption(facts: Facts) -> Mapping[str, str]:
    """The settings that make a phone encrypt each record; none for a form without a key.

    KoboToolbox calls a form encrypted only if it has a `submission_url` as well; ODK Central needs none.
    """
    if facts.key is None:
        return {}
    url = {"submission_url": facts.submit_to.name} if facts.submit_to is not None else {}
    return {"public_key": facts.key, **url}


def with_version(sheets: Sheets, written: str | None) -> Sheets:
    """The same sheets with their version: the author's, `-`, and eight hex digits of a hash over all rows.

    The hash is taken with the version left blank, so the same rows always have the same version.
    """
    return replace(sheets, settings={**sheets.settings, "version": f"{written or NO_VERSION}-{_digest(sheets)}"})


def _digest(sheets: Sheets) -> str:
    said = [
        _lines(sheets.survey_columns, sheets.survey),
        _lines(sheets.choices_columns, sheets.choices),
        _settings(sheets.settings),
    ]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()[:8]


def _lines(columns: tuple[str, ...], rows: tuple[Row, ...]) -> list[list[str]]:
    return [list(columns), *([row.cells.get(column, "") for column in columns] for row in rows)]


def _settings(settings: Mapping[str, str]) -> list[list[str]]:
    return [[column, "" if column == "version" else text] for column, text in settings.items()]
