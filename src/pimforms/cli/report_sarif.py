"""Diagnostics as SARIF 2.1.0, which code-scanning services read.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

from pimforms import __version__
from pimforms.diagnostics import Diagnostic, Rule

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def render(diagnostics: Sequence[Diagnostic]) -> str:
    """One run, with the pages of the rules that fired. In ASCII, so that no console can damage it."""
    rules = {diagnostic.code: diagnostic.rule for diagnostic in diagnostics}
    order = {code: index for index, code in enumerate(sorted(rules))}
    run = {
        "tool": {
            "driver": {"name": "pimforms", "version": __version__, "rules": [_rule(rules[code]) for code in order]}
        },
        "columnKind": "unicodeCodePoints",
        "results": [_result(diagnostic, order[diagnostic.code]) for diagnostic in diagnostics],
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _rule(rule: Rule) -> dict[str, object]:
    says = rule.page.split("\n\n", 1)[0].replace("\n", " ")
    return {
        "id": rule.code,
        "name": "".join(part.capitalize() for part in rule.name.split("-")),
        "shortDescription": {"text": says or rule.name},
        "help": {"text": rule.page or rule.name, "markdown": rule.page or rule.name},
        "defaultConfiguration": {"level": rule.severity.value},
    }


def _result(diagnostic: Diagnostic, index: int) -> dict[str, object]:
    place = diagnostic.place
    end_line, end_column = place.end_line_column
    region = {"startLine": place.line, "startColumn": place.column, "endLine": end_line, "endColumn": end_column}
    location = {"physicalLocation": {"artifactLocation": {"uri": _uri(place.path)}, "region": region}}
    return {
        "ruleId": diagnostic.code,
        "ruleIndex": index,
        "level": diagnostic.level.value,
        "message": {"text": f"{diagnostic.message}. {diagnostic.why} Fix: {diagnostic.fix}"},
        "locations": [location],
    }


def _uri(path: str) -> str:
    file = Path(path)
    return file.as_uri() if file.is_absolute() else quote(file.as_posix())
