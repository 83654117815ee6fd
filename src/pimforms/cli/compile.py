"""`pimforms compile`: the workbook of a form, read by pyxform and ODK Validate before it is handed over."""

from __future__ import annotations

import argparse
from contextlib import suppress
from pathlib import Path

from pimforms.cli import inputs
from pimforms.cli.console import complain
from pimforms.cli.reports import print_report


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="a .pim file")
    parser.add_argument("-o", "--output", metavar="OUT.xlsx", help="where to write (usual: the name of the form, here)")
    parser.add_argument("--no-gate", action="store_true", help="do not have pyxform and ODK Validate read the workbook")
    inputs.add_today(parser)


def run(options: argparse.Namespace) -> int:
    """0 if the workbook was written, 1 if the form or the gate says no, 2 if it cannot be read or written."""
    output = _output(options)
    if output is None:
        return 2
    from pimforms.compiler import compile_checked

    compiled = compile_checked(inputs.check(options.file, inputs.today(options)))
    if compiled.sheets is None or compiled.form is None:
        print_report(compiled.diagnostics, [options.file])
        return 1
    from pimforms.xlsform.workbook import CannotWrite, replace_file, write

    drawn = output.with_name(f".{output.name}.unread.xlsx")
    try:
        diagnostics = compiled.diagnostics
        if options.no_gate:
            write(compiled.sheets, output)
        else:
            from pimforms.xlsform.gate import pass_gate

            write(compiled.sheets, drawn)
            diagnostics += pass_gate(compiled.sheets, compiled.form.place, workbook=drawn)
            if not any(diagnostic.is_error for diagnostic in diagnostics):
                replace_file(output, drawn.read_bytes())
    except CannotWrite as error:
        complain(f"{output}: {error.message}", error.fix)
        return 2
    finally:
        with suppress(OSError):
            drawn.unlink()
    print_report(diagnostics, [options.file])
    if any(diagnostic.is_error for diagnostic in diagnostics):
        return 1
    print(f"wrote {output}")
    return 0


def _output(options: argparse.Namespace) -> Path | None:
    """Where to write; None, having said why, if it cannot be there."""
    if options.output is None and options.file == inputs.STANDARD_INPUT:
        complain("where should the workbook go?", "add -o OUT.xlsx")
        return None
    output = Path(options.output) if options.output is not None else Path(Path(options.file).stem + ".xlsx")
    if output.suffix.lower() != ".xlsx":
        complain(f"{output}: a workbook needs a name that ends in .xlsx", f"write -o {output.with_suffix('.xlsx')}")
        return None
    if output.is_dir():
        complain(f"{output}: this is a folder", "name a file in it")
        return None
    return output
