"""The order in which a form goes to ODK Central so that it can be trusted, and repeated after anything.

Look: is it there already, was its version used, is somebody else at work? Then the draft, its files, a last look, the
publication, and a look whether that is what is live. A sure no takes our draft away again; after a cut the draft stays,
and the same command takes it up.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pimforms.servers.central import attachments, drafts, errors, notes, warnings
from pimforms.servers.central.api import Api
from pimforms.servers.central.forms import FormVersion, Same
from pimforms.servers.central.workbooks import makes_entities, md5_of
from pimforms.servers.interface import Live, Say
from pimforms.servers.package import Package, Stage
from pimforms.servers.trouble import UNREACHABLE, ServerTrouble

RIGHTS = ("form.create", "form.update", "form.read", "form.list")
"""What a push needs of the login, in Central's words: Project Manager has it."""

LEFT = "; our draft is left on the server, and the same command takes it up"


@dataclass(slots=True)
class Run:
    """One push as it goes on. `did` and `warned` are for the outcome; `kept`, `made`, `sent` are for taking it back.

    `before` is the form as it was when we first looked, `draft` our draft as the server has it.
    """

    api: Api
    package: Package
    project: Mapping[str, Any]
    accept: frozenset[str]
    say: Say
    before: FormVersion | None = None
    draft: FormVersion | None = None
    kept: drafts.Kept | None = None
    made: bool = False
    sent: bool = False
    did: list[str] = field(default_factory=list)
    warned: list[str] = field(default_factory=list)

    @property
    def form_id(self) -> str:
        return self.package.form_id

    @property
    def encrypted(self) -> bool:
        """Whether records of this form will leave the phone encrypted."""
        return self.package.encrypted or self.project.get("keyId") is not None


def push(run: Run, live: Live | None) -> None:
    """Brings the form to what the package is; raises ServerTrouble. Nobody but the server remembers what was done."""
    if _nothing_to_send(run, live):
        run.say("this is what is live: nothing to send")
        return
    try:
        _send_draft(run)
        _send_files(run)
        if run.package.stage is not Stage.DRAFT:
            _publish(run)
    except ServerTrouble as trouble:
        raise _taken_back(run, trouble) from None


def would(run: Run, live: Live | None) -> tuple[str, ...]:
    """What `push` would do, in words. Nothing is sent; raises ServerTrouble where `push` would refuse before sending."""
    if _nothing_to_send(run, live):
        return ()
    steps = []
    if _own_draft(run) is None:
        steps.append(f"send version {run.package.version} as a draft")
    there = {} if run.before is None else {each.name: each.md5 for each in run.api.attachments(run.form_id)}
    steps += [f"send {media.name}" for media in run.package.media if there.get(media.name) != media.md5]
    if run.package.stage is not Stage.DRAFT:
        steps.append(f"publish version {run.package.version}")
    return tuple(steps)


def _nothing_to_send(run: Run, live: Live | None) -> bool:
    """Looks at what is there. Raises ServerTrouble if this package must not be sent."""
    run.say(f"looking at {run.form_id} on {run.api.http.host}")
    _refuse_without_rights(run)
    _refuse_entities_with_encryption(run)
    run.before = run.api.form(run.form_id)
    _refuse_if_changed(run, live)
    if run.project.get("archived"):
        run.warned.append(f"the project `{run.project.get('name')}` is archived")
    if run.before is not None and run.before.state != "open":
        run.warned.append(f"the form is {run.before.state}: it takes no new records until somebody opens it")
    if is_live(run.api, run.package, run.before):
        return True
    _refuse_used_version(run)
    return False


def is_live(api: Api, package: Package, form: FormVersion | None) -> bool:
    """Whether the package is what is live: the same workbook by md5, the same version, the same files."""
    if form is None or form.published is None or form.own_version != package.version:
        return False
    same = api.has_workbook(form.form_id, md5_of(package.workbook))
    if same is Same.ELSEWHERE:
        return notes.digest_in(form.note, form.hash) == package.sha256
    return same is Same.YES and attachments.plan(api.attachments(form.form_id), package.media).done


def _refuse_without_rights(run: Run) -> None:
    rights = run.project.get("verbs")
    missing = [right for right in RIGHTS if isinstance(rights, list) and right not in rights]
    if missing:
        raise ServerTrouble(
            f"this login may not change forms in the project `{run.project.get('name')}` ({', '.join(missing)})",
            "ask for the role Project Manager in this project; no more is needed",
            status=403,
        )


def _refuse_entities_with_encryption(run: Run) -> None:
    if run.encrypted and makes_entities(run.package.workbook):
        raise ServerTrouble(
            f"`{run.form_id}` fills an entity list, and its records are encrypted; "
            "ODK Central would take it and never fill the list, without a word",
            "take the entities out, or send the form to a project without encryption if its level allows that",
        )


def _refuse_if_changed(run: Run, live: Live | None) -> None:
    """Somebody may have published between the look on which the user decided, and now."""
    now = run.before.version if run.before is not None and run.before.published else None
    then = live.version if live is not None else None
    if now != then:
        raise ServerTrouble(
            f"somebody changed `{run.form_id}` meanwhile: {_called(now)} is live, and {_called(then)} was when we looked",
            "run the same command again and read what it would change; nothing was sent",
        )


def _refuse_used_version(run: Run) -> None:
    """Central publishes a version once, even if only a file changed. With encryption it would not stop us, so we do."""
    if run.before is None or run.before.published is None:
        return
    used = next((each for each in run.api.versions(run.form_id) if each.own_version == run.package.version), None)
    if used is None:
        return
    version = run.package.version
    if used.hash != run.before.hash:
        what = f"version {version} of `{run.form_id}` was published before (on {(used.published or '')[:10]}) and is not live now"
    elif (same := run.api.has_workbook(run.form_id, md5_of(run.package.workbook))) is Same.ELSEWHERE:
        what = (
            f"version {version} of `{run.form_id}` is live already, and this server does not let us compare its content"
        )
    elif same is Same.YES:
        what = f"only files of `{run.form_id}` changed, and ODK Central ties its files to a version; {version} is used already"
    else:
        what = f"version {version} of `{run.form_id}` is live already, with another content"
    if run.package.stage is Stage.DRAFT:
        run.warned.append(f"{what}: give it a new version before you publish it")
        return
    raise ServerTrouble(what, "give the form a new version in the `form` line, then run the same command again")


def _send_draft(run: Run) -> None:
    """Our draft on the server: the one that is there if it is ours, else an upload."""
    md5 = md5_of(run.package.workbook)
    run.draft = _own_draft(run)
    if run.draft is not None:
        run.say("the draft is there already")
        return
    run.say(f"sending version {run.package.version}")
    _upload(run)
    run.sent = True
    run.made = run.before is None
    run.did.append(f"sent version {run.package.version} as a draft")
    if run.kept is not None:
        run.warned.append(drafts.replaced(run.kept))
    run.draft = run.api.draft(run.form_id)
    if run.draft is None or run.api.has_workbook(run.form_id, md5, draft=True) is Same.NO:
        run.sent = False  # it is not ours, so it is not ours to take away
        raise _overtaken(run)


def _own_draft(run: Run) -> FormVersion | None:
    """The draft on the server if it is this package; any other is kept in `run.kept`. Raises ServerTrouble if it must stay."""
    md5 = md5_of(run.package.workbook)
    there = run.api.draft(run.form_id) if run.before is not None else None
    if there is None:
        return None
    if run.api.has_workbook(run.form_id, md5, draft=True) is Same.YES and there.own_version == run.package.version:
        _refuse_if_questions_go(run)
        return there
    run.kept = drafts.keep(run.api, there, run.package)
    drafts.refuse_unless_ours(run.kept, run.accept)
    return None


def _refuse_if_questions_go(run: Run) -> None:
    """Central warns at an upload alone. A draft that is there already may be months old, or somebody else's upload."""
    if run.before is None or run.before.published is None:
        return
    stays = set(run.api.fields(run.form_id, draft=True))
    gone = tuple(path.rpartition("/")[2] for path in run.api.fields(run.form_id) if path not in stays)
    if gone:
        warned = warnings.structure(gone)
        run.warned.append(warned.says)
        warnings.refuse_unless_accepted((warned,), run.accept, run.api.http.host)


def _upload(run: Run) -> None:
    """Without `ignoreWarnings` first. With it only if each warning is of a kind that was accepted."""
    note = notes.note_for(run.package)
    send = run.api.create if run.before is None else run.api.redraft
    answer = send(run.package.workbook, run.form_id, note)
    if errors.code_of(answer) == "400.16":
        warned = warnings.warnings_in(answer.json, run.form_id)
        run.warned.extend(each.says for each in warned)
        accept = run.accept | ({warnings.DELETED} if _nothing_lost(run, warned) else frozenset())
        warnings.refuse_unless_accepted(warned, accept, run.api.http.host)
        answer = send(run.package.workbook, run.form_id, note, ignore_warnings=True)
    if not answer.ok:
        raise errors.trouble(
            answer, run.api.http.host, f"sending `{run.form_id}`", form=run.form_id, version=run.package.version
        )


def _nothing_lost(run: Run, warned: tuple[warnings.Warned, ...]) -> bool:
    """Whether the deleted forms of this id were never published, as those that a push took away again."""
    if not any(each.kind == warnings.DELETED for each in warned):
        return False
    deleted = [each for each in run.api.forms(deleted=True) if each.form_id == run.form_id]
    return bool(deleted) and all(each.published is None for each in deleted)


def _send_files(run: Run) -> None:
    todo = attachments.plan(run.api.attachments(run.form_id, draft=True), run.package.media)
    attachments.refuse_gaps(todo, run.form_id)
    for media in todo.send:
        run.say(f"sending {media.name}")
        run.api.upload(run.form_id, media.name, media.content)
        run.did.append(f"sent {media.name}")
    if not run.encrypted:
        run.warned.extend(entity_changes(run.api.dataset_diff(run.form_id)))
    run.warned.extend(attachments.remarks(todo))


def entity_changes(diff: tuple[Mapping[str, Any], ...]) -> list[str]:
    """What a publication would do to the entity lists, which Central tells nowhere else."""
    said: list[str] = []
    for dataset in diff:
        properties = dataset.get("properties") or ()
        fresh = [str(each.get("name")) for each in properties if each.get("isNew")]
        unfilled = [str(each.get("name")) for each in properties if not each.get("inForm")]
        if dataset.get("isNew"):
            said.append(f"the entity list `{dataset.get('name')}` is new, with {', '.join(fresh) or 'no properties'}")
        elif fresh:
            said.append(f"the entity list `{dataset.get('name')}` gets new properties: {', '.join(fresh)}")
        if unfilled:
            said.append(
                f"the entity list `{dataset.get('name')}` has properties this form leaves empty: {', '.join(unfilled)}"
            )
    return said


def _publish(run: Run) -> None:
    """A last look, the publication, and a look whether that is what is live."""
    ours = run.draft
    if ours is None:
        raise _overtaken(run)
    _refuse_if_overtaken(run, ours)
    run.say(f"publishing version {run.package.version}")
    note = notes.note_for(run.package, ours.hash)
    if run.package.renames and not notes.renames_fit(run.package):
        run.warned.append(
            "the list of renamed questions is too long for the note of this publication: keep it with the form"
        )
    try:
        run.api.publish(run.form_id, run.package.version, note)
    except ServerTrouble as trouble:
        # No answer, or no draft any more: perhaps it was published all the same.
        if not (trouble.unsure or trouble.status == 404) or not _is_published(run, ours):
            raise
    run.sent = False  # it is no draft any more
    after = run.api.form(run.form_id)
    if after is None or after.published is None or after.hash != ours.hash or not is_live(run.api, run.package, after):
        raise ServerTrouble(
            f"`{run.form_id}` was published, but what is live is not what was sent; somebody changed it at this moment",
            "compare: pimforms verify; then push again",
        )
    run.did.append(f"published version {run.package.version}")


def _is_published(run: Run, ours: FormVersion) -> bool:
    try:
        now = run.api.form(run.form_id)
    except ServerTrouble:
        return False
    return now is not None and now.published is not None and now.hash == ours.hash


def _refuse_if_overtaken(run: Run, ours: FormVersion) -> None:
    """Central has no locks: the last upload wins, whoever published last is live."""
    draft = run.api.draft(run.form_id)
    if draft is None or (draft.hash, draft.version) != (ours.hash, ours.version):
        run.sent = False
        raise _overtaken(run)
    if not attachments.plan(run.api.attachments(run.form_id, draft=True), run.package.media).done:
        raise ServerTrouble(
            f"a file of `{run.form_id}` on the server is not the one that was sent",
            "run the same command again; if it says so again, somebody else changes the files of the draft",
        )
    now = run.api.form(run.form_id)
    if _published_hash(now) != _published_hash(run.before):
        raise ServerTrouble(
            f"somebody published `{run.form_id}` while it was being sent: "
            f"{_called(now.version if now else None)} is live; ours was not published",
            "run the same command again and read what it would change",
        )


def _overtaken(run: Run) -> ServerTrouble:
    return ServerTrouble(
        f"somebody else changed the draft of `{run.form_id}` while it was being sent; nothing was published",
        "agree who changes this form, then run the same command again",
    )


def _taken_back(run: Run, trouble: ServerTrouble) -> ServerTrouble:
    """The server as it was before, after a sure no. After a cut the draft stays: it is what the next run goes on with."""
    if not run.sent:
        return trouble
    left = f"{trouble.fix}{LEFT}"
    if trouble.unsure or trouble.code == UNREACHABLE or trouble.status == 401:
        return _with_fix(trouble, left)
    try:
        now = run.api.draft(run.form_id)
        if run.draft is None or now is None or now.hash != run.draft.hash:
            return trouble
        if run.made:
            run.api.delete_form(run.form_id)
        elif run.kept is not None and run.kept.whole:
            drafts.put_back(run.api, run.kept, run.package)
        else:
            run.api.delete_draft(run.form_id)
    except ServerTrouble:
        return _with_fix(trouble, left)
    run.sent = False
    return trouble


def _with_fix(trouble: ServerTrouble, fix: str) -> ServerTrouble:
    return ServerTrouble(trouble.message, fix, code=trouble.code, status=trouble.status, unsure=trouble.unsure)


def _published_hash(form: FormVersion | None) -> str | None:
    return form.hash if form is not None and form.published else None


def _called(version: str | None) -> str:
    return "nothing" if version is None else f"version {version}"
