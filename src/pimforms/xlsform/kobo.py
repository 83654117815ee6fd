"""The same rows as KoboToolbox needs them: names of rows that stay, and locks on the rows of the consent.

KoboToolbox gives each row a random `$kuid` unless the workbook has one, and so makes a new version of an unchanged form.
pyxform writes a `$` column of the choices into the XForm, which is then broken: only what is uploaded to KoboToolbox, which
takes them out again, may have them.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from pimforms.standards.data import table
from pimforms.xlsform.rows import Extra, Row, Sheets

KUID = "$kuid"
PROFILE = "kobo--locking-profile"
PROFILES = "kobo--locking-profiles"
LOCKED = "locked"
_DIGITS = 9
_REFERENCE = re.compile(r"\$\{\s*([^}\s]+)\s*\}")


class SameKuid(Exception):
    """Two rows would have the same `$kuid`. `message` names both, `fix` says what to do."""

    def __init__(self, kuid: str, first: str, second: str) -> None:
        said = f"two rows are called {first}" if first == second else f"{first} and {second} have the same key {kuid}"
        super().__init__(said)
        self.message = f"{said}; KoboToolbox could not tell them apart"
        self.fix = f"rename one of them, for example `{second.partition('/')[2].partition('/')[0] or second}_2`"


def for_kobo(sheets: Sheets) -> Sheets:
    """The sheets with a `$kuid` in each row, and with locks if there are rows to lock. Raises SameKuid."""
    keys = _keys(sheets)
    kuids = _distinct(keys)
    survey, choices = kuids[: len(sheets.survey)], kuids[len(sheets.survey) :]
    profiles = _profiles(sheets.survey)
    columns: tuple[str, ...] = (KUID, PROFILE) if any(profiles) else (KUID,)
    return replace(
        sheets,
        survey_columns=(*sheets.survey_columns, *columns),
        survey=tuple(
            _with(row, {KUID: kuid, PROFILE: profile})
            for row, kuid, profile in zip(sheets.survey, survey, profiles, strict=True)
        ),
        choices_columns=(*sheets.choices_columns, KUID) if sheets.choices else sheets.choices_columns,
        choices=tuple(_with(row, {KUID: kuid}) for row, kuid in zip(sheets.choices, choices, strict=True)),
        extra=(*sheets.extra, _locks(profiles)) if any(profiles) else sheets.extra,
    )


def kuid(key: str) -> str:
    """Nine hex digits of SHA-256: the same for the same key, wherever its row stands."""
    return hashlib.sha256(key.encode()).hexdigest()[:_DIGITS]


def _keys(sheets: Sheets) -> list[str]:
    """`survey/NAME`, `NAME/end` and `choices/LIST/CODE`. A code that a list has twice is counted: the list may allow it."""
    keys: list[str] = []
    open_groups: list[str] = []
    for row in sheets.survey:
        kind, name = row.cells.get("type", ""), row.cells.get("name", "")
        if kind.startswith("end_") and open_groups:
            keys.append(f"{open_groups.pop()}/end")
            continue
        if kind.startswith("begin_"):
            open_groups.append(name)
        keys.append(f"survey/{name}")
    met: dict[str, int] = {}
    for row in sheets.choices:
        key = f"choices/{row.cells.get('list_name', '')}/{row.cells.get('name', '')}"
        met[key] = met.get(key, 0) + 1
        keys.append(key if met[key] == 1 else f"{key}/{met[key]}")
    return keys


def _distinct(keys: Iterable[str]) -> list[str]:
    taken: dict[str, str] = {}
    made = []
    for key in keys:
        found = kuid(key)
        if found in taken:
            raise SameKuid(found, taken[found], key)
        taken[found] = key
        made.append(found)
    return made


def _profiles(rows: tuple[Row, ...]) -> list[str]:
    """The profile of each row: `consent` for what the protections added, `gated` for what stands behind them."""
    rules = frozenset(table("kobo_locks")["consent"]["rules"])
    guards = {row.cells["name"] for row in rows if row.rule in rules and "name" in row.cells}
    found = []
    for row in rows:
        if "name" not in row.cells:
            found.append("")
        elif row.rule in rules:
            found.append("consent")
        else:
            found.append("gated" if guards & set(_REFERENCE.findall(row.cells.get("relevant", ""))) else "")
    return found


def _locks(used: Iterable[str]) -> Extra:
    """One line a restriction, one column a profile that is used."""
    locks = {name: frozenset(table("kobo_locks")[name]["restrictions"]) for name in sorted(set(used) - {""})}
    lines = tuple(
        {"restriction": each, **{name: LOCKED for name, held in locks.items() if each in held}}
        for each in sorted(frozenset().union(*locks.values()))
    )
    return Extra(PROFILES, ("restriction", *locks), lines)


def _with(row: Row, cells: Mapping[str, str]) -> Row:
    return replace(row, cells={**row.cells, **{column: text for column, text in cells.items() if text}})
