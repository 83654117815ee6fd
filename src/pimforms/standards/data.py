"""Finding and reading the data that travels with pimforms: the grammar and the form library.

In an installed wheel they are package data; in a checkout (also an editable install) they lie beside `src`.
"""

from __future__ import annotations

import json
import sys
from functools import cache
from pathlib import Path
from typing import Any

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

_PACKAGE = Path(__file__).resolve().parent.parent


def data_path(*parts: str) -> Path:
    """Where a file or folder of the grammar or the form library is: `data_path("form_library", "modules")`."""
    packaged = _PACKAGE / "data"
    base = packaged if packaged.is_dir() else _PACKAGE.parent.parent
    return base.joinpath(*parts)


@cache
def table(name: str) -> dict[str, Any]:
    """A table of the standards, by file name without ending: `table("topics")`. TOML, or JSON where it is generated."""
    folder = data_path("form_library", "standards")
    toml = folder / f"{name}.toml"
    if toml.is_file():
        with toml.open("rb") as file:
            return tomllib.load(file)
    found: dict[str, Any] = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    return found


def read_toml(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        return tomllib.load(file)
