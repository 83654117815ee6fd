"""Publishing one version, exactly that one; and putting everything back if the server refuses it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pimforms.servers.http import Answer
from pimforms.servers.interface import Say
from pimforms.servers.kobo import media
from pimforms.servers.kobo.api import Api
from pimforms.servers.kobo.marker import KEY
from pimforms.servers.kobo.project import Project, file, project
from pimforms.servers.trouble import ServerTrouble

_BOILERPLATE = ("ODK Validate Errors:", ">>")


@dataclass(frozen=True, slots=True)
class Before:
    """What to go back to: the project as it was, and the files that were taken out of it since."""

    found: Project
    kept: media.Kept


def publish(api: Api, ours: Project, before: Before, say: Say) -> Project:
    """Publishes the draft that `ours` describes. Returns the project, read anew, with that version live.

    Raises ServerTrouble if somebody changed the draft in between (nothing is published then), if the server refuses the
    form (the old version stays live and the draft is put back), or if it is not live afterwards.
    """
    fresh = look(api, ours.uid)
    if not same_draft(fresh, ours):
        raise changed_meanwhile(api, fresh)
    say(f"publishing {fresh.name}")
    answer = api.deploy(ours.uid, fresh.version_id, first=not fresh.raw["has_deployment"])
    if not answer.ok:
        raise _refused(api, answer, fresh, before, say)
    api.project(answer)
    found = look(api, ours.uid)
    if found.deployed_id == fresh.version_id and not same_draft(found, fresh):
        raise ServerTrouble(
            f"the form was published, but somebody changed the draft of `{found.name}` at the same moment",
            "ask who works on it, then run the same command again",
        )
    if not (found.active and found.deployed_id == fresh.version_id):
        raise ServerTrouble(
            f"{api.host} said that it published the form, and did not: phones have "
            f"{found.deployed_id or 'nothing'}, not {fresh.version_id}",
            "run the same command again; if it happens again, tell who runs the server",
            unsure=True,
        )
    return found


def look(api: Api, uid: str) -> Project:
    """The project without its files."""
    return project(api.asset(uid), api.host)


def read(api: Api, uid: str) -> Project:
    """The project with its files."""
    return replace(look(api, uid), files=tuple(file(each, api.host) for each in api.files(uid)))


def same_draft(one: Project, other: Project) -> bool:
    """Whether nobody replaced the draft. A save that changed nothing (older servers count it) is no change."""
    return one.version_id == other.version_id or (one.content_hash != "" and one.content_hash == other.content_hash)


def changed_meanwhile(api: Api, found: Project) -> ServerTrouble:
    """Somebody else works on the same form: nothing of theirs is published as ours."""
    who = f" ({found.changed_by})" if found.changed_by else ""
    return ServerTrouble(
        f"somebody changed `{found.name}` on {api.host} at the same moment{who}; nothing was published",
        "ask who works on it, then run the same command again. Older versions are under Form, Show full history",
    )


def _refused(api: Api, answer: Answer, fresh: Project, before: Before, say: Say) -> ServerTrouble:
    trouble = api.refused(answer, "publishing the form")
    if answer.status in (401, 403, 404, 410, 429, 502, 503, 504):
        return trouble
    now = look(api, fresh.uid)
    if answer.status == 405 or not same_draft(now, fresh):
        return changed_meanwhile(api, now)
    if now.deployed_id == fresh.version_id and now.active and before.found.deployed_id != fresh.version_id:
        return ServerTrouble(
            f"{api.host} published the form and then failed ({answer.status})",
            "run the same command again: it finishes what is left",
            status=answer.status,
            unsure=True,
        )
    says = _cleaned(answer.words)
    reason = f' It says: "{says}"' if says else f" It failed ({answer.status}) and gives no reason."
    return ServerTrouble(
        f"{api.host} refused to publish the form. {_back(api, now, before, say)}{reason}",
        "correct the form, then run pimforms compile: it has ODK Validate read it before anything is sent",
        status=answer.status,
    )


def _back(api: Api, now: Project, before: Before, say: Say) -> str:
    """Puts back rows, name, files and mark. Returns what is so now, in sentences; never raises ServerTrouble."""
    if not now.deployed_id:
        return "It was not published before, so phones have nothing of it; the refused draft is still there."
    try:
        if now.published:  # only files were to be changed: the rows are those that are live
            restored = now
        else:
            say("putting the draft back")
            restored = project(api.restore(now.uid, now.deployed_id), api.host)
        if restored.name != before.found.name:
            restored = project(api.change(now.uid, {"name": before.found.name}), api.host)
        media.put_back(api, now.uid, before.kept, say)
        mark = before.found.marker
        whole = None if mark is None else replace(mark, pushing=None, draft=None).json
        restored = project(api.change(now.uid, {"settings": {KEY: whole}}), api.host)
    except ServerTrouble as trouble:
        return (
            f"The old version {now.deployed_id} is still live, but the draft was not put back ({trouble.message}): open Form, "
            f"Show full history, and clone the version that is live."
        )
    same = restored.content_hash == restored.deployed_hash
    if restored.deployed_id != now.deployed_id or not same:
        return f"Phones have {restored.deployed_id}, and the draft is not the same: look at it on the server."
    lost = f" Send these files again: {', '.join(before.kept.lost)}." if before.kept.lost else ""
    return f"The old version is still live, and the draft was put back.{lost}"


def _cleaned(words: str) -> str:
    """What the server says about a form, without what only its own disk knows."""
    text = words.partition("The following files failed validation")[0]
    for each in _BOILERPLATE:
        text = text.replace(each, "")
    return " ".join(text.split())
