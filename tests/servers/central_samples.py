"""Small workbooks for the servers' tests: as pimforms writes them, or as somebody makes them by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO

from openpyxl import Workbook

from pimforms.source import Place, Source
from pimforms.xlsform.rows import Row, Sheets
from pimforms.xlsform.workbook import to_bytes

PLACE = Place(Source("form.pim", ""), 0, 0)

CSV = b"name,label\ns1,North\ns2,South\n"
KEY = "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA"
QUESTIONS = (
    {"type": "select_one yn", "name": "consent", "label": "Do you agree?"},
    {"type": "integer", "name": "size", "label": "How many people live here?"},
    {"type": "select_one_from_file sites.csv", "name": "site", "label": "Site"},
)
NOTES = {"type": "text", "name": "notes", "label": "Notes"}
CHOICES = ({"list_name": "yn", "name": "yes", "label": "Yes"}, {"list_name": "yn", "name": "no", "label": "No"})


def book(
    form_id: str = "household",
    version: str = "1-0a1b2c3d",
    questions: Sequence[Mapping[str, str]] = QUESTIONS,
    *,
    settings: Mapping[str, str] | None = None,
) -> bytes:
    """A workbook as pimforms writes it."""
    columns = tuple(dict.fromkeys(column for row in questions for column in row))
    given = {"form_title": "Household", "form_id": form_id, "version": version} | dict(settings or {})
    return to_bytes(
        Sheets(
            columns,
            tuple(Row(row, PLACE) for row in questions),
            ("list_name", "name", "label"),
            tuple(Row(row, PLACE) for row in CHOICES),
            {key: value for key, value in given.items() if value},
        )
    )


def by_hand(
    form_id: str = "household",
    version: str = "draft-of-hawa",
    questions: Sequence[Mapping[str, str]] = QUESTIONS,
    *,
    entities: str = "",
) -> bytes:
    """A workbook as a spreadsheet program writes it; with a list of entities, if one is named."""
    made = Workbook()
    survey = made.active
    survey.title = "survey"
    _fill(survey, questions)
    _fill(made.create_sheet("choices"), CHOICES)
    _fill(made.create_sheet("settings"), [{"form_title": "Household", "form_id": form_id, "version": version}])
    if entities:
        _fill(made.create_sheet("entities"), [{"list_name": entities, "label": "${notes}"}])
    written = BytesIO()
    made.save(written)
    return written.getvalue()


def _fill(sheet, rows: Sequence[Mapping[str, str]]) -> None:
    columns = list(dict.fromkeys(column for row in rows for column in row))
    sheet.append(columns)
    for row in rows:
        sheet.append([row.get(column) for column in columns])
