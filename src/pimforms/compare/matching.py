"""Which entry of the old form is which of the new one, by name and by the rename map, and which language is which."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pimforms.compare.renames import Renames
from pimforms.compare.snapshot import Entry, Snapshot
from pimforms.compare.terms import with_codes, with_names


@dataclass(frozen=True)
class Matched:
    """Two snapshots side by side. `pairs` are the entries that are in both, in the order of the new form.

    `names` are the renamed questions, old to new; `codes` the renamed codes by the old list, old to new; `languages` the
    languages that are in both, old to new.
    """

    old: Snapshot
    new: Snapshot
    pairs: tuple[tuple[Entry, Entry], ...]
    names: Mapping[str, str]
    codes: Mapping[str, Mapping[str, str]]
    languages: Mapping[str, str]

    @property
    def removed(self) -> tuple[Entry, ...]:
        taken = {id(entry) for entry, _ in self.pairs}
        return tuple(entry for entry in self.old.entries.values() if id(entry) not in taken)

    @property
    def added(self) -> tuple[Entry, ...]:
        taken = {id(entry) for _, entry in self.pairs}
        return tuple(entry for entry in self.new.entries.values() if id(entry) not in taken)

    @property
    def all_codes(self) -> dict[str, str]:
        """Renamed codes of any list, for conditions, which do not say the list."""
        return {code: now for codes in self.codes.values() for code, now in codes.items()}

    def text(self, written: str) -> str:
        """A text or a condition of the old form, with the names and codes of the new one."""
        return with_codes(with_names(written, self.names), self.all_codes) if self.names or self.codes else written


def match(old: Snapshot, new: Snapshot, renames: Renames) -> Matched:
    """The sides with what belongs together. `renames` must hold."""
    names = {old_name: new_name for old_name, new_name in renames.questions if old_name in old.entries}
    back = {new_name: old_name for old_name, new_name in names.items()}
    pairs = []
    for key, entry in new.entries.items():
        before = old.entries.get(back.get(key, key))
        if before is not None and (key in back or key not in names):
            pairs.append((before, entry))
    codes: dict[str, dict[str, str]] = {}
    for question, code, now in renames.choices:
        asked = old.entries.get(question)
        if asked is not None and any(option.code == code for option in old.lists.get(asked.choices, ())):
            codes.setdefault(asked.choices, {})[code] = now
    return Matched(old, new, tuple(pairs), names, codes, _languages(old, new))


def _languages(old: Snapshot, new: Snapshot) -> dict[str, str]:
    """The languages that are in both. A text in a column without a language is in the leading language of the form."""
    both = {language: language for language in old.languages if language in new.languages}
    if "" in old.languages and "" not in new.languages and new.languages:
        both[""] = _leading(new, both)
    elif "" in new.languages and "" not in old.languages and old.languages:
        both[_leading(old, both)] = ""
    return both


def _leading(side: Snapshot, taken: Mapping[str, str]) -> str:
    said = side.settings.get("default_language", "")
    free = [language for language in side.languages if language not in taken]
    return said if said in free else (free or list(side.languages))[0]
