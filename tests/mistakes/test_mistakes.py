"""Mistakes that a spreadsheet, pyxform and ODK Validate accept, and what is said about them here.

A form NUMBER_NAME.pim makes one mistake; NUMBER_NAME.txt is what `pimforms check` prints. docs/mistakes.md lists them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
import test_impossible

from conftest import ROOT, TODAY
from pimforms.cli.report_text import render
from pimforms.compiler import check_file

HERE = Path(__file__).resolve().parent
FORMS = sorted(HERE.glob("*.pim"))
PAGE = ROOT / "docs" / "mistakes.md"
ROWS = 25


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.stem)
def test_a_mistake_is_caught(form: Path, golden: Callable[[Path, str], None]) -> None:
    found = check_file(form, today=TODAY, shown_as=form.name).diagnostics
    assert found
    golden(form.with_suffix(".txt"), render(found))


def test_the_page_names_every_form_and_every_test_and_no_other() -> None:
    named = set(re.findall(r"`(\d\d_\w+|test_\w+)`", PAGE.read_text(encoding="utf-8")))
    assert named == {form.stem for form in FORMS} | {name for name in vars(test_impossible) if name.startswith("test_")}


def test_the_page_has_all_rows_in_order() -> None:
    numbers = re.findall(r"^\| (\d+) \|", PAGE.read_text(encoding="utf-8"), re.M)
    assert list(dict.fromkeys(map(int, numbers))) == list(range(1, ROWS + 1))


def test_the_page_names_the_codes_that_are_said() -> None:
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        for stem in re.findall(r"`(\d\d_\w+)`", line):
            said = set(re.findall(r"^(?:error|warning)\[(\w+)\]", (HERE / f"{stem}.txt").read_text("utf-8"), re.M))
            assert said == set(re.findall(r"\[(P\w+)\]\(", line)), stem


def test_links_of_the_page_lead_somewhere() -> None:
    rules = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
    anchors = {f"#{head.lower().replace(' ', '-')}" for head in re.findall(r"^### (.+)$", rules, re.M)}
    assert set(re.findall(r"\(rules\.md(#[^)]+)\)", PAGE.read_text(encoding="utf-8"))) <= anchors
