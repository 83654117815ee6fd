"""Text to tree."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

from pimforms.diagnostics import Diagnostic
from pimforms.record import record
from pimforms.source import Source
from pimforms.syntax import messages
from pimforms.syntax.build import Builder
from pimforms.syntax.machine import Machine, Token
from pimforms.syntax.nest import Nesting
from pimforms.syntax.nodes import Amount, Damage, Junk, Line, Tree
from pimforms.syntax.tables import lexicon, vocabulary

if TYPE_CHECKING:
    from pimforms.syntax.recover import Recovery

LANGUAGE_VERSION = "1"


@record
class Reading:
    """All that reading a text gives. `broken`: where the lines begin that were not wholly understood, and the word
    that each was meant to begin with."""

    tree: Tree
    diagnostics: list[Diagnostic]
    tokens: list[Token]
    broken: dict[int, str]


def parse(source: Source) -> tuple[Tree, list[Diagnostic]]:
    """The tree of a source and what is wrong with its text. Never raises for bad text: broken lines become Junk."""
    reading = read(source)
    return reading.tree, reading.diagnostics


def read(source: Source, *, keep_tokens: bool = False) -> Reading:
    """As `parse`; with `keep_tokens`, also every token in order, for the formatter."""
    tokens: list[Token] = []
    damage = Damage()
    recovery: Recovery | None = None

    def recover(machine: Machine, kind: str, at: int, end: int) -> bool:
        nonlocal recovery
        if recovery is None:
            from pimforms.syntax.recover import Recovery  # most texts never need it

            recovery = Recovery(source, vocabulary(), damage)
        return recovery(machine, kind, at, end)

    machine = Machine(lexicon(), Builder(source), source.text, recover, tokens if keep_tokens else None)
    collecting = gc.isenabled()
    gc.disable()  # a tree has no cycles, and collecting while it grows costs a third of the time
    try:
        lines: list[Line] = machine.run() or []
        junk = damage.junk
        nesting = Nesting(source, vocabulary(), damage.lines, junk)
        mixed: list[Line | Junk] = sorted([*lines, *junk], key=lambda node: node.place.start) if junk else list(lines)
        statements = nesting.nest(mixed)
    finally:
        if collecting:
            gc.enable()
    diagnostics = [*damage.diagnostics, *nesting.diagnostics]
    for statement in statements:
        written = statement.line.first(Amount) if statement.word == "pimforms" else None
        if written is not None and written.text != LANGUAGE_VERSION:
            diagnostics.append(messages.newer_language(statement.place, written.text, LANGUAGE_VERSION))
    return Reading(Tree(source, statements, tuple(junk)), diagnostics, tokens, damage.broken)
