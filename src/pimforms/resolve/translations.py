"""Translations that stand in files of their own: `i18n/fr.po` beside the form.

A PO entry translates a text wherever it stands, also a text of a library module. A translation under the text wins.
"""

from __future__ import annotations

from pathlib import Path

from pimforms.diagnostics import Diagnostic
from pimforms.resolve import messages
from pimforms.source import Place


def read_catalogs(
    folder: Path, languages: tuple[str, ...], place: Place
) -> tuple[dict[str, dict[str, str]], list[Diagnostic]]:
    """Catalogs by language, for the languages of the form that have a file. Fuzzy entries are left out."""
    catalogs: dict[str, dict[str, str]] = {}
    diagnostics: list[Diagnostic] = []
    for language in languages:
        path = folder / "i18n" / f"{language}.po"
        if not path.is_file():
            continue
        try:
            catalogs[language] = _read(path)
        except (OSError, ValueError) as problem:
            diagnostics.append(
                messages.catalog_broken(place, f"i18n/{path.name}", str(problem) or "It is not a PO file.")
            )
    return catalogs, diagnostics


def _read(path: Path) -> dict[str, str]:
    from babel.messages.pofile import PoFileError, read_po  # only when a form has such a file

    try:
        with path.open("rb") as file:
            catalog = read_po(file, abort_invalid=True)
    except PoFileError as problem:
        raise ValueError(f"Line {problem.lineno}: {problem.args[0]}.") from None
    return {
        str(message.id): str(message.string)
        for message in catalog
        if message.id and isinstance(message.id, str) and message.string and not message.fuzzy
    }
