"""From a walk that breaks a promise to the shortest one that does, written as a scenario to paste."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from pimforms.engines import events as ev
from pimforms.engines.events import NUMBERED, Walked
from pimforms.engines.facts import Facts
from pimforms.engines.interview import OK
from pimforms.engines.promises import Broken
from pimforms.model.scenario import Members
from pimforms.resolve.scenario_members import Rolls

MOST_REPLAYS = 250
Step = tuple[str, str]
"""A path and the answer to it; of a path that ends with a member (`members[2]`), that member is taken out.

AGAIN stands where somebody goes back to the beginning.
"""

AGAIN: Step = ("", "")
_BARE = re.compile(r"[^\W\d]\w*|\d+(\.\d+)?|\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class Plan:
    """What is answered, in order; everything else is answered as `given consent in private` has it, or left."""

    steps: tuple[Step, ...]

    @property
    def runs(self) -> list[list[Step]]:
        runs: list[list[Step]] = [[]]
        for step in self.steps:
            if step == AGAIN:
                runs.append([])
            else:
                runs[-1].append(step)
        return runs

    def to_json(self) -> dict[str, Any]:
        """As `replay` takes it. A step that takes a member out has a third part: how many members repeats need then."""
        rolls, phases = Rolls(), []
        for path, _ in self.steps:
            _need(path, rolls)
            if is_removal(path):
                phases.append(rolls.remove(_members(path)))
        after = iter(phases)
        runs = [
            [[*step, _counts(rolls, next(after))] if is_removal(step[0]) else list(step) for step in run]
            for run in self.runs
        ]
        return {"runs": runs, "members": _counts(rolls, 0)}


def plan_of(walked: Walked) -> Plan:
    """What was answered in a walk, and which members were taken out. What was refused is left out."""
    steps: list[Step] = []
    here: set[str] = set()
    for event in walked.events:
        taken = event.kind == ev.GIVEN and event.status in (OK, ev.DIED)
        if event.kind == ev.BACK or (taken and event.path in here):
            steps.append(AGAIN)
            here = set()
        if taken:
            steps.append((event.path, event.value))
            here.add(event.path)
        elif event.kind == ev.REMOVED:
            steps.append((f"{event.path}[{event.value}]", ""))
            here = {path for path in here if not path.startswith(f"{event.path}[")}
    return Plan(_tidy(steps))


def shortest(plan: Plan, breaks: Callable[[Plan], bool]) -> Plan | None:
    """The plan without every step that is not needed to break the promise; None if the plan itself does not break it."""
    if not breaks(plan):
        return None
    steps = list(plan.steps)
    left = MOST_REPLAYS
    size = max(1, len(steps) // 2)
    while left > 0:
        shorter, left = _without(steps, size, breaks, left)
        if size == 1 and len(shorter) == len(steps):
            break
        steps = shorter
        size = max(1, size // 2)
    return Plan(_tidy(steps))


def _without(steps: list[Step], size: int, breaks: Callable[[Plan], bool], left: int) -> tuple[list[Step], int]:
    """The steps without each part of this size that is not needed, the last part first."""
    at = len(steps) - size
    while steps and left > 0:
        at = max(at, 0)
        fewer = steps[:at] + steps[at + size :]
        left -= 1
        if breaks(Plan(_tidy(fewer))):
            steps = fewer
        if at == 0:
            break
        at -= size
    return steps, left


def _tidy(steps: Sequence[Step]) -> tuple[Step, ...]:
    """No going back before the first answer, after the last, or twice; nothing said twice in a run."""
    tidy: list[Step] = []
    for step in steps:
        if step != AGAIN or (tidy and tidy[-1] != AGAIN):
            tidy.append(step)
    while tidy and tidy[-1] == AGAIN:
        tidy.pop()
    return tuple(tidy)


def is_removal(path: str) -> bool:
    return path.endswith("]")


def _members(path: str) -> Members:
    return tuple((repeat, int(number)) for repeat, number in NUMBERED.findall(path))


def _need(path: str, rolls: Rolls) -> None:
    """The members that a path goes through must be there."""
    members = _members(path)
    for depth, (repeat, number) in enumerate(members):
        rolls.need((members[:depth], repeat), number)


def _counts(rolls: Rolls, phase: int) -> dict[str, int]:
    """By the path of each repeat."""
    counts = rolls.counts(phase)
    return {"".join(f"{name}[{n}]/" for name, n in outer) + repeat: number for (outer, repeat), number in counts}


# ---- as a scenario


def as_scenario(plan: Plan, broken: Broken, facts: Facts, name: str) -> str:
    """The lines of a scenario that fails as long as the promise is broken."""
    lines = ["given consent in private" if _has_privacy(facts) else "given consent"]
    members = ""
    rolls = Rolls()
    for path, value in plan.steps:
        if not path:
            lines.append("go back")
            continue
        around, _, question = path.rpartition("/")
        if around and around != members:
            lines.extend(f"member {number} of {repeat}" for repeat, number in NUMBERED.findall(around))
            members = around
        if is_removal(path):
            (*outer, (repeat, number)) = _members(path)
            if number > rolls.most((tuple(outer), repeat)):
                lines.append(f"member {number} of {repeat}")
            lines.append(f"remove member {number} of {repeat}")
            _need(path, rolls)
            rolls.remove(_members(path))
            continue
        _need(path, rolls)
        lines.append(_answer(question, value, facts))
    lines.extend(broken.expect.splitlines())
    title = re.sub(r'"', "'", broken.says)
    return "\n".join((f'scenario {name} "{title}"', *(f"  {line}" for line in lines), "end scenario"))


def _answer(name: str, value: str, facts: Facts) -> str:
    if not value:
        return f"skip {name}"
    question = facts.questions.get(name)
    several = question is not None and question.kind in ("many", "rank")
    return f"answer {name} {', '.join(map(_written, value.split(' ') if several else [value]))}"


def _written(value: str) -> str:
    doubled = value.replace('"', '""')
    return value if _BARE.fullmatch(value) else f'"{doubled}"'


def _has_privacy(facts: Facts) -> bool:
    return any(question.role == "hears" for question in facts.questions.values())
