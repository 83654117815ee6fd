"""The house: a room imports only from rooms below it, and `check` carries nothing heavy."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import ROOT

PACKAGE = ROOT / "src" / "pimforms"
# From the ground up. `standards` stands beside `source`; `catalogue` and `docs` speak of everything below them.
FLOORS = (
    ("record",),
    ("source", "standards"),
    ("diagnostics", "model"),
    ("expressions", "syntax"),
    ("proofs",),
    ("rules", "protect"),
    ("resolve", "xlsform"),
    ("compiler", "engines", "compare"),
    ("servers",),
    ("catalogue", "publish"),
    ("docs",),
    ("cli",),
)
FLOOR = {room: number for number, rooms in enumerate(FLOORS) for room in rooms}
# `resolve` reads the tree and asks `expressions`; `rules` and `protect` know the model and never each other or the tree.
STRANGERS = {
    ("rules", "protect"), ("protect", "rules"), ("rules", "syntax"), ("protect", "syntax"), ("rules", "resolve"),
    ("protect", "resolve"), ("rules", "xlsform"), ("protect", "xlsform"), ("resolve", "xlsform"), ("xlsform", "resolve"),
    ("xlsform", "syntax"), ("expressions", "syntax"), ("resolve", "protect"), ("resolve", "rules"), ("xlsform", "rules"),
    ("xlsform", "protect"), ("proofs", "syntax"),
    ("servers", "syntax"), ("servers", "resolve"), ("servers", "rules"), ("servers", "protect"), ("servers", "xlsform"),
    ("servers", "compiler"), ("servers", "engines"),
}  # fmt: skip


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("pimforms"):
            names = [node.module] if node.module != "pimforms" else [f"pimforms.{alias.name}" for alias in node.names]
            found.update(name.split(".")[1] for name in names if name and "." in name)
        elif isinstance(node, ast.Import):
            found.update(alias.name.split(".")[1] for alias in node.names if alias.name.startswith("pimforms."))
    return found


FILES = sorted(path for path in PACKAGE.rglob("*.py") if path.name not in ("__init__.py", "__main__.py"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_room_imports_only_from_rooms_below_it(path: Path) -> None:
    room = room_of(path)
    for other in imports(path) & FLOOR.keys():
        assert FLOOR[other] <= FLOOR[room], f"{room} imports {other}, which stands above it"
        assert (room, other) not in STRANGERS, f"{room} must not know {other}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_file_is_longer_than_a_reader_can_hold(path: Path) -> None:
    """Pages of rules are prose, and are counted without it."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    prose = sum(
        len((ast.get_docstring(n) or "").splitlines()) for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)
    )
    assert len(path.read_text(encoding="utf-8").splitlines()) - prose <= 420


def test_check_loads_nothing_heavy() -> None:
    form = ROOT / "examples" / "controls" / "service_satisfaction.pim"
    program = (
        "import sys; from pimforms.cli.main import main; main(['check', sys.argv[1]]);"
        "heavy = {'pyxform', 'openpyxl', 'python_calamine', 'requests', 'jinja2', 'xlsxwriter', 'z3'} & set(sys.modules); print(sorted(heavy))"
    )
    run = subprocess.run([sys.executable, "-c", program, str(form)], capture_output=True, text=True, check=True)
    assert run.stdout.splitlines()[-1] == "[]"
