"""Text to tree."""

from __future__ import annotations

import gc

from pimforms.diagnostics import Diagnostic
from pimforms.source import Source
from pimforms.syntax import messages
from pimforms.syntax.nest import Nesting
from pimforms.syntax.nodes import Amount, Junk, Line, Tree
from pimforms.syntax.recover import Recovery
from pimforms.syntax.tables import keywords, parser

LANGUAGE_VERSION = "1"


def parse(source: Source) -> tuple[Tree, list[Diagnostic]]:
    """The tree of a source and what is wrong with its text. Never raises for bad text: broken lines become Junk."""
    lark, builder = parser()
    builder.source = source
    recovery = Recovery(source, keywords())
    collecting = gc.isenabled()
    gc.disable()  # a tree has no cycles, and collecting while it grows costs a third of the time
    try:
        lines: list[Line] = lark.parse(source.text, on_error=recovery)  # type: ignore[assignment]
        junk = recovery.junk
        nesting = Nesting(keywords(), recovery.damaged)
        mixed: list[Line | Junk] = sorted([*lines, *junk], key=lambda node: node.place.start) if junk else list(lines)
        statements = nesting.nest(mixed)
    finally:
        if collecting:
            gc.enable()
    diagnostics = [*recovery.diagnostics, *nesting.diagnostics]
    for statement in statements:
        written = statement.line.first(Amount) if statement.word == "pimforms" else None
        if written is not None and written.text != LANGUAGE_VERSION:
            diagnostics.append(messages.newer_language(statement.place, written.text, LANGUAGE_VERSION))
    return Tree(source, statements, tuple(junk)), diagnostics
