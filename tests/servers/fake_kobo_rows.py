"""What a fake KoboToolbox does with the rows of a workbook: to JSON, as a real one keeps them, or why it will not.

Written from the recorded exchanges (contents of a011, c028, c088, c092, c132, d004, g016), not from the client.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from itertools import count
from typing import Any

Content = dict[str, Any]

_FIRST = {"start", "end", "today", "deviceid", "username", "phonenumber", "audit", "start-geopoint"}
_TRANSLATED = {
    "label", "hint", "guidance_hint", "constraint_message", "required_message", "media::image", "media::audio", "media::video",
}  # fmt: skip
_MEDIA = {"image", "audio", "video", "big-image"}
_SELECTS = ("select_one", "select_multiple", "rank")
_TYPES = {
    "text", "integer", "decimal", "date", "note", "calculate", "start", "end", "today", "deviceid", "username", "phonenumber",
    "audit", "start-geopoint", "geopoint", "image", "audio", "email", "acknowledge", "hidden", "dateTime", "time", "range",
    "barcode", "begin_group", "end_group", "begin_repeat", "end_repeat", "csv-external", "xml-external", "background-audio", "video", "file",
}  # fmt: skip
_RESTRICTION = re.compile(
    r"^(choice_(add|delete|value_edit|label_edit|order_edit)|question_(delete|label_edit|settings_edit|skip_logic_edit|"
    r"validation_edit)|group_(delete|split|label_edit|question_add|question_delete|question_order_edit|settings_edit|"
    r"skip_logic_edit))$"
)


class NotRead(Exception):
    """An import ends in an error: `kind` is the name of a Python class, `source` the exchange that showed it."""

    def __init__(self, kind: str, said: str, source: str) -> None:
        super().__init__(said)
        self.kind, self.said, self.source = kind, said, source


def content(workbook: bytes, made_up: Iterator[int] | None = None) -> tuple[Content, str]:
    """The content and the title. Raises NotRead."""
    from openpyxl import load_workbook

    made_up = made_up or count(1)
    try:
        book = load_workbook(BytesIO(workbook))
    except Exception:
        raise NotRead("XlsFormatException", "Unsupported format, or corrupt file", "b003") from None
    sheets = {sheet.title: _lines(sheet) for sheet in book.worksheets}
    settings = (sheets.get("settings") or [{}])[0]
    title = settings.pop("form_title", "")
    if "form_id" in settings:
        settings["id_string"] = settings.pop("form_id")
    survey, choices = sheets.get("survey", []), sheets.get("choices", [])
    _check_names(survey)
    languages = _languages([*survey, *choices], settings.get("default_language"))
    made: Content = {"schema": "1", "survey": [_row(line, languages, made_up) for line in _in_order(survey)]}
    if choices:
        made["choices"] = [_row(line, languages, made_up) for line in choices]
    made["settings"] = settings
    translated = sorted(
        {key for row in [*made["survey"], *made.get("choices", [])] for key in row if key in _TRANSLATED}
    )
    if translated:
        made["translated"], made["translations"] = translated, languages
    if "kobo--locking-profiles" in sheets:
        made["kobo--locking-profiles"] = _profiles(sheets["kobo--locking-profiles"])
        settings["kobo--lock_all"] = False
    return made, title


def completed(said: Content, made_up: Iterator[int]) -> Content:
    """A content that was sent as JSON, with what the server adds to each row."""
    survey = [
        {**row, "$kuid": f"random{next(made_up):03d}", "$autoname": row["name"], "$xpath": row["name"]}
        for row in said["survey"]
    ]
    return {"schema": "1", **said, "survey": survey}


def refusal(made: Content) -> tuple[int, str, str] | None:
    """Why a content is not published: status, what is said, the exchange. None if it is."""
    if any("save_to" in row or "bind::entities:saveto" in row for row in made["survey"]):
        return 500, "", "c004"
    opened: list[str] = []
    for row in made["survey"]:
        if row["type"].startswith("begin_"):
            opened.append(row["name"])
        elif row["type"].startswith("end_") and opened:
            opened.pop()
    if opened:
        return 400, f"Unmatched begin statement: group ({opened[-1]})", "b030"
    names = {row.get("name") for row in made["survey"]}
    if "__version__" in names:
        return 400, "There are more than one survey elements named '__version__'", "b100"
    lists = {row["list_name"] for row in made.get("choices", [])}
    for number, row in enumerate(made["survey"], start=2):
        listed = row.get("select_from_list_name")
        if listed is not None and listed not in lists:
            return 400, f"[row : {number}] List name not in choices sheet: {listed}", "b049"
        if str(row.get("relevant", "")).count("(") != str(row.get("relevant", "")).count(")"):
            said = (
                "ODK Validate Errors:\n>> XForm is invalid.\n: Encountered a problem with display condition for node [${a}], "
                "mismatched brackets or parentheses!\n\nThe following files failed validation:\n${tmp0nznx1mg}\n\nResult: Invalid"
            )
            return 400, said, "b041"
        for column in ("relevant", "constraint", "calculation", "choice_filter"):
            for name in re.findall(r"\$\{([^}]+)\}", str(row.get(column, ""))):
                if name not in names:
                    said = (
                        f"There has been a problem trying to replace ${{{name}}} with the XPath to the survey element named "
                        f"'{name}'. There is no survey element with this name."
                    )
                    return 400, said, "b037"
        if "foobar(" in str(row.get("calculation", "")):
            said = (
                "ODK Validate Errors:\n>> Something broke the parser.\nXPath evaluation: cannot handle function 'foobar'\n\n"
                "The following files failed validation:\n${tmp9d_ugrcz}\n\nResult: Invalid"
            )
            return 400, said, "b045"
    return None


def summary(made: Content) -> dict[str, Any]:
    asked = [
        row for row in made["survey"] if row["type"] not in _FIRST and not row["type"].startswith(("begin_", "end_"))
    ]
    labels = [row["label"][0] for row in asked if row.get("label")]
    return {
        "geo": False,
        "labels": labels,
        "columns": sorted({key for row in made["survey"] for key in row if not key.startswith("$")}),
        "lock_all": False,
        "lock_any": any("kobo--locking-profile" in row for row in made["survey"]),
        "languages": [each for each in made.get("translations", []) if each],
        "row_count": len(asked),
        "name_quality": {"ok": 0, "bad": 0, "good": len(asked), "total": len(asked), "firsts": {}},
        "default_translation": made["translations"][0] if "translations" in made else False,
    }


def _lines(sheet: Any) -> list[dict[str, str]]:
    rows = sheet.iter_rows(values_only=True)
    header = [str(each or "") for each in next(rows, ())]
    found = (
        {key: str(value).strip() for key, value in zip(header, row, strict=False) if key and value is not None}
        for row in rows
    )
    return [line for line in found if line]


def _check_names(survey: list[dict[str, str]]) -> None:
    met: set[str] = set()
    depth = 0
    for line in survey:
        kind, name = line.get("type", ""), line.get("name", "")
        if kind.split()[0] not in _TYPES and not kind.startswith(("select_one", "select_multiple", "rank")):
            raise NotRead("ValueError", f"unknown type ['{kind}']", "b026")
        depth += kind.startswith("begin_") - kind.startswith("end_")
        if depth < 0:
            raise NotRead("IndexError", "pop from empty list", "b033")
        if kind.startswith("end_"):
            continue
        if not re.fullmatch(r"[A-Za-z_][\w.-]*", name):
            raise NotRead("ValueError", f"Invalid node name: {name}", "b017")
        if name in met:
            raise NotRead("DuplicateNameException", f"Duplicate node name: {name}", "b020")
        met.add(name)


def _languages(lines: list[dict[str, str]], default: str | None) -> list[str | None]:
    split = [_split(column) for line in lines for column in line]
    found: dict[str | None, None] = dict.fromkeys(each[1] for each in split if each is not None)
    languages = list(found)
    if default and languages not in ([], [None]):
        if default not in languages:
            present = ", ".join(f"`{each}`" for each in languages)
            said = f"`{default}` is specified as the default language, but only these translations are present in the form: {present}"
            raise NotRead("ValueError", said, "b064")
        languages.sort(key=lambda each: each != default)
    return languages


def _split(written: str) -> tuple[str, str | None] | None:
    """A translated column and its language; None for any other column."""
    column = f"media::{written}" if written.partition("::")[0] in _MEDIA else written
    for base in _TRANSLATED:
        if column == base or column.startswith(f"{base}::"):
            return base, column[len(base) + 2 :] or None
    return None


def _in_order(survey: list[dict[str, str]]) -> list[dict[str, str]]:
    return [
        *(line for line in survey if line["type"] in _FIRST),
        *(line for line in survey if line["type"] not in _FIRST),
    ]


def _row(line: dict[str, str], languages: list[str | None], made_up: Iterator[int]) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for written, text in line.items():
        column, spoken = written, _split(written)
        if spoken is not None:
            row.setdefault(spoken[0], [None] * len(languages))[languages.index(spoken[1])] = text
        elif column == "type":
            _typed(row, text)
        elif column == "hxl":
            row["tags"] = [f"hxl:{tag}" for tag in re.findall(r"[#+][^#+\s]+", text)]
        elif column == "required" and text.lower() in ("yes", "true", "true()"):
            row["required"] = True
        elif column == "required" and text.lower() in ("no", "false", "false()"):
            row["required"] = False
        else:
            row[column] = text
    row.setdefault("$kuid", f"random{next(made_up):03d}")
    if "list_name" in row:
        row["$autovalue"] = row["name"]
    elif "name" in row:
        row["$autoname"] = row["$xpath"] = row["name"]
    return row


def _typed(row: dict[str, Any], text: str) -> None:
    kind, *rest = text.split()
    if kind in _SELECTS and rest:
        row["type"], row["select_from_list_name"] = kind, rest[0]
        if "or_other" in rest[1:]:
            row["_or_other"] = True
    elif kind.endswith("_from_file") and rest:
        row["type"], row["file"] = kind, rest[0]
    else:
        row["type"] = text


def _profiles(lines: list[dict[str, str]]) -> list[dict[str, Any]]:
    names = list(dict.fromkeys(column for line in lines for column in line if column != "restriction"))
    for line in lines:
        if not _RESTRICTION.match(line["restriction"]):
            raise NotRead("FormPackLibraryLockingError", f"{line['restriction']} is not a valid restriction.", "g024")
    return [
        {"name": name, "restrictions": [line["restriction"] for line in lines if line.get(name) == "locked"]}
        for name in names
    ]
