"""Interviews that do not end, engines that die, and texts that a pattern asks for."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from scenario_help import FORM, HERE, checked, named, read

from pimforms.engines.book import Book
from pimforms.engines.interview import OK, Answered, Asked, End, EngineError, NewRepeat, Problem
from pimforms.engines.process import Engine
from pimforms.engines.samples import sample
from pimforms.engines.scenarios import MOST_SCREENS, Runner
from pimforms.engines.trial import Trial, book_of
from pimforms.model.form import Form
from pimforms.protect.weave import protect


@dataclass
class Fake:
    """An interview that shows what it is told to, again and again if `endless`."""

    screens: list[Asked]
    endless: bool = False
    given: list[str | None] = field(default_factory=list)

    def start(self) -> None:
        self.at = -1

    def next(self) -> Asked | NewRepeat | End:
        self.at += 1
        if self.endless:
            return self.screens[self.at % len(self.screens)]
        return self.screens[self.at] if self.at < len(self.screens) else End()

    def answer(self, value: str | None) -> Answered:
        self.given.append(value)
        return Answered(OK)

    def jump(self, place: str) -> Asked | None:
        return None

    def add_member(self, repeat: str) -> bool:
        return True

    def remove_member(self, repeat: str, number: int) -> bool:
        return False

    def choices(self) -> tuple[tuple[str, str], ...]:
        return ()

    def label(self) -> str:
        return ""

    def hint(self) -> str:
        return ""

    def language(self, code: str) -> bool:
        return True

    def value(self, place: str) -> str | None:
        return ""

    def submission(self) -> str:
        return "<data/>"

    def finish(self) -> Problem | None:
        return None


def book() -> Book:
    form = checked(FORM).form
    assert isinstance(form, Form)
    return book_of(form, protect(form))


def scenario(text: str):
    from pimforms.source import Source

    (found,), _ = read(checked(FORM), Source("s.test.pim", f'scenario s "S"\n{text}end scenario\n'))
    return found


WATER = Asked("water", "water", False, True, "")


def test_an_endless_repeat_is_stopped() -> None:
    (found,) = Runner(scenario("expect asked water\n"), Fake([WATER], endless=True), book()).run()
    assert found.code == "PF513"
    assert str(MOST_SCREENS) in found.message


def test_a_plain_answer_is_given_where_one_is_required() -> None:
    fake = Fake([WATER])
    assert Runner(scenario("expect asked water\n"), fake, book()).run() == ()
    assert fake.given == ["tap"]


def test_an_answer_of_the_plan_is_given_in_its_turn() -> None:
    fake = Fake([Asked("members[1]/age", "age", False, True, ""), WATER])
    plan = "answer water well\nmember 1 of members\nanswer age 7\nexpect asked water\n"
    assert Runner(scenario(plan), fake, book()).run() == ()
    assert fake.given == ["7", "well"]


def test_an_engine_that_dies_is_said_with_the_scenario_it_was_in(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("jpype")
    with Engine() as engine:
        trial = Trial(checked(FORM), HERE, engine)
        scenarios, _ = trial.read(named(HERE / "running" / "passes.test.pim"))
        stream = engine.stream

        def killed(*given: object) -> object:
            engine._process.kill()
            engine._process.wait()
            return stream(*given)  # type: ignore[arg-type]

        monkeypatch.setattr(engine, "stream", killed)
        results = trial.run(scenarios)
    assert isinstance(trial.failure, EngineError)
    assert [(one.scenario.name, one.diagnostics[0].code) for one in results] == [(scenarios[0].name, "PF513")]
    assert results[0].diagnostics[0].place.line == 1


def test_an_engine_that_does_not_start_is_said() -> None:
    pytest.importorskip("jpype")
    with Engine() as engine:
        engine._process.kill()
        trial = Trial(checked(FORM), HERE, engine)
        assert trial.run([scenario("expect asked water\n")]) == []
    assert isinstance(trial.failure, EngineError)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("[A-Z][0-9]{2,3}", "A00"),
        ("H[0-9]{4}", "H0000"),
        ("^(yes|no)$", "yes"),
        (r"\+\d{3} ?\d+", "+0000"[:4] + "0"),
        ("[^0-9]+", "a"),
        (r"(?:ab){2}c?\.", "abab."),
        ("a|b", "a"),
        ("(?=x)y", None),
        ("[0-9", None),
    ],
)
def test_a_text_for_a_pattern(pattern: str, text: str | None) -> None:
    assert sample(pattern) == text
