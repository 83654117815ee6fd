"""Mistakes that cannot be written: what the compiler writes for the examples and for good/everything.pim has none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from conftest import ROOT, TODAY, forms_in
from forms import form_of
from pimforms.compiler import compile_file
from pimforms.standards.data import table
from pimforms.xlsform import columns
from pimforms.xlsform.emit import emit
from pimforms.xlsform.rows import Row, Sheets
from pimforms.xlsform.workbook import write

GOOD = Path(__file__).resolve().parent / "good"
EXAMPLES = sorted(path for folder in (ROOT / "examples", GOOD) for path in forms_in(folder))
EXPRESSIONS = ("relevant", "constraint", "calculation", "choice_filter", "repeat_count", "default", "required")
SETTINGS = {
    "form_title",
    "form_id",
    "version",
    "default_language",
    "allow_choice_duplicates",
    "instance_name",
    "style",
    "public_key",
    "submission_url",
}
UNANSWERED = {
    "note",
    "calculate",
    "begin_group",
    "end_group",
    "begin_repeat",
    "end_repeat",
    *table("types")["metadata"],
}
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,63}")
CODE = re.compile(r"[A-Za-z0-9_.-]+")
REFERENCE = re.compile(r"\$\{([^}]*)\}")


@cache
def compiled(path: Path) -> Sheets:
    made = compile_file(path, today=TODAY)
    assert made.sheets is not None, [f"{d.code} {d.place}" for d in made.diagnostics if d.is_error]
    return made.sheets


@pytest.fixture(params=EXAMPLES, ids=lambda path: path.stem)
def sheets(request: pytest.FixtureRequest) -> Sheets:
    return compiled(request.param)


def languages(header: tuple[str, ...]) -> set[str]:
    return {column.partition("::")[2] for column in header if column.partition("::")[0] in columns.TRANSLATED}


def in_languages(row: Row, column: str) -> dict[str, str]:
    return {key.partition("::")[2]: text for key, text in row.cells.items() if key.partition("::")[0] == column}


def expressions(made: Sheets) -> Iterator[tuple[Row, str, str]]:
    for row in made.survey:
        for column in EXPRESSIONS:
            if column in row.cells:
                yield row, column, row.cells[column]


def outside_quotes(xpath: str) -> str:
    return re.sub(r"'[^']*'|\"[^\"]*\"", "''", xpath)


def written(row: Row) -> str:
    return str(row.cells["type"]).split()[0]


def repeats_around(made: Sheets) -> dict[str, tuple[str, ...]]:
    """The repeats around each row, by its name."""
    around: dict[str, tuple[str, ...]] = {}
    open_now: list[str] = []
    for row in made.survey:
        if written(row) == "end_repeat":
            open_now.pop()
        if "name" in row.cells:
            around[row.cells["name"]] = tuple(open_now)
        if written(row) == "begin_repeat":
            open_now.append(row.cells["name"])
    return around


def test_a_many_choice_answer_is_never_compared_with_one_code(sheets: Sheets) -> None:
    many = {row.cells["name"] for row in sheets.survey if written(row) == "select_multiple"}
    for row, column, xpath in expressions(sheets):
        compared = set(re.findall(r"\$\{(\w+)\} !?= '[^']", xpath))
        assert not compared & many, (row.cells["name"], column)


def test_a_date_is_never_a_sum(sheets: Sheets) -> None:
    """`2020-01-01` without `date('…')` is 2018."""
    for row, column, xpath in expressions(sheets):
        if column != "default":
            assert not re.search(r"\d{4}-\d\d?-\d", outside_quotes(xpath)), row.cells["name"]


def test_a_bare_date_is_written_as_a_date() -> None:
    form = form_of('ask arrived date "When did you come?"\nask why text "Why?"\n  when arrived > 2020-01-01\n')
    (when,) = (row.cells["relevant"] for row in emit(form).survey if row.cells["name"] == "why")
    assert when == "${arrived} > date('2020-01-01')"


def test_a_constraint_reads_the_answer_and_not_its_name(sheets: Sheets) -> None:
    for row in sheets.survey:
        assert row.cells.get("name") not in REFERENCE.findall(row.cells.get("constraint", ""))


def test_only_what_is_answered_has_a_constraint(sheets: Sheets) -> None:
    assert [
        row.cells["name"] for row in sheets.survey if written(row) in UNANSWERED and "constraint" in row.cells
    ] == []


def test_every_name_in_braces_is_there(sheets: Sheets) -> None:
    names = {row.cells["name"] for row in sheets.survey if "name" in row.cells}
    for row in sheets.survey:
        for text in row.cells.values():
            assert set(REFERENCE.findall(text)) <= names, row.cells["name"]


def test_two_values_never_stand_side_by_side(sheets: Sheets) -> None:
    for row, column, xpath in expressions(sheets):
        if column != "default":
            assert not re.search(r"(?:\}|'')\s*(?:\$\{|'')", outside_quotes(xpath)), row.cells["name"]


def test_only_known_columns_are_written(sheets: Sheets) -> None:
    known = {*columns.SURVEY, *columns.TAGS}
    assert {column.partition("::")[0] for column in sheets.survey_columns} <= known
    assert set(sheets.settings) <= SETTINGS


def test_only_known_appearances_are_written(sheets: Sheets) -> None:
    types, containers = table("types")["type"], table("types")["container"]
    known = {word for row in types.values() for word in row.get("appearances", ())}
    known |= {word for words in containers.values() for word in words}
    for row in sheets.survey:
        assert set(row.cells.get("appearance", "").split()) <= known, row.cells["name"]


def test_parameters_stand_only_where_the_type_has_them(sheets: Sheets) -> None:
    kinds = table("types")
    known = {row["xlsform"].split()[0]: set(row.get("parameters", ())) for row in kinds["type"].values()}
    known |= {name: set(row.get("parameters", ())) for name, row in kinds["metadata"].items()}
    known["range"] |= {"start", "end", "step"}
    for row in sheets.survey:
        keys = {pair.partition("=")[0] for pair in row.cells.get("parameters", "").split()}
        assert keys <= known.get(written(row), set()), row.cells["name"]


def test_only_what_is_answered_is_required_and_the_word_is_yes(sheets: Sheets) -> None:
    for row in sheets.survey:
        if "required" in row.cells:
            # Only the compiler's own question at the end may be left blank in one case: after somebody was upset.
            assert row.cells["required"] == "yes" or row.cells["name"] == "pim_withdraw"
            assert written(row) not in UNANSWERED
            assert "read_only" not in row.cells


def test_what_is_read_only_is_not_required() -> None:
    form = form_of('ask round integer "Round"\n  default 3\n  read only\n')
    (row,) = (row for row in emit(form).survey if row.cells["name"] == "round")
    assert (row.cells["read_only"], "required" in row.cells) == ("yes", False)


def test_every_constraint_has_a_message_in_every_language_and_no_message_stands_alone(sheets: Sheets) -> None:
    wanted = languages(sheets.survey_columns)
    for row in sheets.survey:
        said = in_languages(row, "constraint_message")
        assert set(said) == (wanted if "constraint" in row.cells else set()), row.cells.get("name")
        assert all(text.strip() for text in said.values())


@pytest.mark.parametrize(
    ("question", "says"),
    [
        ('ask card text "Card?"\n  must match "[0-9]{4}"\n', "This does not have the right form. Please check it."),
        ('ask age integer "Age?"\n  must be at least 1\n', "At least 1."),
        ('ask old integer "Age?"\n  must be true that answer / 2 > 1\n', "This answer is not possible here. Please check it."),
    ],
)  # fmt: skip
def test_a_must_without_a_message_gets_one(question: str, says: str) -> None:
    (row,) = (row for row in emit(form_of(question)).survey if "constraint" in row.cells)
    assert list(in_languages(row, "constraint_message").values()) == [says]


def test_every_text_is_there_in_every_language(sheets: Sheets) -> None:
    for header, rows in ((sheets.survey_columns, sheets.survey), (sheets.choices_columns, sheets.choices)):
        wanted = languages(header)
        for row in rows:
            for column in columns.TRANSLATED:
                said = in_languages(row, column)
                assert set(said) in (set(), wanted), (row.cells.get("name"), column)
                assert all(text.strip() not in ("", "-") for text in said.values())


def test_every_question_and_every_choice_has_a_text(sheets: Sheets) -> None:
    for row in sheets.choices:
        assert in_languages(row, "label"), row.cells["name"]
    for row in sheets.survey:
        if written(row) not in UNANSWERED - {"note"}:
            assert in_languages(row, "label"), row.cells["name"]


def test_both_sheets_have_the_same_languages_and_the_default_is_one_of_them(sheets: Sheets) -> None:
    assert languages(sheets.survey_columns) == languages(sheets.choices_columns)
    assert sheets.settings["default_language"] in languages(sheets.survey_columns)


def test_all_languages_speak_of_the_same_answers(sheets: Sheets) -> None:
    for row in sheets.survey:
        for column in columns.TRANSLATED:
            spoken = {tuple(sorted(REFERENCE.findall(text))) for text in in_languages(row, column).values()}
            assert len(spoken) <= 1, (row.cells["name"], column)


def test_a_choice_filter_reads_columns_that_are_there(sheets: Sheets) -> None:
    for row in sheets.survey:
        found = outside_quotes(REFERENCE.sub("''", row.cells.get("choice_filter", "")))
        words = set(re.findall(r"[A-Za-z_][\w-]*", found)) - {"and", "or", "not", "selected", "true", "false"}
        assert words <= set(sheets.choices_columns), row.cells.get("name")


def test_every_list_has_a_name_and_is_used(sheets: Sheets) -> None:
    named = {row.cells["list_name"] for row in sheets.choices}
    asked = {
        row.cells["type"].split()[1]
        for row in sheets.survey
        if written(row) in ("select_one", "select_multiple", "rank")
    }
    assert named == asked
    assert all(NAME.fullmatch(name) for name in named)


def test_how_often_a_repeat_is_asked_is_known_before_it(sheets: Sheets) -> None:
    order = [row.cells.get("name", "") for row in sheets.survey]
    for row in sheets.survey:
        if "repeat_count" in row.cells:
            (name,) = REFERENCE.findall(row.cells["repeat_count"])
            assert order.index(name) < order.index(row.cells["name"])


def test_a_position_stands_in_a_repeat(sheets: Sheets) -> None:
    around = repeats_around(sheets)
    for row, _, xpath in expressions(sheets):
        if "position(" in outside_quotes(xpath):
            assert around[row.cells["name"]], row.cells["name"]


def test_a_text_reads_no_answer_of_a_repeat_from_outside(sheets: Sheets) -> None:
    around = repeats_around(sheets)
    for row in sheets.survey:
        for column in columns.TRANSLATED:
            for text in in_languages(row, column).values():
                for name in REFERENCE.findall(text):
                    here = (*around[row.cells["name"]], row.cells["name"])
                    assert here[: len(around[name])] == around[name], (row.cells["name"], name)


def test_a_look_up_has_its_four_parts() -> None:
    looked_up = 0
    for path in EXAMPLES:
        for _, _, xpath in expressions(compiled(path)):
            for inside in re.findall(r"pulldata\(([^()]*)\)", xpath):
                looked_up += 1
                file = inside.split(",")[0].strip(" '")
                assert len(inside.split(",")) == 4
                assert (path.parent / f"{file}.csv").exists()
    assert looked_up


def test_a_form_has_a_version_a_title_and_a_name_for_addresses(sheets: Sheets) -> None:
    assert re.fullmatch(r".+-[0-9a-f]{8}", sheets.settings["version"])
    assert sheets.settings["form_title"].strip()
    assert NAME.fullmatch(sheets.settings["form_id"])


def test_without_a_version_of_the_author_there_is_one_all_the_same() -> None:
    assert re.fullmatch(r"0-[0-9a-f]{8}", emit(form_of('ask card yes_no "Card?"\n')).settings["version"])


def test_what_is_drawn_at_random_is_drawn_once(sheets: Sheets) -> None:
    for row, _, xpath in expressions(sheets):
        if re.search(r"\b(?:random|uuid)\(", outside_quotes(xpath)):
            assert xpath.startswith("once("), row.cells["name"]


def test_own_calculations_do_not_read_the_clock(sheets: Sheets) -> None:
    for row in sheets.survey:
        assert not re.search(r"\b(?:now|today)\(", outside_quotes(row.cells.get("calculation", ""))), row.cells["name"]


def test_a_pattern_of_a_date_has_the_letters_that_phones_know(sheets: Sheets) -> None:
    for row, _, xpath in expressions(sheets):
        for pattern in re.findall(r"format-date(?:-time)?\([^']*?, '([^']*)'\)", xpath):
            assert re.fullmatch(r"(?:%[YymnbdeHhMS3a]|[-/: ])+", pattern), row.cells["name"]


def test_codes_have_no_spaces_quotation_marks_or_commas(sheets: Sheets) -> None:
    assert [row.cells["name"] for row in sheets.choices if not CODE.fullmatch(row.cells["name"])] == []


def test_names_are_short_latin_and_used_once(sheets: Sheets) -> None:
    names = [row.cells["name"] for row in sheets.survey if "name" in row.cells]
    assert [name for name in names if not NAME.fullmatch(name)] == []
    assert len({name.lower() for name in names}) == len(names)


def test_no_row_and_no_column_is_empty(sheets: Sheets, tmp_path: Path) -> None:
    from openpyxl import load_workbook

    write(sheets, tmp_path / "form.xlsx")
    book = load_workbook(tmp_path / "form.xlsx", read_only=True)
    for name, rows in (("survey", sheets.survey), ("choices", sheets.choices)):
        cells = list(book[name].iter_rows(values_only=True))
        assert len(cells) == len(rows) + 1
        assert all(any(row) for row in cells)
        assert all(cells[0])
        assert all(any(column) for column in list(zip(*cells, strict=True)))
    book.close()


def test_every_row_has_a_type(sheets: Sheets) -> None:
    assert all(row.cells.get("type") for row in sheets.survey)


def test_no_column_has_a_prefix(sheets: Sheets) -> None:
    for column in (*sheets.survey_columns, *sheets.choices_columns, *sheets.settings):
        assert ":" not in column.partition("::")[0], column
        assert not column.startswith(("bind::", "body::", "instance::")), column


def test_every_group_and_repeat_holds_something(sheets: Sheets) -> None:
    for row, following in pairwise(sheets.survey):
        if written(row) in ("begin_group", "begin_repeat"):
            assert written(following) not in ("end_group", "end_repeat"), row.cells["name"]


def test_nothing_is_hidden_by_a_condition_that_never_holds(sheets: Sheets) -> None:
    for row in sheets.survey:
        assert "false()" not in row.cells.get("relevant", ""), row.cells["name"]
