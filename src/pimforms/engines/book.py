"""What the runner of scenarios knows of a form: its questions, its repeats, what may remain after a refusal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import lru_cache

from pimforms.model.form import Form, Question
from pimforms.model.scenario import Given, Members
from pimforms.model.walk import Stop
from pimforms.standards.data import table


@dataclass(frozen=True)
class Book:
    """`form` is the protected form, `stops` its items by name; `written` are those of the author's form, by name.

    `remainder`: names of all that may be sent after a refusal or a withdrawal (docs/protection.md). `agree` is the
    question whose `yes` opens the gate. A book travels to the process of the engine, which imports as little as it can.
    """

    form: Form
    stops: Mapping[str, Stop]
    written: Mapping[str, Stop]
    repeats: frozenset[str]
    remainder: frozenset[str]
    agree: str

    def question(self, name: str) -> Question | None:
        stop = self.stops.get(name)
        return stop.item if stop is not None and isinstance(stop.item, Question) else None


def given_answer(given: Given | None, question: Question) -> str | None:
    """What `given …` answers to a question of the gate; None if it says nothing about it."""
    if given is None:
        return None
    if question.tags.gives == "adult" or question.name == "pim_adult":
        return _answers(given.what, given.setting).get("gives adult")
    return None if question.origin is None else _given(given.what, given.setting, question.name)


@lru_cache(maxsize=4096)
def _given(what: str, setting: str, name: str) -> str | None:
    return next((code for pattern, code in _answers(what, setting).items() if fnmatchcase(name, pattern)), None)


@lru_cache(maxsize=64)
def _answers(what: str, setting: str) -> dict[str, str]:
    known = table("scenarios")
    answers: dict[str, str] = known["given"][what]["answers"]
    return answers | known["setting"][setting]["answers"] if setting else answers


@lru_cache(maxsize=4096)
def members_of(path: str) -> Members:
    """`members[2]/age` stands in the second member of `members`."""
    parts = path.split("/")[:-1]
    split_parts = (part.rstrip("]").partition("[") for part in parts)
    return tuple((name, int(number or 1)) for name, _, number in split_parts)


def path_of(name: str, members: Members) -> str:
    return "/".join((*(f"{repeat}[{number}]" for repeat, number in members), name))


def within(members: Members, wanted: Members) -> bool:
    """Whether a place is in the member that a line of a scenario is about."""
    return members[: len(wanted)] == wanted
