"""The tables, read: forms, interviews, and what is expected of every expression."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from conformance.sitting import NOT_SHOWN, Sitting, neutral
from pimforms.standards.data import read_toml

TABLES = Path(__file__).with_name("tables")
CLASSES = ("blank", "normal", "extreme")
OF_NO_FORM = ("same", "exceptions")
"""Tables that hold no interviews."""


@dataclass(frozen=True)
class Case:
    """An expression with its one result. `of` are the operators and functions it is about, `place` the member it stands in."""

    of: tuple[str, ...]
    kind: str
    expression: str
    expected: str
    place: str = ""


@dataclass(frozen=True)
class MustCase:
    """What a `must` under a question of type `asked` lets pass and what not."""

    of: tuple[str, ...]
    kind: str
    asked: str
    must: str
    passes: tuple[str, ...]
    refused: tuple[str, ...]


@dataclass(frozen=True)
class Step:
    """`action` is "answer", "add" or "remove"."""

    action: str
    path: str
    value: str = ""


@dataclass(frozen=True)
class Story:
    """What is answered, in order, and what must come of it. `saved` is what the record saved before was answered."""

    name: str
    steps: tuple[Step, ...]
    saved: tuple[Step, ...]
    cases: tuple[Case, ...]
    musts: tuple[MustCase, ...]
    shown: tuple[str, ...]
    hidden: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """One form and the interviews held with it."""

    name: str
    form: str
    stories: tuple[Story, ...]

    def names(self) -> dict[tuple[str, str], str]:
        """The name of the calculation or question that is made of each expression or `must` and its place."""
        found: dict[tuple[str, str], str] = {}
        for story in self.stories:
            for case in story.cases:
                found.setdefault((case.expression, _container(case.place)), f"case_{len(found)}")
            for must in story.musts:
                found.setdefault((must.must, must.asked), f"must_{len(found)}")
        return found

    def text(self) -> str:
        """The form with all its expressions in it."""
        lines = self.form.splitlines()
        names = self.names()
        for (written, where), name in names.items():
            if name.startswith("must"):
                lines.append(f'ask {name} {where} "Q"\n  optional\n  must {written}')
                continue
            calculation = f"calculate {name} = {written}"
            if where:
                end = next(i for i, line in enumerate(lines) if re.fullmatch(rf"\s*end \w+ {where}", line))
                lines.insert(end, calculation)
            else:
                lines.append(calculation)
        return "\n".join(lines) + "\n"


def _container(place: str) -> str:
    return place.rpartition("/")[2].partition("[")[0]


_TIMES = re.compile(r"\{([^{}]*?) × (\d+)\}")


def expanded(text: str) -> str:
    """`{ab# × 3}` is `ab1ab2ab3`: how a table writes what is very long."""

    def repeat(match: re.Match[str]) -> str:
        return "".join(match[1].replace("#", str(number)) for number in range(1, int(match[2]) + 1))

    return _TIMES.sub(repeat, text)


_MEMBERS = re.compile(r"\[1-(\d+)\]")


def _steps(lines: list[str]) -> Iterator[Step]:
    """`age = 5`, `members[1-60]/age = 5` (of each of 60), `add members`, `add 59 members`, `remove members[2]`."""
    for line in lines:
        if added := re.fullmatch(r"add (?:(\d+) )?(\S+)", line):
            yield from [Step("add", added[2])] * int(added[1] or 1)
            continue
        if removed := re.fullmatch(r"remove (\S+)\[(\d+)\]", line):
            yield Step("remove", removed[1], removed[2])
            continue
        path, sign, value = line.partition("=")
        assert sign, f"`{line}` is no answer"
        value = expanded(value.strip()).strip()
        many = _MEMBERS.search(path)
        paths = [_MEMBERS.sub(f"[{n}]", path) for n in range(1, int(many[1]) + 1)] if many else [path]
        yield from (Step("answer", path.strip(), value) for path in paths)


def _of(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(","))


def _story(row: dict[str, Any]) -> Story:
    return Story(
        row["name"],
        tuple(_steps(row.get("answers", []))),
        tuple(_steps(row.get("saved", []))),
        tuple(
            Case(_of(of), kind, expression, expanded(expected), *place)
            for of, kind, expression, expected, *place in row.get("cases", [])
        ),
        tuple(
            MustCase(_of(of), kind, asked, must, tuple(map(expanded, passes)), tuple(map(expanded, refused)))
            for of, kind, asked, must, passes, refused in row.get("musts", [])
        ),
        tuple(row.get("shown", [])),
        tuple(row.get("hidden", [])),
    )


def tables() -> tuple[Table, ...]:
    found = []
    for path in sorted(TABLES.glob("*.toml")):
        if path.stem not in OF_NO_FORM:
            data = read_toml(path)
            found.append(Table(path.stem, expanded(data["form"]), tuple(map(_story, data["interview"]))))
    return tuple(found)


def other(name: str) -> dict[str, Any]:
    """A table that holds no interviews: "same" or "exceptions"."""
    assert name in OF_NO_FORM
    return read_toml(TABLES / f"{name}.toml")


def play(steps: tuple[Step, ...], sitting: Sitting) -> None:
    for step in steps:
        if step.action == "add":
            sitting.add(step.path)
        elif step.action == "remove":
            sitting.remove(step.path, int(step.value))
        else:
            sitting.answer(step.path, step.value)


def outcome(story: Story, names: dict[tuple[str, str], str], sitting: Sitting) -> dict[str, str]:
    """What an engine makes of everything that a story expects something of."""
    found: dict[str, str] = {}
    sitting.end()
    for case in story.cases:
        name = names[case.expression, _container(case.place)]
        found[_said(case)] = neutral(sitting.value(f"{case.place}/{name}" if case.place else name))
    for must in story.musts:
        name = names[must.must, must.asked]
        for answer in (*must.passes, *must.refused):
            found[f"{must.asked} must {must.must}: {answer}"] = "passes" if sitting.accepts(name, answer) else "refused"
    for path in (*story.shown, *story.hidden):
        found[f"{path} is"] = "hidden" if sitting.value(path) == NOT_SHOWN else "shown"
    return found


def expected(story: Story) -> dict[str, str]:
    """The same as the tables have it."""
    found = {_said(case): case.expected for case in story.cases}
    for must in story.musts:
        found.update({f"{must.asked} must {must.must}: {answer}": "passes" for answer in must.passes})
        found.update({f"{must.asked} must {must.must}: {answer}": "refused" for answer in must.refused})
    found.update({f"{path} is": "shown" for path in story.shown})
    found.update({f"{path} is": "hidden" for path in story.hidden})
    return found


def _said(case: Case) -> str:
    return f"{case.expression} in {case.place}" if case.place else case.expression
