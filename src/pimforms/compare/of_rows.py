"""Rows of a workbook to a snapshot, whoever made the workbook.

What a server does to a workbook is no change: KoboToolbox adds columns of its own, moves metadata to the top, puts the
leading language first and keeps the form id under `id_string`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from pimforms.compare.of_facts import facts_of
from pimforms.compare.snapshot import Added, Entry, Option, Snapshot, Words, Woven
from pimforms.compare.terms import flat, is_gate, terms
from pimforms.model.form import Form
from pimforms.model.level import LEVELS
from pimforms.standards.data import table
from pimforms.xlsform.rows import Row, Sheets

OURS = "pim_"
"""Begins the name of every row that the compiler adds."""

_LANGUAGE = re.compile(r"^(?:media::?)?([\w -]+?)\s*::?\s*(.+)$")
_TRUE = frozenset({"yes", "true", "true()", "1"})
_FALSE = frozenset({"no", "false", "false()", "0"})
_BOOLEAN = frozenset({"required", "read_only", "autoplay"})
_OR_OTHER = " or_other"
"""Ends the name of a list that pyxform adds the choice `other` to."""
_RULES = ("calculation", "required", "constraint", "choice_filter")
_BEGINS = {"begin_group": "group", "begin_repeat": "repeat"}


def snapshot_of_sheets(sheets: Sheets, form: Form | None = None, name: str = "") -> Snapshot:
    """The snapshot of rows. `form` is the form they were made from, if it is known; `name` what a report calls the side."""
    rules = _rules()
    settings = _settings(sheets.settings)
    columns = _Columns(sheets.survey_columns, settings.get("default_language", ""))
    lists = _lists(sheets)
    counts: dict[str, str] = {}
    entries: dict[str, Entry] = {}
    consent: dict[str, Added] = {}
    protections: dict[str, Added] = {}
    fingerprint = ""
    around: list[tuple[str, str]] = []
    for row in sheets.survey:
        cells, texts = columns.read(row.cells)
        written = " ".join(cells.pop("type", "").split())
        kind, listed, file = _type(written)
        if kind.startswith("end_"):
            if around:
                around.pop()
            continue
        named = cells.pop("name", "")
        begins = kind.startswith("begin_")
        role = _BEGINS.get(kind, "group") if begins else rules["role"].get(kind, "question")
        if not kind or cells.pop("disabled", "").lower() in _TRUE:
            continue
        place = f"{row.place.path}:{row.place.line}" if row.place.path else ""
        if file:
            cells["file"] = file
        gates, own = _split(cells.pop("relevant", ""))
        if own:
            cells["relevant"] = own
        if named == rules["fingerprint"]:
            fingerprint = cells.get("calculation", "").strip("'\"")
        elif named.startswith(rules["count"]):
            counts[f"${{{named}}}"] = cells.get("calculation", "")
        elif named.startswith(rules["helpers"]):
            pass
        elif named.startswith(rules["title"]):
            entries[named] = Entry(named.removeprefix(rules["title"]), "group", "group", texts=texts, place=place)
        elif named.startswith(OURS):
            rule = "; ".join(filter(None, (written, *(cells.get(cell, "") for cell in _RULES))))
            added = Added(_all_words(texts, lists.get(listed, ())), _joined(gates, own), rule, place)
            if named.startswith(rules["screens"]):
                consent[named] = added
            else:
                protections[named] = added
        elif named:
            path = tuple(group for group, _ in around if not group.startswith(OURS))
            if cells.get("repeat_count") in counts:
                cells["repeat_count"] = counts[cells["repeat_count"]]
            if listed.endswith(_OR_OTHER):
                lists.setdefault(listed, (*lists.get(listed.removesuffix(_OR_OTHER), ()), Option("other", {})))
            repeats = tuple(group for group, what in around if what == "repeat")
            key = named if named not in entries else "/".join((*path, named))
            entries[key] = Entry(named, role, kind, path, repeats, listed, cells, {}, texts, gates, place)
        if begins:
            around.append((named, role))
    languages = tuple(dict.fromkeys((*columns.languages, *_languages_of(lists))))
    return Snapshot(
        name,
        entries,
        lists,
        settings,
        languages,
        _highest(entries.values()),
        _entities(sheets.entities),
        facts_of(form) if form is not None else None,
        Woven(consent, fingerprint, protections),
        place=sheets.survey[0].place.path if sheets.survey else "",
    )


@cache
def _rules() -> dict[str, Any]:
    """What the table says of rows, in the form in which it is asked for."""
    changes = table("changes")
    return {
        "columns": changes["columns"],
        "types": changes["types"],
        "selects": [(re.compile(rf"(?i)(?:{row['pattern']})\s+(\S.*)$"), row["type"]) for row in changes["select"]],
        "role": {kind: role for role, kinds in changes["roles"].items() for kind in kinds},
        "ignored": tuple(changes["ignored"]["prefixes"]),
        "texts": frozenset(changes["text"]),
        "screens": tuple(changes["consent"]["screens"]),
        "fingerprint": changes["consent"]["fingerprint"],
        "helpers": tuple(changes["helpers"]["prefixes"]),
        "title": changes["helpers"]["title"],
        "count": changes["helpers"]["count"],
    }


class _Columns:
    """What each column of a sheet is: a cell or a text in a language, or nothing."""

    def __init__(self, columns: Iterable[str], leading: str) -> None:
        rules = _rules()
        self.meaning: dict[str, tuple[str, str | None]] = {}
        for column in columns:
            if column.startswith(rules["ignored"]):
                continue
            plain = rules["columns"].get(column.strip().lower(), column.strip())
            match = _LANGUAGE.match(plain)
            base = rules["columns"].get(match[1].lower(), match[1].lower()) if match else plain
            if plain.lower() in rules["texts"]:
                self.meaning[column] = plain.lower(), leading
            elif plain.lower().startswith("media::") and plain.lower()[7:] in rules["texts"]:
                self.meaning[column] = plain.lower()[7:], leading
            elif match and base in rules["texts"]:
                self.meaning[column] = base, match[2].strip()
            else:
                self.meaning[column] = plain if "::" in plain else plain.lower(), None
        self.languages = tuple(dict.fromkeys(lang for _, lang in self.meaning.values() if lang is not None))

    def read(self, cells: Mapping[str, str]) -> tuple[dict[str, str], dict[str, Words]]:
        """The cells of a row as they are compared, and its texts by language."""
        plain: dict[str, str] = {}
        texts: dict[str, dict[str, str]] = {}
        for column, value in cells.items():
            meaning = self.meaning.get(column)
            text = value.strip()
            if meaning is None or not text:
                continue
            base, language = meaning
            if language is not None:
                texts.setdefault(base, {})[language] = text.replace("\r\n", "\n")
                continue
            text = flat(text)
            if base in _BOOLEAN:
                text = "yes" if text.lower() in _TRUE else "" if text.lower() in _FALSE else text
            if text:
                plain[base] = text
        return plain, texts  # type: ignore[return-value]


def _type(written: str) -> tuple[str, str, str]:
    """The type of a row, its list, and the file that its choices come from."""
    rules = _rules()
    lowered = written.lower()
    for begin in ("begin", "end"):
        if lowered.startswith(f"{begin} "):
            kind = f"{begin}_{lowered[len(begin) + 1 :].replace(' ', '_')}"
            return rules["types"].get(lowered, kind), "", ""
    for word in ("select_one_from_file", "select_multiple_from_file"):
        if lowered.startswith(word):
            return word.removesuffix("_from_file"), "", written[len(word) :].strip()
    for pattern, kind in rules["selects"]:
        match = pattern.match(written)
        if match:
            listed = re.sub(r"\s+or[ _](?:specify[ _])?other$", _OR_OTHER, match[1].strip())
            return kind, listed, ""
    return rules["types"].get(lowered, lowered), "", ""


def _split(relevant: str) -> tuple[tuple[str, ...], str]:
    """The conditions of the compiler, and what is left: the author's own."""
    if OURS not in relevant:
        return (), relevant
    gates: list[str] = []
    own: list[str] = []
    for term in terms(relevant):
        (gates if is_gate(term) else own).append(term)
    return tuple(gates), own[0] if len(own) == 1 else " and ".join(own)


def _joined(gates: tuple[str, ...], own: str) -> str:
    return " and ".join((*gates, own) if own else gates)


def _all_words(texts: Mapping[str, Words], options: Iterable[Option]) -> dict[str, str]:
    words: dict[str, list[str]] = {}
    ordered = (
        texts[column] for column in sorted(texts, reverse=True)
    )  # label before hint, whatever the columns' order
    for text in (*ordered, *(option.texts.get("label", {}) for option in options)):
        for language, value in text.items():
            words.setdefault(language, []).append(value)
    return {language: " / ".join(values) for language, values in words.items()}


def _lists(sheets: Sheets) -> dict[str, tuple[Option, ...]]:
    columns = _Columns(sheets.choices_columns, _settings(sheets.settings).get("default_language", ""))
    lists: dict[str, list[Option]] = {}
    for row in sheets.choices:
        cells, texts = columns.read(row.cells)
        listed, code = cells.pop("list_name", ""), cells.pop("name", "")
        if listed and code:
            lists.setdefault(listed, []).append(Option(code, texts, cells, f"{row.place.path}:{row.place.line}"))
    return {name: tuple(options) for name, options in lists.items()}


def _languages_of(lists: Mapping[str, tuple[Option, ...]]) -> dict[str, None]:
    found: dict[str, None] = {}
    for options in lists.values():
        for option in options:
            for text in option.texts.values():
                found.update(dict.fromkeys(text))
    return found


def _settings(written: Mapping[str, str]) -> dict[str, str]:
    ignored = _rules()["ignored"]
    found = {column.strip().lower(): flat(text) for column, text in written.items() if text.strip()}
    found = {column: text for column, text in found.items() if not column.startswith(ignored)}
    for other, usual in (("id_string", "form_id"), ("title", "form_title")):
        if other in found:
            found.setdefault(usual, found.pop(other))
            found.pop(other, None)
    return found


def _highest(entries: Iterable[Entry]) -> str:
    words = [entry.cells["sensitivity"] for entry in entries if entry.cells.get("sensitivity") in LEVELS]
    return max(words, key=lambda word: LEVELS[word], default="")


def _entities(rows: Iterable[Row]) -> dict[str, tuple[str, str]]:
    found = {}
    for row in rows:
        cells = {column.strip().lower(): flat(text) for column, text in row.cells.items()}
        name = cells.pop("list_name", "") or cells.pop("dataset", "")
        if name:
            rule = ", ".join(f"{column} {text}" for column, text in sorted(cells.items()))
            found[name] = rule, f"{row.place.path}:{row.place.line}"
    return found
