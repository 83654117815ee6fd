"""Two forms and what is said of them, as text that a protection officer can read.

A case is a folder with `old.pim` and `new.pim`, or `old.md` and `new.md` for workbooks that others made, written as tables;
`new.renames.csv` is its rename map. `expected.txt` is the report. `pytest --rewrite` writes it anew.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from compare_help import CASES, compared

from pimforms.cli.report_diff_text import render
from pimforms.standards.data import table


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: folder.name)
def test_the_report_of_a_case(folder: Path, golden) -> None:
    golden(folder / "expected.txt", render(compared(folder), show_all=True))


def test_every_kind_of_change_is_shown_by_a_case() -> None:
    shown = {change.code for folder in CASES for change in compared(folder).changes}
    assert sorted(table("changes")["change"].keys() - shown) == []
