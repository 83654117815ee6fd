"""`pimforms compile`: the workbook of a form, read by pyxform and ODK Validate before it is handed over."""

from __future__ import annotations

import argparse
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from pimforms.cli import inputs
from pimforms.cli.console import complain
from pimforms.cli.reports import print_report

if TYPE_CHECKING:
    from pimforms.xlsform.rows import Sheets


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
    books = {output: compiled.sheets}
    if compiled.contact is not None:
        beside = output.with_name(f"{output.stem}-contact.xlsx")
        if _is_folder(beside):
            return 2
        books[beside] = compiled.contact
    diagnostics = compiled.diagnostics
    drawn: dict[Path, Path] = {}
    from pimforms.xlsform.workbook import CannotWrite, replace_file, write

    try:
        for path, sheets in books.items():
            output = path
            if options.no_gate:
                write(sheets, path)
                continue
            from pimforms.xlsform.gate import pass_gate

            drawn[path] = path.with_name(f".{path.name}.unread.xlsx")
            write(sheets, drawn[path])
            diagnostics += pass_gate(sheets, compiled.form.place, workbook=drawn[path])
        # Both or neither: one of two forms alone would send people to a form that is not there.
        if not any(diagnostic.is_error for diagnostic in diagnostics):
            for path, unread in drawn.items():
                output = path
                replace_file(path, unread.read_bytes())
    except CannotWrite as error:
        complain(f"{output}: {error.message}", error.fix)
        return 2
    finally:
        for unread in drawn.values():
            with suppress(OSError):
                unread.unlink()
    print_report(diagnostics, [options.file])
    if any(diagnostic.is_error for diagnostic in diagnostics):
        return 1
    for path, sheets in books.items():
        print(f"wrote {path}{_is_encrypted(sheets)}")
    if compiled.contact is None and compiled.form.facts.split is not None:
        print("no contact form: nothing in this form identifies anybody")
    return 0


def _is_encrypted(sheets: Sheets) -> str:
    """What an encrypted form means for those who receive its records."""
    if "public_key" not in sheets.settings:
        return ""
    return " (encrypted: no table, map or export on the server, and no web form; read records with the private key)"


def _output(options: argparse.Namespace) -> Path | None:
    """Where to write; None, having said why, if it cannot be there."""
    if options.output is None and options.file == inputs.STANDARD_INPUT:
        complain("where should the workbook go?", "add -o OUT.xlsx")
        return None
    output = Path(options.output) if options.output is not None else Path(Path(options.file).stem + ".xlsx")
    if output.suffix.lower() != ".xlsx":
        complain(f"{output}: a workbook needs a name that ends in .xlsx", f"write -o {output.with_suffix('.xlsx')}")
        return None
    return None if _is_folder(output) else output


def _is_folder(output: Path) -> bool:
    """Whether a folder stands where a workbook should; then that is said."""
    if output.is_dir():
        complain(f"{output}: this is a folder", "name a file in it")
    return output.is_dir()
