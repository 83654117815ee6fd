"""What changed of what the compiler adds: the words of the consent, and the protections around the questions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

from pimforms.compare.changes import Change
from pimforms.compare.matching import Matched
from pimforms.compare.questions import differences, leading
from pimforms.compare.snapshot import Added
from pimforms.compare.terms import is_gate, names, terms
from pimforms.standards.data import table

_OURS = "pim_"


def added_changes(sides: Matched) -> Iterator[Change]:
    """All that changed in the rows that the compiler added, where both sides have them."""
    old, new = sides.old.woven, sides.new.woven
    if not sides.new.is_rows:
        yield from _consent_passed(sides)
    if old is None or new is None:
        return
    yield from _consent(old.consent, new.consent, sides)
    if old.fingerprint and new.fingerprint and old.fingerprint != new.fingerprint:
        place = next(iter(new.consent.values())).place if new.consent else sides.new.place
        yield Change("fingerprint-changed", "", old.fingerprint, new.fingerprint, place=place)
    before = {_now_called(name, sides.names): row for name, row in old.protections.items()}
    yield from _protections(before, new.protections, sides)
    if sides.new.is_rows:
        yield from _gates(before, new.protections, sides)


def what_is(name: str) -> str:
    """What a row of the compiler is, in words: `the privacy check`."""
    known = _known()
    return next(
        (words for begins, words in known if name == begins or name.startswith(f"{begins}_")), "a row of its own"
    )


@cache
def _known() -> tuple[tuple[str, str], ...]:
    """The names and their words, the longest first."""
    return tuple(sorted(table("changes")["protection"].items(), key=lambda row: -len(row[0])))


def _consent(old: Mapping[str, Added], new: Mapping[str, Added], sides: Matched) -> Iterator[Change]:
    for name, screen in old.items():
        if name not in new:
            was = leading(screen.words, sides.old.languages)
            yield Change("consent-screen-removed", _screen(name), old=was, place=screen.place)
    for name, screen in new.items():
        if name not in old:
            yield Change(
                "consent-screen-added",
                _screen(name),
                new=leading(screen.words, sides.new.languages),
                place=screen.place,
            )
            continue
        for language, was, now in differences(old[name].words, screen.words, sides):
            yield Change("consent-changed", _screen(name), was, now, language, place=screen.place)


def _screen(name: str) -> str:
    """`pim_say_who` is the screen `who`; `pim_child_say_who` is `child: who`."""
    who, _, screen = name.removeprefix(_OURS).partition("say_")
    return f"{who.strip('_')}: {screen}" if who else screen


def _consent_passed(sides: Matched) -> Iterator[Change]:
    """Questions of a form text that were put before the consent, or behind it."""
    passed = [(old, new) for old, new in sides.pairs if old.gates != new.gates and new.role == "question"]
    for code, found in (
        ("gate-opened", [new for _, new in passed if not new.gates]),
        ("gate-closed", [new for _, new in passed if new.gates]),
    ):
        if found:
            asked = _list([entry.name for entry in found])
            yield Change(code, "pim_agree", new=asked, what=what_is("pim_agree"), place=found[0].place)


def _protections(old: Mapping[str, Added], new: Mapping[str, Added], sides: Matched) -> Iterator[Change]:
    for name, row in old.items():
        if name not in new:
            yield Change("protection-lost", name, what=what_is(name), place=row.place)
    for name, row in new.items():
        if name not in old:
            yield Change("protection-added", name, what=what_is(name), place=row.place)
            continue
        for language, was, now in differences(old[name].words, row.words, sides):
            yield Change("protection-changed", name, was, now, language, what_is(name), row.place)
        before = _in_new_names(old[name].rule, sides)
        if before != row.rule and _ours_in(before) == _ours_in(row.rule):  # else it follows from what is gone or new
            yield Change("protection-changed", name, before, row.rule, "", what_is(name), row.place)


def _gates(old: Mapping[str, Added], new: Mapping[str, Added], sides: Matched) -> Iterator[Change]:
    """Which protections no longer stand before which questions, or do now. Those that are gone or new are said already."""
    opened: dict[str, list[str]] = {}
    closed: dict[str, list[str]] = {}
    other: list[str] = []
    both = old.keys() & new.keys()
    for name, was, now in _gated(old, new, sides):
        before, after = _names_in(was), _names_in(now)
        for gate in sorted((before - after) & both):
            opened.setdefault(gate, []).append(name)
        for gate in sorted((after - before) & both):
            closed.setdefault(gate, []).append(name)
        if before == after and was != now:
            other.append(name)
    for code, found in (("gate-opened", opened), ("gate-closed", closed)):
        for gate, asked in found.items():
            yield Change(code, gate, new=_list(asked), what=what_is(gate), place=new[gate].place)
    if other:
        yield Change(
            "gate-changed",
            new=_list(other),
            what="1 question" if len(other) == 1 else f"{len(other)} questions",
            place=sides.new.place,
        )


def _gated(
    old: Mapping[str, Added], new: Mapping[str, Added], sides: Matched
) -> Iterator[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    """Every row that is in both, with the conditions of the compiler then and now, in the names of now."""
    for before, entry in sides.pairs:
        was = tuple(_in_new_names(gate, sides) for gate in before.gates)
        if was != entry.gates:
            yield entry.name, was, entry.gates
    for name, row in new.items():
        if name in old and old[name].condition != row.condition:
            was = tuple(_in_new_names(gate, sides) for gate in terms(old[name].condition) if is_gate(gate))
            now = tuple(gate for gate in terms(row.condition) if is_gate(gate))
            if was != now:
                yield name, was, now


def _in_new_names(gate: str, sides: Matched) -> str:
    if not sides.names:
        return gate
    ours = {name: _now_called(name, sides.names) for name in names(gate)}
    text = gate
    for was, now in ours.items():
        text = text.replace(f"${{{was}}}", f"${{{now}}}")
    return text


def _names_in(gates: tuple[str, ...]) -> set[str]:
    return {name for gate in gates for name in _ours_in(gate)}


def _ours_in(condition: str) -> set[str]:
    return {name for name in names(condition) if name.startswith(_OURS)}


def _now_called(name: str, renamed: Mapping[str, str]) -> str:
    """Rows of the compiler end with the name of what they stand at."""
    if name in renamed:
        return renamed[name]
    was = next((old for old in renamed if name.startswith(_OURS) and name.endswith(f"_{old}")), None)
    return f"{name[: -len(was)]}{renamed[was]}" if was else name


def _list(asked: list[str]) -> str:
    more = f" and {len(asked) - 5} more" if len(asked) > 5 else ""
    return ", ".join(f"`{name}`" for name in asked[:5]) + more
