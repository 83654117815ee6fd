"""Answers as they are written in a scenario: whether one is of the kind that its question takes."""

from __future__ import annotations

import re

from pimforms.model.days import is_day

_SHAPES = {
    "integer": (re.compile(r"-?\d+"), "a whole number", "12"),
    "decimal": (re.compile(r"-?\d+(?:\.\d+)?"), "a number", "12.5"),
    "date": (re.compile(r"\d{4}-\d{2}-\d{2}"), "a date", "2026-12-31"),
    "time": (re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d"), "a time of day", '"14:30"'),
    "datetime": (re.compile(r"\d{4}-\d{2}-\d{2}T[0-2]\d:[0-5]\d(?::[0-5]\d)?"), "a date with a time", '"2026-12-31T14:30"'),
    "place": (re.compile(r"-?\d+(?:\.\d+)? -?\d+(?:\.\d+)?(?: -?\d+(?:\.\d+)?){0,2}(?:;.*)?"), "a place", '"12.5 41.9"'),
}  # fmt: skip


def misfit(value: str, kind: str) -> tuple[str, str] | None:
    """What the kind would be called and how it is written; None if the value is of this kind."""
    shape = _SHAPES.get(kind)
    if shape is None:
        return None
    pattern, called, example = shape
    return None if pattern.fullmatch(value) and (kind != "date" or is_day(value)) else (called, example)
