"""`pimforms push`: a form to a server, after a look at what is there, and a look at whether it arrived."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from pimforms.cli import inputs, report_push
from pimforms.cli.remote import (
    Remote,
    add_server_arguments,
    add_stage_arguments,
    folder_of,
    progress,
    remote,
    trouble_said,
)
from pimforms.model.server import Stage

if TYPE_CHECKING:
    from pimforms.compare.changes import Comparison
    from pimforms.compare.renames import Renames
    from pimforms.diagnostics import Diagnostic
    from pimforms.publish import Parcel, Seen
    from pimforms.servers.interface import Login, Outcome, Server

ACCEPTS = ("xlsform", "structure", "deleted-form", "draft")


def _kind(written: str) -> str:
    if written.partition("=")[0] not in ACCEPTS:
        raise argparse.ArgumentTypeError(f"`{written}` is no kind of warning; write one of: {', '.join(ACCEPTS)}")
    return written


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FORM", help="a .pim file")
    add_server_arguments(parser, word="--to")
    add_stage_arguments(parser, publishes=True)
    parser.add_argument("--dry-run", action="store_true", help="look at everything, and change nothing")
    parser.add_argument("--yes", action="store_true", help="do not ask before something is published")
    parser.add_argument(
        "--migrate", action="store_true",
        help="publish although records that are there break; FORM.renames.csv must name each question and choice that goes",
    )  # fmt: skip
    parser.add_argument("--renames", metavar="CSV", help="the rename map (usual: FORM.renames.csv)")
    parser.add_argument(
        "--overwrite", action="store_true", help="publish although somebody changed the form on the server"
    )
    parser.add_argument(
        "--accept", metavar="KIND", action="append", default=[], type=_kind,
        help="a kind of warning of ODK Central that you have read and accept: xlsform, structure (or "
        "structure=name,name), deleted-form, and draft for a draft of somebody else that may be replaced",
    )  # fmt: skip
    parser.add_argument("--note", metavar="TEXT", default="", help="what changed, in a line that the server keeps")
    parser.add_argument(
        "--no-gate", action="store_true", help="do not have pyxform and ODK Validate read the form first"
    )
    inputs.add_today(parser)


def run(options: argparse.Namespace) -> int:
    """0 done or nothing to do, 1 refused by the form's own rules, 2 wrong use, 3 the server refuses, 4 not reached."""
    with trouble_said(options) as ends:
        if options.file == inputs.STANDARD_INPUT:
            from pimforms.servers.config import wrong

            raise wrong("a form is pushed from a file", "name the file: its CSV files and pictures stand beside it")
        ends.append(_Push(options).run())
    return ends[0]


class _Push:
    """One run of the command: what it was asked, and what it found so far."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.day: date = inputs.today(options)
        self.stage: Stage = options.stage or Stage.DRAFT
        self.there: Remote = remote(options, folder_of(options))
        self.say = progress()
        self.report = report_push.Report(options.file, self.there.entry, self.stage, as_json=options.json)

    def run(self) -> int:
        renames, problems = self._renames()
        if problems:
            return self.report.refused(problems)
        parcels, said = self._parcels(renames)
        if not parcels:
            return self.report.refused(said)
        from pimforms.servers.open import open_server

        options = self.options
        accept = [*options.accept, *(["draft"] if options.overwrite else [])]
        server = open_server(self.there.entry, project=options.project, accept=accept)
        try:
            return self._send(server, parcels, renames, said)
        finally:
            server.close()

    def _renames(self) -> tuple[Renames, list[Diagnostic]]:
        from pimforms.compare.renames import NO_RENAMES, beside, read_renames

        path = self.options.renames or beside(self.options.file)
        if self.options.renames is None and not path.is_file():
            return NO_RENAMES, []
        return read_renames(path)

    def _parcels(self, renames: Renames) -> tuple[tuple[Parcel, ...], tuple[Diagnostic, ...]]:
        from pimforms.publish import prepare
        from pimforms.xlsform.gate import pass_gate

        self.say("reading the form")
        pairs = [(line.old, line.new) for line in (*renames.lines, *renames.gone)]
        parcels, said = prepare(
            inputs.check(self.options.file, self.day), self.there.folder, self.there.entry, self.there.project,
            self.stage, note=self.options.note, renames=pairs,
        )  # fmt: skip
        if parcels and not self.options.no_gate:
            self.say("having pyxform and ODK Validate read it")
            said += tuple(found for parcel in parcels for found in pass_gate(parcel.sheets, parcel.form.place))
            if any(diagnostic.is_error for diagnostic in said):
                return (), said
        return parcels, said

    def _send(self, server: Server, parcels: tuple[Parcel, ...], renames: Renames, said: tuple[Diagnostic, ...]) -> int:
        from pimforms.publish import renames_of
        from pimforms.servers.trouble import ServerTrouble

        self.say(f"asking {self.there.entry.host} what is there")
        login = server.login()
        seen = [self._see(server, login, parcel, renames_of(parcel, parcels, renames)) for parcel in parcels]
        self.report.seen(seen, said)
        problems = report_push.once(problem for each in seen for problem in self._problems(each, renames))
        if problems:
            return self.report.refused(problems)
        done: list[Outcome] = []
        try:
            if self.options.dry_run:
                return self.report.would_send(seen, [server.would(each.parcel.package, each.live) for each in seen])
            self._ask(server, seen)
            for each in seen:
                done.append(self._deliver(server, each))  # one by one: what was done before one fails is told
            self.say("looking whether it arrived")
            after = [self._judged(server, login, each, outcome) for each, outcome in zip(seen, done, strict=True)]
        except ServerTrouble as trouble:
            return self.report.broke_off(seen, done, trouble)
        return self.report.sent(after, done)

    def _see(self, server: Server, login: Login, parcel: Parcel, renames: Renames) -> Seen:
        from pimforms.publish import Seen, changes, look

        live = server.find(parcel.package.form_id)
        verdicts = look(server, login, parcel, self.there.entry, self.there.project, self.day, live=live)
        compared: Comparison | None = None
        wrong: tuple[Diagnostic, ...] = ()
        if live is not None and live.version is not None and live.sha256 != parcel.package.sha256:
            compared, wrong = changes(server.workbook(live), f"{self.there.entry.name}:{live.form_id}", parcel, renames)
        return Seen(parcel, live, verdicts, compared, wrong)

    def _problems(self, seen: Seen, renames: Renames) -> list[Diagnostic]:
        from pimforms.publish import breaks_data, somebody_changed_it

        problems = list(seen.refused)
        if seen.comparison is not None and self.stage is not Stage.DRAFT:
            problems += seen.not_renames
            problems += breaks_data(seen, renames, migrate=self.options.migrate)
        if not self.options.overwrite:
            problems += somebody_changed_it(seen)
        return problems

    def _ask(self, server: Server, seen: list[Seen]) -> None:
        """Publishing is asked about, unless nothing changes; a program must say --yes. Raises ServerTrouble for a no."""
        from pimforms.servers.config import wrong

        if self.stage is Stage.DRAFT or self.options.yes:
            return
        if all(report_push.is_same(each) and not server.would(each.parcel.package, each.live) for each in seen):
            return
        if sys.stdin is None or not sys.stdin.isatty():
            raise wrong("nobody was asked whether this may be published", "add --yes, or look first with --dry-run")
        print(
            f"Publish on {self.there.entry.name} ({self.there.entry.host})? [y/N] ", end="", file=sys.stderr, flush=True
        )
        if sys.stdin.readline().strip().lower() not in ("y", "yes"):
            raise wrong("nothing was published: the answer was not yes", "to publish, run it again and answer y")

    def _deliver(self, server: Server, seen: Seen) -> Outcome:
        from pimforms.publish import with_places
        from pimforms.servers.trouble import ServerTrouble

        try:
            return server.push(seen.parcel.package, seen.live, self.say)
        except ServerTrouble as trouble:
            raise with_places(trouble, seen.parcel) from None

    def _judged(self, server: Server, login: Login, seen: Seen, outcome: Outcome) -> Seen:
        from pimforms.publish import look

        sent = self.stage is not Stage.DRAFT
        verdicts = look(
            server, login, seen.parcel, self.there.entry, self.there.project, self.day, live=outcome.live, sent=sent
        )
        return replace(seen, live=outcome.live, verdicts=verdicts)
