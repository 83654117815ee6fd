"""The wording of what the compiler adds: sentences of the standards, filled with the facts of the form."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, Literal

from babel import Locale
from babel.lists import format_list
from babel.units import format_unit

from pimforms.model.facts import Duration
from pimforms.model.text import Text
from pimforms.source import Place
from pimforms.standards.data import table

BOOKS = ("protection", "consent")


@cache
def sentence(key: str) -> Mapping[str, str]:
    """A sentence in every language it has. KeyError for a key that no book has: a mistake of ours."""
    for book in BOOKS:
        found = table(book)["strings"].get(key)
        if found is not None:
            values: dict[str, str] = found
            return values
    raise KeyError(key)


def has_sentence(key: str) -> bool:
    """Whether a book has a sentence of this key."""
    return any(key in table(book)["strings"] for book in BOOKS)


def say(key: str, language: str, **facts: Any) -> str:
    """The sentence in a language with its facts in it; "" if it is not there in that language."""
    return filled(sentence(key).get(language, ""), **facts)


def filled(words: str, **facts: Any) -> str:
    """A sentence with its facts in it: `{org}` where a fact goes, so that translators see no program.

    KeyError for a fact that is not given: a mistake of ours.
    """
    return words.format_map(facts) if facts and "{" in words else words


def text(key: str, languages: Sequence[str], place: Place, **facts: Any) -> Text:
    """The sentence in all these languages, each fact the same in all."""
    return spoken(languages, place, lambda language: say(key, language, **facts))


def spoken(languages: Sequence[str], place: Place, compose: Callable[[str], str]) -> Text:
    """A text made language by language; languages for which nothing comes out are left out."""
    values = {language: compose(language) for language in languages}
    return Text({language: value for language, value in values.items() if value}, place)


def locale(language: str) -> Locale:
    """The babel locale of a language code; English where babel has none."""
    try:
        return Locale.parse(language.replace("-", "_"))
    except (ValueError, LookupError):
        return Locale.parse("en")


# Where the CLDR data that babel carries have words only under the short form; the long form is a hole there.
_SHORT_FORMS = {("ar", "days"), ("ar", "weeks"), ("ar", "months")}

_SEMICOLONS = {"fr": " ; ", "ar": "؛ "}


def amount(count: int, unit: str, language: str) -> str:
    """`12 months`, `25 minutes`, with the plural of the language. `unit` is in the plural."""
    where = locale(language)
    length: Literal["short", "long"] = "short" if (where.language, unit) in _SHORT_FORMS else "long"
    said: str = format_unit(count, f"duration-{unit.removesuffix('s')}", length=length, locale=where)
    # The data differ in their invisible spaces from one release to the next; the bytes of a workbook may not.
    return said.replace("\u00a0", " ").replace("\u202f", " ")


def duration(span: Duration, language: str) -> str:
    return amount(span.count, span.unit, language)


def part(text: Text | None, language: str, *, verb: bool = False) -> str:
    """A fact as it stands inside a sentence: without a full stop of its own. "" if there is none.

    `verb`: it begins with a verb, so with a small letter.
    """
    value = text.get(language).strip() if text else ""
    last = value.rpartition(" ")[2]
    if last.endswith(".") and "." not in last[:-1]:  # "Blue Drop.", and not "8 a.m."
        value = value[:-1]
    return value[:1].lower() + value[1:] if verb else value


def together(words: Sequence[str], language: str) -> str:
    """`a, b and c` in the manner of the language; so that the parts can still be told apart when they hold such signs."""
    where = locale(language)
    if len(words) > 1 and any(sign in word for word in words for sign in ",،"):
        return _SEMICOLONS.get(where.language, "; ").join(words)
    also: str = where.list_patterns["standard"]["2"].format("", "")
    if len(words) > 1 and also.strip() in " ".join(words).split():
        return f"{', '.join(words[:-1])},{also}{words[-1]}"
    joined: str = format_list(list(words), style="standard", locale=where)
    return joined
