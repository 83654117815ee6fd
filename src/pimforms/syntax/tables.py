"""The parser, from tables made beforehand.

Building LALR tables costs half a second; reading them from `tables.json` a few milliseconds. They are JSON, because a
pickle runs code when it is read. `python -m pimforms.syntax.tables` writes them anew; a digest tells when they are stale,
and then they are built in memory, so that an edited grammar works at once.
"""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from lark import Lark
from lark.grammar import Rule
from lark.lexer import TerminalDef

from pimforms.standards.data import data_path
from pimforms.syntax.build import Builder
from pimforms.syntax.words import Keyword, read_keywords, terminals

TABLES = Path(__file__).with_name("tables.json")
_FILES = ("pimforms.lark", "keywords.toml")


def digest() -> str:
    """Of the grammar and the keywords, with `\\n` line ends, so that a checkout on Windows gives the same."""
    text = "\0".join(data_path("grammar", name).read_text(encoding="utf-8") for name in _FILES)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@lru_cache(maxsize=1)
def keywords() -> tuple[Keyword, ...]:
    stored = _stored()
    if stored is None:
        return read_keywords()
    return tuple(Keyword(**{**row, "under": tuple(row["under"]), "near": tuple(row["near"])}) for row in stored["keywords"])


@lru_cache(maxsize=1)
def parser() -> tuple[Lark, Builder]:
    """The parser and the builder it calls. Set `builder.source` before each parse."""
    builder = Builder()
    stored = _stored()
    if stored is None:
        return _build(builder), builder
    loaded: Lark = Lark._load_from_dict(  # type: ignore[no-untyped-call]  # the way Lark's own generated parsers load
        _with_whole_keys(stored["data"]), {int(key): value for key, value in stored["memo"].items()}, transformer=builder
    )
    return loaded, builder


@lru_cache(maxsize=1)
def _stored() -> dict[str, Any] | None:
    try:
        stored: dict[str, Any] = json.loads(TABLES.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return stored if stored.get("digest") == digest() else None


def _with_whole_keys(data: dict[str, Any]) -> dict[str, Any]:
    """JSON knows only text as keys; the parse table wants numbers."""
    table = data["parser"]["parser"]
    table["tokens"] = {int(key): value for key, value in table["tokens"].items()}
    table["states"] = {
        int(state): {int(token): tuple(action) for token, action in actions.items()}
        for state, actions in table["states"].items()
    }
    return data


def _build(builder: Builder | None) -> Lark:
    grammar = data_path("grammar", "pimforms.lark").read_text(encoding="utf-8")
    return Lark(f"{grammar}\n{terminals(read_keywords())}\n", parser="lalr", lexer="contextual", transformer=builder)


def write() -> None:
    """Writes `tables.json` from the grammar and the keywords."""
    data, memo = _build(None).memo_serialize([TerminalDef, Rule])
    rows = [{slot: getattr(keyword, slot) for slot in Keyword.__slots__} for keyword in read_keywords()]
    stored = {"digest": digest(), "keywords": rows, "data": data, "memo": memo}
    TABLES.write_text(json.dumps(stored, separators=(",", ":"), ensure_ascii=False) + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    write()
