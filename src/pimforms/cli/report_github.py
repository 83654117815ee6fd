"""Diagnostics as workflow commands, which GitHub shows beside the line in a pull request.

https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
"""

from __future__ import annotations

from collections.abc import Sequence

from pimforms.diagnostics import Diagnostic


def render(diagnostics: Sequence[Diagnostic]) -> str:
    return "".join(f"{_command(diagnostic)}\n" for diagnostic in diagnostics)


def _command(diagnostic: Diagnostic) -> str:
    place = diagnostic.place
    end_line, end_column = place.end_line_column
    properties = {
        "file": place.path.replace("\\", "/"),
        "line": place.line,
        "col": place.column,
        "endLine": end_line,
        "endColumn": end_column,
        "title": f"{diagnostic.code} {diagnostic.rule.name}",
    }
    said = ",".join(f"{key}={_property(str(value))}" for key, value in properties.items())
    text = f"{diagnostic.message}\n{diagnostic.why}\nFix: {diagnostic.fix}"
    return f"::{diagnostic.level.value} {said}::{_data(text)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
