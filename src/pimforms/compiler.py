"""The whole way, on one page: source, tree, model, findings, protected model, rows, workbook."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from pimforms import rules
from pimforms.diagnostics import Diagnostic
from pimforms.model.form import Form
from pimforms.resolve.form import resolve
from pimforms.rules.modes import with_modes
from pimforms.source import Source, read_source
from pimforms.syntax.parse import parse

if TYPE_CHECKING:
    from pimforms.xlsform.rows import Sheets


@dataclass(frozen=True)
class Checked:
    """What `check` found. `form` is None if the text held none."""

    form: Form | None
    diagnostics: tuple[Diagnostic, ...]

    @property
    def has_errors(self) -> bool:
        return any(diagnostic.is_error for diagnostic in self.diagnostics)


@dataclass(frozen=True)
class Compiled:
    """What `compile` made. `protected` and `sheets` are None if there were errors."""

    form: Form | None
    protected: Form | None
    sheets: Sheets | None
    diagnostics: tuple[Diagnostic, ...]

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
        diagnostics = with_modes(diagnostics, form, rules.WAIVABLE, day)
    return Checked(form, tuple(sorted(dict.fromkeys(diagnostics), key=lambda diagnostic: diagnostic.order)))


def compile_file(path: str | Path, *, today: date | None = None, shown_as: str | None = None) -> Compiled:
    """A form to the rows of its workbook. Rows are made only if nothing is wrong."""
    return compile_checked(check_file(path, today=today, shown_as=shown_as))


def compile_checked(checked: Checked) -> Compiled:
    form = checked.form
    if form is None or checked.has_errors:
        return Compiled(form, None, None, checked.diagnostics)
    from pimforms.protect.weave import protect
    from pimforms.protect.words import sentence
    from pimforms.xlsform.emit import emit

    protected = protect(form)
    stamp = f" [{sentence('draft')['en']}]" if form.facts.draft else ""
    return Compiled(form, protected, emit(protected, title_suffix=stamp), checked.diagnostics)
