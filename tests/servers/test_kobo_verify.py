"""What is live on KoboToolbox, read back: as a workbook, and against what was compiled."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fake_kobo_state import File
from kobo_packages import AGE, CONSENT, FULL, LINES, OTHER_LABEL, Bench, bench, changed, package, sheets, workbook
from loopback import Fault

from conftest import ROOT, TODAY
from pimforms.compiler import compile_file
from pimforms.servers.kobo.compare import BY_EDITOR, between
from pimforms.servers.kobo.content import from_workbook
from pimforms.servers.package import Media, Stage
from pimforms.servers.trouble import ServerTrouble
from pimforms.xlsform.kobo import for_kobo
from pimforms.xlsform.read import read
from pimforms.xlsform.workbook import to_bytes


@pytest.fixture
def kobo() -> Iterator[Bench]:
    with bench() as made:
        yield made


def pulled(kobo: Bench, folder: Path):
    live = kobo.server().find("monitoring")
    assert live is not None
    path = folder / "pulled.xlsx"
    path.write_bytes(kobo.server().workbook(live))
    return read(path)


def cells(rows) -> list[dict[str, str]]:
    return [{key: "".join(text.split()) if key == "hxl" else text for key, text in row.cells.items()} for row in rows]


def test_what_is_pulled_has_the_rows_that_were_pushed_and_nothing_of_kobotoolbox(kobo: Bench, tmp_path: Path) -> None:
    kobo.push(FULL)
    got = pulled(kobo, tmp_path)
    assert cells(got.survey) == cells(sheets().survey)
    assert cells(got.choices) == cells(sheets().choices)
    assert got.settings == sheets().settings
    assert not [each for each in (*got.survey_columns, *got.choices_columns) if each.startswith(("$", "kobo"))]


def test_what_is_pulled_is_what_phones_have_not_the_draft(kobo: Bench, tmp_path: Path) -> None:
    kobo.push(FULL)
    kobo.push(replace(FULL, workbook=workbook(OTHER_LABEL), stage=Stage.DRAFT))
    labels = [row.cells.get("label::English (en)") for row in pulled(kobo, tmp_path).survey]
    assert "Age" in labels
    assert "How old?" not in labels


def test_the_draft_is_pulled_if_nothing_is_live(kobo: Bench, tmp_path: Path) -> None:
    kobo.push(replace(FULL, stage=Stage.DRAFT))
    assert cells(pulled(kobo, tmp_path).survey) == cells(sheets().survey)


@pytest.mark.parametrize("example", ["f1_core/f1_core.pim", "controls/service_satisfaction.pim", "tour/tour.pim"])
def test_a_whole_form_comes_back_and_has_no_difference(kobo: Bench, tmp_path: Path, example: str) -> None:
    compiled = compile_file(ROOT / "examples" / example, today=TODAY)
    for made in (compiled.sheets, compiled.contact):
        if made is None:
            continue
        title, form_id = made.settings["form_title"], made.settings["form_id"]
        wanted = package(workbook=to_bytes(for_kobo(made)), title=title, form_id=form_id)
        outcome = kobo.push(wanted)
        assert outcome.warnings == ()
        assert kobo.server().differences(wanted, outcome.live) == ()
        assert kobo.server().found(outcome.live).locked is True
        path = tmp_path / "pulled.xlsx"
        path.write_bytes(kobo.server().workbook(outcome.live))
        got = read(path)
        names = [row.cells.get("name") for row in made.survey]
        assert sorted(map(str, names)) == sorted(str(row.cells.get("name")) for row in got.survey)
        assert got.settings == {key: text for key, text in made.settings.items() if text}
        assert kobo.push(wanted).did == ()


def differences(kobo: Bench, lines, **more: str) -> tuple[str, ...]:
    """What verify says where FULL is live and `lines` are the form."""
    live = kobo.server().find("monitoring")
    assert live is not None
    return kobo.server().differences(replace(FULL, workbook=workbook(lines, **more)), live)


@pytest.mark.parametrize(
    ("column", "text", "says"),
    [
        (
            "label::French (fr)",
            "Quel âge ?",
            '`age`: label in French (fr) is "Âge" on the server, "Quel âge ?" in the form',
        ),
        ("type", "decimal", '`age`: type is "integer" on the server, "decimal" in the form'),
        ("relevant", "", "`age`: relevant is \"${pim_agree} = 'y'\" on the server, empty in the form"),
        ("constraint", ". < 130", '`age`: constraint is ". < 120" on the server, ". < 130" in the form'),
        ("required", "yes", '`age`: required is empty on the server, "yes" in the form'),
        (
            "hint::English (en)",
            "In years",
            '`age`: hint in English (en) is empty on the server, "In years" in the form',
        ),
    ],
)
def test_each_difference_of_a_question_is_a_sentence(kobo: Bench, column: str, text: str, says: str) -> None:
    kobo.push(FULL)
    assert f"{says}{BY_EDITOR}" in differences(kobo, changed(AGE, **{column: text}))


def test_rows_that_are_missing_or_too_many_or_elsewhere_are_named(kobo: Bench) -> None:
    kobo.push(FULL)
    more = (*LINES, {"type": "text", "name": "name", "label::English (en)": "Name"})
    assert f"`name` is not on the server{BY_EDITOR}" in differences(kobo, more)
    fewer = tuple(line for line in LINES if line is not AGE)
    assert f"`age` is on the server and not in the form{BY_EDITOR}" in differences(kobo, fewer)
    other_order = (*LINES[:2], LINES[5], *LINES[2:5])
    assert any("stands elsewhere" in each for each in differences(kobo, other_order))


def test_what_is_recorded_by_itself_may_stand_at_the_top(kobo: Bench) -> None:
    """KoboToolbox puts start, end and the like first."""
    lines = (*LINES[1:], LINES[0], {"type": "end", "name": "end"})
    wanted = package(lines)
    outcome = kobo.push(wanted)
    assert outcome.warnings == ()
    assert kobo.server().differences(wanted, outcome.live) == ()


def turned_round() -> bytes:
    """The workbook with the choices of its list in another order."""
    made = sheets()
    return to_bytes(for_kobo(replace(made, choices=tuple(reversed(made.choices)))))


def test_the_order_of_choices_is_part_of_what_people_see(kobo: Bench) -> None:
    kobo.push(FULL)
    live = kobo.server().find("monitoring")
    other = replace(FULL, workbook=turned_round())
    said = kobo.server().differences(other, live)
    assert f"the choices of `yn` stand in another order on the server{BY_EDITOR}" in said
    kobo.push(other)
    assert kobo.server().differences(other, kobo.server().find("monitoring")) == ()


def test_a_new_order_of_choices_that_broke_off_is_sent_by_the_next_push(kobo: Bench) -> None:
    kobo.push(FULL)
    other = replace(FULL, workbook=turned_round())
    kobo.loopback.faults.append(Fault("cut_before", "POST", r"/imports/", times=2))
    with pytest.raises(ServerTrouble):
        kobo.push(other)
    kobo.loopback.faults.clear()
    kobo.push(other)
    assert [each["name"] for each in kobo.fake.only.deployed.content["choices"]] == ["n", "y"]


def test_what_somebody_published_in_the_browser_is_told(kobo: Bench) -> None:
    """Also where the rows are the same to the eye: a lock that is gone, a key of the server."""
    kobo.push(FULL)
    asset = kobo.fake.only
    made = json.loads(json.dumps(asset.draft.content))
    made["settings"]["$only_there"] = "1"
    asset.save(kobo.fake.uid("v"), kobo.fake.tick(), content=made, always=True)
    asset.deployed = asset.draft
    said = kobo.server().differences(FULL, kobo.server().find("monitoring"))
    assert "another version was published on the server since the last push" in said


def test_settings_and_choices_are_compared(kobo: Bench) -> None:
    kobo.push(FULL)
    said = differences(kobo, LINES, public_key="MIIB")
    assert 'the settings: public_key is empty on the server, "MIIB" in the form' in said
    asset = kobo.fake.only
    asset.deployed.content["choices"][0]["label"][0] = "Maybe"
    assert any(each.startswith("the choice `yn: y`: label in English (en)") for each in differences(kobo, LINES))


def test_files_name_and_note_are_compared(kobo: Bench) -> None:
    outcome = kobo.push(FULL)
    asset, server = kobo.fake.only, kobo.server()
    asset.files[0].content = b"other"
    asset.files[1].removed = True
    asset.files.append(File("af1", "third.csv", b"x", "text/csv", "pim", 1))
    asset.name = "Other"
    said = server.differences(FULL, outcome.live)
    assert set(said) >= {
        "the file logo.png is another one on the server",
        "the file sites.csv is not on the server",
        "the file third.csv is on the server and not in the form",
        f'the project is called "Other", not "Protection monitoring"{BY_EDITOR}',
    }
    del asset.settings["pimforms"]
    assert any("not published by pimforms" in each for each in server.differences(FULL, outcome.live))


def test_what_is_not_live_is_a_difference(kobo: Bench) -> None:
    outcome = kobo.push(replace(FULL, stage=Stage.DRAFT))
    assert kobo.server().differences(FULL, outcome.live) == ("nothing is published: phones have no version of it",)
    outcome = kobo.push(FULL)
    kobo.fake.edit(kobo.fake.only)
    assert any("newer draft" in each for each in kobo.server().differences(FULL, outcome.live))
    kobo.fake.only.active = False
    assert any("archived" in each for each in kobo.server().differences(FULL, outcome.live))


def test_a_long_text_is_shown_short_but_compared_whole() -> None:
    long = "x" * 200
    one, other = (
        from_workbook(workbook(changed(CONSENT, **{"label::English (en)": text}))) for text in (long, f"{long}y")
    )
    (said,) = between(one, other)
    assert "(200 characters)" in said
    assert "(201 characters)" in said
    assert one.digest != other.digest


def test_a_key_of_a_row_that_changed_changes_the_digest_and_not_the_rows() -> None:
    made = for_kobo(sheets())
    row = replace(made.survey[1], cells={**made.survey[1].cells, "$kuid": "another00"})
    other = replace(made, survey=(made.survey[0], row, *made.survey[2:]))
    one, two = from_workbook(to_bytes(made)), from_workbook(to_bytes(other))
    assert between(one, two) == ()
    assert one.digest != two.digest


def test_the_mark_is_json_that_people_can_read(kobo: Bench) -> None:
    kobo.push(replace(FULL, media=(Media("a.csv", b"x"),)))
    mark = json.loads(json.dumps(kobo.fake.only.settings["pimforms"]))
    assert set(mark) == {"form_id", "stage", "version", "sha256", "workbook", "version_id", "content_hash", "media"}
