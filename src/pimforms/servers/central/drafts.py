"""The draft that is on the server before ours: whose it is, what it holds, and how it is put back.

A form has one draft at a time, without locks: an upload takes its place and deletes its test records. A draft that
pimforms made can be made again from its source; any other may be the only copy of somebody's work, and is not replaced
unless the user says so. Whatever was there is kept in memory until the push has succeeded.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pimforms.servers.central import errors
from pimforms.servers.central.api import Api
from pimforms.servers.central.forms import FormVersion
from pimforms.servers.central.notes import note_for
from pimforms.servers.central.workbooks import made_by_pimforms, md5_of
from pimforms.servers.package import Package
from pimforms.servers.trouble import ServerTrouble

REPLACE = "draft"
"""What `accept` holds if a draft that somebody else made may be replaced."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A draft as it was: its workbook, or its XML if it came so, and the files that our upload would change or lose."""

    draft: FormVersion
    workbook: bytes | None
    xml: bytes | None
    files: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def ours(self) -> bool:
        return self.workbook is not None and made_by_pimforms(self.workbook)

    @property
    def whole(self) -> bool:
        """Whether it can be put back: not if the server keeps its files with another provider."""
        return self.workbook is not None or self.xml is not None


def keep(api: Api, draft: FormVersion, package: Package) -> Kept:
    """Fetches what our upload would take away."""
    try:
        return _fetched(api, draft, package)
    except ServerTrouble as trouble:
        if trouble.status is None or not 300 <= trouble.status < 400:
            raise
        return Kept(draft, None, None)


def _fetched(api: Api, draft: FormVersion, package: Package) -> Kept:
    workbook = api.workbook(draft.form_id, draft=True)
    xml = api.draft_xml(draft.form_id) if workbook is None else None
    ours = {media.name: media.md5 for media in package.media}
    lost = (
        each.name
        for each in api.attachments(draft.form_id, draft=True)
        if each.md5 is not None and ours.get(each.name) != each.md5
    )
    return Kept(draft, workbook, xml, {name: api.draft_attachment(draft.form_id, name) for name in lost})


def refuse_unless_ours(kept: Kept, accept: frozenset[str]) -> None:
    """Raises ServerTrouble if the draft is the work of somebody else, and nobody said that it may go."""
    if kept.ours or REPLACE in accept:
        return
    draft = kept.draft
    records = f", with {draft.records} test records" if draft.records else ""
    raise ServerTrouble(
        f"somebody works on a draft of `{draft.form_id}` in Central (version {draft.own_version or 'without a name'}"
        f"{records}); sending this form would delete it",
        f"ask them; to replace the draft all the same, push again with --accept {REPLACE}",
    )


def replaced(kept: Kept) -> str:
    """What to tell people of the draft that is gone."""
    records = f" and its {kept.draft.records} test records" if kept.draft.records else ""
    return f"a draft of version {kept.draft.own_version or 'without a name'}{records} was replaced"


def put_back(api: Api, kept: Kept, package: Package) -> None:
    """The draft as it was before our upload, without its test records, which Central has deleted."""
    form_id = kept.draft.form_id
    if kept.workbook is not None:
        note = f"put back by pimforms after: {note_for(package)}"[:200]
        answer = api.redraft(kept.workbook, form_id, note, ignore_warnings=True)
        if not answer.ok:
            raise errors.trouble(answer, api.http.host, "putting the draft back", form=form_id)
    elif kept.xml is not None:
        api.redraft_xml(kept.xml, form_id)
    wanted = {each.name: each.md5 for each in api.attachments(form_id, draft=True)}
    for name, content in kept.files.items():
        if name in wanted and wanted[name] != md5_of(content):
            api.upload(form_id, name, content)
