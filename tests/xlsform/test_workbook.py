"""Rows to a file and back: the same bytes everywhere, nothing changed on the way, and never half a file."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from xlsform_forms import HERE, ask, group, note, place, sheets

from pimforms.xlsform import workbook
from pimforms.xlsform.read import CannotRead, read
from pimforms.xlsform.rows import Row, Sheets, plain
from pimforms.xlsform.workbook import CannotWrite, to_bytes, write

SMALL = sheets(group("g", ask("a"), note("n", "bye", origin="PIM408"), label="G"))

# ---- what is read back

_CHARACTERS = st.characters(codec="utf-8", exclude_categories=["Cc", "Cn", "Cs"], include_characters="\n\t")
_TEXTS = st.text(_CHARACTERS, min_size=1, max_size=20) | st.sampled_from(
    ["=1+1", "{=1}", "http://a.org", "mailto:a@b.org", "internal:Sheet!A1", "12", "1e5", "-99", "+1", "@x", "TRUE",
     " a ", "a\nb", "_x0041_", "'a", "<b>&amp;</b>", "2026-11-22", "NaN", "\u200fمرحبا", "#N/A"]
)  # fmt: skip
_COLUMNS = ("type", "name", "label::English (en)", "relevant")


@st.composite
def _rows(draw: Any, columns: tuple[str, ...]) -> tuple[Row, ...]:
    lines = draw(st.lists(st.dictionaries(st.sampled_from(columns), _TEXTS, min_size=1), max_size=6))
    return tuple(Row(line, HERE) for line in lines)


@settings(max_examples=60, deadline=None)
@given(survey=_rows(_COLUMNS), choices=_rows(("list_name", "name")), title=_TEXTS)
def test_reading_back_gives_the_same_rows(
    tmp_path_factory: pytest.TempPathFactory, survey: tuple[Row, ...], choices: tuple[Row, ...], title: str
) -> None:
    made = Sheets(_COLUMNS, survey, ("list_name", "name"), choices, {"form_title": title, "version": "2026.10"})
    path = tmp_path_factory.mktemp("book") / "form.xlsx"
    write(made, path)
    assert plain(read(path)) == plain(made)


def test_what_looks_like_a_formula_a_link_or_a_number_stays_text(tmp_path: Path) -> None:
    from openpyxl import load_workbook

    texts = ("=1+1", "http://a.org", "2026.10", "-99", "TRUE")
    made = Sheets(("name",), tuple(Row({"name": each}, HERE) for each in texts), (), (), {})
    write(made, tmp_path / "a.xlsx")
    sheet = load_workbook(tmp_path / "a.xlsx")["survey"]
    assert [(cell.value, cell.data_type, cell.hyperlink) for (cell,) in sheet.iter_rows(min_row=2)] == [
        (each, "s", None) for each in texts
    ]


@pytest.mark.parametrize("content", [b"", b"text", b"PK\x03\x04broken"])
def test_a_file_that_is_no_workbook_is_named_so(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    with pytest.raises(CannotRead, match=r"a\.xlsx"):
        read(path)
    with pytest.raises(CannotRead, match="no such file"):
        read(tmp_path / "absent.xlsx")


# ---- the bytes


def test_the_same_rows_give_the_same_bytes_and_fixed_times_everywhere() -> None:
    first, second = to_bytes(SMALL), to_bytes(SMALL)
    assert first == second
    with zipfile.ZipFile(BytesIO(first)) as parts:
        for part in parts.infolist():
            assert part.date_time == (1980, 1, 1, 0, 0, 0)
            assert part.create_system == 3
            assert part.compress_type == zipfile.ZIP_STORED
        core = parts.read("docProps/core.xml").decode()
    assert core.count("2000-01-01T00:00:00Z") == 2
    assert "creator></" in core.replace(" ", "")


def test_the_time_zone_and_the_clock_do_not_matter(tmp_path: Path) -> None:
    code = (
        f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r})\n"
        "from xlsform_forms import *\nfrom pimforms.xlsform.workbook import to_bytes\n"
        "sys.stdout.buffer.write(to_bytes(sheets(ask('a'))))"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "TZ": zone, "LC_ALL": "C", "TMPDIR": str(tmp_path), "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for zone, seed in (("Pacific/Apia", "1"), ("UTC", "2"))
    }
    assert found == {to_bytes(sheets(ask("a")))}


def test_the_header_is_frozen_groups_and_generated_rows_are_tinted_and_nothing_is_commented(tmp_path: Path) -> None:
    from openpyxl import load_workbook

    write(SMALL, tmp_path / "a.xlsx")
    book = load_workbook(tmp_path / "a.xlsx")
    assert book.sheetnames == ["survey", "choices", "settings"]
    sheet = book["survey"]
    assert sheet.freeze_panes == "A2"
    assert not sheet.sheet_view.rightToLeft
    tints = [sheet.cell(row, 1).fill.fgColor.rgb for row in range(2, 6)]
    assert tints[0] == tints[1] == tints[3] != tints[2] == "FFFFF4DC"
    assert not any("comment" in part for part in zipfile.ZipFile(tmp_path / "a.xlsx").namelist())


# ---- writing


def test_a_new_file_replaces_the_old_one_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"old")
    write(SMALL, path)
    assert path.read_bytes() == to_bytes(SMALL)
    assert names(tmp_path) == ["a.xlsx"]


@pytest.mark.skipif(os.name == "nt", reason="rights and links of POSIX")
def test_a_new_file_has_the_rights_of_any_new_file_and_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "plain").touch()
    (tmp_path / "real").mkdir()
    (tmp_path / "a.xlsx").symlink_to(tmp_path / "real" / "a.xlsx")
    write(SMALL, tmp_path / "a.xlsx")
    assert (tmp_path / "a.xlsx").is_symlink()
    assert stat.S_IMODE((tmp_path / "real" / "a.xlsx").stat().st_mode) == stat.S_IMODE(
        (tmp_path / "plain").stat().st_mode
    )


def names(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def _refused(tmp_path: Path, path: Path, old: bytes | None, message: str) -> CannotWrite:
    with pytest.raises(CannotWrite, match=message) as caught:
        write(SMALL, path)
    assert caught.value.fix
    if old is not None:
        assert path.read_bytes() == old
    assert not [name for name in names(tmp_path) if name.endswith(".part")]
    return caught.value


def test_a_missing_folder_a_folder_as_name_and_a_file_as_folder_are_named_so(tmp_path: Path) -> None:
    _refused(tmp_path, tmp_path / "no" / "a.xlsx", None, "no such folder")
    (tmp_path / "dir.xlsx").mkdir()
    _refused(tmp_path, tmp_path / "dir.xlsx", None, "a folder or a device")
    (tmp_path / "file").write_text("x")
    _refused(tmp_path, tmp_path / "file" / "a.xlsx", None, "not a folder")


@pytest.mark.parametrize(
    ("number", "message"),
    [(errno.ENOSPC, "No space left"), (errno.EROFS, "Read-only"), (errno.EIO, "did not take")],
)
def test_a_full_or_broken_disk_leaves_the_old_file_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, message: str
) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"old")

    def full(_: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(workbook.os, "fsync", full)
    _refused(tmp_path, path, b"old", message)


def test_a_file_that_another_program_holds_stays_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"old")

    def held(self: Path, _: Path) -> None:
        raise PermissionError(errno.EACCES, "The process cannot access the file")

    monkeypatch.setattr(Path, "replace", held)
    assert "close the file in Excel" in _refused(tmp_path, path, b"old", "may not be written").fix


def test_a_folder_without_rights_is_named_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def closed(*_: object) -> int:  # root may write everywhere, so the rights are played
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr(workbook.os, "open", closed)
    (tmp_path / "a.xlsx").write_bytes(b"old")
    _refused(tmp_path, tmp_path / "a.xlsx", b"old", "may not be written")


@pytest.mark.skipif(os.name == "nt", reason="limits of POSIX")
def test_a_disk_that_is_really_full_leaves_the_old_file_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"old")
    code = (
        "import resource, signal, sys\n"
        f"sys.path.insert(0, {str(Path(__file__).parent)!r})\n"
        "from xlsform_forms import *\nfrom pimforms.xlsform.workbook import CannotWrite, write\n"
        "made = sheets(ask('a'))\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))\n"
        "try:\n    write(made, sys.argv[1])\nexcept CannotWrite as error:\n    print('said', error.message)\n"
    )
    done = subprocess.run([sys.executable, "-B", "-c", code, str(path)], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("said the disk did not take the file")
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["a.xlsx"]


def test_a_text_that_no_cell_can_hold_is_refused_with_its_place(tmp_path: Path) -> None:
    made = Sheets(("name", "relevant"), (Row({"name": "q", "relevant": "x" * 32_768}, place(7)),), (), (), {})
    with pytest.raises(CannotWrite, match="the relevant of `q` has 32768 characters") as caught:
        write(made, tmp_path / "a.xlsx")
    assert "form.pim:7" in caught.value.fix
    assert names(tmp_path) == []
