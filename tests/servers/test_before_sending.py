"""What is refused before anything is sent, for which server, and at which line."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from conftest import ROOT, TODAY
from pimforms.compiler import Compiled, check_source, compile_checked
from pimforms.diagnostics import Diagnostic
from pimforms.rules.sending import before_sending
from pimforms.source import Source, normalise
from pimforms.xlsform.attachments import attachments
from pimforms.xlsform.targets import for_target

HEAD = """form desk "Service desk"
  organisation "Relief"
  category     sectoral
  population   "People in block C"
  contact      "the desk in block C"
{more}
purpose better "Better services"
  tell people "make services better"
ask used yes_no "Did you come to this desk in the last 30 days?"
{rows}
"""


def compiled(more: str = "", rows: str = "", folder: Path = ROOT / "examples" / "tour") -> Compiled:
    made = compile_checked(
        check_source(Source("desk.pim", normalise(HEAD.format(more=more, rows=rows))), folder, today=TODAY)
    )
    assert made.sheets is not None, made.diagnostics
    return made


def refused(
    made: Compiled, kind: str, host: str = "eu.kobotoolbox.org", folder: Path = ROOT / "examples" / "tour"
) -> list[Diagnostic]:
    assert made.form is not None
    assert made.sheets is not None
    return [*before_sending(made.form, kind, host), *for_target(made.sheets, kind, folder, made.form.place)]


@pytest.mark.parametrize("kind", ["kobo", "central"])
def test_a_plain_form_may_go_to_both(kind: str) -> None:
    assert refused(compiled(), kind) == []


@pytest.mark.parametrize("kind", ["kobo", "central"])
def test_a_draft_goes_nowhere(kind: str) -> None:
    made = compiled(rows="draft")
    assert [each.code for each in refused(made, kind)] == ["PF407"]


def test_the_test_key_goes_nowhere() -> None:
    made = compiled('  public key "test_key.pem"')
    assert [(each.code, each.place.line) for each in refused(made, "central")] == [("PF408", 6)]


def test_an_encrypted_form_tells_kobotoolbox_where_records_go() -> None:
    made = compiled('  public key "office.pem"')
    said = refused(made, "kobo")
    assert [(each.code, each.place.line) for each in said] == [("PF409", 6)]
    assert said[0].fix == 'add under `form`: submit to "https://kc-eu.kobotoolbox.org/submission"'
    assert refused(made, "central") == []
    assert refused(compiled('  public key "office.pem"\n  submit to "https://kc.example/submission"'), "kobo") == []


def test_a_form_called_like_a_file() -> None:
    made = compiled()
    assert made.form is not None
    made = replace(made, form=replace(made.form, name="desk.xlsx"))
    assert [each.code for each in refused(made, "central")] == ["PF404"]
    assert refused(made, "kobo") == []


def test_what_came_after_the_pyxform_of_kobotoolbox() -> None:
    made = compiled(
        rows='ask wait range from 0 to 60 step 5 "How many minutes did you wait?"\n  parameter tick_interval 10'
    )
    assert [(each.code, each.place.line) for each in refused(made, "kobo")] == [("PF403", 10)]
    assert refused(made, "central") == []


def test_a_name_that_kobotoolbox_keeps() -> None:
    made = compiled(rows='ask formhub yes_no "Is the hub open?"')
    assert [(each.code, each.place.line) for each in refused(made, "kobo")] == [("PF402", 10)]
    assert refused(made, "central") == []


def test_entities_do_not_go_to_kobotoolbox() -> None:
    made = compiled()
    assert made.sheets is not None
    survey = [
        replace(row, cells={**row.cells, "save_to": "used"}) if row.cells.get("name") == "used" else row
        for row in made.sheets.survey
    ]
    made = replace(made, sheets=replace(made.sheets, survey=tuple(survey)))
    assert [(each.code, each.place.line) for each in refused(made, "kobo")] == [("PF402", 9)]


LOOKUP = """ask card text "Write the number of the card."
find household in "cards.csv" by card as household_code
  gives card_size integer from size
  missing "This card is not on the list.\""""


def test_files_of_the_phone_are_found_in_the_rows(tmp_path: Path) -> None:
    made = compiled(rows=LOOKUP)
    assert made.sheets is not None
    assert list(attachments(made.sheets)) == ["cards.csv"]
    said = refused(made, "central", folder=tmp_path)
    assert [each.code for each in said] == ["PF406"]
    assert said[0].place.line >= 10


@pytest.mark.parametrize("name", ["../private.csv", "sub\\\\private.csv"])
def test_no_file_from_another_folder_is_sent(name: str, tmp_path: Path) -> None:
    folder = tmp_path / "forms"
    folder.mkdir()
    (tmp_path / "private.csv").write_text("a\n", encoding="utf-8")
    made = compiled()
    assert made.sheets is not None
    survey = tuple(
        replace(row, cells={**row.cells, "calculation": f"pulldata('{name}', 'a', 'b', 'c')"})
        for row in made.sheets.survey
    )
    said = refused(replace(made, sheets=replace(made.sheets, survey=survey)), "central", folder=folder)
    assert [each.code for each in said] == ["PF406"]


def test_on_central_each_phone_has_its_own_address() -> None:
    made = compiled('  public key "office.pem"\n  submit to "https://kc.example/submission"')
    assert [(each.code, each.place.line) for each in refused(made, "central")] == [("PF410", 7)]
