"""Usual limits by level, from `form_library/standards/limits.toml`."""

from __future__ import annotations

from pimforms.model.facts import Duration
from pimforms.model.level import Level
from pimforms.standards.data import table

_MONTHS = {"days": 12 / 365, "weeks": 12 * 7 / 365, "months": 1.0, "years": 12.0}


def months_in(span: Duration) -> float:
    """How many months a duration is. Twelve months are one year exactly."""
    return span.count * _MONTHS[span.unit]


def longest_keep(level: Level) -> int:
    """How many months records of this level are usually kept at most."""
    found: int = table("limits")["keep_months"][level.word]
    return found
