"""What one kind of server cannot take of a workbook, said before anything is sent: PF4xx."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pimforms.diagnostics import Diagnostic, Severity, rule, rule_of
from pimforms.source import Place
from pimforms.standards.data import table
from pimforms.xlsform.attachments import attachments
from pimforms.xlsform.rows import Row, Sheets

SERVERS = {"kobo": "KoboToolbox", "central": "ODK Central"}


def for_target(sheets: Sheets, kind: str, folder: Path, place: Place) -> Iterator[Diagnostic]:
    """All that stands against sending these rows to a server of this kind. `place` is the form's own."""
    for limit in table("targets")[kind]:
        for where in _places_of(sheets, limit, place):
            make = newer_than_the_server if limit["newer"] else not_on_this_server
            yield make(where, limit["says"], SERVERS[kind], limit["fix"])
    for name, row in attachments(sheets).items():
        # Written in raw XPath, a name may lead to any file of this computer: only what stands beside the form is sent.
        if "/" in name or "\\" in name or not (folder / name).is_file():
            yield file_to_attach_missing(row.place, name)


def _places_of(sheets: Sheets, limit: Mapping[str, Any], place: Place) -> Iterator[Place]:
    if limit["in"] == "setting":
        if sheets.settings.get(limit["word"]):
            yield place
        return
    has = _HAS[limit["in"]]
    yield from (row.place for row in sheets.survey if has(row, limit["word"]))


_HAS: Mapping[str, Callable[[Row, str], bool]] = {
    "column": lambda row, word: bool(row.cells.get(word)),
    "parameter": lambda row, word: re.search(rf"(?:^|[\s;,]){word}\s*=", row.cells.get("parameters", "")) is not None,
    "type": lambda row, word: row.cells.get("type", "").split(" ", 1)[0] == word,
    "name": lambda row, word: row.cells.get("name", "").lower() == word,
}


@rule("PF402", "not-on-this-server", Severity.ERROR)
def not_on_this_server(place: Place, what: str, server: str, fix: str) -> Diagnostic:
    """
    The form has something that this kind of server cannot take.

    ## Why
    KoboToolbox answers entities with an error page, and keeps some names for itself. It is said here, before anything is sent.
    """
    return Diagnostic(
        rule_of(not_on_this_server), f"{server} cannot take {what}", place, f"{server} would refuse the form.", fix
    )


@rule("PF403", "newer-than-the-server", Severity.ERROR)
def newer_than_the_server(place: Place, what: str, server: str, fix: str) -> Diagnostic:
    """
    The form uses something that came into pyxform after the version that the server runs.

    ## Why
    KoboToolbox converts forms with pyxform 3.0.0. What came later it refuses, or leaves out without a word.
    """
    return Diagnostic(
        rule_of(newer_than_the_server),
        f"{server} does not know this yet: {what}",
        place,
        f"The pyxform of {server} is older than that, and would refuse it or leave it out.",
        fix,
    )


@rule("PF406", "file-to-attach-missing", Severity.ERROR)
def file_to_attach_missing(place: Place, name: str) -> Diagnostic:
    """
    A file that the phone needs is not beside the form.

    ## Why
    ODK Central publishes a form without its files and says nothing. On the phone the look-up then stays empty.
    """
    return Diagnostic(
        rule_of(file_to_attach_missing),
        f"`{name}` is not beside the form",
        place,
        "The phone needs it, and a server publishes the form without it.",
        f"put `{name}` into the folder of the form",
    )


MESSAGES = (not_on_this_server, newer_than_the_server, file_to_attach_missing)
