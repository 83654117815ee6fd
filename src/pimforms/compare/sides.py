"""The two sides of a comparison, from their names: form texts and workbooks, later forms on servers.

Two form texts are compared as the author wrote them. Where one side is a workbook, the other one is compiled to rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pimforms.compare.of_form import snapshot_of_form, woven
from pimforms.compare.of_rows import snapshot_of_sheets
from pimforms.compare.snapshot import Snapshot
from pimforms.diagnostics import Diagnostic
from pimforms.model.form import Form
from pimforms.resolve.form import resolve
from pimforms.source import Source, UnreadableSource, read_source
from pimforms.syntax.parse import parse
from pimforms.xlsform.rows import Sheets

WORKBOOKS = (".xlsx", ".xlsm", ".xls")


class FormHasErrors(Exception):
    """A form text that cannot be compared, since what is wrong in it would look like a change."""

    def __init__(self, name: str, diagnostics: Sequence[Diagnostic]) -> None:
        super().__init__(name)
        self.name = name
        self.diagnostics = tuple(diagnostics)


@dataclass(frozen=True)
class Side:
    """One side as it was read: a form, or the rows of a workbook."""

    name: str
    form: Form | None = None
    sheets: Sheets | None = None


def side(name: str) -> Side:
    """What stands behind a name on the command line: a form text or a workbook.

    Raises UnreadableSource or xlsform.read.CannotRead for what cannot be read, FormHasErrors for a form text with errors.
    A form on a server (`kobo:FORM`) is to be one more line here: its bytes, given to `read`.
    """
    if Path(name).suffix.lower() in WORKBOOKS:
        from pimforms.xlsform.read import read

        return side_of_sheets(read(name), name)
    return side_of_source(read_source(name), Path(name).resolve().parent, name)


def side_of_sheets(sheets: Sheets, name: str) -> Side:
    """Rows as a side. Raises UnreadableSource for a workbook without questions: then it is not a form."""
    if not sheets.survey:
        fix = "name the workbook of a form: it has a sheet `survey`"
        raise UnreadableSource(name, "this workbook has no questions in a sheet called `survey`", fix)
    return Side(name, sheets=sheets)


def both(old: Side, new: Side) -> tuple[Snapshot, Snapshot]:
    """The snapshots of two sides, of one kind. What the compiler adds is made only if it can be different."""
    if old.form is not None and new.form is not None:
        first, second = snapshot_of_form(old.form, old.name), snapshot_of_form(new.form, new.name)
        if first.basis == second.basis:
            return first, second
        return replace(first, woven=woven(old.form)), replace(second, woven=woven(new.form))
    return _rows(old, new), _rows(new, old)


def _rows(one: Side, other: Side) -> Snapshot:
    """The rows of a side. Of a form that is split, those of the contact form if the other side is that one."""
    sheets = one.sheets
    if sheets is None:
        assert one.form is not None
        sheets = _compiled(one.form, one.name, other.sheets.settings.get("form_id", "") if other.sheets else "")
    return snapshot_of_sheets(sheets, one.name)


def _compiled(form: Form, name: str, form_id: str) -> Sheets:
    from pimforms.compiler import Checked, compile_checked

    compiled = compile_checked(Checked(form, ()))
    if compiled.sheets is None:
        raise FormHasErrors(name, compiled.diagnostics)
    contact = compiled.contact
    return contact if contact is not None and contact.settings["form_id"] == form_id else compiled.sheets


def side_of_source(source: Source, folder: Path, name: str) -> Side:
    """A form text that was read already; `folder` is where its CSV files and modules are. Raises FormHasErrors.

    Only errors of the text and of its names count: a form that broke a rule, or was written before it, can be compared.
    """
    tree, found = parse(source)
    form, more = resolve(tree, folder)
    found = [*found, *more]
    if form is not None and any(diagnostic.is_error for diagnostic in found):
        from datetime import date

        from pimforms import rules
        from pimforms.rules.modes import with_modes

        found = list(with_modes(found, form, rules.WAIVABLE, date.today()))  # noqa: DTZ011  the user's own day
    errors = sorted((diagnostic for diagnostic in found if diagnostic.is_error), key=lambda one: one.order)
    if form is None or errors:
        raise FormHasErrors(name, errors)
    return Side(name, form=form)
