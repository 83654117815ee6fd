"""A walk that is written down, walked again inside the worker: each run goes from the first screen to the end.

As in a scenario, a question takes the answer that the plan has for it. Where it has none, the gate is answered so that the
interview goes on in private, what may be blank is left, and the rest takes the answer that opens least.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pimforms.engines import events as ev
from pimforms.engines.interview import OK, Asked, End, EngineError, NewRepeat
from pimforms.engines.standing import standing
from pimforms.engines.themes import GOOD
from pimforms.engines.walker import MOST_EVENTS, SCAN, Guide, Walk, is_endless

if TYPE_CHECKING:
    from pimforms.engines.events import Event
    from pimforms.engines.facts import QuestionFacts
    from pimforms.engines.javarosa import JavaRosa

_QUIET = ("dnk", "no", "none", "nothing")
_OPENED = ("attest", "check", "agree", "hears", "goes", "withdraw")
"""What `given consent in private` answers in a scenario."""


def replay(interview: JavaRosa, memory: dict[str, Any], given: Any) -> list[list[Any]]:
    """Task: `given` holds `runs`, a list of lists of path and answer, and `members`, how many each repeat has."""
    runs = [dict(run) for run in given["runs"]]
    return ev.to_json(Replay(interview, memory["guide"], runs, given["members"]).run())


class Replay(Walk):
    """Nothing is drawn: the same plan gives the same walk."""

    def __init__(
        self, interview: JavaRosa, guide: Guide, runs: list[dict[str, str]], members: Mapping[str, int]
    ) -> None:
        super().__init__(interview, guide, 0)
        self._runs = runs
        self._members = members
        self._plan: dict[str, str] = {}
        self._first = ""

    def run(self) -> list[Event]:
        self.interview.start()
        try:
            for number, plan in enumerate(self._runs):
                self._plan = dict(plan)
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
                if at.members < self._members.get(at.path, 1) and self.interview.add_member(at.path):
                    self._note(ev.ADDED, at.path)
            elif is_endless(path := at.path):
                break
            elif not at.note and not self._pass(at):
                return False
        self._note(ev.ENDLESS, path)
        return False

    def _pass(self, asked: Asked) -> bool:
        question = self.facts.questions.get(asked.name)
        if question is None:
            return True
        self._first = self._first or asked.path
        self._asked(asked, question)
        self._gated += question.gated
        planned = self._plan.pop(asked.path, None)
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
