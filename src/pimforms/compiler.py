"""The whole way, on one page: source, tree, model, findings, protected model, rows, workbook."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from pimforms import rules
from pimforms.diagnostics import Diagnostic, Severity
from pimforms.model.form import Form, Waiver
from pimforms.resolve.form import resolve
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
    tree, diagnostics = parse(source)
    form, found = resolve(tree, folder)
    diagnostics.extend(found)
    if form is not None:
        diagnostics.extend(rules.check(form))
        diagnostics = _with_modes(diagnostics, form, today or date.today())  # noqa: DTZ011  the user's own day
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


def _with_modes(diagnostics: list[Diagnostic], form: Form, today: date) -> list[Diagnostic]:
    """`draft` turns waivable errors into warnings; a waiver that is still valid silences its rule."""
    waived = {waiver.code for waiver in form.waivers if _is_valid(waiver, today)}
    kept: list[Diagnostic] = []
    for diagnostic in diagnostics:
        if diagnostic.rule.waivable and diagnostic.code in waived:
            continue
        if diagnostic.rule.waivable and form.facts.draft and diagnostic.is_error:
            diagnostic = replace(diagnostic, severity=Severity.WARNING)  # noqa: PLW2901
        kept.append(diagnostic)
    return kept


def _is_valid(waiver: Waiver, today: date) -> bool:
    """A reason of ten words or more, and not past its day."""
    return len(waiver.because.split()) >= 10 and waiver.until >= today.isoformat()
