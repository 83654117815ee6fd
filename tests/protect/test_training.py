"""Sensitive parts open only for the codes of interviewers who hold the training."""

from __future__ import annotations

import pytest

from conftest import ROOT, TODAY
from heads import CARE, FACTS, PURPOSE
from pimforms.compiler import check_source, compile_checked
from pimforms.model.form import Form
from pimforms.model.walk import index
from pimforms.source import Source, normalise

TOUR = ROOT / "examples" / "tour"
HEAD = f"""\
form short "Short form"
{FACTS.replace("sectoral", "protection_monitoring")}  public key   "office.pem"
  interviewers "interviewers.csv"
purpose services "Better services"
{PURPOSE}{CARE}use header
consent
ask lack yes_no "Do you lack papers?"
  topic civil_documents
"""
OPEN = 'ask open yes_no "Is the desk open?"\n'
HURT = 'ask hurt yes_no "Did somebody shout at you?"\n  topic {topic}\n  sensitivity {level}\n'


def protected(body: str, head: str = HEAD) -> tuple[Form, dict[str, dict[str, str]]]:
    checked = check_source(Source("short.pim", normalise(head + body)), TOUR, today=TODAY)
    made = compile_checked(checked)
    assert [f"{d.code} {d.message}" for d in made.diagnostics if d.is_error] == []
    assert made.protected is not None and made.sheets is not None
    return made.protected, {row.cells["name"]: dict(row.cells) for row in made.sheets.survey if "name" in row.cells}


def test_the_code_of_the_interviewer_is_chosen_from_the_list() -> None:
    form, rows = protected(OPEN)
    assert rows["enum_code"]["type"] == "select_one pim_interviewers"
    assert "constraint" not in rows["enum_code"]
    assert [choice.code for choice in form.lists["pim_interviewers"].choices] == ["E01", "E02", "E03", "E04"]
    assert all(choice.label.values == {"en": choice.code} for choice in form.lists["pim_interviewers"].choices)  # type: ignore[union-attr]


def test_without_a_list_the_code_is_typed() -> None:
    _, rows = protected(OPEN, HEAD.replace('  interviewers "interviewers.csv"\n', ""))
    assert rows["enum_code"]["type"] == "text"


@pytest.mark.parametrize(
    ("body", "codes"),
    [
        (HURT.format(topic="services", level="severe"), ["E01", "E02", "E03"]),  # `interview` is enough
        (HURT.format(topic="services", level="severe") + "  training gbv\n", ["E01"]),
        (HURT.format(topic="child_protection", level="high"), ["E02"]),
        (HURT.format(topic="child_protection", level="high") + "  training referral\n", ["E02"]),
        (HURT.format(topic="civil_documents", level="high"), []),
        (HURT.format(topic="services", level="low") + "  training referral\n", ["E01", "E02"]),
    ],
)
def test_a_question_opens_for_the_codes_that_hold_its_training(body: str, codes: list[str]) -> None:
    _, rows = protected(OPEN + body)
    relevant = rows["hurt"]["relevant"]
    assert [code for code in ("E01", "E02", "E03", "E04") if f"${{enum_code}} = '{code}'" in relevant] == codes
    assert "!=" not in relevant


def test_a_group_takes_the_condition_as_a_whole_and_its_check_stands_under_it_too() -> None:
    group = f'group hard "Hard"\n  training gbv\n{HURT.format(topic="services", level="severe")}end group\n'
    form, rows = protected(OPEN + group)
    assert "${enum_code} = 'E01'" in rows["hard"]["relevant"]
    assert "${enum_code} = 'E01'" in rows["pim_priv_hard"]["relevant"]
    assert "enum_code" not in rows["open"]["relevant"]
    assert "when" not in repr(index(form.items)["hurt"].item.when)


def test_a_group_with_other_questions_stays_open() -> None:
    group = f'group some "Some"\n{OPEN}{HURT.format(topic="services", level="severe")}end group\n'
    _, rows = protected(group)
    assert "enum_code" not in rows["some"]["relevant"] and "enum_code" not in rows["open"].get("relevant", "")
    assert "${enum_code} = 'E01'" in rows["hurt"]["relevant"]


def test_where_nobody_is_trained_and_that_is_waived_nobody_asks() -> None:
    waived = (
        'waive PIM601 because "the two colleagues are trained next week and the form is only tried until then" '
        'by "Head of protection" until 2026-12-31\n'
    )
    _, rows = protected(OPEN + HURT.format(topic="detention", level="severe") + waived)
    assert "${enum_code} = 'nobody'" in rows["hurt"]["relevant"]


def test_a_training_that_has_run_out_closes_nothing() -> None:
    head = HEAD.replace("interviewers.csv", "trained_long_ago.csv")
    _, rows = protected(OPEN + HURT.format(topic="services", level="severe"), head)
    assert "${enum_code} = 'E01'" in rows["hurt"]["relevant"]


def test_many_codes_are_shown_as_a_list_to_scroll(tmp_path) -> None:
    lines = "\n".join(f"E{number:03},interview" for number in range(40))
    (tmp_path / "team.csv").write_text(f"code,training\n{lines}\n", encoding="utf-8")
    (tmp_path / "office.pem").write_bytes((TOUR / "office.pem").read_bytes())
    text = HEAD.replace("interviewers.csv", "team.csv") + OPEN
    made = compile_checked(check_source(Source("short.pim", normalise(text)), tmp_path, today=TODAY))
    assert made.sheets is not None
    assert next(r for r in made.sheets.survey if r.cells.get("name") == "enum_code").cells["appearance"] == "minimal"


def test_after_three_sensitive_parts_the_interviewer_is_told_to_rest() -> None:
    part = 'ask o{0} yes_no "Is it open?"\nask p{0} yes_no "Do you lack papers?"\n  topic civil_documents\n'
    assert "pim_care" not in protected(part.format(1))[1]
    assert "pim_care" in protected(part.format(1) + part.format(2))[1]
