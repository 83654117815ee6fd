"""`compile` of a form with `split contact`: two workbooks or none."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from cli_helpers import DAY, run

from conftest import ROOT
from pimforms.xlsform.read import read

FORMS = ROOT / "tests" / "protect" / "forms"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("split.pim", "office.pem", "team.csv"):
        shutil.copy(FORMS / name, tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def workbooks(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.suffix == ".xlsx")


@pytest.mark.parametrize("options", [(), ("--no-gate",)])
def test_both_are_written_and_named(options: tuple[str, ...], folder: Path, capsys) -> None:
    code, out, _ = run(capsys, "compile", "split.pim", "-o", "out.xlsx", *options, *DAY)
    assert code == 0
    assert workbooks(folder) == ["out-contact.xlsx", "out.xlsx"]
    assert "wrote out.xlsx (encrypted" in out and "wrote out-contact.xlsx (encrypted: no table" in out
    assert read(folder / "out-contact.xlsx").settings["form_id"] == "split_contact"


def test_if_one_cannot_be_written_neither_is(folder: Path, capsys, monkeypatch: pytest.MonkeyPatch) -> None:
    from pimforms.xlsform import gate, gate_messages

    def refuses(sheets, place, **_):
        wrong = sheets.settings["form_id"].endswith("_contact")
        return (gate_messages.pyxform_refuses(place, "no"),) if wrong else ()

    monkeypatch.setattr(gate, "pass_gate", refuses)
    assert run(capsys, "compile", "split.pim", "-o", "out.xlsx", *DAY)[0] == 1
    assert workbooks(folder) == []


def test_where_one_cannot_stand_neither_is_written(folder: Path, capsys) -> None:
    (folder / "out-contact.xlsx").mkdir()
    code, _, err = run(capsys, "compile", "split.pim", "-o", "out.xlsx", *DAY)
    assert code == 2 and "out-contact.xlsx: this is a folder" in err
    assert not (folder / "out.xlsx").exists()


def test_show_reads_the_consent_of_both_forms_and_finds_a_row_in_either(folder: Path, capsys) -> None:
    code, out, _ = run(capsys, "show", "split.pim", "consent", *DAY)
    assert code == 0 and "in a separate, locked form" in out
    assert out.index("in a separate, locked form") < out.index("[en: the contact form]")
    assert run(capsys, "show", "split.pim", "phone2", *DAY)[1].startswith("in the contact form:\n")
