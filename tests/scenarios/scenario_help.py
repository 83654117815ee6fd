"""A form and its scenarios from texts, and the engine that runs them, started once."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import pytest

from conftest import TODAY
from pimforms.cli import report_text
from pimforms.compiler import Checked, check_file, check_source
from pimforms.diagnostics import Diagnostic
from pimforms.engines.process import Engine
from pimforms.engines.scenarios import Result
from pimforms.engines.trial import Trial
from pimforms.model.scenario import Scenario
from pimforms.protect.weave import protect
from pimforms.resolve.scenarios import read_scenarios
from pimforms.source import Source, normalise, read_source
from pimforms.syntax.parse import parse

HERE = Path(__file__).parent
FORM = HERE / "household.pim"


@lru_cache(maxsize=1)
def engine() -> Engine:
    """One engine for all tests. Without jpype1 they are left out."""
    pytest.importorskip("jpype")
    return Engine()


@lru_cache(maxsize=64)
def checked(path: Path) -> Checked:
    found = check_file(path, today=TODAY)
    assert [one.message for one in found.diagnostics if one.is_error] == []
    return found


def checked_text(text: str, folder: Path = HERE) -> Checked:
    found = check_source(Source("form.pim", normalise(text)), folder, today=TODAY)
    assert [one.message for one in found.diagnostics if one.is_error] == []
    return found


def read(form: Checked, source: Source) -> tuple[tuple[Scenario, ...], list[Diagnostic]]:
    """Scenarios and what is wrong in them, without an engine."""
    assert form.form is not None
    tree, diagnostics = parse(source)
    scenarios, found = read_scenarios(tree, protect(form.form))
    return scenarios, sorted([*diagnostics, *found], key=lambda diagnostic: diagnostic.order)


def named(path: Path) -> Source:
    return read_source(path, shown_as=path.name)


def run(form: Checked, source: Source, folder: Path = HERE) -> list[Result]:
    """The results of all scenarios, which must be readable."""
    trial = Trial(form, folder, engine())
    scenarios, found = trial.read(source)
    assert [one.message for one in found if one.is_error] == []
    results = trial.run(scenarios)
    assert trial.failure is None
    return results


def said(diagnostics: list[Diagnostic]) -> str:
    """The messages, with the places of the form as they are on every computer."""
    return report_text.render(diagnostics).replace(f"{HERE}/", "").replace(f"{HERE}\\", "")
