"""What the fake ODK Central reads out of a workbook: enough of the conversion for its answers, and no more."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from io import BytesIO
from xml.sax.saxutils import quoteattr

from loopback import Given
from openpyxl import load_workbook

_TYPES = {"integer": "int", "text": "string", "date": "date", "decimal": "decimal", "image": "binary"}
UNKNOWN_LANGUAGE = (
    "The following language declarations do not contain valid machine-readable codes: {}. "
    "Learn more: http://xlsform.org#multiple-language-support"
)


@dataclass
class Read:
    """A converted form: its settings, the paths of its fields with their types, its files, its entity lists."""

    form_id: str
    version: str
    title: str
    xml: str
    key: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    datasets: dict[str, list[str]] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)

    @property
    def hash(self) -> str:
        return hashlib.md5(self.xml.encode(), usedforsecurity=False).hexdigest()


def problem(status: int, code: float, message: str, source: str, details: object = None) -> Given:
    body: dict[str, object] = {"message": message, "code": code}
    if details is not None:
        body["details"] = details
    return Given(status, body, source=source)


def invalid(error: str, source: str) -> Given:
    """400.15: pyxform or ODK Validate says no."""
    return problem(
        400, 400.15, "The given XLSForm file was not valid. Please see the error details for more information.", source,
        {"error": error, "warnings": None},
    )  # fmt: skip


def read_workbook(content: bytes, fallback: str) -> Read | Given:
    try:
        sheets = load_workbook(BytesIO(content))
    except Exception:
        return invalid(
            "Argument 'definition' was not recognized as a supported type. Must be one of: .xlsx, .xlsm, .xls, .md, .csv",
            "B18-bad-not-xlsx",
        )
    tables = {sheet.title: _rows(sheet) for sheet in sheets}
    settings = (tables.get("settings") or [{}])[0]
    survey, lists = tables.get("survey", []), {row.get("list_name") for row in tables.get("choices", [])}
    read = Read(
        settings.get("form_id") or fallback or ".xlsx", settings.get("version", ""), settings.get("form_title", "p"), ""
    )
    read.key = settings.get("public_key", "")
    groups: list[str] = []
    filled: dict[str, int] = {}
    for number, row in enumerate(survey, start=2):
        kind, name = row.get("type", ""), row.get("name", "")
        if kind.startswith("begin_"):
            groups.append(name)
            filled[name] = 0
            continue
        if kind.startswith("end_"):
            closed = groups.pop()
            if not filled[closed]:
                return invalid(
                    f"ODK Validate Errors:\nGroup has no children! Group: ${{{closed}}}. The XML is invalid.\n\n"
                    f"Group has no children! Group: ${{{closed}}}. The XML is invalid.\n\n>> Xform is invalid!\n\n"
                    "The following files failed validation:\n${tmp6pqp9nwh}\n\nResult: Invalid",
                    "A22-draft-empty-group",
                )
            continue
        for group in groups:
            filled[group] += 1
        base, _, argument = kind.partition(" ")
        if base.endswith("_from_file"):
            read.files[argument] = "file"
        elif base.startswith("select") and argument not in lists:
            return invalid(
                f"[row : {number}] List name not in choices sheet: {argument}", "B07-bad-missing-choice-list"
            )
        for text in row.values():  # pyxform makes an external instance of each, and Central asks for its file
            read.files.update({f"{name}.csv": "file" for name in re.findall(r"pulldata\(\s*'([^']+)'", text)})
        if row.get("media::image"):
            read.files[row["media::image"]] = "image"
        read.fields["/".join(["", *groups, name])] = _TYPES.get(base, "string")
        for column in row:
            if column.startswith("label::") and not re.search(r"\([a-z]{2,3}\)$", column):
                said = UNKNOWN_LANGUAGE.format(column.removeprefix("label::"))
                if said not in read.warnings:
                    read.warnings.append(said)
    unknown = _unknown_reference(survey)
    if unknown is not None:
        number, column, name = unknown
        return invalid(
            f"[row : {number}] On the 'survey' sheet, the '{column}' value is invalid. Reference variables must contain a name "
            f"from the 'survey' sheet. Could not find the name '{name}'.",
            "B08-bad-unknown-ref",
        )
    for row in tables.get("entities", []):
        read.datasets[row["list_name"]] = [each["save_to"] for each in survey if each.get("save_to")]
    read.xml = _xml(read, survey)
    return read


def _unknown_reference(survey: list[dict[str, str]]) -> tuple[int, str, str] | None:
    """The row, the column and the name of the first `${name}` that no row has."""
    names = {row.get("name", "") for row in survey}
    return next(
        (
            (number, column, name)
            for number, row in enumerate(survey, start=2)
            for column, text in row.items()
            for name in re.findall(r"\$\{\s*(?:last-saved#)?([^}\s]+)\s*\}", text)
            if name not in names
        ),
        None,
    )


def read_xml(content: bytes) -> Read | Given:
    """A form that came as XML."""
    text = content.decode("utf-8", "replace")
    found = re.search(r'<data id="([^"]*)" version="([^"]*)"', text)
    if found is None:
        return problem(400, 400.2, "Required parameter formId missing.", "A37-wrong-content-type", {"field": "formId"})
    return Read(found.group(1), found.group(2), "as XML", text)


def encrypted(read: Read, suffix: str) -> Read:
    """As a project with encryption changes a form: a key in it, and a suffix to its version."""
    version = f"{read.version}[encrypted:{suffix}]"
    xml = read.xml.replace(f"version={quoteattr(read.version)}", f"version={quoteattr(version)}").replace(
        "</model>", '<submission base64RsaPublicKey="fake"/></model>'
    )
    return Read(read.form_id, version, read.title, xml, read.key, read.fields, read.files, {}, read.warnings)


def _xml(read: Read, survey: list[dict[str, str]]) -> str:
    labels = "".join(f"<text id={quoteattr(str(row))}/>" for row in survey)
    return (
        f'<?xml version="1.0"?><h:html><h:head><h:title>{read.title}</h:title><model><instance>'
        f"<data id={quoteattr(read.form_id)} version={quoteattr(read.version)}/></instance>{labels}</model></h:head>"
        "<h:body/></h:html>"
    )


def _rows(sheet) -> list[dict[str, str]]:
    rows = [["" if cell is None else str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
    if not rows:
        return []
    return [
        {column: cell for column, cell in zip(rows[0], row, strict=False) if column and cell}
        for row in rows[1:]
        if any(row)
    ]
