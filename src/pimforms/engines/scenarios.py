"""Runs scenarios: the interview goes from its first question to its end, and each question takes what the plan holds.

A question that the scenario does not speak of is left blank; if it must be answered, it gets a plain valid answer
(`neutral`). Only the gate is never answered by itself: a consent that nobody wrote down proves nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from time import perf_counter

from pimforms.diagnostics import Diagnostic
from pimforms.engines import scenario_messages as say
from pimforms.engines.book import Book, given_answer, members_of, path_of, within
from pimforms.engines.explain import cut, refusal, why_hidden, written
from pimforms.engines.interview import REQUIRED, Asked, End, Interview, NewRepeat, Problem
from pimforms.engines.judge import Judge, Run
from pimforms.engines.neutral import candidates
from pimforms.engines.roster import Roster, first_in
from pimforms.expressions.kinds import refusals
from pimforms.model.form import Question
from pimforms.model.scenario import Answer, Expectation, Given, GoBack, Members, Scenario, Step, renumbered
from pimforms.source import Place

Message = Callable[[Place, str, str, str, say.Related], Diagnostic]
_ON_THE_SCREEN = ("refused", "label", "hint", "choice", "offered")
"""Kinds of expectations that are looked at while the question is shown."""
MOST_SCREENS = 20_000
"""Screens of one run. No interview has so many; a repeat that never ends has more."""


@dataclass(frozen=True)
class Result:
    """What came of one scenario: nothing to say if it passed. `seconds` is how long it took."""

    scenario: Scenario
    diagnostics: tuple[Diagnostic, ...]
    seconds: float

    @property
    def passed(self) -> bool:
        return not self.diagnostics


class Stuck(Exception):
    """The scenario cannot go on; what is wrong has been said."""


def run_all(scenarios: Iterable[Scenario], interview: Interview, book: Book) -> Iterator[Result]:
    """The results, one after the other. Raises EngineError when the engine itself fails."""
    for scenario in scenarios:
        started = perf_counter()
        runner = Runner(scenario, interview, book)
        yield Result(scenario, runner.run(), perf_counter() - started)


@dataclass
class Runner:
    """One scenario in one interview. `plan` is what this run answers, `before` what earlier runs did."""

    scenario: Scenario
    interview: Interview
    book: Book
    diagnostics: list[Diagnostic] = field(default_factory=list)
    plan: list[Answer] = field(default_factory=list)
    before: list[Answer] = field(default_factory=list)
    given: Given | None = None
    first: bool = True

    def run(self) -> tuple[Diagnostic, ...]:
        """What was not as the scenario says, in the order of its lines. Raises EngineError."""
        runs = list(_runs(self.scenario.steps))
        self._roster = Roster(self.scenario.counts)
        self._run = Run()
        try:
            for number, steps in enumerate(runs):
                self._one(steps, last=number == len(runs) - 1)
        except Stuck:
            pass
        return tuple(sorted(self.diagnostics, key=lambda diagnostic: diagnostic.place.start))

    def _one(self, steps: list[Step], *, last: bool) -> None:
        """One run of the interview, from its first question to its end."""
        self.before.extend(self.plan)
        self.plan = [step for step in steps if isinstance(step, Answer)]
        self.given = next((step for step in steps if isinstance(step, Given)), self.given)
        expected = [step for step in steps if isinstance(step, Expectation)]
        self._here = [step for step in expected if step.kind in _ON_THE_SCREEN]
        self._used: set[int] = set()
        self._roster.begin(steps)
        earlier, self._run = self._run, Run()
        for asked in self._screens(earlier):
            self._run.trail.append((asked, members_of(asked.path)))
            if len(self._run.trail) > MOST_SCREENS:
                self._endless(asked)
            self._at(asked)
        self._say_not_given()
        problem = self.interview.finish() if last and not self.diagnostics else None
        if problem is not None:
            self._say_not_finished(problem)
        met = {id(step) for step in self._here if id(step) in self._used}
        judge = Judge(self._run, self.book, self.interview, self._say_not_met)
        left = [(step, self._roster.of(step)) for step in expected if id(step) not in met]
        judge.judge(replace(step, members=members) for step, members in left if members is not None)
        self.first = False

    def _screens(self, earlier: Run) -> Iterator[Asked]:
        """What is shown, screen by screen. Later runs begin at the first screen that is still shown."""
        if self.first:
            self.interview.start()
        else:
            again = (found for asked, _ in earlier.trail if (found := self.interview.jump(asked.path)) is not None)
            found = next(again, None)
            if found is None:
                return
            yield found
        prompts = 0
        while True:
            event = self.interview.next()
            if isinstance(event, End):
                return
            if isinstance(event, NewRepeat):
                prompts += 1
                if prompts < MOST_SCREENS:
                    yield from self._at_the_end_of(event)
            elif not self._empties(event):
                yield event

    # ---- members that come and go
    def _at_the_end_of(self, repeat: NewRepeat) -> Iterator[Asked]:
        """One member more, or one fewer; then those that are left are gone through again."""
        outer = members_of(repeat.path)
        removal = self._roster.next_removal(outer, repeat.name)
        if not repeat.members:
            self._roster.emptying((*outer, (repeat.name, 1)))  # it is empty already
        if repeat.members < self._roster.needs(outer, repeat.name):
            self.interview.add_member(repeat.path)
        elif removal is not None:
            step, number = removal
            if not self.interview.remove_member(repeat.path, number):
                self._roster.give_up(step)
                return
            self._renumber((*outer, (repeat.name, number)))
            self._roster.remove(step)
            screen = first_in(self._run.trail, outer, repeat.name)
            again = self.interview.jump(path_of(screen[0].name, screen[1])) if screen is not None else None
            if again is not None:
                yield again
            elif self._roster.needs(outer, repeat.name):
                self.interview.add_member(repeat.path)

    def _empties(self, asked: Asked) -> bool:
        """Whether this screen stands in a repeat that is to have no members; then they are taken out."""
        found = self._roster.emptying(members_of(asked.path))
        if found is None:
            return False
        outer, repeat = found
        path = path_of(repeat, outer)
        while self.interview.remove_member(path, 1):
            self._renumber((*outer, (repeat, 1)))
        return True

    def _renumber(self, removed: Members) -> None:
        """What was shown of a member that is gone was not shown, and those after it have other numbers."""
        now = ((asked, renumbered(members, removed)) for asked, members in self._run.trail)
        self._run.trail[:] = [(asked, members) for asked, members in now if members is not None]

    # ---- one screen
    def _at(self, asked: Asked) -> None:
        members = members_of(asked.path)
        question = self.book.question(asked.name)
        answer = self._planned(asked, self.plan)
        for step in self._here:
            wanted = self._roster.of(step)
            if asked.name in step.names and wanted is not None and within(members, wanted):
                self._used.add(id(step))
                self._judge_here(step, asked)
        if asked.note or question is None:
            return
        if answer is not None:
            self._used.add(id(answer))
            self._give(asked, answer.value, answer.place)
            return
        if asked.value and not self.first:
            return
        earlier = self._planned(asked, self.before)
        value = earlier.value if earlier is not None else given_answer(self.given, question)
        if value is not None:
            place = earlier.place if earlier is not None else self.given.place if self.given else self.scenario.place
            self._give(asked, value, place)
        elif asked.required and not asked.value:
            self._fill(asked, question)

    def _planned(self, asked: Asked, plan: list[Answer]) -> Answer | None:
        """The line that answers this question: the one for this member before the one for all, of two the lower one."""
        members = members_of(asked.path)
        about = ((one, self._roster.of(one)) for one in plan if one.question == asked.name)
        found = [one for one, wanted in about if wanted is not None and within(members, wanted)]
        return max(reversed(found), key=lambda one: len(one.members)) if found else None

    def _give(self, asked: Asked, value: str, place: Place) -> None:
        answered = self.interview.answer(value or None)
        if answered.ok:
            return
        message, why, fix = refusal(asked, self.book.stops[asked.name].item, value, answered)
        self._say(say.not_taken, place, message, why, fix)
        raise Stuck

    def _fill(self, asked: Asked, question: Question) -> None:
        """A plain valid answer for a question that must have one."""
        name = asked.name
        if question.origin is not None:
            message = f"`{name}` must be answered, and the scenario does not say how"
            fix = (
                "write `given consent in private`"
                if "pim_priv" in name or "pim_go" in name
                else "write `given consent`"
            )
            why = "The questions of the gate are never answered by themselves: they decide what is asked."
            self._say(say.no_end, self._at_fault(), message, why, f"{fix}, or: answer {name} …")
            raise Stuck
        offered = self._offered(question)
        tried = 0
        for value in candidates(question, self.book.form, offered):
            tried += 1
            if self.interview.answer(value).ok:
                return
        message = f"`{name}` must be answered, and no plain answer fits"
        why = (
            "The scenario does not speak of it, and what was tried is refused." if tried else "Nothing is offered here."
        )
        self._say(say.no_end, self.scenario.place, message, why, f"say what is answered: answer {name} …")
        raise Stuck

    def _offered(self, question: Question) -> list[str]:
        """The codes on the screen in their order; of the form's own list where nothing narrows it, which costs nothing."""
        listed = self.book.form.lists.get(question.choices or "")
        if listed is None:
            return []
        if question.within is None and question.offer is None:
            return list(
                dict.fromkeys((*(choice.code for choice in listed.choices), *sorted(refusals(question, listed))))
            )
        return [code for code, _ in self.interview.choices()]

    def _at_fault(self) -> Place:
        return self.given.place if self.given is not None else self.scenario.place

    def _judge_here(self, step: Expectation, asked: Asked) -> None:
        """What is expected of a question while it stands on the screen."""
        name = asked.name
        spoken = step.language
        if spoken and spoken != self.book.form.facts.languages[0]:
            self.interview.language(spoken)
        try:
            if step.kind == "refused":
                self._judge_refusal(step, asked)
            elif step.kind in ("label", "hint", "choice"):
                self._judge_text(step, name)
            else:
                self._judge_offer(step, name)
        finally:
            if spoken != self.book.form.facts.languages[0]:
                self.interview.language(self.book.form.facts.languages[0])

    def _judge_text(self, step: Expectation, name: str) -> None:
        """The text of a question, of its hint, or of one of its choices."""
        wanted, what, words = step.value, f"`{name}` reads", f"expect {step.kind} {name}"
        if step.kind == "label":
            found: str | None = self.interview.label()
        elif step.kind == "hint":
            found, what = self.interview.hint(), f"the hint of `{name}` reads"
        else:
            code, wanted = step.value or "", step.message
            found, what = dict(self.interview.choices()).get(code), f"the choice `{code}` of `{name}` reads"
            words += f" {self._written(name, code)}"
        if found is None:
            self._say(
                say.not_met,
                step.place,
                f"`{name}` does not offer `{step.value}`",
                "So its text is not shown.",
                "answer what stands before it so that it is offered, or take this line out",
            )
        elif _plain(found) != _plain(wanted or ""):
            why = f"It reads: {cut(found)}" if found else "It has no text."
            fix = f'if the form is right, write: {words} "{cut(found)}"'
            self._say(say.not_met, step.place, f"{what} otherwise", why, fix)

    def _written(self, name: str, value: str) -> str:
        return written(self.book.stops[name].item, value)

    def _judge_refusal(self, step: Expectation, asked: Asked) -> None:
        answered = self.interview.answer(step.value or None)
        name, value = asked.name, step.value or "a blank"
        if answered.ok:
            fix = f"add a `must` to `{name}`, or write: answer {name} {value}"
            self._say(say.not_met, step.place, f"the form takes {value} for `{name}`", "It should be refused.", fix)
            self.interview.answer(asked.value or None)
        elif not _says(answered.message, step.message):
            why = f"It says: {cut(answered.message) or 'nothing'}"
            fix = f'if the form is right, write: message "{cut(answered.message)}"'
            self._say(say.not_met, step.place, f"`{name}` is refused with other words", why, fix)

    def _judge_offer(self, step: Expectation, name: str) -> None:
        offered = [code for code, _ in self.interview.choices()]
        named = (step.value or "").split(" ")
        if step.wanted and set(named) != set(offered):
            missing = [code for code in named if code not in offered]
            more = [code for code in offered if code not in named]
            said = (("Not offered", missing), ("Offered, too", more))
            why = " ".join(f"{head}: {', '.join(codes)}." for head, codes in said if codes)
            fix = f"if the form is right, write: expect offered {name} {', '.join(offered)}"
            self._say(say.not_met, step.place, f"`{name}` offers other choices", why, fix)
        elif not step.wanted and set(named) & set(offered):
            found = ", ".join(code for code in named if code in offered)
            why = f"Offered are: {', '.join(offered)}."
            fix = "narrow the list with `within`, or take this line out"
            self._say(say.not_met, step.place, f"`{name}` offers {found}", why, fix)

    # ---- at the end of a run
    def _say_not_given(self) -> None:
        for removal in (*self._roster.removals, *self._roster.missed):
            repeat, number = removal.members[-1]
            message = f"member {number} of `{repeat}` was not there, so nobody could take it out"
            why, related = why_hidden(repeat, removal.members, self.book, self.interview)
            self._say(
                say.not_taken,
                removal.place,
                message,
                why,
                "answer what stands before it so that it is there, or take this line out",
                *related,
            )
        for empty in self._roster.emptied:
            if empty not in self._roster.done:
                why, related = why_hidden(empty.repeat, empty.members, self.book, self.interview)
                message = f"`{empty.repeat}` was not asked, so nobody could skip it"
                self._say(
                    say.not_taken, empty.place, message, why, "take this line out: it has no members anyway", *related
                )
        for answer in self.plan:
            if id(answer) in self._used:
                continue
            why, related = why_hidden(answer.question, answer.members, self.book, self.interview)
            message = f"`{answer.question}` was not asked, so nobody could answer it"
            fix = "answer what stands before it so that it is asked, or take this line out"
            self._say(say.not_taken, answer.place, message, why, fix, *related)

    def _say_not_finished(self, problem: Problem) -> None:
        what = "must be answered and is blank" if problem.status == REQUIRED else "has an answer that the form refuses"
        why = problem.message or "The phone does not let the record be finished."
        place = next((a.place for a in reversed(self.plan) if a.question == problem.name), self.scenario.place)
        fix = f"give it an answer: answer {problem.name} …"
        self._say(say.no_end, place, f"the interview cannot be finished: `{problem.name}` {what}", why, fix)

    def _endless(self, asked: Asked) -> None:
        message = f"the interview does not end: after {MOST_SCREENS} screens it is at `{asked.path}`"
        why = "A repeat is asked again and again, or far too often."
        self._say(say.no_end, self.scenario.place, message, why, "look at the `times` of the repeat")
        raise Stuck

    def _say_not_met(
        self, place: Place, title: str, why: str, fix: str, related: tuple[tuple[str, Place], ...]
    ) -> None:
        self._say(say.not_met, place, title, why, fix, *related)

    def _say(self, message: Message, place: Place, title: str, why: str, fix: str, *related: tuple[str, Place]) -> None:
        here = self.scenario
        where = ((f"in the scenario `{here.name}`", here.place),) if place is not here.place else ()
        self.diagnostics.append(message(place, title, why, fix, (*related, *where)))


def _runs(steps: Iterable[Step]) -> Iterator[list[Step]]:
    """The steps of each run; `go back` stands between two."""
    held: list[Step] = []
    for step in steps:
        if isinstance(step, GoBack):
            yield held
            held = []
        else:
            held.append(step)
    yield held


def _plain(text: str) -> str:
    return " ".join(text.split())


def _says(told: str, wanted: str | None) -> bool:
    """Whether a message holds the one that is wanted: all `must` of a question share one text on the phone."""
    return wanted is None or _plain(wanted) in _plain(told)
