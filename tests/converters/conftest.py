"""Everything that compiles, compiled once and converted once by each pyxform."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent / "xlsform")]

from compiled_forms import compile_all  # noqa: E402
from environments import SECONDS, VERSIONS, NoEnvironment, python_of  # noqa: E402


@dataclass(frozen=True)
class Conversion:
    """What one pyxform made of one workbook. `xform` is there if `error` is None."""

    form: str
    pyxform: str
    warnings: tuple[str, ...]
    error: str | None
    xform: Path


@pytest.fixture(scope="session")
def workbooks(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The workbook of each form, by name."""
    return compile_all(tmp_path_factory.mktemp("workbooks"))


@pytest.fixture(scope="session", params=list(VERSIONS))
def conversions(
    request: pytest.FixtureRequest, workbooks: Mapping[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Conversion, ...]:
    """Every workbook through one pyxform, in one process."""
    version: str = request.param
    try:
        python = python_of(version)
    except NoEnvironment as error:
        pytest.fail(str(error), pytrace=False)
    out = tmp_path_factory.mktemp(f"xforms-{version}")
    wanted = {str(path): str(out / f"{name}.xml") for name, path in workbooks.items()}
    done = subprocess.run(
        [str(python), str(HERE / "worker.py")],
        input=json.dumps(wanted),
        capture_output=True,
        encoding="utf-8",
        timeout=SECONDS,
        check=False,
    )
    assert done.returncode == 0, f"pyxform {version} stopped:\n{done.stderr[-3000:]}"
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    names = {str(path): name for name, path in workbooks.items()}
    return tuple(
        Conversion(
            names[line["workbook"]],
            line["pyxform"],
            tuple(line["warnings"]),
            line["error"],
            Path(wanted[line["workbook"]]),
        )
        for line in lines
    )
