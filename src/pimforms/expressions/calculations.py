"""Calculations and look-ups: in which order they are worked out, and which of them need each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pimforms.expressions.parts import parts
from pimforms.model import expression as e
from pimforms.model.expression import Expression


def in_order(needs: Mapping[str, Iterable[str]]) -> tuple[list[str], list[tuple[str, ...]]]:
    """The names so that each comes after those it needs, and the circles among them (each once).

    `needs` maps a name to the names it needs; names that are not keys are ignored. Not recursive: a chain may be long.
    """
    order: list[str] = []
    circles: list[tuple[str, ...]] = []
    state: dict[str, int] = {}  # 1: open, 2: done
    for start in needs:
        if start in state:
            continue
        path = [start]
        waiting = [iter([other for other in needs[start] if other in needs])]
        state[start] = 1
        while path:
            other = next(waiting[-1], None)
            if other is None:
                done = path.pop()
                waiting.pop()
                state[done] = 2
                order.append(done)
            elif other not in state:
                state[other] = 1
                path.append(other)
                waiting.append(iter([third for third in needs[other] if third in needs]))
            elif state[other] == 1:
                circles.append(tuple(path[path.index(other) :]))
    return order, circles


def needed_first(expression: Expression, conditions: Mapping[str, Expression]) -> set[str]:
    """The names whose kind must be known to look at an expression: not those beside `is`, which may be codes."""
    found: set[str] = set()
    seen: set[str] = set()
    waiting = [expression]
    while waiting:
        part = waiting.pop()
        if isinstance(part, e.Name):
            if part.text in conditions and part.text not in seen:
                seen.add(part.text)
                waiting.append(conditions[part.text])
            found.add(part.text)
        elif isinstance(part, (e.Is, e.Includes)):
            waiting.append(part.left)
        else:
            waiting.extend(parts(part))
    return found
