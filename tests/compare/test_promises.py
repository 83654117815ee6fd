"""What holds for every comparison: a form does not differ from itself, and there and back say the same."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from compare_help import CASES, HEAD, _side, changes, codes, form, sheets_in, within

from conftest import ROOT, TODAY, forms_in
from pimforms.compare.added import what_is
from pimforms.compare.of_form import snapshot_of_form, woven
from pimforms.compare.of_rows import snapshot_of_sheets
from pimforms.compare.sides import Side, both, side, side_of_source
from pimforms.compiler import compile_file
from pimforms.source import Source
from pimforms.syntax.format import format_text
from pimforms.xlsform.read import read
from pimforms.xlsform.rows import Row, Sheets
from pimforms.xlsform.workbook import to_bytes

EXAMPLES = [*forms_in(ROOT / "examples"), *forms_in(ROOT / "tests" / "protect" / "forms")]
named = pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
cases = pytest.mark.parametrize("folder", CASES, ids=lambda folder: folder.name)


@named
def test_a_form_does_not_differ_from_itself(path: Path) -> None:
    assert changes(side(str(path)), side(str(path))).changes == ()


@named
def test_a_form_does_not_differ_from_itself_laid_out_otherwise(path: Path) -> None:
    source = Source(str(path), path.read_text("utf-8"))
    laid_out, _ = format_text(source)
    squeezed = "\n".join(line.strip() for line in laid_out.splitlines()) + "\n"
    again = side_of_source(Source(str(path), squeezed), path.parent, str(path))
    assert changes(side(str(path)), again).changes == ()


@named
def test_a_form_does_not_differ_from_its_own_workbook(path: Path) -> None:
    compiled = compile_file(path, today=TODAY)
    for sheets in filter(None, (compiled.sheets, compiled.contact)):
        book = Side("own.xlsx", sheets=read(to_bytes(sheets), shown_as="own.xlsx"))
        assert changes(side(str(path)), book).changes == ()
        assert changes(book, side(str(path))).changes == ()


@named
def test_rows_and_form_know_the_same_names_paths_and_protections(path: Path) -> None:
    compiled = compile_file(path, today=TODAY)
    assert compiled.sheets is not None
    asked = side(str(path)).form
    assert asked is not None
    from_form, from_rows = snapshot_of_form(asked), snapshot_of_sheets(compiled.sheets)
    if compiled.contact is None:
        held = {name: entry.path for name, entry in from_form.entries.items() if entry.role == "question"}
        assert held == {name: entry.path for name, entry in from_rows.entries.items() if entry.role == "question"}
        assert from_rows.woven is not None
        assert woven(asked).protections.keys() == from_rows.woven.protections.keys()
        assert woven(asked).fingerprint == from_rows.woven.fingerprint


@named
def test_every_row_that_is_added_has_words(path: Path) -> None:
    asked = side(str(path)).form
    assert asked is not None
    assert [name for name in woven(asked).protections if what_is(name) == "a row of its own"] == []


@cases
def test_a_protection_is_never_missed_by_not_looking(folder: Path) -> None:
    """What the compiler adds is made only if something that it depends on differs: then nothing else can differ."""
    with within(folder):
        old, new = _side("old"), _side("new")
    if old.form is None or new.form is None:
        return
    first, second = snapshot_of_form(old.form), snapshot_of_form(new.form)
    if first.basis == second.basis:
        assert woven(old.form).protections.keys() == woven(new.form).protections.keys()
        before, after = woven(old.form).consent, woven(new.form).consent
        assert {name: row.words for name, row in before.items()} == {name: row.words for name, row in after.items()}


OPPOSITE = {
    "question-removed": ("question-added", "required-question-added"), "choice-removed": ("choice-added",),
    "calculation-removed": ("calculation-added",), "note-removed": ("note-added",), "metadata-removed": ("metadata-added",),
    "group-removed": ("group-added",), "protection-lost": ("protection-added",), "language-removed": ("language-added",),
    "recipient-removed": ("recipient-added",), "consent-screen-removed": ("consent-screen-added",),
}  # fmt: skip


@cases
def test_the_way_back_swaps_what_was_added_and_what_is_gone(folder: Path) -> None:
    with within(folder):
        there, back = changes(_side("old"), _side("new")), changes(_side("new"), _side("old"))
    counted, reversed_ = Counter(c.code for c in there.changes), Counter(c.code for c in back.changes)
    for gone, added in OPPOSITE.items():
        assert counted[gone] == sum(reversed_[code] for code in added)
        assert reversed_[gone] == sum(counted[code] for code in added)
    assert {(new, old) for old, new in there.offers} == set(back.offers)


@cases
def test_forms_and_their_workbooks_break_in_the_same_places(folder: Path) -> None:
    """Two texts are compared as written, two workbooks row by row: both see the same broken data."""
    with within(folder):
        old, new = _side("old"), _side("new")
    if old.form is None or new.form is None:
        return
    said = {(change.code, change.name) for change in changes(old, new).breaking}
    by_rows = changes(Side("old", sheets=_rows(old)), Side("new", sheets=_rows(new)))
    assert {(change.code, change.name) for change in by_rows.breaking} == said


def _rows(one: Side) -> Sheets:
    from pimforms.compiler import Checked, compile_checked

    sheets = compile_checked(Checked(one.form, ())).sheets
    assert sheets is not None
    return sheets


# ---- what servers do to a workbook is no change


def as_kobo_returns(sheets: Sheets) -> Sheets:
    """Its own columns, metadata at the top, other order of columns and languages, `id_string`, `true` and `false`."""
    meta = ("start", "end", "today", "deviceid", "username", "phonenumber", "audit", "start-geopoint")
    rows = []
    for number, row in enumerate(sheets.survey):
        cells = dict(reversed(row.cells.items()))
        if "required" in cells and cells["required"] == "yes":
            cells["required"] = "true"
        cells |= {"$kuid": f"k{number}", "$xpath": cells.get("name", ""), "$autoname": cells.get("name", "")}
        cells["kobo--locking-profile"] = "flex"
        rows.append(Row(cells, row.place))
    rows.sort(key=lambda row: row.cells["type"] not in meta)
    kept = {name: text for name, text in sheets.settings.items() if name not in ("form_id", "form_title", "version")}
    settings = {"id_string": sheets.settings["form_id"], **kept}
    columns = ("$kuid", "$xpath", "$autoname", "kobo--locking-profile", *reversed(sheets.survey_columns))
    return Sheets(columns, tuple(rows), tuple(reversed(sheets.choices_columns)), sheets.choices, settings)


@named
def test_a_workbook_that_kobotoolbox_returns_does_not_differ(path: Path) -> None:
    sheets = compile_file(path, today=TODAY).sheets
    assert sheets is not None
    returned = Side("live.xlsx", sheets=as_kobo_returns(sheets))
    assert changes(returned, side(str(path))).changes == ()
    assert changes(side(str(path)), returned).changes == ()


def test_a_label_without_a_language_is_in_the_leading_one() -> None:
    plain = Sheets(
        ("type", "name", "label"), (Row({"type": "text", "name": "a", "label": "A?"}, form("").form.place),), (), (), {}
    )  # type: ignore[union-attr]
    named_ = replace(
        plain,
        survey_columns=("type", "name", "label::English (en)"),
        survey=(Row({"type": "text", "name": "a", "label::English (en)": "A?"}, plain.survey[0].place),),
    )
    assert changes(Side("a", sheets=plain), Side("b", sheets=named_)).changes == ()


# ---- single things


def test_a_renamed_condition_is_seen_where_it_is_used() -> None:
    body = 'condition old_enough = age >= {}\nask age integer "How old are you?"\nask vote yes_no "Do you vote?"\n  when old_enough\n'
    assert codes(body.format(18), body.format(16)) == ["condition-changed"]


def test_a_list_with_another_name_and_the_same_choices_only_looks_otherwise() -> None:
    body = 'choices {0}\n  a "A"\n  b "B"\nend choices\nask x one of {0} "Which?"\n'
    assert codes(body.format("ab"), body.format("letters")) == ["list-changed"]


def test_a_group_that_is_not_emitted_moves_nothing() -> None:
    ask = 'ask x yes_no "Is it so?"\n'
    assert "question-moved" not in codes(ask, f"group bracket\n{ask}end group\n")


def test_both_sides_are_of_one_kind() -> None:
    old, new = both(form('ask x yes_no "X?"\n'), Side("b", sheets=_rows(form('ask x yes_no "X?"\n'))))
    assert (old.is_rows, new.is_rows) == (True, True)
    assert HEAD.startswith("form desk")


def rows(*survey: str, choices: str = "") -> Side:
    """A workbook with these lines in its survey: type | name | label | relevant | repeat_count | calculation."""
    head = "survey\n| type | name | label::English (en) | relevant | repeat_count | calculation |\n"
    lists = f"choices\n| list_name | name | label::English (en) |\n{choices}\n" if choices else ""
    return Side("rows", sheets=sheets_in(head + "\n".join(f"| {line} |" for line in survey) + "\n" + lists))


def said(old: Side, new: Side) -> list[tuple[str, str]]:
    return [(change.code, change.name) for change in changes(old, new).changes]


def test_or_other_is_a_choice() -> None:
    choices = "| aid | food | Food |"
    with_other = rows("select_one aid or_other | x | X? | | |", choices=choices)
    without = rows("select_one aid | x | X? | | |", choices=choices)
    assert said(with_other, without) == [("choice-removed", "x/other")]
    assert said(without, with_other) == [("choice-added", "x/other")]


def test_the_count_of_a_repeat_is_seen_through_its_calculation() -> None:
    def book(count: str) -> Side:
        return rows(
            f"calculate | pim_count_m | | | | {count}",
            "begin repeat | m | M | | ${pim_count_m} |",
            "text | a | A? | | |",
            "end repeat | | | | |",
        )

    assert said(book("${n} + 1"), book("${n} + 2")) == [("count-changed", "m")]


def test_a_protection_that_somebody_edited_in_the_workbook_is_seen() -> None:
    old = rows("select_one yes_no | pim_agree | Do you agree? | | |")
    assert said(old, rows("text | pim_agree | Do you agree? | | |")) == [("protection-changed", "pim_agree")]
    assert said(old, rows("select_one yes_no | pim_agree | Go on? | | |")) == [("protection-changed", "pim_agree")]


@pytest.mark.parametrize("written", ["begin group", "begin_group", "Begin Group"])
def test_types_are_understood_however_they_are_written(written: str) -> None:
    old = rows("begin_group | g | G | | |", "select_multiple aid | x | X? | | |", "end_group | | | | |")
    new = rows(f"{written} | g | G | | |", "select all that apply from aid | x | X? | | |", "end group | | | | |")
    assert said(old, new) == []


def test_a_translation_is_removed_as_a_language_and_not_label_by_label() -> None:
    both_ = 'ask x yes_no "X?"\n  fr: "X ?"\nask y yes_no "Y?"\n  fr: "Y ?"\n'
    old, new = HEAD.replace("  version", "  languages en, fr\n  version"), HEAD
    found = changes(form(both_, head=old), form('ask x yes_no "X?"\nask y yes_no "Y?"\n', head=new))
    assert [(change.code, change.name) for change in found.changes if change.code != "fingerprint-changed"] == [
        ("language-removed", "fr")
    ]


def test_a_question_that_was_put_before_the_consent_is_said() -> None:
    ask = 'ask site text "Which site?"\n  sensitivity low\n'
    more = 'ask x yes_no "X?"\n'
    found = changes(form(f"consent\n{ask}{more}"), form(f"{ask}consent\n{more}"))
    assert [(change.code, change.name, change.new) for change in found.changes] == [
        ("gate-opened", "pim_agree", "`site`")
    ]


def test_the_last_tag_that_is_taken_away_is_seen_in_workbooks() -> None:
    body = 'use respondent_profile for better\nask x yes_no "X?" for better\n'
    old, new = form(body + "  by sex\n"), form(body)
    books = changes(Side("old", sheets=_rows(old)), Side("new", sheets=_rows(new)))
    assert [change.code for change in books.changes if change.kind == "meaning"] == ["by-changed"]


def test_the_version_of_a_form_text_stands_at_the_form_though_its_first_row_comes_from_the_library() -> None:
    path = ROOT / "examples" / "f1_core" / "f1_core.pim"
    sheets = compile_file(path, today=TODAY).sheets
    assert sheets is not None and "form_library" in sheets.survey[0].place.path
    older = replace(sheets, settings={**sheets.settings, "version": "0"})
    line = path.read_text("utf-8").splitlines().index('form f1_core "Household protection monitoring"') + 1
    found = changes(Side("old.xlsx", sheets=older), side(str(path))).changes
    assert [(each.code, each.place) for each in found] == [("version-changed", f"{path}:{line}")]
