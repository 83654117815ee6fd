"""Diagnostics for people: the line with the place underlined, why it matters, and a fix to paste."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pimforms.cli.console import paint
from pimforms.diagnostics import Diagnostic
from pimforms.syntax.width import width

LONGEST = 160
"""Columns of a source line that are shown; of a longer one, the part around the place."""

_BEFORE = 60
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def render(diagnostics: Sequence[Diagnostic], *, color: bool = False) -> str:
    """All messages, with a blank line after each."""
    return "".join(f"{one(diagnostic, color=color)}\n\n" for diagnostic in diagnostics)


def one(diagnostic: Diagnostic, *, color: bool = False) -> str:
    """One message, as in docs: head, place, line, underline, why, fix."""
    place, level = diagnostic.place, diagnostic.level.value
    tint = "red" if diagnostic.is_error else "yellow"
    line, column = place.source.line_column(place.start)
    number = str(line)
    margin = " " * len(number)
    bar = paint("|", "blue", color)
    shown, start, length = _shown(place.source.line_text(line), column - 1, _length(diagnostic))
    mark = f"{'^' * max(length, 1)} {_safe(diagnostic.underline)}".rstrip()
    rows = [
        f"{paint(f'{level}[{diagnostic.code}]', tint, color)}{paint(f': {_safe(diagnostic.message)}', 'bold', color)}",
        f"{margin}{paint('-->', 'blue', color)} {_safe(str(place))}",
        f"{margin} {bar}",
        f"{paint(number, 'blue', color)} {bar} {shown}".rstrip(),
        f"{margin} {bar} {' ' * start}{paint(mark, tint, color)}",
        f"{margin} {bar}",
        *(f"{margin} = see: {_safe(said)}, {_safe(str(where))}" for said, where in diagnostic.related),
        f"{margin} = {paint('why', 'bold', color)}: {_indented(diagnostic.why, margin)}",
        f"{margin} = {paint('fix', 'bold', color)}: {_indented(diagnostic.fix, margin)}",
    ]
    return "\n".join(rows)


def summary(diagnostics: Sequence[Diagnostic], files: Sequence[str]) -> str:
    """The last line: how many errors and warnings, in how many files."""
    where = f"{len(files)} files" if len(files) != 1 else "standard input" if files[0] == "-" else _safe(files[0])
    errors = sum(diagnostic.is_error for diagnostic in diagnostics)
    warnings = len(diagnostics) - errors
    parts = [
        f"{count} {word}{'s' * (count != 1)}" for count, word in ((errors, "error"), (warnings, "warning")) if count
    ]
    return f"{' and '.join(parts)} in {where}" if parts else f"no errors and no warnings in {where}"


def _length(diagnostic: Diagnostic) -> int:
    """Characters to underline, on the first line of the place."""
    text = diagnostic.place.text
    return len(text.split("\n", 1)[0].rstrip())


def _shown(line: str, at: int, length: int) -> tuple[str, int, int]:
    """The line as it is shown, and the columns where its underline begins and how long it is."""
    before, marked, after = line[:at], line[at : at + length], line[at + length :]
    cut_before, cut_after = "", ""
    if len(line) > LONGEST:
        if len(before) > _BEFORE:
            before, cut_before = before[-_BEFORE:], "…"
        marked = marked[:LONGEST]
        room = max(LONGEST - len(before) - len(marked), 0)
        if len(after) > room:
            after, cut_after = after[:room], "…"
    before, marked, after = (_safe(part) for part in (before, marked, after))
    return f"{cut_before}{before}{marked}{after}{cut_after}", width(cut_before + before), width(marked)


def _safe(text: str) -> str:
    """Tabs as four spaces; a character that would steer the terminal as one that is seen."""
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text.replace("\t", "    ").replace("\n", " "))


def _indented(text: str, margin: str) -> str:
    """A why or a fix of several lines stays under its own first line."""
    first, *more = (_CONTROL.sub("\N{REPLACEMENT CHARACTER}", line) for line in text.split("\n"))
    return "\n".join((first, *(f"{margin}        {line}" for line in more)))
