"""Finding and reading the data that travels with pimforms: the grammar and the form library.

In an installed wheel they are package data; in a checkout (also an editable install) they lie beside `src`.

Reading TOML is slow, and a check needs two dozen tables of it: `python -m pimforms.standards.data` keeps them as JSON in
`tables.json`. A checksum of each tells when it is stale, and then the TOML is read, so that an edited table works at once.
"""

from __future__ import annotations

import json
import sys
import zlib
from functools import cache
from pathlib import Path
from typing import Any

_PACKAGE = Path(__file__).resolve().parent.parent
STORED = Path(__file__).with_name("tables.json")


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
    if not toml.is_file():
        found: dict[str, Any] = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
        return found
    written = _written(toml)
    checksum, kept = _stored().get(name, (None, ""))
    if checksum == zlib.crc32(written):
        found = json.loads(kept)
        return found
    return _parsed(written)


def read_toml(path: Path) -> dict[str, Any]:
    return _parsed(_written(path))


def _written(path: Path) -> bytes:
    """With `\\n` line ends, so that a checkout on Windows has the same checksum."""
    return path.read_bytes().replace(b"\r\n", b"\n")


def _parsed(written: bytes) -> dict[str, Any]:
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    return tomllib.loads(written.decode("utf-8"))


@cache
def _stored() -> dict[str, tuple[int, str]]:
    try:
        stored: dict[str, tuple[int, str]] = json.loads(STORED.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stored


def built() -> str:
    """What `tables.json` should hold: for each table its checksum, and its content as JSON."""
    files = sorted(data_path("form_library", "standards").glob("*.toml"))
    kept = {}
    for file in files:
        written = _written(file)
        kept[file.stem] = (zlib.crc32(written), json.dumps(_parsed(written), ensure_ascii=False, separators=(",", ":")))
    return json.dumps(kept, ensure_ascii=False, indent=0) + "\n"


if __name__ == "__main__":
    STORED.write_text(built(), encoding="utf-8", newline="\n")
