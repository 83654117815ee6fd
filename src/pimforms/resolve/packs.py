"""Country packs: what a country office decides once for every form of every partner."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from pimforms.model.facts import Facts, File, Pack
from pimforms.model.level import LEVELS, Level
from pimforms.resolve import messages
from pimforms.resolve.facts import FactReader
from pimforms.source import UnreadableSource, read_source
from pimforms.standards.data import table
from pimforms.syntax.nodes import Amount, AtMost, Line, Pinned, Quoted, Spoken, Statement, Word
from pimforms.syntax.parse import parse


def read_packs(reader: FactReader, form: Statement, folder: Path) -> tuple[Pack, ...]:
    """The packs that a form follows, in order. A pack that cannot be read gets a message at its `follows` line."""
    packs = []
    for line in form.properties:
        quoted = line.first(Quoted) if line.word == "follows" else None
        if quoted is not None:
            pack = _read_pack(reader, File(quoted.value, quoted.place), folder)
            if pack is not None:
                packs.append(pack)
    return tuple(packs)


def _read_pack(reader: FactReader, file: File, folder: Path) -> Pack | None:
    try:
        tree, found = parse(read_source(folder / file.name, shown_as=file.name))
    except UnreadableSource as problem:
        message = f"the country pack `{file.name}` cannot be read: {problem.message}"
        reader.diagnostics.append(messages.file_does_not_fit(file.place, message, "The form follows it.", problem.fix))
        return None
    reader.diagnostics.extend(found)
    statement = next((each for each in tree.statements if each.word == "pack" and each.name), None)
    if statement is None or statement.name is None:
        if not found:
            fix = 'begin it with: pack NAME "Title" version 1'
            message = f"`{file.name}` is no country pack"
            reader.diagnostics.append(messages.file_does_not_fit(file.place, message, "It holds no `pack`.", fix))
        return None
    return _pack(reader, statement, file)


def _pack(reader: FactReader, statement: Statement, file: File) -> Pack:
    name, title, version = statement.name, statement.line.first(Spoken), statement.line.first(Pinned)
    assert name is not None
    pack = Pack(name.text, title.value if title else "", version.version if version else "1", file.place)
    for line in statement.properties:
        if line.word == "context":
            pack = replace(pack, context=reader.terms(line, "context", table("facts")["contexts"]))
        elif line.word == "do not ask":
            pack = replace(pack, forbidden=(*pack.forbidden, *reader.forbidden(line, name.text)))
        elif line.word == "level":
            pack = replace(pack, levels=(*pack.levels, *_level(reader, line)))
        elif line.word == "recipient":
            pack = replace(pack, recipients=(*pack.recipients, *_recipient(reader, line)))
        elif line.word == "minutes":
            amount = line.first(Amount)
            pack = replace(pack, minutes=int(float(amount.text)) if amount else None)
    return pack


def _level(reader: FactReader, line: Line) -> list[tuple[str, Level, str | None]]:
    """`level TOPIC high because "…"`. A level below the usual one needs its reason."""
    words, reason = line.all(Word), line.first(Quoted)
    topic = reader.term(words[0], "topic", table("topics"))
    level = reader.level(words[1])
    if topic is None or level is None:
        return []
    if level < LEVELS[table("topics")[topic]["level"]] and reason is None:
        message = f"the country pack makes `{topic}` {level.name} and does not say why"
        why = "A level is lowered for every form at once, so somebody must answer for it."
        reader.diagnostics.append(messages.file_does_not_fit(line.place, message, why, 'add: because "…"'))
    return [(topic, level, reason.value if reason else None)]


def _recipient(reader: FactReader, line: Line) -> list[tuple[str, Level]]:
    name, most = line.first(Quoted), line.first(AtMost)
    level = reader.level(most.level) if most else None
    return [(name.value, level)] if name is not None and level is not None else []


def with_packs(facts: Facts, packs: Iterable[Pack]) -> Facts:
    """The facts with what the packs add. The form's own `minutes` stands; a pack never takes anything away."""
    for pack in packs:
        context = tuple(dict.fromkeys((*facts.context, *pack.context)))
        minutes = pack.minutes if facts.minutes is None else facts.minutes
        facts = replace(facts, context=context, forbidden=(*facts.forbidden, *pack.forbidden), minutes=minutes)
    return facts
