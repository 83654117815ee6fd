"""Trees and expressions with other names in them: for `use … as`, and for the rows of a table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any, TypeVar

from pimforms.model.expression import Aggregate, Name
from pimforms.model.text import Text
from pimforms.syntax.nodes import Condition, Line, Statement, Word

E = TypeVar("E")


def renamed(expression: E, names: Mapping[str, str]) -> E:
    """The expression with each bare name that is in `names` replaced."""
    if isinstance(expression, Name):
        other = names.get(expression.text)
        return replace(expression, text=other) if other else expression
    changes: dict[str, Any] = {}
    for field in fields(expression):  # type: ignore[arg-type]
        if field.name in ("place", "repeat_place"):
            continue
        value = getattr(expression, field.name)
        if isinstance(value, tuple):
            new: Any = tuple(renamed(item, names) if hasattr(item, "place") else item for item in value)
            if any(a is not b for a, b in zip(new, value, strict=True)):
                changes[field.name] = new
        elif hasattr(value, "place"):
            new = renamed(value, names)
            if new is not value:
                changes[field.name] = new
    if isinstance(expression, Aggregate) and expression.repeat in names:
        changes["repeat"] = names[expression.repeat]
    return replace(expression, **changes) if changes else expression  # type: ignore[type-var]


def renamed_text(text: Text | None, names: Mapping[str, str]) -> Text | None:
    """The text with the names in its braces replaced."""
    if text is None or not any(reference.name in names for reference in text.references):
        return text
    values = dict(text.values)
    for old, new in names.items():
        for language, value in values.items():
            values[language] = value.replace(f"{{{old}}}", f"{{{new}}}").replace(f"{{{old} code}}", f"{{{new} code}}")
    references = tuple(replace(r, name=names.get(r.name, r.name)) for r in text.references)
    return Text(values, text.place, references)


def renamed_statement(statement: Statement, names: Mapping[str, str]) -> Statement:
    return replace(
        statement,
        line=_renamed_line(statement.line, names, heads=True),
        properties=tuple(_renamed_line(line, names, heads=False) for line in statement.properties),
        body=tuple(renamed_statement(inner, names) for inner in statement.body),
    )


def _renamed_line(line: Line, names: Mapping[str, str], *, heads: bool) -> Line:
    parts: list[Any] = []
    for part in line.parts:
        if isinstance(part, Condition):
            parts.append(Condition(renamed(part.expression, names)))
        elif isinstance(part, Word) and part.text in names and (heads or line.word in ("within", "offer only")):
            parts.append(replace(part, text=names[part.text]))
        else:
            parts.append(part)
    return replace(line, parts=tuple(parts))
