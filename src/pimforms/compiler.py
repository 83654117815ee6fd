"""The whole way, on one page: source, tree, model, findings, protected model, rows, workbook."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from pimforms import rules
from pimforms.diagnostics import Diagnostic
from pimforms.model.form import Form
from pimforms.model.level import Level
from pimforms.record import record
from pimforms.resolve.form import resolve
from pimforms.rules.modes import with_modes
from pimforms.source import Source, read_source
from pimforms.syntax.parse import parse

if TYPE_CHECKING:
    from pimforms.xlsform.rows import Sheets


@record
class Checked:
    """What `check` found. `form` is None if the text held none."""

    form: Form | None
    diagnostics: tuple[Diagnostic, ...]

    @property
    def has_errors(self) -> bool:
        return any(diagnostic.is_error for diagnostic in self.diagnostics)


@record
class Compiled:
    """What `compile` made. `protected` and `sheets` are None if there were errors.

    With `split contact`, `form` is what is left of it, and `contact_form` and `contact` are the form for names and numbers,
    protected, and its rows; otherwise these are None.
    """

    form: Form | None
    protected: Form | None
    sheets: Sheets | None
    diagnostics: tuple[Diagnostic, ...]
    contact_form: Form | None = None
    contact: Sheets | None = None

    @property
    def has_errors(self) -> bool:
        return any(diagnostic.is_error for diagnostic in self.diagnostics)


def check_file(path: str | Path, *, today: date | None = None, shown_as: str | None = None) -> Checked:
    """Everything that can be said about a form without writing it. Raises UnreadableSource for unreadable input."""
    return check_source(read_source(path, shown_as=shown_as), Path(path).resolve().parent, today=today)


def check_source(source: Source, folder: Path, *, today: date | None = None) -> Checked:
    """As check_file, for a text that is read already. `folder` is where its CSV files and own modules are."""
    day = today or date.today()  # noqa: DTZ011  the user's own day
    tree, diagnostics = parse(source)
    form, found = resolve(tree, folder)
    diagnostics.extend(found)
    if form is not None:
        diagnostics.extend(rules.check(form, day))
        diagnostics = with_modes(diagnostics, form, rules.WAIVABLE, day, rules.SIGNED)
    return Checked(form, tuple(sorted(dict.fromkeys(diagnostics), key=lambda diagnostic: diagnostic.order)))


def compile_file(path: str | Path, *, today: date | None = None, shown_as: str | None = None) -> Compiled:
    """A form to the rows of its workbook. Rows are made only if nothing is wrong."""
    return compile_checked(check_file(path, today=today, shown_as=shown_as))


def compile_checked(checked: Checked) -> Compiled:
    """As compile_file, for a form that is checked already. With `split contact` there are two workbooks."""
    form = checked.form
    if form is None or checked.has_errors:
        return Compiled(form, None, None, checked.diagnostics)
    from pimforms.protect.contact import protect_contact
    from pimforms.protect.split import split_contact
    from pimforms.protect.weave import protect
    from pimforms.rules.left_out import way_out_closed_to_some
    from pimforms.rules.proved import reachable_without_consent

    main, aside = split_contact(form)
    protected = protect(main)
    contact_form = protect_contact(aside) if aside is not None else None
    sheets = _rows(protected, encrypted=aside is None or main.level >= Level.SEVERE)
    contact = _rows(contact_form, encrypted=True) if contact_form is not None else None
    opened = [*reachable_without_consent(protected, sheets), *way_out_closed_to_some(protected)]
    if contact_form is not None and contact is not None:
        opened.extend(reachable_without_consent(contact_form, contact))
    if opened:
        return Compiled(main, None, None, (*checked.diagnostics, *opened))
    return Compiled(main, protected, sheets, checked.diagnostics, contact_form, contact)


def _rows(protected: Form, *, encrypted: bool) -> Sheets:
    from pimforms.protect.words import sentence
    from pimforms.xlsform.emit import emit
    from pimforms.xlsform.settings import encryption

    stamp = f" [{sentence('draft')['en']}]" if protected.facts.draft else ""
    return emit(protected, title_suffix=stamp, settings=encryption(protected.facts) if encrypted else None)
