"""Forms to rows, against tables checked by hand. A row that nobody wrote is marked with `+`."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from xlsform_forms import (
    HERE,
    ask,
    at_least,
    calculate,
    cells,
    choices,
    form,
    group,
    note,
    place,
    raw,
    repeat,
    sheets,
    survey,
    table,
    text,
)

from pimforms.model.expression import Call, Compare, Date, Logic, Match, Number, Own, Ref
from pimforms.model.form import Choice, ConsentPoint, Lookup, Metadata, Must, Tags
from pimforms.model.level import Level
from pimforms.xlsform.emit import emit

WHY = choices("why", "lost", "taken", Choice("nobody", text("Nobody"), HERE, alone=True))
HERE_ONLY = ("type", "name")


def same(found: str, expected: str) -> None:
    assert found == textwrap.dedent(expected).strip("\n")


# ---- the whole table


def test_a_small_form_is_this_table() -> None:
    made = sheets(
        ask("consent", "yes_no", text("Do you agree?", fr="Acceptez-vous ?")),
        group(
            "body",
            ask("age", "integer", "Age?", musts=(at_least("1"),), hint=text("In years")),
            note("bye", "Thank you.\nGoodbye."),
            label="Body",
            when=raw("${consent} = 'yes'"),
        ),
        languages=("en", "fr"),
        version="2026.11",
    )
    same(
        survey(made),
        """
        select_one yes_no consent label::English (en)='Do you agree?' label::French (fr)='Acceptez-vous ?' required='yes' purpose='papers' sensitivity='low'
        begin_group body label::English (en)='Body' label::French (fr)='Body' relevant="${consent} = 'yes'"
          integer age label::English (en)='Age?' label::French (fr)='Age?' hint::English (en)='In years' hint::French (fr)='In years' required='yes' constraint='. >= 1' constraint_message::English (en)='At least 1.' constraint_message::French (fr)='Au moins 1.' purpose='papers' sensitivity='low'
          note bye label::English (en)='Thank you.\\nGoodbye.' label::French (fr)='Thank you.\\nGoodbye.'
        end_group
        """,
    )
    same(
        table(made.choices_columns, made.choices),
        """
        yes_no yes label::English (en)='Yes' label::French (fr)='Oui'
        yes_no no label::English (en)='No' label::French (fr)='Non'
        """,
    )
    assert made.settings == {
        "form_title": "A form",
        "form_id": "a_form",
        "version": made.settings["version"],
        "default_language": "English (en)",
    }


def test_rows_know_their_place_their_rule_and_their_depth() -> None:
    made = sheets(
        group("a", group("b", ask("c", at=place(41)), label="B"), note("d", "Stop", origin="PIM408"), label="A"),
    )
    assert [(row.cells.get("name"), row.place.line, row.rule, row.depth) for row in made.survey] == [
        ("a", 1, None, 0),
        ("b", 1, None, 1),
        ("c", 41, None, 2),
        (None, 1, None, 1),
        ("d", 1, "PIM408", 1),
        (None, 1, None, 0),
    ]


def test_tables_are_dense_and_known() -> None:
    made = sheets(ask("a", hint=text("h")), ask("b", "many", choices="why"), lists=(WHY,))
    for columns, rows in ((made.survey_columns, made.survey), (made.choices_columns, made.choices)):
        assert all(any(column in row.cells for row in rows) for column in columns)
        assert all(row.cells and set(row.cells) <= set(columns) for row in rows)
        assert all(text.strip() for row in rows for text in row.cells.values())
        assert not any(column.startswith("$") for column in columns)


def test_tags_are_columns_of_the_survey_and_no_second_header() -> None:
    tags = Tags(("papers", "safety"), Level.LOW, by=("sex", "age"), hxl="#affected  +f")
    made = sheets(ask("a", tags=tags))
    assert made.survey_columns[-4:] == ("purpose", "sensitivity", "disaggregation", "hxl")
    found = cells(made, "a")
    assert (found["purpose"], found["sensitivity"], found["disaggregation"], found["hxl"]) == (
        "papers safety",
        "low",
        "sex age",
        "#affected +f",
    )


def test_metadata_lookups_and_a_consent_point_that_is_not_replaced() -> None:
    made = sheets(
        Metadata("watch", "audit", HERE, parameters=(("track-changes", "true"), ("identify-user", "true"))),
        Lookup("size", "cards.csv", "size", "code", raw("pulldata('cards', 'size', 'code', ${c})"), "integer", HERE),
        ConsentPoint(HERE),
    )
    same(
        survey(made, "type", "name", "calculation", "parameters"),
        """
        audit audit parameters='track-changes=true identify-user=true'
        calculate size calculation="pulldata('cards', 'size', 'code', ${c})"
        """,
    )


def test_a_column_written_raw_passes_through_and_media_stand_in_every_language() -> None:
    made = sheets(
        ask("a", raw=(("image", "tap.png"), ("body::accept", ".pdf"), ("appearance", "w4"), ("media::audio", "a.mp3"))),
        languages=("en", "fr"),
    )
    found = cells(made, "a")
    assert found["image::English (en)"] == found["image::French (fr)"] == "tap.png"
    assert found["audio::French (fr)"] == "a.mp3"
    assert (found["body::accept"], found["appearance"]) == (".pdf", "w4")
    assert made.survey_columns.index("body::accept") < made.survey_columns.index("purpose")


def test_parameters_and_the_size_of_pictures() -> None:
    made = sheets(
        ask("r", "range", parameters=(("start", "0"), ("end", "10"))),
        ask("p", "image"),
        ask("q", "image", parameters=(("max-pixels", "4000"),)),
    )
    assert [cells(made, name)["parameters"] for name in "rpq"] == [
        "start=0 end=10",
        "max-pixels=1024",
        "max-pixels=4000",
    ]


def test_an_empty_group_is_left_out() -> None:
    same(survey(sheets(group("a", group("b"), label="A"), ask("q")), *HERE_ONLY), "text q")


# ---- texts


def test_a_missing_translation_falls_back_to_the_first_language_that_has_it() -> None:
    made = sheets(
        ask("a", label=text("Hello", ar="مرحبا"), hint=text("", fr="Seulement")), languages=("en", "fr", "ar")
    )
    found = cells(made, "a")
    assert [found[f"label::{name}"] for name in ("English (en)", "French (fr)", "Arabic (ar)")] == [
        "Hello",
        "Hello",
        "مرحبا",
    ]
    assert {text for column, text in found.items() if column.startswith("hint")} == {"Seulement"}


@pytest.mark.parametrize(
    ("code", "name"),
    [("pt-BR", "Brazilian Portuguese (pt-BR)"), ("rhg", "Rohingya (rhg)"), ("prs", "Dari (prs)"), ("qqq", "qqq (qqq)")],
)
def test_a_language_is_named_in_english_with_its_code(code: str, name: str) -> None:
    assert sheets(ask("a"), languages=(code,)).settings["default_language"] == name


def test_a_text_speaks_the_label_of_a_choice_and_the_value_of_anything_else() -> None:
    made = sheets(
        ask("sex", "one", choices="why"),
        ask("age", "integer"),
        note("n", "{sex} ({sex code}) is {age}, {nobody_knows}"),
        lists=(WHY,),
    )
    same(
        survey(made, "type", "name", "label::English (en)", "calculation"),
        """
        select_one why sex label::English (en)='?'
        + calculate pim_label_sex calculation="if(${sex} != '', jr:choice-name(${sex}, '${sex}'), '')"
        integer age label::English (en)='?'
        note n label::English (en)='${pim_label_sex} (${sex}) is ${age}, {nobody_knows}'
        """,
    )


def test_a_label_is_closed_like_its_question_and_stands_in_its_repeat() -> None:
    made = sheets(
        repeat("m", group("g", ask("sex", "one", choices="why"), note("n", "{sex}"), when=raw("1 = 1"))), lists=(WHY,)
    )
    same(
        survey(made, "type", "name", "label::English (en)", "relevant"),
        """
        begin_repeat m label::English (en)='Members'
          select_one why sex label::English (en)='?' relevant='1 = 1'
          + calculate pim_label_sex relevant='1 = 1'
          note n label::English (en)='${pim_label_sex}' relevant='1 = 1'
        end_repeat
        """,
    )


def test_a_text_that_may_be_read_when_its_answer_is_hidden_reads_a_blank_then() -> None:
    made = sheets(
        ask("agree", "yes_no"),
        group("body", ask("age", "integer"), ask("sex", "one", choices="why"), when=raw("${agree} = 'yes'")),
        group("end", note("bye", "{age} {sex} {sex code}"), label="Ends {age}"),
        lists=(WHY,),
    )
    same(
        survey(made, "type", "name", "label::English (en)", "calculation"),
        """
        select_one yes_no agree label::English (en)='?'
        integer age label::English (en)='?'
        select_one why sex label::English (en)='?'
        + calculate pim_said_end_age calculation="if((${agree} = 'yes'), ${age}, '')"
        begin_group end label::English (en)='Ends ${pim_said_end_age}'
          + calculate pim_said_bye_age calculation="if((${agree} = 'yes'), ${age}, '')"
          + calculate pim_said_bye_sex calculation="if((${agree} = 'yes') and ${sex} != '', jr:choice-name(${sex}, '${sex}'), '')"
          + calculate pim_said_bye_sex_code calculation="if((${agree} = 'yes'), ${sex}, '')"
          note bye label::English (en)='${pim_said_bye_age} ${pim_said_bye_sex} ${pim_said_bye_sex_code}'
        end_group
        """,
    )


def test_a_double_brace_is_a_brace_and_never_a_reference() -> None:
    made = sheets(ask("a"), note("n", "{{a} ${{a} $ {a}"))
    assert cells(made, "n")["label::English (en)"] == "{a} $ {a} $ ${a}"


def test_control_characters_that_no_form_can_hold_are_left_out() -> None:
    assert cells(sheets(ask("a", label="A\x00B\x1f\tC\nD")), "a")["label::English (en)"] == "AB\tC\nD"


# ---- required, and refusing (settled: required unless optional; from MODERATE on every answer can be refused)


@pytest.mark.parametrize(
    ("kind", "level", "optional", "required"),
    [
        ("text", Level.LOW, False, True),
        ("text", Level.LOW, True, False),
        ("text", Level.MODERATE, False, False),
        ("integer", Level.SEVERE, False, False),
        ("rank", Level.HIGH, False, False),
        ("one", Level.HIGH, False, True),
        ("many", Level.MODERATE, True, False),
        ("yes_no", Level.MODERATE, False, True),
    ],
)
def test_required_unless_optional_or_sensitive_without_a_refusal(
    kind: str, level: Level, optional: bool, required: bool
) -> None:
    listed = "why" if kind in ("one", "many", "rank") else None
    made = sheets(ask("a", kind, level=level, choices=listed, required=not optional), lists=(WHY,))
    assert cells(made, "a").get("required") == ("yes" if required else None)


def test_a_sensitive_choice_has_a_refusal_in_its_own_copy_of_the_list() -> None:
    made = sheets(
        ask("a", "one", choices="why"),
        ask("b", "one", level=Level.MODERATE, choices="why"),
        ask("c", "many", level=Level.HIGH, choices="why"),
        ask("d", "yes_no", level=Level.SEVERE),
        lists=(WHY, choices("unused", "x")),
        languages=("fr",),
    )
    assert [cells(made, name)["type"] for name in "abcd"] == [
        "select_one why",
        "select_one why_pnta",
        "select_multiple why_pnta",
        "select_one yes_no_pnta",
    ]
    same(
        table(made.choices_columns, made.choices),
        """
        why lost label::French (fr)='Lost'
        why taken label::French (fr)='Taken'
        why nobody label::French (fr)='Nobody'
        why_pnta lost label::French (fr)='Lost'
        why_pnta taken label::French (fr)='Taken'
        why_pnta nobody label::French (fr)='Nobody'
        + why_pnta pnta label::French (fr)='Préfère ne pas répondre'
        yes_no_pnta yes label::French (fr)='Oui'
        yes_no_pnta no label::French (fr)='Non'
        + yes_no_pnta pnta label::French (fr)='Préfère ne pas répondre'
        """,
    )


def test_a_list_with_its_own_refusal_and_a_list_with_the_copys_name_keep_theirs() -> None:
    own = choices("own", "a", Choice("pnta", text("Skip"), HERE))
    made = sheets(
        ask("x", "one", level=Level.HIGH, choices="own"),
        ask("y", "one", level=Level.HIGH, choices="why"),
        ask("z", "one", choices="why_pnta"),
        lists=(own, WHY, choices("why_pnta", "b")),
    )
    assert [cells(made, name)["type"] for name in "xyz"] == [
        "select_one own",
        "select_one why_pnta_2",
        "select_one why_pnta",
    ]


# ---- constraints


def test_choices_that_stand_alone_and_a_largest_number_become_one_constraint() -> None:
    made = sheets(ask("a", "many", choices="why", most=2, level=Level.HIGH), lists=(WHY,), languages=("en", "es"))
    found = cells(made, "a")
    assert found["constraint"] == (
        "(count-selected(.) <= 2) and (count-selected(.) <= 1 or not(selected(., 'nobody') or selected(., 'pnta')))"
    )
    assert found["constraint_message::English (en)"] == (
        'Choose at most 2. "Nobody / Prefer not to say" cannot be chosen together with another answer.'
    )
    assert found["constraint_message::Spanish (es)"].startswith("Elija 2 como máximo. «Nobody")


def _own(operator: str, value: object) -> Compare:
    return Compare(operator, Own(HERE), value, HERE)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "condition", "en", "fr"),
    [
        (
            "integer",
            Logic("and", (_own(">=", Number("1", HERE)), _own("<=", Number("9", HERE))), HERE),
            "At least 1 and at most 9.",
            "Au moins 1 et au plus 9.",
        ),
        ("integer", _own("<", Ref("people", HERE)), "Less than ${people}.", "Moins de ${people}."),
        ("integer", Compare("<=", Number("0", HERE), Own(HERE), HERE), "At least 0.", "Au moins 0."),
        ("date", _own("<=", Call("today", (), HERE)), "Not after today.", "Pas après aujourd'hui."),
        ("date", _own(">", Date("2026-01-31", HERE)), "After 2026-01-31.", "Après 2026-01-31."),
        (
            "text",
            Match(Own(HERE), "[0-9]+", HERE),
            "This does not have the right form. Please check it.",
            "Cela n'a pas la bonne forme. Veuillez vérifier.",
        ),
        (
            "integer",
            raw("true()"),
            "This answer is not possible here. Please check it.",
            "Cette réponse n'est pas possible ici. Veuillez vérifier.",
        ),
    ],
)
def test_no_constraint_is_without_a_message_in_every_language(kind: str, condition: object, en: str, fr: str) -> None:
    must = Must(condition, None, HERE)  # type: ignore[arg-type]
    made = sheets(ask("people", "integer"), ask("a", kind, musts=(must,)), languages=("en", "fr", "uk"))
    found = cells(made, "a")
    assert found["constraint_message::English (en)"] == found["constraint_message::Ukrainian (uk)"] == en
    assert found["constraint_message::French (fr)"] == fr


def test_the_authors_messages_are_said_one_after_the_other() -> None:
    musts = (
        Must(_own(">=", Number("1", HERE)), text("One or more."), HERE),
        Must(_own("<=", Number("9", HERE)), text("Nine or less."), HERE),
    )
    found = cells(sheets(ask("a", "integer", musts=musts)), "a")
    assert found["constraint"] == ". >= 1 and . <= 9"
    assert found["constraint_message::English (en)"] == "One or more. Nine or less."


# ---- narrowed lists


def test_a_cascade_narrows_by_the_column_of_its_parent_and_always_offers_the_refusal() -> None:
    towns = tuple(Choice(code, text(code), HERE, columns=(("region", code[0]),)) for code in ("a1", "a2", "b1"))
    made = sheets(
        ask("region", "one", choices="regions"),
        ask("town", "one", choices="towns", within="region"),
        ask("town_of_birth", "one", choices="towns", within="region", level=Level.MODERATE),
        lists=(choices("regions", "a", "b"), choices("towns", *towns)),
    )
    assert cells(made, "town")["choice_filter"] == "region = ${region}"
    assert cells(made, "town_of_birth")["choice_filter"] == "region = ${region} or name = 'pnta'"
    assert made.choices_columns == ("list_name", "name", "label::English (en)", "region")


def test_a_cascade_finds_the_column_of_a_parent_with_another_name() -> None:
    towns = choices("towns", Choice("a1", text("A1"), HERE, columns=(("country", "x"), ("regions", "a"))))
    made = sheets(
        ask("r_region", "one", choices="regions"),
        ask("town", "one", choices="towns", within="r_region"),
        lists=(choices("regions", "a"), towns),
    )
    assert cells(made, "town")["choice_filter"] == "regions = ${r_region}"


def test_only_what_was_chosen_before_is_offered() -> None:
    made = sheets(
        ask("all", "many", choices="why"),
        ask("main", "one", choices="why", offer="all"),
        ask("worst", "one", choices="why", offer="all", level=Level.HIGH),
        lists=(WHY,),
    )
    assert cells(made, "main")["choice_filter"] == "selected(${all}, name)"
    assert cells(made, "worst")["choice_filter"] == "selected(${all}, name) or name = 'pnta'"


def test_a_code_that_stands_twice_in_a_list_is_declared() -> None:
    made = sheets(ask("a", "one", choices="twice"), lists=(choices("twice", "x", "x"),))
    assert made.settings["allow_choice_duplicates"] == "yes"
    assert "allow_choice_duplicates" not in sheets(ask("a", "one", choices="why"), lists=(WHY,)).settings


# ---- repeats (settled: pyxform is quadratic for groups in repeats)


def test_a_plain_group_in_a_repeat_gives_its_condition_to_its_rows_and_its_label_to_a_note() -> None:
    made = sheets(
        repeat(
            "members",
            ask("age", "integer"),
            group(
                "more",
                ask("work", when=raw("${age} > 15")),
                group("deep", calculate("c", "1"), ask("school"), when=raw("${age} < 18")),
                group("shown", ask("x"), kind="screen"),
                label="More",
                when=raw("${age} > 4"),
            ),
        )
    )
    same(
        survey(made, "type", "name", "label::English (en)", "relevant", "appearance"),
        """
        begin_repeat members label::English (en)='Members'
          integer age label::English (en)='?'
          + note pim_title_more label::English (en)='More' relevant='${age} > 4'
          text work label::English (en)='?' relevant='(${age} > 4) and (${age} > 15)'
          calculate c relevant='(${age} > 4) and (${age} < 18)'
          text school label::English (en)='?' relevant='(${age} > 4) and (${age} < 18)'
          begin_group shown relevant='${age} > 4' appearance='field-list'
            text x label::English (en)='?'
          end_group
        end_repeat
        """,
    )


def test_a_plain_group_without_a_label_is_a_bracket_and_is_written_nowhere() -> None:
    made = sheets(
        group(
            "part",
            ask("a"),
            group("inner", ask("b", when=raw("2 = 2"))),
            group("named", group("nameless", ask("c"), when=raw("3 = 3")), label="Named"),
            group("shown", group("bracket", ask("d"), when=raw("4 = 4")), kind="screen"),
            repeat("members", ask("e")),
            group("blank", ask("f"), label=" "),
            when=raw("1 = 1"),
        ),
    )
    same(
        survey(made, "type", "name", "label::English (en)", "relevant", "appearance"),
        """
        text a label::English (en)='?' relevant='1 = 1'
        text b label::English (en)='?' relevant='(1 = 1) and (2 = 2)'
        begin_group named label::English (en)='Named' relevant='1 = 1'
          text c label::English (en)='?' relevant='3 = 3'
        end_group
        begin_group shown relevant='1 = 1' appearance='field-list'
          text d label::English (en)='?' relevant='4 = 4'
        end_group
        begin_repeat members label::English (en)='Members' relevant='1 = 1'
          text e label::English (en)='?'
        end_repeat
        text f label::English (en)='?' relevant='1 = 1'
        """,
    )


def test_the_writer_of_expressions_knows_which_groups_are_taken_apart() -> None:
    grown = Compare(">", Ref("age", HERE), Number("4", HERE), HERE)
    members = repeat(
        "members",
        ask("age", "integer"),
        group("more", ask("work"), group("shown", ask("x"), kind="screen"), when=grown),
    )
    made = emit(form(members, group("after", ask("y"))))
    assert [cells(made, name).get("relevant") for name in ("work", "shown", "x", "y")] == ["${age} > 4"] * 2 + [
        None
    ] * 2


def test_a_lone_screen_over_all_members_moves_to_the_repeat() -> None:
    made = sheets(
        repeat("members", calculate("c", "1"), group("all", ask("a"), ask("b"), kind="screen", when=raw("1 = 1")))
    )
    same(
        survey(made, "type", "name", "relevant", "appearance"),
        """
        begin_repeat members appearance='field-list'
          calculate c
          text a relevant='1 = 1'
          text b relevant='1 = 1'
        end_repeat
        """,
    )


def test_a_row_of_a_table_is_a_group_outside_a_repeat_and_none_inside() -> None:
    row = group("svc_water", ask("svc_water_open"), label="Water", kind="row")
    same(
        survey(sheets(row, repeat("r", row, ask("q"))), *HERE_ONLY),
        """
        begin_group svc_water
          text svc_water_open
        end_group
        begin_repeat r
          + note pim_title_svc_water
          text svc_water_open
          text q
        end_repeat
        """,
    )


def test_a_count_that_is_worked_out_has_a_name_of_its_own() -> None:
    made = sheets(
        ask("n", "integer"),
        repeat("a", ask("x"), count=raw("${n}")),
        repeat("b", ask("y"), count=raw("${n} + 1"), when=raw("${n} > 0")),
    )
    same(
        survey(made, "type", "name", "calculation", "relevant", "repeat_count"),
        """
        integer n
        begin_repeat a repeat_count='${n}'
          text x
        end_repeat
        + calculate pim_count_b relevant='${n} > 0' calculation='${n} + 1'
        begin_repeat b relevant='${n} > 0' repeat_count='${pim_count_b}'
          text y
        end_repeat
        """,
    )


# ---- settings and version


def test_the_version_is_the_authors_and_a_hash_over_all_rows() -> None:
    made = sheets(ask("a"), version="2026.10")
    written, digest = made.settings["version"].split("-")
    assert (written, len(digest)) == ("2026.10", 8)
    assert int(digest, 16) >= 0
    assert made.settings["version"] == sheets(ask("a"), version="2026.10").settings["version"]
    assert sheets(ask("a"), version="2026.1").settings["version"] == f"2026.1-{digest}"
    assert sheets(ask("a")).settings["version"] == f"0-{digest}"


@pytest.mark.parametrize(
    "changed",
    [
        sheets(ask("a", label="Other?"), version="1"),
        sheets(ask("a"), version="1", title_suffix="DRAFT"),
        sheets(ask("a", level=Level.HIGH), version="1"),
        sheets(ask("a"), version="1", settings={"instance_name": "'x'"}),
        sheets(ask("a"), version="1", languages=("fr",)),
    ],
)
def test_any_change_of_a_row_changes_the_version(changed: object) -> None:
    assert changed.settings["version"] != sheets(ask("a"), version="1").settings["version"]  # type: ignore[attr-defined]


def test_the_draft_stamp_and_more_settings_stand_where_they_belong() -> None:
    made = sheets(ask("a"), title_suffix="[DRAFT]", settings={"public_key": "k", "instance_name": "'x'"})
    assert list(made.settings) == [
        "form_title",
        "form_id",
        "version",
        "default_language",
        "instance_name",
        "public_key",
    ]
    assert made.settings["form_title"] == "A form [DRAFT]"


def test_the_same_form_gives_the_same_rows_whatever_the_hash_seed() -> None:
    here = Path(__file__).parent
    code = (
        "import sys; sys.path[:0] = sys.argv[1:]\n"
        "from hand_made import HAND_MADE\nfrom pimforms.xlsform.workbook import to_bytes\nimport hashlib\n"
        "print([hashlib.sha256(to_bytes(made)).hexdigest() for made in HAND_MADE.values()])"
    )
    command = [sys.executable, "-c", code, str(here), str(here.parent / "converters")]
    said = {
        subprocess.run(
            command, env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
        ).stdout
        for seed in ("0", "1", "4711")
    }
    assert len(said) == 1
