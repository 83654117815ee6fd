"""`pimforms diff`: what it writes, and what it ends with."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from cli_helpers import CLEAN, DAY, process, run

from conftest import ROOT
from pimforms.cli.main import main
from pimforms.compare import apart

NEW = CLEAN.replace("ask age integer", "ask years integer")
CORPUS = ROOT.parent / "shared" / "corpus"


@pytest.fixture
def forms(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("old.pim").write_text(CLEAN, encoding="utf-8")
    Path("new.pim").write_text(NEW, encoding="utf-8")
    Path("looks.pim").write_text(CLEAN.replace('"Service desk"', '"The service desk"'), encoding="utf-8")
    return tmp_path


def test_it_ends_with_0_whatever_is_found(forms: Path, capsys) -> None:
    code, out, err = run(capsys, "diff", "old.pim", "new.pim")
    assert (code, err) == (0, "")
    assert "old.pim:12: question gone: `age`" in out
    assert "  age,years" in out


def test_breaking_ends_with_1_only_if_data_break(forms: Path, capsys) -> None:
    assert run(capsys, "diff", "old.pim", "new.pim", "--breaking")[0] == 1
    assert run(capsys, "diff", "old.pim", "looks.pim", "--breaking")[0] == 0


def test_two_forms_that_say_the_same_are_said_to(forms: Path, capsys) -> None:
    Path("again.pim").write_text(CLEAN + "\n# a remark\n", encoding="utf-8")
    code, out, _ = run(capsys, "diff", "old.pim", "again.pim", "--breaking")
    assert (code, out) == (0, "from old.pim to again.pim\n\nno difference: both forms say the same\n")


def test_a_form_and_its_workbook(forms: Path, capsys) -> None:
    run(capsys, "compile", "old.pim", "-o", "old.xlsx", "--no-gate", *DAY)
    assert "no difference" in run(capsys, "diff", "old.xlsx", "old.pim")[1]
    out = run(capsys, "diff", "old.xlsx", "new.pim")[1]
    assert "old.xlsx survey:" in out  # the row of the sheet
    assert "new.pim:12: new question that must be answered: `years`" in out


def test_json_is_stable_and_whole(forms: Path, capsys) -> None:
    found = json.loads(run(capsys, "diff", "old.pim", "new.pim", "--format", "json")[1])
    assert list(found) == ["old", "new", "equal", "breaking", "counts", "changes", "likely_renames"]
    assert (found["equal"], found["breaking"]) == (False, True)
    assert found["likely_renames"] == [{"old": "age", "new": "years"}]
    first = found["changes"][0]
    assert list(first) == ["code", "kind", "name", "what", "language", "old", "new", "file", "line", "says", "why"]
    assert (first["code"], first["kind"], first["name"], first["file"], first["line"]) == (
        "question-removed", "breaks", "age", "old.pim", 12,
    )  # fmt: skip


def test_markdown_is_a_page_with_tables(forms: Path, capsys) -> None:
    Path("new.pim").write_text(NEW.replace("How old are you?", "How old | <b> are you?"), encoding="utf-8")
    out = run(capsys, "diff", "old.pim", "new.pim", "--format", "markdown")[1]
    assert out.startswith("# What changed from old.pim to new.pim\n\n1 change that breaks data")
    assert "| Question gone: `age`. |" in out
    assert "How old \\| &lt;b&gt; are you?" in out


def test_a_rename_map_beside_the_new_form_is_read(forms: Path, capsys) -> None:
    Path("new.renames.csv").write_text("old,new\nage,years\n", encoding="utf-8")
    assert "the question `age` is now called `years`" in run(capsys, "diff", "old.pim", "new.pim")[1]


def test_a_map_that_does_not_hold_is_a_message_with_its_line(forms: Path, capsys) -> None:
    Path("map.csv").write_text("old,new\nage,yeers\n", encoding="utf-8")
    code, out, _ = run(capsys, "diff", "old.pim", "new.pim", "--renames", "map.csv")
    assert code == 1
    assert "error[PF602]: `yeers` is not in the new form" in out
    assert "--> map.csv:2:1" in out
    assert "did you mean `years`?" in out


def test_a_form_with_errors_is_not_compared(forms: Path, capsys) -> None:
    Path("new.pim").write_text(CLEAN + "ask more integer How many more?\n", encoding="utf-8")
    code, out, _ = run(capsys, "diff", "old.pim", "new.pim")
    assert code == 1
    assert "error[PF" in out
    assert "question gone" not in out


def test_a_form_that_only_breaks_a_rule_is_compared(forms: Path, capsys) -> None:
    Path("new.pim").write_text(NEW.replace('  contact      "Desk, block C, free line 555"\n', ""), encoding="utf-8")
    assert run(capsys, "check", "new.pim", *DAY)[0] == 1
    assert run(capsys, "diff", "old.pim", "new.pim")[0] == 0


@pytest.mark.parametrize(
    ("old", "message"),
    [
        ("absent.pim", "there is no such file"),
        ("absent.xlsx", "there is no such file"),
        ("folder.xlsx", "this is a folder, not a workbook"),
        ("text.xlsx", "this is not an .xlsx workbook"),
        ("broken.xlsx", "this is not an .xlsx workbook"),
        ("old.xls", "this is an old .xls workbook, or one with a password"),
        ("new.pim", "are the same file"),
        ("./new.pim", "are the same file"),
    ],
)
def test_bad_input_is_one_message(forms: Path, capsys, old: str, message: str) -> None:
    Path("folder.xlsx").mkdir()
    Path("text.xlsx").write_text("no workbook", encoding="utf-8")
    Path("broken.xlsx").write_bytes(b"PK\x03\x04 and then nothing")
    Path("old.xls").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    code, out, err = run(capsys, "diff", old, "new.pim")
    assert (code, out) == (2, "")
    assert message in err
    assert "fix" in err


def test_a_workbook_that_is_no_form_is_named_so(forms: Path, capsys) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook("plan.xlsx") as book:
        book.add_worksheet("budget").write_string(0, 0, "x")
    code, _, err = run(capsys, "diff", "plan.xlsx", "new.pim")
    assert code == 2
    assert "no questions in a sheet called `survey`" in err


def test_the_old_form_may_come_from_standard_input(forms: Path, capsys, monkeypatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(CLEAN))
    assert "<stdin>:12: question gone: `age`" in run(capsys, "diff", "-", "new.pim")[1]


def test_long_lists_are_cut_unless_all_is_asked_for(forms: Path, capsys) -> None:
    asks = "".join(f'ask q{n} integer "Question number {n}?"\n' for n in range(80))
    Path("long.pim").write_text(CLEAN + asks, encoding="utf-8")
    out = run(capsys, "diff", "old.pim", "long.pim")[1]
    assert "--show-all shows them" in out
    assert "`q79`" in run(capsys, "diff", "old.pim", "long.pim", "--show-all")[1]


def test_long_forms_give_the_same_report_in_two_processes(forms: Path, monkeypatch) -> None:
    asks = "".join(f'ask q{n} integer "Question number {n}?"\n' for n in range(40))
    Path("old.pim").write_text(CLEAN + asks, encoding="utf-8")
    Path("new.pim").write_text(NEW + asks.replace("q7 ", "q7b "), encoding="utf-8")
    here = process("diff", "old.pim", "new.pim", folder=forms)
    monkeypatch.setattr(apart, "WORTH", 0)
    monkeypatch.setattr(apart, "_free_processors", lambda: 4)
    assert apart.is_worth_it("old.pim", "new.pim")
    other = apart.start("old.pim")
    assert other is not None
    try:
        there = other.snapshot()
        assert there is not None
        assert (there.name, "q7" in there.entries, "age" in there.entries) == ("old.pim", True, True)
        assert other.woven() is not None
    finally:
        other.end()
    code = main(["diff", "old.pim", "new.pim"])
    assert (code, here.returncode) == (0, 0)


def test_a_form_that_another_process_cannot_read_is_reported_here(forms: Path, capsys, monkeypatch) -> None:
    Path("old.pim").write_text(CLEAN + "ask more integer How many?\n", encoding="utf-8")
    monkeypatch.setattr(apart, "WORTH", 0)
    monkeypatch.setattr(apart, "_free_processors", lambda: 4)
    code, out, _ = run(capsys, "diff", "old.pim", "new.pim")
    assert code == 1
    assert "old.pim:13" in out


def test_nothing_heavy_is_loaded_for_two_texts(forms: Path) -> None:
    program = (
        "import sys; from pimforms.cli.main import main; main(['diff', 'old.pim', 'new.pim']);"
        "heavy = {'pyxform', 'openpyxl', 'python_calamine', 'requests', 'jinja2', 'xlsxwriter', 'z3', 'pimforms.rules'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the collection of workbooks is not here")
def test_workbooks_that_others_made_are_compared(capsys) -> None:
    books = sorted(path for path in CORPUS.iterdir() if path.suffix in (".xlsx", ".xlsm"))
    assert len(books) > 40
    for old, new in pairwise(books):
        code, out, err = run(capsys, "diff", str(old), str(new))
        assert code in (0, 2), (old.name, new.name)
        assert out.startswith("from ") if code == 0 else err.count("error") == 1, (old.name, new.name, err)


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the collection of workbooks is not here")
def test_workbooks_that_others_made_do_not_differ_from_themselves(tmp_path: Path, capsys) -> None:
    for book in sorted(path for path in CORPUS.iterdir() if path.suffix == ".xlsx"):
        again = tmp_path / "again.xlsx"
        again.write_bytes(book.read_bytes())
        code, out, _ = run(capsys, "diff", str(book), str(again))
        assert code == 2 or "no difference" in out, book.name
