"""`pimforms show`: the rows that were added to a form, one row with its reason, the consent as it is spoken, who gets what."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
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
    parser.add_argument("name", nargs="?", metavar="NAME", help="the name of one row, or `consent`, or `sharing`")
    inputs.add_today(parser)


def run(options: argparse.Namespace) -> int:
    """0, 1 if the form has errors, 2 if it cannot be read or has no such row."""
    from pimforms.compiler import compile_checked

    checked = inputs.check(options.file, inputs.today(options))
    if options.name == "sharing" and checked.form is not None:
        print(sharing(checked.form))  # also of a form that shares too much
        return 0
    compiled = compile_checked(checked)
    if compiled.sheets is None or compiled.form is None:
        print_report(compiled.diagnostics, [options.file])
        return 1
    if options.name == "consent":
        print(consent(compiled.form))
        if compiled.contact_form is not None:
            print(f"\n{contact_consent(compiled.contact_form)}")
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
    return _table(rows)


def _table(rows: Sequence[Sequence[str]]) -> str:
    """Columns as wide as their widest cell."""
    widths = [max(map(width, column)) for column in zip(*rows, strict=True)]
    lines = ("  ".join(cell + " " * (widths[i] - width(cell)) for i, cell in enumerate(row)).rstrip() for row in rows)
    return "\n".join(lines)


def _show_row(compiled: Compiled, name: str) -> int:
    survey = compiled.sheets.survey if compiled.sheets is not None else ()
    apart = compiled.contact.survey if compiled.contact is not None else ()
    named = [row for row in survey if row.cells.get("name", "").lower() == name.lower()]
    if not named and (named := [row for row in apart if row.cells.get("name", "").lower() == name.lower()]):
        print("in the contact form:\n")
    if not named:
        import difflib

        names = ["consent", "sharing", *(row.cells["name"] for row in (*survey, *apart) if "name" in row.cells)]
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
    """All that is heard in every language of the form, screen by screen, with the question at each end."""
    from pimforms.protect.child import assent_screens, caregiver_screens
    from pimforms.protect.consent import screens
    from pimforms.protect.words import say

    heard = [("", screens(form), "agree")]
    if form.facts.children is not None:
        heard.append((": the caregiver", caregiver_screens(form), "caregiver_agree"))
        heard.append((": the child", assent_screens(form), "child_agree"))
    parts = []
    for language in form.facts.languages:
        for who, consent, asks in heard:
            parts.append(f"[{language}{who}]")
            parts.extend(screen.text.get(language) for screen in consent)
            parts.append(say(asks, language))
    return "\n\n".join(parts)


def contact_consent(contact: Form) -> str:
    """What is heard in the contact form of a form that is split, in every language."""
    from pimforms.model.form import Note, Question
    from pimforms.model.walk import walk
    from pimforms.protect.gate import AGREE

    asked = [item for item in walk(contact.items) if isinstance(item, (Note, Question))]
    heard = [item.label for item in asked if item.name.startswith("pim_say_") or item.name == AGREE]
    parts = []
    for language in contact.facts.languages:
        parts.append(f"[{language}: the contact form]")
        parts.extend(label.get(language) for label in heard if label is not None)
    return "\n\n".join(parts)


def sharing(form: Form) -> str:
    """Who receives which answer, and how; where somebody does not, why."""
    from pimforms.model.sharing import sharing_matrix

    recipients = form.facts.recipients
    if not recipients:
        return "nothing is shared: the form has no `share with`"
    names = [next(iter(recipient.name.values.values()), "") for recipient in recipients]
    rows: list[tuple[str, ...]] = [("answer", "level", *names)]
    matrix = iter(sharing_matrix(form))
    for share in matrix:
        line = [share, *(next(matrix) for _ in recipients[1:])]
        cells = (each.how or f"no ({each.why})" for each in line)
        rows.append((share.field.name, share.field.tags.level.name, *cells))
    return _table(rows)
