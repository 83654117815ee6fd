"""The examples: clean but for the warnings listed beside them, and each seeded fault said where it stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from conftest import ROOT, TODAY, forms_in
from pimforms.cli.report_text import render
from pimforms.compiler import Checked, check_file, check_source
from pimforms.model.level import Level
from pimforms.source import Source, read_source

EXAMPLES = ROOT / "examples"
F1 = EXAMPLES / "f1_core" / "f1_core.pim"
HERE = Path(__file__).parent


def report(checked: Checked) -> str:
    return render([d for d in checked.diagnostics if d.code != "PIM103"])


FORMS = forms_in(EXAMPLES)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.stem)
def test_an_example_has_no_error_and_the_warnings_listed_beside_it(form: Path) -> None:
    listed = form.with_suffix(".warnings.txt")
    expected = listed.read_text(encoding="utf-8").splitlines() if listed.exists() else []
    found = [f"{d.code} line {d.place.line}: {d.message}" for d in check_file(form, today=TODAY).diagnostics]
    assert found == expected


@pytest.mark.parametrize("name", ["coping_without_purpose", "french_missing"])
def test_a_seeded_fault_is_said_at_its_lines_and_nothing_else_is(name: str, golden) -> None:
    lines = read_source(F1).text.split("\n")
    for change in (F1.parent / "faults" / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        if change.startswith("- "):
            at = next(number for number, line in enumerate(lines) if line.strip() == change[2:].strip())
            lines[at] = ""
        elif change.startswith("+ "):
            lines[at] = change[2:]
    source = Source("f1_core.pim", "\n".join(lines))
    golden(HERE / f"{name}.txt", report(check_source(source, F1.parent, today=TODAY)))


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
