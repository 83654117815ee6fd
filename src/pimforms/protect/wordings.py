"""Which wording of a sentence a form needs: some are said otherwise where it decides who is helped, or where children answer."""

from __future__ import annotations

from pimforms.model.aid import decides_on_aid
from pimforms.model.form import Form
from pimforms.protect.words import has_sentence

DECIDES, ALL = "decides", "all"
"""Endings of a key. `decides`: nothing is promised about help. `all`: for adults and children, so neither vous nor tu."""


def wordings(form: Form) -> tuple[str, ...]:
    """The endings that hold in a form, strongest first."""
    children = form.facts.children is not None
    return (*((DECIDES,) if decides_on_aid(form) else ()), *((ALL,) if children else ()))


def worded(key: str, endings: tuple[str, ...]) -> str:
    """The key of the sentence with the first of these endings that there is; the key itself if there is none."""
    return next((f"{key}_{ending}" for ending in endings if has_sentence(f"{key}_{ending}")), key)
