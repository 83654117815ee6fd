"""What ODK Central tells of a form, as values: a version of it, and the files that it reads on the phone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

_SUFFIX = re.compile(r"\[encrypted:[^\]]*\]$")


class Same(Enum):
    """Whether a workbook on the server has an md5. ELSEWHERE: the server keeps its files with another provider."""

    YES = "yes"
    NO = "no"
    NO_WORKBOOK = "no workbook"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True, slots=True)
class FormVersion:
    """A form as GET …/forms/ID, …/draft and …/versions tell it: one version of it, with what holds for all of them.

    `version` is as the server calls it, with the `[encrypted:…]` of a project with encryption; `own_version` is without.
    `hash` is the md5 of its XML. `published` is a time in ISO 8601, None for a draft. `key` is true if records leave the
    phone encrypted. `note` is what was said at publishing, `by` who published. `token` opens a draft for trying it.
    """

    form_id: str
    title: str
    version: str
    hash: str
    published: str | None
    state: str
    key: bool
    web_form: bool | None
    token: str | None = None
    records: int = 0
    note: str = ""
    by: str = ""

    @property
    def own_version(self) -> str:
        return own_version(self.version)

    def __repr__(self) -> str:  # the token lets everybody send test records: it stays out of logs
        return f"FormVersion({self.form_id!r}, {self.version!r}, {self.hash!r}, {self.published!r})"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that the form reads. `md5` is None where there is none, and where it comes from an entity list."""

    name: str
    md5: str | None
    exists: bool
    entity_list: bool


def own_version(version: str) -> str:
    """The version as it was sent: a project with encryption appends `[encrypted:…]`, a new one with each upload."""
    return _SUFFIX.sub("", version)


def form_version(body: Mapping[str, Any]) -> FormVersion:
    """From the JSON of the server. Older servers leave out what they do not know yet."""
    by = body.get("publishedBy") or {}
    return FormVersion(
        form_id=str(body["xmlFormId"]),
        title=str(body.get("name") or body["xmlFormId"]),
        version=str(body.get("version") or ""),
        hash=str(body.get("hash") or ""),
        published=body.get("publishedAt"),
        state=str(body.get("state") or "open"),
        key=body.get("keyId") is not None,
        web_form=_web_form(body),
        token=body.get("draftToken"),
        records=int(body.get("submissions") or 0),
        note=str(body.get("publishNotes") or ""),
        by=str(by.get("displayName") or ""),
    )


def _web_form(body: Mapping[str, Any]) -> bool | None:
    """Whether ODK Web Forms, which do not encrypt, show the form. It is a choice between them and Enketo, which a server
    with Enketo cannot switch off and of which it tells nothing: then it is not known."""
    web = body.get("webformsEnabled")
    if web or web is None:
        return True if web else None
    return False if body.get("enketoId") is None else None


def attachment(body: Mapping[str, Any]) -> Attachment:
    """From the JSON of the server; before entity lists there was `exists` alone."""
    return Attachment(
        name=str(body["name"]),
        md5=body.get("hash"),
        exists=bool(body.get("exists")),
        entity_list=bool(body.get("datasetExists")),
    )
