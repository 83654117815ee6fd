"""Scenarios in the engine of Collect: what holds passes, what does not is said with its line."""

from __future__ import annotations

from pathlib import Path

import pytest
from scenario_help import FORM, HERE, checked, named, run, said

from pimforms.diagnostics import Diagnostic

RUN = sorted((HERE / "running").glob("*.test.pim"))


@pytest.mark.parametrize("path", RUN, ids=lambda path: path.name.removesuffix(".test.pim"))
def test_what_is_said_of_a_run(path: Path, golden) -> None:
    results = run(checked(FORM), named(path))
    told: list[Diagnostic] = [diagnostic for result in results for diagnostic in result.diagnostics]
    heads = "".join(f"{'passed' if result.passed else 'FAILED'} {result.scenario.name}\n" for result in results)
    golden(path.with_name(path.name.replace(".test.pim", ".txt")), f"{heads}\n{said(told)}")


def test_the_same_scenarios_give_the_same_results() -> None:
    first, again = (run(checked(FORM), named(RUN[0])) for _ in range(2))
    assert [said(list(result.diagnostics)) for result in first] == [said(list(result.diagnostics)) for result in again]
