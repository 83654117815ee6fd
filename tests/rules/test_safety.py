"""Keys, retention, what phones add by themselves, exact places."""

from __future__ import annotations

import pytest

from conftest import ROOT, TODAY
from heads import HEAD, SMALL
from pimforms.compiler import check_source, compile_checked
from pimforms.model.level import Level
from pimforms.source import Source, normalise

LACK = 'ask lack yes_no "Do you lack papers?"\n  topic civil_documents\n'
OPEN = 'ask open yes_no "Is the desk open?"\n'
SAFE = 'ask safe yes_no "Do you feel safe?"\n  sensitivity moderate\n'
HURT = 'ask hurt yes_no "Did somebody shout?"\n  sensitivity severe\n'


def check(body: str, *facts: str, head: str = HEAD):
    text = head.replace("  contact ", "".join(f"  {fact}\n" for fact in facts) + "  contact ", 1) + body
    return check_source(Source("short.pim", normalise(text)), ROOT / "examples" / "tour", today=TODAY)


def said(body: str, *facts: str, code: str, head: str = HEAD) -> list[str]:
    return [d.message for d in check(body, *facts, head=head).diagnostics if d.code == code]


# ---- PIM506


@pytest.mark.parametrize(
    ("body", "keep", "too_long"),
    [
        (OPEN, "60 months", False),
        (OPEN, "5 years", False),
        (OPEN, "61 months", True),
        (SAFE, "2 years", False),
        (SAFE, "24 months", False),
        (SAFE, "730 days", False),
        (SAFE, "731 days", True),
        (SAFE, "105 weeks", True),
        (LACK, "12 months", False),
        (LACK, "13 months", True),
        (HURT, "6 months", False),
        (HURT, "26 weeks", False),
        (HURT, "27 weeks", True),
    ],
)
def test_the_limit_is_that_of_the_level(body: str, keep: str, too_long: bool) -> None:
    assert bool(said(body, f"keep {keep}", code="PIM506")) is too_long


@pytest.mark.parametrize(("body", "months"), [(OPEN, 24), (SAFE, 24), (LACK, 12), (HURT, 6)])
def test_the_usual_time_of_the_category_is_shortened_to_the_limit(body: str, months: int) -> None:
    form = check(body).form
    assert form is not None and form.facts.keep is not None
    assert (form.facts.keep.count, form.facts.keep.unit) == (months, "months")
    assert dict(form.facts.defaults)["keep"] == f"{months} months"
    assert said(body, code="PIM506") == []


def test_what_the_form_says_is_not_shortened() -> None:
    form = check(LACK, "keep 20 months").form
    assert form is not None and form.facts.keep is not None and form.facts.keep.count == 20
    assert said(LACK, "keep 20 months", code="PIM506") == [
        "the records are kept 20 months; for HIGH the usual limit is 12 months"
    ]


# ---- what the phone records: each is said once


@pytest.mark.parametrize(
    ("line", "body", "codes"),
    [
        ("record deviceid", OPEN, ["PIM510"]),
        ("record username", OPEN, ["PIM510"]),
        ("record email", LACK, ["PIM510"]),
        ("record phonenumber", OPEN, ["PIM510"]),
        ("record audit\n  parameter identify-user true", OPEN, ["PIM510"]),
        ('record "start-geopoint"', OPEN, ["PIM203"]),
        ('record "background-audio"', OPEN, ["PIM213"]),
        ('record "background-audio"', SAFE, ["PIM213"]),
        ('record "background-audio"', LACK, ["PIM203"]),
        ("record audit", LACK, []),
        ("record audit\n  parameter track-changes true", SAFE, []),
        ("record audit\n  parameter track-changes true", LACK, ["PIM204"]),
        ("record audit\n  parameter track-changes false", LACK, []),
        ("record audit\n  parameter location-priority balanced\n  parameter location-min-interval 60\n"
         "  parameter location-max-age 120", OPEN, ["PIM203"]),
        ("record start\nrecord end\nrecord today as interview_date", LACK, []),
    ],
)  # fmt: skip
def test_what_the_phone_adds_is_said_once(line: str, body: str, codes: list[str]) -> None:
    found = [d.code for d in check(f"{line}\n{body}").diagnostics if d.code in ("PIM203", "PIM204", "PIM213", "PIM510")]
    assert found == codes


WAIVE = (
    'waive {} because "the auditors of the donor ask for it and the office agreed after a long talk" '
    'by "Head of protection" until 2026-12-31\n'
)


def test_waived_sound_is_said_first(capsys: pytest.CaptureFixture[str]) -> None:
    made = compile_checked(check('record "background-audio"\n' + OPEN + WAIVE.format("PIM213"), head=SMALL))
    assert made.sheets is not None
    asked = [
        row.cells["name"]
        for row in made.sheets.survey
        if row.cells.get("type", "").split()[0] in ("note", "select_one")
    ]
    assert asked[0] == "pim_recording"


def test_a_waived_phone_number_compiles() -> None:
    made = compile_checked(check("record deviceid\n" + OPEN + WAIVE.format("PIM510"), head=SMALL))
    assert made.sheets is not None


def test_from_high_on_sound_cannot_be_waived() -> None:
    codes = [d.code for d in check('record "background-audio"\n' + LACK + WAIVE.format("PIM203")).diagnostics]
    assert "PIM203" in codes and "PF121" in codes


def test_nothing_shows_a_name_in_the_list_of_records() -> None:
    made = compile_checked(check(OPEN, head=SMALL))
    assert made.sheets is not None and "instance_name" not in made.sheets.settings


# ---- PIM513


POINT = 'ask spot {kind} "Where is it?"\n'


@pytest.mark.parametrize(
    ("tags", "facts", "others", "refused"),
    [
        ("", (), "", True),
        ("  topic housing\n", (), "", True),
        ("  topic services\n", (), "", False),
        ("  topic services\n", (), LACK, False),
        ("  topic services\n", ("context conflict",), "", True),
        ('  topic services\n  sensitivity low because "It is painted on the wall of the town hall"\n', ("context conflict",), "", False),
        ('  sensitivity moderate because "The engineers bring pipes there, nothing else is asked"\n', (), "", False),
        ('  sensitivity moderate because "The engineers bring pipes there, nothing else is asked"\n', (), LACK, True),
    ],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["geopoint", "geotrace", "geoshape"])
def test_exact_places(kind: str, tags: str, facts: tuple[str, ...], others: str, refused: bool) -> None:
    assert bool(said(POINT.format(kind=kind) + tags + others, *facts, code="PIM513")) is refused


def test_who_asks_for_the_position_of_a_service_is_told_how_to_say_so() -> None:
    (found,) = [d for d in check(POINT.format(kind="geopoint"), head=SMALL).diagnostics if d.code == "PIM513"]
    assert "write under it: topic services;" in found.fix


def test_the_position_of_a_service_is_low_and_identifies_nobody() -> None:
    checked = check(POINT.format(kind="geopoint") + "  topic services\n", head=SMALL)
    assert checked.form is not None and checked.form.level is Level.LOW
    made = compile_checked(checked)
    assert made.sheets is not None
    private = next(row for row in made.sheets.survey if row.cells.get("name") == "pim_say_private")
    assert "We will not write your name" in private.cells["label::English (en)"]
