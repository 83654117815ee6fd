"""A walk that is written down, walked again inside the worker: each run goes from the first screen to the end.

As in a scenario, a question takes the answer that the plan has for it. Where it has none, the gate is answered so that the
interview goes on in private, what may be blank is left, and the rest takes the answer that opens least.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pimforms.engines import events as ev
from pimforms.engines.book import members_of, path_of
from pimforms.engines.interview import OK, Asked, End, EngineError, NewRepeat
from pimforms.engines.roster import Roster, first_in
from pimforms.engines.standing import standing
from pimforms.engines.themes import GOOD
from pimforms.engines.walker import MOST_EVENTS, SCAN, Guide, Walk, is_endless
from pimforms.model.scenario import Answer, Counts, Members, Removal, renumbered
from pimforms.source import Place, Source

if TYPE_CHECKING:
    from pimforms.engines.events import Event
    from pimforms.engines.facts import QuestionFacts
    from pimforms.engines.javarosa import JavaRosa

_QUIET = ("dnk", "no", "none", "nothing")
_OPENED = ("attest", "check", "agree", "hears", "goes", "withdraw")
"""What `given consent in private` answers in a scenario."""


def replay(interview: JavaRosa, memory: dict[str, Any], given: Any) -> list[list[Any]]:
    """Task: `given` holds `runs`, lists of steps as in `shrink.Plan`, and `members`, how many each repeat has."""
    return ev.to_json(Replay(interview, memory["guide"], given["runs"], given["members"]).run())


_NOWHERE = Place(Source("", ""), 0, 0)


def _line(path: str, value: str, counts: Mapping[str, int] | None = None) -> Answer | Removal:
    """A step of a plan as a scenario has it."""
    if counts is None:
        return Answer(path.rpartition("/")[2], value, members_of(path), _NOWHERE)
    return Removal(members_of(f"{path}/"), _NOWHERE, _counts(counts))


def _counts(members: Mapping[str, int]) -> Counts:
    return tuple(((members_of(path), path.rpartition("/")[2]), number) for path, number in members.items())


class Replay(Walk):
    """Nothing is drawn: the same plan gives the same walk."""

    def __init__(
        self, interview: JavaRosa, guide: Guide, runs: Sequence[Sequence[Sequence[Any]]], members: Mapping[str, int]
    ) -> None:
        super().__init__(interview, guide, 0)
        self._runs = [[_line(*step) for step in run] for run in runs]
        self._roster = Roster(_counts(members))
        self._plan: list[Answer] = []
        self._trail: list[tuple[str, Members]] = []
        self._first = ""

    def run(self) -> list[Event]:
        self.interview.start()
        try:
            for number, lines in enumerate(self._runs):
                self._plan = [line for line in lines if isinstance(line, Answer)]
                self._trail = []
                self._roster.begin(lines)
                if not self._run(again=number > 0):
                    return self.events
            self._finish()
            if self.events[-1].kind != ev.SENT:
                self._snapshot(ev.SENT)  # what would be sent if it could be
        except EngineError as error:
            self._note(ev.DIED, self._last_path(), message=error.message)
        return self.events

    def _run(self, *, again: bool) -> bool:
        if again:
            asked = self.interview.jump(self._first)
            if asked is not None and not self._pass(asked):
                return False
        path = ""
        while len(self.events) < MOST_EVENTS:
            at = self.interview.next()
            if isinstance(at, End):
                if self._gated and not standing(self._given, self.facts).open:
                    self._snapshot(ev.CLOSED)
                return True
            if isinstance(at, NewRepeat):
                if not self._at_the_end_of(at):
                    return False
            elif is_endless(path := at.path):
                break
            elif not at.note and not self._pass(at):
                return False
        self._note(ev.ENDLESS, path)
        return False

    def _at_the_end_of(self, repeat: NewRepeat) -> bool:
        """One member more, or one fewer; then those that are left are gone through again. False if the way is blocked."""
        outer = members_of(repeat.path)
        removal = self._roster.next_removal(outer, repeat.name)
        if repeat.members < self._roster.needs(outer, repeat.name):
            self._add(repeat.path)
        elif removal is not None:
            line, number = removal
            if not self.interview.remove_member(repeat.path, number):
                self._roster.give_up(line)
                return True
            self._note(ev.REMOVED, repeat.path, str(number))
            self._roster.remove(line)
            removed = (*outer, (repeat.name, number))
            now = ((name, renumbered(members, removed)) for name, members in self._trail)
            self._trail = [(name, members) for name, members in now if members is not None]
            screen = first_in(self._trail, outer, repeat.name)
            again = self.interview.jump(path_of(*screen)) if screen is not None else None
            if again is not None:
                return self._pass(again)
            if self._roster.needs(outer, repeat.name):
                self._add(repeat.path)
        return True

    def _add(self, path: str) -> None:
        if self.interview.add_member(path):
            self._note(ev.ADDED, path)

    def _planned(self, path: str, name: str) -> str | None:
        """What the plan has for this question; it is given once."""
        members = members_of(path)
        found = [line for line in self._plan if line.question == name and self._roster.of(line) == members]
        self._plan = [line for line in self._plan if not any(line is each for each in found)]
        return found[-1].value if found else None

    def _pass(self, asked: Asked) -> bool:
        question = self.facts.questions.get(asked.name)
        if question is None:
            return True
        self._first = self._first or asked.path
        self._trail.append((asked.name, members_of(asked.path)))
        self._asked(asked, question)
        self._gated += question.gated
        planned = self._planned(asked.path, asked.name)
        if planned is not None:
            if self._try(asked.path, question, planned) == OK:
                return True
        elif asked.value:
            return True
        opened = question.role in _OPENED
        if not asked.required and not opened:
            return True
        return any(self._try(asked.path, question, value) == OK for value in self._plain(question)) or self._stuck(
            asked.path
        )

    def _plain(self, question: QuestionFacts) -> list[str]:
        codes = [code for code, _ in self.interview.choices()]
        if not codes:
            return list(dict.fromkeys((*question.edges, *SCAN)))
        if question.kind == "rank":
            return [" ".join(codes)]
        good = (GOOD[question.role],) if question.role in _OPENED else ()
        return list(dict.fromkeys(code for code in (*good, *question.refusals, *_QUIET, *codes) if code in codes))
