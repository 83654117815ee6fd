"""What a scenario is: an interview written down beforehand, and what the form must do in it.

The answers of a scenario are a plan. The interview is run from its first question to its end, and each question takes
the answer that the plan holds for it. `go back` ends one run; the next one begins with the answers of the one before.
"""

from __future__ import annotations

from pimforms.record import record
from pimforms.source import Place

REMAINDER = "remainder"
"""In `expect nothing recorded but remainder`: what may stay after a refusal or a withdrawal (docs/protection.md)."""

Members = tuple[tuple[str, int], ...]
"""Which member of which repeat, outermost first; numbers begin at 1. Empty: every member."""

Roll = tuple[Members, str]
"""A repeat by its name, in the members that it stands in. Those may be left out: then it is every one of them."""

Counts = tuple[tuple[Roll, int], ...]
"""How many members each repeat has at least that the interviewer adds by hand."""


@record
class Given:
    """`given consent in private`: how the questions of the gate are answered unless an `answer` says otherwise.

    `setting` is "", "private" or "company": whether somebody can hear.
    """

    what: str
    setting: str
    place: Place


@record
class Answer:
    """`answer how_many 2`. `value` is as a record holds it: codes with a space between them, a date as 2026-12-31.

    `value` is "" for `skip how_many`: the question is left blank.
    """

    question: str
    value: str
    members: Members
    place: Place


@record
class Removal:
    """`remove member 2 of members`: taken out when the interview is at the end of the repeat.

    Lines above it count with this member, lines below it without. `counts` are those from here on.
    """

    members: Members
    place: Place
    counts: Counts = ()


@record
class Emptied:
    """`skip members`: the repeat has no members in this run. `counts` are those from here on."""

    repeat: str
    members: Members
    place: Place
    counts: Counts = ()


@record
class GoBack:
    """The interview has come to its end; then somebody goes back and changes answers."""

    place: Place


@record
class Expectation:
    """One `expect` line. `kind` is one of KINDS.

    `names` are the questions it is about (of a group: those in it). `value` is what is expected: an answer, a text, codes;
    None if the line says none. `message` is what the form must say when it refuses, or the text of the choice `value`.
    `wanted` is false after `not`.
    `language` is that of the last `speak` above it, else the first of the form.
    """

    kind: str
    names: tuple[str, ...]
    place: Place
    members: Members = ()
    value: str | None = None
    message: str | None = None
    wanted: bool = True
    language: str = ""


KINDS = (
    "asked",  # the question is asked, or the note shown; `not asked`: it is not
    "asked after",  # no question is asked after this one
    "refused",  # the form does not take this answer
    "label",  # the text of the question, on the phone
    "hint",  # its hint, on the phone
    "choice",  # the text of one of its choices, on the phone
    "offered",  # exactly these choices; `not offered`: none of these
    "value",  # the answer or calculation when the run ends
    "recorded",  # what is sent; `not recorded`: nothing is
    "nothing recorded",  # nothing is sent but these
    "outcome",  # how the interview ended
)

Step = Given | Answer | Removal | Emptied | GoBack | Expectation


@record
class Scenario:
    """`counts` are those until the first member is taken out."""

    name: str
    title: str
    steps: tuple[Step, ...]
    place: Place
    counts: Counts = ()


def renumbered(members: Members, removed: Members) -> Members | None:
    """The same member after another was taken out of its repeat, None if it is the one, or stands in it."""
    depth = len(removed) - 1
    if not goes_through(members, removed) or members[depth][1] < removed[depth][1]:
        return members
    repeat, number = members[depth]
    return None if number == removed[depth][1] else (*members[:depth], (repeat, number - 1), *members[depth + 1 :])


def is_in(roll: Roll, outer: Members, repeat: str) -> bool:
    """Whether a repeat is this one, or stands in it."""
    path = (*roll[0], (roll[1], 0))
    return path[: len(outer)] == outer and any(name == repeat for name, _ in path[len(outer) :])


def goes_through(members: Members, other: Members) -> bool:
    """Whether these members stand in the repeat of `other`, at whatever number."""
    depth = len(other) - 1
    return len(members) > depth and members[:depth] == other[:depth] and members[depth][0] == other[depth][0]
