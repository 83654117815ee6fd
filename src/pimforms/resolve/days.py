"""Days that are not in the calendar: said once (PF221), and read as the nearest day that is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from pimforms.diagnostics import Diagnostic
from pimforms.expressions.messages import no_such_day
from pimforms.model.days import nearest_day
from pimforms.syntax.nodes import Before, Day, Line, Part, Statement, Tree


def with_real_days(tree: Tree) -> tuple[Tree, list[Diagnostic]]:
    """The tree without impossible days, so that whoever reckons with a day can, and what is wrong with them.

    The days of conditions are judged with the conditions, those of scenarios with the scenarios.
    """
    found: list[Diagnostic] = []
    statements = tuple(s if s.word == "scenario" else _statement(s, found) for s in tree.statements)
    return (replace(tree, statements=statements) if found else tree), found


def _statement(statement: Statement, found: list[Diagnostic]) -> Statement:
    before = len(found)
    line = _line(statement.line, found)
    properties = tuple(_line(each, found) for each in statement.properties)
    body = tuple(_statement(each, found) for each in statement.body)
    if len(found) == before:
        return statement
    return replace(statement, line=line, properties=properties, body=body)


def _line(line: Line, found: list[Diagnostic]) -> Line:
    if not any(isinstance(part, (Day, Before)) for part in line.parts):
        return line
    return replace(line, parts=tuple(_parts(line.parts, found)))


def _parts(parts: Iterable[Part], found: list[Diagnostic]) -> Iterable[Part]:
    for part in parts:
        day = part.day if isinstance(part, Before) else part
        near = nearest_day(day.iso) if isinstance(day, Day) else None
        if near is None or not isinstance(day, Day):
            yield part
            continue
        found.append(no_such_day(day.place, day.iso, near))
        real = replace(day, iso=near)
        yield Before(real) if isinstance(part, Before) else real
