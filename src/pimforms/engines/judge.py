"""What a scenario expects of a whole run of the interview, judged when the run has come to its end."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property

from pimforms.engines.book import Book, path_of, within
from pimforms.engines.explain import cut, why_hidden, written
from pimforms.engines.interview import Asked, Interview
from pimforms.engines.records import Leaf, leaves
from pimforms.model.form import Repeat
from pimforms.model.scenario import REMAINDER, Expectation, Members
from pimforms.source import Place

Say = Callable[[Place, str, str, str, tuple[tuple[str, Place], ...]], None]


@dataclass
class Run:
    """What was shown, in order, with the members of the repeats that each screen stood in."""

    trail: list[tuple[Asked, Members]] = field(default_factory=list)


@dataclass
class Judge:
    """Judges expectations; `say(place, message, why, fix, related)` is called for each that is not met."""

    run: Run
    book: Book
    interview: Interview
    say: Say

    def judge(self, expected: Iterable[Expectation]) -> None:
        for step in expected:
            _KINDS[step.kind](self, step)

    @cached_property
    def sent(self) -> tuple[Leaf, ...]:
        """What would be sent now, blank answers left out."""
        return tuple(leaf for leaf in leaves(self.interview.submission(), self.book.repeats) if leaf.value)

    # ---- asked
    def asked(self, step: Expectation) -> None:
        shown = [
            asked for asked, members in self.run.trail if asked.name in step.names and within(members, step.members)
        ]
        if bool(shown) == step.wanted:
            return
        name = step.names[0] if step.wanted else shown[0].name
        if step.wanted:
            why, related = why_hidden(name, step.members, self.book, self.interview)
            fix = f"answer what stands before it so that it is asked, or write: expect not asked {name}"
            self.say(step.place, f"{_one_of(step)} was not asked", why, fix, related)
        else:
            stop = self.book.written.get(name) or self.book.stops[name]
            why = "It was shown on the screen of the phone."
            fix = f"give it a `when`, or write: expect asked {name}"
            self.say(step.place, f"`{name}` was asked", why, fix, ((f"`{name}`", stop.item.place),))

    def asked_after(self, step: Expectation) -> None:
        name = step.names[0]
        at = [
            i
            for i, (asked, members) in enumerate(self.run.trail)
            if asked.name == name and within(members, step.members)
        ]
        if not at:
            self.say(step.place, f"`{name}` was not asked", *self._hidden(step))
            return
        after = [asked for asked, _ in self.run.trail[at[-1] + 1 :] if not asked.note]
        if after:
            why = f"The next question was `{after[0].name}`, and {len(after)} were asked in all."
            self.say(
                step.place, f"something was asked after `{name}`", why, "look at the conditions of what follows", ()
            )

    def not_reached(self, step: Expectation) -> None:
        """A text, a refusal or choices are expected of a question that never stood on the screen."""
        self.say(step.place, f"`{step.names[0]}` was not asked", *self._hidden(step))

    def _hidden(self, step: Expectation) -> tuple[str, str, tuple[tuple[str, Place], ...]]:
        why, related = why_hidden(step.names[0], step.members, self.book, self.interview)
        return why, "answer what stands before it so that it is asked, or take this line out", related

    # ---- values
    def value(self, step: Expectation) -> None:
        name = step.names[0]
        for members in self._places(name, step.members):
            found = self.interview.value(path_of(name, members))
            if not _same(found or "", step.value or ""):
                fix = f"if the form is right, write: expect value {name} {self._written(name, found or '')}"
                self.say(
                    step.place,
                    f"{_named(name, members)} is {_shown(found)}, not `{step.value}`",
                    "That is its value at the end of the interview.",
                    fix,
                    (),
                )
                return

    def recorded(self, step: Expectation) -> None:
        sent = [leaf for leaf in self.sent if leaf.name in step.names and within(leaf.members, step.members)]
        if step.wanted and step.value is not None:
            wrong = [leaf for leaf in sent if not _same(leaf.value, step.value)]
            if sent and not wrong:
                return
            name = step.names[0]
            if wrong:
                fix = f"if the form is right, write: expect recorded {name} {self._written(name, wrong[0].value)}"
                message = f"{_named(name, wrong[0].members)} is recorded as `{cut(wrong[0].value)}`"
                self.say(step.place, message, f"Expected is `{cut(step.value)}`.", fix, ())
                return
        elif bool(sent) == step.wanted:
            return
        if step.wanted:
            why, related = why_hidden(step.names[0], step.members, self.book, self.interview)
            blank = self.interview.value(path_of(step.names[0], step.members)) is not None
            why = "It was asked and left blank." if blank else why
            fix = f"if the form is right, write: expect not recorded {step.names[0]}"
            self.say(step.place, f"{_one_of(step)} is not recorded", why, fix, related)
        else:
            leaf = sent[0]
            why = f"What is sent holds `{cut(leaf.value)}`."
            fix = f"look at its `when`; if the form is right, write: expect recorded {leaf.name}"
            self.say(step.place, f"{_named(leaf.name, leaf.members)} is recorded", why, fix, ())

    def nothing_recorded(self, step: Expectation) -> None:
        allowed = set(step.names)
        if REMAINDER in allowed:
            allowed |= self.book.remainder
        more = [leaf for leaf in self.sent if leaf.name not in allowed]
        if more:
            shown = ", ".join(f"{_named(leaf.name, leaf.members)} `{cut(leaf.value)}`" for leaf in more[:5])
            message = f"{'one more answer is' if len(more) == 1 else f'{len(more)} more answers are'} recorded"
            why = f"What is sent holds {shown}{' …' if len(more) > 5 else ''}."
            self.say(step.place, message, why, "find out why the form keeps it, or name it in this line", ())

    def outcome(self, step: Expectation) -> None:
        found = next((leaf.value for leaf in self.sent if leaf.name == "pim_outcome"), "")
        if found != step.value:
            message = f"the outcome is {_shown(found)}, not `{step.value}`"
            agreed = self.interview.value("pim_agree")
            why = f"`pim_agree` is {_shown(agreed)}." if agreed is not None else "The person was never asked to agree."
            self.say(step.place, message, why, f"if the form is right, write: expect outcome {found or 'complete'}", ())

    def _written(self, name: str, value: str) -> str:
        return written(self.book.stops[name].item, value)

    def _places(self, name: str, members: Members) -> list[Members]:
        """Every member that the line is about; one place for what stands in no repeat."""
        around: tuple[Repeat, ...] = self.book.stops[name].repeats
        if len(members) == len(around):
            return [members]
        inner = {found for _, found in self.run.trail if len(found) >= len(around) and within(found, members)}
        return sorted({found[: len(around)] for found in inner}) or [members]


_KINDS: dict[str, Callable[[Judge, Expectation], None]] = {
    "asked": Judge.asked,
    "asked after": Judge.asked_after,
    "refused": Judge.not_reached,
    "label": Judge.not_reached,
    "hint": Judge.not_reached,
    "choice": Judge.not_reached,
    "offered": Judge.not_reached,
    "value": Judge.value,
    "recorded": Judge.recorded,
    "nothing recorded": Judge.nothing_recorded,
    "outcome": Judge.outcome,
}


def _same(found: str, expected: str) -> bool:
    """The same text, the same number (`2` and `2.0`), or the same codes in another order."""
    if found == expected or sorted(found.split()) == sorted(expected.split()):
        return True
    try:
        return float(found) == float(expected)
    except ValueError:
        return False


def _named(name: str, members: Members) -> str:
    return f"`{name}` of member {members[-1][1]}" if members else f"`{name}`"


def _one_of(step: Expectation) -> str:
    return f"`{step.names[0]}`" if len(step.names) == 1 else f"nothing of `{', '.join(step.names[:3])} …`"


def _shown(value: str | None) -> str:
    return "hidden" if value is None else f"`{cut(value)}`" if value else "blank"
