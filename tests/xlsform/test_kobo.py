"""What KoboToolbox gets more than others: rows whose names stay, and locks on the consent. Nobody else gets a `$` column."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from io import BytesIO

import pytest
from xlsform_forms import HERE, ask, group, note, sheets

from conftest import ROOT, TODAY
from pimforms.compiler import compile_file
from pimforms.standards.data import table
from pimforms.xlsform import kobo
from pimforms.xlsform.kobo import KUID, PROFILE, PROFILES, SameKuid, for_kobo
from pimforms.xlsform.rows import Row, Sheets
from pimforms.xlsform.workbook import to_bytes

SMALL = sheets(group("g", ask("a"), note("n", "bye", origin="PIM408"), label="G"))


def digits(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:9]


def choice(code: str, listed: str = "l") -> Row:
    return Row({"list_name": listed, "name": code, "label::English (en)": code}, HERE)


def with_choices(*rows: Row) -> Sheets:
    return replace(SMALL, choices_columns=("list_name", "name", "label::English (en)"), choices=rows)


def test_the_key_of_a_row_is_nine_digits_over_its_own_name() -> None:
    made = for_kobo(with_choices(choice("y"), choice("n")))
    assert [row.cells[KUID] for row in made.survey] == [
        digits(key) for key in ("survey/g", "survey/a", "survey/n", "g/end")
    ]
    assert [row.cells[KUID] for row in made.choices] == [digits(key) for key in ("choices/l/y", "choices/l/n")]


def test_the_key_stays_when_rows_move_and_groups_are_put_around_them() -> None:
    before = {row.cells.get("name"): row.cells[KUID] for row in for_kobo(sheets(ask("a"), ask("b"))).survey}
    after = {row.cells.get("name"): row.cells[KUID] for row in for_kobo(sheets(group("g", ask("b")), ask("a"))).survey}
    assert before == {name: after[name] for name in ("a", "b")}


def test_two_rows_with_one_key_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kobo, "_DIGITS", 0)
    with pytest.raises(SameKuid, match="survey/g and survey/a have the same key") as caught:
        for_kobo(SMALL)
    assert "a_2" in caught.value.fix


def test_two_questions_with_one_name_are_refused() -> None:
    twice = replace(SMALL, survey=(SMALL.survey[1], SMALL.survey[1]))
    with pytest.raises(SameKuid, match="two rows are called survey/a"):
        for_kobo(twice)


def test_a_code_that_its_list_has_twice_has_two_keys() -> None:
    made = for_kobo(with_choices(choice("y"), choice("y"), choice("y", "m")))
    assert len({row.cells[KUID] for row in made.choices}) == 3


def test_what_the_protections_added_is_locked_and_what_stands_behind_them_keeps_its_condition() -> None:
    compiled = compile_file(ROOT / "examples" / "controls" / "service_satisfaction.pim", today=TODAY).sheets
    assert compiled is not None
    made = for_kobo(compiled)
    profiles = {row.cells["name"]: row.cells.get(PROFILE) for row in made.survey if "name" in row.cells}
    assert {profiles[name] for name in ("pim_consent", "pim_say_who", "pim_agree", "pim_outcome")} == {"consent"}
    gated = [name for name, profile in profiles.items() if profile == "gated"]
    assert gated
    assert not any(name.startswith("pim_") for name in gated)
    assert [extra.name for extra in made.extra] == [PROFILES]
    locked = {line["restriction"] for line in made.extra[0].lines if line.get("consent") == "locked"}
    assert locked == set(table("kobo_locks")["consent"]["restrictions"])
    assert not any(PROFILE in row.cells for row in made.survey if row.cells["type"].startswith("end_"))


def test_a_form_without_protection_has_no_locks() -> None:
    made = for_kobo(sheets(ask("a")))
    assert not made.extra
    assert PROFILE not in made.survey_columns


def test_the_sheet_of_locks_is_written_and_other_workbooks_stay_as_they_were() -> None:
    from openpyxl import load_workbook

    book = load_workbook(BytesIO(to_bytes(for_kobo(SMALL))))
    assert book.sheetnames == ["survey", "choices", "settings", PROFILES]
    head, *lines = list(book[PROFILES].iter_rows(values_only=True))
    assert head == ("restriction", "consent")
    assert ("question_label_edit", "locked") in lines
    assert to_bytes(SMALL) == to_bytes(replace(for_kobo(SMALL), **{
        name: getattr(SMALL, name) for name in ("survey_columns", "survey", "choices_columns", "choices", "extra")
    }))  # fmt: skip


@pytest.mark.parametrize("example", ["f1_core/f1_core.pim", "controls/service_satisfaction.pim"])
def test_pyxform_is_never_given_what_only_kobotoolbox_reads(example: str) -> None:
    """A `$` column of the choices breaks the XForm everywhere else (reference: pyxform 3.0.0)."""
    compiled = compile_file(ROOT / "examples" / example, today=TODAY)
    for each in (compiled.sheets, compiled.contact):
        if each is None:
            continue
        plain = to_bytes(each)
        assert not [column for column in (*each.survey_columns, *each.choices_columns) if column.startswith("$")]
        assert KUID.encode() not in plain
        assert PROFILE.encode() not in plain
        uploaded = to_bytes(for_kobo(each))
        assert KUID.encode() in uploaded  # stored, not deflated: it can be looked for
        assert PROFILES.encode() in uploaded


def test_the_xform_of_a_compiled_form_names_nothing_of_kobotoolbox(tmp_path) -> None:
    from pyxform.xls2xform import convert

    from pimforms.xlsform.workbook import write

    compiled = compile_file(ROOT / "examples" / "controls" / "service_satisfaction.pim", today=TODAY).sheets
    assert compiled is not None
    write(compiled, tmp_path / "a.xlsx")
    write(for_kobo(compiled), tmp_path / "b.xlsx")
    assert "kuid" not in convert(str(tmp_path / "a.xlsx"), validate=False).xform
    assert (
        "kuid" in convert(str(tmp_path / "b.xlsx"), validate=False).xform
    )  # so this is what must never be sent elsewhere


def test_every_restriction_is_one_that_kobotoolbox_knows() -> None:
    known = {
        *(f"choice_{each}" for each in ("add", "delete", "value_edit", "label_edit", "order_edit")),
        *(f"question_{each}" for each in ("delete", "label_edit", "settings_edit", "skip_logic_edit", "validation_edit")),
        *(f"group_{each}" for each in (
            "delete", "split", "label_edit", "question_add", "question_delete", "question_order_edit", "settings_edit",
            "skip_logic_edit")),
    }  # fmt: skip
    for profile in table("kobo_locks").values():
        assert set(profile["restrictions"]) <= known
