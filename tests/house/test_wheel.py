"""The wheel carries the grammar and the library: it works in an empty environment, far from the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

from conftest import ROOT


def run(command: list[str], **more: object) -> subprocess.CompletedProcess[str]:
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=environment, **more)  # type: ignore[call-overload]
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}\n{done.stderr}"
    return done


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    run([sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(folder), str(ROOT)])
    return next(folder.glob("*.whl"))


def test_the_wheel_carries_grammar_and_library(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    data = [path for folder in ("grammar", "form_library") for path in (ROOT / folder).rglob("*") if path.is_file()]
    assert data
    assert {f"pimforms/data/{path.relative_to(ROOT).as_posix()}" for path in data} <= names
    assert {"pimforms/standards/tables.json", "pimforms/syntax/tables.json"} <= names


def test_the_wheel_compiles_an_example_in_an_empty_environment(wheel: Path, tmp_path: Path) -> None:
    place = tmp_path / "empty"
    venv.create(place, with_pip=True)
    scripts = place / ("Scripts" if os.name == "nt" else "bin")
    run([str(scripts / "python"), "-m", "pip", "install", "--quiet", str(wheel)])
    form = ROOT / "examples" / "f1_core" / "f1_core.pim"
    book = tmp_path / "f1_core.xlsx"
    run([str(scripts / "pimforms"), "compile", str(form), "-o", str(book), "--no-gate"], cwd=tmp_path)
    assert zipfile.ZipFile(book).testzip() is None
    where = run([str(scripts / "python"), "-c", "import pimforms; print(pimforms.__file__)"], cwd=tmp_path).stdout
    assert str(place) in where
