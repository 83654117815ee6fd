"""A comparison for programs: one JSON object, in ASCII, with the keys that docs/diff.md lists."""

from __future__ import annotations

import json

from pimforms.compare.changes import KINDS, Change, Comparison


def render(comparison: Comparison, *, show_all: bool = False) -> str:
    """Every change by itself, never put together and never cut."""
    found = {
        "old": comparison.old,
        "new": comparison.new,
        "equal": not comparison.changes,
        "breaking": bool(comparison.breaking),
        "counts": {kind: len(comparison.of_kind(kind)) for kind in KINDS},
        "changes": [_object(change) for change in comparison.changes],
        "likely_renames": [{"old": old, "new": new} for old, new in comparison.offers],
    }
    return json.dumps(found, indent=2) + "\n"


def _object(change: Change) -> dict[str, object]:
    file, _, line = change.place.rpartition(":")
    is_line = line.isdigit()
    return {
        "code": change.code,
        "kind": change.kind,
        "name": change.name,
        "what": change.what.strip(),
        "language": change.language,
        "old": change.old,
        "new": change.new,
        "file": file if is_line else change.place,
        "line": int(line) if is_line else None,
        "says": change.says,
        "why": change.why,
    }
