"""`pimforms test` as people and CI run it: what it writes and the number it ends with."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from scenario_help import FORM, HERE

from conftest import ROOT
from pimforms.cli.main import main

PASSES = HERE / "running" / "passes.test.pim"
FAILS = HERE / "running" / "asked.test.pim"


def test(capsys: pytest.CaptureFixture[str], *argv: object) -> tuple[int, str, str]:
    code = main(("test", *map(str, argv), "--today", "2026-11-22"))
    out, err = capsys.readouterr()
    return code, out, err


test.__test__ = False  # type: ignore[attr-defined]  # a helper, by the name of the command


@pytest.fixture
def java() -> None:
    pytest.importorskip("jpype")


def test_all_passed(capsys, java) -> None:
    code, out, err = test(capsys, FORM, "--scenarios", PASSES)
    assert (code, out, err) == (0, f"3 of 3 scenarios passed in {PASSES}\n", "")


def test_something_failed(capsys, java, tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    code, out, _ = test(capsys, FORM, "--scenarios", FAILS, "--junit", report)
    assert code == 1
    assert "error[PF511]: `depth` was not asked" in out
    assert "  expect asked depth\n" in out and "  ^^^^^^^^^^^^^^^^^^\n" in out
    assert out.endswith(f"0 of 3 scenarios passed in {FAILS}; failed: not_asked, refusal, hidden\n")
    suite = ElementTree.parse(report).getroot()[0]
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("3", "3", "0")
    failure = suite[0][0]
    assert failure.get("type") == "PF511"
    assert "expect asked depth" in (failure.text or "")


def test_results_for_programs(capsys, java) -> None:
    code, out, _ = test(capsys, FORM, "--scenarios", FAILS, "--format", "json")
    found = json.loads(out)
    assert code == 1
    assert [(one["scenario"], one["passed"]) for one in found] == [
        ("not_asked", False),
        ("refusal", False),
        ("hidden", False),
    ]
    assert found[0]["diagnostics"][0]["line"] == 4


def test_scenarios_beside_the_form_are_found(capsys, java) -> None:
    code, out, _ = test(capsys, ROOT / "tests" / "library" / "closing.pim")
    assert (code, out.split()[:3]) == (0, ["2", "of", "2"])


def test_a_scenario_about_what_is_not_there(capsys, java, tmp_path: Path) -> None:
    file = tmp_path / "s.test.pim"
    file.write_text('scenario s "S"\n  given consent\n  expect asked watr\nend scenario\n', encoding="utf-8")
    code, out, _ = test(capsys, FORM, "--scenarios", file)
    assert code == 1
    assert "error[PF502]: nothing in this form is called `watr`" in out and "write `water`" in out


def test_a_form_with_errors(capsys, java, tmp_path: Path) -> None:
    form = tmp_path / "f.pim"
    form.write_text(FORM.read_text(encoding="utf-8").split("consent")[0] + 'ask x integr "X?"\n', encoding="utf-8")
    code, out, _ = test(capsys, form, "--scenarios", PASSES)
    assert code == 1
    assert "error[PF105]" in out and "warning" not in out


def test_no_scenarios_beside_the_form(capsys, tmp_path: Path) -> None:
    form = tmp_path / "f.pim"
    form.write_text("", encoding="utf-8")
    code, _, err = test(capsys, form)
    assert code == 2
    assert "there are no scenarios beside this form" in err and "f.test.pim" in err
    assert "there is no such file" in test(capsys, tmp_path / "g.pim")[2]


def test_a_file_of_scenarios_in_place_of_the_form(capsys) -> None:
    code, _, err = test(capsys, PASSES)
    assert code == 2
    assert "this file holds scenarios, not a form" in err


def test_an_empty_file_of_scenarios(capsys, java, tmp_path: Path) -> None:
    file = tmp_path / "s.test.pim"
    file.write_text("# nothing yet\n", encoding="utf-8")
    code, _, err = test(capsys, FORM, "--scenarios", file)
    assert code == 2
    assert "there is no scenario in this file" in err


def test_no_engine(capsys, monkeypatch: pytest.MonkeyPatch, java, tmp_path: Path) -> None:
    """Without jpype1 the command says what to install."""
    (tmp_path / "jpype.py").write_text("raise ImportError\n", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setitem(sys.modules, "jpype", None)
    code, out, err = test(capsys, FORM, "--scenarios", PASSES)
    assert (code, out) == (2, "")
    assert "jpype1" in err and 'pip install "pimforms[test]"' in err
