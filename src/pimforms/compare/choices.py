"""What changed at choices. A list that several questions share is compared once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from pimforms.compare.changes import Change
from pimforms.compare.matching import Matched
from pimforms.compare.questions import differences, leading, plain_words
from pimforms.compare.snapshot import Option, Snapshot
from pimforms.standards.data import table

_REFUSAL = "_pnta"
"""Ends the name of a copy of a list that gained "prefer not to say"."""


def choice_changes(sides: Matched) -> Iterator[Change]:
    """All that changed at the lists of the questions that are in both forms."""
    asked: dict[tuple[str, str], list[str]] = {}
    for old, new in sides.pairs:
        if old.choices and new.choices:
            asked.setdefault((old.choices, new.choices), []).append(new.name)
    for (was, now), questions in asked.items():
        yield from _list_name(was, now, questions, sides)
        before, after = sides.old.lists.get(was, ()), sides.new.lists.get(now, ())
        if before != after or was in sides.codes:
            yield from _List(sides, was, before, after, questions).changes()


def _list_name(was: str, now: str, questions: Sequence[str], sides: Matched) -> Iterator[Change]:
    first, second = _plain(was), _plain(now)
    own = sides.names.get(first, first) in questions and second in questions  # bullets: named after their question
    if not own and first != second:
        place = sides.new.entries[questions[0]].place if questions[0] in sides.new.entries else ""
        yield Change("list-changed", questions[0], was, now, place=place)


def _plain(name: str) -> str:
    """The name of a list without what says that a choice was added to it."""
    return name.removesuffix(" or_other").split(_REFUSAL, maxsplit=1)[0]


class _List:
    """One list in both forms."""

    def __init__(
        self, sides: Matched, name: str, before: Sequence[Option], after: Sequence[Option], questions: Sequence[str]
    ) -> None:
        self.sides = sides
        self.questions = questions
        twice = _twice(before) | _twice(after)
        self.before = {_key(option, twice): option for option in before}
        self.after = {_key(option, twice): option for option in after}
        self.codes = dict(sides.codes.get(name, {}))
        others = [f"`{question}`" for question in questions[1:]]
        more = f" and {len(others) - 3} more" if len(others) > 3 else ""
        self.also = f" (also of {', '.join(others[:3])}{more})" if others else ""

    def changes(self) -> Iterator[Change]:
        yield from self._renamed()
        for key, option in self.before.items():
            if key not in self.after and option.code not in self.codes:
                old = leading(option.texts.get("label", {}), self.sides.old.languages)
                yield Change(
                    "choice-removed",
                    self._named(option.code),
                    old=old,
                    what=self.also,
                    place=option.place or self._asked_at(self.sides.old),
                )
        taken = set(self.codes.values())
        for key, option in self.after.items():
            if key not in self.before and option.code not in taken:
                new = leading(option.texts.get("label", {}), self.sides.new.languages)
                yield Change(
                    "choice-added",
                    self._named(option.code),
                    new=new,
                    what=self.also,
                    place=option.place or self._asked_at(self.sides.new),
                )
        merged = self._merged()
        for key, option in self.before.items():
            now = self.after.get(self.codes.get(key, key))
            if now is not None and now.code not in merged and option != now:
                yield from self._one(option, now)
        yield from self._order()

    def _asked_at(self, side: Snapshot) -> str:
        """Where a question with this list stands: for choices that stand in no file, like "prefer not to say"."""
        names = {new.name: old.name for old, new in self.sides.pairs} if side is self.sides.old else {}
        entry = side.entries.get(names.get(self.questions[0], self.questions[0]))
        return entry.place if entry is not None else ""

    def _named(self, code: str) -> str:
        return f"{self.questions[0]}/{code}"

    def _merged(self) -> set[str]:
        """The codes that several old ones became."""
        became = Counter(self.codes.get(option.code, option.code) for option in self.before.values())
        return {code for code in self.codes.values() if became[code] > 1}

    def _renamed(self) -> Iterator[Change]:
        merged = self._merged()
        for code in sorted(merged):
            olds = [option.code for option in self.before.values() if self.codes.get(option.code, option.code) == code]
            said = " and ".join(f"`{self._named(old)}`" for old in olds)
            yield Change(
                "choices-merged", self._named(code), said, self._named(code), what=self.also, place=self._place(code)
            )
        for old, code in self.codes.items():
            if code not in merged:
                yield Change(
                    "choice-renamed", self._named(code), self._named(old), code, what=self.also, place=self._place(code)
                )

    def _place(self, code: str) -> str:
        return next((option.place for option in self.after.values() if option.code == code), "")

    def _one(self, old: Option, new: Option) -> Iterator[Change]:
        name = self._named(new.code)
        rules = table("changes")["choice"]
        for cell in dict.fromkeys((*old.cells, *new.cells)):
            was, now = self.sides.text(old.cells.get(cell, "")), new.cells.get(cell, "")
            if was != now:
                what = rules.get(cell, f"column `{cell}`")
                yield Change("choice-rule-changed", name, was, now, what=what, place=new.place)
        known = table("changes")["text"]
        for column in dict.fromkeys((*old.texts, *new.texts)):
            for language, was, now in differences(old.texts.get(column, {}), new.texts.get(column, {}), self.sides):
                if column != "label":
                    row = known.get(column, {"change": "column-changed", "what": column})
                    yield Change(row["change"], name, was, now, language, row["what"], new.place)
                elif plain_words(was) == plain_words(now):
                    yield Change("formatting-changed", name, was, now, language, "label", new.place)
                else:
                    yield Change("choice-wording-changed", name, was, now, language, self.also, new.place)

    def _order(self) -> Iterator[Change]:
        was = [self.codes.get(key, key) for key in self.before if self.codes.get(key, key) in self.after]
        now = [key for key in self.after if key in set(was)]
        was = list(dict.fromkeys(was))
        if was != now:
            place = next(iter(self.after.values())).place
            yield Change("choice-order-changed", self.questions[0], _codes(was), _codes(now), place=place)


def _codes(keys: Iterable[str]) -> str:
    found = list(keys)
    return ", ".join(found[:12]) + (" …" if len(found) > 12 else "")


def _twice(options: Iterable[Option]) -> set[str]:
    """Codes that stand more than once: in a cascade, one under each answer above it."""
    return {code for code, times in Counter(option.code for option in options).items() if times > 1}


def _key(option: Option, twice: set[str]) -> str:
    return " ".join((option.code, *option.cells.values())) if option.code in twice else option.code
