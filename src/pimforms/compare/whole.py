"""What changed of a form as a whole: its settings, languages, level, entities, and the facts of its head."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pimforms.compare.changes import Change
from pimforms.compare.matching import Matched
from pimforms.compare.questions import differences
from pimforms.compare.snapshot import Facts, Member
from pimforms.model.level import LEVELS
from pimforms.standards.data import table

_ELSEWHERE = ""
_KEY = "public_key"


def whole_changes(sides: Matched) -> Iterator[Change]:
    """All that changed of the whole, without what the compiler adds."""
    yield from _settings(sides)
    yield from _languages(sides)
    old, new = sides.old, sides.new
    if old.level and new.level and old.level != new.level:
        code = "form-level-raised" if LEVELS[new.level] > LEVELS[old.level] else "form-level-lowered"
        yield Change(code, old=old.level, new=new.level, place=new.place)
    for name, (rule, place) in old.entities.items():
        if name not in new.entities:
            yield Change("entities-dropped", name, place=place)
        elif new.entities[name][0] != sides.text(rule):
            yield Change("entities-changed", name, rule, new.entities[name][0], place=new.entities[name][1])
    for name, (_, place) in new.entities.items():
        if name not in old.entities:
            yield Change("entities-added", name, place=place)
    if old.facts is not None and new.facts is not None:
        yield from _facts(old.facts, new.facts, sides)


def _settings(sides: Matched) -> Iterator[Change]:
    old, new, place = sides.old.settings, sides.new.settings, sides.new.place
    known = table("changes")["settings"]
    for name in dict.fromkeys((*old, *new)):
        was, now = old.get(name, ""), new.get(name, "")
        code = known.get(name, "setting-changed")
        if was == now or code == _ELSEWHERE:
            continue
        if name in ("form_id", "form_title", "default_language") and not (was and now):
            continue  # a workbook that does not say it leaves it to the server
        if name == "default_language" and sides.languages.get(was) == now:
            continue
        what = f"the setting `{name}`" if code == "fact-changed" else ""
        yield Change(code, name, was, now, what=what, place=place)
    was, now = old.get(_KEY, ""), new.get(_KEY, "")
    if was != now:
        code = "encryption-added" if not was else "encryption-lost" if not now else "encryption-changed"
        yield Change(code, place=place)
    was, now = old.get("version", ""), new.get("version", "")
    if was and now and was != now:
        yield Change("version-changed", "version", was, now, place=place)


def _languages(sides: Matched) -> Iterator[Change]:
    place = sides.new.place
    for language in sides.old.languages:
        if language not in sides.languages:
            yield Change("language-removed", language or "one without a name", place=place)
    for language in sides.new.languages:
        if language not in sides.languages.values():
            yield Change("language-added", language or "one without a name", place=place)


def _facts(old: Facts, new: Facts, sides: Matched) -> Iterator[Change]:
    rows: Mapping[str, Any] = table("changes")["facts"]
    for name, row in rows.items():
        was, now = old.single.get(name, {}), new.single.get(name, {})
        for language, before, after in _differences(was, now, sides):
            code = row.get("change", "fact-changed")
            if not before and not any(was.values()):
                code = row.get("on", code)
            elif not after and not any(now.values()):
                code = row.get("off", code)
            yield Change(code, name, before, after, language, row["what"], new.place)
    for kind in dict.fromkeys((*old.several, *new.several)):
        yield from _several(kind, old, new, sides)


def _several(kind: str, old: Facts, new: Facts, sides: Matched) -> Iterator[Change]:
    known, parts = table("changes")["change"], table("changes")["part"]
    before, after = old.several.get(kind, {}), new.several.get(kind, {})
    for name, member in before.items():
        if name not in after and f"{kind}-removed" in known:
            place = old.places.get(f"{kind} {name}", old.place)
            yield Change(f"{kind}-removed", name, old=_in_short(member, sides), place=place)
    for name, member in after.items():
        place = new.places.get(f"{kind} {name}", new.place)
        if name not in before:
            if f"{kind}-added" in known:
                yield Change(f"{kind}-added", name, new=_in_short(member, sides), place=place)
            continue
        for part in dict.fromkeys((*before[name], *member)):
            for language, was, now in _differences(before[name].get(part, {}), member.get(part, {}), sides):
                yield Change(f"{kind}-changed", name, was, now, language, parts.get(part, f"the {part}"), place)


def _in_short(member: Member, sides: Matched) -> str:
    """The parts of a member on one line, in the leading language."""
    languages = (*sides.new.languages[:1], "")
    parts = ((words.get(languages[0]) or words.get("", "")) for part, words in member.items())
    return "; ".join(dict.fromkeys(part.replace("_", " ") for part in parts if part))


def _differences(old: Mapping[str, str], new: Mapping[str, str], sides: Matched) -> Iterator[tuple[str, str, str]]:
    """As `differences`, and what is no text in any language."""
    was, now = old.get("", ""), new.get("", "")
    if was != now:
        yield "", was, now
    yield from differences(
        {language: text for language, text in old.items() if language},
        {language: text for language, text in new.items() if language},
        sides,
    )
