"""From texts of the tree to texts of the model."""

from __future__ import annotations

import re
from collections.abc import Mapping

from pimforms.diagnostics import Diagnostic
from pimforms.model.text import Text, TextReference
from pimforms.resolve import messages, messages_quiet
from pimforms.source import Place
from pimforms.syntax.nodes import Spoken

_SPREADSHEET = re.compile(r"\$\{([^\W\d]\w*)\}")
_NO_NAME = re.compile(r"(?<![{$])\{(?!\{)(?![^\W\d]\w*(?:[ ]+code)?\})[^{}]*\}")
_BRACES = re.compile(r"\{\{|\{([^\W\d]\w*)(?:[ ]+(code))?\}")


def references(value: str, place: Place) -> tuple[TextReference, ...]:
    """The answers a text speaks of: `{name}`, `{name code}`. `{{` is a plain brace."""
    if "{" not in value:
        return ()
    found = []
    for match in _BRACES.finditer(value):
        if match[1]:
            at = place.start + 1 + match.start()
            found.append(TextReference(match[1], bool(match[2]), Place(place.source, at, at + len(match[0]))))
    return tuple(found)


LONGEST = 32_767
"""Characters that a cell of a workbook holds."""


class TextReader:
    """Reads texts for the languages of one form. `catalogs` are its translations in `i18n/`, by language and text."""

    def __init__(
        self,
        languages: tuple[str, ...],
        diagnostics: list[Diagnostic],
        catalogs: Mapping[str, Mapping[str, str]] | None = None,
    ) -> None:
        self.languages = languages
        self.diagnostics = diagnostics
        self.catalogs = catalogs or {}

    def read(self, spoken: Spoken, base: str, *, own: bool) -> Text:
        """A text with its translations: those under it first, then those of `i18n/`.

        `base` is the language of the text itself. `own` texts stand in the form; those of a module may be in languages
        that the form does not have.
        """
        # A module's own language is kept even if the form does not have it: official wordings stand in for a missing one.
        values = {base: spoken.value}
        for translation in spoken.translations:
            language = translation.language.replace("_", "-")
            if language in self.languages:
                values[language] = translation.value
            elif own:
                self.diagnostics.append(messages.language_not_declared(translation.place, language, self.languages))
        for language, catalog in self.catalogs.items():
            if language not in values and spoken.value in catalog:
                values[language] = catalog[spoken.value]
        if not any(character.isalpha() for character in spoken.value):  # "12-14" reads the same everywhere
            values = dict.fromkeys(self.languages, spoken.value) | values
        for value in values.values():
            if len(value) > LONGEST:
                self.diagnostics.append(messages_quiet.text_too_long(spoken.place, len(value), LONGEST))
        found = references(spoken.value, spoken.place)
        self._check_spreadsheet(spoken.value, spoken.place)
        for translation in spoken.translations:
            self._check_spreadsheet(translation.value, translation.place)
        written = ((spoken.value, spoken.place), *((each.value, each.place) for each in spoken.translations))
        for value, place in written:
            braces = _NO_NAME.search(value) if "{" in value else None
            if braces:
                self.diagnostics.append(messages_quiet.no_answer_in_braces(place, braces[0]))
                break
        if found or any("{" in value for value in values.values()):
            self._check_braces(spoken, found, values)
        return Text(values, spoken.place, found)

    def _check_spreadsheet(self, value: str, place: Place) -> None:
        for match in _SPREADSHEET.finditer(value) if "${" in value else ():
            self.diagnostics.append(messages_quiet.spreadsheet_reference(place, match[1]))

    def _check_braces(self, spoken: Spoken, found: tuple[TextReference, ...], values: Mapping[str, str]) -> None:
        wanted = {(reference.name, reference.code) for reference in found}
        places = {translation.language: translation.place for translation in spoken.translations}
        for language, value in values.items():
            there = {(r.name, r.code) for r in references(value, spoken.place)}
            if there != wanted:
                names = ", ".join(sorted(f"{{{name}}}" for name, _ in wanted ^ there))
                place = places.get(language, spoken.place)
                self.diagnostics.append(messages.placeholder_lost(place, names, language))
