"""`pimforms check`: what it says, in every format, and the number it ends with."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest
from cli_helpers import BROKEN, CLEAN, DAY, run

from conftest import TODAY
from pimforms.cli import report_github, report_json, report_sarif, report_text
from pimforms.compiler import check_file
from pimforms.diagnostics import Diagnostic
from pimforms.source import Place, Source
from pimforms.syntax.messages import text_not_closed
from pimforms.syntax.width import width

HERE = Path(__file__).parent
BAD = HERE / "reports" / "bad.pim"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "clean.pim").write_text(CLEAN, encoding="utf-8")
    (tmp_path / "broken.pim").write_text(BROKEN, encoding="utf-8")
    return tmp_path


def found() -> tuple[Diagnostic, ...]:
    return check_file(BAD, today=TODAY, shown_as="bad.pim").diagnostics


def test_a_clean_form_ends_with_0(folder: Path, capsys) -> None:
    assert run(capsys, "check", "clean.pim", *DAY) == (0, "no errors and no warnings in clean.pim\n", "")


def test_an_error_ends_with_1(folder: Path, capsys) -> None:
    code, out, err = run(capsys, "check", "broken.pim", *DAY)
    assert (code, err) == (1, "")
    assert out.startswith("error[PF001]: this line stops making sense at `How`\n  --> broken.pim:13:18\n")
    assert out.endswith("\n\n1 error in broken.pim\n")


def test_several_files(folder: Path, capsys) -> None:
    code, out, _ = run(capsys, "check", "clean.pim", "broken.pim", *DAY)
    assert code == 1
    assert out.endswith("1 error in 2 files\n")


def test_a_file_that_cannot_be_read_does_not_hide_the_others(folder: Path, capsys) -> None:
    code, out, err = run(capsys, "check", "missing.pim", "broken.pim", *DAY)
    assert code == 2
    assert "PF001" in out
    assert err.splitlines() == [
        "error: missing.pim: there is no such file",
        "  = fix: check the name and the folder you are in",
    ]


def test_standard_input(folder: Path, capsys, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(BROKEN.encode("utf-16"))))
    code, out, _ = run(capsys, "check", "-", *DAY)
    assert code == 1
    assert "--> <stdin>:13:18" in out
    assert out.endswith("1 error in standard input\n")


def test_text(golden) -> None:
    golden(HERE / "reports" / "bad.txt", report_text.render(found()))


def test_json(golden) -> None:
    text = report_json.render(found())
    golden(HERE / "reports" / "bad.json", text)
    keys = ["code", "rule", "severity", "message", "why", "fix", "file", "line", "column", "end_line", "end_column"]
    assert all(list(one) == keys for one in json.loads(text))
    assert text.isascii()


def test_github(golden) -> None:
    golden(HERE / "reports" / "bad.github", report_github.render(found()))


def test_sarif(golden) -> None:
    text = report_sarif.render(found())
    golden(HERE / "reports" / "bad.sarif", text)
    run_of = json.loads(text)["runs"][0]
    rules = run_of["tool"]["driver"]["rules"]
    assert all(rules[result["ruleIndex"]]["id"] == result["ruleId"] for result in run_of["results"])
    assert text.isascii()


@pytest.mark.parametrize("form", ["json", "sarif"])
def test_a_clean_form_is_an_empty_report(form: str, folder: Path, capsys) -> None:
    code, out, _ = run(capsys, "check", "clean.pim", "--format", form, *DAY)
    assert code == 0
    report = json.loads(out)
    assert (report if form == "json" else report["runs"][0]["results"]) == []


def test_github_escapes_what_would_end_a_command() -> None:
    place = Place(Source("a,b:c%.pim", 'note a "x\n'), 7, 9)
    line = report_github.render([text_not_closed(place)])
    assert line.startswith(
        "::error file=a%2Cb%3Ac%25.pim,line=1,col=8,endLine=1,endColumn=10,title=PF002 text-not-closed::"
    )
    assert line.count("\n") == 1


@pytest.mark.parametrize(
    ("text", "columns"), [("abc", 3), ("説明", 4), ("مَرْحَبًا", 5), ("e\u0301", 1), ("\u200fa\u200b", 1), ("", 0)]
)
def test_width(text: str, columns: int) -> None:
    assert width(text) == columns


def underline(line: str, marked: str) -> tuple[str, str]:
    """The shown line and its underline, without the margin."""
    start = line.index(marked)
    rows = report_text.one(text_not_closed(Place(Source("x.pim", line + "\n"), start, start + len(marked)))).split("\n")
    return rows[3][4:], rows[4][4:].removesuffix(" begins here")


def test_the_underline_stands_under_wide_letters() -> None:
    assert underline("note 説明 here", "here") == ("note 説明 here", "          ^^^^")
    assert underline("note 説明 here", "説明") == ("note 説明 here", "     ^^^^")


def test_the_underline_stands_under_combining_letters() -> None:
    assert underline("note مَرْحَبًا here", "here")[1] == "           ^^^^"


def test_tabs_are_shown_as_they_are_underlined() -> None:
    assert underline("\task\there", "here") == ("    ask    here", "           ^^^^")


def test_a_long_line_is_shown_around_the_place() -> None:
    line, mark = underline("a" * 500 + "HERE" + "b" * 500, "HERE")
    assert len(line) < 200
    assert line[mark.index("^") : len(mark)] == "HERE"


def test_a_source_cannot_steer_the_terminal() -> None:
    line, _ = underline("note \x1b[2J here", "here")
    assert "\x1b" not in line


def test_colour_is_only_for_terminals(monkeypatch: pytest.MonkeyPatch) -> None:
    from pimforms.cli.console import has_color

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    for name in ("NO_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    assert not has_color(io.StringIO())
    if sys.platform != "win32":
        assert has_color(Terminal())
    monkeypatch.setenv("TERM", "dumb")
    assert not has_color(Terminal())
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("NO_COLOR", "1")
    assert not has_color(Terminal())


def test_colour_changes_no_word() -> None:
    import re

    colored = report_text.render(found(), color=True)
    assert "\x1b[" in colored
    assert re.sub("\x1b\\[[0-9;]*m", "", colored) == report_text.render(found())


def test_the_day_comes_from_the_option_then_from_the_build(
    folder: Path, capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(capsys, "check", "clean.pim", "--today", "31/12/2026")[0] == 2
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795305600")
    assert run(capsys, "check", "clean.pim")[0] == 0
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "tomorrow")
    code, _, err = run(capsys, "check", "clean.pim")
    assert code == 2
    assert err.startswith("error: SOURCE_DATE_EPOCH: `tomorrow` is not a number of seconds")
