"""Changes as they are told to people: one entry for what changed in several languages, or at several questions alike."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from pimforms.compare.changes import Change

NAMES = 4
"""So many names are said of a change at many questions; the others are counted."""

HEADINGS = {
    "breaks": ("Breaks data", "answers from before and after no longer fit together"),
    "meaning": ("Changes meaning", "people are asked, told or protected otherwise"),
    "looks": ("Changes looks", "nothing but how it is shown"),
}
"""Each kind of change as a heading, and what it means."""

_DOES = {
    "breaks": ("breaks data", "break data"),
    "meaning": ("changes meaning", "change meaning"),
    "looks": ("changes looks", "change looks"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """`words`: the language ("" for none), how it was and how it is. `places` is where, the first ones."""

    kind: str
    code: str
    says: str
    why: str
    words: tuple[tuple[str, str, str], ...]
    places: tuple[str, ...]


def told(changes: Iterable[Change]) -> tuple[Told, ...]:
    """The changes in their order, put together where they say the same."""
    by_languages: dict[tuple[str, ...], list[Change]] = {}
    for change in changes:
        alone = () if change.shows_words or change.language else (change.old, change.new)
        by_languages.setdefault((change.code, change.name, change.what, change.place, *alone), []).append(change)
    alike: dict[tuple[str, ...], list[list[Change]]] = {}
    for found in by_languages.values():
        said = [part for one in found for part in (one.language, one.old, one.new)]
        alike.setdefault((found[0].code, found[0].what, *said), []).append(found)
    return tuple(map(_told, alike.values()))


def summary(changes: Iterable[Change]) -> str:
    """How many changes of each kind, in one sentence: `1 change that breaks data, 3 that change meaning`."""
    kinds = [change.kind for change in changes]
    counts = [(kinds.count(kind), one, more) for kind, (one, more) in _DOES.items() if kind in kinds]
    parts = [f"{count} that {one if count == 1 else more}" for count, one, more in counts]
    first = counts[0][0] if counts else 0
    return ", ".join(parts).replace(" that", " change that" if first == 1 else " changes that", 1)


def _told(together: list[list[Change]]) -> Told:
    """What is said of changes that differ in nothing but the name; each is given in all its languages."""
    found = together[0]
    languages = ", ".join(dict.fromkeys(change.language for change in found if change.language))
    names = [changes[0].name for changes in together]
    more = f" and {len(names) - NAMES} more" if len(names) > NAMES else ""
    said = replace(found[0], name="`, `".join(names[:NAMES]) + more, language=languages).says
    said = said.replace(f"{more}`", f"`{more}") if more else said
    words = tuple((change.language, change.old, change.new) for change in found) if found[0].shows_words else ()
    places = tuple(dict.fromkeys(changes[0].place for changes in together if changes[0].place))
    return Told(found[0].kind, found[0].code, said, found[0].why, words, places)
