"""Forms for the tests of the commands, and how to run one."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import ROOT
from pimforms.cli.main import main

CLEAN = """\
form desk "Service desk"
  organisation "Relief"
  category     sectoral
  population   "People in block C"
  contact      "Desk, block C, free line 555"

purpose services "Better services"
  need          "Which services people miss"
  tell people   "make services better"
  decide        "Which services are opened" by "Service group"

ask age integer "How old are you?"
"""
BROKEN = CLEAN + "ask more integer How many more?\n"
DAY = ("--today", "2026-11-22")


def run(capsys: pytest.CaptureFixture[str], *argv: str) -> tuple[int, str, str]:
    """The number that a command ends with, and what it wrote."""
    code = main(argv)
    out, err = capsys.readouterr()
    return code, out, err


def process(
    *argv: str, folder: Path, env: dict[str, str] | None = None, **kwargs
) -> subprocess.CompletedProcess[bytes]:
    """A command in a process of its own, with only these variables beside what Python needs."""
    kept = {key: value for key, value in os.environ.items() if key in ("PATH", "SYSTEMROOT", "TEMP", "TMP", "HOME")}
    whole = {**kept, "PYTHONPATH": str(ROOT / "src"), **(env or {})}
    kwargs.setdefault("capture_output", True)
    return subprocess.run(
        [sys.executable, "-m", "pimforms", *argv], cwd=folder, env=whole, timeout=120, check=False, **kwargs
    )
