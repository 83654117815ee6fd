"""The sequence of a push: note it, send the rows, the name and the files, publish, note that it is done, give access.

It may break off anywhere. What was begun stands in the mark of the project, so that the next push finishes it: rows that
are sent again are no new version, because their `$kuid` stays.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from pimforms.servers.interface import Say
from pimforms.servers.kobo import access, compare, content, media, settings
from pimforms.servers.kobo.api import Api
from pimforms.servers.kobo.imports import Patience, replace_rows
from pimforms.servers.kobo.marker import KEY, Marker, Point, Pushing
from pimforms.servers.kobo.plan import Plan, live_is, plan
from pimforms.servers.kobo.project import KoboLive, Project, project
from pimforms.servers.kobo.publish import Before, changed_meanwhile, look, publish, read, same_draft
from pimforms.servers.package import Package, Stage
from pimforms.servers.trouble import ServerTrouble

_SHOWN = 5


@dataclass(slots=True)
class Push:
    """One push, and what it has done so far. `rows` are those of the package's workbook."""

    api: Api
    package: Package
    say: Say
    patience: Patience
    rows: content.Rows
    did: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    lists: Mapping[str, Any] | None = None

    def environment(self) -> Mapping[str, Any]:
        if self.lists is None:
            self.lists = self.api.environment()
        return self.lists


def new_push(api: Api, package: Package, say: Say, patience: Patience) -> Push:
    return Push(api, package, say, patience, content.from_workbook(package.workbook))


def would(push: Push, uid: str | None, seen: KoboLive | None) -> tuple[str, ...]:
    """What `into` or `into_new` would do, in words. Nothing is sent; raises ServerTrouble where they would before sending."""
    if uid is not None:
        _, todo = _looked(push, uid, seen)
        return todo.steps(push.package)
    todo = plan(push.package, push.rows.digest, _nobody(), push.environment)
    _check_users(push, todo.grants)
    return ("make a new project", *todo.steps(push.package))


def into_new(push: Push) -> Project:
    """Pushes into a project that is made for it. It is marked from its first moment, so that it is found if this breaks off."""
    mark = Marker(
        push.package.form_id, push.package.stage.value, pushing=_pushing(push, "", files=bool(push.package.media))
    )
    told = settings.settings(push.package, {}, push.environment)
    _check_users(push, access.grants(push.package, _nobody()))
    push.say("making a new project")
    made = project(push.api.create(push.package.title, {**told.changes, KEY: mark.json}), push.api.host)
    push.did.append("made a new project")
    todo = plan(push.package, push.rows.digest, made, push.environment)
    push.warnings.extend(
        [*told.warnings, *settings.lost(told.changes, made.settings, push.environment), *todo.grants.warnings]
    )
    return _carry_out(push, made, made, todo)


def into(push: Push, uid: str, seen: KoboLive | None) -> Project:
    """Pushes into a project. `seen` is what was read of it before: if it is not the same any more, nothing is done."""
    found, todo = _looked(push, uid, seen)
    push.warnings.extend([*todo.settings.warnings, *todo.grants.warnings, *_pilot(push.package, found)])
    if todo.nothing:
        return found
    marked = _note(push, found, todo)
    return _carry_out(push, found, marked, todo)


def _looked(push: Push, uid: str, seen: KoboLive | None) -> tuple[Project, Plan]:
    """The project, and what is to be done with it. Raises ServerTrouble if that must not, or cannot, be done."""
    found = read(push.api, uid)
    same = seen is None or found.version_id == seen.draft_id or found.content_hash == seen.draft_hash != ""
    if not same and not _was_begun(found):
        raise changed_meanwhile(push.api, found)
    if found.marker is not None and found.marker.form_id != push.package.form_id:
        raise ServerTrouble(
            f"`{found.name}` holds the form `{found.marker.form_id}`, not `{push.package.form_id}`",
            "name another project, or leave --project out: a new one is made",
        )
    if found.deployed_id and not found.active and push.package.stage is not Stage.DRAFT:
        raise ServerTrouble(
            f"`{found.name}` is archived on {push.api.host}: somebody closed it, and phones no longer get it; nothing was done",
            "if it is to collect data again, unarchive it there, then run the same command again",
        )
    todo = plan(push.package, push.rows.digest, found, push.environment)
    if todo.nothing:
        return found, todo
    if "change_asset" not in found.may:
        raise ServerTrouble(
            f"this account may not change `{found.name}` on {push.api.host}; nothing was done",
            f"ask {found.owner} to let this account manage the project",
        )
    _check_users(push, todo.grants)
    return found, todo


def _note(push: Push, found: Project, todo: Plan) -> Project:
    """Settings, and that a push begins. Returns the project as it is then; nobody may have changed its rows."""
    body: dict[str, Any] = dict(todo.settings.changes)
    if todo.begins:
        old = found.marker or Marker(push.package.form_id, push.package.stage.value)
        files = bool(todo.files) or (old.pushing is not None and old.pushing.media)
        mark = replace(old, pushing=_pushing(push, found.version_id, files=files))
        if mark != found.marker:
            body[KEY] = mark.json
    if not body:
        return found
    if todo.settings.changes:
        push.say("changing the settings of the project")
    marked = project(push.api.change(found.uid, {"settings": body}), push.api.host)
    if todo.settings.changes:
        push.did.append(f"changed {', '.join(sorted(todo.settings.changes))} in the settings")
        push.warnings.extend(settings.lost(todo.settings.changes, marked.settings, push.environment))
    if not same_draft(marked, found) and not _was_begun(replace(found, raw=marked.raw)):
        raise changed_meanwhile(push.api, marked)
    return marked


def _was_begun(found: Project) -> bool:
    """Whether the rows are those of a push that broke off: its import may end long after it."""
    mark = found.marker
    return mark is not None and mark.pushing is not None and mark.pushing.rows == found.rows.digest


def _carry_out(push: Push, before: Project, marked: Project, todo: Plan) -> Project:
    """Everything after the note, in this order: files reach phones only with what is published after them."""
    found = _send_rows(push, marked) if todo.rows else marked
    if found.name != push.package.title:
        push.say(f"calling the project {push.package.title}")
        renamed = project(push.api.change(found.uid, {"name": push.package.title}), push.api.host)
        if renamed.rows.digest != found.rows.digest:  # a new name is a new version, so that only the rows tell
            raise changed_meanwhile(push.api, renamed)
        found = renamed
        push.did.append(f"called the project {push.package.title}")
    kept, did = media.bring(push.api, found.uid, todo.files, push.say, keep=todo.rows and bool(before.deployed_id))
    push.did.extend(did)
    if push.package.stage is not Stage.DRAFT and _must_publish(push, before, found, todo):
        found = publish(push.api, found, Before(before, kept), push.say)
        push.did.append(f"published version {found.deployed_id}")
    if todo.begins or todo.remark:
        found = _done(push, before, found)
    return _give(push, found, todo)


def _send_rows(push: Push, marked: Project) -> Project:
    name = f"{push.package.form_id}.xlsx"
    push.say(f"sending the form ({media.size(len(push.package.workbook))})")
    made = replace_rows(push.api, marked.uid, name, push.package.workbook, push.say, push.patience)
    found = look(push.api, marked.uid)
    # Older servers do not say which version came of it: then it is ours if it is the only one since.
    ours = made == found.version_id if made is not None else found.version_count == marked.version_count + 1
    if not ours and push.rows.digest != found.rows.digest:
        raise changed_meanwhile(push.api, found)
    if same_draft(found, marked):
        return found
    if marked.version_count and found.version_count > marked.version_count + 1:
        push.warnings.append(
            "more than one version was saved while the form was sent: if somebody else changed it, their version is under "
            "Form, Show full history"
        )
    push.did.append("sent the form")
    odd = compare.between(found.rows, push.rows)
    for each in odd[:_SHOWN]:
        push.warnings.append(f"the server changed what was sent: {each.removesuffix(compare.BY_EDITOR)}")
    if len(odd) > _SHOWN:
        push.warnings.append(f"the server changed {len(odd) - _SHOWN} more things: pimforms verify names them all")
    return found


def _must_publish(push: Push, before: Project, found: Project, todo: Plan) -> bool:
    """False if phones have just this already, though it was sent again: after an edit that was not published, or a break."""
    mark = before.marker
    settled = found.published and found.active and before.name == push.package.title and not todo.files
    if not todo.publish or not settled or mark is None:
        return todo.publish
    if mark.pushing is None:
        return not live_is(push.package, found, mark)
    same = mark.pushing.sha256 == push.package.sha256 and not mark.pushing.media
    return not (same and found.version_id == found.deployed_id)


def _done(push: Push, before: Project, found: Project) -> Project:
    """Notes what is there now. With that a push is over."""
    package = push.package
    old = before.marker or Marker(package.form_id)
    workbook = hashlib.sha256(package.workbook).hexdigest()
    point = Point(package.sha256, workbook, found.version_id, found.content_hash)
    drafted = package.stage is Stage.DRAFT
    mark = Marker(
        package.form_id,
        old.stage if drafted and old.live is not None else package.stage.value,
        old.version if drafted and old.live is not None else package.version,
        package.note,
        old.live if drafted else point,
        point if drafted and not live_is(package, found, old) else None,
        None,
        {each.name: each.md5 for each in package.media},
        tuple(dict.fromkeys((*old.renames, *package.renames))),
    )
    noted = project(push.api.change(found.uid, {"settings": {KEY: mark.json}}), push.api.host)
    if not push.did:
        push.did.append(
            "finished what an earlier push had begun" if old.pushing is not None else f"noted that it is {mark.stage}"
        )
    if noted.marker != mark:
        raise ServerTrouble(
            f"{push.api.host} did not keep the note of this push",
            "run the same command again; if it happens again, tell who runs the server",
        )
    if drafted:
        has = f"version {noted.deployed_id}, as before" if noted.deployed_id else "nothing of it yet"
        push.warnings.append(f"this is a draft: phones have {has}. Push it with --pilot or --production to publish it")
    elif package.encrypted and not noted.encrypted:
        push.warnings.append(
            "the server does not treat the form as encrypted: it needs `submission_url` beside the public key "
            "(`submit to` in the form)"
        )
    return noted


def _give(push: Push, found: Project, todo: Plan) -> Project:
    if not todo.grants.missing:
        return found
    for grant in todo.grants.missing:
        push.say(f"giving {grant.user} access")
        if grant.own:
            push.api.assign(found.uid, grant.user, access.PARTIAL, [{"_submitted_by": grant.user}])
        else:
            push.api.assign(found.uid, grant.user, grant.codename)
        push.did.append(f"gave {grant.user} {grant.codename}{' for the records they sent' if grant.own else ''}")
    found = look(push.api, found.uid)
    left = access.grants(push.package, found).missing
    if left:
        raise ServerTrouble(
            f"{push.api.host} did not give {', '.join(sorted({grant.user for grant in left}))} the access that was asked for",
            "look at Settings, Sharing of the project, then run the same command again",
        )
    return found


def _check_users(push: Push, grants: access.Grants) -> None:
    """Raises ServerTrouble, before anything is done, if the server does not know somebody."""
    names = sorted({grant.user for grant in grants.missing})
    unknown = [name for name in names if not push.api.has_user(name)]
    if unknown:
        raise ServerTrouble(
            f"{push.api.host} has no account {', '.join(unknown)}; nothing was done",
            "correct the names of the people, or have the accounts made first",
        )


def _pilot(package: Package, found: Project) -> list[str]:
    mark = found.marker
    stages = {Stage.PILOT.value, Stage.PRODUCTION.value}
    if mark is None or mark.live is None or {mark.stage, package.stage.value} != stages or not found.records:
        return []
    return [f"this project was used as {mark.stage}: its {found.records} records stay in it beside those that come now"]


def _pushing(push: Push, over: str, *, files: bool) -> Pushing:
    return Pushing(push.package.sha256, over, push.rows.digest, files)


def _nobody() -> Project:
    """A project that is not there yet: nobody holds anything, and we own it."""
    return Project(
        "", "", "", "", 0, "", "", False, False, 0, "", "", {}, (), frozenset({"manage_asset"}), None, {}
    )  # fmt: skip
