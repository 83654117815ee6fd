"""What we publish ourselves passes our own rules on impartiality, in all languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from conftest import ROOT, TODAY, forms_in
from pimforms.compiler import check_file

FORMS = [*forms_in(ROOT / "examples"), *forms_in(ROOT / "tests" / "library")]


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_examples_and_library_have_no_finding_on_impartiality(path: Path) -> None:
    # What is recorded about an interview is a choice of each form, and stands in the lists of their warnings.
    said = check_file(path, today=TODAY).diagnostics
    found = [d for d in said if d.code.startswith("PIM7") and d.code != "PIM710"]
    assert [f"{d.place}: {d.code} {d.message}" for d in found] == []
