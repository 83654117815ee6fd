"""The parse table, made by Lark from the grammar and kept in `tables.json`.

Building LALR tables costs half a second, reading them a few milliseconds. `python -m pimforms.syntax.tables` writes them
anew; a checksum tells when they are stale, and then they are built in memory, so that an edited grammar works at once.
"""

from __future__ import annotations

import json
import zlib
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import Any

from pimforms.standards.data import data_path
from pimforms.syntax.machine import END, Lexicon, Production, Table, spelled
from pimforms.syntax.words import Keyword, Vocabulary, read_keywords

TABLES = Path(__file__).with_name("tables.json")
_FILES = ("pimforms.lark", "keywords.toml")


def checksum() -> int:
    """Of the grammar and the keywords, with `\\n` line ends, so that a checkout on Windows gives the same."""
    return zlib.crc32("\0".join(data_path("grammar", name).read_text(encoding="utf-8") for name in _FILES).encode())


@lru_cache(maxsize=1)
def keywords() -> tuple[Keyword, ...]:
    """Every word of the language, in the order of keywords.toml."""
    return tuple(
        Keyword(**{**row, "under": tuple(row["under"]), "near": tuple(row["near"])}) for row in _stored()["keywords"]
    )


@lru_cache(maxsize=1)
def vocabulary() -> Vocabulary:
    return Vocabulary(keywords())


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """The parse table with its patterns compiled."""
    stored = _stored()
    productions = tuple(
        Production(origin, size, how, method, None if keep is None else tuple(keep), tuple(splice))
        for origin, size, how, method, keep, splice in stored["productions"]
    )
    return Lexicon(
        Table(stored["rows"], stored["start"], productions, stored["patterns"], stored["ignored"]), keywords()
    )


@lru_cache(maxsize=1)
def _stored() -> dict[str, Any]:
    try:
        stored: dict[str, Any] = json.loads(TABLES.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return build()
    return stored if stored.get("checksum") == checksum() else build()


def terminals(words: tuple[Keyword, ...]) -> str:
    """The terminals of the keywords, in Lark's notation. A terminal may have several spellings."""
    spellings: dict[str, list[str]] = {}
    for keyword in words:
        spellings.setdefault(keyword.terminal, []).extend((keyword.word, *keyword.near))
    return "\n".join(
        f"{terminal}.3: /(?:{'|'.join(map(spelled, sorted(several, key=len, reverse=True)))})\\b/"
        for terminal, several in spellings.items()
    )


def build() -> dict[str, Any]:
    """The table as plain data, from the grammar and the keywords."""
    from lark import Lark

    words = read_keywords()
    grammar = data_path("grammar", "pimforms.lark").read_text(encoding="utf-8")
    lark: Any = Lark(f"{grammar}\n{terminals(words)}\n", parser="lalr", lexer="contextual", maybe_placeholders=False)
    made = lark.parser.parser._parse_table
    transparent = _transparent(lark.rules)
    of_rule = {rule: _production(rule, transparent) for rule in lark.rules}
    productions = sorted(set(of_rule.values()), key=repr)
    index = {production: i for i, production in enumerate(productions)}
    patterns = {terminal.name: terminal.pattern.to_regexp() for terminal in lark.terminals}
    for keyword in words:
        patterns.pop(keyword.terminal, None)
    ignored = [patterns.pop(name) for name in lark.ignore_tokens if name != "_CONTINUED"]
    return {
        "checksum": checksum(),
        "keywords": [asdict(keyword) for keyword in words],
        "start": 0,
        "rows": _rows(made, {rule: index[of_rule[rule]] for rule in lark.rules}),
        "productions": productions,
        "patterns": dict(sorted(patterns.items())),
        "ignored": "|".join(ignored),
    }


def _rows(made: Any, index: dict[Any, int]) -> list[dict[str, int]]:
    """Lark's states, numbered in the order in which they are reached, so that the same grammar gives the same file."""
    first, last = made.start_states["start"], made.end_states["start"]
    numbers, order = {first: 0}, [first]
    for state in order:
        for _, (action, target) in sorted(made.states[state].items()):
            if action.name == "Shift" and target not in numbers:
                numbers[target] = len(order)
                order.append(target)
    rows = [
        {
            symbol: numbers[target] if action.name == "Shift" else ~index[target]
            for symbol, (action, target) in sorted(made.states[state].items())
        }
        for state in order
    ]
    rows[numbers[last]][END] = 0
    return rows


def _kept(rule: Any) -> list[int]:
    return [i for i, symbol in enumerate(rule.expansion) if not (symbol.is_term and symbol.filter_out)]


def _transparent(rules: list[Any]) -> set[str]:
    """Rules named `_x` that always have one child, which is no list itself: they stand for that child."""
    inlined = {rule.origin.name for rule in rules if rule.origin.name.startswith("_")}
    return {
        name
        for name in inlined
        if all(
            len(_kept(rule)) == 1 and rule.expansion[_kept(rule)[0]].name not in inlined
            for rule in rules
            if rule.origin.name == name
        )
    }


def _production(rule: Any, transparent: set[str]) -> tuple[Any, ...]:
    """One rule of Lark's as the machine wants it: origin, size, how, method, keep, splice."""
    origin, kept = rule.origin.name, tuple(_kept(rule))
    symbols = [rule.expansion[i] for i in kept]
    inlined = (s for s in enumerate(symbols) if not s[1].is_term and s[1].name.startswith("_"))
    splice = tuple(i for i, symbol in inlined if symbol.name not in transparent)
    if origin in transparent or (rule.options.expand1 and not rule.alias and len(kept) == 1 and not splice):
        how, method = "pass", ""
    elif origin.startswith("_"):
        how, method = "list", ""
    else:
        assert rule.alias or not rule.options.expand1, (
            f"`{origin}` has a rule with several children and no name (-> NAME)"
        )
        how, method = "call", rule.alias or origin
    return origin, len(rule.expansion), how, method, None if len(kept) == len(rule.expansion) else kept, splice


def write() -> None:
    """Writes `tables.json` from the grammar and the keywords."""
    TABLES.write_text(
        json.dumps(build(), separators=(",", ":"), ensure_ascii=False) + "\n", encoding="utf-8", newline="\n"
    )


if __name__ == "__main__":
    write()
