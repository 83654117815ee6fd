"""Questions that no walk asked: proved to be out of reach, or walked to with the answers that must lead there."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from pimforms.engines import events as ev
from pimforms.engines.events import Walked
from pimforms.engines.facts import Facts
from pimforms.engines.promises import Broken
from pimforms.engines.shrink import Plan, as_scenario
from pimforms.expressions.layout import Layout
from pimforms.model.form import Form
from pimforms.model.walk import condition_of
from pimforms.proofs.reach import Answer, Never, Reach, Witness, never_without_solver
from pimforms.proofs.solver import has_solver
from pimforms.source import Place

REACHED = "every_question_is_reached_or_proved_unreachable"
SENTENCE = "Every question is asked in some walk, or proved to be out of reach."
_ANY_TEXT = "x"
Follow = Callable[[dict[str, Any]], Walked]
"""Walks the runs and members of a plan, as `replay` takes them."""


@dataclass(frozen=True, slots=True)
class Unreachable:
    """A question that is proved to be out of reach. `because` are the conditions that cannot hold together, and whose."""

    name: str
    place: Place
    because: tuple[tuple[str, Place], ...]


@dataclass(frozen=True, slots=True)
class Missed:
    """A question that is not proved to be out of reach, and not asked where its conditions say that it is."""

    broken: Broken
    scenario: str
    walked: Walked


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of the questions that no walk asked. `open` are those of which nothing can be said."""

    open: tuple[str, ...] = ()
    unreachable: tuple[Unreachable, ...] = ()
    missed: tuple[Missed, ...] = ()
    directed: int = 0


def settle(form: Form, facts: Facts, names: Iterable[str], follow: Follow) -> Settled:
    """Settles each question: out of reach, asked by a directed walk, or missed. Without the solver only plain cases."""
    layout = Layout(form)
    if not has_solver():
        return _without_solver(form, layout, names)
    reach = Reach(form, date.today())  # noqa: DTZ011  the day on the phone
    left, unreachable, missed = [], [], []
    asked: set[str] = set()
    directed = 0
    for name in names:
        if name in asked:
            continue
        found = reach.can_be_asked(name)
        if isinstance(found, Never):
            unreachable.append(Unreachable(name, layout.stops[name].item.place, found.because))
        elif isinstance(found, Witness):
            steps = tuple((_path(answer, layout), _value(answer, facts)) for answer in found.answers)
            walked = follow({"runs": [steps], "members": _members(found, layout)})
            directed += 1
            now = {event.name for event in walked.events if event.kind == ev.ASKED}
            asked |= now
            if name not in now:
                missed.append(_missed(name, found, Plan(steps), walked, facts))
        else:
            left.append(name)
    return Settled(tuple(left), tuple(unreachable), tuple(missed), directed)


def _without_solver(form: Form, layout: Layout, names: Iterable[str]) -> Settled:
    left, unreachable = [], []
    for name in names:
        if never_without_solver(form, name):
            stop = layout.stops[name]
            whens = ((item.name, condition_of(item)) for item in (*stop.around, stop.item))
            because = tuple((each, when.place) for each, when in whens if when is not None)
            unreachable.append(Unreachable(name, stop.item.place, because))
        else:
            left.append(name)
    return Settled(tuple(left), tuple(unreachable))


def _path(answer: Answer, layout: Layout) -> str:
    numbers = [answer.member or 1]
    repeats = layout.stops[answer.name].repeats
    numbers.extend([1] * len(repeats))
    return "/".join([*(f"{repeat.name}[{numbers[at]}]" for at, repeat in enumerate(repeats)), answer.name])


def _value(answer: Answer, facts: Facts) -> str:
    if answer.value is not None:
        return answer.value
    question = facts.questions.get(answer.name)
    tried = [edge for edge in question.edges if edge] if question is not None else []
    return tried[0] if tried else _ANY_TEXT


def _members(found: Witness, layout: Layout) -> dict[str, int]:
    members: dict[str, int] = {}
    for name, number in found.members:
        around = [f"{repeat.name}[1]" for repeat in layout.stops[name].repeats]
        members["/".join([*around, name])] = number
    return members


def _missed(name: str, found: Witness, plan: Plan, walked: Walked, facts: Facts) -> Missed:
    says = f"`{name}` is asked in no walk, and these answers do not lead there though its conditions say so"
    if not found.certain:
        says = (
            f"`{name}` is asked in no walk, and nothing is proved: "
            "its conditions rest on what only the phone can work out (a file, raw XPath, a pattern)"
        )
    broken = Broken(name, says, f"expect asked {name}")
    return Missed(broken, as_scenario(plan, broken, facts, f"reach_{name}"), walked)
