"""A form put to the test: compiled, read by the engine in its own process, and its scenarios run there one by one."""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase
from pathlib import Path

from pimforms.compiler import Checked, compile_checked
from pimforms.diagnostics import Diagnostic
from pimforms.engines import scenario_messages as say
from pimforms.engines.book import Book
from pimforms.engines.interview import EngineError
from pimforms.engines.process import Engine, to_xform
from pimforms.engines.scenarios import Result
from pimforms.engines.scripts import packed, unpacked
from pimforms.model.form import Form, Metadata, Repeat
from pimforms.model.scenario import Scenario
from pimforms.model.walk import index, walk
from pimforms.protect.gate import AGREE
from pimforms.protect.weave import split
from pimforms.resolve.scenarios import read_scenarios
from pimforms.source import Source
from pimforms.syntax.parse import parse


class Trial:
    """A form without errors, and the engine that runs it.

    `failure` is why the engine stopped, None if it did not.
    """

    def __init__(self, checked: Checked, folder: Path, engine: Engine) -> None:
        assert checked.form is not None and not checked.has_errors
        self.failure: EngineError | None = None
        self.engine = engine
        self.compiled = compile_checked(checked)
        assert self.compiled.protected is not None
        self.written, self.protected, self._folder = self.compiled.form or checked.form, self.compiled.protected, folder

    def read(self, source: Source) -> tuple[tuple[Scenario, ...], list[Diagnostic]]:
        """The scenarios of a file, and what is wrong in it."""
        tree, diagnostics = parse(source)
        scenarios, found = read_scenarios(tree, self.protected)
        return scenarios, sorted([*diagnostics, *found], key=lambda diagnostic: diagnostic.order)

    def run(self, scenarios: Sequence[Scenario]) -> list[Result]:
        """The results in order. If the engine stops, `failure` says why, and the last result is that of the scenario it was in."""
        results: list[Result] = []
        try:
            form = self.engine.load(to_xform(self.compiled.sheets), self._folder)
            self.engine.call(
                form, "scripts:open_book", packed((book_of(self.written, self.protected), tuple(scenarios)))
            )
        except EngineError as error:
            self.failure = error
            return results
        try:
            for answer in self.engine.stream(form, "scripts:run_one", range(len(scenarios))):
                results.append(unpacked(answer))
        except EngineError as error:
            self.failure = error
            results.append(_stopped(scenarios[len(results)], error))
        return results


def _stopped(scenario: Scenario, error: EngineError) -> Result:
    why = "So this scenario, and those after it, could not be run."
    message = say.no_end(scenario.place, error.message, why, error.fix or "run it again", ())
    return Result(scenario, (message,), 0.0)


_GATE = ("pim_att_*", "pim_phone_*", "pim_adult", "pim_child_age", "pim_caregiver", "pim_independent_adult",
         "pim_caregiver_agree", "pim_child_agree", "pim_check", "pim_check_again", "pim_agree", "pim_stop_*", "pim_keep_*", "pim_withdraw",
         "pim_outcome", "pim_consent_version")  # fmt: skip


def book_of(written: Form, protected: Form) -> Book:
    """The book of a form, from what the author wrote and what became of it."""
    stops = index(protected.items)
    before = {item.name for item in walk(split(written)[0])}
    gate = {name for name in stops if any(fnmatchcase(name, pattern) for pattern in _GATE)}
    recorded = {name for name, stop in stops.items() if isinstance(stop.item, Metadata)}
    repeats = frozenset(name for name, stop in stops.items() if isinstance(stop.item, Repeat))
    return Book(protected, stops, index(written.items), repeats, frozenset(before | gate | recorded), AGREE)
