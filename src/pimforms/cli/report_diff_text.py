"""A comparison for people at a terminal: by kind, each change with its place and with how it was and is."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pimforms.compare.changes import KINDS, Comparison
from pimforms.compare.told import HEADINGS, Told, summary, told

MOST = 30
"""Entries of one kind that are shown unless all are asked for."""

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def render(comparison: Comparison, *, show_all: bool = False) -> str:
    """The whole report, with a line end."""
    lines = [f"from {comparison.old} to {comparison.new}", ""]
    if not comparison.changes:
        lines.append("no difference: both forms say the same")
    for kind in KINDS:
        found = told(comparison.of_kind(kind))
        if found:
            heading, means = HEADINGS[kind]
            lines += [f"{heading}: {means}", ""]
            lines += _entries(found if show_all else found[:MOST])
            if len(found) > MOST and not show_all:
                lines.append(f"  and {len(found) - MOST} more; --show-all shows them")
            lines.append("")
    lines += _offers(comparison)
    if comparison.changes:
        lines.append(summary(comparison.changes))
    return "\n".join(_CONTROL.sub("\N{REPLACEMENT CHARACTER}", line) for line in lines) + "\n"


def _entries(found: tuple[Told, ...]) -> Iterator[str]:
    said: set[str] = set()
    for entry in found:
        place = f"{entry.places[0]}: " if entry.places else ""
        yield f"  {place}{entry.says}"
        if entry.code not in said:  # why it matters is said once for each sort of change
            yield f"      {entry.why}"
            said.add(entry.code)
        for language, old, new in entry.words:
            label = f"{language} " if language and len(entry.words) > 1 else ""
            if old:
                yield f"      {label}was: {_on_one_line(old)}"
            if new:
                yield f"      {label}now: {_on_one_line(new)}"


def _offers(comparison: Comparison) -> Iterator[str]:
    if comparison.offers:
        yield "Likely renames. If they are, paste the lines into a rename map (first line: old,new):"
        yield ""
        yield from (f"  {old},{new}" for old, new in comparison.offers)
        yield ""


def _on_one_line(text: str) -> str:
    return " / ".join(part.strip() for part in text.split("\n") if part.strip())
