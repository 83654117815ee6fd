"""The gate proof: sound forms are proved, each form broken in one place is not, and neither is what nobody can read."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from conftest import ROOT, TODAY, forms_in
from forms import check, protected
from pimforms.compiler import compile_checked, compile_file
from pimforms.model.walk import index
from pimforms.proofs.gate import Opened, open_without_consent
from pimforms.protect.weave import protect
from pimforms.xlsform.emit import emit

sys.path.append(str(Path(__file__).parent.parent / "engines"))
from mutants import ASKED, FIT, FORMS, GRANT, MUTANTS, OUTSIDE, OVERHEARD, RECORDED, Mutant

PROVED = (ASKED, RECORDED, OUTSIDE, OVERHEARD, FIT, GRANT)
# A proof looks at one moment; what only changes of answers show is found by the walks.
OF_THE_GATE = [mutant for mutant in MUTANTS if mutant.promise in PROVED and not mutant.in_time]


def opened(body: str, topic: str = "services") -> tuple[Opened, ...]:
    form = protected(body, topic)
    return open_without_consent(form, emit(form))


@pytest.mark.parametrize(
    "path", [path for path in forms_in(ROOT / "examples") if "faults" not in path.parts], ids=lambda path: path.stem
)
def test_examples_are_proved(path: Path) -> None:
    compiled = compile_file(path, today=TODAY)
    assert compiled.protected is not None and compiled.sheets is not None
    assert open_without_consent(compiled.protected, compiled.sheets) == ()


EVERYTHING = """
ask mode one "How?"
  gives mode
  - phone "Phone"
  - there "There"
consent
ask age integer "How old are you?"
  must be at least 18
calculate older = age + 1
group first "First"
  ask papers yes_no "Papers at {older}?"
    when age > 20 or age is not answered
  ask lost text "How did you lose them?"
    when papers is no
    sensitivity high because "asked only in private"
  ask hurt yes_no "Were you hurt?"
    sensitivity high because "asked only in private"
end group
repeat children "Children"
  times age
  ask years integer "How old is this child?"
  ask away yes_no "Does this child live elsewhere?"
    sensitivity high because "asked only in private"
  calculate grown = years + age
end repeat
screen together "Together"
  ask school yes_no "Is there a school?"
  ask afraid yes_no "Are you afraid?"
    sensitivity high because "asked only in private"
end screen
table svc "Services" each of library services
  ask open yes_no "Is {row} open?"
end table
calculate youngest = smallest of years in children
note told "The youngest is {youngest}, and papers: {papers}"
  when count of children where years < 5 > 0
"""


def test_branches_repeats_tables_and_calculations_are_proved() -> None:
    assert opened(EVERYTHING) == ()


@pytest.mark.parametrize("mutant", OF_THE_GATE, ids=lambda mutant: mutant.name)
def test_a_form_broken_in_one_place_is_not_proved(mutant: Mutant) -> None:
    compiled = compile_file(FORMS[mutant.of], today=TODAY)
    assert compiled.protected is not None
    form, sheets = mutant.change(compiled.protected)
    assert mutant.subject in {each.name for each in open_without_consent(form, sheets)}


# What an author can write that no gate holds: XPath that closes a bracket which is not its own, an answer of the form before,
# XPath in the table before the consent, and what cannot be read at all.
TABLE = """
ask mode one "How?"
  gives mode
  - phone "Phone"
  - there "There"
{}
consent
ask safe yes_no "Do you feel safe?"
ask way one "How did you come?"
  - phone "Phone"
  - there "There"
"""
LEAKS = {
    "a bracket closed": ('ask safe yes_no "Safe?"\n  when raw xpath "true()) or (true()"', "safe", "relevant"),
    "around a group": (
        'group g "G"\n  when raw xpath "1 = 1) or (1 = 1"\n  ask safe yes_no "Safe?"\nend group',
        "safe",
        "relevant",
    ),
    "no XPath": ('ask safe yes_no "Safe?"\n  when raw xpath "true() ) )) or ((("', "safe", "relevant"),
    "another interview": (TABLE.format("  default last_saved(way)"), "mode", "default"),
    "a copy": (TABLE.format('calculate copy = raw xpath "${safe}"\n  gives mode'), "copy", "calculation"),
    "a copy once": (
        TABLE.format("calculate copy = raw xpath \"once(if(${pim_agree} = 'yes', ${safe}, 1))\"\n  gives mode"),
        "copy",
        "calculation",
    ),
    "a copy by its path": (
        TABLE.format('calculate copy = raw xpath "/data/safe"\n  gives mode'),
        "copy",
        "calculation",
    ),
    "anything": (TABLE.format('calculate copy = raw xpath "string(//*)"\n  gives mode'), "copy", "calculation"),
}


@pytest.mark.parametrize("name", LEAKS)
def test_what_an_author_can_open_is_found(name: str) -> None:
    body, subject, column = LEAKS[name]
    found = opened(body)
    assert {(each.name, each.column) for each in found} == {(subject, column)}
    assert "the person did not agree" in {each.closing for each in found}


def test_raw_xpath_that_stays_in_its_brackets_is_proved() -> None:
    body = 'ask safe yes_no "Safe?"\nask why text "Why?"\n  when raw xpath "${safe} = \'no\' or true()"\n'
    assert opened(body) == ()


def test_a_guard_written_out_by_hand_is_proved() -> None:
    raw = "if(${pim_agree} = 'yes' and ${pim_adult} = 'yes' and ${pim_att_safe} = 'yes', ${safe}, '')"
    assert opened(TABLE.format(f'calculate copy = raw xpath "{raw}"\n  gives mode')) == ()


def test_the_compiler_says_it_once_an_item() -> None:
    compiled = compile_checked(check(LEAKS["a bracket closed"][0]))
    assert compiled.sheets is None
    said = [diagnostic for diagnostic in compiled.diagnostics if diagnostic.code == "PIM413"]
    assert [each.message for each in said] == ["`safe` can be reached, although the person did not agree"]
    assert "raw xpath" in said[0].fix


def test_many_stops_are_proved() -> None:
    parts = [
        f'group part_{n} "Part {n}"\n  ask q_{n} yes_no "Q?"\n    sensitivity high because "a test"\nend group\n'
        f'ask low_{n} yes_no "Low?"\n'
        for n in range(12)
    ]
    assert opened("".join(parts)) == ()


PHONE = 'ask ph text "What is your phone number?"\n  gives phone_number\n'
HURT = 'ask hurt yes_no "Were you hurt?"\n  sensitivity high\nask shop yes_no "Is there a shop?"\n'
NO_REASON = '  sensitivity low because "It is a test"\n'
KEPT = {
    "a number, once": (PHONE + 'calculate keep = raw xpath "once(${ph})"\n', "keep", "calculation"),
    "a number, not guarded": (PHONE + 'calculate keep = raw xpath "${ph}"\n', "keep", "calculation"),
    "a number, copied for each": (
        PHONE + 'repeat r "R"\n  ask again text "Again?"\n    default ph\nend repeat\n',
        "again",
        "default",
    ),
    "a HIGH answer": (HURT + f'calculate keep = raw xpath "${{hurt}}"\n{NO_REASON}', "keep", "calculation"),
}


@pytest.mark.parametrize("name", KEPT)
def test_a_copy_of_what_goes_by_itself_is_found(name: str) -> None:
    """Whatever a rule says: of the rows."""
    body, subject, column = KEPT[name]
    made = check(body).form
    assert made is not None
    form = protect(made)
    assert (subject, column) in {(each.name, each.column) for each in open_without_consent(form, emit(form))}


TOLD = {
    "a note": 'note told "You said {hurt}"\n',
    "a group": 'group told "You said {hurt}"\n  ask near yes_no "Is it near?"\nend group\n',
    "a group of notes": 'group told "You said {hurt}"\n  note near "It is near."\nend group\n',
    "a screen": 'screen told "You said {hurt}"\n  ask near yes_no "Is it near?"\nend screen\n',
    "a repeat": 'repeat told "You said {hurt}"\n  ask near yes_no "Is it near?"\nend repeat\n',
    "a choice": 'ask told one "Which?"\n  - a "What {hurt} did"\n  - b "B"\n',
    "a message": 'ask told integer "How many?"\n  must be at most 5\n    message "You said {hurt}"\n',
    "a hint": 'ask told integer "How many?"\n  hint "You said {hurt}"\n',
    "through a calculation": 'calculate c = "a" if hurt is yes otherwise "b"\nnote told "You said {c}"\n',
}


@pytest.mark.parametrize("name", TOLD)
def test_a_text_that_tells_a_high_answer_is_shown_in_private(name: str) -> None:
    form = protected(HURT + TOLD[name])
    assert open_without_consent(form, emit(form)) == ()
    assert "pim_go_told" in index(form.items) or "pim_go_c" in index(form.items)


def test_a_text_that_tells_a_high_answer_to_all_is_found() -> None:
    """The same group, its own look around taken away."""
    form = protected(HURT + TOLD["a group"])
    sheets = emit(form)
    survey = []
    for row in sheets.survey:
        cells = dict(row.cells)
        if cells.get("name") == "told":
            cells["relevant"] = cells["relevant"].replace("${pim_go_told} = 'go'", "true()")
        survey.append(replace(row, cells=cells))
    found = open_without_consent(form, replace(sheets, survey=tuple(survey)))
    assert "told" in {each.name for each in found}
