"""Imports on a fake KoboToolbox: they take a while, go on by themselves, and tell how they ended (a008, a034, b003 and others)."""

from __future__ import annotations

import re
from email import message_from_bytes
from email.policy import HTTP
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

import fake_kobo_rows as rows
from fake_kobo_state import ALL, Import, Permission
from loopback import Asked, Given

if TYPE_CHECKING:
    from fake_kobo import FakeKobo


def start(fake: FakeKobo, asked: Asked, user: str) -> Given:
    fields, files = multipart(asked)
    name, workbook = files.get("file", ("", b""))
    task = Import(fake.uid("i"), user, fields.get("destination"), workbook, fields.get("name", name),
                  fields.get("library") not in ("false", "False"), fake.tick(), fake.waits)  # fmt: skip
    fake.imports[task.uid] = task
    body = {"uid": task.uid, "url": fake.views.url(f"imports/{task.uid}/"), "status": "processing"}
    return Given(201, body, source="a032" if task.destination else "a008")


def status(fake: FakeKobo, asked: Asked, user: str, uid: str) -> Given:
    task = fake.imports.get(uid)
    if task is None or task.user != user:
        return Given(404, {"detail": "No ImportTask matches the given query."}, source="g030")
    answer = task.answer or {"status": "created", "messages": {}}
    date = fake.views.date(task.created)
    return Given(200, {"status": answer["status"], "uid": uid, "messages": answer["messages"], "date_created": date},
                 source=task.source)  # fmt: skip


def work(fake: FakeKobo) -> None:
    """Imports go on by themselves, whoever asks for what."""
    for task in fake.imports.values():
        if task.answer is None:
            task.waits -= 1
            if task.waits < 0:
                _import(fake, task)


def _import(fake: FakeKobo, task: Import) -> None:
    try:
        task.answer = {"status": "complete", "messages": _imported(fake, task)}
        task.source = "a034" if task.destination else "a010"
    except rows.NotRead as no:
        task.answer = {"status": "error", "messages": {"error": no.said, "error_type": no.kind}}
        task.source = no.source


def _imported(fake: FakeKobo, task: Import) -> dict[str, Any]:
    asset = old_name = None
    if task.destination is not None:
        match = re.search(r"/api/v2/assets/(\w+)/$", task.destination)
        if match is None:
            raise rows.NotRead("Resolver404", f"{{'path': '{task.destination}'}}", "b128")
        asset = fake.assets.get(match[1])
        if asset is None:
            raise rows.NotRead("DoesNotExist", "Asset matching query does not exist.", "b125")
        if "change_asset" not in asset.held(task.user):
            raise rows.NotRead("PermissionDenied", "user cannot update asset", "g029")
        old_name = asset.name
    made, title = rows.content(task.workbook, fake._numbers)
    if asset is None:
        asset = fake.make(task.user, title, "block" if task.library else "survey")
        asset.versions.clear()
        asset.created_by = None
    if asset.kind == "empty":
        asset.kind, asset.settings = "survey", fake.merged(asset.settings, {})
        asset.permissions = [Permission(fake.uid("p"), asset.owner, each) for each in ALL]
    asset.save(fake.uid("v"), fake.tick(), content=made, name=title or asset.name, always=fake.every_save)
    told = {"uid": asset.uid, "kind": "asset", "summary": rows.summary(made), "owner__username": task.user}
    if task.destination is None:
        return {"created": [told]}
    log = {"source": "Python Requests (Other)", "asset_id": 1, "new_name": asset.name, "old_name": old_name, "asset_uid": asset.uid,
           "ip_address": "127.0.0.1", "project_owner": asset.owner, "latest_version_uid": asset.draft.uid}  # fmt: skip
    return {"updated": [told], **({"audit_logs": [log]} if fake.tells_version else {})}


def multipart(asked: Asked) -> tuple[dict[str, str], dict[str, tuple[str, bytes]]]:
    """The fields and the files of a form that was sent."""
    kind = asked.headers.get("Content-Type", "")
    if kind.startswith("application/x-www-form-urlencoded"):
        return dict(parse_qsl(asked.body.decode())), {}
    message = message_from_bytes(f"Content-Type: {kind}\r\n\r\n".encode() + asked.body, policy=HTTP)
    fields: dict[str, str] = {}
    files: dict[str, tuple[str, bytes]] = {}
    for part in message.iter_parts() if message.is_multipart() else ():
        name = part.get_param("name", header="content-disposition")
        sent = part.get_payload(decode=True)
        filename = part.get_filename()
        if filename is None:
            fields[str(name)] = sent.decode()
        else:
            files[str(name)] = (filename, sent)
    return fields, files
