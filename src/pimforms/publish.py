"""From a checked form to a server, on one page: variant, rows, package, what is there, what is demanded, what would change.

Nothing here changes a server: `servers/` does, behind the interface, when a command has shown what this page found.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from pimforms import rules
from pimforms.compare.changes import Comparison
from pimforms.compare.renames import Renames
from pimforms.compiler import Checked, compile_checked
from pimforms.diagnostics import Diagnostic, Severity, rule, rule_of, some_of
from pimforms.model.form import Form
from pimforms.model.identity import direct_identifiers
from pimforms.model.names import made_name
from pimforms.model.server import Login, Stage, Target
from pimforms.model.text import Text
from pimforms.protect.words import sentence
from pimforms.rules.modes import waived_codes
from pimforms.rules.sending import before_sending
from pimforms.rules.server import Verdict, judge
from pimforms.servers.config import ProjectSettings, ServerEntry
from pimforms.servers.interface import Live, Server
from pimforms.servers.package import Media, Package
from pimforms.servers.trouble import ServerTrouble
from pimforms.standards.data import table
from pimforms.xlsform.attachments import attachments
from pimforms.xlsform.gate import place_in
from pimforms.xlsform.rows import Sheets
from pimforms.xlsform.targets import for_target

PILOT = "pilot"
LOSSES = ("question-removed", "choice-removed")
"""Changes after which answers have no place any more, unless the rename map says where."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """One form of a push: its model, its rows as compiled, and what is sent."""

    form: Form
    sheets: Sheets
    package: Package


@dataclass(frozen=True, slots=True)
class Seen:
    """A parcel beside what the server has: the verdicts, and what would change for records that are there."""

    parcel: Parcel
    live: Live | None
    verdicts: tuple[Verdict, ...]
    comparison: Comparison | None = None
    not_renames: tuple[Diagnostic, ...] = ()

    @property
    def said(self) -> tuple[Diagnostic, ...]:
        """What the verdicts say that is wrong, warnings as well."""
        return tuple(dict.fromkeys(verdict.said for verdict in self.verdicts if verdict.said is not None))

    @property
    def refused(self) -> tuple[Diagnostic, ...]:
        return tuple(verdict.said for verdict in self.verdicts if verdict.said is not None and verdict.said.is_error)


def for_stage(form: Form, stage: Stage) -> Form:
    """The form as it goes to a stage: a pilot has a name and a title of its own, so that its records never mix."""
    if stage is not Stage.PILOT:
        return form
    words = sentence(PILOT)
    values = {
        language: f"{title} – {words.get(language, words['en'])}" for language, title in form.title.values.items()
    }
    return replace(form, name=made_name(form.name, PILOT), title=Text(values, form.title.place))


def prepare(
    checked: Checked,
    folder: Path,
    entry: ServerEntry,
    project: ProjectSettings,
    stage: Stage,
    *,
    note: str = "",
    renames: Iterable[tuple[str, str]] = (),
) -> tuple[tuple[Parcel, ...], tuple[Diagnostic, ...]]:
    """What is sent, contact form first, and what stands against sending it. No parcels if something does."""
    if checked.form is None or checked.has_errors:
        return (), checked.diagnostics
    form = for_stage(checked.form, stage)
    compiled = compile_checked(replace(checked, form=form))
    if compiled.form is None or compiled.sheets is None:
        return (), compiled.diagnostics
    pairs = [(compiled.form, compiled.sheets)]
    if compiled.contact_form is not None and compiled.contact is not None:
        # Whoever reads the code off the first form needs the second one to be there.
        pairs.insert(0, (compiled.contact_form, compiled.contact))
    said = list(before_sending(form, entry.kind, entry.host))
    for each, sheets in pairs:
        said.extend(for_target(sheets, entry.kind, folder, each.place))
    said = list(dict.fromkeys(said))
    if any(diagnostic.is_error for diagnostic in said):
        return (), (*compiled.diagnostics, *said)
    parcels = tuple(
        Parcel(each, sheets, _package(each, sheets, folder, entry, project, stage, note, tuple(renames)))
        for each, sheets in pairs
    )
    return parcels, (*compiled.diagnostics, *said)


def _package(
    form: Form,
    sheets: Sheets,
    folder: Path,
    entry: ServerEntry,
    project: ProjectSettings,
    stage: Stage,
    note: str,
    renames: tuple[tuple[str, str], ...],
) -> Package:
    facts, first = form.facts, form.facts.languages[0]
    category = table("servers")["sector"].get(facts.category or "", "")
    return Package(
        form_id=sheets.settings["form_id"],
        title=sheets.settings["form_title"],
        version=sheets.settings["version"],
        workbook=_workbook(sheets, entry.kind),
        media=tuple(Media(name, (folder / name).read_bytes()) for name in attachments(sheets)),
        description=_description(form, first),
        organisation=project.organisation or (facts.organisation.get(first) if facts.organisation else "") or "",
        sector=project.sector or category,
        country=project.country,
        collects_pii=bool(direct_identifiers(form.items)),
        encrypted="public_key" in sheets.settings,
        stage=stage,
        note=note,
        renames=renames,
        roles={role: users for role, users in entry.roles.items() if role != table("servers")["manager"]["role"]},
        access=dict(facts.access),
    )  # fmt: skip


def _workbook(sheets: Sheets, kind: str) -> bytes:
    from pimforms.xlsform.workbook import to_bytes

    if kind == "kobo":
        from pimforms.xlsform.kobo import SameKuid, for_kobo

        try:
            sheets = for_kobo(sheets)
        except SameKuid as error:
            raise ServerTrouble(error.message, error.fix, code=1) from None
    return to_bytes(sheets)


def _description(form: Form, language: str) -> str:
    told = [purpose.tell.get(language) for purpose in form.purposes.values() if purpose.tell is not None]
    return "; ".join(text for text in told if text)


def look(
    server: Server,
    login: Login,
    parcel: Parcel,
    entry: ServerEntry,
    project: ProjectSettings,
    today: date,
    *,
    live: Live | None,
    sent: bool = False,
) -> tuple[Verdict, ...]:
    """The table of what the form demands and what the server has."""
    account = entry.account or login.account
    target = Target(
        entry.name, entry.kind, entry.host, replace(login, account=account), server.found(live), parcel.package.stage,
        project.allowed, entry.roles, live.records if live else 0, project.pilot_records, sent, parcel.package.encrypted,
    )  # fmt: skip
    return judge(parcel.form, target, waived_codes(parcel.form, rules.WAIVABLE, today))


def with_places(trouble: ServerTrouble, parcel: Parcel) -> ServerTrouble:
    """A server's word about `[row : 15]` or `${name}` with the line of the form that it is about."""
    if not re.search(r"\[row\s*:|\$\{", trouble.message):
        return trouble
    place = place_in(trouble.message, parcel.sheets, parcel.form.place)
    return ServerTrouble(
        f"{trouble.message} ({place})", trouble.fix, code=trouble.code, status=trouble.status, unsure=trouble.unsure
    )


def renames_of(parcel: Parcel, parcels: Iterable[Parcel], renames: Renames) -> Renames:
    """The lines of the map that speak of this form: a split form has one map for both, and each question is in one of them."""
    own = _names(parcel)
    others = {name for each in parcels for name in _names(each)} - own
    return replace(renames, lines=tuple(line for line in renames.lines if line.new.partition("/")[0] not in others))


def _names(parcel: Parcel) -> set[str]:
    return {row.cells["name"] for row in parcel.sheets.survey if "name" in row.cells}


def changes(workbook: bytes, name: str, parcel: Parcel, renames: Renames) -> tuple[Comparison, tuple[Diagnostic, ...]]:
    """What would change for who reads the records: the live workbook beside the rows of the parcel.

    Also the lines of the rename map that do not hold between the two.
    """
    from pimforms.compare.compare import compare
    from pimforms.compare.of_rows import snapshot_of_sheets
    from pimforms.compare.renames import problems
    from pimforms.xlsform.read import read

    old = snapshot_of_sheets(read(workbook), name=name)
    new = snapshot_of_sheets(parcel.sheets, name=parcel.package.form_id)
    return compare(old, new, renames), tuple(problems(renames, old, new))


@rule("PF411", "live-records-would-break", Severity.ERROR, standard="PIM P8-08")
def breaks_data(seen: Seen, renames: Renames, *, migrate: bool) -> Iterator[Diagnostic]:
    """
    Records are on the server, and this version of the form breaks with them.

    ## Why
    A question with a new name makes a new column; the old answers stay in the old one, and whoever analyses sees half of them.
    KoboToolbox and ODK Central say little or nothing about it, and nothing about a choice that is gone. So a push stops. If it
    must be, write into `FORM.renames.csv` what each of them is called now, or nothing behind the comma if it is gone for good,
    and push with `--migrate`. `pimforms diff` shows the changes one by one.
    """
    if seen.comparison is None or seen.live is None or not seen.live.records:
        return
    breaking = seen.comparison.breaking
    open_ones = [c for c in breaking if not migrate or (c.code in LOSSES and c.name not in renames.named)]
    if not open_ones:
        return
    says = some_of([change.says for change in open_ones], 5)
    lines = [f"{old},{new}" for old, new in seen.comparison.offers] or [
        f"{change.name}," for change in open_ones if change.code in LOSSES
    ]
    write = f"write into the rename map beside the form: old,new; {'; '.join(lines[:5])}; then " if lines else ""
    yield Diagnostic(
        rule_of(breaks_data),
        f"{seen.live.records} records are there, and would not fit this version: {says}",
        seen.parcel.form.place,
        "Old answers stay in old columns, and the server says nothing of it (P8-08).",
        f"{write}push with --migrate if it must be",
    )


@rule("PF412", "changed-on-the-server", Severity.ERROR)
def somebody_changed_it(seen: Seen) -> Iterator[Diagnostic]:
    """
    Somebody changed the form on the server since it was pushed.

    ## Why
    A push would undo what they did, and they may have had a reason. `pimforms pull` fetches what is there, `pimforms diff`
    compares it with the form. Take the change into the form, or push with `--overwrite`.
    """
    if seen.live is None or seen.live.touched is None:
        return
    yield Diagnostic(
        rule_of(somebody_changed_it),
        f"somebody changed `{seen.live.form_id}` on the server: {seen.live.touched}",
        seen.parcel.form.place,
        "A push would undo that.",
        "look with `pimforms pull` and `pimforms diff`; then take it into the form, or push with --overwrite",
    )


MESSAGES = (breaks_data, somebody_changed_it)
