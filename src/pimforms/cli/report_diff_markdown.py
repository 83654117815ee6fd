"""A comparison to read and to paste into an e-mail: headings and tables, in plain words."""

from __future__ import annotations

from collections.abc import Iterator

from pimforms.compare.changes import KINDS, Comparison
from pimforms.compare.told import HEADINGS, Told, summary, told

MOST = 100
"""Rows of one table unless all are asked for."""


def render(comparison: Comparison, *, show_all: bool = False) -> str:
    """The whole page, with a line end."""
    lines = [f"# What changed from {_cell(comparison.old)} to {_cell(comparison.new)}", ""]
    if not comparison.changes:
        return "\n".join((*lines, "No difference: both forms say the same.", ""))
    lines += [_sentence(summary(comparison.changes)), ""]
    for kind in KINDS:
        found = told(comparison.of_kind(kind))
        if found:
            heading, means = HEADINGS[kind]
            lines += [f"## {heading}", "", _sentence(means), ""]
            lines += _table(found if show_all else found[:MOST])
            if len(found) > MOST and not show_all:
                lines += ["", f"And {len(found) - MOST} more."]
            lines.append("")
    if comparison.offers:
        lines += ["## Likely renames", "", "Somebody who knows the form should say whether these are the same.", ""]
        lines += ["| old | new |", "|---|---|", *(f"| `{old}` | `{new}` |" for old, new in comparison.offers), ""]
    return "\n".join(lines)


def _table(found: tuple[Told, ...]) -> Iterator[str]:
    yield "| what changed | before | now | what it means |"
    yield "|---|---|---|---|"
    for entry in found:
        befores = "<br>".join(_words(language, old, len(entry.words)) for language, old, _ in entry.words)
        nows = "<br>".join(_words(language, new, len(entry.words)) for language, _, new in entry.words)
        yield f"| {_cell(_sentence(entry.says))} | {befores} | {nows} | {_cell(entry.why)} |"


def _words(language: str, text: str, languages: int) -> str:
    shown = _cell(text) or "–"
    return f"{_cell(language)}: {shown}" if language and languages > 1 else shown


def _sentence(text: str) -> str:
    first = text if text.startswith("`") else text[:1].upper() + text[1:]
    return first if first.endswith((".", "?", "!")) else f"{first}."


def _cell(text: str) -> str:
    """A text in a table: no sign that would end the cell or begin markup of its own."""
    for sign, safe in (("|", "\\|"), ("<", "&lt;"), (">", "&gt;"), ("\n", "<br>")):
        text = text.replace(sign, safe)
    return text
