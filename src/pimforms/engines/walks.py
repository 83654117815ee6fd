"""Many interviews with a protected form, each judged by what every form promises."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pimforms.engines import events as ev
from pimforms.engines.directed import REACHED, SENTENCE, Settled, Unreachable, settle
from pimforms.engines.events import Walked
from pimforms.engines.facts import Facts, facts_of
from pimforms.engines.interview import EngineError
from pimforms.engines.process import SECONDS, Engine, to_xform
from pimforms.engines.promises import PROMISES, Broken, Promise
from pimforms.engines.shrink import Plan, as_scenario, plan_of, shortest
from pimforms.model.form import Form
from pimforms.model.walk import Stop, index
from pimforms.proofs.solver import has_solver
from pimforms.source import Place
from pimforms.xlsform.rows import Sheets

LONG = 300
"""From how many walks on it pays to wait for Java's better compiler."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A promise that was broken, in `walks` of them; `broken` is from the walk `number`, the shortest.

    `promise` is its name, `sentence` what it says; `others` are the other names that it was broken about; `scenario` are the
    lines that show it.
    """

    promise: str
    sentence: str
    broken: Broken
    number: int
    walks: int
    place: Place | None
    others: tuple[str, ...]
    scenario: str


@dataclass(frozen=True, slots=True)
class Report:
    """What came of some walks. `asked` is how many questions were asked in all, `directed` how many walks were directed.

    `unreachable` are the questions that are proved to be out of reach. `not_reached` are those that no walk reached and of
    which nothing is proved, each with its place: a promise was broken before, or there is no solver (`solver` is false).
    """

    walks: int
    seed: str
    asked: int
    findings: tuple[Finding, ...]
    not_reached: tuple[tuple[str, Place], ...]
    unreachable: tuple[Unreachable, ...] = ()
    directed: int = 0
    solver: bool = True

    @property
    def kept(self) -> bool:
        return not self.findings


def run_walks(
    form: Form,
    sheets: Sheets,
    walks: int,
    seed: int | str,
    *,
    promises: Iterable[Promise] = PROMISES,
    shrink: bool = True,
    stop: bool = False,
    seconds: float = SECONDS,
    engine: Engine | None = None,
) -> Report:
    """Walks through a protected form, as it stands in its rows. The same seed gives the same walks on any computer.

    `shrink`: look for the shortest scenario of each finding; `stop`: after the first walk that breaks a promise; `seconds`: for one walk;
    `engine`: one that runs already. Raises EngineError if there is no engine, or if it fails in a way that is not the form's.
    """
    if engine is None:
        with Engine(seconds=seconds, long=walks >= LONG) as started:
            return run_walks(form, sheets, walks, seed, promises=promises, shrink=shrink, stop=stop, engine=started)
    facts = facts_of(form, sheets)
    key = engine.load(to_xform(sheets), Path(form.folder))
    engine.call(key, "walker:prepare", {"facts": facts.to_json(), "seed": str(seed)})
    judge = _Judge(facts, tuple(promises))
    number = 0
    try:
        for number, plain in enumerate(engine.stream(key, "walker:walk", range(walks))):
            judge.look(ev.from_json(number, plain))
            if stop and judge.found:
                break
    except EngineError as error:
        raise EngineError(f"in walk {number + 1} of {walks} with seed {seed}: {error.message}", error.fix) from None
    missed = [name for name in facts.questions if name not in judge.reached]
    settled = Settled(tuple(missed))
    if missed and not judge.found:
        settled = settle(form, facts, missed, lambda plan: _follow(judge, engine, key, plan, number))
    stops = index(form.items)
    findings = [*_broken(judge, facts, stops, engine, key, shrink=shrink), *_missed(settled, stops)]
    not_reached = tuple((name, stops[name].item.place) for name in settled.open)
    return Report(
        number + 1,
        str(seed),
        judge.asked,
        tuple(findings),
        not_reached,
        settled.unreachable,
        settled.directed,
        has_solver(),
    )


def _follow(judge: _Judge, engine: Engine, key: str, plan: dict[str, Any], last: int) -> Walked:
    """One directed walk, judged like any other."""
    walked = ev.from_json(last + 1, engine.call(key, "replay:replay", plan))
    judge.look(walked)
    return walked


def _broken(
    judge: _Judge, facts: Facts, stops: Mapping[str, Stop], engine: Engine, key: str, *, shrink: bool
) -> Iterator[Finding]:
    for promise in judge.promises:
        about = judge.found.get(promise)
        if about is None:
            continue
        subject, (broken, walked) = min(about.items(), key=lambda each: len(each[1][1].events))
        scenario = _scenario(promise, broken, walked, facts, engine, key) if shrink else ""
        place = stops[subject].item.place if subject in stops else None
        others = tuple(name for name in about if name != subject)
        times = judge.times[promise]
        yield Finding(promise.__name__, _sentence(promise), broken, walked.number, times, place, others, scenario)


def _missed(settled: Settled, stops: Mapping[str, Stop]) -> Iterator[Finding]:
    """One finding for all questions that should be reached and are not."""
    if settled.missed:
        first, *others = settled.missed
        place = stops[first.broken.subject].item.place
        names = tuple(each.broken.subject for each in others)
        yield Finding(REACHED, SENTENCE, first.broken, first.walked.number, 0, place, names, first.scenario)


class _Judge:
    """Looks at walks one after the other; of what is broken about the same name it keeps the shortest walk."""

    def __init__(self, facts: Facts, promises: tuple[Promise, ...]) -> None:
        self.facts = facts
        self.promises = promises
        self.found: dict[Promise, dict[str, tuple[Broken, Walked]]] = {}
        self.times: dict[Promise, int] = {}
        self.reached: set[str] = set()
        self.asked = 0

    def look(self, walked: Walked) -> None:
        for event in walked.events:
            if event.kind == ev.ASKED:
                self.asked += 1
                self.reached.add(event.name)
        for promise in self.promises:
            broken = {each.subject: each for each in promise(walked, self.facts)}
            if broken:
                self.times[promise] = self.times.get(promise, 0) + 1
            for subject, each in broken.items():
                about = self.found.setdefault(promise, {})
                if subject not in about or len(walked.events) < len(about[subject][1].events):
                    about[subject] = each, walked


def _sentence(promise: Promise) -> str:
    return (promise.__doc__ or promise.__name__).strip().splitlines()[0]


def _scenario(promise: Promise, broken: Broken, walked: Walked, facts: Facts, engine: Engine, key: str) -> str:
    """The shortest plan of answers that breaks the promise in the same place, as a scenario."""

    def breaks(plan: Plan) -> bool:
        again = ev.from_json(walked.number, engine.call(key, "replay:replay", plan.to_json()))
        return any(each.subject == broken.subject for each in promise(again, facts))

    plan = plan_of(walked)
    short = shortest(plan, breaks)
    # Some walks cannot be written as a plan, such as one of which an answer stays that a plan gives otherwise: then all is shown.
    return as_scenario(short or plan, broken, facts, f"walk_{walked.number + 1}")
