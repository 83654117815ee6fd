"""The keywords, from `grammar/keywords.toml`, and the grammar terminals made from them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pimforms.standards.data import data_path, read_toml


@dataclass(frozen=True, slots=True)
class Keyword:
    word: str
    terminal: str
    role: str
    under: tuple[str, ...] = ()
    holds: bool = False
    repeats: bool = False
    near: tuple[str, ...] = ()
    says: str = ""


def read_keywords() -> tuple[Keyword, ...]:
    rows = read_toml(data_path("grammar", "keywords.toml"))["keyword"]
    return tuple(
        Keyword(
            row["word"],
            row["terminal"],
            row["role"],
            tuple(row.get("under", ())),
            row.get("holds", False),
            row.get("repeats", False),
            tuple(row.get("near", ())),
            row.get("says", ""),
        )
        for row in rows
    )


def terminals(keywords: tuple[Keyword, ...]) -> str:
    """The terminals of the keywords, in Lark's notation.

    A single word stays a string, which Lark finds with the pattern of names, so that `asking` is not `ask` + `ing`.
    """
    spellings: dict[str, list[str]] = {}
    for keyword in keywords:
        spellings.setdefault(keyword.terminal, []).extend((keyword.word, *keyword.near))
    lines = []
    for terminal, words in spellings.items():
        if len(words) == 1 and " " not in words[0]:
            lines.append(f'{terminal}: "{words[0]}"')
        else:
            patterns = [r"[ \t]+".join(map(re.escape, word.split())) for word in sorted(words, key=len, reverse=True)]
            lines.append(f"{terminal}.3: /(?:{'|'.join(patterns)})\\b/")
    return "\n".join(lines)
