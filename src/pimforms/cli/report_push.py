"""What `push` and `verify` say: the table of demands, what changes, what was done. For people, or one JSON object."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from pimforms.cli.console import complain
from pimforms.cli.remote import DONE, REFUSED_HERE, print_json
from pimforms.model.server import Stage
from pimforms.syntax.width import width

if TYPE_CHECKING:
    from pimforms.diagnostics import Diagnostic
    from pimforms.publish import Seen
    from pimforms.rules.server import Verdict
    from pimforms.servers.config import ServerEntry
    from pimforms.servers.interface import Outcome
    from pimforms.servers.trouble import ServerTrouble


def is_same(seen: Seen) -> bool:
    """Whether the server has this very package live already."""
    return seen.live is not None and seen.live.sha256 == seen.parcel.package.sha256


def once(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Each thing that is said about one place once, although two forms of a split form have it."""
    return list({(each.code, each.place, each.message): each for each in diagnostics}.values())


class Report:
    """Says things as they are found to a person; gathers them to one object for a program."""

    def __init__(self, file: str, entry: ServerEntry, stage: Stage, *, as_json: bool) -> None:
        self.file = file
        self.entry = entry
        self.stage = stage
        self.as_json = as_json
        self.forms: list[dict[str, Any]] = []
        self.diagnostics: list[Diagnostic] = []

    # ---- what was found

    def seen(self, seen: Sequence[Seen], said: Iterable[Diagnostic]) -> None:
        from pimforms.cli.reports import print_report

        self.diagnostics = list(said)
        self.forms = [as_object(each) for each in seen]
        warned = [verdict.said for each in seen for verdict in each.verdicts if verdict.said is not None]
        warned = [diagnostic for diagnostic in once(warned) if not diagnostic.is_error]
        for each in () if self.as_json else seen:
            print(_heading(each, self.entry, self.stage))
            print(table(each.verdicts))
            for line in _changes(each, self.entry, self.file):
                print(line)
        if not self.as_json:
            print_report(warned, [])
        self.diagnostics.extend(warned)

    def refused(self, diagnostics: Iterable[Diagnostic]) -> int:
        found = list(diagnostics)
        self.diagnostics.extend(found)
        if not self.as_json:
            from pimforms.cli.reports import print_report

            print_report(found, [self.file])
            print(f"nothing was sent to {self.entry.name}")
        return self._end(REFUSED_HERE)

    # ---- what was done

    def would_send(self, seen: Sequence[Seen], steps: Sequence[Sequence[str]]) -> int:
        self.forms = [{**as_object(each), "would": list(todo)} for each, todo in zip(seen, steps, strict=True)]
        for each, todo in () if self.as_json else zip(seen, steps, strict=True):
            what = f"a push would {'; '.join(todo)}" if todo else "nothing to do"
            print(f"{each.parcel.package.form_id}: {what}. Nothing was changed")
        return self._end(DONE)

    def broke_off(self, seen: Sequence[Seen], done: Sequence[Outcome], trouble: ServerTrouble) -> int:
        """Trouble with one form. What was done with those before it is told all the same. Returns the number to end with."""
        for place, outcome in enumerate(done):
            self.forms[place] = {**as_object(seen[place]), **_outcome(outcome)}
        if self.as_json:
            self._end(trouble.code, error=trouble.message, fix=trouble.fix, status=trouble.status)
        else:
            for each, outcome in zip(seen, done, strict=False):
                print("\n".join(_done(each, outcome, self.stage)))
        complain(trouble.message, trouble.fix)
        return trouble.code

    def sent(self, seen: Sequence[Seen], done: Sequence[Outcome]) -> int:
        refused = [diagnostic for each in seen for diagnostic in each.refused]
        self.forms = [{**as_object(each), **_outcome(outcome)} for each, outcome in zip(seen, done, strict=True)]
        if not self.as_json:
            for each, outcome in zip(seen, done, strict=True):
                print("\n".join(_done(each, outcome, self.stage)))
            if refused:
                from pimforms.cli.reports import print_report

                print_report(refused, [self.file])
                print("it is on the server, and the server is not as this form demands: mend that now")
        self.diagnostics.extend(refused)
        return self._end(REFUSED_HERE if refused else DONE)

    def _end(self, code: int, **more: Any) -> int:
        if self.as_json:
            from pimforms.cli import report_json

            print_json({
                "exit": code, "server": self.entry.name, "host": self.entry.host, "stage": self.stage.value,
                "forms": self.forms, "diagnostics": [report_json.as_object(each) for each in self.diagnostics], **more,
            })  # fmt: skip
        sys.stdout.flush()
        return code


def table(verdicts: Sequence[Verdict]) -> str:
    """What is demanded, what was found, and the verdict: one line each."""
    rows = [("", "demanded", "found", "verdict"), *((v.what, v.demanded, v.found, v.word) for v in verdicts)]
    widths = [max(map(width, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  " + "  ".join(cell + " " * (widths[i] - width(cell)) for i, cell in enumerate(row)).rstrip() for row in rows
    )


def _stage(stage: Stage) -> str:
    return {Stage.DRAFT: "a draft", Stage.PILOT: "a pilot", Stage.PRODUCTION: "for production"}[stage]


def _heading(seen: Seen, entry: ServerEntry, stage: Stage) -> str:
    package, live = seen.parcel.package, seen.live
    there = "not there yet"
    if live is not None:
        version = f"live: version {live.version}" if live.version is not None else "there, and not published"
        there = f"{version}, {live.records} record{'s' * (live.records != 1)}"
    return f"{package.form_id} {package.version}, {_stage(stage)}, to {entry.name} ({entry.host})\n{there}"


def _changes(seen: Seen, entry: ServerEntry, file: str) -> Iterable[str]:
    compared = seen.comparison
    if compared is None or not compared.changes:
        return
    says = {"breaks": "break data", "meaning": "change the meaning", "looks": "change looks"}
    counts = [f"{len(compared.of_kind(kind))} {words}" for kind, words in says.items() if compared.of_kind(kind)]
    yield f"changes: {', '.join(counts)} (pimforms diff {entry.name}:{seen.parcel.package.form_id} {file})"


def _done(seen: Seen, outcome: Outcome, stage: Stage) -> Iterable[str]:
    package, live = seen.parcel.package, outcome.live
    if not outcome.did:
        same = live.sha256 == package.sha256
        there = (
            f"version {live.version} is live, and" if same or stage is not Stage.DRAFT else "the draft on the server"
        )
        yield f"{package.form_id}: nothing to do, {there} is what this form says"
    else:
        yield f"{package.form_id}: {'; '.join(outcome.did)}"
        end = "not published: phones keep what they have" if stage is Stage.DRAFT else f"live: version {live.version}"
        yield f"  {end}{f' ({live.url})' if live.url else ''}"
    yield from (f"  warning: {warning}" for warning in outcome.warnings)


def as_object(seen: Seen) -> dict[str, Any]:
    package, live, compared = seen.parcel.package, seen.live, seen.comparison
    return {
        "form_id": package.form_id,
        "version": package.version,
        "sha256": package.sha256,
        "live": None if live is None else {
            "handle": live.handle, "version": live.version, "records": live.records, "url": live.url,
            "same": is_same(seen), "changed_by_others": live.touched,
        },
        "demands": [
            {"what": v.what, "demanded": v.demanded, "found": v.found, "verdict": v.word,
             "code": v.said.code if v.said is not None else None}
            for v in seen.verdicts
        ],
        "changes": None if compared is None else {
            kind: [change.says for change in compared.of_kind(kind)] for kind in ("breaks", "meaning", "looks")
        },
    }  # fmt: skip


def _outcome(outcome: Outcome) -> dict[str, Any]:
    return {
        "did": list(outcome.did),
        "warnings": list(outcome.warnings),
        "live_version": outcome.live.version,
        "url": outcome.live.url,
    }
