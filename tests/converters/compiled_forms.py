"""The forms that every converter must take: all examples, the forms of the tests that compile, and some by hand."""

from __future__ import annotations

import sys
from pathlib import Path

from conftest import ROOT, TODAY, forms_in
from pimforms.xlsform.rows import Sheets
from pimforms.xlsform.workbook import write

sys.path.append(str(ROOT / "tests" / "xlsform"))  # where the hand-made forms have their builders


def compile_all(folder: Path) -> dict[str, Path]:
    """Writes the workbook of every form into `folder`; names are file names without ending."""
    from hand_made import HAND_MADE

    written = {}
    for name, sheets in {**HAND_MADE, **_sources()}.items():
        path = folder / f"{name}.xlsx"
        write(sheets, path)
        written[name] = path
    return written


def _sources() -> dict[str, Sheets]:
    """Examples must compile; a form in the tests is taken if it does."""
    from pimforms.compiler import compile_file

    found: dict[str, Sheets] = {}
    examples = ROOT / "examples"
    for source in (*forms_in(examples), *forms_in(ROOT / "tests")):
        compiled = compile_file(str(source), today=TODAY)
        is_example = examples in source.parents
        errors = [each for each in compiled.diagnostics if each.is_error]
        if is_example and (errors or compiled.sheets is None):
            said = "\n".join(f"{each.place}: {each.code} {each.message}" for each in errors)
            raise AssertionError(f"the example {source.name} does not compile:\n{said}")
        if compiled.sheets is not None and not errors:
            name = "-".join(source.relative_to(ROOT).with_suffix("").parts)
            found[name] = compiled.sheets
            if compiled.contact is not None:
                found[f"{name}-contact"] = compiled.contact
    return found
