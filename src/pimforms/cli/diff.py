"""`pimforms diff`: what changed between two forms, and what of it breaks the data."""

from __future__ import annotations

import argparse
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from pimforms.cli import inputs
from pimforms.cli.console import complain, write_bytes
from pimforms.cli.reports import print_report

if TYPE_CHECKING:
    from pimforms.compare.apart import Apart
    from pimforms.compare.renames import Renames
    from pimforms.compare.sides import Side
    from pimforms.diagnostics import Diagnostic

FORMATS = ("text", "markdown", "json")


def arguments(parser: argparse.ArgumentParser) -> None:
    side = "a .pim file, an .xlsx workbook, SERVER:FORM_ID for what is live there, or `-` for standard input"
    parser.add_argument("old", metavar="OLD", help=side)
    parser.add_argument("new", metavar="NEW", help="the same")
    parser.add_argument(
        "--renames", metavar="FILE.csv", help="the rename map (usual: NEW.renames.csv, if there is one)"
    )
    parser.add_argument("--breaking", action="store_true", help="end with 1 if something breaks data")
    parser.add_argument("--format", choices=FORMATS, default="text", help="how to write what is found (usual: text)")
    parser.add_argument("--show-all", action="store_true", help="show every change; the usual report cuts long lists")


def run(options: argparse.Namespace) -> int:
    """0; 1 with --breaking if something breaks data, or if a form or the map has errors; 2 if a file cannot be read.

    For a side on a server also 3, the server refuses, and 4, it is not reached.
    """
    if _is_same_file(options.old, options.new):
        complain(f"{options.old} and {options.new} are the same file", "name the old form first, then the new one")
        return 2
    diagnostics = "json" if options.format == "json" else "text"
    apart = _apart(options)
    from pimforms.compare.compare import compare
    from pimforms.compare.renames import problems
    from pimforms.compare.sides import FormHasErrors, Side, both
    from pimforms.servers.trouble import ServerTrouble
    from pimforms.xlsform.read import CannotRead

    try:
        new_side = _side(options.new)
        old, new = both(Side(options.old, apart=apart) if apart else _side(options.old), new_side)
        renames, found = _renames(options)
    except CannotRead as error:
        complain(f"{error.path}: {error.message}", error.fix)
        return 2
    except ServerTrouble as trouble:
        complain(trouble.message, trouble.fix)
        return trouble.code
    except FormHasErrors as error:
        print_report(error.diagnostics, [error.name], diagnostics)
        return 1
    finally:
        if apart is not None:
            apart.end()
    found = found or problems(renames, old, new)
    if found:
        print_report(found, [found[0].place.path], diagnostics)
        return 1
    comparison = compare(old, new, renames)
    report = import_module(f"pimforms.cli.report_diff_{options.format}")
    text: str = report.render(comparison, show_all=options.show_all)
    if options.format == "text":
        print(text, end="")
    else:
        write_bytes(text.encode("utf-8"))
    return 1 if options.breaking and comparison.breaking else 0


def _apart(options: argparse.Namespace) -> Apart | None:
    """The old form in a process of its own, begun before anything else is loaded, if both are long form texts."""
    if not options.old.endswith(".pim") or not options.new.endswith(".pim"):
        return None
    from pimforms.compare.apart import is_worth_it, start

    return start(options.old) if is_worth_it(options.old, options.new) else None


def _side(name: str) -> Side:
    from pimforms.compare.sides import side, side_of_sheets, side_of_source

    if on_a_server(name):
        from pimforms.cli.remote import live_workbook
        from pimforms.xlsform.read import read

        return side_of_sheets(read(live_workbook(name), shown_as=name), name)
    if name == inputs.STANDARD_INPUT:
        return side_of_source(inputs.read(name), inputs.folder_of(name), "<stdin>")
    return side(name)


def on_a_server(name: str) -> bool:
    """Whether a side is `SERVER:FORM_ID`. `C:` is a disk, and a file is a file whatever it is called."""
    server, colon, form_id = name.partition(":")
    plain = len(server) > 1 and bool(colon) and bool(form_id) and not any(sign in name for sign in "/\\")
    return plain and not Path(name).exists()


def _renames(options: argparse.Namespace) -> tuple[Renames, list[Diagnostic]]:
    from pimforms.compare.renames import NO_RENAMES, beside, read_renames

    path = Path(options.renames) if options.renames is not None else beside(options.new)
    if options.renames is None and not path.is_file():
        return NO_RENAMES, []
    return read_renames(path)


def _is_same_file(old: str, new: str) -> bool:
    if inputs.STANDARD_INPUT in (old, new):
        return old == new
    return Path(old).resolve() == Path(new).resolve()
