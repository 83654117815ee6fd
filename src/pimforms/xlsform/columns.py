"""The columns of a workbook: the closed list that pyxform knows, the tags, and their order.

pyxform ignores a column that it does not know without a word, so only names from here are ever made; an author's own
column comes in through `raw` alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from pimforms.model.form import Tags

Cells = dict[str, str]

TRANSLATED = (
    "label", "hint", "guidance_hint", "constraint_message", "required_message", "noAppErrorString",
    "image", "big-image", "audio", "video",
)  # fmt: skip
"""Columns that stand once for each language."""

SURVEY = (
    "type", "name", "label", "hint", "guidance_hint", "required", "required_message", "relevant", "constraint",
    "constraint_message", "calculation", "default", "choice_filter", "appearance", "parameters", "repeat_count",
    "read_only", "trigger", "image", "big-image", "audio", "video", "autoplay", "save_to", "noAppErrorString", "rows",
    "intent",
)  # fmt: skip
TAGS = ("purpose", "sensitivity", "disaggregation", "hxl")
CHOICES = ("list_name", "name", "label", "image", "big-image", "audio", "video")

_ALIASES = {
    **{f"media::{kind}": kind for kind in ("image", "big-image", "audio", "video")},
    "relevance": "relevant",
    "readonly": "read_only",
    "read only": "read_only",
    "calculate": "calculation",
    "count": "repeat_count",
    "bind::relevant": "relevant",
    "body::appearance": "appearance",
    "control::appearance": "appearance",
}


def translated(column: str, texts: Iterable[tuple[str, str]]) -> Cells:
    """One cell a language: `texts` are pairs of a language's name and the text in it."""
    return {f"{column}::{language}": text for language, text in texts if text}


def raw_cells(raw: Iterable[tuple[str, str]], languages: Sequence[str]) -> Cells:
    """Columns written as they are. One that is translated and names no language is written for each."""
    cells: Cells = {}
    for written, value in raw:
        column, text = _ALIASES.get(written, written), legal(value)
        if column in TRANSLATED:
            cells.update(translated(column, ((language, text) for language in languages)))
        elif text:
            cells[column] = text
    return cells


def tag_cells(tags: Tags, *, level: bool) -> Cells:
    """The tags as words separated by spaces; `level` for rows that hold an answer."""
    cells = {
        "purpose": " ".join(tags.purposes),
        "disaggregation": " ".join(tags.by),
        "hxl": " ".join((tags.hxl or "").split()),
    }
    if level:
        cells["sensitivity"] = tags.level.word
    return {column: text for column, text in cells.items() if text}


def in_order(rows: Iterable[Mapping[str, str]], known: Sequence[str], languages: Sequence[str]) -> tuple[str, ...]:
    """The columns that hold something: known ones in their order, then the author's by name, then the tags.

    A translated column stands in every language as soon as it stands in one.
    """
    used: set[str] = set()
    for cells in rows:
        used.update(cells)
    ordered: list[str] = []
    for column in known:
        variants = [f"{column}::{language}" for language in languages] if column in TRANSLATED else []
        if any(variant in used for variant in variants):
            ordered += variants
        if column in used:
            ordered.append(column)
    tags = [column for column in TAGS if column in used]
    rest = sorted(used - set(ordered) - set(tags))
    return (*ordered, *rest, *tags)


_ILLEGAL = dict.fromkeys([*(n for n in range(32) if n not in (9, 10)), 127, 0xFFFE, 0xFFFF])


def legal(text: str) -> str:
    """The text without the control characters that XML cannot hold."""
    return text if text.isprintable() else text.translate(_ILLEGAL)
