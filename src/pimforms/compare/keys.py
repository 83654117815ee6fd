"""How values of the model are told apart: by what they say, not by where or how it is written."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from typing import Any

from pimforms.model.expression import Call, Expression
from pimforms.source import Place

_LAYOUT = frozenset({"written"})
"""Fields that say how something was written and not what it means."""


def key_of(value: Any) -> Hashable:
    """The value without places and layout, as nested tuples. Two values with the same key say the same."""
    if value is None or isinstance(value, (str, int, float, Enum)):
        return value
    if isinstance(value, Place):
        return "somewhere"
    if isinstance(value, (tuple, list)):
        return tuple(key_of(part) for part in value)
    if isinstance(value, Mapping):
        return tuple((key, key_of(part)) for key, part in value.items())
    if is_dataclass(value):
        kind: type = type(value)
        return (kind.__name__, *(key_of(getattr(value, name)) for name in _said(kind)))
    return str(value)


def shown(expression: Expression) -> str:
    """The expression as the author wrote it, on one line."""
    text = " ".join(expression.place.text.split())
    if isinstance(expression, Call) and not expression.arguments and "(" not in text:
        text += "()"
    return text + ")" * (text.count("(") - text.count(")"))  # the place of a `not (…)` ends before its bracket


def renamed(key: Hashable, names: Mapping[str, str], codes: Mapping[str, str]) -> Hashable:
    """The key of an expression with other names of answers and other codes of choices."""
    if not isinstance(key, tuple):
        return key
    if len(key) == 2 and key[0] == "Ref":
        return "Ref", names.get(str(key[1]), key[1])
    if len(key) == 2 and key[0] in ("Code", "String"):
        return key[0], codes.get(str(key[1]), key[1])
    if key and key[0] == "Aggregate":
        key = tuple(names.get(part, part) if isinstance(part, str) else part for part in key)
    return tuple(renamed(part, names, codes) for part in key)


@cache
def _said(kind: type) -> tuple[str, ...]:
    return tuple(
        field.name
        for field in fields(kind)
        if field.name not in _LAYOUT and field.name != "place" and not field.name.endswith("_place")
    )
