"""The examples: clean but for the warnings listed beside them, and each seeded fault said where it stands."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from conftest import ROOT, TODAY, forms_in
from pimforms.cli.report_text import render
from pimforms.compiler import check_file, check_source
from pimforms.model.level import Level
from pimforms.source import Source, normalise, read_source

EXAMPLES = ROOT / "examples"
F1 = EXAMPLES / "f1_core" / "f1_core.pim"
HERE = Path(__file__).parent
CLEAN = ("PIM103", "PIM318")
"""Warnings that the form without a fault has, too."""


FORMS = forms_in(EXAMPLES)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.stem)
def test_an_example_has_no_error_and_the_warnings_listed_beside_it(form: Path) -> None:
    listed = form.with_suffix(".warnings.txt")
    expected = listed.read_text(encoding="utf-8").splitlines() if listed.exists() else []
    found = [f"{d.code} line {d.place.line}: {d.message}" for d in check_file(form, today=TODAY).diagnostics]
    assert found == expected


def with_fault(form: Path, fault: Path) -> Source:
    """The form with a fault: a line after `-` goes, and the lines after `+` stand in its place."""
    lines: list[str] = read_source(form).text.split("\n")
    at = 0
    for change in fault.read_text(encoding="utf-8").splitlines():
        if change.startswith("- "):
            at = next(number for number, line in enumerate(lines) if line.strip() == change[2:].strip())
            del lines[at]
        elif change.startswith("+ "):
            lines.insert(at, change[2:])
            at += 1
    return Source(form.name, normalise("\n".join(lines)))


FAULTS = [(form, fault) for form in FORMS for fault in sorted((form.parent / "faults").glob("*.txt"))]


@pytest.mark.parametrize(("form", "fault"), FAULTS, ids=lambda path: path.stem)
def test_a_seeded_fault_is_said_at_its_lines_and_no_other_error_is(form: Path, fault: Path, golden) -> None:
    """It fires what it names, and beside that no error. Warnings that follow from it stand in the golden file, too."""
    clean = {(d.code, d.message) for d in check_file(form, today=TODAY).diagnostics}
    found = check_source(with_fault(form, fault), form.parent, today=TODAY).diagnostics
    new = [d for d in found if (d.code, d.message) not in clean and d.code not in FOLLOWS]
    named = set(re.findall(r"PI?[MF]+\d+", fault.read_text(encoding="utf-8").split("\n- ")[0]))
    assert named <= {d.code for d in new} and {d.code for d in new if d.is_error} <= named
    golden(HERE / form.stem / fault.name, render(new))


FOLLOWS = {"PIM318"}
"""Counts of questions in a warning of the clean form change with every question."""


@pytest.mark.parametrize("name", ["service_satisfaction", "market_access_ki"])
def test_a_low_form_needs_five_facts_and_no_more(name: str) -> None:
    path = EXAMPLES / "controls" / f"{name}.pim"
    form = check_file(path, today=TODAY).form
    assert form is not None and form.level is Level.LOW
    head = {"organisation", "category", "population", "contact"}
    words = [line.split()[0] for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("  ")]
    stated = [word for word in words if word in {*head, "keep", "sample", "share", "staff", "feedback", "interview"}]
    assert sorted(stated) == sorted(head)
    assert len(form.purposes) == 1 and not form.risks


def test_each_of_the_five_facts_is_needed() -> None:
    path = EXAMPLES / "controls" / "service_satisfaction.pim"
    lines = path.read_text(encoding="utf-8").splitlines()
    for fact in ("organisation", "category", "population", "contact", "purpose"):
        at = next(number for number, line in enumerate(lines) if line.split()[:1] == [fact])
        text = "\n".join(line for number, line in enumerate(lines) if number != at) + "\n"
        assert check_source(Source("x.pim", text), path.parent, today=TODAY).has_errors, fact
