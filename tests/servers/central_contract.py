"""The recorded exchanges with a real ODK Central as steps that can be asked again, of a fake or of a real server.

The bodies of uploads were not recorded: each step names a small workbook of our own that should be answered alike.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests
from central_samples import CSV, NOTES, QUESTIONS, book, by_hand

from conftest import ROOT

TRANSCRIPT = ROOT.parent / "shared" / "reference" / "transcripts" / "central.jsonl"

# What depends on the server, the clock or what else is there: null in one, a value in the other.
MAY_BE_NULL = frozenset(
    ("updatedAt", "lastSubmission", "lastEntity", "lastLoginAt", "createdAt", "enketoId", "enketoOnceId", "hash",
     "publishNotes", "binary", "selectMultiple", "description", "properties")
)  # fmt: skip
# What a fake need not have, since nothing here reads it.
UNREAD = frozenset(("updatedAt", "size"))
# What is compared by its value, not by its type alone.
VALUES = frozenset(
    (
        "code",
        "success",
        "exists",
        "blobExists",
        "datasetExists",
        "state",
        "isNew",
        "inForm",
        "feature",
        "field",
        "fields",
    )
)


@dataclass(frozen=True)
class Step:
    """One exchange by its id. `body` is what is sent where the record holds its size alone; `who` signs it."""

    source: str
    body: bytes | Callable[[], bytes] | None = None
    who: str = "admin"
    fake_only: str = ""
    """Why it is not asked of a real server."""


def exchanges(path: Path = TRANSCRIPT) -> dict[str, dict[str, Any]]:
    """The recorded lines by their id."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return {each["id"]: each for each in map(json.loads, lines)}


@dataclass
class World:
    """A server, who is signed in there, and the numbers and tokens that stand for the recorded ones."""

    address: str
    tokens: dict[str, str]
    project: int
    second: int = 0
    app_user: int = 0
    user: int = 0
    draft_token: str = ""
    link_token: str = ""
    session: requests.Session = field(default_factory=requests.Session)

    def ask(self, step: Step, recorded: dict[str, Any]) -> requests.Response:
        asked = recorded["request"]
        headers = {key: value for key, value in asked["headers"].items() if key != "Authorization"}
        given = asked["headers"].get("Authorization", "")
        if given.startswith("Basic"):
            headers["Authorization"] = "Basic YTpi"
        elif given:
            headers["Authorization"] = f"Bearer {self.tokens[step.who]}"
        body: Any = step.body() if callable(step.body) else step.body
        if body is None and isinstance(asked["body"], dict):
            body, headers["Content-Type"] = json.dumps(asked["body"]), "application/json"
        address = self.address + self.path(asked["path"])
        answer = self.session.request(asked["method"], address, data=body, headers=headers, timeout=60)
        self.learn(step.source, answer)
        return answer

    def path(self, path: str) -> str:
        numbers = {"1": self.project, "2": self.second}
        path = re.sub(r"/projects/([12])(?=/|$)", lambda found: f"/projects/{numbers[found.group(1)]}", path)
        path = path.replace("app-user/6", f"app-user/{self.app_user}").replace("/20", f"/{self.user}")
        path = path.replace("/v1/test/<token-64-chars>/", f"/v1/test/{self.draft_token}/")
        return re.sub(r"^/v1/sessions/mDwh.*$", f"/v1/sessions/{self.link_token}", path)

    def learn(self, source: str, answer: requests.Response) -> None:
        """Numbers and tokens that later steps need."""
        if not answer.ok or "json" not in answer.headers.get("Content-Type", ""):
            return
        body = answer.json()
        if source == "D01-project-new":
            self.second = body["id"]
        elif source == "C28-user-create":
            self.user = body["id"]
        elif source == "C01-dl-create":
            self.draft_token = body["draftToken"]
        elif source == "C11-publink-create":
            self.link_token = body["token"]


def differences(recorded: Any, given: Any, *, extra: bool, path: str = "") -> list[str]:
    """Where two bodies differ in shape. `extra`: whether the given one may hold more than the recorded."""
    name = path.rpartition(".")[2]
    if recorded is None or given is None:
        return [] if recorded is given or name in MAY_BE_NULL else [f"{path}: {recorded!r} or {given!r}"]
    if isinstance(recorded, dict) and isinstance(given, dict):
        missing = recorded.keys() - given.keys() - UNREAD
        more = set() if extra else given.keys() - recorded.keys() - UNREAD
        found = [f"{path}.{key} is missing" for key in sorted(missing)] + [
            f"{path}.{key} is more" for key in sorted(more)
        ]
        for key in recorded.keys() & given.keys():
            found += differences(recorded[key], given[key], extra=extra, path=f"{path}.{key}")
        return found
    if isinstance(recorded, list) and isinstance(given, list):
        if bool(recorded) != bool(given):
            return [f"{path} is empty in one of them"]
        return differences(recorded[0], given[0], extra=extra, path=f"{path}[]") if recorded else []
    if type(recorded) is not type(given):
        return [f"{path}: {type(recorded).__name__} or {type(given).__name__}"]
    if name in VALUES and recorded != given:
        return [f"{path}: {recorded!r} or {given!r}"]
    return []


def _form(form_id: str, version: str, *questions: dict[str, str]) -> Callable[[], bytes]:
    return lambda: book(form_id, version, (*QUESTIONS, *questions))


def _plain(form_id: str, version: str, *questions: dict[str, str]) -> Callable[[], bytes]:
    """A form that reads no file."""
    return lambda: book(form_id, version, (*QUESTIONS[:2], *questions))


def _kurmanji(form_id: str, version: str) -> Callable[[], bytes]:
    rows = tuple({"type": row["type"], "name": row["name"], "label::Kurmanji": row["label"]} for row in QUESTIONS)
    return lambda: book(form_id, version, rows)


def _entities(form_id: str, version: str, dataset: str, *save: str) -> Callable[[], bytes]:
    rows = [
        {**NOTES, "save_to": save[0]},
        *({"type": "integer", "name": each, "label": each, "save_to": each} for each in save[1:]),
    ]
    return lambda: by_hand(form_id, version, rows, entities=dataset)


NAMELESS = _form("", "")
DATE = {"type": "date", "name": "notes", "label": "When?"}
EMPTY_GROUP = ({"type": "begin_group", "name": "hh", "label": "Home"}, {"type": "end_group", "name": "hh"})
XML = (
    b'<?xml version="1.0"?><h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml">'
    b"<h:head><h:title>as XML</h:title><model><instance>"
    b'<data id="as_xml" version="2"><a/><meta><instanceID/></meta></data>'
    b'</instance><bind nodeset="/data/a" type="string"/></model></h:head>'
    b'<h:body><input ref="/data/a"><label>A</label></input></h:body></h:html>'
)
USERS = "it would leave a user behind"
PIM, LOOP = "pim_protection", "draft_loop"

STEPS: tuple[Step, ...] = (
    Step("A01-project"),
    Step("A02-create-warnings-400.16", _kurmanji(PIM, "1")),
    Step("A03-create-warnings-ignoreFalse", _kurmanji(PIM, "1")),
    Step("A04-create-ok-draft", _form(PIM, "1")),
    Step("A05-create-again-409", _form(PIM, "1")),
    Step("A06-attachments-empty"),
    Step("A07-attach-upload", CSV),
    Step("A08-attach-unknown-404", CSV),
    Step("A09-attachments-filled"),
    Step("A10-publish"),
    Step("A11-publish-again-404"),
    Step("A12-form-get"),
    Step("A13-form-fields"),
    Step("A14-draft-same-version", _form(PIM, "1")),
    Step("A15-publish-same-version-409.6"),
    Step("A16-publish-version-param"),
    Step("A17-draft-v2", _form(PIM, "2", NOTES)),
    Step("A18-draft-get"),
    Step("A19-draft-attachments-carried"),
    Step("A20-publish-v2"),
    Step("A21-versions"),
    Step("A22-draft-empty-group", _form(PIM, "3", NOTES, *EMPTY_GROUP)),
    Step("A23-draft-other-formid", _form("other_id", "3", NOTES)),
    Step("A24-draft-v3", _form(PIM, "3", NOTES)),
    Step("A25-draft-delete"),
    Step("A26-draft-delete-again"),
    Step("A27-no-formid-no-fallback", NAMELESS),
    Step("A28-no-formid-fallback", NAMELESS),
    Step("A29-formid-with-arabic-fallback", NAMELESS),
    Step("A30-formid-ends-xlsx", NAMELESS),
    Step("A31-formid-with-space", _form("has space", "1")),
    Step("A32-publish-empty-version"),
    Step("A33-redraft-empty-version", NAMELESS),
    Step("A34-republish-empty-version"),
    Step("A35-missing-form"),
    Step("A36-missing-form-draft-post", _form("nope", "1")),
    Step("A37-wrong-content-type", _form(PIM, "1")),
    Step("A38-bad-token", who="nobody"),
    Step("A39-no-auth"),
    Step("A40-bad-login"),
    Step("A41-missing-project"),
    Step("B01-draft-removed-field", _form(PIM, "3")),
    Step("B02-draft-removed-field-ignoreFalse", _form(PIM, "3")),
    Step("B03-draft-removed-and-xls-warning", _kurmanji(PIM, "3")),
    Step("B04-draft-typechange-string-to-date", _form(PIM, "3", DATE)),
    Step("B06-draft-delete"),
    Step("B07-bad-missing-choice-list", _plain("bad", "1", {"type": "select_one nolist", "name": "x", "label": "X"})),
    Step(
        "B08-bad-unknown-ref",
        _plain("bad", "1", {"type": "text", "name": "x", "label": "X", "relevant": "${nope} = 'y'"}),
    ),
    Step("B17-bad-no-survey-sheet", b"PK not a workbook"),
    Step("B18-bad-not-xlsx", b"not an xlsx"),
    Step("B19-form-xml"),
    Step("B20-app-users"),
    Step("B23-assign-app-user"),
    Step("B24-assign-app-user-again"),
    Step("B25-assignments"),
    Step("C01-dl-create", _form(LOOP, "0.1")),
    Step("C02-dl-formlist"),
    Step("C05-dl-redraft", _form(LOOP, "0.1")),
    Step("C06-dl-draft-get"),
    Step("C08-dl-publish-missing-media"),
    Step("C09-dl-submit-after-publish"),
    Step("C10-roles"),
    Step("C11-publink-create"),
    Step("C15-publink-list"),
    Step("C16-publink-revoke"),
    Step("C18-publink-on-closed-state"),
    Step("C19-dl-assign"),
    Step("C21-push-to-closed", _form(LOOP, "0.2")),
    Step("C22-delete"),
    Step("C23-recreate-warning", _form(LOOP, "9")),
    Step("C24-recreate-ok", _form(LOOP, "9")),
    Step("C25-recreate-publish-old-version", _form(LOOP, "0.1")),
    Step("C26-recreate-publish"),
    Step("C27-deleted-forms"),
    Step("C28-user-create", fake_only=USERS),
    Step("C29-assign-viewer", fake_only=USERS),
    Step("C30-push-as-viewer", _form("role_viewer", "1"), "ci", fake_only=USERS),
    Step("C31-verbs-viewer", who="ci", fake_only=USERS),
    Step("C32-unassign-viewer", fake_only=USERS),
    Step("C33-assign-manager", fake_only=USERS),
    Step("C34-push-as-manager", _form("role_manager", "1"), "ci", fake_only=USERS),
    Step("C35-verbs-manager", who="ci", fake_only=USERS),
    Step("C36-unassign-manager", fake_only=USERS),
    Step("C37-basic-over-http", fake_only="a real server answers over https, where this is allowed"),
    Step("C39-ent-create", _entities("hh_register", "1", "persons", "full_name", "age")),
    Step("C40-ent-dataset-diff"),
    Step("C41-ent-publish"),
    Step("C42-ent-datasets"),
    Step("C49-ent-bad-case", _entities("reg2", "1", "Persons", "full_name", "age")),
    Step("C50-ent-bad-case-publish"),
    Step("C53-ent-followup-create",
         lambda: book("followup", "1", ({"type": "select_one_from_file persons.csv", "name": "p", "label": "Who?"},))),
    Step("C54-ent-followup-attachments"),
    Step("C55-ent-followup-upload-overrides", b"name,label\nx,X\n"),
    Step("C56-ent-followup-relink"),
    Step("C57-ent-followup-attachments2"),
    Step("C58-ent-followup-publish"),
    Step("C60-ent-prop-removed", _entities("hh_register", "2", "persons", "full_name")),
    Step("D01-project-new"),
    Step("D02-create-before-key", _plain("pre", "1")),
    Step("D03-key-enable"),
    Step("D04-key-enable-again"),
    Step("D05-pre-after-key"),
    Step("D06-create", _form("enc", "1")),
    Step("D07-attach", CSV),
    Step("D08-publish"),
    Step("D09-redraft-same-version", _form("enc", "1")),
    Step("D10-republish-same-version"),
    Step("D11-versions"),
    Step("D18-entities-in-encrypted", _entities("reg", "1", "persons", "full_name")),
    Step("D19-entities-publish"),
    Step("D20-entities-datasets"),
    Step("G06-long-formid", _plain("x" * 65, "1")),
    Step("G08-formid-slash", _plain("a/b", "1")),
    Step("G09-formid-case", _plain("PIM_Protection", "1")),
    Step("G11-pyxform-down-502.2", _form("down", "1"), fake_only="its converter is up"),
    Step("G12-xml-upload-no-pyxform", XML),
    Step("G13-xml-upload-get-xlsx"),
    Step("G14-roles-list"),
    Step("I01-media-only-draft"),
    Step("I02-media-only-upload", CSV + b"s3,East\n"),
    Step("I03-media-only-publish"),
    Step("I04-media-only-publish-version"),
    Step("I06-note-malformed"),
    Step("I07-note-encoded"),
    Step("I08-sessions-delete-current"),
    Step("J01-ent-saveto-dropped", lambda: by_hand("hh_register", "3", (
        {**NOTES, "save_to": "full_name"}, {"type": "integer", "name": "age", "label": "age"}), entities="persons")),
    Step("J02-ent-diff"),
    Step("J05-neverpub", _plain("neverpub", "1")),
    Step("J06-neverpub-delete-draft"),
)  # fmt: skip
