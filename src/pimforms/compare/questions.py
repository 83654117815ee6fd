"""What changed at the entries of two forms: added, removed, renamed, moved, and cell by cell."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pimforms.compare.changes import Change
from pimforms.compare.keys import renamed
from pimforms.compare.matching import Matched
from pimforms.compare.snapshot import Entry, Snapshot, Words
from pimforms.model.level import LEVELS
from pimforms.standards.data import table

_LEVEL = "sensitivity"
"""Stands at every question of a workbook with our tags."""
_TAGS = ("purpose", "sensitivity", "disaggregation", "hxl")
_CONTAINERS = ("group", "repeat")
_ADDED = {
    "question": "question-added",
    "calculation": "calculation-added",
    "metadata": "metadata-added",
    "note": "note-added",
}
_REMOVED = {
    "question": "question-removed",
    "calculation": "calculation-removed",
    "metadata": "metadata-removed",
    "note": "note-removed",
}
_TAKES = {"select_one": "one choice", "select_multiple": "several choices", "rank": "an order of choices"}
_MARKUP = re.compile(r"<[^<>]*>|[*_#`~]|\\\n")


def question_changes(sides: Matched) -> Iterator[Change]:
    """All that changed at questions, calculations, notes, groups and repeats."""
    for entry in sides.removed:
        code = _REMOVED.get(entry.role, "group-removed")
        yield Change(code, entry.name, old=_label(entry, sides.old) or entry.type, place=entry.place)
    for entry in sides.added:
        code = "required-question-added" if entry.is_answered else _ADDED.get(entry.role, "group-added")
        words = entry.type if entry.role == "metadata" else _label(entry, sides.new)
        yield Change(code, entry.name, new=words, place=entry.place)
    tags = _silent_tags(sides)
    for old, new in sides.pairs:
        yield from _identity(old, new, sides)
        if old != new or sides.names or sides.codes:
            yield from _cells(old, new, sides, tags)
            yield from text_changes(old, new, sides)
    yield from _order(sides)


def _identity(old: Entry, new: Entry, sides: Matched) -> Iterator[Change]:
    if old.name != new.name:
        code = "group-renamed" if new.role in _CONTAINERS else "question-renamed"
        yield Change(code, new.name, old.name, new.name, place=new.place)
    if old.role in _CONTAINERS and new.role in _CONTAINERS:
        if old.role != new.role:
            yield Change("group-to-repeat" if new.role == "repeat" else "repeat-to-group", new.name, place=new.place)
        return
    if old.type != new.type:
        if old.type in _TAKES and new.type in _TAKES:
            yield Change("one-many-changed", new.name, _TAKES[old.type], _TAKES[new.type], place=new.place)
        else:
            yield Change("type-changed", new.name, f"`{old.type}`", f"`{new.type}`", place=new.place)
    if new.role == "note":
        return
    path = tuple(sides.names.get(name, name) for name in old.path)
    if path != new.path:
        repeats = tuple(sides.names.get(name, name) for name in old.repeats)
        code = "question-moved" if repeats == new.repeats else "repeat-crossed"
        yield Change(code, new.name, _spot(old.path), _spot(new.path), place=new.place)


def _cells(old: Entry, new: Entry, sides: Matched, silent: frozenset[str]) -> Iterator[Change]:
    for cell in dict.fromkeys((*old.cells, *new.cells)):
        before, after = old.cells.get(cell, ""), new.cells.get(cell, "")
        if cell in silent or _same(cell, old, new, sides):
            continue
        row = _row_of(cell)
        code = row["change"]
        if cell == "sensitivity":
            lower = LEVELS.get(after, 0) < LEVELS.get(before, 0)
            code = row["down"] if lower else code
        elif not before:
            code = row.get("on", code)
        elif not after:
            code = row.get("off", code)
        if row.get("list"):
            before, after = ", ".join(before.split()), ", ".join(after.split())
        if before == after:
            after += " (what it reads changed)"
        yield Change(code, new.name, before, after, what=row.get("what", cell), place=new.place)


def _same(cell: str, old: Entry, new: Entry, sides: Matched) -> bool:
    if cell in old.keys and cell in new.keys:
        key = renamed(old.keys[cell], sides.names, sides.all_codes) if sides.names or sides.codes else old.keys[cell]
        return key == new.keys[cell]
    return sides.text(old.cells.get(cell, "")) == new.cells.get(cell, "")


def _row_of(cell: str) -> Mapping[str, Any]:
    """What the table says of a cell; of a column that nobody knows, that it is one."""
    changes = table("changes")
    row: Mapping[str, Any] | None = changes["cell"].get(cell)
    if row is not None:
        return row
    prefix = next((code for begins, code in changes["cell_prefix"].items() if cell.startswith(begins)), None)
    return {"change": prefix or "column-changed", "what": f"`{cell}`" if prefix else cell}


def text_changes(old: Entry, new: Entry, sides: Matched) -> Iterator[Change]:
    """The texts of one entry, each in every language that both forms have."""
    known = table("changes")["text"]
    for column in dict.fromkeys((*old.texts, *new.texts)):
        row = known.get(column.split(" ")[0], {"change": "column-changed", "what": column})
        code = "group-label-changed" if new.role in _CONTAINERS and column == "label" else row["change"]
        before, after = old.texts.get(column, {}), new.texts.get(column, {})
        for language, was, now in differences(before, after, sides):
            if plain_words(was) == plain_words(now):
                found = "formatting-changed"
            elif was and not now and any(after.values()):
                found = "translation-missing"
            elif now and not was and any(before.values()):
                found = "translation-added"
            else:
                found = code
            yield Change(found, new.name, was, now, language, row["what"], new.place)


def differences(old: Words, new: Words, sides: Matched) -> Iterator[tuple[str, str, str]]:
    """The language (as the new form names it) and the texts, where they differ, of the languages that are in both."""
    for language, now in sides.languages.items():
        was, is_ = sides.text(old.get(language, "").strip()), new.get(now, "").strip()
        if was != is_:
            yield now, was, is_


def plain_words(text: str) -> str:
    """The text without markup and with single blanks."""
    return " ".join(_MARKUP.sub("", text).split())


def _order(sides: Matched) -> Iterator[Change]:
    """The fewest entries that must have been put elsewhere, among those that stayed in their group."""
    places = {id(entry): number for number, entry in enumerate(sides.old.entries.values())}
    groups: dict[tuple[str, ...], list[tuple[int, Entry]]] = {}
    for old, new in sides.pairs:
        stayed = tuple(sides.names.get(name, name) for name in old.path) == new.path
        if stayed and new.role not in ("metadata", "calculation"):
            groups.setdefault(new.path, []).append((places[id(old)], new))
    for path, found in groups.items():
        kept = set(_longest_rise([number for number, _ in found]))
        for number, entry in found:
            if number not in kept:
                yield Change("order-changed", entry.name, new=_spot(path), place=entry.place)


def _longest_rise(numbers: list[int]) -> list[int]:
    """The longest part of the numbers that rises, in order (patience sorting)."""
    tails: list[int] = []
    last: list[int] = []
    before: dict[int, int] = {}
    for number in numbers:
        at = bisect_left(tails, number)
        before[number] = last[at - 1] if at else -1
        if at == len(tails):
            tails.append(number)
            last.append(number)
        else:
            tails[at] = last[at] = number
    found = []
    number = last[-1] if last else -1
    while number >= 0:
        found.append(number)
        number = before[number]
    return found


def _silent_tags(sides: Matched) -> frozenset[str]:
    """The tags of which one of two workbooks says nothing: it has none of ours, and this one nowhere."""
    return frozenset(tag for tag in _TAGS if not _carries(sides.old, tag) or not _carries(sides.new, tag))


def _carries(side: Snapshot, tag: str) -> bool:
    return not side.is_rows or any(tag in entry.cells or _LEVEL in entry.cells for entry in side.entries.values())


def _label(entry: Entry, side: Snapshot) -> str:
    return leading(entry.texts.get("label", {}), side.languages)


def leading(words: Words, languages: Iterable[str]) -> str:
    """A text in the first language that has it."""
    return next((words[language] for language in (*languages, *words) if words.get(language)), "")


def _spot(path: tuple[str, ...]) -> str:
    return " / ".join(f"`{name}`" for name in path) if path else "the top of the form"
