"""The reference in docs/, made from the code: `python -m pimforms.docs` writes it, a test says when it is stale."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pimforms.catalogue import catalogue
from pimforms.diagnostics import Rule
from pimforms.model.level import LEVELS
from pimforms.resolve.facts import UNITS
from pimforms.resolve.media import MEDIA
from pimforms.standards.data import data_path, read_toml, table
from pimforms.syntax.words import Keyword, read_keywords

PRINCIPLES = {
    "PF0": "Text that cannot be read",
    "PF1": "Names, lists, files",
    "PF2": "Conditions and values",
    "PF3": "Translations",
    "PF4": "Servers and phones",
    "PF5": "Scenarios",
    "PF6": "Rename maps",
    "PF9": "What pyxform and ODK Validate said",
    "PIM1": "Principle 1: people-centred and inclusive",
    "PIM2": "Principle 2: do no harm",
    "PIM3": "Principle 3: defined purpose and proportionality",
    "PIM4": "Principle 4: informed consent and confidentiality",
    "PIM5": "Principle 5: data protection and security",
    "PIM6": "Principle 6: competency and capacity",
    "PIM7": "Principle 7: impartiality",
    "PIM8": "Principle 8: coordination and collaboration",
}
WITH_EXAMPLES = ("language_intro.md", "language_conditions.md", "facts.md", "files.md")
FREE = ("sample ", "interview ")
"""Properties of free words, such as `face to face`: no example of the words of the language."""
CONDITIONED = ("when ", "must ", "calculate ", "condition ", "default ", "and ", "or ")
"""How a line begins that shows a word of conditions."""
MADE = "<!-- Made by `python -m pimforms.docs`. Change the docstrings or tables it is made from. -->"


def rules_page() -> str:
    """docs/rules.md: every code by principle, with its page."""
    parts = [
        MADE,
        "# Rules",
        "An error stops a compile; a warning does not. `waivable` errors are warnings in a `draft`.",
    ]
    rules = catalogue()
    for prefix, title in PRINCIPLES.items():
        own = [rule for rule in rules if rule.code.startswith(prefix)]
        if own:
            parts.append(f"## {title}")
            parts.extend(_rule(rule) for rule in own)
    return "\n\n".join(parts) + "\n"


def _rule(rule: Rule) -> str:
    kind = rule.severity.value + (", waivable" if rule.waivable else "")
    standard = f" {rule.standard}." if rule.standard else ""
    page = rule.page.replace("\n## ", "\n#### ")
    return f"### {rule.code} {rule.name}\n\n*{kind}.{standard}*\n\n{page}"


@dataclass(frozen=True)
class Example:
    """A piece of a form in the reference: what it stands under, what is said before it, and the text itself."""

    under: str
    number: int
    says: str
    text: str
    module: bool = False
    form: str = ""
    """The form that an example of scenarios is about."""


@cache
def examples() -> tuple[Example, ...]:
    """The examples of docs/examples.toml, then those that stand in hand-written pages."""
    rows = read_toml(data_path("docs", "examples.toml"))["example"]
    found = [
        Example(row["under"], number, row.get("says", ""), row["pim"], row.get("module", False), row.get("form", ""))
        for number, row in enumerate(rows)
    ]
    for page in WITH_EXAMPLES:
        written = data_path("docs", page).read_text(encoding="utf-8")
        found.extend(
            Example(page, n, "", text) for n, text in enumerate(re.findall(r"```pim\n(.*?)```", written, re.S))
        )
    return tuple(found)


def line_with(keyword: Keyword) -> str | None:
    """The first line of an example that shows a word: at its beginning, or for a word inside a line, outside texts."""
    word = keyword.word.replace(" ", r"\s+")
    inside = keyword.role in ("clause", "operator")
    pattern = re.compile(rf"(?<!\w){word}(?!\w)" if inside else rf"\s*{word}(?!\w)")
    for example in examples():
        for line in example.text.splitlines():
            if (inside and line.strip().startswith(FREE)) or (
                keyword.role == "operator" and not line.strip().startswith(CONDITIONED)
            ):
                continue
            if inside and pattern.search(re.sub(r'"[^"]*"', "", line), _first_word(line)):
                return " ".join(line.split())
            if not inside and pattern.match(line):
                return " ".join(line.split())
    return None


def _first_word(line: str) -> int:
    """Where the first word of a line ends, so that a property is not taken for the word inside a line."""
    found = re.match(r"\s*\w+", line)
    return found.end() if found else 0


def language_page() -> str:
    """docs/language.md: every word, from the table of keywords, with examples."""
    keywords = read_keywords()
    properties = [keyword for keyword in keywords if keyword.role == "property"]
    parts = [MADE, "# The language", _written("language_intro.md"), "## Statements"]
    parts.extend(_statement(keyword, properties) for keyword in keywords if keyword.role == "statement")
    parts.append("## Properties")
    parts.append(_table(("word", "under", "what it says", "like this"), [_property(keyword) for keyword in properties]))
    parts.append(_written("language_conditions.md"))
    parts.append("## Words inside a line")
    inner = {keyword.word: keyword for keyword in keywords if keyword.role in ("clause", "operator")}
    parts.append(_table(("word", "like this"), [(f"`{word}`", _like(keyword)) for word, keyword in inner.items()]))
    parts.extend(_closed_tables())
    return "\n\n".join(parts) + "\n"


def _written(name: str) -> str:
    return data_path("docs", name).read_text(encoding="utf-8").strip()


def _statement(keyword: Keyword, properties: Sequence[Keyword]) -> str:
    under = [one.word for one in properties if keyword.word in one.under]
    parts = [f"### `{keyword.word}`", keyword.says + (f" Closed by `end {keyword.word}`." if keyword.holds else "")]
    if under:
        parts.append(f"Under it: {', '.join(f'`{word}`' for word in under)}.")
    for example in examples():
        if example.under == keyword.word:
            parts.extend(filter(None, (example.says, f"```pim\n{example.text.strip()}\n```")))
    return "\n\n".join(parts)


def _property(keyword: Keyword) -> tuple[str, str, str, str]:
    return f"`{keyword.word}`", ", ".join(keyword.under), keyword.says, _like(keyword)


def _like(keyword: Keyword) -> str:
    line = line_with(keyword)
    return f"`{line.replace('|', chr(92) + '|')}`" if line else ""


def _closed_tables() -> list[str]:
    """What may stand where only some words may."""
    types, functions = table("types"), table("functions")
    return [
        "## Types of question",
        _table(
            ("type", "XLSForm", "answer", "`appearance`", "`parameter`"),
            [
                (f"`{n}`", f"`{r['xlsform']}`", r["value"], _codes(r.get("appearances")), _codes(r.get("parameters")))
                for n, r in types["type"].items()
            ],
        ),
        f"`appearance` of a `group`: {_codes(types['container']['group'])}.",
        f"`appearance` of a `repeat`: {_codes(types['container']['repeat'])}.",
        f"`media`: {_codes(MEDIA)}.",
        "## What `record` knows",
        "`record NAME`, or `record NAME as OWN_NAME`.",
        _table(
            ("name", "value", "`parameter`"),
            [(f"`{n}`", r["value"], _codes(r.get("parameters"))) for n, r in types["metadata"].items()],
        ),
        "## Functions",
        _table(
            ("function", "gives", "what it does"),
            [(f"`{name}({', '.join(row['takes'])})`", row["gives"], row["says"]) for name, row in functions.items()],
        ),
        "## Categories",
        "The columns of the PIM Matrix. A category supplies how long records are kept, if the form has no `keep`.",
        _table(
            ("`category`", "in the PIM Matrix", "kept", "usual level"),
            [
                (f"`{n}`", r["system"], " ".join(map(str, r["keep"])), r["level"])
                for n, r in table("categories").items()
            ],
        ),
        "## Words of facts, risks and tags",
        _table(
            ("word", "one of"),
            [
                ("`interview`, about what", _codes(table("facts")["units"])),
                ("`interview`, how", _codes(table("facts")["modes"])),
                ("`staff`", _codes(table("facts")["staff"])),
                ("`access`", _codes(table("facts")["access"])),
                ("`likelihood`, `impact`, `sensitivity`", _codes(LEVELS)),
                ("`keep`, `feedback … within`", _codes((*UNITS, *UNITS.values()))),
            ],
        ),
        *(text for title, rows in _said() for text in (title, rows)),
        "## Words of scenarios",
        _table(
            ("word", "what it says"),
            [
                *((f"`given {n}`", r["says"]) for n, r in table("scenarios")["given"].items()),
                *((f"`given … in {n}`", r["says"]) for n, r in table("scenarios")["setting"].items()),
                ("`expect outcome`", _codes(table("scenarios")["outcomes"])),
            ],
        ),
        "## Concepts",
        _table(
            ("`gives`, `by`", "level", "identifies", "HXL"),
            [
                (f"`{n}`", r["level"], r["identifies"], f"`{r['hxl']}`" if "hxl" in r else "")
                for n, r in table("concepts").items()
            ],
        ),
        "## Topics",
        _table(
            ("`topic`", "level", "spoken as", "where others may hear"),
            [
                (f"`{n}`", r["level"], r["spoken"]["en"], r.get("discreet", r["spoken"])["en"])
                for n, r in table("topics").items()
            ],
        ),
    ]


def _said() -> list[tuple[str, str]]:
    """The closed tables whose words need a word of explanation."""
    facts = table("facts")
    tables = {
        "respondent": facts["respondents"],
        "context": facts["contexts"],
        "legal basis": facts["legal_bases"],
        "harms": facts["harmed"],
        "happens": facts["happens"],
        "protect by": {name: row["says"] for name, row in table("mitigations").items()},
        "age bands": {
            name: f"{row['says']}: from {', '.join(map(str, row['starts']))} years"
            for name, row in table("age_bands").items()
        },
        "shared as": facts["shared_as"],
        "about": {word: row["says"] for word, row in facts["subjects"].items()},
        "training": facts["training"],
    }
    return [
        (f"### `{word}`", _table(("word", "what it says"), [(f"`{name}`", says) for name, says in rows.items()]))
        for word, rows in tables.items()
    ]


def _codes(words: Iterable[str] | None) -> str:
    return ", ".join(f"`{word}`" for word in words or ())


def _table(head: tuple[str, ...], rows: Sequence[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    lines.extend(f"| {' | '.join(row)} |" for row in rows)
    return "\n".join(lines)


KINDS = {"C": "rule", "F": "in the form", "D": "document", "S": "on the server", "R": "after collection"}


def principles_page() -> str:
    """docs/principles.md: each of the 83 checks of the principles, where it lives or why it waits."""
    checks = read_toml(data_path("docs", "principles.toml"))["check"]
    names = {rule.code: rule.name for rule in catalogue()}
    parts = [
        MADE,
        "# The eight principles, check by check",
        "Each principle of protection information management as things that a machine checks or a phone does. The pages "
        "of the codes are in [rules.md](rules.md); `pimforms rules PIM301` prints one.",
    ]
    for number in range(1, 9):
        own = [check for check in checks if check["id"].startswith(f"P{number}-")]
        parts.append(f"## {PRINCIPLES[f'PIM{number}']}")
        parts.append(
            _table(("", "what holds", "how", "where it lives, or why it waits"), [_check(c, names) for c in own])
        )
    return "\n\n".join(parts) + "\n"


def _check(check: dict[str, Any], names: dict[str, str]) -> tuple[str, str, str, str]:
    lives = ", ".join(f"`{code}` {names.get(code, '')}" for code in check["codes"])
    where = ". ".join(filter(None, (lives, check.get("waits", ""))))
    return check["id"], check["what"], ", ".join(KINDS[kind] for kind in check["kind"]), where


def changes_page() -> str:
    """docs/changes.md: every kind of change that `pimforms diff` knows, and why it is of its kind."""
    from pimforms.compare.told import HEADINGS

    parts = [
        MADE,
        "# What `pimforms diff` tells apart",
        "Every change that it can report, by kind. The codes stand in its JSON. See [diff.md](diff.md).",
    ]
    for kind, (heading, means) in HEADINGS.items():
        rows = [(f"`{n}`", row["why"]) for n, row in table("changes")["change"].items() if row["kind"] == kind]
        parts += [f"## {heading}: {means}", _table(("change", "what it means"), rows)]
    return "\n\n".join(parts) + "\n"


PAGES = {
    "rules.md": rules_page,
    "language.md": language_page,
    "principles.md": principles_page,
    "changes.md": changes_page,
}


def write(folder: Path) -> None:
    """Writes the pages into a folder, with `\\n` line ends."""
    for name, page in PAGES.items():
        (folder / name).write_text(page(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    write(data_path("docs"))
