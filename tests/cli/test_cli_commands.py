"""compile, fmt, new, show and rules."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest
from cli_helpers import BROKEN, CLEAN, DAY, process, run

from conftest import ROOT
from pimforms.cli import fmt
from pimforms.cli.new import STARTER
from pimforms.source import Source
from pimforms.syntax.format import format_text

UNTIDY = CLEAN.replace("  organisation ", "\torganization   ").replace("\n", "\r\n")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "clean.pim").write_text(CLEAN, encoding="utf-8", newline="\n")
    (tmp_path / "broken.pim").write_text(BROKEN, encoding="utf-8", newline="\n")
    (tmp_path / "untidy.pim").write_bytes(UNTIDY.encode())
    return tmp_path


# ---- compile


def test_compile_writes_the_same_workbook_each_time(capsys) -> None:
    code, out, err = run(capsys, "compile", "clean.pim", "-o", "one.xlsx", "--no-gate", *DAY)
    assert (code, err) == (0, "")
    assert out == "no errors and no warnings in clean.pim\nwrote one.xlsx\n"
    assert run(capsys, "compile", "clean.pim", "--no-gate", *DAY)[0] == 0
    assert Path("one.xlsx").read_bytes() == Path("clean.xlsx").read_bytes()


def test_compile_passes_the_last_gate(capsys, monkeypatch: pytest.MonkeyPatch) -> None:
    from pimforms.xlsform import gate

    asked = []
    monkeypatch.setattr(gate, "pass_gate", lambda *given, **named: asked.append(named) or ())
    assert run(capsys, "compile", "clean.pim", *DAY)[0] == 0
    assert len(asked) == 1
    assert sorted(path.name for path in Path().iterdir()) == ["broken.pim", "clean.pim", "clean.xlsx", "untidy.pim"]


def test_what_the_last_gate_refuses_is_not_written(capsys, monkeypatch: pytest.MonkeyPatch) -> None:
    from pimforms.xlsform import gate, gate_messages

    Path("clean.xlsx").write_bytes(b"an older one")
    monkeypatch.setattr(gate, "pass_gate", lambda sheets, place, **_: (gate_messages.pyxform_refuses(place, "no"),))
    code, out, _ = run(capsys, "compile", "clean.pim", *DAY)
    assert code == 1
    assert "PF901" in out
    assert Path("clean.xlsx").read_bytes() == b"an older one"
    assert not list(Path().glob(".*"))


def test_a_form_with_errors_is_not_written(capsys) -> None:
    code, out, _ = run(capsys, "compile", "broken.pim", "-o", "out.xlsx", *DAY)
    assert code == 1
    assert "PF001" in out
    assert not Path("out.xlsx").exists()


@pytest.mark.parametrize("output", ["out.csv", "folder.xlsx", "missing/out.xlsx"])
def test_compile_cannot_write_there(output: str, capsys) -> None:
    Path("folder.xlsx").mkdir()
    code, _, err = run(capsys, "compile", "clean.pim", "-o", output, "--no-gate", *DAY)
    assert code == 2
    assert err.startswith(f"error: {output}: ")
    assert "Traceback" not in err


# ---- fmt


def test_a_read_only_workbook_stays_as_it_is(capsys) -> None:
    kept = Path("desk.xlsx")
    kept.write_bytes(b"kept")
    kept.chmod(0o444)
    code, out, err = run(capsys, "compile", "clean.pim", "--no-gate", "-o", str(kept), *DAY)
    assert (code, out) == (2, "")
    assert "desk.xlsx: this file is read-only" in err
    assert kept.read_bytes() == b"kept"
    kept.chmod(0o644)
    assert [file.name for file in Path().iterdir() if file.name.startswith(".desk")] == []


def test_fmt_leaves_a_read_only_form_as_it_is(capsys) -> None:
    form = Path("kept.pim")
    form.write_text(BROKEN.replace("  organisation", "     organisation"), encoding="utf-8")
    before = form.read_bytes()
    form.chmod(0o444)
    code, _, err = run(capsys, "fmt", "kept.pim")
    assert (code, form.read_bytes()) == (2, before)
    assert "this file is read-only" in err
    form.chmod(0o644)


def test_fmt_writes_the_file_and_says_what_it_put_right(capsys) -> None:
    code, out, err = run(capsys, "fmt", "untidy.pim")
    assert (code, out) == (0, "")
    assert err == "untidy.pim:2:2: `organization` is now `organisation`\nchanged untidy.pim\n"
    assert Path("untidy.pim").read_bytes() == CLEAN.encode()
    assert run(capsys, "fmt", "untidy.pim") == (0, "", "")


def test_fmt_check_changes_nothing(capsys) -> None:
    assert run(capsys, "fmt", "--check", "clean.pim") == (0, "", "")
    code, _, err = run(capsys, "fmt", "--check", "untidy.pim", "clean.pim")
    assert code == 1
    assert "would change untidy.pim\n" in err
    assert Path("untidy.pim").read_bytes() == UNTIDY.encode()


def test_fmt_sees_line_ends_and_marks_too(capsys) -> None:
    Path("dos.pim").write_bytes(CLEAN.replace("\n", "\r\n").encode())
    Path("bom.pim").write_bytes(b"\xef\xbb\xbf" + CLEAN.encode())
    assert run(capsys, "fmt", "--check", "dos.pim")[0] == 1
    assert run(capsys, "fmt", "--check", "bom.pim")[0] == 1
    assert run(capsys, "fmt", "dos.pim", "bom.pim")[0] == 0
    assert Path("dos.pim").read_bytes() == Path("bom.pim").read_bytes() == CLEAN.encode()


def test_fmt_diff_shows_and_changes_nothing(capsys) -> None:
    code, out, _ = run(capsys, "fmt", "--diff", "untidy.pim")
    assert code == 0
    assert '-\torganization   "Relief"\n+  organisation "Relief"\n' in out
    assert Path("untidy.pim").read_bytes() == UNTIDY.encode()


def test_fmt_keeps_lines_that_are_not_understood(capsys) -> None:
    code, _, _ = run(capsys, "fmt", "broken.pim")
    assert code == 0
    assert Path("broken.pim").read_text(encoding="utf-8") == BROKEN
    Path("worse.pim").write_text("aks x\n", encoding="utf-8")
    assert "1 line was not understood and left as written" in run(capsys, "fmt", "worse.pim")[2]


def test_fmt_reads_standard_input(capsys, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(UNTIDY.encode("utf-16"))))
    code, out, err = run(capsys, "fmt", "-")
    assert (code, out) == (0, CLEAN)
    assert err == "<stdin>:2:2: `organization` is now `organisation`\n"


def test_fmt_never_writes_a_text_that_says_something_else(capsys, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fmt, "format_text", lambda source: ("draft\n", []))
    code, _, err = run(capsys, "fmt", "untidy.pim")
    assert code == 2
    assert "would change what it says" in err
    assert Path("untidy.pim").read_bytes() == UNTIDY.encode()


@pytest.mark.skipif(sys.platform == "win32", reason="needs links and modes")
def test_fmt_keeps_links_and_modes(capsys) -> None:
    Path("untidy.pim").chmod(0o640)
    Path("link.pim").symlink_to("untidy.pim")
    assert run(capsys, "fmt", "link.pim")[0] == 0
    assert Path("link.pim").is_symlink()
    assert Path("untidy.pim").stat().st_mode & 0o777 == 0o640
    assert Path("untidy.pim").read_bytes() == CLEAN.encode()


# ---- new


def test_new_writes_a_form_that_passes(capsys) -> None:
    code, out, _ = run(capsys, "new", "visit")
    assert (code, out) == (0, "wrote visit.pim\nnext: pimforms check visit.pim\n")
    code, out, _ = run(capsys, "check", "visit.pim", *DAY)
    assert (code, out.count("warning["), out.count("warning[PIM420]")) == (0, 2, 2)
    assert run(capsys, "fmt", "--check", "visit.pim")[0] == 0


def test_a_new_form_is_clean_once_it_is_filled_in(capsys) -> None:
    run(capsys, "new", "visit")
    text = Path("visit.pim").read_text(encoding="utf-8").replace("\ndraft\n", "\n")
    text = text.replace("the name of your organisation", "Relief").replace(
        "the desk and the free phone line where people can ask or complain", "the desk in block C, free line 555"
    )
    Path("visit.pim").write_text(text, encoding="utf-8")
    assert run(capsys, "check", "visit.pim", *DAY) == (0, "no errors and no warnings in visit.pim\n", "")
    assert "We are asking people here about services. We will" in run(capsys, "show", "visit.pim", "consent")[1]


def test_new_never_overwrites(capsys) -> None:
    code, _, err = run(capsys, "new", "clean")
    assert code == 2
    assert err.startswith("error: clean.pim is there already")
    assert Path("clean.pim").read_text(encoding="utf-8") == CLEAN


@pytest.mark.parametrize(("name", "fixed"), [("my form", "my_form"), ("2026", "form_2026"), ("visité-1", "visit_1")])
def test_new_says_what_name_would_do(name: str, fixed: str, capsys) -> None:
    code, _, err = run(capsys, "new", name)
    assert code == 2
    assert f"pimforms new {fixed}" in err


def test_the_starter_is_formatted() -> None:
    text = STARTER.format(name="visit")
    assert format_text(Source("visit.pim", text)) == (text, [])


# ---- show


def test_show_lists_what_was_added(capsys) -> None:
    code, out, _ = run(capsys, "show", "clean.pim", *DAY)
    assert code == 0
    assert out.startswith("rule ")
    assert "PIM401" in out and "pim_agree" in out
    assert " age" not in out


def test_show_one_row(capsys) -> None:
    code, out, _ = run(capsys, "show", "clean.pim", "age", *DAY)
    assert code == 0
    assert 'from clean.pim:12:5\n    ask age integer "How old are you?"\nbecause you wrote it\n' in out
    code, out, _ = run(capsys, "show", "clean.pim", "pim_agree", *DAY)
    assert code == 0
    assert "because PIM401: " in out


def test_show_consent(capsys) -> None:
    code, out, _ = run(capsys, "show", "clean.pim", "consent", *DAY)
    assert code == 0
    assert out.startswith("[en]\n")
    assert "Relief" in out and "make services better" in out and "free line 555" in out


def test_show_reads_the_consent_of_the_contact_form_and_finds_its_questions(capsys) -> None:
    split = str(ROOT / "tests" / "protect" / "forms" / "split.pim")
    code, out, _ = run(capsys, "show", split, "consent", *DAY)
    aside = out.partition("[en: the contact form]\n\n")[2]
    assert code == 0 and aside.startswith("Hello. My name is [your name].")
    assert "[fr: the contact form]" in aside and "May we keep your" in aside
    code, out, _ = run(capsys, "show", split, "phone", *DAY)
    assert code == 0 and out.startswith("in the contact form:\n\ntype: text\nname: phone\n")


def test_show_says_what_it_does_not_have(capsys) -> None:
    code, _, err = run(capsys, "show", "clean.pim", "agee", *DAY)
    assert code == 2
    assert err == "error: there is no row `agee`\n  = fix: did you mean `age`?\n"
    assert "did you mean `consent`?" in run(capsys, "show", "clean.pim", "consnt", *DAY)[2]
    assert run(capsys, "show", "broken.pim", *DAY)[0] == 1


# ---- rules


def test_rules(capsys) -> None:
    code, out, _ = run(capsys, "rules")
    assert code == 0
    assert out.startswith("PF001  error")
    code, page, _ = run(capsys, "rules", "pf003")
    assert code == 0
    assert page.startswith("# PF003 unknown-word\n")
    assert "## Good" in page
    assert run(capsys, "rules", "unknown-word")[1] == page
    assert run(capsys, "rules", "PIM999")[0] == 2


def test_python_m(tmp_path: Path) -> None:
    ended = process("check", "clean.pim", *DAY, folder=tmp_path)
    assert (ended.returncode, ended.stderr) == (0, b"")
    assert ended.stdout.decode().strip() == "no errors and no warnings in clean.pim"
