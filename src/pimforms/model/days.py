"""Days of the calendar, as ISO dates."""

from __future__ import annotations

from datetime import date, timedelta


def is_day(text: str) -> bool:
    """Whether a text is a day of the calendar, written as 2027-03-31. Python 3.11 and later read other spellings, too."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def nearest_day(iso: str) -> str | None:
    """The nearest day that is in the calendar, for a year-month-day that is not; None for one that is."""
    try:
        date.fromisoformat(iso)
    except ValueError:
        year, month, day = (int(part) for part in iso.split("-"))
        first = date(max(year, 1), min(max(month, 1), 12), 1)
        last = (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1) if year < 9999 else first
        return first.replace(day=min(max(day, 1), last.day)).isoformat()
    return None
