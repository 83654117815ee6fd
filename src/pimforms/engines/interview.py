"""One form being filled in, as a person with a phone does it: the interface that every engine has.

A place in a form has a path without the root and without groups: `age`, `members[2]/age`. Names are unique in a form, so
groups say nothing; a repeat says which member. Where a number is left out, the member at hand is meant, else the first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

OK = "ok"
REFUSED = "refused"  # the constraint of the question does not let it pass
REQUIRED = "required"  # the question may not be left blank
NOT_A_CHOICE = "not a choice"  # engines take it in silence
WRONG_TYPE = "wrong type"  # text in a number, a day that is none: some engines make a blank of it in silence
UNREACHABLE = "unreachable"  # the question is hidden, or there is none; engines set it in silence


class EngineError(Exception):
    """The engine cannot do its work, or stopped. `message` and `fix` are sentences for the user."""

    def __init__(self, message: str, fix: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.fix = fix


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, or a note, stands on the screen. `value` is the answer it has; "" for none."""

    path: str
    name: str
    note: bool
    required: bool
    value: str


@dataclass(frozen=True, slots=True)
class NewRepeat:
    """The phone offers one more member of the repeat at `path` (without its number), which has `members` of them."""

    path: str
    name: str
    members: int


@dataclass(frozen=True, slots=True)
class End:
    """The last screen has been passed."""


@dataclass(frozen=True, slots=True)
class Answered:
    """`status` is one of the words above; `message` is what the form says when it refuses, or why it cannot be."""

    status: str
    message: str = ""

    @property
    def ok(self) -> bool:
        return self.status == OK


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a form cannot be finished: the question at `path` is REQUIRED and blank, or its answer is REFUSED."""

    path: str
    name: str
    status: str
    message: str = ""


class Interview(Protocol):
    """A form on a phone. Every method may raise EngineError if the engine itself fails."""

    def start(self) -> None:
        """A new, empty record, before the first screen."""

    def next(self) -> Asked | NewRepeat | End:
        """Steps forward to what is shown next, as a swipe does; groups without a question of their own are passed."""

    def answer(self, value: str | None) -> Answered:
        """Answers the question at hand. `value` is as a record holds it (codes with a space between); None leaves it blank."""

    def jump(self, place: str) -> Asked | None:
        """Goes to a question by name or path; None, and nothing moves, if it is not shown."""

    def add_member(self, repeat: str) -> bool:
        """One more member; `next` steps into it. False if the repeat is hidden, or its number is counted by the form."""

    def remove_member(self, repeat: str, number: int) -> bool:
        """Takes out a member (numbers begin at 1). False if there is none, or the form counts them itself."""

    def choices(self) -> tuple[tuple[str, str], ...]:
        """The codes and labels that the question at hand offers now."""

    def label(self) -> str:
        """The text of the question at hand, in the language chosen."""

    def hint(self) -> str:
        """The hint of the question at hand, in the language chosen; "" if it has none."""

    def language(self, code: str) -> bool:
        """Changes the language, by its code (`fr`). False if the form does not have it."""

    def value(self, place: str) -> str | None:
        """The value of a question or a calculation; "" if blank, None if hidden or not there."""

    def submission(self) -> str:
        """The XML that would be sent now: what is relevant, and nothing else."""

    def finish(self) -> Problem | None:
        """Validates the whole record as the phone does before it is sent; None if it may go."""
