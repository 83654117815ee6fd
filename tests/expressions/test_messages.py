"""Expressions that are wrong beside what is said about them, and right ones about which nothing is said."""

from __future__ import annotations

from pathlib import Path

import pytest
from expression_help import CODES, HERE, read, said

BAD = sorted(HERE.glob("bad/*.pim"))
GOOD = sorted(HERE.glob("good/*.pim"))
SEEN_ELSEWHERE = {"PF224", "PF230"}  # below: one needs a file beside the form, one a very long expression


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_a_wrong_expression_gets_these_messages(path: Path, golden) -> None:
    golden(path.with_suffix(".txt"), said(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_a_right_expression_gets_none(path: Path) -> None:
    assert said(path.read_text(encoding="utf-8")) == ""


def test_every_message_is_seen() -> None:
    fired = {diagnostic.code for path in BAD for diagnostic in read(path.read_text(encoding="utf-8"))[1]}
    assert fired | SEEN_ELSEWHERE == CODES


def test_a_key_that_no_file_holds() -> None:
    text = 'ask seen date "Seen"\nfind card in "cards.csv" by seen\n  gives size integer from size'
    assert [diagnostic.code for diagnostic in read(text)[1]] == ["PF224"]


@pytest.mark.parametrize(
    "text",
    [
        f'ask a integer "A"\ncalculate b = {" + ".join(["a"] * 900)}',
        f'ask a integer "A"\ncalculate b = {"(" * 200}a{")" * 200} + {"- " * 300}a',
        'ask a integer "A"\ncondition c300 = a > 1\n'
        + "".join(f"condition c{i} = c{i + 1} and a > 2\n" for i in range(300)),
        f'ask a yes_no "A"\nask b yes_no "B"\n  when {"not " * 2000}a is yes',
        f'ask a yes_no "A"\nask b yes_no "B"\n  when a is no and {"not " * 2000}a is yes',
        f'ask a integer "A"\nask b integer "B"\n  must be at most {" + ".join(["a"] * 900)}',
        f'ask a integer "A"\nask b integer "B"\n  default {" + ".join(["a"] * 900)}',
        f'ask a integer "A"\nask b date "B"\n  when b2 > 3\ncalculate b2 = {" + ".join(["a"] * 900)}',
    ],
)
def test_a_very_deep_expression_is_said_and_does_no_harm(text: str) -> None:
    assert {diagnostic.code for diagnostic in read(text)[1]} == {"PF230"}


LONG_LIST = " and ".join(f"a is not {i}" for i in range(3000))


@pytest.mark.parametrize(
    "text",
    [
        f'ask a integer "A"\nask b yes_no "B"\n  when {LONG_LIST}',
        f'ask a integer "A"\ncondition c = {LONG_LIST}\nask b yes_no "B"\n  when a > 1 and c',
        f'ask a integer "A"\nask b integer "B"\n  must be true that {LONG_LIST}',
        f'ask a integer "A"\ncalculate b = 1 if {LONG_LIST} otherwise 2',
    ],
)
def test_an_expression_that_fits_no_cell_is_said(text: str) -> None:
    (found,) = read(text)[1]
    assert found.code == "PF230"
    assert "32767" in found.why


def test_a_long_expression_that_fits_is_fine() -> None:
    text = f'ask a integer "A"\nask b yes_no "B"\n  when {" and ".join(f"a is not {i}" for i in range(900))}'
    assert read(text)[1] == []


def test_a_long_chain_of_calculations_does_no_harm() -> None:
    text = "".join(f"calculate c{i} = c{i + 1} + 1\n" for i in range(2000)) + "calculate c2000 = 1\n"
    assert read(text)[1] == []


def test_nothing_is_said_about_what_did_not_parse() -> None:
    from expression_help import HEAD

    from pimforms.resolve.form import resolve
    from pimforms.source import Source
    from pimforms.syntax.parse import parse

    text = HEAD + (
        'ask broken one two "Which?"\n'
        'ask after text "Why? {broken}"\n  when broken is yes and broken > 3\n'
        "calculate twice = broken * 2\n"
        'ask last text "T"\n  when twice is a\n'
    )
    tree, diagnostics = parse(Source("test.pim", text))
    assert diagnostics
    _, found = resolve(tree, HERE)
    assert [diagnostic.code for diagnostic in found if diagnostic.code in CODES] == []


def test_a_refusal_is_a_code_where_the_compiler_adds_one() -> None:
    question = 'ask a one "A"\n  - x "X"\n{}ask b text "B"\n  when a is pnta\n'
    assert [d.code for d in read(question.format(""))[1]] == ["PF203"]
    assert read(question.format("  sensitivity moderate\n"))[1] == []


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("a", "integer"), ("a + 1", "integer"), ("a / 2", "decimal"), ("a + 0.5", "decimal"), ("a > 1", "yes_no"),
        ("d", "date"), ("today", "date"), ("now", "datetime"), ("s", "code"), ("m", "codes"), ("t", "text"),
        ('"x" if a > 1 otherwise s', "text"), ('a if a > 1 otherwise ""', "integer"), ("d if a > 1 otherwise now", "datetime"),
        ("years from d to today", "integer"), ("chosen(m)", "integer"), ("smaller(a, 2.5)", "decimal"),
        ("later", "integer"), ("not (a > 1)", "yes_no"),
    ],
)  # fmt: skip
def test_the_kind_of_a_calculation_is_inferred(value: str, kind: str) -> None:
    form, found = read(
        'ask a integer "A"\nask d date "D"\nask t text "T"\nask s one "S"\n  - x "X"\nask m many "M"\n  - x "X"\n'
        f"calculate c = {value}\ncalculate later = a * 2\n"
    )
    assert not found
    assert next(item.kind for item in form.items if item.name == "c") == kind  # type: ignore[union-attr]
