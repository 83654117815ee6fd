"""Whether a value has the type of its question. Engines make a blank of what has not, and say nothing."""

from __future__ import annotations

import re
from collections.abc import Callable

from pimforms.model.days import is_day

_TIME = r"([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d+)?)?(Z|[+-]\d\d(:?\d\d)?)?"
_POINT = r"-?\d+(\.\d+)?( -?\d+(\.\d+)?){1,3}"


def _matches(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(pattern)
    return lambda value: compiled.fullmatch(value) is not None


def _is_integer(value: str) -> bool:
    return re.fullmatch(r"-?\d{1,10}", value) is not None and -(2**31) <= int(value) < 2**31


def _is_moment(value: str) -> bool:
    day, sign, time = value.partition("T")
    return bool(sign) and is_day(day) and re.fullmatch(_TIME, time) is not None


_number = _matches(r"-?\d+(\.\d+)?")

# By the number that JavaRosa gives a type (org.javarosa.core.model.Constants.DATATYPE_…): what it is, and whether a value is one.
_TYPES: dict[int, tuple[str, Callable[[str], bool]]] = {
    2: ("a whole number", _is_integer),
    3: ("a number, like 2.5", _number),
    4: ("a day, like 2026-12-31", is_day),
    5: ("a time, like 08:30", _matches(_TIME)),
    6: ("a day and a time, like 2026-12-31T08:30", _is_moment),
    10: ("a place: latitude and longitude with a space between them", _matches(_POINT)),
    13: ("a whole number", _matches(r"-?\d{1,18}")),
    14: ("places with a `;` between them", _matches(rf"{_POINT}(; ?{_POINT})*;?")),
    15: ("places with a `;` between them", _matches(rf"{_POINT}(; ?{_POINT})*;?")),
}  # fmt: skip


def type_problem(value: str, data_type: int) -> str:
    """Why a value is not of a type of JavaRosa; "" if it is, or if any text is."""
    what, fits = _TYPES.get(data_type, ("", lambda _: True))
    return "" if fits(value) else f"`{value}` is not {what}"
