"""What happened in a walk, in order."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

ASKED = "asked"  # `path`; `status` is REQUIRED_ONLY if the question must be answered and no choice refuses
GIVEN = "given"  # `path` was answered with `value`; `status` and `message` are those of Answered
BACK = "back"  # somebody went back to `path`
ADDED = "added"  # a member to the repeat at `path`
REMOVED = "removed"  # the member `value` of the repeat at `path`
AGREED = "agreed"  # the consent is asked; `leaves` are the values that the form has computed by then
CLOSED = "closed"  # an answer of the gate closed it; `leaves` are what would be sent now
SENT = "sent"  # the record was finished; `leaves` are what is sent
STUCK = "stuck"  # no answer to `path` passes, and it is required
BLOCKED = "blocked"  # the record cannot be finished: `path` has the problem `status`, and no answer mends it
DIED = "died"  # the engine failed at `path` with `message`
ENDLESS = "endless"  # the walk came to no end

REQUIRED_ONLY = "required"

NUMBERED = re.compile(r"([^/\[]+)\[(\d+)\]")
"""A repeat and the number of a member in a path."""

Leaves = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened; the words above say what each field holds."""

    kind: str
    path: str = ""
    value: str = ""
    status: str = ""
    message: str = ""
    leaves: Leaves = ()

    @property
    def name(self) -> str:
        """The name at the end of the path."""
        return self.path.rpartition("/")[2].partition("[")[0]


@dataclass(frozen=True, slots=True)
class Walked:
    """One interview. `number` counts the walks of a run from 0."""

    number: int
    events: tuple[Event, ...]


def to_json(events: Iterable[Event]) -> list[list[Any]]:
    return [[event.kind, event.path, event.value, event.status, event.message, event.leaves] for event in events]


def from_json(number: int, plain: Iterable[list[Any]]) -> Walked:
    return Walked(number, tuple(_event(*each) for each in plain))


def _event(kind: str, path: str, value: str, status: str, message: str, leaves: Iterable[list[str]]) -> Event:
    return Event(kind, path, value, status, message, tuple((name, held) for name, held in leaves))
