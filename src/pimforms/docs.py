"""The reference in docs/, made from the code: `python -m pimforms.docs` writes it, a test says when it is stale."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pimforms.catalogue import catalogue
from pimforms.diagnostics import Rule
from pimforms.standards.data import data_path, table
from pimforms.syntax.words import Keyword, read_keywords

PRINCIPLES = {
    "PF0": "Text that cannot be read",
    "PF1": "Names, lists, files",
    "PF2": "Conditions and values",
    "PF3": "Translations",
    "PF4": "Servers and phones",
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


def language_page() -> str:
    """docs/language.md: every word, from the table of keywords."""
    keywords = read_keywords()
    statements = [keyword for keyword in keywords if keyword.role == "statement"]
    properties = [keyword for keyword in keywords if keyword.role == "property"]
    parts = [
        MADE,
        "# The language",
        (data_path("docs", "language_intro.md")).read_text(encoding="utf-8").strip(),
        "## Statements",
    ]
    for keyword in statements:
        under = [one.word for one in properties if keyword.word in one.under]
        closed = f" Closed by `end {keyword.word}`." if keyword.holds else ""
        own = f"\n\nUnder it: {', '.join(f'`{word}`' for word in under)}." if under else ""
        parts.append(f"### `{keyword.word}`\n\n{keyword.says}{closed}{own}")
    parts.append("## Properties")
    parts.append(_table(("word", "under", "what it says"), [_property(keyword) for keyword in properties]))
    parts.append("## Words inside a line")
    inner = [keyword for keyword in keywords if keyword.role in ("clause", "operator")]
    parts.append(", ".join(dict.fromkeys(f"`{keyword.word}`" for keyword in inner)) + ".")
    parts.append("## Types of question")
    types = table("types")["type"]
    parts.append(
        _table(("type", "XLSForm", "answer"), [(f"`{n}`", f"`{r['xlsform']}`", r["value"]) for n, r in types.items()])
    )
    parts.append("## Functions")
    functions = table("functions")
    rows = [(f"`{name}({', '.join(row['takes'])})`", row["gives"], row["says"]) for name, row in functions.items()]
    parts.append(_table(("function", "gives", "what it does"), rows))
    parts.append("## Concepts")
    concepts = table("concepts")
    described = [
        (f"`{name}`", row["level"], row["identifies"], f"`{row['hxl']}`" if "hxl" in row else "")
        for name, row in concepts.items()
    ]
    parts.append(_table(("`gives`, `by`", "level", "identifies", "HXL"), described))
    parts.append("## Topics")
    parts.append(
        _table(
            ("topic", "level", "spoken as"),
            [(f"`{n}`", r["level"], r["spoken"]["en"]) for n, r in table("topics").items()],
        )
    )
    return "\n\n".join(parts) + "\n"


def _property(keyword: Keyword) -> tuple[str, str, str]:
    return f"`{keyword.word}`", ", ".join(keyword.under), keyword.says


def _table(head: tuple[str, ...], rows: Sequence[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    lines.extend(f"| {' | '.join(row)} |" for row in rows)
    return "\n".join(lines)


PAGES = {"rules.md": rules_page, "language.md": language_page}


def write(folder: Path) -> None:
    """Writes the pages into a folder, with `\\n` line ends."""
    for name, page in PAGES.items():
        (folder / name).write_text(page(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    write(data_path("docs"))
