"""Modules used twice or inside groups, files beside a form, names, raw columns, and texts under `specify`."""

from __future__ import annotations

from pathlib import Path

import pytest

from conftest import TODAY
from forms import HEAD, check, form_of, said
from pimforms.compiler import Checked, check_source
from pimforms.model.expression import Includes
from pimforms.model.form import Question
from pimforms.model.walk import index
from pimforms.resolve.texts import LONGEST
from pimforms.source import Source, UnreadableSource
from pimforms.xlsform.workbook import LONGEST_CELL

TWO_LANGUAGES = """\
form short "Short form"
    fr: "Petit formulaire"
  languages en, fr
  organisation "Relief"
    fr: "Relief"
  category     sectoral
  population   "People in block C"
  contact      "the desk"
    fr: "le bureau"
purpose safety "Safer sites"
    fr: "Sites"
  topic       {topic}
  need        "Where people feel safe"
  tell people "make places here safer"
    fr: "rendre ce lieu plus sûr"
  decide      "Where lights go" by "Site planning group"
"""


def beside(folder: Path, body: str) -> Checked:
    return check_source(Source("x.pim", HEAD.replace("{topic}", "services") + body), folder, today=TODAY)


# ---- modules
@pytest.mark.parametrize(
    "body",
    [
        "use header\nuse header\n",
        "use sadd_roster as members\nuse sadd_roster as others\n",
        'use sadd_roster\ngroup g "G"\n use sadd_roster\nend group\n',
        'use sadd_roster as members\nuse sadd_roster as others\nextend others\n ask more yes_no "More?"\nend extend\n',
    ],
)
def test_a_module_used_twice_is_one_message_at_the_second_use(body: str) -> None:
    second = [number for number, line in enumerate(body.splitlines(), 1) if "use " in line][1]
    found = [d for d in check(body).diagnostics if d.is_error]
    assert [(d.code, d.place.line - HEAD.count("\n")) for d in found] == [("PF123", second)]
    assert f"first on line {1 + HEAD.count(chr(10))}" in (found[0].why or "")


def test_the_levels_of_a_module_may_come_in_two_parts(tmp_path: Path) -> None:
    (tmp_path / "places.csv").write_text("adm1_pcode,adm1_name_en,adm2_pcode,adm2_name_en\nA,A,B,B\n", encoding="utf-8")
    use = 'use location_cascade from "places.csv" levels '
    assert not [d for d in beside(tmp_path, f"{use}adm1\n{use}adm2\n").diagnostics if d.code == "PF123"]
    assert [d.code for d in beside(tmp_path, f"{use}adm1, adm2\n{use}adm2\n").diagnostics if d.is_error] == ["PF123"]


@pytest.mark.parametrize("around", ["group g", "repeat r", "screen s"])
def test_a_module_brings_its_lists_into_a_group_or_repeat(around: str) -> None:
    form = form_of(f'{around} "Around"\n use wg_ss\nend {around.split(maxsplit=1)[0]}\n')
    assert "wg_ss_answers" in form.lists


def test_a_module_that_names_conditions_in_a_table_is_one_message() -> None:
    body = 'ask q yes_no "Q?"\nchoices l\n a "A"\nend choices\ntable t "T" each of l\n use wg_ss\nend table\n'
    assert said(body) == ["PF111 line 6"]


def test_a_list_of_the_form_itself_still_stands_in_no_group() -> None:
    body = 'group g "G"\n choices l\n  a "A"\n end choices\n ask q yes_no "Q?"\nend group\n'
    assert "PF111 line 2" in said(body)


@pytest.mark.parametrize(
    ("text", "words"), [("", "holds no `module`"), ('form x "X"\n', "holds a form and no `module`")]
)
def test_a_file_that_is_no_module_is_not_taken_for_one(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "modules").mkdir()
    (tmp_path / "modules" / "mine.pim").write_text(text, encoding="utf-8")
    with pytest.raises(UnreadableSource, match=words):
        beside(tmp_path, "use mine\n")


# ---- files
@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.csv", b"\x00\x01\x02\xff" * 200, "not a CSV file"),
        ("a.csv", b"PK\x03\x04", "not a CSV file"),
        ("a.csv", b"", "is empty"),
        ("a.csv", b"code,size\n", "has no rows"),
        ("a.csv", b"code,size\nA," + b"x" * 200_000, "line 2 is not a row"),
        (".", None, "this is a folder, not a CSV file"),
    ],
)
def test_what_is_said_of_a_csv_file_speaks_of_csv(tmp_path: Path, name: str, content: bytes | None, words: str) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    for body in (
        f'ask c text "Code"\nfind card in "{name}" by c as code\n gives size integer from size\n missing "No."\n',
        f'use location_cascade from "{name}" levels adm1\n',
    ):
        (found,) = (d for d in beside(tmp_path, body).diagnostics if d.is_error)
        assert found.code == "PF113"
        assert words in found.message
        assert ".pim" not in f"{found.message} {found.why} {found.fix}"


def test_codes_twice_and_values_of_another_type_are_said_with_their_lines(tmp_path: Path) -> None:
    rows = 'code,size,day\nA,4,2026-01-31\n"B\nb",x,31/01/2026\nA,5.5,\nC,,\n'
    (tmp_path / "cards.csv").write_text(rows, encoding="utf-8")
    body = (
        'ask c text "Code"\nfind card in "cards.csv" by c as code\n gives size integer from size\n'
        ' gives day date from day\n gives word text from size\n missing "No."\n'
    )
    found = [d for d in beside(tmp_path, body).diagnostics if d.code == "PF137"]
    assert [d.message for d in found] == [
        "`cards.csv` has `A` twice in `code`: on lines 2 and 5",
        "`x` on line 4 of `cards.csv` is not a whole number",
        "`31/01/2026` on line 4 of `cards.csv` is not a date like 2026-12-31",
    ]
    assert "1 more such value" in (found[1].why or "")
    assert not any(d.is_error for d in found)


# ---- names, languages, lengths
def test_names_without_latin_letters_get_names_of_their_own() -> None:
    body = 'ask "سؤال" yes_no "A?"\nask "جواب" yes_no "B?"\nask question_2 yes_no "C?"\nnote "ملاحظة" "N"\n'
    fixes = [d.fix for d in check(body).diagnostics if d.code == "PF102"]
    assert fixes == ["write `question_1`", "write `question_3`", "write `note_1`"]


def test_a_suggested_name_is_free() -> None:
    body = 'ask pim_age integer "A?"\nask age integer "B?"\n'
    assert [d.fix for d in check(body).diagnostics if d.code == "PF102"] == ["write `age_2`"]


def test_a_very_long_name_is_cut_in_the_title() -> None:
    found = check(f'ask {"q" * 5000} yes_no "A?"\nask {"q" * 5000} yes_no "A?"\n').diagnostics
    assert {d.code for d in found} == {"PF101", "PF102"}
    assert all(len(d.message) < 100 and len(d.fix or "") < 150 for d in found)


def test_a_language_named_twice_is_said() -> None:
    head = HEAD.replace("  category", "  languages en, en\n  category")
    assert [d.code for d in check('ask a yes_no "A?"\n', head=head).diagnostics if d.is_error] == ["PF005"]


def test_a_text_longer_than_a_cell_is_an_error_of_check() -> None:
    assert LONGEST == LONGEST_CELL
    assert said(f'ask a yes_no "{"a" * (LONGEST + 1)}"\n') == ["PF138 line 1"]
    assert said(f'ask a yes_no "{"a" * LONGEST}"\n') == []


# ---- raw columns
@pytest.mark.parametrize(
    "column",
    [
        "relevant", "Relevant", " relevant ", "RELEVANCE", "bind::relevant", "bind :: Relevant", "bind:relevant",
        "bind::::relevant", "relevant::English (en)", "calculation", "calculate", "bind::calculate", "constraint",
        "bind::constraint", "required", "bind::required", "default", "repeat_count", "Repeat Count", "repeatcount",
        "jr:count", "count", "control::jr:count", "body::jr:count", "choice_filter", "choice filter", "read_only",
        "readonly", "read only", "bind::readonly", "save_to", "bind::entities:saveto", "instance::x", "instance::odk:tag",
        "trigger", "disabled", "type", "name", "value", "tag", "label", "caption", "parameters", "bind::jr:preload",
        "bind::jr:preloadParams", "bind::nodeset", "body::ref", "bind", "bind::newlogic", "hxl", "sensitivity", "", "::",
    ],
)  # fmt: skip
def test_what_a_converter_reads_as_logic_or_data_cannot_be_written_raw(column: str) -> None:
    assert said(f'ask a integer "A?"\n  raw "{column}" "1"\n') == ["PF136 line 2"]


@pytest.mark.parametrize(
    ("column", "code"),
    [
        ("appearance", "PF120"),
        ("body::accuracyThreshold", "PF120"),
        ("guidance_hint", "PF120"),
        ("media::image", "PF120"),
        ("bind::odk:length", "PF120"),
        ("relevent", "PF120"),
        ("bind::oc:itemgroup", "PF131"),
        ("body::esri:style", "PF131"),
    ],
)
def test_other_columns_are_warned_of_or_lack_their_prefix(column: str, code: str) -> None:
    assert said(f'ask a integer "A?"\n  raw "{column}" "1"\n') == [f"{code} line 2"]


# ---- specify
@pytest.mark.parametrize("kind", ["one", "many", "rank"])
def test_specify_asks_for_a_few_words_under_every_kind_of_choice(kind: str) -> None:
    body = f'ask a {kind} "A?"\n  - x "X"\n  - other "Other" specify\n'
    question = index(form_of(body).items)["a_other"].item
    assert isinstance(question, Question)
    assert isinstance(question.when, Includes) == (kind != "one")


def test_under_a_choice_with_two_texts_a_translation_belongs_to_the_label() -> None:
    body = 'ask q one "Q?"\n    fr: "Q ?"\n  - other "Other" specify "What else?"\n    fr: "Autre"\n  - a "A"\n    fr: "A"\n'
    found = check(body, head=TWO_LANGUAGES)
    assert [d.message for d in found.diagnostics] == ["“What else?” is missing in `fr`"]
    assert found.form is not None
    label = found.form.lists["q"].choices[0].label
    assert label is not None and label.values == {"en": "Other", "fr": "Autre"}


def test_specify_on_a_line_of_its_own_takes_translations() -> None:
    lines = '{0}a "A"\n    fr: "A"\n{0}other "Other"\n    fr: "Autre"\n    specify: "What else?"\n      fr: "Quoi d\'autre ?"\n'
    question = 'ask q one{0} "Q?"\n    fr: "Q ?"\n'
    for body in (
        question.format("") + lines.format("  - "),
        f"choices l\n{lines.format('  ')}end choices\n{question.format(' of l')}",
    ):
        form = form_of(body, head=TWO_LANGUAGES)
        asked = index(form.items)["q_other"].item
        assert isinstance(asked, Question) and asked.label is not None
        assert asked.label.values == {"en": "What else?", "fr": "Quoi d'autre ?"}


def test_another_word_with_a_colon_takes_no_translation() -> None:
    body = 'ask q one "Q?"\n    fr: "Q ?"\n  - a "A"\n    fr: "A"\n    zone: "north"\n      fr: "nord"\n'
    assert [d.code for d in check(body, head=TWO_LANGUAGES).diagnostics if d.is_error] == ["PF008"]
