"""Whatever goes wrong: one clear message, the number 2, and no traceback."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from cli_helpers import BROKEN, CLEAN, process, run

from pimforms.cli import check
from pimforms.source import MAX_BYTES


def one_message(err: str) -> str:
    """The message; there is one, it is short, and it is no traceback."""
    assert "Traceback" not in err
    first, *rest = err.splitlines()
    assert first.startswith("error: ")
    assert all(line.startswith("  = fix: ") for line in rest) and len(rest) <= 1
    return first


UNREADABLE = {
    "empty": (b"", "is empty"),
    "only blanks": (b" \n\t\n", "is empty"),
    "a picture": (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "binary"),
    "a workbook": (b"PK\x03\x04\x14\x00", "workbook"),
    "a compressed file": (bytes(range(1, 256)) * 4, "binary"),
    "cut in a letter": ('form a "é'.encode()[:-1], "cut off"),
    "another encoding": ('form a "Été"'.encode("cp1252"), "Windows-1252"),
    "too large": (b"#" * (MAX_BYTES + 1), "more than 20 MB"),
}


@pytest.mark.parametrize("command", ["check", "compile", "show"])
@pytest.mark.parametrize("name", UNREADABLE)
def test_an_unreadable_file(name: str, command: str, tmp_path: Path, capsys, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    data, said = UNREADABLE[name]
    Path("form.pim").write_bytes(data)
    code, out, err = run(capsys, command, "form.pim")
    assert code == 2
    assert said in one_message(err)
    assert out in ("", "no errors and no warnings in 0 files\n")


@pytest.mark.parametrize("command", ["check", "compile", "fmt", "show"])
def test_a_folder_and_a_missing_file(command: str, tmp_path: Path, capsys, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("folder.pim").mkdir()
    for name, said in (("folder.pim", "folder"), ("missing.pim", "no such file"), ("a\0b.pim", "cannot be read")):
        code, _, err = run(capsys, command, name)
        assert code == 2
        assert said in one_message(err)


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="needs a user who may be refused")
def test_a_file_that_may_not_be_read(tmp_path: Path, capsys) -> None:
    path = tmp_path / "form.pim"
    path.write_text(CLEAN, encoding="utf-8")
    path.chmod(0)
    code, _, err = run(capsys, "check", str(path))
    assert code == 2
    assert "may not read" in one_message(err)


def test_a_missing_module_of_the_library(tmp_path: Path, capsys) -> None:
    path = tmp_path / "form.pim"
    path.write_text(CLEAN + "use no_such_module\n", encoding="utf-8")
    code, out, err = run(capsys, "check", str(path))
    assert code in (1, 2)
    assert "no_such_module" in out + err and "Traceback" not in err


def test_a_fault_of_ours_is_one_sentence(tmp_path: Path, capsys, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise KeyError("something\nlong")

    monkeypatch.delenv("PIMFORMS_TRACEBACK", raising=False)
    monkeypatch.setattr(check.inputs, "check", fail)
    code, _, err = run(capsys, "check", "form.pim")
    assert code == 2
    assert "this is not the fault of your form (KeyError: 'something\\nlong' at test_cli_trouble.py:" in one_message(
        err
    )
    assert "please report" in err


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (KeyboardInterrupt(), "stopped"),
        (OSError(28, "No space left on device"), "No space left on device"),
        (RecursionError(), "nested too deeply"),
        (MemoryError(), "not enough memory"),
    ],
)
def test_what_the_computer_does(error: BaseException, said: str, capsys, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(check.inputs, "check", fail)
    code, _, err = run(capsys, "check", "form.pim")
    assert code == 2
    assert said in one_message(err)


def test_wrong_use(capsys) -> None:
    assert run(capsys)[0] == 2
    assert run(capsys, "chekc", "x.pim")[0] == 2
    assert run(capsys, "check")[0] == 2
    assert run(capsys, "check", "x.pim", "--format", "xml")[0] == 2
    assert run(capsys, "--help")[0] == 0
    assert run(capsys, "--version")[1].startswith("pimforms ")


@pytest.mark.parametrize("command", ["check", "compile", "fmt", "new", "show", "rules"])
def test_every_command_has_help(command: str, capsys) -> None:
    code, out, _ = run(capsys, command, "--help")
    assert code == 0
    assert out.startswith(f"usage: pimforms {command}")


def test_a_console_of_the_western_world_survives_arabic(tmp_path: Path) -> None:
    (tmp_path / "form.pim").write_text(BROKEN.replace("How many more?", "كم العدد؟"), encoding="utf-8")
    ended = process("check", "form.pim", folder=tmp_path, env={"PYTHONIOENCODING": "cp1252"})
    assert ended.returncode == 1
    assert ended.stderr == b""
    assert b"\\u0643\\u0645" in ended.stdout
    assert ended.stdout.rstrip().endswith(b"1 error in form.pim")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk(tmp_path: Path) -> None:
    (tmp_path / "form.pim").write_text(BROKEN, encoding="utf-8")
    import subprocess

    with Path("/dev/full").open("wb") as full:
        ended = process("check", "form.pim", folder=tmp_path, capture_output=False, stdout=full, stderr=subprocess.PIPE)
    assert ended.returncode == 2
    assert "cannot write the output (No space left" in one_message(ended.stderr.decode())


@pytest.mark.skipif(sys.platform == "win32", reason="needs a limit on the size of files")
@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (("new", "mine"), "cannot write mine.pim"),
        (("fmt", "form.pim"), "form.pim: cannot write the file (File too large)"),
    ],
)
def test_a_file_that_does_not_fit_on_the_disk(argv: tuple[str, ...], said: str, tmp_path: Path) -> None:
    import resource

    before = BROKEN.replace("  organisation", "     organisation")
    (tmp_path / "form.pim").write_text(before, encoding="utf-8")
    limit = (100, 100)
    env = {"PYTHONDONTWRITEBYTECODE": "1"}  # else it leaves half a module in __pycache__, which breaks every later run
    ended = process(
        *argv, folder=tmp_path, env=env, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, limit)
    )
    assert ended.returncode == 2
    assert said in one_message(ended.stderr.decode())
    assert [file.name for file in tmp_path.iterdir()] == ["form.pim"]
    assert (tmp_path / "form.pim").read_text(encoding="utf-8") == before


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pipe whose reader has gone")
def test_a_reader_that_stops(tmp_path: Path) -> None:
    import subprocess

    (tmp_path / "form.pim").write_text(BROKEN, encoding="utf-8")
    reader, writer = os.pipe()
    os.close(reader)
    ended = process("check", "form.pim", folder=tmp_path, capture_output=False, stdout=writer, stderr=subprocess.PIPE)
    os.close(writer)
    assert ended.returncode == 2
    assert ended.stderr == b"", "`| head` is no mistake"
