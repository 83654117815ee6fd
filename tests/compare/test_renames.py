"""The rename map: what it says, and what is said of a line that does not hold."""

from __future__ import annotations

import pytest
from compare_help import form

from pimforms.compare.compare import compare
from pimforms.compare.renames import Renames, beside, problems, renames_in
from pimforms.compare.sides import both
from pimforms.source import Source

OLD = """\
ask papers yes_no "Does anyone lack papers?"
ask why many "Why?"
  - lost "Lost"
  - fee  "Cannot pay"
ask still yes_no "Is it still so?"
"""
NEW = OLD.replace("papers yes_no", "lacks yes_no").replace("- lost", "- gone")


def map_of(*lines: str) -> tuple[Renames, list[str]]:
    renames, wrong = renames_in(Source("new.renames.csv", "\n".join(("old,new", *lines)) + "\n"))
    return renames, [f"{one.code} line {one.place.line}: {one.message}" for one in wrong]


def said(*lines: str, old: str = OLD, new: str = NEW) -> list[str]:
    renames, wrong = map_of(*lines)
    assert wrong == []
    return [
        f"{one.code} line {one.place.line}: {one.message}"
        for one in problems(renames, *both(form(old, name="old.pim"), form(new, name="new.pim")))
    ]


def test_lines_that_hold_say_nothing() -> None:
    assert said("papers,lacks", "why/lost,why/gone") == []


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("paper,lacks", "PF602 line 2: `paper` is not in the old form"),
        ("papers,lack", "PF602 line 2: `lack` is not in the new form"),
        ("still,lacks", "PF603 line 2: `still` is still in the new form"),
        ("papers,still", "PF603 line 2: `still` was in the old form already: two questions cannot become one"),
        ("why/losst,why/gone", "PF602 line 2: `why` has no choice `losst` in the old form"),
        ("why/lost,why/gon", "PF602 line 2: `why` has no choice `gon` in the new form"),
        ("why/fee,why/gone", "PF603 line 2: `why` still has the choice `fee` in the new form"),
        ("whi/lost,whi/gone", "PF602 line 2: the question `whi` is not in the old form"),
        ("why/lost,still/gone", "PF603 line 2: `why` and `still` are two questions"),
    ],
)
def test_a_line_that_does_not_hold_is_named(line: str, message: str) -> None:
    assert said(line) == [message]


def test_a_near_name_is_offered_in_the_fix() -> None:
    renames, _ = map_of("paper,lacks")
    (problem,) = problems(renames, *both(form(OLD), form(NEW)))
    assert "did you mean `papers`?" in problem.fix


def test_two_questions_do_not_become_one() -> None:
    old = OLD + 'ask other yes_no "Does anyone else?"\n'
    assert said("papers,lacks", "other,lacks", old=old) == ["PF603 line 3: two questions cannot both become `lacks`"]


def test_a_name_has_one_new_name() -> None:
    assert said("papers,lacks", "papers,lacks") == ["PF603 line 3: `papers` has a second new name"]


def test_a_line_of_an_earlier_version_may_stay() -> None:
    assert said("papers,lacks", "why/lost,why/gone", old=NEW, new=NEW) == []


def test_nothing_behind_the_comma_is_gone_for_good() -> None:
    renames, problems = map_of("papers,")
    assert (renames.lines, problems) == ((), [])
    assert renames.named == {"papers"}


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("papers", "PF601 line 2: one of the two names is missing"),
        ("papers,why/lost", "PF601 line 2: a question cannot become a choice"),
        ("papers,papers", "PF601 line 2: `papers` stays what it is"),
        ("why/,why/lost", "PF601 line 2: a choice is written as question/code"),
    ],
)
def test_a_line_that_is_no_rename_is_named(line: str, message: str) -> None:
    assert map_of(line)[1] == [message]


def test_a_map_without_a_head_is_named() -> None:
    _, wrong = renames_in(Source("m.csv", "papers,lacks\n"))
    assert [(one.code, one.place.line) for one in wrong] == [("PF601", 1)]


def test_semicolons_capitals_blank_lines_and_more_columns_are_understood() -> None:
    renames, wrong = renames_in(Source("m.csv", "Old;New;who\n\npapers;lacks;Amal\n"))
    assert wrong == []
    assert [(line.old, line.new, line.place.line) for line in renames.lines] == [("papers", "lacks", 3)]


def test_one_line_is_enough_for_a_list_that_questions_share() -> None:
    body = 'choices ab\n  a "A"\n  {} "B"\nend choices\nask x one of ab "X?"\nask y one of ab "Y?"\n'
    renames, _ = map_of("y/b,y/c")
    found = compare(*both(form(body.format("b")), form(body.format("c"))), renames)
    assert [(change.code, change.old, change.new, change.what) for change in found.changes] == [
        ("choice-renamed", "x/b", "c", " (also of `y`)")
    ]


def test_choices_may_become_one_that_was_there_and_that_is_said() -> None:
    new = OLD.replace('  - lost "Lost"\n', "")
    renames, _ = map_of("why/lost,why/fee")
    found = compare(*both(form(OLD), form(new)), renames)
    assert [(change.code, change.kind) for change in found.changes] == [("choices-merged", "breaks")]


def test_a_rename_is_offered_and_never_assumed() -> None:
    found = compare(*both(form(OLD), form(NEW)))
    assert found.offers == (("papers", "lacks"), ("why/lost", "why/gone"))
    assert [change.code for change in found.breaking] == ["question-removed", "choice-removed"]


def test_another_type_or_another_wording_is_not_offered() -> None:
    new = OLD.replace('papers yes_no "Does anyone lack papers?"', 'lacks integer "Does anyone lack papers?"')
    assert compare(*both(form(OLD), form(new))).offers == ()
    new = OLD.replace('papers yes_no "Does anyone lack papers?"', 'school yes_no "Is there a school?"')
    assert compare(*both(form(OLD), form(new))).offers == ()


def test_the_map_stands_beside_the_form() -> None:
    assert beside("forms/site.pim").name == "site.renames.csv"
