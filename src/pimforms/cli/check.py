"""`pimforms check`: everything that is wrong in a form, and how to mend it."""

from __future__ import annotations

import argparse

from pimforms.cli import inputs
from pimforms.cli.console import complain
from pimforms.cli.reports import FORMATS, print_report
from pimforms.diagnostics import Diagnostic
from pimforms.source import UnreadableSource


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", nargs="+", metavar="FILE", help="a .pim file, or `-` for standard input")
    parser.add_argument("--format", choices=FORMATS, default="text", help="how to write what is found (usual: text)")
    inputs.add_today(parser)


def run(options: argparse.Namespace) -> int:
    """0 if no file has an error, 1 if one has, 2 if one cannot be read."""
    from pimforms.rules.left_out import not_proved

    day = inputs.today(options)
    found: list[Diagnostic] = []
    read: list[str] = []
    unproved: dict[str, None] = {}
    for path in options.files:
        try:
            checked = inputs.check(path, day)
            found.extend(checked.diagnostics)
            said = not_proved(checked.form) if checked.form is not None else None
            unproved.update({said: None} if said else {})
        except UnreadableSource as error:
            complain(f"{error.path}: {error.message}", error.fix)
        else:
            read.append(path)
    print_report(found, read, options.format)
    for said in unproved if options.format == "text" else ():
        print(said)
    if len(read) < len(options.files):
        return 2
    return 1 if any(diagnostic.is_error for diagnostic in found) else 0
