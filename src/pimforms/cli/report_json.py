"""Diagnostics for programs: a JSON list, in ASCII, so that no console can damage it."""

from __future__ import annotations

import json
from collections.abc import Sequence

from pimforms.diagnostics import Diagnostic


def render(diagnostics: Sequence[Diagnostic]) -> str:
    """One object a diagnostic. Lines and columns begin at 1; columns count characters; the end is just behind."""
    return json.dumps([as_object(diagnostic) for diagnostic in diagnostics], indent=2) + "\n"


def as_object(diagnostic: Diagnostic) -> dict[str, object]:
    place = diagnostic.place
    end_line, end_column = place.end_line_column
    return {
        "code": diagnostic.code,
        "rule": diagnostic.rule.name,
        "severity": diagnostic.level.value,
        "message": diagnostic.message,
        "why": diagnostic.why,
        "fix": diagnostic.fix,
        "file": place.path,
        "line": place.line,
        "column": place.column,
        "end_line": end_line,
        "end_column": end_column,
    }
