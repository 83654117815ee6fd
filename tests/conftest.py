"""Fixtures and small helpers that every test may use."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TODAY = datetime.date(2026, 11, 22)


def forms_in(folder: Path) -> list[Path]:
    """The forms below a folder, without the scenarios and country packs beside them."""
    return sorted(path for path in folder.rglob("*.pim") if not path.name.endswith((".test.pim", ".pack.pim")))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--rewrite", action="store_true", help="write golden files anew instead of comparing them")


@pytest.fixture
def golden(request: pytest.FixtureRequest):
    """Compares a text with a file that holds what is expected; `--rewrite` writes the file."""

    def compare(path: Path, text: str) -> None:
        if request.config.getoption("--rewrite"):
            path.write_text(text, encoding="utf-8", newline="\n")
        assert path.read_text(encoding="utf-8") == text, f"{path.name} differs; look, then run pytest --rewrite"

    return compare
