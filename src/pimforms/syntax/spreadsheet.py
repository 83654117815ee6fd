"""Words that people know from XLSForm, and how the language says the same. Read only when a line was not understood."""

from __future__ import annotations

from functools import cache

from pimforms.expressions.nearest import nearest_word
from pimforms.record import record
from pimforms.standards.data import data_path, read_toml
from pimforms.syntax.words import Vocabulary


@record
class Meant:
    """`word` is the keyword that a line was meant to begin with, None if there is none. `fix` says what to write."""

    word: str | None
    fix: str


@cache
def spreadsheet_words() -> dict[str, Meant]:
    """From `grammar/spreadsheet.toml`: each word in small letters, with `_` between its parts."""
    rows = read_toml(data_path("grammar", "spreadsheet.toml"))["column"]
    return {word: Meant(row.get("means"), row["fix"]) for row in rows for word in row["words"]}


def meant(word: str, vocabulary: Vocabulary) -> Meant | None:
    """What the unknown first word of a line was likely meant to be: a word of XLSForm, or a misspelt one of either."""
    known = spreadsheet_words()
    written = word.lower()
    if written in known:
        return known[written]
    letters = sorted(written)
    turned = next((other for other in known if len(other) == len(written) and sorted(other) == letters), None)
    if turned is not None:
        return known[turned]
    near = vocabulary.near(word)
    if near is not None:
        return Meant(near, f"write `{near}`")
    found = nearest_word(written, known, least=0.8)
    return known[found] if found else None
