"""Renames that are likely: something is gone, and something like it is new. They are offered, never assumed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

from pimforms.compare.matching import Matched
from pimforms.compare.questions import plain_words
from pimforms.compare.snapshot import Entry, Words

NEAR = 0.85
"""How alike two labels are, from 0 to 1, that are offered as one. A default that nobody measured."""
MOST = 200
"""Pairs beyond so many are not compared letter by letter: a form that was rewritten has no renames."""

_T = TypeVar("_T")


def likely_renames(sides: Matched) -> tuple[tuple[str, str], ...]:
    """Lines for a rename map, in the order of the old form; each old and each new name once."""
    return (*_questions(sides), *_choices(sides))


def _questions(sides: Matched) -> Iterator[tuple[str, str]]:
    free = list(sides.added)
    for old in sides.removed:
        alike = [new for new in free if (new.role, new.type) == (old.role, old.type) and new.role != "note"]
        words = ((new, new.texts.get("label", {})) for new in alike)
        found = _best(old.texts.get("label", {}), words, len(sides.removed) * len(free), sides) or _by_inside(
            old, alike, sides
        )
        if found is not None:
            free.remove(found)
            yield old.name, found.name


def _by_inside(old: Entry, alike: Iterable[Entry], sides: Matched) -> Entry | None:
    """Of groups and repeats, the one that holds the same questions; of calculations, the one with the same formula."""
    if old.role == "calculation":
        formula = old.keys.get("calculation") or old.cells.get("calculation")
        same = (new for new in alike if (new.keys.get("calculation") or new.cells.get("calculation")) == formula)
        return next(same, None)
    if old.role not in ("group", "repeat"):
        return None
    moved = [new.path for before, new in sides.pairs if old.name in before.path]
    return next((new for new in alike if sum(new.name in path for path in moved) * 2 > len(moved)), None)


def _choices(sides: Matched) -> Iterator[tuple[str, str]]:
    seen: set[tuple[str, str]] = set()
    for before, after in sides.pairs:
        pair = before.choices, after.choices
        if not all(pair) or pair in seen:
            continue
        seen.add(pair)
        olds, news = (sides.old.lists.get(pair[0], ()), sides.new.lists.get(pair[1], ()))
        if olds == news:
            continue
        renamed = sides.codes.get(pair[0], {})
        gone = [option for option in olds if option.code not in {o.code for o in news} and option.code not in renamed]
        free = [
            option
            for option in news
            if option.code not in {o.code for o in olds} and option.code not in renamed.values()
        ]
        for old in gone:
            words = ((new, new.texts.get("label", {})) for new in free)
            found = _best(old.texts.get("label", {}), words, len(gone) * len(free), sides)
            if found is not None:
                free.remove(found)
                yield f"{before.name}/{old.code}", f"{after.name}/{found.code}"


def _best(old: Words, news: Iterable[tuple[_T, Words]], pairs: int, sides: Matched) -> _T | None:
    """The one with the same words in any language, or with the nearest ones if those are near."""
    nearest: tuple[float, _T | None] = (NEAR, None)
    for new, words in news:
        for was, now in sides.languages.items():
            first, second = plain_words(old.get(was, "")).casefold(), plain_words(words.get(now, "")).casefold()
            if not first or not second:
                continue
            if first == second:
                return new
            if pairs <= MOST:
                near = _alike(first, second)
                if near > nearest[0]:
                    nearest = near, new
    return nearest[1]


def _alike(first: str, second: str) -> float:
    from difflib import SequenceMatcher

    matcher = SequenceMatcher(None, first, second, autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() > NEAR else 0.0
