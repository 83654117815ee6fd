"""The files of the forms of the fake ODK Central, and trying a draft on a phone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from central_books import problem
from central_state import Actor, File, Form, Project
from fake_central_forms import MISSING, md5
from loopback import Asked, Given

if TYPE_CHECKING:
    from fake_central import FakeCentral


def attachments(fake: FakeCentral, asked: Asked, who: Actor, project: Project, form_id: str, of_draft: str) -> Given:
    found = project.form(form_id)
    version = found and (found.draft if of_draft else found.current or found.draft)
    if version is None:
        return MISSING
    body = [_file_json(name, file) for name, file in sorted(version.files.items())]
    filled = any(file.content is not None for file in version.files.values())
    return Given(200, body, source="A09-attachments-filled" if filled else "A06-attachments-empty")


def attachment(
    fake: FakeCentral, asked: Asked, who: Actor, project: Project, form_id: str, of_draft: str, name: str
) -> Given:
    found = project.form(form_id)
    version = found and (found.draft if of_draft else found.current or found.draft)
    file = version and version.files.get(name)
    if file is None or file.content is None:
        return MISSING
    return Given(200, file.content, content_type="text/csv", source="C59-ent-followup-csv")


def upload(fake: FakeCentral, asked: Asked, who: Actor, project: Project, form_id: str, name: str) -> Given:
    found = project.form(form_id)
    if found is None or found.draft is None or name not in found.draft.files:
        return problem(404, 404.1, MISSING.body["message"], "A08-attach-unknown-404")
    file = File(found.draft.files[name].kind, asked.body, linked=False, updated=fake.state.now())
    over = found.draft.files[name].linked
    found.draft.files[name] = file
    return Given(
        200, _file_json(name, file), source="C55-ent-followup-upload-overrides" if over else "A07-attach-upload"
    )


def link(fake: FakeCentral, asked: Asked, who: Actor, project: Project, form_id: str, name: str) -> Given:
    found = project.form(form_id)
    if found is None or found.draft is None or name not in found.draft.files:
        return MISSING
    file = File("file", None, linked=bool(asked.json["dataset"]), updated=fake.state.now())
    found.draft.files[name] = file
    body = _file_json(name, file)
    body.pop("hash")
    return Given(200, body, source="C56-ent-followup-relink")


def _file_json(name: str, file: File) -> dict[str, Any]:
    there = file.content is not None
    body: dict[str, Any] = {
        "name": name, "type": file.kind, "hash": md5(file.content) if file.content is not None else None,
        "exists": there or file.linked, "blobExists": there, "datasetExists": file.linked,
    }  # fmt: skip
    if file.updated is not None:
        body["updatedAt"] = file.updated
    if file.content is not None:
        body["size"] = len(file.content)
    return body


def _tried(fake: FakeCentral, token: str, number: str, form_id: str) -> Form | Given:
    project = fake.state.projects.get(int(number))
    found = project.form(form_id) if project else None
    if found is None or found.draft is None or found.token != token:
        text = (
            '<OpenRosaResponse xmlns="http://openrosa.org/http/response" items="0">\n<message nature="error">You tried to '
            "access a draft testing endpoint, but it does not exist anymore.</message>\n</OpenRosaResponse>"
        )
        return Given(404, text, content_type="text/xml; charset=utf-8", source="C09-dl-submit-after-publish")
    return found


def test_list(fake: FakeCentral, asked: Asked, token: str, number: str, form_id: str) -> Given:
    found = _tried(fake, token, number, form_id)
    if isinstance(found, Given):
        return found
    text = f"<xforms><xform><formID>{form_id}</formID></xform></xforms>"
    return Given(200, text, content_type="text/xml; charset=utf-8", source="C02-dl-formlist")


def test_record(fake: FakeCentral, asked: Asked, token: str, number: str, form_id: str) -> Given:
    found = _tried(fake, token, number, form_id)
    if isinstance(found, Given):
        return found
    found.test_records += 1
    text = '<OpenRosaResponse><message nature="">full submission upload was successful!</message></OpenRosaResponse>'
    return Given(201, text, content_type="text/xml; charset=utf-8", source="C03-dl-submit")


test_list.__test__ = test_record.__test__ = False  # type: ignore[attr-defined] # they are answers, not tests
