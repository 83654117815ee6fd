"""One walk after the other through a form, inside the worker: what is answered is drawn, and guided by what was not seen yet.

The same seed gives the same walks on any computer: nothing is drawn but numbers from 0 to 1, and nothing is iterated
over whose order could differ.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

from pimforms.engines import events as ev
from pimforms.engines import facts as known
from pimforms.engines.events import Event
from pimforms.engines.facts import PRIVATE
from pimforms.engines.interview import OK, Asked, End, EngineError, NewRepeat
from pimforms.engines.standing import standing
from pimforms.engines.themes import CLOSES, GOOD, THEMES, Theme

if TYPE_CHECKING:
    from pimforms.engines.facts import Facts, QuestionFacts
    from pimforms.engines.javarosa import JavaRosa

T = TypeVar("T")
MOST_EVENTS = 5000
MOST_MEMBERS = 60
"""A repeat with more comes to no end, for those who are asked."""
MOST_ADDED = 12
MOST_TRIES = 60
MOST_UNDONE = 6
FOCUSED = 0.7
SCAN = tuple(str(number) for number in range(31))
_MENDS = 12
_BLANK = ""


def prepare(interview: JavaRosa, memory: dict[str, Any], given: Any) -> None:
    """Task: what the walks of this form need to know. `given` holds the facts and the seed."""
    memory["guide"] = Guide(known.from_json(given["facts"]), str(given["seed"]))


def walk(interview: JavaRosa, memory: dict[str, Any], number: Any) -> list[list[Any]]:
    """Task: the walk with this number. Walks are guided by those before them, so they are asked for in order."""
    return ev.to_json(Walk(interview, memory["guide"], int(number)).run())


class Guide:
    """What all walks of a form share: its facts, and how often each answer was given and each question reached."""

    def __init__(self, facts: Facts, seed: str) -> None:
        self.facts = facts
        self.seed = seed
        self.given: dict[tuple[str, str], int] = {}
        self.reached: set[str] = set()
        self.undone: dict[tuple[str, str], int] = {}

    def weight(self, question: QuestionFacts, answer: str) -> float:
        """How much an answer is wanted: more if it was never given, or opens what was never reached."""
        times = self.given.get((question.name, answer), 0)
        weight = 6.0 if times == 0 else 1.0 + 2.0 / times
        if any(name not in self.reached for name in question.opens.get(answer, ())):
            weight += 10.0
        return weight * (0.3 if times and answer in question.refusals else 1.0)


class Walk:
    """One interview from the first screen to the last."""

    def __init__(self, interview: JavaRosa, guide: Guide, number: int) -> None:
        self.interview = interview
        self.guide = guide
        self.facts = guide.facts
        self.theme: Theme = THEMES[number % len(THEMES)]
        self._dice = random.Random(f"{guide.seed}/{number}")
        self.events: list[Event] = []
        self._given: dict[str, str] = {}
        self._gated = 0
        self._added = 0
        self._backs = self.theme.backs
        self._regret_at = 0
        if self._chance(self.theme.regret):
            self._regret_at = 1 + int(self._dice.random() * max(1, len(self.facts.questions)))
        self._agreed = False

    def run(self) -> list[Event]:
        self.interview.start()
        try:
            if self._forward():
                if self._chance(self.theme.undoes):
                    self._undo()
                if self._chance(self.theme.comes) and not self._somebody_comes():
                    return self.events
                if self._chance(self.theme.fewer) and not self._fewer():
                    return self.events
                while self._chance(self.theme.late) and self._regret():
                    if not self._forward():
                        return self.events
                self._finish()
        except EngineError as error:
            self._note(ev.DIED, self._last_path(), message=error.message)
        return self.events

    # ---- drawing

    def _chance(self, chance: float) -> bool:
        return chance > 0 and self._dice.random() < chance

    def _one_of(self, things: Sequence[T]) -> T:
        return things[int(self._dice.random() * len(things))]

    def _weighted(self, question: QuestionFacts, answers: Sequence[str]) -> str:
        weights = [self.guide.weight(question, answer) for answer in answers]
        at = self._dice.random() * sum(weights)
        for answer, weight in zip(answers, weights, strict=True):
            at -= weight
            if at < 0:
                return answer
        return answers[-1]

    # ---- forward

    def _forward(self) -> bool:
        """Goes on to the end. False if the way is blocked."""
        path = ""
        while len(self.events) < MOST_EVENTS:
            at = self.interview.next()
            if isinstance(at, End):
                return True
            if isinstance(at, NewRepeat):
                self._offer(at)
            elif is_endless(path := at.path):
                break
            elif not at.note and not self._pass(at):
                return False
        self._note(ev.ENDLESS, path)
        return False

    def _offer(self, repeat: NewRepeat) -> None:
        if self._added >= MOST_ADDED:  # so that taking out and adding come to an end
            return
        alone = repeat.members == 1 and self._chance(self.theme.removes / 2)
        if not alone and repeat.members < self.theme.members and self._chance(0.75 if repeat.members else 0.4):
            if self.interview.add_member(repeat.path):
                self._added += 1
                self._note(ev.ADDED, repeat.path)
        elif repeat.members and (alone or self._chance(self.theme.removes)):
            number = 1 + int(self._dice.random() * repeat.members)
            if self.interview.remove_member(repeat.path, number):
                self._added += 1
                self._note(ev.REMOVED, repeat.path, str(number))

    def _pass(self, asked: Asked) -> bool:
        """Answers a question, or leaves it as it is, and perhaps goes back. False if no answer passes."""
        question = self.facts.questions.get(asked.name)
        if question is None:
            return True
        self._asked(asked, question)
        if asked.value and not self._chance(0.06):
            return True
        if not self._answer(asked, question):
            return False
        if question.gated:
            self._gated += 1
            if self._gated == self._regret_at:
                self._regret()
            elif self._backs and self._chance(0.05):
                self._backs -= 1
                self._change_earlier()
        return True

    def _asked(self, asked: Asked, question: QuestionFacts) -> None:
        self.guide.reached.add(question.name)
        only = asked.required and question.level > 0 and not self.interview.codes().intersection(question.refusals)
        self._note(ev.ASKED, asked.path, status=ev.REQUIRED_ONLY if only else "")
        if question.role == "agree" and not self._agreed:
            self._agreed = True
            values = ((name, self.interview.value(name) or "") for name in sorted(self.facts.calculated))
            self.events.append(Event(ev.AGREED, leaves=tuple(values)))

    # ---- answering

    def _answer(self, asked: Asked, question: QuestionFacts) -> bool:
        """One answer that passes; False if there is none and the question may not be left."""
        for value in islice(self._answers(asked, question), MOST_TRIES):
            if self._try(asked.path, question, value) == OK:
                return True
        if not asked.required:
            return self._try(asked.path, question, _BLANK) == OK or self._stuck(asked.path)
        return self._stuck(asked.path)

    def _stuck(self, path: str) -> bool:
        self._note(ev.STUCK, path)
        return False

    def _try(self, path: str, question: QuestionFacts, value: str) -> str:
        try:
            answered = self.interview.answer(value or None)
        except EngineError:
            self._note(ev.GIVEN, path, value, ev.DIED)
            raise
        self._note(ev.GIVEN, path, value, answered.status, answered.message)
        if answered.ok:
            self._given[path] = value
            for code in value.split(" ") if question.kind == "many" else (value,):
                key = (question.name, code)
                self.guide.given[key] = self.guide.given.get(key, 0) + 1
            if question.role and self._gated and not standing(self._given, self.facts).open:
                self._snapshot(ev.CLOSED)
        return answered.status

    def _answers(self, asked: Asked, question: QuestionFacts) -> Iterable[str]:
        """Answers to try, the one that is drawn first."""
        codes = sorted(self.interview.codes())
        if question.role in GOOD and codes:
            yield self._gate_answer(question, codes)
            yield from codes
            return
        if not asked.required and (self._chance(self.theme.blank) or not self.guide.given.get((question.name, _BLANK))):
            yield _BLANK
        if not codes:
            if question.edges:
                yield self._weighted(question, question.edges)
                yield from question.edges
            if question.kind in ("integer", "decimal", "range"):
                yield from SCAN
            return
        if question.kind == "rank":
            yield " ".join(self._shuffled(codes))
            return
        if question.kind == "many" and self._chance(0.4):
            yield " ".join(self._shuffled(codes)[: 2 + int(self._dice.random() * 2)])
        yield self._weighted(question, codes)
        yield from codes

    def _gate_answer(self, question: QuestionFacts, codes: list[str]) -> str:
        good = GOOD[question.role]
        others = [code for code in codes if code != good]
        if good not in codes or (others and self._chance(self.theme.other.get(question.role, 0.0))):
            return self._weighted(question, others)
        return good

    def _shuffled(self, things: Sequence[T]) -> list[T]:
        left: list[T] = list(things)
        drawn: list[T] = []
        while left:
            drawn.append(left.pop(int(self._dice.random() * len(left))))
        return drawn

    # ---- going back

    def _change_earlier(self) -> None:
        """Back to some answer given before, another one, and on from there."""
        self._back_to(self._one_of(list(self._given)))

    def _regret(self) -> bool:
        """Back to an answer of the gate; another one, and perhaps the first again. False if the gate has no answer yet."""
        gate: dict[str, list[str]] = {}
        for path in self._given:
            role = self._role(path)
            if role not in ("", "read", "moves", "again"):
                gate.setdefault(role, []).append(path)
        roles = [role for role in self.theme.focus if role in gate]
        if not roles or not self._chance(FOCUSED):
            roles = list(gate)
        return bool(gate) and self._back_to(self._one_of(gate[self._one_of(roles)]))

    def _undo(self) -> None:
        """An answer closes the gate; then each answer of the gate before it is changed, and given again as it was."""
        gate = [path for path in self._given if self._role(path) not in ("", "read", "attest")]
        closers = [
            (path, code) for path in gate for code in CLOSES.get(self._role(path), ()) if self._given[path] != code
        ]
        if not closers:
            return
        # The one that was tried least: only a few combinations can do harm, and each has its turn.
        closer, code = min(self._shuffled(closers), key=lambda each: self.guide.undone.get(each, 0))
        self.guide.undone[closer, code] = self.guide.undone.get((closer, code), 0) + 1
        if not self._change(closer, code):
            return
        for path in self._shuffled(gate[: gate.index(closer)])[:MOST_UNDONE]:
            before = self._given[path]
            if self.interview.jump(path) is not None:
                for other in sorted(self.interview.codes() - {before}):
                    self._change(path, other)
                self._change(path, before)

    def _somebody_comes(self) -> bool:
        """It is made private by moving, and then somebody else can hear. False if the way is blocked."""
        moved = [now for now, others in self.facts.forgets.items() if len(others) > 1 and self.interview.jump(now)]
        if not moved:
            return True
        now = self._one_of(moved)
        self.interview.jump(now)
        heard = self._shuffled(sorted(self.interview.codes().difference(PRIVATE)))
        moving, again = self.facts.forgets[now]
        for path, value in ((now, heard[0]), (moving, GOOD["moves"]), (again, GOOD["again"])):
            if not self._change(path, value):
                return True
        return self._forward() and (not self._change(now, heard[-1]) or self._forward())

    def _fewer(self) -> bool:
        """The number of members that the form counts goes down. False if the way is blocked."""
        more: dict[str, list[str]] = {name: [] for name in sorted(set(self.facts.counted.values()))}
        for path, value in self._given.items():
            if value.isdigit() and int(value) > 0 and (name := path.rpartition("/")[2]) in more:
                more[name].append(path)
        names = [name for name, paths in more.items() if paths]
        if not names:
            return True
        path = self._one_of(more[self._one_of(names)])
        return not self._change(path, str(int(self._dice.random() * int(self._given[path])))) or self._forward()

    def _change(self, path: str, value: str) -> bool:
        """Back to a question, and another answer. False if it is not shown, or the answer is not taken."""
        asked = self.interview.jump(path)
        question = self.facts.questions.get(path.rpartition("/")[2])
        if asked is None or question is None:
            return False
        self._note(ev.BACK, path)
        self._asked(asked, question)
        return self._try(path, question, value) == OK

    def _role(self, path: str) -> str:
        question = self.facts.questions.get(path.rpartition("/")[2])
        return question.role if question is not None else ""

    def _back_to(self, path: str) -> bool:
        asked = self.interview.jump(path)
        question = self.facts.questions.get(path.rpartition("/")[2])
        if asked is None or question is None:
            return False
        before = asked.value
        self._note(ev.BACK, path)
        self._asked(asked, question)
        codes = sorted(self.interview.codes())
        if question.role and codes:
            other = self._weighted(question, [code for code in codes if code != before])
            changed = self._try(path, question, other) == OK
        else:
            changed = self._answer(asked, question)
        if changed and before and self._chance(0.4):
            self._note(ev.BACK, path)
            self._try(path, question, before)
        elif changed and question.role and self._chance(0.5):
            self._regret()  # what one answer of the gate closed, another must not open
        return True

    # ---- the end

    def _finish(self) -> None:
        """Sends the record. What the phone finds wrong is answered once more, as people do."""
        for _ in range(_MENDS):
            problem = self.interview.finish()
            if problem is None:
                self._snapshot(ev.SENT)
                return
            asked = self.interview.jump(problem.path)
            question = self.facts.questions.get(problem.name)
            if asked is None or question is None:
                break
            self._note(ev.BACK, problem.path)
            self._asked(asked, question)
            if not self._answer(asked, question):
                return
        else:
            problem = self.interview.finish()
        if problem is not None:
            self._note(ev.BLOCKED, problem.path, status=problem.status, message=problem.message)

    def _snapshot(self, kind: str) -> None:
        leaves = (leaf for leaf in self.interview.recorded() if leaf[1] or "[" in leaf[0])
        self.events.append(Event(kind, leaves=tuple(leaves)))

    def _note(self, kind: str, path: str = "", value: str = "", status: str = "", message: str = "") -> None:
        self.events.append(Event(kind, path, value, status, message))

    def _last_path(self) -> str:
        return next((event.path for event in reversed(self.events) if event.path), "")


def is_endless(path: str) -> bool:
    return "[" in path and any(int(number) > MOST_MEMBERS for number in re.findall(r"\[(\d+)\]", path))
