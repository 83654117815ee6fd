"""Reading a choice label as a band of numbers: “1-5”, “3 months to 1 year”, “60 years or older”."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from itertools import pairwise
from typing import Any

from pimforms.record import record
from pimforms.standards.data import table

# In minutes. Months and years are mean lengths: only their order matters, and that 12 months are a year.
MINUTES = {"minute": 1, "hour": 60, "day": 1440, "week": 10080, "month": 43800, "year": 525600}
INFINITE = float("inf")
# What is said in whole numbers: counts, and years of age.
_WHOLE = {("", ""), ("year", "year")}


@record
class Band:
    """From `low` to `high`; an end is `open` if it does not belong to the band. In minutes if `unit` is a time.

    `of` is what is counted (“children”), as it is written. `single` is one number alone.
    """

    low: float
    high: float
    low_open: bool
    high_open: bool
    unit: str
    of: str
    single: bool

    def meets(self, other: Band) -> bool:
        """Whether some number belongs to both."""
        if self.of and other.of and self.of != other.of:
            return False
        first, second = sorted((self, other), key=lambda band: (band.low, band.low_open, band.high))
        if (first.unit, second.unit) not in _WHOLE:
            # Time runs on: nobody waits exactly 30 minutes, and “15 to 30 minutes, 30 minutes to 1 hour” is understood.
            return second.low < first.high
        if first.unit:
            return second.low < first.high or not (first.high_open or second.low_open or second.low > first.high)
        # Counts are whole: between “more than 4” and “fewer than 5” there is nothing.
        return second.low + second.low_open <= first.high - first.high_open


def read_band(label: str, language: str) -> Band | None:
    """The band a whole label is; None for any other text, also for years like 2019-2020, and without a table."""
    if not any(character.isdigit() for character in label):
        return None
    words = table("scales").get(language, {}).get("bands")
    if words is None:
        return None
    text = " ".join(label.lower().replace("’", "'").strip(" .;:()").split())
    text = re.sub(r"(?<=\d)[ ,](?=\d{3}\b)", "", text)
    text = re.sub(r"(?<=\d)(?=[^\W\d_])", " ", text)
    for shape, pattern in _shapes(language):
        found = pattern.fullmatch(text)
        if found is not None:
            return _band(shape, found, words)
    return None


def _band(shape: str, found: re.Match[str], words: dict[str, Any]) -> Band | None:
    groups = found.groupdict()
    first, last = float(groups["a"]), float(groups.get("b") or groups["a"])
    last_unit, last_of = _unit(groups.get("w") or "", words)
    first_unit, first_of = _unit(groups.get("u") or "", words)
    first_unit, last_unit = first_unit or last_unit, last_unit or first_unit
    if not last_unit and 1900 <= first <= 2100 and 1900 <= last <= 2100:
        return None
    low, high = first * MINUTES.get(first_unit, 1), last * MINUTES.get(last_unit, 1)
    of = last_of or first_of
    if shape == "between":
        return Band(low, high, False, False, first_unit, of, False) if low < high else None
    if shape in ("below", "or_less"):
        return Band(-INFINITE, high, False, shape == "below", last_unit, of, False)
    if shape in ("above", "or_more"):
        return Band(low, INFINITE, shape == "above", False, last_unit, of, False)
    return Band(low, high, False, False, last_unit, of, True)


def _unit(words: str, table_of_words: dict[str, Any]) -> tuple[str, str]:
    """The unit of time among the words behind a number, and the other words."""
    units = {word: unit for unit, spelled in table_of_words["units"].items() for word in spelled}
    said = words.split()
    unit = next((units[word] for word in said if word in units), "")
    return unit, " ".join(word for word in said if word not in units)


@cache
def _shapes(language: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    words = table("scales")[language]["bands"]

    def one_of(key: str) -> str:
        return "(?:" + "|".join(re.escape(word) for word in sorted(words[key], key=len, reverse=True)) + ")"

    tail = r"(?: (?P<w>[^\W\d]+(?: [^\W\d]+)?))?"
    number = r"(?P<a>\d+(?:\.\d+)?)"
    unit = r"(?: (?P<u>[^\W\d]+))?"
    between = rf"(?:{one_of('from')} )?{number}{unit}(?: {one_of('to')} | ?[-–—] ?)(?P<b>\d+(?:\.\d+)?){tail}"
    shapes = (
        ("or_more", rf"{number}{unit}(?: {one_of('or_more')}| ?\+){tail}"),
        ("or_less", rf"{number}{unit} {one_of('or_less')}{tail}"),
        ("or_less", rf"{one_of('at_most')} {number}{tail}"),
        ("below", rf"(?:{one_of('below')} ?|< ?){number}{tail}"),
        ("above", rf"(?:{one_of('above')} ?|> ?){number}{tail}"),
        ("between", between),
        ("single", rf"{number}{unit}"),
    )
    return tuple((shape, re.compile(pattern)) for shape, pattern in shapes)


def gap(bands: Iterable[Band]) -> tuple[Band, Band] | None:
    """Two neighbours with a whole number between them, if all count the same thing in the same unit."""
    ordered = sorted(bands, key=lambda band: (band.low, band.high))
    if len({band.unit for band in ordered}) != 1:
        return None
    step = MINUTES.get(ordered[0].unit, 1)
    for before, after in pairwise(ordered):
        last = before.high - step if before.high_open else before.high
        first = after.low + step if after.low_open else after.low
        if first - last > step:
            return before, after
    return None
