"""What the suite asks of an engine, and the text in which results of all engines are compared."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Protocol

from pimforms.engines.interview import OK, REFUSED, Asked, End, Interview

NOT_SHOWN = "-"
_SCIENTIFIC = re.compile(r"-?\d+(?:\.\d+)?[eE][+-]?\d+")


class Sitting(Protocol):
    """One form with one record. A path has no groups in it: `age`, `members[2]/age`."""

    def start(self) -> None:
        """A new, empty record."""

    def answer(self, path: str, value: str) -> None:
        """Answers a question that is shown; "" leaves it blank."""

    def add(self, repeat: str) -> None:
        """One more member of a repeat. A repeat begins with one, but inside an added member with none."""

    def remove(self, repeat: str, number: int) -> None:
        """One member less; numbers begin at 1."""

    def end(self) -> None:
        """Goes through to the end, so that the form makes the members that it counts."""

    def accepts(self, path: str, value: str) -> bool:
        """Whether the constraint of a question that is shown lets an answer pass."""

    def value(self, path: str) -> str:
        """A value as the record holds it, NOT_SHOWN if it is hidden."""

    def submission(self) -> str:
        """The XML of the record as it would be sent."""


class Talk:
    """Any `Interview` of pimforms as a `Sitting`."""

    def __init__(self, interview: Interview) -> None:
        self._interview = interview

    def start(self) -> None:
        self._interview.start()

    def answer(self, path: str, value: str) -> None:
        status = self._answer(path, value)
        assert status == OK, f"{path} does not take `{value}`: {status}"

    def add(self, repeat: str) -> None:
        assert self._interview.add_member(repeat), f"no member can be added to {repeat}"

    def remove(self, repeat: str, number: int) -> None:
        assert self._interview.remove_member(repeat, number), f"member {number} of {repeat} cannot be removed"

    def end(self) -> None:
        while not isinstance(self._interview.next(), End):
            pass

    def accepts(self, path: str, value: str) -> bool:
        status = self._answer(path, value)
        assert status in (OK, REFUSED), f"{path} does not take `{value}`: {status}"
        return status == OK

    def value(self, path: str) -> str:
        found = self._interview.value(path)
        return NOT_SHOWN if found is None else found

    def submission(self) -> str:
        return self._interview.submission()

    def _answer(self, path: str, value: str) -> str:
        asked = self._interview.jump(path)
        assert isinstance(asked, Asked), f"{path} is not asked"
        return self._interview.answer(value or None).status


def neutral(value: str) -> str:
    """A result as every engine may write it: the same number, however many noughts an engine spells out."""
    if _SCIENTIFIC.fullmatch(value):
        return format(Decimal(value).normalize(), "f")
    return "0" if value == "-0" else value
