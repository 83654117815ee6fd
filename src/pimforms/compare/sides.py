"""The two sides of a comparison, from their names: form texts and workbooks, later forms on servers.

Two form texts are compared as the author wrote them. Where one side is a workbook, the other one is compiled to rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pimforms.compare.apart import Apart
from pimforms.compare.of_form import snapshot_of_form, where, woven
from pimforms.compare.of_rows import snapshot_of_sheets
from pimforms.compare.snapshot import Snapshot, Woven
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
    """One side as it was read: a form, or the rows of a workbook; or a form that another process reads."""

    name: str
    form: Form | None = None
    sheets: Sheets | None = None
    apart: Apart | None = None


def side(name: str) -> Side:
    """What stands behind a name on the command line: a form text or a workbook.

    Raises UnreadableSource or xlsform.read.CannotRead for what cannot be read, FormHasErrors for a form text with errors.
    A form on a server (`kobo:FORM`) is to be one more line here: its bytes, given to `read`.
    """
    if Path(name).suffix.lower() in WORKBOOKS:
        from pimforms.xlsform.read import read

        return side_of_sheets(read(name), name)
    return side_of_source(read_source(name), Path(name).parent, name)


def side_of_sheets(sheets: Sheets, name: str) -> Side:
    """Rows as a side. Raises UnreadableSource for a workbook without questions: then it is not a form."""
    if not sheets.survey:
        fix = "name the workbook of a form: it has a sheet `survey`"
        raise UnreadableSource(name, "this workbook has no questions in a sheet called `survey`", fix)
    return Side(name, sheets=sheets)


def both(old: Side, new: Side) -> tuple[Snapshot, Snapshot]:
    """The snapshots of two sides, of one kind. What the compiler adds is made only if it can be different."""
    if old.sheets is not None or new.sheets is not None:
        return _rows(old, new), _rows(new, old)
    second = _snapshot(new)
    first = _snapshot(old)
    if first.basis == second.basis:
        return first, second
    added = _woven(new)
    return replace(first, woven=_woven(old)), replace(second, woven=added)


def _snapshot(one: Side) -> Snapshot:
    found = one.apart.snapshot() if one.apart is not None else None
    return found or snapshot_of_form(_form_of(one), one.name)


def _woven(one: Side) -> Woven:
    found = one.apart.woven() if one.apart is not None else None
    return found or woven(_form_of(one))


def _form_of(one: Side) -> Form:
    """The form of a side; of one that another process could not read, read here, so that it is said what is wrong."""
    form = one.form or side(one.name).form
    assert form is not None
    return form


def _rows(one: Side, other: Side) -> Snapshot:
    """The rows of a side. Of a form that is split, those of the contact form if the other side is that one."""
    if one.sheets is not None:
        return snapshot_of_sheets(one.sheets, name=one.name)
    form = _form_of(one)
    sheets = _compiled(form, one.name, other.sheets.settings.get("form_id", "") if other.sheets else "")
    # What is said of the whole stands at the form, not at its first row, which may come from the library.
    return replace(snapshot_of_sheets(sheets, name=one.name), place=where(form.place))


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
