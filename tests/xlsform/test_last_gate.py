"""What pyxform and ODK Validate say comes back as a place in the form."""

from __future__ import annotations

import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest
from xlsform_forms import ask, calculate, choices, group, place, raw, repeat, sheets

from pimforms.diagnostics import Diagnostic
from pimforms.model.form import Calculation
from pimforms.xlsform import gate
from pimforms.xlsform.rows import Sheets
from pimforms.xlsform.workbook import write

FORM = place(99)


def said(made: Sheets, workbook: Path | None = None) -> list[tuple[str, int]]:
    found = gate.pass_gate(made, FORM, workbook=workbook)
    assert all(isinstance(each, Diagnostic) and each.fix and each.why and "\n" not in each.message for each in found)
    return [(each.code, each.place.line) for each in found]


def test_a_good_form_passes_from_its_file_and_from_its_rows(tmp_path: Path) -> None:
    made = sheets(ask("a", "yes_no"), group("g", ask("b", when=raw("${a} = 'yes'"))))
    write(made, tmp_path / "a.xlsx")
    assert said(made, tmp_path / "a.xlsx") == said(made) == []


def test_a_column_that_is_first_used_far_down_is_seen() -> None:
    made = sheets(*(ask(f"q{number}") for number in range(200)), ask("last", raw=(("appearance", "multiline"),)))
    assert said(made) == []


@pytest.mark.parametrize("from_file", [True, False])
def test_what_pyxform_refuses_comes_back_to_its_line(tmp_path: Path, from_file: bool) -> None:
    cases = {
        "row": (sheets(ask("a"), ask("b", kind="integer", raw=(("type", "intejer"),), at=place(5))), [("PF901", 5)]),
        "name": (sheets(ask("a"), Calculation("c", raw("${nobody}"), place(7))), [("PF901", 7)]),
        "choices": (
            sheets(
                ask("a", "one", choices="l"),
                lists=(choices("l", "x y", "x y"),),
                settings={"allow_choice_duplicates": "no"},
            ),
            [("PF901", 1)],
        ),
    }
    for name, (made, expected) in cases.items():
        if from_file:
            write(made, tmp_path / f"{name}.xlsx")
        assert said(made, tmp_path / f"{name}.xlsx" if from_file else None) == expected


def test_what_odk_validate_refuses_comes_back_to_its_line() -> None:
    unknown = sheets(ask("a"), group("g", ask("b", when=raw("Today() = ${a}"), at=place(12))))
    (found,) = gate.pass_gate(unknown, FORM)
    assert (found.code, found.place.line) == ("PF902", 12)
    assert found.message == "ODK Validate refuses `b`: cannot handle function 'Today'"
    bracket = sheets(repeat("r", ask("a"), Calculation("c", raw("${a} + (1"), place(31))))
    (found,) = gate.pass_gate(bracket, FORM)
    assert (found.code, found.place.line) == ("PF902", 31)
    assert "mismatched brackets" in found.message


def test_a_cycle_is_told_with_all_its_lines() -> None:
    made = sheets(ask("a"), Calculation("c", raw("${b} + 1"), place(3)), Calculation("b", raw("${c} + 1"), place(4)))
    (found,) = gate.pass_gate(made, FORM)
    assert found.code == "PF902"
    assert {found.place.line, *(where.line for _, where in found.related)} == {3, 4}


def test_a_warning_of_pyxform_comes_back_to_its_line_and_does_not_stop() -> None:
    made = sheets(ask("a", at=place(8), raw=(("disabled", "no"),)))
    (found,) = gate.pass_gate(made, FORM)
    assert (found.code, found.place.line, found.is_error) == ("PF903", 8, False)


def test_a_language_with_a_region_is_no_reason_to_warn() -> None:
    assert said(sheets(ask("a"), languages=("pt-BR",))) == []


def test_without_java_the_gate_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "find_java", lambda: None)
    (found,) = gate.pass_gate(sheets(ask("a")), FORM)
    assert (found.code, found.place.line) == ("PF904", 99)
    assert "no Java" in found.message
    assert "pimforms[java]" in found.fix
    assert "--no-gate" in found.fix


@pytest.mark.skipif(sys.platform == "win32", reason="a shell script stands for Java")
def test_a_java_that_hangs_crashes_or_is_not_there_never_stops_the_compiler(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = sheets(ask("a"))
    java = tmp_path / "java"
    for script, told in (
        ("exec sleep 60", "did not finish in 1 seconds"),
        ("echo 'no memory' >&2; exit 3", "no memory"),
    ):
        java.write_text(f"#!/bin/sh\n{script}\n")
        java.chmod(java.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setenv(gate.JAVA, str(java))
        begun = time.monotonic()
        (found,) = gate.pass_gate(made, FORM, seconds=1)
        assert time.monotonic() - begun < 20
        assert found.code == "PF904"
        assert told in found.message
    monkeypatch.setenv(gate.JAVA, str(tmp_path / "absent"))
    (found,) = gate.pass_gate(made, FORM)
    assert found.code == "PF904"
    assert "did not start" in found.message


def test_a_crash_inside_the_gate_is_a_message_and_no_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RecursionError("too deep")

    monkeypatch.setattr(gate, "_convert", broken)
    (found,) = gate.pass_gate(sheets(ask("a")), FORM)
    assert (found.code, "RecursionError: too deep" in found.message) == ("PF904", True)


def test_rows_and_workbook_need_neither_pyxform_nor_openpyxl() -> None:
    code = (
        f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r})\n"
        "import pimforms.xlsform.gate, pimforms.xlsform.read\n"
        "from xlsform_forms import *\nsheets(ask('a'))\n"
        "print(sorted({'pyxform', 'openpyxl', 'xlsxwriter', 'jinja2', 'requests', 'subprocess32'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_place_of_the_form_stands_in_when_nothing_points_at_a_row() -> None:
    made = sheets(ask("a"), calculate("c", "1"), settings={"instance_name": "foo("})
    assert said(made) == [("PF902", 99)]
