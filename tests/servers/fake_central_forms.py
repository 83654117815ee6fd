"""The forms of the fake ODK Central: uploads, drafts, files, versions, publication."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from central_books import Read, encrypted, problem, read_workbook, read_xml
from central_state import Actor, Def, File, Form, Project
from loopback import Asked, Given

if TYPE_CHECKING:
    from fake_central import FakeCentral

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SUCCESS = {"success": True}
MISSING = problem(404, 404.1, "Could not find the resource you were looking for.", "A35-missing-form")
WARNINGS = (
    "The Form is valid, but with warnings. Please check the warnings and if they are acceptable resubmit with "
    "?ignoreWarnings=true"
)


def md5(content: bytes) -> str:
    return hashlib.md5(content, usedforsecurity=False).hexdigest()


# What it tells


def form_json(project: Project, form: Form, version: Def) -> dict[str, Any]:
    xml = version.read.xml.encode()
    return {
        "projectId": project.number, "xmlFormId": form.form_id, "state": form.state, "enketoId": None,
        "enketoOnceId": None, "createdAt": form.created, "updatedAt": form.updated, "webformsEnabled": form.web,
        "keyId": version.key, "version": version.read.version, "hash": version.read.hash,
        "sha": hashlib.sha1(xml, usedforsecurity=False).hexdigest(), "sha256": hashlib.sha256(xml).hexdigest(),
        "draftToken": form.token if version is form.draft else None, "publishedAt": version.published,
        "name": version.read.title,
    }  # fmt: skip


def _extended(asked: Asked, form: Form, version: Def) -> dict[str, Any]:
    if asked.headers.get("X-Extended-Metadata") != "true":
        return {}
    return {
        "submissions": form.test_records if version is form.draft else form.records,
        "entityRelated": bool(version.read.datasets), "reviewStates": {"received": 0, "hasIssues": 0, "edited": 0},
        "lastSubmission": None, "excelContentType": XLSX if version.workbook else None,
        "publicLinks": sum(1 for link in form.links if link.token), "createdBy": form.by.json,
        "publishNotes": version.note,
    }  # fmt: skip


def listed(fake: FakeCentral, asked: Asked, who: Actor, project: Project) -> Given:
    deleted = asked.params.get("deleted") == "true"
    body = []
    for each in project.forms:
        version = each.current or each.draft
        if bool(each.deleted) == deleted and version is not None:
            more = {"deletedAt": each.deleted, "id": each.number} if deleted else {}
            body.append(form_json(project, each, version) | more)
    return Given(200, body, source="C27-deleted-forms")


def form(fake: FakeCentral, asked: Asked, who: Actor, project: Project, form_id: str) -> Given:
    found = project.form(form_id)
    version = found and (found.current or found.draft)
    if found is None or version is None:
        return MISSING
    return Given(200, form_json(project, found, version) | _extended(asked, found, version), source="A12-form-get")


def draft(fake: FakeCentral, asked: Asked, who: Actor, project: Project, form_id: str) -> Given:
    found = project.form(form_id)
    if found is None or found.draft is None:
        return MISSING
    body = form_json(project, found, found.draft) | _extended(asked, found, found.draft)
    return Given(200, body, source="A18-draft-get")


def versions(fake: FakeCentral, asked: Asked, who: Actor, project: Project, form_id: str) -> Given:
    found = project.form(form_id)
    if found is None:
        return MISSING
    body = []
    for version in reversed(found.history):
        more = {"excelContentType": XLSX, "publishedBy": version.by and version.by.json, "publishNotes": version.note}
        extended = asked.headers.get("X-Extended-Metadata") == "true"
        body.append(form_json(project, found, version) | (more if extended else {}))
    return Given(200, body, source="A21-versions")


def fields(fake: FakeCentral, asked: Asked, who: Actor, project: Project, form_id: str, of_draft: str) -> Given:
    found = project.form(form_id)
    version = found and (found.draft if of_draft else found.current or found.draft)
    if version is None:
        return MISSING
    body = [
        {"path": path, "name": path.rpartition("/")[2], "type": kind, "binary": None, "selectMultiple": None}
        for path, kind in version.read.fields.items()
    ]
    return Given(200, body, source="A13-form-fields")


def definition(
    fake: FakeCentral, asked: Asked, who: Actor, project: Project, form_id: str, of_draft: str, kind: str
) -> Given:
    """The workbook with its ETag, or the XML."""
    found = project.form(form_id)
    version = found and (found.draft if of_draft else found.current or found.draft)
    if version is None:
        return MISSING
    if kind == "xml":
        return Given(200, version.read.xml, content_type="application/xml; charset=utf-8", source="B19-form-xml")
    if version.workbook is None:
        return problem(404, 404.1, MISSING.body["message"], "G13-xml-upload-get-xlsx")
    tag = f'"{md5(version.workbook)}"'
    if asked.headers.get("If-None-Match") in (tag, f"W/{tag}"):
        return Given(304, headers={"ETag": tag}, source="F-loop")
    return Given(200, version.workbook, {"ETag": tag}, content_type=XLSX, source="F-loop")


def datasets(fake: FakeCentral, asked: Asked, who: Actor, project: Project) -> Given:
    body = [
        {
            "name": name, "createdAt": project.created, "projectId": project.number, "approvalRequired": False,
            "ownerOnly": False, "deletedAt": None,
        }
        for name in project.datasets
    ]  # fmt: skip
    return Given(200, body, source="C42-ent-datasets")


def dataset_diff(fake: FakeCentral, asked: Asked, who: Actor, project: Project, form_id: str) -> Given:
    found = project.form(form_id)
    if found is None or found.draft is None:
        return MISSING
    body = []
    for name, filled in ({} if found.draft.key else found.draft.read.datasets).items():
        known = project.datasets.get(name, [])
        properties = [
            {"name": each, "isNew": each not in known, "inForm": each in filled}
            for each in dict.fromkeys([*known, *filled])
        ]
        properties.sort(key=lambda each: bool(each["inForm"]))  # those that the form leaves empty come first
        body.append({"name": name, "isNew": name not in project.datasets, "properties": properties})
    return Given(200, body, source="C40-ent-dataset-diff")


# What it takes


def create(fake: FakeCentral, asked: Asked, who: Actor, project: Project) -> Given:
    read = _read(fake, asked, project)
    if isinstance(read, Given):
        return read
    if project.form(read.form_id) is not None:
        values = [str(project.number), read.form_id]
        return problem(
            409, 409.3, f"A resource already exists with projectId,xmlFormId value(s) of {','.join(values)}.",
            "A05-create-again-409", {"fields": ["projectId", "xmlFormId"], "values": values, "table": "forms"},
        )  # fmt: skip
    workflow = []
    if any(each.form_id == read.form_id for each in project.forms):
        workflow.append({"type": "deletedFormExists", "details": {"xmlFormId": read.form_id}})
    refused = _clash(project, read) or _warned(asked, read, workflow, "C23-recreate-warning")
    if refused is not None:
        return refused
    made = Form(fake.state.number(), read.form_id, fake.state.now(), who, token=fake.state.secret("draft"))
    made.draft = _def(asked, project, read, None)
    project.forms.append(made)
    source = "D06-create" if project.key else "A04-create-ok-draft"
    if asked.params.get("publish") == "true":
        _set_live(fake, project, made, made.draft, who, None)
        source = "D02-create-before-key"
    version = made.current or made.draft
    return Given(200, form_json(project, made, version), source=source)


def redraft(fake: FakeCentral, asked: Asked, who: Actor, project: Project, form_id: str) -> Given:
    found = project.form(form_id)
    if found is None:
        return problem(404, 404.1, MISSING.body["message"], "A36-missing-form-draft-post")
    before = found.draft or found.current
    if not asked.body:
        bad = _bad_note(asked)
        if bad is not None:
            return bad
        if found.current is None:
            return MISSING
        live = found.current
        made = Def(live.read, live.workbook, live.key, _carried(project, live.read, before))
        found.draft, found.token = made, found.token or fake.state.secret("draft")
        return Given(200, SUCCESS, source="I01-media-only-draft")
    read = _read(fake, asked, project)
    if isinstance(read, Given):
        return read
    if read.form_id != form_id:
        reason = "does not match the form you are updating"
        return problem(
            400, 400.8, f"Unexpected xmlFormId value {read.form_id}; {reason}", "A23-draft-other-formid",
            {"field": "xmlFormId", "value": read.form_id, "reason": reason},
        )  # fmt: skip
    workflow: list[dict[str, Any]] = []
    if found.current is not None:
        was = found.current.read.fields
        for path, kind in read.fields.items():
            if was.get(path, kind) != kind and kind != "string":
                return problem(
                    400, 400.17, f"The form you have uploaded attempts to change the type of the field at {path}.",
                    "B04-draft-typechange-string-to-date", {"path": path, "type": was[path]},
                )  # fmt: skip
        gone = [path.rpartition("/")[2] for path in was if path not in read.fields]
        if gone:
            workflow.append({"type": "structureChanged", "details": gone})
    refused = _clash(project, read) or _warned(asked, read, workflow, "B01-draft-removed-field")
    if refused is not None:
        return refused
    found.draft = _def(asked, project, read, before)
    found.token = found.token or fake.state.secret("draft")
    found.test_records = 0
    found.updated = fake.state.now()
    return Given(200, SUCCESS, source="D09-redraft-same-version" if project.key else "A17-draft-v2")


def publish(fake: FakeCentral, asked: Asked, who: Actor, project: Project, form_id: str) -> Given:
    found = project.form(form_id)
    if found is None or found.draft is None:
        return problem(404, 404.1, MISSING.body["message"], "A11-publish-again-404")
    version = asked.params.get("version") or found.draft.read.version
    if any(each.read.version == version for one in project.forms if one.form_id == form_id for each in one.history):
        return problem(
            409, 409.6,
            f"You tried to publish the form '{form_id}' with version '{version}', but a published form has already "
            "existed in this project with those identifiers.",
            "A15-publish-same-version-409.6", {"xmlFormId": form_id, "version": version},
        )  # fmt: skip
    bad = _bad_note(asked)
    if bad is not None:
        return bad
    found.draft.read.xml = found.draft.read.xml.replace(f'version="{found.draft.read.version}"', f'version="{version}"')
    found.draft.read.version = version
    _set_live(fake, project, found, found.draft, who, _note(asked))
    source = "A16-publish-version-param" if "version" in asked.params else "A10-publish"
    return Given(200, SUCCESS, source=source)


def delete_draft(fake: FakeCentral, asked: Asked, who: Actor, project: Project, form_id: str) -> Given:
    found = project.form(form_id)
    if found is None:
        return MISSING
    if found.current is None:
        return problem(
            409, 409.7,
            "Could not delete draft, because the form has not been published. Either delete the whole form, or replace "
            "the draft.",
            "J06-neverpub-delete-draft",
        )  # fmt: skip
    if found.draft is None:
        return problem(404, 404.1, MISSING.body["message"], "A26-draft-delete-again")
    found.draft, found.token, found.test_records = None, None, 0
    return Given(200, SUCCESS, source="A25-draft-delete")


def delete(fake: FakeCentral, asked: Asked, who: Actor, project: Project, form_id: str) -> Given:
    found = project.form(form_id)
    if found is None:
        return MISSING
    found.deleted = fake.state.now()
    return Given(200, SUCCESS, source="C22-delete")


def patch(fake: FakeCentral, asked: Asked, who: Actor, project: Project, form_id: str) -> Given:
    found = project.form(form_id)
    version = found and (found.current or found.draft)
    if found is None or version is None:
        return MISSING
    found.state = asked.json.get("state", found.state)
    found.updated = fake.state.now()
    return Given(200, form_json(project, found, version), source="C18-publink-on-closed-state")


def encrypt(fake: FakeCentral, asked: Asked, who: Actor, project: Project) -> Given:
    """Managed encryption: every form gets the key and another version, also those that are live."""
    if project.key is not None:
        return problem(
            409, 409.4, "Could not activate feature (managed encryption) as it was already activated",
            "D04-key-enable-again", {"feature": "managed encryption"},
        )  # fmt: skip
    project.key = fake.state.number()
    for each in project.forms:
        if each.current is not None:
            read = encrypted(each.current.read, _suffix(fake))
            live = Def(read, each.current.workbook, project.key, each.current.files, fake.state.now(), None, who)
            each.current = live
            each.history.append(live)
    return Given(200, SUCCESS, source="D03-key-enable")


# How it reads


def _read(fake: FakeCentral, asked: Asked, project: Project) -> Read | Given:
    kind = asked.headers.get("Content-Type", "")
    bad = _bad_note(asked)
    if bad is not None:
        return bad
    if kind == XLSX:
        if fake.pyxform_down:
            from fake_central import PYXFORM_DOWN

            return PYXFORM_DOWN
        read = read_workbook(asked.body, unquote(asked.headers.get("X-XlsForm-FormId-Fallback", "")))
    else:
        read = read_xml(asked.body)
    if isinstance(read, Given):
        return read
    if read.form_id.endswith((".xls", ".xlsx", ".xml")):
        reason = "The Form ID cannot end in .xls, .xlsx, or .xml."
        return problem(
            400, 400.8, f"Unexpected formId value {read.form_id}; {reason}", "A30-formid-ends-xlsx",
            {"field": "formId", "value": read.form_id, "reason": reason},
        )  # fmt: skip
    if len(read.form_id) > 64:
        return problem(400, 400.13, "Length of value too long for a field", "G06-long-formid", {"maxLength": "64"})
    return encrypted(read, _suffix(fake)) if project.key is not None and not read.key and kind == XLSX else read


def _suffix(fake: FakeCentral) -> str:
    return f"AaID{fake.state.number():04d}"


def _def(asked: Asked, project: Project, read: Read, before: Def | None) -> Def:
    workbook = asked.body if asked.headers.get("Content-Type") == XLSX else None
    key = 1 if read.key else project.key
    return Def(read, workbook, key, _carried(project, read, before))


def _carried(project: Project, read: Read, before: Def | None) -> dict[str, File]:
    """The files that the form reads: those of the draft or version before by name, else an entity list of that name."""
    files = {}
    for name, kind in read.files.items():
        old = before.files.get(name) if before is not None else None
        linked = name.removesuffix(".csv") in project.datasets
        files[name] = old if old is not None and old.kind == kind else File(kind, linked=linked)
    return files


def _set_live(fake: FakeCentral, project: Project, form: Form, version: Def, who: Actor, note: str | None) -> None:
    version.published, version.note, version.by = fake.state.now(), note, who
    form.current, form.draft, form.token, form.test_records = version, None, None, 0
    form.updated = version.published
    form.history.append(version)
    if version.key is None:
        for name, properties in version.read.datasets.items():
            project.datasets[name] = list(dict.fromkeys([*project.datasets.get(name, []), *properties]))


def _clash(project: Project, read: Read) -> Given | None:
    for name in read.datasets:
        alike = next((each for each in project.datasets if each != name and each.casefold() == name.casefold()), None)
        if alike is not None:
            return problem(
                409, 409.16,
                f"A dataset named '{alike}' exists and you provided '{name}' with the same name but different "
                "capitalization.",
                "C49-ent-bad-case", {"current": alike, "provided": name},
            )  # fmt: skip
    return None


def _warned(asked: Asked, read: Read, workflow: list[dict[str, Any]], source: str) -> Given | None:
    """The converter's warnings are ignored for `true` alone; those of the workflow for any text at all."""
    ignore = asked.params.get("ignoreWarnings", "")
    warnings: dict[str, Any] = {}
    if read.warnings and ignore.casefold() != "true":
        warnings["xlsFormWarnings"] = read.warnings
    if workflow and not ignore:
        warnings["workflowWarnings"] = workflow
    if not warnings:
        return None
    if "xlsFormWarnings" in warnings:
        source = "B03-draft-removed-and-xls-warning" if workflow else "A02-create-warnings-400.16"
    return problem(400, 400.16, WARNINGS, source, {"warnings": warnings})


def _bad_note(asked: Asked) -> Given | None:
    try:
        unquote(_encoded(asked), errors="strict")
    except UnicodeDecodeError:
        return _malformed()
    return _malformed() if _has_bare_percent(_encoded(asked)) else None


def _malformed() -> Given:
    return problem(
        400, 400.6, "An expected header field (x-action-notes) did not match the expected format.", "I06-note-malformed",
        {"field": "x-action-notes"},
    )  # fmt: skip


def _has_bare_percent(text: str) -> bool:
    parts = text.split("%")[1:]
    return any(len(part) < 2 or not all(char in "0123456789abcdefABCDEF" for char in part[:2]) for part in parts)


def _encoded(asked: Asked) -> str:
    return asked.headers.get("X-Action-Notes", "")


def _note(asked: Asked) -> str | None:
    return unquote(_encoded(asked)) or None
