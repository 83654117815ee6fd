"""Every operator and function of the language, read from its grammar and its table of functions, and those a text uses.

A phrase is what an author writes, without what stands between: `is not one of`, `sum of in where`, `years from to`, `<=`,
`round()`. What stands in a `must` begins with that word: `must at least`. What has no words of its own has the name that
the grammar gives it: `date_value`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import product
from typing import Any

from pimforms.standards.data import data_path, table
from pimforms.syntax.tables import terminals
from pimforms.syntax.words import read_keywords

_SILENT = {"_BE", "MUST", "LPAR", "RPAR", "COMMA", "NAME", "NUMBER", "STRING", "DATE"}
"""Terminals that say nothing by themselves, or hold whatever the author writes."""
_NAMED = {"minus": "minus", "atom": "brackets"}
"""Rules without words, or with those of another one."""


@lru_cache(maxsize=1)
def _lark() -> Any:
    from lark import Lark

    grammar = data_path("grammar", "pimforms.lark").read_text(encoding="utf-8")
    grammar = grammar.replace("\nUNEQUAL:", "\nUNEQUAL.1:")  # Lark alone would take `<>` for `<`; our machine does not
    return Lark(
        f"{grammar}\n{terminals(read_keywords())}\n",
        parser="lalr", lexer="contextual", maybe_placeholders=False, keep_all_tokens=True,
    )  # fmt: skip


@lru_cache(maxsize=1)
def _spellings() -> dict[str, list[str]]:
    """How each terminal may be written; what people type instead of a keyword is not counted."""
    found = {terminal.name: _alternatives(terminal.pattern.to_regexp()) for terminal in _lark().terminals}
    keywords: dict[str, list[str]] = {}
    for keyword in read_keywords():
        keywords.setdefault(keyword.terminal, []).append(keyword.word)
    return found | keywords


def _alternatives(pattern: str) -> list[str]:
    return re.findall(r"[^|()?:\\]+", pattern.replace("\\b", ""))


def _phrase(rule: str, words: Iterable[str]) -> str:
    if rule in _NAMED:
        return _NAMED[rule]
    text = " ".join(dict.fromkeys(words))
    in_must = rule == "bound" or rule.startswith("must")
    return f"must {text}".strip() if in_must else text or rule


def phrases() -> dict[str, None]:
    """Every phrase of the language."""
    rules: dict[str, list[Any]] = {}
    for rule in _lark().rules:
        rules.setdefault(rule.origin.name, []).append(rule)
    reached: dict[str, None] = {}
    waiting = ["expression", "must"]
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached[name] = None
            waiting.extend(symbol.name for rule in rules[name] for symbol in rule.expansion if not symbol.is_term)
    found: dict[str, None] = {}
    for name in reached:
        if name.startswith("_"):
            continue  # a list; looked at where it stands
        for rule in rules[name]:
            if not rule.alias and len(rule.expansion) == 1 and not rule.expansion[0].is_term:
                continue  # passes on what another rule says
            for words in product(*_choices(rule.expansion, rules)):
                found[_phrase(rule.alias or name, (word for word in words if word))] = None
    found.pop("call")
    for nothing in ("must", "name", "string"):
        found.pop(nothing, None)
    return found | {f"{name}()": None for name in table("functions")}


def _choices(expansion: Iterable[Any], rules: dict[str, list[Any]]) -> Iterator[list[str]]:
    for symbol in expansion:
        if symbol.is_term:
            yield [""] if symbol.name in _SILENT else _spellings()[symbol.name]
        elif symbol.name.startswith("__"):
            # `(_AND both)+`: once is enough.
            yield from _choices(min((rule.expansion for rule in rules[symbol.name]), key=len), rules)


def used(lines: Iterable[str]) -> list[set[str]]:
    """The phrases of each line. A line is a whole statement or property."""
    given = list(lines)
    tree = _lark().parse("\n".join(given) + "\n")
    found: list[set[str]] = [set() for _ in given]
    for node in tree.iter_subtrees():
        tokens = [child for child in node.children if not hasattr(child, "data")]
        if not tokens:
            continue
        line = tokens[0].line - 1
        words = [str(token) for token in tokens if token.type not in _SILENT]
        found[line].add(_phrase(str(node.data), words))
        names = [str(token) for token in tokens if token.type == "NAME"]
        if node.data in ("call", "name_value") and names and names[0] in table("functions"):
            found[line].add(f"{names[0]}()")
    return found
