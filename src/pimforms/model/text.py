"""A text in every language of the form, and the answers that it speaks of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from pimforms.record import record
from pimforms.source import Place


@record
class TextReference:
    """`{name}` in a text: the label of a choice answer, or any other answer as it is.

    `code` is true for `{name code}`, which is the code of a choice answer.
    """

    name: str
    code: bool
    place: Place


@record
class Text:
    """`values` maps a language code ("en", "fr") to the text in it; paragraphs are separated by `\\n`."""

    values: Mapping[str, str]
    place: Place
    references: tuple[TextReference, ...] = field(default=())

    def get(self, language: str) -> str:
        return self.values.get(language, "")


OFFICIAL = ("wg_ss",)
"""Modules whose wording is published by a standard setter: it is not ours to change, to shorten or to translate."""


def module_of(text: Text) -> str:
    """The name of the file that a text stands in: for a text of the library, its module."""
    return text.place.path.rsplit("/", 1)[-1].removesuffix(".pim")


def is_official(text: Text) -> bool:
    """Whether a standard setter published these words."""
    return module_of(text) in OFFICIAL


def is_blank(text: Text | None) -> bool:
    """True for no text, and for one with nothing but blanks in every language."""
    return text is None or not any(value.strip() for value in text.values.values())
