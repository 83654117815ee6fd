"""Every example and every library module has scenarios, and they pass."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from scenario_help import checked, named, run, said

from conftest import ROOT, forms_in
from pimforms.model.walk import walk

FORMS = [
    path
    for folder in (ROOT / "examples", ROOT / "tests" / "library")
    for path in forms_in(folder)
    if "modules" not in path.parts
]
FORMS += [path for path in forms_in(ROOT / "tests" / "protect" / "forms") if path.with_suffix(".test.pim").exists()]


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_its_scenarios_pass(path: Path) -> None:
    results = run(checked(path), named(path.with_name(f"{path.stem}.test.pim")), path.parent)
    assert results
    assert [said(list(result.diagnostics)) for result in results if not result.passed] == []


def test_every_module_is_here() -> None:
    modules = {path.stem for path in (ROOT / "form_library" / "modules").glob("*.pim")}
    assert modules == {path.stem for path in FORMS if path.parent.name == "library"}


@pytest.mark.parametrize("path", [path for path in FORMS if path.parent.name == "library"], ids=lambda path: path.stem)
def test_the_scenarios_of_a_module_speak_of_what_it_asks(path: Path) -> None:
    form = checked(path).form
    assert form is not None
    used = (
        item for item in walk(form.items) if item.via is not None and path.stem in re.findall(r"\w+", item.via.text)
    )
    said = path.with_name(f"{path.stem}.test.pim").read_text(encoding="utf-8")
    assert {item.name for item in used} & set(re.findall(r"\w+", said))


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_refusal_is_tried_in_every_form_of_the_examples(path: Path) -> None:
    text = path.with_name(f"{path.stem}.test.pim").read_text(encoding="utf-8")
    assert "examples" not in path.parts or "given refusal" in text
