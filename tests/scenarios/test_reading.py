"""Scenarios are checked before anything runs: names, choices, values, words."""

from __future__ import annotations

from pathlib import Path

import pytest
from scenario_help import FORM, HERE, checked, named, read, said

from forms import check, protected
from pimforms.diagnostics import Diagnostic
from pimforms.expressions.parts import every
from pimforms.model.expression import String
from pimforms.model.form import Calculation
from pimforms.model.scenario import Answer, Expectation
from pimforms.model.walk import index
from pimforms.source import Source
from pimforms.standards.data import table
from pimforms.syntax.format import format_text, same_meaning
from pimforms.syntax.parse import parse

BAD = sorted((HERE / "reading").glob("*.test.pim"))
ALL = sorted(HERE.parent.parent.glob("examples/**/*.test.pim")) + sorted(HERE.parent.glob("*/**/*.test.pim"))


def steps(text: str) -> tuple[object, ...]:
    scenarios, found = read(checked(FORM), Source("s.test.pim", f'scenario s "S"\n{text}end scenario\n'))
    assert found == []
    return scenarios[0].steps


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.name.removesuffix(".test.pim"))
def test_bad_scenarios_get_these_messages(path: Path, golden) -> None:
    _, found = read(checked(FORM), named(path))
    golden(path.with_name(path.name.replace(".test.pim", ".txt")), said(found))


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.name)
def test_formatting_keeps_what_a_scenario_says(path: Path) -> None:
    source = named(path)
    text, _ = format_text(source)
    again, _ = format_text(Source(source.path, text))
    assert again == text
    assert same_meaning(parse(source)[0], parse(Source(source.path, text))[0])


def test_several_codes_are_one_answer() -> None:
    assert [s.value for s in steps("answer missing soap, fuel\nexpect asked water\n") if isinstance(s, Answer)] == [
        "soap fuel"
    ]


def test_a_dash_belongs_to_a_number_and_a_date_is_a_date() -> None:
    found = steps("answer depth -1.5\nanswer since 2020-01-31\nexpect asked water\n")
    assert [s.value for s in found if isinstance(s, Answer)] == ["-1.5", "2020-01-31"]


def test_a_member_is_kept_until_the_next_member_line() -> None:
    found = steps("answer age 1\nmember 2 of members\nanswer age 5\nanswer water tap\nexpect asked school\n")
    assert [s.members for s in found] == [(), (("members", 2),), (), (("members", 2),)]  # type: ignore[attr-defined]


def test_a_group_stands_for_what_is_in_it() -> None:
    (found,) = steps("expect not asked visit\n")
    assert isinstance(found, Expectation)
    assert {"water", "water_other", "depth", "code"} <= set(found.names)


def test_names_that_were_added_can_be_used() -> None:
    assert len(steps("answer pim_agree no\nexpect not asked water\nexpect value pim_outcome refused\n")) == 3


def test_a_name_that_is_a_word_of_scenarios_needs_no_quotes() -> None:
    form = check('ask answer yes_no "Was there an answer?"\nask given text "What was given?"\n  optional\n')
    source = Source(
        "s.test.pim", 'scenario s "S"\nanswer answer yes\nskip given\nexpect asked answer, given\nend scenario\n'
    )
    _, found = read(form, source)
    assert found == []


def test_the_outcomes_are_those_of_the_protected_form() -> None:
    body = 'group g "G"\n topic incidents\n ask h yes_no "H?"\nend group\n'
    outcome = index(protected(body).items)["pim_outcome"].item
    assert isinstance(outcome, Calculation)
    written = {part.value for part in every(outcome.value) if isinstance(part, String)} - {""}
    assert set(table("scenarios")["outcomes"]) == written


def test_every_beginning_says_what_it_is() -> None:
    known = table("scenarios")
    assert all(row["says"] and row["answers"] for kind in ("given", "setting") for row in known[kind].values())


def test_a_scenario_in_a_form_is_said() -> None:
    from pimforms.compiler import check_source

    text = 'form f "F"\nscenario s "S"\n  expect outcome complete\nend scenario\n'
    found: list[Diagnostic] = list(check_source(Source("f.pim", text), HERE).diagnostics)
    assert [one.fix for one in found if one.code == "PF501"] == ["move it, down to `end scenario`, into f.test.pim"]


def test_a_file_of_scenarios_is_no_form() -> None:
    from pimforms.compiler import check_source

    found = check_source(
        Source("f.test.pim", 'scenario s "S"\n  expect outcome complete\nend scenario\n'), HERE
    ).diagnostics
    assert [(one.code, one.fix) for one in found] == [("PF110", "run them with: pimforms test f.pim")]
