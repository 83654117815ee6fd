"""`pimforms show`: the rows that were added to a form, one row with its reason, or the consent as it is spoken."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from typing import TYPE_CHECKING

from pimforms.cli import inputs
from pimforms.cli.console import complain
from pimforms.cli.reports import print_report
from pimforms.syntax.width import width

if TYPE_CHECKING:
    from pimforms.compiler import Compiled
    from pimforms.model.form import Form
    from pimforms.xlsform.rows import Row


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FORM", help="a .pim file")
    parser.add_argument("name", nargs="?", metavar="NAME", help="the name of one row, or `consent`")
    inputs.add_today(parser)


def run(options: argparse.Namespace) -> int:
    """0, 1 if the form has errors, 2 if it cannot be read or has no such row."""
    from pimforms.compiler import compile_checked

    compiled = compile_checked(inputs.check(options.file, inputs.today(options)))
    if compiled.sheets is None or compiled.form is None:
        print_report(compiled.diagnostics, [options.file])
        return 1
    if options.name == "consent":
        print(consent(compiled.form))
        return 0
    if options.name is None:
        print(added(compiled.sheets.survey))
        return 0
    return _show_row(compiled, options.name)


def added(survey: Iterable[Row]) -> str:
    """The rows that no author wrote, each with the rule that asked for it and the line that it stands for."""
    from pimforms.xlsform.rows import EMISSION

    rows = [("rule", "type", "name", "line")]
    for row in survey:
        if row.rule is not None and row.rule != EMISSION and row.cells.get("name"):
            rows.append((row.rule, row.cells.get("type", ""), row.cells["name"], f"{row.place.path}:{row.place.line}"))
    if len(rows) == 1:
        return "nothing was added"
    widths = [max(width(row[i]) for row in rows) for i in range(4)]
    lines = ("  ".join(cell + " " * (widths[i] - width(cell)) for i, cell in enumerate(row)).rstrip() for row in rows)
    return "\n".join(lines)


def _show_row(compiled: Compiled, name: str) -> int:
    assert compiled.sheets is not None
    named = [row for row in compiled.sheets.survey if row.cells.get("name", "").lower() == name.lower()]
    if not named:
        import difflib

        names = [row.cells["name"] for row in compiled.sheets.survey if "name" in row.cells]
        near = difflib.get_close_matches(name, names, 1)
        complain(f"there is no row `{name}`", f"did you mean `{near[0]}`?" if near else "see all names: leave NAME out")
        return 2
    print("\n\n".join(described(row) for row in named))
    return 0


def described(row: Row) -> str:
    """One row: its cells, where it comes from, and why it is there."""
    from pimforms.catalogue import catalogue

    cells = [f"{column}: {text}".replace("\n", "\n    ") for column, text in row.cells.items() if text]
    why = "you wrote it"
    if row.rule is not None:
        rule = next((rule for rule in catalogue() if rule.code == row.rule), None)
        says = rule.page.split("\n\n", 1)[0].replace("\n", " ") if rule else "XLSForm needs it"
        why = f"{row.rule}: {says}" if rule else says
    place = row.place
    written = place.source.line_text(place.line).strip()
    return "\n".join((*cells, f"from {place}", f"    {written}", f"because {why}"))


def consent(form: Form) -> str:
    """The consent in every language of the form, screen by screen, and the question at its end."""
    from pimforms.protect.consent import screens
    from pimforms.protect.words import say

    parts = []
    for language in form.facts.languages:
        parts.append(f"[{language}]")
        parts.extend(screen.text.get(language) for screen in screens(form))
        parts.append(say("agree", language))
    return "\n\n".join(parts)
